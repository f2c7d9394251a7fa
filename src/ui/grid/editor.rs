//! The text box over the active cell, and what is said and offered under it.

use super::keys::{Key, meaning};
use super::place::{css, pixels};
use super::rows::cell_id;
use super::select::Selection;
use super::stage::Stage;
use super::{Cell, Kind, Table};
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys;

/// What the words and offers of a cell take of the height, in pixels.
const ROOM: f64 = 150.0;
/// The same of the width, at most.
const WIDTH: f64 = 384.0;

/// The active cell as it is shown now.
pub fn active_cell<T: Table>(stage: Stage<T>) -> Option<Cell> {
    stage.table.watch();
    let place = stage.selection.get()?.active;
    stage.table.row(place.row)?.cells.into_iter().nth(place.column)
}

/// The text box with everything that belongs to it.
#[component]
pub fn Editor<T: Table>(stage: Stage<T>) -> impl IntoView {
    let table = stage.table;
    let node = NodeRef::<html::Div>::new();
    let selection = stage.selection;
    // Over the active cell; a pinned one moves with the scrolling.
    Effect::new(move || {
        let (Some(node), Some(layout), Some(selection)) = (node.get(), stage.layout.get(), selection.get()) else { return };
        let place = selection.active;
        let Some((left, width)) = layout.columns.get(place.column).copied() else { return };
        let left = if place.column < layout.pinned { left + stage.aside.get() } else { left };
        let top = layout.head + pixels(place.row) * layout.row;
        css(&node, "transform", &format!("translate({left}px, {top}px)"));
        css(&node, "width", &format!("{width}px"));
        css(&node, "height", &format!("{}px", layout.row));
        // What is said and offered stands under the cell; near the lower edge, which would cut it off, above it.
        let seen = stage.seen.get_value();
        let is_low = top + layout.row + ROOM > seen.bottom && pixels(place.row) * layout.row > ROOM;
        let _ = node.toggle_attribute_with_force("data-up", is_low);
        // To the left where the right edge would cut it off and the left one leaves more room.
        let is_aside = seen.right - left < WIDTH && left + width - seen.left > seen.right - left;
        let _ = node.toggle_attribute_with_force("data-aside", is_aside);
    });
    let cell = Memo::new(move |_| active_cell(stage));
    let is_open = move || cell.with(|cell| cell.as_ref().is_some_and(|cell| cell.lock.is_none()));
    let name = move || {
        let place = selection.get().map_or(super::at(0, 0), |selection| selection.active);
        let column = stage.columns.with_value(|columns| columns.get(place.column).map(|column| (column.label, column.kind)));
        let (column, kind) = column.unwrap_or(("单元格", Kind::Text));
        let number = table.row(place.row).map_or(0, |row| row.number);
        let state = match kind {
            Kind::Button => "，按回车执行",
            _ if is_open() => "",
            _ => "，已锁定",
        };
        format!("第 {number} 行 {column}{state}")
    };
    let kind = move || selection.get().map(|selection| stage.kind(selection.active.column));
    let press = move |event: KeyboardEvent| {
        // While a Chinese word is being composed, every key belongs to the input method.
        if event.is_composing() || event.key_code() == 229 {
            stage.knock();
            return;
        }
        let name = event.key();
        let key = Key { name: &name, ctrl: event.ctrl_key() || event.meta_key(), shift: event.shift_key(), alt: event.alt_key() };
        if key.ctrl && name == "Enter" {
            event.prevent_default();
            follow(stage);
            return;
        }
        let is_editing = stage.editing.get_untracked();
        // Of two values that stand against each other the keyboard chooses as well; by the place of the key, whatever Alt makes of it.
        let choice = match event.code().as_str() {
            "Digit1" | "Numpad1" => Some(true),
            "Digit2" | "Numpad2" => Some(false),
            _ => None,
        };
        let has_rival = !is_editing && cell.with_untracked(|cell| cell.as_ref().is_some_and(|cell| cell.rival.is_some()));
        if let (Some(own), Some(place), true) = (choice, stage.active(), key.alt && has_rival) {
            event.prevent_default();
            table.choose(place, own);
            return;
        }
        let is_offering = is_editing && !untrack(|| stage.offers()).is_empty();
        let Some(act) = meaning(key, is_editing, is_offering) else {
            // A letter or a digit.
            if !key.ctrl && !key.alt && name.chars().count() == 1 {
                stage.knock();
            }
            return;
        };
        if stage.act(act) {
            event.prevent_default();
        }
    };
    let typed = move |event: leptos::ev::Event| stage.typing(event_target_value(&event));
    let focused = move |_| {
        if selection.get_untracked().is_none() {
            stage.select(Selection::cell(super::at(0, 0)));
        }
        stage.focused.set(true);
        stage.put_caret();
    };
    let left = move |_| {
        stage.finish();
        stage.focused.set(false);
        stage.leaving.set(false);
        table.left();
    };
    let has_offers = move || !stage.offers().is_empty();
    view! {
        <div class="sheet-editor" node_ref=node data-editing=move || stage.editing.get().then_some("") data-kind=move || matches!(kind(), Some(Kind::Number)).then_some("number")>
            <input
                node_ref=stage.input
                type="text"
                class="sheet-input"
                id="grid-input"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                role="combobox"
                aria-label=name
                aria-autocomplete="list"
                aria-haspopup="listbox"
                aria-expanded=move || has_offers().to_string()
                aria-controls="grid-offers"
                aria-describedby="grid-say"
                aria-activedescendant=move || {
                    if stage.editing.get() {
                        stage.offered.get().map(|at| format!("grid-offer-{at}"))
                    } else {
                        selection.get().map(|selection| cell_id(selection.active.row, selection.active.column))
                    }
                }
                aria-invalid=move || cell.with(|cell| cell.as_ref().is_some_and(|cell| cell.error.is_some())).then_some("true")
                readonly=move || !is_open()
                inputmode=move || match (stage.editing.get(), kind()) {
                    (false, _) => "none",
                    (true, Some(Kind::Number)) => "decimal",
                    (true, _) => "text",
                }
                on:keydown=press
                on:input=typed
                on:focus=focused
                on:blur=left
                on:copy=move |event| super::clipboard::copy(stage, &event, false)
                on:cut=move |event| super::clipboard::copy(stage, &event, true)
                on:paste=move |event| super::clipboard::paste(stage, &event)
            />
            <ul class="sheet-offers" id="grid-offers" role="listbox" aria-label="可选内容" hidden=move || !has_offers()>
                {move || stage.offers().into_iter().enumerate().map(|(at, word)| view! {
                    <li role="option" id=format!("grid-offer-{at}") aria-selected=move || (stage.offered.get() == Some(at)).to_string()
                        on:mousedown=move |event| { event.prevent_default(); stage.take(word); }>{word}</li>
                }).collect_view()}
            </ul>
            <Say stage cell />
        </div>
    }
}

/// What there is to say of the active cell, under it: what is wrong, what was collected, between which values to choose.
#[component]
fn Say<T: Table>(stage: Stage<T>, cell: Memo<Option<Cell>>) -> impl IntoView {
    let is_shown = move || stage.focused.get() && stage.offers().is_empty();
    let rival = Memo::new(move |_| cell.with(|cell| cell.as_ref().and_then(|cell| Some((cell.rival.clone()?, cell.text.clone())))));
    let choose = move |own: bool| {
        move |event: leptos::ev::MouseEvent| {
            event.prevent_default();
            if let Some(place) = stage.active() {
                stage.table.choose(place, own);
            }
            stage.focus();
        }
    };
    let or_empty = |text: String| if text.is_empty() { "（空）".to_owned() } else { text };
    view! {
        // Typed into, a locked cell answers those who do not see it, too.
        <p class="visually-hidden" role="status">{move || stage.knocked.get().then(|| cell.with(|cell| cell.as_ref().and_then(|cell| cell.lock))).flatten()}</p>
        <div class="sheet-say" id="grid-say" data-shown=move || is_shown().then_some("")>
            {move || stage.knocked.get().then(|| cell.with(|cell| cell.as_ref().and_then(|cell| cell.lock))).flatten().map(|why| view! { <p>{why}</p> })}
            {move || cell.with(|cell| cell.as_ref().map(|cell| (cell.error.clone(), cell.warning.clone(), cell.note.clone()))).map(|(error, warning, note)| view! {
                {error.map(|words| view! { <p data-tone="bad">{words}</p> })}
                {warning.map(|words| view! { <p>{words}</p> })}
                {note.map(|words| view! { <p class="quiet">{words}</p> })}
            })}
            {move || rival.get().map(|(theirs, own)| view! {
                <p class="sheet-rivals">
                    // By pointer; the keyboard stays in the cell.
                    <button class="button" type="button" tabindex="-1" on:mousedown=choose(true)>{format!("保留我的：{}", or_empty(own))}</button>
                    <button class="button" type="button" tabindex="-1" on:mousedown=choose(false)>{format!("采用同事的：{}", or_empty(theirs))}</button>
                    <span class="quiet sheet-keyed">"键盘：Alt+1 保留我的，Alt+2 采用同事的"</span>
                </p>
            })}
        </div>
    }
}

/// Opens the link of the active cell.
fn follow<T: Table>(stage: Stage<T>) {
    let Some(place) = stage.active() else { return };
    let link = document().query_selector(&format!("#{} a", cell_id(place.row, place.column))).ok().flatten();
    if let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) {
        link.click();
    }
}
