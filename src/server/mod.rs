//! Plumbing of no feature: configuration, database, clock, the request, HTTP.

pub mod assets;
pub mod clock;
pub mod config;
pub mod db;
pub mod fault;
pub mod files;
pub mod http;
pub mod ids;
pub mod installation;
pub mod jobs;
pub mod outgoing;
pub mod pdf;
pub mod place;
pub mod request;
pub mod room;
pub mod tables;
pub mod tally;
pub mod turns;
pub mod uploads;
pub mod workbook;
