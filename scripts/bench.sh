#!/usr/bin/env bash
# Builds what is released and measures it: `scripts/bench.sh [PART…]`, without parts all of them (scripts/bench.mjs --help).
#
# BENCH_SECONDS   how long each load lasts (default 10)
# BENCH_FOLDER    where the databases lie; its disk is the one that is measured (default /var/tmp)
# BENCH_BINARY, BENCH_TOOL, BENCH_SITE   measure these instead of building
set -euo pipefail
cd "$(dirname "$0")/.."

target="${CARGO_TARGET_DIR:-$PWD/target}"
step() { scripts/step.sh "$@"; }
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

if ! command -v wrk >/dev/null; then
  command -v apt-get >/dev/null || { echo "bench: please install wrk" >&2; exit 1; }
  step "installing wrk" as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wrk >/dev/null
fi

if [ -z "${BENCH_SITE:-}" ]; then
  export BENCH_SITE="$target/release/site"
  step "browser assets (release)" cargo xtask assets --profile release-wasm --out "$BENCH_SITE"
fi
if [ -z "${BENCH_BINARY:-}" ]; then
  export BENCH_BINARY="$target/release/setaside"
  step "server (release)" cargo build --quiet --release --features ssr --bin setaside
fi
if [ -z "${BENCH_TOOL:-}" ]; then
  export BENCH_TOOL="$target/release/examples/bench-tool"
  step "yardsticks and writers" cargo build --quiet --release --features ssr --example bench-tool
fi

exec node scripts/bench.mjs "$@"
