# Seeds of fuzz targets, made of all of corpus/ (column 4 of fuzz/campaign.tsv):
#   scripts   every script as it stands
#   causes    every script that causes can say, its numbers as they are and as references to what is
#             nearest (finwait encode); every flow of a capture, from both ends, by way of a script
#             (finwait import)
#   captures  what happens in every script, as a capture (finwait run --pcapng)
# A target's own, corpus/seeds/TARGET, come first. Names hold the path below corpus/.

# seed_name PATH: chapter-03-answering-a-client, of .../corpus/chapter/03-answering-a-client.pkt
seed_name() {
    local name=${1#"$root"/corpus/}
    name=${name%.pkt}
    echo "${name//\//-}"
}

# keep_seed FILE COMMAND...: what the command writes into FILE, unless it fails or nothing is written.
keep_seed() {
    local file=$1
    shift
    { "$@" >/dev/null 2>&1 || rm -f "$file"; } 2>/dev/null # a broken stack's crash is no news here
    [ -s "$file" ] || rm -f "$file"
}

scripts_of_corpus() {
    find "$root/corpus" -name '*.pkt' | LC_ALL=C sort
}

# seeds_of_scripts FOLDER
seeds_of_scripts() {
    local script
    while IFS= read -r script; do
        cp "$script" "$1/$(seed_name "$script")"
    done < <(scripts_of_corpus)
}

# seeds_of_causes FOLDER FINWAIT
seeds_of_causes() {
    local script capture side flow name
    while IFS= read -r script; do
        name=$1/$(seed_name "$script")
        keep_seed "$name" "$2" encode --output="$name" "$script"
        keep_seed "$name-relative" "$2" encode --relative --output="$name-relative" "$script"
    done < <(scripts_of_corpus)
    for capture in "$root"/corpus/seeds/capture/*; do
        for flow in 1 2 3 4; do
            for side in a b; do
                name=$1/import-$(basename "$capture")-$flow-$side
                "$2" import --flow "$flow" --side "$side" "$capture" >"$1/import.pkt" 2>/dev/null ||
                    continue
                keep_seed "$name" "$2" encode --relative --output="$name" "$1/import.pkt"
            done
        done
    done
    rm -f "$1/import.pkt"
}

# seeds_of_captures FOLDER FINWAIT
seeds_of_captures() {
    local script name
    while IFS= read -r script; do
        name=$1/$(seed_name "$script")-pcapng
        "$2" run --ip 4 --jobs 0 --pcapng "$name" "$script" >/dev/null 2>&1 || true
        [ -s "$name" ] || rm -f "$name"
    done < <(scripts_of_corpus)
}

# make_seeds KIND FOLDER FINWAIT: into FOLDER/KIND, unless it is there and nothing has changed since.
make_seeds() {
    local to=$2/$1
    if [ -e "$to.made" ] && [ -z "$(find "$root/corpus" "$3" -newer "$to.made" -print -quit)" ]; then
        return
    fi
    rm -rf "$to" "$to.made"
    mkdir -p "$to"
    touch "$to.begun"
    "seeds_of_$1" "$to" "$3"
    mv "$to.begun" "$to.made"
}
