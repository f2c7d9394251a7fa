#!/usr/bin/env bash
# Fuzzes what reads foreign bytes, guided by coverage: `scripts/fuzz.sh [document|table|workbook]…`, each for FUZZ_SECONDS (60).
#
# The instrumentation is the compiler's own and works with the stable one, without cargo-fuzz. What a target has learnt stays in
# target/fuzz/corpus; what broke it is written to target/fuzz/found, and the next run of the target begins with it.
set -euo pipefail
cd "$(dirname "$0")/.."

targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(document table workbook)
seconds="${FUZZ_SECONDS:-60}"
out="$(realpath -m "${CARGO_TARGET_DIR:-target}")/fuzz"
host="$(rustc -vV | sed -n 's/^host: //p')"

# A target of its own, so that the flags are not those of build scripts and macros.
coverage="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters"
coverage+=" -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares"
RUSTFLAGS="$coverage" CARGO_TARGET_DIR="$out/build" CARGO_INCREMENTAL=0 \
  cargo build --quiet --locked --release --target "$host" --manifest-path fuzz/Cargo.toml

status=0
for target in "${targets[@]}"; do
  mkdir -p "$out/corpus/$target" "$out/found/$target"
  seeds="fuzz/seeds/$target"
  if [ "$target" = table ]; then
    # The sample in both encodings, short enough to be changed everywhere.
    head -n 6 data/contracts-sample.csv >"$out/corpus/$target/utf8.csv"
    iconv -f UTF-8 -t GB18030 "$out/corpus/$target/utf8.csv" >"$out/corpus/$target/gb18030.csv"
  fi
  echo "==> fuzzing $target for $seconds s" >&2
  log="$out/$target.log"
  if "$out/build/$host/release/$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=16384 -print_final_stats=1 \
    -dict="fuzz/seeds/$target.dict" -artifact_prefix="$out/found/$target/" "$out/corpus/$target" "$out/found/$target" "$seeds" >"$log" 2>&1; then
    # The last line before the sums says how much of the code was reached (cov) and how many inputs are kept (corp).
    grep -E '^#[0-9]+[[:space:]]+DONE|^stat::(number_of_executed_units|new_units_added|peak_rss_mb)' "$log" | sed 's/^/    /'
  else
    status=1
    tail -n 40 "$log"
  fi
done
exit "$status"
