//! What the page of a contract asks: where a copy of it is held.

use super::store;
use crate::domain::calendar::Year;
use crate::domain::ids::{ContractId, RecordId, UnitId};
use crate::error::AppError;
use sqlx::AnyConnection;

/// Holds a record until this transaction ends, so that it is not approved, returned or corrected meanwhile.
pub async fn hold(db: &mut AnyConnection, record: &RecordId) -> Result<(), AppError> {
    Ok(store::hold(db, record).await?)
}

/// The 年度数据 of a unit that hold a copy of this contract, newest first; they do not follow its changes by themselves.
pub async fn holding(db: &mut AnyConnection, unit: &UnitId, contract: &ContractId) -> Result<Vec<(RecordId, Year)>, AppError> {
    store::holding::of_contract(db, unit, contract).await
}
