#!/usr/bin/env bash
# Looks for inputs that break us, each target for some time (600 s unless said): one crash ends it with its input.
#   fuzz/run.sh                    all targets, one after the other
#   SECONDS_EACH=60 fuzz/run.sh wav
set -euo pipefail
cd "$(dirname "$0")"
# The compiler's counters for the fuzzer are not stable options; the code itself is built as ever.
export RUSTC_BOOTSTRAP=1
targets=("$@")
[ "$#" -gt 0 ] || targets=(flow_document wav dtmf)
for target in "${targets[@]}"; do
  mkdir -p "corpus/$target"
  seeds=()
  case "$target" in
    flow_document) seeds=(seeds/flow_document) ;;
    wav) seeds=(../sounds/en ../crates/media/tests/intake) ;;
  esac
  # No sanitizer: there is no unsafe code of ours to watch. An input that takes over ten seconds counts as a crash.
  cargo fuzz run --sanitizer none --release "$target" "corpus/$target" "${seeds[@]}" -- \
    -max_total_time="${SECONDS_EACH:-600}" -timeout=10 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1
done
