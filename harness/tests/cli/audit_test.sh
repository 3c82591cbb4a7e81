#!/usr/bin/env bash
# finwait audit from outside: our own captures are clean, what is wrong in one is told, and files that
# are no captures are refused.
#   audit_test.sh FINWAIT CORPUS
set -euo pipefail
finwait=$1 corpus=$2
. "$(dirname "$0")/expect.sh"

# All that the corpus lets the stack send, over both versions of IP. Runs record everything as it was;
# without --exact the same captures must be no worse.
stack=192.168.0.1,fd3d:fa7b:d17d::1
"$finwait" run --quiet --pcapng captures "$corpus" >/dev/null
mapfile -t captures < <(find captures -name '*.pcapng' | sort)
[ ${#captures[@]} -ge 100 ] || fail "only ${#captures[@]} captures"
expect 0 '^0 findings, 0 doubtful, 0 notes in [0-9]+ captures$' '' \
    audit --exact --side $stack "${captures[@]}"
for oracle in W01 W02 W03 W04 W05 W06 W07 W08 W10 W11 W12 W13 W14; do
    grep -qE " $oracle [1-9]" out || fail "$oracle judged nothing"
done
expect 0 '^0 findings, 0 doubtful, 0 notes' '' audit --quiet --side $stack "${captures[@]}"
[ "$(wc -l <out)" = 1 ] || fail "--quiet is not quiet"

# The peer of this script sends what no TCP would.
capture=captures/chapter/21-a-later-call-need-not-wait.pcapng
finding='^captures/.*:packet 10: W06 ack-field-monotone: The ACK .* \(ACK went back by .*\) '
expect 1 "$finding"'\[192\.0\.2\.1:[0-9]+ > 192\.168\.0\.1:[0-9]+\]$' '' audit --exact $capture
expect 0 ': doubtful: W0' '' audit $capture
expect 1 '    doubtful because ' '' audit --severe $capture
expect 1 '│' '' audit --exact --ladder $capture
expect 1 '─►' '' audit --exact --ladder $capture
expect 1 '^\{"type":"finding","file":"captures/.*"packet":10,.*"id":"W06".*"weight":"certain"' '' \
    audit --exact --json $capture
grep -q '^{"type":"summary",.*"exit_code":1}$' out || fail "no summary in JSON"
if command -v python3 >/dev/null; then
    python3 -c 'import json; [json.loads(line) for line in open("out")]' || fail "no JSON"
fi

# What is no capture, or only a part of one, or has no TCP.
: >empty
head -c 1000 $capture >cut.pcapng
head -c 100 /dev/urandom >noise
printf '\324\303\262\241\2\0\4\0\0\0\0\0\0\0\0\0\377\377\0\0\1\0\0\0' >nothing.pcap
printf '\324\303\262\241\2\0\4\0\0\0\0\0\0\0\0\0\377\377\0\0\223\0\0\0' >user0.pcap
expect 2 '*' '^empty: cannot be read: the file is empty$' audit empty
expect 2 '*' '^noise: cannot be read: ' audit noise
expect 2 'segments in' '^cut.pcapng: cannot be read to its end: ' audit cut.pcapng
expect 2 '*' '^user0.pcap: cannot be read: link type 147 ' audit user0.pcap
expect 2 '*' '^gone: cannot be read: No such file' audit gone
expect 3 '*' '^captures: cannot be read: Is a directory' audit captures
expect 4 '*' 'there is no TCP in it' audit nothing.pcap
expect 2 '' 'no capture is named' audit
expect 2 '' '--side wants the IP address' audit --side here $capture

# From a pipe; a ladder takes a second look, which a pipe does not give.
code=0
cat $capture | "$finwait" audit - >out 2>err || code=$?
[ $code = 0 ] && grep -q '^-: [0-9]* segments in ' out || fail "a pipe: exit code $code"
code=0
cat $capture | "$finwait" audit --ladder - >out 2>err || code=$?
[ $code = 2 ] && grep -q 'reads a capture twice' err || fail "a ladder of a pipe: exit code $code"
expect 0 '^-: [0-9]* segments in ' '' audit --ladder - <$capture

# An address that sent nothing has broken no rule, and kept none.
expect 4 '*' 'sent anything' audit --side 198.51.100.77 $capture
end
