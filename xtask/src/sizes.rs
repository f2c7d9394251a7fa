//! `cargo xtask sizes`: how many bytes travel.

use std::path::Path;

use anyhow::{Result, bail};

use crate::files;

/// Prints every asset of a finished site: raw, gzip, brotli.
pub fn print(site: &Path) -> Result<()> {
    let assets: Vec<_> = files::walk(site)?
        .into_iter()
        // The font of the PDFs stays on the server.
        .filter(|path| !path.starts_with(site.join("fonts")))
        .filter(|path| !matches!(path.extension().and_then(|ending| ending.to_str()), Some("br" | "gz")))
        .collect();
    if assets.is_empty() {
        bail!("{} is empty: run `cargo xtask assets` first", site.display());
    }
    println!("{:>10} {:>10} {:>10}  file", "raw", "gzip", "brotli");
    let mut total = [0; 3];
    for path in assets {
        let content = files::read(&path)?;
        let sizes = [content.len(), packed(&path, &content, ".gz", files::gzip)?, packed(&path, &content, ".br", files::brotli)?];
        println!("{:>10} {:>10} {:>10}  {}", sizes[0], sizes[1], sizes[2], path.strip_prefix(site)?.display());
        for (sum, size) in total.iter_mut().zip(sizes) {
            *sum += size;
        }
    }
    println!("{:>10} {:>10} {:>10}  all together", total[0], total[1], total[2]);
    Ok(())
}

/// The size of a file as it travels under one compression: of the variant beside it, or of one made for the purpose.
/// What is not worth compressing travels as it is.
fn packed(path: &Path, content: &[u8], suffix: &str, pack: fn(&[u8]) -> Result<Vec<u8>>) -> Result<usize> {
    if !files::is_compressible(path, content.len()) {
        return Ok(content.len());
    }
    let variant = files::with_suffix(path, suffix);
    if variant.exists() {
        return Ok(files::read(&variant)?.len());
    }
    Ok(pack(content)?.len())
}
