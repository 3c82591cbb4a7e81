# What scripts are told when they are called. The opening comment of each says what it does and how it is
# called, the latter in lines of their own, indented: that is also what is printed when somebody asks.

opening_comment() {
    sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
}

# help_if_asked ARGUMENT...: ends here with the opening comment where --help or -h is among them.
help_if_asked() {
    local word
    for word in "$@"; do
        case $word in
        -h | --help)
            opening_comment
            exit 0
            ;;
        esac
    done
}

# usage [WORD...]: says what is wrong, and how the script is called.
usage() {
    [ $# = 0 ] || say "$@"
    opening_comment | sed -n -e 's/: .*//; s/\([^ ]\)   *[^ ].*/\1/' \
        -e 's/^ *\(scripts\/\)/finwait: usage: \1/p' -e 's/^ *\[/finwait:        [/p' >&2
    exit 2
}

# count_of WORD WHAT: a whole number from 1 to 9999.
count_of() {
    case $1 in
    *[!0-9]* | '' | ?????*) usage "not a number of $2: $1" ;;
    esac
    [ $((10#$1)) -gt 0 ] || usage "not a number of $2: $1"
    echo $((10#$1))
}

# seconds_of 90|90s|10m|2h
seconds_of() {
    case $1 in
    *[!0-9smh]* | '' | [smh]* | *[smh]?* | ?????????*) usage "not a time: $1" ;;
    *s) echo $((10#${1%s})) ;;
    *m) echo $((10#${1%m} * 60)) ;;
    *h) echo $((10#${1%h} * 3600)) ;;
    *) echo $((10#$1)) ;;
    esac
}
