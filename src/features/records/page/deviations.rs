//! What a reviewer looks at first: everything that people did to what was collected, with its reason and a way to its row.

use super::super::grid::{is_long, row_id};
use super::super::sheet::Sheet;
use super::super::{ClaimFile, LeftOut};
use crate::app::paths;
use crate::domain::contract::Rule;
use crate::domain::ids::{LineId, RecordId};
use crate::domain::record::line::{Line, LineCell, LineRules};
use leptos::prelude::*;

/// How many are listed; the table's filter shows all their lines.
const SHOWN: usize = 200;

/// One thing to look at.
struct Deviation {
    /// The line that it is about.
    line: Option<LineId>,
    /// Where it stands on the page.
    target: String,
    /// What it is about.
    place: String,
    /// Cells with what was collected and what stands there now.
    cells: Vec<(&'static str, String, String)>,
    /// In which words.
    words: String,
    /// The files that prove a claim.
    files: Vec<ClaimFile>,
}

fn of_line(number: usize, line: &Line, files: &[ClaimFile], rules: &LineRules) -> Option<Deviation> {
    let review = line.review(rules);
    let reason = if line.reason.is_empty() { String::new() } else { format!("理由：{}", line.reason) };
    let (kind, words) = match (line.contract(), line.claim()) {
        (None, _) => (
            "手动录入",
            format!("面向中小企业 {} 万元，面向小微企业 {} 万元。{reason}", review.text(LineCell::Sme), review.text(LineCell::SmallMicro)),
        ),
        (Some(_), Some(claim)) => ("申请纳入", format!("原因规则“{}”，理由：{}。{reason}", claim.rule.label(), claim.reason)),
        (Some(_), None) if line.is_overridden() => ("人工修改", reason),
        (Some(_), None) => return None,
    };
    let changed = |cell: LineCell| line.collected_text(cell, rules).map(|old| (cell.label(), old, review.text(cell)));
    Some(Deviation {
        line: Some(line.id.clone()),
        target: format!("#{}", row_id(&line.id)),
        place: format!("第 {number} 行“{}”{kind}", review.project_name),
        cells: LineCell::ALL.into_iter().filter_map(changed).collect(),
        words,
        files: files.iter().filter(|file| file.line == line.id).cloned().collect(),
    })
}

/// The list on top of a record that is looked at and not edited.
#[component]
pub fn Deviations(
    record: RecordId,
    lines: Vec<Line>,
    left_out: Vec<LeftOut>,
    claim_files: Vec<ClaimFile>,
    remark: String,
    rules: LineRules,
    /// Whether the person is to answer it.
    asks: bool,
    sheet: Sheet,
) -> impl IntoView {
    let in_grid = is_long(lines.len());
    let mut found: Vec<Deviation> = (1..).zip(&lines).filter_map(|(number, line)| of_line(number, line, &claim_files, &rules)).collect();
    // A row that is not drawn cannot be the target of a link.
    let lead = move |line: Option<LineId>| {
        move |event: leptos::ev::MouseEvent| {
            let key = line.as_ref().and_then(|line| sheet.read_now(|lines| lines.key(line)));
            if let Some(key) = key {
                event.prevent_default();
                sheet.go(key, LineCell::ProjectName);
            }
        }
    };
    found.extend(left_out.into_iter().filter(|row| row.rule == Rule::ClaimedOut).map(|row| Deviation {
        line: None,
        target: "#left-out".to_owned(),
        place: format!("剔除合同“{}”", row.contract.project_name),
        cells: Vec::new(),
        words: format!("合同金额 {} 万元，理由：{}", row.contract.amount.wan(), row.reason),
        files: Vec::new(),
    }));
    if !remark.is_empty() {
        found.push(Deviation {
            line: None,
            target: "#remark-panel".to_owned(),
            place: "说明".to_owned(),
            cells: Vec::new(),
            words: remark,
            files: Vec::new(),
        });
    }
    let count = found.len();
    let more = (count > SHOWN).then(|| {
        let rest = count - SHOWN;
        view! { <p class="quiet">{format!("这里只列出前 {SHOWN} 处，其余 {rest} 处在项目明细中选择「有人工修改」「手动录入」或查找“申请纳入”可见，剔除的合同见")}<a href=paths::explanation(&record)>"口径解释"</a>"。"</p> }
    });
    let or_empty = |text: String| if text.is_empty() { "（空）".to_owned() } else { text };
    view! {
        <section class="panel" aria-labelledby="deviations-title">
            <header class="panel-head">
                <h2 id="deviations-title">"人工处理的内容"</h2>
                <p class="panel-note">{if count == 0 { "没有：数据全部由平台采集".to_owned() } else if asks { format!("{count} 处，请先核对") } else { format!("{count} 处") }}</p>
            </header>
            {(count > 0).then(|| view! {
                <div class="panel-body">
                    <ul class="diff">
                        {found.into_iter().take(SHOWN).map(|deviation| view! {
                            <li>
                                <a class="diff-place" href=deviation.target rel="external" on:click=lead(in_grid.then_some(deviation.line).flatten())>{deviation.place}</a>
                                {deviation.cells.into_iter().map(|(label, old, new)| view! { <span>{label}"："<del>{or_empty(old)}</del>" "<ins>{or_empty(new)}</ins></span> }).collect_view()}
                                <span class="pre-line">{deviation.words}</span>
                                {deviation.files.into_iter().map(|file| view! { <a href=paths::claim_file(&record, &file.id) rel="external">{format!("证明材料：{}", file.name)}</a> }).collect_view()}
                            </li>
                        }).collect_view()}
                    </ul>
                    {more}
                </div>
            })}
        </section>
    }
}
