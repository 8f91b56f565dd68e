#!/bin/sh
# with_postgres.sh COMMAND…: run COMMAND with a PostgreSQL of its own, named by TEST_DATABASE_URL.
# The server listens on a free port of loopback, keeps its data in a temporary folder, and is gone
# afterwards.
. "$(dirname "$0")/lib.sh"

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || die "No PostgreSQL server on this machine: apt-get install postgresql."
folder=$(mktemp -d)
as=
if [ "$(id -u)" -eq 0 ]; then # the server refuses to run as root
    as="runuser -u postgres --"
    chown postgres "$folder"
fi
stop() {
    (cd / && $as "$bin/pg_ctl" --pgdata="$folder/data" --mode=immediate stop >/dev/null 2>&1) || true
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM HUP

port=$("$python" -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
# Nothing here outlives the tests, so nothing waits for the disk.
settings="-p $port -k $folder -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off"
(
    cd /
    $as "$bin/initdb" --pgdata="$folder/data" --username=postgres --auth=trust \
        --encoding=UTF8 --locale=C.UTF-8 --no-sync
    $as "$bin/pg_ctl" --pgdata="$folder/data" --options="$settings -c synchronous_commit=off" \
        --log="$folder/log" --wait start
) >"$logs/postgres.log" 2>&1 || {
    cat "$folder/log" >>"$logs/postgres.log" 2>/dev/null || true
    die "PostgreSQL did not start (what it said: $logs/postgres.log)."
}
TEST_DATABASE_URL="postgres://postgres@127.0.0.1:$port/lupplan" "$@"
