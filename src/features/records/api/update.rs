//! Server functions of 「从合同更新」.

use super::RecordOnly;
use crate::domain::calendar::Moment;
use crate::domain::ids::{ContractId, RecordId};
use crate::domain::record::update::{Difference, Way};
use crate::error::AppError;
use crate::features::records::Record;
use crate::wire::Json;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Which page of the differences.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComparisonQuery {
    /// Which record.
    pub record: RecordId,
    /// The page, from 1.
    pub page: u64,
    /// What the person has chosen about, on any page, each with whether it was taken over by itself then.
    pub chosen: Vec<(ContractId, bool)>,
}

/// What the ledger says beside what a record holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// The head of the record.
    pub record: Record,
    /// Whether this person may change it now.
    pub is_editable: bool,
    /// When the record was generated or last updated.
    pub seen_at: Option<Moment>,
    /// The differences of the page, those that touch what was done by hand first.
    pub differences: Vec<Difference>,
    /// How many there are on all pages.
    pub total: usize,
    /// How many of them touch nothing that was done by hand.
    pub untouched: usize,
    /// The page, which is the last one where more was asked for.
    pub page: u64,
    /// Differences on a page.
    pub size: u64,
    /// What was chosen about and is no such difference any more: the choice is about nothing.
    pub stale: Vec<ContractId>,
    /// Why a contract is gone, by its id.
    pub gone: Vec<(ContractId, String)>,
    /// Names exactly these differences.
    pub digest: String,
}

/// Which differences to take over.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateInput {
    /// Which record.
    pub record: RecordId,
    /// The version of the content that was seen.
    pub content_version: i64,
    /// The differences that were seen.
    pub digest: String,
    /// Whether differences that touch nothing done by hand are taken over where nothing else was chosen.
    pub takes_untouched: bool,
    /// What was chosen for one difference: `None` leaves it, a way takes it over.
    pub choices: Vec<(ContractId, Option<Way>)>,
}

/// What an update did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Updated {
    /// Contracts that the record did not hold.
    pub added: usize,
    /// Contracts that say something else.
    pub changed: usize,
    /// Contracts that left.
    pub removed: usize,
    /// Differences that were left.
    pub left: usize,
}

/// Whether contracts have changed since a record was generated or last updated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerNews {
    /// How many differences there are; 0 as long as the contracts stand as they did.
    pub count: usize,
    /// How many differences were left at the last update, as long as nothing has changed since.
    pub left: usize,
    /// Since when.
    pub since: Option<Moment>,
}

/// What the ledger says beside what the record holds.
#[server(prefix = "/api", endpoint = "record_comparison", input = Json, output = Json)]
pub async fn record_comparison(input: ComparisonQuery) -> Result<Comparison, AppError> {
    let (services, deed) = crate::server::request::current()?;
    crate::features::records::commands::comparison(&services, &deed, input).await
}

/// Takes differences over.
#[server(prefix = "/api", endpoint = "update_record", input = Json, output = Json)]
pub async fn update_record(input: UpdateInput) -> Result<Updated, AppError> {
    let (services, deed) = crate::server::request::current()?;
    crate::features::records::commands::update(&services, deed, input).await
}

/// Whether contracts have changed since the record was generated or last updated.
#[server(prefix = "/api", endpoint = "record_ledger_news", input = Json, output = Json)]
pub async fn record_ledger_news(input: RecordOnly) -> Result<LedgerNews, AppError> {
    let (services, deed) = crate::server::request::current()?;
    crate::features::records::commands::ledger_news(&services, &deed, &input.record).await
}
