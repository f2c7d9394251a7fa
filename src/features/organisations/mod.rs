//! 单位 and people: the tree, who stands where, and the 系统管理 page.
//!
//! Always: a unit's 主管预算单位 is the nearest unit at or above it that is marked as one; rights follow a move at the next request.
//! Others use [`store`]'s questions through [`commands`]; only this feature writes `units` and `users`.

#[cfg(feature = "ssr")]
pub mod commands;
#[cfg(feature = "ssr")]
mod store;

pub mod admin;
pub mod api;
mod people;
pub mod settings;
mod units;
