//! 年度数据: generate from contracts, correct, submit, review.
//!
//! Always: one per unit and year; what a line shows is computed by `domain::record::line` from the contract and the overrides;
//! each submission is frozen as a version, and announcements are made from approved versions only. Contracts are read through
//! `contracts::commands`, approvals go through `approvals::commands`.

pub mod api;
#[cfg(feature = "ssr")]
pub mod commands;
pub mod duplicates;
pub mod explained;
#[cfg(feature = "ssr")]
pub mod export;
pub mod grid;
#[cfg(feature = "ssr")]
pub mod handlers;
pub mod left_out;
pub mod list;
pub mod page;
pub mod print;
pub mod saving;
pub mod sheet;
#[cfg(feature = "ssr")]
mod store;
pub mod updating;
mod words;

pub use crate::domain::record::LeftOut;
pub use crate::domain::record::allowed::Allowed;

use crate::domain::approval::Candidate;
use crate::domain::calendar::{Moment, Year};
use crate::domain::contract::{Rule, YearBasis};
use crate::domain::ids::{ClaimFileId, LineId, RecordId, UnitId, UserId};
use crate::domain::money::Money;
use crate::domain::record::line::{Line, LineRules};
use crate::domain::record::status::RecordStatus;
use crate::features::approvals::History;
use serde::{Deserialize, Serialize};

/// The head of a 年度数据.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Identity.
    pub id: RecordId,
    /// Whose.
    pub unit: UnitId,
    /// Its name.
    pub unit_name: String,
    /// Of which year.
    pub year: Year,
    /// Where it stands.
    pub status: RecordStatus,
    /// Which date places contracts in the year; frozen at generation.
    pub basis: YearBasis,
    /// 「说明」.
    pub remark: String,
    /// How often it was submitted.
    pub round: i64,
    /// Who submitted it last.
    pub submitted_by: Option<UserId>,
    /// When.
    pub submitted_at: Option<Moment>,
    /// Lines that count.
    pub line_count: i64,
    /// 面向中小企业采购金额.
    pub sme: Money,
    /// 面向小微企业采购金额.
    pub small_micro: Money,
    /// The number of the approved version, once there was one.
    pub approved_number: Option<i64>,
    /// Counts moves of the status.
    pub version: i64,
    /// Counts changes of lines and words.
    pub content_version: i64,
}

/// A file with which the unit proves a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimFile {
    /// Identity.
    pub id: ClaimFileId,
    /// The line of the claim.
    pub line: LineId,
    /// Its name.
    pub name: String,
    /// The media type that it is served with.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of its content.
    pub sha256: String,
    /// When it was uploaded.
    pub uploaded_at: Moment,
}

/// Everything the page of a record shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordView {
    /// The head.
    pub record: Record,
    /// What is fixed for its lines.
    pub rules: LineRules,
    /// The lines, in order.
    pub lines: Vec<Line>,
    /// What is not counted, with the rule; of each rule the first ones only, where a page asks.
    pub left_out: Vec<LeftOut>,
    /// How many contracts each rule left out, in the order of the rules.
    pub left_out_counts: Vec<(Rule, usize)>,
    /// The files that prove its claims.
    pub claim_files: Vec<ClaimFile>,
    /// Steps and log.
    pub history: History,
    /// Who submitted it, as shown.
    pub submitted_by: String,
    /// Who can be chosen as next approver.
    pub candidates: Vec<Candidate>,
    /// What this person may do.
    pub allowed: Allowed,
    /// What changed since the version that was submitted before (for reviewers).
    pub changes: Vec<Change>,
    /// The server's time.
    pub now: Moment,
}

/// A difference between two versions, as a row of 改前/改后.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Which line and cell.
    pub place: String,
    /// 改前.
    pub before: String,
    /// 改后.
    pub after: String,
}

/// What a submission froze.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Frozen {
    /// What is fixed for the lines.
    pub rules: LineRules,
    /// The lines.
    pub lines: Vec<Line>,
    /// 「说明」.
    pub remark: String,
}

/// One row of the list of records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordRow {
    /// The head.
    pub record: Record,
    /// What this person may do.
    pub allowed: Allowed,
}
