#!/bin/sh
# Simulated runs are functions of their seeds: the same sum of hashes in this process, in one and in two
# others, and nothing is found. To see it fail, let sim_run() take its numbers from the clock.
set -eu
finwait=$1
hash_of() {
    "$finwait" sim --seed 1000 --runs 400 --quiet "$@" | grep '^hash'
}
here=$(hash_of -j 0)
one=$(hash_of -j 1)
two=$(hash_of -j 2)
if [ "$here" != "$one" ] || [ "$here" != "$two" ]; then
    echo "the hash depends on the number of processes: $here, $one, $two"
    exit 1
fi
if [ "$here" = "$("$finwait" sim --seed 1001 --runs 400 --quiet | grep '^hash')" ]; then
    echo "other seeds have the same hash"
    exit 1
fi
