#!/bin/sh
# layers.sh accepts a tree that keeps the order and names each kind of breach in one that does not.
set -eu
checks=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failures=0

# file PATH LINE...: a source with these lines.
file() {
    path=$tree/$1
    shift
    mkdir -p "$(dirname "$path")"
    printf '%s\n' "$@" >"$path"
}

# breach EXPECTED PATH LINE...: with this file added, layers.sh fails and says EXPECTED.
breach() {
    expected=$1
    shift
    file "$@"
    if said=$(sh "$checks/layers.sh" "$tree"); then
        echo "not noticed: $expected"
        failures=1
    elif ! printf '%s\n' "$said" | grep -qF "$expected"; then
        echo "expected: $expected"
        echo "said: $said"
        failures=1
    fi
    rm "$tree/$1"
}

file stack/include/tcp/types.h '#include <stdint.h>'
file stack/include/tcp/host.h '#include "tcp/types.h"'
file stack/base/ring.h '#include <stddef.h>'
file stack/congestion/reno.h '#include "base/ring.h"'
file stack/recovery/rto.h '#include "tcp/types.h"'
file stack/tcb/tcb.c '#include "base/ring.h"' '#include "congestion/reno.h"'
file stack/tests/base/ring_test.c '#include "base/ring.h"'
file harness/base/text.h '#include <stddef.h>'
file harness/sut/core.c '#include "base/text.h"' '#include "tcp/host.h"' '#include "tcb/tcb.h"'
file stack/tcb/tcb.h '#include "tcp/types.h"'
sh "$checks/layers.sh" "$tree" || failures=1

breach 'stack/base may not include stack/tcb' stack/base/ring.c '#include "tcb/tcb.h"'
breach 'stack/recovery may not include stack/congestion' stack/recovery/a.c \
    '#include "congestion/reno.h"'
breach 'stack/base may not include tcp/host' stack/base/a.c '#include "tcp/host.h"'
breach 'tcp/limits may not include tcp/host' stack/include/tcp/limits.h '#include "tcp/host.h"'
breach 'a public header includes an internal one' stack/include/tcp/seq.h '#include "base/ring.h"'
breach 'the stack includes the harness' stack/host/a.c '#include "sut/core.h"' \
    '#include "base/text.h"'
breach 'harness/base may not include harness/sut' harness/base/a.c '#include "sut/core.c"'
breach 'is in no folder of the tree' harness/base/a.c '#include "missing.h"'
breach 'has no place in the order' harness/attic/a.c '#include "base/text.h"'
breach 'a source file is included' stack/tests/base/a.c '#include "tcb/tcb.c"'
exit $failures
