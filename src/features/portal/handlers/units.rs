//! Every unit that has published, and the course of one over the years.

use super::page::{self, Frame, Head};
use super::structured;
use crate::app::paths;
use crate::domain::calendar::Moment;
use crate::domain::money::Ratio;
use crate::features::announcements::commands::published::PortalRow;
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

/// Every unit that has published, by name.
pub fn all(frame: &Frame<'_>, units: Vec<(PortalRow, i64)>) -> String {
    let way = [("首页".to_owned(), paths::PORTAL.to_owned()), ("按单位".to_owned(), paths::UNITS.to_owned())];
    let total = units.len();
    let list = if units.is_empty() {
        view! { <section class="empty"><p>"还没有单位发布公告。"</p></section> }.into_any()
    } else {
        let items = units.into_iter().map(|(newest, count)| {
            view! {
                <li>
                    <a class="portal-list-title" href=paths::public_unit(&newest.unit)>{newest.unit_name}</a>
                    <span class="portal-list-time">{format!("{count} 份公告，最近 {} 年度", newest.year)}</span>
                </li>
            }
        });
        view! { <ul class="portal-list">{items.collect_view()}</ul> }.into_any()
    };
    let main = view! {
        {breadcrumb(&way)}
        <h1>"发布公告的单位"</h1>
        {list}
        <p class="quiet">{format!("共 {total} 个单位。")}</p>
    };
    let head = Head {
        title: "发布公告的单位".to_owned(),
        description: "发布过面向中小企业预留项目执行情况公告的主管预算单位。".to_owned(),
        structured: Some(structured::graph(structured::breadcrumbs(frame.site, &way))),
        ..Head::default()
    };
    page::document(frame, &head, main)
}

/// One unit, newest year first; it has published at least once.
pub fn one(frame: &Frame<'_>, rows: Vec<PortalRow>, now: Moment) -> String {
    let name = rows.iter().max_by_key(|row| row.at).map(|row| row.unit_name.clone()).unwrap_or_default();
    let way = [
        ("首页".to_owned(), paths::PORTAL.to_owned()),
        ("按单位".to_owned(), paths::UNITS.to_owned()),
        (name.clone(), frame.address.to_owned()),
    ];
    let title = format!("{name}历年公告");
    let main = view! {
        {breadcrumb(&way)}
        <h1>{name.clone()}</h1>
        <p class="quiet">"历年面向中小企业预留项目执行情况。已更正、已撤销的公告一并列出，以现行公告为准。"</p>
        {table("历年公告", rows, now)}
    };
    let head = Head {
        description: format!("{name}历年面向中小企业预留项目执行情况：采购金额、面向小微企业金额、占比和公告。"),
        title,
        structured: Some(structured::graph(structured::breadcrumbs(frame.site, &way))),
        ..Head::default()
    };
    page::document(frame, &head, main)
}

/// Announcements with their figures, as a table that becomes cards on a phone.
fn table(caption: &'static str, rows: Vec<PortalRow>, now: Moment) -> impl IntoView {
    let rows = rows
        .into_iter()
        .map(|row| {
            let state = row.label(now);
            view! {
                <tr>
                    <th scope="row" class="nowrap" data-label="年度">{row.year}</th>
                    <td class="row-title" data-label="公告"><a href=paths::published(&row.number)>{row.title}</a></td>
                    <td class="num" data-label="面向中小企业采购金额（万元）">{row.sme.wan()}</td>
                    <td class="num" data-label="面向小微企业采购金额（万元）">{row.small_micro.wan()}</td>
                    <td class="num" data-label="占比（%）">{Ratio::of(row.small_micro, row.sme).to_string()}</td>
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
