//! Automatic saving of a record's lines: what was typed is kept in the browser until the server has acknowledged it.
//!
//! Always: one save is under way at a time, in the order of [`outbox`]; a save that fails by the network or an expired sign-in is tried again; whatever is not
//! acknowledged lies in the browser's storage and is offered again when the page is next opened.

mod outbox;

use self::outbox::{LineOutbox, RemarkOutbox, Texts};
use super::api::{LineEdit, RemarkChange, save_line, save_remark};
use crate::domain::calendar::Moment;
use crate::domain::ids::{LineId, RecordId};
use crate::domain::record::line::{Line, LineCell, LineRules, Review};
use crate::error::AppError;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};
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

/// What is kept in the browser until it is acknowledged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsaved {
    /// Cells by line.
    pub lines: Vec<(LineId, Vec<(LineCell, String)>)>,
    /// 「说明」.
    pub remark: Option<String>,
}

impl Unsaved {
    /// How many texts are not stored.
    pub fn count(&self) -> usize {
        self.lines.iter().map(|(_, cells)| cells.len()).sum::<usize>() + usize::from(self.remark.is_some())
    }
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
}

impl Saver {
    /// Saves for this record.
    pub fn new(record: RecordId, content_version: i64, remark: String) -> Saver {
        Saver {
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

    /// Like [`Saver::is_settled`], asked once.
    pub fn is_settled_now(&self) -> bool {
        matches!(self.state.get_untracked(), SaveState::Idle | SaveState::Saved(_))
    }

    /// Keeps a typed text in the browser and will save it at the next [`Saver::flush`].
    pub fn note(&self, row: Row, cell: LineCell, text: String) {
        self.lines.update_value(|lines| lines.note(row, cell, text));
        self.keep();
        self.state.set(SaveState::Saving);
    }

    /// Keeps 「说明」 in the browser and will save it at the next [`Saver::flush`].
    pub fn note_remark(&self, text: String) {
        self.remark_text.set(text.clone());
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

    fn key(record: &RecordId) -> String {
        format!("setaside-unsaved-{record}")
    }

    /// Writes what is not acknowledged into the browser's storage.
    fn keep(&self) {
        let Some(record) = self.record.try_get_value() else { return };
        let as_kept = |(row, texts): &(Row, Texts)| (row.id.get_value(), texts.iter().map(|(cell, text)| (*cell, text.clone())).collect());
        // Older texts come first, so that newer ones of the same cells are restored over them.
        let unsaved = Unsaved {
            lines: self.lines.with_value(|lines| lines.unsaved().map(as_kept).collect()),
            remark: self.remark.with_value(|remark| remark.unsaved().cloned()),
        };
        let Ok(Some(storage)) = window().local_storage() else { return };
        // Without storage the text still stands on the page; there is nothing more to be done for it.
        let _ = match serde_json::to_string(&unsaved) {
            Ok(json) if unsaved.count() > 0 => storage.set_item(&Saver::key(&record), &json),
            _ => storage.remove_item(&Saver::key(&record)),
        };
    }

    /// What an earlier page of this record could not save.
    pub fn left_behind(record: &RecordId) -> Option<Unsaved> {
        let storage = window().local_storage().ok().flatten()?;
        let json = storage.get_item(&Saver::key(record)).ok().flatten()?;
        serde_json::from_str(&json).ok().filter(|unsaved: &Unsaved| unsaved.count() > 0)
    }

    /// Forgets what an earlier page could not save.
    pub fn forget(record: &RecordId) {
        if let Ok(Some(storage)) = window().local_storage() {
            // A storage that cannot be written holds nothing to forget.
            let _ = storage.remove_item(&Saver::key(record));
        }
    }
}
