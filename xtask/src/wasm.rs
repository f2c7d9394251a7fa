//! The browser's half of the program: compiled to WebAssembly, given its JavaScript side.
//!
//! Not handed to `wasm-opt`: it takes 17 % off the raw size and adds 9 % to what travels (ARCHITECTURE.md, decisions).

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::{Place, Profile, files};

const TARGET: &str = "wasm32-unknown-unknown";

/// Compiles the library for the browser; returns the raw module's path.
pub fn compile(place: &Place, profile: Profile) -> Result<PathBuf> {
    // A target directory of its own: the compiler may be another one than the server's, and neither waits for the other's lock.
    let target = place.target.join("web");
    let mut cargo = Command::new("cargo");
    if let Some(toolchain) = toolchain(place)? {
        cargo.arg(format!("+{toolchain}"));
    }
    cargo.args(["build", "--package", "setaside", "--lib", "--target", TARGET, "--no-default-features", "--features", "hydrate"]);
    cargo.args(["--profile", profile.cargo_name()]).arg("--target-dir").arg(&target);
    if env::var_os("XTASK_QUIET").is_some() {
        cargo.arg("--quiet");
    }
    let status = cargo.current_dir(&place.root).status().context("cannot start cargo")?;
    if !status.success() {
        bail!("the browser package does not compile");
    }
    Ok(target.join(TARGET).join(profile.folder()).join("setaside.wasm"))
}

/// The toolchain that compiles for the browser, if it is not the ordinary one; `scripts/wasm-toolchain.sh` decides.
fn toolchain(place: &Place) -> Result<Option<String>> {
    let cache = match env::var_os("XDG_CACHE_HOME").filter(|given| !given.is_empty()) {
        Some(given) => PathBuf::from(given),
        None => PathBuf::from(env::var_os("HOME").context("HOME is not set")?).join(".cache"),
    };
    let state = cache.join("setaside/wasm-toolchain");
    if !state.exists() {
        let status =
            Command::new(place.root.join("scripts/wasm-toolchain.sh")).status().context("cannot start scripts/wasm-toolchain.sh")?;
        if !status.success() {
            bail!("there is no compiler for the browser package");
        }
    }
    let name = String::from_utf8(files::read(&state)?)?.trim().to_owned();
    Ok((!name.is_empty()).then_some(name))
}

/// The package made from a raw module.
pub struct Package {
    /// The JavaScript side.
    pub js: Vec<u8>,
    /// The module.
    pub wasm: Vec<u8>,
    /// Further scripts that the JavaScript side imports, by their path relative to it.
    pub snippets: Vec<(String, Vec<u8>)>,
}

/// Gives a raw module its JavaScript side and, unless it is for development, makes both small.
pub fn package(place: &Place, profile: Profile, raw: &Path) -> Result<Package> {
    let scratch = place.target.join("web/package").join(profile.folder());
    if scratch.exists() {
        fs::remove_dir_all(&scratch)?;
    }
    fs::create_dir_all(&scratch)?;
    let named = profile == Profile::Dev;
    Bindgen::new()
        .input_path(raw)
        .web(true)?
        .typescript(false)
        .out_name("setaside")
        .keep_debug(false)
        .remove_name_section(!named)
        .remove_producers_section(!named)
        .generate(&scratch)?;
    let (js, wasm) = (scratch.join("setaside.js"), scratch.join("setaside_bg.wasm"));
    if profile.is_small() {
        minify(place, &js)?;
    }
    let mut snippets = Vec::new();
    for path in files::walk(&scratch.join("snippets"))? {
        snippets.push((path.strip_prefix(&scratch)?.to_string_lossy().into_owned(), files::read(&path)?));
    }
    Ok(Package { js: files::read(&js)?, wasm: files::read(&wasm)?, snippets })
}

/// Shortens the JavaScript side where esbuild is installed.
fn minify(place: &Place, js: &Path) -> Result<()> {
    let esbuild = esbuild(place);
    if !esbuild.exists() {
        return Ok(());
    }
    let short = js.with_extension("min.js");
    let status = Command::new(esbuild)
        .arg(js)
        .args(["--minify", "--format=esm", "--target=es2022", "--charset=utf8", "--log-level=warning"])
        .arg(format!("--outfile={}", short.display()))
        .status()?;
    if !status.success() {
        bail!("esbuild refused the JavaScript side of the browser package");
    }
    Ok(fs::rename(short, js)?)
}

/// Where npm puts esbuild.
pub fn esbuild(place: &Place) -> PathBuf {
    place.root.join("node_modules/.bin/esbuild")
}
