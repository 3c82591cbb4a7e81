#!/bin/sh
# Simulated runs are functions of their seeds: the same sum of hashes in this process, in one and in two
# others, and nothing is found. To see it fail, let sim_run() take its numbers from the clock, or break a
# rule of the stack.
set -eu
finwait=$1
hash_of() {
    said=$("$finwait" sim --runs 400 --quiet "$@") || {
        echo "$said" >&2
        return 1
    }
    echo "$said" | grep '^hash'
}
here=$(hash_of --seed 1000 -j 0)
one=$(hash_of --seed 1000 -j 1)
two=$(hash_of --seed 1000 -j 2)
if [ "$here" != "$one" ] || [ "$here" != "$two" ]; then
    echo "the hash depends on the number of processes: $here, $one, $two"
    exit 1
fi
other=$(hash_of --seed 1001)
if [ "$here" = "$other" ]; then
    echo "other seeds have the same hash"
    exit 1
fi
