//! The SQL of `units.progress_from`: from which year on the portal says who of a 主管's units has published and who has not.

use super::{UnitRow, unit};
use crate::domain::calendar::Year;
use crate::domain::ids::UnitId;
use crate::domain::organisation::Unit;
use crate::error::AppError;
use crate::server::fault::impossible;
use sqlx::AnyConnection;

/// The setting of a 主管, with the version of its unit; no year: nothing is said.
pub async fn setting(db: &mut AnyConnection, unit: &UnitId) -> Result<Option<(Option<i64>, i64)>, sqlx::Error> {
    sqlx::query_as("SELECT progress_from, version FROM units WHERE id = $1").bind(unit.as_str()).fetch_optional(db).await
}

/// Writes it over the version that was seen; `false` when someone was faster.
pub async fn set(db: &mut AnyConnection, id: &UnitId, version: i64, from: Option<Year>) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("UPDATE units SET progress_from = $1, version = version + 1 WHERE id = $2 AND version = $3")
        .bind(from.map(|year| i64::from(year.number())))
        .bind(id.as_str())
        .bind(version)
        .execute(db)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// A 主管 that shows its progress, and from which year on.
#[derive(sqlx::FromRow)]
struct Showing {
    #[sqlx(flatten)]
    unit: UnitRow,
    progress_from: i64,
}

/// The 主管 that show it for this year, by name, with the year from which on they do.
pub async fn showing(db: &mut AnyConnection, year: Year) -> Result<Vec<(Unit, Year)>, AppError> {
    let rows: Vec<Showing> = sqlx::query_as(
        "SELECT id, name, uscc, parent_id, is_supervisor, district, year_basis, version, progress_from FROM units
         WHERE is_supervisor = 1 AND progress_from <= $1",
    )
    .bind(i64::from(year.number()))
    .fetch_all(db)
    .await?;
    let read = |row: Showing| {
        let from = Year::numbered(row.progress_from).ok_or_else(|| impossible("units", &row.unit.id, &"progress_from"))?;
        Ok::<_, AppError>((unit(row.unit)?, from))
    };
    let mut units = rows.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    units.sort_by(|(one, _), (other, _)| one.name.cmp(&other.name));
    Ok(units)
}
