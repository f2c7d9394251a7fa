//! The background job that removes files without a row, at the start and once a day (C6).

use super::commands::files::sweep;
use crate::server::request::Services;
use std::time::Duration;
use tokio::sync::watch;

/// How often the directory is looked through.
const EVERY: Duration = Duration::from_hours(24);

/// Sweeps until `stop` says true, or nobody can say it any more.
pub async fn run(services: Services, mut stop: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            changed = stop.changed() => {
                if changed.is_err() || *stop.borrow() {
                    return;
                }
            }
        }
        match sweep(&services).await {
            Ok(0) => {}
            Ok(removed) => tracing::info!(removed, "files without an announcement removed"),
            Err(error) => tracing::warn!(cause = %error, "files without an announcement could not be looked for; trying again tomorrow"),
        }
    }
}
