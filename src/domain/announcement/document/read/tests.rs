use super::super::strategy;
use super::*;
use proptest::prelude::*;
use serde_json::json;

fn paragraph(content: Value) -> Value {
    json!({ "type": "doc", "content": [{ "type": "paragraph", "content": content }] })
}

fn refused(value: &Value) -> String {
    Document::from_value(value).expect_err("should be refused").to_string()
}

#[test]
fn c7_what_the_editor_really_writes_is_read() {
    // Both were written by editor/ in a browser: the official text with every tool used on it, and a page pasted from Word.
    for text in [include_str!("../fixture.json"), include_str!("../fixture-pasted.json")] {
        let document = Document::parse(text).unwrap();
        assert!(document.blocks().iter().any(|block| matches!(block, Block::Table(_))));
        assert!(document.blocks().iter().any(|block| matches!(block, Block::OrderedList(_))));
        assert_eq!(Document::from_value(&document.to_json()), Ok(document));
    }
}

#[test]
fn c7_unknown_content_is_refused_by_name() {
    assert!(refused(&json!({ "type": "doc", "content": [{ "type": "iframe" }] })).contains("iframe"));
    assert!(refused(&paragraph(json!([{ "type": "image", "attrs": { "src": "x" } }]))).contains("image"));
    assert!(refused(&paragraph(json!([{ "type": "text", "text": "x", "marks": [{ "type": "strike" }] }]))).contains("strike"));
    assert!(refused(&json!({ "type": "doc", "content": [{ "type": "paragraph", "attrs": { "onclick": "x" } }] })).contains("onclick"));
    assert!(refused(&json!({ "type": "doc", "content": [{ "type": "paragraph", "style": "x" }] })).contains("style"));
    assert!(refused(&paragraph(json!([{ "type": "chip", "attrs": { "name": "salary" } }]))).contains("salary"));
    assert!(
        refused(&json!({ "type": "doc", "content": [{ "type": "paragraph", "attrs": { "textAlign": "url(x)" } }] })).contains("textAlign")
    );
    assert!(refused(&json!({ "type": "doc", "content": [{ "type": "heading", "attrs": { "level": 4 } }] })).contains("level"));
    assert!(refused(&paragraph(json!([{ "type": "paragraph" }]))).contains("paragraph"));
}

#[test]
fn d4_only_http_and_https_addresses_stand_in_the_text() {
    let linked = |href: Value| {
        paragraph(
            json!([{ "type": "text", "text": "x", "marks": [{ "type": "link", "attrs": { "href": href, "target": "_blank", "rel": null, "class": null } }] }]),
        )
    };
    assert!(Document::from_value(&linked("https://example.org/a+b==".into())).is_ok());
    for href in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\u{0}script:alert(1)",
        " \u{1}javascript:x",
        "data:text/html,x",
        "//example.org",
        "mailto:a@example.org",
        "",
    ] {
        assert!(refused(&linked(href.into())).contains("链接"), "{href}");
    }
    assert!(refused(&linked(json!({}))).contains("链接"));
}

#[test]
fn c7_harmless_defaults_of_the_editor_are_dropped() {
    let value = json!({ "type": "doc", "content": [
        { "type": "paragraph", "attrs": { "textAlign": null } },
        { "type": "orderedList", "attrs": { "start": 1, "type": null }, "content": [{ "type": "listItem", "content": [{ "type": "paragraph", "attrs": { "textAlign": "left" } }] }] },
        { "type": "table", "content": [{ "type": "tableRow", "content": [{ "type": "tableCell", "attrs": { "colspan": 1, "rowspan": 1, "colwidth": null }, "content": [{ "type": "paragraph" }] }] }] },
    ] });
    let plain = Document::from_value(&value).unwrap().to_json().to_string();
    for dropped in ["start", "colwidth", "textAlign"] {
        assert!(!plain.contains(dropped), "{dropped} in {plain}");
    }
}

#[test]
fn d4_invisible_characters_do_not_reach_the_text() {
    let document = Document::from_value(&paragraph(json!([{ "type": "text", "text": "1\u{202e}2\u{0}3\n4" }]))).unwrap();
    assert_eq!(
        document.blocks(),
        [Block::Paragraph { align: Align::Left, content: vec![Inline::Text { text: "123 4".to_owned(), marks: Marks::default() }] }]
    );
    assert_eq!(Document::from_value(&json!({ "type": "doc" })).unwrap().blocks().len(), 1, "an empty text is one empty paragraph");
}

#[test]
fn c7_marks_around_a_chip_are_dropped() {
    let document =
        Document::from_value(&paragraph(json!([{ "type": "chip", "attrs": { "name": "ratio" }, "marks": [{ "type": "bold" }] }]))).unwrap();
    assert_eq!(document.blocks(), [Block::Paragraph { align: Align::Left, content: vec![Inline::Chip(Chip::Ratio)] }]);
}

#[test]
fn d4_the_text_is_bounded() {
    let mut nested = json!({ "type": "paragraph" });
    for _ in 0..6 {
        nested = json!({ "type": "bulletList", "content": [{ "type": "listItem", "content": [{ "type": "paragraph" }, nested] }] });
    }
    assert_eq!(Document::from_value(&json!({ "type": "doc", "content": [nested] })), Err(DocumentError::TooDeep));
    let many = json!({ "type": "doc", "content": vec![json!({ "type": "paragraph" }); MAX_NODES] });
    assert_eq!(Document::from_value(&many), Err(DocumentError::TooManyNodes));
    assert_eq!(
        Document::from_value(&paragraph(json!([{ "type": "text", "text": "字".repeat(MAX_CHARACTERS + 1) }]))),
        Err(DocumentError::TooLong)
    );
    assert_eq!(Document::parse(&" ".repeat(MAX_BYTES + 1)), Err(DocumentError::TooLarge));
    assert_eq!(Document::parse(&"[".repeat(100_000)), Err(DocumentError::NotJson));
    let wide = json!({ "type": "doc", "content": [{ "type": "table", "content": [{ "type": "tableRow", "content": [{ "type": "tableCell", "attrs": { "colspan": 1_000_000_000_000_u64 }, "content": [{ "type": "paragraph" }] }] }] }] });
    assert!(refused(&wide).contains("colspan"));
}

proptest! {
    #[test]
    fn c7_writing_and_reading_are_inverse(document in strategy::document()) {
        let json = document.to_json();
        prop_assert_eq!(Document::from_value(&json), Ok(document.clone()));
        prop_assert_eq!(Document::parse(&json.to_string()), Ok(document.clone()));
        let through_serde: Document = serde_json::from_str(&serde_json::to_string(&document).unwrap()).unwrap();
        prop_assert_eq!(through_serde, document);
    }

    #[test]
    fn d4_reading_any_json_ends_in_a_document_or_a_refusal(value in strategy::json()) {
        if let Ok(document) = Document::from_value(&value) {
            prop_assert_eq!(Document::from_value(&document.to_json()), Ok(document));
        }
    }

    #[test]
    fn d4_reading_any_text_never_panics(text in "\\PC{0,200}") {
        let _ = Document::parse(&text);
    }
}
