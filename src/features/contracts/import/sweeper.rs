//! The background job that removes imports which were left alone, at the start and once an hour.

use super::commands::sweep;
use crate::server::request::Services;
use std::time::Duration;
use tokio::sync::watch;

/// How often it is looked for.
const EVERY: Duration = Duration::from_hours(1);

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
            Ok(ended) => tracing::info!(ended, "imports that were left alone have ended"),
            Err(error) => tracing::warn!(cause = %error, "imports could not be looked through; trying again in an hour"),
        }
    }
}
