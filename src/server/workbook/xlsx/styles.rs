//! Number formats: which cells show their number as a day, a percentage, or with zeros in front.

use super::super::TableError;
use super::xml::{Xml, attribute};
use quick_xml::events::Event;
use std::collections::HashMap;
use std::io::Read;

/// Most formats of a workbook; a spreadsheet allows 64 000.
const MAX: usize = 100_000;

/// How a number is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Shown {
    /// As it is.
    #[default]
    Number,
    /// As a day.
    Day,
    /// As a percentage.
    Percent,
    /// As a whole number of so many digits at least.
    Padded(usize),
}

/// Formats by the number that a cell names.
#[derive(Debug, Default)]
pub(super) struct Styles {
    of: Vec<Shown>,
}

impl Styles {
    pub(super) fn get(&self, style: usize) -> Shown {
        self.of.get(style).copied().unwrap_or_default()
    }

    pub(super) fn read(xml: &mut Xml<'_, impl Read>) -> Result<Styles, TableError> {
        let mut own: HashMap<u32, Shown> = HashMap::new();
        let mut styles = Styles::default();
        let mut in_cells = false;
        loop {
            match xml.next()? {
                Event::Start(start) | Event::Empty(start) => match start.local_name().into_inner() {
                    "numFmt" => {
                        let id = attribute(&start, "numFmtId")?.and_then(|id| id.parse().ok());
                        let code = attribute(&start, "formatCode")?.unwrap_or_default();
                        if let Some(id) = id {
                            own.insert(id, shown(&code));
                        }
                    }
                    "cellXfs" => in_cells = true,
                    "xf" if in_cells => {
                        let id = attribute(&start, "numFmtId")?.and_then(|id| id.parse().ok()).unwrap_or(0);
                        styles.of.push(own.get(&id).copied().unwrap_or_else(|| built_in(id)));
                    }
                    _ => {}
                },
                Event::End(end) if end.local_name().into_inner() == "cellXfs" => in_cells = false,
                Event::Eof => return Ok(styles),
                _ => {}
            }
            if styles.of.len() > MAX || own.len() > MAX {
                return Err(TableError::TooLargeInside("格式过多"));
            }
        }
    }
}

/// The formats that every spreadsheet knows without being told; 27 to 58 are those of Chinese, Japanese and Korean.
fn built_in(id: u32) -> Shown {
    match id {
        9 | 10 => Shown::Percent,
        14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58 => Shown::Day,
        _ => Shown::Number,
    }
}

/// What a format's code says: `yyyy"年"m"月"`, `0.00%`, `000000`.
pub(super) fn shown(code: &str) -> Shown {
    let plain = unquoted(code);
    if plain.contains('%') {
        return Shown::Percent;
    }
    if plain.contains(['y', 'd']) || (plain.contains('m') && !plain.contains(['h', 's', '0', '#'])) {
        return Shown::Day;
    }
    let digits = plain.trim();
    if digits.len() > 1 && digits.len() <= 30 && digits.bytes().all(|byte| byte == b'0') {
        Shown::Padded(digits.len())
    } else {
        Shown::Number
    }
}

/// The first section in lower case, without quoted words, escaped characters and what stands in brackets (`[红色]`, `[$-804]`).
/// The word for the usual format holds letters of days and is none.
fn unquoted(code: &str) -> String {
    let (mut plain, mut characters) = (String::new(), code.chars());
    while let Some(character) = characters.next() {
        match character {
            '"' => while characters.next().is_some_and(|next| next != '"') {},
            '[' => while characters.next().is_some_and(|next| next != ']') {},
            '\\' | '_' | '*' => {
                characters.next();
            }
            ';' => break,
            _ => plain.extend(character.to_lowercase()),
        }
    }
    plain.replace("general", "").replace("standard", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a4_number_formats_say_how_a_number_is_shown() {
        for code in ["yyyy-mm-dd", "yyyy\"年\"m\"月\"d\"日\"", "[$-804]yyyy/m/d h:mm", "mmm", "m/d", "[DBNum1][$-804]yyyy年m月d日;@"]
        {
            assert_eq!(shown(code), Shown::Day, "{code}");
        }
        for code in ["0%", "0.00%", "#,##0.00%;[Red]-0%"] {
            assert_eq!(shown(code), Shown::Percent, "{code}");
        }
        for code in
            ["General", "#,##0.00", "[Red]0.00", "\"day\"0", "h:mm:ss", "mm:ss", "0", "@", "0.00_);\\(0.00\\)", "¥#,##0.00", "G/通用格式"]
        {
            assert_eq!(shown(code), Shown::Number, "{code}");
        }
        assert_eq!(shown("000000"), Shown::Padded(6));
    }
}
