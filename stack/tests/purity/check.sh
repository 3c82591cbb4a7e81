#!/bin/sh
# Compiles the stack, links it with `ld -r` and looks at the one object that results: no state
# outside the caller's block (nothing in .data, .bss, .tdata, .tbss, COMMON; .data.rel.ro, constant
# tables of pointers, may be), no constructors, and no call out of the stack but to the few functions
# that a compiler or an assertion needs. can_fail.sh shows each breach being noticed.
#   check.sh STACK LIST WORK COMPILER FLAG...
set -eu
here=$(cd "$(dirname "$0")" && pwd)
stack=$1 list=$2 work=$3
shift 3
. "$here/compile.sh"

allowed='memcpy|memmove|memset|memcmp|bcmp|strlen|tcp_assert_failed'

if ! is_stale "$work/clean"; then
    exit 0
fi
compile_all "$@"
ld -r -o "$work/stack.o" "$work"/[0-9]*.o
bad=0

# What the program could write to is a section that is allocated and not read-only. objdump prints
# two lines for each section: number, name, size ...; flags.
objdump -h "$work/stack.o" | awk '
    $1 ~ /^[0-9]+$/ { name = $2; size = $3 }
    /ALLOC/ && !/READONLY/ && name !~ /^\.data\.rel\.ro/ && size !~ /^0+$/ {
        print "the stack keeps state of its own: section " name ", 0x" size " bytes"
        bad = 1
    }
    /ALLOC/ && name ~ /^\.(init|fini|preinit|ctors|dtors)/ {
        print "the stack runs code at start or end: section " name
        bad = 1
    }
    END { exit bad }' || bad=1

# Whose they are, for the message: the symbols in sections for data, and the common ones.
nm "$work/stack.o" | awk '$2 ~ /^[bBcCdDsSgG]$/ { print "    " $2 " " $3 }' >"$work/variables"
if [ $bad = 1 ]; then
    cat "$work/variables"
elif grep ' [cC] ' "$work/variables"; then
    echo "the stack keeps state of its own: common symbols"
    bad=1
fi

if nm -u "$work/stack.o" | awk '{ print $2 }' | grep -vxE "$allowed"; then
    echo "the stack calls out: the symbols above; allowed are $allowed"
    bad=1
fi
if [ $bad = 0 ]; then
    touch "$work/clean"
fi
exit $bad
