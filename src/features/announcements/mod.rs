//! 公告: from the approved records of a year to the page that anyone can read.
pub mod editor;
#[cfg(feature = "ssr")]
pub mod handlers;
pub mod list;
#[cfg(feature = "ssr")]
pub mod publisher;
