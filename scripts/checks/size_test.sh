#!/bin/sh
# size.sh accepts what is at the limit and what is excused, and names what is over it.
set -eu
checks=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/stack"

# lines COUNT TEXT
lines() {
    awk -v count="$1" -v text="$2" 'BEGIN { while (count-- > 0) print text }'
}

# a function of COUNT lines in all
function_of() {
    printf 'static void f(void)\n{\n'
    lines $(($1 - 3)) '    g();'
    printf '}\n'
}

expect() {
    verdict=$1
    name=$2
    cat >"$tree/stack/a.c"
    if sh "$checks/size.sh" "$tree" >/dev/null; then got=good; else got=bad; fi
    if [ "$got" != "$verdict" ]; then
        echo "$name: $got, expected $verdict"
        exit 1
    fi
}

function_of 70 | expect good "a function of 70 lines"
function_of 71 | expect bad "a function of 71 lines"
lines 400 'int x;' | expect good "a file of 400 lines"
lines 401 'int x;' | expect bad "a file of 401 lines"
{
    echo '/* A table. Long because it is one. */'
    lines 400 'int x;'
} | expect good "an excused file"
{
    echo '/* A table. */'
    lines 400 '/* Long because of a later comment. */'
} | expect bad "a file excused too late"
