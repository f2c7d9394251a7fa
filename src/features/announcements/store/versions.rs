//! The SQL of `announcement_versions`, their parts, and the editing that goes on.

use crate::domain::announcement::version::Occasion;
use crate::domain::calendar::Moment;
use crate::domain::ids::{AnnouncementId, UserId};
use crate::error::AppError;
use crate::server::fault::impossible;
use sqlx::AnyConnection;

/// A version without its contents.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Counted from 1, in the order of keeping.
    pub number: i64,
    /// Why it was kept.
    pub occasion: Occasion,
    /// What is said of it beside that.
    pub note: String,
    /// Whose it is.
    pub who: String,
    /// When its editing began.
    pub since: Moment,
    /// When it was complete.
    pub at: Moment,
}

/// The contents of a version, as stored: head, text, lines, template.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Contents {
    /// All but the following, as JSON.
    pub head: String,
    /// 正文, as the editor's JSON.
    pub document: Option<String>,
    /// The lines, as JSON.
    pub lines: String,
    /// The template that the announcement had taken, as JSON; none of a version that was kept before templates were.
    pub wording: Option<String>,
}

/// The digests of a version's contents.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Digests {
    /// The head itself.
    pub head: String,
    /// Of 正文.
    pub document: Option<String>,
    /// Of the lines.
    pub lines: String,
    /// Of the template.
    pub wording: Option<String>,
}

/// Editing that goes on.
#[derive(Clone, Debug)]
pub struct Editing {
    /// Who.
    pub user: UserId,
    /// Their name.
    pub who: String,
    /// When it began.
    pub since: Moment,
    /// The last change.
    pub at: Moment,
}

#[derive(sqlx::FromRow)]
struct Stored {
    number: i64,
    occasion: String,
    note: String,
    who: String,
    since: String,
    at: String,
}

fn moment(id: &AnnouncementId, text: &str) -> Result<Moment, AppError> {
    Moment::parse(text).map_err(|error| impossible("announcement_versions", id.as_str(), &error))
}

/// The versions of an announcement, newest first.
pub async fn of(db: &mut AnyConnection, id: &AnnouncementId) -> Result<Vec<Kept>, AppError> {
    let rows: Vec<Stored> = sqlx::query_as(
        "SELECT number, occasion, note, who, since, at FROM announcement_versions WHERE announcement_id = $1 ORDER BY number DESC",
    )
    .bind(id.as_str())
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Kept {
                occasion: Occasion::from_code(&row.occasion)
                    .ok_or_else(|| impossible("announcement_versions", id.as_str(), &row.occasion))?,
                since: moment(id, &row.since)?,
                at: moment(id, &row.at)?,
                number: row.number,
                note: row.note,
                who: row.who,
            })
        })
        .collect()
}

#[derive(sqlx::FromRow)]
struct Newest {
    number: i64,
    #[sqlx(flatten)]
    digests: Digests,
}

/// The number of the newest version and the digests of what it holds.
pub async fn last(db: &mut AnyConnection, id: &AnnouncementId) -> Result<Option<(i64, Digests)>, sqlx::Error> {
    let row: Option<Newest> = sqlx::query_as(
        "SELECT number, head, document_part AS document, lines_part AS lines, wording_part AS wording FROM announcement_versions WHERE announcement_id = $1 ORDER BY number DESC LIMIT 1",
    )
    .bind(id.as_str())
    .fetch_optional(db)
    .await?;
    Ok(row.map(|newest| (newest.number, newest.digests)))
}

/// Keeps a version.
pub async fn insert(db: &mut AnyConnection, id: &AnnouncementId, version: &Kept, digests: &Digests) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO announcement_versions (announcement_id, number, occasion, note, who, since, at, head, document_part, lines_part, wording_part)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(id.as_str())
    .bind(version.number)
    .bind(version.occasion.code())
    .bind(&version.note)
    .bind(&version.who)
    .bind(version.since.to_string())
    .bind(version.at.to_string())
    .bind(&digests.head)
    .bind(digests.document.clone())
    .bind(&digests.lines)
    .bind(digests.wording.clone())
    .execute(db)
    .await?;
    Ok(())
}

/// Keeps a part, once.
pub async fn insert_part(db: &mut AnyConnection, id: &AnnouncementId, digest: &str, content: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO announcement_version_parts (announcement_id, digest, content) VALUES ($1, $2, $3) ON CONFLICT (announcement_id, digest) DO NOTHING",
    )
    .bind(id.as_str())
    .bind(digest)
    .bind(content)
    .execute(db)
    .await?;
    Ok(())
}

/// Removes the versions of mere editing but the newest `kept`, and the parts that no version names any more.
pub async fn thin(db: &mut AnyConnection, id: &AnnouncementId, kept: usize) -> Result<(), sqlx::Error> {
    let edits: Vec<i64> =
        sqlx::query_scalar("SELECT number FROM announcement_versions WHERE announcement_id = $1 AND occasion = $2 ORDER BY number DESC")
            .bind(id.as_str())
            .bind(Occasion::Edited.code())
            .fetch_all(&mut *db)
            .await?;
    let Some(oldest) = kept.checked_sub(1).and_then(|at| edits.get(at)) else { return Ok(()) };
    let done = sqlx::query("DELETE FROM announcement_versions WHERE announcement_id = $1 AND occasion = $2 AND number < $3")
        .bind(id.as_str())
        .bind(Occasion::Edited.code())
        .bind(*oldest)
        .execute(&mut *db)
        .await?;
    if done.rows_affected() > 0 {
        sqlx::query(
            "DELETE FROM announcement_version_parts WHERE announcement_id = $1
             AND digest NOT IN (SELECT lines_part FROM announcement_versions WHERE announcement_id = $2)
             AND digest NOT IN (SELECT document_part FROM announcement_versions WHERE announcement_id = $3 AND document_part IS NOT NULL)
             AND digest NOT IN (SELECT wording_part FROM announcement_versions WHERE announcement_id = $4 AND wording_part IS NOT NULL)",
        )
        .bind(id.as_str())
        .bind(id.as_str())
        .bind(id.as_str())
        .bind(id.as_str())
        .execute(db)
        .await?;
    }
    Ok(())
}

/// What a version holds.
pub async fn contents(db: &mut AnyConnection, id: &AnnouncementId, number: i64) -> Result<Option<Contents>, sqlx::Error> {
    sqlx::query_as(
        "SELECT versions.head AS head, texts.content AS document, lines.content AS lines, wordings.content AS wording
         FROM announcement_versions AS versions
         JOIN announcement_version_parts AS lines ON lines.announcement_id = versions.announcement_id AND lines.digest = versions.lines_part
         LEFT JOIN announcement_version_parts AS texts ON texts.announcement_id = versions.announcement_id AND texts.digest = versions.document_part
         LEFT JOIN announcement_version_parts AS wordings ON wordings.announcement_id = versions.announcement_id AND wordings.digest = versions.wording_part
         WHERE versions.announcement_id = $1 AND versions.number = $2",
    )
    .bind(id.as_str())
    .bind(number)
    .fetch_optional(db)
    .await
}

/// The editing that goes on.
pub async fn editing(db: &mut AnyConnection, id: &AnnouncementId) -> Result<Option<Editing>, AppError> {
    let row: Option<(String, String, String, String)> =
        sqlx::query_as("SELECT user_id, who, since, at FROM announcement_edits WHERE announcement_id = $1")
            .bind(id.as_str())
            .fetch_optional(db)
            .await?;
    row.map(|(user, who, since, at)| {
        Ok(Editing {
            user: UserId::parse(&user).map_err(|error| impossible("announcement_edits", id.as_str(), &error))?,
            since: moment(id, &since)?,
            at: moment(id, &at)?,
            who,
        })
    })
    .transpose()
}

/// Notes the editing that goes on.
pub async fn set_editing(db: &mut AnyConnection, id: &AnnouncementId, editing: &Editing) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO announcement_edits (announcement_id, user_id, who, since, at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (announcement_id) DO UPDATE SET user_id = excluded.user_id, who = excluded.who, since = excluded.since, at = excluded.at",
    )
    .bind(id.as_str())
    .bind(editing.user.as_str())
    .bind(&editing.who)
    .bind(editing.since.to_string())
    .bind(editing.at.to_string())
    .execute(db)
    .await?;
    Ok(())
}

/// The editing has ended: everything of it is kept.
pub async fn end_editing(db: &mut AnyConnection, id: &AnnouncementId) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM announcement_edits WHERE announcement_id = $1").bind(id.as_str()).execute(db).await?;
    Ok(())
}

/// Removes everything of an announcement that is deleted.
pub async fn forget(db: &mut AnyConnection, id: &AnnouncementId) -> Result<(), sqlx::Error> {
    for text in [
        "DELETE FROM announcement_versions WHERE announcement_id = $1",
        "DELETE FROM announcement_version_parts WHERE announcement_id = $1",
        "DELETE FROM announcement_edits WHERE announcement_id = $1",
    ] {
        sqlx::query(text).bind(id.as_str()).execute(&mut *db).await?;
    }
    Ok(())
}
