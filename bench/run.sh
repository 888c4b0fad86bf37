#!/usr/bin/env bash
# Measures the release build: CPU time per operation, latency, memory, beside the aims. About eight minutes.
#   bench/run.sh            everything
#   bench/run.sh reoffer    only what has the word in its name
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --quiet --package server
cargo build --quiet --package e2e --bin bench
# 1,000 callers and 4,500 pairs of ports are more files than some machines allow by default.
ulimit -n "$(ulimit -Hn)"
CORDBOARD_BENCH_BINARY="$PWD/target/release/cordboard" exec target/debug/bench "$@"
