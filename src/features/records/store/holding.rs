//! Which 年度数据 hold a copy of a stored contract.

use crate::domain::calendar::Year;
use crate::domain::ids::{ContractId, RecordId, UnitId};
use crate::error::AppError;
use crate::server::fault::impossible;
use sqlx::AnyConnection;

/// The records of a unit in which the contract is a line or stands among those left out, newest first.
pub async fn of_contract(db: &mut AnyConnection, unit: &UnitId, contract: &ContractId) -> Result<Vec<(RecordId, Year)>, AppError> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT id, year FROM records
         WHERE unit_id = $1
           AND (EXISTS (SELECT 1 FROM record_lines WHERE record_id = records.id AND contract_id = $2)
                OR EXISTS (SELECT 1 FROM record_left_out WHERE record_id = records.id AND contract_id = $2))
         ORDER BY year DESC",
    )
    .bind(unit.as_str())
    .bind(contract.as_str())
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|(id, year)| {
            let wrong = |what: &dyn std::fmt::Display| impossible("records", &id, what);
            let year = Year::numbered(year).ok_or_else(|| wrong(&year))?;
            Ok((RecordId::parse(&id).map_err(|error| wrong(&error))?, year))
        })
        .collect()
}
