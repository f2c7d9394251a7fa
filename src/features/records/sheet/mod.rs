//! The detail table as the page works on it: the lines, how they are sorted and filtered, the steps of undo, the saving.
//!
//! Always: everything that changes a line goes through [`Sheet`], so that the sums follow, the step can be taken back, and the change is
//! saved. A step names lines by their keys, so that it can be taken back whatever the view shows by then.

mod apply;
mod find;
mod lines;
mod table;
mod typing;

pub use find::{Shown, ShownKind, Sorting};
pub use lines::{Entry, Lines};

use super::saving::Saver;
use crate::app::{Tell, chance};
use crate::domain::ids::LineId;
use crate::domain::record::Totals;
use crate::domain::record::change::Filled;
use crate::domain::record::line::{Line, LineCell, LineRules};
use crate::ui::grid::history::History;
use crate::ui::grid::{At, GridControl, at};
use leptos::prelude::*;
use lines::Typed;
use typing::Typing;

/// A part of a step that can be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doing {
    /// A cell was typed into.
    Cell {
        /// Of this line.
        key: usize,
        /// Which.
        cell: LineCell,
        /// What was typed there before.
        before: String,
        /// What was typed.
        after: String,
    },
    /// A line was added.
    Add(usize),
    /// A line was deleted.
    Remove(usize),
    /// A line was taken out by 「剔除」, which is not taken back here.
    TakeOut(usize),
}

impl Doing {
    const fn key(&self) -> usize {
        match self {
            Doing::Cell { key, .. } | Doing::Add(key) | Doing::Remove(key) | Doing::TakeOut(key) => *key,
        }
    }
}

/// What a person did at once.
pub type Step = Vec<Doing>;

/// What asks a person something before it is done.
#[derive(Clone, Copy)]
pub struct Questions {
    /// 「删除」 of this line.
    pub delete: RwSignal<Option<usize>>,
    /// 「剔除」 of this line.
    pub take_out: RwSignal<Option<usize>>,
    /// Rows that another program put on the clipboard, and where they were pasted.
    pub pasted: RwSignal<Option<(Vec<Vec<String>>, At)>>,
}

/// The detail table while it is edited.
#[derive(Clone, Copy)]
pub struct Sheet {
    lines: StoredValue<Lines>,
    view: StoredValue<Vec<usize>>,
    history: StoredValue<History<Step>>,
    typing: StoredValue<Option<Typing>>,
    pause: StoredValue<Option<TimeoutHandle>>,
    changed: RwSignal<u32>,
    /// By what the view is sorted.
    pub sorting: RwSignal<Option<Sorting>>,
    /// Which lines the view shows.
    pub shown: RwSignal<Shown>,
    /// Leads to cells.
    pub control: GridControl,
    /// What is asked.
    pub questions: Questions,
    /// Saves.
    pub saver: Saver,
    /// The columns that are shown, in their order.
    columns: RwSignal<Vec<Place>>,
    is_editable: bool,
    tell: Tell,
}

/// What a column of the table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A cell of the line.
    Cell(LineCell),
    /// 来源.
    Source,
    /// 操作.
    Remove,
}

impl Sheet {
    /// Over the lines as they were read, to be edited or only looked at.
    pub fn new(lines: Vec<Line>, rules: LineRules, saver: Saver, is_editable: bool) -> Sheet {
        let with_dates = lines.iter().any(|line| line.asks_published_on(&rules));
        let lines = Lines::new(lines, rules);
        let view = lines.order().to_vec();
        Sheet {
            lines: StoredValue::new(lines),
            view: StoredValue::new(view),
            history: StoredValue::new(History::default()),
            typing: StoredValue::new(None),
            pause: StoredValue::new(None),
            changed: RwSignal::new(0),
            sorting: RwSignal::new(None),
            shown: RwSignal::new(Shown::default()),
            control: GridControl::new(),
            questions: Questions { delete: RwSignal::new(None), take_out: RwSignal::new(None), pasted: RwSignal::new(None) },
            saver,
            columns: RwSignal::new(columns_of(with_dates, is_editable)),
            is_editable,
            tell: expect_context::<Tell>(),
        }
    }

    /// Looks at the lines, now and after every change.
    pub fn read<R>(self, look: impl FnOnce(&Lines) -> R) -> R {
        self.changed.track();
        self.lines.with_value(look)
    }

    /// Looks at the lines once.
    pub fn read_now<R>(self, look: impl FnOnce(&Lines) -> R) -> R {
        self.lines.with_value(look)
    }

    /// The sums.
    pub fn totals(self) -> Totals {
        self.read(Lines::totals)
    }

    /// How many rows the view shows.
    pub fn view_len(self) -> usize {
        self.changed.track();
        self.view.with_value(Vec::len)
    }

    fn touched(self) {
        self.changed.update(|count| *count = count.wrapping_add(1));
    }

    fn note(self, key: usize, cell: LineCell, text: &str, typed: &Typed) {
        let Some(id) = self.id(key) else { return };
        match typed {
            Typed::Taken { before } => self.saver.note(&id, cell, before.clone(), text.to_owned()),
            Typed::Refused(_) => self.saver.hold(&id, cell, text.to_owned()),
        }
    }

    fn id(self, key: usize) -> Option<LineId> {
        self.lines.with_value(|lines| lines.get(key).map(|entry| entry.line.id.clone()))
    }

    /// Adds a line by hand, as a part of a step.
    pub fn add_into(self, step: &mut Step, cells: Vec<(LineCell, String)>) -> Option<usize> {
        let id: LineId = chance::new_id()?;
        let key = self.lines.try_update_value(|lines| lines.add(Line::manual(id.clone())))?;
        self.view.update_value(|view| view.push(key));
        step.push(Doing::Add(key));
        let typed = self.lines.try_update_value(|lines| lines.type_all(key, &cells)).unwrap_or_default();
        let (taken, held): (Vec<_>, Vec<_>) = cells.into_iter().zip(typed).partition(|(_, typed)| matches!(typed, Typed::Taken { .. }));
        self.saver.note_added(id.clone(), taken.into_iter().map(|(cell, _)| cell).collect(), None);
        for ((cell, text), _) in held {
            self.saver.hold(&id, cell, text);
        }
        Some(key)
    }

    /// Ends a step: it can be taken back as one, and is saved.
    pub fn done(self, step: Step) {
        if step.is_empty() {
            return;
        }
        self.history.update_value(|history| history.push(step));
        self.saver.keep();
        self.touched();
        self.flush();
    }

    /// 「手动录入」: adds an empty line and leads there.
    pub fn add(self) {
        let mut step = Step::new();
        if self.add_into(&mut step, Vec::new()).is_none() {
            self.tell.bad("浏览器不支持，无法新增行".to_owned());
        }
        self.done(step);
        self.control.go(at(self.view.with_value(Vec::len).saturating_sub(1), 0));
    }

    /// 「删除」 of a line that was entered by hand.
    pub fn remove(self, key: usize) {
        self.set_gone(&[key], true);
        self.done(vec![Doing::Remove(key)]);
    }

    fn set_gone(self, keys: &[usize], is_gone: bool) {
        if keys.is_empty() {
            return;
        }
        self.lines.update_value(|lines| lines.set_gone(keys, is_gone));
        for key in keys {
            let Some(id) = self.id(*key) else { continue };
            if is_gone {
                self.saver.note_removed(&id);
            } else {
                let filled = |entry: &Entry| LineCell::ALL.map(|cell| (cell, entry.line.filled_text(cell)));
                let cells = self.lines.with_value(|lines| lines.get(*key).map(filled)).into_iter().flatten();
                let next = self.lines.with_value(|lines| lines.next_of(*key, keys).map(|entry| entry.line.id.clone()));
                self.saver.note_added(id, cells.filter(|(_, text)| !text.is_empty()).collect(), next);
            }
        }
        self.refresh_view();
    }

    /// The line has left the record by another way, such as 「剔除」.
    pub fn drop_line(self, key: usize) {
        if let Some(id) = self.id(key) {
            self.lines.update_value(|lines| lines.leave(key));
            self.saver.drop_line(&id);
            self.view.update_value(|view| view.retain(|other| *other != key));
            // Whoever presses Ctrl+Z now means this, and not what they typed before.
            self.history.update_value(|history| history.push(vec![Doing::TakeOut(key)]));
            self.touched();
        }
    }

    /// A line has come into the record by another way, such as 「申请纳入」.
    pub fn take_in(self, line: Line) {
        let asks_date = self.lines.with_value(|lines| line.asks_published_on(lines.rules()));
        if asks_date && self.column_of(LineCell::PublishedOn).is_none() {
            self.columns.set(columns_of(true, self.is_editable));
        }
        self.lines.update_value(|lines| _ = lines.add(line));
        // Who has brought a line back looks for what they typed.
        self.history.update_value(|history| history.retain(|step| !matches!(step[..], [Doing::TakeOut(_)])));
        self.refresh_view();
        self.touched();
    }

    /// The step to take back or to do again, as far as its lines are still in the record; one of which nothing is left is passed over.
    fn next_step(self, back: bool) -> Option<Step> {
        loop {
            let step = self.history.try_update_value(|history| if back { history.undo() } else { history.redo() }).flatten()?;
            if matches!(step[..], [Doing::TakeOut(_)]) {
                if back {
                    return Some(step);
                }
                continue;
            }
            let step: Step = self.lines.with_value(|lines| {
                let has_left = |doing: &Doing| lines.get(doing.key()).is_some_and(|entry| entry.has_left);
                step.into_iter().filter(|doing| !has_left(doing)).collect()
            });
            if !step.is_empty() {
                return Some(step);
            }
        }
    }

    /// Takes a step back, or does one again; gives the place to look at.
    fn play(self, back: bool) -> Option<At> {
        let step = self.next_step(back)?;
        if matches!(step[..], [Doing::TakeOut(_)]) {
            self.tell.bad("「剔除」不能用 Ctrl+Z 撤销：请在下方「未计入合同」中「申请纳入」。再按 Ctrl+Z 撤销更早的修改");
            return self.control.active();
        }
        let mut look = None;
        // Backwards line by line, but the cells of a line in their order: what was typed into one decides what the next one may say.
        let of_one = |a: &Doing, b: &Doing| matches!((a, b), (Doing::Cell { key: a, .. }, Doing::Cell { key: b, .. }) if a == b);
        let mut parts: Vec<&[Doing]> = step.chunk_by(of_one).collect();
        if back {
            parts.reverse();
        }
        // A step types into a line, adds it or deletes it; whole lines come and go together.
        let (mut typed, mut gone, mut returned) = (Vec::new(), Vec::new(), Vec::new());
        for doing in parts.into_iter().flatten() {
            match doing {
                Doing::Cell { key, cell, before, after } => {
                    typed.push((*key, *cell, if back { before } else { after }.clone()));
                    look = Some((*key, Some(*cell)));
                }
                Doing::Add(key) => {
                    if back { &mut gone } else { &mut returned }.push(*key);
                    look = look.or(Some((*key, None)));
                }
                Doing::Remove(key) => {
                    if back { &mut returned } else { &mut gone }.push(*key);
                    look = Some((*key, None));
                }
                Doing::TakeOut(_) => {}
            }
        }
        self.type_by_line(typed);
        self.set_gone(&gone, true);
        self.set_gone(&returned, false);
        self.saver.keep();
        self.touched();
        self.flush();
        let (key, cell) = look?;
        let column = cell.and_then(|cell| self.column_of(cell)).unwrap_or_default();
        // What was changed may be out of the view by now: then all lines are shown again.
        if self.row_of(key).is_none() && self.lines.with_value(|lines| lines.get(key).is_some_and(|entry| !entry.is_gone)) {
            self.show(Shown::default());
        }
        Some(at(self.row_of(key).unwrap_or_default(), column))
    }

    /// The row of the view that shows a line.
    pub fn row_of(self, key: usize) -> Option<usize> {
        self.view.with_value(|view| view.iter().position(|other| *other == key))
    }

    /// The line that a row of the view shows.
    pub fn key_at(self, row: usize) -> Option<usize> {
        self.view.with_value(|view| view.get(row).copied())
    }

    /// The column of a cell.
    pub fn column_of(self, cell: LineCell) -> Option<usize> {
        self.columns.with_untracked(|columns| columns.iter().position(|place| *place == Place::Cell(cell)))
    }

    /// Leads to a cell, also if the view does not show its line now.
    pub fn go(self, key: usize, cell: LineCell) {
        if self.row_of(key).is_none() {
            self.show(Shown::default());
        }
        if let (Some(row), Some(column)) = (self.row_of(key), self.column_of(cell)) {
            self.control.go(at(row, column));
        }
    }

    /// 「下一处错误」: leads to the first wrong cell behind the active one, around the end.
    pub fn go_to_next_error(self, from_start: bool) {
        let from = if from_start { None } else { self.control.active() };
        let found = self.read_now(|lines| {
            self.view.with_value(|view| self.columns.with_untracked(|columns| find::next_wrong(lines, view, columns, from)))
        });
        if let Some((key, cell)) = found {
            self.go(key, cell);
        }
    }

    /// Saves what was noted.
    pub fn flush(self) {
        self.saver.flush(self);
    }

    /// The server has stored a line's change: how the line stands there, under the texts that wait to be sent.
    pub fn acknowledged(self, id: &LineId, version: i64, filled: Option<Box<Filled>>, waiting: &[(LineCell, String)]) {
        let stored = |lines: &mut Lines| lines.stored(id, version, filled.as_deref(), waiting);
        if self.lines.try_update_value(stored) == Some(true) {
            self.touched();
        }
    }

    /// Someone else has changed cells of a line meanwhile.
    pub fn rivals(self, line: Line, waiting: &[(LineCell, String)], cells: Vec<(LineCell, String)>) {
        self.lines.try_update_value(|lines| lines.adopt(line, waiting, cells));
        self.touched();
    }

    /// The server does not take a text.
    pub fn refused(self, id: &LineId, cell: LineCell, text: String, why: String) {
        self.lines.try_update_value(|lines| {
            if let Some(key) = lines.key(id) {
                lines.refuse(key, cell, text, why);
            }
        });
        self.touched();
    }

    /// Someone else has deleted the line.
    pub fn orphaned(self, id: &LineId) {
        self.lines.try_update_value(|lines| lines.orphan(id));
        self.touched();
    }
}

/// The columns; that of dates is there only where a line asks for one.
fn columns_of(with_dates: bool, is_editable: bool) -> Vec<Place> {
    let cells = LineCell::ALL.into_iter().filter(|cell| *cell != LineCell::Reason && (*cell != LineCell::PublishedOn || with_dates));
    cells.map(Place::Cell).chain([Place::Source, Place::Cell(LineCell::Reason)]).chain(is_editable.then_some(Place::Remove)).collect()
}
