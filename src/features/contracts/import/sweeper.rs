//! The background job that removes imports which were left alone, at the start and once an hour.

use super::commands::sweep;
use crate::server::jobs::Rounds;
use crate::server::request::Services;
use std::time::Duration;
use tokio::sync::watch;

/// How often it is looked for.
const EVERY: Duration = Duration::from_hours(1);

/// Sweeps until `stop` says true.
pub async fn run(services: Services, stop: watch::Receiver<bool>) {
    let mut rounds = Rounds::new(EVERY, stop);
    while rounds.next().await {
        match sweep(&services).await {
            Ok(0) => {}
            Ok(ended) => tracing::info!(ended, "imports that were left alone have ended"),
            Err(error) => tracing::warn!(cause = %error, "imports could not be looked through; trying again in an hour"),
        }
    }
}
