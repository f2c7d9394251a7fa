//! What became of the records that the announcement holds (E5): the affected rows, old beside new, and the choice between
//! 「更新」 and 「保留并说明」. Whoever reviews sees the same without the buttons, and the reason for which old lines stay.

use super::super::api::settle_record;
use super::super::seen::{Held, Settlement, StaleChoice};
use super::Draft;
use crate::app::{Tell, Unread, paths};
use crate::domain::announcement::stale::RowNews;
use crate::domain::announcement::status::AnnouncementStatus;
use crate::domain::ids::{AnnouncementLineId, RecordId};
use crate::error::AppError;
use crate::features::approvals::dialog::ReasonDialog;
use crate::ui::Confirm;
use leptos::prelude::*;

/// The row of the announcement and what its record says of it now, if it was corrected.
pub fn news_of(held: &[Held], line: &AnnouncementLineId) -> Option<RowNews> {
    held.iter().flat_map(|held| &held.news).find(|news| news.line() == Some(line)).cloned()
}

/// What becomes of the announcement while a record that it holds is being corrected, in a sentence.
const fn correction_leads_to(status: &AnnouncementStatus) -> &'static str {
    match status {
        AnnouncementStatus::Scheduled(_) => {
            "现在不必处理，定时发布照常进行。更正若在发布前审核完成且改动了本公告的明细，将暂停发布，请在本页选择「更新」或「保留并说明」。"
        }
        AnnouncementStatus::InReview => {
            "现在不必处理，审核照常进行。更正审核完成且改动了本公告的明细时，请在本页选择「更新」或「保留并说明」，之前不会发布。"
        }
        _ if status.is_public() => "已发布的内容不会改变。更正审核完成后，本页会列出差别，需要时请办理更正。",
        _ => {
            "现在不必处理，可以继续编辑；提交的是更正前审核完成的内容。更正审核完成后，受影响的行会在本页标出，请选择「更新」或「保留并说明」。"
        }
    }
}

fn or_empty(text: String) -> String {
    if text.is_empty() { "（空）".to_owned() } else { text }
}

/// What is said at the row itself: 改前 and 改后 of every cell.
#[component]
pub fn RowMark(news: RowNews) -> impl IntoView {
    let rows: Vec<(String, String, String)> = match news {
        RowNews::Changed { differences, .. } => {
            let each = |difference: crate::domain::announcement::line::Difference| {
                (difference.cell.label().to_owned(), or_empty(difference.before), or_empty(difference.after))
            };
            differences.into_iter().map(each).collect()
        }
        RowNews::Gone { was, .. } => vec![("该行".to_owned(), format!("{} 万元", was.sme.wan()), "已从年度数据中去除".to_owned())],
        RowNews::Added { .. } => Vec::new(),
    };
    view! {
        <div class="small">
            <span class="chip" data-tone="warn">"年度数据已更正"</span>
            {rows.into_iter().map(|(place, before, after)| view! { <div>{place}"："<span class="diff-pair"><del>{before}</del>" "<ins>{after}</ins></span></div> }).collect_view()}
        </div>
    }
}

/// What is asked before something is done about a record.
#[derive(Clone, Copy)]
struct Asked {
    record: RwSignal<Option<(RecordId, i64, String)>>,
    updating: RwSignal<bool>,
    keeping: RwSignal<bool>,
}

/// The whole notice; nothing where no record was or is being corrected.
#[component]
pub fn Corrected(draft: Draft) -> impl IntoView {
    let (status, now) = draft.read(|read| (read.status.clone(), read.now));
    let held = draft.held.get();
    let may_settle = draft.read(|read| (read.allowed.edit || read.allowed.withdraw) && !read.status.is_public());
    let asked = Asked { record: RwSignal::new(None), updating: RwSignal::new(false), keeping: RwSignal::new(false) };
    let correcting = |held: &Held| Some((paths::record(&held.record), held.unit_name.clone(), held.under_way.clone()?));
    let under_way: Vec<_> = held.iter().filter_map(correcting).collect();
    let then = correction_leads_to(&status);
    let outdated: Vec<Held> = held.into_iter().filter(|held| held.newest.is_some()).collect();
    let waits = outdated.iter().any(|held| held.is_undecided);
    let lead = match &status {
        _ if status.is_public() => "公告发布之后，以下年度数据又更正过。已发布的内容不会改变；需要时请办理更正。".to_owned(),
        AnnouncementStatus::Scheduled(_) if waits => "已暂停定时发布：作出选择之前不会发布。".to_owned(),
        _ if waits => "作出选择之前不能提交，也不会发布。".to_owned(),
        _ => "已选择保留更正前的内容，说明如下。".to_owned(),
    };
    let (then_kept, then_updated) = match &status {
        AnnouncementStatus::Scheduled(at) if *at <= now => (
            format!("明细保持更正前的内容，审核人会看到说明。设定的发布时间 {} 已过，确定后立即发布。", at.local()),
            "采用更正后的明细；公告将撤回，需重新提交审核，原定的发布不再进行。".to_owned(),
        ),
        AnnouncementStatus::Scheduled(at) => (
            format!("明细保持更正前的内容，审核人会看到说明；恢复定时发布，将于 {} 发布。", at.local()),
            "采用更正后的明细；公告将撤回，需重新提交审核，原定的发布不再进行。".to_owned(),
        ),
        AnnouncementStatus::InReview => {
            ("明细保持更正前的内容，审核人会看到说明。".to_owned(), "采用更正后的明细；公告将撤回，需重新提交审核。".to_owned())
        }
        _ => (
            "明细保持更正前的内容，审核人会看到说明。".to_owned(),
            "采用更正后的明细；本公告中已删除的行和已修改的单元格保持不变。".to_owned(),
        ),
    };
    view! {
        {(!under_way.is_empty()).then(|| view! {
            <div class="alert" data-tone="warn">
                <div class="alert-body"><p class="alert-title">"年度数据正在更正"</p><ul>{under_way.into_iter().map(|(to, unit, words)| view! { <li><a href=to>{unit.clone()}"的年度数据"</a>{words}</li> }).collect_view()}</ul><p>{then}</p></div>
            </div>
        })}
        {(!outdated.is_empty()).then(|| view! {
            <section class="panel" id="corrected" tabindex="-1" aria-labelledby="corrected-title">
                <header class="panel-head"><h2 id="corrected-title">"年度数据已更正"</h2><span class="panel-note">{lead}</span></header>
                {outdated.into_iter().map(|held| view! { <Record held may_settle asked /> }).collect_view()}
            </section>
        })}
        {may_settle.then(|| view! { <Deeds draft asked then_kept then_updated /> })}
    }
}

/// One record: its rows, and what is or was chosen.
#[component]
fn Record(held: Held, may_settle: bool, asked: Asked) -> impl IntoView {
    let (unit, newest) = (held.unit_name.clone(), held.newest.unwrap_or_default());
    let rows = held.news.into_iter().flat_map(rows_of).map(|(place, before, after)| {
        view! { <li><span class="diff-place">{place}</span><span class="diff-pair"><del>{before}</del>" "<ins>{after}</ins></span></li> }
    });
    let kept = held.kept.map(|kept| {
        let when = format!("{} 于 {} 选择「保留并说明」", kept.by, kept.at.local());
        let state = if held.is_undecided { "之后又有更正" } else { "保留更正前的内容" };
        view! { <p><span class="chip" data-tone="neutral">{state}</span>" 说明："{kept.reason}" "<span class="quiet small">{when}</span></p> }
    });
    let ask = {
        let (record, unit) = (held.record, unit.clone());
        move |which: RwSignal<bool>| {
            asked.record.set(Some((record.clone(), newest, unit.clone())));
            which.set(true);
        }
    };
    let (update, keep) = (ask.clone(), ask);
    view! {
        <div class="panel-body stack">
            <h3>{unit.clone()}</h3>
            <ul class="diff">{rows.collect_view()}</ul>
            {kept}
            {may_settle.then(|| view! {
                <div class="button-row">
                    <button class="button" data-kind="primary" type="button" aria-label=format!("更新：{unit}") on:click=move |_| update(asked.updating)>"更新"</button>
                    <button class="button" type="button" aria-label=format!("保留并说明：{unit}") on:click=move |_| keep(asked.keeping)>"保留并说明"</button>
                </div>
            })}
        </div>
    }
}

/// 改前 and 改后 of a touched row.
fn rows_of(news: RowNews) -> Vec<(String, String, String)> {
    match news {
        RowNews::Changed { project_name, differences, .. } => differences
            .into_iter()
            .map(|difference| {
                (format!("{project_name} · {}", difference.cell.label()), or_empty(difference.before), or_empty(difference.after))
            })
            .collect(),
        RowNews::Gone { was, .. } => vec![(was.project_name, format!("{} 万元", was.sme.wan()), "已从年度数据中去除".to_owned())],
        RowNews::Added { is } => vec![(is.project_name, "（无此行）".to_owned(), format!("新增，{} 万元", is.sme.wan()))],
    }
}

#[component]
fn Deeds(draft: Draft, asked: Asked, then_kept: String, then_updated: String) -> impl IntoView {
    let (tell, unread) = (expect_context::<Tell>(), expect_context::<Unread>());
    let problem = RwSignal::new(None::<AppError>);
    let pending = RwSignal::new(false);
    let settle = move |choice: StaleChoice, said: &'static str| {
        let Some((record, newest, _)) = asked.record.get_untracked() else { return };
        problem.set(None);
        pending.set(true);
        draft.saver.then(move |version| async move {
            let settled = match version {
                Ok(version) => settle_record(Settlement { id: draft.id(), version, record, newest, choice }).await,
                Err(error) => Err(error),
            };
            pending.set(false);
            match settled {
                Ok(saved) => {
                    asked.keeping.set(false);
                    tell.ok(said);
                    unread.refresh();
                    draft.changed().notify();
                    Some(saved)
                }
                Err(error) => {
                    if !asked.keeping.get_untracked() {
                        tell.bad(error.to_string());
                    }
                    problem.set(Some(error));
                    None
                }
            }
        });
    };
    let on_confirm = move |()| settle(StaleChoice::Update, "已更新为更正后的年度数据");
    let on_reason = Callback::new(move |reason: String| settle(StaleChoice::Keep(reason), "已保留更正前的内容"));
    let question = Signal::derive(move || {
        asked.record.with(|record| record.as_ref().map_or_else(String::new, |(.., unit)| format!("更新{unit}的明细？")))
    });
    view! {
        <Confirm open=asked.updating question consequence=then_updated on_confirm danger=false />
        <ReasonDialog open=asked.keeping title="保留并说明" label="保留的说明" consequence=then_kept on_reason pending problem />
    }
}
