//! Rendered pages and files, kept as long as they are right.
//!
//! A kept page names the counter of publications and the day for which it was made; where either differs it is made anew. So any
//! number of instances may keep pages without telling each other anything.

use super::packing::{self, Coding};
use crate::domain::calendar::{Day, Moment};
use crate::server::files::sha256_hex;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Most bytes of pages that are kept.
const MOST: usize = 32 * 1024 * 1024;

/// Kept by browsers and proxies, and asked for anew at every use: a revoked announcement is nowhere shown as one that stands.
pub const FRESH: &str = "public, max-age=0, must-revalidate";

/// What tells programs a state may be a minute old.
pub const FOR_A_MINUTE: &str = "public, max-age=60";

/// Until when a page is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edition {
    /// How many announcements were ever published.
    pub publications: i64,
    /// The day in Shanghai, for 公告截止时间.
    pub day: Day,
    /// The minute, of pages that show more than what was published; 0 of all others.
    pub minute: i64,
}

impl Edition {
    /// The same for a page that shows what may change without a publication: right for this minute only.
    #[must_use]
    pub fn for_a_minute(self, now: Moment) -> Edition {
        Edition { minute: now.millis() / 60_000, ..self }
    }
}

/// What a page is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// For people.
    Html,
    /// For search engines.
    Xml,
    /// Open data.
    Json,
    /// For feed readers.
    Atom,
    /// A table.
    Csv,
    /// A table for spreadsheets, packed by itself.
    Xlsx,
    /// For paper, packed by itself.
    Pdf,
}

impl Kind {
    const fn media_type(self) -> &'static str {
        match self {
            Kind::Html => "text/html; charset=utf-8",
            Kind::Xml => "application/xml; charset=utf-8",
            Kind::Json => "application/json",
            Kind::Atom => "application/atom+xml; charset=utf-8",
            Kind::Csv => "text/csv; charset=utf-8",
            Kind::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Kind::Pdf => "application/pdf",
        }
    }

    /// Whether it would not become smaller.
    const fn is_packed(self) -> bool {
        matches!(self, Kind::Xlsx | Kind::Pdf)
    }

    const fn caching(self) -> &'static str {
        match self {
            Kind::Html | Kind::Xml => FRESH,
            Kind::Json | Kind::Atom | Kind::Csv | Kind::Xlsx | Kind::Pdf => FOR_A_MINUTE,
        }
    }
}

/// A page ready to be sent, packed once for all who will ask for it.
#[derive(Clone, Debug)]
pub struct Rendered {
    edition: Edition,
    kind: Kind,
    /// The digest of what it was made from, where making it costs more than reading that.
    source: String,
    tag: String,
    plain: Bytes,
    gzip: Bytes,
    brotli: Bytes,
}

impl Rendered {
    /// Wraps a page.
    pub fn new(edition: Edition, kind: Kind, content: impl Into<Vec<u8>>) -> Rendered {
        let content = content.into();
        let tag = sha256_hex(&content)[..32].to_owned();
        let (gzip, brotli) = if kind.is_packed() {
            (Bytes::new(), Bytes::new())
        } else {
            (packing::gzip(&content).into(), packing::brotli(&content).into())
        };
        Rendered { edition, kind, source: String::new(), tag, plain: content.into(), gzip, brotli }
    }

    /// The answer: the page in the smallest form that the browser reads, or 304 where it has that form already.
    pub fn answer(&self, request: &HeaderMap) -> Response<Body> {
        let coding = if self.kind.is_packed() { Coding::Plain } else { Coding::wanted(request) };
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
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.kind.media_type()));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(self.kind.caching()));
        // The cookie holds the text size that the reader has chosen.
        let varies = if self.kind == Kind::Html { "accept-encoding, cookie" } else { "accept-encoding" };
        headers.insert(header::VARY, HeaderValue::from_static(varies));
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

/// Two boards: where the upper one is full it becomes the lower one, whose pages are thrown away. So what is asked for again and again stays,
/// and a reader who goes through everything once does not empty the shelf for all others.
#[derive(Debug, Default)]
struct Kept {
    upper: HashMap<String, Rendered>,
    lower: HashMap<String, Rendered>,
    /// Of the upper board.
    bytes: usize,
}

impl Kept {
    fn put(&mut self, address: String, page: Rendered) {
        self.lower.remove(&address);
        let size = page.size() + address.len();
        if self.bytes + size > MOST / 2 {
            self.lower = std::mem::take(&mut self.upper);
            self.bytes = 0;
        }
        self.bytes += size;
        let address_size = address.len();
        if let Some(before) = self.upper.insert(address, page) {
            self.bytes = self.bytes.saturating_sub(before.size() + address_size);
        }
    }

    fn at(&self, address: &str) -> Option<&Rendered> {
        self.upper.get(address).or_else(|| self.lower.get(address))
    }
}

impl Shelf {
    /// The page of an address, if it is still right.
    pub fn find(&self, address: &str, edition: Edition) -> Option<Rendered> {
        let (found, is_above) = {
            let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
            let found = kept.at(address).filter(|page| page.edition == edition)?.clone();
            (found, kept.upper.contains_key(address))
        };
        if !is_above {
            self.0.write().unwrap_or_else(PoisonError::into_inner).put(address.to_owned(), found.clone());
        }
        Some(found)
    }

    /// Keeps what was drawn. Where it is the same as before, as after nearly every publication of something else, it is not packed again.
    pub fn keep(&self, address: String, edition: Edition, kind: Kind, content: impl Into<Vec<u8>>) -> Rendered {
        let content = content.into();
        let before = self.0.read().unwrap_or_else(PoisonError::into_inner).at(&address).cloned();
        let page = match before {
            Some(before) if before.kind == kind && before.plain == content => Rendered { edition, ..before },
            _ => Rendered::new(edition, kind, content),
        };
        self.put(address, &page);
        page
    }

    /// Keeps what was made from a source of this digest.
    pub fn keep_made(&self, address: String, edition: Edition, kind: Kind, source: String, content: Vec<u8>) -> Rendered {
        let page = Rendered { source, ..Rendered::new(edition, kind, content) };
        self.put(address, &page);
        page
    }

    /// What was made from the same source for an earlier edition is right for this one too.
    pub fn renew(&self, address: &str, edition: Edition, source: &str) -> Option<Rendered> {
        let before = self.0.read().unwrap_or_else(PoisonError::into_inner).at(address).filter(|page| page.source == source)?.clone();
        let page = Rendered { edition, ..before };
        self.put(address.to_owned(), &page);
        Some(page)
    }

    /// One that fills a board by itself is drawn for whoever asks.
    fn put(&self, address: String, page: &Rendered) {
        if page.size() <= MOST / 2 {
            self.0.write().unwrap_or_else(PoisonError::into_inner).put(address, page.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d6_a_page_is_right_for_its_day_and_until_the_next_publication() {
        let shelf = Shelf::default();
        let edition = |publications, day| Edition { publications, day: Day::new(2026, 3, day).unwrap(), minute: 0 };
        shelf.keep("/".into(), edition(1, 15), Kind::Html, "<p>1</p>");
        assert!(shelf.find("/", edition(1, 15)).is_some());
        assert!(shelf.find("/", edition(2, 15)).is_none());
        assert!(shelf.find("/", edition(1, 16)).is_none());
        assert!(shelf.find("/?page=2", edition(1, 15)).is_none());
        let now = Moment::parse_local("2026-03-15 09:00:59").unwrap();
        let minute = edition(1, 15).for_a_minute(now);
        assert_ne!(minute, edition(1, 15));
        assert_ne!(minute, edition(1, 15).for_a_minute(now.plus_seconds(1)));
    }

    #[test]
    fn d5_the_shelf_does_not_grow_without_bound() {
        let shelf = Shelf::default();
        let edition = Edition { publications: 1, day: Day::new(2026, 3, 15).unwrap(), minute: 0 };
        shelf.keep("hot".into(), edition, Kind::Html, "x");
        for number in 0..60 {
            shelf.keep(number.to_string(), edition, Kind::Html, "x".repeat(1024 * 1024));
            assert!(shelf.find("hot", edition).is_some(), "what is asked for again and again stays");
        }
        let kept = shelf.0.read().unwrap();
        let bytes: usize = kept.upper.iter().chain(&kept.lower).map(|(address, page)| page.size() + address.len()).sum();
        assert!(bytes <= MOST && kept.upper.len() + kept.lower.len() > 15, "{bytes}");
        drop(kept);
        assert!(shelf.find("59", edition).is_some() && shelf.find("0", edition).is_none());
        shelf.keep("whole".into(), edition, Kind::Xml, "x".repeat(MOST / 2));
        assert!(shelf.find("whole", edition).is_none() && shelf.find("hot", edition).is_some());
    }

    #[test]
    fn d5_a_page_that_is_the_same_as_before_is_not_packed_again() {
        let shelf = Shelf::default();
        let edition = |publications| Edition { publications, day: Day::new(2026, 3, 15).unwrap(), minute: 0 };
        let first = shelf.keep("/".into(), edition(1), Kind::Html, "<p>1</p>");
        let same = shelf.keep("/".into(), edition(2), Kind::Html, "<p>1</p>");
        assert_eq!((same.edition, same.brotli.as_ptr()), (edition(2), first.brotli.as_ptr()));
        assert!(shelf.find("/", edition(2)).is_some());
        let other = shelf.keep("/".into(), edition(3), Kind::Html, "<p>2</p>");
        assert_ne!(other.tag, first.tag);
    }

    #[test]
    fn d5_what_was_made_from_the_same_source_is_not_made_again() {
        let shelf = Shelf::default();
        let edition = |publications| Edition { publications, day: Day::new(2026, 3, 15).unwrap(), minute: 0 };
        let first = shelf.keep_made("/a.pdf".into(), edition(1), Kind::Pdf, "source".into(), b"%PDF".to_vec());
        assert!(shelf.find("/a.pdf", edition(2)).is_none() && shelf.renew("/a.pdf", edition(2), "other").is_none());
        let again = shelf.renew("/a.pdf", edition(2), "source").unwrap();
        assert_eq!((again.tag, again.plain.as_ptr()), (first.tag, first.plain.as_ptr()));
        assert!(shelf.find("/a.pdf", edition(2)).is_some());
        assert!(first.gzip.is_empty() && shelf.renew("/b.pdf", edition(2), "source").is_none());
    }

    #[test]
    fn d5_each_form_of_a_page_has_its_own_tag_and_a_browser_that_has_it_gets_none() {
        let edition = Edition { publications: 1, day: Day::new(2026, 3, 15).unwrap(), minute: 0 };
        let page = Rendered::new(edition, Kind::Html, "<p>面向中小企业</p>".repeat(200));
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
