#!/usr/bin/env bash
# Bad input from outside: whatever a file holds, run, fmt and lint either do their work or refuse it with
# a message and the right exit code, in memory and time that grow with the file and not faster.
#   bad_input_test.sh FINWAIT
set -eu
export LC_ALL=C
finwait=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
failures=0

fail() {
    failures=$((failures + 1))
    printf '%s\n' "$*"
    head -c 600 out err | sed 's/^/  /'
}

most=40000 # bytes that one script may make us read

# A sanitizer wants all of the address space: then memory is not limited.
limit_kib=2500000
if ! (ulimit -v $limit_kib && "$finwait" version) >/dev/null 2>&1; then
    limit_kib=unlimited
fi

# expect CODE PATTERN ARGS...: the exit code, and what the two streams together must hold;
# '' means: nothing.
expect() {
    local code=$1 pattern=$2 got=0
    shift 2
    (ulimit -v $limit_kib && exec timeout 100 "$finwait" "$@") >out 2>err || got=$?
    [ "$got" = "$code" ] || fail "finwait $*: exit code $got, not $code"
    if [ -z "$pattern" ]; then
        [ ! -s out ] && [ ! -s err ] || fail "finwait $*: not silent"
        return
    fi
    cat out err | grep -qaE -- "$pattern" || fail "finwait $*: nothing like: $pattern"
    [ "$(cat out err | wc -c)" -lt $most ] || fail "finwait $*: who should read all that?"
}

# refused PATTERN FILE: all three verbs call it a script that makes no sense.
refused() {
    expect 2 "$1" run -j0 "$2"
    expect 2 "$1" lint "$2"
    cp "$2" before
    expect 2 "$1" fmt "$2"
    cmp -s before "$2" || fail "fmt has changed $2, which it cannot read"
}

# ---- files that are no scripts --------------------------------------------------------------------

: >empty.pkt
refused 'empty.pkt:1:1: error: a script without events' empty.pkt
printf ' \n\n' >blank.pkt
refused 'a script without events' blank.pkt
head -c 100000 "$finwait" >binary.pkt
refused 'a NUL byte: this is no script but a binary file' binary.pkt
printf '0 close(3) = 0\n+0 close\0(4) = 0\n' >zero.pkt
refused 'zero.pkt:2:9: error: a NUL byte' zero.pkt
awk 'BEGIN { for (i = 0; i < 20000; i++) printf "%c%c", 128 + i % 128, 1 + i % 30 }' >noise.pkt
refused 'a character that is no part of the language' noise.pkt
printf '0 clo\033[31mse(3) = 0\n' >escape.pkt
refused 'error: ' escape.pkt
! grep -qa $'\033' err || fail "control characters reach the terminal"

# ---- size --------------------------------------------------------------------------------------------

long=10000000
head -c $long /dev/zero | tr '\0' x >word.pkt
refused 'word.pkt:1:1: error: ' word.pkt
{
    printf '0 read(3, "'
    head -c $long /dev/zero | tr '\0' x
} >string.pkt
refused 'this string is not closed' string.pkt
{
    printf '0 close(3'
    yes ',1' | head -n $((long / 4)) | tr -d '\n'
    printf ') = 0\n'
} >arguments.pkt
expect 2 'does not take' run -j0 arguments.pkt
expect 1 'lint-unbound-fd' lint arguments.pkt
expect 0 '^arguments.pkt$' fmt arguments.pkt
expect 0 '' fmt --check arguments.pkt
{
    printf '// '
    head -c $long /dev/zero | tr '\0' x
    printf '\n0 close(3) = -1 EBADF // '
    head -c $long /dev/zero | tr '\0' y
} >comment.pkt
expect 0 '' lint comment.pkt
expect 0 '^comment.pkt$' fmt comment.pkt
expect 0 '' fmt --check comment.pkt

{
    printf '0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 listen(3, 1) = 0\n'
    yes 'quiet for 1us' | head -n 1000000
} >million.pkt
expect 0 '1 passed' run -j0 --ip 4 million.pkt
expect 0 '' lint million.pkt
expect 0 '^million.pkt$' fmt million.pkt
expect 0 '' fmt --check million.pkt

# ---- cut off ------------------------------------------------------------------------------------------

cat >whole.pkt <<'END'
--set=msl_us=30s // a comment
req MUST-5
/* more */
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 bind(3, ..., ...) = 0
+0 listen(3, 1) = 0
+.1 < @a S 0:0(0) win 1000 <mss 1460>
+0 > @a S. 0:0(0) ack 1 <...>
+.1 < @a P. 1:3(2) ack 1 "ab"
one of { > . 1:1(0) ack 3 } or nothing
+0 accept(3, ..., ...) = 4
+0 read(4, "ab", 9) = 2
+0 write(4, ..., 0x3) = -1 EPIPE (Broken pipe)
assert @a state == CLOSE-WAIT, rcv.nxt == 3
END
mkdir cut
for ((i = 0; i < $(wc -c <whole.pkt); i++)); do
    head -c $i whole.pkt >"cut/$(printf %04d $i).pkt"
done
most=1000000
expect 2 ' invalid$' run -q -j0 --ip 4 cut
expect 2 'the statement|the script ends too early' lint cut
expect 2 'the statement|the script ends too early' fmt cut
expect 2 'the script ends too early' fmt --check cut
most=40000

# ---- other systems' files ------------------------------------------------------------------------------

printf '0 close(3) = -1 EBADF // why\n+1 close(3) = -1 EBADF\n' >plain.pkt
sed 's/$/\r/' plain.pkt >crlf.pkt
{
    printf '\357\273\277'
    cat plain.pkt
} >mark.pkt
"$finwait" fmt plain.pkt >out 2>err || fail "plain.pkt"
for name in crlf mark; do
    expect 0 '1 passed' run -j0 --ip 4 $name.pkt
    expect 0 '' lint $name.pkt
    expect 0 "^$name.pkt\$" fmt $name.pkt
    cmp plain.pkt $name.pkt || fail "fmt leaves $name.pkt different"
done
printf '\357\273\277+0 clos 3\n' >marked.pkt
refused 'marked.pkt:1:9: error: ' marked.pkt

# ---- depth, lengths, numbers ---------------------------------------------------------------------------

{
    printf '0 f('
    head -c 100000 /dev/zero | tr '\0' '['
} >deep.pkt
refused 'nested|deep' deep.pkt
while IFS='|' read -r script pattern; do
    printf '0 %s\n' "$script" >number.pkt
    refused "number.pkt:1:[0-9]+: error: $pattern" number.pkt
done <<'END'
< . 1:5000000001(5000000000) ack 1|.* out of range
< . 1:5(400) ack 1|the numbers do not fit
< . 1:1(0) win 65536|a window is out of range
< . 1:1(0) urg 65536|.* out of range
< . 1:1(0) ack 4294967296|a sequence number is out of range
< . 1:1(0) <mss 70000>|an MSS is out of range
< . 1:1(0) <wscale 256>|.* out of range
< 70000 > 80 . 1:1(0)|.* out of range
close(99999999999999999999) = 0|a number is out of range
quiet for 99999999999999999999h|.*
set msl_us=99999999999999999999999|.*
> . 1:1(0) ack|the script ends too early
END
printf '99999999999999 close(3) = 0\n' >number.pkt
refused 'error: ' number.pkt
printf '0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 < . 1:70001(70000) ack 1\n+0 > R 1:1(0)\n' \
    >large.pkt
expect 2 'more than one packet can hold' run -j0 large.pkt

# ---- fmt and files ----------------------------------------------------------------------------------------

printf '0   close(3)=-1 EBADF\n' >mode.pkt
chmod 640 mode.pkt
ln -s mode.pkt link.pkt
expect 1 '^link.pkt$' fmt --check link.pkt
expect 0 '^link.pkt$' fmt link.pkt
[ -L link.pkt ] || fail "fmt has replaced a symbolic link"
[ "$(stat -c %a mode.pkt)" = 640 ] || fail "fmt has changed the mode"
[ "$(cat mode.pkt)" = '0     close(3) = -1 EBADF' ] || fail "fmt has not formatted"
expect 0 '' fmt mode.pkt
[ "$(printf '0 close( 3 )=0' | "$finwait" fmt -)" = '0     close(3) = 0' ] || fail "fmt -"
got=0
printf '0 close( 3 )=0' | "$finwait" fmt --check - >out 2>err || got=$?
[ "$got" = 1 ] || fail "fmt --check - has exit code $got"

# A disk without room: the script is as before, and nothing is left behind.
mkdir full
yes '0 close(3)=-1 EBADF' | head -n 20000 >full/script.pkt
cp full/script.pkt before
got=0
(
    trap '' XFSZ
    ulimit -f 4
    exec "$finwait" fmt full/script.pkt
) 2>err >/dev/null || got=$?
[ "$got" = 3 ] || fail "fmt without room for the result: exit code $got"
grep -q 'full/script.pkt: cannot be written: ' err || fail "fmt does not tell that there is no room"
cmp -s before full/script.pkt || fail "fmt has damaged a script"
[ "$(ls -A full)" = script.pkt ] || fail "fmt leaves a file behind"
if [ "$(id -u)" != 0 ]; then
    chmod 555 full
    expect 3 'cannot be written: Permission denied' fmt full/script.pkt
    chmod 755 full
    chmod 444 full/script.pkt
    expect 3 'cannot be written: Permission denied' fmt full/script.pkt
fi
expect 2 'gone.pkt: No such file' fmt gone.pkt
expect 2 'gone.pkt: No such file' lint gone.pkt
mkdir none
expect 4 'holds no scripts' fmt none
expect 4 'holds no scripts' lint none
expect 2 'no script is named' fmt

# ---- lint's report -----------------------------------------------------------------------------------------

printf '1 close(3) = -1 EBADF\n.5 quiet for 1s\n' >back.pkt
expect 1 '^back.pkt:2:1: warning: time goes back to .5, .* \[lint-time-back\]$' lint back.pkt
expect 1 '^    because an event cannot happen before the event above it$' lint back.pkt
expect 1 '^1 finding in 1 script$' lint back.pkt
expect 1 '^\{"type":"finding","script":"back.pkt","line":2,"column":1,"length":2,"id":"lint-time-back"' \
    lint --json back.pkt
expect 0 '' lint plain.pkt
expect 2 'lint-time-back' lint back.pkt empty.pkt

echo "$failures failures"
[ "$failures" = 0 ]
