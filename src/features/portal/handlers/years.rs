//! What was published of each year; and, of the 主管 that choose to show it, who has published and who has not.

use super::page::{self, Frame, Head};
use super::paged::Paged;
use super::search::address;
use super::structured;
use super::units::{breadcrumb, row_figures};
use crate::app::paths;
use crate::domain::calendar::{Moment, Year};
use crate::domain::statistics::{Standing, YearSums};
use crate::features::announcements::commands::published::{Listed, PortalQuery, PortalRow, Progress, State};
use leptos::prelude::*;

/// Every year, newest first.
pub fn all(frame: &Frame<'_>, sums: &[YearSums], now: Moment) -> String {
    let way = [("首页".to_owned(), paths::PORTAL.to_owned()), ("按年度".to_owned(), paths::YEARS.to_owned())];
    let items = Year::offered(now)
        .into_iter()
        .map(|year| {
            let number = i64::from(year.number());
            let found = sums.iter().find(|of| of.year == number);
            let count = found.map_or(0, |year| year.sums.announcements);
            let revoked = found.is_some_and(|year| year.standing == Standing::Revoked).then_some("，公告已撤销");
            let zero = found.map_or(0, |year| year.sums.zero_reports);
            let figures = found.and_then(YearSums::figures).map(|sums| {
                let amounts = format!(
                    "面向中小企业 {} 万元，其中面向小微企业 {} 万元，占 {}",
                    sums.sme.wan(),
                    sums.small_micro.wan(),
                    sums.ratio().percent()
                );
                view! { <span class="portal-list-note">{amounts}</span> }
            });
            let zero = (zero > 0).then(|| format!("，其中零报告 {zero} 份"));
            view! {
                <li>
                    <a class="portal-list-title" href=paths::public_year(number)>{format!("{number} 年度")}</a>
                    <span class="portal-list-time">{format!("{count} 份有效公告")}{zero}{revoked}</span>
                    {figures}
                </li>
            }
        })
        .collect_view();
    let main = view! {
        {breadcrumb(&way)}
        <h1>"按年度查看"</h1>
        <p class="quiet">"各年度有效公告的合计；历年变化、预留选项和各单位的比较见"<a href=paths::STATISTICS>"公告统计"</a>"。"</p>
        <ul class="portal-list">{items}</ul>
    };
    let head = Head {
        title: "按年度查看".to_owned(),
        description: "各年度面向中小企业预留项目执行情况公告。".to_owned(),
        structured: Some(structured::graph(structured::breadcrumbs(frame.site, &way))),
        ..Head::default()
    };
    page::document(frame, &head, main)
}

/// What the first page of a year says beside what stands.
#[derive(Debug, Default)]
pub struct Beside {
    /// What was corrected or revoked, the last first, at most [`GONE`].
    pub gone: Vec<PortalRow>,
    /// 发布进度.
    pub progress: Vec<Progress>,
}

/// Announcements that a year names of those that do not stand any more.
pub const GONE: i64 = 50;

/// A page of one year; `is_asked`: not the first.
pub fn one(frame: &Frame<'_>, year: Year, rows: Paged<PortalRow>, beside: Beside, is_asked: bool) -> String {
    let Beside { gone, progress: shown } = beside;
    let title = format!("{year} 年度");
    let base = paths::public_year(i64::from(year.number()));
    let way =
        [("首页".to_owned(), paths::PORTAL.to_owned()), ("按年度".to_owned(), paths::YEARS.to_owned()), (title.clone(), base.clone())];
    let (total, pager) = (
        rows.total,
        rows.pager({
            let base = base.clone();
            move |page| paths::public_page(&base, page)
        }),
    );
    let list = if rows.rows.is_empty() {
        let words = if gone.is_empty() {
            format!("{year} 年度还没有发布公告。")
        } else {
            format!("{year} 年度没有现行有效的公告：已发布的均已更正或撤销，见下。")
        };
        view! { <section class="empty"><p>{words}</p></section> }.into_any()
    } else {
        published(rows.rows).into_any()
    };
    let progress = (!shown.is_empty()).then(|| {
        view! {
            <section class="stack" aria-labelledby="progress-title">
                <h2 id="progress-title">"发布进度"</h2>
                <p class="quiet">"由选择公示进度的主管预算单位公开；未列出的单位未选择公示，不表示其是否发布。"</p>
                {shown.into_iter().map(progress).collect_view()}
            </section>
        }
    });
    let is_more = i64::try_from(gone.len()) == Ok(GONE);
    let all = PortalQuery { year: Some(i64::from(year.number())), state: State::All, ..PortalQuery::default() };
    let gone = (!gone.is_empty()).then(|| {
        let items = gone
            .into_iter()
            .map(|row| {
                // Of both the end does not matter any more.
                let words = format!("{}，公告编号 {}，{} 发布", row.standing.label(false), row.number, row.at.local());
                view! {
                    <li>
                        <a class="portal-list-title" href=paths::published(&row.number)>{row.title}</a>
                        <span class="portal-list-note">{words}</span>
                    </li>
                }
            })
            .collect_view();
        view! {
            <section class="stack" aria-labelledby="gone-title">
                <h2 id="gone-title">"已更正、已撤销的公告"</h2>
                <ul class="portal-list">{items}</ul>
                {is_more.then(|| view! { <p class="quiet">{format!("只列出最近 {GONE} 份；")}<a href=address(&all, 1)>"在公告列表中查看全部"</a></p> })}
            </section>
        }
    });
    let number = i64::from(year.number());
    let files = (total > 0 || gone.is_some()).then(|| {
        view! {
            <p class="chart-links">
                <a href=paths::open_year(number, "projects.csv") download="">{format!("下载 {year} 年度全部项目（CSV）")}</a>"　"
                <a href=paths::OPEN_DATA>"开放数据"</a>
            </p>
        }
    });
    let main = view! {
        {breadcrumb(&way)}
        <h1>{format!("{title}公告")}</h1>
        <p class="quiet">{format!("有效公告共 {total} 份。")}</p>
        {list}
        {pager}
        {files}
        {gone}
        {progress}
    };
    let head = Head {
        description: format!("{year} 年度面向中小企业预留项目执行情况公告：已发布的单位、采购金额和占比。"),
        title: format!("{title}公告"),
        structured: Some(structured::graph(structured::breadcrumbs(frame.site, &way))),
        is_unlisted: is_asked,
    };
    page::document(frame, &head, main)
}

fn published(rows: Vec<PortalRow>) -> impl IntoView {
    let rows = rows
        .into_iter()
        .map(|row| {
            let [sme, small_micro, ratio] = row_figures(&row);
            view! {
                <tr>
                    <th scope="row" class="row-title" data-label="单位"><a href=paths::public_unit(&row.unit)>{row.unit_name}</a></th>
                    <td class="nowrap" data-label="公告编号"><a href=paths::published(&row.number)>{row.number.clone()}</a></td>
                    <td data-label="行政区划">{row.district.name()}</td>
                    <td class="num" data-label="面向中小企业采购金额（万元）">{sme}</td>
                    <td class="num" data-label="面向小微企业采购金额（万元）">{small_micro}</td>
                    <td class="num" data-label="占比（%）">{ratio}</td>
                    <td class="nowrap" data-label="发布时间"><time datetime=row.at.to_string()>{row.at.local()}</time></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-wrap" role="region" aria-label="已发布的公告" tabindex="0">
            <table class="data" data-cards="">
                <caption class="visually-hidden">"已发布的公告"</caption>
                <thead>
                    <tr>
                        <th scope="col">"单位"</th>
                        <th scope="col">"公告编号"</th>
                        <th scope="col">"行政区划"</th>
                        <th scope="col" class="num wrap">"面向中小企业采购金额（万元）"</th>
                        <th scope="col" class="num wrap">"面向小微企业采购金额（万元）"</th>
                        <th scope="col" class="num">"占比（%）"</th>
                        <th scope="col">"发布时间"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn progress(of: Progress) -> impl IntoView {
    let Progress { supervisor, announcement, units } = of;
    let Some(PortalRow { number, title, standing, .. }) = announcement else {
        return view! { <section class="card"><h3>{supervisor.name}</h3><p><strong>"尚未发布"</strong></p></section> }.into_any();
    };
    if standing != Listed::Current {
        let way = view! { <a href=paths::published(&number)>{title}</a> };
        return view! { <section class="card"><h3>{supervisor.name}</h3><p><strong>"公告已撤销，尚未重新发布"</strong>"："{way}</p></section> }.into_any();
    }
    let names = |is_held: bool| units.iter().filter(|(_, held)| *held == is_held).map(|(name, _)| name.as_str()).collect::<Vec<_>>();
    let line = |label: &'static str, names: &[&str]| {
        (!names.is_empty()).then(|| view! { <p>{format!("{label}（{} 家）：{}", names.len(), names.join("、"))}</p> })
    };
    view! {
        <section class="card">
            <h3>{supervisor.name}</h3>
            <p><strong>"已发布"</strong>"："<a href=paths::published(&number)>{title}</a></p>
            {line("已纳入公告的单位", &names(true))}
            {line("未纳入公告的单位", &names(false))}
        </section>
    }
    .into_any()
}
