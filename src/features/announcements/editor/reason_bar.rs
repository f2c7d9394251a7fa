//! The bar under the announcement's lines while changes wait (C4): what waits, the one reason for all of it, 「保存修改」 and 「放弃」.
//! It stays at the lower edge of the window, however long the table is.

use super::sheet::LineSheet;
use super::sheet_table::column_of;
use super::waiting::finishes;
use crate::domain::announcement::waiting::Told;
use crate::error::AppError;
use crate::ui::grid::at;
use crate::ui::{Confirm, Field, Problem, Textarea};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// How many of the texts that wait are listed.
pub const LISTED: usize = 50;

/// The bar; nothing while nothing waits.
#[component]
pub fn WaitingBar(sheet: LineSheet) -> impl IntoView {
    let waits = Memo::new(move |_| sheet.draft.waiting.with(|waiting| !waiting.is_empty()));
    move || waits.get().then(|| view! { <ReasonBar sheet /> })
}

/// One text that waits: where, before, after, and what has become of its line.
#[component]
pub fn WaitingText(told: Told) -> impl IntoView {
    let or_empty = |text: &str| if text.is_empty() { "（空）".to_owned() } else { text.to_owned() };
    let (before, after) = (or_empty(&told.typed.was), or_empty(&told.typed.text));
    view! {
        <span class="diff-place">{told.place()}</span>
        <span class="diff-pair"><del>{before}</del>" "<ins>{after}</ins></span>
        {told.news().map(|news| view! { <span class="chip" data-tone="warn">{news}</span> })}
    }
}

#[component]
fn ReasonBar(sheet: LineSheet) -> impl IntoView {
    let draft = sheet.draft;
    let reason = draft.reasons().all;
    let (missing, asking) = (RwSignal::new(false), RwSignal::new(false));
    let troubled = Memo::new(move |_| draft.waiting.with(|waiting| draft.lines.with(|lines| waiting.troubled(lines))));
    let said = move || {
        let (faulty, lost) = troubled.get();
        let mut said = format!("{} 行的修改还没有保存", draft.waiting.with(crate::domain::announcement::waiting::Waiting::len));
        if faulty > 0 {
            said = format!("{said}，其中 {faulty} 行须改正");
        }
        if lost > 0 {
            said = format!("{said}，{lost} 行已不在公告中");
        }
        said
    };
    let told = Memo::new(move |_| draft.told());
    let news = move || {
        told.with(|told| {
            let changed: Vec<String> =
                told.iter().filter(|told| told.has_line()).filter_map(|told| Some(format!("{}{}", told.place(), told.news()?))).collect();
            (!changed.is_empty()).then(|| format!("{}。再次保存将以您输入的为准，也可以放弃", changed.join("；")))
        })
    };
    let server = move || sheet.problem.with(|problem| problem.as_ref().and_then(|error| error.at_field("reason")));
    let error = Signal::derive(move || if missing.get() { Some("请填写修改理由".to_owned()) } else { server() });
    let general = move || sheet.problem.get().filter(|error: &AppError| error.at_field("reason").is_none());
    let save = move || {
        let (faulty, lost) = troubled.get_untracked();
        missing.set(reason.with_untracked(|reason| reason.trim().is_empty()));
        if faulty > 0 {
            sheet.tell.bad("有内容须先改正，见标红的单元格");
        } else if draft.waiting.with_untracked(crate::domain::announcement::waiting::Waiting::len) == lost {
            sheet.tell.bad("这些行已不在公告中，不能保存；请抄录需要的内容后丢弃");
        } else if !missing.get_untracked() {
            sheet.save();
        }
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        save();
    };
    let key = move |event: KeyboardEvent| {
        if finishes(&event) {
            event.prevent_default();
            save();
        }
    };
    let consequence = Signal::derive(move || format!("{} 处修改放弃后不能找回。", told.with(Vec::len)));
    view! {
        <form class="waiting-bar" aria-label="保存明细的修改" novalidate on:submit=submit on:keydown=key>
            <div class="waiting-said">
                <p class="strong" role="status">{said}</p>
                <p class="quiet small">"已保留在本机，离开本页不会丢失；填写修改理由后保存到公告。"</p>
                <Listed sheet told />
            </div>
            {move || general().map(|error| view! { <Problem message=error.to_string() /> })}
            {move || news().map(|message| view! { <Problem message /> })}
            <div class="waiting-reason">
                <Field id="sheet-reason" label="修改理由" hint="用于以上全部修改，审核人会看到；Ctrl+Enter 保存" required=true error let:control>
                    <Textarea id=control.id value=reason on_input=move |text| { draft.give_reason(text); missing.set(false); } rows=1 maxlength=500 described_by=control.described_by invalid=control.invalid />
                </Field>
                <div class="button-row">
                    <button class="button" data-kind="primary" type="submit" disabled=sheet.pending aria-busy=move || sheet.pending.get().to_string()>"保存修改"</button>
                    <button class="button" type="button" disabled=sheet.pending on:click=move |_| asking.set(true)>"放弃"</button>
                </div>
            </div>
        </form>
        <Confirm open=asking question="放弃未保存的修改？" consequence on_confirm=move |()| sheet.discard() />
    }
}

/// What waits, folded; each text leads to its cell, and what has lost its line can be let go by itself.
#[component]
fn Listed(sheet: LineSheet, told: Memo<Vec<Told>>) -> impl IntoView {
    let draft = sheet.draft;
    let lead = move |told: &Told| {
        if let Some(row) = sheet.row_of(&told.line) {
            draft.reasons().is_sheet.set(true);
            let place = at(row, column_of(told.cell));
            request_animation_frame(move || sheet.control.go(place));
        }
    };
    let row = move |told: Told| {
        let (has_line, line) = (told.has_line(), told.line.clone());
        let to = told.clone();
        let name = format!("丢弃：{}", told.name);
        view! {
            <li>
                <WaitingText told />
                {if has_line {
                    view! { <button class="button" data-kind="text" type="button" aria-label=format!("转到：{}", to.place()) on:click=move |_| lead(&to)>"转到"</button> }.into_any()
                } else {
                    view! { <button class="button" data-kind="text" data-tone="bad" type="button" aria-label=name on:click=move |_| draft.let_wait_go(Some(&line))>"丢弃"</button> }.into_any()
                }}
            </li>
        }
    };
    let more = move || {
        told.with(Vec::len)
            .checked_sub(LISTED)
            .filter(|more| *more > 0)
            .map(|more| view! { <p class="quiet small">{format!("另有 {more} 处没有列出")}</p> })
    };
    view! {
        <details class="fold">
            <summary>{move || format!("查看 {} 处修改", told.with(Vec::len))}</summary>
            <div class="waiting-list" role="region" tabindex="0" aria-label="未保存的修改">
                <ul class="diff">{move || told.get().into_iter().take(LISTED).map(row).collect_view()}</ul>
                {more}
            </div>
        </details>
    }
}
