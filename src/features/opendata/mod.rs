//! Open data: what was published, for programs (E12).
//!
//! `/api/v1` is JSON over every change in the order of the commits, one announcement with its lines, OCDS 1.1.5, yearly files; beside it stand
//! the Atom feed and the detail of an announcement as XLSX and CSV. Always: only what the portal shows, read through
//! `announcements::commands::open`; amounts are texts in 元, moments carry their zone; a failure is `application/problem+json`; `openapi.json` says
//! it all and is held true by a test; whoever asks too often is told when to come again.

pub mod handlers;
