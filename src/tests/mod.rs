//! Whole-crate tests: real requests through the real router, on SQLite and PostgreSQL.
//!
//! One module a noun. Each test is a sentence that names the requirement it proves. `support` brings the application up.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing where something must be stops right there")]

mod announcements;
mod cli;
mod contracts;
mod endpoints;
mod floor;
mod imports;
mod layout;
mod organisations;
mod records;
mod refusals;
mod renderer;
mod session;
mod shares;
mod support;
