//! The layout of the sources: who may use whom (ARCHITECTURE.md, "Who may use whom"), how long a file may be, what stands in none.

mod paths;

use std::path::{Path, PathBuf};

/// Most lines of a file; about 400 is the aim.
const LINES: usize = 500;

/// Parts of a feature that the browser has not.
const SERVER_SIDE: [&str; 10] =
    ["commands", "store", "handlers", "publisher", "rehearser", "sweeper", "password", "decode", "explanation", "export"];

/// Parts of a feature that are made for the pages of others.
const SHARED_PARTS: [&str; 5] = [
    "approvals::dialog",
    "approvals::progress",
    "announcements::list::CreateAnnouncement",
    "announcements::alterations",
    "portal::handlers::page",
];

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
        path.split('/').skip(2).any(|part| SERVER_SIDE.contains(&part.trim_end_matches(".rs"))) && path.starts_with("features/");
    let is_shared = SHARED_PARTS.iter().any(|part| parts.get(1..).is_some_and(|inside| inside.join("::").starts_with(part)));
    match (path.split('/').next()?, target) {
        ("domain", "domain") | ("ui", "ui" | "error") | ("server", "server" | "domain" | "error") => None,
        ("domain", _) => Some("the domain uses nothing else of ours"),
        ("ui", _) => Some("bricks know nothing of procurement"),
        ("server", _) => Some("plumbing knows no feature"),
        ("features", "server") if !is_server_side && !path.ends_with("/api.rs") && !path.contains("/api/") => {
            Some("pages do not use the server")
        }
        ("features", "features") if is_server_side && !is_shared && other_feature(&["commands"]) => {
            Some("only the commands of another feature")
        }
        ("features", "features") if !is_server_side && !is_shared && other_feature(&["api"]) => Some("not the inside of another feature"),
        ("features", "app") if is_server_side && parts.get(1) != Some(&"paths") => Some("of the frame only the addresses"),
        ("features", "startup") => Some("features do not know the composition root"),
        _ => None,
    }
}

#[test]
fn a1_the_folders_use_only_what_the_table_allows() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (line, used) in paths::uses(&source.path, &source.text) {
            if let Some(reason) = forbidden(&source.path, &used) {
                wrong.push(format!("src/{}:{line}: crate::{used}: {reason}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a1_a_forbidden_use_is_seen_however_it_is_written() {
    for (path, text) in [
        ("features/records/commands/edit.rs", "use crate::features::{\n    announcements::{\n        store,\n    },\n};"),
        ("features/records/page.rs", "fn f() { super::super::super::server::db() }"),
        ("features/records/page.rs", "use super::super::announcements::store::Row;"),
        ("features/records/page.rs", "mod tests { use super::super::super::contracts::store; }"),
        ("features/records/commands/edit.rs", "use crate::{app::{frame, paths}};"),
        ("domain/money.rs", "use crate::{\n    error::AppError,\n};"),
        ("server/db.rs", "use super::super::features::records;"),
    ] {
        let is_seen = paths::uses(path, text).iter().any(|(_, used)| forbidden(path, used).is_some());
        assert!(is_seen, "{path}: {text}");
    }
    for (path, text) in [
        (
            "features/records/commands/edit.rs",
            "use crate::app::paths; use super::super::store; use crate::features::organisations::commands;",
        ),
        ("features/records/page.rs", "use crate::features::approvals::{dialog::ReasonDialog, History}; use super::api;"),
        ("domain/money.rs", "// crate::server\nuse super::ids;"),
    ] {
        let wrong: Vec<_> = paths::uses(path, text).into_iter().filter(|(_, used)| forbidden(path, used).is_some()).collect();
        assert!(wrong.is_empty(), "{path}: {wrong:?}");
    }
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

/// Which feature writes which table.
const OWNERS: [(&str, &str); 42] = [
    ("installation", "server"),
    ("units", "organisations"),
    ("users", "organisations"),
    ("sessions", "session"),
    ("contracts", "contracts"),
    ("contract_imports", "contracts"),
    ("contract_import_rows", "contracts"),
    ("contract_import_findings", "contracts"),
    ("contract_import_names", "contracts"),
    ("ledger_columns", "contracts"),
    ("records", "records"),
    ("record_lines", "records"),
    ("record_left_out", "records"),
    ("record_versions", "records"),
    ("record_ledgers", "records"),
    ("claim_files", "records"),
    ("record_budgets", "records"),
    ("thresholds", "shares"),
    ("threshold_turns", "shares"),
    ("approval_steps", "approvals"),
    ("events", "approvals"),
    ("messages", "messages"),
    ("announcements", "announcements"),
    ("announcement_changes", "announcements"),
    ("announcement_records", "announcements"),
    ("announcement_lines", "announcements"),
    ("announcement_left_units", "announcements"),
    ("announcement_rehearsals", "announcements"),
    ("announcement_serials", "announcements"),
    ("announcement_slots", "announcements"),
    ("attachments", "announcements"),
    ("publications", "announcements"),
    ("announcement_listings", "announcements"),
    ("announcement_units", "announcements"),
    ("announcement_visits", "announcements"),
    ("announcement_versions", "announcements"),
    ("announcement_version_parts", "announcements"),
    ("announcement_edits", "announcements"),
    ("announcement_templates", "announcements"),
    ("announcement_template_versions", "announcements"),
    ("announcement_template_turns", "announcements"),
    ("announcement_wordings", "announcements"),
];

/// The tables that a text writes: `INSERT INTO`, `UPDATE`, `DELETE FROM`.
fn written(text: &str) -> Vec<&str> {
    let words: Vec<&str> = text.split_whitespace().map(|word| word.trim_matches(['"', '(', ')', ';', ',', '\\', '#'])).collect();
    let after = |at: usize| words.get(at).copied().unwrap_or_default();
    let tables = words.iter().enumerate().filter_map(|(at, word)| match *word {
        "INTO" | "UPDATE" => Some(after(at + 1)),
        "DELETE" if after(at + 1) == "FROM" => Some(after(at + 2)),
        _ => None,
    });
    tables.collect()
}

#[test]
fn a1_only_the_owning_feature_writes_a_table() {
    for source in sources().iter().filter(|source| source.folder() != "tests") {
        for table in written(&source.text) {
            let Some((_, owner)) = OWNERS.iter().find(|(owned, _)| *owned == table) else { continue };
            // The database's own tests stand below every feature.
            let is_owner =
                source.path.starts_with(&format!("features/{owner}/")) || source.path == "server/db.rs" || source.folder() == *owner;
            assert!(is_owner, "src/{} writes {table}, which {owner} owns", source.path);
        }
    }
}

#[test]
fn a1_every_way_to_write_a_table_is_seen() {
    let text = "\"INSERT INTO units (id)\" \"UPDATE users SET\" \"DELETE\n FROM records WHERE\" \"SELECT 1 FROM events\"";
    assert_eq!(written(text), ["units", "users", "records"]);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for table in text.split("CREATE TABLE ").skip(1).filter_map(|rest| rest.split_whitespace().next()) {
            assert!(OWNERS.iter().any(|(owned, _)| *owned == table), "nobody owns {table}");
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
