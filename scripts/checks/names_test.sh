#!/bin/sh
# names.sh accepts the names of a tree like ours and refuses each kind of accident.
set -eu
checks=$(cd "$(dirname "$0")" && pwd)
list=$(mktemp)
trap 'rm -f "$list"' EXIT

# expect good|bad NAME
expect() {
    printf 'README.md\nstack/wire/ip.c\n%s\nscripts/run\n' "$2" >"$list"
    if said=$(sh "$checks/names.sh" "$list"); then got=good; else got=bad; fi
    if [ "$got" != "$1" ]; then
        echo "$2: $got, expected $1: $said"
        exit 1
    fi
    if [ "$got" = bad ] && [ "${said#"$2": }" = "$said" ]; then
        echo "$2 is not named: $said"
        exit 1
    fi
}

for name in corpus/seeds/options/syn corpus/rfc9293/3.9.2.2/what-comes.pkt .ci/run .github/workflows/fuzz.yml \
    .clusterfuzzlite/Dockerfile scripts/sim-mutants stack/finwait.pc.in corpus/unreached.tsv; do
    expect good "$name"
done
for name in - out harness/- stack/tcb/core stack/tcb/.tcb.c.swp stack/tcb/tcb.c~ stack/tcb/tcb.c.orig \
    harness/a.out scripts/perf.data.old scripts/run.log 'corpus/two words.pkt' '"corpus/\303\244.pkt"' \
    corpus/--help.pkt fuzz/x corpus/1.pkt build/finwait hello.pkt; do
    expect bad "$name"
done
