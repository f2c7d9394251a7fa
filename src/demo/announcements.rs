//! The demo's 公告: one in every state.

use super::People;
use crate::domain::calendar::Moment;
use crate::error::AppError;
use crate::server::request::Services;

/// Makes the announcements.
pub async fn make(_services: &Services, _people: &People, _now: Moment) -> Result<(), AppError> {
    Ok(())
}
