//! The SQL of `records`, `record_lines`, `record_left_out` and `record_versions`.

use super::{LeftOut, Record};
use crate::domain::calendar::{Day, Moment, Year};
use crate::domain::contract::{Measure, Rule, YearBasis};
use crate::domain::ids::{ContractId, LeftOutId, LineId, RecordId, UnitId, UserId};
use crate::domain::money::{Money, Percent};
use crate::domain::record::Totals;
use crate::domain::record::line::{Claim, Line, Origin, Overrides};
use crate::domain::record::status::RecordStatus;
use crate::error::AppError;
use crate::server::fault::impossible;
use sqlx::AnyConnection;

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
        year: i32::try_from(row.year).ok().and_then(|year| Year::try_from(year).ok()).ok_or_else(|| wrong(&"year"))?,
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
    let row: Option<RecordRow> = sqlx::query_as(sql(format!("{RECORD} WHERE records.id = $1"))).bind(id.as_str()).fetch_optional(db).await?;
    row.map(record).transpose()
}

/// Makes whoever else changes this record wait until this transaction ends, and then see what it did.
///
/// On PostgreSQL two transactions would otherwise each sum up lines that the other is changing, or wait for each other.
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
    let rows: Vec<RecordRow> = sqlx::query_as(sql(format!("{RECORD} WHERE {whose} ORDER BY records.year DESC, records.id"))).bind(unit.as_str()).fetch_all(db).await?;
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

/// Notes a submission on a record; only with the content that the submitter saw.
pub async fn submit(db: &mut AnyConnection, from: &Record, user: &UserId, at: Moment) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE records SET status = 'in_review', status_reason = '', round = round + 1, submitted_by = $1, submitted_at = $2, version = version + 1, updated_at = $3
         WHERE id = $4 AND version = $5 AND content_version = $6 AND status = $7",
    )
    .bind(user.as_str())
    .bind(at.to_string())
    .bind(at.to_string())
    .bind(from.id.as_str())
    .bind(from.version)
    .bind(from.content_version)
    .bind(from.status.code())
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes that the content changed, with the sums it gives now; guarded by the status, so that nothing changes in review.
pub async fn content_changed(db: &mut AnyConnection, from: &Record, totals: &Totals, at: Moment) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE records SET line_count = $1, sme_fen = $2, small_micro_fen = $3, content_version = content_version + 1, updated_at = $4 WHERE id = $5 AND version = $6 AND status = $7",
    )
    .bind(count(totals))
    .bind(totals.sme.fen())
    .bind(totals.small_micro.fen())
    .bind(at.to_string())
    .bind(from.id.as_str())
    .bind(from.version)
    .bind(from.status.code())
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes 「说明」; `false` when the content was changed by someone else meanwhile, or may not be changed any more.
pub async fn set_remark(db: &mut AnyConnection, from: &Record, remark: &str, at: Moment) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("UPDATE records SET remark = $1, content_version = content_version + 1, updated_at = $2 WHERE id = $3 AND version = $4 AND remark = $5")
        .bind(remark)
        .bind(at.to_string())
        .bind(from.id.as_str())
        .bind(from.version)
        .bind(&from.remark)
        .execute(db)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes a record that was never approved, with everything of it.
pub async fn delete(db: &mut AnyConnection, from: &Record) -> Result<bool, sqlx::Error> {
    for table in ["record_lines", "record_left_out", "record_versions"] {
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

#[derive(sqlx::FromRow)]
struct LineRow {
    id: String,
    contract: Option<String>,
    claimed_rule: Option<String>,
    claim_reason: Option<String>,
    project_name: Option<String>,
    measure: Option<String>,
    percent: Option<i64>,
    sme_fen: Option<i64>,
    small_micro_fen: Option<i64>,
    published_on: Option<String>,
    url: Option<String>,
    reason: String,
    version: i64,
}

fn line(row: LineRow) -> Result<Line, AppError> {
    let wrong = |what: &dyn std::fmt::Display| impossible("record_lines", &row.id, what);
    let origin = match &row.contract {
        None => Origin::Manual,
        Some(body) => Origin::Contract {
            contract: Box::new(serde_json::from_str(body).map_err(|error| wrong(&error))?),
            claimed: match (&row.claimed_rule, &row.claim_reason) {
                (Some(rule), Some(reason)) => Some(Claim { rule: Rule::from_code(rule).ok_or_else(|| wrong(&"claimed_rule"))?, reason: reason.clone() }),
                _ => None,
            },
        },
    };
    Ok(Line {
        id: LineId::parse(&row.id).map_err(|error| wrong(&error))?,
        origin,
        overrides: Overrides {
            measure: row.measure.as_deref().map(|code| Measure::from_code(code).ok_or_else(|| wrong(&"measure"))).transpose()?,
            percent: row.percent.map(Percent::try_from).transpose().map_err(|error| wrong(&error))?,
            sme: row.sme_fen.map(Money::from_fen),
            small_micro: row.small_micro_fen.map(Money::from_fen),
            published_on: row.published_on.as_deref().map(Day::parse).transpose().map_err(|error| wrong(&error))?,
            project_name: row.project_name,
            url: row.url,
        },
        reason: row.reason,
        version: row.version,
    })
}

const LINE: &str =
    "SELECT id, contract, claimed_rule, claim_reason, project_name, measure, percent, sme_fen, small_micro_fen, published_on, url, reason, version FROM record_lines";

/// The lines of a record, in order.
pub async fn lines(db: &mut AnyConnection, id: &RecordId) -> Result<Vec<Line>, AppError> {
    let rows: Vec<LineRow> = sqlx::query_as(sql(format!("{LINE} WHERE record_id = $1 ORDER BY position, id"))).bind(id.as_str()).fetch_all(db).await?;
    rows.into_iter().map(line).collect()
}

/// One line of a record.
pub async fn line_by_id(db: &mut AnyConnection, record: &RecordId, id: &LineId) -> Result<Option<Line>, AppError> {
    let row: Option<LineRow> = sqlx::query_as(sql(format!("{LINE} WHERE record_id = $1 AND id = $2"))).bind(record.as_str()).bind(id.as_str()).fetch_optional(db).await?;
    row.map(line).transpose()
}

/// Adds a line behind the others. `contract_id` names the stored contract of a collected line.
pub async fn insert_line(db: &mut AnyConnection, record: &RecordId, line: &Line, contract_id: Option<&ContractId>, position: i64) -> Result<(), AppError> {
    let body = line.contract().map(serde_json::to_string).transpose().map_err(|error| crate::server::fault::fault(&error))?;
    sqlx::query(
        "INSERT INTO record_lines (id, record_id, position, contract_id, contract, claimed_rule, claim_reason, project_name, measure, percent, sme_fen, small_micro_fen, published_on, url, reason, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1)",
    )
    .bind(line.id.as_str())
    .bind(record.as_str())
    .bind(position)
    .bind(contract_id.map(|id| id.as_str().to_owned()))
    .bind(body)
    .bind(line.claim().map(|claim| claim.rule.code().to_owned()))
    .bind(line.claim().map(|claim| claim.reason.clone()))
    .bind(line.overrides.project_name.clone())
    .bind(line.overrides.measure.map(|measure| measure.code().to_owned()))
    .bind(line.overrides.percent.map(Percent::scaled))
    .bind(line.overrides.sme.map(Money::fen))
    .bind(line.overrides.small_micro.map(Money::fen))
    .bind(line.overrides.published_on.map(|day| day.to_string()))
    .bind(line.overrides.url.clone())
    .bind(&line.reason)
    .execute(db)
    .await?;
    Ok(())
}

/// The position behind the last line.
pub async fn next_position(db: &mut AnyConnection, record: &RecordId) -> Result<i64, AppError> {
    Ok(sqlx::query_scalar("SELECT CAST(COALESCE(MAX(position), 0) + 1 AS BIGINT) FROM record_lines WHERE record_id = $1").bind(record.as_str()).fetch_one(db).await?)
}

/// Writes a line's overrides over the version they were read at; `false` when someone was faster.
pub async fn update_line(db: &mut AnyConnection, record: &RecordId, line: &Line) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE record_lines SET project_name = $1, measure = $2, percent = $3, sme_fen = $4, small_micro_fen = $5, published_on = $6, url = $7, reason = $8, version = version + 1
         WHERE id = $9 AND record_id = $10 AND version = $11",
    )
    .bind(line.overrides.project_name.clone())
    .bind(line.overrides.measure.map(|measure| measure.code().to_owned()))
    .bind(line.overrides.percent.map(Percent::scaled))
    .bind(line.overrides.sme.map(Money::fen))
    .bind(line.overrides.small_micro.map(Money::fen))
    .bind(line.overrides.published_on.map(|day| day.to_string()))
    .bind(line.overrides.url.clone())
    .bind(&line.reason)
    .bind(line.id.as_str())
    .bind(record.as_str())
    .bind(line.version)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes a line at the version it was read at, giving the stored contract it came from.
pub async fn delete_line(db: &mut AnyConnection, record: &RecordId, line: &Line) -> Result<Option<Option<String>>, AppError> {
    Ok(sqlx::query_scalar("DELETE FROM record_lines WHERE id = $1 AND record_id = $2 AND version = $3 RETURNING contract_id")
        .bind(line.id.as_str())
        .bind(record.as_str())
        .bind(line.version)
        .fetch_optional(db)
        .await?)
}

/// What is not counted, by rule and contract number.
pub async fn left_out(db: &mut AnyConnection, record: &RecordId) -> Result<Vec<LeftOut>, AppError> {
    let rows: Vec<(String, String, String, String)> = sqlx::query_as("SELECT id, contract, rule, reason FROM record_left_out WHERE record_id = $1 ORDER BY id").bind(record.as_str()).fetch_all(db).await?;
    let mut rows = rows
        .into_iter()
        .map(|(id, body, rule, reason)| {
            let wrong = |what: &dyn std::fmt::Display| impossible("record_left_out", &id, what);
            Ok(LeftOut {
                id: LeftOutId::parse(&id).map_err(|error| wrong(&error))?,
                contract: serde_json::from_str(&body).map_err(|error| wrong(&error))?,
                rule: Rule::from_code(&rule).ok_or_else(|| wrong(&"rule"))?,
                reason,
            })
        })
        .collect::<Result<Vec<_>, AppError>>()?;
    rows.sort_by(|a, b| (a.rule, &a.contract.contract_no).cmp(&(b.rule, &b.contract.contract_no)));
    Ok(rows)
}

/// Leaves a contract out.
pub async fn insert_left_out(db: &mut AnyConnection, record: &RecordId, left_out: &LeftOut, contract_id: &str) -> Result<(), AppError> {
    let body = serde_json::to_string(&left_out.contract).map_err(|error| crate::server::fault::fault(&error))?;
    sqlx::query("INSERT INTO record_left_out (id, record_id, contract_id, contract, rule, reason) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(left_out.id.as_str())
        .bind(record.as_str())
        .bind(contract_id)
        .bind(body)
        .bind(left_out.rule.code())
        .bind(&left_out.reason)
        .execute(db)
        .await?;
    Ok(())
}

/// Takes a contract off the left-out list, giving the stored contract's id; `None` when it is not there any more.
pub async fn delete_left_out(db: &mut AnyConnection, record: &RecordId, id: &LeftOutId) -> Result<Option<String>, AppError> {
    Ok(sqlx::query_scalar("DELETE FROM record_left_out WHERE id = $1 AND record_id = $2 RETURNING contract_id").bind(id.as_str()).bind(record.as_str()).fetch_optional(db).await?)
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

/// Marks the version that is under review as approved.
pub async fn approve(db: &mut AnyConnection, record: &RecordId, number: i64, at: Moment) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE record_versions SET approved_at = $1 WHERE record_id = $2 AND number = $3").bind(at.to_string()).bind(record.as_str()).bind(number).execute(&mut *db).await?;
    sqlx::query("UPDATE records SET approved_number = $1 WHERE id = $2").bind(number).bind(record.as_str()).execute(db).await?;
    Ok(())
}

/// The body of a frozen version.
pub async fn frozen(db: &mut AnyConnection, record: &RecordId, number: i64) -> Result<Option<String>, AppError> {
    Ok(sqlx::query_scalar("SELECT body FROM record_versions WHERE record_id = $1 AND number = $2").bind(record.as_str()).bind(number).fetch_optional(db).await?)
}
