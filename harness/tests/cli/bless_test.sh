#!/usr/bin/env bash
# finwait bless from outside: lines of packets come back when they are taken out or wrong, and nothing
# else in a script changes.
#   bless_test.sh FINWAIT CORPUS
set -euo pipefail
finwait=$1 corpus=$2
. "$(dirname "$0")/expect.sh"

# The whole corpus without the packets that answer at once, but for SYNs, whose lines give names.
cp -r "$corpus" scripts
grep -rlZ '^--values' scripts | xargs -0 -I{} mv {} {}.kept # these are left as they are
find scripts -name '*.pkt' -print0 | xargs -0 sed -i -E '/^\+0  *> [^S{}]*$/d'
expect 1 '*' '*' run --quiet scripts
expect 1 '^\+\+0    > ' '*' bless scripts
expect 0 '*' '*' bless --write scripts
expect 0 '^[0-9]+ passed, 0 failed, 0 skipped$' '' run --quiet scripts
expect 0 '' '' bless scripts
"$finwait" fmt --check scripts >out || fail "bless leaves the canonical layout"
find scripts -name '*.kept' | while IFS= read -r kept; do
    cp "$kept" "${kept%.kept}"
    sed -i -E '/^\+0  *> [^S{}]*$/d' "${kept%.kept}"
    expect 1 '' 'several values' bless "${kept%.kept}"
done
# But for lines of packets, tags and the paragraphs around them, the scripts are as they were.
plain() { (cd "$1" && find . -name '*.pkt' | sort | xargs grep -vhE '^\+0  *> [^S{}]*$|^req |^$'); }
plain scripts >after
plain "$corpus" >before
same "causes and comments" before after

# A packet that is late, one that says something else, one too many and one that is missing.
cat >one.pkt <<'END'
// A word about it.
req MUST-10
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 bind(3, ..., ...) = 0
+0 listen(3, 1) = 0
+0 < S 0:0(0) win 65535 <mss 1000>
+.3 > S. 0:0(0) ack 1 <...>  // late
+0 > . 1:1(0) ack 1  // too many
+.1 < . 1:1(0) ack 1 win 65535
+0 accept(3, ..., ...) = 4

+0 write(4, ..., 1000) = 1000
+0 > P. 1:1001(1000) ack 7  // wrong
+.5 < . 1:1(0) ack 1001
+0 write(4, ..., 10) = 10
+0 close(4) = 0
+0 > F. 1011:1011(0) ack 1
END
cat >expected <<'END'
// A word about it.
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 bind(3, ..., ...) = 0
+0 listen(3, 1) = 0
+0 < S 0:0(0) win 65535 <mss 1000>
+0 > S. 0:0(0) ack 1 <...>  // late
  // too many
+0.4 < . 1:1(0) ack 1 win 65535
+0 accept(3, ..., ...) = 4

+0 write(4, ..., 1000) = 1000
+0 > P. 1:1001(1000) ack 1 win 65535  // wrong
+.5 < . 1:1(0) ack 1001
+0 write(4, ..., 10) = 10
+0 > P. 1001:1011(10) ack 1 win 65535
+0 close(4) = 0
+0 > F. 1011:1011(0) ack 1
END
expect 1 '^-req MUST-10$' '^one.pkt: taken out: req MUST-10 ' bless one.pkt
expect 0 '^@@ -1,' '*' bless -w one.pkt
same "what bless makes" expected one.pkt
expect 0 '^2 passed' '' run one.pkt

# Results of calls only when they are asked for; nothing else is taken from a run.
sed 's/ 10) = 10/ 10) = 9/' expected >result.pkt
expect 1 '' 'not blessed: with the packets of a run .*$' bless result.pkt
! grep -q '^replay: ' err || fail "a command that would run other packets"
expect 1 '^\+.* 10\) = 10$' 'would change' bless --results result.pkt
sed 's/^+0 close.*/+0 assert state == CLOSED/' expected >wrong.pkt
expect 1 '' 'the assertion does not hold' bless --write --results wrong.pkt
grep -q 'state == CLOSED' wrong.pkt || fail "a refused script changed"

# Refused: what cannot be read, or makes no sense; and a file that cannot be written.
printf '0 socket(\n' >broken.pkt
expect 2 '' '^broken.pkt:1:' bless broken.pkt
expect 2 '' 'no script is named' bless
expect 2 '' 'No such file' bless gone.pkt
end
