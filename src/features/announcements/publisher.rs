//! The background job that publishes at the set time.
use crate::server::request::Services;
/// Placeholder.
pub async fn run(_services: Services, _stop: tokio::sync::watch::Receiver<bool>) {}
