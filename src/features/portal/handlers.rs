//! The public portal.
use crate::server::request::Services;
use axum::Router;
/// Placeholder.
pub fn router() -> Router<Services> { Router::new() }
