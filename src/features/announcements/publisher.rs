//! The background job that publishes at the set time, to the second (C3).
//!
//! What is due stands in the table, so a restart forgets nothing; each publication is one guarded write, so any number of
//! instances publish each announcement once. Between two looks at the table it sleeps until the next set time, so that what is set
//! goes out at its second and not up to a round later, and never early: what is due is asked of the clock anew.

use super::commands::due::{Publisher, until_next};
use crate::server::jobs::pause;
use crate::server::request::Services;
use std::time::Duration;
use tokio::sync::watch;

/// How long the table is not asked at most: what was set just now, by another instance too, is found within this time.
const LONGEST: Duration = Duration::from_millis(500);

/// Publishes what is due until `stop` says true.
pub async fn run(services: Services, mut stop: watch::Receiver<bool>) {
    let mut publisher = Publisher::default();
    let mut is_failing = false;
    loop {
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
        let wait = until_next(&services, LONGEST).await.unwrap_or(LONGEST);
        if !pause(&mut stop, wait).await {
            return;
        }
    }
}
