//! What two people have changed at the same time: both texts, to choose from. Until then nothing typed is sent and nothing is lost.

use super::super::seen::{Basics, Unsaved};
use super::Draft;
use super::outbox::Dispute;
use crate::domain::announcement::diff::{Step, steps};
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
                {move || {
                    let (theirs, mine) = (text(|dispute| &dispute.theirs), text(|dispute| &dispute.mine));
                    view! { <Differences theirs mine /> }
                }}
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
                <p class="quiet small">"选择之前，您的内容保留在本机；选择“保留我的”后，被替换的内容可以在「历史版本」中找到。"</p>
            </div>
        </section>
    }
}

/// Lines of a difference that are shown.
const SHOWN: usize = 12;

/// The lines that only one side has: the rest of a long text hides them.
#[component]
fn Differences(theirs: String, mine: String) -> impl IntoView {
    let (old, new): (Vec<&str>, Vec<&str>) = (theirs.lines().collect(), mine.lines().collect());
    let line = |who: &'static str, text: &str| (!text.trim().is_empty()).then(|| (who, text.to_owned()));
    let found: Vec<(&'static str, String)> = steps(&old, &new)
        .into_iter()
        .filter_map(|step| match step {
            Step::Same(..) => None,
            Step::Removed(at) => line("别处", old[at]),
            Step::Added(at) => line("您的", new[at]),
        })
        .collect();
    let hidden = found.len().saturating_sub(SHOWN);
    (!found.is_empty()).then(|| {
        let rows = found
            .into_iter()
            .take(SHOWN)
            .map(|(who, text)| view! { <li><span class="diff-place strong">{who}</span>{text}</li> })
            .collect_view();
        view! {
            <p class="strong">"不同之处"</p>
            <ul class="dispute-lines" aria-label="不同之处">{rows}</ul>
            {(hidden > 0).then(|| view! { <p class="quiet small">{format!("还有 {hidden} 处，见下方全文")}</p> })}
        }
    })
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
