#!/bin/sh
# Every C source is laid out as .clang-format says; $1 is the clang-format to ask. To see it fail,
# indent a line by one space more.
set -eu
bad=0
for file in $(find stack harness fuzz -name '*.[ch]' 2>/dev/null | LC_ALL=C sort |
    grep -vxFf scripts/checks/format.later); do
    if ! said=$("$1" --dry-run -Werror "$file" 2>&1); then
        printf '%s\n' "$said" | head -n 3
        bad=1
    fi
done
if [ $bad = 1 ]; then
    echo "to mend: clang-format-14 -i FILE..."
fi
exit $bad
