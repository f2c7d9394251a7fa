//! What stands before every address of open data: the limit, and what scripts of other sites may do.

use super::problem::Problem;
use crate::error::AppError;
use crate::server::clock::Clock;
use crate::server::http::answer;
use crate::server::http::limit::{Limit, client};
use crate::server::request::Services;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

/// What a yearly file is worth in requests: it reads what so many would.
const YEARLY: i64 = 20;
/// What a page of OCDS packages is worth: it may hold three thousand releases.
const PACKAGE: i64 = 5;
/// How the address of a PDF ends; no other spelling leads to one.
const PDF_ENDING: &str = "/announcement.pdf";
/// What a PDF is worth: one is set at a time, for all readers.
const PDF: i64 = 3;

/// Counts who asks.
#[derive(Clone, Debug)]
pub struct Gate {
    limit: Limit,
    clock: Clock,
    proxies: usize,
}

impl Gate {
    /// As configured.
    pub fn new(services: &Services) -> Gate {
        Gate { limit: Limit::new(services.settings.api_per_minute), clock: services.clock.clone(), proxies: services.settings.proxies }
    }
}

/// Lets in as many requests of an address as the limit says; the others are told when to come again.
pub async fn limited(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let client = client(request.extensions(), request.headers(), gate.proxies);
    let (path, reads) = (request.uri().path(), is_of_a_page(&request));
    let weight = match path {
        _ if path.starts_with("/api/v1/years/") => YEARLY,
        _ if path.ends_with(PDF_ENDING) => PDF,
        "/api/v1/ocds" => PACKAGE,
        _ => 1,
    };
    match gate.limit.ask(client, weight, gate.clock.now()) {
        Ok(()) => for_people(reads, next.run(request).await),
        Err(seconds) => for_people(reads, Problem::too_often(seconds).into_response()),
    }
}

/// Whether a person follows one of the links of an announcement's page.
fn is_of_a_page(request: &Request) -> bool {
    let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    request.uri().path().starts_with("/announcements/") && accepts.is_some_and(|accepts| accepts.contains("text/html"))
}

/// A refusal to come again later as a page for whoever looks at a browser, with its status and its `Retry-After`; anything else as it is.
fn for_people(reads: bool, response: Response) -> Response {
    let Some(wait) = response.headers().get(header::RETRY_AFTER).filter(|_| reads).cloned() else { return response };
    let words = match response.status() {
        StatusCode::TOO_MANY_REQUESTS => "下载过于频繁，请稍后刷新本页重试",
        StatusCode::SERVICE_UNAVAILABLE => "系统繁忙，请稍后刷新本页重试",
        _ => return response,
    };
    let mut page = answer::as_asked(&AppError::Conflict(words.to_owned()), response.status(), false);
    page.headers_mut().insert(header::RETRY_AFTER, wait);
    page.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    page
}

/// Lets scripts of any site read, without credentials; and gives words to a method that does not only read.
pub async fn readable_from_other_sites(request: Request, next: Next) -> Response {
    let is_question = *request.method() == Method::OPTIONS;
    let mut response = if is_question { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        response = Problem::method().into_response();
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(METHODS));
    }
    open(response.headers_mut(), is_question);
    response
}

const METHODS: &str = "GET, HEAD, OPTIONS";

fn open(headers: &mut HeaderMap, is_question: bool) {
    let mut set = |name: HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    set(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    set(HeaderName::from_static("cross-origin-resource-policy"), "cross-origin");
    if is_question {
        set(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        set(header::ACCESS_CONTROL_ALLOW_HEADERS, "accept, if-none-match");
        set(header::ACCESS_CONTROL_MAX_AGE, "86400");
        set(header::ALLOW, METHODS);
        set(header::CACHE_CONTROL, "public, max-age=60");
    } else {
        set(header::ACCESS_CONTROL_EXPOSE_HEADERS, "etag, retry-after, content-disposition");
    }
}
