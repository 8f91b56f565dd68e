#!/bin/sh
# venv.sh LOCK: make .venv, and install what LOCK pins, checked against its hashes.
. "$(dirname "$0")/lib.sh"
lock=$1

if ! "$python" -c '' 2>/dev/null; then
    for system_python in python3 python3.14 python3.13 python3.12 python3.11 ''; do
        "$system_python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break
    done
    [ -n "$system_python" ] || die "Lupplan needs Python 3.11 or later: install it, then run the same command again."
    "$system_python" -c 'import ensurepip, venv' 2>/dev/null || scripts/os_packages.sh -- \
        "$("$system_python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    say "Making .venv"
    quietly venv "\`$system_python -m venv .venv\` failed" "$system_python" -m venv --clear .venv
fi

fresh ".venv/made-from-$lock" "$lock" && exit 0
say "Installing the Python packages of $lock"
quietly pip "The packages of $lock can't be installed: check the network, then run the same command again" \
    "$python" -m pip install --disable-pip-version-check --no-input --require-hashes -r "$lock"
stamp ".venv/made-from-$lock" "$lock"
# The other locks hold all that requirements.lock does.
stamp .venv/made-from-requirements.lock requirements.lock
