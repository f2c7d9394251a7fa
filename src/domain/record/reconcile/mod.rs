//! Pasting rows of a spreadsheet into the lines of a record (E2): what each column holds, which line each row is about, and what becomes of it.
//!
//! Always: rows in = rows out, every pasted row has exactly one [`Kind`]; what the preview shows is what [`Plan`] leads to; a blank cell says
//! nothing and changes nothing; what is locked, cannot be read, or is only suspected is never written by itself.
//! Elsewhere: names of columns in `columns`, columns without names in `content`, header and units in `layout` and `unit`, lost digits in
//! `numbers`, matching in `index`, one cell in `read`, one row over its line in `row`, each row beside
//! the others in `judge`, what is applied in `plan`.

mod columns;
mod content;
mod index;
mod judge;
mod layout;
mod numbers;
mod plan;
#[cfg(test)]
mod proof;
mod read;
mod row;
#[cfg(test)]
mod tests;
mod unit;

pub use columns::{Column, words};
pub use index::By;
pub use layout::{Corrections, Known, Layout, MAX_COLUMNS, PastedColumn};
pub use plan::Plan;
pub use row::{CellFate, Kind, PastedCell, Row, Why};
pub use unit::{Evidence, FoundUnit, Unit};

use super::line::{Line, LineCell, LineRules};
use crate::domain::ids::LineId;
use index::{Index, Target};
use read::shorten;
use std::collections::HashMap;

/// What a person decides about one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Take it all the same: of a row with locked or unreadable cells the others, of several rows for one line this one.
    Apply,
    /// Pass it over.
    Skip,
    /// Into a line of its own.
    New,
    /// It is about this line.
    Line(LineId),
}

/// How many rows there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([usize; 5]);

impl Counts {
    /// Of this kind.
    pub const fn of(&self, kind: Kind) -> usize {
        self.0[kind as usize]
    }

    /// All of them.
    pub fn total(&self) -> usize {
        self.0.iter().sum()
    }
}

/// What a row is about, and what the rows around it mean for that.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    base: Base,
    clash: Option<Why>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Base {
    No(Why),
    Row(Target),
}

/// Pasted rows beside the lines of a record.
#[derive(Clone, Debug)]
pub struct Reconciliation {
    pasted: Vec<Vec<String>>,
    lines: Vec<Line>,
    rules: LineRules,
    index: Index,
    by_id: HashMap<LineId, usize>,
    corrections: Corrections,
    choices: HashMap<usize, Choice>,
    layout: Layout,
    is_block: bool,
    places: Vec<Place>,
    rows: Vec<Row>,
}

impl Reconciliation {
    /// Reads pasted rows beside `lines`, in the order of the table.
    pub fn new(pasted: Vec<Vec<String>>, lines: Vec<Line>, rules: LineRules) -> Reconciliation {
        let index = Index::new(&lines);
        let by_id = lines.iter().enumerate().map(|(at, line)| (line.id.clone(), at)).collect();
        let mut made = Reconciliation {
            pasted,
            lines,
            rules,
            index,
            by_id,
            corrections: Corrections::default(),
            choices: HashMap::new(),
            layout: Layout::default(),
            is_block: false,
            places: Vec::new(),
            rows: Vec::new(),
        };
        made.read_again();
        made
    }

    /// How the columns are read.
    pub const fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The rows, as many as were pasted and in their order.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The pasted texts.
    pub fn pasted(&self) -> &[Vec<String>] {
        &self.pasted
    }

    /// Whether nothing says which lines the rows are about: no names of columns, no number, link or name that a line has, no table of names
    /// with figures. Such cells mean the place where they are pasted.
    pub const fn is_block(&self) -> bool {
        self.is_block
    }

    /// The lines that they are laid beside.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// How many rows there are of each kind.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for row in &self.rows {
            counts.0[row.kind as usize] += 1;
        }
        counts
    }

    /// What the person decided about a row.
    pub fn choice(&self, row: usize) -> Option<&Choice> {
        self.choices.get(&row)
    }

    /// The person says what a column holds; a column that held it before is not read any more.
    pub fn choose_column(&mut self, place: usize, column: Column) {
        if column.is_single()
            && let Some(other) =
                (0..self.layout.columns.len()).find(|other| *other != place && self.layout.columns[*other].column == column)
        {
            self.corrections.columns.insert(other, Column::Skip);
        }
        self.corrections.columns.insert(place, column);
        self.read_again();
    }

    /// The person says in which unit the amounts of a column stand.
    pub fn choose_unit(&mut self, place: usize, unit: Unit) {
        self.corrections.units.insert(place, unit);
        self.read_again();
    }

    /// The person says whether there is a header row; what was said of the columns is asked anew.
    pub fn choose_header(&mut self, has_header: bool) {
        self.corrections = Corrections { has_header: Some(has_header), ..Corrections::default() };
        self.read_again();
    }

    /// The person decides about a row, or takes the decision back.
    pub fn choose_row(&mut self, row: usize, choice: Option<Choice>) {
        if row >= self.rows.len() {
            return;
        }
        match choice {
            Some(choice) => _ = self.choices.insert(row, choice),
            None => _ = self.choices.remove(&row),
        }
        self.decide_again(&[row]);
    }

    /// Confirms every row whose number lost digits and points to one line only.
    pub fn confirm_suggestions(&mut self) {
        let confirmed: Vec<(usize, LineId)> = self.suggestions().collect();
        let rows: Vec<usize> = confirmed.iter().map(|(row, _)| *row).collect();
        self.choices.extend(confirmed.into_iter().map(|(row, line)| (row, Choice::Line(line))));
        self.decide_again(&rows);
    }

    /// Rows whose number lost digits and points to one line, with that line.
    pub fn suggestions(&self) -> impl Iterator<Item = (usize, LineId)> + '_ {
        self.rows.iter().enumerate().filter_map(|(at, row)| match (&row.why, &row.candidates[..]) {
            (Some(Why::Lost(_)), [line]) => Some((at, self.lines[*line].id.clone())),
            _ => None,
        })
    }

    /// What a person can decide about a row, with its words; nothing where there is nothing to decide.
    pub fn offers(&self, at: usize) -> Vec<(Option<Choice>, String)> {
        let Some(row) = self.rows.get(at) else { return Vec::new() };
        let can_add = !row::added(&self.pasted[at], &self.layout, true).is_nothing();
        let Base::Row(found) = self.found(at) else { return Vec::new() };
        let is_about_a_line = matches!(found, Target::Line { .. });
        let (lines, first) = match (row.suggested, found) {
            (Kind::Same, _) => return Vec::new(),
            (Kind::Change, _) => (Vec::new(), "应用修改"),
            (Kind::New, _) => (Vec::new(), "新增"),
            (Kind::Ignored, _) => (Vec::new(), "忽略"),
            (Kind::Conflict, Target::Suggest(lines) | Target::Ambiguous { lines, .. }) => (lines, "待处理（不应用）"),
            (Kind::Conflict, _) => (Vec::new(), "待处理（不应用）"),
        };
        let mut offers = vec![(None, first.to_owned())];
        for line in lines {
            let name = shorten(&index::shown(&self.lines[line], LineCell::ProjectName));
            offers.push((Some(Choice::Line(self.lines[line].id.clone())), format!("对应第 {} 行：{name}", line + 1)));
        }
        if is_about_a_line && matches!(row.suggested, Kind::Conflict | Kind::Ignored) {
            offers.push((Some(Choice::Apply), "应用此行可写入的单元格".to_owned()));
        }
        if can_add && row.suggested != Kind::New {
            offers.push((Some(Choice::New), "作为新行".to_owned()));
        }
        if row.suggested != Kind::Ignored {
            offers.push((Some(Choice::Skip), "跳过".to_owned()));
        }
        offers
    }

    fn read_again(&mut self) {
        self.layout = Layout::read(&self.pasted, &mut self.index, &self.lines, &self.rules, &self.corrections);
        let finds_nothing = |row| matches!(self.found(row), Base::No(_) | Base::Row(Target::New { .. }));
        self.is_block = !self.layout.is_table() && (0..self.pasted.len()).all(finds_nothing);
        self.places = self.placed((0..self.pasted.len()).map(|row| self.base(row)).collect());
        self.rows = (0..self.pasted.len()).map(|row| self.evaluate(row)).collect();
    }

    /// Looks at some rows again, and at those that their place matters to.
    fn decide_again(&mut self, rows: &[usize]) {
        let mut bases: Vec<Base> = self.places.iter().map(|place| place.base.clone()).collect();
        for row in rows {
            bases[*row] = self.base(*row);
        }
        let before = std::mem::take(&mut self.places);
        self.places = self.placed(bases);
        for (row, was) in before.into_iter().enumerate() {
            if self.places[row] != was {
                self.rows[row] = self.evaluate(row);
            }
        }
        for row in rows {
            self.rows[*row] = self.evaluate(*row);
        }
    }
}
