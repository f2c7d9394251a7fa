//! The SQL of `attachments`.

use crate::domain::calendar::Moment;
use crate::domain::ids::{AnnouncementId, AttachmentId, UploadKey};
use crate::error::AppError;
use crate::features::announcements::seen::{Attachment, OlderFile};
use crate::server::db::places;
use crate::server::fault::impossible;
use sqlx::AnyConnection;
use std::collections::HashSet;

#[derive(sqlx::FromRow)]
struct Stored {
    id: String,
    name: String,
    media_type: String,
    size: i64,
    sha256: String,
    is_shown: i64,
    replaced_by: Option<String>,
    uploaded_at: String,
}

const FILE: &str =
    "SELECT id, name, media_type, size, sha256, is_shown, replaced_by, uploaded_at FROM attachments WHERE announcement_id = $1";

fn id(text: &str) -> Result<AttachmentId, AppError> {
    AttachmentId::parse(text).map_err(|error| impossible("attachments", text, &error))
}

fn attachment(row: Stored) -> Result<Attachment, AppError> {
    Ok(Attachment {
        id: id(&row.id)?,
        name: row.name,
        media_type: row.media_type,
        size: row.size,
        sha256: row.sha256,
        is_shown: row.is_shown == 1,
        older: Vec::new(),
    })
}

fn older(row: Stored) -> Result<OlderFile, AppError> {
    let uploaded_at = Moment::parse(&row.uploaded_at).map_err(|error| impossible("attachments", &row.id, &error))?;
    Ok(OlderFile { id: id(&row.id)?, name: row.name, size: row.size, uploaded_at })
}

/// The files of an announcement in their order, each with those that it has replaced.
pub async fn of(db: &mut AnyConnection, announcement: &AnnouncementId) -> Result<Vec<Attachment>, AppError> {
    let rows: Vec<Stored> =
        sqlx::query_as(super::sql(format!("{FILE} ORDER BY position, uploaded_at, id"))).bind(announcement.as_str()).fetch_all(db).await?;
    let (replaced, current): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.replaced_by.is_some());
    let mut files = current.into_iter().map(attachment).collect::<Result<Vec<_>, _>>()?;
    // Read in the order of their upload; the newest comes first.
    for row in replaced.into_iter().rev() {
        if let Some(file) = files.iter_mut().find(|file| Some(file.id.as_str()) == row.replaced_by.as_deref()) {
            file.older.push(older(row)?);
        }
    }
    for file in &mut files {
        file.older.sort_by(|a, b| (b.uploaded_at, &b.id).cmp(&(a.uploaded_at, &a.id)));
    }
    Ok(files)
}

/// Under which ids the files of an announcement lie on the disk, replaced ones too.
pub async fn stored(db: &mut AnyConnection, announcement: &AnnouncementId) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT id FROM attachments WHERE announcement_id = $1").bind(announcement.as_str()).fetch_all(db).await
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

/// One file of an announcement, also one that was replaced; what it has replaced is not read.
pub async fn by_id(db: &mut AnyConnection, announcement: &AnnouncementId, id: &AttachmentId) -> Result<Option<Attachment>, AppError> {
    let row: Option<Stored> =
        sqlx::query_as(super::sql(format!("{FILE} AND id = $2"))).bind(announcement.as_str()).bind(id.as_str()).fetch_optional(db).await?;
    row.map(attachment).transpose()
}

/// The file that was sent under this key.
pub async fn by_key(db: &mut AnyConnection, announcement: &AnnouncementId, key: &UploadKey) -> Result<Option<Attachment>, AppError> {
    let row: Option<Stored> = sqlx::query_as(super::sql(format!("{FILE} AND upload_key = $2")))
        .bind(announcement.as_str())
        .bind(key.as_str())
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

/// Inserts a file behind the others.
pub async fn insert(
    db: &mut AnyConnection,
    announcement: &AnnouncementId,
    file: &Attachment,
    key: &UploadKey,
    now: Moment,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO attachments (id, announcement_id, name, media_type, size, sha256, is_shown, uploaded_at, upload_key, position)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, (SELECT COALESCE(MAX(position), 0) + 1 FROM attachments WHERE announcement_id = $10))",
    )
    .bind(file.id.as_str())
    .bind(announcement.as_str())
    .bind(&file.name)
    .bind(&file.media_type)
    .bind(file.size)
    .bind(&file.sha256)
    .bind(i64::from(file.is_shown))
    .bind(now.to_string())
    .bind(key.as_str())
    .bind(announcement.as_str())
    .execute(db)
    .await?;
    Ok(())
}

/// Puts `by` into the place of `old`: its position and its 「外网展示」; what `old` had replaced goes with it. `false` when `old` is no
/// current file of the announcement.
pub async fn replace(
    db: &mut AnyConnection,
    announcement: &AnnouncementId,
    old: &AttachmentId,
    by: &AttachmentId,
) -> Result<bool, sqlx::Error> {
    let place: Option<(i64, i64)> =
        sqlx::query_as("SELECT position, is_shown FROM attachments WHERE id = $1 AND announcement_id = $2 AND replaced_by IS NULL")
            .bind(old.as_str())
            .bind(announcement.as_str())
            .fetch_optional(&mut *db)
            .await?;
    let Some((position, is_shown)) = place else { return Ok(false) };
    sqlx::query("UPDATE attachments SET position = $1, is_shown = $2 WHERE id = $3")
        .bind(position)
        .bind(is_shown)
        .bind(by.as_str())
        .execute(&mut *db)
        .await?;
    sqlx::query("UPDATE attachments SET replaced_by = $1, is_shown = 0 WHERE announcement_id = $2 AND (id = $3 OR replaced_by = $4)")
        .bind(by.as_str())
        .bind(announcement.as_str())
        .bind(old.as_str())
        .bind(old.as_str())
        .execute(db)
        .await?;
    Ok(true)
}

/// How many files this one has replaced.
pub async fn count_older(db: &mut AnyConnection, id: &AttachmentId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT COUNT(*) FROM attachments WHERE replaced_by = $1").bind(id.as_str()).fetch_one(db).await
}

/// Sets 「外网展示」 of a current file; the caller has guarded the announcement in the same transaction.
pub async fn show(db: &mut AnyConnection, announcement: &AnnouncementId, id: &AttachmentId, is_shown: bool) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("UPDATE attachments SET is_shown = $1 WHERE id = $2 AND announcement_id = $3 AND replaced_by IS NULL")
        .bind(i64::from(is_shown))
        .bind(id.as_str())
        .bind(announcement.as_str())
        .execute(db)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Puts a file at a place; the caller has guarded the announcement in the same transaction.
pub async fn place(db: &mut AnyConnection, announcement: &AnnouncementId, id: &AttachmentId, position: i64) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE attachments SET position = $1 WHERE id = $2 AND announcement_id = $3")
        .bind(position)
        .bind(id.as_str())
        .bind(announcement.as_str())
        .execute(db)
        .await?;
    Ok(())
}

/// Removes the rows of a current file and of what it has replaced; under which ids they lie on the disk, nothing where it is none.
/// The caller has guarded the announcement in the same transaction.
pub async fn delete(db: &mut AnyConnection, announcement: &AnnouncementId, id: &AttachmentId) -> Result<Vec<String>, sqlx::Error> {
    let is_current = sqlx::query("DELETE FROM attachments WHERE id = $1 AND announcement_id = $2 AND replaced_by IS NULL")
        .bind(id.as_str())
        .bind(announcement.as_str())
        .execute(&mut *db)
        .await?;
    if is_current.rows_affected() == 0 {
        return Ok(Vec::new());
    }
    let mut gone: Vec<String> =
        sqlx::query_scalar("SELECT id FROM attachments WHERE replaced_by = $1").bind(id.as_str()).fetch_all(&mut *db).await?;
    sqlx::query("DELETE FROM attachments WHERE replaced_by = $1").bind(id.as_str()).execute(db).await?;
    gone.push(id.as_str().to_owned());
    Ok(gone)
}
