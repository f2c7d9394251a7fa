//! The list of announcements, with its search.

use super::page::{self, Frame, Head};
use super::search::{address, is_searched, units_address};
use super::structured;
use crate::app::paths;
use crate::domain::announcement::search::SIGNS;
use crate::domain::calendar::{Moment, Year};
use crate::domain::organisation::District;
use crate::features::announcements::commands::published::{PortalQuery, PortalRow, Sort, State};
use crate::ui::Pager;
use leptos::prelude::*;

/// Announcements on a page.
pub const SIZE: i64 = 20;

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The rows of the page.
    pub rows: Vec<PortalRow>,
    /// How many there are on all pages.
    pub total: i64,
}

impl Found {
    fn pages(&self) -> i64 {
        (self.total + SIZE - 1) / SIZE
    }

    /// Whether the page that was asked for lies behind the last one.
    pub fn is_beyond(&self, query: &PortalQuery) -> bool {
        self.total > 0 && query.page > self.pages()
    }
}

/// The page.
pub fn render(frame: &Frame<'_>, query: &PortalQuery, found: Found, now: Moment) -> String {
    let is_searched = is_searched(query);
    let heading = if is_searched { "查询结果" } else { "最新公告" };
    let pages = query.clone();
    let (page, total) = (u64::try_from(query.page).unwrap_or(1), u64::try_from(found.total).unwrap_or_default());
    let list = if found.is_beyond(query) {
        beyond(query, &found).into_any()
    } else if found.rows.is_empty() {
        nothing(query).into_any()
    } else {
        view! { <ul class="portal-list">{found.rows.into_iter().map(|found| row(found, now)).collect_view()}</ul> }.into_any()
    };
    let main = view! {
        {form(query, now)}
        <h1>{heading}</h1>
        {list}
        <Pager page size=SIZE.unsigned_abs() total href=move |page| address(&pages, i64::try_from(page).unwrap_or(1)) />
    };
    let is_first = frame.address == paths::PORTAL;
    let head = Head {
        title: heading.to_owned(),
        description: "各主管预算单位面向中小企业预留项目执行情况公告：按关键词、单位、年度、行政区划和公告状态查询。".to_owned(),
        structured: is_first.then(|| structured::portal(frame.site, page::NAME)),
        is_unlisted: is_searched,
    };
    page::document(frame, &head, main)
}

/// The answer to an address that cannot be understood: what is wrong with each part of it, and the form with the rest.
pub fn refused(frame: &Frame<'_>, query: &PortalQuery, problems: Vec<String>, now: Moment) -> String {
    let main = view! {
        {form(query, now)}
        <h1>"查询条件无法识别"</h1>
        <section class="alert" data-tone="warn">
            <ul>{problems.into_iter().map(|problem| view! { <li>{problem}</li> }).collect_view()}</ul>
            <p>"请修改后重新查询，或查看"<a href=paths::PORTAL>"全部现行公告"</a>"。"</p>
        </section>
    };
    page::document(frame, &Head { title: "查询条件无法识别".to_owned(), is_unlisted: true, ..Head::default() }, main)
}

fn form(query: &PortalQuery, now: Moment) -> impl IntoView + use<> {
    let years = Year::offered(now).into_iter().map(|year| i64::from(year.number()));
    // A year that was asked for stands in the list though nothing can have been published of it.
    let years = query.year.filter(|year| !years.clone().any(|each| each == *year)).into_iter().chain(years);
    let chosen = query.year;
    let years =
        years.map(move |year| view! { <option value=year.to_string() selected=chosen == Some(year)>{year}</option> }).collect_view();
    let chosen = query.district;
    let districts = District::all()
        .map(move |district| view! { <option value=district.code() selected=chosen == Some(district)>{district.name()}</option> })
        .collect_view();
    let chosen = query.state;
    let states = State::ALL
        .into_iter()
        .map(move |state| view! { <option value=state.code() selected=chosen == state>{state.label()}</option> })
        .collect_view();
    let chosen = query.sort;
    let sorts = Sort::ALL
        .into_iter()
        .map(move |sort| view! { <option value=sort.code() selected=chosen == sort>{sort.label()}</option> })
        .collect_view();
    let most = SIGNS.to_string();
    view! {
        <form class="portal-search" role="search" method="get" action=paths::PORTAL>
            <div class="field" data-grow="">
                <label class="field-label" for="q">"关键词"</label>
                <input class="input" id="q" name="q" type="search" value=query.words.join(" ") maxlength=most.clone() placeholder="标题、单位或公告编号" />
            </div>
            <div class="field" data-grow="">
                <label class="field-label" for="unit">"单位名称"</label>
                <input class="input" id="unit" name="unit" type="search" value=query.unit.join(" ") maxlength=most />
            </div>
            <div class="field">
                <label class="field-label" for="year">"年度"</label>
                <select class="select" id="year" name="year"><option value="">"全部"</option>{years}</select>
            </div>
            <div class="field">
                <label class="field-label" for="district">"行政区划"</label>
                <select class="select" id="district" name="district"><option value="">"全部"</option>{districts}</select>
            </div>
            <div class="field">
                <label class="field-label" for="status">"公告状态"</label>
                <select class="select" id="status" name="status">{states}</select>
            </div>
            <div class="field">
                <label class="field-label" for="sort">"排序"</label>
                <select class="select" id="sort" name="sort">{sorts}</select>
            </div>
            <div class="portal-search-actions">
                <button class="button" data-kind="primary" type="submit">"查询"</button>
                {is_searched(query).then(|| view! { <a class="button" href=paths::PORTAL>"重置"</a> })}
            </div>
        </form>
    }
}

fn row(row: PortalRow, now: Moment) -> impl IntoView {
    let state = row.label(now);
    view! {
        <li>
            <a class="portal-list-title" href=paths::published(&row.number)>{row.title}</a>
            <time class="portal-list-time" datetime=row.at.to_string()>{row.at.local()}</time>
            <div class="portal-list-note">
                {(state != "已发布").then(|| view! { <span class="chip" data-tone="warn">{state}</span> })}
                <span>{format!("公告编号 {}", row.number)}</span>
                <a href=paths::public_unit(&row.unit)>{row.unit_name}</a>
                <span>{row.district.name()}</span>
                <span>{format!("{} 年度", row.year)}</span>
                <span>{format!("面向中小企业采购 {} 万元", row.sme.wan())}</span>
                {row.expires_on.map(|day| view! { <span>{format!("截止 {day}")}</span> })}
            </div>
        </li>
    }
}

fn beyond(query: &PortalQuery, found: &Found) -> impl IntoView + use<> {
    let last = found.pages();
    let words = format!("没有第 {} 页：符合条件的公告共 {} 条、{last} 页。", query.page, found.total);
    view! { <section class="empty"><p>{words}</p><p><a class="button" href=address(query, last)>{format!("第 {last} 页")}</a></p></section> }
}

fn nothing(query: &PortalQuery) -> impl IntoView + use<> {
    if !is_searched(query) {
        return view! { <section class="empty"><p>"还没有公告。"</p></section> }.into_any();
    }
    // What is asked for may have ended, or been corrected: one step leads there.
    let wider = PortalQuery { state: State::All, ..query.clone() };
    let wider = (query.state != State::All && is_searched(&PortalQuery { state: State::Current, ..query.clone() }))
        .then(|| view! { <p><a class="button" href=address(&wider, 1)>"在全部状态的公告中查找"</a></p> });
    let elsewhere = (query.state == State::Current).then_some("已截止、已更正、已撤销的公告不在现行公告中。");
    view! {
        <section class="empty">
            <p>"没有符合条件的公告。请减少查询条件，或核对关键词、单位名称和年度。"{elsewhere}</p>
            <p>"下属采购单位的项目由主管预算单位的公告公布，可在"<a href=units_address(&query.unit, 1)>"按单位"</a>"中查找采购单位。"</p>
            {wider}
        </section>
    }
    .into_any()
}
