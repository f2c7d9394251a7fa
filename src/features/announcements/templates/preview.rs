//! A template with example data, as an announcement made from it would begin; the same function makes both.

use super::super::editor::rich::{ChipLabel, Start, open};
use super::entry::Entry;
use crate::domain::announcement::document::Chip;
use crate::domain::announcement::figures::Figures;
use crate::domain::announcement::render::{Severity, TextFinding, render_html};
use crate::domain::announcement::template::draft::Field;
use crate::domain::announcement::template::pattern::TitlePattern;
use crate::domain::announcement::template::wording::{example, example_zero, findings};
use crate::domain::announcement::template::{Wording, filled};
use crate::ui::Problem;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The year of the example: the first one that the template serves, where it can be read.
fn example_year(entry: Entry) -> i32 {
    entry.draft.with(|draft| draft.from.trim().parse::<i32>().ok()).filter(|year| (2021..=2100).contains(year)).unwrap_or(2025)
}

fn labels(figures: &Figures) -> Vec<ChipLabel> {
    Chip::ALL.into_iter().map(|chip| ChipLabel { name: chip.code(), label: chip.label(), value: figures.value(chip) }).collect()
}

/// The editor, loaded when the page is first shown.
#[component]
pub fn RichText(entry: Entry) -> impl IntoView {
    let (body, toolbar) = (NodeRef::<html::Div>::new(), NodeRef::<html::Div>::new());
    let failed = RwSignal::new(None::<String>);
    let loading = RwSignal::new(true);
    let year = Memo::new(move |_| example_year(entry));
    Effect::new(move || {
        let figures = example(year.get());
        entry.rich.with(|rich| rich.set_chips(&labels(&figures), &figures.detail_label()));
    });
    Effect::new(move |begun: Option<bool>| {
        let (Some(element), Some(tools), false) = (body.get(), toolbar.get(), begun.unwrap_or(false)) else {
            return begun.unwrap_or(false);
        };
        let figures = example(year.get_untracked());
        let start = Start {
            element: element.into(),
            toolbar: tools.into(),
            document: entry.draft.with_untracked(|draft| draft.document.clone()),
            chips: labels(&figures),
            detail_label: figures.detail_label(),
        };
        spawn_local(async move {
            match open(start, move |json| entry.write(Field::Document, json)).await {
                Ok(editor) => entry.rich.keep(editor),
                Err(words) => drop(failed.try_set(Some(words))),
            }
            loading.try_set(false);
        });
        true
    });
    view! {
        <div class="toolbar" role="toolbar" aria-label="正文格式" node_ref=toolbar></div>
        {move || failed.get().map(|words| view! { <Problem message=words /> })}
        {move || loading.get().then(|| view! { <p class="loading" aria-busy="true">"正在打开编辑器…"</p> })}
        <div class="editor-body" node_ref=body></div>
    }
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
                    <div class="segmented" role="group" aria-label="示例数据">
                        <button type="button" aria-pressed=move || (!is_zero.get()).to_string() on:click=move |_| is_zero.set(false)>"有项目"</button>
                        <button type="button" aria-pressed=move || is_zero.get().to_string() on:click=move |_| is_zero.set(true)>"零报告"</button>
                    </div>
                    <div class="segmented" role="group" aria-label="预览宽度">
                        <button type="button" aria-pressed=move || (!is_phone.get()).to_string() on:click=move |_| is_phone.set(false)>"电脑"</button>
                        <button type="button" aria-pressed=move || is_phone.get().to_string() on:click=move |_| is_phone.set(true)>"手机"</button>
                    </div>
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
