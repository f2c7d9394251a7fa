//! The SQL of publication: what is due, and the write that makes an announcement public.

use super::{Row, listings, stale, statistics};
use crate::domain::calendar::Moment;
use crate::error::AppError;
use sqlx::AnyConnection;

/// Announcements that are published in one transaction at most.
const BATCH: i64 = 50;

/// Where the search for what is due goes on: the time and the id of the last that was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// The set time, as stored.
    pub at: String,
    /// The id, as stored: one that cannot be read is the trouble of that row alone.
    pub id: String,
}

/// At most [`BATCH`] announcements whose set time has come, oldest first, after the one given (the default for the first). None that is
/// held because a record was corrected and nobody has chosen (E5).
pub async fn due(db: &mut AnyConnection, now: Moment, after: &Due) -> Result<Vec<Due>, sqlx::Error> {
    let rows: Vec<(String, String)> = sqlx::query_as(super::sql(format!(
        "SELECT status_at, id FROM announcements
         WHERE status = 'scheduled' AND status_at <= $1 AND (status_at > $2 OR (status_at = $3 AND id > $4)) AND {} ORDER BY status_at, id LIMIT $5",
        stale::nothing_waits()
    )))
    .bind(now.to_string())
    .bind(&after.at)
    .bind(&after.at)
    .bind(&after.id)
    .bind(BATCH)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|(at, id)| Due { at, id }).collect())
}

/// The next set time after `now`, as stored.
pub async fn next_due(db: &mut AnyConnection, now: Moment) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT MIN(status_at) FROM announcements WHERE status = 'scheduled' AND status_at > $1")
        .bind(now.to_string())
        .fetch_one(db)
        .await
}

/// What an announcement becomes public with.
#[derive(Clone, Debug)]
pub struct Frozen {
    /// The body.
    pub html: String,
    /// Figures, files and what a correction changes, as JSON.
    pub facts: String,
}

/// Publishes: freezes what the portal shows, from the version and the state it was read at, and lists it; `false` when someone was faster.
pub async fn publish(db: &mut AnyConnection, from: &Row, at: Moment, frozen: &Frozen, feed_no: i64) -> Result<bool, AppError> {
    let done = sqlx::query(
        "UPDATE announcements SET status = 'published', status_reason = '', status_at = $1, body_html = $2, frozen = $3, feed_no = $4, version = version + 1, updated_at = $5
         WHERE id = $6 AND version = $7 AND status = $8",
    )
    .bind(at.to_string())
    .bind(&frozen.html)
    .bind(&frozen.facts)
    .bind(feed_no)
    .bind(at.to_string())
    .bind(from.id.as_str())
    .bind(from.version)
    .bind(from.status.code())
    .execute(&mut *db)
    .await?;
    if done.rows_affected() != 1 {
        return Ok(false);
    }
    statistics::add(db, &from.id).await?;
    listings::add(db, from, at, &frozen.facts).await?;
    Ok(true)
}
