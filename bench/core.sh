#!/usr/bin/env bash
# Measures the routing core without a wire and the journal below it, in a release build. About ten minutes.
#   bench/core.sh           everything: the table of single decisions, what they allocate, the journal, instructions
#   bench/core.sh many      only the rows of the table that have the word in their name, and the rest
# The last part needs valgrind and is left out without it.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo bench --quiet --package acd --bench dispatch -- "$@"
cargo bench --quiet --package switch --bench journal
if command -v valgrind > /dev/null; then
  echo
  echo "instructions a decision (callgrind)"
  program=$(cargo bench --package acd --bench dispatch --no-run --message-format json 2> /dev/null |
    sed -n 's/.*"executable":"\([^"]*dispatch-[^"]*\)".*/\1/p')
  decisions=20000
  for row in "one queue: leg ends" "one queue: arrival" "one queue, least why: leg ends" \
    "one queue, least why: arrival" "many queues: leg ends" "many queues: arrival" \
    "many queues, least why: leg ends" "many queues, least why: arrival" "three queues each: leg ends"; do
    # Every step that is timed is counted, the tenth more that warms up as well.
    total=$(DECISIONS=$decisions valgrind --tool=callgrind --callgrind-out-file=/dev/null \
      --toggle-collect='*World::timed*' "$program" "$row" 2>&1 > /dev/null | sed -n 's/.*Collected : //p')
    printf '%-40s%8d\n' "$row" $((total / (decisions + decisions / 10)))
  done
fi
