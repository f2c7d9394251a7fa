//! `/announcements/{number}/announcement.pdf`: one announcement for paper, with what it is worth today.

use super::answer::Asking;
use super::notice;
use super::paper;
use super::problem::Problem;
use crate::app::paths;
use crate::error::AppError;
use crate::features::announcements::commands::portal;
use crate::server::files::sha256_hex;
use crate::server::http::attachment;
use crate::server::http::extract::{Path, Refused};
use crate::server::http::shelf::{Kind, Rendered, Shelf};
use crate::server::request::Services;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;

/// The announcement as PDF.
pub async fn show(
    State(services): State<Services>,
    Extension(shelf): Extension<Shelf>,
    number: Result<Path<String>, Refused>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let number = notice::number(number, &uri)?;
    let asking = Asking::new(&services, &shelf, &headers).await?;
    let kept = match shelf.find(&paths::announcement_pdf(&number), asking.edition) {
        Some(kept) => kept,
        None => made(&services, &asking, &number).await?,
    };
    let mut response = kept.answer(&headers);
    attachment::save_as(&mut response, &format!("{number}.pdf"))?;
    Ok(response)
}

/// Sets the announcement, unless it has been set from the same words before.
async fn made(services: &Services, asking: &Asking<'_>, number: &str) -> Result<Rendered, Problem> {
    let (address, edition) = (paths::announcement_pdf(number), asking.edition);
    if !portal::is_published(services, number).await? {
        return Err(AppError::NotFound.into());
    }
    // Before more is read: of those who wait nobody holds an announcement in memory.
    let turn = services.typesetter.turn().await?.ok_or_else(Problem::no_font)?;
    // Whoever waited finds what the first one has made.
    if let Some(kept) = asking.shelf.find(&address, edition) {
        return Ok(kept);
    }
    let (published, blocks) = portal::text(services, number).await?.ok_or(AppError::NotFound)?;
    let paper = paper::of(&published, &blocks, &services.settings.public_url, asking.now);
    let source = sha256_hex(format!("{paper:?}").as_bytes());
    if let Some(kept) = asking.shelf.renew(&address, edition, &source) {
        return Ok(kept);
    }
    let (bytes, _turn) = turn.set(paper).await?;
    Ok(asking.shelf.keep_made(address, edition, Kind::Pdf, source, bytes))
}
