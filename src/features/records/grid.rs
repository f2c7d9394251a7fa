//! 「中小企业预留执行项目明细」: the detail table. Typing changes the totals at once; leaving a cell saves it.
//!
//! Enter and the arrows move from row to row, Tab from cell to cell, Esc takes back what was typed into the cell.

mod cell;
mod read_only;

use super::api::{LineAt, RecordOnly, TakeOutInput, add_line, delete_line, take_out};
use super::saving::{Row, Saver};
use crate::app::Tell;
use crate::domain::ids::{LineId, RecordId};
use crate::domain::record::line::{LineCell, LineRules, Weight};
use crate::error::AppError;
use crate::features::approvals::dialog::ReasonDialog;
use crate::ui::Confirm;
use cell::CellEditor;
pub use cell::collected_text;
use leptos::prelude::*;
pub use read_only::ReadOnlyLines;

/// The lines of a record while they can be edited.
#[component]
pub fn LineGrid(
    /// Which record.
    record: RecordId,
    /// What is fixed for its lines.
    rules: LineRules,
    /// The lines on the screen.
    rows: RwSignal<Vec<Row>>,
    /// Saves what is typed.
    saver: Saver,
    /// Called after a contract was taken out, because the left-out list has changed; with the id of what has the focus next.
    on_moved: Callback<String>,
) -> impl IntoView {
    let with_dates = Memo::new(move |_| rows.with(|rows| rows.iter().any(|row| row.line.with(|line| line.asks_published_on(&rules)))));
    let open = Memo::new(move |_| rows.with(|rows| rows.iter().filter(|row| row.blocks()).count()));
    let tell = expect_context::<Tell>();
    let record = StoredValue::new(record);
    let adding = Action::new(move |(): &()| async move {
        match add_line(RecordOnly { record: record.get_value() }).await {
            Ok(line) => {
                let id = line.id.clone();
                rows.update(|rows| rows.push(Row::new(line, rules)));
                saver.content_version.update(|version| *version += 1);
                focus_soon(cell_id(&id, LineCell::ProjectName));
            }
            Err(error) => tell.bad(error.to_string()),
        }
    });
    let removal = Removal::new(record, rows, saver, on_moved);
    view! {
        <section class="panel" aria-labelledby="lines-title">
            <header class="panel-head">
                <h2 id="lines-title">"中小企业预留执行项目明细"</h2>
                <p class="panel-note" data-tone=move || (open.get() > 0).then_some("bad") role="status">
                    {move || format!("{} 行", rows.with(Vec::len))}
                    {move || (open.get() > 0).then(|| format!(" · {} 行需要处理", open.get()))}
                </p>
                {move || (open.get() > 0).then(|| view! { <button class="button" data-kind="text" type="button" on:click=|_| focus_next_error()>"下一处错误 ↓"</button> })}
                <div class="panel-actions">
                    <button class="button" type="button" id="add-line" disabled=move || adding.pending().get() on:click=move |_| { adding.dispatch(()); }>"手动录入"</button>
                </div>
            </header>
            {move || if rows.with(Vec::is_empty) {
                view! { <div class="empty"><p class="empty-title">"没有计入的合同"</p><p>"可以「手动录入」其他合同；确实没有的，直接提交即为零报告。"</p></div> }.into_any()
            } else {
                view! { <Table rows rules saver removal with_dates /> }.into_any()
            }}
            <Findings rows />
        </section>
        <removal::Dialogs removal />
    }
}

#[component]
fn Table(rows: RwSignal<Vec<Row>>, rules: LineRules, saver: Saver, removal: Removal, with_dates: Memo<bool>) -> impl IntoView {
    view! {
        <div class="grid-wrap" data-tall="" tabindex="0" role="region" aria-label="项目明细">
            <table class="grid" id="lines">
                <thead>
                    <tr>
                        <th scope="col" class="num">"序号"</th>
                        <th scope="col">"项目名称"</th>
                        <th scope="col">"预留选项"</th>
                        <th scope="col" class="num">"预留比例(%)"</th>
                        <th scope="col" class="num">"面向中小企业采购金额"<span class="nowrap">"(万元)"</span></th>
                        <th scope="col" class="num">"面向小微企业采购金额"<span class="nowrap">"(万元)"</span></th>
                        {move || with_dates.get().then(|| view! { <th scope="col">"合同公告日期"</th> })}
                        <th scope="col">"合同链接"</th>
                        <th scope="col">"来源"</th>
                        <th scope="col" class="cell-words">"修改理由"</th>
                        <th scope="col">"操作"</th>
                    </tr>
                </thead>
                <tbody>
                    <ForEnumerate each=move || rows.get() key=|row| row.id.get_value() let(index, row)>
                        <LineRow number=index row rules saver removal with_dates />
                    </ForEnumerate>
                </tbody>
            </table>
        </div>
        <datalist id="reasons">
            <option value="按合同约定的分包或联合体份额填写"></option>
            <option value="按中小企业声明函填写"></option>
            <option value="采集数据有误，按合同更正"></option>
            <option value="建设工程平台项目，没有合同公告链接"></option>
        </datalist>
    }
}

#[component]
fn LineRow(number: ReadSignal<usize>, row: Row, rules: LineRules, saver: Saver, removal: Removal, with_dates: Memo<bool>) -> impl IntoView {
    let (is_manual, is_locked, source, is_claimed) = row.line.with_untracked(|line| {
        (line.contract().is_none(), line.lock(LineCell::ProjectName, &rules).is_some(), line.source_label(&rules), line.claim().is_some())
    });
    let tone = if is_manual {
        "busy"
    } else if is_claimed || !is_locked {
        "warn"
    } else {
        "neutral"
    };
    let contract_no = row.line.with_untracked(|line| line.contract().map(|contract| contract.contract_no.clone()));
    let is_estimated =
        move || row.review.with(|review| review.estimated).then(|| view! { " " <span class="chip" data-tone="warn">"按比例推算"</span> });
    let remove_id = row_remove_id(&row.id.get_value());
    let cell = move |cell: LineCell| view! { <CellEditor row number cell rules saver /> };
    view! {
        <tr class:row-locked=is_locked>
            <th scope="row" class="num">{move || number.get() + 1}</th>
            {cell(LineCell::ProjectName)}
            {cell(LineCell::Measure)}
            {cell(LineCell::Percent)}
            {cell(LineCell::Sme)}
            {cell(LineCell::SmallMicro)}
            {move || with_dates.get().then(|| cell(LineCell::PublishedOn))}
            {cell(LineCell::Url)}
            <td><span class="chip" data-tone=tone title=contract_no.map(|no| format!("合同编号 {no}"))>{source}</span>{is_estimated}</td>
            {cell(LineCell::Reason)}
            <td class="ops">
                {if is_manual {
                    view! { <button type="button" id=remove_id data-tone="bad" aria-label=move || format!("删除第 {} 行", number.get() + 1) on:click=move |_| removal.ask_delete(row)>"删除"</button> }.into_any()
                } else {
                    view! { <button type="button" id=remove_id aria-label=move || format!("剔除第 {} 行", number.get() + 1) on:click=move |_| removal.ask_take_out(row)>"剔除"</button> }.into_any()
                }}
            </td>
        </tr>
    }
}

/// What there is to say about the lines, with a way to each.
#[component]
fn Findings(rows: RwSignal<Vec<Row>>) -> impl IntoView {
    let findings = move || {
        rows.with(|rows| {
            let mut found = Vec::new();
            for (number, row) in (1..).zip(rows) {
                let id = row.id.get_value();
                row.refused.with(|refused| {
                    found.extend(refused.iter().map(|(cell, message)| (Weight::Error, number, id.clone(), *cell, message.clone())));
                });
                // What cannot be read says so itself; that something is missing there would be a second story.
                let refused = row.refused.get();
                row.review.with(|review| {
                    found.extend(
                        review
                            .findings
                            .iter()
                            .filter(|finding| !refused.contains_key(&finding.cell))
                            .map(|finding| (finding.weight, number, id.clone(), finding.cell, finding.message.clone())),
                    );
                });
            }
            found.sort_by_key(|(weight, number, ..)| (std::cmp::Reverse(*weight), *number));
            found
        })
    };
    move || {
        let found = findings();
        let errors: Vec<_> = found.iter().filter(|(weight, ..)| *weight == Weight::Error).cloned().collect();
        let warnings: Vec<_> = found.into_iter().filter(|(weight, ..)| *weight == Weight::Warning).collect();
        let list = |items: Vec<(Weight, usize, LineId, LineCell, String)>| {
            items
                .into_iter()
                .map(|(weight, number, id, cell, message)| {
                    let target = cell_id(&id, cell);
                    view! {
                        <li data-tone=(weight == Weight::Error).then_some("bad")>
                            <button type="button" on:click=move |_| focus(&target)>{format!("第 {number} 行：{message}")}</button>
                        </li>
                    }
                })
                .collect_view()
        };
        let count = warnings.len();
        (!errors.is_empty() || count > 0).then(|| {
            view! {
                <div class="panel-foot">
                    {(!errors.is_empty()).then(|| view! { <ul class="findings" data-rows="">{list(errors)}</ul> })}
                    {(count > 0).then(|| view! { <details class="fold"><summary>{format!("{count} 处提醒（不影响提交）")}</summary><ul class="findings" data-rows="">{list(warnings)}</ul></details> })}
                </div>
            }
        })
    }
}

/// The id of a cell's control.
pub fn cell_id(line: &LineId, cell: LineCell) -> String {
    format!("cell-{line}-{}", cell.code())
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

fn focus_soon(id: String) {
    request_animation_frame(move || focus(&id));
}

/// The id of the button that removes a line.
fn row_remove_id(line: &LineId) -> String {
    format!("remove-{line}")
}

/// Puts the focus on the first wrong cell.
pub fn focus_first_error() {
    LAST_ERROR.with(|last| last.borrow_mut().clear());
    focus_next_error();
}

/// 「下一处错误」: the first wrong cell behind the one that has the focus, around the end.
fn focus_next_error() {
    use leptos::wasm_bindgen::JsCast as _;
    let Ok(found) = document().query_selector_all("#lines [aria-invalid=true]") else { return };
    let errors: Vec<leptos::web_sys::Element> =
        (0..found.length()).filter_map(|at| found.get(at)).filter_map(|node| node.dyn_into().ok()).collect();
    let last = LAST_ERROR.with(|last| last.borrow().clone());
    let at = errors.iter().position(|element| element.id() == last).map_or(0, |at| (at + 1) % errors.len().max(1));
    if let Some(element) = errors.get(at) {
        LAST_ERROR.with(|last| last.replace(element.id()));
        focus(&element.id());
    }
}

std::thread_local! {
    /// The cell to which 「下一处错误」 led last; the button itself has the focus when it is pressed again.
    static LAST_ERROR: std::cell::RefCell<String> = const { std::cell::RefCell::new(String::new()) };
}

/// 「删除」 and 「剔除」 of a line.
#[derive(Clone, Copy)]
pub struct Removal {
    rows: RwSignal<Vec<Row>>,
    row: RwSignal<Option<Row>>,
    deleting: RwSignal<bool>,
    taking_out: RwSignal<bool>,
    problem: RwSignal<Option<AppError>>,
    delete: Action<(), ()>,
    take_out: Action<String, ()>,
}

impl Removal {
    fn new(record: StoredValue<RecordId>, rows: RwSignal<Vec<Row>>, saver: Saver, on_moved: Callback<String>) -> Removal {
        let (row, deleting, taking_out, problem) =
            (RwSignal::new(None::<Row>), RwSignal::new(false), RwSignal::new(false), RwSignal::new(None));
        let tell = expect_context::<Tell>();
        let gone = move |row: Row| {
            saver.drop_line(row);
            // The button that was pressed goes with the row: the focus goes on to the next one, or to the one before.
            let next = rows.with_untracked(|rows| {
                let at = rows.iter().position(|other| *other == row)?;
                rows.get(at + 1).or_else(|| rows.get(at.checked_sub(1)?)).map(|row| row_remove_id(&row.id.get_value()))
            });
            let next = next.unwrap_or_else(|| "add-line".to_owned());
            focus_soon(next.clone());
            rows.update(|rows| rows.retain(|other| other.line != row.line));
            saver.content_version.update(|version| *version += 1);
            next
        };
        let delete = Action::new(move |(): &()| async move {
            let Some(row) = row.get_untracked() else { return };
            let input =
                LineAt { record: record.get_value(), line: row.id.get_value(), version: row.line.with_untracked(|line| line.version) };
            match delete_line(input).await {
                Ok(()) => _ = gone(row),
                Err(error) => tell.bad(error.to_string()),
            }
        });
        let take_out = Action::new(move |reason: &String| {
            let reason = reason.clone();
            async move {
                let Some(row) = row.get_untracked() else { return };
                let input = TakeOutInput {
                    record: record.get_value(),
                    line: row.id.get_value(),
                    version: row.line.with_untracked(|line| line.version),
                    reason,
                };
                match take_out(input).await {
                    Ok(()) => {
                        taking_out.set(false);
                        let next = gone(row);
                        tell.ok("已剔除，可在「未计入合同」中恢复");
                        on_moved.run(next);
                    }
                    Err(error) => problem.set(Some(error)),
                }
            }
        });
        Removal { rows, row, deleting, taking_out, problem, delete, take_out }
    }

    fn ask_delete(self, row: Row) {
        self.row.set(Some(row));
        self.deleting.set(true);
    }

    fn ask_take_out(self, row: Row) {
        self.row.set(Some(row));
        self.problem.set(None);
        self.taking_out.set(true);
    }
}

mod removal {
    use super::{Confirm, ReasonDialog, Removal};
    use leptos::prelude::*;

    /// The dialogs behind 「删除」 and 「剔除」.
    #[component]
    pub fn Dialogs(removal: Removal) -> impl IntoView {
        let number = move || {
            removal.row.get().and_then(|row| removal.rows.with(|rows| rows.iter().position(|other| *other == row))).map_or(0, |at| at + 1)
        };
        let name = move || removal.row.get().map(|row| row.review.with(|review| review.project_name.clone())).unwrap_or_default();
        view! {
            <Confirm open=removal.deleting question="确定删除？" consequence=Signal::derive(move || format!("将删除第 {} 行手动录入的“{}”。", number(), name())) on_confirm=move |()| { removal.delete.dispatch(()); } />
            <ReasonDialog
                open=removal.taking_out
                title="剔除"
                label="剔除理由"
                consequence=Signal::derive(move || format!("第 {} 行“{}”将不计入本年度，并连同理由列在「未计入合同」中，审核人可以看到。", number(), name()))
                phrases=vec!["合同已解除", "不属于预留份额", "重复的合同"]
                on_reason=move |reason: String| { removal.take_out.dispatch(reason); }
                pending=removal.take_out.pending()
                problem=removal.problem
            />
        }
    }
}
