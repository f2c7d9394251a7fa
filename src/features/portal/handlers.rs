//! The addresses of the portal.

mod charts;
mod figures;
mod list;
mod notice;
pub mod page;
mod paged;
mod reader;
mod search;
mod sight;
mod sitemap;
mod statistics;
mod structured;
mod units;
mod years;

use crate::app::paths;
use crate::domain::announcement::number::is_number;
use crate::domain::announcement::progress::has_page;
use crate::domain::calendar::Year;
use crate::domain::ids::{AttachmentId, UnitId};
use crate::error::AppError;
use crate::features::announcements::commands::statistics::{self as sums, Of};
use crate::features::announcements::commands::{download, portal};
use crate::server::http::extract::{Path, Query, Refused};
use crate::server::http::shelf::{Kind, Rendered, Shelf};
use crate::server::request::Services;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use list::Found;
use paged::Paged;
use reader::Reader;
use search::{Search, UnitSearch};
use statistics::{Asked, Whole};
use std::collections::BTreeSet;
use units::Publisher;
use years::Beside;

/// The portal: list, announcement, public file, units, years, and what search engines ask for.
pub fn router() -> Router<Services> {
    Router::new()
        .route("/", get(show_list))
        .route("/announcements/{number}", get(show_notice))
        .route("/announcements/{number}/files/{id}", get(fetch))
        .route("/units", get(show_units))
        .route("/units/{unit}", get(show_unit))
        .route("/statistics", get(show_statistics))
        .route("/years", get(show_years))
        .route("/years/{year}", get(show_year))
        .route("/view", post(sight::choose))
        .route("/sitemap.xml", get(show_sitemap))
        .route("/sitemaps/{part}", get(show_sitemap_part))
        .route("/robots.txt", get(show_robots))
        .layer(Extension(Shelf::default()))
}

async fn show_list(reader: Reader, search: Result<Query<Search>, Refused>) -> Response {
    let now = reader.services.clock.now();
    let (query, problems) = match search {
        Ok(Query(search)) => search.read(),
        Err(_) => (Search::default().read().0, vec!["地址中的查询条件有重复或无法读取，请重新选择".to_owned()]),
    };
    if !problems.is_empty() {
        return reader::once(StatusCode::BAD_REQUEST, &list::refused(&reader.frame(""), &query, problems, now));
    }
    let address = search::address(&query, query.page);
    let found = async {
        let edition = reader.edition().await?;
        if let Some(kept) = reader.find(&address, edition) {
            return Ok(Ok(kept));
        }
        let (rows, total) = portal::list(&reader.services, &query, edition.day, list::SIZE).await?;
        let found = Found { rows, total };
        let is_beyond = found.is_beyond(&query);
        let html = list::render(&reader.frame(&address), &query, found, now);
        // A page that is not there is drawn for whoever asks; it would only take the place of one that is.
        Ok(if is_beyond { Err(html) } else { Ok(reader.keep(&address, edition, Kind::Html, html)) })
    };
    match found.await {
        Ok(Err(html)) => reader::once(StatusCode::NOT_FOUND, &html),
        Ok(Ok(rendered)) => reader.answer(Ok(rendered)),
        Err(error) => reader.answer(Err(error)),
    }
}

async fn show_notice(reader: Reader, number: Result<Path<String>, Refused>) -> Response {
    let found = async {
        let Path(number) = number.map_err(|_| AppError::NotFound)?;
        if !is_number(&number) {
            return Err(AppError::NotFound);
        }
        let edition = reader.edition().await?;
        let address = paths::published(&number);
        if let Some(kept) = reader.find(&address, edition) {
            return Ok(kept);
        }
        let published = portal::page(&reader.services, &number).await?.ok_or(AppError::NotFound)?;
        let has_pdf = reader.services.typesetter.is_ready();
        let html = notice::render(&reader.frame(&address), &published, has_pdf, reader.services.clock.now());
        Ok(reader.keep(&address, edition, Kind::Html, html))
    };
    reader.answer(found.await)
}

async fn show_units(reader: Reader, asked: Result<Query<UnitSearch>, Refused>) -> Response {
    let found = async {
        let (words, page) = asked.ok().and_then(|Query(asked)| asked.read()).ok_or(AppError::NotFound)?;
        let (address, is_asked) = (search::units_address(&words, page.unsigned_abs()), page > 1 || !words.is_empty());
        let edition = reader.edition().await?;
        if let Some(kept) = reader.find(&address, edition) {
            return Ok(kept);
        }
        let units = Paged::cut(portal::named_units(&reader.services, &words).await?, page)?;
        let html = units::all(&reader.frame(&address), &words, units, is_asked);
        Ok(reader.keep(&address, edition, Kind::Html, html))
    };
    reader.answer(found.await)
}

async fn show_unit(reader: Reader, unit: Result<Path<String>, Refused>, asked: Result<Query<Asked>, Refused>) -> Response {
    let found = async {
        let Path(unit) = unit.map_err(|_| AppError::NotFound)?;
        let unit = UnitId::parse(&unit).map_err(|_| AppError::NotFound)?;
        let (year, page) = asked.ok().and_then(|Query(asked)| asked.read()).ok_or(AppError::NotFound)?;
        let edition = reader.edition().await?;
        let base = paths::public_unit(&unit);
        let (address, is_asked) = asked_address(&base, year, page);
        if let Some(kept) = reader.find(&address, edition) {
            return Ok(kept);
        }
        let (services, now) = (&reader.services, reader.services.clock.now());
        let (rows, total) = portal::of_unit(services, &unit, units::LISTED).await?;
        let html = if rows.is_empty() {
            // Not a publisher; a unit of which nothing was ever published is nobody's business.
            let held = sums::holding(services, &unit).await?;
            if held.is_empty() || is_asked {
                return Err(AppError::NotFound);
            }
            let years = sums::years(services, &Of::Buyer(unit)).await?;
            units::buyer(&reader.frame(&address), &held, &years, now)
        } else {
            let years = sums::years(services, &Of::Publisher(unit.clone())).await?;
            let division = statistics::division(services, Some(&unit), &base, &years, (year, page)).await?;
            units::one(&reader.frame(&address), Publisher { rows, total, years, division }, now, is_asked)
        };
        Ok(reader.keep(&address, edition, Kind::Html, html))
    };
    reader.answer(found.await)
}

/// The one address of what is asked for, and whether that is more than the page itself.
fn asked_address(base: &str, year: Option<i64>, page: i64) -> (String, bool) {
    match (year, page) {
        (Some(year), page) => (paths::division(base, year, page.unsigned_abs()), true),
        (None, 1) => (base.to_owned(), false),
        (None, page) => (paths::public_page(base, page.unsigned_abs()), true),
    }
}

/// The one address of a page of a list that asks for nothing else, its number, and whether it is not the first.
fn asked_page(base: &str, asked: Result<Query<Asked>, Refused>) -> Result<(String, i64, bool), AppError> {
    let (year, page) = asked.ok().and_then(|Query(asked)| asked.read()).ok_or(AppError::NotFound)?;
    if year.is_some() {
        return Err(AppError::NotFound);
    }
    let (address, is_asked) = asked_address(base, None, page);
    Ok((address, page, is_asked))
}

async fn show_statistics(reader: Reader, asked: Result<Query<Asked>, Refused>) -> Response {
    let found = async {
        let (year, page) = asked.ok().and_then(|Query(asked)| asked.read()).ok_or(AppError::NotFound)?;
        // The shares that the law asks for are changed without a publication.
        let edition = reader.edition().await?.for_a_minute(reader.services.clock.now());
        let (address, is_asked) = asked_address(paths::STATISTICS, year, page);
        if let Some(kept) = reader.find(&address, edition) {
            return Ok(kept);
        }
        let whole = Whole::read(&reader.services, (year, page)).await?;
        Ok(reader.keep(&address, edition, Kind::Html, statistics::render(&reader.frame(&address), &whole, is_asked)))
    };
    reader.answer(found.await)
}

async fn show_years(reader: Reader) -> Response {
    let found = async {
        let edition = reader.edition().await?;
        if let Some(kept) = reader.find(paths::YEARS, edition) {
            return Ok(kept);
        }
        let sums = sums::years(&reader.services, &Of::Everyone).await?;
        let html = years::all(&reader.frame(paths::YEARS), &sums, reader.services.clock.now());
        Ok(reader.keep(paths::YEARS, edition, Kind::Html, html))
    };
    reader.answer(found.await)
}

async fn show_year(reader: Reader, year: Result<Path<String>, Refused>, asked: Result<Query<Asked>, Refused>) -> Response {
    let found = async {
        let Path(text) = year.map_err(|_| AppError::NotFound)?;
        let now = reader.services.clock.now();
        let year = Year::parse(&text).filter(|year| has_page(*year, now)).ok_or(AppError::NotFound)?;
        // The setting of a 主管 and the tree of units change without a publication.
        let edition = reader.edition().await?.for_a_minute(now);
        let base = paths::public_year(i64::from(year.number()));
        let (address, page, is_asked) = asked_page(&base, asked)?;
        if let Some(kept) = reader.find(&address, edition) {
            return Ok(kept);
        }
        let (rows, total) = portal::of_year(&reader.services, year, paged::SIZE, paged::offset(page)?).await?;
        let rows = Paged::of(rows, page, total)?;
        let beside = if is_asked {
            Beside::default()
        } else {
            Beside {
                gone: portal::gone_of_year(&reader.services, year, years::GONE).await?,
                progress: portal::progress(&reader.services, year, now).await?,
            }
        };
        let html = years::one(&reader.frame(&address), year, rows, beside, is_asked);
        Ok(reader.keep(&address, edition, Kind::Html, html))
    };
    reader.answer(found.await)
}

/// The pages beside the announcements.
async fn standing_pages(reader: &Reader) -> Result<Vec<sitemap::Entry>, AppError> {
    let now = reader.services.clock.now();
    let years = Year::offered(now).into_iter().map(|year| paths::public_year(i64::from(year.number())));
    let units = portal::units(&reader.services).await?;
    let buyers = sums::buyers(&reader.services).await?;
    let units = units.iter().map(|(newest, _)| &newest.unit).chain(&buyers).map(paths::public_unit).collect::<BTreeSet<_>>();
    let fixed = [paths::PORTAL, paths::YEARS, paths::UNITS, paths::STATISTICS].map(str::to_owned);
    Ok(fixed.into_iter().chain(years).chain(units).map(|address| (address, None)).collect())
}

async fn announcements(reader: &Reader, offset: i64) -> Result<Vec<sitemap::Entry>, AppError> {
    let rows = portal::addresses(&reader.services, sitemap::MOST, offset).await?;
    Ok(rows.into_iter().map(|(number, changed)| (paths::published(&number), Some(changed))).collect())
}

async fn show_sitemap(reader: Reader) -> Response {
    let found = async {
        let edition = reader.edition().await?;
        if let Some(kept) = reader.find(paths::SITEMAP, edition) {
            return Ok(kept);
        }
        let (count, mut pages) = (portal::count(&reader.services).await?, standing_pages(&reader).await?);
        let site = &reader.services.settings.public_url;
        let xml = if sitemap::is_single(count, pages.len()) {
            pages.extend(announcements(&reader, 0).await?);
            sitemap::addresses(site, pages)
        } else {
            sitemap::index(site, sitemap::parts(count))
        };
        Ok(reader.keep(paths::SITEMAP, edition, Kind::Xml, xml))
    };
    reader.answer(found.await)
}

async fn show_sitemap_part(reader: Reader, part: Result<Path<String>, Refused>) -> Response {
    let found = async {
        let Path(text) = part.map_err(|_| AppError::NotFound)?;
        let part: i64 = text.strip_suffix(".xml").and_then(|part| part.parse().ok()).ok_or(AppError::NotFound)?;
        let edition = reader.edition().await?;
        let count = portal::count(&reader.services).await?;
        let address = paths::sitemap_part(part.unsigned_abs());
        if !(1..=sitemap::parts(count)).contains(&part) || address != format!("/sitemaps/{text}") {
            return Err(AppError::NotFound);
        }
        if let Some(kept) = reader.find(&address, edition) {
            return Ok(kept);
        }
        let entries = match sitemap::offset(part) {
            Some(offset) => announcements(&reader, offset).await?,
            None => standing_pages(&reader).await?,
        };
        let xml = sitemap::addresses(&reader.services.settings.public_url, entries);
        Ok(reader.keep(&address, edition, Kind::Xml, xml))
    };
    reader.answer(found.await)
}

/// What an address answers that is nobody's.
pub async fn nowhere(reader: Reader) -> Response {
    reader.answer(Err::<Rendered, _>(AppError::NotFound))
}

async fn show_robots(State(services): State<Services>) -> Response {
    let headers = [(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"))];
    (headers, sitemap::robots(&services.settings.public_url)).into_response()
}

async fn fetch(reader: Reader, path: Result<Path<(String, String)>, Refused>) -> Response {
    let found = async {
        let Path((number, id)) = path.map_err(|_| AppError::NotFound)?;
        let id = AttachmentId::parse(&id).map_err(|_| AppError::NotFound)?;
        if !is_number(&number) {
            return Err(AppError::NotFound);
        }
        let (name, media_type, size) = portal::file(&reader.services, &number, &id).await?.ok_or(AppError::NotFound)?;
        let mut response = download::attachment(&reader.services, id.as_str(), &name, &media_type, size).await?;
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
        Ok(response)
    };
    found.await.unwrap_or_else(|error| reader.answer(Err::<Rendered, _>(error)))
}
