//! Reads an XLSX back for tests: the sheets, the texts of their cells, and what kind of cell each is.

use quick_xml::Reader;
use quick_xml::events::Event;
use std::io::{Cursor, Read as _};

/// A cell as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// Nothing.
    Empty,
    /// A text.
    Text(String),
    /// A number, by its digits.
    Number(String),
    /// A formula; nothing of ours writes one.
    Formula,
}

/// The sheets of a book: name and rows.
pub fn sheets(bytes: &[u8]) -> Vec<(String, Vec<Vec<Read>>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let mut part = |name: &str| {
        let mut text = String::new();
        // Where no cell names a text there is no part for them.
        if name != SHARED || zip.index_for_name(name).is_some() {
            zip.by_name(name).expect("a part of the book").read_to_string(&mut text).expect("a text");
        }
        text
    };
    let names = names(&part("xl/workbook.xml"));
    let shared = texts(&part(SHARED));
    (1..).zip(names).map(|(number, name)| (name, rows(&part(&format!("xl/worksheets/sheet{number}.xml")), &shared))).collect()
}

/// The part with the texts that cells name by their number.
const SHARED: &str = "xl/sharedStrings.xml";

fn texts(text: &str) -> Vec<String> {
    let mut reader = Reader::from_str(text);
    let (mut found, mut inside) = (Vec::<String>::new(), false);
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Eof => return found,
            Event::Start(element) if element.name().as_ref() == "si" => found.push(String::new()),
            Event::Start(element) if element.name().as_ref() == "t" => inside = true,
            Event::End(element) if element.name().as_ref() == "t" => inside = false,
            Event::Text(part) if inside => found.last_mut().expect("an item").push_str(part.as_ref()),
            Event::GeneralRef(part) if inside => found.last_mut().expect("an item").push_str(sign(part.as_ref())),
            _ => {}
        }
    }
}

/// The sign that an entity stands for.
fn sign(entity: &str) -> &'static str {
    match entity {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        other => panic!("&{other};"),
    }
}

fn names(text: &str) -> Vec<String> {
    let mut reader = Reader::from_str(text);
    let mut found = Vec::new();
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Eof => return found,
            Event::Start(element) | Event::Empty(element) if element.name().as_ref() == "sheet" => {
                found.extend(attribute(&element, "name"));
            }
            _ => {}
        }
    }
}

fn attribute(element: &quick_xml::events::BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().flatten().find(|attribute| attribute.key.as_ref() == name)?;
    Some(found.value.into_owned())
}

/// `C7` → 2.
fn place(reference: &str) -> usize {
    let letters = reference.bytes().take_while(u8::is_ascii_uppercase);
    letters.fold(0, |place, letter| place * 26 + usize::from(letter - b'A') + 1) - 1
}

fn rows(text: &str, shared: &[String]) -> Vec<Vec<Read>> {
    let mut reader = Reader::from_str(text);
    let (mut rows, mut kind, mut at) = (Vec::<Vec<Read>>::new(), String::new(), 0);
    let (mut inside, mut words) = (false, String::new());
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Eof => return rows,
            Event::Start(element) => match element.name().as_ref() {
                "row" => {
                    let number: usize = attribute(&element, "r").expect("a number").parse().expect("digits");
                    rows.resize(number, Vec::new());
                }
                "c" => {
                    kind = attribute(&element, "t").unwrap_or_default();
                    at = place(&attribute(&element, "r").expect("a place"));
                    words.clear();
                }
                "f" => "formula".clone_into(&mut kind),
                "t" | "v" => inside = true,
                _ => {}
            },
            Event::Text(part) if inside => words.push_str(part.as_ref()),
            Event::GeneralRef(part) if inside => words.push_str(sign(part.as_ref())),
            Event::End(element) => match element.name().as_ref() {
                "t" | "v" => inside = false,
                "c" => {
                    let row = rows.last_mut().expect("a row");
                    row.resize(at, Read::Empty);
                    row.push(match kind.as_str() {
                        "formula" => Read::Formula,
                        "inlineStr" => Read::Text(unescaped(&words)),
                        "s" => Read::Text(unescaped(&shared[words.parse::<usize>().expect("a number")])),
                        "" => Read::Number(words.clone()),
                        other => panic!("a cell of kind {other}"),
                    });
                }
                _ => {}
            },
            _ => {}
        }
    }
}

/// `_x000D_` → the sign of that number.
fn unescaped(text: &str) -> String {
    let (mut plain, mut rest) = (String::new(), text);
    while let Some(at) = rest.find("_x") {
        let code = rest.get(at + 2..at + 6).filter(|_| rest.get(at + 6..at + 7) == Some("_"));
        let sign = code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        plain.push_str(&rest[..at]);
        match sign {
            Some(sign) => {
                plain.push(sign);
                rest = &rest[at + 7..];
            }
            None => {
                plain.push_str("_x");
                rest = &rest[at + 2..];
            }
        }
    }
    plain + rest
}
