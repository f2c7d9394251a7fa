//! 年度数据 on paper: the sums, the lines, what is not counted and why, who has approved it when, and room for signature and seal.

use super::api::{RecordOnly, record};
use super::words::{grounds, reason};
use super::{LeftOut, RecordView};
use crate::app::{missing, paths};
use crate::domain::approval::Step;
use crate::domain::contract::YearBasis;
use crate::domain::ids::RecordId;
use crate::domain::record::line::{Line, LineCell, LineRules};
use crate::domain::record::status::RecordStatus;
use crate::domain::record::{Totals, totals};
use crate::error::AppError;
use leptos::prelude::*;
use leptos_meta::Title;

/// The page that is printed; on the screen it looks as on paper.
#[component]
pub fn RecordPrintPage() -> impl IntoView {
    let id = missing::use_id(RecordId::parse);
    let view = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => record(RecordOnly { record: id }).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Suspense fallback=|| view! { <p class="loading" aria-busy="true">"正在读取…"</p> }>
            {move || Suspend::new(async move {
                match view.await {
                    Err(error) => view! { <missing::Failed title="年度数据" error /> }.into_any(),
                    Ok(view) => view! { <Sheet view /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Sheet(view: RecordView) -> impl IntoView {
    let RecordView { record, rules, lines, left_out, history, submitted_by, now, .. } = view;
    let title = format!("{} {} 年中小企业预留执行情况", record.unit_name, record.year);
    let sums = totals(&lines, &rules);
    let is_final = record.status == RecordStatus::Approved;
    let submitted = record.submitted_at.map(|at| (submitted_by, at.local()));
    let reason = record.status.reason().to_owned();
    view! {
        <Title text=title.clone() />
        <div class="paper-tools no-print">
            <a class="button" href=paths::record(&record.id)>"返回年度数据"</a>
            <button class="button" data-kind="primary" type="button" on:click=move |_| _ = window().print()>"打印"</button>
            <p class="quiet">"A4 纸；也可以在打印窗口中另存为 PDF。"</p>
        </div>
        <article class="paper">
            <h1>{title}</h1>
            <p class="paper-state">{format!("状态：{}", record.status.label())}{(!is_final).then_some("（未经审核完成，仅供核对）")}</p>
            {(!reason.is_empty()).then(|| view! { <p class="paper-state">{format!("理由：{reason}")}</p> })}
            <p class="paper-note">{format!("打印时间：{}　金额单位：万元　合同按{}归入年度（框架协议按合同公告日期）", now.local(), rules.basis.label())}</p>
            <Sums sums left_out=left_out.len() />
            <Lines lines rules />
            <LeftOutTable left_out basis=rules.basis />
            <h2>"四、说明"</h2>
            <p class="pre-line">{if record.remark.is_empty() { "无。".to_owned() } else { record.remark }}</p>
            <Course steps=history.steps submitted />
            <Signatures />
        </article>
    }
}

#[component]
fn Sums(sums: Totals, left_out: usize) -> impl IntoView {
    view! {
        <h2>"一、汇总"</h2>
        <table class="paper-table paper-sums">
            <tbody>
                <tr><th scope="row">"面向中小企业采购金额（万元）"</th><td class="num">{sums.sme.wan()}</td></tr>
                <tr><th scope="row">"面向小微企业采购金额（万元）"</th><td class="num">{sums.small_micro.wan()}</td></tr>
                <tr><th scope="row">"面向小微企业采购金额占比（%）"</th><td class="num">{sums.ratio().to_string()}</td></tr>
                <tr><th scope="row">"计入项目（行）"</th><td class="num">{sums.lines}</td></tr>
                {(sums.open > 0).then(|| view! { <tr><th scope="row">"待处理、尚未计入金额（行）"</th><td class="num">{sums.open}</td></tr> })}
                <tr><th scope="row">"未计入合同（份）"</th><td class="num">{left_out}</td></tr>
            </tbody>
        </table>
    }
}

#[component]
fn Lines(lines: Vec<Line>, rules: LineRules) -> impl IntoView {
    if lines.is_empty() {
        return view! { <h2>"二、项目明细"</h2><p>"零报告：本年度没有计入统计的面向中小企业预留项目。"</p> }.into_any();
    }
    let rows = lines.into_iter().enumerate().map(|(index, line)| {
        let review = line.review(&rules);
        let note = [
            review.estimated.then(|| "按比例推算".to_owned()),
            Some(reason(&line)).filter(|reason| !reason.is_empty()),
            review.counted.is_none().then(|| "待处理，未计入金额".to_owned()),
        ];
        let note = note.into_iter().flatten().collect::<Vec<_>>().join("；");
        let number = line.contract().map(|contract| contract.contract_no.clone()).unwrap_or_default();
        view! {
            <tr>
                <td class="num">{index + 1}</td>
                <td>{review.project_name.clone()}{(!number.is_empty()).then(|| view! { <span class="paper-small">{number}</span> })}</td>
                <td class="nowrap">{review.text(LineCell::Measure)}</td>
                <td class="num">{review.text(LineCell::Percent)}</td>
                <td class="num">{review.text(LineCell::Sme)}</td>
                <td class="num">{review.text(LineCell::SmallMicro)}</td>
                <td>{line.source_label(&rules)}</td>
                <td>{note}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <h2>"二、项目明细"</h2>
        <table class="paper-table" data-wide="lines">
            <thead>
                <tr>
                    <th scope="col">"序号"</th>
                    <th scope="col">"项目名称、合同编号"</th>
                    <th scope="col">"预留选项"</th>
                    <th scope="col">"预留比例(%)"</th>
                    <th scope="col">"面向中小企业"</th>
                    <th scope="col">"面向小微企业"</th>
                    <th scope="col">"来源"</th>
                    <th scope="col">"说明"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

#[component]
fn LeftOutTable(left_out: Vec<LeftOut>, basis: YearBasis) -> impl IntoView {
    if left_out.is_empty() {
        return view! { <h2>"三、未计入合同"</h2><p>"无。"</p> }.into_any();
    }
    let rows = left_out.into_iter().map(|row| {
        let grounds = grounds(&row, basis);
        view! {
            <tr>
                <td>{row.contract.project_name}<span class="paper-small">{row.contract.contract_no}</span></td>
                <td class="num">{row.contract.amount.wan()}</td>
                <td class="nowrap">{row.rule.label()}</td>
                <td>{grounds}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <h2>"三、未计入合同"</h2>
        <table class="paper-table" data-wide="left-out">
            <thead><tr><th scope="col">"项目名称、合同编号"</th><th scope="col">"合同金额"</th><th scope="col">"原因"</th><th scope="col">"依据的事实或理由"</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

/// Who has submitted and answered it, when, in the order of time.
#[component]
fn Course(steps: Vec<Step>, submitted: Option<(String, String)>) -> impl IntoView {
    let asked = steps.iter().any(|step| step.answered.is_none());
    let answers = steps.into_iter().filter_map(|step| {
        let answered = step.answered?;
        Some(view! {
            <tr><td>{format!("第 {} 次提交", step.round)}</td><td>{answered.by}</td><td>{answered.at.local()}</td><td>{answered.answer.label()}</td><td>{answered.opinion}</td></tr>
        })
    });
    let answers = answers.collect_view();
    view! {
        <h2>"五、提交和审批"</h2>
        {match submitted {
            None => view! { <p>"尚未提交。"</p> }.into_any(),
            Some((who, at)) => view! {
                <table class="paper-table">
                    <thead><tr><th scope="col">"环节"</th><th scope="col">"人员"</th><th scope="col">"时间"</th><th scope="col">"结果"</th><th scope="col">"意见"</th></tr></thead>
                    <tbody>
                        <tr><td>"最近一次提交"</td><td>{who}</td><td>{at}</td><td>{if asked { "待审批" } else { "—" }}</td><td></td></tr>
                        {answers}
                    </tbody>
                </table>
            }.into_any(),
        }}
    }
}

#[component]
fn Signatures() -> impl IntoView {
    view! {
        <dl class="paper-signatures">
            <div><dt>"经办人："</dt><dd></dd></div>
            <div><dt>"负责人："</dt><dd></dd></div>
            <div><dt>"单位（盖章）："</dt><dd></dd></div>
            <div><dt>"日期："</dt><dd>"　　　　年　　月　　日"</dd></div>
        </dl>
    }
}
