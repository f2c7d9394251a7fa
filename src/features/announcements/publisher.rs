//! The background job that publishes at the set time, to the second (C3).
//!
//! What is due stands in the table, so a restart forgets nothing; each publication is one guarded write, so any number of
//! instances publish each announcement once.

use super::commands::due::Publisher;
use crate::server::jobs::Rounds;
use crate::server::request::Services;
use std::time::Duration;
use tokio::sync::watch;

/// How often the table is asked.
const EVERY: Duration = Duration::from_millis(500);

/// Publishes what is due until `stop` says true.
pub async fn run(services: Services, stop: watch::Receiver<bool>) {
    let mut publisher = Publisher::default();
    let mut is_failing = false;
    let mut rounds = Rounds::new(EVERY, stop);
    while rounds.next().await {
        match publisher.publish(&services).await {
            Ok(published) => {
                if published > 0 {
                    tracing::info!(published, "announcements published at their set time");
                }
                is_failing = false;
            }
            // Said once, and not twice a second until the database answers again.
            Err(error) if !is_failing => {
                tracing::warn!(cause = %error, "scheduled announcements could not be looked for; trying again");
                is_failing = true;
            }
            Err(_) => {}
        }
    }
}
