//! The SQL of `attachments`.

use crate::domain::calendar::Moment;
use crate::domain::ids::{AnnouncementId, AttachmentId};
use crate::error::AppError;
use crate::features::announcements::seen::Attachment;
use crate::server::db::places;
use crate::server::fault::impossible;
use sqlx::AnyConnection;
use std::collections::HashSet;

type Stored = (String, String, String, i64, String, i64);

fn attachment((id, name, media_type, size, sha256, is_shown): Stored) -> Result<Attachment, AppError> {
    Ok(Attachment {
        id: AttachmentId::parse(&id).map_err(|error| impossible("attachments", &id, &error))?,
        name,
        media_type,
        size,
        sha256,
        is_shown: is_shown == 1,
    })
}

/// The files of an announcement, in the order of their upload.
pub async fn of(db: &mut AnyConnection, announcement: &AnnouncementId) -> Result<Vec<Attachment>, AppError> {
    let rows: Vec<Stored> = sqlx::query_as(
        "SELECT id, name, media_type, size, sha256, is_shown FROM attachments WHERE announcement_id = $1 ORDER BY uploaded_at, id",
    )
    .bind(announcement.as_str())
    .fetch_all(db)
    .await?;
    rows.into_iter().map(attachment).collect()
}

/// Which of these announcements have files.
pub async fn having(db: &mut AnyConnection, announcements: &[AnnouncementId]) -> Result<HashSet<String>, sqlx::Error> {
    let text =
        format!("SELECT DISTINCT announcement_id FROM attachments WHERE announcement_id IN ({})", super::listed(announcements.len(), 1));
    let mut query = sqlx::query_scalar(super::sql(text));
    for id in announcements {
        query = query.bind(id.as_str());
    }
    Ok(query.fetch_all(db).await?.into_iter().collect())
}

/// One file of an announcement.
pub async fn by_id(db: &mut AnyConnection, announcement: &AnnouncementId, id: &AttachmentId) -> Result<Option<Attachment>, AppError> {
    let row: Option<Stored> =
        sqlx::query_as("SELECT id, name, media_type, size, sha256, is_shown FROM attachments WHERE announcement_id = $1 AND id = $2")
            .bind(announcement.as_str())
            .bind(id.as_str())
            .fetch_optional(db)
            .await?;
    row.map(attachment).transpose()
}

/// Which of these files have a row.
pub async fn known(db: &mut AnyConnection, ids: &[AttachmentId]) -> Result<HashSet<String>, sqlx::Error> {
    let mut query = sqlx::query_scalar(super::sql(format!("SELECT id FROM attachments WHERE id IN ({})", places(ids.len(), 1))));
    for id in ids {
        query = query.bind(id.as_str());
    }
    Ok(query.fetch_all(db).await?.into_iter().collect())
}

/// Inserts a file.
pub async fn insert(db: &mut AnyConnection, announcement: &AnnouncementId, file: &Attachment, now: Moment) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO attachments (id, announcement_id, name, media_type, size, sha256, is_shown, uploaded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(file.id.as_str())
        .bind(announcement.as_str())
        .bind(&file.name)
        .bind(&file.media_type)
        .bind(file.size)
        .bind(&file.sha256)
        .bind(i64::from(file.is_shown))
        .bind(now.to_string())
        .execute(db)
        .await?;
    Ok(())
}

/// Sets 「外网展示」; the caller has guarded the announcement's version in the same transaction.
pub async fn show(db: &mut AnyConnection, announcement: &AnnouncementId, id: &AttachmentId, is_shown: bool) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("UPDATE attachments SET is_shown = $1 WHERE id = $2 AND announcement_id = $3")
        .bind(i64::from(is_shown))
        .bind(id.as_str())
        .bind(announcement.as_str())
        .execute(db)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes a file's row; the caller has guarded the announcement's version in the same transaction.
pub async fn delete(db: &mut AnyConnection, announcement: &AnnouncementId, id: &AttachmentId) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("DELETE FROM attachments WHERE id = $1 AND announcement_id = $2")
        .bind(id.as_str())
        .bind(announcement.as_str())
        .execute(db)
        .await?;
    Ok(done.rows_affected() == 1)
}
