//! Automatic saving of a record's lines: what was typed is kept in the browser until the server has acknowledged it.
//!
//! Always: one save is under way at a time, in the order of [`outbox`]; a save that fails by the network or an expired sign-in is tried again; whatever is not
//! acknowledged, and what could not be read as a value at all, lies in the browser's storage (`domain::kept`) and is offered again when
//! the page is next opened.

mod outbox;

use self::outbox::{LineOutbox, RemarkOutbox, Texts};
use super::api::{LineEdit, RemarkChange, save_line, save_remark};
use crate::app::kept::Keeper;
use crate::domain::calendar::Moment;
use crate::domain::ids::{LineId, RecordId};
use crate::domain::kept::Fields;
use crate::domain::record::REMARK_MAX;
use crate::domain::record::line::{Line, LineCell, LineRules, Review};
use crate::error::AppError;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeMap;
use std::time::Duration;

/// How long after a failure by network or sign-in the save is tried again.
const AGAIN: Duration = Duration::from_secs(3);

/// A line on the screen: what is stored with what is typed over it.
#[derive(Clone, Copy)]
pub struct Row {
    /// Identity.
    pub id: StoredValue<LineId>,
    /// The line with everything typed that could be read.
    pub line: RwSignal<Line>,
    /// Texts of cells that are being typed or cannot be read.
    pub typed: RwSignal<BTreeMap<LineCell, String>>,
    /// Why a typed text was not taken.
    pub refused: RwSignal<BTreeMap<LineCell, String>>,
    /// The line as shown.
    pub review: Memo<Review>,
}

impl Row {
    /// A row of the page for a stored line.
    pub fn new(line: Line, rules: LineRules) -> Row {
        let id = StoredValue::new(line.id.clone());
        let line = RwSignal::new(line);
        let review = Memo::new(move |_| line.with(|line| line.review(&rules)));
        Row { id, line, typed: RwSignal::default(), refused: RwSignal::default(), review }
    }

    /// Whether this line stops 「提交」.
    pub fn blocks(&self) -> bool {
        self.review.with(Review::blocks) || self.refused.with(|refused| !refused.is_empty())
    }
}

impl PartialEq for Row {
    fn eq(&self, other: &Row) -> bool {
        self.line == other.line
    }
}

/// How the saving stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveState {
    /// Nothing was typed yet.
    Idle,
    /// On its way.
    Saving,
    /// Everything is stored, as of this moment of the server.
    Saved(Moment),
    /// Not stored; will be tried again.
    Waiting(AppError),
    /// Not stored; a person must look.
    Failed(AppError),
}

/// The name under which 「说明」 is kept in the browser.
pub const REMARK_FIELD: &str = "remark";

/// The name under which the text of a cell is kept in the browser.
fn cell_field(line: &LineId, cell: LineCell) -> String {
    format!("{line}.{}", cell.code())
}

/// The line and cell of such a name.
pub fn field_cell(field: &str) -> Option<(LineId, LineCell)> {
    let (line, code) = field.split_once('.')?;
    let cell = LineCell::ALL.into_iter().find(|cell| cell.code() == code)?;
    Some((LineId::parse(line).ok()?, cell))
}

/// Whether the same save may succeed by itself a little later; it may even have been stored, its answer lost.
const fn is_passing(error: &AppError) -> bool {
    matches!(error, AppError::Offline | AppError::Busy | AppError::SignedOut)
}

/// The one place of a page that saves.
#[derive(Clone, Copy)]
pub struct Saver {
    record: StoredValue<RecordId>,
    lines: StoredValue<LineOutbox<Row>>,
    remark: StoredValue<RemarkOutbox>,
    /// 「说明」 as it stands on the page.
    pub remark_text: RwSignal<String>,
    is_busy: StoredValue<bool>,
    /// How the saving stands.
    pub state: RwSignal<SaveState>,
    /// The version of the content that the server acknowledged last.
    pub content_version: RwSignal<i64>,
    /// Texts of cells that cannot be read as values: not stored, and not sent.
    unread: StoredValue<Fields>,
    /// The copy in the browser.
    pub kept: Keeper,
}

impl Saver {
    /// Saves for this record, as read at this moment.
    pub fn new(record: RecordId, content_version: i64, remark: String, read_at: Moment) -> Saver {
        Saver {
            unread: StoredValue::new(Fields::new()),
            kept: Keeper::new(format!("record-{record}"), read_at),
            record: StoredValue::new(record),
            lines: StoredValue::new(LineOutbox::default()),
            remark_text: RwSignal::new(remark.clone()),
            remark: StoredValue::new(RemarkOutbox::new(remark)),
            is_busy: StoredValue::new(false),
            state: RwSignal::new(SaveState::Idle),
            content_version: RwSignal::new(content_version),
        }
    }

    /// Whether everything typed is stored.
    pub fn is_settled(&self) -> bool {
        matches!(self.state.get(), SaveState::Idle | SaveState::Saved(_))
    }

    /// How many characters of 「说明」 are too many to be stored.
    pub fn remark_excess(&self) -> usize {
        self.remark_text.with(|text| text.trim().chars().count().saturating_sub(REMARK_MAX))
    }

    /// Like [`Saver::is_settled`], asked once.
    pub fn is_settled_now(&self) -> bool {
        untrack(|| self.remark_excess()) == 0 && matches!(self.state.get_untracked(), SaveState::Idle | SaveState::Saved(_))
    }

    /// Takes what was typed into a cell: onto the line and to be saved at the next [`Saver::flush`] if it can be read, else kept and said.
    pub fn enter(&self, row: Row, cell: LineCell, text: String, rules: &LineRules) {
        row.typed.update(|typed| _ = typed.insert(cell, text.clone()));
        match row.line.with_untracked(|line| line.with(cell, &text, rules)) {
            Ok(line) => {
                if row.refused.with_untracked(|refused| refused.contains_key(&cell)) {
                    row.refused.update(|refused| _ = refused.remove(&cell));
                }
                row.line.set(line);
                self.note(row, cell, text);
            }
            Err(why) => {
                row.refused.update(|refused| _ = refused.insert(cell, why.to_string()));
                self.unread.update_value(|unread| _ = unread.insert(cell_field(&row.id.get_value(), cell), text));
                self.keep();
            }
        }
    }

    /// Keeps a typed text in the browser and will save it at the next [`Saver::flush`].
    pub fn note(&self, row: Row, cell: LineCell, text: String) {
        self.unread.update_value(|unread| _ = unread.remove(&cell_field(&row.id.get_value(), cell)));
        self.lines.update_value(|lines| lines.note(row, cell, text));
        self.keep();
        self.state.set(SaveState::Saving);
    }

    /// The person took back what could not be read in this cell.
    pub fn take_back(&self, row: Row, cell: LineCell) {
        row.refused.update(|refused| _ = refused.remove(&cell));
        self.unread.update_value(|unread| _ = unread.remove(&cell_field(&row.id.get_value(), cell)));
        self.keep();
    }

    /// The line is gone, and with it what was typed into it.
    pub fn drop_line(&self, row: Row) {
        let id = row.id.get_value();
        self.unread.update_value(|unread| unread.retain(|field, _| field_cell(field).is_none_or(|(line, _)| line != id)));
        self.lines.update_value(|lines| lines.forget(&row));
        self.keep();
    }

    /// Keeps 「说明」 in the browser and will save it at the next [`Saver::flush`].
    pub fn note_remark(&self, text: String) {
        self.remark_text.set(text.clone());
        if text.trim().chars().count() > REMARK_MAX {
            self.unread.update_value(|unread| _ = unread.insert(REMARK_FIELD.to_owned(), text));
            self.keep();
            return;
        }
        self.unread.update_value(|unread| _ = unread.remove(REMARK_FIELD));
        self.remark.update_value(|remark| remark.note(text));
        self.keep();
        self.state.set(SaveState::Saving);
    }

    /// Saves what was noted, one line after the other.
    pub fn flush(self) {
        if self.is_busy.get_value() {
            return;
        }
        self.is_busy.set_value(true);
        spawn_local(async move {
            let ended = self.save_all().await;
            self.is_busy.try_set_value(false);
            match ended {
                // Typed while the answer was on its way: not said to be saved before it is.
                Ok(_) if self.has_more() => self.flush(),
                Ok(Some(at)) => self.state.set(SaveState::Saved(at)),
                Ok(None) => {}
                Err(error) if is_passing(&error) => {
                    self.state.set(SaveState::Waiting(error));
                    set_timeout(
                        move || {
                            if !self.is_busy.is_disposed() {
                                self.flush();
                            }
                        },
                        AGAIN,
                    );
                }
                Err(error) => self.state.set(SaveState::Failed(error)),
            }
        });
    }

    fn has_more(&self) -> bool {
        let lines = self.lines.try_with_value(LineOutbox::has_typed).unwrap_or_default();
        lines || self.remark.try_with_value(RemarkOutbox::has_typed).unwrap_or_default()
    }

    async fn save_all(self) -> Result<Option<Moment>, AppError> {
        let mut last = None;
        let mut failure = None;
        while let Some((row, texts)) = self.lines.try_update_value(LineOutbox::next).flatten() {
            match self.save_row(row, &texts).await {
                Ok(at) => {
                    self.lines.try_update_value(LineOutbox::acknowledged);
                    self.keep();
                    last = Some(at);
                }
                Err(error) => {
                    let ends = is_passing(&error);
                    failure = Some(error);
                    if ends {
                        break;
                    }
                    self.lines.try_update_value(LineOutbox::refused);
                }
            }
        }
        if failure.is_none()
            && let Some((before, remark)) = self.remark.try_update_value(RemarkOutbox::next).flatten()
        {
            match save_remark(RemarkChange { record: self.record.get_value(), before, remark }).await {
                Ok(saved) => {
                    self.content_version.set(saved.content_version);
                    self.remark.try_update_value(RemarkOutbox::acknowledged);
                    last = Some(saved.at);
                }
                Err(error) => {
                    if !is_passing(&error) {
                        self.remark.try_update_value(RemarkOutbox::refused);
                    }
                    failure = Some(error);
                }
            }
        }
        self.lines.try_update_value(LineOutbox::put_back);
        self.keep();
        match failure {
            Some(error) => Err(error),
            None => Ok(last),
        }
    }

    async fn save_row(self, row: Row, texts: &Texts) -> Result<Moment, AppError> {
        let input = LineEdit {
            record: self.record.get_value(),
            line: row.id.get_value(),
            version: row.line.with_untracked(|line| line.version),
            cells: texts.iter().map(|(cell, text)| (*cell, text.clone())).collect(),
        };
        match save_line(input).await {
            Ok(saved) => {
                row.line.try_update(|line| line.version = saved.version);
                self.content_version.set(saved.content_version);
                Ok(saved.at)
            }
            Err(AppError::InvalidField { field, message }) => {
                if let Some(cell) = LineCell::ALL.into_iter().find(|cell| cell.code() == field) {
                    row.refused.update(|refused| {
                        refused.insert(cell, message.clone());
                    });
                }
                Err(AppError::InvalidField { field, message })
            }
            Err(error) => Err(error),
        }
    }

    /// Keeps in the browser what is not acknowledged.
    fn keep(&self) {
        let Some(mut fields) = self.unread.try_get_value() else { return };
        // Older texts come first, so that newer ones of the same cells take their place; what cannot be read was typed last.
        let waiting = self.lines.with_value(|lines| {
            let cells = |(row, texts): &(Row, Texts)| {
                let id = row.id.get_value();
                texts.iter().map(|(cell, text)| (cell_field(&id, *cell), text.clone())).collect::<Vec<_>>()
            };
            lines.unsaved().flat_map(cells).collect::<Fields>()
        });
        for (field, text) in waiting {
            fields.entry(field).or_insert(text);
        }
        if let Some(remark) = self.remark.with_value(|remark| remark.unsaved().cloned()) {
            fields.entry(REMARK_FIELD.to_owned()).or_insert(remark);
        }
        self.kept.keep(fields);
    }
}
