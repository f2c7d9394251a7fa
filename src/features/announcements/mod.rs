//! 公告: from the approved records of a year to the page that anyone can read.
//!
//! Always: an announcement is made from approved versions and has its own copy of their lines; one `version` counts every change
//! and every write repeats it with the state it was read in; what was published is frozen; a 公告编号 is never given twice; one
//! live announcement a unit and year; nothing is published while somebody must choose for a record that was corrected since.
//! Others use [`commands`]; the portal reads published rows only, through [`commands`] too. The rules stand in `domain::announcement`.

pub mod alterations;
pub mod api;
#[cfg(feature = "ssr")]
pub mod commands;
pub mod create;
pub mod editor;
#[cfg(feature = "ssr")]
pub mod handlers;
pub mod list;
#[cfg(feature = "ssr")]
pub mod publisher;
#[cfg(feature = "ssr")]
pub mod rehearser;
pub mod seen;
#[cfg(feature = "ssr")]
mod store;
#[cfg(feature = "ssr")]
pub mod sweeper;
pub mod templates;
pub mod versions;
