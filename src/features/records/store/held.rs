//! The contracts of the ledger behind a record's lines and its left-out rows, and what an update changes in them; `record_ledgers`.

use super::super::LeftOut;
use super::lines;
use crate::domain::calendar::Moment;
use crate::domain::ids::{ContractId, RecordId};
use crate::domain::record::line::Line;
use crate::domain::record::update::{Held, Place};
use crate::error::AppError;
use crate::server::fault::{fault, impossible};
use sqlx::AnyConnection;
use std::collections::BTreeMap;

/// Every contract that a record holds: its lines in order, then what is left out.
pub async fn of(db: &mut AnyConnection, record: &RecordId) -> Result<Vec<Held>, AppError> {
    let ids = contract_ids(db, record).await?;
    let id_of = |own: &str| ids.get(own).cloned();
    let mut held: Vec<Held> = Vec::with_capacity(ids.len());
    for line in lines::of(db, record).await? {
        if let Some(id) = id_of(line.id.as_str()) {
            held.push(Held { id, place: Place::Line(line) });
        }
    }
    for row in lines::left_out(db, record).await? {
        if let Some(id) = id_of(row.id.as_str()) {
            held.push(Held { id, place: Place::LeftOut(row) });
        }
    }
    Ok(held)
}

/// The contract of each line and left-out row, by the id of that.
pub async fn contract_ids(db: &mut AnyConnection, record: &RecordId) -> Result<BTreeMap<String, ContractId>, AppError> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT id, contract_id FROM record_lines WHERE record_id = $1 AND contract_id IS NOT NULL
         UNION ALL SELECT id, contract_id FROM record_left_out WHERE record_id = $1",
    )
    .bind(record.as_str())
    .fetch_all(db)
    .await?;
    let read = |(own, id): (String, String)| {
        ContractId::parse(&id).map(|id| (own.clone(), id)).map_err(|error| impossible("record_lines", &own, &error))
    };
    rows.into_iter().map(read).collect()
}

/// Writes a line over the version it was read at, its contract included; `false` when someone was faster, and then the caller's transaction must end.
pub async fn update_line(db: &mut AnyConnection, record: &RecordId, line: &Line, contract: &ContractId) -> Result<bool, AppError> {
    let body = line.contract().map(serde_json::to_string).transpose().map_err(|error| fault(&error))?;
    sqlx::query(
        "UPDATE record_lines SET contract_id = $1, contract = $2, claimed_rule = $3, claim_reason = $4 WHERE id = $5 AND record_id = $6 AND version = $7",
    )
    .bind(contract.as_str())
    .bind(body)
    .bind(line.claim().map(|claim| claim.rule.code().to_owned()))
    .bind(line.claim().map(|claim| claim.reason.clone()))
    .bind(line.id.as_str())
    .bind(record.as_str())
    .bind(line.version)
    .execute(&mut *db)
    .await?;
    Ok(lines::update(db, record, line).await?)
}

/// Writes a left-out row anew; `false` when it is not there any more.
pub async fn update_left_out(db: &mut AnyConnection, record: &RecordId, row: &LeftOut, contract: &ContractId) -> Result<bool, AppError> {
    let body = serde_json::to_string(&row.contract).map_err(|error| fault(&error))?;
    let done =
        sqlx::query("UPDATE record_left_out SET contract_id = $1, contract = $2, rule = $3, reason = $4 WHERE id = $5 AND record_id = $6")
            .bind(contract.as_str())
            .bind(body)
            .bind(row.rule.code())
            .bind(&row.reason)
            .bind(row.id.as_str())
            .bind(record.as_str())
            .execute(db)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// What the contracts looked like when the record was made or updated from them last.
pub struct Seen {
    /// Their fingerprint.
    pub fingerprint: String,
    /// Differences that were left then.
    pub left: usize,
    /// When.
    pub at: Moment,
}

/// What the contracts looked like last; `None` before that was noted.
pub async fn ledger_seen(db: &mut AnyConnection, record: &RecordId) -> Result<Option<Seen>, AppError> {
    let row: Option<(String, i64, String)> =
        sqlx::query_as("SELECT fingerprint, differences_left, seen_at FROM record_ledgers WHERE record_id = $1")
            .bind(record.as_str())
            .fetch_optional(db)
            .await?;
    row.map(|(fingerprint, left, at)| {
        let at = Moment::parse(&at).map_err(|error| impossible("record_ledgers", record.as_str(), &error))?;
        Ok(Seen { fingerprint, left: usize::try_from(left).unwrap_or_default(), at })
    })
    .transpose()
}

/// Notes what the contracts looked like, and how many differences were left.
pub async fn note_ledger(db: &mut AnyConnection, record: &RecordId, fingerprint: &str, left: usize, at: Moment) -> Result<(), AppError> {
    sqlx::query(
        "INSERT INTO record_ledgers (record_id, fingerprint, differences_left, seen_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (record_id) DO UPDATE SET fingerprint = excluded.fingerprint, differences_left = excluded.differences_left, seen_at = excluded.seen_at",
    )
    .bind(record.as_str())
    .bind(fingerprint)
    .bind(i64::try_from(left).unwrap_or(i64::MAX))
    .bind(at.to_string())
    .execute(db)
    .await?;
    Ok(())
}
