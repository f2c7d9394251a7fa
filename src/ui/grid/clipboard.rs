//! The clipboard's events of the browser.

use super::clip;
use super::stage::Stage;
use super::{Kind, Table};
use leptos::ev::ClipboardEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys;

/// Ctrl+C and Ctrl+X: the range as text and as a table, and for Ctrl+X the cells emptied.
pub fn copy<T: Table>(stage: Stage<T>, event: &ClipboardEvent, cuts: bool) {
    // A part of what is being typed is the text box's own.
    if stage.editing.get_untracked() {
        return;
    }
    let (Some(data), Some(selection)) = (event.clipboard_data(), stage.selection.get_untracked()) else { return };
    let rows = stage.texts();
    let left = selection.columns().0;
    let html = clip::to_html(&rows, |column| stage.kind(left + column) == Kind::Number);
    // A clipboard that takes nothing leaves what was there.
    let _ = data.set_data("text/plain", &clip::to_text(&rows));
    let _ = data.set_data("text/html", &html);
    event.prevent_default();
    if cuts {
        stage.fill(selection.cells().map(|place| (place, String::new())).collect());
    }
}

/// Ctrl+V: the table on the clipboard, or its text. While a cell is typed into, the text goes into it.
pub fn paste<T: Table>(stage: Stage<T>, event: &ClipboardEvent) {
    if stage.editing.get_untracked() {
        return;
    }
    let Some(data) = event.clipboard_data() else { return };
    event.prevent_default();
    let html = data.get_data("text/html").unwrap_or_default();
    let is_own = html.contains(clip::OWN);
    let text = data.get_data("text/plain").unwrap_or_default();
    let table = if is_own { None } else { from_html(&html) };
    let rows = table.unwrap_or_else(|| clip::from_text(&text));
    if rows.iter().flatten().any(|cell| !cell.is_empty()) || !text.is_empty() {
        stage.paste(rows, is_own);
    }
}

/// Reads the first table of a page fragment as spreadsheets write it.
fn from_html(html: &str) -> Option<Vec<Vec<String>>> {
    let html = clip::bare_table(html)?;
    let page = web_sys::DomParser::new().ok()?.parse_from_string(&html, web_sys::SupportedType::TextHtml).ok()?;
    let table = page.query_selector("table").ok()??.dyn_into::<web_sys::HtmlTableElement>().ok()?;
    let rows = table.rows();
    let mut read = Vec::new();
    for at in 0..rows.length() {
        let Some(row) = rows.item(at).and_then(|row| row.dyn_into::<web_sys::HtmlTableRowElement>().ok()) else { continue };
        let cells = row.cells();
        let cells = (0..cells.length()).filter_map(|at| cells.item(at)?.dyn_into::<web_sys::HtmlTableCellElement>().ok());
        read.push(cells.map(|cell| as_written(&cell)).collect());
    }
    (!read.is_empty()).then(|| clip::laid_out(read))
}

fn as_written(cell: &web_sys::HtmlTableCellElement) -> clip::HtmlCell {
    let shown = cell.text_content().unwrap_or_default();
    clip::HtmlCell {
        shown: shown.split_whitespace().collect::<Vec<_>>().join(" "),
        exact: cell.get_attribute("x:num"),
        columns: cell.col_span(),
        rows: cell.row_span(),
    }
}
