//! The built browser files: which fingerprinted names stand for style, script, WebAssembly and editor.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// The manifest that the build writes; addresses under `/assets/`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Assets {
    /// Styles of the office.
    pub css: String,
    /// Styles of the public portal.
    pub portal_css: String,
    /// The script that loads the WebAssembly.
    pub js: String,
    /// The WebAssembly.
    pub wasm: String,
    /// The rich editor, loaded by the editor page alone.
    pub editor: String,
    /// What a page's part of the program consists of: name of the part → addresses.
    pub parts: BTreeMap<String, Vec<String>>,
}

impl Assets {
    /// Reads `manifest.json` of the site directory.
    pub fn read(site: &Path) -> Result<Assets, String> {
        let path = site.join("manifest.json");
        let text = std::fs::read_to_string(&path)
            .map_err(|error| format!("site: {} cannot be read ({error}); build it with `cargo xtask assets`", path.display()))?;
        serde_json::from_str(&text).map_err(|error| format!("site: {} is not a manifest ({error})", path.display()))
    }
}
