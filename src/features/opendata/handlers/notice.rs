//! `/api/v1/announcements/{key}`: one announcement with its lines, by 公告编号 or id.

use super::answer::{Asking, json};
use super::problem::Problem;
use super::query::Given;
use super::shapes::WholeShape;
use crate::app::paths;
use crate::domain::announcement::number::is_number;
use crate::domain::ids::AnnouncementId;
use crate::error::AppError;
use crate::features::announcements::commands::open::{self, Notice, OpenLine};
use crate::server::http::extract::{Path, Refused};
use crate::server::http::shelf::{Kind, Shelf};
use crate::server::request::Services;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;

/// A path that is no text leads nowhere.
pub fn text(path: Result<Path<String>, Refused>) -> Result<String, Problem> {
    path.map(|Path(text)| text).map_err(|_| AppError::NotFound.into())
}

/// The 公告编号 of a file's address, which takes no parameters.
pub fn number(path: Result<Path<String>, Refused>, uri: &Uri) -> Result<String, Problem> {
    Given::read(uri, &[])?;
    text(path).and_then(|number| if is_number(&number) { Ok(number) } else { Err(AppError::NotFound.into()) })
}

/// The published announcement of this 公告编号 or id.
pub async fn find(services: &Services, key: &str) -> Result<Notice, Problem> {
    let found = if is_number(key) {
        open::by_number(services, key).await?
    } else {
        let id = AnnouncementId::parse(key).map_err(|_| AppError::NotFound)?;
        open::by_id(services, &id).await?
    };
    found.ok_or_else(|| AppError::NotFound.into())
}

/// The lines of an announcement.
pub async fn lines(services: &Services, id: &AnnouncementId) -> Result<Vec<OpenLine>, Problem> {
    Ok(open::lines(services, std::slice::from_ref(id)).await?.remove(id).unwrap_or_default())
}

/// One announcement.
pub async fn one(
    State(services): State<Services>,
    Extension(shelf): Extension<Shelf>,
    key: Result<Path<String>, Refused>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Given::read(&uri, &[])?;
    let key = text(key)?;
    let asking = Asking::new(&services, &shelf, &headers).await?;
    let make = async {
        let notice = find(&services, &key).await?;
        let lines = lines(&services, &notice.id).await?;
        json(&WholeShape::new(&notice, &lines, &services.settings.public_url, asking.now))
    };
    asking.answer(paths::open_announcement(&key), Kind::Json, make).await
}
