//! The contracts behind the lines of an approved version, for what is said of a published announcement.

use super::super::{Frozen, store};
use crate::domain::contract::Contract;
use crate::domain::ids::{LineId, RecordId};
use crate::domain::record::line::Origin;
use crate::error::AppError;
use crate::server::fault::impossible;
use sqlx::AnyConnection;

/// The contracts of this approved version by their lines; lines entered by hand have none, and a version that was never kept neither.
pub async fn approved_contracts(db: &mut AnyConnection, record: &RecordId, number: i64) -> Result<Vec<(LineId, Contract)>, AppError> {
    let Some(body) = store::frozen(db, record, number).await? else { return Ok(Vec::new()) };
    let frozen: Frozen = serde_json::from_str(&body).map_err(|error| impossible("record_versions", record.as_str(), &error))?;
    let contracts = frozen.lines.into_iter().filter_map(|line| match line.origin {
        Origin::Contract { contract, .. } => Some((line.id, *contract)),
        Origin::Manual => None,
    });
    Ok(contracts.collect())
}
