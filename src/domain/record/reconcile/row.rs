//! What becomes of one pasted row.

use super::columns::words;
use super::index::By;
use super::read::{measure, read};
use super::{Choice, Column, Layout};
use crate::domain::money::{Money, Percent};
use crate::domain::record::line::{Line, LineCell, LineRules, NOT_ASKED, Review, Weight};

/// What becomes of a pasted row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Its line says the same already.
    Same,
    /// Its line is changed.
    Change,
    /// It becomes a line of its own.
    New,
    /// Something stands against it; nothing is done unless a person decides.
    Conflict,
    /// It is no row of the table, or was left out.
    Ignored,
}

impl Kind {
    /// Every kind, in the order in which they are counted.
    pub const ALL: [Kind; 5] = [Kind::Same, Kind::Change, Kind::New, Kind::Conflict, Kind::Ignored];

    /// Its words.
    pub const fn label(self) -> &'static str {
        match self {
            Kind::Same => "一致",
            Kind::Change => "将修改",
            Kind::New => "新增",
            Kind::Conflict => "冲突",
            Kind::Ignored => "忽略",
        }
    }

    /// Stable ASCII name, for the page.
    pub const fn code(self) -> &'static str {
        match self {
            Kind::Same => "same",
            Kind::Change => "change",
            Kind::New => "new",
            Kind::Conflict => "conflict",
            Kind::Ignored => "ignored",
        }
    }
}

/// Why a row is ignored, or what stands against it. Rows are counted from 0 as pasted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// There is nothing in it.
    Blank,
    /// It stands above the header.
    Above,
    /// It is the header.
    Header,
    /// It sums up.
    Total,
    /// It stands below the table: a name, a date, a note.
    Foot,
    /// There is nothing in the columns that are read.
    Nothing,
    /// The person passed it over.
    Skipped,
    /// It says what this row said before.
    SameAs(usize),
    /// Another row was chosen for its line.
    Taken(usize),
    /// Some cells are locked or cannot be read.
    Cells,
    /// So many rows are about the same line, the first of them here.
    Twice(usize, usize),
    /// It would add what this row adds already.
    TwiceNew(usize),
    /// Its number lost digits.
    Lost(String),
    /// So many lines are alike in this.
    Ambiguous(By, usize),
    /// Nothing says which line it is about.
    Nowhere,
    /// Its number is not in the table, and there is nothing else to add a line from.
    NotFound(String),
}

impl Why {
    /// In words.
    pub fn sentence(&self) -> String {
        match self {
            Why::Blank => "空行".to_owned(),
            Why::Above => "表头上方的文字".to_owned(),
            Why::Header => "表头".to_owned(),
            Why::Total => "合计行，合计由系统计算".to_owned(),
            Why::Foot => "表格下方的文字".to_owned(),
            Why::Nothing => "要读入的列都是空的".to_owned(),
            Why::Skipped => "已选择跳过".to_owned(),
            Why::SameAs(row) => format!("与粘贴的第 {} 行相同", row + 1),
            Why::Taken(row) => format!("对应的明细行已由粘贴的第 {} 行修改", row + 1),
            Why::Cells => "部分单元格不能写入".to_owned(),
            Why::Twice(first, count) => format!("粘贴的内容中有 {count} 行对应同一明细行（最先是第 {} 行），请选择应用哪一行", first + 1),
            Why::TwiceNew(row) => format!("与粘贴的第 {} 行完全相同，会重复新增；确需新增请选择「作为新行」", row + 1),
            Why::Lost(number) => {
                format!("合同编号「{number}」第 15 位以后的数字已丢失，只能按前面的数字推测对应的明细行，请确认")
            }
            Why::Ambiguous(by, count) => format!("有 {count} 个明细行的{}与此行相同，请选择对应哪一行", by.label()),
            Why::Nowhere => "没有列名、合同编号或项目名称，无法判断对应哪一行；可按位置粘贴，或选择「作为新行」".to_owned(),
            Why::NotFound(number) => format!("明细中没有合同编号「{number}」，也没有其他可写入的内容"),
        }
    }
}

/// What becomes of a pasted cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CellFate {
    /// It is written; what was collected, where a value is replaced that the unit had filled in by hand.
    Written {
        /// The collected value under the replaced one.
        over: Option<String>,
    },
    /// It follows from what is written beside it.
    Follows,
    /// Its cell is locked, for this reason.
    Locked(&'static str),
    /// It cannot be read, for this reason.
    Unreadable(String),
}

/// A cell of a row that differs from its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastedCell {
    /// Which.
    pub cell: LineCell,
    /// What the line shows.
    pub before: String,
    /// What was pasted, in its own form; what it shows afterwards where it is written.
    pub text: String,
    /// What becomes of it.
    pub fate: CellFate,
}

/// What becomes of a pasted row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What becomes of it.
    pub kind: Kind,
    /// What would become of it without the person's choice.
    pub suggested: Kind,
    /// The line it is about, by its place from 0.
    pub line: Option<usize>,
    /// How that is known.
    pub by: Option<By>,
    /// By what a person knows the row.
    pub title: String,
    /// Cells that differ.
    pub cells: Vec<PastedCell>,
    /// Why it is ignored, or what stands against it.
    pub why: Option<Why>,
    /// What else there is to say.
    pub notes: Vec<String>,
    /// Lines that a person can choose.
    pub candidates: Vec<usize>,
    /// Whether its line needs 「修改理由」 afterwards.
    pub needs_reason: bool,
    /// What is typed into the line.
    pub(super) typed: Vec<(LineCell, String)>,
}

impl Row {
    pub(super) fn new(kind: Kind, why: Option<Why>) -> Row {
        Row {
            kind,
            suggested: kind,
            line: None,
            by: None,
            title: String::new(),
            cells: Vec::new(),
            why,
            notes: Vec::new(),
            candidates: Vec::new(),
            needs_reason: false,
            typed: Vec::new(),
        }
    }

    /// Whether nothing would be written.
    pub(super) fn is_nothing(&self) -> bool {
        self.typed.is_empty()
    }
}

/// The cells of a pasted row that say something, read.
fn readings(row: &[String], layout: &Layout) -> Vec<(LineCell, String, Result<String, String>)> {
    let mut read_cells: Vec<(LineCell, String, Result<String, String>)> = Vec::new();
    for cell in layout.cells() {
        let text = layout.cell(row, Column::Cell(cell));
        if super::read::is_blank(text) {
            continue;
        }
        let read = read(cell, text, layout.unit(Column::Cell(cell)));
        if read.as_ref().is_ok_and(String::is_empty) {
            continue;
        }
        read_cells.push((cell, text.to_owned(), read));
    }
    // The notice writes the share behind the option; a column of its own says it better.
    let has_share = read_cells.iter().any(|(cell, ..)| *cell == LineCell::Percent);
    if let (false, Some((_, Some(share)))) = (has_share, measure(layout.cell(row, Column::Cell(LineCell::Measure)))) {
        let at = read_cells.iter().position(|(cell, ..)| *cell > LineCell::Percent).unwrap_or(read_cells.len());
        read_cells.insert(at, (LineCell::Percent, share.to_string(), Ok(share.to_string())));
    }
    read_cells
}

/// A row that becomes a line of its own.
pub(super) fn added(row: &[String], layout: &Layout, takes_all: bool) -> Row {
    let mut new = Row::new(Kind::New, None);
    for (cell, pasted, read) in readings(row, layout) {
        match read {
            // A line entered by hand has no publication date: nothing is asked of it.
            Ok(_) if cell == LineCell::PublishedOn => {}
            Ok(text) => {
                new.typed.push((cell, text.clone()));
                new.cells.push(PastedCell { cell, before: String::new(), text, fate: CellFate::Written { over: None } });
            }
            Err(why) => new.cells.push(PastedCell { cell, before: String::new(), text: pasted, fate: CellFate::Unreadable(why) }),
        }
    }
    let fails = new.cells.iter().any(|cell| matches!(cell.fate, CellFate::Unreadable(_)));
    if new.typed.is_empty() || (fails && !takes_all) {
        new.kind = Kind::Conflict;
        new.why = Some(Why::Cells);
    }
    let typed = |cell| new.typed.iter().find(|(other, _)| *other == cell).map(|(_, text)| text.as_str());
    if typed(LineCell::ProjectName).is_none() {
        new.notes.push("没有项目名称，新增后需补充".to_owned());
    }
    if typed(LineCell::Percent).is_some_and(is_fraction) {
        new.notes.push(FRACTION.to_owned());
    }
    if let (Some(Ok(sme)), Some(Ok(small_micro))) =
        (typed(LineCell::Sme).map(Money::parse_wan), typed(LineCell::SmallMicro).map(Money::parse_wan))
        && small_micro > sme
    {
        new.notes.push("面向小微企业采购金额大于面向中小企业采购金额，请核对".to_owned());
    }
    new
}

/// A row laid over its line.
pub(super) fn laid_over(line: &Line, row: &[String], layout: &Layout, rules: &LineRules, choice: Option<&Choice>) -> Row {
    let before = line.review(rules);
    let mut laid = Row::new(Kind::Change, None);
    let mut after = line.clone();
    let mut pins: Vec<(LineCell, String)> = Vec::new();
    for (cell, pasted, read) in readings(row, layout) {
        let there = before.text(cell);
        let failed = |text: String, fate: CellFate| PastedCell { cell, before: there.clone(), text, fate };
        let text = match read {
            Ok(text) => text,
            Err(why) => {
                laid.cells.push(failed(pasted, CellFate::Unreadable(why)));
                continue;
            }
        };
        if is_same(cell, &there, &text) {
            pins.push((cell, there));
            continue;
        }
        let is_rounded = matches!(cell, LineCell::Sme | LineCell::SmallMicro) && is_rounded(&text, &there);
        match line.lock(cell, rules) {
            Some(lock) if lock == NOT_ASKED && there.is_empty() => {}
            Some(_) if is_rounded => {
                laid.notes.push(format!("{}粘贴的是四舍五入的 {text}，与明细中的 {there} 相符", words(cell)));
            }
            Some(lock) => laid.cells.push(failed(text, CellFate::Locked(lock))),
            None => match after.with(cell, &text, rules) {
                Ok(next) => {
                    after = next;
                    if is_rounded {
                        laid.notes.push(format!("{}像是四舍五入的显示值：粘贴 {text}，明细 {there}，请核对", words(cell)));
                    }
                    if is_other_unit(cell, &text, &there) {
                        laid.notes.push(format!("{}与明细相差一万倍，请核对单位是元还是万元", words(cell)));
                    }
                    if cell == LineCell::Percent && is_fraction(&text) {
                        laid.notes.push(FRACTION.to_owned());
                    }
                    let over = line.collected_text(cell, rules);
                    laid.cells.push(PastedCell { cell, before: there, text, fate: CellFate::Written { over } });
                }
                Err(why) => laid.cells.push(failed(text, CellFate::Unreadable(why.to_string()))),
            },
        }
    }
    let mut shown = if after == *line { before.clone() } else { after.review(rules) };
    // What the pasted row says beside a change holds, also where it would now follow otherwise.
    for (cell, text) in pins {
        if shown.text(cell) != text
            && line.lock(cell, rules).is_none()
            && let Ok(next) = after.with(cell, &text, rules)
        {
            after = next;
            shown = after.review(rules);
        }
    }
    laid.settle(line, &before, &after, &shown);
    let stands_against = laid.cells.iter().any(|cell| matches!(cell.fate, CellFate::Locked(_) | CellFate::Unreadable(_)));
    let takes_rest = choice == Some(&Choice::Apply);
    laid.kind = match (stands_against, after == *line) {
        (true, true) => Kind::Conflict,
        (true, false) if !takes_rest => Kind::Conflict,
        (_, false) => Kind::Change,
        (false, true) => Kind::Same,
    };
    if laid.kind == Kind::Conflict {
        laid.why = Some(Why::Cells);
    }
    laid.needs_reason =
        after != *line && shown.findings.iter().any(|finding| finding.cell == LineCell::Reason && finding.weight == Weight::Error);
    laid
}

impl Row {
    /// Notes what the line shows afterwards and what has to be typed for it.
    fn settle(&mut self, line: &Line, before: &Review, after: &Line, shown: &Review) {
        for cell in LineCell::ALL {
            let (was, is) = (before.text(cell), shown.text(cell));
            // Beside a cell that is not written stands what becomes of it all the same.
            let written = self.cells.iter_mut().find(|pasted| pasted.cell == cell && matches!(pasted.fate, CellFate::Written { .. }));
            match written {
                Some(pasted) => pasted.text = is,
                None if was != is => self.cells.push(PastedCell { cell, before: was, text: is, fate: CellFate::Follows }),
                None => {}
            }
        }
        self.cells.retain(|cell| !matches!(cell.fate, CellFate::Written { .. }) || cell.before != cell.text);
        self.cells.sort_by_key(|pasted| pasted.cell);
        let is_changed = |cell: LineCell| after.filled_text(cell) != line.filled_text(cell);
        // An amount that is filled in beside a changed 预留选项 or 预留比例 may fall away on the way, there or back: it is typed as well.
        let moves_amounts = is_changed(LineCell::Measure) || is_changed(LineCell::Percent);
        let is_filled = |cell: LineCell| !after.filled_text(cell).is_empty() || !line.filled_text(cell).is_empty();
        let is_typed = |cell: &LineCell| {
            is_changed(*cell) || (moves_amounts && matches!(cell, LineCell::Sme | LineCell::SmallMicro) && is_filled(*cell))
        };
        self.typed = LineCell::ALL.into_iter().filter(is_typed).map(|cell| (cell, after.filled_text(cell))).collect();
    }
}

/// Whether two texts say the same: names also where only width and blanks differ.
fn is_same(cell: LineCell, there: &str, text: &str) -> bool {
    there == text || (cell == LineCell::ProjectName && super::columns::plain(there) == super::columns::plain(text))
}

/// Whether `text` is what a spreadsheet shows of `there` with fewer places, at least two.
fn is_rounded(text: &str, there: &str) -> bool {
    let places = |text: &str| text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let (Ok(shown), Ok(exact)) = (Money::parse_wan(text), Money::parse_wan(there)) else { return false };
    // Trailing zeros are gone by now: what was shown as 12.50 has one place here.
    let kept = places(text).max(2);
    if places(there) <= kept || kept > 5 {
        return false;
    }
    let unit = 10_i64.pow(6 - u32::try_from(kept).unwrap_or(5));
    (exact.fen() + unit / 2).div_euclid(unit) * unit == shown.fen()
}

/// What is said of a 预留比例 that looks like a fraction.
const FRACTION: &str = "预留比例不到 1%，请核对是否应为百分数（如 45.5）";

fn is_fraction(text: &str) -> bool {
    Percent::parse(text).is_ok_and(Percent::looks_like_a_fraction)
}

/// Whether one is ten thousand times the other.
fn is_other_unit(cell: LineCell, text: &str, there: &str) -> bool {
    let (Ok(text), Ok(there)) = (Money::parse_wan(text), Money::parse_wan(there)) else { return false };
    let (text, there) = (i128::from(text.fen()), i128::from(there.fen()));
    matches!(cell, LineCell::Sme | LineCell::SmallMicro) && text != 0 && (text * 10_000 == there || there * 10_000 == text)
}
