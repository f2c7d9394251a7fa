//! Any bytes as an announcement's text. Those that begin like JSON are read as it; the others say how to build a document, mostly
//! right, so that what is inside is reached.

#![no_main]

use serde_json::{Value, json};
use setaside_fuzz::domain::announcement::document::{Chip, Document};
use setaside_fuzz::domain::announcement::figures::{Figures, NoticeLine};
use setaside_fuzz::domain::announcement::render::{check, plain_text, render_html};
use setaside_fuzz::domain::contract::Measure;
use setaside_fuzz::domain::money::{Money, Ratio};
use setaside_fuzz::proof::balanced;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let read = match bytes {
        [b'{' | b'[' | b' ', ..] => std::str::from_utf8(bytes).ok().and_then(|text| Document::parse(text).ok()),
        _ => Document::from_value(&Builder { bytes }.document()).ok(),
    };
    let Some(document) = read else { return };
    let kept = document.to_json();
    assert_eq!(Document::parse(&kept.to_string()), Ok(document.clone()), "what is kept is what was read");
    // What was typed is what the data holds as well: both must come out escaped.
    let words: String = String::from_utf8_lossy(bytes).chars().take(200).collect();
    for remark in ["", words.as_str()] {
        let figures = figures(&words, remark);
        let html = render_html(&document, &figures);
        balanced(&html);
        assert_eq!(html, render_html(&document, &figures));
        let _ = (plain_text(&document, &figures), check(&document, &figures, &words));
    }
});

fn figures(words: &str, remark: &str) -> Figures {
    let (sme, small_micro) = (Money::parse_wan("1854.241447").expect("money"), Money::parse_wan("591.731447").expect("money"));
    let line = NoticeLine { project_name: words.to_owned(), measure: Some(Measure::Package), pct: None, sme, url: None };
    let ratio = Ratio::of(small_micro, sme);
    Figures { unit: words.to_owned(), year: 2025, sme, small_micro, ratio, remark: remark.to_owned(), date: None, lines: vec![line] }
}

/// Takes a document out of bytes; when they end, everything ends.
struct Builder<'a> {
    bytes: &'a [u8],
}

impl Builder<'_> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        *first
    }

    /// As many as the next byte says, `most` at most.
    fn several(&mut self, most: u8, each: impl Fn(&mut Self) -> Value) -> Vec<Value> {
        let count = self.byte() % (most + 1);
        (0..count).map(|_| each(self)).collect()
    }

    fn words(&mut self) -> String {
        let length = usize::from(self.byte() % 24).min(self.bytes.len());
        let (words, rest) = self.bytes.split_at(length);
        self.bytes = rest;
        String::from_utf8_lossy(words).into_owned()
    }

    fn document(&mut self) -> Value {
        let mut blocks = Vec::new();
        while !self.bytes.is_empty() && blocks.len() < 30 {
            blocks.push(self.block(4));
        }
        json!({ "type": "doc", "content": blocks })
    }

    fn block(&mut self, depth: u8) -> Value {
        match self.byte() % 8 {
            0 if depth > 0 => self.list("bulletList", depth),
            1 if depth > 0 => self.list("orderedList", depth),
            2 => json!({ "type": "detailTable" }),
            3 if depth > 0 => {
                let rows =
                    self.several(3, |built| json!({ "type": "tableRow", "content": built.several(3, |built| built.cell(depth - 1)) }));
                json!({ "type": "table", "content": rows })
            }
            4 => {
                let level = self.byte() % 4;
                self.line("heading", json!({ "level": level }))
            }
            5 if self.byte() == 7 => json!({ "type": self.words() }),
            _ => self.line("paragraph", json!({})),
        }
    }

    fn list(&mut self, kind: &str, depth: u8) -> Value {
        let items = self.several(3, |built| {
            let mut content = vec![built.line("paragraph", json!({}))];
            content.extend(built.several(2, |built| built.block(depth - 1)));
            json!({ "type": "listItem", "content": content })
        });
        json!({ "type": kind, "content": items })
    }

    fn cell(&mut self, depth: u8) -> Value {
        let kind = if self.byte() % 2 == 0 { "tableCell" } else { "tableHeader" };
        let (colspan, rowspan) = (self.byte() % 4, self.byte() % 4);
        let content = self.several(2, |built| built.block(depth));
        json!({ "type": kind, "attrs": { "colspan": colspan, "rowspan": rowspan }, "content": content })
    }

    fn line(&mut self, kind: &str, mut attributes: Value) -> Value {
        if let Some(align) = ["center", "right", "left", "justify"].get(usize::from(self.byte() % 16)) {
            attributes["textAlign"] = (*align).into();
        }
        json!({ "type": kind, "attrs": attributes, "content": self.several(4, Builder::inline) })
    }

    fn inline(&mut self) -> Value {
        match self.byte() % 8 {
            0 => json!({ "type": "hardBreak" }),
            1 | 2 => json!({ "type": "chip", "attrs": { "name": Chip::ALL[usize::from(self.byte()) % Chip::ALL.len()].code() } }),
            _ => {
                let marks = self.byte();
                let mut set: Vec<Value> = ["bold", "italic", "underline"]
                    .into_iter()
                    .enumerate()
                    .filter(|(at, _)| marks >> at & 1 == 1)
                    .map(|(_, kind)| json!({ "type": kind }))
                    .collect();
                match marks >> 6 {
                    2 => set.push(json!({ "type": "link", "attrs": { "href": format!("https://{}", self.words()) } })),
                    3 => set.push(json!({ "type": "link", "attrs": { "href": self.words() } })),
                    _ => {}
                }
                json!({ "type": "text", "text": self.words(), "marks": set })
            }
        }
    }
}
