//! 「公告模板」 under 系统管理: the templates, listed, written, compared with what they said before, ended.
//!
//! Always: two administrators do not overwrite each other; nothing typed is lost; what an announcement took is its own and changes no more.
//! What a template must hold and whom it serves is `domain::announcement::template`; the copies are made by `commands::wording`.

pub mod api;
mod edit;
mod entry;
mod history;
pub mod list;
pub mod page;
mod preview;
