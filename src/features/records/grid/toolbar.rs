//! What stands over the detail table: looking for lines, choosing a kind of them, sorting.

use crate::domain::record::line::LineCell;
use crate::features::records::sheet::{Place, Sheet, Shown, ShownKind, Sorting};
use leptos::prelude::*;
use std::time::Duration;

/// What the lines can be sorted by.
const SORTED_BY: [LineCell; 5] = [LineCell::ProjectName, LineCell::Measure, LineCell::Percent, LineCell::Sme, LineCell::SmallMicro];

/// How long after the last key the words are looked for.
const PAUSE: Duration = Duration::from_millis(150);

/// The bar.
#[component]
pub fn Toolbar(sheet: Sheet) -> impl IntoView {
    // Looked for when the typing pauses: a word of four keys is looked for once.
    let pause = StoredValue::new(None::<TimeoutHandle>);
    let look = move |words: String| {
        let again = set_timeout_with_handle(move || sheet.show(Shown { words, ..sheet.shown.get_untracked() }), PAUSE).ok();
        if let Some(earlier) = pause.try_update_value(|pause| std::mem::replace(pause, again)).flatten() {
            earlier.clear();
        }
    };
    on_cleanup(move || {
        if let Some(waiting) = pause.try_update_value(Option::take).flatten() {
            waiting.clear();
        }
    });
    let choose = move |index: String| {
        let kind = index.parse::<usize>().ok().and_then(|index| ShownKind::ALL.get(index).copied()).unwrap_or_default();
        sheet.show(Shown { kind, ..sheet.shown.get_untracked() });
    };
    let sort = move |choice: String| {
        let sorting = choice.split_once('-').and_then(|(code, way)| {
            let cell = SORTED_BY.into_iter().find(|cell| cell.code() == code)?;
            Some(Sorting { place: Place::Cell(cell), is_down: way == "down" })
        });
        sheet.set_sorting(sorting);
    };
    let sorted = move |cell: LineCell, is_down: bool| move || sheet.sorting.get() == Some(Sorting { place: Place::Cell(cell), is_down });
    let found = move || {
        let (seen, all) = (sheet.view_len(), sheet.read(|lines| lines.order().len()));
        (seen != all).then(|| format!("显示 {seen} / {all} 行"))
    };
    view! {
        <div class="sheet-bar" role="search">
            <label class="visually-hidden" for="lines-words">"在明细中查找"</label>
            <input class="input" type="search" id="lines-words" placeholder="查找项目、合同编号、理由…" autocomplete="off"
                prop:value=move || sheet.shown.with(|shown| shown.words.clone()) on:input=move |event| look(event_target_value(&event)) />
            <label class="visually-hidden" for="lines-kind">"显示哪些行"</label>
            <select class="select" id="lines-kind" on:change=move |event| choose(event_target_value(&event))>
                {ShownKind::ALL.into_iter().enumerate().map(|(index, kind)| view! {
                    <option value=index selected=move || sheet.shown.with(|shown| shown.kind == kind)>{kind.label()}</option>
                }).collect_view()}
            </select>
            <label class="visually-hidden" for="lines-sort">"排序"</label>
            <select class="select" id="lines-sort" on:change=move |event| sort(event_target_value(&event))>
                <option value="" selected=move || sheet.sorting.get().is_none()>"按录入顺序"</option>
                {SORTED_BY.into_iter().map(|cell| view! {
                    <option value=format!("{}-up", cell.code()) selected=sorted(cell, false)>{format!("{} ↑", cell.label())}</option>
                    <option value=format!("{}-down", cell.code()) selected=sorted(cell, true)>{format!("{} ↓", cell.label())}</option>
                }).collect_view()}
            </select>
            <p class="panel-note" role="status">{found}</p>
        </div>
    }
}
