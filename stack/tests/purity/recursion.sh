#!/bin/sh
# No function of the stack reaches itself: gcc writes down who calls whom (-fcallgraph-info), and the
# graph over all files must have no cycle. Calls through a pointer are not followed. can_fail.sh
# shows a cycle being noticed.
#   recursion.sh STACK LIST WORK COMPILER
set -eu
here=$(cd "$(dirname "$0")" && pwd)
stack=$1 list=$2 work=$3
shift 3
. "$here/compile.sh"

if ! is_stale "$work/clean"; then
    exit 0
fi
compile_all "$@" -O0 -fcallgraph-info
# An edge reads: edge: { sourcename: "a.c:f" targetname: "g" label: "..." }; static functions carry
# their file, so names are kept as they are.
cat "$work"/*.ci | awk -F'"' '
    /^edge:/ && $4 != "__indirect_call" && !(($2, $4) in seen) {
        seen[$2, $4] = 1
        callees[$2] = callees[$2] "\n" $4
        calls++
    }
    # Depth first; colour 1 is on the path from the root, 2 is done.
    function visit(f, path,   list, n, i) {
        colour[f] = 1
        n = split(substr(callees[f], 2), list, "\n")
        for (i = 1; i <= n; i++) {
            if (colour[list[i]] == 1) {
                print "recursion: " path " -> " list[i]
                bad = 1
            } else if (colour[list[i]] == 0 && list[i] in callees) {
                visit(list[i], path " -> " list[i])
            }
        }
        colour[f] = 2
    }
    END {
        if (calls == 0) { print "no calls found: wrong list?"; exit 1 }
        for (f in callees) if (colour[f] == 0) visit(f, f)
        exit bad
    }'
touch "$work/clean"
