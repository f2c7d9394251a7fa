//! Writing many lines at once: a reconciliation's plan, a block at the place where it was pasted, what an earlier page could not save. Each is one
//! step of undo.

use super::{Doing, Sheet, Step};
use crate::domain::ids::LineId;
use crate::domain::record::line::{Line, LineCell};
use crate::domain::record::reconcile::Plan;
use crate::ui::grid::{At, Table, at};
use leptos::prelude::*;

impl Sheet {
    /// The lines in the order of the record, with everything typed that could be read.
    pub fn lines_now(self) -> Vec<Line> {
        self.read_now(|lines| lines.order().iter().filter_map(|key| lines.get(*key)).map(|entry| entry.line.clone()).collect())
    }

    /// Applies what a reconciliation leads to, as one step; gives how many lines were changed and how many added.
    pub fn apply_plan(self, plan: Plan) -> (usize, usize) {
        let mut step = Step::new();
        let (mut changed, mut added) = (0, 0);
        for (id, cells) in plan.edits {
            let Some(key) = self.read_now(|lines| lines.key(&id).filter(|key| lines.get(*key).is_some_and(|entry| !entry.is_gone))) else {
                continue;
            };
            let befores = self
                .read_now(|lines| lines.get(key).map(|entry| cells.iter().map(|(cell, _)| entry.input_text(*cell)).collect::<Vec<_>>()));
            for ((cell, text), before) in cells.iter().zip(befores.unwrap_or_default()) {
                step.push(Doing::Cell { key, cell: *cell, before, after: text.clone() });
            }
            // Where two values stand against each other what is pasted decides.
            let typed = self.lines.try_update_value(|lines| lines.type_all(key, &cells)).unwrap_or_default();
            for ((cell, text), typed) in cells.iter().zip(typed) {
                self.note(key, *cell, text, &typed);
            }
            changed += 1;
        }
        for cells in plan.additions {
            added += usize::from(self.add_into(&mut step, cells).is_some());
        }
        let first = step.iter().find(|doing| matches!(doing, Doing::Add(_))).or(step.first()).map(Doing::key);
        self.done(step);
        // To what has come, which may stand far below.
        if let Some(row) = first.and_then(|key| self.row_of(key)) {
            self.control.show(at(row, 0));
        }
        (changed, added)
    }

    /// Types what an earlier page could not save, as one step.
    pub fn restore(self, fields: Vec<(LineId, LineCell, String)>, new: &[LineId]) {
        let mut step = Step::new();
        for id in new {
            if self.lines.with_value(|lines| lines.key(id).is_none()) {
                let key = self.lines.try_update_value(|lines| lines.add(Line::manual(id.clone())));
                if let Some(key) = key {
                    self.view.update_value(|view| view.push(key));
                    self.saver.note_added(id.clone(), Vec::new(), None);
                    step.push(Doing::Add(key));
                }
            }
        }
        let cells = self
            .lines
            .with_value(|lines| fields.into_iter().filter_map(|(id, cell, text)| Some((lines.key(&id)?, cell, text))).collect::<Vec<_>>());
        self.put_into(&mut step, cells);
        self.done(step);
        self.flush();
    }

    /// 「按位置粘贴」: types a block into the cells from `place` on, as a spreadsheet would, and says what found no place.
    pub fn paste_block(self, rows: &[Vec<String>], place: At) {
        let fitting = self.rows().saturating_sub(place.row).min(rows.len());
        let cells = rows.iter().take(fitting).enumerate().flat_map(|(down, row)| {
            row.iter().enumerate().map(move |(right, text)| (at(place.row + down, place.column + right), text.clone()))
        });
        let put = Table::put(&self, cells.collect());
        let locked = if put.locked > 0 { format!("，{} 个单元格已锁定没有改动", put.locked) } else { String::new() };
        let beyond = rows.len() - fitting;
        let beyond = if beyond > 0 { format!("；表格后面没有行了，有 {beyond} 行没有粘贴") } else { String::new() };
        self.tell.ok(format!("已按位置粘贴：改动 {} 个单元格{locked}{beyond}；Ctrl+Z 可撤销", put.changed));
        self.control.show(place);
    }
}
