#!/bin/sh
# setup.sh [dev]: all that `make run` needs; with dev, the tools of tests and checks too.
. "$(dirname "$0")/lib.sh"

scripts/os_packages.sh run || exit 1
if [ "${1:-}" = dev ]; then
    scripts/venv.sh requirements-dev.lock
else
    scripts/venv.sh requirements.lock
fi
scripts/frontend.sh
scripts/compile_messages.sh
mkdir -p var
