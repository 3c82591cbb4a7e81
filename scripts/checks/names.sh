#!/bin/sh
# No file of the tree has a name that looks like an accident: a redirection to `-`, what an editor, a
# debugger or a profiler leaves, something new at the top.
#   names.sh [FILE]   looks at what git tracks; or at the names in FILE, one a line
# To see it fail: touch ./- && git add ./-
set -eu
if [ $# = 1 ]; then
    names=$(cat "$1")
else
    git rev-parse --is-inside-work-tree >/dev/null 2>&1 || exit 0 # an archive of the sources has no list
    names=$(git -c core.quotePath=true ls-files)
fi
printf '%s\n' "$names" | awk '
    function accident(why) { print $0 ": " why; accidents++ }
    BEGIN {
        split(".ci .clang-format .clusterfuzzlite .github .gitignore CMakeLists.txt CMakePresets.json " \
            "LICENSE README.md corpus fuzz harness scripts stack", words, " ")
        for (i in words) top[words[i]] = 1
        split("c h in json md mutant pkt pl py sh tsv txt yaml yml", words, " ")
        for (i in words) ending[words[i]] = 1
    }
    {
        count = split($0, part, "/")
        last = part[count]
        bare = last !~ /\./
        stem = last
        if (!bare && last !~ /^\./) sub(/\.[^.]*$/, "", stem)
        if (!(part[1] in top)) {
            accident("nothing of that name belongs at the top (or names.sh does not know it yet)")
        } else if ($0 !~ /^[A-Za-z0-9._\/-]+$/ || $0 ~ /\/[-.]/) {
            accident("a name begins with a letter or digit and has only these, and . _ -")
        } else if (stem !~ /[A-Za-z][A-Za-z]/) {
            accident("too short to say what is in it")
        } else if (bare && $0 !~ /^(LICENSE|\.ci\/|scripts\/[a-z-]+$|corpus\/seeds\/|.*\/Dockerfile$)/) {
            accident("only seeds, commands in scripts/ and Dockerfiles have no ending")
        } else if (!bare && count > 1 && !((tolower(substr(last, match(last, /[^.]*$/)))) in ending)) {
            accident("no file of the tree ends so (or names.sh does not know it yet)")
        }
    }
    END { exit accidents > 0 }
'
