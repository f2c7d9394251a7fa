//! Every route of the sources stands in the table, and every line of the table is about a route.

use super::ADDRESSES;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Routes that have a table of their own, or that no release has.
const ELSEWHERE: [(&str, &str); 2] = [("ANY", "/api/{*function}"), ("POST", "/test/clock")];

/// Method and pattern, as axum writes it.
type Route = (String, String);

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("tests") {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// What stands between the bracket at the beginning of `text` and its partner.
fn bracketed(text: &str) -> &str {
    let mut depth = 0;
    let end = text.char_indices().find(|(_, c)| {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth == 0
    });
    end.map_or(text, |(at, _)| &text[1..at])
}

/// The functions called in `text` outside all brackets: `get(a).post(b)` → get, post.
fn called(text: &str) -> Vec<String> {
    let (mut names, mut name, mut depth) = (Vec::new(), String::new(), 0);
    for c in text.chars() {
        match c {
            '(' => {
                if depth == 0 {
                    names.push(std::mem::take(&mut name));
                }
                depth += 1;
            }
            ')' => depth -= 1,
            _ if depth > 0 => {}
            c if c.is_alphanumeric() || c == '_' => name.push(c),
            _ => name.clear(),
        }
    }
    names
}

/// The routes that a source makes.
fn routes_of(text: &str) -> Vec<Route> {
    let mut found = Vec::new();
    for (kind, at) in ["route", "route_service", "nest_service", "nest"].iter().flat_map(|kind| {
        let call = format!(".{kind}(");
        text.match_indices(&call).map(|(at, _)| (*kind, at + call.len() - 1)).collect::<Vec<_>>()
    }) {
        let inside = bracketed(&text[at..]);
        let Some((path, handlers)) = inside.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"')) else {
            panic!("a route whose path is not written out: {inside}");
        };
        match kind {
            "nest_service" => found.push(("GET".to_owned(), format!("{path}/{{*rest}}"))),
            "route_service" => found.push(("GET".to_owned(), path.to_owned())),
            "nest" => panic!("{path}: nested routers are not understood here"),
            _ => {
                let known = ["get", "post", "put", "patch", "delete", "any"];
                let methods: Vec<_> = called(handlers).into_iter().filter(|name| known.contains(&name.as_str())).collect();
                assert!(!methods.is_empty(), "{path}: no method in {handlers}");
                found.extend(methods.into_iter().map(|method| (method.to_uppercase(), path.to_owned())));
            }
        }
    }
    found
}

/// The pages that the browser's router knows, as routes.
fn pages() -> Vec<Route> {
    let app = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/app/mod.rs")).unwrap();
    let written = app.split("<Route path=path!(\"").skip(1).filter_map(|rest| rest.split('"').next());
    let part = |part: &str| match (part.strip_prefix(':'), part.strip_prefix('*')) {
        (Some(name), _) => format!("{{{name}}}"),
        (_, Some(name)) => format!("{{*{name}}}"),
        _ => part.to_owned(),
    };
    written
        .map(|path| path.split('/').filter(|part| !part.is_empty()).map(|name| format!("/{}", part(name))).collect::<Vec<_>>().concat())
        .map(|path| ("GET".to_owned(), format!("/office{path}")))
        .collect()
}

fn is_star(part: &str) -> bool {
    part.starts_with("{*")
}

fn fits(pattern: &str, path: &str) -> bool {
    let (mut pattern, mut path) = (pattern.split('/'), path.split('/'));
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return true,
            (Some(star), Some(_)) if is_star(star) => return true,
            (Some(part), Some(given)) if part == given || (part.starts_with('{') && !given.is_empty()) => {}
            _ => return false,
        }
    }
}

/// The route that answers: the one with the fewest open places.
fn answering<'a>(routes: &'a BTreeSet<Route>, method: &str, path: &str) -> Option<&'a Route> {
    let path = path.split('?').next().unwrap_or(path);
    let open = |pattern: &str| (pattern.split('/').any(is_star), pattern.matches('{').count());
    routes.iter().filter(|(of, pattern)| *of == method && fits(pattern, path)).min_by_key(|(_, pattern)| open(pattern))
}

fn covers(routes: &BTreeSet<Route>) -> Vec<String> {
    let covered: BTreeSet<&Route> = ADDRESSES.iter().filter_map(|(method, path, _)| answering(routes, method, path)).collect();
    let is_elsewhere = |route: &Route| ELSEWHERE.iter().any(|(method, path)| (route.0.as_str(), route.1.as_str()) == (*method, *path));
    let left = routes.iter().filter(|route| !covered.contains(route) && !is_elsewhere(route));
    left.map(|(method, path)| format!("{method} {path} is not in the table of src/tests/endpoints.rs")).collect()
}

#[test]
fn b8_every_route_stands_in_the_table() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let routes: BTreeSet<Route> = files.iter().flat_map(|file| routes_of(&std::fs::read_to_string(file).unwrap())).collect();
    assert!(routes.len() > 12, "{routes:?}");
    let mut wrong = covers(&routes);
    wrong.extend(covers(&pages().into_iter().collect()));
    for (method, path, expected) in ADDRESSES {
        let is_nothing = expected.chars().all(|sign| sign == '.');
        if answering(&routes, method, path).is_none() && !is_nothing {
            wrong.push(format!("{method} {path} is in the table, but there is no such route"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn b8_routes_are_read_and_compared_strictly() {
    let text = r#"Router::new().route("/a", get(f).post(g)).route(
        "/a/{id}/files/{file}", post(h).layer(from_fn(get))).nest_service("/assets", x)"#;
    let routes: BTreeSet<Route> = routes_of(text).into_iter().collect();
    let written: Vec<String> = routes.iter().map(|(method, path)| format!("{method} {path}")).collect();
    assert_eq!(written, ["GET /a", "GET /assets/{*rest}", "POST /a", "POST /a/{id}/files/{file}"]);
    assert!(answering(&routes, "POST", "/a?x=1").is_some() && answering(&routes, "POST", "/a/1/files/2").is_some());
    assert!(answering(&routes, "GET", "/a/1").is_none() && answering(&routes, "GET", "/a/1/files/2").is_none());
    assert!(answering(&routes, "POST", "/a/1/files").is_none());
}
