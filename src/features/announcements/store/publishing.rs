//! The SQL of publication: what is due, and the write that makes an announcement public.

use super::{Row, listings, stale, statistics};
use crate::domain::calendar::Moment;
use crate::error::AppError;
use crate::server::db::places;
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

/// One that is published: as it was read, what it becomes public with, and its number in the feed.
pub type Publication<'a> = (&'a Row, &'a Frozen, i64);

/// Publishes at most [`BATCH`] of them: freezes what the portal shows, each from the version and the state it was read at, and lists them, with
/// as many statements as for one; `false` when someone was faster with any.
pub async fn publish(db: &mut AnyConnection, ready: &[Publication<'_>], at: Moment) -> Result<bool, AppError> {
    if ready.is_empty() {
        return Ok(true);
    }
    // Both engines call the columns of a list of rows so.
    let text = format!(
        "UPDATE announcements SET status = 'published', status_reason = '', status_at = new.column2, body_html = new.column3, frozen = new.column4, feed_no = new.column5,
                version = version + 1, updated_at = new.column2
         FROM (VALUES {}) AS new WHERE announcements.id = new.column1 AND announcements.version = new.column6 AND announcements.status = new.column7",
        places(ready.len(), 7)
    );
    let mut query = sqlx::query(super::sql(text));
    for (from, frozen, feed_no) in ready {
        query = query
            .bind(from.id.as_str())
            .bind(at.to_string())
            .bind(&frozen.html)
            .bind(&frozen.facts)
            .bind(*feed_no)
            .bind(from.version)
            .bind(from.status.code());
    }
    let done = query.execute(&mut *db).await?.rows_affected();
    if usize::try_from(done) != Ok(ready.len()) {
        return Ok(false);
    }
    let ids: Vec<&str> = ready.iter().map(|(from, ..)| from.id.as_str()).collect();
    statistics::add(db, &ids).await?;
    let listed: Vec<(&Row, &str)> = ready.iter().map(|(from, frozen, _)| (*from, frozen.facts.as_str())).collect();
    listings::add(db, &listed, at).await?;
    Ok(true)
}
