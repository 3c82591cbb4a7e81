# The log of campaigns (scripts/fuzz --log): what ran, for how long, on which sources, and what came of it,
# fit for committing. Pieces belong together as long as the sources that they ran on are the same: the
# column `sources` is a sum of stack/, harness/oracle/ and fuzz/ as committed, without texts and results.

log_file= # where to; empty: nowhere
log_sources_now=

log_header='date	commit	sources	target	engine	processes	seconds	processor	executions	edges	states	changes	findings	stability'

sources_sum() {
    git -C "$root" ls-tree -r HEAD stack harness/oracle fuzz | grep -v '\.md$\|	fuzz/results/' |
        sha1sum | cut -c 1-12
}

# Only what is committed may be logged.
begin_log() {
    local changed
    git -C "$root" rev-parse HEAD >/dev/null 2>&1 || fail "--log needs a git checkout with a commit"
    changed=$(git -C "$root" status --porcelain -- stack harness fuzz scripts corpus |
        grep -v ' fuzz/results/\| corpus/mutants/.*\.tsv$\|\.md$') || true
    [ -z "$changed" ] || fail_usage "not committed, so nothing can be logged about it:" "$changed"
    log_sources_now=$(sources_sum)
    [ -s "$log_file" ] || printf '%s\n' "$log_header" >"$log_file"
}

# log_target TARGET FOLDER
log_target() {
    local last spent
    [ -n "$log_file" ] || return 0
    if [ "$(sources_sum)" != "$log_sources_now" ]; then
        say "$1: the sources changed meanwhile: not logged"
        return 0
    fi
    IFS=$'\t' read -r -a last < <(tail -n 1 "$2/samples.tsv")
    IFS=$'\t' read -r -a spent <"$2/spent"
    printf '%s\t%s\t%s\t%s\t%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%s\n' "$(date -u +%Y-%m-%dT%H:%MZ)" \
        "$(git -C "$root" rev-parse --short=12 HEAD)" "$log_sources_now" "$1" "$engine${plain:+-plain}" "$processes" \
        "${spent[0]}" "${spent[1]}" "${spent[2]}" "${last[2]}" "${last[3]}" "${last[4]}" \
        "$(findings_of "$2")" "$(stability_of "$2")" >>"$log_file"
}

# What the lines about the present sources come to. A target's findings are those of its last line.
log_total() {
    [ -n "$log_file" ] || return 0
    awk -F '\t' -v sources="$log_sources_now" -v all="$(campaign_targets | wc -l)" '
        $3 == sources {
            seconds += $7; processor += $8; executions += $9; open[$4] = $13
            if (!($4 in seen)) { seen[$4] = 1; targets++ }
        }
        END {
            for (target in open) findings += open[target]
            printf "%s: on these sources %d min (of the processor %d min), %d of %d targets, %d executions, %d findings\n",
                FILENAME, seconds / 60, processor / 60, targets, all, executions, findings
        }' "$log_file"
}

# log_knock_out ID FOLDER FILE: a row for each target that was tried on a broken copy; an older one of the
# same pair goes.
log_knock_out() {
    local id=$1 at target found spent rows
    rows=$(mktemp)
    for at in "$2"/*/; do
        [ -e "$at/spent" ] || continue
        target=$(basename "$at")
        found=$(found_first "$at")
        IFS=$'\t' read -r -a spent <"$at/spent"
        [ ! -e "$3" ] || grep -v "^$id	$target	\|^knock-out	" "$3" >"$rows" || true
        printf '%s\t%s\t%d\t%d\t%d\t%d\t%s\n' "$id" "$target" "${spent[3]}" "${spent[0]}" \
            "${spent[1]}" "${spent[2]}" "${found:--}" >>"$rows"
        {
            printf 'knock-out\ttarget\tseconds given\tseconds\tprocessor\texecutions\tfound\n'
            LC_ALL=C sort "$rows"
        } >"$3"
    done
    rm -f "$rows"
}

# What was found first of all: the name in the oldest report.
found_first() {
    local report
    for report in $(ls -tr "$1"/findings/*/report.txt 2>/dev/null); do
        name_of "$report"
        return
    done
}
