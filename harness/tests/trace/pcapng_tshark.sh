#!/usr/bin/env bash
# A reader that is not ours opens our pcapng without complaint and sees times, comments, directions.
#   pcapng_tshark.sh WRITER    WRITER FILE writes the example
set -euo pipefail
export LC_ALL=C
if ! command -v tshark >/dev/null; then
    echo "skipped: tshark is not installed"
    exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$1" "$folder/example.pcapng"
tshark -r "$folder/example.pcapng" -o tcp.check_checksum:TRUE -T fields -E separator='|' \
    -e frame.time_epoch -e ip.src -e tcp.checksum.status -e frame.comment -e frame.packet_flags_direction \
    >"$folder/got" 2>"$folder/complaints"
grep -v -i -e 'running as user' "$folder/complaints" && {
    echo "tshark complained"
    exit 1
}
cat >"$folder/expected" <<'END'
0.100000000|192.0.2.1|1|made.pkt:2: +.1 < S 0:0(0) win 65535|0x00000001
5000.000001000|192.168.0.1|1|made.pkt: > . 1:4(3) ack 1 win 1000|0x00000002
END
diff "$folder/expected" "$folder/got"
