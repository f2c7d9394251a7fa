//! How the columns were read: what each holds, in which unit, and by what one knows. Everything can be corrected.

use super::Work;
use crate::domain::record::reconcile::{Column, Evidence, FoundUnit, PastedColumn, Unit};
use leptos::prelude::*;

/// The columns with their choices.
#[component]
pub fn Columns(work: Work) -> impl IntoView {
    // How many there are follows from what was pasted, and does not change while the dialog is open.
    let count = work.look_now(|made| made.layout().columns.len());
    // A phone has no room for what needs no correction; the summary still says how many columns are read.
    let is_wide = window().match_media("(min-width: 48em)").ok().flatten().is_none_or(|query| query.matches());
    let is_doubtful = work.look_now(|made| {
        let columns = &made.layout().columns;
        columns.iter().any(|column| {
            column.remark().is_some() || column.unit.as_ref().is_some_and(|unit| unit.doubt.is_some() || unit.evidence == Evidence::Size)
        })
    });
    let is_open = is_wide || is_doubtful;
    let has_header = Memo::new(move |_| work.look(|made| made.layout().header.map(|at| at + 1)));
    let summary = move || {
        let (read, all) = work.look(|made| {
            let columns = &made.layout().columns;
            (columns.iter().filter(|column| !matches!(column.column, Column::Skip | Column::Serial)).count(), columns.len())
        });
        format!("列的对应：读入 {read} / {all} 列")
    };
    view! {
        <details class="fold reconcile-columns" open=is_open>
            <summary>{summary}</summary>
            <label class="choice">
                <input type="checkbox" prop:checked=move || has_header.get().is_some() on:change=move |event| {
                    let has = event_target_checked(&event);
                    work.correct(|made| made.choose_header(has));
                } />
                {move || match has_header.get() {
                    Some(row) => format!("第 {row} 行是表头"),
                    None => "第一行是表头（现按内容识别各列）".to_owned(),
                }}
            </label>
            <ul class="reconcile-list">
                {(0..count).map(|place| view! { <OneColumn work place /> }).collect_view()}
            </ul>
        </details>
    }
}

#[component]
fn OneColumn(work: Work, place: usize) -> impl IntoView {
    let column = Memo::new(move |_| work.look(|made| made.layout().columns.get(place).cloned()));
    let of = move |read: fn(&PastedColumn) -> String| column.with(|column| column.as_ref().map(read).unwrap_or_default());
    let holds = Memo::new(move |_| column.with(|column| column.as_ref().map(|column| column.column)));
    let unit = Memo::new(move |_| column.with(|column| column.as_ref().and_then(|column| column.unit.clone())));
    let remark = move || column.with(|column| column.as_ref().and_then(PastedColumn::remark));
    let choose = move |event: leptos::ev::Event| {
        if let Some(chosen) = Column::from_code(&event_target_value(&event)) {
            work.correct(|made| made.choose_column(place, chosen));
        }
    };
    let id = format!("paste-column-{place}");
    view! {
        <li data-read=move || (!matches!(holds.get(), None | Some(Column::Skip | Column::Serial))).then_some("")>
            <label for=id.clone()>
                <span class="reconcile-name">{move || of(|column| column.name.clone())}</span>
                <span class="reconcile-sample quiet small">{move || of(|column| if column.sample.is_empty() { String::new() } else { format!("如 {}", column.sample) })}</span>
            </label>
            <select class="select" id=id on:change=choose>
                {Column::ALL.into_iter().map(|each| view! {
                    <option value=each.code() prop:selected=move || holds.get() == Some(each)>{each.label()}</option>
                }).collect_view()}
            </select>
            {move || remark().map(|words| view! { <p class="quiet small">{words}</p> })}
            {move || unit.get().is_some().then(|| view! { <UnitChoice work place unit name=of(|column| column.name.clone()) /> })}
        </li>
    }
}

#[component]
fn UnitChoice(work: Work, place: usize, unit: Memo<Option<FoundUnit>>, name: String) -> impl IntoView {
    let is = move |each: Unit| unit.with(|unit| unit.as_ref().is_some_and(|found| found.unit == each));
    view! {
        <div class="reconcile-unit">
            <div class="segmented" role="group" aria-label=format!("{name}的单位")>
                {[Unit::Wan, Unit::Yuan].into_iter().map(|each| view! {
                    <button type="button" aria-pressed=move || is(each).to_string() on:click=move |_| work.correct(|made| made.choose_unit(place, each))>{each.label()}</button>
                }).collect_view()}
            </div>
            <p class="small quiet">{move || unit.with(|unit| unit.as_ref().map(FoundUnit::sentence))}</p>
            {move || unit.with(|unit| unit.as_ref().and_then(|found| found.doubt.clone())).map(|doubt| view! { <p class="small reconcile-doubt">{doubt}</p> })}
        </div>
    }
}
