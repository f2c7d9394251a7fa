//! The detail table as those see it who do not edit it: every override with the collected value and the reason beside it. A short one is a table that
//! folds into cards on a phone; a long one is the grid, in which nothing can be typed, because 20 000 rows of markup stop a browser.

use super::row_id;
use super::toolbar::Toolbar;
use crate::domain::record::line::{Line, LineCell, LineRules, Review};
use crate::features::records::sheet::Sheet;
use crate::ui::grid::{Grid, SLOTS};
use leptos::prelude::*;

/// The lines of a record, to be read.
#[component]
pub fn ReadOnlyLines(
    /// The lines.
    lines: Vec<Line>,
    /// What is fixed for them.
    rules: LineRules,
    /// The same lines as a grid.
    sheet: Sheet,
    /// Where all of them stand on one page, also without the program.
    print: String,
) -> impl IntoView {
    let count = lines.len();
    let is_long = is_long(count);
    let with_dates = lines.iter().any(|line| line.asks_published_on(&rules));
    let overridden = lines.iter().filter(|line| line.is_overridden()).count();
    let note = if overridden == 0 { format!("{count} 行") } else { format!("{count} 行 · {overridden} 行有人工修改") };
    view! {
        <section class="panel" aria-labelledby="lines-title">
            <header class="panel-head"><h2 id="lines-title">"中小企业预留执行项目明细"</h2><p class="panel-note">{note}</p></header>
            {if count == 0 {
                view! { <div class="empty"><p class="empty-title">"零报告"</p><p>"本年度没有计入统计的面向中小企业预留项目，金额为 0；未计入的合同及原因见下方「未计入合同」。"</p></div> }.into_any()
            } else if is_long {
                view! { <LongLines count sheet print /> }.into_any()
            } else {
                view! {
                    <div class="table-wrap" data-tall="" tabindex="0" role="region" aria-label="项目明细">
                        <table class="data" data-cards="" id="lines">
                            <thead>
                                <tr>
                                    <th scope="col" class="num">"序号"</th>
                                    <th scope="col">"项目名称"</th>
                                    <th scope="col">"预留选项"</th>
                                    <th scope="col" class="num wrap">"预留比例"<span class="nowrap">"(%)"</span></th>
                                    <th scope="col" class="num wrap">"面向中小企业采购金额"<span class="nowrap">"(万元)"</span></th>
                                    <th scope="col" class="num wrap">"面向小微企业采购金额"<span class="nowrap">"(万元)"</span></th>
                                    {with_dates.then(|| view! { <th scope="col">"合同公告日期"</th> })}
                                    <th scope="col">"合同链接"</th>
                                    <th scope="col">"来源"</th>
                                    <th scope="col">"修改理由"</th>
                                </tr>
                            </thead>
                            <tbody>
                                {lines.into_iter().enumerate().map(|(index, line)| view! { <ReadOnlyRow number=index + 1 line rules with_dates /> }).collect_view()}
                            </tbody>
                        </table>
                    </div>
                }.into_any()
            }}
        </section>
    }
}

/// Rows up to which the lines are one table.
const TABLE: usize = 200;

/// Whether so many lines are shown as a grid.
pub const fn is_long(lines: usize) -> bool {
    lines > TABLE
}

/// The grid. Before the program runs, and where it never does, its first rows stand in the page.
#[component]
fn LongLines(count: usize, sheet: Sheet, print: String) -> impl IntoView {
    let is_live = RwSignal::new(false);
    Effect::new(move || is_live.set(true));
    let columns = sheet.grid_columns();
    let id = if columns.iter().any(|column| column.code == "published_on") { "lines-dated" } else { "lines" };
    view! {
        {move || (!is_live.get()).then(|| view! {
            <p class="panel-foot quiet" id="lines-rest">{format!("这里先列出前 {SLOTS} 行，全部 {count} 行见")}<a href=print.clone() rel="external">"打印页"</a>"。"</p>
        })}
        <Toolbar sheet />
        <div class="record-lines" id=id><Grid table=sheet columns name="项目明细" id="lines-grid" control=sheet.control /></div>
    }
}

#[component]
fn ReadOnlyRow(number: usize, line: Line, rules: LineRules, with_dates: bool) -> impl IntoView {
    let review = line.review(&rules);
    let cell = |cell: LineCell| shown(&line, &review, cell, &rules);
    let reason = match line.claim() {
        Some(claim) if line.reason.is_empty() => format!("申请纳入（原因规则：{}）：{}", claim.rule.label(), claim.reason),
        Some(claim) => format!("申请纳入（原因规则：{}）：{}；{}", claim.rule.label(), claim.reason, line.reason),
        None => line.reason.clone(),
    };
    let link = match review.url.clone() {
        Some(url) => view! { <a href=url target="_blank" rel="external noopener noreferrer">"合同链接 ↗"</a> }.into_any(),
        None => view! { "-" }.into_any(),
    };
    view! {
        <tr id=row_id(&line.id) tabindex="-1" data-row=line.is_overridden().then_some("changed")>
            <td class="num" data-label="序号">{number}</td>
            <td class="row-title" data-label="项目名称">{cell(LineCell::ProjectName)}</td>
            <td class="nowrap" data-label="预留选项">{cell(LineCell::Measure)}</td>
            <td class="num" data-label="预留比例(%)">{cell(LineCell::Percent)}</td>
            <td class="num" data-label="面向中小企业采购金额(万元)">{cell(LineCell::Sme)}{review.estimated.then(|| view! { <span class="figure-mark"><span class="chip" data-tone="warn">"按比例推算"</span></span> })}</td>
            <td class="num" data-label="面向小微企业采购金额(万元)">{cell(LineCell::SmallMicro)}</td>
            {with_dates.then(|| view! { <td class="nowrap" data-label="合同公告日期">{cell(LineCell::PublishedOn)}</td> })}
            <td class="nowrap" data-label="合同链接">{link}</td>
            <td class="nowrap" data-label="来源"><span class="chip">{line.source_label(&rules)}</span></td>
            <td class="cell-words" data-label="修改理由">{if reason.is_empty() { "-".to_owned() } else { reason }}</td>
        </tr>
    }
}

fn shown(line: &Line, review: &Review, cell: LineCell, rules: &LineRules) -> AnyView {
    let text = review.text(cell);
    let text = if text.is_empty() { "-".to_owned() } else { text };
    match line.collected_text(cell, rules) {
        None => view! { {text} }.into_any(),
        Some(collected) => {
            let collected = if collected.is_empty() { "（空）".to_owned() } else { collected };
            view! { <del aria-label=format!("采集值 {collected}")>{collected.clone()}</del> " " <ins>{text}</ins> }.into_any()
        }
    }
}
