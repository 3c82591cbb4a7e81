#!/usr/bin/env bash
# finwait show and encode: an input to a script and back, and what is wrong with either.
#   causes_test.sh FINWAIT
set -euo pipefail
finwait=$1
. "$(dirname "$0")/expect.sh"

cat >open.pkt <<'END'
+0 tcp.open(passive, 80, ..., 5) = c0
+0 < 8000 > 80 S 5:5(0) win 65535 <mss 1460>
+0 > 80 > 8000 S. 0:0(0) ack 6 <mss 1460>
+.5 < 8000 > 80 . 6:6(0) ack 1 win 65535
wait until deadline-1us
END

# There and back: the same octets, whichever way they go.
expect 0 '' '' encode open.pkt -o open
expect 0 '^\+0 < 8000 > 80 S 5!:5!\(0\) win 65535 <mss 1460>$' '' show --no-run open
grep -q '//' out && fail "--no-run still says what the stack did"
cp out shown.pkt
grep -q '^+0.5 < 8000 > 80 . irs+1:irs+1(0) ack iss+1 win 65535$' shown.pkt || fail "no references"
expect 0 '' '' encode shown.pkt --output again
same "what is shown encodes to something else" open again
expect 0 '*' '' encode open.pkt
same "standard output differs" open out

# A shown script runs, and says what happened.
expect 0 '1 passed' '' run shown.pkt
expect 0 '^//   > 80 > 8000 S. 0:0\(0\) ack 6 win 65535 <mss 1460>$' '' show open
grep -q '^//   80 > 8000: LISTEN to SYN-RECEIVED$' out || fail "no change of state"
grep -q '^//   at 0.5: 80 > 8000: SYN-RECEIVED to ESTABLISHED$' out || fail "no time"
expect 0 '^\+0.5 < 8000 > 80 . 6:6\(0\) ack 1 win 65535$' '' show --concrete open
cp out concrete.pkt
expect 0 '1 passed' '' run concrete.pkt

# Nothing is wrong with it: replay says so, in every way that it can.
expect 5 '^open: fixed$' '' replay open shown.pkt
grep -q '^0 reproduced, 2 fixed, 0 flaky, 0 refused$' out || fail "no sum"
expect 5 '^ok 1 - open$' '' replay --tap --junit=junit.xml open
grep -q 'tests="1" failures="0"' junit.xml || fail "no JUnit"
expect 2 '^nowhere: refused: .*cannot be read' '' replay nowhere open
expect 3 '^\.: refused: .*Is a directory' '' replay . nowhere open
printf '%s\n' --mode=causes '+0 tcp.open(active, 9000, 9000) = c1' >ports.pkt
expect 2 '^ports.pkt: refused: ports.pkt:2:[0-9]*: error: no pair has these ports' '' replay ports.pkt
expect 2 '' 'no input is named' replay
expect 5 '' 'there is no finding in open' min open
expect 2 '' 'one input is to be named' min

# Of many inputs the small ones that do all: a copy that waits longer adds nothing, another state does.
mkdir many
cp open many/b
printf '%s\n' '+0 wait for 1ms' | cat open.pkt - >longer.pkt
expect 0 '' '' encode longer.pkt -o many/a
printf '%s\n' '+0 tcp.open(active, 80, 8001) = c1' >active.pkt
expect 0 '' '' encode active.pkt -o many/c
expect 0 '^many/b$' '^2 of 3 inputs' cmin many
grep -q '^many/c$' out || fail "another state is not kept"
! grep -q '^many/a$' out || fail "a longer input that adds nothing is kept"
expect 0 '^many/a$' '^1 of 1 inputs' cmin many/a
expect 2 '' 'folders of inputs' cmin
expect 2 '' 'nowhere: cannot be read: No such file' cmin nowhere open
mkdir none
expect 4 '' 'there is no input' cmin none

# One that is none does not stand in the way of the others, and nothing is lost in silence.
cp -r many mixed
printf '0 < S 0:0(\n' >mixed/bad.pkt
expect 2 '^mixed/b$' '^mixed/bad.pkt:1:11: error' cmin mixed
grep -q '^finwait cmin: mixed/bad.pkt: cannot be played, left out$' err || fail "cmin hides what it leaves out"
grep -q '^2 of 3 inputs do all that they do, 1 cannot be played$' err || fail "cmin: no sum"
grep -q '^mixed/c$' out || fail "cmin ends at what is no input"
ln -s nowhere mixed/dangling
expect 3 '^mixed/c$' '^finwait cmin: mixed/dangling: cannot be read: No such file' cmin mixed
grep -q '^2 of 3 inputs do all that they do, 2 cannot be played$' err || fail "cmin: no sum"
mkdir only && ln -s nowhere only/dangling
expect 3 '' 'there is no input' cmin only

# Any octets are an input, even none.
: >empty
expect 0 '^--mode=causes$' '' show empty
cp out empty.pkt
expect 0 '1 passed' '' run empty.pkt
head -c 400 "$finwait" >any
expect 0 '^--ip_version=' '' show any

# Numbers from what is nearest, and times from the next deadline, for seeds.
cat >late.pkt <<'END'
+0 tcp.open(passive, 80, ..., 5) = c0
+0 < 8000 > 80 S 5:5(0) win 65535 <mss 1460>
+0 > 80 > 8000 S. 0:0(0) ack 6 <mss 1460>
+1 > 80 > 8000 S. 0:0(0) ack 6 <mss 1460>
+.5 < 8000 > 80 . 6:6(0) ack 1 win 65535
END
expect 0 '' '' encode --relative late.pkt -o late
expect 0 '^.0 wait until deadline$' '' show --no-run late
grep -q '^+0.5 < 8000 > 80 . rcv.nxt:rcv.nxt(0) ack snd.nxt win 65535$' out || fail "not the nearest"

# Two hosts are shown without a run.
printf -- '--mode=causes\n--hosts=2\n--delay=20ms\n+0 a: tcp.open(active, 80, 8000) = c1\n+0 a>b #0 drop\n' >two.pkt
expect 0 '' '' encode two.pkt -o two
expect 0 '^\+0 a>b #0 drop$' '' show two
expect 0 'host a +host b' '' ladder two.pkt
expect 0 'host b' '' run --trace - two.pkt
expect 0 '> #0 80 > 8000 S .* 64 octets' '' run --ip 6 --trace - two.pkt
expect 0 '1 passed' '' run --ip 4 --pcapng two.pcapng two.pkt
expect 0 '^two.pcapng' '' audit two.pcapng
expect 4 'two hosts know no --oracles' '' run --oracles W24 two.pkt
expect 2 'mtu must be' '' run --set mtu=1 two.pkt
expect 2 '' '--concrete needs a run, of one host' show --concrete two

# One of them alone: what it met, and what it does then.
expect 0 '^// host a of two$' '' show --host a two.pkt
grep -q '^// of both: nothing is found$' out || fail "no word of what was found"
grep -q '^//   > 80 > 8000 S 0:0(0) win 65535 <mss 1460>$' out || fail "host a does not open"
cp out alone.pkt
expect 0 '1 passed' '' run alone.pkt
expect 0 '^// host b of two$' '' show --host b two
expect 0 '^// host b of two$' '' show --host b --seed 3
expect 2 '' 'the two hosts are a and b' show --host c two
expect 2 '' '--host chooses one of two hosts' show --host a open
expect 2 '' 'the two hosts are a and b' min --host c two
expect 2 '' '--host chooses one of two hosts' min --host a open
expect 5 '' 'there is no finding in two' min --host b two

# All blocks of a SACK stand in it.
printf '%s\n' --mode=causes --hosts=2 '+0 a: tcp.open(active, 80, 8000) = c1' \
    '+0 a: < @c1 . 1!:1!(0) ack iss+1 win 9 <sack iss+10:iss+20 iss+30:iss+40 iss+50:iss+60>' >sack.pkt
expect 0 '<sack iss.10:iss.20 iss.30:iss.40 iss.50:iss.60>' '' show --host a sack.pkt

# What cannot be.
expect 2 '' 'one input is to be named' show
expect 2 '' 'one script is to be named' encode open.pkt open.pkt
expect 2 '' 'nowhere: cannot be read' show nowhere
expect 2 '' 'nowhere: cannot be read' min nowhere
expect 2 '' 'nowhere.pkt: cannot be read' encode nowhere.pkt
expect 3 '' 'cannot write' encode open.pkt -o no/where
printf '0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 listen(30, 5) = 0\n' >far.pkt
expect 2 '' 'far.pkt:2:11: error: no cause has this descriptor' encode far.pkt
printf '0 < S 0:0(0)\n+0 < . 1:1(0) raw(checksum=1)\n' >raw.pkt
expect 2 '' 'raw.pkt:2:19: error: no cause damages a packet so' encode raw.pkt
printf '%s\n' --mode=causes '+0 wait for 300h' >wait.pkt
expect 2 '' 'wait.pkt:2:1: error: a wait of more than 11 days cannot be encoded' encode wait.pkt
# What is no regular file is nobody's finding: a pipe gives its octets once, a device has no end.
mkfifo pipe pipe.pkt
for name in pipe pipe.pkt /dev/zero; do
    expect 3 "^$name: refused: .*: cannot be read: it is no regular file$" '' replay --timeout 5 $name
    for verb in show min; do
        expect 3 '' "^finwait $verb: $name: cannot be read: it is no regular file$" $verb $name
    done
    expect 3 '' "^finwait cmin: $name: cannot be read: it is no regular file$" cmin $name
done
expect 3 '' '^finwait encode: /dev/zero: cannot be read: it is no regular file and has more than' \
    encode /dev/zero
expect 0 '' '' encode <(cat open.pkt) -o piped
same "a script from a pipe encodes to something else" open piped

# What would be passed over is refused.
expect 2 '' 'an input or a seed' show --seed 3 open
expect 2 '' '--set goes with --seed or --host' show --set mtu=500 open
expect 2 '' '--minimize goes with --seed' show --minimize open

# What encode reads is a script, whatever its name; octets are none.
cp open.pkt called-otherwise
expect 0 '' '' encode called-otherwise -o same-octets
same "the name of a script changes its octets" open same-octets
expect 2 '' '^open:1:[0-9]+: error: ' encode open

# Nobody's input is written over.
cp open kept
for verb in show encode min; do
    expect 2 '' "^finwait $verb: .*: would be written over what is read" $verb open -o ./open
done
same "an input was written over" kept open
cp open.pkt kept.pkt
ln open.pkt linked
expect 2 '' 'written over' show open.pkt -o linked
expect 2 '' 'written over' encode open.pkt -o linked
expect 2 '' 'octets are no script' encode open.pkt -o octets.pkt
same "a script was written over" kept.pkt open.pkt
printf '0 < S 0:0(\n' >bad.pkt
expect 2 '' 'bad.pkt:1:11: error' encode bad.pkt
end
