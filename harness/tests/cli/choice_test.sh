#!/usr/bin/env bash
# Which scripts run and in which order: list, --filter, --shuffle, --rerun-failed, --fail-fast.
#   choice_test.sh FINWAIT
set -euo pipefail
finwait=$1
. "$(dirname "$0")/expect.sh"
mkdir -p scripts/deep
for name in a b c d e f g h; do good_script >scripts/$name.pkt; done
bad_script >scripts/deep/fails.pkt
bad_script >scripts/deep/fails-too.pkt
{ printf -- '--ip_version=ipv6\n--mode=compat\nreq MUST-5 SHLD-2\n' && good_script; } >scripts/six.pkt
names() { awk '/^[^ ]+\.pkt +[46] / { print $1 }' out | uniq | tr '\n' ' '; }
is() { [ "$(names)" = "$1" ] || fail "got: $(names), not: $1"; }

# list
expect 0 '^scripts/six\.pkt +6 +--mode=compat req MUST-5 SHLD-2$' '' list scripts
expect 0 '^scripts/a.pkt               4 6$' '' list scripts
printf 'nonsense\n' >wrong.pkt
expect 2 '^scripts/a.pkt +4 6$' '^wrong.pkt:1:1: error' list wrong.pkt scripts
expect 0 '^\{"type":"script","script":"scripts/six.pkt","ip_versions":\[6\],"options":\[' '' \
    list --json scripts/six.pkt
if command -v jq >/dev/null; then
    [ "$(jq -c '[.notes[].subject]' out)" = '["MUST-5","SHLD-2"]' ] || fail "notes in JSON"
fi

# --filter: a part, a glob over the path or the last part, a regular expression; any of several
expect 0 '*' '' list -f deep scripts && is 'scripts/deep/fails-too.pkt scripts/deep/fails.pkt '
expect 0 '*' '' list -f '[ab].pkt' scripts && is 'scripts/a.pkt scripts/b.pkt '
expect 0 '*' '' list -f '/\/[g-i]\./' scripts && is 'scripts/g.pkt scripts/h.pkt '
expect 0 '*' '' list -f 'scripts/d*s.pkt' -f '/^scripts.a/' scripts
is 'scripts/a.pkt scripts/deep/fails.pkt '
expect 0 '^16 passed' '' run -f '?.pkt' scripts
expect 4 '' '^finwait run: no script fits the filter$' run -f nothing scripts
expect 2 '' '--filter /\(/: Unmatched' run -f '/(/' scripts

# -D: some script must have the word
printf -- '--define=WINDOW=1000\n' >scripts/defined.pkt && good_script >>scripts/defined.pkt
expect 0 '^2 passed' '' run -D WINDOW=5 scripts/defined.pkt
expect 0 '^4 passed' '' run -D WINDOW=5 scripts/defined.pkt scripts/a.pkt
expect 2 '' '^finwait run: -D WINDO: no script has this word$' run -D WINDO=5 scripts/defined.pkt
expect 2 '' '^finwait run: -D WINDOW: no script has this word$' run -D WINDOW=5 scripts/a.pkt
rm scripts/defined.pkt

# --shuffle: the same order for the same seed, and the seed is told
expect 0 '^order: --shuffle 7$' '' run --shuffle 7 -f '?.pkt' scripts
first=$(names)
expect 0 '*' '' run --shuffle 7 -f '?.pkt' -j 3 scripts && is "$first"
expect 0 '*' '' run --shuffle 8 -f '?.pkt' scripts
[ "$(names)" != "$first" ] || fail "two seeds, one order"
[ "$(names | xargs -n 1 | sort)" = "$(xargs -n 1 <<<"$first" | sort)" ] || fail "a script is lost"
expect 0 '^order: --shuffle [0-9]+$' '' run --shuffle random scripts/a.pkt
expect 0 '^order: --shuffle 7$' '' run -q --shuffle 7 scripts/a.pkt
expect 0 '^# order: --shuffle 7$' '' run --tap --shuffle 7 scripts/a.pkt
expect 0 '^\{"type":"order","shuffle":18446744073709551615\}$' '' \
    run --json --shuffle 18446744073709551615 scripts/a.pkt
expect 2 '' '--shuffle wants a number or random, not "18446744073709551616"' \
    run --shuffle 18446744073709551616 scripts/a.pkt
expect 2 '' '--shuffle wants a number or random, not "x"' run --shuffle x scripts

# --rerun-failed: what did not pass when it was last run, whatever ran since
expect 4 '' '^finwait run: no failure is remembered for this folder$' run --rerun-failed
[ ! -e state ] || fail "something is kept though nothing failed"
expect 1 '*' '' run scripts
expect 0 '*' '' run scripts/a.pkt
expect 1 '^0 passed, 4 failed' '' run --rerun-failed
is 'scripts/deep/fails-too.pkt scripts/deep/fails.pkt '
expect 4 '' 'no script among these failed last time' run --rerun-failed scripts/a.pkt
good_script >scripts/deep/fails.pkt
expect 1 '^2 passed, 2 failed' '' run --rerun-failed scripts
expect 1 '^0 passed, 2 failed' '' run --rerun-failed && is 'scripts/deep/fails-too.pkt '
(cd scripts && expect 4 '' 'no failure is remembered' run --rerun-failed && end)
rm scripts/out scripts/err
rm scripts/deep/fails-too.pkt
expect 4 '' 'no failure is remembered' run --rerun-failed
good_script >scripts/deep/fails-too.pkt
expect 0 '^2 passed' '' run --rerun-failed
[ -z "$(find state -type f)" ] || fail "a file is left though everything passes"

# --fail-fast and --keep-going
bad_script >scripts/c.pkt
for jobs in 0 1 4; do
    expect 1 '^stopped after the first failure, 8 not run$' '' run -x --ip 4 -j $jobs scripts
    is 'scripts/a.pkt scripts/b.pkt scripts/c.pkt '
done
expect 1 '^1\.\.3$' '' run -x --ip 4 --tap scripts
expect 1 '^19 passed, 2 failed' '' run -x --keep-going scripts
end
