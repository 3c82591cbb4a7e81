#!/bin/sh
# Every C source is laid out as .clang-format says; $1 is the clang-format to ask. To see it fail,
# indent a line by one space more.
set -eu
said=$(find stack harness fuzz scripts -name '*.[ch]' 2>/dev/null |
    xargs "$1" --dry-run -Werror 2>&1 | sed -n 's/^\([^ ]*\): error:.*/\1/p')
if [ -n "$said" ]; then
    echo "$said" | head -n 20
    echo "to mend: clang-format-14 -i FILE..."
    exit 1
fi
