//! 消息: what now waits for a person, and what became of what they submitted (B8).

pub mod api;
#[cfg(feature = "ssr")]
pub mod commands;
pub mod page;
#[cfg(feature = "ssr")]
mod store;
