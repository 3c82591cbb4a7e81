# How fast a fuzz target plays, with every oracle that needs no octets looking on: over a corpus that was
# grown on this machine, or one that is given. Growing and measuring may be stopped at any time; the next
# call goes on from there.
#
#   build/bench/TARGET/corpus   what was grown, `grown` for how many seconds
#                      runs-*   one line a run, of one program over one corpus

runs_wanted=5
longest_input=200 # octets: about a dozen events

fail_bench() {
    say "usage: scripts/bench target [TARGET] [--for 60s] [--grow 10m] [--corpus FOLDER]"
    exit 2
}

# seconds_in 60|60s|10m
seconds_in() {
    case $1 in
    *[!0-9sm]* | '') fail_bench ;;
    *m) echo $((${1%m} * 60)) ;;
    *) echo "${1%s}" ;;
    esac
}

# grow_corpus TARGET FOLDER SECONDS: as many in all, in rounds of a minute so that little is lost.
grow_corpus() {
    local grown round
    while grown=$(cat "$2/grown" 2>/dev/null || echo 0) && [ "$grown" -lt "$3" ]; do
        round=$(($3 - grown < 60 ? $3 - grown : 60))
        "$root/build/fuzz/fuzz/fuzz_$1" -max_total_time="$round" -max_len=$longest_input -entropic=0 \
            "-artifact_prefix=$2/crash-" "$2/corpus" "$root/corpus/seeds/$1" >"$2/log" 2>&1 ||
            fail "growing stopped: $2/log (a finding?)"
        echo $((grown + round)) >"$2/grown"
    done
}

# report_runs FOLDER WORDS PROGRAM CORPUS SECONDS: the middle of five runs.
report_runs() {
    local runs
    runs=$1/runs-$(cat "$3" <(ls "$4") <(echo "$5") | cksum | cut -d ' ' -f 1)
    touch "$runs"
    if [ "$(wc -l <"$runs")" -ge $runs_wanted ]; then
        : >"$runs"
    fi
    while [ "$(wc -l <"$runs")" -lt $runs_wanted ]; do
        "$3" "$5" "$4" >"$runs.new" || fail "$3 failed"
        cat "$runs.new" >>"$runs"
        rm "$runs.new"
    done
    sort -n -k 8 "$runs" | sed -n "$((runs_wanted / 2 + 1))p" | awk -v words="$2" '{
        printf "%s: %d executions/s, %d events/s; %s inputs of %s events, ", words, $8, $10, $2, $12
        printf "%s of the segments pass the sequence check, host of %d octets\n", $14, $16 }'
}

bench_target() {
    local target=established for=5 grow=60 corpus='' at
    while [ $# -gt 0 ]; do
        case $1 in
        --for | --grow | --corpus) [ $# -ge 2 ] || fail_bench ;;&
        --for) for=$(seconds_in "$2") && shift ;;
        --grow) grow=$(seconds_in "$2") && shift ;;
        --corpus) corpus=$2 && shift ;;
        -*) fail_bench ;;
        *) target=$1 ;;
        esac
        shift
    done
    [ -f "$root/fuzz/targets/$target.c" ] || fail_bench
    at=$root/build/bench/$target
    mkdir -p "$at/corpus"
    build_preset speed --target "speed_$target"
    build_preset speed-asan --target "speed_$target"
    if [ -z "$corpus" ]; then
        build_preset fuzz --target "fuzz_$target"
        corpus=$at/corpus
        grow_corpus "$target" "$at" "$grow"
    fi
    report_runs "$at" "plain build" "$root/build/speed/fuzz/speed_$target" "$corpus" "$for"
    report_runs "$at" "ASan and UBSan" "$root/build/speed-asan/fuzz/speed_$target" "$corpus" "$for"
}
