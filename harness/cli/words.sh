#!/bin/sh
# Has the command write its manual page and its completions into a folder, for the installation.
#   words.sh FINWAIT FOLDER
set -eu
mkdir -p "$2"
"$1" help --man >"$2/finwait.1"
"$1" completion bash >"$2/finwait.bash"
"$1" completion zsh >"$2/_finwait"
