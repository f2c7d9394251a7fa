//! The grid's frame: head, rows, text box, and the line under it.

use super::editor::{Editor, active_cell};
use super::place::{css, pixels};
use super::pointer::{self, Grip};
use super::rows::Slot;
use super::stage::{Drag, GridControl, Stage};
use super::{Column, Kind, SLOTS, Table};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::wasm_bindgen::closure::Closure;
use leptos::web_sys;

/// A table that is edited like a spreadsheet.
#[component]
pub fn Grid<T: Table>(
    /// What it shows and edits.
    table: T,
    /// Its columns.
    columns: Vec<Column>,
    /// Its name.
    name: &'static str,
    /// Its id; styles give the columns their widths under it.
    id: &'static str,
    /// Leads to its cells.
    control: GridControl,
) -> impl IntoView {
    let count = columns.len();
    let stage = Stage::new(table, columns.clone(), control);
    measured(stage);
    dragged(stage);
    // The height that all rows would have.
    Effect::new(move || {
        table.watch();
        let Some(height) = stage.layout.with(|layout| layout.as_ref().map(|layout| layout.row)) else { return };
        if let Some(body) = stage.body.get() {
            css(&body, "height", &format!("{}px", pixels(table.rows()) * height));
        }
        stage.scrolled();
    });
    let frame = NodeRef::<leptos::html::Div>::new();
    Effect::new(move || {
        let template = stage.widths.with(|widths| {
            let known: Option<Vec<String>> = widths.iter().map(|width| width.map(|width| format!("{width}px"))).collect();
            known.map(|known| known.join(" "))
        });
        if let (Some(template), Some(frame)) = (template, frame.get()) {
            css(&frame, "--sheet-columns", &template);
        }
    });
    let heads = columns.into_iter().enumerate().map(|(index, column)| view! { <Head stage column index /> }).collect_view();
    view! {
        <div class="sheet" id=id node_ref=frame data-live=move || stage.layout.with(Option::is_some).then_some("") data-focused=move || stage.focused.get().then_some("")>
            <div class="sheet-scroll" node_ref=stage.scroller on:scroll=move |_| stage.scrolled()
                on:mousedown=move |event| pointer::down(stage, &event) on:dblclick=move |event| pointer::double(stage, &event)>
                <div role="grid" class="sheet-table" aria-label=name aria-multiselectable="true" aria-readonly=table.is_read_only().then_some("true") aria-colcount=count + 1
                    aria-rowcount=move || { table.watch(); table.rows() + 1 }>
                    <div role="rowgroup" class="sheet-heads">
                        <div role="row" class="sheet-row" aria-rowindex="1" node_ref=stage.head>
                            <div role="columnheader" class="sheet-head sheet-number" aria-colindex="1">"序号"</div>
                            {heads}
                        </div>
                    </div>
                    <div role="rowgroup" class="sheet-body" node_ref=stage.body>
                        {(0..SLOTS).map(|nth| view! { <Slot stage nth /> }).collect_view()}
                    </div>
                </div>
                <Grip stage />
                <Editor stage />
            </div>
            <Hint stage />
        </div>
    }
}

#[component]
fn Head<T: Table>(stage: Stage<T>, column: Column, index: usize) -> impl IntoView {
    let table = stage.table;
    let order = move || {
        table.watch();
        table.sorted().filter(|(by, _)| *by == index).map(|(_, down)| down)
    };
    let grab = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        event.stop_propagation();
        let width =
            stage.layout.with_untracked(|layout| layout.as_ref().and_then(|layout| layout.columns.get(index)).map(|(_, width)| *width));
        if let Some(width) = width {
            stage.drag.set_value(Some(Drag::Edge(index, width, event.client_x().into())));
        }
    };
    let words = view! { <span>{column.label}{column.unit.map(|unit| view! { <span class="nowrap">{format!("({unit})")}</span> })}</span> };
    view! {
        <div role="columnheader" class="sheet-head" class:num=column.kind == Kind::Number data-column=column.code aria-colindex=index + 2
            aria-sort=move || match order() { Some(true) => Some("descending"), Some(false) => Some("ascending"), None => None }>
            {if matches!(column.kind, Kind::Button) {
                words.into_any()
            } else {
                view! {
                    <button type="button" class="sheet-sort" tabindex="-1" on:click=move |_| table.sort(index)>
                        {words}
                        <span aria-hidden="true" class="sheet-order">{move || match order() { Some(true) => "↓", Some(false) => "↑", None => "" }}</span>
                    </button>
                }.into_any()
            }}
            <span class="sheet-edge" aria-hidden="true" on:mousedown=grab></span>
        </div>
    }
}

/// The line under the grid: why a cell is locked, what is wrong, what a range adds up to, which keys help here.
#[component]
fn Hint<T: Table>(stage: Stage<T>) -> impl IntoView {
    let words = Memo::new(move |_| {
        if stage.leaving.get() {
            return "再按 Tab 离开表格".to_owned();
        }
        let Some(selection) = stage.selection.get() else { return String::new() };
        if selection.is_range() {
            stage.table.watch();
            let sum = stage.table.summary(&selection).map(|sum| format!("，{sum}")).unwrap_or_default();
            return format!("已选 {} 格{sum}", selection.count());
        }
        active_cell(stage).and_then(|cell| cell.lock.map(str::to_owned).or(cell.error).or(cell.warning).or(cell.note)).unwrap_or_default()
    });
    let keys = move || {
        if stage.editing.get() {
            "回车确定 · Esc 取消"
        } else if stage.table.is_read_only() {
            "Ctrl+C 复制 · Alt+←→ 列宽 · Esc 后 Tab 离开"
        } else {
            "F2 修改 · Ctrl+Z 撤销 · Ctrl+D 向下填充 · Alt+←→ 列宽 · Esc 后 Tab 离开"
        }
    };
    view! {
        <div class="sheet-hint">
            <p role="status">{words}</p>
            <p class="sheet-keys">{keys}</p>
        </div>
    }
}

/// Measures when the grid appears, and again when its head changes: another text size, another window.
fn measured<T: Table>(stage: Stage<T>) {
    Effect::new(move || {
        let Some(head) = stage.head.get() else { return };
        request_animation_frame(move || stage.measure());
        let look = Closure::<dyn FnMut()>::new(move || stage.measure());
        let Ok(observer) = web_sys::ResizeObserver::new(look.as_ref().unchecked_ref()) else { return };
        observer.observe(&head);
        let held = StoredValue::new_local((observer, look));
        on_cleanup(move || {
            held.try_with_value(|(observer, _)| observer.disconnect());
        });
    });
    // A width that a person gave moves the cells, and not always the head as a whole.
    Effect::new(move || {
        stage.widths.track();
        request_animation_frame(move || {
            if !stage.layout.is_disposed() {
                stage.measure();
            }
        });
    });
}

/// What is dragged is followed beyond the grid.
fn dragged<T: Table>(stage: Stage<T>) {
    Effect::new(move || {
        let moves = window_event_listener(leptos::ev::mousemove, move |event| pointer::moved(stage, &event));
        let ends = window_event_listener(leptos::ev::mouseup, move |_| pointer::up(stage));
        on_cleanup(move || {
            moves.remove();
            ends.remove();
        });
    });
}
