//! Documents by chance, as an editor or an attacker sends them: JSON, independent of how the server keeps it.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

/// What people and attackers type: everything that HTML, addresses and terminals read as their own.
fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[一-龥0-9，。 %]{1,12}",
        2 => "[<>&\"'/=a-z;#]{1,12}",
        2 => "\\PC{1,12}",
        1 => "[\u{0}-\u{1f}\u{7f}-\u{9f}\u{202a}-\u{202e}\u{2066}-\u{2069}\u{feff}\u{fffe}\u{ffff}字 ]{1,6}",
        2 => select(vec![
            "<script>alert(1)</script>",
            "</p><script>alert(1)</script>",
            "</td></tr></table><img src=x onerror=alert(1)>",
            "<!-- a --><![CDATA[b]]>",
            "javascript:alert(1)",
            "&amp;&lt;script&gt;&#39;&#x3c;&nbsp;&notin",
            "\"onload='x'",
            "占99%，共计5万元",
            "👩‍👩‍👧‍👦🇨🇳é\u{301}",
            "  \u{a0}\u{3000}\u{2028}\u{200b} ",
            "备注：",
        ])
        .prop_map(str::to_owned),
    ]
}

/// Addresses that a notice may hold, though they look like anything.
fn address() -> impl Strategy<Value = String> {
    prop_oneof![
        select(vec![
            "https://example.org/",
            "HTTP://example.org/a+b/==?c=1&d=2#e",
            "https://example.org/?a=\"><b>&c='",
            " https://example.org/blanks-around ",
            "https://example.org/&quot;onmouseover=alert(1)",
            "https://例子.中国/路径?查=询",
            "http://user:pass@[::1]:80/",
            "https://javascript:alert(1)/",
            "\u{feff}https://example.org/marked\u{feff}",
        ])
        .prop_map(str::to_owned),
        "https?://[a-z0-9.]{1,8}/[\\PC&&[^ \\p{Z}]]{0,12}",
    ]
}

fn mark() -> impl Strategy<Value = Value> {
    let more = select(vec![json!(null), json!("_self"), json!("_blank"), json!("\" onclick=\"alert(1)")]);
    let link = (address(), option::of(more)).prop_map(|(href, more)| {
        let mut attributes = json!({ "href": href });
        for name in ["target", "rel", "class", "title"] {
            if let Some(value) = &more {
                attributes[name] = value.clone();
            }
        }
        json!({ "type": "link", "attrs": attributes })
    });
    prop_oneof![
        Just(json!({ "type": "bold" })),
        Just(json!({ "type": "italic", "attrs": {} })),
        Just(json!({ "type": "underline", "attrs": null })),
        link,
    ]
}

/// Each kind once at most, in any order.
fn marks() -> impl Strategy<Value = Vec<Value>> {
    vec(mark(), 0..5).prop_map(|marks| {
        let mut kept: Vec<Value> = Vec::new();
        for mark in marks {
            if kept.iter().all(|known| known["type"] != mark["type"]) {
                kept.push(mark);
            }
        }
        kept
    })
}

fn inline() -> impl Strategy<Value = Value> {
    let chip = select(vec!["unit", "year", "sme_amount", "small_micro_amount", "ratio", "remark", "remark", "date"]);
    let node = prop_oneof![
        5 => words().prop_map(|text| json!({ "type": "text", "text": text })),
        1 => Just(json!({ "type": "hardBreak" })),
        2 => chip.prop_map(|name| json!({ "type": "chip", "attrs": { "name": name } })),
    ];
    (node, marks()).prop_map(|(mut node, marks)| {
        if !marks.is_empty() {
            node["marks"] = marks.into();
        }
        node
    })
}

/// A heading or paragraph; its parts are there, null or absent, as programs write them.
fn line(kind: &'static str, attributes: Map<String, Value>) -> impl Strategy<Value = Value> {
    let align = option::of(select(vec![json!(null), json!("left"), json!("center"), json!("right")]));
    (align, option::of(vec(inline(), 0..5))).prop_map(move |(align, content)| {
        let mut node = json!({ "type": kind });
        let mut attributes = attributes.clone();
        attributes.extend(align.map(|align| ("textAlign".to_owned(), align)));
        if !attributes.is_empty() {
            node["attrs"] = attributes.into();
        }
        if let Some(content) = content {
            node["content"] = content.into();
        }
        node
    })
}

fn paragraph() -> impl Strategy<Value = Value> {
    line("paragraph", Map::new())
}

/// Paragraphs and lists in lists, as items and cells hold them.
fn flow(depth: u32) -> impl Strategy<Value = Value> {
    paragraph().prop_recursive(depth, 12, 3, |inner| {
        let item = (paragraph(), vec(inner, 0..3)).prop_map(|(first, mut rest)| {
            rest.insert(0, first);
            json!({ "type": "listItem", "content": rest })
        });
        let attributes = select(vec![json!(null), json!({ "start": 1 }), json!({ "start": 1, "type": null })]);
        (option::of(attributes), vec(item, 1..3)).prop_map(|(ordered, items)| match ordered {
            Some(attributes) => json!({ "type": "orderedList", "attrs": attributes, "content": items }),
            None => json!({ "type": "bulletList", "content": items }),
        })
    })
}

fn cell() -> impl Strategy<Value = Value> {
    let spans = (option::of(1..4), option::of(1..4), option::of(select(vec![json!(null), json!([120])])));
    (prop_oneof![2 => Just(true), 1 => Just(false)], spans, vec(flow(3), 1..3)).prop_map(
        |(is_header, (colspan, rowspan, colwidth), content)| {
            let mut attributes = Map::new();
            for (name, span) in [("colspan", colspan), ("rowspan", rowspan)] {
                attributes.extend(span.map(|span: i32| (name.to_owned(), span.into())));
            }
            attributes.extend(colwidth.map(|width| ("colwidth".to_owned(), width)));
            json!({ "type": if is_header { "tableHeader" } else { "tableCell" }, "attrs": attributes, "content": content })
        },
    )
}

fn table() -> impl Strategy<Value = Value> {
    let row = vec(cell(), 0..4).prop_map(|cells| json!({ "type": "tableRow", "content": cells }));
    (vec(cell(), 1..3), vec(row, 0..3)).prop_map(|(first, mut rows)| {
        rows.insert(0, json!({ "type": "tableRow", "content": first }));
        json!({ "type": "table", "content": rows })
    })
}

/// A document that must be accepted.
pub fn document() -> impl Strategy<Value = Value> {
    let heading = (1..4).prop_flat_map(|level| line("heading", json!({ "level": level }).as_object().cloned().unwrap_or_default()));
    let block = prop_oneof![
        4 => flow(4),
        1 => heading,
        1 => table(),
        1 => Just(json!({ "type": "detailTable" })),
    ];
    vec(block, 1..6).prop_map(|blocks| json!({ "type": "doc", "content": blocks }))
}

/// What no document may hold: a node, a mark, or an attribute.
#[derive(Clone, Debug)]
pub enum Poison {
    Node(Value),
    Mark(Value),
    Attribute(&'static str, Value),
}

pub fn poison() -> impl Strategy<Value = Poison> {
    let href = |href: &str| json!({ "type": "link", "attrs": { "href": href } });
    let node = vec![
        json!({ "type": "image", "attrs": { "src": "x", "onerror": "alert(1)" } }),
        json!({ "type": "script", "content": [{ "type": "text", "text": "alert(1)" }] }),
        json!({ "type": "codeBlock" }),
        json!({ "type": "__proto__" }),
        json!({ "type": "" }),
        json!({ "type": 1 }),
        json!({ "type": "doc" }),
        json!({ "html": "<script>alert(1)</script>" }),
        json!("<script>alert(1)</script>"),
        json!([]),
        json!(null),
    ];
    let mark = vec![
        json!({ "type": "code" }),
        json!({ "type": "textStyle", "attrs": { "style": "color:red" } }),
        json!({ "type": "bold", "attrs": { "onclick": "alert(1)" } }),
        json!({ "type": "bold", "text": "x" }),
        json!({ "type": "bold", "marks": [{ "type": "code" }] }),
        json!({ "type": "bold", "content": [{ "type": "text", "text": "x" }] }),
        json!("bold"),
        json!({ "type": "link" }),
        href("javascript:alert(1)"),
        href("JaVaScRiPt:alert(1)"),
        href(" \u{1}javascript:alert(1)"),
        href("java\nscript:alert(1)"),
        href("data:text/html,<script>alert(1)</script>"),
        href("vbscript:x"),
        href("//example.org/"),
        href("/relative"),
        href("https:example.org"),
        href("https://"),
        href("https://a\" onclick=\"alert(1)"),
        href("https://example.org/\u{feff}a"),
        href("https://exam ple.org/"),
        json!({ "type": "link", "attrs": { "href": "https://example.org/", "onclick": "alert(1)" } }),
    ];
    let attribute = vec![
        ("style", json!("color:red")),
        ("onclick", json!("alert(1)")),
        ("class", json!("x")),
        ("textAlign", json!("justify; color:red")),
        ("textAlign", json!(1)),
        ("level", json!("1><script>")),
        ("colspan", json!("1\" onclick=\"alert(1)")),
        ("colspan", json!(-1)),
        ("rowspan", json!(100_000)),
        ("start", json!("1\"><script>")),
        ("name", json!("<script>")),
    ];
    prop_oneof![
        select(node).prop_map(Poison::Node),
        select(mark).prop_map(Poison::Mark),
        select(attribute).prop_map(|(name, value)| Poison::Attribute(name, value)),
    ]
}

/// The document with the poison in one of the places it fits, chosen by `place`.
pub fn poisoned(mut document: Value, poison: &Poison, place: usize) -> Value {
    let places = count(&document);
    let mut left = place % places;
    put(&mut document, poison, &mut left);
    document
}

fn count(node: &Value) -> usize {
    1 + node["content"].as_array().map_or(0, |content| content.iter().map(count).sum())
}

fn put(node: &mut Value, poison: &Poison, left: &mut usize) -> bool {
    if *left == 0 {
        let Some(fields) = node.as_object_mut() else { return false };
        // Null is how a program may write what it has not: a list or object takes its place.
        let mut list = |name: &str, value: &Value| match fields.entry(name).or_insert(Value::Null) {
            Value::Array(values) => values.push(value.clone()),
            other => *other = json!([value]),
        };
        match poison {
            Poison::Node(value) => list("content", value),
            Poison::Mark(value) => list("marks", value),
            Poison::Attribute(name, value) => match fields.entry("attrs").or_insert(Value::Null) {
                Value::Object(attributes) => drop(attributes.insert((*name).to_owned(), value.clone())),
                other => *other = json!({ (*name): value }),
            },
        }
        return true;
    }
    *left -= 1;
    let content = node.get_mut("content").and_then(Value::as_array_mut);
    content.is_some_and(|content| content.iter_mut().any(|child| put(child, poison, left)))
}
