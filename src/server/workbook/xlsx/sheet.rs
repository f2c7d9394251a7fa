//! The rows of a sheet.

use super::super::{ALL_COLUMNS, Cells, Flow, LAST_ROW, MAX_CELL_BYTES, MAX_WRITTEN, Row, TableError};
use super::strings::Strings;
use super::styles::Styles;
use super::value::{text_of_number, unescape};
use super::xml::{Xml, attribute, reference};
use quick_xml::events::{BytesStart, Event};
use std::io::Read;

/// What the cells of a sheet refer to.
pub(super) struct Around<'a> {
    pub(super) strings: &'a Strings,
    pub(super) styles: &'a Styles,
    pub(super) counts_from_1904: bool,
}

/// What the `t` of a cell says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Number,
    Shared,
    Text,
    Boolean,
    Day,
}

/// Where the reader is.
#[derive(Debug, Default)]
struct Place {
    row: usize,
    column: usize,
    /// Cells so far, empty ones too.
    written: usize,
    kind: Kind,
    style: usize,
    /// In which element of the cell text is collected.
    collects: Collects,
    in_phonetic: bool,
    value: String,
    formula: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Collects {
    #[default]
    Nothing,
    Value,
    Formula,
}

/// Hands over the rows. What the sheet claims of its size is not looked at.
pub(super) fn read(
    xml: &mut Xml<'_, impl Read>,
    size: u64,
    around: &Around<'_>,
    each: &mut dyn FnMut(Row<'_>) -> Flow,
) -> Result<(), TableError> {
    let mut place = Place::default();
    let mut cells = Cells::default();
    let mut in_data = false;
    loop {
        match xml.next()? {
            Event::Start(start) => match start.local_name().into_inner() {
                "sheetData" => in_data = true,
                "row" if in_data => place.begin_row(&start)?,
                "c" if in_data => place.begin_cell(&start)?,
                "v" if in_data => place.collects = Collects::Value,
                "t" if in_data && !place.in_phonetic => place.collects = Collects::Value,
                "rPh" if in_data => place.in_phonetic = true,
                "f" if in_data => place.collects = Collects::Formula,
                _ => {}
            },
            Event::Empty(empty) => match empty.local_name().into_inner() {
                "row" if in_data => place.begin_row(&empty)?,
                "c" if in_data => place.begin_cell(&empty)?,
                _ => {}
            },
            Event::Text(text) => place.collect(&text.xml10_content())?,
            Event::CData(text) => place.collect(&text.xml10_content())?,
            Event::GeneralRef(name) => {
                if let Some(character) = reference(&name)? {
                    place.collect(character.encode_utf8(&mut [0; 4]))?;
                }
            }
            Event::End(end) => match end.local_name().into_inner() {
                "v" | "t" | "f" => place.collects = Collects::Nothing,
                "rPh" => place.in_phonetic = false,
                "c" if in_data => place.end_cell(around, &mut cells)?,
                "row" if in_data && !cells.is_empty() => {
                    let read = xml.position().saturating_mul(1_000).checked_div(size).unwrap_or(1_000).min(1_000);
                    let progress = u16::try_from(read).unwrap_or(1_000);
                    if each(Row { number: place.row, cells: cells.get(), progress }).is_break() {
                        return Ok(());
                    }
                    cells.clear();
                }
                "sheetData" => return Ok(()),
                _ => {}
            },
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

impl Place {
    /// Rows without a number follow one another; those with one must ascend. An empty one takes its place too, so that they end.
    fn begin_row(&mut self, start: &BytesStart<'_>) -> Result<(), TableError> {
        let number = match attribute(start, "r")? {
            Some(number) => number.parse().map_err(|_| TableError::Damaged("行号"))?,
            None => self.row.saturating_add(1),
        };
        if number <= self.row {
            return Err(TableError::Damaged("行号顺序"));
        }
        if number > LAST_ROW {
            return Err(TableError::Damaged("行号超过 1048576"));
        }
        self.row = number;
        self.column = 0;
        Ok(())
    }

    fn begin_cell(&mut self, start: &BytesStart<'_>) -> Result<(), TableError> {
        self.value.clear();
        self.formula.clear();
        (self.kind, self.style, self.in_phonetic) = (Kind::Number, 0, false);
        self.written += 1;
        if self.written > MAX_WRITTEN {
            return Err(TableError::TooLargeInside("单元格超过 2000 万格"));
        }
        // `column` is one behind the last cell.
        let mut column = self.column;
        for attribute in start.attributes().with_checks(false) {
            let attribute = attribute.map_err(|_| TableError::Damaged("XML 格式"))?;
            match attribute.key.local_name().into_inner() {
                "r" => column = column_of(&attribute.value).ok_or(TableError::Damaged("单元格位置"))?,
                "s" => self.style = attribute.value.parse().unwrap_or(0),
                "t" => {
                    self.kind = match &*attribute.value {
                        "s" => Kind::Shared,
                        "str" | "inlineStr" | "e" => Kind::Text,
                        "b" => Kind::Boolean,
                        "d" => Kind::Day,
                        _ => Kind::Number,
                    }
                }
                _ => {}
            }
        }
        if column >= ALL_COLUMNS {
            return Err(TableError::Damaged("单元格位置"));
        }
        self.column = column + 1;
        Ok(())
    }

    fn collect(&mut self, text: &str) -> Result<(), TableError> {
        let into = match self.collects {
            Collects::Nothing => return Ok(()),
            Collects::Value => &mut self.value,
            Collects::Formula => &mut self.formula,
        };
        if into.len() + text.len() > MAX_CELL_BYTES {
            return Err(TableError::LongCell(self.row));
        }
        into.push_str(text);
        Ok(())
    }

    fn end_cell(&mut self, around: &Around<'_>, cells: &mut Cells) -> Result<(), TableError> {
        let column = self.column.saturating_sub(1);
        let mut put = |text: &str| cells.put(self.row, column, text);
        if self.value.is_empty() {
            // A formula that nobody has computed has no value; it is shown as it is, so that it is not taken for an empty cell.
            return if self.formula.is_empty() { Ok(()) } else { put(&format!("={}", self.formula)) };
        }
        match self.kind {
            Kind::Shared => {
                let number = self.value.trim().parse().map_err(|_| TableError::Damaged("共享文字"))?;
                put(around.strings.get(number).ok_or(TableError::Damaged("共享文字"))?)
            }
            Kind::Text => put(&unescape(&self.value)),
            Kind::Boolean => put(if self.value.trim() == "1" || self.value.trim() == "true" { "是" } else { "否" }),
            // ISO 8601, of which the day counts.
            Kind::Day => put(self.value.split('T').next().unwrap_or_default()),
            Kind::Number => put(&text_of_number(&self.value, around.styles.get(self.style), around.counts_from_1904)),
        }
    }
}

/// The column, from 0, of a place such as `AB12`.
fn column_of(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic).count();
    if letters == 0 || letters > 3 {
        return None;
    }
    let number = place.bytes().take(letters).fold(0, |sum, letter| sum * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1);
    Some(number - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a4_cells_without_anything_are_counted_as_well() {
        let mut place = Place { row: 1, written: MAX_WRITTEN - 1, ..Place::default() };
        let cell = BytesStart::new("c");
        assert_eq!(place.begin_cell(&cell), Ok(()));
        assert_eq!(place.begin_cell(&cell), Err(TableError::TooLargeInside("单元格超过 2000 万格")));
    }
}
