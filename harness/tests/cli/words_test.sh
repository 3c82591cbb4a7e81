#!/usr/bin/env bash
# Help, the manual page and the completions: all made from the same tables, and each read by the
# program that it is for, where that is installed.
#   words_test.sh FINWAIT
set -euo pipefail
finwait=$1
. "$(dirname "$0")/expect.sh"

expect 0 '^\.TH FINWAIT 1 ' '' help --man
cp out finwait.1
sed 's/\\-/-/g' finwait.1 >plain
if command -v mandoc >/dev/null; then
    mandoc -T lint -W warning finwait.1 >lint || true
    grep -v 'missing date' lint >&2 && fail "mandoc has something to say of the manual page"
fi
if command -v man >/dev/null && command -v groff >/dev/null; then
    [ -z "$(man --warnings -l finwait.1 2>&1 >/dev/null)" ] || fail "man has something to say"
    man -l finwait.1 2>/dev/null | col -b >page
    grep -q -- '--rerun-failed' page || fail "the manual page lacks an option"
fi
expect 0 '^ +msl_us +120000000  maximum segment lifetime' '' help settings
expect 0 '^W06  ack-field-monotone .MUST, RFC 9293 3.4, 3.8.$' '' help oracles
expect 0 '^ +The ACK field never moves back' '' help oracles
expect 2 '' 'there is no verb "setting"' help setting
expect 0 '^complete -F _finwait finwait$' '' completion bash
cp out finwait.bash
bash -n finwait.bash || fail "bash cannot read its completion"
expect 0 '^#compdef finwait$' '' completion zsh
if command -v zsh >/dev/null; then
    cp out finwait.zsh
    zsh -n finwait.zsh || fail "zsh cannot read its completion"
fi
expect 2 '' 'which shell\? bash or zsh' completion
expect 2 '' 'which shell' completion fish

# complete WORDS...: what bash offers for the last of them.
complete_words() {
    (
        compopt() { :; }
        . ./finwait.bash
        COMP_WORDS=("$@")
        COMP_CWORD=$(($# - 1))
        _finwait
        printf '%s ' "${COMPREPLY[@]}"
    )
}
offers() {
    local wanted=$1 got
    shift
    got=$(complete_words "$@")
    [ "$got" = "$wanted" ] || fail "for '$*' bash offers: $got"
}
mkdir folder
touch folder/x.pkt y.pkt z.txt
offers 'run ' finwait ru
offers '--relocate --rerun-failed --repeat ' finwait run --re
offers 'strict ' finwait run --mode s
offers 'nagle= ' finwait run --set nag
offers 'y.pkt ' finwait run y
offers 'z.txt ' finwait audit z
offers 'folder ' finwait run fo
offers 'zsh ' finwait completion z
offers 'ladder list lint ' finwait help l

# Every verb has its help, and the help every option that the verb takes.
for verb in $("$finwait" help | awk '/^  [a-z]/ { print $1 }' | head -n 20); do
    expect 0 "^usage: finwait $verb" '' "$verb" --help
    for option in $(grep -oE -- '--[a-z_-]+' out | sort -u); do
        grep -qF -- "$option" finwait.bash || fail "the completion lacks $option"
        grep -qF -- "$option" plain || fail "the manual page lacks $option"
    done
    awk 'length > 100' out | grep . && fail "help of $verb is wider than 100 columns"
done
# The doctor, wherever it is: every finding that is not ok says what mends it.
"$finwait" doctor >out || [ $? = 3 ] || fail "finwait doctor: another exit code than 0 or 3"
grep -qE '^[0-9]+ ok, [0-9]+ notes, [0-9]+ wrong: ' out || fail "finwait doctor has no summary"
[ "$(grep -cE '^(note|wrong) ' out)" = "$(grep -cE '^         ' out)" ] || fail "doctor: what mends it?"
(PATH=/nowhere "$finwait" doctor >out2) && fail "finwait doctor: all well without a compiler"
grep -q '^wrong  no C compiler' out2 || fail "finwait doctor misses no compiler"

expect 2 '' 'there is no verb "rum"' help rum
end
