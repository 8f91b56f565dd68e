#!/bin/sh
# conformance.sh [ARGUMENT…]: let others' tools judge what Lupplan makes; arguments are pytest's.
. "$(dirname "$0")/lib.sh"

scripts/setup.sh dev
scripts/os_packages.sh test conformance
scripts/judges.sh
.venv/bin/pytest tests/conformance --dist=loadgroup "$@"
