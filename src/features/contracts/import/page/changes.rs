//! 「将要变更」: what taking the file would do to the ledger, and 「开始导入」; and what it did.

use super::super::api::{
    CellChange, ChangeQuery, Counts, Import, ImportState, ImportWish, Kind, StagedRow, StagedRows, apply_import, import_changes,
};
use super::{Asked, address};
use crate::app::{Tell, paths};
use crate::ui::{Again, Pager, Problem, Tab, TableWrap, Tabs};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// What is shown where the address says nothing: what deserves a look most.
fn kind(show: &str, counts: Counts) -> Kind {
    Kind::from_code(show).unwrap_or(if counts.updated > 0 {
        Kind::Updated
    } else if counts.added > 0 || counts.unchanged == 0 {
        Kind::Added
    } else {
        Kind::Unchanged
    })
}

/// The step.
#[component]
pub(super) fn ChangesPanel(import: Import, asked: Memo<Asked>, changed: Again) -> impl IntoView {
    let counts = import.counts;
    let shown = StoredValue::new(import.clone());
    let query = Memo::new(move |_| {
        let asked = asked.get();
        ChangeQuery { id: shown.with_value(|import| import.id.clone()), kind: kind(&asked.show, counts), page: asked.page }
    });
    let rows = Resource::new(move || query.get(), import_changes);
    let is_open = import.state == ImportState::Read;
    if import.is_cleared {
        return view! { <section class="panel"><Tally counts /><super::Cleared /></section> }.into_any();
    }
    view! {
        <section class="panel" aria-labelledby="changes-title">
            <header class="panel-head"><h2 id="changes-title">{if is_open { "将要变更" } else { "已经变更" }}</h2></header>
            <Tally counts />
            <Transition fallback=|| view! { <p class="loading" aria-busy="true">"正在读取…"</p> }>
                {move || Suspend::new(async move {
                    let found = rows.await;
                    match found {
                        Err(error) => view! { <Problem message=error.to_string() /> }.into_any(),
                        Ok(rows) => view! { <Rows import=shown.get_value() kind=query.get_untracked().kind rows /> }.into_any(),
                    }
                })}
            </Transition>
        </section>
        {is_open.then(|| view! { <Apply import changed /> })}
    }
    .into_any()
}

/// 「读入 41 行 = 新增 30 + 更新 8 + 未变 0 + 重复 0 + 有错误 3」.
#[component]
fn Tally(counts: Counts) -> impl IntoView {
    let Counts { rows, added, updated, unchanged, repeated, refused, .. } = counts;
    let parts = [("新增", added), ("更新", updated), ("未变", unchanged), ("重复", repeated), ("有错误", refused)];
    let figures = parts
        .into_iter()
        .filter(|(word, count)| *count > 0 || !["重复", "有错误"].contains(word))
        .map(|(word, count)| view! { <div class="figure"><dt>{word}</dt><dd>{count}" "<span class="unit">"行"</span></dd></div> })
        .collect_view();
    view! {
        <dl class="figures" aria-label="导入合计">
            <div class="figure"><dt>"读入"</dt><dd>{rows}" "<span class="unit">"行"</span></dd></div>
            {figures}
        </dl>
    }
}

#[component]
fn Rows(import: Import, kind: Kind, rows: StagedRows) -> impl IntoView {
    let StagedRows { rows, total, page, size } = rows;
    let (id, counts) = (import.id, import.counts);
    let tabs = Kind::ALL
        .into_iter()
        .map(|each| Tab {
            label: each.label().to_owned(),
            count: Some(match each {
                Kind::Added => counts.added,
                Kind::Updated => counts.updated,
                Kind::Unchanged => counts.unchanged,
            }),
            href: address(&id, "changes", each.code(), 1),
            current: each == kind,
        })
        .collect();
    let is_empty = rows.is_empty();
    let rows = rows.into_iter().map(|row| view! { <RowOf row kind /> }).collect_view();
    view! {
        <div class="tab-row"><Tabs name="变更范围" tabs /></div>
        {if is_empty {
            view! { <div class="empty"><p class="empty-title">{format!("没有{}的合同", kind.label())}</p></div> }.into_any()
        } else {
            view! {
                <TableWrap name="变更列表">
                    <table class="data" data-cards="">
                        <thead>
                            <tr>
                                <th scope="col" class="num">"行"</th>
                                <th scope="col">"合同编号、采购人"</th>
                                <th scope="col">{if kind == Kind::Updated { "变更内容" } else { "项目名称、供应商" }}</th>
                                <th scope="col" class="num">"合同金额(元)"</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </TableWrap>
            }.into_any()
        }}
        <Pager page size total href=move |page| address(&id, "changes", kind.code(), page) />
    }
}

#[component]
fn RowOf(row: StagedRow, kind: Kind) -> impl IntoView {
    let StagedRow { row, buyer, contract_no, lot, words: [project, supplier, amount], changes } = row;
    let number = if lot.is_empty() { contract_no } else { format!("{contract_no}（{lot}）") };
    let mark = match kind {
        Kind::Added => Some("new"),
        Kind::Updated => Some("changed"),
        Kind::Unchanged => None,
    };
    let middle = match kind {
        Kind::Updated => {
            view! { <ul class="diff">{changes.into_iter().map(|change| view! { <Changed change /> }).collect_view()}</ul> }.into_any()
        }
        _ if project.is_empty() => "与台账一致".into_any(),
        _ => view! { {project}<span class="ledger-note">{supplier}</span> }.into_any(),
    };
    view! {
        <tr data-row=mark>
            <td class="num nowrap" data-label="行">{row}</td>
            <td class="row-title cell-words">{number}<span class="ledger-note">{buyer}</span></td>
            <td class="cell-words" data-label=if kind == Kind::Updated { "变更内容" } else { "项目名称、供应商" }>{middle}</td>
            <td class="num" data-label="合同金额(元)">{if amount.is_empty() { "-".to_owned() } else { amount }}</td>
        </tr>
    }
}

#[component]
fn Changed(change: CellChange) -> impl IntoView {
    let shown = |text: String| if text.is_empty() { "（空）".to_owned() } else { text };
    let class = |text: &str| if text.is_empty() { "diff-nothing" } else { "" };
    let (was, is) = (class(&change.before), class(&change.after));
    view! {
        <li>
            <span class="diff-place">{change.column}</span>
            <span class="diff-pair"><del class=was>{shown(change.before)}</del>" "<ins class=is>{shown(change.after)}</ins></span>
        </li>
    }
}

/// All or the good rows, and 「开始导入」.
#[component]
fn Apply(import: Import, changed: Again) -> impl IntoView {
    let Import { id, version, counts, .. } = import;
    let partial = RwSignal::new(false);
    let pending = RwSignal::new(false);
    let problem = RwSignal::new(None::<String>);
    let tell = expect_context::<Tell>();
    let navigate = use_navigate();
    let writes = counts.added + counts.updated;
    let asked = id.clone();
    let apply = move |_| {
        if pending.get_untracked() {
            return;
        }
        pending.set(true);
        problem.set(None);
        let (input, navigate) = (ImportWish { id: asked.clone(), version, partial: partial.get_untracked() }, navigate.clone());
        spawn_local(async move {
            let id = input.id.clone();
            match apply_import(input).await {
                Ok(import) => {
                    if import.state == ImportState::Applied {
                        tell.ok(format!("已导入：新增 {} 份，更新 {} 份", import.counts.added, import.counts.updated));
                    }
                    navigate(&paths::import(&id), NavigateOptions::default());
                    changed.notify();
                }
                Err(error) => {
                    pending.try_set(false);
                    problem.try_set(Some(error.to_string()));
                }
            }
        });
    };
    let is_blocked = move || writes == 0 || counts.is_cut || (counts.refused > 0 && !partial.get());
    let why = move || {
        if counts.is_cut {
            "错误过多，文件没有读完，不能导入；请检查列是否对齐。"
        } else if writes == 0 {
            "没有需要写入的合同。"
        } else if is_blocked() {
            "有错误时默认全部不导入：请改正文件后重新选择，或选择只导入没有错误的行。"
        } else {
            "点击后一次写入全部变更；写入之前台账若有变化，会重新核对。"
        }
    };
    view! {
        <section class="panel">
            <div class="panel-body stack">
                {(counts.refused > 0 && !counts.is_cut).then(|| view! {
                    <fieldset class="choices">
                        <legend class="field-label">{format!("有 {} 行存在错误", counts.refused)}</legend>
                        <label class="choice"><input type="radio" name="partial" checked=true on:change=move |_| partial.set(false) />"全部不导入，改正后重新选择文件"</label>
                        <label class="choice"><input type="radio" name="partial" on:change=move |_| partial.set(true) />{format!("只导入没有错误的行（写入 {writes} 份），其余 {} 行可下载后改正", counts.refused)}</label>
                    </fieldset>
                })}
                <p class="quiet" id="apply-why">{why}</p>
                {move || problem.get().map(|message| view! { <Problem message /> })}
                <div class="button-row">
                    <button class="button" data-kind="primary" type="button" aria-describedby="apply-why" disabled=move || pending.get() || is_blocked() aria-busy=move || pending.get().to_string() on:click=apply>
                        {move || if pending.get() { "正在写入…" } else { "开始导入" }}
                    </button>
                    {(counts.refused > 0).then(|| view! { <a class="button" href=paths::import_rest(&id) rel="external" download="">"下载有错误的行"</a> })}
                </div>
            </div>
        </section>
    }
}

/// What was done.
#[component]
pub(super) fn DonePanel(import: Import) -> impl IntoView {
    let Import { id, counts, touched_at, who, is_cleared, .. } = import;
    let rest = (counts.refused > 0 && !is_cleared).then(|| {
        view! {
            <div class="alert" data-tone="warn" role="status">
                <p class="alert-body">{format!("{} 行有错误，没有导入。下载后按「问题」一列改正，可以直接再次导入；文件保留一天。", counts.refused)}</p>
                <div class="alert-actions"><a class="button" href=paths::import_rest(&id) rel="external" download="">"下载未导入的行"</a></div>
            </div>
        }
    });
    view! {
        <section class="panel" aria-labelledby="done-title">
            <header class="panel-head"><h2 id="done-title">"导入完成"</h2><span class="panel-note">{format!("{who}，{}", touched_at.local())}</span></header>
            <Tally counts />
        </section>
        {rest}
        <div class="button-row">
            <a class="button" data-kind="primary" href=paths::CONTRACTS>"查看合同台账"</a>
            <a class="button" href=paths::RECORDS>"查看年度数据"</a>
            <a class="button" href=paths::IMPORT>"再导入一个文件"</a>
        </div>
    }
}
