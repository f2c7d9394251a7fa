//! The SQL of what is staged.

mod found;
mod staged;

pub(super) use found::{faulty_rows, findings, insert_findings};
pub(super) use staged::{NewRow, ReadyRow, insert_rows, overtaken_rows, ready_rows, remove_row, rows, staged_units};

use super::api::{Counts, Head, Import, ImportState};
use crate::domain::calendar::Moment;
use crate::domain::ids::{ImportId, UnitId, UserId};
use crate::error::AppError;
use crate::server::db::places;
use crate::server::fault::{fault, impossible};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use std::collections::HashMap;

/// An import with what its page does not show.
#[derive(Clone, Debug)]
pub(super) struct ImportRow {
    pub(super) import: Import,
    pub(super) user: UserId,
    pub(super) unit: UnitId,
    pub(super) run: i64,
}

const COLUMNS: &str = "id, user_id, user_name, unit_id, file_name, file_size, file_kind, sheets, sheet, head, columns, state, problem, run, progress, \
     rows_read, added, updated, unchanged, repeated, refused, errors, warnings, is_cut, created_at, touched_at, version, is_cleared";

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
        is_cleared: row.try_get::<i64, _>("is_cleared")? == 1,
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
    let text = format!("INSERT INTO contract_imports ({COLUMNS}) VALUES {}", places(1, 28));
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
        .bind(0_i64)
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
    let text = format!(
        "SELECT {COLUMNS} FROM contract_imports WHERE unit_id = $1 AND state = 'applied' ORDER BY touched_at DESC, id DESC LIMIT $2"
    );
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
pub(super) async fn begin(
    db: &mut AnyConnection,
    row: &ImportRow,
    columns: &[String],
    problem: &str,
    at: Moment,
) -> Result<bool, AppError> {
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

/// Notes that nothing is staged any more for an import that has ended.
pub(super) async fn mark_cleared(db: &mut AnyConnection, id: &ImportId) -> Result<(), AppError> {
    sqlx::query("UPDATE contract_imports SET is_cleared = 1 WHERE id = $1").bind(id.as_str()).execute(db).await?;
    Ok(())
}

/// Says how far a reading is; `false` when another has overtaken it, or it was cancelled.
pub(super) async fn progress(
    db: &mut AnyConnection,
    id: &ImportId,
    run: i64,
    thousandths: i64,
    rows: i64,
    at: Moment,
) -> Result<bool, AppError> {
    let done = sqlx::query(
        "UPDATE contract_imports SET progress = $1, rows_read = $2, touched_at = $3 WHERE id = $4 AND run = $5 AND state = 'reading'",
    )
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

/// Ends a reading that got no further; `clears` removes what it has staged.
pub(super) async fn fail(db: &mut AnyConnection, id: &ImportId, run: i64, problem: &str, at: Moment, clears: bool) -> Result<(), AppError> {
    let done = sqlx::query(
        "UPDATE contract_imports SET state = 'failed', problem = $1, touched_at = $2, version = version + 1 WHERE id = $3 AND run = $4 AND state = 'reading'",
    )
    .bind(problem)
    .bind(at.to_string())
    .bind(id.as_str())
    .bind(run)
    .execute(&mut *db)
    .await?;
    if clears && done.rows_affected() == 1 { clear(db, id).await } else { Ok(()) }
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
        "SELECT id, version, state FROM contract_imports WHERE touched_at < $1
         AND (state IN ('columns', 'reading', 'read', 'failed') OR (state IN ('applied', 'cancelled') AND is_cleared = 0))",
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
