#!/bin/sh
# Every source is built: its name stands in the CMakeLists.txt of its folder (or, with the folder, in
# that of the folder above), where sources are listed by hand; so none is forgotten without a word.
# To see it fail, add an empty x.c.
set -eu
bad=0
for file in $(find stack harness fuzz -name '*.c' 2>/dev/null | LC_ALL=C sort); do
    folder=$(dirname "$file") name=$(basename "$file")
    if ! grep -qwF "$name" "$folder/CMakeLists.txt" &&
        ! grep -qwF "$(basename "$folder")/$name" "$folder/../CMakeLists.txt"; then
        echo "$file is in no CMakeLists.txt"
        bad=1
    fi
done
exit $bad
