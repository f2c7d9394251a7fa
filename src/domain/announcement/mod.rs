//! 公告: its states ([`status`]), its text as a typed tree ([`document`]), the official wording ([`template`]), the figures it
//! speaks of ([`figures`]) and the one way from text and figures to a page ([`render`]).
//!
//! Always: the figures in the text are placeholders bound to the data; preview, review, print and public page come from `render`.

pub mod allowed;
pub mod attachment;
pub mod document;
pub mod figures;
pub mod line;
pub mod number;
pub mod render;
pub mod status;
pub mod template;
