//! A stored file as an answer: always to be saved, never to be shown by the browser inside our site.

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
    let file = services.files.read(id).await?;
    let mut response = attachment::answer(Body::from_stream(ReaderStream::with_capacity(file, 64 * 1024)), name, media_type)?;
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from_str(&size.to_string()).map_err(|error| fault(&error))?);
    Ok(response)
}
