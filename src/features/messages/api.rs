//! Server functions of 消息.

use crate::domain::calendar::Moment;
use crate::domain::ids::MessageId;
use crate::error::AppError;
use crate::wire::Json;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A message to the person who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Identity.
    pub id: MessageId,
    /// When it was sent.
    pub at: Moment,
    /// The sentence.
    pub text: String,
    /// Where it leads.
    pub href: String,
    /// Whether it was read.
    pub is_read: bool,
    /// Whether what it asked for was answered or withdrawn meanwhile, by whomever.
    pub is_done: bool,
}

/// The newest 200 messages.
#[server(prefix = "/api", endpoint = "messages", input = Json, output = Json)]
pub async fn messages() -> Result<Vec<Message>, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::list(&services, &deed).await
}

/// How many are unread.
#[server(prefix = "/api", endpoint = "unread_messages", input = Json, output = Json)]
pub async fn unread_messages() -> Result<i64, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::unread(&services, &deed).await
}

/// Marks one message as read: it was opened.
#[server(prefix = "/api", endpoint = "read_message", input = Json, output = Json)]
pub async fn read_message(id: MessageId) -> Result<(), AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::mark_one_read(&services, deed, id).await
}

/// Marks every message so far as read.
#[server(prefix = "/api", endpoint = "read_messages", input = Json, output = Json)]
pub async fn read_messages() -> Result<(), AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::mark_read(&services, deed).await
}
