#!/usr/bin/env bash
# The reports for programs, read by the programs that are there: xmllint, jq, python3.
#   reports_test.sh FINWAIT
set -euo pipefail
finwait=$1
. "$(dirname "$0")/expect.sh"
odd=$(printf 'odd <&>"%%\033\377,:\n#name.pkt')
mkdir scripts
good_script >scripts/good.pkt
bad_script >"scripts/$odd"
printf '\001\002 \377\376 <![CDATA[ ]]> "' >scripts/binary.pkt
{ echo '--ip_version=ipv6' && good_script; } >scripts/only6.pkt

expect 2 '*' '' run --junit report.xml scripts
if command -v xmllint >/dev/null; then
    xmllint --noout report.xml || fail "--junit is no XML"
    count() { xmllint --xpath "count($1)" report.xml; }
    [ "$(count //testcase)" = 6 ] || fail "not 6 test cases"
    [ "$(count "//testcase[failure]")" = 2 ] || fail "not 2 failures"
    [ "$(count "//testcase[error]")" = 1 ] || fail "not 1 error"
    [ "$(xmllint --xpath 'string(/testsuites/@failures)' report.xml)" = 2 ] || fail "@failures"
    [ "$(xmllint --xpath 'string(//failure/../@classname)' report.xml)" = scripts ] || fail "class"
    [ "$(xmllint --xpath 'string(//failure/../@line)' report.xml)" = 6 ] || fail "line"
fi

# What goes to standard output is XML and nothing else; the table steps aside.
is_xml() {
    [ "$(head -c 5 out)" = '<?xml' ] || fail "$*: no XML begins"
    if command -v xmllint >/dev/null; then
        xmllint --noout out || fail "$*: no XML"
    fi
}
expect 0 '<testcase ' '^2 passed, 0 failed' run --junit - scripts/good.pkt
is_xml run --junit -
grep -q '^scripts/good.pkt +4 +passed' -E err || fail "no table beside XML"
expect 2 '<failure ' '^::error file=.*' run --junit=- --github --ladder scripts
is_xml run --github --ladder --junit -
expect 0 '<testcase ' '^2 passed' run --junit /dev/stdout scripts/good.pkt
is_xml run --junit /dev/stdout
: >octets
expect 5 '<testcase ' '^octets: fixed$' replay --junit - octets
is_xml replay --junit -
expect 5 '<testcase ' '^0 reproduced, 1 fixed' replay --github --junit - octets
is_xml replay --github --junit -
for words in 'run --tap' 'run --json' 'run --trace -' 'replay --tap'; do
    # shellcheck disable=SC2086
    expect 2 '' ' both want standard output: choose one$' $words --junit - scripts/good.pkt
done
expect 2 '' '--json and --trace - both want standard output' run --json --trace - scripts/good.pkt
expect 0 '^scripts/good.pkt IPv4 passed$' '' run --quiet --trace - scripts/good.pkt

expect 2 '^\{"type":"run","script":"scripts/good.pkt","ip_version":4,"verdict":"passed"' '' \
    run --json scripts
if command -v jq >/dev/null; then
    jq -e . out >/dev/null || fail "--json is no JSON"
    [ "$(jq -r 'select(.verdict=="failed").line' out | sort -u)" = 6 ] || fail "no line 6 in JSON"
    [ "$(jq -r 'select(.type=="summary") | "\(.passed) \(.failed) \(.invalid) \(.exit_code)"' \
        out)" = '3 2 1 2' ] || fail "the summary in JSON"
fi
expect 1 '"ladder":".*LISTEN' '' run --json --ladder --ip 4 --filter odd scripts
expect 0 '^  W01 checksums-right +[1-9][0-9]*$' '' run --quiet --oracle-counts scripts/good.pkt
expect 0 '^#   W01 checksums-right +[1-9]' '' run --tap --oracle-counts scripts/good.pkt
expect 0 '^\{"type":"oracles","evaluations":\{"W01":[1-9][0-9]*,' '' \
    run --json --oracle-counts scripts/good.pkt
expect 0 '^  T00 own-invariants-hold +[1-9]' '' sim --quiet --runs 2 --oracle-counts
expect 2 '' 'choose one' run --json --tap scripts

annotation='^::error file=scripts/odd <&>"%25.x1b.xff%2C%3A%0A#name.pkt,line=6,col=[0-9]+,title=failed over IPv4::'
expect 2 "$annotation" '' run --github scripts
grep -qF 'scripts/odd <&>"%\x1b\xff,:\x0a#name.pkt   4  failed' out || fail "a name breaks the table"
grep -qF 'scripts/odd <&>"%\x1b\xff,:\x0a#name.pkt:6:' out || fail "a name breaks a report"
! LC_ALL=C grep -q '^#name\|'$'\033' out || fail "a name makes lines of its own"
expect 2 '*' "$annotation" run --github --json scripts
[ "$(grep -c '^::error' err)" = 3 ] || fail "not 3 annotations"
expect 0 '*' '' run --github scripts/good.pkt
grep -q '^::' out && fail "an annotation of what passed"

if command -v python3 >/dev/null; then
    expect 2 '*' '' run --tap scripts
    python3 - out <<'END' || fail "--tap is no UTF-8 or has an odd line"
import re, sys
for line in open(sys.argv[1], encoding="utf-8", newline="\n"):
    assert not re.search(r"[\0-\x08\x0b-\x1f\x7f]", line), line
    assert re.match(r"(not )?ok \d+ - |TAP version|1\.\.|  ", line) or line == "\n", line
END
fi

# What cannot be written is told before a script runs, or after all have.
expect 3 '' '^finwait run: cannot write gone/x.xml: No such file' run --junit gone/x.xml scripts
expect 3 '*' '^finwait run: cannot write /dev/full: No space left on device$' \
    run --junit /dev/full scripts/good.pkt
expect 3 '*' '^finwait run: cannot write /dev/full: No space left on device$' \
    run --trace /dev/full scripts/good.pkt
expect 3 'cannot write /dev/full: No space left on device' '' \
    run --pcapng /dev/full scripts/good.pkt
end
