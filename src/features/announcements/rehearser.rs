//! The background job that rehearses what will soon be published (E6). What was rehearsed stands in a table, so a restart
//! repeats nothing, and of several instances one is first.

use super::commands::rehearse::Rehearser;
use crate::server::jobs::Rounds;
use crate::server::request::Services;
use std::time::Duration;
use tokio::sync::watch;

/// How often the table is asked.
const EVERY: Duration = Duration::from_secs(2);

/// Rehearses until `stop` says true.
pub async fn run(services: Services, stop: watch::Receiver<bool>) {
    let mut rehearser = Rehearser::default();
    let mut is_failing = false;
    let mut rounds = Rounds::new(EVERY, stop);
    while rounds.next().await {
        match rehearser.rehearse(&services).await {
            Ok(_) => is_failing = false,
            // Said once, and not at every round until the database answers again.
            Err(error) if !is_failing => {
                tracing::warn!(cause = %error, "scheduled announcements could not be rehearsed; trying again");
                is_failing = true;
            }
            Err(_) => {}
        }
    }
}
