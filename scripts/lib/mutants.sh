# Where mutants are built and run. Each worker has a copy of the tree and a build of its own, made once;
# the stack is a shared library there, so that a changed file costs one compilation and one link, and no
# program is linked anew. Used by scripts/mutants, which sets $root, $texts, $scratch and $jobs.

script_seconds=5  # a script takes milliseconds; one that takes this long hangs
corpus_seconds=90 # all of them
test_seconds=20   # a unit test takes up to a second
build_seconds=300
memory_kib=4000000 # what runs away must not take the machine with it
parts=(CMakeLists.txt stack harness fuzz corpus scripts)
unbroken=$scratch/unbroken
programs=(finwait) # what is held against a mutant; see also unit_programs
unit_programs=(stack/tests/all harness/tests/sut/all harness/tests/run/all test_harness_random_traffic)

# The checkout as it is now; it may change while this runs.
take_checkout() {
    perl "$texts" sync "$root" "$unbroken" "${parts[@]}"
}

# ---- a worker -------------------------------------------------------------------------------------

use_worker() {
    room=$scratch/worker$1
    source=$room/source
    build=$room/build
    finwait=$build/harness/cli/finwait
    mkdir -p "$room"
    export CCACHE_BASEDIR=$room # what one worker has compiled the other finds, where there is ccache
    ulimit -c 0 -v "$memory_kib"
}

refresh() {
    perl "$texts" sync "$unbroken" "$source" "${parts[@]}"
}

# Types are errors as they are in every build, other warnings are not.
configure() {
    if [ -e "$build/CMakeCache.txt" ]; then
        return
    fi
    local launcher=()
    if type -P ccache >/dev/null; then
        launcher=(-DCMAKE_C_COMPILER_LAUNCHER=ccache)
    fi
    (cd "$room" && cmake -G "$(generator_here)" -S source -B build -DCMAKE_BUILD_TYPE=None \
        -DCMAKE_C_COMPILER=gcc "${launcher[@]}" -DBUILD_SHARED_LIBS=ON \
        -DCMAKE_LINK_DEPENDS_NO_SHARED=ON \
        -DCMAKE_C_FLAGS="-O2 -Werror=int-conversion -Werror=incompatible-pointer-types" \
        -DFINWAIT_WARNINGS_ARE_ERRORS=OFF -DFINWAIT_TREE_TESTS=OFF -DFINWAIT_TESTS=ON) \
        >"$room/configure.log" 2>&1 || {
        cat "$room/configure.log" >&2
        fail "configuring the scratch copy failed"
    }
}

# build_target SECONDS TARGET...
build_target() {
    local seconds=$1
    shift
    timeout "$seconds" cmake --build "$build" --parallel 1 --target "$@" >"$room/build.log" 2>&1
}

# build_for FILE: what is to be built when FILE has changed. A header may be part of any program.
build_for() {
    build_target "$build_seconds" finwait_stack || return
    [[ $1 != *.h ]] || build_target "$build_seconds" "${programs[@]}"
}

library() {
    sha256sum <"$build/stack/libfinwait_stack.so"
}

# A copy like the checkout, built, in which nothing fails.
prepare_worker() {
    use_worker "$1"
    refresh
    configure
    [ -e "$build/build.ninja" ] || programs=(all) # make knows no folders as targets
    build_target 0 "${programs[@]}" || {
        tail -n 20 "$room/build.log" >&2
        fail "the tree does not build unbroken"
    }
    if run_scripts corpus; then
        fail "a script fails although nothing is broken: $where: $how"
    fi
    library >"$room/library"
}

# ---- running --------------------------------------------------------------------------------------

# run_scripts PATH...: the first script that does not pass goes to $where and $how; false: all pass.
# A finwait that does not even report counts as broken.
run_scripts() {
    local report=$room/report.json code=0
    (cd "$source" && timeout "$corpus_seconds" "$finwait" run --jobs 1 --ip both --json --fail-fast \
        --timeout "$script_seconds" "$@") >"$report" 2>"$room/report.err" || code=$?
    if [ "$code" = 0 ]; then
        return 1
    fi
    first_failure "$report" "$code"
}

first_failure() {
    local report=$1 code=$2 line
    line=$(grep '"type":"run"' "$report" | grep -v '"verdict":"\(passed\|skipped\)"' | head -n 1 || true)
    if [ -n "$line" ]; then
        where=$(sed -E 's/.*"script":"([^"]*)".*"line":([0-9]+|null).*/\1:\2/; s/:null$//' <<<"$line")
        how=$(sed -E 's/.*"summary":"(([^"\\]|\\.)*)".*/\1/' <<<"$line" | cut -c 1-90)
    elif [ "$code" = 124 ]; then
        where="(the corpus)"
        how="hang"
    else
        where="(the command)"
        how="exit code $code"
    fi
    how=$(tr '\t\n' '  ' <<<"${how:-no summary}")
}

# run_oracle ID: the first script in which this oracle fires, whatever the scripts expect, goes to
# $where; false: it is silent.
run_oracle() {
    local report=$room/report.json
    (cd "$source" && timeout "$corpus_seconds" "$finwait" run --jobs 1 --ip both --json \
        --oracles "$1" --timeout "$script_seconds" corpus) >"$report" 2>"$room/report.err" || true
    grep '"type":"run"' "$report" | grep "\"summary\":\"finding: $1 " >"$room/oracle.json" || return 1
    first_failure "$room/oracle.json" 1
}

# run_tests PROGRAM...: the first unit test that fails goes to $where; false: all pass.
run_tests() {
    local program code
    for program in "$@"; do
        code=0
        { (cd "$source" && timeout "$test_seconds" "$program") >"$room/test.log" 2>&1; } \
            2>/dev/null || code=$?
        if [ "$code" != 0 ]; then
            where=${program##*/}
            how="unit test"
            [ "$code" != 124 ] || how="unit test hangs"
            return 0
        fi
    done
    return 1
}

# The unit tests of a folder of the stack; of all others; of what drives the stack in the harness.
tests_of_folder() {
    compgen -G "$build/stack/tests/$1/test_stack_*" || true
}

tests_of_others() {
    compgen -G "$build/stack/tests/*/test_stack_*" | grep -v "/tests/$1/" || true
    compgen -G "$build/harness/tests/sut/test_harness_*" || true
    compgen -G "$build/harness/tests/run/test_harness_*" || true
    compgen -G "$build/harness/tests/oracle/test_harness_random_traffic" || true
}

# ---- many workers ---------------------------------------------------------------------------------

workers=() # process groups

# run_workers FUNCTION: once for each worker, with its number, all at the same time. Each is a group of its
# own, so that a signal to this script ends what it has started (stop_workers), and holds no lock of it.
run_workers() {
    local number pid code=0
    set -m
    for ((number = 0; number < jobs; number++)); do
        (exec {lock}>&-; "$1" "$number") &
        workers+=($!)
    done
    set +m
    for pid in "${workers[@]}"; do
        wait "$pid" || code=$?
    done
    workers=()
    return "$code"
}

stop_workers() {
    local pid
    for pid in ${workers[@]+"${workers[@]}"}; do
        kill -- "-$pid" 2>/dev/null || true
    done
    wait
}

# The lines of a file that fall to a worker: file by file in runs, so that both seldom build the same.
share_of() {
    awk -v jobs="$jobs" -v me="$1" 'NR % jobs == me' "$2"
}

# put_row FILE HEADER ROW: in place of the row that begins with the same ID, in order; of rows without a
# knock-out of their name none stays. One worker at a time.
put_row() {
    local file=$1 header=$2 new=$3 id=${3%%$'\t'*}
    (
        flock 8
        {
            printf '%s\n' "$header"
            {
                [ ! -e "$file" ] || awk -F'\t' -v id="$id" 'NR > 1 && $1 != id' "$file"
                printf '%s\n' "$new"
            } | while IFS= read -r row; do
                [ ! -e "$folder/${row%%$'\t'*}.mutant" ] || printf '%s\n' "$row"
            done | LC_ALL=C sort
        } >"$scratch/rows.tsv"
        cp "$scratch/rows.tsv" "$file"
    ) 8>"$scratch/rows.lock"
}
