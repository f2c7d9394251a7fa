//! The rows: what becomes of each, and what a person can decide about it. A page of them is drawn at a time.

use super::Work;
use crate::domain::record::reconcile::{CellFate, Choice, Kind, PastedCell, Reconciliation, Row, words};
use leptos::prelude::*;

/// Rows of a page.
const PAGE: usize = 50;

/// What can be decided about a row, with its words.
type Offers = Vec<(Option<Choice>, String)>;

/// The list, by kinds and pages.
#[component]
pub fn Rows(work: Work) -> impl IntoView {
    let counts = Memo::new(move |_| work.look(Reconciliation::counts));
    let listed = Memo::new(move |_| {
        work.read.track();
        let kind = work.kind.get();
        work.look_now(|made| {
            (0..made.rows().len()).filter(|row| kind.is_none_or(|kind| made.rows()[*row].kind == kind)).collect::<Vec<usize>>()
        })
    });
    let pages = Memo::new(move |_| listed.with(|listed| listed.len().div_ceil(PAGE).max(1)));
    let shown = Memo::new(move |_| {
        let page = work.page.get().min(pages.get() - 1);
        listed.with(|listed| listed.iter().skip(page * PAGE).take(PAGE).copied().collect::<Vec<usize>>())
    });
    let choose = move |kind: Option<Kind>| {
        work.kind.set(kind);
        work.page.set(0);
        work.read.update(|count| *count += 1);
    };
    let kinds = std::iter::once(None).chain(Kind::ALL.map(Some));
    view! {
        <div class="reconcile-rows">
            <div class="segmented reconcile-kinds" role="group" aria-label="显示哪些行">
                {kinds.map(|kind| {
                    let count = move || counts.with(|counts| kind.map_or_else(|| counts.total(), |kind| counts.of(kind)));
                    view! {
                        <button type="button" aria-pressed=move || (work.kind.get() == kind).to_string() on:click=move |_| choose(kind)>
                            {kind.map_or("全部", Kind::label)} " " {count}
                        </button>
                    }
                }).collect_view()}
            </div>
            <div class="table-wrap reconcile-table" role="region" tabindex="0" aria-label="粘贴的行">
                <table class="data" data-cards="" data-dense="">
                    <thead><tr><th scope="col">"粘贴行"</th><th scope="col">"结果"</th><th scope="col">"项目"</th><th scope="col">"内容"</th><th scope="col">"处理"</th></tr></thead>
                    <tbody>
                        <For each=move || shown.get() key=|row| *row let(at)><OneRow work at /></For>
                    </tbody>
                </table>
            </div>
            {move || shown.with(Vec::is_empty).then(|| view! { <p class="quiet">"没有这样的行"</p> })}
            {move || (pages.get() > 1).then(|| view! { <Pages work pages /> })}
        </div>
    }
}

#[component]
fn Pages(work: Work, pages: Memo<usize>) -> impl IntoView {
    let now = move || work.page.get().min(pages.get() - 1);
    let is_last = move || now() + 1 >= pages.get();
    view! {
        <div class="row reconcile-pages">
            <button class="button" type="button" disabled=move || now() == 0 on:click=move |_| work.page.update(|page| *page = page.saturating_sub(1))>"上一页"</button>
            <span role="status">{move || format!("第 {} / {} 页", now() + 1, pages.get())}</span>
            <button class="button" type="button" disabled=is_last on:click=move |_| work.page.update(|page| *page += 1)>"下一页"</button>
        </div>
    }
}

/// How a kind of rows is meant.
const fn tone(kind: Kind) -> &'static str {
    match kind {
        Kind::Same | Kind::Ignored => "neutral",
        Kind::Change => "busy",
        Kind::New => "ok",
        Kind::Conflict => "bad",
    }
}

#[component]
fn OneRow(work: Work, at: usize) -> impl IntoView {
    let row = Memo::new(move |_| work.look(|made| made.rows().get(at).cloned()));
    let offers = Memo::new(move |_| work.look(|made| made.offers(at)));
    let kind = Memo::new(move |_| row.with(|row| row.as_ref().map_or(Kind::Ignored, |row| row.kind)));
    let chosen = Memo::new(move |_| work.look(|made| made.choice(at).cloned()));
    let about = move || {
        row.with(|row| {
            let row = row.as_ref()?;
            let line = row.line.map(|line| line + 1)?;
            Some(format!("明细第 {line} 行 · 按{}匹配", row.by?.label()))
        })
    };
    view! {
        <tr id=format!("pasted-{}", at + 1) data-row=move || match kind.get() { Kind::New => Some("new"), Kind::Change => Some("changed"), Kind::Conflict => Some("conflict"), Kind::Same | Kind::Ignored => None }>
            <th scope="row" class="num" data-label="粘贴行"><span>{at + 1}</span></th>
            <td data-label="结果"><span class="chip" data-tone=move || tone(kind.get())>{move || kind.get().label()}</span></td>
            <td data-label="项目" class="reconcile-title">
                <span>{move || row.with(|row| row.as_ref().map(|row| row.title.clone()))}</span>
                {move || about().map(|words| view! { <span class="small quiet reconcile-about">{words}</span> })}
            </td>
            <td data-label="内容" class="cell-words"><div>{move || row.with(|row| row.as_ref().map(content))}</div></td>
            <td data-label="处理">
                {move || (!offers.with(Vec::is_empty)).then(|| view! { <Decision work at offers chosen /> })}
            </td>
        </tr>
    }
}

#[component]
fn Decision(work: Work, at: usize, offers: Memo<Offers>, chosen: Memo<Option<Choice>>) -> impl IntoView {
    let decide = move |event: leptos::ev::Event| {
        let offer = event_target_value(&event).parse::<usize>().ok();
        if let Some((choice, _)) = offer.and_then(|offer| offers.with_untracked(|offers| offers.get(offer).cloned())) {
            work.decide(|made| made.choose_row(at, choice));
        }
    };
    view! {
        <select class="select" aria-label=format!("粘贴的第 {} 行如何处理", at + 1) on:change=decide>
            {move || offers.get().into_iter().enumerate().map(|(offer, (choice, words))| view! {
                <option value=offer prop:selected=move || chosen.with(|chosen| *chosen == choice)>{words}</option>
            }).collect_view()}
        </select>
    }
}

/// What a row would do: cell by cell, and what there is to say.
fn content(row: &Row) -> impl IntoView + use<> {
    let is_new = row.kind == Kind::New || row.line.is_none();
    let cells = row.cells.iter().map(|cell| view! { <li>{one_cell(cell, is_new)}</li> }).collect_view();
    let why = row
        .why
        .as_ref()
        .map(|why| view! { <p class=if row.kind == Kind::Conflict { "reconcile-why" } else { "quiet" }>{why.sentence()}</p> });
    let notes = row.notes.iter().map(|note| view! { <p class="small quiet">{note.clone()}</p> }).collect_view();
    let reason = row.needs_reason.then(|| view! { <p class="small quiet">"需要修改理由"</p> });
    view! { {why} {(!row.cells.is_empty()).then(|| view! { <ul class="diff">{cells}</ul> })} {notes} {reason} }
}

fn one_cell(cell: &PastedCell, is_new: bool) -> AnyView {
    let place = view! { <span class="diff-place">{words(cell.cell)}</span> };
    let or_empty = |text: &str| if text.is_empty() { "（空）".to_owned() } else { text.to_owned() };
    let (before, text) = (or_empty(&cell.before), or_empty(&cell.text));
    match &cell.fate {
        CellFate::Written { .. } if is_new => view! { {place} <span>{text}</span> }.into_any(),
        CellFate::Written { over } => {
            let over = over.as_deref().map(|collected| view! { <span class="small quiet">{format!("覆盖手工修改，采集值 {}", or_empty(collected))}</span> });
            view! { {place} <span class="diff-pair"><del>{before}</del> " " <ins>{text}</ins></span> {over} }.into_any()
        }
        CellFate::Follows => view! {
            {place} <span class="diff-pair"><del>{before}</del> " " <ins>{text}</ins></span> <span class="small quiet">"随之变化"</span>
        }
        .into_any(),
        CellFate::Locked(why) => view! {
            {place} <span class="reconcile-why">{format!("已锁定，保留 {before}（粘贴 {text}）")}</span> <span class="small quiet">{*why}</span>
        }
        .into_any(),
        CellFate::Unreadable(why) => view! { {place} <span class="reconcile-why">{why.clone()}</span> }.into_any(),
    }
}
