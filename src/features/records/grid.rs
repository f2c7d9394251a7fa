//! The panel 「中小企业预留执行项目明细」: the detail table as a spreadsheet, with what is found in it and what can be done to its lines.

mod findings;
mod read_only;
mod reconcile;
mod removal;
mod toolbar;

use super::sheet::Sheet;
use crate::domain::ids::{LineId, RecordId};
use crate::domain::record::listed::Listed;
use crate::ui::grid::Grid;
use findings::Findings;
use leptos::prelude::*;
pub use read_only::{ReadOnlyLines, is_long};
use reconcile::Reconcile;
use removal::Removal;
use toolbar::Toolbar;

/// The lines of a record while they can be edited.
#[component]
pub fn LineGrid(
    /// Which record.
    record: RecordId,
    /// The table.
    sheet: Sheet,
    /// Where contracts go that are taken out.
    left_out: RwSignal<Listed>,
    /// Called after one was taken out.
    on_moved: Callback<()>,
) -> impl IntoView {
    let count = Memo::new(move |_| sheet.read(|lines| lines.order().len()));
    let open = Memo::new(move |_| sheet.read(super::sheet::Lines::blocking));
    let is_empty = Memo::new(move |_| count.get() == 0);
    let columns = Memo::new(move |_| sheet.grid_columns());
    view! {
        <section class="panel" aria-labelledby="lines-title">
            <header class="panel-head">
                <h2 id="lines-title">"中小企业预留执行项目明细"</h2>
                <p class="panel-note" data-tone=move || (open.get() > 0).then_some("bad") role="status">
                    {move || format!("{} 行", count.get())}
                    {move || (open.get() > 0).then(|| format!(" · {} 行需要处理", open.get()))}
                </p>
                {move || (open.get() > 0).then(|| view! { <button class="button" data-kind="text" type="button" on:click=move |_| sheet.go_to_next_error(false)>"下一处错误 ↓"</button> })}
                <div class="panel-actions">
                    <button class="button" type="button" id="add-line" on:click=move |_| sheet.add()>"手动录入"</button>
                </div>
            </header>
            {move || if is_empty.get() {
                view! { <div class="empty"><p class="empty-title">"没有计入的合同"</p><p>"可以「手动录入」其他合同；确实没有的，直接提交即为零报告。"</p></div> }.into_any()
            } else {
                let columns = columns.get();
                // The column of dates is there only where a line asks for one.
                let id = if columns.iter().any(|column| column.code == "published_on") { "lines-dated" } else { "lines" };
                view! {
                    <Toolbar sheet />
                    <div class="record-lines" id=id><Grid table=sheet columns name="项目明细" id="lines-grid" control=sheet.control /></div>
                }.into_any()
            }}
            <Findings sheet />
        </section>
        <Removal record sheet left_out on_moved />
        <Reconcile sheet />
    }
}

/// The id of a line's row where it is only read.
pub fn row_id(line: &LineId) -> String {
    format!("line-{line}")
}

/// Puts the focus on an element by its id, scrolling it into sight.
pub fn focus(id: &str) {
    use leptos::wasm_bindgen::JsCast as _;
    if let Some(element) = document().get_element_by_id(id) {
        element.scroll_into_view();
        if let Ok(element) = element.dyn_into::<leptos::web_sys::HtmlElement>() {
            // An element that cannot take the focus is at least in sight.
            let _ = element.focus();
        }
    }
}
