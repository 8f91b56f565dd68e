#!/bin/sh
# test.sh: set up all that tests need, and run them on SQLite, on PostgreSQL, in Chromium, and before
# others' tools.
. "$(dirname "$0")/lib.sh"

scripts/setup.sh dev
scripts/os_packages.sh test || exit 1
reports=$logs/tests
rm -rf "$reports"
mkdir -p "$reports"
left_out= failed=

# needs GROUP: have what a part of the tests needs. Status 3: this machine can't have it.
needs() {
    scripts/os_packages.sh "$1" || return
    [ "$1" != conformance ] || scripts/judges.sh
}

# part NAME GROUP COMMAND…: run a part of the tests; it is left out only where GROUP can't be had.
part() {
    name=$1 group=$2
    shift 2
    status=0
    [ -z "$group" ] || needs "$group" 2>"$logs/missing" || status=$?
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

own='--ignore=tests/browser --ignore=tests/conformance' # these have parts of their own
part SQLite '' .venv/bin/pytest $own
part PostgreSQL postgres scripts/with_postgres.sh .venv/bin/pytest $own
part Chromium browser .venv/bin/pytest tests/browser
part conformance conformance scripts/conformance.sh

echo
printf %s "$left_out"
[ -z "$failed" ] || echo "Failed:$failed"
"$python" -m scripts.total "$reports"/*.xml
[ -z "$failed" ]
