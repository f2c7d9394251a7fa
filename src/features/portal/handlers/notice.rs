//! The page of one published announcement: number and times in the frame, figures, the frozen body, the public files.

use super::charts;
use super::page::{self, Frame, Head};
use super::structured;
use crate::app::paths;
use crate::domain::announcement::attachment::size_label;
use crate::domain::announcement::correction::{ORIGINAL, ORIGINAL_REVOKED, REVOKED, corrected, revoked};
use crate::domain::announcement::status::has_ended;
use crate::domain::calendar::Moment;
use crate::domain::money::Ratio;
use crate::features::announcements::alterations::AlterationsTable;
use crate::features::announcements::commands::published::{Frozen, Linked, Listed, PublicFile, Published, Standing};
use leptos::prelude::*;

/// What became of it, where it is not simply published.
pub fn state(notice: &Published, now: Moment) -> Option<&'static str> {
    let is_plain = notice.listed() == Listed::Current && !has_ended(notice.expires_on, now);
    (!is_plain).then(|| notice.state(now))
}

/// The files that everyone may have: with a revoked announcement they are gone.
pub fn public_files(notice: &Published) -> &[PublicFile] {
    match notice.standing {
        Standing::Revoked { .. } => &[],
        _ => &notice.frozen.files,
    }
}

/// Its title where nothing around it says what became of it: in the window's bar, in a list of search engines.
pub fn full_title(notice: &Published, now: Moment) -> String {
    let is_correction = notice.corrects.is_some().then_some("更正公告");
    state(notice, now).or(is_correction).map_or_else(|| notice.title.clone(), |mark| format!("【{mark}】{}", notice.title))
}

/// The announcement in a sentence; of one that is no longer valid that comes first.
pub fn summary(notice: &Published) -> String {
    let void = match &notice.standing {
        Standing::Current => None,
        Standing::Corrected { .. } => Some(corrected(notice.is_succeeded_by_nothing())),
        Standing::Revoked { .. } => Some(REVOKED),
    };
    let void = void.map(|void| format!("{void}。原公告：")).unwrap_or_default();
    let Frozen { sme, small_micro, shares, .. } = &notice.frozen;
    let figures = if shares.is_empty() {
        "无面向中小企业预留项目".to_owned()
    } else {
        format!(
            "面向中小企业采购{}万元，其中面向小微企业采购{}万元，占{}",
            sme.wan(),
            small_micro.wan(),
            Ratio::of(*small_micro, *sme).percent()
        )
    };
    format!("{void}{}{}年{figures}。公告编号{}。", notice.unit_name, notice.year, notice.number)
}

/// The way to it.
pub fn way(notice: &Published) -> [(String, String); 4] {
    let district = format!("{}?district={}", paths::PORTAL, notice.district.code());
    let year = format!("{}?year={}&district={}", paths::PORTAL, notice.year, notice.district.code());
    [
        ("首页".to_owned(), paths::PORTAL.to_owned()),
        (notice.district.name().to_owned(), district),
        (notice.year.to_string(), year),
        (notice.title.clone(), paths::published(&notice.number)),
    ]
}

/// The page; with a way to the PDF where there is one.
pub fn render(frame: &Frame<'_>, notice: &Published, has_pdf: bool, now: Moment) -> String {
    let steps = way(notice).into_iter().take(3).map(|(name, address)| view! { <li><a href=address>{name}</a></li> }).collect_view();
    // On paper each sheet says it (style/features/portal.css).
    let void = match notice.listed() {
        Listed::Current => None,
        Listed::Corrected => Some("corrected"),
        Listed::Revoked => Some("revoked"),
    };
    let main = view! {
        <nav class="breadcrumb-nav" aria-label="位置"><ol class="breadcrumb">{steps}</ol></nav>
        <article class="notice" data-void=void>
            <h1 class="notice-title">{notice.title.clone()}</h1>
            <div class="notice-frame">
                <span class="chip">{format!("公告编号 {}", notice.number)}</span>
                <span class="chip">"发布时间 "<time datetime=notice.at.to_string()>{notice.at.local()}</time></span>
                {notice.expires_on.map(|day| view! { <span class="chip">{format!("公告截止 {day}")}</span> })}
                {state(notice, now).map(|state| view! { <span class="chip" data-tone="warn">{state}</span> })}
                <a class="notice-unit" href=paths::public_unit(&notice.unit)>"本单位历年公告"</a>
            </div>
            <nav class="notice-downloads" aria-label="下载公告和项目明细">
                {has_pdf.then(|| view! { <a href=paths::announcement_pdf(&notice.number) download="">"下载公告（PDF）"</a> })}
                <a href=paths::announcement_detail(&notice.number, "xlsx") download="">"下载项目明细（XLSX）"</a>
                <a href=paths::announcement_detail(&notice.number, "csv") download="">"下载项目明细（CSV）"</a>
                <a href=paths::open_announcement(&notice.number)>"机器可读（JSON）"</a>
                <a href=paths::open_ocds(&notice.number)>"OCDS"</a>
            </nav>
            {record(notice)}
            {versions(notice, now)}
            {figures(&notice.frozen)}
            <div inner_html=notice.body_html.clone()></div>
        </article>
        {files(&notice.number, public_files(notice))}
    };
    let head = Head {
        title: full_title(notice, now),
        description: summary(notice),
        structured: Some(structured::announcement(frame.site, notice, now)),
        is_unlisted: false,
    };
    page::document(frame, &head, main)
}

/// Every version of what was corrected, oldest first; nothing where nothing was.
fn versions(notice: &Published, now: Moment) -> Option<impl IntoView + use<>> {
    let items = notice
        .versions
        .iter()
        .map(|(linked, listed)| {
            let is_this = linked.number == notice.number;
            // Of the others the day of their end is not known here; it is said on their own pages.
            let state = listed.label(is_this && has_ended(notice.expires_on, now));
            let words = format!("（{} 发布，{state}）", linked.at.local());
            let name = if is_this {
                view! { <span aria-current="page">{linked.number.clone()}"，本页"</span> }.into_any()
            } else {
                view! { <a href=paths::published(&linked.number)>{linked.number.clone()}</a> }.into_any()
            };
            view! { <li>{name}{words}</li> }
        })
        .collect_view();
    (notice.versions.len() > 1).then(|| {
        view! {
            <section class="notice-versions" aria-labelledby="versions-title">
                <h2 class="notice-heading" id="versions-title">"公告版本"</h2>
                <ol class="notice-list">{items}</ol>
            </section>
        }
    })
}

/// The public record of a correction or revocation: what became of it, when, why, and what differs (E7).
fn record(notice: &Published) -> impl IntoView + use<> {
    let link = |linked: &Linked| view! { <a href=paths::published(&linked.number)>{linked.number.clone()}" "{linked.title.clone()}</a> };
    let corrects = notice.corrects.as_ref().map(|(old, reason)| {
        view! {
            <section class="notice-correction stack" data-stands=matches!(notice.standing, Standing::Current).then_some("") aria-labelledby="corrects-title">
                <h2 class="notice-heading" id="corrects-title">"本公告是更正公告"</h2>
                <p>"原公告："{link(old)}{format!("（{} 发布）", old.at.local())}</p>
                <p class="pre-line">{format!("更正理由：{reason}")}</p>
                {notice.frozen.alterations.clone().map(|alterations| view! { <AlterationsTable alterations with="（与原公告相比）" /> })}
            </section>
        }
    });
    let became = match &notice.standing {
        Standing::Current => ().into_any(),
        Standing::Corrected { since, reason, successor, alterations } => view! {
            <section class="notice-correction stack" aria-labelledby="state-title">
                <h2 class="notice-heading" id="state-title">{corrected(notice.is_succeeded_by_nothing())}</h2>
                <p>"更正时间："<time datetime=since.to_string()>{since.local()}</time></p>
                <p>"更正公告："{link(successor)}</p>
                {notice.stands_instead().filter(|standing| *standing != successor).map(|standing| view! { <p>"其后又更正，现行公告："{link(standing)}</p> })}
                <p class="pre-line">{format!("更正理由：{reason}")}</p>
                {alterations.clone().map(|alterations| view! { <AlterationsTable alterations /> })}
                <p class="quiet">{ORIGINAL}</p>
            </section>
        }
        .into_any(),
        Standing::Revoked { since, reason } => view! {
            <section class="notice-correction stack" aria-labelledby="state-title">
                <h2 class="notice-heading" id="state-title">{REVOKED}</h2>
                <p>"撤销时间："<time datetime=since.to_string()>{since.local()}</time></p>
                <p class="pre-line">{format!("撤销理由：{reason}")}</p>
                <AlterationsTable alterations=revoked(notice.frozen.sme, notice.frozen.small_micro) />
                <p class="quiet">{ORIGINAL_REVOKED}</p>
            </section>
        }
        .into_any(),
    };
    view! { {became} {corrects} }
}

/// The figures, with the share of each 预留选项; nothing for a 零报告.
fn figures(frozen: &Frozen) -> Option<impl IntoView> {
    let ratio = Ratio::of(frozen.small_micro, frozen.sme).to_string();
    (!frozen.shares.is_empty()).then(|| {
        view! {
            <section class="card" aria-label="数据概览">
                <dl class="figures">
                    <div class="figure"><dt>"面向中小企业采购"</dt><dd>{frozen.sme.wan()}" "<span class="unit">"万元"</span></dd></div>
                    <div class="figure"><dt>"面向小微企业采购"</dt><dd>{frozen.small_micro.wan()}" "<span class="unit">"万元"</span></dd></div>
                    <div class="figure"><dt>"占比"</dt><dd>{ratio}" "<span class="unit">"%"</span></dd></div>
                    <div class="figure figure-parts" data-grow="">
                        <dt>"按预留选项"</dt>
                        <dd>
                            {charts::shares("shares", &frozen.shares, frozen.sme)}
                        </dd>
                    </div>
                </dl>
            </section>
        }
    })
}

fn files(number: &str, files: &[PublicFile]) -> Option<impl IntoView + use<>> {
    let items = files
        .iter()
        .map(|file| {
            view! {
                <li>
                    <a class="file-name" href=paths::public_attachment(number, &file.id)>{file.name.clone()}</a>
                    <span class="file-size">{size_label(file.size)}</span>
                </li>
            }
        })
        .collect_view();
    (!files.is_empty()).then(|| {
        view! {
            <section class="panel" aria-labelledby="files-title">
                <header class="panel-head"><h2 id="files-title">"附件"</h2></header>
                <div class="panel-body"><ul class="files">{items}</ul></div>
            </section>
        }
    })
}
