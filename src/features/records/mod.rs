//! 年度数据.
pub mod list;
pub mod page;
