#!/bin/sh
# compile_messages.sh: make each .mo that is missing or older than its .po.
. "$(dirname "$0")/lib.sh"

for po in locale/*/LC_MESSAGES/*.po; do
    mo=${po%.po}.mo
    [ -f "$po" ] || continue
    [ -f "$mo" ] && [ ! "$po" -nt "$mo" ] && continue
    msgfmt --check-format --output-file="$mo" "$po" || die "$po can't be compiled: mend the lines above."
done
