#!/bin/sh
# Two scripts bring the stack the same packets: the same lines in the scripts, the same octets at the
# same times in their runs. To see it fail, change a packet or a time in one of them.
#   same_packets.sh FINWAIT WORK A.pkt B.pkt
set -eu
finwait=$1 work=$2 a=$3 b=$4
rm -rf "$work"
mkdir -p "$work"

# same WHAT: $work/a and $work/b hold the same, and something.
same() {
    if ! [ -s "$work/a" ]; then
        echo "no packets in $a ($1)"
        exit 1
    fi
    if ! diff "$work/a" "$work/b"; then
        echo "the packets differ ($1)"
        exit 1
    fi
}

# injected SCRIPT: its inbound packets as written, without their times.
injected() {
    sed -n 's/^[+0-9.]*  *\(< .*\)$/\1/p' "$1"
}

injected "$a" >"$work/a"
injected "$b" >"$work/b"
same "in the scripts"

# arrived IP SCRIPT OUT: what its run brought to the stack, with time, octets and their digest, but
# without the line of the script.
arrived() {
    "$finwait" run --quiet --ip="$1" --trace="$work/trace" "$2"
    sed -n 's/^\([0-9.]* < .*\) \[line [0-9]*\]$/\1/p' "$work/trace" >"$3"
}

for ip in 4 6; do
    arrived $ip "$a" "$work/a"
    arrived $ip "$b" "$work/b"
    same "on the wire, IPv$ip"
done
