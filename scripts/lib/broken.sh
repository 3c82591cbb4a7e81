# A copy of the tree, broken by one knock-out after the other, with a `finwait` that holds the stack within
# it. Used by scripts/sim-mutants and scripts/audit-mutants, which set $root and $scratch.
. "$root/scripts/lib/build.sh"

source=$scratch/source
unbroken=$scratch/unbroken # the tree as it was when this began
finwait=$scratch/build/harness/cli/finwait

broken_begin() {
    local parts=(CMakeLists.txt stack harness fuzz corpus/CMakeLists.txt corpus/mutants scripts)
    mkdir -p "$unbroken" "$source"
    perl "$root/scripts/lib/mutants.pl" sync "$root" "$unbroken" "${parts[@]}"
    perl "$root/scripts/lib/mutants.pl" sync "$unbroken" "$source" "${parts[@]}"
    [ -f "$scratch/build/CMakeCache.txt" ] ||
        cmake -S "$source" -B "$scratch/build" -G "$(generator_here)" -DCMAKE_BUILD_TYPE=Release \
            -DFINWAIT_WARNINGS_ARE_ERRORS=OFF -DFINWAIT_TESTS=OFF >"$scratch/build.log" 2>&1 ||
        fail "configuring the scratch copy failed: $scratch/build.log"
}

broken_build() {
    cmake --build "$scratch/build" --target finwait >"$scratch/build.log" 2>&1
}

# broken_apply MUTANT: false when that does not build.
broken_apply() {
    perl "$root/scripts/lib/mutants.pl" apply "$source" "$1" && broken_build
}

broken_mend() {
    local file
    file=$(field file "$1")
    cp "$unbroken/$file" "$source/$file"
}

field() {
    perl "$root/scripts/lib/mutants.pl" field "$1" "$2"
}

# is_chosen ID ORACLES... -- WANTED...: with nothing wanted, all are.
is_chosen() {
    local wanted=0 name known=" "
    for name in "$@"; do
        if [ "$name" = -- ]; then
            wanted=1
        elif [ "$wanted" = 0 ]; then
            known+="$name "
        elif [[ "$known" == *" $name "* ]]; then
            return 0
        else
            wanted=2
        fi
    done
    [ "$wanted" = 1 ]
}
