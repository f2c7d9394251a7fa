//! 份额标准: the dated thresholds of the law, kept by the 系统管理员 and asked by the records (E10).
//!
//! Always: rows of one place, category and share never overlap. What they are held against is `domain::share`.

pub mod api;
#[cfg(feature = "ssr")]
pub mod commands;
pub mod page;
#[cfg(feature = "ssr")]
mod store;
