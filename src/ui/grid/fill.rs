//! Filling and emptying ranges.

use super::Table;
use super::select::{At, Selection, at};
use super::stage::Stage;

impl<T: Table> Stage<T> {
    /// Fills cells as one step, and says what was not filled.
    pub fn fill(self, cells: Vec<(At, String)>) {
        if self.table.is_read_only() {
            self.table.say("这里只供查看，没有改动".to_owned());
            return;
        }
        let put = self.table.put(cells);
        if put.locked > 0 {
            self.table.say(format!("{} 个单元格已锁定，没有改动", put.locked));
        }
    }

    /// Empties what can be emptied, and says of what shows a text all the same.
    pub fn clear(self, selection: Selection) {
        let texts = |stage: Stage<T>| {
            selection.cells().filter(|place| stage.table.is_open(*place)).map(|place| stage.table.text(place)).collect::<Vec<_>>()
        };
        let before = texts(self);
        self.fill(selection.cells().map(|place| (place, String::new())).collect());
        let after = texts(self);
        let shown = || before.iter().zip(&after).filter(|(_, after)| !after.is_empty());
        let (stays, returns) =
            (shown().filter(|(before, after)| before == after).count(), shown().filter(|(before, after)| before != after).count());
        if let Some(words) = self.table.cleared(stays, returns) {
            self.table.say(words);
        }
    }

    /// Fills a range with its first row; a single row with the row above it, as spreadsheets do.
    pub fn fill_down(self, selection: Selection) {
        let ((top, bottom), (left, right)) = (selection.rows(), selection.columns());
        let (source, first) = if top == bottom { (top.checked_sub(1), top) } else { (Some(top), top + 1) };
        let Some(source) = source else { return };
        let cells = (left..=right).flat_map(|column| {
            let text = self.table.text(at(source, column));
            (first..=bottom).map(move |row| (at(row, column), text.clone()))
        });
        self.fill(cells.collect());
    }

    /// Fills what the handle was drawn over, repeating the rows that it began with.
    pub fn fill_from(self, source: Selection, to: Selection) {
        let ((top, bottom), (_, end)) = (source.rows(), to.rows());
        let (left, right) = source.columns();
        let height = bottom - top + 1;
        let cells = (bottom + 1..=end)
            .flat_map(|row| (left..=right).map(move |column| (row, column)))
            .map(|(row, column)| (at(row, column), self.table.text(at(top + (row - top) % height, column))));
        self.fill(cells.collect());
    }
}
