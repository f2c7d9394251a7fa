//! The SQL of what became of the held records (E5): `announcement_records` and the lines taken from them.

use crate::domain::calendar::Moment;
use crate::domain::ids::{AnnouncementId, RecordId};
use crate::error::AppError;
use crate::features::announcements::seen::Kept;
use crate::server::fault::impossible;
use sqlx::AnyConnection;
use std::collections::HashMap;

/// Whether somebody must choose for a held record; the same as `domain::announcement::stale::Versions::is_undecided`.
const UNDECIDED: &str = "newest_number > record_number AND COALESCE(kept_number, 0) < newest_number";

/// The announcements that hold a record.
pub async fn holders(db: &mut AnyConnection, record: &RecordId) -> Result<Vec<AnnouncementId>, AppError> {
    let ids: Vec<String> =
        sqlx::query_scalar("SELECT announcement_id FROM announcement_records WHERE record_id = $1 ORDER BY announcement_id")
            .bind(record.as_str())
            .fetch_all(db)
            .await?;
    ids.into_iter().map(|id| AnnouncementId::parse(&id).map_err(|error| impossible("announcement_records", &id, &error))).collect()
}

/// Notes that a version was approved whose lines differ from those that the announcement holds.
pub async fn note_newest(db: &mut AnyConnection, announcement: &AnnouncementId, record: &RecordId, number: i64) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE announcement_records SET newest_number = $1 WHERE announcement_id = $2 AND record_id = $3")
        .bind(number)
        .bind(announcement.as_str())
        .bind(record.as_str())
        .execute(db)
        .await?;
    Ok(())
}

/// Notes that the announcement holds this version now: its lines are those of it.
pub async fn holds_now(db: &mut AnyConnection, announcement: &AnnouncementId, record: &RecordId, number: i64) -> Result<(), sqlx::Error> {
    for text in [
        "UPDATE announcement_records SET record_number = $1, newest_number = NULL, kept_number = NULL, kept_reason = '', kept_by = '', kept_at = NULL
         WHERE announcement_id = $2 AND record_id = $3",
        "UPDATE announcement_lines SET record_number = $1 WHERE announcement_id = $2 AND record_id = $3",
    ] {
        sqlx::query(text).bind(number).bind(announcement.as_str()).bind(record.as_str()).execute(&mut *db).await?;
    }
    Ok(())
}

/// Notes 「保留并说明」 against this version.
pub async fn keep(
    db: &mut AnyConnection,
    announcement: &AnnouncementId,
    record: &RecordId,
    number: i64,
    kept: &Kept,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE announcement_records SET kept_number = $1, kept_reason = $2, kept_by = $3, kept_at = $4 WHERE announcement_id = $5 AND record_id = $6",
    )
    .bind(number)
    .bind(&kept.reason)
    .bind(&kept.by)
    .bind(kept.at.to_string())
    .bind(announcement.as_str())
    .bind(record.as_str())
    .execute(db)
    .await?;
    Ok(())
}

/// The units whose records were corrected since, and for which nobody has chosen.
pub async fn undecided(db: &mut AnyConnection, announcement: &AnnouncementId) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(super::sql(format!(
        "SELECT unit_name FROM announcement_records WHERE announcement_id = $1 AND {UNDECIDED} ORDER BY unit_name, record_id"
    )))
    .bind(announcement.as_str())
    .fetch_all(db)
    .await
}

/// The same of several announcements, by their ids; none for those that nothing holds.
pub async fn undecided_of(db: &mut AnyConnection, announcements: &[&str]) -> Result<HashMap<String, Vec<String>>, sqlx::Error> {
    let mut found: HashMap<String, Vec<String>> = HashMap::new();
    if announcements.is_empty() {
        return Ok(found);
    }
    let mut query = sqlx::query_as(super::sql(format!(
        "SELECT announcement_id, unit_name FROM announcement_records WHERE announcement_id IN ({}) AND {UNDECIDED} ORDER BY unit_name, record_id",
        super::listed(announcements.len(), 1)
    )));
    for id in announcements {
        query = query.bind((*id).to_owned());
    }
    let rows: Vec<(String, String)> = query.fetch_all(db).await?;
    for (id, unit) in rows {
        found.entry(id).or_default().push(unit);
    }
    Ok(found)
}

/// A stored 「保留并说明」.
pub fn kept(record: &str, reason: String, by: String, at: Option<&str>) -> Result<Option<Kept>, AppError> {
    let at = at.map(Moment::parse).transpose().map_err(|error| impossible("announcement_records", record, &error))?;
    Ok(at.map(|at| Kept { reason, by, at }))
}

/// The condition on `announcements` that none of its held records waits for a choice.
pub fn nothing_waits() -> String {
    format!("NOT EXISTS (SELECT 1 FROM announcement_records WHERE announcement_records.announcement_id = announcements.id AND {UNDECIDED})")
}
