//! The SQL of `messages`.

use super::api::Message;
use super::commands::Notice;
use crate::domain::calendar::Moment;
use crate::domain::ids::{MessageId, StepId, UserId};
use crate::error::AppError;
use crate::server::db::places;
use crate::server::fault::impossible;
use sqlx::{AnyConnection, AssertSqlSafe};

/// Stores a message; `step` is the step that it asks to answer.
pub async fn insert(
    db: &mut AnyConnection,
    id: &MessageId,
    user: &UserId,
    at: Moment,
    notice: &Notice,
    step: Option<&StepId>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO messages (id, user_id, at, text, href, step_id, read_at, done_at) VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL)",
    )
    .bind(id.as_str())
    .bind(user.as_str())
    .bind(at.to_string())
    .bind(&notice.text)
    .bind(&notice.href)
    .bind(step.map(StepId::as_str))
    .execute(db)
    .await?;
    Ok(())
}

/// Messages to a statement: 6 values each stay below the 999 that every SQLite takes.
const CHUNK: usize = 150;

/// Stores messages that ask for nothing, many to a statement.
pub async fn insert_all(db: &mut AnyConnection, ids: &[MessageId], at: Moment, told: &[(UserId, Notice)]) -> Result<(), sqlx::Error> {
    let told: Vec<_> = ids.iter().zip(told).collect();
    for chunk in told.chunks(CHUNK) {
        let text = format!("INSERT INTO messages (id, user_id, at, text, href) VALUES {}", places(chunk.len(), 5));
        let mut query = sqlx::query(AssertSqlSafe(text));
        for (id, (user, notice)) in chunk {
            query = query.bind(id.as_str()).bind(user.as_str()).bind(at.to_string()).bind(&notice.text).bind(&notice.href);
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}

/// The newest messages of a person.
pub async fn of(db: &mut AnyConnection, user: &UserId) -> Result<Vec<Message>, AppError> {
    let rows: Vec<MessageRow> =
        sqlx::query_as("SELECT id, at, text, href, read_at, done_at FROM messages WHERE user_id = $1 ORDER BY at DESC, id DESC LIMIT 200")
            .bind(user.as_str())
            .fetch_all(db)
            .await?;
    rows.into_iter()
        .map(|(id, at, text, href, read_at, done_at)| {
            let wrong = |what: &dyn std::fmt::Display| impossible("messages", &id, what);
            Ok(Message {
                id: MessageId::parse(&id).map_err(|error| wrong(&error))?,
                at: Moment::parse(&at).map_err(|error| wrong(&error))?,
                text,
                href,
                is_read: read_at.is_some(),
                is_done: done_at.is_some(),
            })
        })
        .collect()
}

type MessageRow = (String, String, String, String, Option<String>, Option<String>);

/// How many messages a person has not read.
pub async fn unread(db: &mut AnyConnection, user: &UserId) -> Result<i64, AppError> {
    Ok(sqlx::query_scalar("SELECT COUNT(*) FROM messages WHERE user_id = $1 AND read_at IS NULL").bind(user.as_str()).fetch_one(db).await?)
}

/// Closes whatever asks to answer this step: it is done, and nobody has to read it any more.
pub async fn close(db: &mut AnyConnection, step: &StepId, at: Moment) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE messages SET done_at = $1, read_at = COALESCE(read_at, $2) WHERE step_id = $3 AND done_at IS NULL")
        .bind(at.to_string())
        .bind(at.to_string())
        .bind(step.as_str())
        .execute(db)
        .await?;
    Ok(())
}

/// Marks one message of a person as read.
pub async fn mark_one_read(db: &mut AnyConnection, user: &UserId, id: &MessageId, at: Moment) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE messages SET read_at = $1 WHERE id = $2 AND user_id = $3 AND read_at IS NULL")
        .bind(at.to_string())
        .bind(id.as_str())
        .bind(user.as_str())
        .execute(db)
        .await?;
    Ok(())
}

/// Marks a person's messages up to `until` as read.
pub async fn mark_read(db: &mut AnyConnection, user: &UserId, until: Moment) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE messages SET read_at = $1 WHERE user_id = $2 AND read_at IS NULL AND at <= $3")
        .bind(until.to_string())
        .bind(user.as_str())
        .bind(until.to_string())
        .execute(db)
        .await?;
    Ok(())
}
