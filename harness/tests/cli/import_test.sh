#!/usr/bin/env bash
# finwait import from outside: captures of scripts become scripts that pass, and the stack does the same
# in them.
#   import_test.sh FINWAIT CORPUS
set -euo pipefail
finwait=$1 corpus=$2
. "$(dirname "$0")/expect.sh"
cp -r "$corpus/chapter" "$corpus/regress" .
"$finwait" run --quiet --pcapng captures chapter regress >/dev/null

# The stack has its own address in each flow of a capture of ours; IPv4 comes first.
mkdir scripts
while read -r capture; do
    name=$(echo "$capture" | tr / _)
    for number in 1 2; do
        stack=$([ $number = 1 ] && echo 192.168.0.1 || echo fd3d:fa7b:d17d::1)
        "$finwait" import --flow $number --side $stack "$capture" >"scripts/$name.$number.pkt" 2>err && continue
        rm "scripts/$name.$number.pkt"
        grep -qE 'there is no TCP|there is no flow|wants a, b or the address|begin with its SYN' err ||
            { cat err; fail "$capture, flow $number: not imported"; }
    done
done < <(find captures -name '*.pcapng' | sort)
[ "$(find scripts -name '*.pkt' | wc -l)" -ge 40 ] || fail "too few captures could be imported"
expect 0 ' passed, 0 failed, 0 skipped$' '' run --quiet scripts
"$finwait" fmt --check scripts >out || fail "imports are not in canonical layout"
"$finwait" lint scripts >out || { cat out; fail "imports have lint"; }

# Where the time of a read does not show, the stack sends what it had sent.
for chapter in 02-connecting-to-a-server 13-the-client-closes-first 14-both-close-at-once; do
    "$finwait" run --quiet --pcapng again "scripts/captures_chapter_$chapter.pcapng.1.pkt" >/dev/null
    for file in "captures/chapter/$chapter.pcapng" again; do
        "$finwait" import --side b "$file" 2>/dev/null | grep -E '^\+.* [<>] ' | sed 's/^+[^ ]* *//'
    done >both
    lines=$(wc -l <both)
    same "$chapter, once and again" <(head -n $((lines / 2)) both) <(tail -n $((lines / 2)) both)
done

# What is inferred, from the side that answers and from the one that calls.
capture=captures/chapter/22-a-web-server.pcapng
expect 0 '^\+0    accept\(3, \.\.\., \.\.\.\) = 4$' 'flow 1 of 2; --flow chooses another' import $capture
expect 0 '^\+0    read\(4, \.\.\., 18\) = 18$' '*' import --side b $capture
expect 0 '^\+0    close\(4\) = 0$' '*' import $capture
expect 0 '^\+0    connect\(3, \.\.\., \.\.\.\) = -1 EINPROGRESS' '*' import --side a $capture
expect 0 '^--ip_version=ipv6$' '*' import --flow 2 $capture

# What cannot be imported.
head -c 1000 $capture >cut.pcapng
: >empty
expect 2 '' 'there is no flow 9 in it \(2 there are\)' import --flow 9 $capture
expect 2 '' '--side wants a, b or the address' import --side c $capture
expect 2 '' 'name one capture' import $capture $capture
expect 2 '' 'the file is empty' import empty
expect 2 '' '^cut.pcapng: ' import cut.pcapng
expect 2 '' 'No such file' import gone

# From a pipe.
cat $capture | "$finwait" import - 2>err | sed 1d >piped
"$finwait" import $capture 2>err | sed 1d | cmp - piped || fail "a pipe makes another script"
end
