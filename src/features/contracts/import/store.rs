//! The SQL of what is staged.

use super::api::{CellChange, Counts, Findings, Head, Import, ImportState, Kind, StagedRow};
use crate::domain::calendar::Moment;
use crate::domain::contract::Contract;
use crate::domain::ids::{ContractId, ImportId, UnitId, UserId};
use crate::domain::money::Money;
use crate::domain::sheet::{Finding, Severity};
use crate::error::AppError;
use crate::features::contracts::store::{Existing, parts};
use crate::server::db::places;
use crate::server::fault::{fault, impossible};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use std::collections::HashMap;

/// Rows of one INSERT.
const CHUNK: usize = 100;
/// Numbers asked about in one statement.
const ASKED: usize = 500;

/// An import with what its page does not show.
#[derive(Clone, Debug)]
pub(super) struct ImportRow {
    pub(super) import: Import,
    pub(super) user: UserId,
    pub(super) unit: UnitId,
    pub(super) run: i64,
}

const COLUMNS: &str = "id, user_id, user_name, unit_id, file_name, file_size, file_kind, sheets, sheet, head, columns, state, problem, run, progress, \
     rows_read, added, updated, unchanged, repeated, refused, errors, warnings, is_cut, created_at, touched_at, version";

fn from_json<T: DeserializeOwned>(id: &str, text: &str) -> Result<T, AppError> {
    serde_json::from_str(text).map_err(|error| impossible("contract_imports", id, &error))
}

fn to_json(value: &impl Serialize) -> Result<String, AppError> {
    serde_json::to_string(value).map_err(|error| fault(&error))
}

fn read(row: &AnyRow) -> Result<ImportRow, AppError> {
    let id: String = row.try_get("id")?;
    let text = |name: &str| row.try_get::<String, _>(name);
    let count = |name: &str| Ok::<u64, AppError>(u64::try_from(row.try_get::<i64, _>(name)?).unwrap_or_default());
    let wrong = |what: &dyn std::fmt::Display| impossible("contract_imports", &id, what);
    let import = Import {
        id: ImportId::parse(&id).map_err(|error| wrong(&error))?,
        file_name: text("file_name")?,
        file_kind: text("file_kind")?,
        file_size: row.try_get("file_size")?,
        state: ImportState::from_code(&text("state")?).ok_or_else(|| wrong(&"state"))?,
        problem: text("problem")?,
        progress: row.try_get("progress")?,
        counts: Counts {
            rows: count("rows_read")?,
            added: count("added")?,
            updated: count("updated")?,
            unchanged: count("unchanged")?,
            repeated: count("repeated")?,
            refused: count("refused")?,
            errors: count("errors")?,
            warnings: count("warnings")?,
            is_cut: row.try_get::<i64, _>("is_cut")? == 1,
        },
        sheets: from_json(&id, &text("sheets")?)?,
        sheet: usize::try_from(row.try_get::<i64, _>("sheet")?).unwrap_or_default(),
        head: from_json::<Head>(&id, &text("head")?)?,
        columns: from_json(&id, &text("columns")?)?,
        who: text("user_name")?,
        created_at: Moment::parse(&text("created_at")?).map_err(|error| wrong(&error))?,
        touched_at: Moment::parse(&text("touched_at")?).map_err(|error| wrong(&error))?,
        version: row.try_get("version")?,
    };
    Ok(ImportRow {
        user: UserId::parse(&text("user_id")?).map_err(|error| wrong(&error))?,
        unit: UnitId::parse(&text("unit_id")?).map_err(|error| wrong(&error))?,
        run: row.try_get("run")?,
        import,
    })
}

/// Adds an import.
pub(super) async fn insert(db: &mut AnyConnection, row: &ImportRow) -> Result<(), AppError> {
    let import = &row.import;
    let text = format!("INSERT INTO contract_imports ({COLUMNS}) VALUES {}", places(1, 27));
    sqlx::query(AssertSqlSafe(text))
        .bind(import.id.as_str())
        .bind(row.user.as_str())
        .bind(&import.who)
        .bind(row.unit.as_str())
        .bind(&import.file_name)
        .bind(import.file_size)
        .bind(&import.file_kind)
        .bind(to_json(&import.sheets)?)
        .bind(i64::try_from(import.sheet).unwrap_or_default())
        .bind(to_json(&import.head)?)
        .bind(to_json(&import.columns)?)
        .bind(import.state.code())
        .bind(&import.problem)
        .bind(row.run)
        .bind(0_i64)
        .bind(0_i64)
        .bind(0_i64)
        .bind(0_i64)
        .bind(0_i64)
        .bind(0_i64)
        .bind(0_i64)
        .bind(0_i64)
        .bind(0_i64)
        .bind(0_i64)
        .bind(import.created_at.to_string())
        .bind(import.touched_at.to_string())
        .bind(import.version)
        .execute(db)
        .await?;
    Ok(())
}

/// One import.
pub(super) async fn by_id(db: &mut AnyConnection, id: &ImportId) -> Result<Option<ImportRow>, AppError> {
    let text = format!("SELECT {COLUMNS} FROM contract_imports WHERE id = $1");
    let row = sqlx::query(AssertSqlSafe(text)).bind(id.as_str()).fetch_optional(db).await?;
    row.as_ref().map(read).transpose()
}

/// A person's imports that are under way, newest first.
pub(super) async fn open_of(db: &mut AnyConnection, user: &UserId) -> Result<Vec<Import>, AppError> {
    let text = format!(
        "SELECT {COLUMNS} FROM contract_imports WHERE user_id = $1 AND state IN ('columns', 'reading', 'read', 'failed') ORDER BY created_at DESC, id DESC"
    );
    let rows = sqlx::query(AssertSqlSafe(text)).bind(user.as_str()).fetch_all(db).await?;
    rows.iter().map(|row| Ok(read(row)?.import)).collect()
}

/// A unit's imports that were written, newest first.
pub(super) async fn applied_by(db: &mut AnyConnection, unit: &UnitId, most: i64) -> Result<Vec<Import>, AppError> {
    let text = format!("SELECT {COLUMNS} FROM contract_imports WHERE unit_id = $1 AND state = 'applied' ORDER BY touched_at DESC, id DESC LIMIT $2");
    let rows = sqlx::query(AssertSqlSafe(text)).bind(unit.as_str()).bind(most).fetch_all(db).await?;
    rows.iter().map(|row| Ok(read(row)?.import)).collect()
}

/// Takes another sheet with its header; `false` when the version has moved on.
pub(super) async fn set_sheet(db: &mut AnyConnection, row: &ImportRow, at: Moment) -> Result<bool, AppError> {
    let import = &row.import;
    let done = sqlx::query(
        "UPDATE contract_imports SET sheet = $1, head = $2, columns = $3, state = 'columns', problem = '', run = run + 1, touched_at = $4, version = version + 1
         WHERE id = $5 AND version = $6 AND state IN ('columns', 'reading', 'read', 'failed')",
    )
    .bind(i64::try_from(import.sheet).unwrap_or_default())
    .bind(to_json(&import.head)?)
    .bind(to_json(&import.columns)?)
    .bind(at.to_string())
    .bind(import.id.as_str())
    .bind(import.version)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Begins a reading with these columns; `false` when the version has moved on.
pub(super) async fn begin(db: &mut AnyConnection, row: &ImportRow, columns: &[String], problem: &str, at: Moment) -> Result<bool, AppError> {
    let done = sqlx::query(
        "UPDATE contract_imports SET columns = $1, state = 'reading', problem = $2, run = run + 1, progress = 0, rows_read = 0, added = 0, updated = 0,
         unchanged = 0, repeated = 0, refused = 0, errors = 0, warnings = 0, is_cut = 0, touched_at = $3, version = version + 1
         WHERE id = $4 AND version = $5 AND run = $6 AND state IN ('columns', 'reading', 'read', 'failed')",
    )
    .bind(to_json(&columns)?)
    .bind(problem)
    .bind(at.to_string())
    .bind(row.import.id.as_str())
    .bind(row.import.version)
    .bind(row.run)
    .execute(&mut *db)
    .await?;
    if done.rows_affected() == 1 {
        clear(db, &row.import.id).await?;
        return Ok(true);
    }
    Ok(false)
}

/// Removes what is staged.
pub(super) async fn clear(db: &mut AnyConnection, id: &ImportId) -> Result<(), AppError> {
    sqlx::query("DELETE FROM contract_import_rows WHERE import_id = $1").bind(id.as_str()).execute(&mut *db).await?;
    sqlx::query("DELETE FROM contract_import_findings WHERE import_id = $1").bind(id.as_str()).execute(db).await?;
    Ok(())
}

/// Says how far a reading is; `false` when another has overtaken it, or it was cancelled.
pub(super) async fn progress(db: &mut AnyConnection, id: &ImportId, run: i64, thousandths: i64, rows: i64, at: Moment) -> Result<bool, AppError> {
    let done = sqlx::query("UPDATE contract_imports SET progress = $1, rows_read = $2, touched_at = $3 WHERE id = $4 AND run = $5 AND state = 'reading'")
        .bind(thousandths)
        .bind(rows)
        .bind(at.to_string())
        .bind(id.as_str())
        .bind(run)
        .execute(db)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends a reading: what was staged is counted here, by the database that holds it.
pub(super) async fn finish(db: &mut AnyConnection, id: &ImportId, run: i64, counts: &Counts, at: Moment) -> Result<(), AppError> {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let of = |outcome: &str| format!("(SELECT COUNT(*) FROM contract_import_rows WHERE import_id = $1 AND outcome = '{outcome}')");
    let text = format!(
        "UPDATE contract_imports SET state = 'read', progress = 1000, added = {}, updated = {}, unchanged = {},
         refused = (SELECT COUNT(DISTINCT row_no) FROM contract_import_findings WHERE import_id = $1 AND severity = 'error'),
         rows_read = $2, repeated = $3, errors = $4, warnings = $5, is_cut = $6, touched_at = $7, version = version + 1
         WHERE id = $1 AND run = $8 AND state = 'reading'",
        of("added"),
        of("updated"),
        of("unchanged")
    );
    sqlx::query(AssertSqlSafe(text))
        .bind(id.as_str())
        .bind(number(counts.rows))
        .bind(number(counts.repeated))
        .bind(number(counts.errors))
        .bind(number(counts.warnings))
        .bind(i64::from(counts.is_cut))
        .bind(at.to_string())
        .bind(run)
        .execute(db)
        .await?;
    Ok(())
}

/// Ends a reading that got no further.
pub(super) async fn fail(db: &mut AnyConnection, id: &ImportId, run: i64, problem: &str, at: Moment) -> Result<(), AppError> {
    let done = sqlx::query(
        "UPDATE contract_imports SET state = 'failed', problem = $1, touched_at = $2, version = version + 1 WHERE id = $3 AND run = $4 AND state = 'reading'",
    )
    .bind(problem)
    .bind(at.to_string())
    .bind(id.as_str())
    .bind(run)
    .execute(&mut *db)
    .await?;
    if done.rows_affected() == 1 { clear(db, id).await } else { Ok(()) }
}

/// Ends an import that is under way; `false` when its version has moved on.
pub(super) async fn end(db: &mut AnyConnection, id: &ImportId, version: i64, state: ImportState, at: Moment) -> Result<bool, AppError> {
    let done = sqlx::query(
        "UPDATE contract_imports SET state = $1, run = run + 1, touched_at = $2, version = version + 1
         WHERE id = $3 AND version = $4 AND state IN ('columns', 'reading', 'read', 'failed')",
    )
    .bind(state.code())
    .bind(at.to_string())
    .bind(id.as_str())
    .bind(version)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Marks an import as written; `false` when it is not (or no longer) the one that was seen.
pub(super) async fn mark_applied(db: &mut AnyConnection, id: &ImportId, version: i64, at: Moment) -> Result<bool, AppError> {
    let done = sqlx::query(
        "UPDATE contract_imports SET state = 'applied', touched_at = $1, version = version + 1 WHERE id = $2 AND version = $3 AND state = 'read'",
    )
    .bind(at.to_string())
    .bind(id.as_str())
    .bind(version)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Imports whose staging nobody has touched since: id, version, and whether they are still under way.
pub(super) async fn left_alone(db: &mut AnyConnection, since: Moment) -> Result<Vec<(ImportId, i64, bool)>, AppError> {
    let rows: Vec<(String, i64, String)> = sqlx::query_as(
        "SELECT id, version, state FROM contract_imports WHERE touched_at < $1 AND (state IN ('columns', 'reading', 'read', 'failed')
         OR (state = 'applied' AND EXISTS (SELECT 1 FROM contract_import_rows r WHERE r.import_id = contract_imports.id)))",
    )
    .bind(since.to_string())
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|(id, version, state)| {
            let is_open = ImportState::from_code(&state).is_some_and(ImportState::is_open);
            Ok((ImportId::parse(&id).map_err(|error| impossible("contract_imports", &id, &error))?, version, is_open))
        })
        .collect()
}

/// A row as it is staged.
pub(super) struct NewRow {
    pub(super) row: i64,
    pub(super) unit: UnitId,
    pub(super) contract: Contract,
    pub(super) kind: Kind,
    pub(super) existing: Option<(ContractId, i64)>,
    pub(super) changes: Vec<CellChange>,
}

/// Stages rows.
pub(super) async fn insert_rows(db: &mut AnyConnection, id: &ImportId, rows: &[NewRow]) -> Result<(), AppError> {
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
pub(super) async fn remove_row(db: &mut AnyConnection, id: &ImportId, row: i64) -> Result<(), AppError> {
    sqlx::query("DELETE FROM contract_import_rows WHERE import_id = $1 AND row_no = $2").bind(id.as_str()).bind(row).execute(db).await?;
    Ok(())
}

const fn code(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// Stages findings; each has a place of its own.
pub(super) async fn insert_findings(db: &mut AnyConnection, id: &ImportId, findings: &[(i64, Finding)]) -> Result<(), AppError> {
    for chunk in findings.chunks(CHUNK) {
        let text = format!("INSERT INTO contract_import_findings (import_id, row_no, place, severity, cell, message) VALUES {}", places(chunk.len(), 6));
        let mut query = sqlx::query(AssertSqlSafe(text));
        for (place, finding) in chunk {
            query = query
                .bind(id.as_str())
                .bind(i64::try_from(finding.row).unwrap_or(i64::MAX))
                .bind(*place)
                .bind(code(finding.severity))
                .bind(&finding.column)
                .bind(&finding.message);
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}

/// A page of findings by row.
pub(super) async fn findings(db: &mut AnyConnection, id: &ImportId, severity: Option<Severity>, page: u64, size: u64) -> Result<Findings, AppError> {
    let wanted = severity.map_or("", code);
    let number = |count: i64| u64::try_from(count).unwrap_or_default();
    let count = |more: &str| format!("SELECT CAST(COUNT(*) AS BIGINT) FROM contract_import_findings WHERE import_id = $1 AND ($2 = '' OR severity = $2) {more}");
    let total: i64 = sqlx::query_scalar(AssertSqlSafe(count(""))).bind(id.as_str()).bind(wanted).fetch_one(&mut *db).await?;
    let first: Option<(i64, i64)> =
        sqlx::query_as("SELECT row_no, place FROM contract_import_findings WHERE import_id = $1 AND severity = 'error' ORDER BY row_no, place LIMIT 1")
            .bind(id.as_str())
            .fetch_optional(&mut *db)
            .await?;
    let first_error = match first.filter(|_| severity != Some(Severity::Warning)) {
        None => None,
        Some((row, place)) => {
            let text = count("AND (row_no < $3 OR (row_no = $3 AND place < $4))");
            let before: i64 =
                sqlx::query_scalar(AssertSqlSafe(text)).bind(id.as_str()).bind(wanted).bind(row).bind(place).fetch_one(&mut *db).await?;
            Some(number(before) / size + 1)
        }
    };
    let total = number(total);
    let page = page.clamp(1, total.div_ceil(size).max(1));
    let rows: Vec<(i64, String, String, String)> = sqlx::query_as(
        "SELECT row_no, severity, cell, message FROM contract_import_findings WHERE import_id = $1 AND ($2 = '' OR severity = $2)
         ORDER BY row_no, place LIMIT $3 OFFSET $4",
    )
    .bind(id.as_str())
    .bind(wanted)
    .bind(i64::try_from(size).unwrap_or(i64::MAX))
    .bind(i64::try_from((page - 1) * size).unwrap_or(i64::MAX))
    .fetch_all(db)
    .await?;
    let findings = rows
        .into_iter()
        .map(|(row, severity, column, message)| Finding {
            row: usize::try_from(row).unwrap_or_default(),
            column,
            severity: if severity == "error" { Severity::Error } else { Severity::Warning },
            message,
        })
        .collect();
    Ok(Findings { findings, total, page, size, first_error })
}

/// What is wrong with rows, as sentences by row: errors of at most `most` rows from `from` on.
pub(super) async fn faulty_rows(db: &mut AnyConnection, id: &ImportId) -> Result<HashMap<usize, String>, AppError> {
    let rows: Vec<(i64, String, String)> = sqlx::query_as(
        "SELECT row_no, cell, message FROM contract_import_findings WHERE import_id = $1 AND severity = 'error' ORDER BY row_no, place",
    )
    .bind(id.as_str())
    .fetch_all(db)
    .await?;
    let mut faults: HashMap<usize, String> = HashMap::new();
    for (row, cell, message) in rows {
        let words = faults.entry(usize::try_from(row).unwrap_or_default()).or_default();
        if !words.is_empty() {
            words.push('\n');
        }
        words.push_str(&if cell.is_empty() { message } else { format!("{cell}：{message}") });
    }
    Ok(faults)
}

/// A page of staged rows, in the order of the file; the names of the units are the caller's to fill in.
pub(super) async fn rows(db: &mut AnyConnection, id: &ImportId, kind: Kind, page: u64, size: u64) -> Result<(Vec<(UnitId, StagedRow)>, u64, u64), AppError> {
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
pub(super) struct ReadyRow {
    pub(super) row: i64,
    pub(super) unit: UnitId,
    pub(super) contract: Contract,
    pub(super) existing: Option<(ContractId, i64)>,
}

/// The next staged rows that write something, behind `after`.
pub(super) async fn ready_rows(db: &mut AnyConnection, id: &ImportId, after: i64, most: i64) -> Result<Vec<ReadyRow>, AppError> {
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
pub(super) async fn overtaken_rows(db: &mut AnyConnection, id: &ImportId) -> Result<i64, AppError> {
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
pub(super) async fn staged_units(db: &mut AnyConnection, id: &ImportId) -> Result<Vec<(UnitId, i64)>, AppError> {
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

/// The contracts of a unit that have one of these numbers, by 合同编号 and 标项.
pub(super) async fn existing(
    db: &mut AnyConnection,
    unit: &UnitId,
    numbers: &[&str],
) -> Result<HashMap<(String, String), Existing>, AppError> {
    let mut found = HashMap::new();
    for chunk in numbers.chunks(ASKED) {
        let places: Vec<String> = (2..chunk.len() + 2).map(|place| format!("${place}")).collect();
        let text = format!("SELECT id, body, version FROM contracts WHERE unit_id = $1 AND contract_no IN ({})", places.join(", "));
        let mut query = sqlx::query_as::<_, (String, String, i64)>(AssertSqlSafe(text)).bind(unit.as_str());
        for number in chunk {
            query = query.bind((*number).to_owned());
        }
        for (id, body, version) in query.fetch_all(&mut *db).await? {
            let (id, contract) = parts(&id, &body)?;
            found.insert((contract.contract_no.clone(), contract.lot.clone()), Existing { id, contract, version });
        }
    }
    Ok(found)
}

/// How a unit's files have named their columns.
pub(super) async fn names(db: &mut AnyConnection, unit: &UnitId) -> Result<HashMap<String, String>, AppError> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT name, code FROM contract_import_names WHERE unit_id = $1").bind(unit.as_str()).fetch_all(db).await?;
    Ok(rows.into_iter().collect())
}

/// Remembers how a column is named.
pub(super) async fn remember_name(db: &mut AnyConnection, unit: &UnitId, name: &str, code: &str) -> Result<(), AppError> {
    sqlx::query("INSERT INTO contract_import_names (unit_id, name, code) VALUES ($1, $2, $3) ON CONFLICT (unit_id, name) DO UPDATE SET code = excluded.code")
        .bind(unit.as_str())
        .bind(name)
        .bind(code)
        .execute(db)
        .await?;
    Ok(())
}
