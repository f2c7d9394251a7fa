//! One line of 「中小企业预留执行项目明细」: a contract seen through its overrides, or a line entered by hand.
//!
//! Always: what the contract says stays as it was collected; what the unit fills in lives on the line, with its reason (A5).
//! The amounts shown come from the counting rules of `contract` applied to the contract with the overrides laid over it, so
//! that a filled-in 预留比例 gives its amount by the same rule.
//! Which cells may be filled is in `lock`, what filling does in `overrides`, how a line leaves in `removal`, what is shown and said in `review`,
//! the texts of filled cells in `texts`.

mod lock;
mod overrides;
#[cfg(test)]
pub(in crate::domain::record) mod proof;
mod removal;
mod review;
mod texts;

pub use lock::{LOCKED, NOT_ASKED};
pub use overrides::{CellRefused, Overrides};
pub use removal::RemovalRefused;
pub use review::{LineFinding, Review, Weight};

use crate::domain::calendar::{Day, Year};
use crate::domain::contract::{Contract, Rule, Source, YearBasis};
use crate::domain::ids::LineId;
use serde::{Deserialize, Serialize};

/// A line of a record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Identity.
    pub id: LineId,
    /// Where it comes from.
    pub origin: Origin,
    /// What the unit filled in.
    pub overrides: Overrides,
    /// Why, in the unit's words; empty where nothing was said.
    pub reason: String,
    /// Counts changes; a save names the version it saw.
    pub version: i64,
}

/// Where a line comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Origin {
    /// 「手动录入」.
    Manual,
    /// A contract; `claimed` when it was left out by a rule and the unit claimed it in.
    Contract {
        /// The row as it stood when the line was made.
        contract: Box<Contract>,
        /// The rule that left it out, and why the unit counts it all the same.
        claimed: Option<Claim>,
    },
}

/// A left-out contract that the unit claimed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// The rule that had left it out.
    pub rule: Rule,
    /// The unit's reason.
    pub reason: String,
}

/// What is fixed for a whole record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineRules {
    /// The record's year.
    pub year: Year,
    /// Which date places a contract in a year.
    pub basis: YearBasis,
    /// Projects before this day may be completed and corrected (A5; 2024-01-01 unless configured).
    pub cutover: Day,
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
    /// 合同公告日期.
    PublishedOn,
    /// 合同链接.
    Url,
    /// 修改理由.
    Reason,
}

impl LineCell {
    /// Every cell, in the order of the columns.
    pub const ALL: [LineCell; 8] = [
        LineCell::ProjectName,
        LineCell::Measure,
        LineCell::Percent,
        LineCell::Sme,
        LineCell::SmallMicro,
        LineCell::PublishedOn,
        LineCell::Url,
        LineCell::Reason,
    ];

    /// The column's words.
    pub const fn label(self) -> &'static str {
        match self {
            LineCell::ProjectName => "项目名称",
            LineCell::Measure => "预留选项",
            LineCell::Percent => "预留比例(%)",
            LineCell::Sme => "面向中小企业采购金额(万元)",
            LineCell::SmallMicro => "面向小微企业采购金额(万元)",
            LineCell::PublishedOn => "合同公告日期",
            LineCell::Url => "合同链接",
            LineCell::Reason => "修改理由",
        }
    }

    /// Stable ASCII name, for element ids and tests.
    pub const fn code(self) -> &'static str {
        match self {
            LineCell::ProjectName => "project_name",
            LineCell::Measure => "measure",
            LineCell::Percent => "percent",
            LineCell::Sme => "sme",
            LineCell::SmallMicro => "small_micro",
            LineCell::PublishedOn => "published_on",
            LineCell::Url => "url",
            LineCell::Reason => "reason",
        }
    }
}

impl Line {
    /// A new line entered by hand.
    pub fn manual(id: LineId) -> Line {
        Line { id, origin: Origin::Manual, overrides: Overrides::default(), reason: String::new(), version: 1 }
    }

    /// A line read from a contract.
    pub fn collected(id: LineId, contract: Contract, claimed: Option<Claim>) -> Line {
        Line {
            id,
            origin: Origin::Contract { contract: Box::new(contract), claimed },
            overrides: Overrides::default(),
            reason: String::new(),
            version: 1,
        }
    }

    /// The contract it was read from.
    pub fn contract(&self) -> Option<&Contract> {
        match &self.origin {
            Origin::Manual => None,
            Origin::Contract { contract, .. } => Some(contract),
        }
    }

    /// The claim by which a left-out contract is counted.
    pub fn claim(&self) -> Option<&Claim> {
        match &self.origin {
            Origin::Manual => None,
            Origin::Contract { claimed, .. } => claimed.as_ref(),
        }
    }

    /// The word of the 来源 column.
    pub fn source_label(&self, rules: &LineRules) -> String {
        match self.contract() {
            None => "手动录入".to_owned(),
            Some(contract) if self.claim().is_some() => format!("{}（申请纳入）", contract.source.label()),
            Some(contract) if contract.source != Source::SelfEntered && contract.begun_on() < rules.cutover => {
                format!("{}（改造前）", contract.source.label())
            }
            Some(contract) => contract.source.label().to_owned(),
        }
    }

    /// Whether the unit changed anything that was collected.
    pub fn is_overridden(&self) -> bool {
        self.contract().is_some() && self.overrides != Overrides::default()
    }
}
