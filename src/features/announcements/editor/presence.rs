//! Who else has the announcement open for editing, by name; and whether they have changed something.

use super::super::api::visit_announcement;
use super::super::seen::{Companion, Visit};
use super::Draft;
use crate::app::chance;
use crate::domain::ids::VisitId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::PerformanceNavigation;
use std::time::Duration;

/// How often the page says that it is there. The server forgets whoever was silent for three times as long.
const EVERY: Duration = Duration::from_secs(15);

/// The steps by their names.
const STEPS: [&str; 4] = ["基本信息", "公告内容", "附件", "公告正文"];

/// Where the window keeps who it is, for as long as it is open.
const KEY: &str = "setaside.visit";

/// Who this window is: after a reload still the same, so that it does not take itself for another one. Only after a reload, because a window
/// that was opened as the copy of another one has the copy's memory as well.
fn visit_of_window() -> Option<VisitId> {
    let memory = window().session_storage().ok().flatten();
    let is_reload =
        window().performance().is_some_and(|performance| performance.navigation().type_() == PerformanceNavigation::TYPE_RELOAD);
    let kept = memory.as_ref().filter(|_| is_reload).and_then(|memory| memory.get_item(KEY).ok().flatten());
    let visit = kept.and_then(|kept| VisitId::parse(&kept).ok()).or_else(chance::new_id)?;
    // Where the browser keeps nothing, a reload shows the window to itself for a moment.
    if let Some(memory) = memory {
        let _ = memory.set_item(KEY, visit.as_str());
    }
    Some(visit)
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
        on_cleanup(move || {
            if let Ok(again) = again {
                again.clear();
            }
            back.remove();
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
