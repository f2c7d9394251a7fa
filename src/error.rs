//! What a person may learn when something fails, and the HTTP status it travels with.
//!
//! [`AppError`] alone crosses the network. Its `Display` is the Chinese sentence on the screen and says what to do; inner causes
//! are logged once under an incident number and never shown.

use crate::wire::JsonText;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// A failure as the browser gets it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "detail")]
pub enum AppError {
    /// No valid session.
    #[error("登录已过期，请重新登录；本页填写的内容仍然保留")]
    SignedOut,
    /// The person sees the thing, but the deed is another's.
    #[error("{0}")]
    Forbidden(String),
    /// Does not exist, or is not theirs to know of.
    #[error("没有这个页面，或您无权查看")]
    NotFound,
    /// Someone else was faster, or the state does not allow it any more.
    #[error("{0}")]
    Conflict(String),
    /// What was entered does not fit; says what and what to do.
    #[error("{0}")]
    Invalid(String),
    /// What was entered does not fit, in one field of a form.
    #[error("{message}")]
    InvalidField {
        /// The field's name.
        field: String,
        /// What is wrong and what to do.
        message: String,
    },
    /// The request is not of the form that the page sends.
    #[error("请求的内容不完整或格式不对，请刷新页面后重试")]
    BadRequest,
    /// Too much at once.
    #[error("{0}")]
    TooLarge(String),
    /// The server is at its limit or going down.
    #[error("系统繁忙，请稍后重试；已填写的内容仍在本页")]
    Busy,
    /// The disk of the server, or of its database, is full.
    #[error("存储空间不足，请联系系统管理员；填写的内容仍在本页")]
    StorageFull,
    /// A fault of ours, logged under this number.
    #[error("系统出错（编号 {0}），请稍后重试；若仍然如此，请把编号告诉管理员")]
    Internal(String),
    /// The browser could not reach the server.
    #[error("网络连接中断，内容尚未保存；恢复后会自动重试")]
    Offline,
}

impl AppError {
    /// The HTTP status that this failure travels with.
    pub const fn status(&self) -> u16 {
        match self {
            AppError::SignedOut => 401,
            AppError::Forbidden(_) => 403,
            AppError::NotFound => 404,
            AppError::Conflict(_) => 409,
            AppError::Invalid(_) | AppError::InvalidField { .. } => 422,
            AppError::BadRequest => 400,
            AppError::TooLarge(_) => 413,
            AppError::Busy | AppError::Offline => 503,
            AppError::StorageFull => 507,
            AppError::Internal(_) => 500,
        }
    }

    /// A refusal of a rule, with the rule's own words.
    pub fn invalid(reason: impl std::fmt::Display) -> AppError {
        AppError::Invalid(reason.to_string())
    }

    /// A refusal at one field of a form.
    pub fn field(field: &str, reason: impl std::fmt::Display) -> AppError {
        AppError::InvalidField { field: field.to_owned(), message: reason.to_string() }
    }

    /// The message to show at `field`, if this failure belongs there.
    pub fn at_field(&self, field: &str) -> Option<String> {
        match self {
            AppError::InvalidField { field: here, message } if here == field => Some(message.clone()),
            _ => None,
        }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonText;

    fn from_server_fn_error(error: ServerFnErrorErr) -> AppError {
        match error {
            ServerFnErrorErr::Request(_) => AppError::Offline,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::UnsupportedRequestMethod(_) => {
                AppError::BadRequest
            }
            // A body that is no answer of ours: a proxy's page, or a server that is being replaced.
            // On the server it is the arguments that cannot be read.
            ServerFnErrorErr::Deserialization(_) if cfg!(feature = "hydrate") => AppError::Busy,
            ServerFnErrorErr::Deserialization(_) => AppError::BadRequest,
            _ => AppError::Busy,
        }
    }
}

impl From<crate::domain::access::AccessRefused> for AppError {
    fn from(refused: crate::domain::access::AccessRefused) -> AppError {
        match refused {
            crate::domain::access::AccessRefused::Hidden => AppError::NotFound,
            crate::domain::access::AccessRefused::Role(_) => AppError::Forbidden(refused.to_string()),
        }
    }
}

impl From<crate::domain::record::status::RecordActionRefused> for AppError {
    fn from(refused: crate::domain::record::status::RecordActionRefused) -> AppError {
        AppError::Conflict(refused.to_string())
    }
}

impl From<crate::domain::announcement::status::AnnouncementActionRefused> for AppError {
    fn from(refused: crate::domain::announcement::status::AnnouncementActionRefused) -> AppError {
        AppError::Conflict(refused.to_string())
    }
}

impl From<crate::domain::approval::ApprovalRefused> for AppError {
    fn from(refused: crate::domain::approval::ApprovalRefused) -> AppError {
        use crate::domain::approval::ApprovalRefused as Refused;
        match &refused {
            Refused::NotYours(_) | Refused::OwnSubmission => AppError::Forbidden(refused.to_string()),
            Refused::ReasonMissing | Refused::Text(_) => AppError::field("opinion", refused),
            Refused::NextMissing | Refused::NextWithDisagreement | Refused::NoCandidate => AppError::field("next", refused),
        }
    }
}
