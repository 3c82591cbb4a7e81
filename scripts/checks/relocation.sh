#!/bin/sh
# The stack may be moved: with --relocate the whole host goes to a fresh address after every step and
# its old memory is spoiled, and the trace is the same, byte for byte. To see it fail, keep a pointer
# into the host from one step to the next.
#   relocation.sh FINWAIT WORK SCRIPTS...
set -eu
finwait=$1 work=$2
shift 2
rm -rf "$work"
mkdir -p "$work"
"$finwait" run -q --ip=both --trace="$work/still" "$@"
"$finwait" run -q --ip=both --relocate --trace="$work/moved" "$@"
if ! [ -s "$work/still" ]; then
    echo "an empty trace"
    exit 1
fi
if ! cmp "$work/still" "$work/moved"; then
    diff "$work/still" "$work/moved" | head -n 10
    exit 1
fi
