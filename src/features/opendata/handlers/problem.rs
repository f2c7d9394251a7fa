//! Failures of open data: `application/problem+json` (RFC 9457).

use crate::app::paths;
use crate::error::AppError;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// A failure as a program reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Where the kind of failure is described.
    #[serde(rename = "type")]
    kind: String,
    /// What it is, the same for all of its kind.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What is wrong here, and what to do.
    detail: String,
    /// The parameter that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<String>,
    #[serde(skip)]
    retry_after: Option<i64>,
}

impl Problem {
    fn new(kind: &str, title: &'static str, status: u16, detail: impl Into<String>) -> Problem {
        Problem { kind: format!("{}#{kind}", paths::OPEN_DATA), title, status, detail: detail.into(), parameter: None, retry_after: None }
    }

    /// A parameter that cannot be understood.
    pub fn parameter(name: &str, detail: impl Into<String>) -> Problem {
        Problem { parameter: Some(name.to_owned()), ..Problem::new("bad-parameter", "参数有误", 400, detail) }
    }

    /// Nothing public stands at this address.
    pub fn missing(detail: impl Into<String>) -> Problem {
        Problem::new("not-found", "没有找到", 404, detail)
    }

    /// The server has no font for it.
    pub fn no_font() -> Problem {
        let detail = "服务器没有安装中文字体，暂不提供 PDF；请打印公告页面，或下载项目明细（XLSX、CSV）";
        Problem::new("unavailable", "暂不提供", 503, detail)
    }

    /// A method that only reads is meant.
    pub fn method() -> Problem {
        Problem::new("method-not-allowed", "不支持的方法", 405, "开放数据只供读取，请使用 GET 或 HEAD")
    }

    /// Asked too often.
    pub fn too_often(seconds: i64) -> Problem {
        let detail = format!("请求过于频繁，请在 {seconds} 秒后重试（见响应头 Retry-After）；需要全部数据时请下载年度文件");
        Problem { retry_after: Some(seconds), ..Problem::new("too-many-requests", "请求过于频繁", 429, detail) }
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Problem {
        match error {
            AppError::NotFound => Problem::missing("没有这份公告，或者它尚未发布"),
            AppError::Busy | AppError::StorageFull => {
                Problem { retry_after: Some(5), ..Problem::new("busy", "系统繁忙", 503, "系统繁忙，请稍后重试") }
            }
            AppError::TooLarge(detail) => Problem::new("too-large", "内容太长", 413, detail),
            AppError::Internal(_) => Problem::new("internal", "系统出错", 500, error.to_string()),
            other => Problem::new("refused", "请求被拒绝", other.status(), other.to_string()),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after;
        let mut response = (status, axum::Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// What an unknown address below `/api/v1` answers.
pub async fn not_found() -> Problem {
    Problem::missing("没有这个地址，可用的地址见 /api/v1")
}
