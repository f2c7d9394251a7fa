//! A stored file as an answer: to be saved, or (in the office alone) to be shown by the browser outside our pages.

use super::super::seen::Attachment;
use crate::error::AppError;
use crate::server::fault::fault;
use crate::server::http::attachment;
use crate::server::request::Services;
use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use tokio_util::io::ReaderStream;

/// The stored file `id` under its name.
pub async fn attachment(services: &Services, id: &str, name: &str, media_type: &str, size: i64) -> Result<Response, AppError> {
    let response = attachment::answer(body(services, id).await?, name, media_type)?;
    with_length(response, size)
}

/// The stored file, to be looked at.
pub async fn shown(services: &Services, file: &Attachment) -> Result<Response, AppError> {
    let response = attachment::shown(body(services, file.id.as_str()).await?, &file.name, &file.media_type)?;
    with_length(response, file.size)
}

async fn body(services: &Services, id: &str) -> Result<Body, AppError> {
    let file = services.files.read(id).await?;
    Ok(Body::from_stream(ReaderStream::with_capacity(file, 64 * 1024)))
}

fn with_length(mut response: Response, size: i64) -> Result<Response, AppError> {
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from_str(&size.to_string()).map_err(|error| fault(&error))?);
    Ok(response)
}
