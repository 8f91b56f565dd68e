#!/bin/sh
# collect_messages.sh: bring locale/*/django.po up to date with the texts in code and templates.
. "$(dirname "$0")/lib.sh"

DEBUG=1 "$python" manage.py makemessages --locale nn --locale nb --add-location=file --no-obsolete \
    --ignore 'tests/*' --ignore 'bench/*' --ignore 'scripts/*' --ignore 'node_modules/*' \
    --ignore 'var/*' --ignore '.*'
