//! The page of one 年度数据: state and what to do now, the sums, the lines, what is not counted, the course of things.

mod deviations;
mod moves;
mod news;
mod parts;
mod shares;

use super::RecordView;
use super::api::{RecordOnly, record_page};
use super::duplicates::DuplicatesPanel;
use super::grid::{LineGrid, ReadOnlyLines, focus};
use super::left_out::LeftOutPanel;
use super::list::tone;
use super::saving::Saver;
use super::sheet::{Lines, Sheet};
use crate::app::{Tell, missing, paths};
use crate::domain::ids::RecordId;
use crate::domain::record::listed::Listed;
use crate::domain::record::status::RecordStatus;
use crate::error::AppError;
use crate::features::approvals::progress::Progress;
use crate::ui::{Again, Menu, StatusPill};
use deviations::Deviations;
use leptos::prelude::*;
use leptos_meta::Title;
use moves::{Dialogs, Moves};
use news::{BEHIND, BEHIND_NOTE, BehindNote, LedgerNote};
use parts::{Changes, Figures, LeftBehind, Remark, SavedNote, StateNote};
use shares::SharesPanel;

/// The page.
#[component]
pub fn RecordPage() -> impl IntoView {
    let id = missing::use_id(RecordId::parse);
    let changed = Again::new();
    let moved = RwSignal::new(None::<String>);
    let view = Resource::new(
        move || (changed.count(), id.get()),
        |(_, id)| async move {
            match id {
                Some(id) => record_page(RecordOnly { record: id }).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Transition fallback=|| view! { <p class="loading" aria-busy="true">"正在读取…"</p> }>
            {move || Suspend::new(async move {
                match view.await {
                    Err(error) => view! { <missing::Failed title="年度数据" error /> }.into_any(),
                    Ok(view) => view! { <Body view changed moved /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Body(view: RecordView, changed: Again, moved: RwSignal<Option<String>>) -> impl IntoView {
    // The button that was pressed is gone with the state that it belonged to: the focus goes on to what it led to.
    Effect::new(move || {
        if let Some(target) = moved.get_untracked() {
            moved.set(None);
            request_animation_frame(move || focus(&target));
        }
    });
    let RecordView {
        record,
        rules,
        lines,
        left_out,
        left_out_counts,
        claim_files,
        history,
        submitted_by,
        candidates,
        allowed,
        changes,
        now,
    } = view;
    let title = format!("{} · {} 年度", record.unit_name, record.year);
    let saver = Saver::new(record.id.clone(), record.content_version, record.remark.clone(), now);
    let sheet = Sheet::new(lines.clone(), rules, saver, allowed.edit);
    let sums = Memo::new(move |_| sheet.totals());
    let open_lines = Memo::new(move |_| sheet.read(Lines::blocking));
    let dialogs = Dialogs::default();
    // What may be counted twice is asked at first, and once more for the content that is about to be submitted.
    let duplicates = RwSignal::new(0_usize);
    let contracts_moved = RwSignal::new(0_i64);
    let looked = Signal::derive(move || {
        let submitting = if dialogs.submit.get() { saver.content_version.get() } else { 0 };
        submitting.saturating_add(contracts_moved.get())
    });
    // A contract that came or went changes the page in place: what is being sent, typed or could be taken back stays.
    let on_moved = Callback::new(move |()| contracts_moved.update(|count| *count -= 1));
    let line_count = lines.len();
    let listed = RwSignal::new(Listed::new(left_out.clone(), left_out_counts));
    let submitted = record.submitted_at.map(|at| (submitted_by.clone(), at));
    let is_reopened = record.status.consented(history.last_answer()).is_some();
    let is_done = matches!(record.status, RecordStatus::Approved | RecordStatus::CorrectionAsked(_));
    let note = submitted
        .as_ref()
        .filter(|_| record.round > 0 && !allowed.edit)
        .map(|(who, at)| format!("{who} {} 提交 · 第 {} 次", at.local_short(), record.round));
    let head = record.clone();
    let (export, print) = (paths::record_export(&record.id), paths::record_print(&record.id));
    let tell = expect_context::<Tell>();
    // Whoever cannot submit yet is told before they choose an approver, and led to the place.
    let submit = move |_| {
        sheet.flush();
        if untrack(|| saver.is_behind()) {
            tell.bad(BEHIND.to_owned());
            focus(BEHIND_NOTE);
            return;
        }
        let open = open_lines.get_untracked();
        if open == 0 {
            dialogs.submit.set(true);
        } else {
            tell.bad(format!("还有 {open} 行需要处理：请补充标红的单元格，或剔除该行并说明理由。已转到第一处。"));
            sheet.go_to_next_error(true);
        }
    };
    view! {
        <Title text=title.clone() />
        <nav aria-label="位置"><ol class="breadcrumb"><li><a href=paths::RECORDS>"中小企业预留执行情况"</a></li><li aria-current="page">{if allowed.edit { "编辑" } else if allowed.review { "审核" } else { "查看" }}</li></ol></nav>
        <header class="page-head" data-sticky="">
            <a class="page-back" href=paths::RECORDS aria-label="返回列表">"‹"</a>
            <h1 id="page-title" tabindex="-1">{title}</h1>
            <StatusPill label=record.status.label().to_owned() tone=tone(&record.status) />
            {note.map(|note| view! { <p class="page-note">{note}</p> })}
            <div class="page-actions">
                {allowed.edit.then(|| view! { <SavedNote sheet /> })}
                <Menu label="导出">
                    <li><a href=export download="">"导出 XLSX"</a></li>
                    <li><a href=print>"打印页"</a></li>
                </Menu>
                {allowed.edit.then(|| view! { <a class="button" href=paths::update(&record.id)>"从合同更新"</a> })}
                {allowed.edit.then(|| view! {
                    <button class="button" data-kind="primary" type="button" on:click=submit>"提交"</button>
                })}
                {allowed.review.then(|| view! { <button class="button desktop-only" data-kind="primary" type="button" on:click=move |_| dialogs.open_review(true)>"审核"</button> })}
                {allowed.withdraw.then(|| view! { <button class="button" type="button" on:click=move |_| dialogs.withdraw.set(true)>"撤回"</button> })}
                {allowed.ask_correction.then(|| view! { <button class="button" type="button" on:click=move |_| dialogs.correct.set(true)>"申请更正"</button> })}
            </div>
        </header>
        <StateNote record=record.clone() history=history.clone() />
        {allowed.edit.then(|| view! { <LeftBehind sheet /> })}
        {allowed.edit.then(|| view! { <BehindNote sheet /> })}
        {allowed.edit.then(|| view! { <LedgerNote record=record.id.clone() /> })}
        <div class="approve">
            <Figures sums left_out_count=Signal::derive(move || listed.with(Listed::total)) explanation=paths::explanation(&record.id) />
            {(!changes.is_empty()).then(|| view! { <Changes changes /> })}
            {(!allowed.edit).then(|| view! { <Deviations lines=lines.clone() left_out=left_out.clone() claim_files record=record.id.clone() remark=record.remark.clone() rules sheet asks=allowed.review /> })}
            <DuplicatesPanel record=record.id.clone() again=looked count=duplicates />
            {if allowed.edit {
                view! { <LineGrid record=record.id.clone() sheet left_out=listed on_moved /> }.into_any()
            } else {
                view! { <ReadOnlyLines lines rules sheet print=paths::record_print(&record.id) /> }.into_any()
            }}
            <SharesPanel record=record.id.clone() lines=line_count sums editable=allowed.edit sheet />
            <Remark record=record.clone() editable=allowed.edit sheet />
            <LeftOutPanel record=record.id.clone() listed basis=rules.basis editable=allowed.edit sheet on_moved />
            <Progress history submitted goal="审核完成" is_reached=is_done is_reopened now />
            {(allowed.review || allowed.answer_correction).then(|| view! {
                <div class="approve-bar">
                    <button class="button" data-kind="danger" type="button" on:click=move |_| { if allowed.review { dialogs.open_review(false) } else { dialogs.refuse.set(true) } }>
                        {if allowed.review { "不同意" } else { "不同意更正" }}
                    </button>
                    {if allowed.review {
                        view! { <button class="button" data-kind="primary" type="button" on:click=move |_| dialogs.open_review(true)>"同意"</button> }.into_any()
                    } else {
                        view! { <button class="button" data-kind="primary" type="button" on:click=move |_| dialogs.consent.set(true)>"同意更正"</button> }.into_any()
                    }}
                </div>
            })}
        </div>
        <Moves record=head dialogs sheet candidates completes=allowed.completes open_lines sums duplicates changed moved />
    }
}
