//! Who else has the announcement open for editing, by name; and whether they have changed something.

use super::super::api::visit_announcement;
use super::super::seen::{Companion, Visit};
use super::Draft;
use crate::app::chance;
use crate::domain::ids::VisitId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::Storage;
use std::time::Duration;

/// How often the page says that it is there. The server forgets whoever was silent for three times as long.
const EVERY: Duration = Duration::from_secs(15);

/// The steps by their names.
const STEPS: [&str; 4] = ["基本信息", "公告内容", "附件", "公告正文"];

/// Where the window keeps who it is, for as long as it is open.
const KEY: &str = "setaside.visit";

/// Set while the window is between two pages: a window that was opened as a copy of this one has the copy's memory, but not this.
const LEFT: &str = "setaside.visit.left";

fn memory_of_window() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// Who this window is: after a reload, or when it comes back to the page, still the same, so that it does not take itself for another one.
fn visit_of_window() -> Option<VisitId> {
    let memory = memory_of_window();
    let has_left = |memory: &&Storage| memory.get_item(LEFT).ok().flatten().is_some();
    let kept = memory.as_ref().filter(has_left).and_then(|memory| memory.get_item(KEY).ok().flatten());
    let visit = kept.and_then(|kept| VisitId::parse(&kept).ok()).or_else(chance::new_id)?;
    // Where the browser keeps nothing, a reload shows the window to itself for a moment.
    if let Some(memory) = memory {
        let _ = memory.set_item(KEY, visit.as_str());
    }
    is_here();
    Some(visit)
}

/// The window is on the page: also when the browser shows it again as it was.
fn is_here() {
    if let Some(memory) = memory_of_window() {
        let _ = memory.remove_item(LEFT);
    }
}

/// The window goes to another page, or to this one anew.
fn leaves() {
    if let Some(memory) = memory_of_window() {
        let _ = memory.set_item(LEFT, "1");
    }
}

/// 「同时在编辑：…」.
#[component]
pub fn Presence(draft: Draft) -> impl IntoView {
    let others = RwSignal::new(Vec::<Companion>::new());
    // Only the browser has chance, and only the browser is a visit.
    let visit = StoredValue::new(None::<VisitId>);
    let say = move |leaves: bool| {
        let Some(visit) = visit.try_get_value().flatten() else { return };
        let step = u8::try_from(draft.step().try_get_untracked().unwrap_or(1)).unwrap_or(1);
        let input = Visit { id: draft.id(), visit, step, leaves };
        spawn_local(async move {
            // Without an answer nothing is known of others; the next round asks again.
            let Ok(company) = visit_announcement(input).await else { return };
            if !leaves && company.version > draft.saver.version() {
                draft.catch_up();
            }
            others.try_set(company.others);
        });
    };
    Effect::new(move || {
        if visit.with_value(Option::is_none) {
            visit.set_value(visit_of_window());
        }
        // The step on the screen is a part of what is said.
        draft.step().track();
        say(false);
    });
    Effect::new(move || {
        let again = set_interval_with_handle(
            move || {
                if !document().hidden() {
                    say(false);
                }
            },
            EVERY,
        );
        let back = window_event_listener(leptos::ev::focus, move |_| say(false));
        let gone = window_event_listener_untyped("pagehide", |_| leaves());
        let shown = window_event_listener_untyped("pageshow", |_| is_here());
        on_cleanup(move || {
            if let Ok(again) = again {
                again.clear();
            }
            for listener in [back, gone, shown] {
                listener.remove();
            }
        });
    });
    on_cleanup(move || say(true));
    let words = Memo::new(move |_| {
        others.with(|others| {
            let mut said = Vec::new();
            let each = others.iter().map(|other| {
                let step = STEPS.get(usize::from(other.step).saturating_sub(1)).copied().unwrap_or_default();
                if other.is_oneself { format!("您本人（另一窗口，{step}）") } else { format!("{}（{step}）", other.name) }
            });
            // Several windows of one person at one step are told once.
            for words in each {
                if !said.contains(&words) {
                    said.push(words);
                }
            }
            said.join("、")
        })
    });
    view! {
        <span class="presence" role="status">
            {move || words.with(|words| (!words.is_empty()).then(|| view! { <span class="chip" data-tone="warn">{format!("同时在编辑：{words}")}</span> }))}
        </span>
    }
}
