#!/bin/sh
# The names by which tcp_host_check() tells of a broken invariant: each is expected by a test that breaks
# it, and harness/oracle/README.md lists them all, as they stand here. And each field of the
# configuration that an oracle or its wire model judges by is named in the catalogue.
# With --print: the list as the README shows it.
# To see it fail, return a new name in stack/invariants/tcb.c, or read another config->field in
# harness/oracle.
set -eu
names() {
    sed 's/^#include.*//' stack/invariants/*.c stack/socket/check.c | grep -o '"[^"]*"' |
        tr -d '"' | LC_ALL=C sort -u
}
list() {
    names | sed 's/^/- /'
}
if [ "${1:-}" = --print ]; then
    list
    exit
fi
bad=0
shown=$(sed -n '/^<!-- invariants:begin -->$/,/^<!-- invariants:end -->$/p' harness/oracle/README.md |
    grep '^- ' || true)
if [ "$shown" != "$(list)" ]; then
    echo "harness/oracle/README.md must list, between its invariants:begin and invariants:end:"
    list
    bad=1
fi
names | while IFS= read -r name; do
    grep -rqF -- "\"$name\"" stack/tests/invariants stack/tests/socket stack/tests/host ||
        echo "no test breaks the invariant \"$name\""
done | grep . && bad=1
grep -oh 'config->[a-z0-9_]*' harness/oracle/*.c | sed 's/config->//' | LC_ALL=C sort -u |
    while IFS= read -r field; do
        grep -q "^| [A-Z][0-9][0-9] .* | [^|]*\b$field\b[^|]* | [a-z ]* | [a-z, ]* | [a-z]* |$" \
            harness/oracle/README.md || echo "no row of the catalogue names $field, which is read"
    done | grep . && bad=1
exit $bad
