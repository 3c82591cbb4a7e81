#!/bin/sh
# No function over 70 lines, no file over 400 unless its opening comment says "Long because ...".
# A function counts from the line before its opening brace (which clang-format puts in column 1) to
# its closing brace. Checked below the working folder, or below $1.
set -eu
cd "${1:-.}"
find stack harness fuzz -name '*.[ch]' 2>/dev/null | LC_ALL=C sort | xargs awk '
BEGIN { function_max = 70; file_max = 400 }

function end_of_file() {
    if (lines > file_max && !excused) {
        printf "%s: %d lines, over %d, and no opening comment says \"Long because\"\n", \
            file, lines, file_max
        bad = 1
    }
}

FNR == 1 {
    if (file != "") end_of_file()
    file = FILENAME; excused = 0; opening = 1; start = 0
}
{ lines = FNR; seen++ }
opening && /Long because/ { excused = 1 }
opening && /\*\// { opening = 0 }
/^\{/ { start = FNR - 1 }
/^\}/ && start {
    if (FNR - start + 1 > function_max) {
        printf "%s:%d: a function of %d lines, over %d\n", FILENAME, start, \
            FNR - start + 1, function_max
        bad = 1
    }
    start = 0
}

END {
    if (seen == 0) { print "no sources found: wrong folder?"; exit 1 }
    end_of_file()
    exit bad
}'
