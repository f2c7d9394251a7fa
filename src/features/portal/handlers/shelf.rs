//! Rendered pages, kept as long as they are right.
//!
//! A kept page names the counter of publications and the day for which it was made; where either differs it is made anew. So any
//! number of instances may keep pages without telling each other anything.

use crate::domain::calendar::Day;
use crate::server::files::sha256_hex;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Most bytes of pages that are kept; then the shelf is emptied.
const MOST: usize = 32 * 1024 * 1024;

/// Until when a page is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edition {
    /// How many announcements were ever published.
    pub publications: i64,
    /// The day in Shanghai, for 公告截止时间.
    pub day: Day,
}

/// A page ready to be sent.
#[derive(Clone, Debug)]
pub struct Rendered {
    edition: Edition,
    html: Bytes,
    etag: HeaderValue,
}

impl Rendered {
    /// Wraps a page.
    pub fn new(edition: Edition, html: String) -> Rendered {
        let tag = format!("\"{}\"", &sha256_hex(html.as_bytes())[..32]);
        let etag = HeaderValue::from_str(&tag).unwrap_or_else(|_| HeaderValue::from_static("\"\""));
        Rendered { edition, html: Bytes::from(html), etag }
    }

    /// The answer: the page, or 304 where the browser has it already.
    pub fn answer(&self, request: &HeaderMap) -> Response<Body> {
        let has = request.get(header::IF_NONE_MATCH).is_some_and(|known| known == self.etag);
        let mut response = Response::new(if has { Body::empty() } else { Body::from(self.html.clone()) });
        if has {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=0, must-revalidate"));
        headers.insert(header::ETAG, self.etag.clone());
        response
    }
}

/// The pages of this process.
#[derive(Clone, Debug, Default)]
pub struct Shelf(Arc<RwLock<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    pages: HashMap<String, Rendered>,
    bytes: usize,
}

impl Shelf {
    /// The page of an address, if it is still right.
    pub fn find(&self, address: &str, edition: Edition) -> Option<Rendered> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        kept.pages.get(address).filter(|page| page.edition == edition).cloned()
    }

    /// Keeps a page.
    pub fn keep(&self, address: String, page: &Rendered) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let size = page.html.len() + address.len();
        if kept.bytes + size > MOST {
            *kept = Kept::default();
        }
        kept.bytes += size;
        let address_size = address.len();
        if let Some(old) = kept.pages.insert(address, page.clone()) {
            kept.bytes = kept.bytes.saturating_sub(old.html.len() + address_size);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d6_a_page_is_right_for_its_day_and_until_the_next_publication() {
        let shelf = Shelf::default();
        let edition = |publications, day| Edition { publications, day: Day::new(2026, 3, day).unwrap() };
        shelf.keep("/".into(), &Rendered::new(edition(1, 15), "<p>1</p>".into()));
        assert!(shelf.find("/", edition(1, 15)).is_some());
        assert!(shelf.find("/", edition(2, 15)).is_none());
        assert!(shelf.find("/", edition(1, 16)).is_none());
        assert!(shelf.find("/?page=2", edition(1, 15)).is_none());
    }

    #[test]
    fn d5_the_shelf_does_not_grow_without_bound() {
        let shelf = Shelf::default();
        let edition = Edition { publications: 1, day: Day::new(2026, 3, 15).unwrap() };
        for number in 0..40 {
            shelf.keep(number.to_string(), &Rendered::new(edition, "x".repeat(1024 * 1024)));
        }
        assert!(shelf.0.read().unwrap().bytes <= MOST);
        assert!(shelf.find("39", edition).is_some());
    }
}
