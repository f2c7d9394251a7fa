//! The SQL of `messages`.

use super::api::Message;
use crate::domain::calendar::Moment;
use crate::domain::ids::{MessageId, UserId};
use crate::error::AppError;
use crate::server::fault::impossible;
use sqlx::AnyConnection;

/// Stores a message.
pub async fn insert(db: &mut AnyConnection, id: &MessageId, user: &UserId, at: Moment, text: &str, href: &str) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO messages (id, user_id, at, text, href, read_at) VALUES ($1, $2, $3, $4, $5, NULL)")
        .bind(id.as_str())
        .bind(user.as_str())
        .bind(at.to_string())
        .bind(text)
        .bind(href)
        .execute(db)
        .await?;
    Ok(())
}

/// The newest messages of a person.
pub async fn of(db: &mut AnyConnection, user: &UserId) -> Result<Vec<Message>, AppError> {
    let rows: Vec<(String, String, String, String, Option<String>)> =
        sqlx::query_as("SELECT id, at, text, href, read_at FROM messages WHERE user_id = $1 ORDER BY at DESC, id DESC LIMIT 200")
            .bind(user.as_str())
            .fetch_all(db)
            .await?;
    rows.into_iter()
        .map(|(id, at, text, href, read_at)| {
            let wrong = |what: &dyn std::fmt::Display| impossible("messages", &id, what);
            Ok(Message {
                id: MessageId::parse(&id).map_err(|error| wrong(&error))?,
                at: Moment::parse(&at).map_err(|error| wrong(&error))?,
                text,
                href,
                is_read: read_at.is_some(),
            })
        })
        .collect()
}

/// How many messages a person has not read.
pub async fn unread(db: &mut AnyConnection, user: &UserId) -> Result<i64, AppError> {
    Ok(sqlx::query_scalar("SELECT COUNT(*) FROM messages WHERE user_id = $1 AND read_at IS NULL").bind(user.as_str()).fetch_one(db).await?)
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
