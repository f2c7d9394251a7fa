//! What two people have changed at the same time: both texts, to choose from. Until then nothing typed is sent and nothing is lost.

use super::super::seen::{Basics, Unsaved};
use super::Draft;
use super::outbox::Dispute;
use crate::domain::announcement::document::Document;
use crate::domain::announcement::part::Part;
use crate::domain::announcement::render::plain_text;
use leptos::prelude::*;

/// The parts that wait for the person.
#[component]
pub fn Disputes(draft: Draft) -> impl IntoView {
    let parts = Memo::new(move |_| draft.saver.disputes.with(|list| list.iter().map(|dispute| dispute.part).collect::<Vec<_>>()));
    view! {
        <For each=move || parts.get() key=|part| *part let:part>
            <One draft part />
        </For>
    }
}

#[component]
fn One(draft: Draft, part: Part) -> impl IntoView {
    let text = move |of: fn(&Dispute) -> &Unsaved| {
        draft
            .saver
            .disputes
            .with(|list| list.iter().find(|dispute| dispute.part == part).map(|dispute| words(draft, of(dispute))).unwrap_or_default())
    };
    let choose = move |own: bool| {
        let shown = draft.saver.choose(part, own);
        draft.show(shown);
    };
    let heading = format!("dispute-{}", part.code());
    view! {
        <section class="alert dispute" data-tone="warn" aria-labelledby=heading.clone()>
            <div class="alert-body stack">
                <p class="strong" role="alert" id=heading.clone()>{format!("您填写“{}”期间，它已在别处修改；请选择保留哪一份", part.label())}</p>
                <div class="dispute-pair">
                    <div class="dispute-side">
                        <p class="strong">"您填写的（尚未保存）"</p>
                        <div class="pre-line dispute-text" role="region" tabindex="0" aria-label=format!("您填写的{}", part.label())>{move || text(|dispute| &dispute.mine)}</div>
                        <button class="button" type="button" aria-label=format!("保留我的{}", part.label()) on:click=move |_| choose(true)>"保留我的"</button>
                    </div>
                    <div class="dispute-side">
                        <p class="strong">"别处修改的（已保存）"</p>
                        <div class="pre-line dispute-text" role="region" tabindex="0" aria-label=format!("别处修改的{}", part.label())>{move || text(|dispute| &dispute.theirs)}</div>
                        <button class="button" type="button" aria-label=format!("采用别处的{}", part.label()) on:click=move |_| choose(false)>"采用别处的"</button>
                    </div>
                </div>
                <p class="quiet small">"选择之前，您的内容保留在本机；已保存过的内容也可以在「历史版本」中找到。"</p>
            </div>
        </section>
    }
}

/// A part as people read it.
fn words(draft: Draft, part: &Unsaved) -> String {
    let text = part.title.clone().or_else(|| part.remark.clone()).or_else(|| part.basics.as_ref().map(basics));
    let document = || {
        let document = part.document.as_deref().and_then(|json| Document::parse(json).ok())?;
        Some(draft.figures.with(|figures| plain_text(&document, figures)))
    };
    let words = text.or_else(document).unwrap_or_default();
    if words.trim().is_empty() { "（空）".to_owned() } else { words }
}

fn basics(basics: &Basics) -> String {
    let time = basics.mode.at().map(|at| format!(" {}", at.local())).unwrap_or_default();
    let ends = basics.expires_on.map_or_else(|| "不设".to_owned(), |day| day.to_string());
    format!("行政区划：{}\n发布类型：{}{time}\n公告截止时间：{ends}", basics.district.name(), basics.mode.label())
}
