//! What the page of an announcement and that of a template have in common: the open editor, and the width of the preview beside it.

use super::rich::{ChipLabel, Slot, Start, open};
use crate::domain::announcement::document::Chip;
use crate::domain::announcement::figures::Figures;
use crate::ui::Problem;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The placeholders with their values in these figures.
pub fn labels(figures: &Figures) -> Vec<ChipLabel> {
    Chip::ALL.into_iter().map(|chip| ChipLabel { name: chip.code(), label: chip.label(), value: figures.value(chip) }).collect()
}

/// The editor, loaded when this part is first shown.
#[component]
pub fn OpenEditor(
    /// Where the page keeps it.
    keeps: Slot,
    /// The text that it begins with, as the editor's JSON, and the figures of its placeholders.
    begin: Callback<(), (String, Figures)>,
    /// Told of every change, with the whole text.
    on_change: Callback<String>,
) -> impl IntoView {
    let (body, toolbar) = (NodeRef::<html::Div>::new(), NodeRef::<html::Div>::new());
    let failed = RwSignal::new(None::<String>);
    let loading = RwSignal::new(true);
    Effect::new(move |begun: Option<bool>| {
        let (Some(element), Some(tools), false) = (body.get(), toolbar.get(), begun.unwrap_or(false)) else {
            return begun.unwrap_or(false);
        };
        let (document, figures) = begin.run(());
        let start = Start {
            element: element.into(),
            toolbar: tools.into(),
            document,
            chips: labels(&figures),
            detail_label: figures.detail_label(),
        };
        spawn_local(async move {
            match open(start, move |json| on_change.run(json)).await {
                Ok(editor) => keeps.keep(editor),
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

/// A choice between two, side by side: which of them is `is_second`.
#[component]
pub fn Segmented(
    /// What is chosen between.
    name: &'static str,
    /// The words of both.
    words: [&'static str; 2],
    /// Whether the second is chosen.
    is_second: RwSignal<bool>,
) -> impl IntoView {
    let [first, second] = words;
    view! {
        <div class="segmented" role="group" aria-label=name>
            <button type="button" aria-pressed=move || (!is_second.get()).to_string() on:click=move |_| is_second.set(false)>{first}</button>
            <button type="button" aria-pressed=move || is_second.get().to_string() on:click=move |_| is_second.set(true)>{second}</button>
        </div>
    }
}

/// How wide the preview is.
#[component]
pub fn Width(
    /// Whether it is as wide as a phone.
    is_phone: RwSignal<bool>,
) -> impl IntoView {
    view! { <Segmented name="预览宽度" words=["电脑", "手机"] is_second=is_phone /> }
}
