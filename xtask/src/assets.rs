//! `cargo xtask assets`: everything the browser gets, into one folder with a manifest.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::site::Site;
use crate::{Place, Profile, files, style, wasm};

/// Style sheets: source index → name in the manifest → stem of the file's name. Without the index there is no such sheet.
const SHEETS: &[(&str, &str, &str)] = &[("index.css", "css", "style"), ("portal.css", "portal_css", "portal")];

/// The font of the PDFs, as src/server/pdf/fonts.rs looks for it, and where distributions put it.
const FONTS: [&str; 2] = ["NotoSerifCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc"];
const FONT_FOLDERS: [&str; 3] =
    ["/usr/share/fonts/opentype/noto", "/usr/share/fonts/noto-cjk", "/usr/share/fonts/google-noto-serif-cjk-fonts"];
/// Its licence, which goes with it.
const FONT_LICENCE: &str = "/usr/share/doc/fonts-noto-cjk/copyright";

/// Builds all parts that changed and writes the manifest.
pub fn build(place: &Place, profile: Profile, out: &Path) -> Result<()> {
    let raw = step("browser package: compile", || wasm::compile(place, profile))?;
    // Another build tool may make other files of the same inputs, so its own content is an input too.
    let tool = files::hash(&files::read(&std::env::current_exe()?)?);
    let mut site = Site::open(out, format!("{tool} {}", profile.cargo_name()), profile.is_small());
    package(place, profile, &raw, &mut site)?;
    styles(place, &mut site)?;
    editor(place, profile, &mut site)?;
    public(place, &mut site)?;
    // What is released runs on machines without the font; here the server finds the system's own.
    if profile == Profile::Release {
        fonts(&mut site)?;
    }
    site.finish()
}

fn package(place: &Place, profile: Profile, raw: &Path, site: &mut Site) -> Result<()> {
    let key = format!("{} {}", files::hash(&files::read(raw)?), wasm::esbuild(place).exists());
    timed("browser package: bindings, size, compression", || {
        site.part("package", &key, |folder, part| {
            let package = wasm::package(place, profile, raw)?;
            let address = part.together(folder, "program", &package.files)?;
            part.entry("js", format!("{address}/{}", wasm::SCRIPT));
            part.entry("wasm", format!("{address}/{}", wasm::MODULE));
            for (name, files) in package.parts {
                part.program_part(&name, files.iter().map(|file| format!("{address}/{file}.wasm")).collect());
            }
            Ok(())
        })
    })
}

fn styles(place: &Place, site: &mut Site) -> Result<()> {
    // Joining is quick, and an index may name files anywhere, so the joined sheets themselves tell whether anything changed.
    let mut sheets = Vec::new();
    for (index, entry, stem) in SHEETS {
        let index = place.root.join("style").join(index);
        if index.exists() {
            sheets.push((entry, stem, style::join(&index)?));
        }
    }
    let key = files::hash(format!("{sheets:?}").as_bytes());
    timed("style sheets", || {
        site.part("style", &key, |out, part| {
            sheets.iter().try_for_each(|(entry, stem, sheet)| part.fingerprinted(out, entry, stem, "css", sheet.as_bytes()))
        })
    })
}

fn editor(place: &Place, profile: Profile, site: &mut Site) -> Result<()> {
    let entry = place.root.join("editor/index.ts");
    if !entry.exists() {
        return Ok(());
    }
    let mut inputs = files::walk(&place.root.join("editor"))?;
    inputs.extend(["package-lock.json", "tsconfig.json"].map(|name| place.root.join(name)));
    let key = files::hash_files(&inputs)?;
    timed("editor module", || {
        site.part("editor", &key, |folder, part| {
            let bundle = bundle(place, profile, &entry)?;
            part.fingerprinted(folder, "editor", "editor", "js", &bundle)
        })
    })
}

fn bundle(place: &Place, profile: Profile, entry: &Path) -> Result<Vec<u8>> {
    let esbuild = wasm::esbuild(place);
    if !esbuild.exists() {
        bail!("esbuild is missing: run `npm ci` first");
    }
    let bundled: PathBuf = place.target.join("web/package").join(profile.folder()).join("editor.js");
    let status = Command::new(esbuild)
        .current_dir(&place.root)
        .arg(entry)
        .args(["--bundle", "--format=esm", "--minify", "--target=es2022", "--charset=utf8", "--log-level=warning"])
        .arg(format!("--outfile={}", bundled.display()))
        .status()
        .context("cannot start esbuild")?;
    if !status.success() {
        bail!("the editor module does not build");
    }
    files::read(&bundled)
}

/// Plain files keep their names and lie at the site's root.
fn public(place: &Place, site: &mut Site) -> Result<()> {
    let source = place.root.join("public");
    let paths = files::walk(&source)?;
    let key = files::hash_files(&paths)?;
    timed("plain files", || {
        site.part("public", &key, |folder, part| {
            for path in &paths {
                part.plain(folder, &path.strip_prefix(&source)?.to_string_lossy(), &files::read(path)?)?;
            }
            Ok(())
        })
    })
}

/// Nothing below `assets/`, so no browser gets them.
fn fonts(site: &mut Site) -> Result<()> {
    let is_there = |folder: &&Path| FONTS.iter().all(|file| folder.join(file).is_file());
    let Some(folder) = FONT_FOLDERS.iter().map(Path::new).find(is_there) else {
        bail!("the font for PDF is missing ({}): run `scripts/setup.sh run`, or install Debian's fonts-noto-cjk", FONTS.join(" and "));
    };
    let mut paths: Vec<PathBuf> = FONTS.iter().map(|file| folder.join(file)).collect();
    paths.extend(Some(PathBuf::from(FONT_LICENCE)).filter(|licence| licence.is_file()));
    let key = files::hash_files(&paths)?;
    timed("font of the PDFs", || {
        site.part("fonts", &key, |out, part| {
            for path in &paths {
                let name = path.file_name().context("a file has a name")?.to_string_lossy();
                part.plain(out, &format!("fonts/{name}"), &files::read(path)?)?;
            }
            Ok(())
        })
    })
}

fn step<T>(name: &str, run: impl FnOnce() -> Result<T>) -> Result<T> {
    let start = Instant::now();
    let result = run()?;
    eprintln!("    {name}: {:.1} s", start.elapsed().as_secs_f32());
    Ok(result)
}

/// Runs a step that may find nothing to do, and says how long it took if it did something.
fn timed(name: &str, run: impl FnOnce() -> Result<bool>) -> Result<()> {
    let start = Instant::now();
    if run()? {
        eprintln!("    {name}: {:.1} s", start.elapsed().as_secs_f32());
    }
    Ok(())
}
