//! The one file in the body of an upload, counted while it is read.

use crate::domain::announcement::attachment::{FileRefused, MB};
use crate::error::AppError;
use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError, MultipartRejection};
use axum::http::{HeaderMap, header};

/// What stands around the file in the body of an upload, in bytes.
pub const AROUND: usize = 16 * 1024;

/// How many bytes the body of a request says that it has; 0 where it does not say.
pub fn announced(headers: &HeaderMap) -> u64 {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    length.and_then(|length| length.parse().ok()).unwrap_or_default()
}

/// Name and content of the one file in the body; no byte more than `most` is kept.
pub async fn one_file(multipart: Result<Multipart, MultipartRejection>, most: usize) -> Result<(String, Vec<u8>), AppError> {
    let mut multipart = multipart.map_err(|_| AppError::BadRequest)?;
    let too_large = || AppError::TooLarge(FileRefused::TooLarge(most / MB).to_string());
    let broken = |error: MultipartError| {
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
