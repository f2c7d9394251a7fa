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

/// What the ledger says beside what a record holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// The head of the record.
    pub record: Record,
    /// Whether this person may change it now.
    pub is_editable: bool,
    /// When the record was generated or last updated.
    pub seen_at: Option<Moment>,
    /// The differences, those that touch what was done by hand first; the first ones only where there are very many.
    pub differences: Vec<Difference>,
    /// How many there are.
    pub total: usize,
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
    /// What was chosen against the preselection: `None` leaves the difference, a way takes it over.
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
    /// How many differences there are.
    pub count: usize,
    /// Since when.
    pub since: Option<Moment>,
}

/// What the ledger says beside what the record holds.
#[server(prefix = "/api", endpoint = "record_comparison", input = Json, output = Json)]
pub async fn record_comparison(input: RecordOnly) -> Result<Comparison, AppError> {
    let (services, deed) = crate::server::request::current()?;
    crate::features::records::commands::comparison(&services, &deed, &input.record).await
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
