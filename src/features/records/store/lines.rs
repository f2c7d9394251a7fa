//! The SQL of `record_lines` and `record_left_out`.

use super::super::LeftOut;
use super::sql;
use crate::domain::calendar::Day;
use crate::domain::contract::{Measure, Rule};
use crate::domain::ids::{ContractId, LeftOutId, LineId, RecordId};
use crate::domain::money::{Money, Percent};
use crate::domain::record::line::{Claim, Line, Origin, Overrides};
use crate::error::AppError;
use crate::server::db::places;
use crate::server::fault::{fault, impossible};
use sqlx::AnyConnection;
use std::collections::{HashMap, HashSet};

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
                (Some(rule), Some(reason)) => {
                    Some(Claim { rule: Rule::from_code(rule).ok_or_else(|| wrong(&"claimed_rule"))?, reason: reason.clone() })
                }
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

const LINE: &str = "SELECT id, contract, claimed_rule, claim_reason, project_name, measure, percent, sme_fen, small_micro_fen, published_on, url, reason, version FROM record_lines";

/// The lines of a record, in order.
pub async fn of(db: &mut AnyConnection, id: &RecordId) -> Result<Vec<Line>, AppError> {
    let rows: Vec<LineRow> =
        sqlx::query_as(sql(format!("{LINE} WHERE record_id = $1 ORDER BY position, id"))).bind(id.as_str()).fetch_all(db).await?;
    rows.into_iter().map(line).collect()
}

/// One line of a record.
pub async fn by_id(db: &mut AnyConnection, record: &RecordId, id: &LineId) -> Result<Option<Line>, AppError> {
    let row: Option<LineRow> = sqlx::query_as(sql(format!("{LINE} WHERE record_id = $1 AND id = $2")))
        .bind(record.as_str())
        .bind(id.as_str())
        .fetch_optional(db)
        .await?;
    row.map(line).transpose()
}

/// Those of these lines that belong to the record.
pub async fn by_ids(db: &mut AnyConnection, record: &RecordId, ids: &[&LineId]) -> Result<HashMap<LineId, Line>, AppError> {
    let mut found = HashMap::new();
    for chunk in ids.chunks(IDS) {
        let text = format!("{LINE} WHERE record_id = $1 AND id IN ({})", numbered(2, chunk.len()));
        let mut query = sqlx::query_as(sql(text)).bind(record.as_str());
        for id in chunk {
            query = query.bind(id.as_str());
        }
        let rows: Vec<LineRow> = query.fetch_all(&mut *db).await?;
        for row in rows {
            let line = line(row)?;
            found.insert(line.id.clone(), line);
        }
    }
    Ok(found)
}

/// Those of these ids that name lines of other records.
pub async fn ids_of_other_records(db: &mut AnyConnection, record: &RecordId, ids: &[&LineId]) -> Result<HashSet<LineId>, AppError> {
    let mut found = HashSet::new();
    for chunk in ids.chunks(IDS) {
        let text = format!("SELECT id FROM record_lines WHERE record_id <> $1 AND id IN ({})", numbered(2, chunk.len()));
        let mut query = sqlx::query_scalar(sql(text)).bind(record.as_str());
        for id in chunk {
            query = query.bind(id.as_str());
        }
        let ids: Vec<String> = query.fetch_all(&mut *db).await?;
        found.extend(ids.iter().filter_map(|id| LineId::parse(id).ok()));
    }
    Ok(found)
}

/// Ids of one query.
const IDS: usize = 250;

/// `$2, $3, …`: `count` places from `first` on.
fn numbered(first: usize, count: usize) -> String {
    (first..first + count).map(|place| format!("${place}")).collect::<Vec<_>>().join(", ")
}

/// Rows of one INSERT: with sixteen values each far below the number of values that both engines take.
const CHUNK: usize = 100;

/// Adds lines, the first at `position` and the others behind it, many to a statement. With each the stored contract of a collected line.
pub async fn insert(
    db: &mut AnyConnection,
    record: &RecordId,
    lines: &[(Line, Option<ContractId>)],
    mut position: i64,
) -> Result<(), AppError> {
    for chunk in lines.chunks(CHUNK) {
        let text = format!(
            "INSERT INTO record_lines (id, record_id, position, contract_id, contract, claimed_rule, claim_reason, project_name, measure, percent, sme_fen, small_micro_fen, published_on, url, reason, version) VALUES {}",
            places(chunk.len(), 16)
        );
        let mut query = sqlx::query(sql(text));
        for (line, contract_id) in chunk {
            query = query
                .bind(line.id.as_str())
                .bind(record.as_str())
                .bind(position)
                .bind(contract_id.as_ref().map(|id| id.as_str().to_owned()))
                .bind(line.contract().map(serde_json::to_string).transpose().map_err(|error| fault(&error))?)
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
                .bind(1_i64);
            position += 1;
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}

/// The position behind the last line.
pub async fn next_position(db: &mut AnyConnection, record: &RecordId) -> Result<i64, AppError> {
    Ok(sqlx::query_scalar("SELECT CAST(COALESCE(MAX(position), 0) + 1 AS BIGINT) FROM record_lines WHERE record_id = $1")
        .bind(record.as_str())
        .fetch_one(db)
        .await?)
}

/// A free position ahead of a line and behind the one before it; `None` when that line is not there. Where no place is free all from that
/// line on move by one.
pub async fn make_room(db: &mut AnyConnection, record: &RecordId, next: &LineId) -> Result<Option<i64>, AppError> {
    let found: Option<(i64, i64)> = sqlx::query_as(
        "SELECT position, CAST(COALESCE((SELECT MAX(other.position) FROM record_lines other
                WHERE other.record_id = $1 AND other.position < record_lines.position), 0) AS BIGINT)
         FROM record_lines WHERE record_id = $1 AND id = $2",
    )
    .bind(record.as_str())
    .bind(next.as_str())
    .fetch_optional(&mut *db)
    .await?;
    let Some((position, before)) = found else { return Ok(None) };
    if position - before > 1 {
        return Ok(Some(before + 1));
    }
    sqlx::query("UPDATE record_lines SET position = position + 1 WHERE record_id = $1 AND position >= $2")
        .bind(record.as_str())
        .bind(position)
        .execute(db)
        .await?;
    Ok(Some(position))
}

/// Writes a line's overrides over the version they were read at; `false` when someone was faster.
pub async fn update(db: &mut AnyConnection, record: &RecordId, line: &Line) -> Result<bool, sqlx::Error> {
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
pub async fn delete(db: &mut AnyConnection, record: &RecordId, line: &Line) -> Result<Option<Option<String>>, AppError> {
    Ok(sqlx::query_scalar("DELETE FROM record_lines WHERE id = $1 AND record_id = $2 AND version = $3 RETURNING contract_id")
        .bind(line.id.as_str())
        .bind(record.as_str())
        .bind(line.version)
        .fetch_optional(db)
        .await?)
}

/// A row of `record_left_out`: id, contract, rule, reason.
type LeftOutRow = (String, String, String, String);

fn left_out_of((id, body, rule, reason): LeftOutRow) -> Result<LeftOut, AppError> {
    let wrong = |what: &dyn std::fmt::Display| impossible("record_left_out", &id, what);
    Ok(LeftOut {
        id: LeftOutId::parse(&id).map_err(|error| wrong(&error))?,
        contract: serde_json::from_str(&body).map_err(|error| wrong(&error))?,
        rule: Rule::from_code(&rule).ok_or_else(|| wrong(&"rule"))?,
        reason,
    })
}

fn in_order(rows: Vec<LeftOutRow>) -> Result<Vec<LeftOut>, AppError> {
    let mut rows = rows.into_iter().map(left_out_of).collect::<Result<Vec<_>, AppError>>()?;
    rows.sort_by(|a, b| (a.rule, &a.contract.contract_no).cmp(&(b.rule, &b.contract.contract_no)));
    Ok(rows)
}

/// What is not counted, by rule and contract number.
pub async fn left_out(db: &mut AnyConnection, record: &RecordId) -> Result<Vec<LeftOut>, AppError> {
    let rows: Vec<LeftOutRow> = sqlx::query_as("SELECT id, contract, rule, reason FROM record_left_out WHERE record_id = $1 ORDER BY id")
        .bind(record.as_str())
        .fetch_all(db)
        .await?;
    in_order(rows)
}

/// How many contracts each rule left out.
pub async fn left_out_counts(db: &mut AnyConnection, record: &RecordId) -> Result<Vec<(Rule, usize)>, AppError> {
    let rows: Vec<(String, i64)> =
        sqlx::query_as("SELECT rule, CAST(COUNT(*) AS BIGINT) FROM record_left_out WHERE record_id = $1 GROUP BY rule")
            .bind(record.as_str())
            .fetch_all(db)
            .await?;
    let wrong = |what: &dyn std::fmt::Display| impossible("record_left_out", record.as_str(), what);
    let mut counts = Vec::new();
    for (rule, count) in rows {
        let rule = Rule::from_code(&rule).ok_or_else(|| wrong(&rule))?;
        counts.push((rule, usize::try_from(count).map_err(|error| wrong(&error))?));
    }
    counts.sort_unstable();
    Ok(counts)
}

/// The first `most` contracts that a rule left out.
pub async fn left_out_by(db: &mut AnyConnection, record: &RecordId, rule: Rule, most: usize) -> Result<Vec<LeftOut>, AppError> {
    let rows: Vec<LeftOutRow> =
        sqlx::query_as("SELECT id, contract, rule, reason FROM record_left_out WHERE record_id = $1 AND rule = $2 ORDER BY id LIMIT $3")
            .bind(record.as_str())
            .bind(rule.code())
            .bind(i64::try_from(most).unwrap_or(i64::MAX))
            .fetch_all(db)
            .await?;
    in_order(rows)
}

/// Leaves contracts out, many to a statement. With each its stored contract.
pub async fn insert_left_out(db: &mut AnyConnection, record: &RecordId, rows: &[(LeftOut, String)]) -> Result<(), AppError> {
    for chunk in rows.chunks(CHUNK) {
        let text =
            format!("INSERT INTO record_left_out (id, record_id, contract_id, contract, rule, reason) VALUES {}", places(chunk.len(), 6));
        let mut query = sqlx::query(sql(text));
        for (left_out, contract_id) in chunk {
            query = query
                .bind(left_out.id.as_str())
                .bind(record.as_str())
                .bind(contract_id)
                .bind(serde_json::to_string(&left_out.contract).map_err(|error| fault(&error))?)
                .bind(left_out.rule.code())
                .bind(&left_out.reason);
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}

/// Takes a contract off the left-out list, giving the stored contract's id; `None` when it is not there any more.
pub async fn delete_left_out(db: &mut AnyConnection, record: &RecordId, id: &LeftOutId) -> Result<Option<String>, AppError> {
    Ok(sqlx::query_scalar("DELETE FROM record_left_out WHERE id = $1 AND record_id = $2 RETURNING contract_id")
        .bind(id.as_str())
        .bind(record.as_str())
        .fetch_optional(db)
        .await?)
}

/// Takes a contract off the left-out list and gives it with its stored contract; `None` when it is not there any more.
pub async fn take_left_out(db: &mut AnyConnection, record: &RecordId, id: &LeftOutId) -> Result<Option<(LeftOut, ContractId)>, AppError> {
    let row: Option<(String, String, String, String, String)> =
        sqlx::query_as("DELETE FROM record_left_out WHERE id = $1 AND record_id = $2 RETURNING id, contract, rule, reason, contract_id")
            .bind(id.as_str())
            .bind(record.as_str())
            .fetch_optional(db)
            .await?;
    let Some((id, body, rule, reason, contract)) = row else { return Ok(None) };
    let contract = ContractId::parse(&contract).map_err(|error| impossible("record_left_out", &id, &error))?;
    Ok(Some((left_out_of((id, body, rule, reason))?, contract)))
}
