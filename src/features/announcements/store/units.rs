//! The SQL of units that come into an announcement and leave it: `announcement_left_units`, and their rows of the other tables.

use crate::domain::calendar::Moment;
use crate::domain::ids::{AnnouncementId, RecordId, UnitId};
use crate::error::AppError;
use crate::features::announcements::seen::{Left, TakenIn};
use crate::server::fault::impossible;
use sqlx::AnyConnection;
use std::collections::HashMap;

/// Notes that this record came in later than the others, and that its unit is no longer one that was taken out.
pub async fn note_taken_in(
    db: &mut AnyConnection,
    announcement: &AnnouncementId,
    record: &RecordId,
    unit: &UnitId,
    taken: &TakenIn,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE announcement_records SET taken_in_by = $1, taken_in_at = $2 WHERE announcement_id = $3 AND record_id = $4")
        .bind(&taken.by)
        .bind(taken.at.to_string())
        .bind(announcement.as_str())
        .bind(record.as_str())
        .execute(&mut *db)
        .await?;
    sqlx::query("DELETE FROM announcement_left_units WHERE announcement_id = $1 AND unit_id = $2")
        .bind(announcement.as_str())
        .bind(unit.as_str())
        .execute(db)
        .await?;
    Ok(())
}

/// Takes a record out with its lines; the caller has guarded the announcement's version in the same transaction.
pub async fn take_out(db: &mut AnyConnection, announcement: &AnnouncementId, record: &RecordId) -> Result<(), sqlx::Error> {
    for text in [
        "DELETE FROM announcement_lines WHERE announcement_id = $1 AND record_id = $2",
        "DELETE FROM announcement_records WHERE announcement_id = $1 AND record_id = $2",
    ] {
        sqlx::query(text).bind(announcement.as_str()).bind(record.as_str()).execute(&mut *db).await?;
    }
    Ok(())
}

/// Notes why a unit is not in the announcement.
pub async fn note_left(db: &mut AnyConnection, announcement: &AnnouncementId, unit: &UnitId, left: &Left) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO announcement_left_units (announcement_id, unit_id, reason, left_by, left_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (announcement_id, unit_id) DO UPDATE SET reason = excluded.reason, left_by = excluded.left_by, left_at = excluded.left_at",
    )
    .bind(announcement.as_str())
    .bind(unit.as_str())
    .bind(&left.reason)
    .bind(&left.by)
    .bind(left.at.to_string())
    .execute(db)
    .await?;
    Ok(())
}

/// The units that were taken out, and why.
pub async fn left(db: &mut AnyConnection, announcement: &AnnouncementId) -> Result<HashMap<UnitId, Left>, AppError> {
    let rows: Vec<(String, String, String, String)> =
        sqlx::query_as("SELECT unit_id, reason, left_by, left_at FROM announcement_left_units WHERE announcement_id = $1")
            .bind(announcement.as_str())
            .fetch_all(db)
            .await?;
    rows.into_iter()
        .map(|(unit, reason, by, at)| {
            let wrong = |what: &dyn std::fmt::Display| impossible("announcement_left_units", announcement.as_str(), what);
            let at = Moment::parse(&at).map_err(|error| wrong(&error))?;
            Ok((UnitId::parse(&unit).map_err(|error| wrong(&error))?, Left { reason, by, at }))
        })
        .collect()
}

/// The newest version at which a line of this record was changed in the announcement.
pub async fn last_change(db: &mut AnyConnection, announcement: &AnnouncementId, record: &RecordId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT CAST(COALESCE(MAX(version), 0) AS BIGINT) FROM announcement_lines WHERE announcement_id = $1 AND record_id = $2",
    )
    .bind(announcement.as_str())
    .bind(record.as_str())
    .fetch_one(db)
    .await
}

/// Notes the version at which all lines of a record were changed.
pub async fn changed(db: &mut AnyConnection, announcement: &AnnouncementId, record: &RecordId, version: i64) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE announcement_lines SET version = $1 WHERE announcement_id = $2 AND record_id = $3")
        .bind(version)
        .bind(announcement.as_str())
        .bind(record.as_str())
        .execute(db)
        .await?;
    Ok(())
}

/// A stored note of who took a record in.
pub fn taken_in(record: &str, by: String, at: Option<&str>) -> Result<Option<TakenIn>, AppError> {
    let at = at.map(Moment::parse).transpose().map_err(|error| impossible("announcement_records", record, &error))?;
    Ok(at.map(|at| TakenIn { by, at }))
}
