#!/usr/bin/env bash
# Every batch of two segments, out of seventeen, in ten states and on the next connection's number as it may be: no
# oracle fires. Numbers are absolute, so that an old segment stays old and a guessed one right, whatever the
# segment before it has done.
#   batches_test.sh FINWAIT [SEGMENTS]
set -euo pipefail
finwait=$1 segments=${2:-2}
. "$(dirname "$0")/expect.sh"

mkdir scripts
awk -v segments="$segments" '
# port 8000 > 80, with that ACK field or none (-1)
function segment(flags, seq, octets, ack) {
    return "< 8000 > 80 " flags " " seq "!:" (seq + octets) "!(" octets ")" (ack < 0 ? "" : " ack " ack "!") \
        " win 10000" (flags ~ /S/ ? " <mss 536>" : "")
}

# A state: how one comes there, RCV.NXT and SND.NXT.
function state(name, text, rcv_nxt, snd_nxt) {
    names[++states] = name
    texts[states] = text
    rcv[states] = rcv_nxt
    snd[states] = snd_nxt
}

function alphabet(p, n, iss) {
    letters = 0
    letter[++letters] = segment("R", p, 0, -1)
    letter[++letters] = segment("R", p + 1, 0, -1)
    letter[++letters] = segment("R", 2, 0, -1)
    letter[++letters] = segment("R", p + 1001, 0, -1)
    letter[++letters] = segment("S", p + 1000, 0, -1)
    letter[++letters] = segment("S", 0, 0, -1)
    letter[++letters] = segment("S", p, 3, -1)
    letter[++letters] = segment("S", p + 1, 0, -1)
    letter[++letters] = segment("S.", p, 0, n)
    letter[++letters] = segment(".", p, 0, n)
    letter[++letters] = segment("P.", p, 10, n)
    letter[++letters] = segment("F.", p, 0, n)
    letter[++letters] = segment("F.", p + 1, 0, iss + 1)
    letter[++letters] = segment(".", p + 1001, 0, iss + 1)
    letter[++letters] = segment("P.", p + 1001, 10, iss + 1)
    letter[++letters] = segment("F.", p + 1001, 0, iss + 1)
    letter[++letters] = segment(".", 1, 0, 1001)
}

BEGIN {
    syn = "+0 < 8000 > 80 S 0!:0!(0) win 10000 <mss 1000>\n"
    opened = syn "+0 < 8000 > 80 . 1!:1!(0) ack 1001! win 10000\n+0 tcp.accept(c0) = c1\n"
    close_it = "+0 tcp.close(c1) = ...\n"
    peers_fin = "+0 < 8000 > 80 F. 1!:1!(0) ack 1001! win 10000\n"
    waiting = opened close_it "+0 < 8000 > 80 F. 1!:1!(0) ack 1002! win 10000\n+0 tcp.release(c1) = ...\n"
    state("listen", "", 0, 1000)
    state("syn-received", syn, 1, 1001)
    state("established", opened, 1, 1001)
    state("fin-wait-2", opened close_it "+0 < 8000 > 80 . 1!:1!(0) ack 1002! win 10000\n", 1, 1002)
    state("close-wait", opened peers_fin, 2, 1001)
    state("closing", opened close_it peers_fin, 2, 1002)
    state("last-ack", opened peers_fin close_it, 2, 1002)
    state("time-wait", waiting, 2, 1002)
    state("reopened", waiting "+0 set iss=9000\n+1 < 8000 > 80 S 5000!:5000!(0) win 10000 <mss 1000>\n", 5001, 9001)
    state("aborted", opened "+0 tcp.abort(c1) = ...\n", 1, 1001)
    for (s = 1; s <= states; s++) {
        for (choice = 0; choice < 3; choice++) {
            iss = choice == 0 ? 9000 : snd[s] - choice % 2
            alphabet(rcv[s], snd[s], iss)
            for (word = letters ^ segments; word < 2 * letters ^ segments; word++) {
                batch = ""
                for (rest = word; rest >= letters; rest = int(rest / letters)) {
                    batch = batch letter[rest % letters + 1] "\n"
                }
                file = "scripts/" names[s] "-" choice "-" word ".pkt"
                printf "--mode=causes\n--ip_version=ipv4\n+0 set fixed_iss=1\n+0 set iss=1000\n" \
                    "+0 tcp.open(passive, 80, ..., 4) = c0\n%s+0 set iss=%d\n+1 batch {\n%s}\n+0 %s\n+0 %s\n" \
                    "+0 tcp.accept(c0) = c2\n+0 tcp.send(c2, ..., 10) = ...\n+0 wait for 300s\n", \
                    texts[s], iss, batch, letter[word % 13 + 1], letter[word % 17 + 1] >file
                close(file)
            }
        }
    }
}'
expect 0 ' passed, 0 failed, 0 skipped$' '' run --quiet scripts
# Some of them as the targets play them: in a world, without anything else in it.
mapfile -t some < <(find scripts -name '*.pkt' | sort | sed -n '0~97p')
expect 5 '^0 reproduced, [1-9][0-9]* fixed, 0 flaky, 0 refused$' '' replay "${some[@]}"
end
