//! Every unit that has published, and the course of one over the years.

use super::figures::{self, Division};
use super::page::{self, Frame, Head};
use super::paged::Paged;
use super::search::{address, units_address};
use super::structured;
use crate::app::paths;
use crate::domain::announcement::search::{SIGNS, words};
use crate::domain::calendar::Moment;
use crate::domain::money::Ratio;
use crate::domain::statistics::YearSums;
use crate::features::announcements::commands::portal::NamedUnit;
use crate::features::announcements::commands::published::{PortalQuery, PortalRow, State};
use crate::features::announcements::commands::statistics::UnitSums;
use leptos::prelude::*;

/// The way to a page of units, for people and for search engines.
pub fn breadcrumb(way: &[(String, String)]) -> impl IntoView + use<> {
    let last = way.len().saturating_sub(1);
    let steps = way
        .iter()
        .enumerate()
        .map(|(at, (name, address))| {
            let (name, address) = (name.clone(), address.clone());
            if at == last {
                view! { <li aria-current="page">{name}</li> }.into_any()
            } else {
                view! { <li><a href=address>{name}</a></li> }.into_any()
            }
        })
        .collect_view();
    view! { <nav class="breadcrumb-nav" aria-label="位置"><ol class="breadcrumb">{steps}</ol></nav> }
}

/// A page of the units that published or whose projects an announcement shows, by name: those whose name holds the words.
pub fn all(frame: &Frame<'_>, words: &[String], units: Paged<NamedUnit>, is_asked: bool) -> String {
    let way = [("首页".to_owned(), paths::PORTAL.to_owned()), ("按单位".to_owned(), paths::UNITS.to_owned())];
    let asked = words.to_vec();
    let (total, pager) = (units.total, units.pager(move |page| units_address(&asked, page)));
    let list = if units.rows.is_empty() {
        let words = if words.is_empty() {
            "还没有单位发布公告。"
        } else {
            "没有名称符合的单位：发布过公告的主管预算单位、公告中有项目的采购单位都在这里。"
        };
        view! { <section class="empty"><p>{words}</p></section> }.into_any()
    } else {
        let items = units.rows.into_iter().map(|unit| {
            let published = unit.published.map(|(count, year)| format!("发布公告 {count} 份，最近 {year} 年度"));
            let held = unit.held.map(|(count, year)| format!("{count} 份公告中有本单位的项目，最近 {year} 年度"));
            view! {
                <li>
                    <a class="portal-list-title" href=paths::public_unit(&unit.unit)>{unit.name}</a>
                    <span class="portal-list-note">{published.map(|words| view! { <span>{words}</span> })}{held.map(|words| view! { <span>{words}</span> })}</span>
                </li>
            }
        });
        view! { <ul class="portal-list">{items.collect_view()}</ul> }.into_any()
    };
    let main = view! {
        {breadcrumb(&way)}
        <h1>"按单位查看"</h1>
        <form class="portal-search" role="search" method="get" action=paths::UNITS>
            <div class="field" data-grow="">
                <label class="field-label" for="q">"单位名称"</label>
                <input class="input" id="q" name="q" type="search" value=words.join(" ") maxlength=SIGNS.to_string() />
            </div>
            <div class="portal-search-actions">
                <button class="button" data-kind="primary" type="submit">"查询"</button>
                {(!words.is_empty()).then(|| view! { <a class="button" href=paths::UNITS>"重置"</a> })}
            </div>
        </form>
        <p class="quiet">{format!("共 {total} 个单位，按名称排列：发布过公告的主管预算单位，和公告中有项目的采购单位。")}</p>
        {list}
        {pager}
    };
    let head = Head {
        title: "按单位查看".to_owned(),
        description: "发布过面向中小企业预留项目执行情况公告的主管预算单位，和公告中有项目的采购单位。".to_owned(),
        structured: Some(structured::graph(structured::breadcrumbs(frame.site, &way))),
        is_unlisted: is_asked,
    };
    page::document(frame, &head, main)
}

/// Announcements that the page of a unit lists; the others are found in the list of all.
pub const LISTED: i64 = 100;

/// What the page of a 主管 shows.
pub struct Publisher {
    /// What it published, newest year first; at least one, at most [`LISTED`].
    pub rows: Vec<PortalRow>,
    /// How many it has published.
    pub total: i64,
    /// What stands, by year, oldest first.
    pub years: Vec<YearSums>,
    /// The units of a year.
    pub division: Option<Division>,
}

/// One unit that has published; `is_asked`: at an address that asks for a year or a page.
pub fn one(frame: &Frame<'_>, unit: Publisher, now: Moment, is_asked: bool) -> String {
    let Publisher { rows, total, years, division } = unit;
    let newest = rows.iter().max_by_key(|row| row.at);
    let name = newest.map(|row| row.unit_name.clone()).unwrap_or_default();
    let csv = paths::open_statistics("csv", newest.map(|row| &row.unit));
    let title = format!("{name}历年公告");
    let others = (total > LISTED).then(|| {
        let all = PortalQuery { unit: words(&name), state: State::All, ..PortalQuery::default() };
        view! { <p class="quiet">{format!("以上为最近 {LISTED} 份，共 {total} 份；")}<a href=address(&all, 1)>"在公告列表中查看全部"</a></p> }
    });
    let main = view! {
        <h1>{name.clone()}</h1>
        <p class="quiet">"历年面向中小企业预留项目执行情况。已更正、已撤销的公告一并列出；图表只计有效公告，已更正的以更正公告为准，已截止的照常计入。"</p>
        <div class="stack">
            <h2>"历年公告"</h2>
            {table("历年公告", rows, now)}
            {others}
        </div>
        {figures::course(&name, &years, csv)}
        {figures::division_or_why(division.as_ref(), is_asked)}
    };
    let description = format!("{name}历年面向中小企业预留项目执行情况：采购金额、面向小微企业金额、占比、预留选项和公告。");
    document(frame, title, description, name, is_asked, main)
}

/// A 采购单位 whose lines announcements of its 主管 show; at least one.
pub fn buyer(frame: &Frame<'_>, held: &[(PortalRow, UnitSums)], years: &[YearSums], now: Moment) -> String {
    let name = held.first().map(|(_, unit)| unit.name.clone()).unwrap_or_default();
    let csv = paths::open_statistics("csv", held.first().map(|(_, unit)| &unit.unit));
    let title = format!("{name}历年预留项目");
    let main = view! {
        <h1>{name.clone()}</h1>
        <p class="quiet">
            "本单位的项目由主管预算单位的公告公布，以下按公告明细中本单位的项目汇总。注明“无本单位项目”的年度，可能是零报告，也可能没有纳入公告。"
        </p>
        <section class="stack" aria-labelledby="notices-heading">
            <h2 id="notices-heading">"所在公告"</h2>
            {held_table(held, now)}
        </section>
        {figures::course(&name, years, csv)}
    };
    let description = format!("{name}在主管预算单位公告中的历年预留项目：面向中小企业、小微企业采购金额、占比和预留选项。");
    document(frame, title, description, name, false, main)
}

/// The document of a unit's page.
fn document(frame: &Frame<'_>, title: String, description: String, name: String, is_unlisted: bool, main: impl IntoView) -> String {
    let way =
        [("首页".to_owned(), paths::PORTAL.to_owned()), ("按单位".to_owned(), paths::UNITS.to_owned()), (name, frame.address.to_owned())];
    let head = Head { title, description, structured: Some(structured::graph(structured::breadcrumbs(frame.site, &way))), is_unlisted };
    page::document(frame, &head, view! { {breadcrumb(&way)} {main.into_view()} })
}

/// The figures of a row, or that it is a 零报告.
pub fn row_figures(row: &PortalRow) -> [String; 3] {
    if row.is_zero_report() {
        ["零报告", "零报告", "—"].map(str::to_owned)
    } else {
        [row.sme.wan(), row.small_micro.wan(), Ratio::of(row.small_micro, row.sme).to_string()]
    }
}

/// The announcements that show lines of a unit, with the sums of its lines.
fn held_table(held: &[(PortalRow, UnitSums)], now: Moment) -> impl IntoView + use<> {
    let rows = held
        .iter()
        .map(|(row, unit)| {
            let sums = unit.sums;
            view! {
                <tr>
                    <th scope="row" class="nowrap" data-label="年度">{row.year}</th>
                    <td class="row-title" data-label="公告"><a href=paths::published(&row.number)>{row.title.clone()}</a></td>
                    <td data-label="发布单位"><a href=paths::public_unit(&row.unit)>{row.unit_name.clone()}</a></td>
                    <td class="num" data-label="本单位项目数">{sums.projects}</td>
                    <td class="num" data-label="面向中小企业采购金额（万元）">{sums.sme.wan()}</td>
                    <td class="num" data-label="面向小微企业采购金额（万元）">{sums.small_micro.wan()}</td>
                    <td class="num" data-label="占比（%）">{sums.ratio().to_string()}</td>
                    <td class="nowrap" data-label="状态">{row.label(now)}</td>
                </tr>
            }
        })
        .collect_view();
    let head = view! {
        <th scope="col">"年度"</th>
        <th scope="col">"公告"</th>
        <th scope="col">"发布单位"</th>
        <th scope="col" class="num wrap">"本单位项目数"</th>
        <th scope="col" class="num wrap">"面向中小企业采购金额（万元）"</th>
        <th scope="col" class="num wrap">"面向小微企业采购金额（万元）"</th>
        <th scope="col" class="num">"占比（%）"</th>
        <th scope="col">"状态"</th>
    };
    figures::table("本单位的项目在各公告中的合计".to_owned(), head, rows)
}

/// Announcements with their figures, as a table that becomes cards on a phone.
fn table(caption: &'static str, rows: Vec<PortalRow>, now: Moment) -> impl IntoView {
    let rows = rows
        .into_iter()
        .map(|row| {
            let state = row.label(now);
            let [sme, small_micro, ratio] = row_figures(&row);
            view! {
                <tr>
                    <th scope="row" class="nowrap" data-label="年度">{row.year}</th>
                    <td class="row-title" data-label="公告"><a href=paths::published(&row.number)>{row.title}</a><span class="figure-mark quiet">{row.number.clone()}</span></td>
                    <td class="num" data-label="面向中小企业采购金额（万元）">{sme}</td>
                    <td class="num" data-label="面向小微企业采购金额（万元）">{small_micro}</td>
                    <td class="num" data-label="占比（%）">{ratio}</td>
                    <td class="nowrap" data-label="状态">{state}</td>
                    <td class="nowrap" data-label="发布时间"><time datetime=row.at.to_string()>{row.at.local()}</time></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-wrap" role="region" aria-label=caption tabindex="0">
            <table class="data" data-cards="">
                <caption class="visually-hidden">{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">"年度"</th>
                        <th scope="col">"公告"</th>
                        <th scope="col" class="num wrap">"面向中小企业采购金额（万元）"</th>
                        <th scope="col" class="num wrap">"面向小微企业采购金额（万元）"</th>
                        <th scope="col" class="num">"占比（%）"</th>
                        <th scope="col">"状态"</th>
                        <th scope="col">"发布时间"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
