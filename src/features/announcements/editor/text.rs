//! Step ④「公告正文」: the rich editor on the left, the page as it will be published on the right (C7).

use super::super::seen::Unsaved;
use super::Draft;
use super::frame::{OpenEditor, Width, labels};
use super::inline::{Inline, InlineForm, InlineHint};
use super::template::TemplateFoot;
use crate::app::when::browser_now;
use crate::domain::announcement::TITLE_MAX;
use crate::domain::announcement::document::Document;
use crate::domain::announcement::render::{Severity, TextFinding, check, render_html};
use crate::ui::Room;
use leptos::prelude::*;

/// The step.
#[component]
pub fn TextPanel(draft: Draft) -> impl IntoView {
    let rich = draft.rich;
    let store = move |json: String| {
        draft.document.set(Some(json.clone()));
        draft.saver.note(Unsaved { document: Some(json), ..Unsaved::default() });
    };
    let replace = Callback::new(move |json: String| {
        rich.with(|rich| rich.set_document(&json));
        store(json);
    });
    let type_title = move |event| {
        let title = event_target_value(&event);
        draft.title.set(title.clone());
        draft.saver.note(Unsaved { title: Some(title), ..Unsaved::default() });
    };
    let begin = Callback::new(move |()| (draft.document.get_untracked().unwrap_or_default(), draft.figures.get_untracked()));
    Effect::new(move || {
        let figures = draft.figures.get();
        rich.with(|rich| rich.set_chips(&labels(&figures), &figures.detail_label()));
    });
    view! {
        <div class="field">
            <label class="field-label" for="title">"公告标题"</label>
            <input class="input" id="title" maxlength=TITLE_MAX prop:value=draft.title aria-describedby="title-room" on:input=type_title />
            <Room id="title-room" text=draft.title max=TITLE_MAX />
        </div>
        <Findings draft />
        <div class="split">
            <section class="editor" aria-label="编辑公告正文">
                <OpenEditor keeps=draft.rich begin on_change=Callback::new(store) />
                <div class="editor-foot"><TemplateFoot draft replace /></div>
            </section>
            <Preview draft />
        </div>
    }
}

/// What contradicts the data, and what programs would not find.
#[component]
fn Findings(draft: Draft) -> impl IntoView {
    let findings = Memo::new(move |_| {
        let document = draft.document.with(|json| json.as_deref().and_then(|json| Document::parse(json).ok()));
        document.map(|document| draft.figures.with(|figures| check(&document, figures, &draft.title.get()))).unwrap_or_default()
    });
    let row = |finding: TextFinding| {
        let tone = (finding.severity == Severity::Error).then_some("bad");
        view! { <li data-tone=tone>{finding.message}</li> }
    };
    view! {
        <ul class="findings" data-rows="" aria-live="polite" aria-label="发布前检查">
            {move || {
                let findings = findings.get();
                if findings.is_empty() { view! { <li data-tone="ok">"正文与数据一致"</li> }.into_any() } else { findings.into_iter().map(row).collect_view().into_any() }
            }}
        </ul>
    }
}

/// The page as it will be published; the same function makes both.
#[component]
fn Preview(draft: Draft) -> impl IntoView {
    let body = Memo::new(move |before: Option<&String>| {
        let document = draft.document.with(|json| json.as_deref().and_then(|json| Document::parse(json).ok()));
        match document {
            Some(document) => draft.figures.with(|figures| render_html(&document, figures)),
            // A text that cannot be read is said at the save; the last good page stays.
            None => before.cloned().unwrap_or_default(),
        }
    });
    let synced = RwSignal::new(String::new());
    Effect::new(move || {
        body.track();
        draft.title.track();
        synced.set(browser_now().map(|now| format!("与正文同步 {}", now.local_time())).unwrap_or_default());
    });
    let inline = Inline::new(draft);
    Effect::new(move || {
        body.track();
        inline.settle();
    });
    let is_phone = RwSignal::new(false);
    let width = move || if is_phone.get() { "phone" } else { "desktop" };
    view! {
        <section class="preview" aria-labelledby="preview-title" data-width=width>
            <div class="panel-head">
                <h2 id="preview-title">"预览"</h2>
                <span class="panel-note">{synced}</span>
                <div class="panel-actions">
                    <Width is_phone />
                </div>
            </div>
            <InlineHint />
            <div class="preview-body" tabindex="0" role="region" aria-label="公告预览" node_ref=inline.body>
                <article class="notice">
                    <h1 class="notice-title">{move || draft.title.with(|title| if title.trim().is_empty() { "（公告标题）".to_owned() } else { title.clone() })}</h1>
                    <div inner_html=body node_ref=inline.text on:click=move |event| inline.pointed(&event) on:keydown=move |event| inline.pressed(&event)></div>
                </article>
                <InlineForm inline />
            </div>
        </section>
    }
}
