#!/bin/sh
# The page of a campaign: a row for each target, curves of what was sampled, findings by what they are,
# escaped, with the whole trace folded away; and what cannot be written is no success.
# report_test.sh FUZZ_REPORT
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/ring" "$folder/close/findings/77"
printf '2\t10\t100\t0\t0\t0\n4\t30\t120\t0\t0\t0\n' >"$folder/ring/samples.tsv"
printf '2\t10\t100\t3\t5\t1\n' >"$folder/close/samples.tsv"
printf '%s\n' 'replay: replay_close X' '' 'ladder <mss 1460>' 'finding: S04 what-is-read & more: detail' \
    '---- scenario' '+0 < . 1:1(0)' >"$folder/close/findings/77/report.txt"
"$1" html "$folder" ring close >"$folder/page.html"

expect() {
    [ "$(grep -c -e "$2" "$folder/page.html")" = "$1" ] || {
        echo "not $1 times in the page: $2" >&2
        exit 1
    }
}
expect 1 '<a href="#ring">ring</a><td>4<td>0<td>0<td>120'
expect 1 '<td class="bad">1</tr>'
expect 1 '<title>edges of the program over time'
expect 0 '<title>legal changes of state over time' # ring has no states, close no second sample
expect 1 'Too short for curves'
expect 1 '^<h3>S04 what-is-read &amp; more: detail'
expect 1 '^ladder &lt;mss 1460&gt;$'
expect 1 '<details>.*---- scenario'
expect 1 'No findings'

for verb in "html $folder ring" "numbers $folder/ring/page"; do
    code=0
    # shellcheck disable=SC2086 # a verb and what it is given
    "$1" $verb >/dev/full 2>/dev/null || code=$?
    [ $code = 3 ] || {
        echo "on a full disk, $verb: $code, not 3" >&2
        exit 1
    }
done
