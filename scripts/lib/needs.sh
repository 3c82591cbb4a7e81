# What the machine must have: each need names how to see that it is there and the Debian package
# that brings it. Looking costs no process, so that a second call stays instant; apt is only spoken
# to when something is missing.

missing_packages=()

say() {
    printf 'finwait: %s\n' "$*" >&2
}

fail() {
    say "$@"
    exit 3
}

# need_command PACKAGE COMMAND...: any one of the commands will do.
need_command() {
    local package=$1 command
    shift
    for command in "$@"; do
        if type -P "$command" >/dev/null; then
            return
        fi
    done
    missing_packages+=("$package")
}

# need_file PACKAGE PATTERN...: any one of the files will do; patterns may contain wildcards.
need_file() {
    local package=$1 pattern
    shift
    for pattern in "$@"; do
        if compgen -G "$pattern" >/dev/null; then
            return
        fi
    done
    missing_packages+=("$package")
}

needs_for_running() {
    need_command cmake cmake
    need_command ninja-build ninja make
    need_command gcc cc gcc clang
    need_file libc6-dev "/usr/include/stdio.h"
    need_file libpcap-dev "/usr/include/pcap/pcap.h"
}

needs_for_testing() {
    needs_for_running
    need_command gcc gcc
    need_command clang clang
    need_command clang-format-14 clang-format-14
    need_command binutils objdump
    need_command pkg-config pkg-config
    need_command tshark tshark
    need_file libcmocka-dev "/usr/include/cmocka.h"
    need_file libclang-rt-14-dev "/usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.msan-*.a"
    need_command llvm-14 llvm-symbolizer llvm-symbolizer-14
}

needs_for_fuzzing() {
    needs_for_running
    need_command clang clang
    need_file libclang-rt-14-dev "/usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a"
    need_command llvm-14 llvm-symbolizer llvm-symbolizer-14
}

needs_for_profiles() {
    need_command llvm-14 llvm-profdata-14
}

needs_for_afl() {
    need_command afl++ afl-fuzz
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# Installs what the needs_for_... before it found missing.
install_missing() {
    if [ ${#missing_packages[@]} = 0 ]; then
        return
    fi
    local packages="${missing_packages[*]}"
    type -P apt-get >/dev/null ||
        fail "this machine has no apt-get; install by hand what these Debian packages hold: $packages"
    [ "$(id -u)" = 0 ] || type -P sudo >/dev/null ||
        fail "installing needs root or sudo; as root: apt-get install $packages"
    say "installing $packages"
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300
        -o Acquire::Retries=3)
    as_root "${apt[@]}" update -qq >&2 ||
        fail "apt-get update failed (its messages are above); needed: $packages"
    as_root "${apt[@]}" install -y -qq --no-install-recommends "${missing_packages[@]}" >&2 ||
        fail "apt-get install failed (its messages are above); needed: $packages"
    missing_packages=()
    hash -r
}
