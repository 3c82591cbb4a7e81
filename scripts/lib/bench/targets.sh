# How fast a fuzz target plays, with every oracle that needs no octets looking on: over a corpus that was
# grown on this machine, or one that is given. The compiler optimises by a profile of playing that corpus.
# Growing and measuring may be stopped at any time; the next call goes on from there.
#
#   build/bench/TARGET/corpus        what was grown, `grown` for how many seconds
#                      *.profdata    what one build learnt from playing one corpus
#                      runs-*        one line a run, of one program over one corpus
#   build/bench/PRESET.profdata      the profile that PRESET is built by now

runs_wanted=5
learning_seconds=5
longest_input=160 # octets: about ten events

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

# sum_of PROGRAM CORPUS SECONDS: what names a play.
sum_of() {
    cat "$1" <(ls "$2") <(echo "$3") | cksum | cut -d ' ' -f 1
}

# build_by_profile PRESET TARGET FOLDER CORPUS: a build by another profile is a new one.
build_by_profile() {
    local learner=$root/build/$1-profile/fuzz/speed_$2 profile=$root/build/bench/$1.profdata learnt
    build_preset "$1-profile" --target "speed_$2"
    learnt=$3/$1-$(sum_of "$learner" "$4" $learning_seconds).profdata
    if [ ! -f "$learnt" ]; then
        say "$1: learning from the corpus"
        rm -rf "$3/profile"
        LLVM_PROFILE_FILE=$3/profile/%m "$learner" $learning_seconds "$4" >/dev/null || fail "$learner failed"
        llvm-profdata-14 merge -o "$learnt.new" "$3"/profile/*
        mv "$learnt.new" "$learnt"
    fi
    if ! cmp -s "$learnt" "$profile"; then
        rm -rf "$root/build/$1"
        cp "$learnt" "$profile"
    fi
    build_preset "$1" --target "speed_$2"
}

count_runs() {
    cat "$1" 2>/dev/null | wc -l
}

# run_once RUNS PROGRAM CORPUS SECONDS: unless there are enough.
run_once() {
    if [ "$(count_runs "$1")" -lt $runs_wanted ]; then
        "$2" "$4" "$3" >"$1.new" || fail "$2 failed"
        cat "$1.new" >>"$1"
        rm "$1.new"
    fi
}

# middle_of RUNS: its line, by executions a second.
middle_of() {
    sort -n -k 8 "$1" | sed -n "$((runs_wanted / 2 + 1))p"
}

# report_runs WORDS RUNS
report_runs() {
    middle_of "$2" | awk -v words="$1" '{
        printf "%s: %d executions/s, %d events/s; %s inputs of %s events, ", words, $8, $10, $2, $12
        printf "%s of the segments pass the sequence check, host of %d octets\n", $14, $16 }'
}

# compare_builds TARGET FOLDER CORPUS SECONDS: the plain build and the one with sanitizers take turns, so
# that what else the machine does slows both; the middle of five runs of each.
compare_builds() {
    local plain=$root/build/speed/fuzz/speed_$1 checked=$root/build/speed-asan/fuzz/speed_$1
    local plain_runs checked_runs round
    plain_runs=$2/runs-$(sum_of "$plain" "$3" "$4")
    checked_runs=$2/runs-$(sum_of "$checked" "$3" "$4")
    if [ "$(count_runs "$plain_runs")" -ge $runs_wanted ] &&
        [ "$(count_runs "$checked_runs")" -ge $runs_wanted ]; then
        rm "$plain_runs" "$checked_runs"
    fi
    for ((round = 0; round < runs_wanted; round++)); do
        run_once "$plain_runs" "$plain" "$3" "$4"
        run_once "$checked_runs" "$checked" "$3" "$4"
    done
    sed -n 's/^model name[^:]*: /processor: /p' /proc/cpuinfo | sed -n 1p
    printf "middle of %d runs of %d s of one core's time each, all cheap oracles after each event\n" \
        $runs_wanted "$4"
    report_runs "plain build" "$plain_runs"
    report_runs "ASan and UBSan" "$checked_runs"
    { middle_of "$plain_runs" && middle_of "$checked_runs"; } | awk '
        NR == 1 { plain = $8 }
        NR == 2 { printf "with sanitizers: %.1f %% of the plain rate\n", 100 * $8 / plain }'
}

bench_target() {
    local target=established for=5 grow=60 corpus='' at
    while [ $# -gt 0 ]; do
        case $1 in
        --for | --grow | --corpus) [ $# -ge 2 ] || usage "$1 needs a value" ;;&
        --for)
            for=$(seconds_of "$2")
            shift
            ;;
        --grow)
            grow=$(seconds_of "$2")
            shift
            ;;
        --corpus) corpus=$2 && shift ;;
        -*) usage "no such option: $1" ;;
        *) target=$1 ;;
        esac
        shift
    done
    [ -f "$root/fuzz/targets/$target.c" ] || usage "there is no target $target"
    at=$root/build/bench/$target
    mkdir -p "$at/corpus"
    if [ -z "$corpus" ]; then
        build_preset fuzz --target "fuzz_$target"
        corpus=$at/corpus
        grow_corpus "$target" "$at" "$grow"
    fi
    build_by_profile speed "$target" "$at" "$corpus"
    build_by_profile speed-asan "$target" "$at" "$corpus"
    compare_builds "$target" "$at" "$corpus" "$for"
}
