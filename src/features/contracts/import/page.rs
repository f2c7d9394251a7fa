//! The pages of the import: choosing a file, and the steps of one file. The address holds the import and the step, so that a reload loses
//! nothing.

mod changes;
mod columns;
mod findings;
mod listed;
mod start;
mod upload;

pub use start::NewImportPage;

use super::api::{Import, ImportState, SeenImport, WhichImport, cancel_import, contract_import};
use crate::app::{Tell, missing, paths};
use crate::domain::ids::ImportId;
use crate::error::AppError;
use crate::ui::{Again, Confirm, Problem, StatusPill, Tone};
use changes::{ChangesPanel, DonePanel};
use columns::ColumnsPanel;
use findings::FindingsPanel;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::{use_navigate, use_query_map};
use std::time::Duration;

/// How often it is asked how far a reading is.
const ASK: Duration = Duration::from_millis(700);

/// What 「取消导入」 leads to.
const CANCELLED: &str = "上传的文件会从服务器删除，合同台账不会改变。";

/// What the address asks to see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    step: String,
    show: String,
    page: u64,
}

/// The step on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Read,
    Columns,
    Findings,
    Changes,
    Done,
}

impl Step {
    const ALL: [Step; 5] = [Step::Read, Step::Columns, Step::Findings, Step::Changes, Step::Done];

    const fn code(self) -> &'static str {
        match self {
            Step::Read => "read",
            Step::Columns => "columns",
            Step::Findings => "findings",
            Step::Changes => "changes",
            Step::Done => "done",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Step::Read => "读取",
            Step::Columns => "列识别",
            Step::Findings => "检查结果",
            Step::Changes => "将要变更",
            Step::Done => "完成",
        }
    }

    /// Whether an import in this state has something to show there.
    const fn is_open(self, state: ImportState) -> bool {
        match self {
            Step::Columns => matches!(state, ImportState::Columns | ImportState::Read | ImportState::Failed),
            Step::Findings | Step::Changes => matches!(state, ImportState::Read | ImportState::Applied),
            Step::Read | Step::Done => false,
        }
    }

    /// What is shown: what was asked for where that is open, else where one goes on.
    fn of(import: &Import, asked: &str) -> Step {
        let asked = Step::ALL.into_iter().find(|step| step.code() == asked && step.is_open(import.state));
        asked.unwrap_or(match import.state {
            ImportState::Columns => Step::Columns,
            ImportState::Read if import.counts.errors + import.counts.warnings > 0 => Step::Findings,
            ImportState::Read => Step::Changes,
            ImportState::Applied => Step::Done,
            ImportState::Reading | ImportState::Failed | ImportState::Cancelled | ImportState::Expired => Step::Read,
        })
    }
}

/// The address of a step, with what is shown of it and the page.
fn address(id: &ImportId, step: &str, show: &str, page: u64) -> String {
    let mut parts = leptos_router::params::ParamsMap::new();
    parts.insert("step", step.to_owned());
    if !show.is_empty() {
        parts.insert("show", show.to_owned());
    }
    if page > 1 {
        parts.insert("page", page.to_string());
    }
    format!("{}{}", paths::import(id), parts.to_query_string())
}

/// The page of one import.
#[component]
pub fn ImportPage() -> impl IntoView {
    let query = use_query_map();
    let id = missing::use_id(ImportId::parse);
    let asked = Memo::new(move |_| {
        query.with(|query| Asked {
            step: query.get("step").unwrap_or_default(),
            show: query.get("show").unwrap_or_default(),
            page: query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1),
        })
    });
    let changed = Again::new();
    let import = Resource::new(
        move || (changed.count(), id.get()),
        |(_, id)| async move {
            match id {
                Some(id) => contract_import(WhichImport { id }).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Transition fallback=|| view! { <p class="loading" aria-busy="true">"正在读取…"</p> }>
            {move || Suspend::new(async move {
                match import.await {
                    Err(error) => view! { <missing::Failed title="导入合同" error /> }.into_any(),
                    Ok(import) => view! { <Body import asked changed /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
pub(super) fn Place() -> impl IntoView {
    view! {
        <nav aria-label="位置"><ol class="breadcrumb"><li><a href=paths::CONTRACTS>"合同台账"</a></li><li aria-current="page">"导入合同"</li></ol></nav>
    }
}

#[component]
fn Body(import: Import, asked: Memo<Asked>, changed: Again) -> impl IntoView {
    let shown = StoredValue::new(import.clone());
    let step = Memo::new(move |_| shown.with_value(|import| asked.with(|asked| Step::of(import, &asked.step))));
    let (state, file) = (import.state, import.file_name.clone());
    view! {
        <Title text="导入合同" />
        <Place />
        <header class="page-head">
            <a class="page-back" href=paths::CONTRACTS aria-label="返回合同台账">"‹"</a>
            <h1>"导入合同"</h1>
            <StatusPill label=state.label() tone=tone(state) />
            <span class="page-note">{format!("{file}（{}，{}）", import.file_kind, size_label(import.file_size))}</span>
            <div class="page-actions">{state.is_open().then(|| view! { <Cancel import=import.clone() changed /> })}</div>
        </header>
        <Steps import=import.clone() step />
        {(!import.problem.is_empty() && state == ImportState::Read).then(|| view! {
            <div class="alert" data-tone="warn" role="status"><p class="alert-body">{import.problem.clone()}</p></div>
        })}
        {move || {
            let import = shown.get_value();
            match step.get() {
                Step::Read => view! { <ReadPanel import changed /> }.into_any(),
                Step::Columns => view! { <ColumnsPanel import changed /> }.into_any(),
                Step::Findings => view! { <FindingsPanel import asked /> }.into_any(),
                Step::Changes => view! { <ChangesPanel import asked changed /> }.into_any(),
                Step::Done => view! { <DonePanel import /> }.into_any(),
            }
        }}
    }
}

const fn tone(state: ImportState) -> Tone {
    match state {
        ImportState::Columns | ImportState::Read => Tone::Warn,
        ImportState::Reading => Tone::Busy,
        ImportState::Failed => Tone::Bad,
        ImportState::Applied => Tone::Ok,
        ImportState::Cancelled | ImportState::Expired => Tone::Neutral,
    }
}

/// `35 KB`, `1.2 MB`.
fn size_label(bytes: i64) -> String {
    if bytes < 1024 * 1024 {
        format!("{} KB", (bytes + 1023) / 1024)
    } else {
        format!("{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576)
    }
}

/// The five steps; those that have something to show are links.
#[component]
fn Steps(import: Import, step: Memo<Step>) -> impl IntoView {
    let (id, state, errors) = (import.id.clone(), import.state, import.counts.errors);
    let items = Step::ALL
        .into_iter()
        .map(|each| {
            let current = move || (step.get() == each).then_some("step");
            let mark = match each {
                Step::Read => (!matches!(state, ImportState::Failed)).then_some("done"),
                Step::Columns => matches!(state, ImportState::Read | ImportState::Applied | ImportState::Reading).then_some("done"),
                Step::Findings if errors > 0 && state == ImportState::Read => Some("bad"),
                Step::Findings | Step::Changes | Step::Done => (state == ImportState::Applied).then_some("done"),
            };
            if each.is_open(state) {
                let href = address(&id, each.code(), "", 1);
                view! { <li><a class="step" href=href aria-current=current data-state=mark>{each.label()}</a></li> }.into_any()
            } else {
                view! { <li><span class="step" aria-current=current data-state=mark>{each.label()}</span></li> }.into_any()
            }
        })
        .collect_view();
    view! { <nav aria-label="导入步骤"><ol class="steps import-steps">{items}</ol></nav> }
}

/// 「取消导入」, asked once more.
#[component]
fn Cancel(import: Import, changed: Again) -> impl IntoView {
    let asking = RwSignal::new(false);
    let tell = expect_context::<Tell>();
    let navigate = use_navigate();
    let seen = SeenImport { id: import.id, version: import.version };
    let on_confirm = move |()| {
        let (seen, navigate) = (seen.clone(), navigate.clone());
        spawn_local(async move {
            match cancel_import(seen).await {
                Ok(()) => {
                    tell.ok("已取消导入，没有写入任何数据".to_owned());
                    navigate(paths::IMPORT, leptos_router::NavigateOptions::default());
                }
                Err(error) => {
                    tell.bad(error.to_string());
                    changed.notify();
                }
            }
        });
    };
    view! {
        <button class="button" type="button" on:click=move |_| asking.set(true)>"取消导入"</button>
        <Confirm open=asking question="取消这次导入？" consequence=CANCELLED on_confirm />
    }
}

/// In the place of lists that are kept for a day.
#[component]
fn Cleared() -> impl IntoView {
    view! { <div class="empty"><p class="empty-title">"明细已清理"</p><p>"文件和逐行的检查结果、变更在导入一天后清理；合同本身请到合同台账查看。"</p></div> }
}

/// While rows are read, and where reading has come to nothing.
#[component]
fn ReadPanel(import: Import, changed: Again) -> impl IntoView {
    let id = import.id.clone();
    match import.state {
        ImportState::Reading => view! { <Reading import changed /> }.into_any(),
        ImportState::Failed => view! {
            <Problem message=format!("文件没有读完：{}", import.problem)>
                <a class="button" href=address(&id, "columns", "", 1)>"返回列识别"</a>
            </Problem>
            <p class="quiet">"没有写入任何数据。请改正文件后点击「取消导入」，再重新选择文件。"</p>
        }
        .into_any(),
        _ => view! {
            <section class="panel empty">
                <p class="empty-title">{if import.state == ImportState::Expired { "这次导入已过期" } else { "这次导入已取消" }}</p>
                <p>"没有写入任何数据，上传的文件已经删除。"</p>
                <a class="button" data-kind="primary" href=paths::IMPORT>"重新选择文件"</a>
            </section>
        }
        .into_any(),
    }
}

/// Asks how far it is until it has ended.
#[component]
fn Reading(import: Import, changed: Again) -> impl IntoView {
    let progress = RwSignal::new(import.progress);
    let rows = RwSignal::new(import.counts.rows);
    let which = WhichImport { id: import.id };
    let ask = Again::new();
    Effect::new(move || {
        let _ = ask.count();
        let which = which.clone();
        let handle = set_timeout_with_handle(
            move || {
                spawn_local(async move {
                    match contract_import(which).await {
                        Ok(import) if import.state == ImportState::Reading => {
                            progress.try_set(import.progress);
                            rows.try_set(import.counts.rows);
                            ask.notify();
                        }
                        // A line that broke is asked again.
                        Err(AppError::Offline | AppError::Busy) => ask.notify(),
                        _ => changed.notify(),
                    }
                });
            },
            ASK,
        )
        .ok();
        on_cleanup(move || {
            if let Some(handle) = handle {
                handle.clear();
            }
        });
    });
    view! {
        <section class="panel">
            <div class="panel-body">
                <div class="work" aria-busy="true">
                    <span role="status">{move || format!("正在读取并与合同台账比较，已读 {} 行", rows.get())}</span>
                    <progress max="1000" aria-label="读取进度" prop:value=move || progress.get().to_string() value=progress.get_untracked().to_string() />
                </div>
                <p class="quiet">"可以离开本页，稍后从「导入合同」继续；点击「取消导入」会停止读取。"</p>
            </div>
        </section>
    }
}
