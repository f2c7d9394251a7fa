//! Documents by chance, for the tests of reading and of rendering.

use super::{Align, Block, Cell, Chip, Document, Inline, Level, Marks};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::{Map, Value};

/// Words with everything in them that HTML reads as its own.
pub fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        "[<>&\"'/=a-z]{1,12}",
        "[一-龥0-9，。 %]{1,12}",
        Just("</p><script>alert(1)</script>".to_owned()),
        Just("&amp;\"onload='x'".to_owned()),
        Just("占99%，共计5万元".to_owned()),
    ]
}

fn marks() -> impl Strategy<Value = Marks> {
    let href = prop_oneof![Just("https://example.org/?a=\"><b>&c='".to_owned()), Just("HTTP://example.org/a+b/==".to_owned())];
    (any::<bool>(), any::<bool>(), any::<bool>(), option::of(href)).prop_map(|(bold, italic, underline, link)| Marks {
        bold,
        italic,
        underline,
        link,
    })
}

fn align() -> impl Strategy<Value = Align> {
    prop_oneof![Just(Align::Left), Just(Align::Center), Just(Align::Right)]
}

fn line() -> impl Strategy<Value = Vec<Inline>> {
    let inline = prop_oneof![
        3 => (words(), marks()).prop_map(|(text, marks)| Inline::Text { text, marks }),
        1 => Just(Inline::HardBreak),
        2 => proptest::sample::select(&Chip::ALL[..]).prop_map(Inline::Chip),
    ];
    vec(inline, 0..5).prop_map(super::read::joined)
}

fn paragraph() -> impl Strategy<Value = Block> {
    (align(), line()).prop_map(|(align, content)| Block::Paragraph { align, content })
}

/// Paragraphs and lists, as items and cells hold them.
fn flow() -> impl Strategy<Value = Block> {
    paragraph().prop_recursive(2, 12, 3, |inner| {
        let item = (paragraph(), vec(inner, 0..3)).prop_map(|(first, mut rest)| {
            rest.insert(0, first);
            rest
        });
        (any::<bool>(), vec(item, 1..3))
            .prop_map(|(ordered, items)| if ordered { Block::OrderedList(items) } else { Block::BulletList(items) })
    })
}

fn table() -> impl Strategy<Value = Block> {
    let cell = (any::<bool>(), 1_u32..3, 1_u32..3, vec(flow(), 1..3)).prop_map(|(header, colspan, rowspan, content)| Cell {
        header,
        colspan,
        rowspan,
        content,
    });
    vec(vec(cell, 1..4), 1..4).prop_map(Block::Table)
}

/// Any document.
pub fn document() -> impl Strategy<Value = Document> {
    let level = prop_oneof![Just(Level::One), Just(Level::Two), Just(Level::Three)];
    let block = prop_oneof![
        4 => flow(),
        1 => (level, align(), line()).prop_map(|(level, align, content)| Block::Heading { level, align, content }),
        1 => table(),
        1 => Just(Block::DetailTable),
    ];
    vec(block, 1..6).prop_map(|blocks| Document { blocks })
}

/// JSON that often looks like a document and is none.
pub fn json() -> impl Strategy<Value = Value> {
    let name = || {
        proptest::sample::select(&["type", "content", "attrs", "marks", "text", "name", "href", "level", "textAlign", "colspan", "x"][..])
    };
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        proptest::sample::select(
            &["doc", "paragraph", "text", "chip", "ratio", "table", "tableRow", "link", "javascript:x", "bulletList"][..]
        )
        .prop_map(Value::from),
        words().prop_map(Value::from),
    ];
    let any = leaf.prop_recursive(6, 48, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            vec((name(), inner), 0..5)
                .prop_map(|fields| Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>()))
        ]
    });
    prop_oneof![any.clone(), any.prop_map(|content| serde_json::json!({ "type": "doc", "content": [content] }))]
}
