//! One cell of the detail table: editable, or locked and saying so.

use super::super::saving::{Row, Saver};
use super::{cell_id, focus};
use crate::app::Tell;
use crate::domain::contract::Measure;
use crate::domain::record::line::{Line, LineCell, LineRules, Weight};
use crate::ui::{Glyph, Icon};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use std::time::Duration;

/// How long after the last key a cell is saved while it keeps the focus.
const PAUSE: Duration = Duration::from_millis(800);

/// A cell.
#[component]
pub fn CellEditor(row: Row, number: ReadSignal<usize>, cell: LineCell, rules: LineRules, saver: Saver) -> impl IntoView {
    let lock = row.line.with_untracked(|line| line.lock(cell, &rules));
    let is_amount = matches!(cell, LineCell::Percent | LineCell::Sme | LineCell::SmallMicro);
    match lock {
        // 「修改理由」 of a line that nothing can be changed on is no cell to fill.
        Some(why) => view! { <Locked row cell why is_amount /> }.into_any(),
        None => view! { <Open row number cell rules saver is_amount /> }.into_any(),
    }
}

#[component]
fn Locked(row: Row, cell: LineCell, why: &'static str, is_amount: bool) -> impl IntoView {
    let text = move || row.review.with(|review| review.text(cell));
    let id = cell_id(&row.id.get_value(), cell);
    view! {
        <td class="cell-locked" class:num=is_amount id=id tabindex="-1" title=why>
            {move || match (cell, row.review.with(|review| review.url.clone())) {
                (LineCell::Url, Some(url)) => view! { <a href=url target="_blank" rel="external noopener noreferrer">"合同链接 ↗"</a> }.into_any(),
                _ => view! { <span class="cell-text">{text}</span> }.into_any(),
            }}
            {(cell == LineCell::ProjectName).then(|| view! { <Icon glyph=Glyph::Lock attr:class="icon cell-lock" /> })}
            <span class="visually-hidden">"（已锁定）"</span>
        </td>
    }
}

#[component]
fn Open(row: Row, number: ReadSignal<usize>, cell: LineCell, rules: LineRules, saver: Saver, is_amount: bool) -> impl IntoView {
    let id = cell_id(&row.id.get_value(), cell);
    let stored_text = move || {
        if cell == LineCell::Reason { row.line.with(|line| line.reason.clone()) } else { row.review.with(|review| review.text(cell)) }
    };
    let shown = Signal::derive(move || row.typed.with(|typed| typed.get(&cell).cloned()).unwrap_or_else(stored_text));
    let error = Memo::new(move |_| {
        let refused = row.refused.with(|refused| refused.get(&cell).cloned());
        refused.or_else(|| {
            row.review.with(|review| {
                review
                    .findings
                    .iter()
                    .find(|finding| finding.cell == cell && finding.weight == Weight::Error)
                    .map(|finding| finding.message.clone())
            })
        })
    });
    let warning = Memo::new(move |_| {
        row.review.with(|review| {
            let found = review.findings.iter().find(|finding| finding.cell == cell && finding.weight == Weight::Warning);
            found.map(|finding| finding.message.clone())
        })
    });
    let collected = Memo::new(move |_| row.line.with(|line| collected_text(line, cell, &rules)));
    let said = |text: String| format!("采集值 {}", if text.is_empty() { "（空）" } else { &text });
    let label = move || format!("第 {} 行 {}", number.get() + 1, cell.label());
    let before = StoredValue::new(None::<Line>);
    let emptied = StoredValue::new(false);
    let tell = expect_context::<Tell>();
    let pause = StoredValue::new(None::<leptos::prelude::TimeoutHandle>);
    let typed = move |text: String| {
        emptied.set_value(
            cell == LineCell::ProjectName && text.trim().is_empty() && row.line.with_untracked(|line| line.contract().is_some()),
        );
        saver.enter(row, cell, text, &rules);
        let again = set_timeout_with_handle(move || saver.flush(), PAUSE).ok();
        if let Some(earlier) = pause.try_update_value(|pause| std::mem::replace(pause, again)).flatten() {
            earlier.clear();
        }
    };
    let left = move || {
        if row.refused.with_untracked(|refused| !refused.contains_key(&cell)) {
            row.typed.update(|typed| {
                typed.remove(&cell);
            });
        }
        // An emptied cell shows what was collected again; nobody should have to notice that by themselves.
        let was_overridden = before.with_value(|before| before.as_ref().is_some_and(|line| collected_text(line, cell, &rules).is_some()));
        let is_restored = was_overridden && row.line.with_untracked(|line| collected_text(line, cell, &rules).is_none());
        if is_restored || emptied.get_value() {
            let text = row.review.with_untracked(|review| review.text(cell));
            if !text.is_empty() {
                tell.ok(format!("{}已恢复为采集的内容“{text}”", label()));
            }
        }
        emptied.set_value(false);
        before.set_value(None);
        saver.flush();
    };
    let take_back = move || {
        let Some(line) = before.get_value() else { return };
        let text = if cell == LineCell::Reason { line.reason.clone() } else { override_text(&line, cell, &rules) };
        saver.take_back(row, cell);
        let changed = row.line.with_untracked(|now| now.overrides != line.overrides || now.reason != line.reason);
        if changed {
            let version = row.line.with_untracked(|now| now.version);
            row.line.set(Line { version, ..line });
            saver.note(row, cell, text);
        }
        row.typed.update(|typed| {
            typed.remove(&cell);
        });
    };
    let keys = move |event: KeyboardEvent| {
        // While a Chinese word is being composed, every key belongs to the input method.
        if event.is_composing() {
            return;
        }
        match event.key().as_str() {
            "Enter" | "ArrowDown" if cell != LineCell::Measure || event.key() == "Enter" => {
                event.prevent_default();
                neighbour(&event, cell, !event.shift_key());
            }
            "ArrowUp" if cell != LineCell::Measure => {
                event.prevent_default();
                neighbour(&event, cell, false);
            }
            "Escape" => take_back(),
            _ => {}
        }
    };
    let focused = move |_| before.set_value(Some(row.line.get_untracked()));
    let address = Memo::new(move |_| row.review.with(|review| review.url.clone()).filter(|_| cell == LineCell::Url));
    let error_id = format!("{id}-error");
    let collected_id = format!("{id}-collected");
    let described = {
        let error_id = error_id.clone();
        let collected_id = collected_id.clone();
        move || format!("{error_id} {collected_id}")
    };
    let invalid = move || error.with(Option::is_some).then_some("true");
    let control = if cell == LineCell::Measure {
        view! {
            <select class="cell-select" id=id aria-label=label aria-invalid=invalid aria-describedby=described prop:value=shown
                on:change=move |event| { typed(event_target_value(&event)); saver.flush(); } on:focus=focused on:blur=move |_| left() on:keydown=keys>
                <option value="">"请选择"</option>
                {Measure::ALL.iter().map(|measure| view! { <option value=measure.label() selected=move || shown.get() == measure.label()>{measure.label()}</option> }).collect_view()}
            </select>
        }
        .into_any()
    } else {
        let kind = if cell == LineCell::PublishedOn { "date" } else { "text" };
        let list = (cell == LineCell::Reason).then_some("reasons");
        let mode = is_amount.then_some("decimal");
        let empty = matches!(cell, LineCell::Sme | LineCell::SmallMicro).then_some("待补充");
        view! {
            <input class="cell-input" id=id type=kind inputmode=mode list=list placeholder=empty autocomplete="off" spellcheck="false" aria-label=label aria-invalid=invalid aria-describedby=described
                value=shown.get_untracked() prop:value=shown on:input=move |event| typed(event_target_value(&event)) on:focus=focused on:blur=move |_| left() on:keydown=keys />
        }
        .into_any()
    };
    view! {
        <td class:num=is_amount class="cell-open" class:cell-error=move || error.with(Option::is_some) class:cell-warn=move || warning.with(Option::is_some) && error.with(Option::is_none)
            class:cell-overridden=move || collected.with(Option::is_some) title=move || error.get().or_else(|| collected.get().map(said))>
            {control}
            {move || address.get().map(|url| view! { <a class="cell-link" href=url target="_blank" rel="external noopener noreferrer" aria-label=move || format!("打开第 {} 行的合同链接", number.get() + 1)>"↗"</a> })}
            // Beside the cell while one works in it, and read with it.
            <span class="cell-say">
                <span class="cell-say-error" id=error_id>{move || error.get().or_else(|| warning.get())}</span>
                <span class="cell-say-note" id=collected_id>{move || collected.get().map(said)}</span>
            </span>
        </td>
    }
}

/// The collected text under an override; `None` where the cell is not overridden.
pub fn collected_text(line: &Line, cell: LineCell, rules: &LineRules) -> Option<String> {
    line.contract()?;
    let overrides = &line.overrides;
    let is_overridden = match cell {
        LineCell::ProjectName => overrides.project_name.is_some(),
        LineCell::Measure => overrides.measure.is_some(),
        LineCell::Percent => overrides.percent.is_some(),
        LineCell::Sme => overrides.sme.is_some(),
        LineCell::SmallMicro => overrides.small_micro.is_some(),
        LineCell::PublishedOn => overrides.published_on.is_some(),
        LineCell::Url => overrides.url.is_some(),
        LineCell::Reason => false,
    };
    is_overridden.then(|| Line { overrides: crate::domain::record::line::Overrides::default(), ..line.clone() }.review(rules).text(cell))
}

/// The text that brings a cell to what `line` has there: its override, or nothing.
fn override_text(line: &Line, cell: LineCell, rules: &LineRules) -> String {
    if line.contract().is_none() || collected_text(line, cell, rules).is_some() { line.review(rules).text(cell) } else { String::new() }
}

/// Moves to the same cell of the next or previous row that can be edited there.
fn neighbour(event: &KeyboardEvent, cell: LineCell, down: bool) {
    use leptos::wasm_bindgen::JsCast as _;
    let here = event
        .target()
        .and_then(|target| target.dyn_into::<leptos::web_sys::Element>().ok())
        .map(|element| element.id())
        .unwrap_or_default();
    let selector = format!("#lines :is(input, select)[id$='-{}']", cell.code());
    let Ok(found) = document().query_selector_all(&selector) else { return };
    let ids: Vec<String> = (0..found.length())
        .filter_map(|at| found.get(at))
        .filter_map(|node| node.dyn_into::<leptos::web_sys::Element>().ok())
        .map(|element| element.id())
        .collect();
    let Some(at) = ids.iter().position(|id| *id == here) else { return };
    let next = if down { at.checked_add(1) } else { at.checked_sub(1) };
    if let Some(id) = next.and_then(|next| ids.get(next)) {
        focus(id);
    }
}
