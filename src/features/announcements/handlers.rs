//! Files of announcements in the office.
use crate::server::request::Services;
use axum::Router;
/// Placeholder.
pub fn router(_services: &Services) -> Router<Services> { Router::new() }
