//! The layout of the sources: who may use whom (ARCHITECTURE.md, "Two trees"), how long a file may be, what stands in none.

use std::path::{Path, PathBuf};

/// Most lines of a file; about 400 is the aim.
const LINES: usize = 500;

/// Parts of a feature that are made for the pages of others.
const SHARED_PARTS: [&str; 3] = ["approvals::dialog", "approvals::progress", "announcements::list::CreateAnnouncement"];

struct Source {
    path: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    collect(&root, &root, &mut found);
    assert!(found.len() > 60, "the sources are here");
    found
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<Source>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(root, &path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root).unwrap().display().to_string().replace('\\', "/");
            found.push(Source { path: name, text: std::fs::read_to_string(&path).unwrap() });
        }
    }
}

impl Source {
    /// Every `crate::…` path that is named outside comments, with the number of its line.
    fn uses(&self) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        for (number, line) in (1..).zip(self.text.lines()) {
            let line = line.split("//").next().unwrap_or_default();
            for rest in line.split("crate::").skip(1) {
                // Nested groups name several: `crate::features::{a, b::c}`.
                let path: String = rest.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '{' | ',' | ' ')).collect();
                match path.split_once('{') {
                    None => found.push((number, path.split(' ').next().unwrap_or_default().trim_end_matches([':', ',']).to_owned())),
                    Some((head, inside)) => found.extend(
                        inside.split(',').map(|part| (number, format!("{head}{}", part.trim().split(' ').next().unwrap_or_default()))),
                    ),
                }
            }
        }
        found
    }

    /// The folder that the table speaks of.
    fn folder(&self) -> &str {
        self.path.split('/').next().unwrap_or_default()
    }
}

/// What a use is, or why it is forbidden there.
fn forbidden(path: &str, used: &str) -> Option<&'static str> {
    let parts: Vec<&str> = used.split("::").collect();
    let target = *parts.first()?;
    let feature = path.strip_prefix("features/").and_then(|rest| rest.split('/').next());
    let other_feature = |allowed: &[&str]| {
        let [_, other, inside, ..] = parts.as_slice() else { return false };
        Some(*other) != feature && !allowed.contains(inside) && inside.chars().next().is_some_and(char::is_lowercase)
    };
    let is_server_side =
        ["commands", "store", "handlers", "publisher", "password", "decode", "explanation"].iter().any(|part| path.contains(part));
    let is_shared = SHARED_PARTS.iter().any(|part| parts.get(1..).is_some_and(|inside| inside.join("::").starts_with(part)));
    match (path.split('/').next()?, target) {
        ("domain", "domain") | ("ui", "ui" | "error") | ("server", "server" | "domain" | "error") => None,
        ("domain", _) => Some("the domain uses nothing else of ours"),
        ("ui", _) => Some("bricks know nothing of procurement"),
        ("server", _) => Some("plumbing knows no feature"),
        ("features", "server") if !is_server_side && !path.ends_with("/api.rs") => Some("pages do not use the server"),
        ("features", "features") if is_server_side && other_feature(&["commands"]) => Some("only the commands of another feature"),
        ("features", "features") if !is_server_side && !is_shared && other_feature(&["api"]) => Some("not the inside of another feature"),
        ("features", "startup") => Some("features do not know the composition root"),
        _ => None,
    }
}

#[test]
fn a1_the_folders_use_only_what_the_table_allows() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (line, used) in source.uses() {
            if let Some(reason) = forbidden(&source.path, &used) {
                wrong.push(format!("src/{}:{line}: crate::{used}: {reason}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a1_the_domain_is_pure() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| source.folder() == "domain") {
        for (number, line) in (1..).zip(source.text.lines()) {
            let code = line.split("//").next().unwrap_or_default();
            let is_impure = [
                "leptos",
                "sqlx",
                "axum",
                "tokio",
                "std::fs",
                "std::env",
                "std::net",
                "SystemTime",
                "Utc::now",
                "Local::now",
                "getrandom",
                "web_sys",
                "tracing",
            ]
            .iter()
            .any(|word| code.contains(word));
            let is_conditional = code.contains("cfg(feature") || code.contains("cfg!(") || code.contains("cfg(target");
            if is_impure || is_conditional {
                wrong.push(format!("src/{}:{number}: {line}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a1_sql_stands_in_stores_alone() {
    let mut wrong = Vec::new();
    for source in sources() {
        let may = source.path.ends_with("/store.rs") || source.path.contains("/store/") || ["server", "tests"].contains(&source.folder());
        if !may && ["sqlx::query", "SELECT ", "INSERT INTO", "DELETE FROM"].iter().any(|word| source.text.contains(word)) {
            wrong.push(format!("src/{}", source.path));
        }
    }
    assert!(wrong.is_empty(), "SQL in {}", wrong.join(", "));
}

#[test]
fn a1_only_the_owning_feature_writes_a_table() {
    let owners = [
        ("units", "organisations"),
        ("users", "organisations"),
        ("sessions", "session"),
        ("contracts", "contracts"),
        ("records", "records"),
        ("record_lines", "records"),
        ("record_left_out", "records"),
        ("record_versions", "records"),
        ("approval_steps", "approvals"),
        ("events", "approvals"),
        ("messages", "messages"),
        ("announcements", "announcements"),
        ("announcement_lines", "announcements"),
        ("announcement_serials", "announcements"),
        ("attachments", "announcements"),
    ];
    for source in sources().iter().filter(|source| source.folder() == "features") {
        let words: Vec<&str> = source.text.split_whitespace().map(|word| word.trim_matches(['"', '(', ')', ';', ','])).collect();
        for pair in words.windows(2).filter(|pair| ["INTO", "UPDATE", "\"UPDATE", "FROM"].contains(&pair[0])) {
            let Some((table, owner)) = owners.iter().find(|(table, _)| *table == pair[1]) else { continue };
            let is_owner = source.path.starts_with(&format!("features/{owner}/"));
            assert!(is_owner || pair[0] == "FROM", "src/{} writes {table}, which {owner} owns", source.path);
        }
    }
}

#[test]
fn a1_a_file_can_be_held_in_the_head() {
    let long: Vec<String> = sources()
        .iter()
        .filter(|source| source.text.lines().count() > LINES)
        .map(|source| format!("src/{}: {} lines", source.path, source.text.lines().count()))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn a1_nothing_is_left_to_do_and_nothing_conditional_stands_inside_a_function() {
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:"), concat!("unimple", "mented!"), concat!("to", "do!(")];
    let mut wrong = Vec::new();
    for source in sources() {
        for (number, line) in (1..).zip(source.text.lines()) {
            let is_marked = marks.iter().any(|mark| line.contains(mark));
            // Inside a function a line stands two levels deep at least; methods' own attributes stand one level deep.
            let is_inside = line.starts_with("        #[cfg(") || line.starts_with("        #![cfg(");
            if is_marked || is_inside {
                wrong.push(format!("src/{}:{number}: {line}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a1_no_module_is_named_for_nothing() {
    for source in sources() {
        for part in source.path.trim_end_matches(".rs").split('/') {
            assert!(!["utils", "util", "helpers", "helper", "common", "models", "misc"].contains(&part), "src/{}", source.path);
        }
    }
}
