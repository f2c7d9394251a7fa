//! The list of announcements that have not ended, with its search.

use super::page;
use crate::app::paths;
use crate::domain::calendar::{Moment, Year};
use crate::domain::organisation::District;
use crate::domain::text;
use crate::features::announcements::commands::published::{PortalQuery, PortalRow};
use crate::ui::Pager;
use leptos::prelude::*;
use serde::Deserialize;

/// Announcements on a page.
pub const SIZE: i64 = 20;

/// What the search form sends; whatever cannot be read is as if it were not there.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Search {
    #[serde(default)]
    unit: String,
    #[serde(default)]
    year: String,
    #[serde(default)]
    district: String,
    #[serde(default)]
    page: String,
}

impl Search {
    /// As the database is asked: at most three words of the unit's name.
    pub fn query(&self) -> PortalQuery {
        let unit: String = text::search(&self.unit).chars().take(60).collect();
        PortalQuery {
            words: unit.split_whitespace().take(3).map(str::to_owned).collect(),
            year: self.year.trim().parse().ok().filter(|year| (2021..=2100).contains(year)),
            district: District::parse(self.district.trim()).ok(),
            page: self.page.trim().parse().ok().filter(|page| (1..=100_000).contains(page)).unwrap_or(1),
        }
    }
}

/// The one address of a search, whatever the order and noise of what was asked.
pub fn address(query: &PortalQuery, page: i64) -> String {
    let mut parts = Vec::new();
    if !query.words.is_empty() {
        parts.push(format!("unit={}", encode(&query.words.join(" "))));
    }
    if let Some(year) = query.year {
        parts.push(format!("year={year}"));
    }
    if let Some(district) = query.district {
        parts.push(format!("district={}", district.code()));
    }
    if page > 1 {
        parts.push(format!("page={page}"));
    }
    if parts.is_empty() { paths::PORTAL.to_owned() } else { format!("{}?{}", paths::PORTAL, parts.join("&")) }
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

/// The page.
pub fn render(css: &str, query: &PortalQuery, rows: Vec<PortalRow>, total: i64, now: Moment) -> String {
    let is_searched = *query != PortalQuery { page: query.page, ..PortalQuery::default() };
    let heading = if is_searched { "查询结果" } else { "最新公告" };
    let years = Year::offered(now).into_iter().map(|year| {
        let number = i64::from(year.number());
        view! { <option value=number.to_string() selected=query.year == Some(number)>{number}</option> }
    });
    let districts = District::all()
        .map(|district| view! { <option value=district.code() selected=query.district == Some(district)>{district.name()}</option> });
    let pages = query.clone();
    let page = u64::try_from(query.page).unwrap_or(1);
    let list = if rows.is_empty() {
        nothing(is_searched).into_any()
    } else {
        view! { <ul class="portal-list">{rows.into_iter().map(row).collect_view()}</ul> }.into_any()
    };
    let main = view! {
        <form class="portal-search" role="search" method="get" action="/">
            <div class="field" data-grow="">
                <label class="field-label" for="unit">"单位名称"</label>
                <input class="input" id="unit" name="unit" type="search" value=query.words.join(" ") maxlength="60" />
            </div>
            <div class="field">
                <label class="field-label" for="year">"年度"</label>
                <select class="select" id="year" name="year"><option value="">"全部"</option>{years.collect_view()}</select>
            </div>
            <div class="field">
                <label class="field-label" for="district">"行政区划"</label>
                <select class="select" id="district" name="district"><option value="">"全部"</option>{districts.collect_view()}</select>
            </div>
            <button class="button" data-kind="primary" type="submit">"查询"</button>
            {is_searched.then(|| view! { <a class="button" href="/">"重置"</a> })}
        </form>
        <h1>{heading}</h1>
        {list}
        <Pager page size=SIZE.unsigned_abs() total=u64::try_from(total).unwrap_or_default() href=move |page| address(&pages, i64::try_from(page).unwrap_or(1)) />
    };
    page::document(css, heading, main)
}

fn row(row: PortalRow) -> impl IntoView {
    view! {
        <li>
            <a class="portal-list-title" href=paths::published(&row.number)>{row.title}</a>
            <time class="portal-list-time" datetime=row.at.to_string()>{row.at.local()}</time>
            <div class="portal-list-note">
                <span>{format!("公告编号 {}", row.number)}</span>
                <span>{row.unit_name}</span>
                <span>{row.district.name()}</span>
                <span>{format!("{} 年度", row.year)}</span>
                {row.expires_on.map(|day| view! { <span>{format!("截止 {day}")}</span> })}
            </div>
        </li>
    }
}

fn nothing(is_searched: bool) -> impl IntoView {
    let words = if is_searched {
        "没有符合条件的公告。请减少查询条件，或核对单位名称、年度。已截止的公告可通过公告编号的地址查看。"
    } else {
        "还没有公告。"
    };
    view! { <section class="empty"><p>{words}</p></section> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d5_what_cannot_be_read_of_a_search_is_as_if_it_were_not_there() {
        let search =
            Search {
                unit: "\u{0} 上海　机动车 a\u{0}b c".into(), year: "二零".into(), district: "110000".into(), page: "-1".into()
            };
        let query = search.query();
        assert_eq!(query.words, ["上海", "机动车", "a"], "a control character ends a word: no name holds one");
        assert_eq!((query.year, query.district, query.page), (None, None, 1));
        assert_eq!(address(&PortalQuery { page: 9, ..PortalQuery::default() }, 1), "/");
        assert_eq!(
            address(&PortalQuery { words: vec!["机 &".into()], year: Some(2025), ..PortalQuery::default() }, 2),
            "/?unit=%E6%9C%BA%20%26&year=2025&page=2"
        );
    }
}
