//! The page of one contract: what it says and what the rules make of it; entering, changing and deleting the unit's own (自行录入).
//!
//! Always: a field is read by the rules of an import (`domain::sheet::Draft`), in the browser while one types and by the server before it
//! writes; a save names the version it saw, and what was typed stays on the page until it is stored.

pub mod api;
#[cfg(feature = "ssr")]
pub mod commands;
mod conflict;
mod fields;
mod form;
pub mod page;
mod read_only;
mod verdict;

use crate::domain::calendar::{Moment, Year};
use crate::domain::contract::{Contract, Source, YearBasis};
use crate::domain::ids::{ContractId, RecordId};
use crate::domain::sheet::Draft;
use crate::features::approvals::Event;
use serde::{Deserialize, Serialize};

/// Everything the page of a contract shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContractView {
    /// Identity.
    pub id: ContractId,
    /// The row.
    pub contract: Contract,
    /// Counts changes; a save names the version it saw.
    pub version: i64,
    /// Whose it is.
    pub unit_name: String,
    /// By which date it stands in a year.
    pub basis: YearBasis,
    /// Why this person cannot change it; `None` where they can.
    pub locked: Option<String>,
    /// The 年度数据 that hold a copy of it.
    pub held: Vec<(RecordId, Year)>,
    /// What was done with it by hand, newest first.
    pub events: Vec<Event>,
    /// The server's time.
    pub now: Moment,
}

/// What an empty form begins with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EmptyForm {
    /// The fields that are known.
    pub draft: Draft,
    /// By which date contracts stand in a year.
    pub basis: YearBasis,
    /// The server's time.
    pub now: Moment,
}

/// Another contract with the same 合同编号 and 标项.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Twin {
    /// Identity.
    pub id: ContractId,
    /// 项目名称.
    pub project_name: String,
    /// 来源.
    pub source: Source,
}
