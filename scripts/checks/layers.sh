#!/bin/sh
# The include graph: a folder includes only itself and the folders before it. Checked from the
# #include lines of every source below the working folder, or below $1.
#
# A quoted include is looked up as the compiler would: in stack/include, in harness/ (for harness
# and fuzz) and in stack/. One that is found nowhere is an error too.
set -eu
cd "${1:-.}"
find stack harness fuzz -name '*.[ch]' 2>/dev/null | LC_ALL=C sort | xargs awk '
BEGIN {
    # Folders of one rank do not include one another.
    rank_all("stack", "base wire stream congestion,recovery tcb host socket invariants")
    rank_all("harness", "base scenario,trace causes sut oracle run,world sim,capture report matrix cli")
    rank_all("tcp", "types address,limits,seq,segment,state,config wire icmp host socket")
    # The folders that know only a part of the public headers: the highest they may include.
    highest_public["stack/base"] = "seq"
    highest_public["stack/wire"] = "icmp"
    highest_public["stack/stream"] = "wire"
}

function rank_all(tree, list,   levels, names, count, i, j, n) {
    count = split(list, levels, " ")
    for (i = 1; i <= count; i++) {
        n = split(levels[i], names, ",")
        for (j = 1; j <= n; j++)
            rank[tree "/" names[j]] = i
    }
}

function exists(path,   line, status) {
    if (!(path in known)) {
        status = (getline line < path)
        known[path] = status >= 0
        close(path)
    }
    return known[path]
}

# "stack/tcb/rtt.c" lives in "stack/tcb"; tests in "stack/tests"; public headers each are a room.
function room(path,   part, n) {
    n = split(path, part, "/")
    if (part[1] == "stack" && part[2] == "include") {
        sub(/\.h$/, "", part[n])
        return "tcp/" part[n]
    }
    return n > 2 ? part[1] "/" part[2] : part[1]
}

function target(name,   local) {
    local = FILENAME
    sub(/[^\/]*$/, "", local)
    if (name ~ /^tcp\//) return "stack/include/" name
    if (FILENAME !~ /^stack\// && exists("harness/" name)) return "harness/" name
    if (FILENAME ~ /^fuzz\// && exists("fuzz/" name)) return "fuzz/" name
    if (exists("stack/" name)) return "stack/" name
    if (exists(local name)) return local name
    if (exists("harness/" name)) return "harness/" name
    return ""
}

function complain(what) {
    printf "%s:%d: %s\n", FILENAME, FNR, what
    bad = 1
}

function check(name,   from, to, path, from_tree, to_tree, limit) {
    path = target(name)
    if (path == "" || !exists(path)) {
        complain("\"" name "\" is in no folder of the tree")
        return
    }
    from = room(FILENAME)
    to = room(path)
    if (from == to) return
    from_tree = from; sub(/\/.*/, "", from_tree)
    to_tree = to; sub(/\/.*/, "", to_tree)
    if (to_tree == "harness" && (from_tree == "stack" || from_tree == "tcp"))
        complain("the stack includes the harness: \"" name "\"")
    else if (to_tree == "stack" && from_tree == "tcp")
        complain("a public header includes an internal one: \"" name "\"")
    else if (to_tree == "fuzz" && from_tree != "fuzz")
        complain("only fuzz/ includes fuzz/: \"" name "\"")
    else if (to == "stack/tests" || to == "harness/tests")
        complain("nothing includes the tests: \"" name "\"")
    else if (from_tree == "fuzz" || from == "stack/tests" || from == "harness/tests")
        return
    else if (!(from in rank))
        complain("folder " from " has no place in the order (scripts/checks/layers.sh)")
    else if (!(to in rank))
        complain(to " has no place in the order (scripts/checks/layers.sh)")
    else if (from_tree == to_tree && rank[to] >= rank[from])
        complain(from " may not include " to)
    else if (to_tree == "tcp" && from in highest_public) {
        limit = rank["tcp/" highest_public[from]]
        if (rank[to] > limit)
            complain(from " may not include " to)
    }
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
    split($0, quoted, "\"")
    check(quoted[2])
    files++
}
/^[ \t]*#[ \t]*include[ \t]*<(tcp|base|wire|stream|congestion|recovery|tcb|host|socket)\// {
    split($0, quoted, /[<>]/)
    check(quoted[2])
}
/^[ \t]*#[ \t]*include[ \t]*[<"].*\.c[>"]/ { complain("a source file is included") }

END {
    if (files == 0) { print "no includes found: wrong folder?"; bad = 1 }
    exit bad
}'
