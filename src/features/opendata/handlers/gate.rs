//! What stands before every address of open data: the limit, and what scripts of other sites may do.

use super::problem::Problem;
use crate::server::clock::Clock;
use crate::server::http::limit::{Limit, client};
use crate::server::request::Services;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

/// What a yearly file is worth in requests: it reads what so many would.
const YEARLY: i64 = 20;
/// What a page of OCDS packages is worth: it may hold two thousand releases.
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
    let path = request.uri().path();
    let weight = match path {
        _ if path.starts_with("/api/v1/years/") => YEARLY,
        _ if path.ends_with(PDF_ENDING) => PDF,
        "/api/v1/ocds" => PACKAGE,
        _ => 1,
    };
    match gate.limit.ask(client, weight, gate.clock.now()) {
        Ok(()) => next.run(request).await,
        Err(seconds) => Problem::too_often(seconds).into_response(),
    }
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
