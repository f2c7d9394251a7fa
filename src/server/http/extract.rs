//! What handlers take out of a request; a request that does not fit is refused in our own words.
//!
//! The framework's extractors answer with texts from inside it; handlers use these in their place.

use crate::error::AppError;
use crate::server::http::answer;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody, FormRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;

/// A request that does not fit: with this status, as JSON where a script asks, as a page elsewhere.
#[derive(Clone, Debug)]
pub struct Refused {
    error: AppError,
    status: StatusCode,
    is_json: bool,
}

impl Refused {
    fn new(error: AppError, is_json: bool) -> Refused {
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
        Refused { error, status, is_json }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        answer::as_asked(&self.error, self.status, self.is_json)
    }
}

/// Whether a script of ours sends this, which reads JSON; people and forms get pages.
pub fn is_scripted(method: &Method, uri: &Uri) -> bool {
    uri.path().starts_with("/api/") || (*method == Method::POST && uri.path().starts_with("/office/"))
}

/// Parts of the address; one that is no text leads nowhere.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Path<T>, Refused> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Path(value)),
            Err(_) => Err(Refused::new(AppError::NotFound, is_scripted(&parts.method, &parts.uri))),
        }
    }
}

/// What stands behind the question mark.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Query<T>, Refused> {
        match axum::extract::Query::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Query(value)),
            Err(_) => Err(Refused::new(AppError::BadRequest, is_scripted(&parts.method, &parts.uri))),
        }
    }
}

/// The fields of a form without files.
#[derive(Clone, Copy, Debug)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Form<T>, Refused> {
        let is_json = is_scripted(request.method(), request.uri());
        match axum::Form::from_request(request, state).await {
            Ok(axum::Form(value)) => Ok(Form(value)),
            Err(FormRejection::BytesRejection(BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)))) => {
                Err(Refused::new(AppError::TooLarge("提交的内容过大，请减少内容后重试".to_owned()), is_json))
            }
            Err(FormRejection::InvalidFormContentType(_)) => {
                Err(Refused { status: StatusCode::UNSUPPORTED_MEDIA_TYPE, ..Refused::new(AppError::BadRequest, is_json) })
            }
            Err(_) => Err(Refused::new(AppError::BadRequest, is_json)),
        }
    }
}
