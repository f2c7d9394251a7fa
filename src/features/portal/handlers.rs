//! The addresses of the portal.

mod list;
mod notice;
mod page;

use crate::app::paths;
use crate::domain::announcement::number::is_number;
use crate::domain::ids::AttachmentId;
use crate::error::AppError;
use crate::features::announcements::commands::{self, download};
use crate::server::http::answer;
use crate::server::http::extract::{Path, Query, Refused};
use crate::server::http::shelf::{Edition, Kind, Rendered, Shelf};
use crate::server::request::Services;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Router};
use list::Search;

/// The portal: list, announcement, public file.
pub fn router() -> Router<Services> {
    Router::new()
        .route("/", get(show_list))
        .route("/announcements/{number}", get(show_notice))
        .route("/announcements/{number}/files/{id}", get(fetch))
        .layer(Extension(Shelf::default()))
}

async fn edition(services: &Services) -> Result<Edition, AppError> {
    Ok(Edition { publications: commands::publications(services).await?, day: services.clock.now().day(), minute: 0 })
}

async fn show_list(
    State(services): State<Services>,
    Extension(shelf): Extension<Shelf>,
    Query(search): Query<Search>,
    headers: HeaderMap,
) -> Response {
    let query = search.query();
    let found = async {
        let edition = edition(&services).await?;
        let address = list::address(&query, query.page);
        if let Some(kept) = shelf.find(&address, edition) {
            return Ok(kept);
        }
        let now = services.clock.now();
        let (rows, total) = commands::portal_list(&services, &query, edition.day, list::SIZE).await?;
        let html = list::render(&services.assets.portal_css, &query, rows, total, now);
        Ok(shelf.keep(address, edition, Kind::Html, html))
    };
    respond(found.await, &services, &headers)
}

async fn show_notice(
    State(services): State<Services>,
    Extension(shelf): Extension<Shelf>,
    number: Result<Path<String>, Refused>,
    headers: HeaderMap,
) -> Response {
    let Ok(Path(number)) = number else { return missing(&services) };
    let found = async {
        if !is_number(&number) {
            return Err(AppError::NotFound);
        }
        let edition = edition(&services).await?;
        let address = paths::published(&number);
        if let Some(kept) = shelf.find(&address, edition) {
            return Ok(kept);
        }
        let published = commands::portal_page(&services, &number).await?.ok_or(AppError::NotFound)?;
        let html = notice::render(&services.assets.portal_css, &published, services.clock.now());
        Ok(shelf.keep(address, edition, Kind::Html, html))
    };
    respond(found.await, &services, &headers)
}

async fn fetch(State(services): State<Services>, path: Result<Path<(String, String)>, Refused>) -> Response {
    let Ok(Path((number, id))) = path else { return missing(&services) };
    let found = async {
        let id = AttachmentId::parse(&id).map_err(|_| AppError::NotFound)?;
        if !is_number(&number) {
            return Err(AppError::NotFound);
        }
        let (name, media_type, size) = commands::portal_file(&services, &number, &id).await?.ok_or(AppError::NotFound)?;
        let mut response = download::attachment(&services, id.as_str(), &name, &media_type, size).await?;
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
        Ok(response)
    };
    found.await.unwrap_or_else(|error| failure(&error, &services))
}

fn respond(found: Result<Rendered, AppError>, services: &Services, headers: &HeaderMap) -> Response {
    match found {
        Ok(rendered) => rendered.answer(headers),
        Err(error) => failure(&error, services),
    }
}

fn failure(error: &AppError, services: &Services) -> Response {
    if matches!(error, AppError::NotFound) { missing(services) } else { answer::page(error) }
}

/// The portal's own 404.
pub fn missing(services: &Services) -> Response {
    (StatusCode::NOT_FOUND, Html(page::missing(&services.assets.portal_css))).into_response()
}
