//! Rows that read well, beside what stands in the ledger.

use super::super::api::{CellChange, Kind, StagedRow};
use super::to_json;
use crate::domain::contract::Contract;
use crate::domain::ids::{ContractId, ImportId, UnitId};
use crate::domain::money::Money;
use crate::error::AppError;

use crate::server::db::places;
use crate::server::fault::impossible;
use sqlx::{AnyConnection, AssertSqlSafe};

/// Rows of one INSERT.
const CHUNK: usize = 100;

/// A row as it is staged.
pub(in crate::features::contracts::import) struct NewRow {
    pub(in crate::features::contracts::import) row: i64,
    pub(in crate::features::contracts::import) unit: UnitId,
    pub(in crate::features::contracts::import) contract: Contract,
    pub(in crate::features::contracts::import) kind: Kind,
    pub(in crate::features::contracts::import) existing: Option<(ContractId, i64)>,
    pub(in crate::features::contracts::import) changes: Vec<CellChange>,
}

/// Stages rows.
pub(in crate::features::contracts::import) async fn insert_rows(
    db: &mut AnyConnection,
    id: &ImportId,
    rows: &[NewRow],
) -> Result<(), AppError> {
    for chunk in rows.chunks(CHUNK) {
        let text = format!(
            "INSERT INTO contract_import_rows (import_id, row_no, unit_id, contract_no, lot, outcome, body, contract_id, contract_version, changes) VALUES {}",
            places(chunk.len(), 10)
        );
        let mut query = sqlx::query(AssertSqlSafe(text));
        for row in chunk {
            let (contract_id, version) = row.existing.as_ref().map_or((None, 0), |(id, version)| (Some(id.as_str().to_owned()), *version));
            let body = if row.kind == Kind::Unchanged { String::new() } else { to_json(&row.contract)? };
            query = query
                .bind(id.as_str())
                .bind(row.row)
                .bind(row.unit.as_str())
                .bind(&row.contract.contract_no)
                .bind(&row.contract.lot)
                .bind(row.kind.code())
                .bind(body)
                .bind(contract_id)
                .bind(version)
                .bind(to_json(&row.changes)?);
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}

/// Takes a row back that another contradicts.
pub(in crate::features::contracts::import) async fn remove_row(db: &mut AnyConnection, id: &ImportId, row: i64) -> Result<(), AppError> {
    sqlx::query("DELETE FROM contract_import_rows WHERE import_id = $1 AND row_no = $2").bind(id.as_str()).bind(row).execute(db).await?;
    Ok(())
}

/// A page of staged rows, in the order of the file; the names of the units are the caller's to fill in.
pub(in crate::features::contracts::import) async fn rows(
    db: &mut AnyConnection,
    id: &ImportId,
    kind: Kind,
    page: u64,
    size: u64,
) -> Result<(Vec<(UnitId, StagedRow)>, u64, u64), AppError> {
    let total: i64 = sqlx::query_scalar("SELECT CAST(COUNT(*) AS BIGINT) FROM contract_import_rows WHERE import_id = $1 AND outcome = $2")
        .bind(id.as_str())
        .bind(kind.code())
        .fetch_one(&mut *db)
        .await?;
    let total = u64::try_from(total).unwrap_or_default();
    let page = page.clamp(1, total.div_ceil(size).max(1));
    let rows: Vec<(i64, String, String, String, String, String)> = sqlx::query_as(
        "SELECT row_no, unit_id, contract_no, lot, body, changes FROM contract_import_rows WHERE import_id = $1 AND outcome = $2
         ORDER BY row_no LIMIT $3 OFFSET $4",
    )
    .bind(id.as_str())
    .bind(kind.code())
    .bind(i64::try_from(size).unwrap_or(i64::MAX))
    .bind(i64::try_from((page - 1) * size).unwrap_or(i64::MAX))
    .fetch_all(db)
    .await?;
    let mut found = Vec::with_capacity(rows.len());
    for (row, unit, contract_no, lot, body, changes) in rows {
        let wrong = |error: &dyn std::fmt::Display| impossible("contract_import_rows", id.as_str(), error);
        let words = if body.is_empty() {
            Default::default()
        } else {
            let contract: Contract = serde_json::from_str(&body).map_err(|error| wrong(&error))?;
            [contract.project_name, contract.supplier_name, Money::yuan(contract.amount)]
        };
        let changes = serde_json::from_str(&changes).map_err(|error| wrong(&error))?;
        let unit = UnitId::parse(&unit).map_err(|error| wrong(&error))?;
        found.push((unit, StagedRow { row, buyer: String::new(), contract_no, lot, words, changes }));
    }
    Ok((found, total, page))
}

/// A staged row on its way into the ledger.
pub(in crate::features::contracts::import) struct ReadyRow {
    pub(in crate::features::contracts::import) row: i64,
    pub(in crate::features::contracts::import) unit: UnitId,
    pub(in crate::features::contracts::import) contract: Contract,
    pub(in crate::features::contracts::import) existing: Option<(ContractId, i64)>,
}

/// The next staged rows that write something, behind `after`.
pub(in crate::features::contracts::import) async fn ready_rows(
    db: &mut AnyConnection,
    id: &ImportId,
    after: i64,
    most: i64,
) -> Result<Vec<ReadyRow>, AppError> {
    let rows: Vec<(i64, String, String, Option<String>, i64)> = sqlx::query_as(
        "SELECT row_no, unit_id, body, contract_id, contract_version FROM contract_import_rows
         WHERE import_id = $1 AND row_no > $2 AND outcome <> 'unchanged' ORDER BY row_no LIMIT $3",
    )
    .bind(id.as_str())
    .bind(after)
    .bind(most)
    .fetch_all(db)
    .await?;
    let wrong = |error: &dyn std::fmt::Display| impossible("contract_import_rows", id.as_str(), error);
    rows.into_iter()
        .map(|(row, unit, body, contract_id, version)| {
            Ok(ReadyRow {
                row,
                unit: UnitId::parse(&unit).map_err(|error| wrong(&error))?,
                contract: serde_json::from_str(&body).map_err(|error| wrong(&error))?,
                existing: contract_id.map(|id| ContractId::parse(&id)).transpose().map_err(|error| wrong(&error))?.map(|id| (id, version)),
            })
        })
        .collect()
}

/// Staged rows beside which the ledger no longer stands as it was shown.
pub(in crate::features::contracts::import) async fn overtaken_rows(db: &mut AnyConnection, id: &ImportId) -> Result<i64, AppError> {
    let added: i64 = sqlx::query_scalar(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM contract_import_rows r JOIN contracts c ON c.unit_id = r.unit_id AND c.contract_no = r.contract_no AND c.lot = r.lot
         WHERE r.import_id = $1 AND r.outcome = 'added'",
    )
    .bind(id.as_str())
    .fetch_one(&mut *db)
    .await?;
    let changed: i64 = sqlx::query_scalar(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM contract_import_rows r LEFT JOIN contracts c ON c.id = r.contract_id
         WHERE r.import_id = $1 AND r.outcome <> 'added' AND (c.id IS NULL OR c.version <> r.contract_version)",
    )
    .bind(id.as_str())
    .fetch_one(db)
    .await?;
    Ok(added + changed)
}

/// How many rows are staged for each unit.
pub(in crate::features::contracts::import) async fn staged_units(
    db: &mut AnyConnection,
    id: &ImportId,
) -> Result<Vec<(UnitId, i64)>, AppError> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT unit_id, CAST(SUM(CASE WHEN outcome = 'unchanged' THEN 0 ELSE 1 END) AS BIGINT) FROM contract_import_rows WHERE import_id = $1 GROUP BY unit_id",
    )
    .bind(id.as_str())
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|(unit, count)| Ok((UnitId::parse(&unit).map_err(|error| impossible("contract_import_rows", id.as_str(), &error))?, count)))
        .collect()
}
