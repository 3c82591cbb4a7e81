#!/bin/sh
# Each purity check passes a clean source and fails on one that breaks its rule.
#   can_fail.sh WORK
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$1
rm -rf "$top"
mkdir -p "$top/stack"
echo "$top/stack/a.c" >"$top/list"
failures=0

# expect VERDICT CHECK ARGUMENTS... <<source
expect() {
    verdict=$1 check=$2
    shift 2
    cat >"$top/stack/a.c"
    rm -rf "$top/work"
    if sh "$here/$check" "$top/stack" "$top/list" "$top/work" "$@" >"$top/said" 2>&1; then
        got=clean
    else
        got=dirty
    fi
    if [ $got != "$verdict" ]; then
        echo "$check $*: $got, expected $verdict, for"
        cat "$top/stack/a.c" "$top/said"
        failures=1
    fi
}

compilers="gcc"
if command -v clang >/dev/null; then compilers="gcc clang"; fi

for compiler in $compilers; do
    for level in -O0 -O2; do
        expect clean check.sh "$compiler" $level <<'C'
#include <string.h>
static const char *const names[] = {"a", "b"};
static const int table[] = {1, 2, 3};
const char *name(int i);
const char *name(int i) { return table[i] == 2 ? names[0] : names[1]; }
void clear(char *p, unsigned long n);
void clear(char *p, unsigned long n) { memset(p, 0, n); }
C
        expect dirty check.sh "$compiler" $level <<'C'
int counter;
int count(void);
int count(void) { return ++counter; }
C
        expect dirty check.sh "$compiler" $level <<'C'
int count(void);
int count(void) { static int counter = 7; return ++counter; }
C
        expect dirty check.sh "$compiler" $level <<'C'
const char *words[] = {"not", "const"};
C
        expect dirty check.sh "$compiler" $level <<'C'
_Thread_local int each;
C
        expect dirty check.sh "$compiler" $level <<'C'
int common __attribute__((common));
C
        expect dirty check.sh "$compiler" $level <<'C'
#include <stdlib.h>
void *get(void);
void *get(void) { return malloc(7); }
C
        expect dirty check.sh "$compiler" $level <<'C'
#include <errno.h>
int last(void);
int last(void) { return errno; }
C
        expect dirty check.sh "$compiler" $level <<'C'
void tcp_assert_failed(void);
__attribute__((constructor)) static void start(void) { tcp_assert_failed(); }
C
        expect dirty check.sh "$compiler" $level <<'C'
void use(int n);
void use(int n) { char room[n]; __builtin_memset(room, 0, sizeof room); }
C
    done
done
case $(uname -m) in
x86_64 | aarch64)
    expect dirty check.sh gcc -O0 -mgeneral-regs-only <<'C'
long half(long a);
long half(long a) { return (long)((double)a * 0.5); }
C
    ;;
esac
expect clean recursion.sh gcc <<'C'
static int f(int n) { return n; }
int g(int n);
int g(int n) { return f(n) + f(n + 1); }
C
expect dirty recursion.sh gcc <<'C'
int f(int n);
static int g(int n) { return n == 0 ? 0 : f(n - 1); }
int f(int n) { return g(n); }
C
exit $failures
