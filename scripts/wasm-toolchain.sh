#!/usr/bin/env bash
# Makes `cargo build --target wasm32-unknown-unknown` possible and writes down which toolchain does it.
#
# The ordinary way is `rustup target add`. Where Rust's distribution server is out of reach, Debian packages a compiler
# together with the sources of its standard library, so the WebAssembly standard library is built from those (about a
# minute, once) and rustup learns the pair as the toolchain `setaside-web`.
#
# Result: the file ${XDG_CACHE_HOME:-~/.cache}/setaside/wasm-toolchain holds the toolchain's name, or nothing when the
# ordinary toolchain does it. `scripts/wasm-toolchain.sh --flag` prints it as a cargo argument (`+setaside-web` or
# nothing). SETASIDE_WASM_TOOLCHAIN=rustup or =debian forces one of the two ways.
set -euo pipefail

target=wasm32-unknown-unknown
name=setaside-web
cache="${XDG_CACHE_HOME:-$HOME/.cache}/setaside"
state="$cache/wasm-toolchain"
stamp="$cache/wasm-std"
debian_root=/usr
debian_rustc="$debian_root/bin/rustc"
debian_lib="$debian_root/lib/rustlib/$target/lib"
wanted="${SETASIDE_WASM_TOOLCHAIN:-}"

# Messages go to stderr, so that the output of --flag stays usable in a command substitution.
say() { printf '==> %s\n' "$*" >&2; }
fail() { printf 'wasm-toolchain: %s\n' "$*" >&2; exit 1; }
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }
has_std() { compgen -G "$1/libstd-*.rlib" >/dev/null; }

ordinary_ready() { has_std "$(rustc --print target-libdir --target "$target" 2>/dev/null || echo /nonexistent)"; }

# The library must have been built by exactly the compiler that is installed now: an upgraded compiler refuses it.
debian_ready() {
  [ -x "$debian_rustc" ] && has_std "$debian_lib" && [ -f "$stamp" ] \
    && [ "$(cat "$stamp")" = "$("$debian_rustc" -vV)" ] \
    && linker_ready && rustup toolchain list 2>/dev/null | grep -q "^$name\b"
}

linker_dir() { echo "$debian_root/lib/rustlib/$("$debian_rustc" -vV | sed -n 's/^host: //p')/bin"; }
linker_ready() { [ -x "$(linker_dir)/rust-lld" ]; }

ready() {
  [ -f "$state" ] || return 1
  case "$(cat "$state")" in
    '') [ "$wanted" != debian ] && ordinary_ready ;;
    "$name") [ "$wanted" != rustup ] && debian_ready ;;
    *) return 1 ;;
  esac
}

finish() {
  mkdir -p "$cache"
  printf '%s' "$1" >"$state"
}

try_ordinary() {
  if ordinary_ready; then return 0; fi
  command -v rustup >/dev/null || return 1
  say "adding the WebAssembly target to the Rust toolchain"
  timeout 120 rustup target add "$target" >&2 || return 1
  ordinary_ready
}

install_debian_packages() {
  local missing=()
  [ -x "$debian_rustc" ] || missing+=(rustc-web)
  [ -x "$debian_root/bin/cargo" ] || missing+=(cargo-web)
  [ -d "$debian_root/lib/rustlib/src/rust/library" ] || missing+=(rust-web-src)
  [ -x "$debian_root/bin/lld" ] || missing+=(lld)
  [ ${#missing[@]} -eq 0 ] && return 0
  command -v apt-get >/dev/null || fail "cannot add the target $target with rustup, and this is no Debian: please install it by hand"
  say "installing ${missing[*]}"
  as_root apt-get update -qq >&2
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

# rustc looks for `rust-lld` among its own tools. Debian does not ship one; rustup's is as new as the compiler, Debian's
# general lld is older than it and only the last resort.
link_linker() {
  linker_ready && return 0
  local dir lld='' candidate
  dir="$(linker_dir)"
  for candidate in "$(rustc --print sysroot)"/lib/rustlib/*/bin/rust-lld "${RUSTUP_HOME:-$HOME/.rustup}"/toolchains/*/lib/rustlib/*/bin/rust-lld; do
    if [ -x "$candidate" ]; then lld="$candidate"; break; fi
  done
  as_root mkdir -p "$dir"
  as_root ln -sfn "${lld:-$debian_root/bin/lld}" "$dir/rust-lld"
}

build_std() {
  has_std "$debian_lib" && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$("$debian_rustc" -vV)" ] && return 0
  local work="$cache/wasm-std-build"
  say "building the WebAssembly standard library from Debian's sources (about a minute, once)"
  rm -rf "$work"
  mkdir -p "$work"
  cp -rL "$debian_root/lib/rustlib/src/rust/library" "$work/library"
  # The variables are those of the compiler's own build: without them the library is refused as unstable, or its symbols
  # clash with those of crates of the same name. The environment's own flags and wrappers must not leak in.
  (
    cd "$work/library"
    env -u RUSTUP_TOOLCHAIN -u RUSTC_WRAPPER -u CARGO_ENCODED_RUSTFLAGS -u CARGO_BUILD_TARGET \
      RUSTC="$debian_rustc" RUSTC_BOOTSTRAP=1 __CARGO_DEFAULT_LIB_METADATA=stablestd CARGO_TARGET_DIR="$work/target" \
      RUSTFLAGS="-Cembed-bitcode=yes -Zforce-unstable-if-unmarked -Cdebuginfo=0" \
      "$debian_root/bin/cargo" build --quiet --release --manifest-path sysroot/Cargo.toml --target "$target" \
      --features panic-unwind,compiler-builtins-mem >&2
  )
  as_root mkdir -p "$debian_lib"
  # Leftovers of an earlier compiler would make two candidates of every crate.
  as_root find "$debian_lib" -maxdepth 1 -name '*.rlib' -delete
  find "$work/target/$target/release/deps" -name '*.rlib' ! -name 'libsysroot-*' -print0 | while IFS= read -r -d '' rlib; do
    as_root cp "$rlib" "$debian_lib/"
  done
  "$debian_rustc" -vV >"$stamp"
  rm -rf "$work"
}

set_up() {
  mkdir -p "$cache"
  if [ "$wanted" != debian ] && try_ordinary; then
    finish ''
    return
  fi
  [ "$wanted" = rustup ] && fail "rustup could not add $target"
  command -v rustup >/dev/null || fail "rustup is missing: install it, or a Rust toolchain that has the target $target"
  say "the WebAssembly target is not to be had from rustup: taking the Debian compiler"
  install_debian_packages
  link_linker
  build_std
  rustup toolchain link "$name" "$debian_root" >&2
  debian_ready || fail "the Debian toolchain is not complete after its installation"
  finish "$name"
}

ready || set_up

if [ "${1:-}" = --flag ]; then
  chosen="$(cat "$state")"
  [ -z "$chosen" ] || printf '+%s\n' "$chosen"
fi
