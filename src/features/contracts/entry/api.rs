//! Server functions of the page of a contract.

use super::{ContractView, EmptyForm, Twin};
use crate::domain::ids::ContractId;
use crate::domain::sheet::Draft;
use crate::error::AppError;
use crate::wire::Json;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Which contract to show.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContractOnly {
    /// Which.
    pub id: ContractId,
}

/// A contract as a page shows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContractAt {
    /// Which.
    pub id: ContractId,
    /// The version that was seen.
    pub version: i64,
}

/// What was typed into the form.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContractForm {
    /// Which contract; a new one where none is named.
    pub id: Option<ContractId>,
    /// The version that was seen.
    pub version: i64,
    /// The fields. Whose contract it is, and its 来源, the server knows itself.
    pub draft: Draft,
}

/// What was stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedContract {
    /// Which.
    pub id: ContractId,
    /// Its version now.
    pub version: i64,
}

/// A key within one's own unit.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContractKey {
    /// 合同编号.
    pub contract_no: String,
    /// 标项.
    pub lot: String,
    /// The contract that may have it.
    pub except: Option<ContractId>,
}

/// Everything of one contract.
#[server(prefix = "/api", endpoint = "contract", input = Json, output = Json)]
pub async fn contract(input: ContractOnly) -> Result<ContractView, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::view(&services, &deed, &input.id).await
}

/// What an empty form begins with.
#[server(prefix = "/api", endpoint = "new_contract", input = Json, output = Json)]
pub async fn new_contract() -> Result<EmptyForm, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::empty(&services, &deed).await
}

/// The contract of one's own unit that has this key already.
#[server(prefix = "/api", endpoint = "contract_twin", input = Json, output = Json)]
pub async fn contract_twin(input: ContractKey) -> Result<Option<Twin>, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::twin(&services, &deed, &input).await
}

/// Stores a 自行录入 contract.
#[server(prefix = "/api", endpoint = "save_contract", input = Json, output = Json)]
pub async fn save_contract(input: ContractForm) -> Result<SavedContract, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::save(&services, deed, input).await
}

/// Deletes a 自行录入 contract.
#[server(prefix = "/api", endpoint = "delete_contract", input = Json, output = Json)]
pub async fn delete_contract(input: ContractAt) -> Result<(), AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::delete(&services, deed, input).await
}
