#!/bin/sh
# Each oracle came to a verdict at least 1,000 times over the scripts of the corpus, over captures of them
# and over simulated runs, and nothing was found; the counts are printed.
# And in scripts alone those came to one that the catalogue says are judged there, and no others.
#   verdicts.sh FINWAIT FOLDER [RUNS]
# To see it fail, ask for 100 runs.
set -eu
finwait=$1 folder=$2 runs=${3:-25000} least=1000
stack=192.168.0.1,fd3d:fa7b:d17d::1
rm -rf "$folder"
mkdir -p "$folder"
"$finwait" run --quiet --oracle-counts --pcapng "$folder/captures" corpus >"$folder/scripts"
find "$folder/captures" -name '*.pcapng' | LC_ALL=C sort |
    xargs "$finwait" audit --quiet --exact --oracle-counts --side $stack >"$folder/audit"
"$finwait" sim --quiet --oracle-counts --runs "$runs" >"$folder/sim"

sed -nE 's/^\| ([WTSLR][0-9]{2}) .*\| scripts, simulation \|.*/\1 judged/p' \
    harness/oracle/README.md >"$folder/catalogue"

# Not judged, and why: W25, since our own stack offers no SACK.
awk -v least=$least '
    BEGIN { printf "%-4s%-36s%12s%12s%12s\n", "", "", "scripts", "captures", "simulated" }
    NF == 2 && $2 == "judged" { is_judged[$1] = 1 }
    $1 ~ /^[WTSLR][0-9][0-9]$/ && NF == 3 {
        if (!($1 in name)) order[++count] = $1
        name[$1] = $2
        of[$1, FILENAME] = $3
        sum[$1] += $3
    }
    END {
        for (i = 1; i <= count; i++) {
            id = order[i]
            printf "%-4s%-36s%12d%12d%12d\n", id, name[id], of[id, ARGV[1]], of[id, ARGV[2]],
                of[id, ARGV[3]]
        }
        for (i = 1; i <= count; i++) {
            if (sum[order[i]] < least && order[i] != "W25") {
                print order[i] " came to " sum[order[i]] " verdicts only"
                bad = 1
            }
            if ((of[order[i], ARGV[1]] > 0) != is_judged[order[i]] && order[i] != "W25") {
                print order[i] " came to " of[order[i], ARGV[1]] " verdicts in scripts"
                bad = 1
            }
        }
        exit bad || count == 0
    }' "$folder/scripts" "$folder/audit" "$folder/sim" "$folder/catalogue"
