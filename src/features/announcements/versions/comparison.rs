//! What differs between two versions, readable without colour: 「删」 and 「增」 stand before the words.

use crate::domain::announcement::diff::Piece;
use crate::domain::announcement::version::compare::{Comparison, FactChange, ItemDiff};
use crate::domain::announcement::version::text::{RowChange, TextRow};
use leptos::prelude::*;

/// Rows that are shown around a change, so that one knows where it is.
const AROUND: usize = 1;

/// The whole.
#[component]
pub fn Differences(comparison: Comparison) -> impl IntoView {
    if comparison.is_empty() {
        return view! { <p class="quiet">"两个版本没有差别。"</p> }.into_any();
    }
    let Comparison { facts, title, remark, text, lines, files, is_reordered } = comparison;
    view! {
        <div class="stack">
            {(!title.is_empty()).then(|| view! { <section aria-label="公告标题"><h3>"公告标题"</h3><p class="text-diff">{pieces(title)}</p></section> })}
            {(!facts.is_empty()).then(|| view! { <section aria-label="基本信息和合计"><h3>"基本信息和合计"</h3><ul class="diff">{facts.into_iter().map(fact).collect_view()}</ul></section> })}
            {(!text.is_empty()).then(|| view! { <section aria-label="公告正文"><h3>"公告正文"</h3><Text rows=text /></section> })}
            {(!remark.is_empty()).then(|| view! { <section aria-label="备注"><h3>"备注"</h3><p class="text-diff pre-line">{pieces(remark)}</p></section> })}
            {(!lines.is_empty()).then(|| view! { <section aria-label="明细"><h3>{format!("明细（{} 行有差别）", lines.len())}</h3><Items items=lines /></section> })}
            {(!files.is_empty() || is_reordered).then(|| view! {
                <section aria-label="附件">
                    <h3>"附件"</h3>
                    <Items items=files />
                    {is_reordered.then(|| view! { <p>"附件的顺序有改动。"</p> })}
                </section>
            })}
        </div>
    }
    .into_any()
}

fn pieces(of: Vec<Piece>) -> impl IntoView {
    of.into_iter()
        .map(|piece| match piece {
            Piece::Same(text) => view! { <span>{text}</span> }.into_any(),
            Piece::Removed(text) => view! { <del><span class="diff-mark">"删"</span>{text}</del> }.into_any(),
            Piece::Added(text) => view! { <ins><span class="diff-mark">"增"</span>{text}</ins> }.into_any(),
        })
        .collect_view()
}

fn fact(fact: FactChange) -> impl IntoView {
    let or_empty = |text: String| if text.is_empty() { "（空）".to_owned() } else { text };
    view! { <li><span class="diff-place">{fact.label}</span><span class="diff-pair"><del>{or_empty(fact.before)}</del>" "<ins>{or_empty(fact.after)}</ins></span></li> }
}

#[component]
fn Items(items: Vec<ItemDiff>) -> impl IntoView {
    let items = items
        .into_iter()
        .map(|item| {
            let reason = (!item.reason.is_empty()).then(|| format!("理由：{}", item.reason));
            let facts = (!item.facts.is_empty()).then(|| view! { <ul class="diff">{item.facts.into_iter().map(fact).collect_view()}</ul> });
            view! { <li><p><strong>{item.change.label()}</strong>" "{item.name}</p>{facts}{reason.map(|reason| view! { <p class="quiet small">{reason}</p> })}</li> }
        })
        .collect_view();
    view! { <ul class="diff-items">{items}</ul> }
}

/// The rows of the text: those that differ with what stands around them; stretches that are the same are only counted.
#[component]
fn Text(rows: Vec<TextRow>) -> impl IntoView {
    let differs: Vec<bool> = rows.iter().map(|row| row.change != RowChange::Same).collect();
    let is_near = |at: usize| differs[at.saturating_sub(AROUND)..(at + AROUND + 1).min(differs.len())].contains(&true);
    let mut shown = Vec::new();
    let mut hidden = 0;
    for (at, row) in rows.into_iter().enumerate() {
        if is_near(at) {
            shown.extend(gap(&mut hidden));
            shown.push(view! { <Row row /> }.into_any());
        } else {
            hidden += 1;
        }
    }
    shown.extend(gap(&mut hidden));
    view! { <ol class="text-rows">{shown}</ol> }
}

fn gap(hidden: &mut usize) -> Option<AnyView> {
    let count = std::mem::take(hidden);
    (count > 0).then(|| view! { <li class="quiet small">{format!("… {count} 段相同 …")}</li> }.into_any())
}

#[component]
fn Row(row: TextRow) -> impl IntoView {
    let words = match row.change {
        RowChange::Same => String::new(),
        RowChange::Edited => format!("{}有改动", row.kind),
        RowChange::Restyled => format!("{}仅格式改动", row.kind),
        RowChange::Removed => format!("删除的{}", row.kind),
        RowChange::Added => format!("新增的{}", row.kind),
    };
    view! {
        <li data-change=(row.change != RowChange::Same).then_some("")>
            {(!words.is_empty()).then(|| view! { <span class="row-change">{words}</span> })}
            <p class="text-diff pre-line">{pieces(row.pieces)}</p>
        </li>
    }
}
