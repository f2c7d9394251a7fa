//! What became of an approved record after an announcement took its lines (E5): which rows are affected, what 「更新」 makes of
//! them, and whether the announcement must wait.
//!
//! Always: nothing is taken over silently; a row that the supervisor took out stays out, and a cell that the supervisor changed
//! keeps what they wrote, because both were decided for a reason.

use crate::domain::announcement::line::{AnnouncementLine, Difference, LineCell, LineValues};
use crate::domain::announcement::status::AnnouncementStatus;
use crate::domain::ids::{AnnouncementLineId, LineId, RecordId};
use crate::domain::record::status::RecordStatus;
use serde::{Deserialize, Serialize};

/// A line of the newest approved version of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovedRow {
    /// The record's own line.
    pub line: LineId,
    /// What it says.
    pub values: LineValues,
}

/// A row of an announcement that the newest approved version touches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RowNews {
    /// The approved line says something else now.
    Changed {
        /// The row of the announcement.
        line: AnnouncementLineId,
        /// What it is called in the announcement.
        project_name: String,
        /// Cell by cell: approved then, approved now.
        differences: Vec<Difference>,
    },
    /// The record has no such line any more.
    Gone {
        /// The row of the announcement.
        line: AnnouncementLineId,
        /// What it says.
        was: LineValues,
    },
    /// The record has a line that the announcement lacks.
    Added {
        /// What it says.
        is: LineValues,
    },
}

impl RowNews {
    /// The row of the announcement, unless it is a new one.
    pub const fn line(&self) -> Option<&AnnouncementLineId> {
        match self {
            RowNews::Changed { line, .. } | RowNews::Gone { line, .. } => Some(line),
            RowNews::Added { .. } => None,
        }
    }
}

/// What the people of an announcement are told when the correction of a record that it holds is consented to. The approved figures stand until
/// others are approved, so nothing is held back by it; who knows that they are wrong can hold it back.
pub fn being_corrected(status: &AnnouncementStatus, unit_name: &str) -> String {
    let then = match status {
        AnnouncementStatus::Scheduled(at) => {
            format!("；公告仍将于 {} 发布，不应按现有数据发布的，经办人可先「撤回」或「推迟」", at.local())
        }
        AnnouncementStatus::InReview => "；不应按现有数据发布的，请「不同意」或「撤回」".to_owned(),
        _ => String::new(),
    };
    format!("所汇集的{unit_name}的年度数据正在更正{then}")
}

/// Whether a row of the announcement is this approved row.
type Rule<'a> = &'a dyn Fn(&AnnouncementLine, &ApprovedRow) -> bool;

/// For each row of the announcement the approved row that stands for it now, and the approved rows that none stands for.
///
/// Rows know the line they came from. Rows made before that was noted are told by what was approved, then by their name.
fn matched<'a>(lines: &[&AnnouncementLine], approved: &'a [ApprovedRow]) -> (Vec<Option<&'a ApprovedRow>>, Vec<&'a ApprovedRow>) {
    let mut found: Vec<Option<&ApprovedRow>> = vec![None; lines.len()];
    let mut free: Vec<&ApprovedRow> = approved.iter().collect();
    let known = |line: &AnnouncementLine, row: &ApprovedRow| line.record_line.as_ref() == Some(&row.line);
    let alike = |line: &AnnouncementLine, row: &ApprovedRow| line.record_line.is_none() && line.approved == row.values;
    let named =
        |line: &AnnouncementLine, row: &ApprovedRow| line.record_line.is_none() && line.approved.project_name == row.values.project_name;
    let rules: [Rule<'_>; 3] = [&known, &alike, &named];
    for rule in rules {
        for (line, found) in lines.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
            if let Some(at) = free.iter().position(|row| rule(line, row)) {
                *found = Some(free.remove(at));
            }
        }
    }
    (found, free)
}

/// The rows of one record that its newest approved version touches: `lines` are that record's rows in the announcement.
pub fn news(lines: &[AnnouncementLine], record: &RecordId, approved: &[ApprovedRow]) -> Vec<RowNews> {
    let own: Vec<&AnnouncementLine> = lines.iter().filter(|line| line.record == *record).collect();
    let (found, free) = matched(&own, approved);
    let touched = own.iter().zip(found).filter_map(|(line, row)| match row {
        None => Some(RowNews::Gone { line: line.id.clone(), was: line.approved.clone() }),
        Some(row) => {
            let differences = line.approved.differences(&row.values);
            (!differences.is_empty()).then(|| RowNews::Changed {
                line: line.id.clone(),
                project_name: line.values.project_name.clone(),
                differences,
            })
        }
    });
    touched.chain(free.into_iter().map(|row| RowNews::Added { is: row.values.clone() })).collect()
}

/// The announcement's lines after 「更新」 of one record; `line_of` makes the row of an approved line that has none yet.
///
/// Rows whose line is gone go too. Cells that the supervisor had changed keep what they wrote; the two amounts are one, so that
/// 小微 never exceeds 中小.
pub fn taken_over<E>(
    lines: Vec<AnnouncementLine>,
    record: &RecordId,
    number: i64,
    approved: &[ApprovedRow],
    mut line_of: impl FnMut(&ApprovedRow) -> Result<AnnouncementLine, E>,
) -> Result<Vec<AnnouncementLine>, E> {
    let own: Vec<&AnnouncementLine> = lines.iter().filter(|line| line.record == *record).collect();
    let (found, free) = matched(&own, approved);
    let mut found: Vec<Option<ApprovedRow>> = found.into_iter().map(Option::<&ApprovedRow>::cloned).collect();
    found.reverse();
    let added = free.into_iter().map(&mut line_of).collect::<Result<Vec<_>, E>>()?;
    // New rows stand behind the last of their record, or at the end.
    let last = lines.iter().rposition(|line| line.record == *record).map_or(lines.len(), |at| at + 1);
    let mut after: Vec<AnnouncementLine> = Vec::with_capacity(lines.len() + added.len());
    let mut added = Some(added);
    for (at, line) in lines.into_iter().enumerate() {
        if at == last {
            after.extend(added.take().into_iter().flatten());
        }
        if line.record != *record {
            after.push(line);
        } else if let Some(Some(row)) = found.pop() {
            after.push(renewed(line, number, row));
        }
    }
    after.extend(added.into_iter().flatten());
    Ok(after)
}

fn renewed(mut line: AnnouncementLine, number: i64, row: ApprovedRow) -> AnnouncementLine {
    let is_own = |cells: &[LineCell]| cells.iter().any(|cell| line.approved.text(*cell) != line.values.text(*cell));
    let mut values = row.values.clone();
    if is_own(&[LineCell::ProjectName]) {
        values.project_name.clone_from(&line.values.project_name);
    }
    if is_own(&[LineCell::Measure]) {
        values.measure = line.values.measure;
    }
    if is_own(&[LineCell::Percent]) {
        values.percent = line.values.percent;
    }
    if is_own(&[LineCell::Sme, LineCell::SmallMicro]) {
        (values.sme, values.small_micro) = (line.values.sme, line.values.small_micro);
    }
    if is_own(&[LineCell::Url]) {
        values.url.clone_from(&line.values.url);
    }
    line.record_line = Some(row.line);
    line.record_number = number;
    line.approved = row.values;
    line.values = values;
    if !line.is_changed() {
        line.reason = String::new();
    }
    line
}

/// Which versions of a record an announcement holds, knows of, and chose to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Versions {
    /// The version that the lines were taken from.
    pub held: i64,
    /// The newest approved version whose lines differ from it, if any.
    pub newest: Option<i64>,
    /// The version against which 「保留并说明」 was chosen.
    pub kept: Option<i64>,
}

impl Versions {
    /// Whether a later version was approved whose lines differ.
    pub fn is_outdated(self) -> bool {
        self.newest.is_some_and(|newest| newest > self.held)
    }

    /// Whether someone must choose between 「更新」 and 「保留并说明」: until then nothing is published.
    pub fn is_undecided(self) -> bool {
        self.newest.is_some_and(|newest| newest > self.held && self.kept.unwrap_or(0) < newest)
    }
}

/// Where the correction of an approved record stands, in words; nothing while none is under way (B7).
pub fn under_way(status: &RecordStatus, has_approved: bool) -> Option<String> {
    match status {
        _ if !has_approved => None,
        RecordStatus::Approved => None,
        RecordStatus::CorrectionAsked(reason) => Some(format!("正在申请更正，理由：{reason}")),
        other => Some(format!("正在更正，当前{}", other.label())),
    }
}

#[cfg(test)]
mod tests;
