#!/bin/bash -eu
exec "$SRC/finwait/.clusterfuzzlite/build.sh"
