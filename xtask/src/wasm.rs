//! The browser's half of the program: compiled to WebAssembly, given its JavaScript side.
//!
//! Not handed to `wasm-opt`: it takes 17 % off the raw size and adds 9 % to what travels (ARCHITECTURE.md, decisions).

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, anyhow, bail};
use wasm_bindgen_cli_support::Bindgen;
use wasm_encoder::reencode::{self, Reencode};

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
    cargo.args(["rustc", "--package", "setaside", "--lib", "--target", TARGET, "--no-default-features", "--features", "hydrate"]);
    cargo.args(["--profile", profile.cargo_name()]).arg("--target-dir").arg(&target);
    if env::var_os("XTASK_QUIET").is_some() {
        cargo.arg("--quiet");
    }
    // Splitting needs to know what refers to what.
    cargo.args(["--", "-Clink-arg=--emit-relocs"]);
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

/// The script that starts the program, and the module it starts, by their names in the package.
pub const SCRIPT: &str = "setaside.js";
/// See [`SCRIPT`].
pub const MODULE: &str = "setaside_bg.wasm";

/// The package made from a raw module.
pub struct Package {
    /// The files, by their paths relative to each other, which they refer to each other by.
    pub files: Vec<(String, Vec<u8>)>,
    /// What has to be fetched for a part of the program: part → names of modules without their ending.
    pub parts: BTreeMap<String, Vec<String>>,
}

/// Splits a raw module into the parts that pages fetch when they are first opened, gives them their JavaScript side and, unless it is for
/// development, makes it small.
pub fn package(place: &Place, profile: Profile, raw: &Path) -> Result<Package> {
    let scratch = place.target.join("web/package").join(profile.folder());
    if scratch.exists() {
        fs::remove_dir_all(&scratch)?;
    }
    fs::create_dir_all(&scratch)?;
    let input = files::read(raw)?;
    let named = profile == Profile::Dev;
    let main = scratch.join("main.wasm");
    let mut split = wasm_split_cli_support::Options::new(&input);
    split.output_dir = &scratch;
    split.main_out_path = &main;
    split.main_module = "./setaside.js";
    let split = wasm_split_cli_support::transform(split).map_err(|error| anyhow!("the browser package cannot be split: {error:#}"))?;
    Bindgen::new()
        .input_path(&main)
        .web(true)?
        .typescript(false)
        .out_name("setaside")
        .keep_lld_exports(true)
        .keep_debug(false)
        .remove_name_section(!named)
        .remove_producers_section(!named)
        .generate(&scratch)?;
    fs::remove_file(&main)?;
    if !named {
        // The main module has been through wasm-bindgen; the others still carry every name, and numbers as wide as the linker leaves them.
        for part in &split.split_modules {
            files::write(part, &bare(&files::read(part)?).with_context(|| format!("{} cannot be read", part.display()))?)?;
        }
    }
    if profile.is_small() {
        minify(place, &scratch.join(SCRIPT))?;
    }
    let paths = files::walk(&scratch)?;
    let relative = |path: &PathBuf| Ok((path.strip_prefix(&scratch)?.to_string_lossy().into_owned(), files::read(path)?));
    Ok(Package { files: paths.iter().map(relative).collect::<Result<_>>()?, parts: split.prefetch_map.into_iter().collect() })
}

/// The same module in its shortest form and without names.
fn bare(module: &[u8]) -> Result<Vec<u8>> {
    let mut bare = wasm_encoder::Module::new();
    Bare.parse_core_module(&mut bare, wasmparser::Parser::new(0), module)?;
    Ok(bare.finish())
}

struct Bare;

impl Reencode for Bare {
    type Error = Infallible;

    fn parse_custom_section(
        &mut self,
        _module: &mut wasm_encoder::Module,
        _section: wasmparser::CustomSectionReader<'_>,
    ) -> Result<(), reencode::Error<Infallible>> {
        Ok(())
    }
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
        .args(["--minify", "--format=esm", "--target=es2022", "--charset=utf8", "--log-level=error"])
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
