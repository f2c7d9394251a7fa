//! Telling people, inside the transaction of what they are told about.

use super::api::Message;
use super::store;
use crate::domain::calendar::Moment;
use crate::domain::ids::{MessageId, StepId, UserId};
use crate::error::AppError;
use crate::server::ids::new_id;
use crate::server::request::{Deed, Services};
use sqlx::AnyConnection;

/// What is told, and where it leads.
#[derive(Clone, Debug)]
pub struct Notice {
    /// The sentence.
    pub text: String,
    /// A path of the office.
    pub href: String,
}

/// Tells a person.
pub async fn tell(db: &mut AnyConnection, user: &UserId, at: Moment, notice: &Notice) -> Result<(), AppError> {
    Ok(store::insert(db, &new_id(at)?, user, at, notice, None).await?)
}

/// Tells many people many things at once.
pub async fn tell_all(db: &mut AnyConnection, at: Moment, told: &[(UserId, Notice)]) -> Result<(), AppError> {
    let ids: Vec<MessageId> = told.iter().map(|_| new_id(at)).collect::<Result<_, AppError>>()?;
    Ok(store::insert_all(db, &ids, at, told).await?)
}

/// Asks a person to answer a step; the message is closed with [`close`] when that step ends.
pub async fn ask(db: &mut AnyConnection, user: &UserId, at: Moment, notice: &Notice, step: &StepId) -> Result<(), AppError> {
    Ok(store::insert(db, &new_id(at)?, user, at, notice, Some(step)).await?)
}

/// Closes the messages of everyone who was asked to answer this step.
pub async fn close(db: &mut AnyConnection, step: &StepId, at: Moment) -> Result<(), AppError> {
    Ok(store::close(db, step, at).await?)
}

/// The person's newest messages.
pub async fn list(services: &Services, deed: &Deed) -> Result<Vec<Message>, AppError> {
    store::of(&mut *services.db.read().await?, &deed.by.user).await
}

/// How many the person has not read.
pub async fn unread(services: &Services, deed: &Deed) -> Result<i64, AppError> {
    store::unread(&mut *services.db.read().await?, &deed.by.user).await
}

/// Marks one of the person's messages as read; of another's nothing happens.
pub async fn mark_one_read(services: &Services, deed: Deed, id: MessageId) -> Result<(), AppError> {
    services.db.write(move |db| Box::pin(async move { Ok(store::mark_one_read(db, &deed.by.user, &id, deed.at).await?) })).await
}

/// Marks everything so far as read.
pub async fn mark_read(services: &Services, deed: Deed) -> Result<(), AppError> {
    services.db.write(move |db| Box::pin(async move { Ok(store::mark_read(db, &deed.by.user, deed.at).await?) })).await
}
