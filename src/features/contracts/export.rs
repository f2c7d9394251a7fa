//! The 合同台账 as a file: every contract that fits the filters, as the exchange format has it, with what the rules say of each.

use super::address;
use super::api::LedgerQuery;
use super::commands::ledger::{self, Opened, reason};
use super::store::{self, StoredContract};
use crate::domain::contract::{Contract, YearBasis, verdict, year_of};
use crate::domain::ids::UnitId;
use crate::domain::money::Percent;
use crate::domain::sheet::{self, Column, EXPORTED_BESIDE, HEADER};
use crate::error::AppError;
use crate::server::http::answer;
use crate::server::http::extract::Query;
use crate::server::request::{Deed, Services, SignedIn};
use crate::server::tables::{self, Cell, Format, Heading};
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use std::collections::HashMap;
use tokio::sync::mpsc;

/// Contracts that are read at a time.
const PAGE: i64 = 500;

/// The addresses of the files.
pub fn router() -> Router<Services> {
    Router::new().route("/office/contracts/export.xlsx", get(xlsx)).route("/office/contracts/export.csv", get(csv))
}

async fn xlsx(services: State<Services>, signed_in: Extension<SignedIn>, query: Query<HashMap<String, String>>) -> Response {
    file(Format::Xlsx, services, signed_in, query).await
}

async fn csv(services: State<Services>, signed_in: Extension<SignedIn>, query: Query<HashMap<String, String>>) -> Response {
    file(Format::Csv, services, signed_in, query).await
}

async fn file(
    format: Format,
    State(services): State<Services>,
    Extension(signed_in): Extension<SignedIn>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let deed = Deed { at: services.clock.now(), by: signed_in.actor };
    let get = |key: &str| query.get(key).cloned();
    let filters = address::read(get);
    if !address::is_whole(&filters, get) {
        return answer::page(&AppError::BadRequest);
    }
    let query = filters;
    export(services, &deed, query, format).await.unwrap_or_else(|error| answer::page(&error))
}

async fn export(services: Services, deed: &Deed, query: LedgerQuery, format: Format) -> Result<Response, AppError> {
    let Opened { unit, units, basis } = ledger::open(&mut *services.db.read().await?, deed, &query).await?;
    let name = units.iter().find(|(id, _)| *id == unit).map(|(_, name)| name.as_str()).unwrap_or_default();
    let year = query.year.map(|year| format!("-{year}年")).unwrap_or_default();
    // A part must not be taken for the whole.
    let is_part = query.source.is_some() || query.measure.is_some() || !query.verdict.is_empty() || !query.words.trim().is_empty();
    let part = if is_part { "-筛选" } else { "" };
    let name = format!("合同台账-{name}{year}{part}-{}", deed.at.day());
    let tables::Sending { rows, file } = tables::send(format, &name, "合同台账", headings(), deed.at, &services.settings.data).await?;
    tokio::spawn(async move {
        if let Err(error) = give(&services, &query, &unit, basis, &rows).await {
            // Who has gone hears nothing any more.
            let _ = rows.send(Err(error)).await;
        }
    });
    file.answer().await
}

/// Gives the contracts page by page. No connection is held while the reader takes them, so that the pages are not of one moment: a contract
/// whose date is changed meanwhile may be missing or stand there twice.
async fn give(
    services: &Services,
    query: &LedgerQuery,
    unit: &UnitId,
    basis: YearBasis,
    rows: &mpsc::Sender<Result<Vec<Vec<Cell>>, AppError>>,
) -> Result<(), AppError> {
    let mut last: Option<StoredContract> = None;
    loop {
        let mut page = store::ledger::behind(&mut *services.db.read().await?, unit, basis, query, last.as_ref(), PAGE).await?;
        let cells = page.iter().map(|stored| cells(&stored.contract, basis)).collect();
        last = page.pop();
        if last.is_none() || rows.send(Ok(cells)).await.is_err() {
            return Ok(());
        }
    }
}

fn headings() -> Vec<Heading> {
    let width = |name: &str| match name {
        "项目名称" | "合同名称" | "供应商" | "采购人" | "统计说明" => 32,
        "合同编号" | "项目编号" | "合同链接" => 24,
        name if name.contains("信用代码") || name.contains("（元）") => 22,
        _ => 15,
    };
    HEADER.into_iter().chain(EXPORTED_BESIDE).map(|name| (name, width(name))).collect()
}

/// A contract in the order of [`headings`].
fn cells(contract: &Contract, basis: YearBasis) -> Vec<Cell> {
    let mut cells: Vec<Cell> =
        Column::ALL.into_iter().zip(sheet::to_row(contract)).map(|(column, text)| cell(contract, column, text)).collect();
    let verdict = verdict(contract, basis);
    let counted = verdict.counted();
    cells.extend([
        Cell::Number(year_of(contract, basis).to_string()),
        Cell::text(verdict.label()),
        Cell::text(reason(&verdict)),
        Cell::maybe(counted, |amounts| Cell::Yuan(amounts.sme)),
        Cell::maybe(counted, |amounts| Cell::Yuan(amounts.small_micro)),
    ]);
    cells
}

fn cell(contract: &Contract, column: Column, text: String) -> Cell {
    match column {
        Column::Amount => Cell::Yuan(contract.amount),
        Column::Budget => Cell::maybe(contract.budget, Cell::Yuan),
        Column::Sme => Cell::maybe(contract.sme, Cell::Yuan),
        Column::SmallMicro => Cell::maybe(contract.small_micro, Cell::Yuan),
        Column::ReservedPct => Cell::maybe(contract.reserved_pct, |percent: Percent| Cell::Number(percent.to_string())),
        Column::ProjectCreatedOn => Cell::maybe(contract.project_created_on, Cell::Day),
        Column::SignedOn => Cell::Day(contract.signed_on),
        Column::PublishedOn => Cell::maybe(contract.published_on, Cell::Day),
        _ => Cell::text(text),
    }
}
