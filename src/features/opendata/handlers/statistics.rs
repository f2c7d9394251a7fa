//! `/api/v1/statistics`: what the portal's pictures show, as JSON and CSV; a year without figures has none here either.

use super::answer::{Asking, json};
use super::problem::Problem;
use super::query::Given;
use super::shapes::Totals;
use crate::app::paths;
use crate::domain::contract::Measure;
use crate::domain::ids::UnitId;
use crate::domain::statistics::{Basis, Sums, YearSums};
use crate::features::announcements::commands::statistics::{self, Of, UnitSums};
use crate::server::http::attachment;
use crate::server::http::shelf::{Kind, Shelf};
use crate::server::request::Services;
use crate::server::tables::{self, Cell, Heading};
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde::Serialize;

/// All of them: there are no more rows than units.
const ALL: i64 = i64::MAX;

/// The years of everyone or of a unit.
#[derive(Debug, Serialize)]
struct YearsShape {
    unit: Option<String>,
    basis: &'static str,
    years: Vec<YearShape>,
}

/// A year.
#[derive(Debug, Serialize)]
struct YearShape {
    year: i64,
    state: &'static str,
    announcements: i64,
    zero_reports: i64,
    projects: i64,
    totals: Option<Totals>,
    by_measure: Option<Vec<PartShape>>,
}

/// A part of the SME amount.
#[derive(Debug, Serialize)]
struct PartShape {
    measure: Option<&'static str>,
    label: &'static str,
    sme: String,
}

impl From<&YearSums> for YearShape {
    fn from(year: &YearSums) -> YearShape {
        let Sums { announcements, zero_reports, projects, .. } = year.sums;
        let parts = |sums: &Sums| {
            let part = |part: &crate::domain::statistics::Part| PartShape {
                measure: part.measure.map(Measure::code),
                label: part.label(),
                sme: part.amount.yuan(),
            };
            sums.parts().iter().map(part).collect()
        };
        YearShape {
            year: year.year,
            state: year.standing.code(),
            announcements,
            zero_reports,
            projects,
            totals: year.figures().map(|sums| Totals::new(sums.sme, sums.small_micro)),
            by_measure: year.figures().map(parts),
        }
    }
}

/// Whose figures, as asked; and the years of them.
async fn years(services: &Services, unit: Option<&UnitId>) -> Result<(Of, Vec<YearSums>), Problem> {
    let of = match unit {
        None => Of::Everyone,
        Some(unit) => statistics::whose(services, unit).await?.ok_or_else(unknown)?,
    };
    let years = statistics::years(services, &of).await?;
    Ok((of, years))
}

fn unknown() -> Problem {
    Problem::missing("没有这个单位，或者它没有已公布的项目")
}

/// Years as JSON.
pub async fn list(
    State(services): State<Services>,
    Extension(shelf): Extension<Shelf>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let unit = Given::read(&uri, &["unit"])?.unit_id()?;
    let asking = Asking::new(&services, &shelf, &headers).await?;
    let make = async {
        let (of, years) = years(&services, unit.as_ref()).await?;
        let basis = match of.basis() {
            Basis::Announcements => "announcements",
            Basis::Lines => "lines",
        };
        json(&YearsShape { unit: unit.as_ref().map(ToString::to_string), basis, years: years.iter().map(YearShape::from).collect() })
    };
    let query = unit.as_ref().map(|unit| format!("?unit={unit}")).unwrap_or_default();
    asking.answer(format!("{}{query}", paths::OPEN_STATISTICS), Kind::Json, make).await
}

const YEARS: [Heading; 12] = [
    ("年度", 8),
    ("状态", 14),
    ("有效公告", 10),
    ("零报告", 10),
    ("项目数", 10),
    ("面向中小企业采购金额（元）", 26),
    ("面向小微企业采购金额（元）", 26),
    ("占比（%）", 12),
    ("整体预留（元）", 20),
    ("包预留（元）", 20),
    ("联合体预留（元）", 20),
    ("合同分包预留（元）", 20),
];

fn amounts(sums: &Sums) -> [Cell; 3] {
    let ratio = sums.ratio();
    let percent = ratio.hundredths().map_or(Cell::Empty, |_| Cell::Number(ratio.to_string()));
    [Cell::Yuan(sums.sme), Cell::Yuan(sums.small_micro), percent]
}

fn count(number: i64) -> Cell {
    Cell::Number(number.to_string())
}

fn year(year: &YearSums) -> Vec<Cell> {
    let Sums { announcements, zero_reports, projects, .. } = year.sums;
    let mut row = vec![count(year.year), Cell::text(year.standing.label()), count(announcements), count(zero_reports), count(projects)];
    if let Some(sums) = year.figures() {
        row.extend(amounts(sums));
        row.extend(sums.measures.map(Cell::Yuan));
    }
    row.resize(YEARS.len(), Cell::Empty);
    row
}

/// Years as CSV.
pub async fn table(
    State(services): State<Services>,
    Extension(shelf): Extension<Shelf>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let unit = Given::read(&uri, &["unit"])?.unit_id()?;
    let asking = Asking::new(&services, &shelf, &headers).await?;
    let make = async {
        let (_, years) = years(&services, unit.as_ref()).await?;
        Ok(tables::csv_piece(Some(&YEARS), &years.iter().map(year).collect::<Vec<_>>())?)
    };
    let mut response = asking.answer(paths::open_statistics("csv", unit.as_ref()), Kind::Csv, make).await?;
    attachment::save_as(&mut response, "公告统计-历年.csv")?;
    Ok(response)
}

const UNITS: [Heading; 8] = [
    ("年度", 8),
    ("单位", 28),
    ("单位标识", 40),
    ("公告", 10),
    ("项目数", 10),
    ("面向中小企业采购金额（元）", 26),
    ("面向小微企业采购金额（元）", 26),
    ("占比（%）", 12),
];

fn unit_row(year: i64, of: &UnitSums) -> Vec<Cell> {
    let state = if of.sums.is_zero_report() { Cell::text("零报告") } else { count(of.sums.announcements) };
    let mut row = vec![count(year), Cell::text(&of.name), Cell::text(of.unit.to_string()), state, count(of.sums.projects)];
    if !of.sums.is_zero_report() {
        row.extend(amounts(&of.sums));
    }
    row.resize(UNITS.len(), Cell::Empty);
    row
}

/// The units of a year as CSV: those that published, or those whose lines the announcements of one show.
pub async fn units(
    State(services): State<Services>,
    Extension(shelf): Extension<Shelf>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let given = Given::read(&uri, &["year", "unit"])?;
    let unit = given.unit_id()?;
    let year = given.year()?.ok_or_else(|| Problem::parameter("year", "请给出年度，如 year=2024"))?;
    let asking = Asking::new(&services, &shelf, &headers).await?;
    let make = async {
        if let Some(unit) = &unit {
            let is_publisher = matches!(statistics::whose(&services, unit).await?, Some(Of::Publisher(_)));
            is_publisher.then_some(()).ok_or_else(unknown)?;
        }
        let (rows, _) = statistics::units(&services, unit.as_ref(), year, ALL, 0).await?;
        Ok(tables::csv_piece(Some(&UNITS), &rows.iter().map(|row| unit_row(year, row)).collect::<Vec<_>>())?)
    };
    let mut response = asking.answer(paths::open_statistics_units(year, unit.as_ref()), Kind::Csv, make).await?;
    attachment::save_as(&mut response, &format!("{year}-单位统计.csv"))?;
    Ok(response)
}
