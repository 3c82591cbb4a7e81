#!/usr/bin/env bash
# Everything that can be wrong with what finwait is given: a clear word and the documented exit code,
# never a crash, never silence.
#   errors_test.sh FINWAIT
set -euo pipefail
finwait=$1
. "$(dirname "$0")/expect.sh"
mkdir scripts empty
good_script >scripts/good.pkt

# Paths.
for verb in run list ladder states; do
    expect 2 '' "^finwait $verb: gone.pkt: No such file or directory$" $verb gone.pkt
    expect 2 '' "^finwait $verb: \"\": No such file" $verb ''
    expect 2 '' "^finwait $verb: scripts/good.pkt/: Not a directory$" $verb scripts/good.pkt/
    expect 4 '' "^finwait $verb: empty holds no scripts \(\*\.pkt\)$" $verb empty
    expect 2 '' "^finwait $verb: no script is named$" $verb
    expect 2 '' "^Try \"finwait $verb --help\"\.$" $verb
    expect 2 '' "unknown option --filtre; did you mean --filter\?" $verb --filtre x scripts
done
ln -s nowhere scripts/dangling.pkt
expect 3 'scripts/dangling.pkt: cannot be read: No such file' '' run scripts
expect 3 '*' 'scripts/dangling.pkt: cannot be read: No such file' list scripts
rm scripts/dangling.pkt
ln -s . scripts/loop
expect 0 '^2 passed' '' run scripts
mkdir locked
good_script >locked/good.pkt
good_script >closed.pkt
chmod 755 . && chmod 0 locked closed.pkt

# As somebody whom permissions bind, when we are root.
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
    cp "$finwait" ./finwait
    chmod 755 finwait
    real=$finwait
    printf '#!/bin/sh\nexec setpriv --reuid=65534 --regid=65534 --clear-groups %s "$@"\n' \
        "$folder/finwait" >as_nobody
    chmod 755 as_nobody
    finwait=$folder/as_nobody
fi
if [ "$(id -u)" != 0 ] || [ -x as_nobody ]; then
    expect 3 'closed.pkt: cannot be read: Permission denied' '' run closed.pkt
    expect 3 '' '^finwait run: cannot read the folder locked: Permission denied$' run locked
    expect 3 '' '^finwait list: cannot read the folder locked: Permission denied$' list locked
    expect 3 '' '^finwait cmin: locked: cannot be read: Permission denied$' cmin locked
    mkdir inputs && : >inputs/empty && cp closed.pkt inputs/closed && chmod 0 inputs/closed
    expect 3 '' '^finwait cmin: inputs/closed: cannot be read: Permission denied$' \
        cmin inputs
    grep -q '^0 of 1 inputs do all that they do, 1 cannot be played$' err || fail "cmin: no sum"
    for verb in show min; do
        expect 3 '' "^finwait $verb: closed.pkt: cannot be read: Permission denied$" $verb closed.pkt
    done
    expect 3 '^closed.pkt: refused: .*Permission denied' '' replay closed.pkt
fi
if [ -x as_nobody ]; then
    expect 3 '' '^finwait run: cannot write trace: Permission denied$' run --trace trace scripts
    expect 3 '' '^finwait run: cannot write x.xml: Permission denied$' run --junit x.xml scripts
    expect 3 'cannot write x.pcapng: Permission denied' '' run --pcapng x.pcapng scripts
    expect 3 '' '^finwait states: cannot write x.svg: Perm' states --svg x.svg scripts
    finwait=$real
fi
chmod 700 locked closed.pkt

# A path that is not there is a mistake of the command line, whichever verb it is for.
for verb in run ladder states list fmt lint matrix bless show encode min cmin; do
    expect 2 '' 'gone.pkt: .*No such file or directory$' $verb gone.pkt
done
for verb in show encode min cmin; do
    expect 2 '' 'gone: cannot be read: No such file or directory$' $verb gone
done
expect 2 'gone: cannot be read: No such file or directory$' '' replay gone
expect 2 '*' '^gone: cannot be read: No such file' audit gone
expect 2 '' '^gone: No such file' import gone
expect 2 '' '--requirements names the folder' matrix --requirements gone scripts
for words in help 'help run' 'help cmin'; do
    # shellcheck disable=SC2086
    expect 0 '^ +2 .*, or a path that is named does not exist$' '' $words
    grep -q 'a file or folder that is$' out || fail "$words: no word of what cannot be read"
done

# Scripts: cut off anywhere, binary, empty.
bytes=$(wc -c <scripts/good.pkt)
for ((i = 1; i < bytes; i += 3)); do
    head -c $i scripts/good.pkt >cut.pkt
    code=0
    "$finwait" run -j 0 cut.pkt >out 2>err || code=$?
    case $code in
    0 | 1) ;;
    2) grep -qE '^cut.pkt(:[0-9]+:[0-9]+)?: ' out || fail "cut after $i: no place" ;;
    *) fail "cut after $i: exit code $code" ;;
    esac
done
head -c 5000 "$finwait" >binary.pkt
printf '0 socket\0(' >nul.pkt
printf '\377\376' >bytes.pkt
: >nothing.pkt
for name in binary nul bytes nothing; do
    expect 2 "^$name.pkt:1:[0-9]+: error: " '' run $name.pkt
    [ "$(wc -l <out)" -lt 100 ] || fail "a book about $name.pkt"
    expect 2 '' "^$name.pkt:1:[0-9]+: error: " list $name.pkt
done

# Values of options.
expect 2 '' 'there is no profile called "x"' run --profile x scripts
expect 2 '' '--set mtu=abc: not a whole number' run --set mtu=abc scripts
expect 2 'does not fit into mtu' '' run --set mtu=99999999999 scripts
expect 2 '' '--mode wants strict|compat|portable, not "x"' run --mode x scripts
expect 2 '' '--jobs wants a number from 0 to 1024, not "9999"' run -j 9999 scripts
expect 2 '' '--repeat wants a number from 1 to 1000000000, not "0"' run --repeat 0 scripts
expect 2 '' 'unknown option --ip_version; did you mean --ip\?' run --ip_version=4 scripts
expect 2 '' 'unknown option -Z' run -Z scripts
expect 2 '' '--quiet takes no value' run --quiet=1 scripts
expect 2 '' '--trace wants FILE, not ""' run --trace '' scripts

# Standard output that takes nothing.
for words in 'run scripts' 'run --json scripts' 'run --tap scripts' 'list scripts' 'states scripts' \
    'ladder scripts' help 'help --man' 'completion bash' version doctor 'run --help'; do
    code=0
    # shellcheck disable=SC2086
    "$finwait" $words >/dev/full 2>err || code=$?
    [ $code = 3 ] || fail "$words: exit code $code on a full disk"
    grep -q 'cannot write standard output: No space left' err || fail "$words: silent on a full disk"
done
for words in 'run --junit - scripts' 'run --junit=/dev/stdout scripts' 'replay --junit - closed.pkt'; do
    code=0
    # shellcheck disable=SC2086
    "$finwait" $words >/dev/full 2>err || code=$?
    [ $code = 3 ] || fail "$words: exit code $code on a full disk"
    grep -q 'cannot write standard output: No space left' err || fail "$words: silent on a full disk"
done
expect 3 'cannot write scripts/good.pkt/x: Not a directory' '' \
    run --pcapng scripts/good.pkt/x scripts/good.pkt
expect 3 '' 'cannot write .: Is a directory' run --junit . scripts

# A report never takes the place of a script: --trace *.pkt would, where its file is forgotten.
cp scripts/good.pkt kept.pkt
for words in 'run --trace' 'run --junit' 'run --pcapng' 'ladder --svg' 'states --svg' 'matrix --svg' \
    'matrix --md' 'matrix --html' 'matrix --write-covered'; do
    # shellcheck disable=SC2086
    expect 2 '' "^finwait .*${words#* } .*a script \(\.pkt\)" $words scripts/good.pkt scripts
done
cmp -s kept.pkt scripts/good.pkt || fail "a report was written over a script"
cp kept.pkt script
ln script linked
for words in 'run --trace linked' 'run --junit linked' 'run --pcapng linked'; do
    # shellcheck disable=SC2086
    expect 2 '' 'linked: would be written over what is read' $words script
done
cmp -s kept.pkt script || fail "a report was written over what it tells of"
expect 2 '' '--trace and --junit both want same' run --trace same --junit same scripts

expect 2 '' 'the verb comes first' --ip 4 run scripts
expect 3 '' '--requirements names the folder' matrix --requirements empty scripts

# Words too many.
for words in 'sim 5' 'doctor x' 'version x' 'completion bash zsh' 'help run list'; do
    # shellcheck disable=SC2086
    expect 2 '' "^finwait ${words%% *}: " $words
done
expect 2 '' '^finwait sim: there is no use for "5"$' sim 5
expect 2 '' 'there is no profile called "x"; there is: rfc' run --profile x scripts
expect 2 '' '--shuffle wants a number or random, not "x"' run --shuffle x scripts

# A script may come out of a pipe, once; what has no end is not read for ever.
expect 0 '^2 passed' '' run <(cat scripts/good.pkt)
for verb in list lint ladder; do
    expect 0 '*' '' $verb <(cat scripts/good.pkt)
done
expect 3 '/dev/zero: cannot be read: it is no regular file and has more than 64 MiB' '' run /dev/zero
for verb in list lint fmt bless; do
    expect 3 '*' '/dev/zero: cannot be read: it is no regular file' $verb /dev/zero
done
expect 3 '' '^standard input: cannot be read: it is no regular file and has more' fmt - </dev/zero
mkfifo kept-pipe.pkt
expect 3 '' 'kept-pipe.pkt: cannot be read: it is no regular file' fmt kept-pipe.pkt
expect 3 '*' 'kept-pipe.pkt: cannot be read: it is no regular file' bless --write kept-pipe.pkt
[ -p kept-pipe.pkt ] || fail "a file was put in the place of a pipe"
rm kept-pipe.pkt

# What never ends is stopped.
mkfifo silent.pkt
expect 3 'no end after 1 s of real time: killed' '' run --timeout 1 -j 1 silent.pkt
expect 3 '^2 passed, 0 failed, 0 skipped, 1 broken$' '' run --timeout 1 -j 2 silent.pkt scripts
end
