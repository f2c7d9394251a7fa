//! `/api/v1/announcements`: every change in the order of the commits, to be followed with a cursor.

use super::answer::{Asking, json};
use super::problem::Problem;
use super::query::{Given, MOST, SIZE, address, of_changes};
use super::shapes::{ChangeShape, ChangesShape};
use crate::app::paths;
use crate::features::announcements::commands::open;
use crate::server::http::shelf::{Kind, Shelf};
use crate::server::request::Services;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;

/// The parameters.
pub const KNOWN: [&str; 6] = of_changes("cursor");

/// Changes after the cursor. The page ends at the counter that was read before, so that it never runs ahead of a commit.
pub async fn list(
    State(services): State<Services>,
    Extension(shelf): Extension<Shelf>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let given = Given::read(&uri, &KNOWN)?;
    let asking = Asking::new(&services, &shelf, &headers).await?;
    let asked = given.asked(asking.edition.publications, SIZE, MOST)?;
    let make = async {
        let site = &services.settings.public_url;
        let found = open::changes(&services, &asked).await?;
        let cursor = found.cursor(&asked);
        json(&ChangesShape {
            changes: found.changes.iter().map(|change| ChangeShape::new(change, site, asking.now)).collect(),
            cursor: cursor.to_string(),
            next: format!("{site}{}", address(paths::OPEN_CHANGES, &asked, cursor)),
            has_more: found.has_more,
        })
    };
    asking.answer(address(paths::OPEN_CHANGES, &asked, asked.after), Kind::Json, make).await
}
