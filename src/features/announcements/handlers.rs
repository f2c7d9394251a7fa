//! Files of announcements in the office: upload by plain `multipart/form-data` with a counted body, download, and
//! what the browser can show by itself.

use super::commands::{download, files};
use super::seen::Attachment;
use crate::domain::announcement::attachment::preview;
use crate::domain::ids::{AnnouncementId, AttachmentId, UploadKey};
use crate::error::AppError;
use crate::server::fault::fault;
use crate::server::http::answer;
use crate::server::http::extract::{Path, Query};
use crate::server::http::upload::{AROUND, one_file};
use crate::server::request::{Deed, Services, SignedIn};
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use serde::Deserialize;

/// The addresses of files; the session's layer stands in front of them.
pub fn router(services: &Services) -> Router<Services> {
    let limit = services.settings.attachment_bytes + AROUND;
    Router::new()
        .route("/office/files/{announcement}", post(upload).layer(DefaultBodyLimit::max(limit)))
        .route("/office/files/{announcement}/{id}", get(fetch))
        .route("/office/files/{announcement}/{id}/preview", get(show))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct UploadQuery {
    key: UploadKey,
    replaces: Option<AttachmentId>,
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
        files::may_upload(&services, &deed, &id, &query.key).await?;
        let (name, content) = one_file(multipart, services.settings.attachment_bytes).await?;
        services.files.has_room_for(content.len())?;
        let sending = files::Sending { key: query.key, replaces: query.replaces };
        // A task of its own: where the line is cut now, file and row still come to their end together.
        let taken = tokio::spawn(async move { files::upload(&services, deed, id, sending, &name, content).await });
        taken.await.map_err(|error| fault(&error))?
    };
    match stored.await {
        Ok(uploaded) => Json(uploaded).into_response(),
        Err(error) => error.into_response(),
    }
}

async fn fetch(
    State(services): State<Services>,
    Extension(signed_in): Extension<SignedIn>,
    Path((announcement, id)): Path<(String, String)>,
) -> Response {
    let deed = Deed { at: services.clock.now(), by: signed_in.actor };
    let found = async {
        let file = file_of(&services, &deed, &announcement, &id).await?;
        download::attachment(&services, file.id.as_str(), &file.name, &file.media_type, file.size).await
    };
    found.await.unwrap_or_else(|error| answer::page(&error))
}

/// A document or a picture, shown by the browser itself; everything else is only to be saved.
async fn show(
    State(services): State<Services>,
    Extension(signed_in): Extension<SignedIn>,
    Path((announcement, id)): Path<(String, String)>,
) -> Response {
    let deed = Deed { at: services.clock.now(), by: signed_in.actor };
    let found = async {
        let file = file_of(&services, &deed, &announcement, &id).await?;
        preview(&file.media_type).ok_or(AppError::NotFound)?;
        download::shown(&services, &file).await
    };
    found.await.unwrap_or_else(|error| answer::page(&error))
}

async fn file_of(services: &Services, deed: &Deed, announcement: &str, id: &str) -> Result<Attachment, AppError> {
    let announcement = AnnouncementId::parse(announcement).map_err(|_| AppError::NotFound)?;
    let id = AttachmentId::parse(id).map_err(|_| AppError::NotFound)?;
    files::office_file(services, deed, &announcement, &id).await
}
