#!/usr/bin/env bash
# The finwait command from outside: exit codes, messages, and that its output does not depend on how
# many processes do the work.
#   command_test.sh FINWAIT
set -euo pipefail
finwait=$1
. "$(dirname "$0")/expect.sh"
mkdir empty scripts scripts/deep
good_script >scripts/good.pkt
bad_script >scripts/deep/fails.pkt
{
    echo '--ip_version=ipv6'
    cat scripts/good.pkt
} >only6.pkt
printf '0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 bnid 3 = 0\n+0 < Q 0:0(0)\n' >wrong.pkt

# What a user gets for what they name.
expect 0 '^2 passed, 0 failed, 0 skipped$' '' run scripts/good.pkt
expect 1 '^2 passed, 2 failed, 0 skipped$' '' run scripts
expect 1 'scripts/deep/fails.pkt:6:[0-9]+: ' '' run scripts
expect 1 '^replay: finwait run --ip 4 --set mtu=1400 scripts/deep/fails.pkt$' '' \
    run --set mtu=1400 --ip 4 scripts
expect 2 '^wrong.pkt:2:[0-9]+: error: ' '' run wrong.pkt
expect 2 '^wrong.pkt:3:[0-9]+: error: ' '' run wrong.pkt
expect 2 '^2 passed, 2 failed, 0 skipped, 1 invalid$' '' run scripts wrong.pkt
expect 2 '' '^finwait run: gone.pkt: No such file or directory$' run scripts gone.pkt
expect 4 '' '^finwait run: empty holds no scripts' run empty
expect 4 '^0 passed, 0 failed, 1 skipped$' '' run --ip 4 only6.pkt
expect 0 '^1 passed, 0 failed, 0 skipped$' '' run only6.pkt
if [ "$(id -u)" != 0 ]; then
    cp scripts/good.pkt locked.pkt
    chmod 0 locked.pkt
    expect 3 'locked.pkt: cannot be read: Permission denied' '' run locked.pkt
fi

# Outputs that cannot be written.
expect 3 '' '^finwait run: cannot write gone/trace: No such file' run --trace gone/trace scripts
expect 3 'cannot write gone/x.pcapng: No such file' '' run --pcapng gone/x.pcapng scripts/good.pkt
if "$finwait" run scripts/good.pkt >/dev/full 2>err; then
    fail "a full disk went unnoticed"
fi

# Command lines that make no sense, and help.
expect 2 '' 'no verb'
expect 2 '' 'did you mean "run"' rum scripts
expect 2 '' 'did you mean "finwait run scripts"' scripts
expect 2 '' 'no script is named' run
expect 2 '' 'unknown option --laddr; did you mean --ladder\?' run --laddr scripts
expect 0 '^usage: finwait VERB' '' help
expect 0 '^usage: finwait run' '' help run
expect 0 '^  -j, --jobs N' '' run --help
expect 0 '^usage: finwait ladder' '' ladder -h
expect 0 '^finwait [0-9]' '' version

# One output for any number of processes, and again.
for jobs in 0 1 2 5; do
    "$finwait" run -j "$jobs" --repeat 3 --ladder --trace trace.$jobs scripts wrong.pkt \
        >out.$jobs 2>err || true
    same "-j $jobs" out.0 out.$jobs
    same "-j $jobs" trace.0 trace.$jobs
done
grep -q 'SYN-RECEIVED → ESTABLISHED' out.0 || {
    fail "--ladder shows no ladder"
}

# Other reports.
expect 0 '^1 passed' '' run -q --ip 4 scripts/good.pkt
[ "$(wc -l <out)" = 1 ] || {
    fail "--quiet is not quiet"
}
expect 1 '^not ok 1 - scripts/deep/fails.pkt IPv4$' '' run --tap --ip 4 scripts
expect 1 '^1\.\.2$' '' run --tap --ip 4 scripts
expect 0 'peer 192\.0\.2\.1:' '' ladder scripts/good.pkt
expect 0 'LISTEN -> SYN-RECEIVED' '' ladder --ascii scripts/good.pkt
expect 1 'SYN-RECEIVED' 'fails.pkt: failed' ladder scripts/deep/fails.pkt

# Packets: one file, or a folder like that of the scripts.
expect 0 '*' '' run --pcapng one.pcapng scripts/good.pkt
[ "$(head -c 4 one.pcapng | od -An -tx1 | tr -d ' ')" = 0a0d0d0a ] || {
    fail "one.pcapng is no pcapng"
}
if command -v tshark >/dev/null; then # both runs stand in the file, and nothing in it looks wrong
    tshark -r one.pcapng -T fields -e frame.time_epoch -e _ws.malformed >packets 2>/dev/null
    printf '0.%d00000000\t\n' 1 1 2 1 1 2 >expected
    same "tshark" expected packets
fi
expect 1 '*' '' run --pcapng many scripts
[ -s many/good.pcapng ] && [ -s many/deep/fails.pcapng ] || {
    fail "--pcapng many left no files"
}

end
