//! The page of all announcements together, with the shares that the law asks for; and what its address, and that of a unit, may ask for.

use super::figures::{self, Division, SIZE, TOP};
use super::page::{self, Frame, Head};
use super::structured;
use super::units::breadcrumb;
use crate::app::paths;
use crate::domain::ids::UnitId;
use crate::domain::share::{Applies, Threshold, applies_to};
use crate::domain::statistics::{Standing, YearSums};
use crate::error::AppError;
use crate::features::announcements::commands::statistics;
use crate::features::shares::commands as shares;
use crate::server::request::Services;
use leptos::prelude::*;
use serde::Deserialize;

/// What stands behind the question mark.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    year: Option<String>,
    page: Option<String>,
}

/// A number as it is written, without signs or zeros before it.
fn number(text: &str) -> Option<i64> {
    text.parse().ok().filter(|number: &i64| *number > 0 && number.to_string() == text)
}

impl Asked {
    /// The year and the page, as far as they are asked for; none where they are nothing.
    pub fn read(&self) -> Option<(Option<i64>, i64)> {
        let year = match self.year.as_deref() {
            None => None,
            Some(text) => Some(number(text)?),
        };
        Some((year, Asked::page(self.page.as_deref())?))
    }

    /// A page, the first where none is asked for.
    pub fn page(asked: Option<&str>) -> Option<i64> {
        asked.map_or(Some(1), number)
    }
}

/// The units of the year that is asked for, else of the newest with figures; none where there are no figures or not any more, and not found where
/// the year or the page never was one.
pub async fn division(
    services: &Services,
    of: Option<&UnitId>,
    address: &str,
    years: &[YearSums],
    (year, page): (Option<i64>, i64),
) -> Result<Option<Division>, AppError> {
    let with_figures = || years.iter().rev().filter(|year| year.figures().is_some());
    let found = match year {
        // An address that once led somewhere stays one.
        Some(asked) if years.iter().any(|year| year.year == asked && year.standing != Standing::Nothing) => {
            with_figures().find(|year| year.year == asked)
        }
        Some(_) => return Err(AppError::NotFound),
        None => with_figures().next(),
    };
    let Some(year) = found else {
        return if page == 1 { Ok(None) } else { Err(AppError::NotFound) };
    };
    let offset = (page - 1).checked_mul(SIZE).ok_or(AppError::NotFound)?;
    let (rows, count) = statistics::units(services, of, year.year, SIZE, offset).await?;
    if rows.is_empty() {
        return if page > 1 { Err(AppError::NotFound) } else { Ok(None) };
    }
    let top = if page == 1 {
        rows.iter().take(usize::try_from(TOP).unwrap_or_default()).cloned().collect()
    } else {
        statistics::units(services, of, year.year, TOP, 0).await?.0
    };
    let years = with_figures().map(|year| year.year).collect();
    Ok(Some(Division { address: address.to_owned(), of: of.cloned(), year: *year, years, top, rows, page, count }))
}

/// Everything that the page shows.
pub struct Whole {
    years: Vec<YearSums>,
    division: Option<Division>,
    thresholds: Vec<Threshold>,
}

impl Whole {
    /// Reads it.
    pub async fn read(services: &Services, asked: (Option<i64>, i64)) -> Result<Whole, AppError> {
        let years = statistics::years(services, &statistics::Of::Everyone).await?;
        let division = division(services, None, paths::STATISTICS, &years, asked).await?;
        let mut thresholds = shares::all(&mut *services.db.read().await?).await?;
        thresholds.retain(|threshold| applies_to(&threshold.jurisdiction) == Applies::Here);
        Ok(Whole { years, division, thresholds })
    }
}

/// The page.
pub fn render(frame: &Frame<'_>, whole: &Whole, is_asked: bool) -> String {
    let way = [("首页".to_owned(), paths::PORTAL.to_owned()), ("统计".to_owned(), paths::STATISTICS.to_owned())];
    let course = if whole.years.is_empty() {
        view! { <section class="empty"><p>"还没有发布公告，发布后这里显示历年金额、占比和预留选项。"</p></section> }.into_any()
    } else {
        figures::course("全部公告", &whole.years, paths::open_statistics("csv", None)).into_any()
    };
    let main = view! {
        {breadcrumb(&way)}
        <h1>"公告统计"</h1>
        <p class="quiet">"按已发布的有效公告汇总：已更正的以更正公告为准，已撤销的不计入，已截止的照常计入。金额为合同金额。"</p>
        {course}
        {figures::division_or_why(whole.division.as_ref(), is_asked)}
        {law(&whole.thresholds)}
    };
    let head = Head {
        title: "公告统计".to_owned(),
        description: "全部有效公告的历年面向中小企业、小微企业采购金额和占比，按预留选项、按发布单位的汇总，以及预留份额的法定标准。"
            .to_owned(),
        structured: Some(structured::graph(structured::breadcrumbs(frame.site, &way))),
        is_unlisted: is_asked,
    };
    page::document(frame, &head, main)
}

/// What the law asks for, row by row with its source; it is held against nothing here, because announcements hold no budgets.
fn law(thresholds: &[Threshold]) -> impl IntoView + use<> {
    let rows = thresholds
        .iter()
        .map(|threshold| {
            let until = threshold.to.map_or_else(|| "现行".to_owned(), |to| to.to_string());
            let checked = if threshold.is_checked { "" } else { "（待核对）" };
            view! {
                <tr>
                    <th scope="row" class="row-title">{format!("{}　{}", threshold.jurisdiction, threshold.category.label())}</th>
                    <td class="nowrap" data-label="比例">{threshold.kind.label()}</td>
                    <td data-label="计算方法" class="cell-words">{threshold.kind.formula()}</td>
                    <td class="num" data-label="不低于（%）">{threshold.percent.to_string()}</td>
                    <td class="nowrap" data-label="有效期">{format!("{} 至 {until}", threshold.from)}</td>
                    <td data-label="依据" class="cell-words">{threshold.source.clone()}<strong>{checked}</strong></td>
                </tr>
            }
        })
        .collect_view();
    let head = view! {
        <th scope="col">"适用地区和项目属性"</th>
        <th scope="col">"比例"</th>
        <th scope="col">"计算方法"</th>
        <th scope="col" class="num">"不低于（%）"</th>
        <th scope="col">"有效期"</th>
        <th scope="col">"依据"</th>
    };
    (!thresholds.is_empty()).then(|| {
        view! {
            <section class="stack" id="law" aria-labelledby="law-heading">
                <h2 id="law-heading">"预留份额的法定标准"</h2>
                <p class="quiet">
                    "两项标准都按采购预算计算。公告公布的是合同金额，不含采购预算，因此不能据此判断是否达到；公告中的占比（小微÷中小，合同金额）是另一个比例，不与下表比较。未达到预留份额的原因见各公告的备注。标为“待核对”的，引用前请核对文件。"
                </p>
                {figures::table("法定标准一览".to_owned(), head, rows)}
            </section>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e12_a_year_and_a_page_are_read_in_their_one_form() {
        let read = |year: Option<&str>, page: Option<&str>| Asked { year: year.map(str::to_owned), page: page.map(str::to_owned) }.read();
        assert_eq!(read(None, None), Some((None, 1)));
        assert_eq!(read(Some("2024"), Some("2")), Some((Some(2024), 2)));
        for (year, page) in [(Some("02024"), None), (Some("+1"), None), (None, Some("0")), (None, Some("")), (Some("x"), Some("1"))] {
            assert_eq!(read(year, page), None, "{year:?} {page:?}");
        }
    }
}
