//! Someone who reads the portal: the services, the pages that are kept, and how large this reader wants them.

use super::page::{self, Frame};
use super::sight::Sight;
use crate::error::AppError;
use crate::features::announcements::commands::portal;
use crate::server::http::answer;
use crate::server::http::shelf::{Edition, FRESH, Kind, Rendered, Shelf};
use crate::server::request::Services;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use std::convert::Infallible;

/// What a request for a page of the portal brings.
#[derive(Debug)]
pub struct Reader {
    /// What answers.
    pub services: Services,
    shelf: Shelf,
    sight: Sight,
    headers: HeaderMap,
}

impl FromRequestParts<Services> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Reader, Infallible> {
        Ok(Reader {
            services: services.clone(),
            shelf: parts.extensions.get::<Shelf>().cloned().unwrap_or_default(),
            sight: Sight::of(&parts.headers),
            headers: std::mem::take(&mut parts.headers),
        })
    }
}

impl Reader {
    /// What a page needs to know of where it stands; `address` is its one address, empty where it has none.
    pub fn frame<'a>(&'a self, address: &'a str) -> Frame<'a> {
        Frame { css: &self.services.assets.portal_css, site: &self.services.settings.public_url, address, sight: self.sight }
    }

    /// What a page that is drawn now is right for.
    pub async fn edition(&self) -> Result<Edition, AppError> {
        Ok(Edition { publications: portal::publications(&self.services).await?, day: self.services.clock.now().day(), minute: 0 })
    }

    fn place(&self, address: &str) -> String {
        // No address holds a blank.
        format!("{} {address}", self.sight.code())
    }

    /// The page of an address in this reader's size, if it is still right.
    pub fn find(&self, address: &str, edition: Edition) -> Option<Rendered> {
        self.shelf.find(&self.place(address), edition)
    }

    /// Keeps what was drawn.
    pub fn keep(&self, address: &str, edition: Edition, kind: Kind, text: String) -> Rendered {
        self.shelf.keep(self.place(address), edition, kind, text.into_bytes())
    }

    /// The page, or what hinders it.
    pub fn answer(&self, found: Result<Rendered, AppError>) -> Response {
        match found {
            Ok(rendered) => rendered.answer(&self.headers),
            Err(AppError::NotFound) => once(StatusCode::NOT_FOUND, &page::missing(&self.frame(""))),
            Err(error) => answer::page(&error),
        }
    }
}

/// A page that is not kept.
pub fn once(status: StatusCode, html: &str) -> Response {
    let mut response = (status, Html(html.to_owned())).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(FRESH));
    headers.insert(header::VARY, HeaderValue::from_static("cookie"));
    response
}
