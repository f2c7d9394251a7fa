//! A template with example data, as an announcement made from it would begin; the same function makes both.

use super::super::editor::frame::{OpenEditor, Segmented, Width, labels};
use super::entry::Entry;
use crate::domain::announcement::render::{Severity, TextFinding, render_html};
use crate::domain::announcement::template::draft::Field;
use crate::domain::announcement::template::pattern::TitlePattern;
use crate::domain::announcement::template::wording::{example, example_zero, findings};
use crate::domain::announcement::template::{Wording, filled};
use crate::domain::calendar::Year;
use leptos::prelude::*;

/// The year of the example: the first one that the template serves, where it can be read.
fn example_year(entry: Entry) -> i32 {
    entry.draft.with(|draft| Year::parse(draft.from.trim())).map_or(2025, Year::number)
}

/// The editor, loaded when the page is first shown.
#[component]
pub fn RichText(entry: Entry) -> impl IntoView {
    let year = Memo::new(move |_| example_year(entry));
    Effect::new(move || {
        let figures = example(year.get());
        entry.rich.with(|rich| rich.set_chips(&labels(&figures), &figures.detail_label()));
    });
    let begin = Callback::new(move |()| (entry.draft.with_untracked(|draft| draft.document.clone()), example(year.get_untracked())));
    let on_change = Callback::new(move |json: String| entry.write(Field::Document, json));
    view! { <OpenEditor keeps=entry.rich begin on_change /> }
}

/// What the text lacks, and what should be looked at; said while one types.
#[component]
pub fn Findings(entry: Entry) -> impl IntoView {
    let found = Memo::new(move |_| {
        let (document, title) = entry.read();
        // A title that cannot be read is said at its field.
        let wording = document.map(|document| Wording { title: title.unwrap_or_else(TitlePattern::official), document });
        wording.as_ref().map(findings).unwrap_or_default()
    });
    let refused = move || {
        entry.error(Field::Document).filter(|words| found.with(|found| found.iter().all(|finding| !words.contains(&finding.message))))
    };
    let row = |finding: TextFinding| {
        let tone = (finding.severity == Severity::Error).then_some("bad");
        view! { <li data-tone=tone>{finding.message}</li> }
    };
    view! {
        <ul class="findings" data-rows="" id="template-findings" tabindex="-1" aria-live="polite" aria-label="模板检查">
            {move || refused().map(|words| view! { <li data-tone="bad">{words}</li> })}
            {move || {
                let found = found.get();
                if found.is_empty() { view! { <li data-tone="ok">"固定表述和数据项齐全"</li> }.into_any() } else { found.into_iter().map(row).collect_view().into_any() }
            }}
        </ul>
    }
}

/// The page that an announcement would begin with.
#[component]
pub fn Preview(entry: Entry) -> impl IntoView {
    let is_zero = RwSignal::new(false);
    let is_phone = RwSignal::new(false);
    let width = move || if is_phone.get() { "phone" } else { "desktop" };
    let figures = Memo::new(move |_| {
        let year = example_year(entry);
        if is_zero.get() { example_zero(year) } else { example(year) }
    });
    let body = Memo::new(move |before: Option<&String>| match entry.read().0 {
        Some(document) => figures.with(|figures| render_html(&filled(&document, figures), figures)),
        // A text that cannot be read is said at the save; the last good page stays.
        None => before.cloned().unwrap_or_default(),
    });
    let title = move || {
        let words = entry.draft.with(|draft| draft.title.clone());
        figures.with(|figures| TitlePattern::parse(&words).map_or(words, |pattern| pattern.fill(&figures.unit, figures.year)))
    };
    view! {
        <section class="preview" aria-labelledby="preview-title" data-width=width>
            <div class="panel-head">
                <h2 id="preview-title">"预览"</h2>
                <span class="panel-note">"示例数据"</span>
                <div class="panel-actions">
                    <Segmented name="示例数据" words=["有项目", "零报告"] is_second=is_zero />
                    <Width is_phone />
                </div>
            </div>
            <div class="preview-body" tabindex="0" role="region" aria-label="公告预览">
                <article class="notice">
                    <h1 class="notice-title">{title}</h1>
                    <div inner_html=body></div>
                </article>
            </div>
        </section>
    }
}
