//! 「检查结果」: errors and warnings by row and column.

use super::super::api::{Counts, FindingQuery, Findings, Import, import_findings};
use super::{Asked, address};
use crate::app::paths;
use crate::domain::sheet::{Finding, Severity};
use crate::ui::{Pager, Problem, StatusPill, Tab, TableWrap, Tabs, Tone};
use leptos::prelude::*;

fn severity(show: &str) -> Option<Severity> {
    match show {
        "error" => Some(Severity::Error),
        "warning" => Some(Severity::Warning),
        _ => None,
    }
}

/// The step.
#[component]
pub(super) fn FindingsPanel(import: Import, asked: Memo<Asked>) -> impl IntoView {
    let import = StoredValue::new(import);
    let query = Memo::new(move |_| {
        let asked = asked.get();
        FindingQuery { id: import.with_value(|import| import.id.clone()), severity: severity(&asked.show), page: asked.page }
    });
    let found = Resource::new(move || query.get(), import_findings);
    let counts = import.with_value(|import| import.counts);
    if import.with_value(|import| import.is_cleared) {
        return view! { <section class="panel"><super::Cleared /></section> }.into_any();
    }
    view! {
        <section class="panel" aria-labelledby="findings-title">
            <header class="panel-head">
                <h2 id="findings-title">"检查结果"</h2>
                <span class="panel-note">{summary(counts)}</span>
            </header>
            <Transition fallback=|| view! { <p class="loading" aria-busy="true">"正在读取…"</p> }>
                {move || Suspend::new(async move {
                    match found.await {
                        Err(error) => view! { <Problem message=error.to_string() /> }.into_any(),
                        Ok(found) => view! { <Found import=import.get_value() found show=asked.get_untracked().show /> }.into_any(),
                    }
                })}
            </Transition>
        </section>
        <div class="button-row">
            <a class="button" data-kind="primary" href=import.with_value(|import| address(&import.id, "changes", "", 1))>"下一步：将要变更"</a>
            {(counts.refused > 0).then(|| view! { <a class="button" href=import.with_value(|import| paths::import_rest(&import.id)) rel="external" download="">"下载有错误的行"</a> })}
        </div>
    }
    .into_any()
}

/// 「读入 41 行：38 行没有错误，3 行有错误（4 处），提醒 2 处」.
fn summary(counts: Counts) -> String {
    let Counts { rows, refused, errors, warnings, repeated, .. } = counts;
    let repeated = if repeated > 0 { format!("，重复 {repeated} 行") } else { String::new() };
    let good = rows.saturating_sub(refused);
    format!("读入 {rows} 行：{good} 行没有错误{repeated}，{refused} 行有错误（{errors} 处），提醒 {warnings} 处")
}

#[component]
fn Found(import: Import, found: Findings, show: String) -> impl IntoView {
    let Findings { findings, total, page, size, first_error } = found;
    let (id, counts) = (import.id.clone(), import.counts);
    let tab = |label: &str, code: &str, count: u64| Tab {
        label: label.to_owned(),
        count: Some(count),
        href: address(&id, "findings", code, 1),
        current: show == code,
    };
    let tabs = vec![
        tab("全部", "", counts.errors + counts.warnings),
        tab("错误", "error", counts.errors),
        tab("提醒", "warning", counts.warnings),
    ];
    let first = first_error.map(|page| format!("{}#first-error", address(&id, "findings", &show, page)));
    let mut is_first = first_error == Some(page);
    let rows = findings
        .into_iter()
        .map(|finding| {
            let marks = is_first && finding.severity == Severity::Error;
            is_first = is_first && !marks;
            view! { <FindingRow finding is_first=marks /> }
        })
        .collect_view();
    let is_empty = total == 0;
    view! {
        <div class="tab-row">
            <Tabs name="检查结果范围" tabs />
            {first.map(|href| view! { <div class="button-row"><a class="button" data-kind="text" href=href>"跳到第一处错误"</a></div> })}
        </div>
        {if is_empty {
            view! { <div class="empty"><p class="empty-title">"没有发现问题"</p><p>"可以继续查看将要变更的内容。"</p></div> }.into_any()
        } else {
            view! {
                <TableWrap name="错误和提醒">
                    <table class="data" data-cards="">
                        <thead><tr><th scope="col" class="num">"行"</th><th scope="col">"列"</th><th scope="col">"级别"</th><th scope="col">"问题和处理办法"</th></tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </TableWrap>
            }.into_any()
        }}
        <Pager page size total href=move |page| address(&id, "findings", &show, page) />
    }
}

#[component]
fn FindingRow(finding: Finding, is_first: bool) -> impl IntoView {
    let Finding { row, column, severity, message } = finding;
    let tone = if severity == Severity::Error { Tone::Bad } else { Tone::Warn };
    view! {
        <tr id=is_first.then_some("first-error") tabindex=is_first.then_some("-1")>
            <td class="num nowrap" data-label="行">{row}</td>
            <td class="row-title">{if column.is_empty() { "-".to_owned() } else { column }}</td>
            <td class="nowrap" data-label="级别"><StatusPill label=severity.label() tone /></td>
            <td class="cell-words pre-line" data-label="问题">{message}</td>
        </tr>
    }
}
