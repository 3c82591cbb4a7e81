# The parts of scripts/fuzz: one target at a time, its engines side by side or, where there is one
# process for two engines, in turns. Engines learn of each other through their folders of inputs.
#
#   FOLDER/TARGET/corpus      libFuzzer's inputs, which AFL++ reads too (-F)
#                 afl         AFL++'s, of whose queues copies go to libFuzzer (share_queues)
#                 shared      when they last did
#                 crashes     inputs as engines left them
#                 findings    one folder for each different finding (findings.sh)
#                 fixed       those that show nothing any more
#                 page        what is counted while it runs (fuzz/page.h)
#                 samples.tsv seconds, executions, edges, states, changes of state, findings
#                 seeds       its own and those made of the corpus
#                 spent       by the last call: seconds, the processor's, executions, seconds given
#                 log         what the engines said
#   FOLDER/made               seeds made of the corpus, for all targets (seeds.sh)

engines=() # process groups
running=   # the target whose engines run, and what was so before they did:
given=0 began=0 took='' base_seconds=0 base_executions=0 base_processor=0
idle=      # targets of which no input was played

fail_usage() {
    say "$@"
    exit 2
}

stop_engines() {
    local id
    for id in ${engines[@]+"${engines[@]}"}; do
        kill -- "-$id" 2>/dev/null || true
    done
    for id in ${engines[@]+"${engines[@]}"}; do
        { wait "$id"; } 2>/dev/null || true
        # afl-fuzz, which writes down what it knows, lives a little longer than its shell.
        local tries=0
        while kill -0 -- "-$id" 2>/dev/null && [ $((tries += 1)) -lt 100 ]; do sleep .2; done
    done
    engines=()
    [ -z "$running" ] || kill_leftovers "$folder/$running/page"
}

# kill_leftovers PAGE: afl-fuzz may leave a child of its CmpLog's fork server behind, in a session of its own,
# which keeps a lock on the folder, so that the next one would not begin. Whose they are, their page tells.
kill_leftovers() {
    local process
    for process in $(grep -lzxsF "FINWAIT_CAMPAIGN_PAGE=$1" /proc/[0-9]*/environ || true); do
        process=${process#/proc/}
        kill -KILL "${process%/environ}" 2>/dev/null || true
    done
}

# Only what this campaign needs.
build_campaign() {
    local programs=("${targets[@]/#/fuzz_}")
    build_preset fuzz --target "${programs[@]}" "${targets[@]/#/replay_}" fuzz_report fuzz_dictionaries
    [ -z "$plain" ] || build_preset fuzz-plain --target "${programs[@]}"
    build_preset run --target finwait
    if [ "$engine" != libfuzzer ]; then
        build_preset afl --target "${programs[@]}"
        AFL_LLVM_CMPLOG=1 build_preset afl-cmplog --target "${programs[@]}"
        build_preset run --target fuzz_mutator # it is loaded by afl-fuzz: without instrumentation
    fi
}

campaign_targets() {
    sed -n 's/^\([a-z_]*\)	.*/\1/p' "$root/fuzz/campaign.tsv"
}

# option TARGET COLUMN: from fuzz/campaign.tsv; nothing for "-".
option() {
    awk -F '\t' -v target="$1" -v column="$2" \
        '$1 == target && $column != "-" { print $column }' "$root/fuzz/campaign.tsv"
}

# lay_seeds TARGET FOLDER: its own seeds and those that are made of the corpus (seeds.sh).
lay_seeds() {
    local kind
    [ ! -d "$root/corpus/seeds/$1" ] || cp -r "$root/corpus/seeds/$1/." "$2"
    for kind in $(option "$1" 4 | tr , ' '); do
        make_seeds "$kind" "$folder/made" "$finwait_run"
        cp -r "$folder/made/$kind/." "$2"
    done
}

# A seed with a finding would end libFuzzer each time before it has begun. What ended it is named by the sum
# of its octets.
drop_inputs_that_crash() {
    local kind sum path
    while read -r sum path; do
        for kind in crash leak timeout oom; do
            [ ! -e "$1/crashes/$kind-$sum" ] || rm -f "$path"
        done
    done < <(find "$1/seeds" "$1/corpus" -type f -exec sha1sum {} + 2>/dev/null)
}

# One libFuzzer process until `end` (in SECONDS of the shell): it stops at each crash and begins again.
run_libfuzzer() {
    local target=$1 at=$2 end=$3 number=$4 dictionary arguments=()
    dictionary=$(option "$target" 3)
    [ -z "$dictionary" ] || arguments+=("-dict=$root/build/fuzz/fuzz/$dictionary.dict")
    while [ $SECONDS -lt "$end" ]; do
        FINWAIT_CAMPAIGN_PAGE=$at/page "$root/build/fuzz${plain:+-plain}/fuzz/fuzz_$target" \
            -max_total_time=$((end - SECONDS)) "-max_len=$(option "$target" 2)" -timeout=20 \
            -rss_limit_mb=4096 -reload=5 -entropic=0 "-artifact_prefix=$at/crashes/" \
            ${arguments[@]+"${arguments[@]}"} "$at/corpus" "$at/seeds" \
            >>"$at/log/libfuzzer-$number" 2>&1 && break
        drop_inputs_that_crash "$at"
        sleep 1 # a target that cannot even start is not to be started a thousand times
    done
}

# share_queues FOLDER: what AFL++ has found since the last call goes into libFuzzer's folder, the only one
# that libFuzzer reads again while it runs. What came from seeds or from others is there already.
share_queues() {
    local at=$1 sum path new=()
    [ ! -e "$at/shared" ] || new=(-newer "$at/shared")
    touch "$at/sharing"
    while read -r sum path; do
        [ -e "$at/corpus/$sum" ] || cp "$path" "$at/corpus/$sum" 2>/dev/null || true
    done < <(find "$at"/afl/*/queue -maxdepth 1 -type f -name 'id:*' ! -name '*,sync:*' \
        ! -name '*,orig:*' ${new[@]+"${new[@]}"} -exec sha1sum {} + 2>/dev/null || true)
    mv "$at/sharing" "$at/shared"
}

# One AFL++ process; the first is the main one, which also reads libFuzzer's inputs and runs CmpLog.
run_afl() {
    local target=$1 at=$2 end=$3 number=$4 dictionary role arguments=()
    dictionary=$(option "$target" 3)
    [ -z "$dictionary" ] || arguments+=(-x "$root/build/fuzz/fuzz/$dictionary.dict")
    if [ "$number" = 1 ]; then
        role=(-M main -F "$at/corpus" -c "$root/build/afl-cmplog/fuzz/fuzz_$target")
    else
        role=(-S "second-$number")
    fi
    if [ -n "$(option "$target" 5)" ]; then
        export AFL_CUSTOM_MUTATOR_LIBRARY=$root/build/run/fuzz/fuzz_mutator.so
    fi
    FINWAIT_CAMPAIGN_PAGE=$at/page AFL_AUTORESUME=1 AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 \
        AFL_TRY_AFFINITY=1 AFL_SKIP_CRASHES=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_IMPORT_FIRST=1 \
        afl-fuzz -i "$at/seeds" -o "$at/afl" -V $((end - SECONDS)) -t 2000+ \
        -G "$(option "$target" 2)" "${role[@]}" ${arguments[@]+"${arguments[@]}"} \
        -- "$root/build/afl/fuzz/fuzz_$target" >>"$at/log/afl-$number" 2>&1 ||
        say "$target: afl-fuzz ended early: $at/log/afl-$number" 2>&"$told"
}

# start_engines TARGET FOLDER END ENGINE COUNT
start_engines() {
    local number
    for ((number = 1; number <= $5; number++)); do
        set -m # each in a group of its own, so that it can be stopped with all that it started
        { # stays until its engine has ended, so that the engine's time is told
            trap 'exit 143' TERM
            exec {told}>&2 2>>"$2/log/shell" # that an engine was terminated is no news
            "run_$4" "$1" "$2" "$3" "$number"
        } &
        set +m
        engines+=($!)
    done
}

# Who runs until when. Two engines share two processes or more; one process is theirs in turns.
run_engines() {
    local target=$1 at=$2 start=$SECONDS seconds=$3 turn
    if [ "$engine" != both ]; then
        start_engines "$target" "$at" $((start + seconds)) "$engine" "$processes"
        watch "$target" "$at" $((start + seconds))
    elif [ "$processes" -gt 1 ]; then
        start_engines "$target" "$at" $((start + seconds)) libfuzzer $(((processes + 1) / 2))
        start_engines "$target" "$at" $((start + seconds)) afl $((processes / 2))
        watch "$target" "$at" $((start + seconds))
    else
        for turn in 1 2 3 4; do
            local end=$((start + seconds * turn / 4))
            start_engines "$target" "$at" "$end" "$([ $((turn % 2)) = 1 ] && echo libfuzzer || echo afl)" 1
            watch "$target" "$at" "$end"
            if has_enough "$at"; then
                break
            fi
        done
    fi
}

# The most edges that any engine told of. The last line of a log may be cut: awk ends it.
edges_of() {
    tail -qn 4 "$1"/log/libfuzzer-* "$1"/afl/*/fuzzer_stats 2>/dev/null |
        awk '{ for (i = 1; i < NF; i++) if ($i == "cov:") most = $(i + 1) > most + 0 ? $(i + 1) : most }
             END { print most + 0 }' || true
    awk -F ': *' '$1 ~ /^edges_found/ { print $2 + 0 }' "$1"/afl/*/fuzzer_stats 2>/dev/null || true
}

# With --until-found, one finding is enough.
has_enough() {
    [ -n "$until_found" ] && [ "$(findings_of "$1")" -gt 0 ]
}

# The one line of status, and one of samples.tsv.
status() {
    local target=$1 at=$2 seconds=$3 left=$4 edges found numbers
    read -r -a numbers < <("$root/build/fuzz/fuzz/fuzz_report" numbers "$at/page")
    edges=$({ cut -f 3 "$at/samples.tsv"; edges_of "$at"; } | sort -n | tail -n 1)
    found=$(findings_of "$at")
    printf '%d\t%d\t%d\t%d\t%d\t%d\n' $((base_seconds + seconds)) "${numbers[0]}" "$edges" \
        "${numbers[2]}" "${numbers[3]}" "$found" >>"$at/samples.tsv"
    printf '%s: %d s left, %d executions, %d/s, %d edges, %d states, %d of %d changes, %d findings' \
        "$target" "$left" "${numbers[0]}" \
        $(((numbers[0] - base_executions) / (seconds > 0 ? seconds : 1))) "$edges" \
        "${numbers[2]}" "${numbers[3]}" "${numbers[4]}" "$found"
}

# Looks at the engines until `end`: one line, written over on a terminal, told twice a minute elsewhere.
watch() {
    local target=$1 at=$2 end=$3 pause=2 line told=$SECONDS
    while [ $SECONDS -lt "$end" ]; do
        sleep $((pause < end - SECONDS ? pause : end - SECONDS)) || true # a signal to all ends it too
        [ "$engine" != both ] || share_queues "$at"
        sort_crashes "$target" "$at"
        line=$(status "$target" "$at" $((SECONDS - began)) $((end > SECONDS ? end - SECONDS : 0)))
        if [ -t 2 ]; then
            printf '\r\033[K%s' "$line" >&2
        elif [ $((SECONDS - told)) -ge 30 ] || [ $SECONDS -ge "$end" ]; then
            told=$SECONDS
            say "$line"
        fi
        if has_enough "$at"; then
            break
        fi
    done
    stop_engines
    [ ! -t 2 ] || echo >&2
}

# Seconds of the processor that those have taken whom we waited for: the second line of `times`.
processor_seconds() {
    awk 'NR == 2 { for (i = 1; i <= 2; i++) { split($i, part, /[ms]/); sum += part[1] * 60 + part[2] }
                           printf "%d\n", sum }'
}

# The least stability that an AFL++ process tells of, where any ran: the same input, the same coverage.
stability_of() {
    cat "$1"/afl/*/fuzzer_stats 2>/dev/null |
        awk -F ': *' '$1 ~ /^stability/ { sub(/%/, "", $2); if (least == "" || $2 + 0 < least) least = $2 + 0 }
                      END { print least == "" ? "-" : least "%" }' || true
}

executions_of() {
    "$root/build/fuzz/fuzz/fuzz_report" numbers "$1/page" | cut -f 1
}

# run_target TARGET SECONDS
run_target() {
    local target=$1 at=$folder/$1
    mkdir -p "$at"/{corpus,afl,seeds,crashes,findings,seen,log}
    lay_seeds "$target" "$at/seeds"
    share_queues "$at"
    set_aside_fixed "$target" "$at"
    touch "$at/samples.tsv"
    base_seconds=$(tail -n 1 "$at/samples.tsv" | cut -f 1)
    base_seconds=${base_seconds:-0}
    base_executions=$(executions_of "$at")
    times >"$at/times"
    base_processor=$(processor_seconds <"$at/times")
    began=$SECONDS
    running=$target given=$2 took=''
    run_engines "$target" "$at" "$2"
    end_target
    if [ "$(executions_of "$at")" -le "$base_executions" ] && [ "$(findings_of "$at")" = 0 ]; then
        say "$target: not one input was played; what its engines say: $at/log"
        idle+=" $target"
    fi
}

# What is to be known of the target that ran last, by itself to its end or up to a signal; a signal while
# findings are made small calls it again.
end_target() {
    local target=$running at=$folder/$running
    took=${took:-$((SECONDS - began))}
    times >"$at/times"
    printf '%d\t%d\t%d\t%d\n' "$took" \
        $(($(processor_seconds <"$at/times") - base_processor)) \
        $(($(executions_of "$at") - base_executions)) "$given" >"$at/spent"
    share_queues "$at"
    sort_crashes "$target" "$at"
    status "$target" "$at" "$took" 0 >/dev/null
    finish_findings "$target" "$at"
    running=
    log_target "$target" "$at"
}

# However a campaign ends, by itself, a signal or an error: nothing runs on, and what was done is told. A
# second signal ends it at once.
end_campaign() {
    local code=$?
    trap - EXIT INT TERM
    trap '' PIPE # whoever read what we say may have left
    set +e
    stop_engines
    [ -z "$running" ] || end_target
    summarise || [ $code != 0 ] || code=1
    write_page || [ $code -gt 1 ] || code=3
    [ -z "$idle" ] || [ $code -gt 1 ] || code=3
    exit $code
}

# write_page: of all targets that ever ran in this folder; the page before stays where there is no room for
# the whole of a new one.
write_page() {
    local target ran=()
    for target in $(campaign_targets); do
        [ ! -s "$folder/$target/samples.tsv" ] || ran+=("$target")
    done
    [ ${#ran[@]} != 0 ] || return 0
    if "$root/build/fuzz/fuzz/fuzz_report" html "$folder" "${ran[@]}" >"$folder/report.new" &&
        mv "$folder/report.new" "$folder/report.html"; then
        say "report: $folder/report.html"
    else
        say "the report could not be written: $folder/report.html"
        return 1
    fi
}

# Of the targets that this call or one before it has run.
summarise() {
    local target found=0 last line
    for target in "${targets[@]}"; do
        [ -s "$folder/$target/samples.tsv" ] || continue
        IFS=$'\t' read -r -a last < <(tail -n 1 "$folder/$target/samples.tsv")
        printf -v line '%-16s %12d executions %6d edges %3d states %3d changes %3d findings' "$target" \
            "${last[1]}" "${last[2]}" "${last[3]}" "${last[4]}" "$(findings_of "$folder/$target")"
        [ "$engine" = libfuzzer ] || line+="  stability $(stability_of "$folder/$target")"
        echo "$line"
        found=$((found + $(findings_of "$folder/$target")))
    done
    log_total
    [ $found = 0 ]
}
