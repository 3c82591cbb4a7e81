#!/usr/bin/env bash
# finwait states and finwait ladder --svg, from outside.
#   drawings_test.sh FINWAIT
set -euo pipefail
finwait=$1
requirements=$(cd "$(dirname "$0")/../../../corpus/requirements" && pwd -P)
. "$(dirname "$0")/expect.sh"
mkdir scripts
for name in a b c d e f g h i; do good_script >scripts/$name.pkt; done

# is_svg FILE: well-formed, and, where it can be drawn, drawn.
is_svg() {
    if command -v xmllint >/dev/null; then
        xmllint --noout "$1" || fail "$1 is no XML"
    fi
    if command -v rsvg-convert >/dev/null; then
        rsvg-convert "$1" -o drawn.png || fail "$1 cannot be drawn"
        [ -s drawn.png ] || fail "nothing was drawn of $1"
    fi
}

# Counts come back from every process, and do not depend on how many there are.
for jobs in 0 1 4; do
    expect 0 '^18 runs, 54 changes of state, 3 of 29 legal ones taken$' '' states -j $jobs scripts
    cp out states.$jobs
    same "states -j $jobs" states.0 states.$jobs
done
grep -q '^  TIME-WAIT    -> CLOSED$' out || fail "an edge never taken is not listed"
expect 0 '^\{"type":"edge","from":"CLOSED","to":"LISTEN","legal":true,"taken":18\}$' '' \
    states --json scripts
grep -q '"legal":29,"taken":3,' out || fail "states --json: not 3 of 29"
expect 0 '' '' states --svg states.svg scripts && is_svg states.svg
expect 0 '^<svg ' '' states --svg - scripts
expect 0 '\+----' '' states --ascii scripts
LC_ALL=C grep -q '[^ -~]' out && fail "--ascii is not ASCII"
bad_script >fails.pkt
expect 1 '^20 runs' '^fails.pkt: failed: ' states scripts fails.pkt
expect 3 '' '^finwait states: cannot write /dev/full: No space left' states --svg /dev/full scripts
expect 3 '' '^finwait states: cannot write gone/x.svg: No such file' states --svg gone/x.svg scripts

expect 0 '' '' ladder --svg ladder.svg scripts/a.pkt && is_svg ladder.svg
grep -q 'LISTEN → SYN-RECEIVED' ladder.svg || fail "the ladder lacks a change of state"
expect 2 '' 'draws one run' ladder --svg ladder.svg scripts
expect 2 '' 'draws one run' ladder --svg ladder.svg --ip both scripts/a.pkt
expect 3 '' 'cannot write /dev/full: No space left' ladder --svg /dev/full scripts/a.pkt

# What a program reads stands alone on standard output.
expect 1 '^<svg ' '^level +count' matrix --svg - --requirements "$requirements" scripts
[ "$(head -c 4 out)" = '<svg' ] || fail "matrix --svg -: no SVG begins"
expect 2 '' '--md - and --html - both want standard output' matrix --md - --html - scripts
end
