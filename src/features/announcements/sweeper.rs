//! The background job that removes files without a row, at the start and once a day (C6).

use super::commands::files::sweep;
use crate::server::jobs::Rounds;
use crate::server::request::Services;
use std::time::Duration;
use tokio::sync::watch;

/// How often the directory is looked through.
const EVERY: Duration = Duration::from_hours(24);

/// Sweeps until `stop` says true.
pub async fn run(services: Services, stop: watch::Receiver<bool>) {
    let mut rounds = Rounds::new(EVERY, stop);
    while rounds.next().await {
        match sweep(&services).await {
            Ok(0) => {}
            Ok(removed) => tracing::info!(removed, "files without a row removed"),
            Err(error) => tracing::warn!(cause = %error, "files without a row could not be looked for; trying again tomorrow"),
        }
    }
}
