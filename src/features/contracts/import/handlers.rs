//! The upload of a table, the empty table to fill in, and the rows that were not taken.

use super::commands::{self, sheets};
use crate::domain::ids::ImportId;
use crate::error::AppError;
use crate::server::http::answer;
use crate::server::http::extract::{Path, Query};
use crate::server::request::{Deed, Services, SignedIn};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use serde::Deserialize;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The addresses; the session's layer stands in front of them.
pub fn router() -> Router<Services> {
    Router::new()
        .route("/office/imports", post(upload))
        .route("/office/imports/template", get(template))
        .route("/office/imports/{id}/rest", get(rest))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct UploadQuery {
    name: String,
}

/// The body is the file itself; it is counted while it is written to the disk.
async fn upload(
    State(services): State<Services>,
    Extension(signed_in): Extension<SignedIn>,
    Query(query): Query<UploadQuery>,
    request: Request,
) -> Response {
    let deed = Deed { at: services.clock.now(), by: signed_in.actor };
    match commands::open(&services, deed, &query.name, request).await {
        Ok(import) => Json(import).into_response(),
        Err(error) => error.into_response(),
    }
}

async fn template(State(services): State<Services>, Extension(signed_in): Extension<SignedIn>) -> Response {
    let deed = Deed { at: services.clock.now(), by: signed_in.actor };
    match sheets::template(&deed).await {
        Ok(content) => download("合同导入模板.xlsx", content),
        Err(error) => answer::page(&error),
    }
}

async fn rest(State(services): State<Services>, Extension(signed_in): Extension<SignedIn>, Path(id): Path<String>) -> Response {
    let deed = Deed { at: services.clock.now(), by: signed_in.actor };
    let made = async {
        let id = ImportId::parse(&id).map_err(|_| AppError::NotFound)?;
        sheets::rest(&services, &deed, &id).await
    };
    match made.await {
        Ok((name, content)) => download(&name, content),
        Err(error) => answer::page(&error),
    }
}

fn download(name: &str, content: Vec<u8>) -> Response {
    use std::fmt::Write as _;
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    let mut response = content.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(XLSX));
    let disposition = format!("attachment; filename*=UTF-8''{encoded}");
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).unwrap_or(HeaderValue::from_static("attachment")));
    response
}
