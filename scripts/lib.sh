# What the scripts beside this file share. Sourced, not run.
set -eu
cd "$(dirname "$0")/.."

python=.venv/bin/python
logs=.make # logs and reports; ours alone
mkdir -p "$logs"

say() { printf '== %s\n' "$*"; }

# die MESSAGE [STATUS]: one line that says what to do.
die() {
    printf '%s\n' "$1" >&2
    exit "${2:-1}"
}

# quietly LOG MESSAGE COMMAND…: run COMMAND with its output in LOG; if it fails, die with MESSAGE.
quietly() {
    log=$logs/$1.log message=$2
    shift 2
    "$@" >"$log" 2>&1 </dev/null || die "$message (what it said: $log)"
}

digest() { cat "$@" | sha256sum | cut -d' ' -f1; }

# fresh STAMP FILE…: has what STAMP stands for been made from these very files?
fresh() {
    stamp=$1
    shift
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(digest "$@")" ]
}

# stamp STAMP FILE…: remember that it has.
stamp() {
    stamp=$1
    shift
    digest "$@" >"$stamp"
}
