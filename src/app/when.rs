//! The browser's wall clock, for notes such as 「已保存 12:03:21」; the server renders none.

use crate::domain::calendar::Moment;

/// The time now in the browser; `None` while the server renders.
pub fn browser_now() -> Option<Moment> {
    clock::now()
}

#[cfg(feature = "hydrate")]
mod clock {
    use crate::domain::calendar::Moment;

    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit an i64 exactly")]
    #[expect(clippy::disallowed_methods, reason = "a note on the screen, never a fact that is stored")]
    #[expect(clippy::unnecessary_wraps, reason = "its twin on the server has no clock")]
    pub fn now() -> Option<Moment> {
        Some(Moment::from_millis(js_sys::Date::now() as i64))
    }
}

#[cfg(not(feature = "hydrate"))]
mod clock {
    use crate::domain::calendar::Moment;

    pub const fn now() -> Option<Moment> {
        None
    }
}
