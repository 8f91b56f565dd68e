#!/bin/sh
# judges.sh: build conformance/, the Java program in which veraPDF and DSS judge our PDFs, with Maven.
# Status 3: Maven can't fetch what it needs. Status 1: it could, but the building failed.
. "$(dirname "$0")/lib.sh"

sources=$(find conformance -type f | sort)
fresh "$logs/conformance/made-from" $sources && exit 0
say "Building the judges"
rm -rf "$logs/conformance"
maven() { mvn --batch-mode --quiet --file=conformance/pom.xml "$@" compile >"$logs/maven.log" 2>&1 </dev/null; }
# Offline first: where all has been fetched before, nothing is asked for.
if ! maven --offline && ! maven; then
    grep -q 'COMPILATION ERROR' "$logs/maven.log" &&
        die "conformance/ doesn't compile (what Maven said: $logs/maven.log)."
    die "Maven can't build conformance/: is there a network? (what it said: $logs/maven.log)" 3
fi
stamp "$logs/conformance/made-from" $sources
