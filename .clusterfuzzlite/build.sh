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
# MSan does not see what a library that it has not compiled writes: without libpcap no capture is opened.
captures=()
if [ "${SANITIZER-}" = memory ]; then
    captures=(-DPCAP_LIBRARY=OFF)
fi
cmake -S "$root" -B "$WORK/build" -G "$generator" -DCMAKE_BUILD_TYPE=None \
    -DCMAKE_C_FLAGS="-O2 ${CFLAGS-}" -DCMAKE_CXX_FLAGS="${CXXFLAGS-}" \
    -DFINWAIT_TESTS=OFF -DFINWAIT_WARNINGS_ARE_ERRORS=OFF -DFINWAIT_FUZZ_CXX=ON \
    -DFINWAIT_FUZZ_ENGINE="$LIB_FUZZING_ENGINE" \
    -DCMAKE_EXE_LINKER_FLAGS=-Wl,--as-needed,--disable-new-dtags -DCMAKE_BUILD_RPATH='$ORIGIN/lib' \
    ${captures[@]+"${captures[@]}"}
cmake --build "$WORK/build" --parallel "$(nproc)" --target fuzz_programs fuzz_dictionaries \
    finwait

# Libraries that the image in which targets run does not have: libpcap, and what that needs.
libraries_of() {
    ldd "$1" | awk '$2 == "=>" && $3 ~ /^\// { print $3 }' |
        grep -v '/lib\(c\|m\|dl\|rt\|pthread\|resolv\|gcc_s\|stdc++\)\.so' || true
}

mkdir -p "$OUT/lib"
grep -v '^#' "$root/fuzz/campaign.tsv" | while IFS=$'\t' read -r target length dictionary seeds _; do
    cp "$WORK/build/fuzz/fuzz_$target" "$OUT/$target"
    libraries_of "$OUT/$target" | xargs -r cp -L -t "$OUT/lib"
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
