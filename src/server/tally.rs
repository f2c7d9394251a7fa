//! How often something is under way, by name.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Counts by name; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Tally(Arc<Mutex<HashMap<String, usize>>>);

/// One of those that are counted, until it is dropped.
#[derive(Debug)]
pub struct Entered {
    tally: Tally,
    name: String,
    /// How many there were with this one.
    pub count: usize,
}

impl Tally {
    fn counts(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts one more.
    pub fn enter(&self, name: &str) -> Entered {
        let mut counts = self.counts();
        let count = counts.entry(name.to_owned()).or_default();
        *count += 1;
        Entered { tally: self.clone(), name: name.to_owned(), count: *count }
    }

    /// How many there are.
    pub fn count(&self, name: &str) -> usize {
        self.counts().get(name).copied().unwrap_or_default()
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let mut counts = self.tally.counts();
        if let Some(count) = counts.get_mut(&self.name) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                counts.remove(&self.name);
            }
        }
    }
}
