//! Which pasted row is the header, what each column holds, and in which unit its amounts stand.

use super::columns::{self, Column, Named, plain, recognise};
use super::content;
use super::index::{Asked, Index, Target};
use super::read::{amount, is_blank, is_empty, shorten};
use super::unit::{Evidence, FoundUnit, Tally, Unit};
use crate::domain::money::{Money, MoneyError};
use crate::domain::record::line::{Line, LineCell, LineRules};
use std::collections::HashMap;

/// Columns that are looked at.
pub const MAX_COLUMNS: usize = 60;

/// Rows in which a header may stand: titles stand above it.
const HEADER_WITHIN: usize = 8;

/// Rows that are looked at to judge a column.
const SAMPLE: usize = 400;

/// What a person corrected in the reading of the columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Corrections {
    /// Whether there is a header row; as recognised where nothing is said.
    pub has_header: Option<bool>,
    /// What a column holds, by its place from 0.
    pub columns: HashMap<usize, Column>,
    /// In which unit its amounts stand.
    pub units: HashMap<usize, Unit>,
}

/// How it is known what a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// The person said so.
    Chosen,
    /// By its name.
    Name,
    /// By what stands in it.
    Content,
    /// It would hold the same as the column at this place, which comes first.
    Twice(usize),
    /// Known, and no column of the detail table.
    NotOfTable,
    /// Nothing tells.
    Unknown,
    /// There is nothing in it.
    Empty,
}

/// A column as pasted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastedColumn {
    /// Its name in the header, or 「第 3 列」.
    pub name: String,
    /// The first value in it.
    pub sample: String,
    /// What it holds.
    pub column: Column,
    /// How that is known.
    pub known: Known,
    /// The unit, where it holds amounts.
    pub unit: Option<FoundUnit>,
}

impl PastedColumn {
    /// What there is to say of how it was read, where that is not as one would expect.
    pub fn remark(&self) -> Option<String> {
        match self.known {
            Known::Chosen | Known::Name => None,
            Known::Content => Some("按内容识别，请核对".to_owned()),
            Known::Twice(first) => Some(format!("与第 {} 列重复，不读入", first + 1)),
            Known::NotOfTable => Some("明细表没有这一列，不读入".to_owned()),
            Known::Unknown => Some("不认识这一列，不读入".to_owned()),
            Known::Empty => Some("空列".to_owned()),
        }
    }
}

/// How a block of pasted cells is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The header row, from 0.
    pub header: Option<usize>,
    /// The columns from the left.
    pub columns: Vec<PastedColumn>,
    places: HashMap<Column, usize>,
}

impl Layout {
    /// Reads a block of pasted cells.
    pub(super) fn read(pasted: &[Vec<String>], index: &mut Index, lines: &[Line], rules: &LineRules, corrections: &Corrections) -> Layout {
        let width = width(pasted);
        let header = match corrections.has_header {
            Some(false) => None,
            Some(true) => find_header(pasted).or_else(|| pasted.iter().position(|row| !row.iter().all(|cell| is_empty(cell)))),
            None => find_header(pasted),
        };
        let names = header.and_then(|at| pasted.get(at));
        let body: Vec<&Vec<String>> = pasted.get(header.map_or(0, |at| at + 1)..).unwrap_or_default().iter().collect();
        let sample = sample(&body);
        let mut layout = Layout { header, ..Layout::default() };
        let mut taken: HashMap<Column, usize> =
            corrections.columns.iter().filter(|(_, column)| column.is_single()).map(|(place, column)| (*column, *place)).collect();
        let strong: Vec<Option<Named>> =
            (0..width).map(|place| names.and_then(|names| names.get(place)).and_then(|name| recognise(name))).collect();
        for place in 0..width {
            let name = names.and_then(|names| names.get(place)).filter(|name| !is_empty(name)).map(|name| shorten(&one_line(name)));
            let first = sample.iter().filter_map(|row| row.get(place)).find(|cell| !is_empty(cell));
            let (column, known) = if let Some(column) = corrections.columns.get(&place) {
                (*column, Known::Chosen)
            } else {
                let is_sure = |column: Column| strong.contains(&Some(Named::Column(column)));
                match strong[place] {
                    Some(Named::Column(column)) => (column, Known::Name),
                    Some(Named::Perhaps(column)) if !is_sure(column) => (column, Known::Name),
                    Some(Named::Perhaps(_) | Named::NotOfTable) => (Column::Skip, Known::NotOfTable),
                    None if first.is_none() && name.is_none() => (Column::Skip, Known::Empty),
                    None => (Column::Skip, Known::Unknown),
                }
            };
            let (column, known) = match taken.get(&column) {
                Some(first) if column.is_single() && *first != place => (Column::Skip, Known::Twice(*first)),
                _ => (column, known),
            };
            if column.is_single() {
                taken.insert(column, place);
            }
            layout.columns.push(PastedColumn {
                name: name.unwrap_or_else(|| format!("第 {} 列", place + 1)),
                sample: first.map(|cell| shorten(&one_line(cell))).unwrap_or_default(),
                column,
                known,
                unit: None,
            });
        }
        layout.places = taken.into_iter().filter(|(_, place)| *place < width).collect();
        if header.is_none() {
            for (place, column) in content::recognise(&sample, &layout.columns, index, lines, rules) {
                if !layout.places.contains_key(&column) || !column.is_single() {
                    layout.columns[place].column = column;
                    layout.columns[place].known = Known::Content;
                    layout.places.insert(column, place);
                }
            }
        }
        if let Some(place) = layout.places.get(&Column::ContractNo) {
            index.prepare(body.iter().filter_map(|row| row.get(*place)).map(String::as_str));
        }
        layout.find_units(pasted, &sample, index, lines, rules, corrections);
        layout
    }

    /// The cell of a row that holds `column`, trimmed; empty where there is none.
    pub fn cell<'row>(&self, row: &'row [String], column: Column) -> &'row str {
        self.places.get(&column).and_then(|place| row.get(*place)).map_or("", |cell| cell.trim())
    }

    /// Whether it is a table by itself: its columns have names, or it names projects and says something of them.
    pub(super) fn is_table(&self) -> bool {
        let names = self.places.contains_key(&Column::Cell(LineCell::ProjectName)) || self.places.contains_key(&Column::ContractNo);
        self.header.is_some() || (names && self.places.len() > 1)
    }

    /// The unit of a column of amounts.
    pub fn unit(&self, column: Column) -> Unit {
        self.places
            .get(&column)
            .and_then(|place| self.columns.get(*place))
            .and_then(|found| found.unit.as_ref())
            .map_or(Unit::Wan, |found| found.unit)
    }

    /// What a row says of itself.
    pub(super) fn asked<'row>(&self, row: &'row [String]) -> Asked<'row> {
        let cell = |column| Some(self.cell(row, column)).filter(|text| !is_blank(text)).unwrap_or_default();
        Asked {
            number: cell(Column::ContractNo),
            lot: cell(Column::Lot),
            url: cell(Column::Cell(LineCell::Url)),
            name: cell(Column::Cell(LineCell::ProjectName)),
        }
    }

    /// The cells of the detail table that are pasted, in its order.
    pub(super) fn cells(&self) -> impl Iterator<Item = LineCell> + '_ {
        LineCell::ALL.into_iter().filter(|cell| self.places.contains_key(&Column::Cell(*cell)))
    }

    /// Whether a row says again what the header says, as sheets do that were printed over several pages.
    pub(super) fn repeats_header(row: &[String], header: &[String]) -> bool {
        let mut filled = row.iter().zip(header).filter(|(cell, _)| !is_empty(cell)).peekable();
        filled.peek().is_some() && filled.all(|(cell, name)| cell.trim() == name.trim())
    }

    fn find_units(
        &mut self,
        pasted: &[Vec<String>],
        sample: &[&Vec<String>],
        index: &Index,
        lines: &[Line],
        rules: &LineRules,
        corrections: &Corrections,
    ) {
        let above = pasted.iter().take(self.header.unwrap_or(0)).flatten().filter(|cell| plain(cell).contains("单位")).find_map(|cell| {
            let plain = plain(cell);
            plain.split("单位").skip(1).find_map(Unit::named)
        });
        let places: Vec<usize> = (0..self.columns.len()).filter(|place| self.columns[*place].column.is_amount()).collect();
        let tallies: Vec<Tally> = places.iter().map(|place| self.tally(*place, sample, index, lines, rules)).collect();
        let mut found: Vec<Option<FoundUnit>> = places
            .iter()
            .zip(&tallies)
            .map(|(place, tally)| {
                let said = if let Some(unit) = corrections.units.get(place) {
                    Some((*unit, Evidence::Chosen))
                } else if let Some(unit) = self.header.and_then(|at| pasted[at].get(*place)).and_then(|name| Unit::named(name)) {
                    Some((unit, Evidence::Header))
                } else {
                    above.map(|unit| (unit, Evidence::Above))
                };
                let (unit, evidence) = said.or_else(|| tally.proven())?;
                let doubt = if evidence == Evidence::Chosen { None } else { tally.doubt(unit) };
                Some(FoundUnit { unit, evidence, doubt })
            })
            .collect();
        let beside = found.iter().flatten().next().map(|found| found.unit);
        // Without any proof all columns are judged together: of two amounts beside each other one is often small.
        let all = tallies.iter().fold(Tally::default(), |all, tally| Tally {
            large: all.large + tally.large,
            small: all.small + tally.small,
            ..all
        });
        for (found, tally) in found.iter_mut().zip(&tallies) {
            let (unit, evidence) = beside.map_or_else(|| all.guessed(), |unit| (unit, Evidence::Beside));
            let evidence = if tally.large + tally.small == 0 && evidence == Evidence::Size { Evidence::Beside } else { evidence };
            found.get_or_insert(FoundUnit { unit, evidence, doubt: None });
        }
        for (place, found) in places.into_iter().zip(found) {
            self.columns[place].unit = found;
        }
    }

    /// Counts what the amounts of a column say of its unit.
    fn tally(&self, place: usize, sample: &[&Vec<String>], index: &Index, lines: &[Line], rules: &LineRules) -> Tally {
        let mut tally = Tally::default();
        let column = self.columns[place].column;
        for row in sample {
            let Some(text) = row.get(place).filter(|text| !is_blank(text) && Unit::of(text).is_none()) else { continue };
            let size = |unit| amount(text, unit).ok();
            match (amount(text, Unit::Yuan), size(Unit::Wan)) {
                (Err(MoneyError::TooFine), Some(_)) => tally.fine += 1,
                (Ok(yuan), _) if yuan == Money::ZERO => continue,
                (Ok(_), _) => {}
                _ => continue,
            }
            // 10 000 of whatever: in 元 it is 1 万元.
            let is_large = size(Unit::Wan).is_none_or(|wan| wan.fen() >= 10_000 * 1_000_000);
            if is_large {
                tally.large += 1;
            } else {
                tally.small += 1;
            }
            let Target::Line { at, .. } = index.find(&self.asked(row), lines) else { continue };
            let Some(there) = amount_there(&lines[at], column, rules).filter(|there| *there != Money::ZERO) else { continue };
            tally.compared += 1;
            tally.equal_yuan += usize::from(size(Unit::Yuan) == Some(there));
            tally.equal_wan += usize::from(size(Unit::Wan) == Some(there));
        }
        tally
    }
}

/// The amount of a line in a column.
pub(super) fn amount_there(line: &Line, column: Column, rules: &LineRules) -> Option<Money> {
    match column {
        Column::ContractAmount => line.contract().map(|contract| contract.amount),
        Column::Cell(LineCell::Sme) => line.review(rules).sme,
        Column::Cell(LineCell::SmallMicro) => line.review(rules).small_micro,
        _ => None,
    }
}

/// Columns up to the last that holds anything.
fn width(pasted: &[Vec<String>]) -> usize {
    let reach = |row: &Vec<String>| row.iter().rposition(|cell| !is_empty(cell)).map_or(0, |at| at + 1);
    pasted.iter().map(reach).max().unwrap_or(0).min(MAX_COLUMNS)
}

/// The row of the first ones that names most columns, at least two; one is enough where there is but one cell.
fn find_header(pasted: &[Vec<String>]) -> Option<usize> {
    let names = |row: &Vec<String>| row.iter().filter(|cell| recognise(cell).is_some()).count();
    let cells = |row: &Vec<String>| row.iter().filter(|cell| !is_empty(cell)).count();
    let mut best = None;
    for (at, row) in pasted.iter().enumerate().take(HEADER_WITHIN) {
        let count = names(row);
        let is_header = count >= 2 || (count == 1 && cells(row) == 1 && width(pasted) == 1);
        if is_header && best.is_none_or(|(_, most)| count > most) {
            best = Some((at, count));
        }
    }
    best.map(|(at, _)| at)
}

/// Rows to judge columns by, evenly from all.
fn sample<'row>(body: &[&'row Vec<String>]) -> Vec<&'row Vec<String>> {
    let step = body.len().div_ceil(SAMPLE).max(1);
    body.iter().step_by(step).copied().collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join("")
}

impl PastedColumn {
    /// The words of the columns' meaning, for its choice.
    pub fn meaning(&self) -> &'static str {
        match self.column {
            Column::Cell(cell) => columns::words(cell),
            other => other.label(),
        }
    }
}
