//! 公告: its states ([`status`]), its text as a typed tree ([`document`]), the wording it begins with ([`template`]), the figures it
//! speaks of ([`figures`]) and the one way from text and figures to a page ([`render`]). What became of the records since stands in
//! [`stale`], what to look at before it goes out in [`rehearsal`].
//!
//! Always: the figures in the text are placeholders bound to the data; preview, review, print and public page come from `render`.

pub mod allowed;
pub mod attachment;
pub mod basics;
pub mod correction;
pub mod diff;
pub mod document;
pub mod figures;
pub mod line;
pub mod number;
pub mod outlook;
pub mod part;
pub mod progress;
pub mod rehearsal;
pub mod remark;
pub mod render;
pub mod search;
pub mod stale;
pub mod status;
pub mod template;
pub mod units;
pub mod version;
pub mod waiting;

/// Longest 公告标题, in characters.
pub const TITLE_MAX: usize = 200;
/// Longest 备注, in characters.
pub const REMARK_MAX: usize = 4_000;
