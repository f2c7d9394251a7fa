//! What others have changed on the page while it was open: said until it is read, and nobody submits what came after they asked to.

use super::Draft;
use crate::error::AppError;
use leptos::prelude::*;

/// What came from others.
#[derive(Clone, Copy)]
pub struct News {
    /// The parts that were changed since the person last said that they know.
    parts: RwSignal<Vec<&'static str>>,
    /// How often something came.
    count: StoredValue<u32>,
    /// How often it had when the person asked to submit.
    asked: StoredValue<u32>,
}

impl News {
    /// Nothing yet.
    pub fn new() -> News {
        News { parts: RwSignal::new(Vec::new()), count: StoredValue::new(0), asked: StoredValue::new(0) }
    }

    /// These parts have come onto the page; with `is_other` also something that it shows by itself, such as lines.
    pub fn came(self, parts: &[&'static str], is_other: bool) {
        if is_other || !parts.is_empty() {
            self.count.try_update_value(|count| *count = count.wrapping_add(1));
        }
        if parts.is_empty() {
            return;
        }
        self.parts.try_update(|known| {
            for part in parts {
                if !known.contains(part) {
                    known.push(part);
                }
            }
        });
    }

    /// The person asks to submit what stands on the page now.
    pub fn asked_to_submit(self) {
        self.asked.set_value(self.count.get_value());
    }

    /// Whether the page still says what it said when the person asked to submit.
    pub fn as_asked(self) -> Result<(), AppError> {
        if self.asked.get_value() == self.count.get_value() {
            return Ok(());
        }
        Err(AppError::Conflict("公告刚才在别处修改，最新内容已更新到本页。请先取消，核对后再提交".to_owned()))
    }
}

/// Says what has come, until the person knows.
#[component]
pub fn JoinedNews(draft: Draft) -> impl IntoView {
    let parts = draft.news().parts;
    move || {
        let words = parts.with(|parts| parts.join("、"));
        (!words.is_empty()).then(|| {
            view! {
                <div class="alert" data-tone="warn" role="status" id="joined-news">
                    <p class="alert-body">{format!("{words}已在别处修改，最新内容已更新到本页，请核对；此前的内容可在「历史版本」中查看。")}</p>
                    <div class="alert-actions"><button class="button" type="button" on:click=move |_| parts.set(Vec::new())>"知道了"</button></div>
                </div>
            }
        })
    }
}
