//! Someone who asks the application, as a browser would.

use super::TestApp;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, header};
use http_body_util::BodyExt as _;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tower::ServiceExt as _;

/// The host under which the tests reach the application.
pub const HOST: &str = "setaside.test";

/// Someone with or without a session.
#[derive(Clone)]
pub struct Visitor<'app> {
    app: &'app TestApp,
    /// The token of the session's cookie.
    pub token: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as text, which most are.
    pub text: String,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// A header's text, empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as JSON; `Null` where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }
}

impl<'app> Visitor<'app> {
    pub fn new(app: &'app TestApp, token: Option<String>) -> Visitor<'app> {
        Visitor { app, token }
    }

    /// A request from one of our own pages, with the cookie.
    pub fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let mut builder =
            Request::builder().method(method).uri(path).header(header::HOST, HOST).header(header::ORIGIN, format!("http://{HOST}"));
        if let Some(token) = &self.token {
            builder = builder.header(header::COOKIE, format!("setaside={token}"));
        }
        builder
    }

    /// Sends any request.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = match self.app.router().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a whole body").to_bytes();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            text: String::from_utf8_lossy(&body).into_owned(),
            bytes: body.to_vec(),
        }
    }

    /// Asks for a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path).body(Body::empty()).expect("a request")).await
    }

    /// Asks for a file that must be there.
    pub async fn bytes(&self, path: &str) -> Vec<u8> {
        let request = self.request(Method::GET, path).body(Body::empty()).expect("a request");
        let response = match self.app.router().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        assert_eq!(response.status().as_u16(), 200, "{path}");
        response.into_body().collect().await.expect("a whole body").to_bytes().to_vec()
    }

    /// Sends a form, `application/x-www-form-urlencoded`.
    pub async fn post_form(&self, path: &str, form: impl Into<Body>) -> Answer {
        let request = self.request(Method::POST, path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(form.into()).expect("a request")).await
    }

    /// Calls a server function with its one input struct (`Null` for those without); status and JSON answer.
    pub async fn post_api(&self, endpoint: &str, input: Value) -> (u16, Value) {
        let body = if input.is_null() { serde_json::json!({}) } else { serde_json::json!({ "input": input }) };
        let request = self.request(Method::POST, &format!("/api/{endpoint}")).header(header::CONTENT_TYPE, "application/json");
        let answer = self.send(request.body(Body::from(body.to_string())).expect("a request")).await;
        (answer.status, answer.json())
    }

    /// Calls a server function that must succeed.
    pub async fn call<T: DeserializeOwned>(&self, endpoint: &str, input: Value) -> T {
        let (status, answer) = self.post_api(endpoint, input).await;
        assert_eq!(status, 200, "{endpoint}: {answer}");
        serde_json::from_value(answer.clone()).unwrap_or_else(|error| panic!("{endpoint} answered {answer}: {error}"))
    }

    /// Calls a server function that must be refused with this status; the sentence that the person reads.
    pub async fn refused(&self, endpoint: &str, input: Value, status: u16) -> String {
        let (found, answer) = self.post_api(endpoint, input).await;
        assert_eq!(found, status, "{endpoint}: {answer}");
        let error: setaside::error::AppError = serde_json::from_value(answer).expect("an AppError");
        error.to_string()
    }
}
