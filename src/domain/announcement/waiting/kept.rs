//! What waits, as the browser keeps it (`domain::kept`): a group for each line of the spreadsheet, another for the form that is open
//! over a line, and the reason that is given for all of it.

use super::super::line::{AnnouncementLine, LineCell, LineDraft};
use super::{LineWaiting, Typed, Waiting};
use crate::domain::ids::AnnouncementLineId;
use crate::domain::kept::Fields;
use std::collections::BTreeMap;

/// The group of the reason for everything that waits in the spreadsheet.
pub const REASON: &str = "reason";

/// Where a text of a line is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the spreadsheet.
    Sheet,
    /// In a form over the line, which asks for a reason of its own.
    Form,
}

impl Place {
    const fn mark(self) -> &'static str {
        match self {
            Place::Sheet => "line-",
            Place::Form => "form-",
        }
    }

    /// The name of the group of a line.
    pub fn group(self, line: &AnnouncementLineId) -> String {
        format!("{}{line}.", self.mark())
    }
}

/// What a field says.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Said {
    Cell(AnnouncementLineId, LineCell),
    ReasonOf(AnnouncementLineId),
    Reason,
}

fn said(field: &str) -> Option<Said> {
    if field == REASON {
        return Some(Said::Reason);
    }
    let rest = [Place::Sheet, Place::Form].into_iter().find_map(|place| field.strip_prefix(place.mark()))?;
    let (id, name) = rest.split_once('.')?;
    let id = AnnouncementLineId::parse(id).ok()?;
    if name == REASON { Some(Said::ReasonOf(id)) } else { Some(Said::Cell(id, LineCell::parse(name)?)) }
}

/// Whether a kept field is about the announcement's lines.
pub fn is_of_lines(field: &str) -> bool {
    field == REASON || [Place::Sheet, Place::Form].into_iter().any(|place| field.starts_with(place.mark()))
}

/// What is kept of a line.
pub fn fields(waiting: &LineWaiting) -> Fields {
    let each = |(cell, typed): (&LineCell, &Typed)| {
        let text = serde_json::to_string(&(&waiting.name, &typed.was, &typed.text)).ok()?;
        Some((cell.code().to_owned(), text))
    };
    waiting.cells.iter().filter_map(each).collect()
}

/// What is kept of a form over a line: the cells that were typed, and the reason as far as it is not the line's own.
pub fn of_form(line: &AnnouncementLine, typed: &LineDraft, reason: &str) -> Fields {
    let mut waiting = Waiting::default();
    for cell in LineCell::ALL {
        waiting.put(line, cell, typed.text(cell).to_owned());
    }
    let mut kept = waiting.of(&line.id).map(fields).unwrap_or_default();
    if !reason.trim().is_empty() && reason != line.reason {
        kept.insert(REASON.to_owned(), reason.to_owned());
    }
    kept
}

/// What an earlier visit left behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// The cells.
    pub waiting: Waiting,
    /// Reasons that were being given for a single line.
    pub reasons: BTreeMap<AnnouncementLineId, String>,
    /// The reason that was being given for everything.
    pub reason: Option<String>,
}

impl Left {
    /// From the kept fields; one that cannot be understood says nothing. A form lies over the spreadsheet, so its text is the later one.
    pub fn read<'a>(kept: impl Iterator<Item = (&'a str, &'a str)>) -> Left {
        let mut left = Left::default();
        let (mut sheet, mut form) = (Waiting::default(), Waiting::default());
        for (field, text) in kept {
            match said(field) {
                Some(Said::Reason) => left.reason = Some(text.to_owned()),
                Some(Said::ReasonOf(id)) => drop(left.reasons.insert(id, text.to_owned())),
                Some(Said::Cell(id, cell)) => {
                    let Ok((name, was, text)) = serde_json::from_str::<(String, String, String)>(text) else { continue };
                    let place = if field.starts_with(Place::Form.mark()) { &mut form } else { &mut sheet };
                    let line = place.lines.entry(id).or_default();
                    line.name = name;
                    line.cells.insert(cell, Typed { was, text });
                }
                None => {}
            }
        }
        sheet.take_in(form);
        left.waiting = sheet;
        left
    }

    /// Which line and cell a kept field is about.
    pub fn place_of(field: &str) -> Option<(AnnouncementLineId, LineCell)> {
        match said(field) {
            Some(Said::Cell(id, cell)) => Some((id, cell)),
            _ => None,
        }
    }

    /// The reasons as one text, each once: what is restored is saved together.
    pub fn words(&self) -> String {
        let mut words: Vec<&str> = Vec::new();
        for reason in self.reason.iter().chain(self.reasons.values()).map(|reason| reason.trim()) {
            if !reason.is_empty() && !words.contains(&reason) {
                words.push(reason);
            }
        }
        words.join("；")
    }

    /// Whether nothing was left behind.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.words().is_empty()
    }
}
