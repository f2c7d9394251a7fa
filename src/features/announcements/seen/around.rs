//! What stands around an announcement: the units of the tree, the records that it holds and what became of them (C1, E5), and
//! the rehearsal of all of it (E6).

use super::{Attachment, Existing, Missing, TakenIn};
use crate::domain::announcement::document::Document;
use crate::domain::announcement::figures::Figures;
use crate::domain::announcement::rehearsal::{Finding, Stage, rehearse};
use crate::domain::announcement::stale::RowNews;
use crate::domain::calendar::Moment;
use crate::domain::ids::{AnnouncementId, RecordId};
use crate::domain::money::Money;
use serde::{Deserialize, Serialize};

/// A unit of the tree, and what of it would go into an announcement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitStanding {
    /// The unit.
    pub unit_name: String,
    /// Its record's state: 「未生成」, 「草稿」, 「审核中」, 「审核完成」 …
    pub state: String,
    /// Whether it has an approved version, which goes in.
    pub is_ready: bool,
    /// Whether that version is a 零报告: no line.
    pub is_zero: bool,
    /// Where its correction stands, while one is under way.
    pub under_way: Option<String>,
    /// Lines of the approved version.
    pub lines: usize,
    /// Their sum.
    pub sme: Money,
}

/// 「保留并说明」: the lines stay as they were, for a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The reason, which the reviewer sees.
    pub reason: String,
    /// Who chose so.
    pub by: String,
    /// When.
    pub at: Moment,
}

/// A record that the announcement holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The record.
    pub record: RecordId,
    /// The unit.
    pub unit_name: String,
    /// The newest approved version whose lines differ, where there is one.
    pub newest: Option<i64>,
    /// Whether somebody must choose between 「更新」 and 「保留并说明」.
    pub is_undecided: bool,
    /// The rows that the newest version touches.
    pub news: Vec<RowNews>,
    /// What was chosen before, and why.
    pub kept: Option<Kept>,
    /// Where a correction stands that is under way.
    pub under_way: Option<String>,
    /// Who took it in, if it was not there from the beginning.
    pub taken_in: Option<TakenIn>,
}

/// A rehearsal before the set time (E6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rehearsal {
    /// When.
    pub at: Moment,
    /// What was found.
    pub findings: Vec<Finding>,
    /// What was chosen, once it was.
    pub answer: Option<RehearsalAnswered>,
}

/// What was chosen after a rehearsal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RehearsalAnswered {
    /// Whether it was 「推迟」, and not 「照发」.
    pub is_postponed: bool,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: Moment,
}

/// What came of asking the links of an announcement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinksAsked {
    /// How many answered or did not, each address once.
    pub asked: usize,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// What stands around an announcement, to be looked at before it goes out.
#[derive(Clone, Copy, Debug)]
pub struct Around<'a> {
    /// The records that it holds.
    pub held: &'a [Held],
    /// The units that are not in it.
    pub missing: &'a [Missing],
    /// Other announcements of the year.
    pub others: &'a [Existing],
    /// Its files.
    pub files: &'a [Attachment],
}

/// The rehearsal of this text over these data, in the browser and on the server alike.
pub fn rehearsed(title: &str, document: Option<&Document>, figures: &Figures, around: Around<'_>) -> Vec<Finding> {
    let named = |of: &dyn Fn(&Held) -> Option<String>| -> Vec<(String, String)> {
        around.held.iter().filter_map(|held| Some((held.unit_name.clone(), of(held)?))).collect()
    };
    let undecided: Vec<String> = around.held.iter().filter(|held| held.is_undecided).map(|held| held.unit_name.clone()).collect();
    let kept = named(&|held| held.kept.as_ref().filter(|_| !held.is_undecided).map(|kept| kept.reason.clone()));
    let files: Vec<(String, bool)> = around.files.iter().map(|file| (file.name.clone(), file.is_shown)).collect();
    let others: Vec<(String, String)> = around.others.iter().map(|other| (other.title.clone(), other.status.clone())).collect();
    // Each unit is spoken of once: as one that was taken out, as one that could be taken in, or as one that is not done.
    let units = |of: &dyn Fn(&Missing) -> Option<String>| -> Vec<(String, String)> {
        around.missing.iter().filter_map(|unit| Some((unit.unit_name.clone(), of(unit)?))).collect()
    };
    let left = units(&|unit| unit.left.as_ref().map(|left| left.reason.clone()));
    let ready = units(&|unit| unit.ready.as_ref().filter(|_| unit.left.is_none()).map(super::Ready::words));
    let missing = units(&|unit| (unit.left.is_none() && unit.ready.is_none()).then(|| unit.state.clone()));
    rehearse(&Stage {
        title,
        document,
        figures,
        files: &files,
        others: &others,
        missing: &missing,
        ready: &ready,
        left: &left,
        undecided: &undecided,
        kept: &kept,
        under_way: &named(&|held| held.under_way.clone()),
    })
}

/// What to do about a record that was corrected since (E5).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settlement {
    /// The announcement.
    pub id: AnnouncementId,
    /// The version that was seen.
    pub version: i64,
    /// The record.
    pub record: RecordId,
    /// Its newest approved version as it was seen.
    pub newest: i64,
    /// What is chosen.
    pub choice: StaleChoice,
}

/// What can be chosen for a corrected record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum StaleChoice {
    /// 「更新」: the newly approved lines are taken over.
    Update,
    /// 「保留并说明」, for this reason.
    Keep(String),
}

/// An answer to the rehearsal before the set time (E6); 「修改」 is a withdrawal.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RehearsalAnswer {
    /// The announcement.
    pub id: AnnouncementId,
    /// The version that was seen.
    pub version: i64,
    /// 「推迟」 to this moment; nothing for 「照发」.
    pub postponed_to: Option<Moment>,
    /// Why.
    pub reason: String,
}
