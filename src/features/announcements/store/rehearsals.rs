//! The SQL of `announcement_rehearsals` (E6).

use super::Row;
use super::publishing::Due;
use crate::domain::announcement::rehearsal::Finding;
use crate::domain::calendar::Moment;
use crate::domain::ids::AnnouncementId;
use crate::error::AppError;
use crate::features::announcements::seen::{Rehearsal, RehearsalAnswered};
use crate::server::fault::{fault, impossible};
use sqlx::AnyConnection;

/// At most 100 scheduled announcements whose set time comes until `until` and that were not rehearsed for it, after the one given.
pub async fn due(db: &mut AnyConnection, until: Moment, after: &Due) -> Result<Vec<Due>, sqlx::Error> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT status_at, id FROM announcements
         WHERE status = 'scheduled' AND status_at <= $1 AND (status_at > $2 OR (status_at = $3 AND id > $4))
           AND NOT EXISTS (SELECT 1 FROM announcement_rehearsals
                           WHERE announcement_id = announcements.id AND announcement_rehearsals.round = announcements.round AND set_for = status_at)
         ORDER BY status_at, id LIMIT 100",
    )
    .bind(until.to_string())
    .bind(&after.at)
    .bind(&after.at)
    .bind(&after.id)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|(at, id)| Due { at, id }).collect())
}

/// Stores a rehearsal; `false` when another instance was faster.
pub async fn insert(db: &mut AnyConnection, row: &Row, set_for: Moment, findings: &[Finding], now: Moment) -> Result<bool, AppError> {
    let findings = serde_json::to_string(findings).map_err(|error| fault(&error))?;
    let done = sqlx::query(
        "INSERT INTO announcement_rehearsals (announcement_id, round, set_for, at, findings, answer, reason, answered_by, answered_at)
         VALUES ($1, $2, $3, $4, $5, NULL, '', '', NULL) ON CONFLICT (announcement_id, round, set_for) DO NOTHING",
    )
    .bind(row.id.as_str())
    .bind(row.round)
    .bind(set_for.to_string())
    .bind(now.to_string())
    .bind(findings)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

#[derive(sqlx::FromRow)]
struct Stored {
    at: String,
    findings: String,
    answer: Option<String>,
    reason: String,
    answered_by: String,
    answered_at: Option<String>,
}

/// The rehearsal of this submission for this set time.
pub async fn of(db: &mut AnyConnection, id: &AnnouncementId, round: i64, set_for: Moment) -> Result<Option<Rehearsal>, AppError> {
    let stored: Option<Stored> = sqlx::query_as(
        "SELECT at, findings, answer, reason, answered_by, answered_at FROM announcement_rehearsals WHERE announcement_id = $1 AND round = $2 AND set_for = $3",
    )
    .bind(id.as_str())
    .bind(round)
    .bind(set_for.to_string())
    .fetch_optional(db)
    .await?;
    let Some(stored) = stored else { return Ok(None) };
    let wrong = |what: &dyn std::fmt::Display| impossible("announcement_rehearsals", id.as_str(), what);
    let answered_at = stored.answered_at.as_deref().map(Moment::parse).transpose().map_err(|error| wrong(&error))?;
    let answer = stored.answer.zip(answered_at).map(|(answer, at)| RehearsalAnswered {
        is_postponed: answer == "postponed",
        reason: stored.reason,
        by: stored.answered_by,
        at,
    });
    Ok(Some(Rehearsal {
        at: Moment::parse(&stored.at).map_err(|error| wrong(&error))?,
        findings: serde_json::from_str(&stored.findings).map_err(|error| wrong(&error))?,
        answer,
    }))
}

/// Notes what was chosen; `false` where no rehearsal waits for an answer.
pub async fn answer(db: &mut AnyConnection, row: &Row, set_for: Moment, answered: &RehearsalAnswered) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE announcement_rehearsals SET answer = $1, reason = $2, answered_by = $3, answered_at = $4
         WHERE announcement_id = $5 AND round = $6 AND set_for = $7 AND answer IS NULL",
    )
    .bind(if answered.is_postponed { "postponed" } else { "as_is" })
    .bind(&answered.reason)
    .bind(&answered.by)
    .bind(answered.at.to_string())
    .bind(row.id.as_str())
    .bind(row.round)
    .bind(set_for.to_string())
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Sets a later time for what waits for its own, from the version that was read; `false` when someone was faster.
pub async fn postpone(db: &mut AnyConnection, from: &Row, to: Moment, now: Moment) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE announcements SET status_at = $1, publish_at = $2, version = version + 1, updated_at = $3 WHERE id = $4 AND version = $5 AND status = 'scheduled'",
    )
    .bind(to.to_string())
    .bind(to.to_string())
    .bind(now.to_string())
    .bind(from.id.as_str())
    .bind(from.version)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
