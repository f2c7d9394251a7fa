//! The folder of finished assets, and the memory of what they were made from.
//!
//! A site is built in parts (package, styles, editor, plain files). Every part has a key: a hash over all that went into it.
//! While the key stays the same and its files are still there, the part is not made again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::files;

/// What one part of the site consists of.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Part {
    key: String,
    /// Files, as paths below the site's folder.
    files: BTreeSet<String>,
    /// The part's lines in the manifest: what for → address.
    entries: BTreeMap<String, String>,
    /// Parts of the program, by name: the addresses of what has to be fetched for it.
    #[serde(default)]
    parts: BTreeMap<String, Vec<String>>,
}

/// What the server reads about the site.
#[derive(Serialize)]
struct Manifest<'a> {
    #[serde(flatten)]
    entries: BTreeMap<&'a String, &'a String>,
    parts: BTreeMap<&'a String, &'a Vec<String>>,
}

impl Part {
    /// Writes a file under its own name.
    pub fn plain(&mut self, site: &Path, path: &str, content: &[u8]) -> Result<()> {
        files::write(&site.join(path), content)?;
        self.files.insert(path.to_owned());
        Ok(())
    }

    /// Writes a file under a name that carries its content's hash, and notes its address as `entry` in the manifest.
    pub fn fingerprinted(&mut self, site: &Path, entry: &str, stem: &str, ending: &str, content: &[u8]) -> Result<()> {
        let path = format!("assets/{stem}-{}.{ending}", &files::hash(content)[..12]);
        self.plain(site, &path, content)?;
        self.entries.insert(entry.to_owned(), format!("/{path}"));
        Ok(())
    }

    /// Writes files that refer to each other by their names into a folder that carries the hash of them all; returns the folder's address.
    pub fn together(&mut self, site: &Path, stem: &str, files: &[(String, Vec<u8>)]) -> Result<String> {
        let all: Vec<String> = files.iter().map(|(path, content)| format!("{path} {}", files::hash(content))).collect();
        let folder = format!("assets/{stem}-{}", &files::hash(all.join("\n").as_bytes())[..12]);
        for (path, content) in files {
            self.plain(site, &format!("{folder}/{path}"), content)?;
        }
        Ok(format!("/{folder}"))
    }

    /// Notes an address in the manifest.
    pub fn entry(&mut self, entry: &str, address: String) {
        self.entries.insert(entry.to_owned(), address);
    }

    /// Notes in the manifest what has to be fetched for a part of the program.
    pub fn program_part(&mut self, name: &str, addresses: Vec<String>) {
        self.parts.insert(name.to_owned(), addresses);
    }
}

/// A site being built.
pub struct Site {
    folder: PathBuf,
    old: BTreeMap<String, Part>,
    new: BTreeMap<String, Part>,
    /// Goes into every key: other settings or another build tool make other files.
    salt: String,
    compressed: bool,
}

impl Site {
    /// Opens a folder. `salt` stands for everything that influences all parts alike.
    pub fn open(folder: &Path, salt: String, compressed: bool) -> Self {
        // A memory that cannot be read only costs building everything again.
        let old = fs::read(memory(folder)).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        Self { folder: folder.to_path_buf(), old, new: BTreeMap::new(), salt, compressed }
    }

    /// Makes a part, unless it is there already, made from the same. Returns whether it had to be made.
    pub fn part(&mut self, name: &str, key: &str, make: impl FnOnce(&Path, &mut Part) -> Result<()>) -> Result<bool> {
        let key = files::hash(format!("{} {key}", self.salt).as_bytes());
        if let Some(part) = self.old.get(name)
            && part.key == key
            && part.files.iter().all(|file| self.folder.join(file).exists())
        {
            self.new.insert(name.to_owned(), part.clone());
            return Ok(false);
        }
        let mut part = Part { key, ..Part::default() };
        make(&self.folder, &mut part)?;
        if self.compressed {
            let paths: Vec<PathBuf> = part.files.iter().map(|file| self.folder.join(file)).collect();
            files::compress(&paths)?;
            for variant in [".br", ".gz"] {
                let there: Vec<String> =
                    part.files.iter().map(|file| format!("{file}{variant}")).filter(|file| self.folder.join(file).exists()).collect();
                part.files.extend(there);
            }
        }
        self.new.insert(name.to_owned(), part);
        Ok(true)
    }

    /// Writes the manifest and the memory, and removes what no part names any more.
    pub fn finish(self) -> Result<()> {
        let manifest = Manifest {
            entries: self.new.values().flat_map(|part| &part.entries).collect(),
            parts: self.new.values().flat_map(|part| &part.parts).collect(),
        };
        let mut manifest = serde_json::to_vec_pretty(&manifest)?;
        manifest.push(b'\n');
        let path = self.folder.join("manifest.json");
        if fs::read(&path).ok().as_ref() != Some(&manifest) {
            files::write(&path, &manifest)?;
        }
        let wanted: BTreeSet<PathBuf> = self.new.values().flat_map(|part| &part.files).map(|file| self.folder.join(file)).collect();
        for file in files::walk(&self.folder)? {
            if file != path && !wanted.contains(&file) {
                fs::remove_file(&file)?;
            }
        }
        files::write(&memory(&self.folder), &serde_json::to_vec(&self.new)?)
    }
}

/// The memory lies beside the site's folder, not in it: what is in there is served to the world.
fn memory(folder: &Path) -> PathBuf {
    files::with_suffix(folder, ".made-from.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of the test's own, removed when the test ends.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            Self(path)
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn build(folder: &Path, text: &str) -> Result<bool> {
        let mut site = Site::open(folder, "salt".into(), true);
        let made = site.part("style", text, |site, part| part.fingerprinted(site, "css", "style", "css", text.repeat(500).as_bytes()))?;
        site.finish()?;
        Ok(made)
    }

    #[test]
    fn a_part_is_made_again_only_when_its_inputs_change_or_a_file_is_gone() -> Result<()> {
        let scratch = Scratch::new("again");
        let folder = scratch.0.join("site");
        assert!(build(&folder, "a{}")?);
        assert!(!build(&folder, "a{}")?);
        assert!(build(&folder, "b{}")?);
        let file = files::walk(&folder.join("assets"))?.remove(0);
        fs::remove_file(file)?;
        assert!(build(&folder, "b{}")?);
        Ok(())
    }

    #[test]
    fn the_manifest_names_the_newest_files_and_older_ones_are_gone() -> Result<()> {
        let scratch = Scratch::new("manifest");
        let folder = scratch.0.join("site");
        build(&folder, "a{}")?;
        build(&folder, "b{}")?;
        let manifest: serde_json::Value = serde_json::from_slice(&fs::read(folder.join("manifest.json"))?)?;
        let address = manifest["css"].as_str().unwrap_or_default();
        assert!(address.starts_with("/assets/style-"), "{address}");
        let file = folder.join(&address[1..]);
        assert_eq!(
            files::walk(&folder.join("assets"))?,
            [file.clone(), files::with_suffix(&file, ".br"), files::with_suffix(&file, ".gz")]
        );
        Ok(())
    }
}
