//! Typing into the detail table: a cell while its text is typed, many cells at once, and the choice between two values of a cell.
//!
//! Always: where someone else's value stands against the own one, both stand until typing has ended with a text, or something was put there, or the
//! person has chosen; what is still being typed is kept and not sent, and Esc decides nothing.

use super::{Doing, Sheet, Step};
use crate::domain::record::line::LineCell;
use leptos::prelude::*;
use std::time::Duration;

/// How long after the last key a cell is saved while it is typed into.
const PAUSE: Duration = Duration::from_millis(800);

/// A cell that is being typed into.
#[derive(Clone, Debug)]
pub(super) struct Typing {
    key: usize,
    cell: LineCell,
    /// Its text before.
    before: String,
    /// Whether two values stood there when typing began, so that the person knows of both.
    is_choice: bool,
    /// Whether a key changed its text.
    is_typed: bool,
}

impl Sheet {
    /// Types a text into a cell: onto the line and to be saved if it can be read, else kept and said.
    pub(super) fn type_into(self, key: usize, cell: LineCell, text: &str) {
        if let Some(typed) = self.lines.try_update_value(|lines| lines.type_into(key, cell, text)).flatten() {
            self.note(key, cell, text, &typed);
        }
    }

    /// Shows a text in a cell against which someone else's value stands. It is kept and not sent: only a choice sends it.
    pub(super) fn draft(self, key: usize, cell: LineCell, text: &str) {
        self.lines.try_update_value(|lines| lines.draft(key, cell, text));
        if let Some(id) = self.id(key) {
            self.saver.hold(&id, cell, text.to_owned());
        }
    }

    fn is_contested(self, key: usize, cell: LineCell) -> bool {
        self.lines.with_value(|lines| lines.get(key).is_some_and(|entry| entry.rivals.contains_key(&cell)))
    }

    /// The text of a cell is typed; taken back by [`Sheet::take_back`], ended by [`Sheet::commit`].
    pub(super) fn begin(self, key: usize, cell: LineCell) {
        let before = self.lines.with_value(|lines| lines.get(key).map(|entry| entry.input_text(cell)).unwrap_or_default());
        self.typing.set_value(Some(Typing { key, cell, before, is_choice: self.is_contested(key, cell), is_typed: false }));
    }

    pub(super) fn typed(self, text: &str) {
        let noted = |typing: &mut Option<Typing>| {
            let typing = typing.as_mut()?;
            typing.is_typed = true;
            Some((typing.key, typing.cell))
        };
        let Some((key, cell)) = self.typing.try_update_value(noted).flatten() else { return };
        if self.is_contested(key, cell) {
            self.draft(key, cell, text);
        } else {
            self.type_into(key, cell, text);
        }
        self.saver.keep();
        self.touched();
        let again = set_timeout_with_handle(move || self.flush(), PAUSE).ok();
        if let Some(earlier) = self.pause.try_update_value(|pause| std::mem::replace(pause, again)).flatten() {
            earlier.clear();
        }
    }

    pub(super) fn commit(self) {
        let Some(Typing { key, cell, before, is_choice, is_typed }) = self.typing.try_update_value(Option::take).flatten() else { return };
        let now = self.lines.with_value(|lines| lines.get(key).map(|entry| (entry.input_text(cell), entry.shown_text(cell))));
        let Some((after, shown)) = now else { return };
        let number = || self.lines.with_value(|lines| lines.number(key));
        if after == before {
            if is_typed && after.is_empty() && !shown.is_empty() {
                self.tell.bad(format!("第 {} 行 {}是采集的内容“{shown}”，不能清空，可以改成别的内容", number(), cell.label()));
            }
            return;
        }
        // Whoever saw both values and typed over them has chosen; where the other one came meanwhile, both still stand.
        if self.is_contested(key, cell) {
            if is_choice {
                self.type_into(key, cell, &after);
            } else {
                self.draft(key, cell, &after);
            }
            self.saver.keep();
        }
        self.history.update_value(|history| history.push(vec![Doing::Cell { key, cell, before: before.clone(), after: after.clone() }]));
        // An emptied cell shows what was collected again; nobody should have to notice that by themselves.
        if after.is_empty() && !before.is_empty() && !shown.is_empty() {
            self.tell.ok(format!("第 {} 行 {}已恢复为采集的内容“{shown}”", number(), cell.label()));
        }
        self.touched();
        self.flush();
    }

    pub(super) fn take_back(self) {
        let Some(Typing { key, cell, before, is_typed, .. }) = self.typing.try_update_value(Option::take).flatten() else { return };
        if !is_typed {
            return;
        }
        self.lines.update_value(|lines| lines.unrefuse(key, cell));
        if let Some(id) = self.id(key) {
            self.saver.take_back(&id, cell);
        }
        // Taking back decides nothing: of two values both stand again.
        if self.is_contested(key, cell) {
            self.draft(key, cell, &before);
        } else {
            self.type_into(key, cell, &before);
        }
        self.saver.keep();
        self.touched();
        self.flush();
    }

    /// Types many cells as one step; gives how many took their text and how many are locked.
    pub fn put(self, cells: Vec<(usize, LineCell, String)>) -> (usize, usize) {
        let mut step = Step::new();
        let locked = self.put_into(&mut step, cells);
        let changed = step.len();
        self.done(step);
        (changed, locked)
    }

    /// Types many cells, as a part of a step; gives how many are locked.
    pub fn put_into(self, step: &mut Step, cells: Vec<(usize, LineCell, String)>) -> usize {
        let mut locked = 0;
        let mut open = Vec::new();
        self.lines.with_value(|lines| {
            for (key, cell, text) in cells {
                let Some(entry) = lines.get(key) else { continue };
                let before = entry.input_text(cell);
                // Also where nothing is typed over what was collected: emptying that changes nothing.
                if entry.shown_text(cell) == text || before == text {
                    continue;
                }
                if entry.line.lock(cell, lines.rules()).is_some() {
                    locked += 1;
                    continue;
                }
                step.push(Doing::Cell { key, cell, before, after: text.clone() });
                open.push((key, cell, text));
            }
        });
        self.type_by_line(open);
        locked
    }

    /// Types many cells, looking at each line once. Where two values stand against each other this decides.
    pub(super) fn type_by_line(self, cells: Vec<(usize, LineCell, String)>) {
        let mut by_line: Vec<(usize, Vec<(LineCell, String)>)> = Vec::new();
        for (key, cell, text) in cells {
            match by_line.last_mut() {
                Some((last, cells)) if *last == key => cells.push((cell, text)),
                _ => by_line.push((key, vec![(cell, text)])),
            }
        }
        for (key, cells) in by_line {
            let typed = self.lines.try_update_value(|lines| lines.type_all(key, &cells)).unwrap_or_default();
            for ((cell, text), typed) in cells.iter().zip(typed) {
                self.note(key, *cell, text, &typed);
            }
        }
    }

    /// The person chose between their own text of a cell and the one that is stored.
    pub(super) fn choose(self, key: usize, cell: LineCell, own: bool) {
        let Some(id) = self.id(key) else { return };
        let Some(theirs) = self.lines.try_update_value(|lines| lines.settle(key, cell)).flatten() else { return };
        let mine = self.lines.with_value(|lines| lines.get(key).map(|entry| entry.input_text(cell)).unwrap_or_default());
        if own {
            self.saver.note(&id, cell, theirs, mine);
        } else {
            self.lines.try_update_value(|lines| lines.type_into(key, cell, &theirs));
            self.saver.take_back(&id, cell);
        }
        self.saver.keep();
        self.touched();
        self.flush();
    }
}
