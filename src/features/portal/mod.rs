//! The public portal: what was published, readable by anyone, without sign-in and without script (D5, D6).
//!
//! Always: only published rows are read; the body is shown byte for byte as it was frozen; what is not public looks exactly like
//! what does not exist. A page is rendered once and kept until something is published or the day changes; one indexed read of
//! the counter of publications decides. Elsewhere: publication itself in `announcements::commands::publish`.

pub mod handlers;
