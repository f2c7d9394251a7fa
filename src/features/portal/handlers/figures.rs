//! What announcements come to, as pictures with their tables: over the years, by 预留选项, by unit.
//!
//! Always: a table holds every figure exactly and says what a year without figures is; 占比 is never called the share of the law.

use super::charts::{self, Labels, Row};
use crate::app::paths;
use crate::domain::ids::UnitId;
use crate::domain::statistics::axis::short;
use crate::domain::statistics::{Part, Standing, Sums, YearSums};
use crate::features::announcements::commands::statistics::UnitSums;
use crate::ui::Pager;
use leptos::prelude::*;

/// Units that a picture shows one by one; the table has all of them.
pub const TOP: i64 = 10;
/// Units on a page of the table.
pub const SIZE: i64 = 20;

/// The units of a year, as far as a page shows them.
#[derive(Clone, Debug)]
pub struct Division {
    /// The page's address without a question mark.
    pub address: String,
    /// The 主管 whose units they are; none of everyone's publishers.
    pub of: Option<UnitId>,
    /// The year.
    pub year: YearSums,
    /// The years that can be chosen, newest first.
    pub years: Vec<i64>,
    /// Those with the highest amounts, at most [`TOP`].
    pub top: Vec<UnitSums>,
    /// Those of the table's page.
    pub rows: Vec<UnitSums>,
    /// The table's page, counted from 1.
    pub page: i64,
    /// How many there are.
    pub count: i64,
}

/// Amounts of a row of a table; a stroke where there are no figures.
fn amounts(standing: Standing, sums: &Sums) -> [String; 3] {
    if standing == Standing::Figures {
        [sums.sme.wan(), sums.small_micro.wan(), sums.ratio().to_string()]
    } else {
        ["—", "—", "—"].map(str::to_owned)
    }
}

/// From which year to which.
fn span(years: &[YearSums]) -> String {
    match (years.first(), years.last()) {
        (Some(first), Some(last)) if first.year != last.year => format!("{} 至 {} 年度", first.year, last.year),
        (Some(only), _) => format!("{} 年度", only.year),
        _ => String::new(),
    }
}

/// The amounts of the years in a sentence, for whoever does not see the picture.
fn told(years: &[YearSums]) -> String {
    let each: Vec<String> = years
        .iter()
        .rev()
        .map(|year| match year.figures() {
            Some(sums) => {
                format!("{}年中小{}，其中小微{}，占{}", year.year, short(sums.sme), short(sums.small_micro), sums.ratio().percent())
            }
            None => format!("{}年{}", year.year, year.standing.label()),
        })
        .collect();
    format!("{}。准确数值见下表。", each.join("；"))
}

/// The sentence that keeps 占比 and the shares of the law apart.
pub fn about_shares() -> impl IntoView {
    view! {
        <p class="quiet">
            "占比＝面向小微企业采购金额÷面向中小企业采购金额，按公告的合同金额计算，不是法定预留份额。法定预留份额按采购预算计算，公告不含采购预算，因此无法由公告金额计算，图中也不画法定标准线。各类项目的法定标准见"
            <a href=format!("{}#law", paths::STATISTICS)>"预留份额的法定标准"</a>"。"
        </p>
    }
}

/// The course of the years: amounts and 占比 with their table, 预留选项 with theirs. `whose` names whose figures they are, `csv` is where they are as a file.
pub fn course(whose: &str, years: &[YearSums], csv: String) -> impl IntoView + use<> {
    let rows: Vec<Row> = years.iter().rev().map(Row::from).collect();
    let span = span(years);
    let told = told(years);
    let has_figures = years.iter().any(|year| year.figures().is_some());
    let pictures = has_figures.then(|| {
        view! {
            <div class="chart-pair">
                {charts::bars("amounts", &format!("{span}采购金额"), &told, &rows, Labels::Beside)}
                <div>{charts::ratios("ratios", &format!("{span}小微占中小比例"), &told, years)}</div>
            </div>
        }
    });
    let parts = has_figures.then(|| {
        view! {
            <section class="stack" aria-labelledby="measures-heading">
                <h2 id="measures-heading">"按预留选项"</h2>
                {charts::measures("measures", &format!("{span}各预留选项占中小企业采购金额的比例"), &told_parts(years), &rows)}
                {parts_table(whose, years)}
            </section>
        }
    });
    view! {
        <section class="stack" aria-labelledby="course-heading">
            <h2 id="course-heading">"历年采购金额和占比"</h2>
            {pictures}
            {years_table(whose, years)}
            <p class="chart-links"><a href=csv download="">"下载历年数据（CSV）"</a></p>
            {about_shares()}
        </section>
        {parts}
    }
}

fn told_parts(years: &[YearSums]) -> String {
    let each: Vec<String> = years
        .iter()
        .rev()
        .map(|year| match year.figures() {
            Some(sums) => {
                let parts: Vec<String> = sums.parts().iter().map(|part| format!("{}{}%", part.label(), part.share)).collect();
                format!("{}年{}", year.year, parts.join("、"))
            }
            None => format!("{}年{}", year.year, year.standing.label()),
        })
        .collect();
    format!("{}。准确数值见下表。", each.join("；"))
}

fn years_table(whose: &str, years: &[YearSums]) -> impl IntoView + use<> {
    let caption = format!("{whose}历年采购金额和占比");
    let rows = years
        .iter()
        .rev()
        .map(|year| {
            let [sme, small_micro, ratio] = amounts(year.standing, &year.sums);
            let Sums { announcements, zero_reports, projects, .. } = year.sums;
            let state = match (year.standing, zero_reports) {
                (Standing::Figures, 0) => format!("{announcements} 份"),
                (Standing::Figures, zero) => format!("{announcements} 份（零报告 {zero} 份）"),
                (Standing::ZeroReport, _) if announcements > 1 => format!("零报告 {announcements} 份"),
                (other, _) => other.label().to_owned(),
            };
            view! {
                <tr>
                    <th scope="row" class="nowrap" data-label="年度">{year.year}</th>
                    <td class="nowrap" data-label="有效公告">{state}</td>
                    <td class="num" data-label="项目数">{projects}</td>
                    <td class="num" data-label="面向中小企业采购金额（万元）">{sme}</td>
                    <td class="num" data-label="面向小微企业采购金额（万元）">{small_micro}</td>
                    <td class="num" data-label="占比（%）">{ratio}</td>
                </tr>
            }
        })
        .collect_view();
    let head = view! {
        <th scope="col">"年度"</th>
        <th scope="col">"有效公告"</th>
        <th scope="col" class="num">"项目数"</th>
        <th scope="col" class="num wrap">"面向中小企业采购金额（万元）"</th>
        <th scope="col" class="num wrap">"面向小微企业采购金额（万元）"</th>
        <th scope="col" class="num">"占比（%）"</th>
    };
    table(caption, head, rows)
}

fn parts_table(whose: &str, years: &[YearSums]) -> impl IntoView + use<> {
    let has_unnamed = years.iter().any(|year| year.sums.parts().len() > 4);
    let names: Vec<&'static str> = Sums::default().parts().iter().map(Part::label).chain(has_unnamed.then_some("未注明")).collect();
    let rows = years
        .iter()
        .rev()
        .map(|year| {
            let parts = year.figures().map(Sums::parts).unwrap_or_default();
            let cells = (0..)
                .zip(&names)
                .map(|(at, name)| {
                    let (amount, share) = match (parts.get(at), year.figures()) {
                        (Some(part), _) => (part.amount.wan(), format!("（{}%）", part.share)),
                        (None, Some(_)) => ("0".to_owned(), String::new()),
                        (None, None) => ("—".to_owned(), String::new()),
                    };
                    view! { <td class="num" data-label=format!("{name}（万元）")>{amount}<span class="figure-mark quiet">{share}</span></td> }
                })
                .collect_view();
            let note = (year.standing != Standing::Figures).then(|| format!("（{}）", year.standing.label()));
            view! { <tr><th scope="row" class="nowrap" data-label="年度">{year.year}{note}</th>{cells}</tr> }
        })
        .collect_view();
    let columns = names.iter().map(|name| view! { <th scope="col" class="num wrap">{format!("{name}（万元）")}</th> }).collect_view();
    let head = view! { <th scope="col">"年度"</th>{columns} };
    table(format!("{whose}面向中小企业采购金额，按预留选项（括号内为占中小企业采购金额的比例）"), head, rows)
}

/// The same, or why there are none at an address that asks for a year.
pub fn division_or_why(of: Option<&Division>, is_asked: bool) -> impl IntoView + use<> {
    let why =
        (of.is_none() && is_asked).then(|| view! { <p id="units">"所选年度没有可以比较的单位数据：没有有效公告，或者是零报告。"</p> });
    view! { {of.map(division)} {why} }
}

/// The units of a year: the largest as a picture, all of them as a table by pages.
pub fn division(of: &Division) -> impl IntoView + use<> {
    let heading = if of.of.is_some() { "按采购单位" } else { "按发布单位" };
    let (year, count) = (of.year.year, of.count);
    let years = of
        .years
        .iter()
        .map(|each| {
            let current = (*each == year).then_some("true");
            view! { <li><a href=format!("{}#units", paths::division(&of.address, *each, 1)) aria-current=current>{*each}</a></li> }
        })
        .collect_view();
    let rows: Vec<Row> = of
        .top
        .iter()
        .map(|unit| {
            let standing = if unit.sums.is_zero_report() { Standing::ZeroReport } else { Standing::Figures };
            Row { name: unit.name.clone(), standing, sums: unit.sums }
        })
        .collect();
    let shown = of.top.iter().fold(Sums::default(), |sum, unit| sum.with(&unit.sums));
    let hidden = count - i64::try_from(rows.len()).unwrap_or_default();
    // Not a bar: together they would make those of single units too short to be compared.
    let rest = (hidden > 0).then(|| {
        let Sums { sme, small_micro, .. } = of.year.sums.without(&shown);
        format!("图中为金额最高的 {} 个单位；其余 {hidden} 个单位合计：小微 {}，中小 {}。", rows.len(), short(small_micro), short(sme))
    });
    let named: Vec<String> =
        rows.iter().map(|row| format!("{}中小{}，其中小微{}", row.name, short(row.sums.sme), short(row.sums.small_micro))).collect();
    let words = format!("{}。{}准确数值见下表。", named.join("；"), rest.clone().unwrap_or_default());
    let note = rest.map(|words| view! { <p class="chart-note">{words}</p> });
    let caption = format!("{year} 年度{heading}，按金额从高到低");
    let picture = (!rows.is_empty()).then(|| charts::bars("units", &format!("{year} 年度{heading}"), &words, &rows, Labels::Below));
    let first = (of.page - 1) * SIZE + 1;
    let cells = (first..)
        .zip(&of.rows)
        .map(|(rank, unit)| {
            let standing = if unit.sums.is_zero_report() { Standing::ZeroReport } else { Standing::Figures };
            let [sme, small_micro, ratio] = amounts(standing, &unit.sums);
            let is_self = of.of.as_ref() == Some(&unit.unit);
            let name = if is_self {
                unit.name.clone().into_any()
            } else {
                view! { <a href=paths::public_unit(&unit.unit)>{unit.name.clone()}</a> }.into_any()
            };
            let projects = if standing == Standing::Figures { unit.sums.projects.to_string() } else { standing.label().to_owned() };
            view! {
                <tr>
                    <td class="num" data-label="序号">{rank}</td>
                    <th scope="row" class="row-title">{name}</th>
                    <td class="num" data-label="项目数">{projects}</td>
                    <td class="num" data-label="面向中小企业采购金额（万元）">{sme}</td>
                    <td class="num" data-label="面向小微企业采购金额（万元）">{small_micro}</td>
                    <td class="num" data-label="占比（%）">{ratio}</td>
                </tr>
            }
        })
        .collect_view();
    let head = view! {
        <th scope="col" class="num">"序号"</th>
        <th scope="col">"单位"</th>
        <th scope="col" class="num">"项目数"</th>
        <th scope="col" class="num wrap">"面向中小企业采购金额（万元）"</th>
        <th scope="col" class="num wrap">"面向小微企业采购金额（万元）"</th>
        <th scope="col" class="num">"占比（%）"</th>
    };
    let (address, page, total) = (of.address.clone(), u64::try_from(of.page).unwrap_or(1), u64::try_from(count).unwrap_or_default());
    let pager = (count > SIZE).then(|| {
        let href = move |page| format!("{}#units", paths::division(&address, year, page));
        view! { <Pager page size=SIZE.unsigned_abs() total href name="单位分页" /> }
    });
    let csv = paths::open_statistics_units(year, of.of.as_ref());
    view! {
        <section class="stack" id="units" aria-labelledby="units-heading">
            <h2 id="units-heading">{heading}</h2>
            <nav aria-label="年度"><ul class="chart-years">{years}</ul></nav>
            {picture}
            {note}
            {table(caption, head, cells)}
            {pager}
            <p class="chart-links"><a href=csv download="">{format!("下载 {year} 年度数据（CSV）")}</a></p>
        </section>
    }
}

/// A table of figures, whose rows become cards where there is little room: a figure at the edge of a table that is moved aside looks whole and is not.
pub fn table(caption: String, head: impl IntoView, rows: impl IntoView) -> impl IntoView {
    let name = caption.clone();
    view! {
        <div class="table-wrap" role="region" aria-label=name tabindex="0">
            <table class="data" data-cards="" data-dense="">
                <caption>{caption}</caption>
                <thead><tr>{head}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
