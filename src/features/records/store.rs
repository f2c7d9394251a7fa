//! The SQL of `records` and `record_versions`; `record_lines` and `record_left_out` stand in [`lines`], what ties them to the
//! ledger in [`held`].

pub mod budgets;
pub mod claim_files;
pub mod held;
pub mod holding;
pub mod lines;
#[cfg(test)]
mod tests;

use super::Record;
use crate::domain::calendar::{Moment, Year};
use crate::domain::contract::YearBasis;
use crate::domain::ids::{RecordId, SaveId, UnitId, UserId};
use crate::domain::money::Money;
use crate::domain::record::status::RecordStatus;
use crate::domain::record::{Shift, Totals};
use crate::error::AppError;
use crate::server::fault::impossible;
use sqlx::AnyConnection;
use std::collections::HashMap;

#[derive(sqlx::FromRow)]
struct RecordRow {
    id: String,
    unit_id: String,
    unit_name: String,
    year: i64,
    status: String,
    status_reason: String,
    year_basis: String,
    remark: String,
    round: i64,
    submitted_by: Option<String>,
    submitted_at: Option<String>,
    line_count: i64,
    sme_fen: i64,
    small_micro_fen: i64,
    approved_number: Option<i64>,
    version: i64,
    content_version: i64,
}

fn record(row: RecordRow) -> Result<Record, AppError> {
    let wrong = |what: &dyn std::fmt::Display| impossible("records", &row.id, what);
    Ok(Record {
        id: RecordId::parse(&row.id).map_err(|error| wrong(&error))?,
        unit: UnitId::parse(&row.unit_id).map_err(|error| wrong(&error))?,
        year: Year::numbered(row.year).ok_or_else(|| wrong(&"year"))?,
        status: RecordStatus::from_code(&row.status, &row.status_reason).ok_or_else(|| wrong(&"status"))?,
        basis: YearBasis::from_code(&row.year_basis).ok_or_else(|| wrong(&"year_basis"))?,
        submitted_by: row.submitted_by.as_deref().map(UserId::parse).transpose().map_err(|error| wrong(&error))?,
        submitted_at: row.submitted_at.as_deref().map(Moment::parse).transpose().map_err(|error| wrong(&error))?,
        sme: Money::from_fen(row.sme_fen),
        small_micro: Money::from_fen(row.small_micro_fen),
        unit_name: row.unit_name,
        remark: row.remark,
        round: row.round,
        line_count: row.line_count,
        approved_number: row.approved_number,
        version: row.version,
        content_version: row.content_version,
    })
}

const RECORD: &str = "SELECT records.id, records.unit_id, units.name AS unit_name, records.year, records.status, records.status_reason, records.year_basis, records.remark, records.round,
        records.submitted_by, records.submitted_at, records.line_count, records.sme_fen, records.small_micro_fen, records.approved_number, records.version, records.content_version
 FROM records JOIN units ON units.id = records.unit_id";

/// SQL made of parts of this file only; what comes from outside is bound.
fn sql(text: String) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(text)
}

/// A record by its id.
pub async fn by_id(db: &mut AnyConnection, id: &RecordId) -> Result<Option<Record>, AppError> {
    let row: Option<RecordRow> =
        sqlx::query_as(sql(format!("{RECORD} WHERE records.id = $1"))).bind(id.as_str()).fetch_optional(db).await?;
    row.map(record).transpose()
}

/// Makes whoever else changes this record wait until this transaction ends, and then see what it did.
///
/// On PostgreSQL two transactions would otherwise report the same version of the content, or wait for each other.
pub async fn hold(db: &mut AnyConnection, id: &RecordId) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE records SET version = version WHERE id = $1").bind(id.as_str()).execute(db).await?;
    Ok(())
}

/// A unit's record of a year.
pub async fn of_year(db: &mut AnyConnection, unit: &UnitId, year: Year) -> Result<Option<Record>, AppError> {
    let row: Option<RecordRow> = sqlx::query_as(sql(format!("{RECORD} WHERE records.unit_id = $1 AND records.year = $2")))
        .bind(unit.as_str())
        .bind(i64::from(year.number()))
        .fetch_optional(db)
        .await?;
    row.map(record).transpose()
}

/// Units asked about in one statement; far below the number of values that both engines take.
const UNITS: usize = 500;

/// `$2, $3 …`: the placeholders of `count` units behind the year.
fn unit_placeholders(count: usize) -> String {
    (2..count + 2).map(|number| format!("${number}")).collect::<Vec<_>>().join(", ")
}

/// These units' records of a year, in no order; units without one are not among them.
pub async fn of_units(db: &mut AnyConnection, units: &[UnitId], year: Year) -> Result<Vec<Record>, AppError> {
    let mut records = Vec::new();
    for chunk in units.chunks(UNITS) {
        let text = format!("{RECORD} WHERE records.year = $1 AND records.unit_id IN ({})", unit_placeholders(chunk.len()));
        let mut query = sqlx::query_as(sql(text)).bind(i64::from(year.number()));
        for unit in chunk {
            query = query.bind(unit.as_str());
        }
        let rows: Vec<RecordRow> = query.fetch_all(&mut *db).await?;
        for row in rows {
            records.push(record(row)?);
        }
    }
    Ok(records)
}

/// The bodies of the approved versions of these units' records of a year, by record.
pub async fn approved_bodies(db: &mut AnyConnection, units: &[UnitId], year: Year) -> Result<HashMap<String, String>, AppError> {
    let mut bodies = HashMap::new();
    for chunk in units.chunks(UNITS) {
        let text = format!(
            "SELECT record_versions.record_id, record_versions.body FROM records
             JOIN record_versions ON record_versions.record_id = records.id AND record_versions.number = records.approved_number
             WHERE records.year = $1 AND records.unit_id IN ({})",
            unit_placeholders(chunk.len())
        );
        let mut query = sqlx::query_as(sql(text)).bind(i64::from(year.number()));
        for unit in chunk {
            query = query.bind(unit.as_str());
        }
        let rows: Vec<(String, String)> = query.fetch_all(&mut *db).await?;
        bodies.extend(rows);
    }
    Ok(bodies)
}

/// The records of a unit and, where it is a 主管, of those below it, newest year first.
pub async fn visible_to(db: &mut AnyConnection, unit: &UnitId, with_subordinates: bool) -> Result<Vec<Record>, AppError> {
    let whose = if with_subordinates {
        "records.unit_id IN (
            WITH RECURSIVE tree (id) AS (
                SELECT id FROM units WHERE id = $1
                UNION
                SELECT units.id FROM units JOIN tree ON units.parent_id = tree.id WHERE units.is_supervisor = 0
            )
            SELECT id FROM tree)"
    } else {
        "records.unit_id = $1"
    };
    let rows: Vec<RecordRow> = sqlx::query_as(sql(format!("{RECORD} WHERE {whose} ORDER BY records.year DESC, unit_name, records.id")))
        .bind(unit.as_str())
        .fetch_all(db)
        .await?;
    rows.into_iter().map(record).collect()
}

/// Inserts a new record; one that exists for the unit and year already is the database's duplicate error (A2).
pub async fn insert(db: &mut AnyConnection, record: &Record, totals: &Totals, at: Moment) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO records (id, unit_id, year, status, status_reason, year_basis, remark, round, submitted_by, submitted_at, line_count, sme_fen, small_micro_fen, approved_number, version, content_version, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0, NULL, NULL, $8, $9, $10, NULL, 1, 1, $11)",
    )
    .bind(record.id.as_str())
    .bind(record.unit.as_str())
    .bind(i64::from(record.year.number()))
    .bind(record.status.code())
    .bind(record.status.reason())
    .bind(record.basis.code())
    .bind(&record.remark)
    .bind(count(totals))
    .bind(totals.sme.fen())
    .bind(totals.small_micro.fen())
    .bind(at.to_string())
    .execute(db)
    .await?;
    Ok(())
}

fn count(totals: &Totals) -> i64 {
    i64::try_from(totals.lines).unwrap_or(i64::MAX)
}

/// Moves a record's status from the version it was read at; `false` when someone was faster.
pub async fn move_to(db: &mut AnyConnection, from: &Record, status: &RecordStatus, at: Moment) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("UPDATE records SET status = $1, status_reason = $2, version = version + 1, updated_at = $3 WHERE id = $4 AND version = $5 AND status = $6")
        .bind(status.code())
        .bind(status.reason())
        .bind(at.to_string())
        .bind(from.id.as_str())
        .bind(from.version)
        .bind(from.status.code())
        .execute(db)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes a submission on a record, with the sums of what is submitted; only with the content that the submitter saw.
pub async fn submit(db: &mut AnyConnection, from: &Record, totals: &Totals, user: &UserId, at: Moment) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE records SET status = 'in_review', status_reason = '', round = round + 1, submitted_by = $1, submitted_at = $2, version = version + 1, updated_at = $3,
             line_count = $4, sme_fen = $5, small_micro_fen = $6
         WHERE id = $7 AND version = $8 AND content_version = $9 AND status = $10",
    )
    .bind(user.as_str())
    .bind(at.to_string())
    .bind(at.to_string())
    .bind(count(totals))
    .bind(totals.sme.fen())
    .bind(totals.small_micro.fen())
    .bind(from.id.as_str())
    .bind(from.version)
    .bind(from.content_version)
    .bind(from.status.code())
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes that the content changed and moves its sums; guarded by the status, so that nothing changes in review.
pub async fn content_changed(db: &mut AnyConnection, from: &Record, shift: &Shift, at: Moment) -> Result<bool, sqlx::Error> {
    Ok(content_saved(db, from, shift, None, at).await?.is_some())
}

/// A save as the record remembers it: whose, and its name. The page makes the name, so that another person's may say the same one.
fn moved_by(save: Option<(&UserId, &SaveId)>) -> String {
    save.map_or_else(String::new, |(user, save)| format!("{user} {save}"))
}

/// Like [`content_changed`], by a save of this person and name; the version that it found, the first time where it comes again and nobody else has
/// changed anything meanwhile.
pub async fn content_saved(
    db: &mut AnyConnection,
    from: &Record,
    shift: &Shift,
    save: Option<(&UserId, &SaveId)>,
    at: Moment,
) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar(
        "UPDATE records SET line_count = line_count + $1, sme_fen = sme_fen + $2, small_micro_fen = small_micro_fen + $3,
             content_version = content_version + 1, updated_at = $4, moved_by = $5, moved_to = content_version + 1,
             moved_from = CASE WHEN moved_by = $5 AND moved_by <> '' AND moved_to = content_version THEN moved_from ELSE content_version END
         WHERE id = $6 AND version = $7 AND status = $8
         RETURNING moved_from",
    )
    .bind(shift.lines)
    .bind(shift.sme_fen)
    .bind(shift.small_micro_fen)
    .bind(at.to_string())
    .bind(moved_by(save))
    .bind(from.id.as_str())
    .bind(from.version)
    .bind(from.status.code())
    .fetch_optional(db)
    .await
}

/// The version that a save of this person and name found, where it has moved the content and nobody has changed anything since.
pub async fn found_by(db: &mut AnyConnection, record: &RecordId, save: Option<(&UserId, &SaveId)>) -> Result<Option<i64>, sqlx::Error> {
    if save.is_none() {
        return Ok(None);
    }
    sqlx::query_scalar("SELECT moved_from FROM records WHERE id = $1 AND moved_by = $2 AND moved_to = content_version")
        .bind(record.as_str())
        .bind(moved_by(save))
        .fetch_optional(db)
        .await
}

/// Writes 「说明」; `false` when the content was changed by someone else meanwhile, or may not be changed any more.
pub async fn set_remark(
    db: &mut AnyConnection,
    from: &Record,
    remark: &str,
    save: Option<(&UserId, &SaveId)>,
    at: Moment,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE records SET remark = $1, content_version = content_version + 1, updated_at = $2,
             moved_by = $3, moved_from = content_version, moved_to = content_version + 1
         WHERE id = $4 AND version = $5 AND content_version = $6 AND status = $7",
    )
    .bind(remark)
    .bind(at.to_string())
    .bind(moved_by(save))
    .bind(from.id.as_str())
    .bind(from.version)
    .bind(from.content_version)
    .bind(from.status.code())
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes a record that was never approved, with everything of it.
pub async fn delete(db: &mut AnyConnection, from: &Record) -> Result<bool, sqlx::Error> {
    for table in ["record_lines", "record_left_out", "record_versions", "record_ledgers", "record_budgets", "claim_files"] {
        sqlx::query(sql(format!("DELETE FROM {table} WHERE record_id = $1"))).bind(from.id.as_str()).execute(&mut *db).await?;
    }
    let done = sqlx::query("DELETE FROM records WHERE id = $1 AND version = $2 AND status = $3 AND approved_number IS NULL")
        .bind(from.id.as_str())
        .bind(from.version)
        .bind(from.status.code())
        .execute(db)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Freezes what is submitted.
pub async fn freeze(db: &mut AnyConnection, record: &RecordId, number: i64, body: &str, at: Moment) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO record_versions (record_id, number, body, submitted_at, approved_at) VALUES ($1, $2, $3, $4, NULL)")
        .bind(record.as_str())
        .bind(number)
        .bind(body)
        .bind(at.to_string())
        .execute(db)
        .await?;
    Ok(())
}

/// Completes the approval: moves the status and makes the version under review the approved one. `false` when someone was faster.
pub async fn approve(db: &mut AnyConnection, from: &Record, status: &RecordStatus, at: Moment) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE records SET status = $1, status_reason = $2, approved_number = $3, version = version + 1, updated_at = $4
         WHERE id = $5 AND version = $6 AND status = $7 AND round = $8",
    )
    .bind(status.code())
    .bind(status.reason())
    .bind(from.round)
    .bind(at.to_string())
    .bind(from.id.as_str())
    .bind(from.version)
    .bind(from.status.code())
    .bind(from.round)
    .execute(&mut *db)
    .await?;
    if done.rows_affected() != 1 {
        return Ok(false);
    }
    let frozen = sqlx::query("UPDATE record_versions SET approved_at = $1 WHERE record_id = $2 AND number = $3 AND approved_at IS NULL")
        .bind(at.to_string())
        .bind(from.id.as_str())
        .bind(from.round)
        .execute(db)
        .await?;
    Ok(frozen.rows_affected() == 1)
}

/// The body of a frozen version.
pub async fn frozen(db: &mut AnyConnection, record: &RecordId, number: i64) -> Result<Option<String>, AppError> {
    Ok(sqlx::query_scalar("SELECT body FROM record_versions WHERE record_id = $1 AND number = $2")
        .bind(record.as_str())
        .bind(number)
        .fetch_optional(db)
        .await?)
}
