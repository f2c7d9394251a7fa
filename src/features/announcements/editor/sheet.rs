//! The announcement's lines as a spreadsheet, in the grid of the records' detail table (E3, C4): arrows, Enter, F2, Esc, ranges, copy, paste, undo.
//!
//! Always: what is typed waits until it has a reason, asked once for everything that waits; a line that has its reason already is saved
//! at once. A text that cannot be read stays in its cell with what is wrong, and nothing of its line is sent. What waits is told at
//! 「提交」. The rows stand in the order of the publication and are not sorted.

use super::super::api::change_announcement_lines;
use super::super::seen::{LineDone, LinesEdit};
use super::Draft;
use super::lines::{clash_words, faults};
use crate::app::Tell;
use crate::domain::announcement::line::{AnnouncementLine, LineCell, LineChange, LineDraft};
use crate::domain::ids::AnnouncementLineId;
use crate::error::AppError;
use crate::ui::grid::history::History;
use crate::ui::grid::{At, GridControl, at};
use leptos::prelude::*;
use std::collections::HashMap;

/// A cell that was changed: which line, which cell, before and after.
type Doing = (AnnouncementLineId, LineCell, String, String);

/// What waits for a reason, by line.
pub type Waiting = HashMap<AnnouncementLineId, LineDraft>;

/// The cell that is typed into.
struct Typing {
    place: At,
    text: Option<String>,
}

/// The steps of undo, and what is being typed.
#[derive(Default)]
struct Work {
    history: History<Vec<Doing>>,
    typing: Option<Typing>,
    /// Lines whose reason is known and that were changed while others were being saved.
    behind: Vec<AnnouncementLineId>,
}

/// Brings what waits onto the lines as others have left them; what both have changed is said in a sentence.
pub fn join(waiting: &mut Waiting, before: &[AnnouncementLine], now: &[AnnouncementLine]) -> Option<String> {
    let mut said = Vec::new();
    for (id, typed) in waiting.iter_mut() {
        let of = |lines: &[AnnouncementLine]| lines.iter().find(|line| line.id == *id).map(|line| line.values.draft());
        let (Some(before), Some(now)) = (of(before), of(now)) else { continue };
        let (joined, clashes) = typed.over(&before, &now);
        said.extend(clash_words(&clashes, typed, &now).map(|words| format!("「{}」{words}", joined.project_name)));
        *typed = joined;
    }
    (!said.is_empty()).then(|| said.join("；"))
}

/// The lines as the grid works on them.
#[derive(Clone, Copy)]
pub struct LineSheet {
    /// The announcement on the screen.
    pub draft: Draft,
    /// Leads to its cells.
    pub control: GridControl,
    /// Asked for 「删除」 of a line.
    pub removing: Callback<AnnouncementLine>,
    /// The reason for everything that waits.
    pub reason: RwSignal<String>,
    /// What was refused last.
    pub problem: RwSignal<Option<AppError>>,
    /// Whether the server is being asked.
    pub pending: RwSignal<bool>,
    work: StoredValue<Work>,
    pub(super) tell: Tell,
}

impl LineSheet {
    /// Over the lines of this announcement.
    pub fn new(draft: Draft, removing: Callback<AnnouncementLine>) -> LineSheet {
        LineSheet {
            draft,
            removing,
            control: GridControl::new(),
            reason: RwSignal::new(String::new()),
            problem: RwSignal::new(None),
            pending: RwSignal::new(false),
            work: StoredValue::new(Work::default()),
            tell: expect_context::<Tell>(),
        }
    }

    /// What waits is on this page alone: closing it asks first.
    pub fn ask_before_leaving(self) {
        let waiting = self.draft.waiting;
        Effect::new(move || {
            let handle = window_event_listener(leptos::ev::beforeunload, move |event| {
                if waiting.try_with_untracked(|waiting| !waiting.is_empty()) == Some(true) {
                    event.prevent_default();
                    // Browsers of before 2023 look at this only.
                    event.set_return_value("还有未保存的内容");
                }
            });
            on_cleanup(move || handle.remove());
        });
    }

    /// A line with what is typed over it.
    pub(super) fn line(self, row: usize) -> Option<(AnnouncementLine, LineDraft)> {
        let line = self.draft.lines.with_untracked(|lines| lines.get(row).cloned())?;
        let draft = self.draft.waiting.with_untracked(|waiting| waiting.get(&line.id).cloned()).unwrap_or_else(|| line.values.draft());
        Some((line, draft))
    }

    fn row_of(self, id: &AnnouncementLineId) -> Option<usize> {
        self.draft.lines.with_untracked(|lines| lines.iter().position(|line| line.id == *id))
    }

    /// Typing begins.
    pub(super) fn start(self, place: At) {
        self.work.update_value(|work| work.typing = Some(Typing { place, text: None }));
    }

    /// The text at every key.
    pub(super) fn type_on(self, text: String) {
        self.work.update_value(|work| {
            if let Some(typing) = &mut work.typing {
                typing.text = Some(text);
            }
        });
    }

    /// Typing ends: one step.
    pub(super) fn end(self, takes: bool) {
        let Some(typing) = self.work.try_update_value(|work| work.typing.take()).flatten() else { return };
        if let (true, Some(text)) = (takes, typing.text) {
            self.fill(vec![(typing.place, text)]);
        }
    }

    /// Fills cells as one step; gives how many took the text and how many are locked.
    pub(super) fn fill(self, cells: Vec<(At, String)>) -> (usize, usize) {
        let (mut step, mut locked) = (Vec::new(), 0);
        for (place, text) in cells {
            let Some((line, draft)) = self.line(place.row) else { continue };
            match super::sheet_table::cell_of(place.column).filter(|_| !line.is_removed) {
                None => locked += 1,
                Some(cell) if draft.text(cell) != text => step.push((line.id, cell, draft.text(cell).to_owned(), text)),
                Some(_) => {}
            }
        }
        let changed = step.len();
        if !step.is_empty() {
            self.apply(&step, true);
            self.work.update_value(|work| work.history.push(step));
        }
        (changed, locked)
    }

    /// Takes the last step back, or does it again; gives the cell to look at.
    pub(super) fn play(self, back: bool) -> Option<At> {
        let step = self.work.try_update_value(|work| if back { work.history.undo() } else { work.history.redo() }).flatten()?;
        self.apply(&step, !back);
        let (id, cell, ..) = step.first()?;
        Some(at(self.row_of(id)?, super::sheet_table::column_of(*cell)))
    }

    /// Writes a step into what waits, and saves it where its reason is known.
    fn apply(self, step: &[Doing], forwards: bool) {
        self.problem.set(None);
        let mut touched: Vec<AnnouncementLineId> = Vec::new();
        self.draft.waiting.update(|waiting| {
            for (id, cell, before, after) in step {
                let stored =
                    self.draft.lines.with_untracked(|lines| lines.iter().find(|line| line.id == *id).map(|line| line.values.draft()));
                let Some(stored) = stored else { continue };
                waiting.entry(id.clone()).or_insert(stored).put(*cell, if forwards { after } else { before }.clone());
                if !touched.contains(id) {
                    touched.push(id.clone());
                }
            }
        });
        self.settle();
        // One line that says already why it differs: the next cell of the same line is not asked about again.
        if let [id] = &touched[..] {
            self.work.update_value(|work| work.behind.push(id.clone()));
            self.send_known();
        }
    }

    /// Saves the next line that says already why it differs; where one is being saved, this comes after it.
    fn send_known(self) {
        if self.pending.try_get_untracked() != Some(false) {
            return;
        }
        while let Some(id) = self.work.try_update_value(|work| work.behind.pop()).flatten() {
            if let Some((line, draft)) = self.row_of(&id).and_then(|row| self.line(row))
                && draft != line.values.draft()
                && !line.reason.is_empty()
                && self.fault(&line).is_none()
            {
                self.send(vec![id], line.reason);
                return;
            }
        }
    }

    /// Forgets what waits and is stored by now, or is as it was.
    pub(super) fn settle(self) {
        let done = |id: &AnnouncementLineId, draft: &LineDraft| {
            self.draft.lines.with_untracked(|lines| {
                // A line that has gone takes what was typed over it with it.
                lines.iter().find(|line| line.id == *id).is_none_or(|line| draft.read().is_ok_and(|values| values == line.values))
            })
        };
        if self.draft.waiting.with_untracked(|waiting| waiting.iter().any(|(id, draft)| done(id, draft))) {
            self.draft.waiting.update(|waiting| waiting.retain(|id, draft| !done(id, draft)));
        }
    }

    /// What is wrong with what is typed in a line, but for its reason: cell and words.
    pub(super) fn fault(self, line: &AnnouncementLine) -> Option<(&'static str, String)> {
        let draft = self.draft.waiting.with_untracked(|waiting| waiting.get(&line.id).cloned())?;
        faults(line, &LineChange::Edit(draft), "x").into_iter().next()
    }

    /// How many lines wait, and how many of them cannot be read.
    pub fn counts(self) -> (usize, usize) {
        self.draft.waiting.track();
        let faulty = self.draft.lines.with(|lines| lines.iter().filter(|line| self.fault(line).is_some()).count());
        (self.draft.waiting.with(HashMap::len), faulty)
    }

    /// 「保存修改」: everything that waits, for the reason that was given.
    pub fn save(self) {
        let lines = self.draft.waiting.with_untracked(|waiting| waiting.keys().cloned().collect());
        self.send(lines, self.reason.get_untracked());
    }

    /// 「放弃」.
    pub fn discard(self) {
        self.draft.waiting.set(Waiting::new());
        self.work.set_value(Work::default());
        self.problem.set(None);
        self.draft.clash().set(None);
    }

    fn send(self, lines: Vec<AnnouncementLineId>, reason: String) {
        if lines.is_empty() || self.pending.get_untracked() {
            return;
        }
        self.problem.set(None);
        // Whoever saves over another's change has been told of it before.
        let clash = self.draft.clash();
        clash.set(None);
        self.pending.set(true);
        self.draft.saver.then(move |version| async move {
            // The page may have caught up with others since: what waits stands over their lines by now.
            if clash.try_with_untracked(Option::is_some) == Some(true) {
                self.pending.try_set(false);
                return None;
            }
            let change = |waiting: &Waiting| {
                let edit =
                    |line: AnnouncementLineId| waiting.get(&line).map(|draft| LineDone { change: LineChange::Edit(draft.clone()), line });
                lines.into_iter().filter_map(edit).collect::<Vec<_>>()
            };
            let edits = self.draft.waiting.try_with_untracked(change).unwrap_or_default();
            let edited = match version {
                Ok(version) => change_announcement_lines(LinesEdit { id: self.draft.id(), version, edits, reason }).await,
                Err(error) => Err(error),
            };
            self.pending.try_set(false);
            match edited {
                Ok(edited) => {
                    let count = edited.lines.len();
                    let mut stored: HashMap<_, _> = edited.lines.into_iter().map(|line| (line.id.clone(), line)).collect();
                    self.draft.lines.try_update(|lines| {
                        for line in lines.iter_mut() {
                            if let Some(now) = stored.remove(&line.id) {
                                *line = now;
                            }
                        }
                    });
                    if self.pending.is_disposed() {
                        return Some(edited.saved);
                    }
                    self.settle();
                    self.draft.logged().notify();
                    self.send_known();
                    self.tell.ok(format!("已保存 {count} 行的修改；审核人会看到差别和理由"));
                    Some(edited.saved)
                }
                Err(error) => {
                    if matches!(error, AppError::Conflict(_)) {
                        self.draft.catch_up();
                    }
                    self.problem.try_set(Some(error));
                    None
                }
            }
        });
    }
}
