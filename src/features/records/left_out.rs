//! 「未计入合同」: what of the year is not counted, with the rule that left it out (A9), and the way to claim it in. Of each rule the first
//! contracts stand here; all of them in 口径解释.

use super::LeftOut;
use super::api::{ClaimInput, claim_in};
use super::saving::Turn;
use super::sheet::Sheet;
use crate::app::{Tell, paths};
use crate::domain::contract::{self, Rule, YearBasis};
use crate::domain::ids::{LeftOutId, RecordId};
use crate::domain::record::listed::Listed;
use crate::error::AppError;
use crate::features::approvals::dialog::ReasonDialog;
use leptos::prelude::*;

/// The contracts that are not counted, grouped by rule.
#[component]
pub fn LeftOutPanel(
    /// Which record.
    record: RecordId,
    /// Its left-out contracts.
    listed: RwSignal<Listed>,
    /// Which date places contracts in the year.
    basis: YearBasis,
    /// Whether this person may claim them in.
    editable: bool,
    /// Into which one that is claimed in goes.
    sheet: Sheet,
    /// Called after one was claimed in.
    on_moved: Callback<()>,
) -> impl IntoView {
    let asking = RwSignal::new(false);
    let chosen = RwSignal::new(None::<(LeftOutId, String)>);
    let problem = RwSignal::new(None::<AppError>);
    let tell = expect_context::<Tell>();
    let all = paths::explanation(&record);
    let record = StoredValue::new(record);
    let claim = Turn::new(sheet, problem, move |(left_out, reason): (LeftOutId, String)| async move {
        let claimed = claim_in(ClaimInput { record: record.get_value(), left_out: left_out.clone(), reason }).await?;
        asking.set(false);
        listed.update(|listed| listed.claimed_in(&left_out));
        sheet.saver.moved(claimed.content_version_before, claimed.content_version);
        sheet.take_in(claimed.line);
        tell.ok("已纳入明细，理由会显示给审核人");
        on_moved.run(());
        request_animation_frame(|| super::grid::focus("left-out"));
        Ok(())
    });
    let ask = Callback::new(move |row: LeftOut| {
        chosen.set(Some((row.id.clone(), row.contract.project_name.clone())));
        problem.set(None);
        asking.set(true);
    });
    let count = Memo::new(move |_| listed.with(Listed::total));
    let rules = Memo::new(move |_| listed.with(Listed::rules));
    view! {
        <section class="panel" id="left-out" aria-labelledby="left-out-title" tabindex="-1">
            <header class="panel-head"><h2 id="left-out-title">"未计入合同"</h2><p class="panel-note">{move || format!("{} 份", count.get())}</p></header>
            {move || (count.get() == 0).then(|| view! { <div class="panel-body"><p class="quiet">"本年度没有未计入的合同。"</p></div> })}
            <For each=move || rules.get() key=|rule| *rule let:rule>
                <Group rule listed basis editable all=all.clone() on_claim=ask />
            </For>
        </section>
        <ReasonDialog
            open=asking
            title="申请纳入"
            label="纳入理由"
            consequence=Signal::derive(move || format!("“{}”将作为一行列入明细，审核人会看到它原来未计入的规则和您的理由。", chosen.get().map(|(_, name)| name).unwrap_or_default()))
            on_reason=move |reason: String| {
                if let Some((left_out, _)) = chosen.get_untracked() {
                    claim.take((left_out, reason));
                }
            }
            pending=claim.pending
            problem
        />
    }
}

#[component]
fn Group(
    rule: Rule,
    listed: RwSignal<Listed>,
    basis: YearBasis,
    editable: bool,
    all: String,
    on_claim: Callback<LeftOut>,
) -> impl IntoView {
    let count = Memo::new(move |_| listed.with(|listed| listed.count(rule)));
    let rows = Memo::new(move |_| listed.with(|listed| listed.of(rule)));
    let rest = move || {
        let shown = rows.with(Vec::len);
        let all = all.clone();
        (count.get() > shown).then(|| view! { <p class="quiet">{format!("这里只列出 {shown} 份，其余 {} 份见", count.get() - shown)}<a href=all>"口径解释"</a>"。"</p> })
    };
    let word = if rule == Rule::ClaimedOut { "恢复" } else { "申请纳入" };
    view! {
        <details class="fold left-out" open=count.get_untracked() <= 5>
            <summary>{move || format!("{}（{} 份）", rule.label(), count.get())}</summary>
            <p class="quiet">{rule.sentence()}" 依据："{rule.source()}</p>
            <div class="table-wrap" tabindex="0" role="region" aria-label=rule.label()>
                <table class="data" data-cards="">
                    <thead>
                        <tr>
                            <th scope="col">"合同编号"</th>
                            <th scope="col">"项目名称"</th>
                            <th scope="col" class="num">"合同金额(万元)"</th>
                            <th scope="col">"依据的事实"</th>
                            {editable.then(|| view! { <th scope="col" class="ops">"操作"</th> })}
                        </tr>
                    </thead>
                    <tbody>
                        <For each=move || rows.get() key=|row| row.id.clone() let:row>
                            <Row row basis editable word on_claim />
                        </For>
                    </tbody>
                </table>
            </div>
            {rest}
        </details>
    }
}

#[component]
fn Row(row: LeftOut, basis: YearBasis, editable: bool, word: &'static str, on_claim: Callback<LeftOut>) -> impl IntoView {
    let facts = if row.rule == Rule::ClaimedOut {
        format!("剔除理由：{}", row.reason)
    } else {
        contract::judge(&row.contract, basis)
            .facts
            .into_iter()
            .map(|fact| format!("{}：{}", fact.label, fact.value))
            .collect::<Vec<_>>()
            .join("；")
    };
    let label = format!("{word}：{}", row.contract.project_name);
    let (number, name, amount) = (row.contract.contract_no.clone(), row.contract.project_name.clone(), row.contract.amount.wan());
    view! {
        <tr>
            <td data-label="合同编号">{number}</td>
            <td class="row-title" data-label="项目名称">{name}</td>
            <td class="num" data-label="合同金额(万元)">{amount}</td>
            <td data-label="依据的事实">{facts}</td>
            {editable.then(|| view! { <td class="ops" data-label="操作"><button type="button" aria-label=label on:click=move |_| on_claim.run(row.clone())>{word}</button></td> })}
        </tr>
    }
}
