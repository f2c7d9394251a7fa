//! 合同: the rows that everything else is counted from, as imported.
//!
//! Always: a row's key is (采购人, 合同编号, 标项); importing it again updates it; an import is stored whole or not at all.
//! Elsewhere: what a row means is `domain::contract`, what a table may say is `domain::sheet`. Others ask [`commands`].

pub mod api;
#[cfg(feature = "ssr")]
pub mod commands;
#[cfg(feature = "ssr")]
pub mod decode;
#[cfg(feature = "ssr")]
pub mod explanation;
pub mod import;
pub mod list;
#[cfg(feature = "ssr")]
mod store;
