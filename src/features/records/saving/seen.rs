//! Which content the page shows: what is submitted must be what was seen.

/// The version of the content that stands on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    version: i64,
    is_behind: bool,
}

impl Seen {
    /// As the page was read.
    pub const fn new(version: i64) -> Seen {
        Seen { version, is_behind: false }
    }

    /// An own save moved the content from `before` to `now`. It leads on only where `before` is what the page shows: else someone else has
    /// changed something in between that the page never showed, and their version is not the page's. A save that is sent again, because its
    /// answer was lost, is answered with what it found when it came first (`SaveId`).
    pub const fn told(&mut self, before: i64, now: i64) {
        if before == self.version && !self.is_behind {
            self.version = now;
        } else {
            self.is_behind = true;
        }
    }

    /// The version that the page shows.
    pub const fn version(self) -> i64 {
        self.version
    }

    /// Whether something has changed that the page does not show.
    pub const fn is_behind(self) -> bool {
        self.is_behind
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a10_own_saves_lead_the_page_on_and_a_colleagues_change_does_not() {
        let mut seen = Seen::new(5);
        seen.told(5, 6);
        seen.told(6, 6);
        assert_eq!((seen.version(), seen.is_behind()), (6, false), "a save that changed nothing is no one else's");
        seen.told(7, 8);
        assert_eq!((seen.version(), seen.is_behind()), (6, true), "7 was never shown");
        seen.told(8, 9);
        assert_eq!((seen.version(), seen.is_behind()), (6, true), "nor does the next own save show it");
        seen.told(6, 7);
        assert_eq!((seen.version(), seen.is_behind()), (6, true));
    }
}
