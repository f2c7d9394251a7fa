//! Server functions of the 合同台账.

use super::columns::LedgerColumn;
use crate::domain::contract::{Contract, Measure, Source, YearBasis};
use crate::domain::ids::{ContractId, UnitId};
use crate::domain::money::Money;
use crate::error::AppError;
use crate::wire::Json;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Which contracts the ledger shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerQuery {
    /// Whose; one's own unit where nothing is given.
    pub unit: Option<UnitId>,
    /// 统计年度.
    pub year: Option<i32>,
    /// 来源.
    pub source: Option<Source>,
    /// 预留选项.
    pub measure: Option<Measure>,
    /// `counted`, `left_out`, `needs_input`, `error`, or the code of a rule; anything where empty.
    pub verdict: String,
    /// Words that stand in names or numbers, all of them.
    pub words: String,
    /// The page, from 1.
    pub page: u64,
}

/// What the contracts that fit add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerSums {
    /// Contracts that fit.
    pub total: u64,
    /// Those of them that count.
    pub counted: u64,
    /// 合同金额.
    pub amount: Money,
    /// 面向中小企业采购金额 of those that count.
    pub sme: Money,
    /// 面向小微企业采购金额 of those that count.
    pub small_micro: Money,
}

/// A contract as the ledger shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerLine {
    /// Identity.
    pub id: ContractId,
    /// The row.
    pub contract: Contract,
    /// The year in which it stands.
    pub year: i32,
    /// 「计入」, 「不计入」 and so on.
    pub verdict: String,
    /// Why, in a few words; empty where it counts.
    pub reason: String,
    /// Which of the four it is: the code of the verdict.
    pub kind: String,
    /// 面向中小企业采购金额 where it counts.
    pub sme: Option<Money>,
    /// 面向小微企业采购金额 where it counts.
    pub small_micro: Option<Money>,
}

/// A page of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    /// The contracts of the page, newest signature first.
    pub lines: Vec<LedgerLine>,
    /// What all that fit add up to.
    pub sums: LedgerSums,
    /// The page shown, which is the last one where more was asked for.
    pub page: u64,
    /// Contracts a page.
    pub size: u64,
    /// The years in which contracts stand, newest first.
    pub years: Vec<i32>,
    /// Whose they are.
    pub unit: UnitId,
    /// The units that may be chosen, one's own first; a single one where there is no choice.
    pub units: Vec<(UnitId, String)>,
    /// By which date contracts stand in a year.
    pub basis: YearBasis,
    /// The columns that this person wants to see, besides the name.
    pub columns: Vec<LedgerColumn>,
}

/// 「列设置」.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnChoice {
    /// The columns to show, in any order.
    pub columns: Vec<LedgerColumn>,
}

/// A page of the ledger.
#[server(prefix = "/api", endpoint = "contracts", input = Json, output = Json)]
pub async fn contracts(input: LedgerQuery) -> Result<Ledger, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::ledger::list(&services, &deed, &input).await
}

/// Remembers which columns of the ledger this person wants to see.
#[server(prefix = "/api", endpoint = "choose_ledger_columns", input = Json, output = Json)]
pub async fn choose_ledger_columns(input: ColumnChoice) -> Result<(), AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::ledger::choose_columns(&services, deed, input.columns).await
}
