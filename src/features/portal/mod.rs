//! The public portal.
pub mod handlers;
