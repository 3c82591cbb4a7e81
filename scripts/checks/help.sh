#!/bin/sh
# Every script says what it does when it is asked, and refuses an option that it does not know before it does
# anything; `run`, whose options are those of finwait, is none of them. To see it fail, take help_if_asked
# out of one.
set -eu
bad=0
for script in scripts/*; do
    [ -f "$script" ] && [ -x "$script" ] && [ "$script" != scripts/run ] || continue
    "$script" --help </dev/null 2>&1 | grep -q "^  *$script" ||
        { echo "$script --help does not say how it is called" && bad=1; }
    code=0
    "$script" --no-such-option </dev/null >/dev/null 2>&1 || code=$?
    [ "$code" = 2 ] || { echo "$script --no-such-option: exit code $code, not 2" && bad=1; }
done
exit $bad
