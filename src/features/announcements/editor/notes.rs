//! What the page says about saving, about what was left behind, and about why it stands where it stands.

use super::Draft;
use super::outbox::from_entries;
use super::saving::{SaveState, Saver};
use crate::app::paths;
use crate::domain::announcement::status::AnnouncementStatus;
use crate::domain::announcement::waiting::kept::is_of_lines;
use crate::domain::kept::Entry;
use crate::error::AppError;
use crate::features::approvals::History;
use crate::ui::{Dialog, Problem};
use leptos::prelude::*;

/// 「已保存 12:03:21」, or what is wrong.
#[component]
pub fn SavedNote(saver: Saver) -> impl IntoView {
    let words = move || match saver.state.get() {
        SaveState::Idle => String::new(),
        SaveState::Saving => "正在保存…".to_owned(),
        SaveState::Saved(at) => format!("已保存 {}", at.local_time()),
        SaveState::Waiting(_) => "尚未保存，正在重试…".to_owned(),
        SaveState::Failed(_) => "没有保存".to_owned(),
    };
    let is_bad = move || matches!(saver.state.get(), SaveState::Waiting(_) | SaveState::Failed(_)) || saver.kept.is_full();
    let tone = move || is_bad().then_some("bad");
    let is_full = move || saver.kept.is_full().then_some(" 浏览器空间不足，未保存的内容没有全部在本机留底，保存前请不要离开本页。");
    view! { <span class="saved-note" role="status" data-tone=tone>{words}{is_full}</span> }
}

/// A save that did not go through: why, and the ways on. An expired sign-in asks for a new one without leaving the page.
#[component]
pub fn SaveTrouble(saver: Saver) -> impl IntoView {
    let signed_out = RwSignal::new(false);
    Effect::new(move || signed_out.set(matches!(saver.state.get(), SaveState::Waiting(AppError::SignedOut))));
    let reload = |_| {
        // A page that cannot be loaded anew shows what was typed all the same.
        let _ = window().location().reload();
    };
    view! {
        {move || match saver.state.get() {
            SaveState::Failed(error) => {
                let is_lost_race = matches!(error, AppError::Conflict(_));
                view! {
                    <Problem message=error.to_string()>
                        {is_lost_race.then(|| view! { <button class="button" type="button" on:click=reload>"刷新页面"</button> })}
                        <button class="button" type="button" on:click=move |_| saver.work()>"重试"</button>
                    </Problem>
                }.into_any()
            }
            SaveState::Waiting(error) if error != AppError::SignedOut => view! { <Problem message=error.to_string() /> }.into_any(),
            _ => ().into_any(),
        }}
        <Dialog open=signed_out title="登录已过期" size="small">
            <div class="dialog-body"><p>"本页填写的内容仍然保留。请在新页面重新登录，登录后本页会自动保存。"</p></div>
            <div class="dialog-foot">
                <a class="button" data-kind="primary" href=paths::SIGN_IN rel="external" target="_blank">"在新页面登录"</a>
                <button class="button" type="button" on:click=move |_| saver.work()>"重试"</button>
            </div>
        </Dialog>
    }
}

/// What an earlier visit typed and could not store.
#[component]
pub fn LeftBehind(draft: Draft) -> impl IntoView {
    let found = RwSignal::new(Vec::<Entry>::new());
    let kept = draft.saver.kept;
    // What the server has by now needs no answer.
    let look = move || {
        // What was typed into lines has a notice of its own.
        let parts = kept.left_behind().into_iter().filter(|entry| !is_of_lines(&entry.field));
        let (has, left) = parts.partition::<Vec<_>, _>(|entry| draft.shows(entry));
        kept.answered(&has);
        found.set(left);
    };
    Effect::new(look);
    let take_over = move |_| {
        let entries = found.get_untracked();
        draft.take_over(from_entries(&entries));
        kept.answered(&entries);
        look();
    };
    let throw_away = move |_| {
        kept.answered(&found.get_untracked());
        look();
    };
    move || {
        found.with(|found| !found.is_empty()).then(|| {
            view! {
                <div class="alert left-behind" data-tone="warn" role="alert">
                    <p class="alert-body">"上次有内容没有来得及保存，已为您保留在本机。"</p>
                    <div class="alert-actions">
                        <button class="button" data-kind="primary" type="button" on:click=take_over>"恢复并保存"</button>
                        <button class="button" type="button" on:click=throw_away>"放弃"</button>
                    </div>
                </div>
            }
        })
    }
}

/// Why it was returned or withdrawn.
#[component]
pub fn StateNote(status: AnnouncementStatus, history: History) -> impl IntoView {
    match status {
        AnnouncementStatus::Returned(reason) => {
            let by = history.answered_by();
            view! { <div class="alert" data-tone="bad"><p class="alert-body pre-line">{format!("退回意见{by}：")}<strong>{reason}</strong></p></div> }
                .into_any()
        }
        AnnouncementStatus::Withdrawn(reason) => {
            view! { <div class="alert" data-tone="warn"><p class="alert-body pre-line">"撤回理由："<strong>{reason}</strong></p></div> }
                .into_any()
        }
        _ => ().into_any(),
    }
}
