//! Automatic saving of a record's lines: what was typed is kept in the browser until the server has acknowledged it.
//!
//! Always: one request is under way at a time, in the order of [`outbox`]; one that fails by the network or an expired sign-in is tried again; whatever is not
//! acknowledged, and what could not be read as a value at all, lies in the browser's storage (`domain::kept`) and is offered again when
//! the page is next opened.

mod outbox;
mod seen;
mod turn;

use self::outbox::{LineOutbox, RemarkOutbox, texts};
use self::seen::Seen;
pub use self::turn::Turn;
use super::api::{LineChanges, RemarkChange, change_lines, save_remark};
use super::sheet::Sheet;
use crate::app::chance;
use crate::app::kept::Keeper;
use crate::domain::calendar::Moment;
use crate::domain::ids::{LineId, RecordId};
use crate::domain::kept::{Fields, Groups};
use crate::domain::record::REMARK_MAX;
use crate::domain::record::change::{Change, Outcome};
use crate::domain::record::line::LineCell;
use crate::error::AppError;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// How long after a failure by network or sign-in the save is tried again.
const AGAIN: Duration = Duration::from_secs(3);

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

/// What is kept for a line that the server does not know yet, beside its texts.
const NEW_FIELD: &str = "new";

/// A text kept in the browser, by what it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeptField {
    /// 「说明」.
    Remark,
    /// A cell.
    Cell(LineId, LineCell),
    /// A mark: the line was added on the page and not stored.
    New(LineId),
}

impl KeptField {
    /// From the name of a kept text.
    pub fn of(field: &str) -> Option<KeptField> {
        if field == REMARK_FIELD {
            return Some(KeptField::Remark);
        }
        let (line, code) = field.split_once('.')?;
        let line = LineId::parse(line).ok()?;
        if code == NEW_FIELD {
            return Some(KeptField::New(line));
        }
        LineCell::ALL.into_iter().find(|cell| cell.code() == code).map(|cell| KeptField::Cell(line, cell))
    }
}

/// What a line keeps in the browser stands together.
fn group_of(line: &LineId) -> String {
    format!("{line}.")
}

/// The name under which the text of a cell is kept in the browser.
fn cell_field(line: &LineId, cell: LineCell) -> String {
    format!("{line}.{}", cell.code())
}

/// Whether the same save may succeed by itself a little later; it may even have been stored, its answer lost.
const fn is_passing(error: &AppError) -> bool {
    matches!(error, AppError::Offline | AppError::Busy | AppError::SignedOut)
}

/// The one place of a page that saves.
#[derive(Clone, Copy)]
pub struct Saver {
    record: StoredValue<RecordId>,
    lines: StoredValue<LineOutbox>,
    remark: StoredValue<RemarkOutbox>,
    /// 「说明」 as it stands on the page.
    pub remark_text: RwSignal<String>,
    /// Whether a request is on its way.
    is_busy: RwSignal<bool>,
    /// How the saving stands.
    pub state: RwSignal<SaveState>,
    /// The version of the content that the server acknowledged last; the page need not show all of it.
    pub content_version: RwSignal<i64>,
    seen: RwSignal<Seen>,
    /// Texts of cells that are not stored and not sent: what cannot be read, and what stands against another person's text.
    unread: StoredValue<Fields>,
    /// Lines of which something else is to be kept in the browser than lies there.
    changed: StoredValue<HashSet<LineId>>,
    /// The copy in the browser.
    pub kept: Keeper,
}

impl Saver {
    /// Saves for this record, as read at this moment.
    pub fn new(record: RecordId, content_version: i64, remark: String, read_at: Moment) -> Saver {
        Saver {
            unread: StoredValue::new(Fields::new()),
            changed: StoredValue::new(HashSet::new()),
            kept: Keeper::new(format!("record-{record}"), read_at),
            record: StoredValue::new(record),
            lines: StoredValue::new(LineOutbox::default()),
            remark_text: RwSignal::new(remark.clone()),
            remark: StoredValue::new(RemarkOutbox::new(remark)),
            is_busy: RwSignal::new(false),
            state: RwSignal::new(SaveState::Idle),
            content_version: RwSignal::new(content_version),
            seen: RwSignal::new(Seen::new(content_version)),
        }
    }

    /// A change made on this page moved the content from `before` to `now`.
    pub fn moved(&self, before: i64, now: i64) {
        self.seen.try_update(|seen| seen.told(before, now));
        self.content_version.try_set(now);
    }

    /// Whether someone else has changed something that the page does not show.
    pub fn is_behind(&self) -> bool {
        self.seen.get().is_behind()
    }

    /// The version of the content that the page shows.
    pub fn seen_version(&self) -> i64 {
        self.seen.get_untracked().version()
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

    /// A cell was filled; saved at the next [`Saver::flush`].
    pub fn note(&self, line: &LineId, cell: LineCell, before: String, text: String) {
        self.unread.update_value(|unread| _ = unread.remove(&cell_field(line, cell)));
        self.lines.update_value(|lines| lines.typed(line, cell, before, text));
        self.noted(line);
    }

    /// A text stands in a cell that is not sent: it cannot be read, or must be chosen first.
    pub fn hold(&self, line: &LineId, cell: LineCell, text: String) {
        self.unread.update_value(|unread| _ = unread.insert(cell_field(line, cell), text));
        self.mark(line);
    }

    /// A line was added, ahead of another one or at the end.
    pub fn note_added(&self, line: LineId, cells: Vec<(LineCell, String)>, ahead_of: Option<LineId>) {
        self.lines.update_value(|lines| lines.added(line.clone(), cells, ahead_of));
        self.noted(&line);
    }

    /// A line was deleted, and with it what was typed into it.
    pub fn note_removed(&self, line: &LineId) {
        self.forget_unread(line);
        self.lines.update_value(|lines| lines.removed(line));
        self.noted(line);
    }

    /// The line has left the record by another way; nothing more is sent for it.
    pub fn drop_line(&self, line: &LineId) {
        self.forget_unread(line);
        self.lines.update_value(|lines| lines.forget(line));
        self.mark(line);
        self.keep();
    }

    fn forget_unread(&self, line: &LineId) {
        let group = group_of(line);
        self.unread.update_value(|unread| unread.retain(|field, _| !field.starts_with(&group)));
    }

    fn mark(&self, line: &LineId) {
        self.changed.try_update_value(|changed| _ = changed.insert(line.clone()));
    }

    fn noted(&self, line: &LineId) {
        self.mark(line);
        if self.state.with_untracked(|state| *state != SaveState::Saving) {
            self.state.set(SaveState::Saving);
        }
    }

    /// The person took back what could not be read in this cell.
    pub fn take_back(&self, line: &LineId, cell: LineCell) {
        self.unread.update_value(|unread| _ = unread.remove(&cell_field(line, cell)));
        self.mark(line);
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

    /// Saves what was noted. A page that has gone meanwhile, as after 「提交」, saves nothing more: what it had not stored lies in the browser.
    pub fn flush(self, sheet: Sheet) {
        if self.is_busy.try_get_untracked() != Some(false) {
            return;
        }
        self.is_busy.set(true);
        spawn_local(async move {
            let ended = self.save_all(sheet).await;
            if self.is_busy.try_set(false).is_some() {
                return;
            }
            match ended {
                // Typed while the answer was on its way: not said to be saved before it is.
                Ok(_) if self.has_more() => self.flush(sheet),
                Ok(Some(at)) => self.state.set(SaveState::Saved(at)),
                // What was typed was taken back again.
                Ok(None) if self.state.get_untracked() == SaveState::Saving => self.state.set(SaveState::Idle),
                Ok(None) => {}
                Err(error) if is_passing(&error) => {
                    self.state.set(SaveState::Waiting(error));
                    set_timeout(move || self.flush(sheet), AGAIN);
                }
                Err(error) => self.state.set(SaveState::Failed(error)),
            }
        });
    }

    fn has_more(&self) -> bool {
        self.lines.with_value(LineOutbox::has_waiting) || self.remark.with_value(RemarkOutbox::has_typed)
    }

    async fn save_all(self, sheet: Sheet) -> Result<Option<Moment>, AppError> {
        let record = self.record.get_value();
        let mut last = None;
        let mut failure = None;
        // Nothing newer overtakes words whose answer was lost: they could no longer be told from a colleague's.
        if self.remark.try_with_value(RemarkOutbox::is_unanswered).unwrap_or_default() {
            failure = self.save_words(record.clone(), &mut last).await.err();
        }
        while failure.is_none() {
            let (changes, save) = self.lines.try_update_value(|lines| lines.next_named(chance::new_id)).unwrap_or_default();
            if changes.is_empty() {
                break;
            }
            let answer = change_lines(LineChanges { record: record.clone(), changes: changes.clone(), save }).await;
            if self.is_busy.is_disposed() {
                return Ok(None);
            }
            match answer {
                Ok(changed) => {
                    self.lines.try_update_value(LineOutbox::answered);
                    self.moved(changed.content_version_before, changed.content_version);
                    for (change, outcome) in changes.iter().zip(changed.outcomes) {
                        self.mark(change.line());
                        self.take(sheet, change, outcome);
                    }
                    self.keep();
                    last = Some(changed.at);
                }
                Err(error) => {
                    if !is_passing(&error) {
                        self.lines.try_update_value(LineOutbox::put_back);
                    }
                    failure = Some(error);
                    break;
                }
            }
        }
        if failure.is_none() {
            failure = self.save_words(record, &mut last).await.err();
        }
        self.keep();
        match failure {
            Some(error) => Err(error),
            None => Ok(last),
        }
    }

    /// Saves 「说明」, where there is something to save.
    async fn save_words(self, record: RecordId, last: &mut Option<Moment>) -> Result<(), AppError> {
        let next = self.remark.try_update_value(|remark| remark.next_named(chance::new_id)).flatten();
        let Some((before, remark, save)) = next else { return Ok(()) };
        match save_remark(RemarkChange { record, before, remark, save }).await {
            Ok(saved) => {
                self.moved(saved.content_version_before, saved.content_version);
                self.remark.try_update_value(RemarkOutbox::acknowledged);
                *last = Some(saved.at);
                Ok(())
            }
            Err(error) => {
                if !is_passing(&error) {
                    self.remark.try_update_value(RemarkOutbox::refused);
                }
                Err(error)
            }
        }
    }

    /// What came of one change.
    fn take(self, sheet: Sheet, change: &Change, outcome: Outcome) {
        let id = change.line();
        match outcome {
            Outcome::Done { version, filled } => {
                let waiting = self.lines.with_value(|lines| lines.waiting_of(id));
                sheet.acknowledged(id, version, filled, &waiting);
            }
            Outcome::Rival { line, cells } => {
                let waiting = self.lines.with_value(|lines| lines.waiting_of(id));
                for (cell, text) in texts(change) {
                    if cells.iter().any(|(rival, _)| *rival == cell) {
                        self.hold(id, cell, text.to_owned());
                    }
                }
                sheet.rivals(*line, &waiting, cells);
            }
            Outcome::Refused { cell, message } => {
                for (typed, text) in texts(change) {
                    self.hold(id, typed, text.to_owned());
                    if cell.is_none_or(|cell| cell == typed) {
                        sheet.refused(id, typed, text.to_owned(), message.clone());
                    }
                }
            }
            Outcome::Gone => {
                for (cell, text) in texts(change) {
                    self.hold(id, cell, text.to_owned());
                }
                sheet.orphaned(id);
            }
        }
    }

    /// Keeps in the browser what is not acknowledged, writing the lines only of which that has changed.
    pub fn keep(&self) {
        let Some(changed) = self.changed.try_update_value(std::mem::take) else { return };
        let mut lines: HashMap<&LineId, Fields> = changed.iter().map(|line| (line, Fields::new())).collect();
        // Older texts come first, so that newer ones of the same cells take their place; what cannot be read was typed last.
        self.lines.with_value(|outbox| {
            for change in outbox.unsaved() {
                let Some(fields) = lines.get_mut(change.line()) else { continue };
                if matches!(change, Change::Add { .. }) {
                    fields.insert(NEW_FIELD.to_owned(), "1".to_owned());
                }
                fields.extend(texts(change).into_iter().map(|(cell, text)| (cell.code().to_owned(), text.to_owned())));
            }
        });
        let mut groups = Groups::new();
        let remark = self.unread.with_value(|unread| {
            for (line, mut fields) in lines {
                let group = group_of(line);
                let held = unread.range(group.clone()..).take_while(|(field, _)| field.starts_with(&group));
                fields.extend(held.map(|(field, text)| (field[group.len()..].to_owned(), text.clone())));
                groups.insert(group, fields);
            }
            unread.get(REMARK_FIELD).cloned()
        });
        let remark = remark.or_else(|| self.remark.with_value(|remark| remark.unsaved().cloned()));
        groups.insert(REMARK_FIELD.to_owned(), remark.map(|text| (String::new(), text)).into_iter().collect());
        self.kept.keep_groups(groups);
    }
}
