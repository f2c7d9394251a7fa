//! Style sheets: one index file that lists others in order, joined into one file.
//!
//! An index consists of `@layer a, b;` (the order of the cascade layers) and of lines `@import url("file.css") layer(name);`,
//! where the layer, and a media query after it, may be missing. Joining them here keeps one file per block in the sources
//! and one request in the browser. The files themselves must not import further ones.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// Joins an index and everything it names.
pub fn join(index: &Path) -> Result<String> {
    let folder = index.parent().unwrap_or(Path::new("."));
    let mut joined = String::new();
    let text = strip_comments(&read(index)?);
    for statement in text.split_inclusive(';').map(str::trim).filter(|statement| !statement.is_empty()) {
        if statement.starts_with("@layer") && statement.ends_with(';') {
            joined.push_str(statement);
            joined.push('\n');
        } else if let Some(import) = Import::parse(statement) {
            let body = tidy(&read(&folder.join(import.file)).with_context(|| format!("named by {}", index.display()))?);
            if body.contains("@import") {
                bail!("{}: only {} may import", import.file, index.display());
            }
            joined.push_str(&import.wrap(&body));
        } else {
            bail!("{}: neither a list of layers nor an import: {statement}", index.display());
        }
    }
    Ok(joined)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

struct Import<'a> {
    file: &'a str,
    layer: Option<&'a str>,
    media: &'a str,
}

impl<'a> Import<'a> {
    /// Reads `@import url("file.css") layer(name) media;` and its shorter forms.
    fn parse(statement: &'a str) -> Option<Self> {
        let rest = statement.strip_prefix("@import")?.strip_suffix(';')?.trim();
        let (address, rest) = if let Some(inside) = rest.strip_prefix("url(") {
            inside.split_once(')')?
        } else {
            let quote = rest.chars().next().filter(|first| "\"'".contains(*first))?;
            let behind = rest[1..].find(quote)? + 2;
            rest.split_at(behind)
        };
        let file = address.trim().trim_matches(['"', '\'']).trim_start_matches("./");
        let rest = rest.trim();
        let (layer, media) = match rest.strip_prefix("layer(") {
            Some(inside) => {
                let (layer, after) = inside.split_once(')')?;
                (Some(layer.trim()), after.trim())
            }
            None => (None, rest),
        };
        Some(Self { file, layer, media })
    }

    fn wrap(&self, body: &str) -> String {
        let mut wrapped = body.to_owned();
        if let Some(layer) = self.layer {
            wrapped = format!("@layer {layer} {{\n{wrapped}}}\n");
        }
        if !self.media.is_empty() {
            wrapped = format!("@media {} {{\n{wrapped}}}\n", self.media);
        }
        wrapped
    }
}

/// Removes comments, indentation and blank lines; compression makes anything beyond that hardly worth its risk.
fn tidy(text: &str) -> String {
    strip_comments(text).lines().map(str::trim).filter(|line| !line.is_empty()).fold(String::new(), |mut tidied, line| {
        tidied.push_str(line);
        tidied.push('\n');
        tidied
    })
}

/// Removes comments, but not what looks like one inside a string.
fn strip_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut quote: Option<char> = None;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match quote {
            Some(open) => {
                kept.push(character);
                if character == '\\' {
                    kept.extend(characters.next());
                } else if character == open {
                    quote = None;
                }
            }
            None if character == '/' && characters.peek() == Some(&'*') => {
                characters.next();
                let mut before = ' ';
                for inside in characters.by_ref() {
                    if before == '*' && inside == '/' {
                        break;
                    }
                    before = inside;
                }
            }
            None => {
                if character == '"' || character == '\'' {
                    quote = Some(character);
                }
                kept.push(character);
            }
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_blank_lines_go_and_strings_stay() {
        let text = "/* why */\na {\n  content: \"/* kept */\\\"\"; /* gone **/\n\n}\n";
        assert_eq!(tidy(text), "a {\ncontent: \"/* kept */\\\"\";\n}\n");
    }

    #[test]
    fn imports_are_read_in_all_their_forms() {
        let import = Import::parse("@import url(\"ui/button.css\") layer(ui) print;").map(|found| (found.file, found.layer, found.media));
        assert_eq!(import, Some(("ui/button.css", Some("ui"), "print")));
        let import = Import::parse("@import './base.css';").map(|found| (found.file, found.layer, found.media));
        assert_eq!(import, Some(("base.css", None, "")));
        assert!(Import::parse("a { color: red }").is_none());
    }

    #[test]
    fn an_index_becomes_one_sheet_in_its_order() -> Result<()> {
        let folder = std::env::temp_dir().join(format!("xtask-style-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        fs::write(
            folder.join("index.css"),
            "/* order */\n@layer base, ui;\n@import url(\"base.css\") layer(base);\n@import \"print.css\" print;\n",
        )?;
        fs::write(folder.join("base.css"), "a {}\n")?;
        fs::write(folder.join("print.css"), "b {}\n")?;
        let joined = join(&folder.join("index.css"));
        fs::remove_dir_all(&folder)?;
        assert_eq!(joined?, "@layer base, ui;\n@layer base {\na {}\n}\n@media print {\nb {}\n}\n");
        Ok(())
    }
}
