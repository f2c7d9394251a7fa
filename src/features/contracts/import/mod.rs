//! Importing contracts from a table: 读取 → 列识别 → 检查结果 → 将要变更 → 完成.
//!
//! Always: a file waits under an id that belongs to one person; what is written is what was shown, in one transaction, once; if contracts
//! have changed in between, nothing is written and the comparison is made anew. By default all rows are taken or none.
//! Elsewhere: what a cell may say is `domain::sheet`, how bytes become rows `server::workbook`.

pub mod api;
#[cfg(feature = "ssr")]
pub mod commands;
#[cfg(feature = "ssr")]
pub mod handlers;
pub mod page;
#[cfg(feature = "ssr")]
mod store;
#[cfg(feature = "ssr")]
pub mod sweeper;
