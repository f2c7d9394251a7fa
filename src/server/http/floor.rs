//! The security floor: one place that every request passes.
//!
//! A state-changing request must come from a page of ours (its `Origin` names our host) and in the content type that the
//! address expects; a server function's failure gets the status it means; every answer carries the protecting headers.

use crate::error::AppError;
use crate::server::http::{answer, extract};
use crate::server::request::SignedIn;
use axum::BoxError;
use axum::body::{Body, BodyDataStream, Bytes, HttpBody as _};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures::stream::{self, Stream, StreamExt as _};
use http_body_util::{BodyExt as _, Limited};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::Instant;

/// Largest JSON body of a server function; a document of the editor fits many times.
pub const API_BODY: usize = 4 * 1024 * 1024;

/// What pages without script of their own may load; the office replaces it by one with a nonce.
///
/// Nothing of ours connects; whoever audits a page (Lighthouse) reads `/robots.txt` from within it.
pub const PLAIN_CSP: &str = "default-src 'none'; connect-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Refuses state changes that do not come from our own pages.
pub async fn own_origin_only(request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) || comes_from_own_page(request.headers()) {
        return next.run(request).await;
    }
    AppError::Forbidden("请求不是从本系统的页面发出的，已拒绝".to_owned()).into_response()
}

fn comes_from_own_page(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| {
        let mut values = headers.get_all(name).iter();
        let first = values.next().and_then(|value| value.to_str().ok());
        first.filter(|_| values.next().is_none())
    };
    let (Some(origin), Some(host)) = (text(header::ORIGIN), text(header::HOST)) else { return false };
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    let same_site = matches!(site, None | Some(b"same-origin"));
    same_site && origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://")) == Some(host)
}

/// Where files are sent to; server functions and sign-in have other addresses.
const UPLOADS: &str = "/office/";
/// How many times as long as another body an upload's may take.
const UPLOAD: u32 = 20;

/// How long a body may take on its way to this address.
fn time_for(path: &str, most: Duration) -> Duration {
    if path.starts_with(UPLOADS) { most * UPLOAD } else { most }
}

/// Ends the reading of a body that takes longer than `most`, whoever reads it, and answers 408 then.
pub async fn body_in_time(State(most): State<Duration>, request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let is_json = extract::is_scripted(request.method(), request.uri());
    let until = Instant::now() + time_for(request.uri().path(), most);
    let late = Arc::new(AtomicBool::new(false));
    let told = late.clone();
    let response = next.run(request.map(|body| Body::from_stream(in_time(body.into_data_stream(), until, told)))).await;
    if !late.load(Ordering::SeqCst) {
        return response;
    }
    // For whoever typed it is as if the line had broken: it stays on the page and is sent again.
    answer::as_asked(&AppError::Offline, StatusCode::REQUEST_TIMEOUT, is_json)
}

/// Gives words to a refusal that has none: a method that an address does not know, a file that is not there.
pub async fn never_without_words(request: Request, next: Next) -> Response {
    let (is_head, is_json) = (request.method() == Method::HEAD, extract::is_scripted(request.method(), request.uri()));
    let response = next.run(request).await;
    let status = response.status();
    let is_refusal = status.is_client_error() || status.is_server_error();
    if is_head || !is_refusal || response.body().size_hint().exact() != Some(0) {
        return response;
    }
    let error = match status {
        StatusCode::NOT_FOUND => AppError::NotFound,
        StatusCode::SERVICE_UNAVAILABLE => AppError::Busy,
        status if status.is_server_error() => crate::server::fault::fault(&status),
        _ => AppError::BadRequest,
    };
    let mut worded = answer::as_asked(&error, status, is_json);
    if let Some(allow) = response.headers().get(header::ALLOW) {
        worded.headers_mut().insert(header::ALLOW, allow.clone());
    }
    worded
}

/// The same data; at `until` an error instead, and `late` becomes true.
fn in_time(data: BodyDataStream, until: Instant, late: Arc<AtomicBool>) -> impl Stream<Item = Result<Bytes, BoxError>> + Send + 'static {
    stream::unfold(Some(data), move |data| {
        let late = late.clone();
        async move {
            let mut data = data?;
            match tokio::time::timeout_at(until, data.next()).await {
                Ok(None) => None,
                Ok(Some(Ok(chunk))) => Some((Ok(chunk), Some(data))),
                Ok(Some(Err(error))) => Some((Err(error.into()), None)),
                Err(elapsed) => {
                    late.store(true, Ordering::SeqCst);
                    Some((Err(elapsed.into()), None))
                }
            }
        }
    })
}

/// The frame of server functions: a session, JSON in, JSON out, bounded, with the status that a failure means.
pub async fn api(mut request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return AppError::NotFound.into_response();
    }
    // Every server function is somebody's: a stranger's body is not read. (Signing in is a form, and no server function.)
    if request.extensions().get::<SignedIn>().is_none() {
        return AppError::SignedOut.into_response();
    }
    let is_json = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(|kind| {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/json")
    });
    if !is_json {
        let mut response = AppError::BadRequest.into_response();
        *response.status_mut() = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return response;
    }
    // With `Accept: text/html` a server function would answer by redirecting to the Referer with the error in its query.
    request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    request.headers_mut().remove(header::REFERER);
    let (parts, body) = request.into_parts();
    let Ok(body) = Limited::new(body, API_BODY).collect().await else {
        return AppError::TooLarge("提交的内容过大（超过 4 MB），请减少内容后重试".to_owned()).into_response();
    };
    let response = next.run(Request::from_parts(parts, Body::from(body.to_bytes()))).await;
    with_meant_status(response).await
}

/// Every `Err` of a server function leaves Leptos as a 500; this gives it the status its kind means.
async fn with_meant_status(response: Response) -> Response {
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    let (_, body) = response.into_parts();
    let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    serde_json::from_slice::<AppError>(&body).unwrap_or_else(|error| crate::server::fault::fault(&error)).into_response()
}

/// Adds the protecting headers where an answer has not chosen its own.
pub async fn protecting_headers(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_private = ["/office", "/api", "/sign-in", "/sign-out"].iter().any(|prefix| path.starts_with(prefix));
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut default = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    default(header::CONTENT_SECURITY_POLICY, PLAIN_CSP);
    default(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(header::X_FRAME_OPTIONS, "DENY");
    default(header::REFERRER_POLICY, "same-origin");
    default(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    default(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    default(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()");
    if is_private {
        default(header::CACHE_CONTROL, "no-store");
    }
    response
}

/// A panic in a handler: logged, and answered like any fault.
pub fn after_panic(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let what = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("panic");
    answer::page(&crate::server::fault::fault(&what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c6_every_file_has_the_time_of_an_upload() {
        let most = Duration::from_secs(30);
        for path in ["/office/imports", "/office/claim-files/1?line=2", "/office/files/1"] {
            assert_eq!(time_for(path, most), Duration::from_mins(10), "{path}");
        }
        for path in ["/api/change_lines", "/sign-in", "/"] {
            assert_eq!(time_for(path, most), most, "{path}");
        }
    }
}
