#!/bin/sh
# The stack installs, and a program elsewhere finds it, by CMake and by pkg-config.
# Every public header compiles alone. To see it fail, leave an #include out of a header.
#   install.sh BUILD WORK GENERATOR
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$1 work=$2 generator=$3
rm -rf "$work"
cmake --install "$build" --prefix "$work/installed" >/dev/null
cmake -G "$generator" -S "$here/consumer" -B "$work/by-cmake" -DCMAKE_PREFIX_PATH="$work/installed" >/dev/null
cmake --build "$work/by-cmake" >/dev/null
"$work/by-cmake/consumer"

PKG_CONFIG_PATH=$(dirname "$(find "$work/installed" -name finwait.pc)")
export PKG_CONFIG_PATH
# shellcheck disable=SC2046 # several words on purpose
cc -std=c11 -Wall -Wextra -Werror "$here/consumer/consumer.c" $(pkg-config --cflags --libs finwait) \
    -o "$work/by-pkg-config"
"$work/by-pkg-config"

for header in "$work"/installed/include/tcp/*.h; do
    cc -std=c11 -Wall -Wextra -Werror -fsyntax-only -I "$work/installed/include" -x c "$header"
done
