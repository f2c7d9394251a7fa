//! Pointing: choosing cells and ranges, opening a cell, the fill handle, the edges of columns.

use super::place::{css, pixels};
use super::select::{At, Selection, at};
use super::stage::{Drag, Stage};
use super::{Kind, Table};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys;

/// The cell under a place of the window; `None` over the head. Outside, the nearest one.
fn cell_at<T: Table>(stage: Stage<T>, x: f64, y: f64) -> Option<(At, bool)> {
    let layout = stage.layout.get_untracked()?;
    let scroller = stage.scroller.get_untracked()?;
    let area = scroller.get_bounding_client_rect();
    let (inner_x, inner_y) = (x - area.left(), y - area.top());
    let scrolled = f64::from(scroller.scroll_left());
    // What stays in sight lies over what is scrolled.
    let along = if inner_x < layout.edge { inner_x } else { inner_x + scrolled };
    let down = (inner_y - layout.head + f64::from(scroller.scroll_top())).max(0.0);
    let column = layout.columns.iter().rposition(|(left, _)| *left <= along);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative, and as many as there are rows")]
    let row = (down / layout.row) as usize;
    let place = stage.size().clamp(at(row, column.unwrap_or(0)))?;
    Some((place, column.is_none()))
}

/// Whether the pointer is on something of a cell that does its own thing.
fn is_own(event: &MouseEvent, selector: &str) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| target.closest(selector).ok().flatten().is_some())
}

/// The button goes down over the rows.
pub fn down<T: Table>(stage: Stage<T>, event: &MouseEvent) {
    if event.button() != 0 || is_own(event, "a, button, .sheet-editor, .sheet-grip") {
        return;
    }
    event.prevent_default();
    let Some((place, is_number)) = cell_at(stage, event.client_x().into(), event.client_y().into()) else { return };
    let was_active = stage.focused.get_untracked() && stage.selection.get_untracked() == Some(Selection::cell(place));
    stage.finish();
    stage.tabbed_from.set_value(None);
    let selection = match stage.selection.get_untracked() {
        Some(before) if event.shift_key() => Selection { active: before.active, head: place },
        _ if is_number => Selection { active: at(place.row, 0), head: at(place.row, usize::MAX) },
        _ => Selection::cell(place),
    };
    stage.select(selection);
    stage.focus();
    // With a finger there is no second click close enough: touching the active cell again opens it.
    let is_touch = window().match_media("(pointer: coarse)").ok().flatten().is_some_and(|media| media.matches());
    if was_active && is_touch {
        stage.edit(None);
    } else if !is_number {
        stage.drag.set_value(Some(Drag::Range));
    }
}

/// The pointer moves while something is dragged.
pub fn moved<T: Table>(stage: Stage<T>, event: &MouseEvent) {
    let Some(drag) = stage.drag.try_get_value().flatten() else { return };
    if event.buttons() & 1 == 0 {
        up(stage);
        return;
    }
    let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
    match drag {
        Drag::Range => {
            let active = stage.active();
            if let (Some(active), Some((head, _))) = (active, cell_at(stage, x, y)) {
                stage.select(Selection { active, head });
            }
        }
        Drag::Fill(source) => {
            if let Some((place, _)) = cell_at(stage, x, y) {
                let ((top, bottom), (left, right)) = (source.rows(), source.columns());
                stage.select(Selection { active: at(top, left), head: at(place.row.max(bottom), right) });
            }
        }
        Drag::Edge(column, width, began) => stage.set_width(column, width + x - began),
    }
}

/// The button is let go.
pub fn up<T: Table>(stage: Stage<T>) {
    let Some(drag) = stage.drag.try_get_value().flatten() else { return };
    stage.drag.set_value(None);
    if let (Drag::Fill(source), Some(selection)) = (drag, stage.selection.get_untracked()) {
        stage.fill_from(source, selection);
    }
}

/// Two clicks open the cell.
pub fn double<T: Table>(stage: Stage<T>, event: &MouseEvent) {
    if is_own(event, "a, button, .sheet-editor, .sheet-grip") {
        return;
    }
    event.prevent_default();
    if let Some((place, _)) = cell_at(stage, event.client_x().into(), event.client_y().into())
        && stage.kind(place.column) != Kind::Button
    {
        stage.select(Selection::cell(place));
        stage.edit(None);
        stage.focus();
    }
}

/// The fill handle at the lower corner of the range.
#[component]
pub fn Grip<T: Table>(stage: Stage<T>) -> impl IntoView {
    let node = NodeRef::<leptos::html::Div>::new();
    Effect::new(move || {
        let (Some(node), Some(layout), Some(selection)) = (node.get(), stage.layout.get(), stage.selection.get()) else { return };
        let (bottom, right) = (selection.rows().1, selection.columns().1);
        let Some((left, width)) = layout.columns.get(right).copied() else { return };
        let left = if right < layout.pinned { left + stage.aside.get() } else { left };
        let top = layout.head + pixels(bottom + 1) * layout.row;
        css(&node, "transform", &format!("translate({}px, {}px)", left + width - 5.0, top - 5.0));
    });
    let grab = move |event: MouseEvent| {
        event.prevent_default();
        if let Some(selection) = stage.selection.get_untracked() {
            stage.finish();
            stage.drag.set_value(Some(Drag::Fill(selection)));
        }
    };
    // Under what stays in sight it cannot be reached; Ctrl+D does the same.
    view! { <div class="sheet-grip" node_ref=node aria-hidden="true" hidden=move || !stage.focused.get() || stage.editing.get() || stage.selection.with(Option::is_none) on:mousedown=grab></div> }
}
