//! XML as far as spreadsheets use it: no document types, no entities of one's own, no deep nesting.

use super::super::{MAX_PIECES, TableError};
use super::parts::PartReader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Error, Reader, XmlVersion};
use std::io::Read;

/// Deepest nesting: a sheet has six levels, a drawing in it some more. The reader keeps the names of all open elements.
const DEPTH: usize = 64;

/// Reads a part event by event.
pub(super) struct Xml<'a, S: Read> {
    reader: Reader<PartReader<'a, S>>,
    buffer: Vec<u8>,
    depth: usize,
    /// Pieces so far.
    pieces: usize,
}

impl<'a, S: Read> Xml<'a, S> {
    pub(super) fn new(part: PartReader<'a, S>) -> Xml<'a, S> {
        Xml { reader: Reader::from_reader(part), buffer: Vec::new(), depth: 0, pieces: 0 }
    }

    /// Bytes of the part that have been read.
    pub(super) fn position(&self) -> u64 {
        self.reader.buffer_position()
    }

    pub(super) fn next(&mut self) -> Result<Event<'_>, TableError> {
        self.pieces += 1;
        if self.pieces > MAX_PIECES {
            return Err(TableError::TooLargeInside("XML 元素超过 1 亿个"));
        }
        self.buffer.clear();
        self.reader.get_mut().get_mut().begin_piece();
        let event = self.reader.read_event_into(&mut self.buffer).map_err(|error| match &error {
            Error::Io(error) => TableError::of_io(error, TableError::Damaged("解压失败")),
            _ => TableError::Damaged("XML 格式"),
        })?;
        match &event {
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::DocType(_) => return Err(TableError::Damaged("含有文档类型定义")),
            Event::Eof if self.depth > 0 => return Err(TableError::Damaged("内容不完整")),
            _ => {}
        }
        if self.depth > DEPTH { Err(TableError::Damaged("嵌套过深")) } else { Ok(event) }
    }
}

/// The value of an attribute, whatever its prefix.
pub(super) fn attribute(start: &BytesStart<'_>, name: &str) -> Result<Option<String>, TableError> {
    for attribute in start.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| TableError::Damaged("XML 格式"))?;
        if attribute.key.local_name().into_inner() == name {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| TableError::Damaged("XML 格式"))?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

/// The character that `&…;` stands for; nothing for entities that nobody may define here.
pub(super) fn reference(reference: &BytesRef<'_>) -> Result<Option<char>, TableError> {
    let known = match &**reference {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => reference.resolve_char_ref().map_err(|_| TableError::Damaged("XML 格式"))?,
    };
    known.map_or(Err(TableError::Damaged("XML 实体")), |character| Ok(Some(character)))
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::workbook;
    use super::super::parts::Parts;
    use super::*;
    use std::io::Cursor;

    #[test]
    fn a4_pieces_without_end_are_counted() {
        let mut parts = Parts::open(Cursor::new(workbook("<row/><row/><row/>"))).unwrap();
        let mut xml = Xml::new(parts.open_part("xl/worksheets/one.xml").unwrap().0);
        xml.pieces = MAX_PIECES - 4;
        for _ in 0..4 {
            assert!(xml.next().is_ok());
        }
        assert_eq!(xml.next().map(|_| ()), Err(TableError::TooLargeInside("XML 元素超过 1 亿个")));
    }
}
