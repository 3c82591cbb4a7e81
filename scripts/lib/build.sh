# Configuring and building a preset of CMakePresets.json in build/<preset>. Nothing is said when
# there is nothing to do; a build that fails shows what the compiler said.

# The folder from which a build was configured, from its cache.
configured_from() {
    sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$1/CMakeCache.txt"
}

# CMake's name for what builds: ninja where there is one.
generator_here() {
    type -P ninja >/dev/null && echo Ninja || echo "Unix Makefiles"
}

# A build that was never finished configuring, or that moved together with the checkout, starts anew; one
# whose presets have changed since is configured again.
configure_preset() {
    local preset=$1 folder=$root/build/$1
    if [ -e "$folder/build.ninja" ] || [ -e "$folder/Makefile" ]; then
        if [ "$(configured_from "$folder")" != "$root" ]; then
            rm -rf "$folder"
        elif cmp -s "$root/CMakePresets.json" "$folder/configured-by.json"; then
            return
        fi
    else
        rm -rf "$folder"
    fi
    say "configuring $preset"
    local generator=()
    if [ ! -e "$folder" ]; then
        generator=(-G "$(generator_here)")
    fi
    (cd "$root" && cmake ${generator[@]+"${generator[@]}"} --preset "$preset") >&2 || fail "configuring $preset failed"
    cp "$root/CMakePresets.json" "$folder/configured-by.json"
}

# build_preset PRESET [CMAKE-BUILD-OPTION...]
build_preset() {
    local preset=$1 folder=$root/build/$1
    shift
    configure_preset "$preset"
    if ! cmake --build "$folder" --parallel "$(nproc)" "$@" >"$folder/build.log" 2>&1; then
        cat "$folder/build.log" >&2
        fail "building $preset failed (its messages are above)"
    fi
}
