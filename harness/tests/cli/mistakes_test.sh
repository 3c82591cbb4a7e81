#!/bin/sh
# Every mistake of broken.pkt is shown as broken.txt has it, by each verb that reads scripts. A change
# of a message is made in broken.txt too: it should read better there.
#   mistakes_test.sh FINWAIT FOLDER
set -eu
export LC_ALL=C
result=$(mktemp)
trap 'rm -f "$result"' EXIT
cd "$2"
for verb in lint list 'fmt --check'; do
    got=0
    # shellcheck disable=SC2086 # the verb and its option are two words
    "$1" $verb broken.pkt >"$result" 2>&1 || got=$?
    if [ "$got" != 2 ] || ! diff -u broken.txt "$result"; then
        echo "finwait $verb broken.pkt: exit code $got"
        exit 1
    fi
done
