//! An answer that is a file: saved, or shown by the browser with nothing that it could do.

use crate::error::AppError;
use crate::server::fault::fault;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use std::fmt::Write as _;

/// `body` under its name, to be saved.
pub fn answer(body: Body, name: &str, media_type: &str) -> Result<Response, AppError> {
    with_headers(body, media_type, &disposition("attachment", name))
}

/// `body` under its name, to be shown. In the sandbox it has no origin; the browser's viewer of documents opens there all the same.
pub fn shown(body: Body, name: &str, media_type: &str) -> Result<Response, AppError> {
    with_headers(body, media_type, &disposition("inline", name))
}

/// Makes an answer one that is saved under this name and does nothing where it is shown.
pub fn save_as(response: &mut Response, name: &str) -> Result<(), AppError> {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&disposition("attachment", name)).map_err(|error| fault(&error))?);
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(())
}

fn with_headers(body: Body, media_type: &str, disposition: &str) -> Result<Response, AppError> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: Result<HeaderValue, axum::http::header::InvalidHeaderValue>| match value {
        Ok(value) => {
            headers.insert(name, value);
            Ok(())
        }
        Err(error) => Err(fault(&error)),
    };
    set(header::CONTENT_TYPE, HeaderValue::from_str(media_type))?;
    set(header::CONTENT_DISPOSITION, HeaderValue::from_str(disposition))?;
    set(header::CONTENT_SECURITY_POLICY, Ok(HeaderValue::from_static("default-src 'none'; sandbox")))?;
    set(header::X_CONTENT_TYPE_OPTIONS, Ok(HeaderValue::from_static("nosniff")))?;
    Ok(response)
}

/// `Content-Disposition` with the name as RFC 5987 writes it, and an ASCII one for programs that do not read that.
fn disposition(kind: &str, name: &str) -> String {
    let ending = name
        .rsplit_once('.')
        .map(|(_, ending)| ending)
        .filter(|ending| ending.len() <= 8 && ending.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let plain = ending.map_or_else(|| "attachment".to_owned(), |ending| format!("attachment.{ending}"));
    let encoded = name.bytes().fold(String::with_capacity(name.len() * 3), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            text.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
        text
    });
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c6_a_file_is_offered_under_its_chinese_name_and_never_shown() {
        assert_eq!(
            disposition("attachment", "说明 1.pdf"),
            "attachment; filename=\"attachment.pdf\"; filename*=UTF-8''%E8%AF%B4%E6%98%8E%201.pdf"
        );
        assert_eq!(disposition("attachment", "a\"\r\nX: 1"), "attachment; filename=\"attachment\"; filename*=UTF-8''a%22%0D%0AX%3A%201");
    }
}
