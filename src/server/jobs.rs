//! Background jobs that look at something again and again.

use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior, interval};

/// The rounds of a job: one at once and then one every so often, until it shall stop.
pub struct Rounds {
    ticks: Interval,
    stop: watch::Receiver<bool>,
}

impl Rounds {
    /// Every `every`, until `stop` says true or nobody can say it any more.
    pub fn new(every: Duration, stop: watch::Receiver<bool>) -> Rounds {
        let mut ticks = interval(every);
        // After a pause of the machine, or a long round, one look is enough.
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Rounds { ticks, stop }
    }

    /// Waits for the next round; `false` when there is none any more.
    pub async fn next(&mut self) -> bool {
        loop {
            tokio::select! {
                _ = self.ticks.tick() => return true,
                changed = self.stop.changed() => {
                    if changed.is_err() || *self.stop.borrow() {
                        return false;
                    }
                }
            }
        }
    }
}

/// Waits for `wait`, or until a job shall stop: then `false`.
pub async fn pause(stop: &mut watch::Receiver<bool>, wait: Duration) -> bool {
    tokio::select! {
        () = tokio::time::sleep(wait) => true,
        changed = stop.changed() => changed.is_ok() && !*stop.borrow(),
    }
}
