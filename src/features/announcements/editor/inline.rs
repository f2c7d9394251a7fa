//! Editing in place in the live preview (C4, C7): a cell of the 明细 opens where it stands, by the pointer and by the keyboard.
//!
//! The preview's HTML is the public page's, from the same function and without anything of this. What makes its table a grid (role, the
//! one cell that Tab reaches) is put onto the elements after they stand in the page, and clicks and keys are heard above them, so that it
//! costs the same for two lines and for five thousand.
//! Always: a change is checked by the rule of the record's own lines, has its reason, is stored at once, and then the preview is drawn
//! anew with its place of scrolling and the focus on the same cell. What is typed lies in the browser until it is stored or let go.

use super::Draft;
use super::lines::{CellField, Faults, faults, stand_over};
use super::waiting::finishes;
use crate::app::Tell;
use crate::domain::announcement::line::{AnnouncementLine, LineCell, LineChange, LineDraft};
use crate::domain::announcement::render::DETAIL_HEADER;
use crate::error::AppError;
use crate::ui::{Field, Problem, Textarea};
use leptos::ev::{KeyboardEvent, MouseEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::{
    Element, HtmlElement, HtmlInputElement, HtmlTableCellElement, HtmlTableRowElement, ScrollIntoViewOptions, ScrollLogicalPosition,
};

/// The id of the words that say how the table is edited.
const HINT: &str = "preview-hint";
/// How wide the open cell's form may be, in pixels; the style sheet says the same.
const WIDTH: f64 = 352.0;

/// The cells of a line that a column of the notice shows, or that what it shows depends on.
const fn cells(column: usize) -> &'static [LineCell] {
    match column {
        1 => &[LineCell::ProjectName],
        2 => &[LineCell::Measure, LineCell::Percent],
        3 => &[LineCell::Sme, LineCell::SmallMicro],
        4 => &[LineCell::Url],
        // 序号 follows the order of the lines.
        _ => &[],
    }
}

/// A cell that is open.
#[derive(Clone)]
struct Opened {
    line: AnnouncementLine,
    column: usize,
    /// The cells as they are typed, and why. Each form has its own, so that none is kept as another line's.
    typed: ArcRwSignal<LineDraft>,
    reason: ArcRwSignal<String>,
    /// The reason that the form began with.
    begun: String,
    /// Where the cell ends and begins in what scrolls, and where that ends.
    under: f64,
    above: f64,
    end: f64,
    left: f64,
}

/// The preview's editing.
#[derive(Clone, Copy)]
pub struct Inline {
    draft: Draft,
    tell: Tell,
    open: RwSignal<Option<Opened>>,
    /// Row and column that Tab reaches.
    at: StoredValue<(u32, u32)>,
    /// Whether the focus goes to that cell as soon as the table stands.
    returns: StoredValue<bool>,
    /// The part that scrolls.
    pub body: NodeRef<html::Div>,
    /// The notice's text.
    pub text: NodeRef<html::Div>,
}

impl Inline {
    /// Nothing open.
    pub fn new(draft: Draft) -> Inline {
        Inline {
            draft,
            tell: expect_context::<Tell>(),
            open: RwSignal::new(None),
            at: StoredValue::new((0, 1)),
            returns: StoredValue::new(false),
            body: NodeRef::new(),
            text: NodeRef::new(),
        }
    }

    /// The preview was drawn anew: its tables become grids again, and the focus returns where it was.
    pub fn settle(self) {
        request_animation_frame(move || {
            let Some(text) = self.text.try_get_untracked().flatten() else { return };
            let Ok(tables) = text.query_selector_all("table.notice-detail") else { return };
            for at in 0..tables.length() {
                let Some(table) = tables.item(at).and_then(|node| node.dyn_into::<Element>().ok()) else { continue };
                mark(&table, &[("role", "grid"), ("aria-describedby", HINT)]);
                let (row, column) = self.at.get_value();
                let Some(cell) = cell_at(&table, row, column).or_else(|| last_row(&table, column)) else { continue };
                mark(&cell, &[("tabindex", "0")]);
                if at == 0 && self.returns.try_update_value(std::mem::take) == Some(true) {
                    self.go(&cell);
                }
            }
        });
    }

    /// Puts the focus on a cell, and makes it the one that Tab reaches.
    fn go(self, cell: &HtmlElement) {
        let Some((row, column)) = place(cell) else { return };
        if let Some(table) = cell.closest("table").ok().flatten() {
            let (row, column) = self.at.get_value();
            if let Some(before) = cell_at(&table, row, column) {
                mark(&before, &[("tabindex", "-1")]);
            }
        }
        self.at.set_value((row, column));
        mark(cell, &[("tabindex", "0")]);
        if cells(column as usize).is_empty() {
            mark(cell, &[("aria-readonly", "true")]);
        }
        // A cell that cannot take the focus leaves it where it is.
        let _ = cell.focus();
    }

    /// The pointer was pressed in the notice.
    pub fn pointed(self, event: &MouseEvent) {
        let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        // A link leads to its contract; the cell around it opens.
        if target.closest("a").ok().flatten().is_some() {
            return;
        }
        if let Some(cell) = detail_cell(&target) {
            // What is being typed keeps its place and the focus.
            if !self.is_typed() {
                self.go(&cell);
            }
            self.edit(&cell);
        }
    }

    /// A key was pressed in the notice.
    pub fn pressed(self, event: &KeyboardEvent) {
        let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        if target.tag_name() != "TD" || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let Some((cell, (row, column))) = detail_cell(&target).and_then(|cell| Some((cell.clone(), place(&cell)?))) else { return };
        let Some(table) = cell.closest("table").ok().flatten() else { return };
        let last = u32::try_from(DETAIL_HEADER.len() - 1).unwrap_or_default();
        let to = match event.key().as_str() {
            "ArrowUp" => cell_at(&table, row.saturating_sub(1), column),
            "ArrowDown" => cell_at(&table, row + 1, column),
            "ArrowLeft" => cell_at(&table, row, column.saturating_sub(1)),
            "ArrowRight" => cell_at(&table, row, (column + 1).min(last)),
            "Home" => cell_at(&table, row, 0),
            "End" => cell_at(&table, row, last),
            "Enter" | "F2" => {
                event.prevent_default();
                self.edit(&cell);
                return;
            }
            _ => return,
        };
        event.prevent_default();
        if let Some(to) = to {
            self.go(&to);
        }
    }

    /// Whether something is typed in the open cell.
    fn is_typed(self) -> bool {
        self.is_changed() || self.open.with_untracked(|open| open.as_ref().is_some_and(|open| open.reason.get_untracked() != open.begun))
    }

    /// Whether the open cell's line would be another.
    fn is_changed(self) -> bool {
        let is_other = |open: &Opened| open.typed.with_untracked(|typed| *typed != open.line.values.draft());
        self.open.with_untracked(|open| open.as_ref().is_some_and(is_other))
    }

    /// Opens a cell where it stands.
    fn edit(self, cell: &HtmlElement) {
        let Some((row, column)) = place(cell) else { return };
        if cells(column as usize).is_empty() {
            self.tell.bad("序号按明细行的顺序给出，不能修改");
            return;
        }
        if self.is_typed() {
            self.tell.bad("请先确定或取消正在修改的单元格");
            return;
        }
        let shown = |lines: &Vec<AnnouncementLine>| lines.iter().filter(|line| !line.is_removed).nth(row as usize).cloned();
        let Some(line) = self.draft.lines.with_untracked(shown) else { return };
        let Some(body) = self.body.get_untracked() else { return };
        let (inner, outer) = (cell.get_bounding_client_rect(), body.get_bounding_client_rect());
        let room = (f64::from(body.client_width()) - WIDTH).max(0.0);
        let down = f64::from(body.scroll_top()) - outer.top();
        let begun = self.draft.reason_of(&line);
        self.let_go();
        self.open.set(Some(Opened {
            typed: ArcRwSignal::new(line.values.draft()),
            reason: ArcRwSignal::new(begun.clone()),
            line,
            column: column as usize,
            begun,
            under: inner.bottom() + down,
            above: inner.top() + down,
            // The form of the cell that was open before adds nothing to the text's own height.
            end: self.text.get_untracked().map_or(0.0, |text| text.get_bounding_client_rect().bottom() + down),
            left: (inner.left() - outer.left()).clamp(0.0, room),
        }));
    }

    /// What stands in the open cell is stored, or is let go.
    fn let_go(self) {
        if let Some(line) = self.open.with_untracked(|open| open.as_ref().map(|open| open.line.id.clone())) {
            self.draft.let_form_go(&line);
        }
    }

    /// Closes the open cell and gives the focus back to where it stood.
    fn close(self) {
        self.let_go();
        self.open.set(None);
        self.returns.set_value(true);
        self.settle();
    }
}

/// Writes attributes onto an element of ours; names that are not allowed do not occur.
fn mark(element: &Element, attributes: &[(&str, &str)]) {
    for (name, value) in attributes {
        let _ = element.set_attribute(name, value);
    }
}

/// The cell of the 明细 in which something stands.
fn detail_cell(inside: &Element) -> Option<HtmlElement> {
    inside.closest(".notice-detail > tbody > tr > td").ok().flatten()?.dyn_into().ok()
}

/// Row and column of a cell, from 0.
fn place(cell: &HtmlElement) -> Option<(u32, u32)> {
    let row: HtmlTableRowElement = cell.parent_element()?.dyn_into().ok()?;
    let column = cell.dyn_ref::<HtmlTableCellElement>()?.cell_index();
    Some((u32::try_from(row.section_row_index()).ok()?, u32::try_from(column).ok()?))
}

fn cell_at(table: &Element, row: u32, column: u32) -> Option<HtmlElement> {
    let path = format!(":scope > tbody > tr:nth-child({}) > td:nth-child({})", row + 1, column + 1);
    table.query_selector(&path).ok().flatten()?.dyn_into().ok()
}

/// The last row's cell: where one was whose row has gone.
fn last_row(table: &Element, column: u32) -> Option<HtmlElement> {
    let path = format!(":scope > tbody > tr:last-child > td:nth-child({})", column + 1);
    table.query_selector(&path).ok().flatten()?.dyn_into().ok()
}

/// How the table is edited, in a sentence.
#[component]
pub fn InlineHint() -> impl IntoView {
    view! { <p class="preview-hint quiet small" id=HINT>"点击明细表的单元格即可修改。键盘：Tab 进入表格，方向键移动，Enter 修改，Esc 取消。"</p> }
}

/// The open cell, over the preview.
#[component]
pub fn InlineForm(inline: Inline) -> impl IntoView {
    move || inline.open.get().map(|opened| view! { <OpenCell inline opened /> })
}

#[component]
fn OpenCell(inline: Inline, opened: Opened) -> impl IntoView {
    let Opened { line, column, typed, reason, under, above, end, left, .. } = opened;
    let (typed, reason) = (RwSignal::from(typed), RwSignal::from(reason));
    let top = RwSignal::new(under);
    let (found, refused) = (RwSignal::new(Faults::new()), RwSignal::new(None::<AppError>));
    let pending = RwSignal::new(false);
    let own = cells(column);
    let name = format!("修改：{} · {}", line.values.project_name, DETAIL_HEADER.get(column).copied().unwrap_or_default());
    let at = move |field: &'static str| {
        let here = move || found.with(|found| found.iter().find(|(at, _)| *at == field).map(|(_, words)| words.clone()));
        Signal::derive(move || here().or_else(|| refused.with(|refused| refused.as_ref().and_then(|error| error.at_field(field)))))
    };
    // What is wrong in a cell that is not open here is said above the fields.
    let elsewhere = move || {
        let shown = |field: &str| field == "reason" || own.iter().any(|cell| cell.code() == field);
        let own = found.with(|found| found.iter().find(|(at, _)| !shown(at)).map(|(_, words)| words.clone()));
        own.or_else(|| refused.get().filter(|error| !matches!(error, AppError::InvalidField { .. })).map(|error| error.to_string()))
    };
    let first = format!("inline-{}", own.first().copied().unwrap_or(LineCell::ProjectName).code());
    let before = StoredValue::new(line);
    inline.draft.keep_form(before, typed, reason);
    let node = NodeRef::<html::Div>::new();
    // Where it would reach below the text it opens upwards; wherever it is, all of it comes into sight.
    Effect::new(move || {
        let Some(node) = node.get() else { return };
        request_animation_frame(move || {
            let height = f64::from(node.offset_height());
            if under + height > end && above > height {
                top.try_set(above - height);
            }
            request_animation_frame(move || into_sight(&node));
        });
    });
    let send = move |change: LineChange, said: &'static str| {
        refused.set(None);
        let wrong = before.with_value(|line| faults(line, &change, &reason.get_untracked()));
        found.set(wrong.clone());
        if let Some((field, _)) = wrong.first() {
            focus_field(format!("inline-{field}"));
            return;
        }
        pending.set(true);
        let (seen, why) = (before.get_value(), reason.get_untracked());
        let id = seen.id.clone();
        inline.draft.change_line(seen, change, why.clone(), move |result| {
            pending.try_set(false);
            match result {
                Ok(()) => {
                    inline.draft.reasons().of_lines.update_value(|given| drop(given.insert(id, why)));
                    inline.tell.ok(said);
                    inline.close();
                }
                Err(error) => {
                    if matches!(error, AppError::Conflict(_)) && !before.is_disposed() {
                        stand_over(inline.draft, before, typed);
                    }
                    refused.try_set(Some(error));
                }
            }
        });
    };
    // Another reason is only one where something differs.
    let is_other = move || inline.is_changed() || (inline.is_typed() && before.with_value(AnnouncementLine::is_changed));
    let finish = move || {
        if is_other() {
            send(LineChange::Edit(typed.get_untracked()), "已修改，预览已更新；审核人会看到差别和理由");
        } else {
            inline.close();
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        finish();
    };
    let key = move |event: KeyboardEvent| {
        if finishes(&event) {
            event.prevent_default();
            if !pending.get_untracked() {
                finish();
            }
        } else if event.key() == "Escape" && !event.is_composing() {
            event.prevent_default();
            event.stop_propagation();
            inline.close();
        }
    };
    focus_field(first);
    view! {
        <div class="inline-edit" role="dialog" aria-label=name node_ref=node style=("--inline-top", move || format!("{}px", top.get())) style=("--inline-left", format!("{left}px")) on:keydown=key>
        <form class="stack" novalidate on:submit=submit>
            {move || elsewhere().map(|message| view! { <Problem message /> })}
            {own.iter().map(|cell| view! { <CellField place="inline" cell=*cell typed error=at(cell.code()) /> }).collect_view()}
            <Field id="inline-reason" label="修改理由" hint="Ctrl+Enter 确定，Esc 取消" required=true error=at("reason") let:control>
                <Textarea id=control.id value=reason on_input=move |text| reason.set(text) rows=2 maxlength=500 described_by=control.described_by invalid=control.invalid />
            </Field>
            <div class="button-row">
                <button class="button" data-kind="primary" type="submit" disabled=pending aria-busy=move || pending.get().to_string()>"确定"</button>
                <button class="button" type="button" on:click=move |_| inline.close()>"取消"</button>
                <button class="button" data-kind="danger" type="button" disabled=pending on:click=move |_| send(LineChange::Remove, "已从公告中删除该行；可在「公告内容」中「恢复」")>"删除该行"</button>
            </div>
        </form>
        </div>
    }
}

/// Scrolls no further than it must.
fn into_sight(element: &HtmlElement) {
    let how = ScrollIntoViewOptions::new();
    how.set_block(ScrollLogicalPosition::Nearest);
    how.set_inline(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&how);
}

/// Puts the focus into a field as soon as it stands, with its text selected.
fn focus_field(id: String) {
    request_animation_frame(move || {
        let Some(element) = document().get_element_by_id(&id) else { return };
        if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
            input.select();
        }
        if let Ok(element) = element.dyn_into::<HtmlElement>() {
            // A field that cannot take the focus is at least in sight.
            let _ = element.focus();
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c4_every_cell_of_a_line_can_be_reached_from_the_notice() {
        let reached: Vec<LineCell> = (0..DETAIL_HEADER.len()).flat_map(|column| cells(column).iter().copied()).collect();
        assert_eq!(reached, LineCell::ALL);
        assert!(cells(0).is_empty(), "序号 follows the order of the lines");
    }
}
