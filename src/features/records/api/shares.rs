//! Server functions of the shares of a record (E10).

use super::RecordOnly;
use crate::domain::contract::Category;
use crate::domain::ids::RecordId;
use crate::domain::share::Shares;
use crate::domain::share::projects::{Asked, Entered};
use crate::error::AppError;
use crate::wire::Json;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The shares of a record, as its page shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareView {
    /// The two that need budgets.
    pub shares: Shares,
    /// The projects of which the unit has entered something.
    pub entered: Vec<Asked>,
    /// Sentences proposed for 「说明」 where a share is missed.
    pub draft: Option<String>,
}

/// What the unit enters of a project.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BudgetInput {
    /// Which record.
    pub record: RecordId,
    /// The id of the contract, or of the line by hand.
    pub project: String,
    /// 预算金额 in 万元; empty takes back what was entered.
    pub budget: String,
    /// 项目属性.
    pub category: Category,
    /// Whether it was reserved for small and micro enterprises; counts for lines by hand.
    pub is_for_small_micro: bool,
    /// What the page showed as entered before, if anything: what a colleague has entered meanwhile is not overwritten unseen.
    pub seen: Option<Entered>,
}

/// What entering a budget made of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedBudget {
    /// The version of its content before.
    pub content_version_before: i64,
    /// The version of its content now.
    pub content_version: i64,
}

/// The shares of a record.
#[server(prefix = "/api", endpoint = "record_shares", input = Json, output = Json)]
pub async fn record_shares(input: RecordOnly) -> Result<ShareView, AppError> {
    let (services, deed) = crate::server::request::current()?;
    crate::features::records::commands::shares(&services, &deed, &input.record).await
}

/// Enters what a project's contract does not say.
#[server(prefix = "/api", endpoint = "save_budget", input = Json, output = Json)]
pub async fn save_budget(input: BudgetInput) -> Result<SavedBudget, AppError> {
    let (services, deed) = crate::server::request::current()?;
    crate::features::records::commands::save_budget(&services, deed, input).await
}
