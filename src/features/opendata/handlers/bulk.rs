//! A year as one file: JSON lines and CSV, written while they are sent, a few announcements in memory.

use super::notice;
use super::problem::Problem;
use super::query::Given;
use super::shapes::{self, WholeShape};
use crate::domain::calendar::{Moment, Year};
use crate::domain::ids::AnnouncementId;
use crate::error::AppError;
use crate::features::announcements::commands::open;
use crate::features::announcements::commands::open::{Asked, ChangeKind, Notice, OpenLine};
use crate::server::fault::fault;
use crate::server::http::attachment;
use crate::server::http::extract::{Path, Refused};
use crate::server::http::shelf::{FOR_A_MINUTE, has};
use crate::server::request::Services;
use crate::server::tables::{self, Cell, Format, Heading};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use futures::stream;

/// Announcements that are read at a time.
const PAGE: i64 = 20;

/// What a file of a year holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    /// An announcement with its lines on each line.
    Announcements,
    /// A project on each row.
    Projects,
}

impl Of {
    const fn media_type(self) -> &'static str {
        match self {
            Of::Announcements => "application/jsonl; charset=utf-8",
            Of::Projects => Format::Csv.media_type(),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Of::Announcements => "announcements.jsonl",
            Of::Projects => "projects.csv",
        }
    }
}

/// Every announcement of a year with its lines, as JSON lines.
pub async fn lines(
    services: State<Services>,
    year: Result<Path<String>, Refused>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    file(Of::Announcements, services, year, uri, headers).await
}

/// Every project of a year as CSV.
pub async fn table(
    services: State<Services>,
    year: Result<Path<String>, Refused>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    file(Of::Projects, services, year, uri, headers).await
}

async fn file(
    of: Of,
    State(services): State<Services>,
    year: Result<Path<String>, Refused>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Given::read(&uri, &[])?;
    let year = notice::text(year)?;
    let year = Year::parse(&year).map(|year| i64::from(year.number())).ok_or_else(|| {
        let (first, last) = (Year::NUMBERS.start(), Year::NUMBERS.end());
        Problem::missing(format!("年度应为 {first} 至 {last} 的四位数字"))
    })?;
    let now = services.clock.now();
    let until = open::last(&services).await?;
    // Weak: names of units are those of today.
    let etag = format!("W/\"{year}-{until}-{}\"", now.day());
    let has = has(&headers, &etag);
    let mut response = if has {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    } else {
        let begin = Reading { services: services.clone(), of, now, is_first: true, asked: asked(year, until) };
        // What fails at the beginning has a status; what fails later breaks the download off, so that no short file looks whole.
        let (first, rest) = begin.next().await?;
        let body = stream::try_unfold((Some(first), rest), |(waiting, rest)| async move {
            match (waiting, rest) {
                (Some(piece), rest) => Ok::<_, AppError>(Some((piece, (None, rest)))),
                (None, None) => Ok(None),
                (None, Some(reading)) => reading.next().await.map(|(piece, rest)| Some((piece, (None, rest)))),
            }
        });
        Response::new(Body::from_stream(body))
    };
    attachment::save_as(&mut response, &format!("{year}-{}", of.name()))?;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(of.media_type()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(FOR_A_MINUTE));
    headers.insert(header::ETAG, HeaderValue::try_from(etag).map_err(|error| fault(&error))?);
    Ok(response)
}

/// The publications of a year: each announcement once, in the order of their commits, and as it stood when the file was begun: else one might be
/// called corrected by another that the file does not hold.
fn asked(year: i64, until: i64) -> Asked {
    Asked { until, year: Some(year), kind: Some(ChangeKind::Published), is_as_of_until: true, limit: PAGE, ..Asked::default() }
}

/// A file on its way. Between two pieces it holds no connection.
struct Reading {
    services: Services,
    of: Of,
    now: Moment,
    is_first: bool,
    asked: Asked,
}

impl Reading {
    /// The next piece, and what reads on behind it.
    async fn next(mut self) -> Result<(Bytes, Option<Reading>), AppError> {
        let found = open::changes(&self.services, &self.asked).await?;
        let ids: Vec<AnnouncementId> = found.changes.iter().map(|change| change.notice.id.clone()).collect();
        let mut lines = open::lines(&self.services, &ids).await?;
        let site = &self.services.settings.public_url;
        let mut piece = Vec::new();
        let mut rows = Vec::new();
        for change in &found.changes {
            let notice = &change.notice;
            let lines = lines.remove(&notice.id).unwrap_or_default();
            match self.of {
                Of::Announcements => {
                    let whole = WholeShape::new(notice, &lines, site, self.now);
                    serde_json::to_writer(&mut piece, &whole).map_err(|error| fault(&error))?;
                    piece.push(b'\n');
                }
                Of::Projects => rows.extend(projects(notice, &lines, self.now)),
            }
        }
        if self.of == Of::Projects {
            piece = tables::csv_piece(self.is_first.then_some(&PROJECTS[..]), &rows)?;
        }
        self.is_first = false;
        self.asked.after = found.cursor(&self.asked);
        Ok((piece.into(), found.has_more.then_some(self)))
    }
}

const PROJECTS: [Heading; 17] = [
    ("公告编号", 20),
    ("公告状态", 10),
    ("年度", 8),
    ("行政区划代码", 14),
    ("行政区划", 14),
    ("发布单位", 28),
    ("发布单位统一社会信用代码", 24),
    ("发布时间", 26),
    ("采购单位", 28),
    ("采购单位统一社会信用代码", 24),
    ("序号", 8),
    ("项目名称", 40),
    ("预留选项", 14),
    ("预留比例（%）", 14),
    ("面向中小企业采购金额（元）", 26),
    ("面向小微企业采购金额（元）", 26),
    ("合同链接", 40),
];

/// The rows of an announcement; one without projects has one row that says that there is none.
fn projects(notice: &Notice, lines: &[OpenLine], now: Moment) -> Vec<Vec<Cell>> {
    let head = || {
        vec![
            Cell::text(&notice.number),
            Cell::text(shapes::status(notice, now).1),
            Cell::Number(notice.year.to_string()),
            Cell::text(notice.district.code()),
            Cell::text(notice.district.name()),
            Cell::text(&notice.unit.name),
            Cell::maybe(notice.unit.uscc.clone(), Cell::text),
            Cell::text(shapes::zoned(notice.published_at)),
        ]
    };
    if lines.is_empty() {
        let mut row = head();
        row.resize(PROJECTS.len(), Cell::Empty);
        return vec![row];
    }
    let row = |(no, line): (usize, &OpenLine)| {
        let values = &line.values;
        let mut row = head();
        row.extend([
            Cell::text(&line.unit.name),
            Cell::maybe(line.unit.uscc.clone(), Cell::text),
            Cell::Number(no.to_string()),
            Cell::text(&values.project_name),
            Cell::maybe(values.measure, |measure| Cell::text(measure.label())),
            Cell::maybe(values.percent, |percent| Cell::Number(percent.to_string())),
            Cell::Yuan(values.sme),
            Cell::Yuan(values.small_micro),
            Cell::maybe(values.url.clone(), Cell::text),
        ]);
        row
    };
    (1..).zip(lines).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e12_a_file_asks_for_each_announcement_as_it_stood_when_the_file_was_begun() {
        let asked = asked(2024, 7);
        assert_eq!((asked.until, asked.year, asked.kind), (7, Some(2024), Some(ChangeKind::Published)));
        assert!(asked.is_as_of_until);
    }
}
