//! What people do: one folder per noun, with its screens, its server functions and its SQL together.

pub mod announcements;
pub mod approvals;
pub mod contracts;
pub mod messages;
#[cfg(feature = "ssr")]
pub mod opendata;
pub mod organisations;
#[cfg(feature = "ssr")]
pub mod portal;
pub mod records;
pub mod session;
pub mod shares;
