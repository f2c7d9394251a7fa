//! Plain file handling: walking, hashing, compressing.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, thread};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// Below this many bytes a response fits into one packet anyway.
const WORTH_COMPRESSING: usize = 1024;

/// Endings of what compresses well; pictures and fonts in WOFF2 are compressed already.
const COMPRESSIBLE: &[&str] = &["css", "html", "ico", "js", "json", "map", "svg", "ttf", "txt", "wasm", "webmanifest", "xml"];

/// All files below a folder, sorted, so that the order never depends on the file system. A missing folder is an empty one.
/// Hidden files and `node_modules` are passed over.
pub fn walk(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(next) = waiting.pop() {
        if !next.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&next).with_context(|| format!("cannot read {}", next.display()))? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name.starts_with('.') || name == "node_modules" {
                continue;
            }
            if path.is_dir() {
                waiting.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// SHA-256 as lower-case hexadecimal digits.
pub fn hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// One hash over the names and contents of many files. A file that is not there counts as such.
pub fn hash_files<'a>(paths: impl IntoIterator<Item = &'a PathBuf>) -> Result<String> {
    let mut all = Sha256::new();
    for path in paths {
        all.update(path.to_string_lossy().as_bytes());
        if path.exists() {
            all.update(hash(&read(path)?));
        } else {
            all.update(b"missing");
        }
    }
    Ok(hex(&all.finalize()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Reads a file, naming it when that fails.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Writes a file in one go: a server that reads it meanwhile sees the old content or the new one, never half of it.
pub fn write(path: &Path, content: &[u8]) -> Result<()> {
    let named = || format!("cannot write {}", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(named)?;
    }
    let mut half = path.as_os_str().to_owned();
    half.push(".part");
    fs::write(&half, content).with_context(named)?;
    fs::rename(&half, path).with_context(named)
}

/// The path with an ending appended to the whole name: `a.css` → `a.css.br`.
pub fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Whether a compressed variant of this file is worth its place.
pub fn is_compressible(path: &Path, size: usize) -> bool {
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    size >= WORTH_COMPRESSING && COMPRESSIBLE.contains(&ending.as_ref())
}

/// gzip at its best level.
pub fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

/// Brotli at its best level, with a window as large as the format allows everywhere.
pub fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, size_hint: content.len(), ..Default::default() };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut packed, &parameters)?;
    Ok(packed)
}

/// Writes the `.br` and `.gz` variants beside each of the files, several at a time.
pub fn compress(paths: &[PathBuf]) -> Result<()> {
    thread::scope(|scope| {
        let running: Vec<_> = paths.iter().map(|path| scope.spawn(move || compress_one(path))).collect();
        running.into_iter().try_for_each(|one| one.join().unwrap_or_else(|_| anyhow::bail!("compression broke off")))
    })
}

fn compress_one(path: &Path) -> Result<()> {
    let content = read(path)?;
    if !is_compressible(path, content.len()) {
        return Ok(());
    }
    for (suffix, packed) in [(".br", brotli(&content)?), (".gz", gzip(&content)?)] {
        if packed.len() < content.len() {
            write(&with_suffix(path, suffix), &packed)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_the_known_one() {
        assert_eq!(hash(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn only_text_like_files_of_some_size_are_compressed() {
        assert!(is_compressible(Path::new("a.css"), 1024));
        assert!(!is_compressible(Path::new("a.css"), 1023));
        assert!(!is_compressible(Path::new("a.woff2"), 100_000));
    }

    #[test]
    fn what_is_compressed_is_smaller_and_unpacks_to_the_same() -> Result<()> {
        let text = "预留采购份额 set aside ".repeat(200);
        let packed = brotli(text.as_bytes())?;
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut &packed[..], &mut back)?;
        assert_eq!(back, text.as_bytes());
        assert!(packed.len() < text.len() && gzip(text.as_bytes())?.len() < text.len());
        Ok(())
    }
}
