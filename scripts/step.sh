#!/usr/bin/env bash
# Runs one step of a longer job and says what it is and how long it took: `scripts/step.sh "the server" cargo build`.
set -uo pipefail
printf '==> %s\n' "$1" >&2
name="$1"
shift
SECONDS=0
"$@"
status=$?
if [ "$status" -eq 0 ]; then
  printf '    %s: %d s\n' "$name" "$SECONDS" >&2
else
  printf '==> failed after %d s: %s\n' "$SECONDS" "$name" >&2
fi
exit "$status"
