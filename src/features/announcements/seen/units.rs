//! The units of an announcement: whose records are missing, which of them could be taken in by now, and which were taken out (C1, C4).

use crate::domain::calendar::Moment;
use crate::domain::ids::{AnnouncementId, RecordId};
use crate::domain::money::Money;
use serde::{Deserialize, Serialize};

/// A unit of the tree that is not in the announcement, and where its record stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// The unit.
    pub unit_name: String,
    /// Where its record stands: 「未生成」, 「草稿」, 「审核中」 …
    pub state: String,
    /// Its approved version, which can be taken in.
    pub ready: Option<Ready>,
    /// That it was taken out before, and why.
    pub left: Option<Left>,
}

/// An approved version that the announcement does not hold yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ready {
    /// The record.
    pub record: RecordId,
    /// The number of its approved version.
    pub number: i64,
    /// How many lines it has; none for a 零报告.
    pub lines: usize,
    /// 面向中小企业采购金额.
    pub sme: Money,
    /// 面向小微企业采购金额.
    pub small_micro: Money,
    /// The unit's 「说明」, a proposal for 备注 (A12).
    pub remark: String,
}

impl Ready {
    /// What it would bring, in a sentence.
    pub fn words(&self) -> String {
        if self.lines == 0 {
            "零报告".to_owned()
        } else {
            format!("{} 行，面向中小企业 {} 万元，面向小微企业 {} 万元", self.lines, self.sme.wan(), self.small_micro.wan())
        }
    }
}

/// Who took a unit in after the announcement was created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenIn {
    /// Who.
    pub by: String,
    /// When.
    pub at: Moment,
}

/// That a unit was taken out, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// The reason, which the reviewer sees.
    pub reason: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: Moment,
}

/// 「补入单位」: all of them or none.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitsTaken {
    /// The announcement.
    pub id: AnnouncementId,
    /// The version that was seen.
    pub version: i64,
    /// The records.
    pub records: Vec<RecordSeen>,
}

/// A record whose figures were seen.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordSeen {
    /// Which.
    pub record: RecordId,
    /// The approved version that was seen.
    pub number: i64,
}

/// 「移出单位」.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitLeft {
    /// The announcement.
    pub id: AnnouncementId,
    /// The version that was seen.
    pub version: i64,
    /// The record whose lines go.
    pub record: RecordId,
    /// Why.
    pub reason: String,
}
