//! Pasting rows of a spreadsheet into the lines of a record (E2): what each column holds, which line each row is about, and what becomes of it.
//!
//! Always: rows in = rows out, every pasted row has exactly one [`Kind`]; what the preview shows is what [`Plan`] leads to; a blank cell says
//! nothing and changes nothing; what is locked, cannot be read, or is only suspected is never written by itself.
//! Elsewhere: names of columns in `columns`, columns without names in `content`, header and units in `layout` and `unit`, lost digits in
//! `numbers`, matching in `index`, one cell in `read`, one row in `row`, what is applied in `plan`.

mod columns;
mod content;
mod index;
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
use crate::domain::money::Money;
use columns::plain;
use index::{Alike, Index, Target};
use read::{is_blank, is_empty, shorten};
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
        for row in 0..self.rows.len() {
            if self.places[row] != before[row] {
                self.rows[row] = self.evaluate(row);
            }
        }
        for row in rows {
            self.rows[*row] = self.evaluate(*row);
        }
    }

    /// What a row is about, by itself and by the person's choice.
    fn base(&self, row: usize) -> Base {
        match (self.found(row), self.choices.get(&row)) {
            (Base::No(why), _) => Base::No(why),
            (_, Some(Choice::Skip)) => Base::No(Why::Skipped),
            (_, Some(Choice::New)) => Base::Row(Target::New { alike: None }),
            (found, Some(Choice::Line(id))) => match self.by_id.get(id) {
                Some(at) => Base::Row(Target::Line { at: *at, by: By::Person }),
                None => found,
            },
            (found, Some(Choice::Apply) | None) => found,
        }
    }

    /// What a row is about by itself.
    fn found(&self, at: usize) -> Base {
        let row = &self.pasted[at];
        if row.iter().all(|cell| is_empty(cell)) {
            return Base::No(Why::Blank);
        }
        if let Some(header) = self.layout.header {
            if at < header {
                return Base::No(Why::Above);
            }
            if at == header || self.layout.repeats_header(row, &self.pasted[header]) {
                return Base::No(Why::Header);
            }
        }
        if is_total(row) {
            return Base::No(Why::Total);
        }
        if is_foot(row) {
            return Base::No(Why::Foot);
        }
        let asked = self.layout.asked(row);
        let says_nothing = self.layout.cells().all(|cell| is_blank(self.layout.cell(row, Column::Cell(cell))));
        if says_nothing && asked.number.is_empty() {
            return Base::No(Why::Nothing);
        }
        Base::Row(self.index.find(&asked, &self.lines))
    }

    /// Lays the rows beside one another: several for one line, and the same new line twice.
    fn placed(&self, bases: Vec<Base>) -> Vec<Place> {
        let mut of_line: HashMap<usize, Vec<usize>> = HashMap::new();
        let mut new: HashMap<String, usize> = HashMap::new();
        let mut places: Vec<Place> = Vec::with_capacity(bases.len());
        for (row, base) in bases.into_iter().enumerate() {
            let mut clash = None;
            match &base {
                Base::Row(Target::Line { at, .. }) => of_line.entry(*at).or_default().push(row),
                Base::Row(Target::New { .. }) => {
                    let first = *new.entry(self.content(row)).or_insert(row);
                    let is_meant = matches!(self.choices.get(&row), Some(Choice::Apply | Choice::New));
                    clash = (first != row && !is_meant).then_some(Why::TwiceNew(first));
                }
                _ => {}
            }
            places.push(Place { base, clash });
        }
        for rows in of_line.into_values().filter(|rows| rows.len() > 1) {
            let is_meant = |row: &usize| matches!(self.choices.get(row), Some(Choice::Apply | Choice::Line(_)));
            let chosen = rows.iter().copied().find(|row| is_meant(row));
            let first = rows[0];
            let content = self.content(first);
            let is_all_same = rows.iter().all(|row| self.content(*row) == content);
            for row in &rows {
                places[*row].clash = match chosen {
                    Some(chosen) if chosen == *row => None,
                    Some(chosen) => Some(Why::Taken(chosen)),
                    None if is_all_same && *row == first => None,
                    None if is_all_same => Some(Why::SameAs(first)),
                    None => Some(Why::Twice(first, rows.len())),
                };
            }
        }
        places
    }

    /// What a row says in the columns that are read, as one text.
    fn content(&self, row: usize) -> String {
        let columns = Column::ALL.into_iter().filter(|column| column.is_single());
        columns.map(|column| self.layout.cell(&self.pasted[row], column)).collect::<Vec<_>>().join("\u{1f}")
    }

    /// What becomes of a row.
    fn evaluate(&self, at: usize) -> Row {
        let choice = self.choices.get(&at);
        let mut row = self.judge(at, &self.places[at].base, choice);
        row.suggested = if choice.is_some() { self.judge(at, &self.found(at), None).kind } else { row.kind };
        if let Some(clash) = &self.places[at].clash {
            row.kind = if matches!(clash, Why::SameAs(_) | Why::Taken(_)) { Kind::Ignored } else { Kind::Conflict };
            row.why = Some(clash.clone());
            if choice.is_none() {
                row.suggested = row.kind;
            }
        }
        if row.kind != Kind::Change {
            row.needs_reason = false;
        }
        row
    }

    fn judge(&self, at: usize, base: &Base, choice: Option<&Choice>) -> Row {
        let pasted = &self.pasted[at];
        let target = match base {
            Base::No(why) => {
                let title = pasted.iter().find(|cell| !is_empty(cell)).map(|cell| shorten(cell)).unwrap_or_default();
                return Row { title, ..Row::new(Kind::Ignored, Some(why.clone())) };
            }
            Base::Row(target) => target,
        };
        let asked = self.layout.asked(pasted);
        let name = if asked.name.is_empty() { asked.number } else { asked.name };
        let mut row = match target {
            Target::Line { at: line, by } => {
                let laid = row::laid_over(&self.lines[*line], pasted, &self.layout, &self.rules, choice);
                Row {
                    line: Some(*line),
                    by: Some(*by),
                    notes: self.about_contract(pasted, *line).into_iter().chain(laid.notes.clone()).collect(),
                    ..laid
                }
            }
            Target::New { alike } => {
                let takes_all = matches!(choice, Some(Choice::Apply | Choice::New));
                let mut new = row::added(pasted, &self.layout, takes_all);
                if new.cells.is_empty() {
                    new.why = Some(Why::NotFound(shorten(asked.number)));
                } else {
                    new.notes.extend(self.about_new(asked.number, *alike));
                }
                new
            }
            Target::Suggest(lines) => Row { candidates: lines.clone(), ..Row::new(Kind::Conflict, Some(Why::Lost(shorten(asked.number)))) },
            Target::Ambiguous { by, lines, count } => {
                Row { candidates: lines.clone(), ..Row::new(Kind::Conflict, Some(Why::Ambiguous(*by, *count))) }
            }
        };
        row.title = shorten(name);
        if let (true, Some(line)) = (row.title.is_empty(), row.line) {
            row.title = shorten(&index::shown(&self.lines[line], LineCell::ProjectName));
        }
        row
    }

    /// 合同金额 is compared and never written.
    fn about_contract(&self, pasted: &[String], line: usize) -> Option<String> {
        let text = self.layout.cell(pasted, Column::ContractAmount);
        let contract = self.lines[line].contract().filter(|_| !is_blank(text))?;
        let amount: Money = read::amount(text, self.layout.unit(Column::ContractAmount)).ok()?;
        (amount != contract.amount).then(|| format!("粘贴的合同金额 {} 万元与合同台账的 {} 万元不同", amount.wan(), contract.amount.wan()))
    }

    fn about_new(&self, number: &str, alike: Option<(usize, Alike)>) -> Option<String> {
        let lost = numbers::lost(&numbers::key(number)).is_some();
        match alike {
            Some((line, Alike::OtherLot)) => Some(format!("与第 {} 行的合同编号相同、标项不同，作为新行", line + 1)),
            Some((line, Alike::OtherNumber)) => Some(format!("与第 {} 行的名称或链接相同、合同编号不同，作为新行", line + 1)),
            None if lost => Some(format!("合同编号「{}」第 15 位以后的数字已丢失，明细中没有可能对应的行", shorten(number))),
            None if !number.is_empty() => Some(format!("明细中没有合同编号「{}」，作为手动录入的行新增", shorten(number))),
            None => None,
        }
    }
}

/// Whether a row sums up: one of its first cells says so.
fn is_total(row: &[String]) -> bool {
    row.iter().filter(|cell| !is_empty(cell)).take(3).any(|cell| {
        let plain = plain(cell);
        let word = plain.split(['(', ':']).next().unwrap_or_default();
        matches!(word, "合计" | "总计" | "小计" | "共计" | "累计" | "合计数" | "总计数" | "本页合计" | "本页小计")
    })
}

/// Whether a row is a text below the table: 「部门（单位）名称：…　日期：…」, 「注：…」, 「填表人：…」.
fn is_foot(row: &[String]) -> bool {
    const WORDS: [&str; 12] = [
        "部门(单位)名称:",
        "单位名称:",
        "单位(盖章)",
        "日期:",
        "填表日期:",
        "填表人:",
        "填报人:",
        "制表人:",
        "审核人:",
        "负责人:",
        "注:",
        "备注:",
    ];
    let cells: Vec<String> = row.iter().filter(|cell| !is_empty(cell)).map(|cell| plain(cell)).collect();
    cells.len() <= 4 && cells.first().is_some_and(|first| WORDS.iter().any(|word| first.starts_with(word)))
}
