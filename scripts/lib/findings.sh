# What engines found, from the crash to the report. A finding is a folder of FOLDER/TARGET/findings, named
# by the sum of the words that tell findings apart:
#   input        octets that show it
#   input.pkt    the same as a script, where the input is a list of causes
#   report.txt   how to see it again, what happens as a ladder, the whole trace
#   unfinished   nothing has been made small yet: a signal came between
# Whoever mends it need not take it away: the next campaign plays it again, and moves what shows nothing
# any more to FOLDER/TARGET/fixed.

finwait_run=$root/build/run/harness/cli/finwait

findings_of() {
    find "$1/findings" -mindepth 1 -maxdepth 1 -type d | wc -l
}

# The words by which findings are told apart: which oracle fired in what state, or which law does not hold,
# without numbers and paths; and where in our sources it happened.
bucket_words() {
    sed -n -e 's/, cause [0-9]* of host [ab]//' -e 's/^finding: \([A-Z][0-9][0-9] [^:]*\).*/\1/p' \
        -e '/^finding: /{s///; s/ [^ ]*\/[^ ]*//g; s/[0-9][0-9]*/N/g; p}' \
        -e 's/^.*\(Assertion .* failed\|SUMMARY: .*Sanitizer: [a-z-]*\|runtime error: [a-z -]*\).*/\1/p' \
        -e 's/^ *#[0-9]* 0x[0-9a-f]* in \([a-z_0-9]*\) .*\/\(stack\|harness\)\/.*/\1/p' "$1" |
        awk 'NR <= 4'
}

# The first of them.
name_of() {
    bucket_words "$1" | awk 'NR == 1'
}

bucket_of() {
    bucket_words "$1" | cksum | cut -d ' ' -f 1
}

endless_after=60 # seconds

# replay TARGET INPUT REPORT: false when it shows nothing.
replay() {
    local code=0
    { timeout "$endless_after" "$root/build/fuzz/fuzz/replay_$1" "$2" >"$3" 2>&1; } 2>/dev/null || code=$?
    [ $code != 124 ] || echo 'finding: it does not end' >>"$3"
    [ $code != 0 ]
}

# shows TARGET INPUT REPORT BUCKET: whether it is this finding that the input shows.
shows() {
    replay "$1" "$2" "$3" && [ "$(bucket_of "$3")" = "$4" ]
}

# set_aside_fixed TARGET FOLDER: findings of a campaign before this one that are none on these sources. What
# crashed before may do so again and is news then.
set_aside_fixed() {
    local target=$1 at=$2 keep
    for keep in "$at"/findings/*; do
        if [ -s "$keep/input" ] && ! replay "$target" "$keep/input" "$at/replayed.txt"; then
            say "$target: finding $(basename "$keep") is fixed"
            mkdir -p "$at/fixed"
            rm -rf "$at/fixed/$(basename "$keep")"
            mv "$keep" "$at/fixed"
            rm -f "$at"/crashes/* "$at"/seen/*
        fi
    done
}

# sort_crash TARGET FOLDER CRASH: it is replayed, put into its bucket, and the bucket's shortest input kept.
sort_crash() {
    local target=$1 at=$2 crash=$3 report=$2/replayed.txt bucket keep
    if ! replay "$target" "$crash" "$report"; then # a timeout that was none, or the engine's own end
        say "$target: $(basename "$crash") shows nothing when it is played again: $at/log"
        return
    fi
    bucket=$(bucket_of "$report")
    keep=$at/findings/$bucket
    if [ ! -e "$keep/input" ]; then
        mkdir -p "$keep"
        say "$target: finding $bucket: $(name_of "$report")"
    elif [ "$(stat -c %s "$crash")" -ge "$(stat -c %s "$keep/input")" ]; then
        return
    fi
    : >"$keep/unfinished"
    rm -f "$keep/input.pkt"
    cp "$crash" "$keep/input"
    report_finding "$target" "$keep" "$report"
}

# Every crash that is new. It is seen once it is sorted and not before: a signal may come between.
sort_crashes() {
    local crash
    for crash in "$2"/crashes/* "$2"/afl/*/crashes/id*; do
        if [ -f "$crash" ] && [ ! -e "$2/seen/$(basename "$crash")" ]; then
            sort_crash "$1" "$2" "$crash"
            : >"$2/seen/$(basename "$crash")"
        fi
    done
}

# What happens, as a ladder, where the input is a list of causes for one host.
draw_finding() {
    local version
    [ -e "$1/input.pkt" ] || return 0
    version=$(sed -n 's/^--ip_version=ipv//p' "$1/input.pkt")
    "$finwait_run" ladder --ip "${version:-4}" "$1/input.pkt" 2>/dev/null || true
    echo
}

# report_finding TARGET FINDING REPLAYED
report_finding() {
    {
        printf 'replay: %q %q\n' "$root/build/fuzz/fuzz/replay_$1" "$2/input"
        [ ! -e "$2/input.pkt" ] || printf 'or:     %q replay %q\n' "$finwait_run" "$2/input.pkt"
        echo
        draw_finding "$2"
        cat "$3"
    } >"$2/report.txt"
}

# minimise_input TARGET FINDING REPLAYED: the engine takes octets away; not from what does not end, where it
# would wait for each try.
minimise_input() {
    local smaller=$2/smaller
    rm -f "$smaller"
    if [ "$(name_of "$2/report.txt")" = 'it does not end' ]; then
        return
    fi
    timeout 120 "$root/build/fuzz/fuzz/fuzz_$1" -minimize_crash=1 -max_total_time=20 -timeout=20 \
        "-exact_artifact_path=$smaller" "$2/input" >/dev/null 2>&1 || true
    if [ -s "$smaller" ] && shows "$1" "$smaller" "$3" "$(basename "$2")"; then
        mv "$smaller" "$2/input"
    fi
    rm -f "$smaller"
}

# write_script TARGET FINDING REPLAYED: the script that the target printed, without what the finding does not
# need; and the input of that script, which means the same to the target and to finwait: as an engine leaves
# it, it may ask for a start that the target has not, and takes another. REPLAYED is of that input then.
write_script() {
    local script=$2/input.pkt small=$2/small
    sed '1,/^---- scenario$/d; /^---- end of scenario$/,$d' "$3" >"$script"
    if [ ! -s "$script" ]; then
        rm "$script" # not a list of causes
        return
    fi
    if timeout 60 "$finwait_run" min --output="$small.pkt" "$script" 2>/dev/null; then
        mv "$small.pkt" "$script"
    fi
    if "$finwait_run" encode --output="$small" "$script" 2>/dev/null; then
        if shows "$1" "$small" "$3" "$(basename "$2")"; then
            mv "$small" "$2/input"
        else
            replay "$1" "$2/input" "$3" || true
        fi
    fi
    rm -f "$small" "$small.pkt"
}

# Makes each finding small, as long as it stays the same one, and says how to see it again.
finish_findings() {
    local target=$1 at=$2 keep report=$2/replayed.txt
    for keep in "$at"/findings/*; do
        [ -e "$keep/unfinished" ] || continue
        minimise_input "$target" "$keep" "$report"
        replay "$target" "$keep/input" "$report" || true
        write_script "$target" "$keep" "$report"
        report_finding "$target" "$keep" "$report"
        rm "$keep/unfinished"
    done
}
