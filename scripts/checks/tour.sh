#!/bin/sh
# What README.md's tour shows is what happens: its script fails with the report that it prints, and
# passes once corrected as it says. To see it fail, change a number in either.
#   tour.sh FINWAIT WORK
set -eu
finwait=$1 work=$2
rm -rf "$work"
mkdir -p "$work"

# block MARKER: the fenced block behind <!-- tour:MARKER -->.
block() {
    sed -n "/^<!-- tour:$1 -->\$/,/^\`\`\`\$/p" README.md | sed -e '1,2d' -e '$d'
}

block script >"$work/hello.pkt"
block report >"$work/expected"
[ -s "$work/hello.pkt" ] && [ -s "$work/expected" ] || {
    echo "README.md has lost the tour's markers"
    exit 1
}
cd "$work"
status=0
"$finwait" run --ip 4 hello.pkt >said || status=$?
if [ $status != 1 ]; then
    echo "the first run of the tour should exit with 1, not $status"
    exit 1
fi
sed 's/ *$//' said | diff -u expected - || exit 1
sed -i 's/> P\. 1:12(11) ack 6/> P. 1:13(12) ack 6/' hello.pkt
"$finwait" run hello.pkt
