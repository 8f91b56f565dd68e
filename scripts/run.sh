#!/bin/sh
# run.sh: set up, and serve the demo.
. "$(dirname "$0")/lib.sh"

scripts/setup.sh
DEBUG=1 exec "$python" -m scripts.serve "${PORT:-8000}"
