//! Reads from a source which paths of the crate it names, wherever and however they are written.

/// A word or a sign, with the number of its line.
type Token = (usize, String);

/// The text without comments and without the contents of strings; lines stay lines.
pub fn code(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let raw = rest.strip_prefix('r').map(|after| after.chars().take_while(|c| *c == '#').count());
        let end = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |at| at + 2)
        } else if let Some(hashes) = raw.filter(|hashes| rest[1 + hashes..].starts_with('"') && !code.ends_with(is_word)) {
            let close = format!("\"{}", "#".repeat(hashes));
            let begin = hashes + 2;
            rest[begin..].find(&close).map_or(rest.len(), |at| begin + at + close.len())
        } else if first == '"' {
            let mut is_escaped = false;
            let close = rest.char_indices().skip(1).find(|(_, c)| {
                let is_close = *c == '"' && !is_escaped;
                is_escaped = *c == '\\' && !is_escaped;
                is_close
            });
            close.map_or(rest.len(), |(at, _)| at + 1)
        } else if rest.starts_with("'\"'") {
            3
        } else {
            code.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        };
        // A blank in its place, so that the words around it stay two.
        code.push(' ');
        code.extend(rest[..end].chars().filter(|c| *c == '\n'));
        rest = &rest[end..];
    }
    code
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    for (number, line) in (1..).zip(code(text).lines()) {
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let length = if is_word(first) {
                rest.find(|c| !is_word(c)).unwrap_or(rest.len())
            } else if rest.starts_with("::") {
                2
            } else {
                first.len_utf8()
            };
            tokens.push((number, rest[..length].to_owned()));
            rest = rest[length..].trim_start();
        }
    }
    tokens
}

/// The module that a file is, from the root of the crate: `features/x/mod.rs` → `features`, `x`.
pub fn module(path: &str) -> Vec<String> {
    let mut parts: Vec<String> = path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
        parts.pop();
    }
    parts
}

/// Every path that begins with `crate::`, `super::` or `self::`, from the root of the crate, with the number of its line.
pub fn uses(path: &str, text: &str) -> Vec<(usize, String)> {
    let tokens = tokens(text);
    let word = |at: usize| tokens.get(at).map_or("", |(_, word)| word.as_str());
    let mut found = Vec::new();
    // The braces that are open; those of a module with its name.
    let mut open: Vec<Option<String>> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let is_start = at == 0 || word(at - 1) != "::";
        match word(at) {
            "{" => open.push((at >= 2 && word(at - 2) == "mod").then(|| word(at - 1).to_owned())),
            "}" => drop(open.pop()),
            "crate" | "super" | "self" if is_start && word(at + 1) == "::" => {
                let mut base = if word(at) == "crate" { Vec::new() } else { module(path) };
                if word(at) != "crate" {
                    base.extend(open.iter().flatten().cloned());
                }
                while word(at) == "super" && word(at + 1) == "::" {
                    base.pop();
                    at += 2;
                }
                if ["crate", "self"].contains(&word(at)) {
                    at += 2;
                }
                at = tree(&tokens, at, &base, &mut found);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Reads a path or a tree of paths at `at`, all below `base`; gives where it ends.
fn tree(tokens: &[Token], mut at: usize, base: &[String], found: &mut Vec<(usize, String)>) -> usize {
    let word = |at: usize| tokens.get(at).map_or("", |(_, word)| word.as_str());
    let mut path = base.to_vec();
    let line = tokens.get(at).map_or(0, |(line, _)| *line);
    loop {
        if word(at) == "{" {
            at += 1;
            while at < tokens.len() && word(at) != "}" {
                at = if word(at) == "," { at + 1 } else { tree(tokens, at, &path, found).max(at + 1) };
            }
            return at + 1;
        }
        match word(at) {
            "super" => drop(path.pop()),
            "self" => {}
            name => path.push(name.to_owned()),
        }
        at += 1;
        if word(at) != "::" || !(word(at + 1).starts_with(is_word) || ["{", "*"].contains(&word(at + 1))) {
            break;
        }
        at += 1;
    }
    found.push((line, path.join("::")));
    // `as` and the new name belong to the path.
    if word(at) == "as" { at + 2 } else { at }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        uses(path, text).into_iter().map(|(_, used)| used).collect()
    }

    #[test]
    fn a1_paths_are_read_however_they_are_written() {
        let text = "use crate::{\n    domain::{ids, money::{self, Money as M}},\n    // crate::comment\n    features::records::store,\n};\nlet x = crate::server::db::Db::open(\"crate::text\");";
        let expected = ["domain::ids", "domain::money", "domain::money::Money", "features::records::store", "server::db::Db::open"];
        assert_eq!(found("features/x/api.rs", text), expected);
        assert_eq!(uses("a.rs", text)[3], (4, "features::records::store".to_owned()));
    }

    #[test]
    fn a1_paths_upwards_are_followed() {
        let up = "use super::super::{records::store, own as other};\nmod tests {\n    fn f() { self::g() }\n    use super::super::edit;\n}\nuse super::draft;";
        let expected =
            ["features::records::store", "features::own", "features::x::commands::tests::g", "features::x::edit", "features::x::draft"];
        assert_eq!(found("features/x/commands.rs", up), expected);
        assert_eq!(found("features/x/mod.rs", "use super::y::store;"), ["features::y::store"]);
        assert_eq!(found("features/x/a.rs", "r#\"crate::a\"# '\"' pub(super) fn f(self) {} crate::b"), ["b"]);
    }
}
