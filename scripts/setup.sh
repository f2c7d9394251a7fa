#!/usr/bin/env bash
# Installs what is missing: `scripts/setup.sh run` for building and running, `scripts/setup.sh test` for the tests as well.
# Everything is looked for first, so a second call has nothing to do and says nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

purpose="${1:-run}"
case "$purpose" in run | test) ;; *) echo "usage: $0 run|test" >&2; exit 2 ;; esac

say() { printf '==> %s\n' "$*" >&2; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }
has() { command -v "$1" >/dev/null; }

command -v cargo >/dev/null || fail "Rust is missing: install it with rustup"

# What the work cannot do without, and what only makes the result smaller.
needed=()
wished=()
has cc || needed+=(build-essential)
has node || needed+=(nodejs)
has npm || needed+=(npm)
# Without its font the program runs and offers no PDF.
compgen -G '/usr/share/fonts/*/*/NotoSerifCJK-Regular.ttc' >/dev/null || compgen -G '/usr/share/fonts/*/NotoSerifCJK-Regular.ttc' >/dev/null || wished+=(fonts-noto-cjk)
if [ "$purpose" = test ]; then
  [ -x "${SETASIDE_CHROMIUM:-/usr/bin/chromium}" ] || needed+=(chromium)
  compgen -G '/usr/share/fonts/*/noto/NotoSansCJK-Regular.ttc' >/dev/null || needed+=(fonts-noto-cjk)
  has pdftotext || needed+=(poppler-utils)
  [ -n "${SETASIDE_TEST_POSTGRES:-}" ] || has initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || needed+=(postgresql)
fi

if [ $((${#needed[@]} + ${#wished[@]})) -gt 0 ]; then
  if has apt-get; then
    say "installing ${needed[*]} ${wished[*]}"
    as_root apt-get update -qq >&2 || say "the package lists could not be renewed, trying with the old ones"
    install=(as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends)
    if [ ${#needed[@]} -gt 0 ]; then "${install[@]}" "${needed[@]}" >/dev/null; fi
    if [ ${#wished[@]} -gt 0 ]; then "${install[@]}" "${wished[@]}" >/dev/null || say "going on without ${wished[*]}"; fi
  elif [ ${#needed[@]} -gt 0 ]; then
    fail "please install: ${needed[*]} (names of the Debian packages)"
  fi
fi

# The browser tests' runner says nothing helpful on an older one.
if [ "$purpose" = test ] && [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ]; then
  fail "the browser tests need Node.js 20 or newer, this is $(node --version)"
fi

if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  say "installing the JavaScript packages of package-lock.json"
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --loglevel=error >/dev/null
  # npm keeps the lock file's own time when nothing changed; without this the comparison above would never end.
  touch node_modules/.package-lock.json
fi

exec scripts/wasm-toolchain.sh
