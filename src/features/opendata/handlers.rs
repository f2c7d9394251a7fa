//! The addresses of open data.

mod answer;
mod atom;
mod bulk;
mod changes;
mod detail;
mod documentation;
mod gate;
mod notice;
mod ocds;
mod packages;
mod paper;
mod pdf;
mod problem;
mod query;
mod shapes;
mod statistics;

use crate::server::http::shelf::Shelf;
use crate::server::request::Services;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use axum::{Extension, Router};

/// Open data, with its limit and what other sites' scripts may read.
pub fn router(services: &Services) -> Router<Services> {
    Router::new()
        .route("/api/v1", get(documentation::show))
        .route("/api/v1/openapi.json", get(documentation::file))
        .route("/api/v1/announcements", get(changes::list))
        .route("/api/v1/announcements/{key}", get(notice::one))
        .route("/api/v1/announcements/{key}/ocds", get(packages::one))
        .route("/api/v1/ocds", get(packages::list))
        .route("/api/v1/years/{year}/announcements.jsonl", get(bulk::lines))
        .route("/api/v1/years/{year}/projects.csv", get(bulk::table))
        .route("/api/v1/statistics", get(statistics::list))
        .route("/api/v1/statistics.csv", get(statistics::table))
        .route("/api/v1/statistics/units.csv", get(statistics::units))
        .route("/api/v1/{*rest}", get(problem::not_found))
        .route("/feed.atom", get(atom::feed))
        .route("/announcements/{number}/detail.xlsx", get(detail::xlsx))
        .route("/announcements/{number}/detail.csv", get(detail::csv))
        .route("/announcements/{number}/announcement.pdf", get(pdf::show))
        .layer(Extension(Shelf::default()))
        .layer(from_fn_with_state(gate::Gate::new(services), gate::limited))
        .layer(from_fn(gate::readable_from_other_sites))
}
