//! Asking a page to read its data anew.

use leptos::prelude::*;

/// Counts how often something has changed. A resource whose source holds the count is read anew after every
/// [`Again::notify`]; a bare trigger would not do, since a resource compares its source and finds it equal.
#[derive(Clone, Copy, Debug)]
pub struct Again(RwSignal<u32>);

impl Again {
    /// Nothing has changed yet.
    #[must_use]
    pub fn new() -> Again {
        Again(RwSignal::new(0))
    }

    /// Something has changed.
    pub fn notify(self) {
        // A page that is gone by now has nothing to read anew.
        self.0.try_update(|count| *count = count.wrapping_add(1));
    }

    /// For the source of a resource.
    #[must_use]
    pub fn count(self) -> u32 {
        self.0.get()
    }

    /// Whether nothing has changed since it was this; not so when the page has gone.
    #[must_use]
    pub fn is_still(self, count: u32) -> bool {
        self.0.try_get_untracked() == Some(count)
    }
}

impl Default for Again {
    fn default() -> Again {
        Again::new()
    }
}
