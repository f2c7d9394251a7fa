//! The page for those who review or look: differences first, then the figures, then exactly what will be pushed (D4).

use super::super::seen::Announcement;
use super::content::{Cells, Head, Lacking};
use super::corrected::news_of;
use super::corrections::CorrectionPanel;
use super::files::Older;
use super::units::UnitsChanged;
use crate::app::paths;
use crate::domain::announcement::attachment::{preview, size_label};
use crate::domain::announcement::document::Document;
use crate::domain::announcement::line::AnnouncementLine;
use crate::domain::announcement::render::render_html;
use crate::domain::announcement::status::{AnnouncementStatus, PublishMode};
use crate::domain::approval::Answer;
use crate::domain::ids::AnnouncementId;
use crate::features::approvals::History;
use crate::ui::TableWrap;
use leptos::prelude::*;

/// The whole.
#[component]
pub fn Reading(read: Announcement) -> impl IntoView {
    let figures = read.figures_with(&read.remark, &read.lines, read.basics.mode);
    let body = match (&read.body_html, &read.document) {
        (Some(frozen), _) => frozen.clone(),
        (None, Some(json)) => Document::parse(json).map(|document| render_html(&document, &figures)).unwrap_or_default(),
        (None, None) => String::new(),
    };
    let changed: Vec<AnnouncementLine> = read.lines.iter().filter(|line| line.is_changed()).cloned().collect();
    let expires = read.basics.expires_on.map_or_else(|| "不设截止时间".to_owned(), |day| day.to_string());
    let when = match (read.status.at(), read.basics.mode) {
        (Some(at), _) | (None, PublishMode::At(at)) => at.local(),
        (None, PublishMode::OnApproval) => "审核完成时".to_owned(),
    };
    let is_open = matches!(read.status, AnnouncementStatus::InReview | AnnouncementStatus::Scheduled(_));
    let is_stale = read.held.iter().any(|held| held.newest.is_some());
    let template = read.template.label();
    let missing = read.missing.clone();
    let (held, units) = (read.held.clone(), (read.held.clone(), read.missing.clone()));
    let title = read.title.clone();
    let (lines, corrects) = (read.lines.clone(), read.corrects.clone());
    let mode = read.basics.mode.label();
    let district = read.basics.district.name();
    let number = read.number.clone().unwrap_or_else(|| "-".to_owned());
    view! {
        {corrects.map(|corrects| view! { <CorrectionPanel corrects /> })}
        {is_open.then(|| view! { <ReturnedBefore id=read.id.clone() history=read.history.clone() /> })}
        <Changed changed is_stale />
        <UnitsChanged held=units.0 missing=units.1 />
        <section class="panel approve-figures" aria-labelledby="figures-title">
            <header class="panel-head"><h2 id="figures-title">"公告内容"</h2></header>
            <dl class="figures">
                <div class="figure"><dt>"面向中小企业采购金额(万元)"</dt><dd>{figures.sme.wan()}</dd></div>
                <div class="figure"><dt>"面向小微企业采购金额(万元)"</dt><dd>{figures.small_micro.wan()}</dd></div>
                <div class="figure"><dt>"占比(%)"</dt><dd>{figures.ratio.to_string()}</dd></div>
                <div class="figure"><dt>"项目"</dt><dd>{figures.lines.len()}</dd></div>
            </dl>
        </section>
        <Lacking missing />
        <section class="panel" aria-labelledby="push-title">
            <header class="panel-head"><h2 id="push-title">"推送到门户的内容"</h2></header>
            <div class="panel-body">
                <dl class="facts">
                    <div><dt>"公告编号"</dt><dd>{number}</dd></div>
                    <div><dt>"行政区划"</dt><dd>{district}</dd></div>
                    <div><dt>"发布类型"</dt><dd>{mode}</dd></div>
                    <div><dt>"发布时间"</dt><dd>{when}</dd></div>
                    <div><dt>"公告截止时间"</dt><dd>{expires}</dd></div>
                    <div><dt>"公告模板"</dt><dd>{template}</dd></div>
                </dl>
            </div>
            <div class="panel-body">
                <article class="notice">
                    <h1 class="notice-title">{title}</h1>
                    <div inner_html=body></div>
                </article>
            </div>
        </section>
        <Files read />
        <details class="fold">
            <summary>{format!("公告明细（{} 行，含已删除的行）", lines.len())}</summary>
            <TableWrap name="公告明细">
                <table class="data" data-cards="">
                    <Head editable=false />
                    <tbody>{(1_usize..).zip(lines).map(|(number, line)| view! { <tr><Cells number news=news_of(&held, &line.id) line /></tr> }).collect_view()}</tbody>
                </table>
            </TableWrap>
        </details>
    }
}

/// Submitted again after it was returned: what was asked for then, and where one sees what has become of it.
#[component]
fn ReturnedBefore(id: AnnouncementId, history: History) -> impl IntoView {
    let round = history.steps.iter().map(|step| step.round).max().unwrap_or_default();
    let before = history.steps.iter().filter(|step| step.round < round).max_by_key(|step| step.round).map(|step| step.round);
    let returned = history.steps.into_iter().filter(|step| Some(step.round) == before).find_map(|step| {
        let answered = step.answered.filter(|answered| answered.answer == Answer::Disagreed)?;
        Some((answered.by, answered.at, answered.opinion))
    });
    returned.map(|(by, at, opinion)| {
        view! {
            <div class="alert" data-tone="neutral">
                <p class="alert-body pre-line">{format!("上次提交被退回（{by} {}）：", at.local_short())}<strong>{opinion}</strong></p>
                <div class="alert-actions"><a class="button" href=paths::announcement_versions(&id)>"比较此后的改动"</a></div>
            </div>
        }
    })
}

/// What differs from the approved records, cell by cell, with the reasons; `is_stale`: one of them was corrected since.
#[component]
fn Changed(changed: Vec<AnnouncementLine>, is_stale: bool) -> impl IntoView {
    let count = changed.len();
    let or_empty = |text: String| if text.is_empty() { "（空）".to_owned() } else { text };
    let rows = changed
        .into_iter()
        .flat_map(|line| {
            let place = format!("{} · {}", line.unit_name, line.approved.project_name);
            let reason = format!("理由：{}", line.reason);
            let rows = if line.is_removed {
                vec![(format!("{} 万元", line.approved.sme.wan()), "从公告中删除".to_owned(), place)]
            } else {
                let differing = line.differences().into_iter();
                differing.map(|difference| (or_empty(difference.before), or_empty(difference.after), format!("{place} · {}", difference.cell.label()))).collect()
            };
            rows.into_iter().map(move |(before, after, place)| view! { <li><span class="diff-place">{place}</span><span class="diff-pair"><del>{before}</del>" "<ins>{after}</ins></span><span class="quiet small">{reason.clone()}</span></li> })
        })
        .collect_view();
    view! {
        <section class="panel" aria-labelledby="changes-title">
            <header class="panel-head"><h2 id="changes-title">"与审核完成的年度数据相比"</h2></header>
            <div class="panel-body">
                {if count == 0 {
                    let words = if is_stale {
                        "明细与汇集时审核完成的年度数据一致；其后有单位的年度数据已更正，与现在的差别见上方。"
                    } else {
                        "没有差别：明细与各单位审核完成的年度数据一致。"
                    };
                    view! { <p class="quiet">{words}</p> }.into_any()
                } else {
                    view! { <ul class="diff">{rows}</ul> }.into_any()
                }}
            </div>
        </section>
    }
}

/// The files: those that go out, and those that stay inside.
#[component]
fn Files(read: Announcement) -> impl IntoView {
    let id = read.id;
    let is_empty = read.files.is_empty();
    let rows = read
        .files
        .into_iter()
        .map(|file| {
            let (words, tone) = if file.is_shown { ("外网展示", "ok") } else { ("仅内部流转", "neutral") };
            view! {
                <li>
                    <a class="file-name" href=paths::office_attachment(&id, &file.id) rel="external">{file.name.clone()}</a>
                    <span class="file-size">{size_label(file.size)}</span>
                    <span class="chip" data-tone=tone>{words}</span>
                    {preview(&file.media_type).map(|_| view! { <a href=paths::office_preview(&id, &file.id) target="_blank" rel="external noopener" aria-label=format!("预览：{}（新窗口）", file.name)>"预览"</a> })}
                    <Older announcement=id.clone() older=file.older />
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="panel" aria-labelledby="files-title">
            <header class="panel-head"><h2 id="files-title">"附件"</h2></header>
            <div class="panel-body">{if is_empty { view! { <p class="quiet">"没有附件。"</p> }.into_any() } else { view! { <ul class="files">{rows}</ul> }.into_any() }}</div>
        </section>
    }
}
