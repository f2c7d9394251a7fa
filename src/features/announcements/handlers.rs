//! Files of announcements in the office: upload by plain `multipart/form-data` with a counted body, and download.

use super::commands::{download, files};
use crate::domain::announcement::attachment::{FileRefused, MB};
use crate::domain::ids::{AnnouncementId, AttachmentId};
use crate::error::AppError;
use crate::server::http::answer;
use crate::server::http::extract::{Path, Query};
use crate::server::request::{Deed, Services, SignedIn};
use axum::extract::multipart::Field;
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use serde::Deserialize;

/// What stands around the file in the body of an upload.
const AROUND: usize = 16 * 1024;

/// The addresses of files; the session's layer stands in front of them.
pub fn router(services: &Services) -> Router<Services> {
    let limit = services.settings.attachment_bytes + AROUND;
    Router::new()
        .route("/office/files/{announcement}", post(upload).layer(DefaultBodyLimit::max(limit)))
        .route("/office/files/{announcement}/{id}", get(fetch))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct UploadQuery {
    version: i64,
}

async fn upload(
    State(services): State<Services>,
    Extension(signed_in): Extension<SignedIn>,
    Path(announcement): Path<String>,
    Query(query): Query<UploadQuery>,
    multipart: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Response {
    let deed = Deed { at: services.clock.now(), by: signed_in.actor };
    let stored = async {
        let id = AnnouncementId::parse(&announcement).map_err(|_| AppError::NotFound)?;
        files::may_upload(&services, &deed, &id, query.version).await?;
        let (name, content) = content(multipart.map_err(|_| AppError::BadRequest)?, services.settings.attachment_bytes).await?;
        files::upload(&services, deed, id, query.version, &name, content).await
    };
    match stored.await {
        Ok(uploaded) => Json(uploaded).into_response(),
        Err(error) => error.into_response(),
    }
}

/// Name and content of the one file in the body; no byte more than `most` is kept.
async fn content(mut multipart: Multipart, most: usize) -> Result<(String, Vec<u8>), AppError> {
    let too_large = || files::refused(&FileRefused::TooLarge(most / MB));
    let broken = |error: axum::extract::multipart::MultipartError| {
        if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE { too_large() } else { AppError::BadRequest }
    };
    let mut field: Field<'_> = multipart.next_field().await.map_err(broken)?.ok_or(AppError::BadRequest)?;
    if field.name() != Some("file") {
        return Err(AppError::BadRequest);
    }
    let name = field.file_name().unwrap_or_default().to_owned();
    let mut content = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        if content.len() + chunk.len() > most {
            return Err(too_large());
        }
        content.extend_from_slice(&chunk);
    }
    Ok((name, content))
}

async fn fetch(
    State(services): State<Services>,
    Extension(signed_in): Extension<SignedIn>,
    Path((announcement, id)): Path<(String, String)>,
) -> Response {
    let deed = Deed { at: services.clock.now(), by: signed_in.actor };
    let found = async {
        let announcement = AnnouncementId::parse(&announcement).map_err(|_| AppError::NotFound)?;
        let id = AttachmentId::parse(&id).map_err(|_| AppError::NotFound)?;
        let file = files::office_file(&services, &deed, &announcement, &id).await?;
        download::attachment(&services, id.as_str(), &file.name, &file.media_type, file.size).await
    };
    found.await.unwrap_or_else(|error| answer::page(&error))
}
