//! XLSX: a ZIP of XML parts. Parts are unpacked as they are read, row after row, and everything is counted.

mod parts;
mod sheet;
mod strings;
mod styles;
mod value;
mod xml;

pub use self::value::date_of_serial;

use self::parts::Parts;
use self::strings::Strings;
use self::styles::Styles;
use self::xml::{Xml, attribute};
use super::{Flow, MAX_SHEETS, Row, Source, TableError};
use quick_xml::events::Event;

/// A workbook whose sheets are known.
#[derive(Debug)]
pub(super) struct Workbook<S> {
    parts: Parts<S>,
    sheets: Vec<Sheet>,
    strings_part: Option<String>,
    styles_part: Option<String>,
    counts_from_1904: bool,
    /// Read at the first need.
    shared: Option<(Strings, Styles)>,
}

#[derive(Debug)]
struct Sheet {
    name: String,
    part: String,
}

/// A relation between parts: which, of what kind, where.
struct Relation {
    id: String,
    kind: String,
    target: String,
}

/// Where the workbook's relations stand.
const ROOT: &str = "_rels/.rels";

impl<S: Source> Workbook<S> {
    pub(super) fn open(source: S) -> Result<Workbook<S>, TableError> {
        let mut parts = Parts::open(source)?;
        if parts.has("EncryptionInfo") || parts.has("EncryptedPackage") {
            return Err(TableError::Encrypted);
        }
        if parts.has("mimetype") && parts.has("content.xml") {
            return Err(TableError::Unsupported("OpenDocument（.ods）格式"));
        }
        let book = match relations(&mut parts, ROOT, "")?.into_iter().find(|relation| relation.kind.ends_with("/officeDocument")) {
            Some(relation) => relation.target,
            None => "xl/workbook.xml".to_owned(),
        };
        if book.to_ascii_lowercase().rsplit('.').next() == Some("bin") {
            return Err(TableError::Unsupported("二进制工作簿（.xlsb）格式"));
        }
        if !book.starts_with("xl/") && (parts.has("word/document.xml") || parts.has("ppt/presentation.xml")) {
            return Err(TableError::NoTable(" Word 或演示文稿"));
        }
        if !parts.has(&book) {
            return Err(TableError::NoTable("压缩文件"));
        }
        let (folder, name) = book.rsplit_once('/').unwrap_or(("", &book));
        let places = relations(&mut parts, &format!("{folder}{}_rels/{name}.rels", if folder.is_empty() { "" } else { "/" }), folder)?;
        let by_kind = |kind: &str| places.iter().find(|place| place.kind.ends_with(kind)).map(|place| place.target.clone());
        let (strings_part, styles_part) = (by_kind("/sharedStrings"), by_kind("/styles"));
        let (sheets, counts_from_1904) = sheets(&mut parts, &book, &places)?;
        if sheets.is_empty() {
            return Err(TableError::Damaged("没有工作表"));
        }
        Ok(Workbook { parts, sheets, strings_part, styles_part, counts_from_1904, shared: None })
    }

    pub(super) fn sheets(&self) -> Vec<String> {
        self.sheets.iter().map(|sheet| sheet.name.clone()).collect()
    }

    pub(super) fn rows(&mut self, sheet: usize, each: &mut dyn FnMut(Row<'_>) -> Flow) -> Result<(), TableError> {
        let part = self.sheets.get(sheet).ok_or(TableError::NoSheet)?.part.clone();
        if self.shared.is_none() {
            let strings = match self.strings_part.clone().filter(|part| self.parts.has(part)) {
                Some(part) => Strings::read(&mut Xml::new(self.parts.open_part(&part)?.0))?,
                None => Strings::default(),
            };
            let styles = match self.styles_part.clone().filter(|part| self.parts.has(part)) {
                Some(part) => Styles::read(&mut Xml::new(self.parts.open_part(&part)?.0))?,
                None => Styles::default(),
            };
            self.shared = Some((strings, styles));
        }
        let Some((strings, styles)) = &self.shared else { return Err(TableError::Io) };
        let (reader, size) = self.parts.open_part(&part)?;
        sheet::read(&mut Xml::new(reader), size, &sheet::Around { strings, styles, counts_from_1904: self.counts_from_1904 }, each)
    }
}

/// The visible sheets with their parts, hidden ones behind them, and whether days count from 1904.
fn sheets<S: Source>(parts: &mut Parts<S>, book: &str, places: &[Relation]) -> Result<(Vec<Sheet>, bool), TableError> {
    let (mut visible, mut hidden, mut from_1904) = (Vec::new(), Vec::new(), false);
    let mut xml = Xml::new(parts.open_part(book)?.0);
    loop {
        match xml.next()? {
            Event::Start(start) | Event::Empty(start) => match start.local_name().into_inner() {
                "workbookPr" => from_1904 = attribute(&start, "date1904")?.is_some_and(|value| value == "1" || value == "true"),
                "sheet" => {
                    let id = attribute(&start, "id")?.unwrap_or_default();
                    let place = places.iter().find(|place| place.id == id && place.kind.ends_with("/worksheet"));
                    if let Some(place) = place {
                        let name = attribute(&start, "name")?.unwrap_or_default();
                        let is_hidden = attribute(&start, "state")?.is_some_and(|state| state != "visible");
                        let list = if is_hidden { &mut hidden } else { &mut visible };
                        list.push(Sheet { name: name.chars().take(100).collect(), part: place.target.clone() });
                    }
                    if visible.len() + hidden.len() > MAX_SHEETS {
                        return Err(TableError::TooLargeInside("工作表超过 300 张"));
                    }
                }
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    drop(xml);
    visible.append(&mut hidden);
    visible.retain(|sheet| parts.has(&sheet.part));
    Ok((visible, from_1904))
}

/// The relations of a part; none where there are none.
fn relations<S: Source>(parts: &mut Parts<S>, part: &str, folder: &str) -> Result<Vec<Relation>, TableError> {
    let mut found = Vec::new();
    if !parts.has(part) {
        return Ok(found);
    }
    let mut xml = Xml::new(parts.open_part(part)?.0);
    loop {
        match xml.next()? {
            Event::Start(start) | Event::Empty(start) if start.local_name().into_inner() == "Relationship" => {
                let text = |name: &str| Ok::<_, TableError>(attribute(&start, name)?.unwrap_or_default());
                let (id, kind, target) = (text("Id")?, text("Type")?, text("Target")?);
                found.push(Relation { id, kind, target: resolved(folder, &target) });
                if found.len() > super::MAX_PARTS {
                    return Err(TableError::TooLargeInside("部件过多"));
                }
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// The name of a part as another names it: from the root with a slash in front, else from the folder of that other.
fn resolved(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut path: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            part => path.push(part),
        }
    }
    path.join("/")
}
