//! The announcement's lines as a spreadsheet, in the grid of the records' detail table (E3, C4): arrows, Enter, F2, Esc, ranges, copy, paste, undo.
//!
//! Always: what is typed waits until it has a reason, asked once for everything that waits, and lies in the browser meanwhile; a line that
//! has its reason already is saved at once. A text that cannot be read stays in its cell with what is wrong, and nothing of its line is
//! sent. What waits is told at 「提交」. The rows stand in the order of the publication and are not sorted.

use super::super::api::change_announcement_lines;
use super::super::seen::{LineDone, LinesEdit};
use super::Draft;
use crate::app::Tell;
use crate::domain::announcement::line::{AnnouncementLine, LineCell, LineChange, LineDraft};
use crate::domain::ids::AnnouncementLineId;
use crate::error::AppError;
use crate::ui::grid::history::History;
use crate::ui::grid::{At, GridControl, at};
use leptos::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// A cell that was changed: which line, which cell, before and after.
type Doing = (AnnouncementLineId, LineCell, String, String);

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

/// The lines as the grid works on them.
#[derive(Clone, Copy)]
pub struct LineSheet {
    /// The announcement on the screen.
    pub draft: Draft,
    /// Leads to its cells.
    pub control: GridControl,
    /// Asked for 「删除」 of a line.
    pub removing: Callback<AnnouncementLine>,
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
            problem: RwSignal::new(None),
            pending: RwSignal::new(false),
            work: StoredValue::new(Work::default()),
            tell: expect_context::<Tell>(),
        }
    }

    /// A line with what is typed over it.
    pub(super) fn line(self, row: usize) -> Option<(AnnouncementLine, LineDraft)> {
        let line = self.draft.lines.with_untracked(|lines| lines.get(row).cloned())?;
        let draft = self.draft.waiting.with_untracked(|waiting| waiting.draft(&line));
        Some((line, draft))
    }

    /// Where a line stands.
    pub(super) fn row_of(self, id: &AnnouncementLineId) -> Option<usize> {
        self.draft.lines.with_untracked(|lines| lines.iter().position(|line| line.id == *id))
    }

    /// Typing begins.
    pub(super) fn start(self, place: At) {
        self.work.update_value(|work| work.typing = Some(Typing { place, text: None }));
    }

    /// The text at every key; nothing is drawn anew by it, so that an input method is not disturbed.
    pub(super) fn type_on(self, text: String) {
        let place = self.work.try_update_value(|work| {
            let typing = work.typing.as_mut()?;
            typing.text = Some(text.clone());
            Some(typing.place)
        });
        if let Some(place) = place.flatten()
            && let Some(cell) = super::sheet_table::cell_of(place.column)
        {
            self.draft.lines.with_untracked(|lines| {
                if let Some(line) = lines.get(place.row) {
                    self.draft.keep_typing(line, cell, &text);
                }
            });
        }
    }

    /// Typing ends: one step.
    pub(super) fn end(self, takes: bool) {
        let Some(typing) = self.work.try_update_value(|work| work.typing.take()).flatten() else { return };
        let Some(text) = typing.text else { return };
        if takes {
            self.fill(vec![(typing.place, text)]);
        }
        // What was kept at each key is by now what waits, or was taken back.
        let id = self.draft.lines.with_untracked(|lines| lines.get(typing.place.row).map(|line| line.id.clone()));
        self.draft.keep_lines(&id);
    }

    /// Fills cells as one step; gives how many took the text and how many are locked.
    pub(super) fn fill(self, cells: Vec<(At, String)>) -> (usize, usize) {
        let (mut step, mut locked) = (Vec::new(), 0);
        self.draft.lines.with_untracked(|lines| {
            self.draft.waiting.with_untracked(|waiting| {
                for (place, text) in cells {
                    let Some(line) = lines.get(place.row) else { continue };
                    match super::sheet_table::cell_of(place.column).filter(|_| !line.is_removed) {
                        None => locked += 1,
                        Some(cell) => {
                            let before = waiting.text(line, cell);
                            if before != text {
                                step.push((line.id.clone(), cell, before, text));
                            }
                        }
                    }
                }
            });
        });
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

    /// Writes a step into what waits, and saves it where its reason is known. Takes as long as the step and the lines, not their product.
    fn apply(self, step: &[Doing], forwards: bool) {
        self.problem.set(None);
        let mut touched = BTreeSet::new();
        self.draft.lines.with_untracked(|lines| {
            let lines: HashMap<_, _> = lines.iter().map(|line| (&line.id, line)).collect();
            self.draft.waiting.update(|waiting| {
                for (id, cell, before, after) in step {
                    if let Some(line) = lines.get(id) {
                        waiting.put(line, *cell, if forwards { after } else { before }.clone());
                        touched.insert(id.clone());
                    }
                }
            });
        });
        self.draft.settle(Some(&touched));
        self.draft.keep_lines(&touched);
        // One line that says already why it differs: the next cell of the same line is not asked about again.
        if touched.len() == 1 {
            self.work.update_value(|work| work.behind.extend(touched));
            self.send_known();
        }
    }

    /// Saves the next line that says already why it differs; where one is being saved, this comes after it. What another person has
    /// changed as well waits for 「保存修改」, beside which that is told.
    fn send_known(self) {
        if self.pending.try_get_untracked() != Some(false) {
            return;
        }
        while let Some(id) = self.work.try_update_value(|work| work.behind.pop()).flatten() {
            let ready = |(line, draft): &(AnnouncementLine, LineDraft)| {
                !line.is_removed && !line.reason.is_empty() && *draft != line.values.draft() && draft.read().is_ok()
            };
            if let Some((line, _)) = self.row_of(&id).and_then(|row| self.line(row)).filter(ready)
                && self.draft.clashes(std::slice::from_ref(&id)).is_empty()
            {
                self.send(vec![id], line.reason);
                return;
            }
        }
    }

    /// 「保存修改」: everything that waits, for the reason that was given.
    pub fn save(self) {
        let changes = self.draft.waiting.with_untracked(|waiting| self.draft.lines.with_untracked(|lines| waiting.changes(lines)));
        self.send(changes.into_iter().map(|(id, _)| id).collect(), self.draft.reasons().all.get_untracked());
    }

    /// 「放弃」.
    pub fn discard(self) {
        self.draft.let_wait_go(None);
        self.work.set_value(Work::default());
        self.problem.set(None);
    }

    fn send(self, ids: Vec<AnnouncementLineId>, reason: String) {
        if ids.is_empty() || self.pending.get_untracked() {
            return;
        }
        self.problem.set(None);
        // Whoever saves over another's change has been told of it before.
        let told = self.draft.clashes(&ids);
        self.pending.set(true);
        self.draft.saver.then(move |version| async move {
            let sent: Vec<_> = self
                .draft
                .waiting
                .try_with_untracked(|waiting| self.draft.lines.try_with_untracked(|lines| waiting.changes(lines)))
                .flatten()
                .unwrap_or_default();
            let wanted: BTreeSet<_> = ids.iter().collect();
            let sent: Vec<_> = sent.into_iter().filter(|(id, _)| wanted.contains(id)).collect();
            // The page may have caught up with others since: what waits stands over their lines by now.
            if sent.is_empty() || self.draft.clashes(&ids) != told {
                self.pending.try_set(false);
                return None;
            }
            let edits = sent.iter().map(|(line, draft)| LineDone { line: line.clone(), change: LineChange::Edit(draft.clone()) }).collect();
            let edited = match version {
                Ok(version) => change_announcement_lines(LinesEdit { id: self.draft.id(), version, edits, reason }).await,
                Err(error) => Err(error),
            };
            self.pending.try_set(false);
            match edited {
                Ok(edited) => {
                    self.stored(&sent, edited.lines);
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

    /// These lines are stored as they were sent.
    fn stored(self, sent: &[(AnnouncementLineId, LineDraft)], lines: Vec<AnnouncementLine>) {
        let count = lines.len();
        let mut stored: HashMap<_, _> = lines.into_iter().map(|line| (line.id.clone(), line)).collect();
        self.draft.waiting.try_update(|waiting| {
            for (id, draft) in sent {
                stored.get(id).into_iter().for_each(|line| waiting.saved(line, draft));
            }
        });
        self.draft.keep_lines(sent.iter().map(|(id, _)| id));
        self.draft.lines.try_update(|lines| {
            for line in lines.iter_mut() {
                if let Some(now) = stored.remove(&line.id) {
                    *line = now;
                }
            }
        });
        if self.pending.is_disposed() {
            return;
        }
        if !self.draft.lines_wait() {
            self.draft.give_reason(String::new());
        }
        self.draft.logged().notify();
        self.send_known();
        self.tell.ok(format!("已保存 {count} 行的修改；审核人会看到差别和理由"));
    }
}
