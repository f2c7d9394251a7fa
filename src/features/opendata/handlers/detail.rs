//! The detail of one announcement as a file for spreadsheets, with what the announcement is worth today.

use super::answer::Asking;
use super::notice;
use super::problem::Problem;
use super::shapes;
use crate::app::paths;
use crate::domain::calendar::Moment;
use crate::domain::money::Ratio;
use crate::error::AppError;
use crate::features::announcements::commands::open::{Notice, OpenLine, OpenState};
use crate::server::http::attachment;
use crate::server::http::extract::{Path, Refused};
use crate::server::http::shelf::{Kind, Shelf};
use crate::server::request::Services;
use crate::server::tables::{self, Book, Cell, Format, Heading};
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;

/// 明细 and the facts of the announcement, as XLSX.
pub async fn xlsx(
    services: State<Services>,
    shelf: Extension<Shelf>,
    number: Result<Path<String>, Refused>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    file(Format::Xlsx, services, shelf, number, uri, headers).await
}

/// 明细 as CSV.
pub async fn csv(
    services: State<Services>,
    shelf: Extension<Shelf>,
    number: Result<Path<String>, Refused>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    file(Format::Csv, services, shelf, number, uri, headers).await
}

async fn file(
    format: Format,
    State(services): State<Services>,
    Extension(shelf): Extension<Shelf>,
    number: Result<Path<String>, Refused>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let number = notice::number(number, &uri)?;
    let asking = Asking::new(&services, &shelf, &headers).await?;
    let kind = match format {
        Format::Xlsx => Kind::Xlsx,
        Format::Csv => Kind::Csv,
    };
    let make = async {
        let notice = notice::find(&services, &number).await?;
        let lines = notice::lines(&services, &notice.id).await?;
        let now = asking.now;
        let word = shapes::status(&notice, now).1;
        let rows: Vec<Vec<Cell>> = (1..).zip(&lines).map(|(no, line)| row(no, line, &notice, word)).collect();
        Ok(match format {
            Format::Csv => tables::csv_piece(Some(&LINES), &rows)?,
            Format::Xlsx => {
                let (at, facts) = (notice.published_at, facts(&notice, lines.len(), now));
                tables::readers_book(at, move |book| write(book, &facts, &rows)).await?
            }
        })
    };
    let mut response = asking.answer(paths::announcement_detail(&number, format.ending()), kind, make).await?;
    attachment::save_as(&mut response, &format!("{number}-项目明细.{}", format.ending()))?;
    Ok(response)
}

fn write(book: &mut Book, facts: &[Vec<Cell>], rows: &[Vec<Cell>]) -> Result<(), AppError> {
    book.begin("明细", LINES.to_vec())?;
    rows.iter().try_for_each(|row| book.row(row))?;
    book.begin("公告", vec![("项目", 32), ("内容", 60)])?;
    facts.iter().try_for_each(|row| book.row(row))
}

const LINES: [Heading; 10] = [
    ("序号", 8),
    ("采购单位", 28),
    ("项目名称", 40),
    ("预留选项", 14),
    ("预留比例（%）", 14),
    ("面向中小企业采购金额（万元）", 28),
    ("面向小微企业采购金额（万元）", 28),
    ("合同链接", 40),
    ("公告编号", 20),
    ("公告状态", 10),
];

fn row(no: usize, line: &OpenLine, notice: &Notice, status: &str) -> Vec<Cell> {
    let values = &line.values;
    vec![
        Cell::Number(no.to_string()),
        Cell::text(&line.unit.name),
        Cell::text(&values.project_name),
        Cell::maybe(values.measure, |measure| Cell::text(measure.label())),
        Cell::maybe(values.percent, |percent| Cell::Number(percent.to_string())),
        Cell::Wan(values.sme),
        Cell::Wan(values.small_micro),
        Cell::maybe(values.url.clone(), Cell::text),
        Cell::text(&notice.number),
        Cell::text(status),
    ]
}

fn facts(notice: &Notice, lines: usize, now: Moment) -> Vec<Vec<Cell>> {
    let row = |name: &str, cell: Cell| vec![Cell::text(name), cell];
    let ratio = Ratio::of(notice.frozen.small_micro, notice.frozen.sme);
    let mut rows = vec![
        row("公告编号", Cell::text(&notice.number)),
        row("公告标题", Cell::text(&notice.title)),
        row("发布单位", Cell::text(&notice.unit.name)),
        row("行政区划", Cell::text(notice.district.name())),
        row("年度", Cell::Number(notice.year.to_string())),
        row("发布时间", Cell::text(notice.published_at.local())),
        row("公告截止时间", Cell::maybe(notice.expires_on, Cell::Day)),
        row("公告状态", Cell::text(shapes::status(notice, now).1)),
        row("项目数", Cell::Number(lines.to_string())),
        row("面向中小企业采购金额（万元）", Cell::Wan(notice.frozen.sme)),
        row("面向小微企业采购金额（万元）", Cell::Wan(notice.frozen.small_micro)),
        row("占比（%）", ratio.hundredths().map_or_else(|| Cell::text("—"), |_| Cell::Number(ratio.to_string()))),
    ];
    match &notice.state {
        OpenState::Current => {}
        OpenState::Corrected { since, reason, successor } => {
            rows.push(row("更正时间", Cell::text(since.local())));
            rows.push(row("更正理由", Cell::text(reason)));
            rows.push(row("更正公告", Cell::text(successor)));
        }
        OpenState::Revoked { since, reason } => {
            rows.push(row("撤销时间", Cell::text(since.local())));
            rows.push(row("撤销理由", Cell::text(reason)));
        }
    }
    if let Some(corrects) = &notice.corrects {
        rows.push(row("更正的公告", Cell::text(&corrects.of.number)));
        rows.push(row("更正的理由", Cell::text(&corrects.reason)));
    }
    rows
}
