# Shared by the purity tests, which set: here (this folder), stack (the stack's folder), list (a file
# that names its sources), work (a folder to work in).

# True while RESULT is missing or older than a source, a header or one of these scripts.
is_stale() {
    [ ! -e "$1" ] || [ "$list" -nt "$1" ] ||
        [ -n "$(find "$stack" -name tests -prune -o -name '*.[ch]' -newer "$1" -print)" ] ||
        [ -n "$(find "$here" -name '*.sh' -newer "$1" -print)" ]
}

# compile_all COMPILER FLAG...: every listed source to $work/<number>.o, as the library compiles it
# but without sanitizers. Numbered, because two folders may have files of one name.
compile_all() {
    rm -rf "$work"
    mkdir -p "$work"
    flags="-std=c11 -Wvla -Werror -fno-strict-aliasing -fno-stack-protector -fno-common
        -I$stack -I$stack/include"
    export flags work
    command="$*"
    export command
    grep '\.c$' "$list" | awk '{ printf "%s\n%03d\n", $0, NR }' |
        xargs -n 2 -P "$(nproc)" sh -c '$command $flags -c "$0" -o "$work/$1.o"'
}
