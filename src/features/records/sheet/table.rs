//! The detail table as a grid shows it.

use super::{Entry, Lines, Place, Sheet};
use crate::domain::money::Money;
use crate::domain::record::line::{LineCell, Weight};
use crate::features::records::words::reason;
use crate::ui::grid::{At, Cell, Column, Kind, Put, RowShown, Selection, Table};
use leptos::prelude::*;

/// The words of 预留选项.
const MEASURES: [&str; 4] = ["整体预留", "包预留", "联合体预留", "合同分包预留"];

/// Reasons that are often given.
const REASONS: [&str; 4] =
    ["按合同约定的分包或联合体份额填写", "按中小企业声明函填写", "采集数据有误，按合同更正", "建设工程平台项目，没有合同公告链接"];

/// Why 来源 and 操作 are not typed into.
const NOT_TYPED: &str = "来源由系统标明，不能修改";

impl Place {
    /// The column as the grid shows it.
    pub fn column(self) -> Column {
        let column = |code, label, unit, kind| Column { code, label, unit, kind };
        match self {
            Place::Cell(cell) => {
                let (label, unit) = match cell {
                    LineCell::Sme => ("面向中小企业采购金额", Some("万元")),
                    LineCell::SmallMicro => ("面向小微企业采购金额", Some("万元")),
                    LineCell::Percent => ("预留比例", Some("%")),
                    _ => (cell.label(), None),
                };
                let kind = match cell {
                    LineCell::Measure => Kind::Choice(&MEASURES),
                    LineCell::Sme | LineCell::SmallMicro | LineCell::Percent => Kind::Number,
                    LineCell::Url => Kind::Link,
                    LineCell::Reason => Kind::Suggest(&REASONS),
                    LineCell::ProjectName | LineCell::PublishedOn => Kind::Text,
                };
                column(cell.code(), label, unit, kind)
            }
            Place::Source => column("source", "来源", None, Kind::Chip),
            Place::Remove => column("remove", "操作", None, Kind::Button),
        }
    }

    fn shown(self, entry: &Entry, number: usize, lines: &Lines) -> Cell {
        match self {
            Place::Cell(cell) => cell_shown(entry, cell, lines),
            Place::Source => source_shown(entry, lines),
            Place::Remove => {
                let is_manual = entry.line.contract().is_none();
                let text = if is_manual { "删除" } else { "剔除" };
                let aside = Some(format!("{text}第 {number} 行"));
                Cell { text: text.to_owned(), aside, tone: if is_manual { "bad" } else { "" }, ..Cell::default() }
            }
        }
    }
}

fn cell_shown(entry: &Entry, cell: LineCell, lines: &Lines) -> Cell {
    let rules = lines.rules();
    let text = entry.shown_text(cell);
    let said = |weight: Weight| {
        let found = entry.review.findings.iter().find(|finding| finding.cell == cell && finding.weight == weight);
        found.map(|finding| finding.message.clone())
    };
    let rival = entry.rivals.get(&cell).cloned();
    let error = match (&rival, entry.refused.get(&cell)) {
        (Some(_), _) => Some("同事也修改了此单元格，请选择保留哪一个".to_owned()),
        (None, Some((_, why))) => Some(why.clone()),
        (None, None) if entry.is_orphan && cell == LineCell::ProjectName => {
            Some("此行已被其他人删除或剔除，您填写的内容没有保存；请复制需要的内容后刷新页面".to_owned())
        }
        (None, None) => said(Weight::Error),
    };
    let collected = entry.line.collected_text(cell, rules);
    let aside = match cell {
        LineCell::Url => entry.review.url.clone().filter(|_| !entry.refused.contains_key(&cell)),
        LineCell::Sme | LineCell::SmallMicro => Some("待补充".to_owned()),
        _ => None,
    };
    Cell {
        lock: entry.line.lock(cell, rules),
        error,
        warning: said(Weight::Warning),
        is_changed: collected.is_some(),
        note: collected.map(|text| format!("采集值 {}", if text.is_empty() { "（空）" } else { &text })),
        aside,
        tone: "",
        rival,
        text,
    }
}

fn source_shown(entry: &Entry, lines: &Lines) -> Cell {
    let line = &entry.line;
    let tone = if line.contract().is_none() {
        "busy"
    } else if line.claim().is_some() || line.lock(LineCell::ProjectName, lines.rules()).is_none() {
        "warn"
    } else {
        "neutral"
    };
    Cell {
        text: line.source_label(lines.rules()),
        lock: Some(NOT_TYPED),
        note: line.contract().map(|contract| format!("合同编号 {}", contract.contract_no)),
        aside: entry.review.estimated.then(|| "按比例推算".to_owned()),
        tone,
        ..Cell::default()
    }
}

impl Sheet {
    /// The columns as the grid shows them, followed.
    pub fn grid_columns(self) -> Vec<Column> {
        self.columns.with(|columns| columns.iter().map(|place| place.column()).collect())
    }

    fn place_at(self, place: At) -> Option<(usize, Place)> {
        let column = self.columns.with_untracked(|columns| columns.get(place.column).copied())?;
        Some((self.key_at(place.row)?, column))
    }

    fn cell_at(self, place: At) -> Option<(usize, LineCell)> {
        match self.place_at(place)? {
            (key, Place::Cell(cell)) => Some((key, cell)),
            (_, Place::Source | Place::Remove) => None,
        }
    }
}

impl Table for Sheet {
    fn watch(&self) {
        self.changed.track();
    }

    fn rows(&self) -> usize {
        self.view.with_value(Vec::len)
    }

    fn row(&self, row: usize) -> Option<RowShown> {
        let key = self.key_at(row)?;
        self.read_now(|lines| {
            let entry = lines.get(key)?;
            let number = lines.number(key);
            let shown = |place: &Place| {
                let cell = place.shown(entry, number, lines);
                // Whoever only looks is not told what could be typed where, but why a line is among these.
                match place {
                    _ if self.is_editable => cell,
                    Place::Cell(LineCell::Reason) => Cell { text: reason(&entry.line), lock: None, ..cell },
                    _ => Cell { lock: None, ..cell },
                }
            };
            let cells = self.columns.with_untracked(|columns| columns.iter().map(shown).collect());
            let is_locked = self.is_editable && entry.line.lock(LineCell::ProjectName, lines.rules()).is_some();
            Some(RowShown { number, is_locked, cells })
        })
    }

    fn text(&self, place: At) -> String {
        let found = self.place_at(place).and_then(|(key, column)| {
            self.read_now(|lines| {
                let entry = lines.get(key)?;
                Some(match column {
                    Place::Cell(LineCell::Reason) if !self.is_editable => reason(&entry.line),
                    Place::Cell(cell) => entry.shown_text(cell),
                    Place::Source => entry.line.source_label(lines.rules()),
                    Place::Remove => String::new(),
                })
            })
        });
        found.unwrap_or_default()
    }

    fn is_read_only(&self) -> bool {
        !self.is_editable
    }

    fn is_open(&self, place: At) -> bool {
        self.is_editable
            && self.cell_at(place).is_some_and(|(key, cell)| {
                self.read_now(|lines| lines.get(key).is_some_and(|entry| entry.line.lock(cell, lines.rules()).is_none()))
            })
    }

    fn begin(&self, place: At) {
        if let Some((key, cell)) = self.cell_at(place) {
            Sheet::begin(*self, key, cell);
        }
    }

    fn typing(&self, _place: At, text: String) {
        self.typed(&text);
    }

    fn commit(&self) {
        Sheet::commit(*self);
    }

    fn take_back(&self) {
        Sheet::take_back(*self);
    }

    fn cleared(&self, stays: usize, returns: usize) -> Option<String> {
        let parts = [
            (returns > 0).then(|| format!("{returns} 个单元格已恢复为采集的内容")),
            (stays > 0).then(|| format!("{stays} 个单元格显示采集的内容，不能清空，可以改成别的内容")),
        ];
        let words = parts.into_iter().flatten().collect::<Vec<_>>().join("；");
        (!words.is_empty()).then_some(words)
    }

    fn put(&self, cells: Vec<(At, String)>) -> Put {
        let cells = cells.into_iter().filter_map(|(place, text)| self.cell_at(place).map(|(key, cell)| (key, cell, text))).collect();
        let (changed, locked) = Sheet::put(*self, cells);
        Put { changed, locked }
    }

    fn undo(&self) -> Option<At> {
        self.play(true)
    }

    fn redo(&self) -> Option<At> {
        self.play(false)
    }

    fn press(&self, place: At) {
        if let Some((key, Place::Remove)) = self.place_at(place) {
            let is_manual = self.read_now(|lines| lines.get(key).is_some_and(|entry| entry.line.contract().is_none()));
            let question = if is_manual { self.questions.delete } else { self.questions.take_out };
            question.set(Some(key));
        }
    }

    fn paste(&self, rows: Vec<Vec<String>>, place: At) {
        self.questions.pasted.set(Some((rows, place)));
    }

    fn choose(&self, place: At, own: bool) {
        if let Some((key, cell)) = self.cell_at(place) {
            Sheet::choose(*self, key, cell, own);
        }
    }

    fn sort(&self, column: usize) {
        if let Some(place) = self.columns.with_untracked(|columns| columns.get(column).copied()) {
            self.sort_by(place);
        }
    }

    fn sorted(&self) -> Option<(usize, bool)> {
        let sorting = self.sorting.get()?;
        let column = self.columns.with_untracked(|columns| columns.iter().position(|place| *place == sorting.place))?;
        Some((column, sorting.is_down))
    }

    fn say(&self, words: String) {
        self.tell.ok(words);
    }

    fn summary(&self, selection: &Selection) -> Option<String> {
        let mut sum = Money::ZERO;
        let mut count = 0;
        self.read_now(|lines| {
            for place in selection.cells() {
                let amount = self.cell_at(place).and_then(|(key, cell)| {
                    let review = &lines.get(key)?.review;
                    match cell {
                        LineCell::Sme => review.sme,
                        LineCell::SmallMicro => review.small_micro,
                        _ => None,
                    }
                });
                if let Some(amount) = amount {
                    sum = [sum, amount].into_iter().sum();
                    count += 1;
                }
            }
        });
        (count > 0).then(|| format!("金额 {count} 个，合计 {} 万元", sum.wan()))
    }

    fn left(&self) {
        self.flush();
    }
}
