#!/bin/sh
# lock.sh [--upgrade]: write the lock files anew from pyproject.toml and package.json.
. "$(dirname "$0")/lib.sh"

scripts/setup.sh dev
# compile LOCK OPTION…
compile() {
    lock=$1
    shift
    say "$lock"
    CUSTOM_COMPILE_COMMAND="make lock" .venv/bin/pip-compile --quiet --generate-hashes --strip-extras \
        --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
        --output-file="$lock" "$@" pyproject.toml
    # The header names no machine's own package source.
    sed -i '/^--find-links/d' "$lock"
}
compile requirements.lock "$@"
compile requirements-dev.lock --constraint=requirements.lock --extra=dev "$@"
compile requirements-node.lock --constraint=requirements.lock --extra=node "$@"
! command -v npm >/dev/null || npm install --package-lock-only --ignore-scripts
