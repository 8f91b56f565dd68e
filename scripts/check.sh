#!/bin/sh
# check.sh: every check, also after one has failed; the last lines name those that did.
. "$(dirname "$0")/lib.sh"

scripts/setup.sh dev
scripts/os_packages.sh check || exit 1
bin=.venv/bin
failed=

# check NAME COMMAND…: run COMMAND; show what it says only if it fails.
check() {
    name=$1
    shift
    if "$@" >"$logs/check.log" 2>&1 </dev/null; then
        echo "ok      $name"
    else
        echo "FAILED  $name:"
        cat "$logs/check.log"
        failed="$failed, $name"
    fi
}

# As in production: behind TLS, with a secret of its own.
production() {
    env DEBUG=off DATABASE_URL=sqlite:///:memory: ALLOWED_HOSTS=lupplan.example.no SIGNING_KEYS=.make/none \
        SECRET_KEY="$("$python" -c 'import secrets; print(secrets.token_urlsafe(50))')" \
        "$python" -W error manage.py "$@"
}

check 'ruff: lint' "$bin/ruff" check --output-format=concise .
check 'ruff: format' "$bin/ruff" format --check .
check 'mypy' "$bin/mypy" .
check 'import contracts' "$bin/lint-imports" --no-cache
check 'templates' "$bin/djlint" --lint --quiet templates
check 'migrations' production makemigrations --check --dry-run
check 'deployment' production check --deploy --fail-level WARNING
check 'translations' "$python" -m scripts.check_translations
check 'spelling' "$python" -m scripts.check_spelling

[ -z "$failed" ] || die "Failed: ${failed#, }"
