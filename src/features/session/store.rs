//! The SQL of `sessions`.

use crate::domain::calendar::Moment;
use crate::domain::ids::{UnitId, UserId};
use crate::domain::organisation::{Actor, Roles};
use crate::error::AppError;
use crate::server::fault::impossible;
use sqlx::AnyConnection;

/// A session with the person it signs in, as of now.
pub struct Session {
    /// Who.
    pub actor: Actor,
    /// When it was last used, to the minute.
    pub seen_at: Moment,
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    user_id: String,
    user_name: String,
    is_clerk: i64,
    is_reviewer: i64,
    is_admin: i64,
    unit_id: String,
    unit_name: String,
    is_supervisor: i64,
    seen_at: String,
}

/// The live session of this token hash: not ended, not unused for too long, and of a person who may still sign in.
pub async fn live(db: &mut AnyConnection, token_hash: &str, now: Moment, unused_since: Moment) -> Result<Option<Session>, AppError> {
    let row: Option<SessionRow> = sqlx::query_as(
        "SELECT users.id AS user_id, users.name AS user_name, users.is_clerk, users.is_reviewer, users.is_admin,
                units.id AS unit_id, units.name AS unit_name, units.is_supervisor, sessions.seen_at
         FROM sessions JOIN users ON users.id = sessions.user_id JOIN units ON units.id = users.unit_id
         WHERE sessions.token_hash = $1 AND sessions.ends_at > $2 AND sessions.seen_at > $3 AND users.is_disabled = 0",
    )
    .bind(token_hash)
    .bind(now.to_string())
    .bind(unused_since.to_string())
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let wrong = |what: &dyn std::fmt::Display| impossible("sessions", &row.user_id, what);
    Ok(Some(Session {
        seen_at: Moment::parse(&row.seen_at).map_err(|error| wrong(&error))?,
        actor: Actor {
            user: UserId::parse(&row.user_id).map_err(|error| wrong(&error))?,
            unit: UnitId::parse(&row.unit_id).map_err(|error| wrong(&error))?,
            roles: Roles { clerk: row.is_clerk == 1, reviewer: row.is_reviewer == 1, admin: row.is_admin == 1 },
            in_supervisor: row.is_supervisor == 1,
            name: row.user_name,
            unit_name: row.unit_name,
        },
    }))
}

/// Begins a session, and clears away those that have ended.
pub async fn begin(db: &mut AnyConnection, token_hash: &str, user: &UserId, now: Moment, ends_at: Moment) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM sessions WHERE ends_at <= $1").bind(now.to_string()).execute(&mut *db).await?;
    sqlx::query("INSERT INTO sessions (token_hash, user_id, seen_at, ends_at) VALUES ($1, $2, $3, $4)")
        .bind(token_hash)
        .bind(user.as_str())
        .bind(now.to_string())
        .bind(ends_at.to_string())
        .execute(db)
        .await?;
    Ok(())
}

/// Notes that a session was used; a session that is gone stays gone.
pub async fn touch(db: &mut AnyConnection, token_hash: &str, now: Moment) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE sessions SET seen_at = $1 WHERE token_hash = $2").bind(now.to_string()).bind(token_hash).execute(db).await?;
    Ok(())
}

/// Ends one session for good.
pub async fn end(db: &mut AnyConnection, token_hash: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM sessions WHERE token_hash = $1").bind(token_hash).execute(db).await?;
    Ok(())
}

/// Ends every session of a person but the one they are using.
pub async fn end_others(db: &mut AnyConnection, user: &UserId, except: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM sessions WHERE user_id = $1 AND token_hash <> $2").bind(user.as_str()).bind(except).execute(db).await?;
    Ok(())
}
