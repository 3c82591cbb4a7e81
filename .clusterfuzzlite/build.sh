#!/bin/bash -eu
# Builds every target of fuzz/campaign.tsv into $OUT, with its seeds, dictionary and options, as
# ClusterFuzzLite and OSS-Fuzz ask for it: CC, CFLAGS, CXX, CXXFLAGS, LIB_FUZZING_ENGINE, OUT and WORK
# are theirs. Run by hand, from the tree:
#   CC=clang CXX=clang++ CFLAGS="-g -fsanitize=fuzzer-no-link,address" CXXFLAGS="$CFLAGS" \
#   LIB_FUZZING_ENGINE=-fsanitize=fuzzer OUT=/tmp/out WORK=/tmp/work .clusterfuzzlite/build.sh
root=${SRC:+$SRC/finwait}
root=${root:-$(cd "$(dirname "$0")/.." && pwd -P)}
. "$root/scripts/lib/seeds.sh"
generator="Unix Makefiles"
if command -v ninja >/dev/null; then
    generator=Ninja
fi
cmake -S "$root" -B "$WORK/build" -G "$generator" -DCMAKE_BUILD_TYPE=None \
    -DCMAKE_C_FLAGS="-O2 ${CFLAGS-}" -DCMAKE_CXX_FLAGS="${CXXFLAGS-}" \
    -DFINWAIT_TESTS=OFF -DFINWAIT_WARNINGS_ARE_ERRORS=OFF -DFINWAIT_FUZZ_CXX=ON \
    -DFINWAIT_FUZZ_ENGINE="$LIB_FUZZING_ENGINE"
cmake --build "$WORK/build" --parallel "$(nproc)" --target fuzz_programs fuzz_dictionaries \
    finwait

mkdir -p "$OUT"
grep -v '^#' "$root/fuzz/campaign.tsv" | while IFS=$'\t' read -r target length dictionary seeds _; do
    cp "$WORK/build/fuzz/fuzz_$target" "$OUT/$target"
    printf '[libfuzzer]\nmax_len = %s\n' "$length" >"$OUT/$target.options"
    if [ "$dictionary" != - ]; then
        cp "$WORK/build/fuzz/$dictionary.dict" "$OUT/$target.dict"
        echo "dict = $target.dict" >>"$OUT/$target.options"
    fi
    rm -rf "$WORK/seeds" "$OUT/${target}_seed_corpus.zip"
    mkdir "$WORK/seeds"
    cp "$root/corpus/seeds/$target/"* "$WORK/seeds/"
    for kind in ${seeds//[,-]/ }; do
        make_seeds "$kind" "$WORK/made" "$WORK/build/harness/cli/finwait"
        cp -r "$WORK/made/$kind/." "$WORK/seeds"
    done
    (cd "$WORK/seeds" && zip -q "$OUT/${target}_seed_corpus.zip" ./*)
done
