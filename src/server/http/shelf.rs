//! Rendered pages and files, kept as long as they are right.
//!
//! A kept page names the counter of publications and the day for which it was made; where either differs it is made anew. So any
//! number of instances may keep pages without telling each other anything.

use super::packing::{self, Coding};
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

/// What a rendered thing is to whoever keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// `Content-Type`.
    pub media_type: &'static str,
    /// `Cache-Control`.
    pub caching: &'static str,
    /// Whether packing makes it smaller; a packed file stays as it is.
    pub is_packable: bool,
}

/// A page: asked for anew each time, so that nobody sees a state that has passed.
pub const PAGE: Kind = Kind { media_type: "text/html; charset=utf-8", caching: "public, max-age=0, must-revalidate", is_packable: true };

/// A page ready to be sent, packed once for all who will ask for it.
#[derive(Clone, Debug)]
pub struct Rendered {
    edition: Edition,
    kind: Kind,
    tag: String,
    plain: Bytes,
    gzip: Bytes,
    brotli: Bytes,
}

impl Rendered {
    /// Wraps a page.
    pub fn new(edition: Edition, html: String) -> Rendered {
        Rendered::of(edition, PAGE, html.into_bytes())
    }

    /// Wraps anything.
    pub fn of(edition: Edition, kind: Kind, content: Vec<u8>) -> Rendered {
        let tag = sha256_hex(&content)[..32].to_owned();
        let (gzip, brotli) =
            if kind.is_packable { (packing::gzip(&content).into(), packing::brotli(&content).into()) } else { Default::default() };
        Rendered { edition, kind, tag, plain: content.into(), gzip, brotli }
    }

    /// The answer: the page in the smallest form that the browser reads, or 304 where it has that form already.
    pub fn answer(&self, request: &HeaderMap) -> Response<Body> {
        let coding = if self.kind.is_packable { Coding::wanted(request) } else { Coding::Plain };
        let body = match coding {
            Coding::Plain => &self.plain,
            Coding::Gzip => &self.gzip,
            Coding::Brotli => &self.brotli,
        };
        let etag = format!("\"{}{}\"", self.tag, coding.name().map(|name| format!("-{name}")).unwrap_or_default());
        let has = has(request, &etag);
        let mut response = Response::new(if has { Body::empty() } else { Body::from(body.clone()) });
        if has {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.kind.media_type));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(self.kind.caching));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(name) = coding.name() {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
        }
        if let Ok(etag) = HeaderValue::try_from(etag) {
            headers.insert(header::ETAG, etag);
        }
        response
    }

    fn size(&self) -> usize {
        self.plain.len() + self.gzip.len() + self.brotli.len()
    }
}

/// Whether the browser names this form of the page among those that it keeps; a proxy may have marked it as weak.
pub fn has(request: &HeaderMap, etag: &str) -> bool {
    let known = request.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    known.flat_map(|value| value.split(',')).map(str::trim).any(|each| each == "*" || strong(each) == strong(etag))
}

fn strong(etag: &str) -> &str {
    etag.strip_prefix("W/").unwrap_or(etag)
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
        let size = page.size() + address.len();
        if kept.bytes + size > MOST {
            *kept = Kept::default();
        }
        kept.bytes += size;
        let address_size = address.len();
        if let Some(old) = kept.pages.insert(address, page.clone()) {
            kept.bytes = kept.bytes.saturating_sub(old.size() + address_size);
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

    #[test]
    fn d5_each_form_of_a_page_has_its_own_tag_and_a_browser_that_has_it_gets_none() {
        let edition = Edition { publications: 1, day: Day::new(2026, 3, 15).unwrap() };
        let page = Rendered::new(edition, "<p>面向中小企业</p>".repeat(200));
        let ask = |headers: &[(header::HeaderName, &str)]| {
            let headers: HeaderMap = headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap())).collect();
            page.answer(&headers)
        };
        let tag = |response: &Response<Body>| response.headers()[header::ETAG].to_str().unwrap().to_owned();
        let plain = ask(&[]);
        let packed = ask(&[(header::ACCEPT_ENCODING, "gzip, deflate, br")]);
        assert!(plain.headers().get(header::CONTENT_ENCODING).is_none());
        assert_eq!(packed.headers()[header::CONTENT_ENCODING], "br");
        assert_ne!(tag(&plain), tag(&packed));
        for known in [tag(&packed), format!("W/{}", tag(&packed)), format!("\"x\", {}", tag(&packed))] {
            let again = ask(&[(header::ACCEPT_ENCODING, "br"), (header::IF_NONE_MATCH, &known)]);
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{known}");
        }
        let other_form = ask(&[(header::ACCEPT_ENCODING, "gzip"), (header::IF_NONE_MATCH, &tag(&packed))]);
        assert_eq!(other_form.status(), StatusCode::OK);
    }
}
