//! Files of claims in the office: upload by plain `multipart/form-data` with a counted body, and download. Nothing here is public.

use super::commands;
use crate::domain::ids::{ClaimFileId, LineId, RecordId};
use crate::error::AppError;
use crate::features::announcements::commands::download;
use crate::server::http::answer;
use crate::server::http::extract::{Path, Query};
use crate::server::http::upload::{AROUND, one_file};
use crate::server::request::{Deed, Services, SignedIn};
use axum::extract::multipart::MultipartRejection;
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use serde::Deserialize;

/// The addresses of files; the session's layer stands in front of them.
pub fn router(services: &Services) -> Router<Services> {
    let limit = services.settings.attachment_bytes + AROUND;
    Router::new()
        .route("/office/claim-files/{record}", post(upload).layer(DefaultBodyLimit::max(limit)))
        .route("/office/claim-files/{record}/{id}", get(fetch))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct UploadQuery {
    line: LineId,
}

async fn upload(
    State(services): State<Services>,
    Extension(signed_in): Extension<SignedIn>,
    Path(record): Path<String>,
    Query(query): Query<UploadQuery>,
    multipart: Result<Multipart, MultipartRejection>,
) -> Response {
    let deed = Deed { at: services.clock.now(), by: signed_in.actor };
    let stored = async {
        let record = RecordId::parse(&record).map_err(|_| AppError::NotFound)?;
        commands::may_upload_claim_file(&services, &deed, &record, &query.line).await?;
        let (name, content) = one_file(multipart, services.settings.attachment_bytes).await?;
        services.files.has_room_for(content.len())?;
        commands::upload_claim_file(&services, deed, record, query.line, &name, content).await
    };
    match stored.await {
        Ok(file) => Json(file).into_response(),
        Err(error) => error.into_response(),
    }
}

async fn fetch(
    State(services): State<Services>,
    Extension(signed_in): Extension<SignedIn>,
    Path((record, id)): Path<(String, String)>,
) -> Response {
    let deed = Deed { at: services.clock.now(), by: signed_in.actor };
    let found = async {
        let record = RecordId::parse(&record).map_err(|_| AppError::NotFound)?;
        let id = ClaimFileId::parse(&id).map_err(|_| AppError::NotFound)?;
        let file = commands::claim_file(&services, &deed, &record, &id).await?;
        download::attachment(&services, id.as_str(), &file.name, &file.media_type, file.size).await
    };
    found.await.unwrap_or_else(|error| answer::page(&error))
}
