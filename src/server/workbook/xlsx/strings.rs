//! The texts that cells share, one behind the other in a single piece of memory.

use super::super::{MAX_CELL_BYTES, MAX_SHARED, MAX_SHARED_BYTES, TableError};
use super::value::unescape;
use super::xml::{Xml, reference};
use quick_xml::events::Event;
use std::io::Read;

/// Texts by number. What the part claims of their count is not looked at.
#[derive(Debug, Default)]
pub(super) struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    pub(super) fn get(&self, number: usize) -> Option<&str> {
        let end = *self.ends.get(number)? as usize;
        let start = if number == 0 { 0 } else { *self.ends.get(number - 1)? as usize };
        self.text.get(start..end)
    }

    pub(super) fn read(xml: &mut Xml<'_, impl Read>) -> Result<Strings, TableError> {
        let mut strings = Strings::default();
        let mut one = String::new();
        // How a word is spoken stands beside it and is none of its text.
        let (mut in_text, mut in_phonetic) = (false, false);
        loop {
            match xml.next()? {
                Event::Start(start) => match start.local_name().into_inner() {
                    "t" => in_text = !in_phonetic,
                    "rPh" => in_phonetic = true,
                    _ => {}
                },
                Event::Empty(empty) if empty.local_name().into_inner() == "si" => strings.push("")?,
                Event::Text(text) if in_text => one.push_str(&text.xml10_content()),
                Event::CData(text) if in_text => one.push_str(&text.xml10_content()),
                Event::GeneralRef(name) if in_text => one.extend(reference(&name)?),
                Event::End(end) => match end.local_name().into_inner() {
                    "t" => in_text = false,
                    "rPh" => in_phonetic = false,
                    "si" => {
                        strings.push(&unescape(&one))?;
                        one.clear();
                    }
                    _ => {}
                },
                Event::Eof => return Ok(strings),
                _ => {}
            }
            if one.len() > MAX_CELL_BYTES {
                return Err(TableError::TooLargeInside("有一格内容超过 3 万字"));
            }
        }
    }

    fn push(&mut self, text: &str) -> Result<(), TableError> {
        if self.text.len() + text.len() > MAX_SHARED_BYTES || self.ends.len() >= MAX_SHARED {
            return Err(TableError::TooLargeInside("文字内容过多"));
        }
        self.text.push_str(text);
        self.ends.push(u32::try_from(self.text.len()).map_err(|_| TableError::TooLargeInside("文字内容过多"))?);
        Ok(())
    }
}
