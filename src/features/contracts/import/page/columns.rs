//! 「列识别」: each column of the file beside what it is read as.

use super::super::api::{ColumnChoice, Import, SheetChoice, choose_import_columns, choose_import_sheet};
use super::address;
use crate::app::paths;
use crate::domain::sheet::{Assigned, Column, Header, Severity, letters};
use crate::ui::{Again, Problem, TableWrap};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// The step.
#[component]
pub(super) fn ColumnsPanel(import: Import, changed: Again) -> impl IntoView {
    let chosen = RwSignal::new(import.columns.clone());
    let pending = RwSignal::new(false);
    let problem = RwSignal::new(None::<String>);
    let head = StoredValue::new(import.head.clone());
    let missing = Memo::new(move |_| {
        let chosen: Vec<_> = chosen.with(|codes| codes.iter().map(|code| Assigned::from_code(code)).collect());
        let judged = head.with_value(|head| Header::assigned(&head.cells, head.row, &chosen));
        let findings = judged.err().unwrap_or_default();
        findings.into_iter().filter(|finding| finding.severity == Severity::Error).map(|finding| finding.message).collect::<Vec<_>>()
    });
    let known = Memo::new(move |_| chosen.with(|codes| codes.iter().filter(|code| !code.is_empty()).count()));
    let navigate = use_navigate();
    let (id, version) = (import.id.clone(), import.version);
    let next = move |_| {
        if pending.get_untracked() {
            return;
        }
        pending.set(true);
        problem.set(None);
        let (choice, navigate) = (ColumnChoice { id: id.clone(), version, columns: chosen.get_untracked() }, navigate.clone());
        spawn_local(async move {
            let id = choice.id.clone();
            match choose_import_columns(choice).await {
                Ok(_) => {
                    navigate(&paths::import(&id), NavigateOptions::default());
                    changed.notify();
                }
                Err(error) => {
                    pending.set(false);
                    problem.set(Some(error.to_string()));
                }
            }
        });
    };
    let rows = columns_of(&import)
        .into_iter()
        .enumerate()
        .map(|(at, (name, samples))| {
            // An amount without its unit, or in 万元, is never proposed; but the row says what it probably is.
            let likely = Column::without_unit(&name).filter(|_| Column::recognise(&name).is_none());
            let is_open = move || likely.is_some() && chosen.with(|codes| codes.get(at).is_none_or(String::is_empty));
            let hint_id = format!("column-{at}-hint");
            let described = hint_id.clone();
            let hint = likely.map(|column| format!("像是「{}」，请核对单位后选择（元，或万元换算为元）", column.name()));
            let words = if name.is_empty() { "（无列名）".to_owned() } else { name };
            let label = format!("第 {} 列“{words}”对应", at + 1);
            let is_chosen = move |code: &str| chosen.with_untracked(|codes| codes.get(at).is_some_and(|chosen| chosen == code));
            let options = Assigned::all()
                .map(|assigned| {
                    let code = assigned.code();
                    let mark = if assigned.column.is_required() { "（必填）" } else { "" };
                    view! { <option value=code.clone() selected=is_chosen(&code)>{format!("{}{mark}", assigned.label())}</option> }
                })
                .collect_view();
            let choose = move |event: leptos::ev::Event| chosen.update(|codes| codes[at] = event_target_value(&event));
            view! {
                <tr>
                    <td class="nowrap" data-label="列">{letters(at)}</td>
                    <td class="row-title cell-words">{words}</td>
                    <td class="cell-words" data-label="内容举例"><span class="import-samples">{samples}</span></td>
                    <td data-label="对应">
                        <select class="select import-choice" aria-label=label on:change=choose
                            aria-describedby=move || is_open().then(|| described.clone()) aria-invalid=move || is_open().then_some("true")>
                            <option value="" selected=is_chosen("")>"不读入"</option>
                            {options}
                        </select>
                        {hint.map(|hint| view! { <p class="field-error" id=hint_id hidden=move || !is_open()>{hint}</p> })}
                    </td>
                </tr>
            }
        })
        .collect_view();
    let is_empty = import.head.cells.is_empty();
    view! {
        {(import.sheets.len() > 1).then(|| view! { <Sheets import=import.clone() problem changed /> })}
        <section class="panel" aria-labelledby="columns-title">
            <header class="panel-head">
                <h2 id="columns-title">"列识别"</h2>
                <span class="panel-note">{move || format!("第 {} 行是列名；共 {} 列，已对应 {} 列", head.with_value(|head| head.row), head.with_value(|head| head.cells.len()), known.get())}</span>
            </header>
            {if is_empty {
                view! { <div class="empty"><p class="empty-title">"这张工作表是空的"</p><p>"请选择其他工作表，或取消后重新选择文件。"</p></div> }.into_any()
            } else {
                view! {
                    <TableWrap name="文件中的列">
                        <table class="data" data-cards="">
                            <thead><tr><th scope="col">"列"</th><th scope="col">"文件中的列名"</th><th scope="col">"内容举例"</th><th scope="col">"对应"</th></tr></thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </TableWrap>
                }.into_any()
            }}
        </section>
        <ul class="findings" data-rows="" id="columns-missing" aria-live="polite">
            {move || missing.get().into_iter().map(|words| view! { <li data-tone="bad">{words}</li> }).collect_view()}
            {move || (missing.with(Vec::is_empty)).then(|| view! { <li data-tone="ok">{format!("{} 个必填列都已对应", Column::ALL.into_iter().filter(|column| column.is_required()).count())}</li> })}
        </ul>
        {move || problem.get().map(|message| view! { <Problem message /> })}
        <div class="button-row">
            <button
                class="button"
                data-kind="primary"
                type="button"
                aria-describedby="columns-missing"
                disabled=move || pending.get() || !missing.with(Vec::is_empty)
                aria-busy=move || pending.get().to_string()
                on:click=next
            >
                "下一步：检查数据"
            </button>
            {(import.counts.rows > 0).then(|| view! { <a class="button" href=address(&import.id, "findings", "", 1)>"查看上次的检查结果"</a> })}
        </div>
    }
}

/// Another sheet of the workbook.
#[component]
fn Sheets(import: Import, problem: RwSignal<Option<String>>, changed: Again) -> impl IntoView {
    let (id, version, chosen) = (import.id, import.version, import.sheet);
    let choose = move |event: leptos::ev::Event| {
        let Ok(sheet) = event_target_value(&event).parse() else { return };
        let choice = SheetChoice { id: id.clone(), version, sheet };
        problem.set(None);
        spawn_local(async move {
            match choose_import_sheet(choice).await {
                Ok(_) => changed.notify(),
                Err(error) => problem.set(Some(error.to_string())),
            }
        });
    };
    let options = import
        .sheets
        .into_iter()
        .enumerate()
        .map(|(at, name)| view! { <option value=at.to_string() selected=at == chosen>{name}</option> })
        .collect_view();
    view! {
        <div class="field import-sheet" data-inline="">
            <label class="field-label" for="import-sheet">"工作表"</label>
            <select class="select" id="import-sheet" on:change=choose>{options}</select>
        </div>
    }
}

/// Each column's name and what stands below it.
fn columns_of(import: &Import) -> Vec<(String, String)> {
    let below = |at: usize| {
        let cells = import.head.samples.iter().filter_map(|row| row.get(at)).filter(|cell| !cell.is_empty());
        cells.take(3).cloned().collect::<Vec<_>>().join("；")
    };
    import.head.cells.iter().enumerate().map(|(at, name)| (name.clone(), below(at))).collect()
}
