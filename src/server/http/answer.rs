//! Failures as pages and as JSON: the status, the sentence, and nothing from inside.

use crate::error::AppError;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, axum::Json(self)).into_response()
    }
}

/// A whole page that says what failed and where to go.
pub fn page(error: &AppError) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let title = if error.status() == 404 { "没有找到" } else { "出错了" };
    let html = format!(
        "<!DOCTYPE html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title} - 面向中小企业预留项目执行情况</title></head><body><main><h1>{title}</h1><p>{error}</p>\
         <p><a href=\"/\">公告首页</a>　<a href=\"/office\">工作台</a></p></main></body></html>"
    );
    let mut response = (status, html).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}

/// The failure under this status, as JSON or as a page.
pub fn as_asked(error: &AppError, status: StatusCode, is_json: bool) -> Response {
    let mut response = if is_json { error.clone().into_response() } else { page(error) };
    *response.status_mut() = status;
    response
}
