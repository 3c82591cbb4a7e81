#!/bin/sh
# Two runs of the corpus give the same bytes of trace and of report, whether in one process or two:
# for each IP version, COUNT runs with -j 1 and COUNT with -j 2, each a process of its own (so that
# addresses differ), are compared with the first. To see it fail, print a pointer into the trace.
#   determinism.sh FINWAIT WORK COUNT SCRIPTS...
set -eu
finwait=$1 work=$2 count=$3
shift 3
rm -rf "$work"
mkdir -p "$work"

# go NAME: runs everything into NAME.trace and NAME.tap.
go() {
    name=$1
    shift
    "$finwait" run --tap --trace="$work/$name.trace" "$@" >"$work/$name.tap" || {
        echo "finwait run $* failed"
        grep -v '^ok' "$work/$name.tap" | head -n 20
        exit 1
    }
}

for ip in 4 6; do
    go "first-$ip" --ip=$ip -j 1 "$@"
    if ! [ -s "$work/first-$ip.trace" ]; then
        echo "IPv$ip: an empty trace"
        exit 1
    fi
    for jobs in 1 2; do
        i=0
        while [ $i -lt "$count" ]; do
            go again --ip=$ip -j $jobs "$@"
            for what in trace tap; do
                if ! cmp "$work/first-$ip.$what" "$work/again.$what"; then
                    echo "IPv$ip, -j $jobs, run $i: the $what differs from the first run's"
                    diff "$work/first-$ip.$what" "$work/again.$what" | head -n 10
                    exit 1
                fi
            done
            i=$((i + 1))
        done
    done
done
