//! The one place that reads the time.

use crate::domain::calendar::Moment;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Where the time comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that tests set, in milliseconds since the epoch.
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `moment` until it is set.
    pub fn standing_at(moment: Moment) -> Clock {
        Clock::Set(Arc::new(AtomicI64::new(moment.millis())))
    }

    /// The time now.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    pub fn now(&self) -> Moment {
        match self {
            Clock::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Moment::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
            }
            Clock::Set(millis) => Moment::from_millis(millis.load(Ordering::SeqCst)),
        }
    }

    /// Sets a settable clock; does nothing to the machine's.
    pub fn set(&self, moment: Moment) {
        if let Clock::Set(millis) = self {
            millis.store(moment.millis(), Ordering::SeqCst);
        }
    }
}
