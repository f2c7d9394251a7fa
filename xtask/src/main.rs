//! The build tool of this workspace, called as `cargo xtask …` (see `.cargo/config.toml`).
//!
//! Cargo builds Rust. What the browser gets is more than that: a WebAssembly package with its JavaScript, style sheets, the
//! editor module and plain files. This tool makes them, under names that change with their content, so that a server may
//! tell browsers to keep them for ever, and already compressed, so that it never compresses while people wait.

mod assets;
mod dev;
mod files;
mod site;
mod sizes;
mod style;
mod wasm;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

const USAGE: &str = "\
cargo xtask assets [--profile dev|quick-wasm|release-wasm] [--out DIR]   build what the browser gets (default: quick-wasm, target/site)
cargo xtask sizes  [--out DIR]                                           bytes of every asset: raw, gzip, brotli
cargo xtask dev    [-- ARGUMENTS OF setaside]                            rebuild, restart and reload whenever a file changes";

/// How the WebAssembly package is built: which cargo profile, and with it how much effort goes into its size.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// For working on the code and for tests: compiles fastest, is neither optimised nor compressed.
    Dev,
    /// For trying the program out: small, without link-time optimisation.
    Quick,
    /// For releases and measurements.
    Release,
}

impl Profile {
    fn parse(name: &str) -> Result<Self> {
        match name {
            "dev" => Ok(Self::Dev),
            "quick-wasm" => Ok(Self::Quick),
            "release-wasm" => Ok(Self::Release),
            other => bail!("unknown profile “{other}”: dev, quick-wasm or release-wasm"),
        }
    }

    /// The profile's name in Cargo.toml.
    pub fn cargo_name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Quick => "quick-wasm",
            Self::Release => "release-wasm",
        }
    }

    /// The folder cargo builds it into.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            other => other.cargo_name(),
        }
    }

    /// Whether the result is to be small (optimised, minified, compressed) rather than quickly there.
    pub fn is_small(self) -> bool {
        self != Self::Dev
    }
}

/// Where things are: everything hangs on the workspace's root and on cargo's target directory.
pub struct Place {
    /// The workspace's root folder.
    pub root: PathBuf,
    /// Cargo's target directory (`CARGO_TARGET_DIR`, else `target` in the root).
    pub target: PathBuf,
}

impl Place {
    fn find() -> Result<Self> {
        // Cargo tells at run time where the package lies; what was true at compile time may be another checkout that shares
        // the target directory.
        let package = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = PathBuf::from(package).parent().context("the build tool has no parent folder")?.to_path_buf();
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(given) => std::path::absolute(given)?,
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    /// Where the finished assets go unless told otherwise; also where the server looks for them.
    pub fn default_site(&self) -> PathBuf {
        self.root.join("target/site")
    }
}

struct Options {
    profile: Profile,
    out: Option<PathBuf>,
    rest: Vec<String>,
}

fn parse_options(mut arguments: impl Iterator<Item = String>) -> Result<Options> {
    let mut options = Options { profile: Profile::Quick, out: None, rest: Vec::new() };
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--profile" => options.profile = Profile::parse(&arguments.next().context("--profile wants a name")?)?,
            "--out" => options.out = Some(std::path::absolute(arguments.next().context("--out wants a folder")?)?),
            "--" => options.rest.extend(arguments.by_ref()),
            other => bail!("unknown argument “{other}”\n{USAGE}"),
        }
    }
    Ok(options)
}

fn run() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let options = parse_options(arguments)?;
    let place = Place::find()?;
    let out = options.out.clone().unwrap_or_else(|| place.default_site());
    match command.as_str() {
        "assets" => assets::build(&place, options.profile, &out),
        "sizes" => sizes::print(&out),
        "dev" => dev::run(&place, &options.rest),
        _ => bail!("{USAGE}"),
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
