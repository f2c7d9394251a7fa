//! What each row is about, and what becomes of it: by itself, beside the others, and by the person's choice.

use super::columns::plain;
use super::index::{Alike, Target, shown};
use super::read::{amount, is_blank, is_empty, shorten};
use super::row::{added, laid_over};
use super::{Base, By, Choice, Column, Kind, Layout, Place, Reconciliation, Row, Why, numbers};
use crate::domain::money::Money;
use crate::domain::record::line::LineCell;
use std::collections::HashMap;

impl Reconciliation {
    /// What a row is about, by itself and by the person's choice.
    pub(super) fn base(&self, row: usize) -> Base {
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
    pub(super) fn found(&self, at: usize) -> Base {
        let row = &self.pasted[at];
        if row.iter().all(|cell| is_empty(cell)) {
            return Base::No(Why::Blank);
        }
        if let Some(header) = self.layout.header {
            if at < header {
                return Base::No(Why::Above);
            }
            if at == header || Layout::repeats_header(row, &self.pasted[header]) {
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
    pub(super) fn placed(&self, bases: Vec<Base>) -> Vec<Place> {
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
    pub(super) fn evaluate(&self, at: usize) -> Row {
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
                let laid = laid_over(&self.lines[*line], pasted, &self.layout, &self.rules, choice);
                Row {
                    line: Some(*line),
                    by: Some(*by),
                    notes: self.about_contract(pasted, *line).into_iter().chain(laid.notes.clone()).collect(),
                    ..laid
                }
            }
            Target::New { alike } => {
                let takes_all = matches!(choice, Some(Choice::Apply | Choice::New));
                let mut new = added(pasted, &self.layout, takes_all);
                if new.cells.is_empty() {
                    new.why = Some(Why::NotFound(shorten(asked.number)));
                } else {
                    new.notes.extend(Self::about_new(asked.number, *alike));
                }
                if self.is_block && choice.is_none() && new.kind == Kind::New {
                    (new.kind, new.why) = (Kind::Conflict, Some(Why::Nowhere));
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
            row.title = shorten(&shown(&self.lines[line], LineCell::ProjectName));
        }
        row
    }

    /// 合同金额 is compared and never written.
    fn about_contract(&self, pasted: &[String], line: usize) -> Option<String> {
        let text = self.layout.cell(pasted, Column::ContractAmount);
        let contract = self.lines[line].contract().filter(|_| !is_blank(text))?;
        let amount: Money = amount(text, self.layout.unit(Column::ContractAmount)).ok()?;
        (amount != contract.amount).then(|| format!("粘贴的合同金额 {} 万元与合同台账的 {} 万元不同", amount.wan(), contract.amount.wan()))
    }

    fn about_new(number: &str, alike: Option<(usize, Alike)>) -> Option<String> {
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
