# What the tests of the command share; to be sourced, with finwait=PATH set. Makes a folder, goes there
# and removes it in the end; no test reads or leaves anything outside.
export LC_ALL=C
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export XDG_STATE_HOME=$folder/state HOME=$folder
failures=0

# A script that passes; `sed 's/ack 1 </ack 2 </'` makes it fail in line 6.
good_script() {
    cat <<'END'
// A handshake that the peer begins.
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 bind(3, ..., ...) = 0
+0 listen(3, 1) = 0
+.1 < S 0:0(0) win 65535 <mss 1460>
+0 > S. 0:0(0) ack 1 <...>
+.1 < . 1:1(0) ack 1 win 65535
+0 accept(3, ..., ...) = 4
END
}

bad_script() { good_script | sed 's/ack 1 <\.\.\.>/ack 2 <...>/'; }

# fail WHAT: notes what went wrong.
fail() {
    failures=$((failures + 1))
    echo "$*"
}

# expect CODE OUT ERR ARGS...: the exit code, and patterns (grep -E) that must be in standard output
# and standard error; '' means that the stream is empty, '*' anything.
expect() {
    local code=$1 out=$2 err=$3 got=0
    shift 3
    "$finwait" "$@" >out 2>err || got=$?
    # LeakSanitizer says this of a worker that is stopped while it looks for leaks at its exit.
    sed -i '/^==[0-9]*==Unable to get registers from thread/d' err
    local problem=
    [ "$got" = "$code" ] || problem="exit code $got, not $code"
    fits "$out" out || problem+="; standard output lacks: $out"
    fits "$err" err || problem+="; standard error lacks: $err"
    if [ -n "$problem" ]; then
        fail "finwait $*: $problem"
        sed 's/^/  out: /' out
        sed 's/^/  err: /' err
    fi
}

fits() {
    case $1 in
    '') [ ! -s "$2" ] ;;
    '*') true ;;
    *) grep -qE -- "$1" "$2" ;;
    esac
}

# same WHAT A B: two files with the same bytes.
same() {
    if ! cmp "$2" "$3"; then
        fail "$1: $2 and $3 differ"
    fi
}

# end: to be called last.
end() {
    echo "$failures failures"
    [ "$failures" = 0 ]
}
