//! What stands in the way of 「提交」: everything at once, each with the way to its place, before an approver is chosen (C8).

use super::Draft;
use crate::app::Tell;
use crate::domain::announcement::allowed::{NotReady, Submission, obstacles};
use crate::domain::announcement::document::Document;
use crate::domain::announcement::waiting::kept::is_of_lines;
use leptos::prelude::*;

/// The step, and the id of what has the focus there.
fn place(obstacle: &NotReady) -> (usize, &'static str) {
    match obstacle {
        NotReady::Basics(fault) if fault.is_about_end() => (1, "expires-on"),
        NotReady::Basics(_) => (1, "publish-at"),
        NotReady::NotGenerated => (3, "step-3"),
        NotReady::OtherDistrict => (4, "step-4"),
        // It stands above the steps.
        NotReady::Corrected(_) => (2, "corrected"),
        NotReady::Text(_) => (4, "title"),
    }
}

impl Draft {
    /// Everything that the server would refuse at 「提交」, and what was typed and cannot be read.
    pub fn obstacles(&self) -> Vec<NotReady> {
        let document = self.document.with(|json| json.as_deref().and_then(|json| Document::parse(json).ok()));
        let unread = self.form().unread();
        let (number, title) = (self.number.get(), self.title.get());
        let (basics, now) = (self.basics.get(), self.read(|read| read.now));
        let undecided: Vec<String> =
            self.held.with(|held| held.iter().filter(|held| held.is_undecided).map(|held| held.unit_name.clone()).collect());
        let found = self.figures.with(|figures| {
            let submission = Submission {
                number: number.as_deref(),
                district: basics.district,
                mode: basics.mode,
                expires_on: basics.expires_on,
                title: &title,
                document: document.as_ref(),
                figures,
                undecided: &undecided,
            };
            obstacles(&submission, now)
        });
        // A field that cannot be read now says nothing about the value that was stored before.
        let is_unread = |end: bool| unread.iter().any(|fault| fault.is_about_end() == end);
        let stale = |obstacle: &NotReady| matches!(obstacle, NotReady::Basics(fault) if is_unread(fault.is_about_end()));
        let found = found.into_iter().filter(|obstacle| !stale(obstacle)).collect::<Vec<_>>();
        unread.iter().cloned().map(NotReady::Basics).chain(found).collect()
    }
}

impl Draft {
    /// The steps in which something would be refused at 「提交」.
    pub fn wrong_steps(&self) -> Vec<usize> {
        self.obstacles().iter().map(|obstacle| place(obstacle).0).collect()
    }
}

/// Puts the focus there as soon as it is on the screen.
pub fn focus_soon(id: &'static str) {
    request_animation_frame(move || {
        if let Some(element) = document().get_element_by_id(id) {
            use leptos::wasm_bindgen::JsCast as _;
            if let Ok(element) = element.dyn_into::<leptos::web_sys::HtmlElement>() {
                // An element that cannot have the focus is at least on the screen.
                let _ = element.focus();
            }
        }
    });
}

/// Scrolls the element of this id into sight again, if it has the focus, as soon as what is about to change above it has changed.
pub fn stay_in_sight(id: &'static str) {
    request_animation_frame(move || {
        if let Some(element) = document().active_element().filter(|element| element.id() == id) {
            element.scroll_into_view();
        }
    });
}

/// Goes to 「提交」, or shows what stands in its way.
pub fn ask_to_submit(draft: Draft, tell: Tell, is_asked: RwSignal<bool>, submit: RwSignal<bool>) {
    if draft.lines_wait() {
        let waits = draft.waiting.with_untracked(crate::domain::announcement::waiting::Waiting::len);
        tell.bad(format!("公告内容中有修改还没有保存（{waits} 行），请在表格下方填写修改理由并「保存修改」，或「放弃」"));
        draft.step().set(2);
        draft.reasons().is_sheet.set(true);
        focus_soon("sheet-reason");
    } else if draft.saver.kept.holds_of(is_of_lines) {
        tell.bad("预览中正在修改的单元格还没有保存，请先「确定」或「取消」");
        draft.step().set(4);
        focus_soon("inline-reason");
    } else if untrack(|| draft.obstacles().is_empty()) {
        is_asked.set(false);
        // What a colleague saved a moment ago comes onto the page now, and is then known to be unseen.
        draft.news().asked_to_submit();
        draft.catch_up();
        submit.set(true);
    } else {
        is_asked.set(true);
        focus_soon("obstacles");
    }
}

/// The list, as long as anything is in it.
#[component]
pub fn Obstacles(draft: Draft, is_asked: RwSignal<bool>) -> impl IntoView {
    let found = Memo::new(move |_| if is_asked.get() { draft.obstacles() } else { Vec::new() });
    let go = move |(step, id): (usize, &'static str)| {
        draft.step().set(step);
        focus_soon(id);
    };
    move || {
        let found = found.get();
        (!found.is_empty()).then(|| {
            let title = format!("提交前还有 {} 处须改正", found.len());
            let rows = found
                .into_iter()
                .map(|obstacle| {
                    let to = place(&obstacle);
                    view! { <li data-tone="bad"><button type="button" on:click=move |_| go(to)>{obstacle.to_string()}</button></li> }
                })
                .collect_view();
            view! {
                <section class="alert" data-tone="bad" id="obstacles" tabindex="-1" aria-labelledby="obstacles-title">
                    <div class="alert-body stack">
                        <h2 class="alert-title" id="obstacles-title">{title}</h2>
                        <ul class="findings" data-rows="">{rows}</ul>
                    </div>
                </section>
            }
        })
    }
}
