//! The rows that are drawn, each in its slot.

use super::place::{css, pixels};
use super::select::at;
use super::stage::Stage;
use super::{Cell, Column, Kind, RowShown, Table};
use leptos::html;
use leptos::prelude::*;

/// The id of a cell's element; there is one grid on a page.
pub fn cell_id(row: usize, column: usize) -> String {
    format!("grid-{row}-{column}")
}

/// One of the row elements; which row it shows follows from how far the table is scrolled.
#[component]
pub fn Slot<T: Table>(stage: Stage<T>, nth: usize) -> impl IntoView {
    let table = stage.table;
    let place = Memo::new(move |_| {
        table.watch();
        stage.row_of(nth)
    });
    let shown = Memo::new(move |_| {
        table.watch();
        place.get().and_then(|row| table.row(row))
    });
    let node = NodeRef::<html::Div>::new();
    Effect::new(move || {
        let height = stage.layout.with(|layout| layout.as_ref().map(|layout| layout.row));
        if let (Some(height), Some(row), Some(node)) = (height, place.get(), node.get()) {
            // The policy of the page allows no `style` in markup; set by the program it may be.
            css(&node, "transform", &format!("translateY({}px)", pixels(row) * height));
        }
    });
    let columns = stage.columns.get_value();
    let cells = columns.into_iter().enumerate().map(|(at, column)| view! { <OneCell stage column index=at place shown /> }).collect_view();
    view! {
        <div role="row" class="sheet-row" node_ref=node hidden=move || shown.with(Option::is_none)
            class:is-locked=move || shown.with(|shown| shown.as_ref().is_some_and(|row| row.is_locked))
            aria-rowindex=move || place.get().map(|row| (row + 2).to_string())>
            <div role="rowheader" class="sheet-number" aria-colindex="1">{move || shown.with(|shown| shown.as_ref().map(|row| row.number))}</div>
            {cells}
        </div>
    }
}

/// A cell of a slot.
#[component]
fn OneCell<T: Table>(
    stage: Stage<T>,
    column: Column,
    index: usize,
    place: Memo<Option<usize>>,
    shown: Memo<Option<RowShown>>,
) -> impl IntoView {
    let table = stage.table;
    let cell = Memo::new(move |_| shown.with(|shown| shown.as_ref().and_then(|row| row.cells.get(index).cloned())));
    let of = move |read: fn(&Cell) -> Option<String>| cell.with(|cell| cell.as_ref().and_then(read));
    let state = move || {
        let Some(row) = place.get() else { return (false, false) };
        stage.selection.with(|selection| match selection {
            Some(selection) => (selection.active == at(row, index), selection.is_range() && selection.holds(at(row, index))),
            None => (false, false),
        })
    };
    let class = move || {
        let (is_active, is_selected) = state();
        let mut class = String::from("sheet-cell");
        let mut add = |name: &str, when: bool| {
            if when {
                class.push(' ');
                class.push_str(name);
            }
        };
        add("num", column.kind == Kind::Number);
        add("is-active", is_active);
        add("is-selected", is_selected);
        cell.with(|cell| {
            if let Some(cell) = cell {
                add("is-locked", cell.lock.is_some());
                add("is-open", cell.lock.is_none() && !stage.table.is_read_only() && !matches!(column.kind, Kind::Chip | Kind::Button));
                add("is-error", cell.error.is_some());
                add("is-warn", cell.error.is_none() && cell.warning.is_some());
                add("is-changed", cell.is_changed);
            }
        });
        class
    };
    let title = move || of(|cell| cell.error.clone().or_else(|| cell.lock.map(str::to_owned)).or_else(|| cell.note.clone()));
    let content = match column.kind {
        Kind::Text | Kind::Choice(_) | Kind::Suggest(_) => view! { <span class="sheet-text">{move || of(|cell| Some(cell.text.clone()))}</span> }.into_any(),
        Kind::Number => view! {
            <span class="sheet-text" class:is-missing=move || cell.with(|cell| cell.as_ref().is_some_and(|cell| cell.text.is_empty()))>
                {move || of(|cell| if cell.text.is_empty() { cell.aside.clone() } else { Some(cell.text.clone()) })}
            </span>
        }
        .into_any(),
        Kind::Link => (move || match of(|cell| cell.aside.clone()) {
            Some(address) => view! { <a href=address target="_blank" rel="external noopener noreferrer" tabindex="-1">"合同链接 ↗"</a> }.into_any(),
            None => view! { <span class="sheet-text">{of(|cell| Some(cell.text.clone()))}</span> }.into_any(),
        })
        .into_any(),
        Kind::Chip => (move || {
            let (text, tone, aside) = cell.with(|cell| cell.as_ref().map(|cell| (cell.text.clone(), cell.tone, cell.aside.clone())))?;
            let aside = aside.map(|words| view! { " " <span class="chip" data-tone="warn">{words}</span> });
            Some(view! { <span class="chip" data-tone=tone>{text}</span>{aside} })
        })
        .into_any(),
        Kind::Button => (move || {
            let (text, tone, name) = cell.with(|cell| cell.as_ref().map(|cell| (cell.text.clone(), cell.tone, cell.aside.clone())))?;
            let press = move |_| {
                if let Some(row) = place.get_untracked() {
                    stage.table.press(at(row, index));
                }
            };
            Some(view! { <button type="button" class="sheet-button" tabindex="-1" data-tone=tone aria-label=name on:click=press>{text}</button> })
        })
        .into_any(),
    };
    let locked_words = move || cell.with(|cell| cell.as_ref().is_some_and(|cell| cell.lock.is_some())).then_some("（已锁定）");
    view! {
        <div role="gridcell" class=class data-column=column.code aria-colindex=index + 2
            id=move || place.get().map(|row| cell_id(row, index))
            title=title
            aria-selected=move || { let (active, selected) = state(); (active || selected).to_string() }
            aria-readonly=move || (table.is_read_only() || cell.with(|cell| cell.as_ref().is_some_and(|cell| cell.lock.is_some()))).to_string()
            aria-invalid=move || cell.with(|cell| cell.as_ref().is_some_and(|cell| cell.error.is_some())).then_some("true")>
            {content}
            <span class="visually-hidden">{locked_words}</span>
        </div>
    }
}
