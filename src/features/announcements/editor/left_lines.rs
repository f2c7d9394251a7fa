//! What an earlier visit typed into the announcement's lines and could not store (C4): offered again with its line, before and after.
//!
//! Always: nothing of it goes without an answer; what has lost its line meanwhile stays on the page until the person lets it go.

use super::Draft;
use super::obstacles::focus_soon;
use super::reason_bar::{LISTED, WaitingText};
use crate::app::Tell;
use crate::domain::announcement::waiting::kept::{Left, is_of_lines};
use crate::domain::announcement::waiting::{Told, Waiting};
use crate::domain::kept::Entry;
use crate::ui::Confirm;
use leptos::prelude::*;

fn read(entries: &[Entry]) -> Left {
    Left::read(entries.iter().map(|entry| (entry.field.as_str(), entry.text.as_str())))
}

impl Draft {
    /// Of what was left behind, what the announcement says by now, or this page holds already.
    fn has_by_now(self, entries: Vec<Entry>) -> (Vec<Entry>, Vec<Entry>) {
        let mut open = read(&entries);
        self.lines.with_untracked(|lines| open.waiting.settle(lines, None));
        self.waiting.with_untracked(|own| {
            let text = |of: &Waiting, id: &_, cell| of.of(id).and_then(|line| line.cells.get(&cell)).map(|typed| typed.text.clone());
            open.waiting = open.waiting.only(|id, cell| text(own, id, cell) != text(&open.waiting, id, cell));
        });
        let is_given = |id: &_, reason: &str| {
            self.lines.with_untracked(|lines| lines.iter().any(|line| line.id == *id && line.reason == reason.trim()))
        };
        open.reasons.retain(|id, reason| !is_given(id, reason));
        entries.into_iter().partition(|entry| match Left::place_of(&entry.field) {
            Some((id, cell)) => open.waiting.of(&id).is_none_or(|line| !line.cells.contains_key(&cell)),
            // A reason is about what it was given for.
            None => open.waiting.is_empty() && open.reasons.values().all(|reason| *reason != entry.text),
        })
    }
}

/// The notice; nothing where nothing was left behind.
#[component]
pub fn LeftLines(draft: Draft) -> impl IntoView {
    let found = RwSignal::new(Vec::<Entry>::new());
    let kept = draft.saver.kept;
    let look = move || {
        let left = kept.left_behind().into_iter().filter(|entry| is_of_lines(&entry.field)).collect();
        let (has, left) = draft.has_by_now(left);
        kept.answered(&has);
        found.set(left);
    };
    // What is stored meanwhile, by another window too, needs no answer any more.
    Effect::new(move |begun: Option<()>| {
        draft.lines.track();
        if begun.is_none() || found.with_untracked(|found| !found.is_empty()) {
            look();
        }
    });
    let is_there = Memo::new(move |_| found.with(|found| !found.is_empty()));
    let told = Memo::new(move |_| found.with(|found| draft.lines.with(|lines| read(found).waiting.told(lines))));
    move || is_there.get().then(|| view! { <Notice draft found told look=Callback::new(move |()| look()) /> })
}

#[component]
fn Notice(draft: Draft, found: RwSignal<Vec<Entry>>, told: Memo<Vec<Told>>, look: Callback<()>) -> impl IntoView {
    let (tell, kept) = (expect_context::<Tell>(), draft.saver.kept);
    let asking = RwSignal::new(false);
    let lost = Memo::new(move |_| told.with(|told| told.iter().filter(|told| !told.has_line()).count()));
    let reason = move || found.with(|found| read(found).words());
    let title = move || match told.with(Vec::len) {
        0 => "上次填写的修改理由还没有保存，已为您保留在本机".to_owned(),
        count => format!("上次在公告明细中填写的 {count} 处修改还没有保存，已为您保留在本机"),
    };
    let can_restore = Memo::new(move |_| told.with(Vec::len) > lost.get() || told.with(Vec::is_empty));
    let restore = move |_| {
        let entries = found.get_untracked();
        let left = read(&entries);
        let placed = told.with_untracked(|told| {
            left.waiting.only(|id, cell| told.iter().any(|told| told.has_line() && told.line == *id && told.cell == cell))
        });
        let restored: Vec<Entry> = entries
            .into_iter()
            .filter(|entry| {
                Left::place_of(&entry.field).is_none_or(|(id, cell)| placed.of(&id).is_some_and(|line| line.cells.contains_key(&cell)))
            })
            .collect();
        let (reasons, count) = (draft.reasons(), told.with_untracked(Vec::len) - lost.get_untracked());
        let words = left.words();
        reasons.of_lines.update_value(|given| given.extend(left.reasons));
        if count > 0 {
            draft.wait_again(placed);
            if draft.lines_wait() && reasons.all.with_untracked(|reason| reason.trim().is_empty()) {
                draft.give_reason(words);
            }
            draft.step().set(2);
            reasons.is_sheet.set(true);
            // The bar that has the focus now says what waits, and for what.
            focus_soon("sheet-reason");
        } else {
            tell.ok("修改理由已恢复，打开该行的修改时会填入");
        }
        // Kept as this page's own by now.
        kept.answered(&restored);
        look.run(());
    };
    let throw_away = move |()| {
        kept.answered(&found.get_untracked());
        look.run(());
    };
    let consequence = Signal::derive(move || match told.with(Vec::len) {
        0 => "丢弃后不能找回。".to_owned(),
        count => format!("{count} 处修改丢弃后不能找回。"),
    });
    let rows = move || told.get().into_iter().take(LISTED).map(|told| view! { <li><WaitingText told /></li> }).collect_view();
    let more = move || told.with(Vec::len).checked_sub(LISTED).filter(|more| *more > 0);
    let is_short = told.with_untracked(|told| told.len() <= 5);
    view! {
        <section class="alert left-behind" data-tone="warn" aria-labelledby="left-lines-title">
            <div class="alert-body stack">
                <p class="strong" role="alert" id="left-lines-title">{title}</p>
                {move || told.with(|told| !told.is_empty()).then(|| view! {
                    <details class="fold" open=is_short>
                        <summary>"查看这些修改"</summary>
                        <div class="waiting-list" role="region" tabindex="0" aria-label="上次未保存的修改">
                            <ul class="diff">{rows}</ul>
                            {move || more().map(|more| view! { <p class="quiet small">{format!("另有 {more} 处没有列出")}</p> })}
                        </div>
                    </details>
                })}
                {move || Some(reason()).filter(|reason| !reason.is_empty()).map(|reason| view! { <p>"修改理由："{reason}</p> })}
                {move || (lost.get() > 0).then(|| view! { <p>{format!("其中 {} 处的行已被删除或不在公告中，不能恢复；需要的内容请先抄录。", lost.get())}</p> })}
            </div>
            <div class="alert-actions">
                {move || can_restore.get().then(|| view! { <button class="button" data-kind="primary" type="button" on:click=restore>"恢复"</button> })}
                <button class="button" type="button" on:click=move |_| asking.set(true)>"丢弃"</button>
            </div>
        </section>
        <Confirm open=asking question="丢弃上次填写的内容？" consequence on_confirm=throw_away />
    }
}
