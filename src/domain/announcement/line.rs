//! A line of the announcement's own copy of the approved 项目明细 (C4).
//!
//! Always: what was approved stays beside what the announcement shows, so that every difference can be named cell by cell; a
//! line is changed or taken out with a reason; 0 ≤ 小微 ≤ 中小. The approved record itself is never touched.

mod edits;

pub use edits::{EDITS_MAX, EditsRefused, together};

use crate::domain::announcement::figures::{Figures, NoticeLine};
use crate::domain::calendar::{Day, Year};
use crate::domain::contract::Measure;
use crate::domain::ids::{AnnouncementLineId, LineId, RecordId};
use crate::domain::money::{Money, MoneyError, Percent, PercentError, Ratio};
use crate::domain::text::{self, LinkError, TextError};
use serde::{Deserialize, Serialize};

/// Longest reason of a change, in characters.
pub const REASON_MAX: usize = 500;

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineValues {
    /// 项目名称.
    pub project_name: String,
    /// 预留选项, where the approved line has one.
    pub measure: Option<Measure>,
    /// 预留比例.
    pub percent: Option<Percent>,
    /// 面向中小企业采购金额.
    pub sme: Money,
    /// 面向小微企业采购金额, of the above.
    pub small_micro: Money,
    /// 合同链接.
    pub url: Option<String>,
}

/// A line of an announcement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnouncementLine {
    /// Identity.
    pub id: AnnouncementLineId,
    /// The unit whose record it comes from, named as it was then.
    pub unit_name: String,
    /// The record it comes from.
    pub record: RecordId,
    /// The record's own line; unknown where the announcement is older than this note.
    pub record_line: Option<LineId>,
    /// The approved version of that record.
    pub record_number: i64,
    /// What was approved.
    pub approved: LineValues,
    /// What the announcement says.
    pub values: LineValues,
    /// Whether the announcement leaves it out.
    pub is_removed: bool,
    /// Why it was changed or taken out; empty where it was not.
    pub reason: String,
}

/// A cell of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineCell {
    /// 项目名称.
    ProjectName,
    /// 预留选项.
    Measure,
    /// 预留比例(%).
    Percent,
    /// 面向中小企业采购金额(万元).
    Sme,
    /// 面向小微企业采购金额(万元).
    SmallMicro,
    /// 合同链接.
    Url,
}

impl LineCell {
    /// Every cell, in the order of the columns.
    pub const ALL: [LineCell; 6] =
        [LineCell::ProjectName, LineCell::Measure, LineCell::Percent, LineCell::Sme, LineCell::SmallMicro, LineCell::Url];

    /// The column's words.
    pub const fn label(self) -> &'static str {
        match self {
            LineCell::ProjectName => "项目名称",
            LineCell::Measure => "预留选项",
            LineCell::Percent => "预留比例(%)",
            LineCell::Sme => "面向中小企业采购金额(万元)",
            LineCell::SmallMicro => "面向小微企业采购金额(万元)",
            LineCell::Url => "合同链接",
        }
    }

    /// Stable ASCII name, for the fields of forms.
    pub const fn code(self) -> &'static str {
        match self {
            LineCell::ProjectName => "project_name",
            LineCell::Measure => "measure",
            LineCell::Percent => "percent",
            LineCell::Sme => "sme",
            LineCell::SmallMicro => "small_micro",
            LineCell::Url => "url",
        }
    }

    /// The cell of this name.
    pub fn parse(code: &str) -> Option<LineCell> {
        LineCell::ALL.into_iter().find(|cell| cell.code() == code)
    }
}

/// Why a typed text is not taken, and in which cell.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct CellRefused {
    /// Where.
    pub cell: LineCell,
    /// What is wrong and what to do.
    pub why: WhyRefused,
}

/// What is wrong with a typed text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WhyRefused {
    /// Not an amount.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// Not a percentage.
    #[error(transparent)]
    Percent(#[from] PercentError),
    /// Not one of the four.
    #[error("预留选项只能是：整体预留、包预留、联合体预留、合同分包预留")]
    Measure,
    /// Not a link.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// Missing, too long or unreadable.
    #[error(transparent)]
    Text(#[from] TextError),
    /// 小微 above 中小.
    #[error("面向小微企业采购金额不能大于面向中小企业采购金额 {0} 万元")]
    Part(String),
}

/// A line as it stands in the form: the text of every cell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineDraft {
    /// 项目名称.
    pub project_name: String,
    /// 预留选项, by its word; empty for none.
    pub measure: String,
    /// 预留比例(%).
    pub percent: String,
    /// 万元.
    pub sme: String,
    /// 万元.
    pub small_micro: String,
    /// 合同链接.
    pub url: String,
}

impl LineDraft {
    /// The text of a cell.
    pub fn text(&self, cell: LineCell) -> &str {
        match cell {
            LineCell::ProjectName => &self.project_name,
            LineCell::Measure => &self.measure,
            LineCell::Percent => &self.percent,
            LineCell::Sme => &self.sme,
            LineCell::SmallMicro => &self.small_micro,
            LineCell::Url => &self.url,
        }
    }

    /// Puts `text` into a cell.
    pub fn put(&mut self, cell: LineCell, text: String) {
        let place = match cell {
            LineCell::ProjectName => &mut self.project_name,
            LineCell::Measure => &mut self.measure,
            LineCell::Percent => &mut self.percent,
            LineCell::Sme => &mut self.sme,
            LineCell::SmallMicro => &mut self.small_micro,
            LineCell::Url => &mut self.url,
        };
        *place = text;
    }

    /// What was typed over `before`, brought onto the line as it stands `now`: a cell that was typed keeps its text, any other takes the
    /// other person's. Also the cells that both have changed, to something else each.
    #[must_use]
    pub fn over(&self, before: &LineDraft, now: &LineDraft) -> (LineDraft, Vec<LineCell>) {
        let (mut joined, mut clashes) = (now.clone(), Vec::new());
        for cell in LineCell::ALL {
            let (typed, before, now) = (self.text(cell), before.text(cell), now.text(cell));
            if typed != before {
                joined.put(cell, typed.to_owned());
                if now != before && now != typed {
                    clashes.push(cell);
                }
            }
        }
        (joined, clashes)
    }

    /// Reads the form; everything that is wrong is named with its cell, in the order of the columns.
    pub fn read(&self) -> Result<LineValues, Vec<CellRefused>> {
        let mut faults = Vec::new();
        let project_name = noted(&mut faults, LineCell::ProjectName, text::required("项目名称", &self.project_name, 200));
        let measure = noted(&mut faults, LineCell::Measure, unless_blank(&self.measure, Measure::parse).map_err(|_| WhyRefused::Measure));
        let percent = noted(&mut faults, LineCell::Percent, unless_blank(&self.percent, Percent::parse));
        let sme = noted(&mut faults, LineCell::Sme, Money::parse_wan(&self.sme));
        let part = Money::parse_wan(&self.small_micro).map_err(WhyRefused::from).and_then(|part| match sme {
            Some(sme) if part > sme => Err(WhyRefused::Part(sme.wan())),
            _ => Ok(part),
        });
        let small_micro = noted(&mut faults, LineCell::SmallMicro, part);
        let url = noted(&mut faults, LineCell::Url, text::link(&self.url));
        match (project_name, measure, percent, sme, small_micro, url) {
            (Some(project_name), Some(measure), Some(percent), Some(sme), Some(small_micro), Some(url)) => {
                Ok(LineValues { project_name, measure, percent, sme, small_micro, url })
            }
            _ => Err(faults),
        }
    }
}

/// What was read, or a note of why it could not be.
fn noted<T>(faults: &mut Vec<CellRefused>, cell: LineCell, read: Result<T, impl Into<WhyRefused>>) -> Option<T> {
    read.map_err(|why| faults.push(CellRefused { cell, why: why.into() })).ok()
}

/// Nothing for a cell that may be empty and is.
fn unless_blank<T, E>(text: &str, parse: impl FnOnce(&str) -> Result<T, E>) -> Result<Option<T>, E> {
    if text.trim().is_empty() { Ok(None) } else { parse(text).map(Some) }
}

impl LineValues {
    /// The text that a cell shows; empty where there is nothing.
    pub fn text(&self, cell: LineCell) -> String {
        match cell {
            LineCell::ProjectName => self.project_name.clone(),
            LineCell::Measure => self.measure.map(|measure| measure.label().to_owned()).unwrap_or_default(),
            LineCell::Percent => self.percent.map(|percent| percent.to_string()).unwrap_or_default(),
            LineCell::Sme => self.sme.wan(),
            LineCell::SmallMicro => self.small_micro.wan(),
            LineCell::Url => self.url.clone().unwrap_or_default(),
        }
    }

    /// What differs in `later`, cell by cell.
    pub fn differences(&self, later: &LineValues) -> Vec<Difference> {
        let differing = LineCell::ALL.into_iter().map(|cell| Difference { cell, before: self.text(cell), after: later.text(cell) });
        differing.filter(|difference| difference.before != difference.after).collect()
    }

    /// As the form begins.
    pub fn draft(&self) -> LineDraft {
        let mut draft = LineDraft::default();
        for cell in LineCell::ALL {
            draft.put(cell, self.text(cell));
        }
        draft
    }
}

/// A cell that differs from what was approved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Where.
    pub cell: LineCell,
    /// 改前; empty where nothing stood.
    pub before: String,
    /// 改后; empty where nothing stands.
    pub after: String,
}

/// What is done to a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum LineChange {
    /// 「编辑」.
    Edit(LineDraft),
    /// 「删除」 from the announcement.
    Remove,
    /// 「恢复」: as approved.
    Restore,
}

/// Why a change of a line is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeRefused {
    /// A cell cannot be read.
    #[error(transparent)]
    Cell(#[from] CellRefused),
    /// Without a reason, or with one that is too long.
    #[error(transparent)]
    Reason(#[from] TextError),
}

impl ChangeRefused {
    /// The form's field that is to be corrected.
    pub const fn field(&self) -> &'static str {
        match self {
            ChangeRefused::Cell(refused) => refused.cell.code(),
            ChangeRefused::Reason(_) => "reason",
        }
    }
}

impl AnnouncementLine {
    /// This line after `change`, for `reason`; or everything that is wrong, at least one thing. Back to what was approved, no
    /// reason remains.
    pub fn changed(&self, change: &LineChange, reason: &str) -> Result<AnnouncementLine, Vec<ChangeRefused>> {
        let mut line = self.clone();
        let mut faults = Vec::new();
        match change {
            LineChange::Edit(draft) => {
                line.is_removed = false;
                match draft.read() {
                    Ok(values) => line.values = values,
                    Err(cells) => faults.extend(cells.into_iter().map(ChangeRefused::Cell)),
                }
            }
            LineChange::Remove => line.is_removed = true,
            LineChange::Restore => {
                line.values = self.approved.clone();
                line.is_removed = false;
            }
        }
        // What cannot be read is not what was approved: it needs a reason too.
        line.reason = String::new();
        if line.is_changed() || !faults.is_empty() {
            match text::required("修改理由", reason, REASON_MAX) {
                Ok(reason) => line.reason = reason,
                Err(error) => faults.push(error.into()),
            }
        }
        if faults.is_empty() { Ok(line) } else { Err(faults) }
    }

    /// Whether it is not as approved.
    pub fn is_changed(&self) -> bool {
        self.is_removed || self.values != self.approved
    }

    /// What differs from what was approved, cell by cell; nothing for a line that was taken out as a whole.
    pub fn differences(&self) -> Vec<Difference> {
        self.approved.differences(&self.values)
    }
}

/// The sums of the lines that the announcement shows.
pub fn totals(lines: &[AnnouncementLine]) -> (Money, Money) {
    let shown = || lines.iter().filter(|line| !line.is_removed);
    (shown().map(|line| line.values.sme).sum(), shown().map(|line| line.values.small_micro).sum())
}

/// The SME amount of the lines that the announcement shows by 预留选项, in the order of the list, those that occur.
pub fn shares(lines: &[AnnouncementLine]) -> Vec<(Measure, Money)> {
    let sum = |measure: Measure| -> Money {
        lines.iter().filter(|line| !line.is_removed && line.values.measure == Some(measure)).map(|line| line.values.sme).sum()
    };
    Measure::ALL.iter().map(|measure| (*measure, sum(*measure))).filter(|(_, amount)| *amount != Money::ZERO).collect()
}

/// What the announcement's text is bound to.
pub fn figures(unit: &str, year: Year, remark: &str, date: Option<Day>, lines: &[AnnouncementLine]) -> Figures {
    let (sme, small_micro) = totals(lines);
    let shown = lines.iter().filter(|line| !line.is_removed).map(|line| NoticeLine {
        project_name: line.values.project_name.clone(),
        measure: line.values.measure,
        pct: line.values.percent,
        sme: line.values.sme,
        url: line.values.url.clone(),
    });
    Figures {
        unit: unit.to_owned(),
        year: year.number(),
        sme,
        small_micro,
        ratio: Ratio::of(small_micro, sme),
        remark: remark.to_owned(),
        date,
        lines: shown.collect(),
    }
}

#[cfg(test)]
pub(super) mod sample;
#[cfg(test)]
mod tests;
