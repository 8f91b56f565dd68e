#!/bin/sh
# test.sh: set up all that tests need, and run them on SQLite, on PostgreSQL, and in Chromium.
. "$(dirname "$0")/lib.sh"

scripts/setup.sh dev
scripts/os_packages.sh test || exit 1
reports=$logs/tests
rm -rf "$reports"
mkdir -p "$reports"
left_out= failed=

# part NAME GROUP COMMAND…: run a part of the tests; it is left out only where apt has no GROUP.
part() {
    name=$1 group=$2
    shift 2
    status=0
    [ -z "$group" ] || scripts/os_packages.sh "$group" 2>"$logs/missing" || status=$?
    if [ "$status" -eq 3 ]; then
        left_out="${left_out}Left out: $name. $(cat "$logs/missing")
"
        return
    fi
    say "Tests: $name"
    if [ "$status" -ne 0 ]; then
        cat "$logs/missing"
    else
        "$@" -n auto --junit-xml="$reports/$name.xml" && return
    fi
    failed="$failed $name"
}

part SQLite '' .venv/bin/pytest --ignore=tests/browser
part PostgreSQL postgres scripts/with_postgres.sh .venv/bin/pytest --ignore=tests/browser
part Chromium browser .venv/bin/pytest tests/browser

echo
printf %s "$left_out"
[ -z "$failed" ] || echo "Failed:$failed"
"$python" -m scripts.total "$reports"/*.xml
[ -z "$failed" ]
