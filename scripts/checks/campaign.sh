#!/usr/bin/env bash
# What scripts/fuzz does without an engine: it refuses what makes no sense before it builds anything, and a
# finding is sorted, made small, told of, set aside once it is fixed, and found again when it comes back. The
# engine is a stub, to which an input is bad that holds the word BAD while there is a file named broken, worse
# one that holds WORSE, and one that holds ENDLESS keeps it busy.
#   campaign.sh FOLDER
# To see it fail, let set_aside_fixed() keep what was seen.
set -euo pipefail
checkout=$(pwd -P)
root=$1
bad=0
complain() {
    echo "$*"
    bad=1
}

# refused CODE ARGUMENT...
refused() {
    local code=0 wanted=$1
    shift
    scripts/fuzz "$@" </dev/null >/dev/null 2>&1 || code=$?
    [ $code = "$wanted" ] || complain "scripts/fuzz $*: exit code $code, not $wanted"
}
refused 2 no_such_target
refused 2 'wir.'
refused 2 wire -j 0
refused 2 wire -j 00
refused 2 wire -j two
refused 2 wire --for 0
refused 2 wire --for 99999999999999999999
refused 2 --for 3
refused 2 wire --engine none
refused 2 wire --engine afl --plain
refused 2 --knock-out no-such-knock-out
refused 3 wire --folder ''
refused 3 wire --folder README.md

rm -rf "$root"
at=$root/campaign/toy
mkdir -p "$root/build/fuzz/fuzz" "$at"/{crashes,findings,seen}
cat >"$root/build/fuzz/fuzz/replay_toy" <<STUB
#!/bin/sh
if [ -e "$root/broken" ] && grep -q BAD "\$1"; then
    echo "finding: toy: it is bad at \$(wc -c <"\$1") octets of \$1"
    exit 1
fi
! grep -q WORSE "\$1" || { echo 'finding: toy: it is worse'; exit 1; }
! grep -q ENDLESS "\$1" || sleep 6
STUB
cat >"$root/build/fuzz/fuzz/fuzz_toy" <<'STUB'
#!/bin/sh
for word in "$@"; do
    case $word in -exact_artifact_path=*) echo BAD >"${word#*=}" ;; esac
done
STUB
chmod +x "$root"/build/fuzz/fuzz/*
. "$checkout/scripts/lib/needs.sh"
. "$checkout/scripts/lib/findings.sh"
. "$checkout/scripts/lib/campaign.sh"
endless_after=1

touch "$root/broken"
echo 'this is BAD' >"$at/crashes/crash-1"
echo 'this is much more BAD' >"$at/crashes/crash-2"
echo 'nothing is wrong with this' >"$at/crashes/timeout-3"
sort_crashes toy "$at" 2>/dev/null
[ "$(findings_of "$at")" = 1 ] || complain "two crashes of one kind are not one finding"
found=$(echo "$at"/findings/*)
cmp -s "$found/input" "$at/crashes/crash-1" || complain "the shortest input is not the one that is kept"
[ -e "$found/report.txt" ] || complain "a finding that was not made small yet has no report"

finish_findings toy "$at"
[ "$(cat "$found/input")" = BAD ] || complain "the finding was not made small"
[ ! -e "$found/unfinished" ] || complain "a finished finding is not told to be one"
command=$(sed -n 's/^replay: //p' "$found/report.txt")
! (cd / && eval "$command") >/dev/null || complain "the command in the report shows nothing: $command"

set_aside_fixed toy "$at"
[ "$(findings_of "$at")" = 1 ] || complain "an open finding was set aside"
rm "$root/broken"
set_aside_fixed toy "$at" 2>/dev/null
[ "$(findings_of "$at")" = 0 ] || complain "a fixed finding counts as open"
[ -e "$at/fixed/$(basename "$found")/report.txt" ] || complain "a fixed finding is lost"

touch "$root/broken"
echo 'this is BAD' >"$at/crashes/crash-1"
sort_crashes toy "$at" 2>/dev/null
[ "$(findings_of "$at")" = 1 ] || complain "what came back is not found again"

echo 'this is WORSE' >"$at/crashes/crash-4"
echo 'this is ENDLESS' >"$at/crashes/timeout-5"
sort_crashes toy "$at" 2>/dev/null
[ "$(findings_of "$at")" = 3 ] || complain "another law and what does not end are no findings of their own"
grep -q '^finding: it does not end$' "$at"/findings/*/report.txt || complain "what does not end has no name"

# A signal in the midst of a replay.
mkdir -p "$root/cut/crashes" "$root/cut/findings" "$root/cut/seen"
echo 'this is ENDLESS' >"$root/cut/crashes/timeout-6"
endless_after=4
(sort_crashes toy "$root/cut" 2>/dev/null) &
sleep 1
kill $! && wait $! || true
[ ! -e "$root/cut/seen/timeout-6" ] || complain "what was not sorted yet counts as seen"

mkdir -p "$root/seeded"/{crashes,corpus,seeds}
echo 'it leaks' >"$root/seeded/seeds/one"
cp "$root/seeded/seeds/one" "$root/seeded/crashes/leak-$(sha1sum <"$root/seeded/seeds/one" | cut -d ' ' -f 1)"
drop_inputs_that_crash "$root/seeded"
[ ! -e "$root/seeded/seeds/one" ] || complain "a seed that ends the engine stays"
exit $bad
