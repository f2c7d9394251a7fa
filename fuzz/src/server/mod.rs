//! Of the plumbing only the readers of tables.

#[path = "../../../src/server/workbook/mod.rs"]
pub mod workbook;
