//! 「未计入合同」: every contract of the year that is not counted, with the rule that left it out (A9), and the way to claim it in.

use super::LeftOut;
use super::api::{ClaimInput, claim_in};
use crate::app::Tell;
use crate::domain::contract::{self, Rule, YearBasis};
use crate::domain::ids::{LeftOutId, RecordId};
use crate::error::AppError;
use crate::features::approvals::dialog::ReasonDialog;
use leptos::prelude::*;

/// The contracts that are not counted, grouped by rule.
#[component]
pub fn LeftOutPanel(
    /// Which record.
    record: RecordId,
    /// Its left-out contracts, in the order of the rules.
    left_out: Vec<LeftOut>,
    /// Which date places contracts in the year.
    basis: YearBasis,
    /// Whether this person may claim them in.
    editable: bool,
    /// Called after one was claimed in, because the lines have changed; with the id of what has the focus next.
    on_moved: Callback<String>,
) -> impl IntoView {
    let asking = RwSignal::new(false);
    let chosen = RwSignal::new(None::<(LeftOutId, String)>);
    let problem = RwSignal::new(None::<AppError>);
    let tell = expect_context::<Tell>();
    let record = StoredValue::new(record);
    let claim = Action::new(move |reason: &String| {
        let reason = reason.clone();
        async move {
            let Some((left_out, _)) = chosen.get_untracked() else { return };
            match claim_in(ClaimInput { record: record.get_value(), left_out, reason }).await {
                Ok(_) => {
                    asking.set(false);
                    tell.ok("已纳入明细，理由会显示给审核人");
                    on_moved.run("left-out".to_owned());
                }
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    let count = left_out.len();
    let mut groups: Vec<(Rule, Vec<LeftOut>)> = Vec::new();
    for row in left_out {
        match groups.last_mut() {
            Some((rule, rows)) if *rule == row.rule => rows.push(row),
            _ => groups.push((row.rule, vec![row])),
        }
    }
    let ask = move |row: &LeftOut| {
        chosen.set(Some((row.id.clone(), row.contract.project_name.clone())));
        problem.set(None);
        asking.set(true);
    };
    view! {
        <section class="panel" id="left-out" aria-labelledby="left-out-title" tabindex="-1">
            <header class="panel-head"><h2 id="left-out-title">"未计入合同"</h2><p class="panel-note">{format!("{count} 份")}</p></header>
            {if count == 0 {
                view! { <div class="panel-body"><p class="quiet">"本年度的合同都已计入明细。"</p></div> }.into_any()
            } else {
                groups.into_iter().map(|(rule, rows)| view! { <Group rule rows basis editable on_claim=Callback::new(move |row| ask(&row)) /> }).collect_view().into_any()
            }}
        </section>
        <ReasonDialog
            open=asking
            title="申请纳入"
            label="纳入理由"
            consequence=Signal::derive(move || format!("“{}”将作为一行列入明细，审核人会看到它原来未计入的规则和您的理由。", chosen.get().map(|(_, name)| name).unwrap_or_default()))
            on_reason=move |reason: String| { claim.dispatch(reason); }
            pending=claim.pending()
            problem
        />
    }
}

#[component]
fn Group(rule: Rule, rows: Vec<LeftOut>, basis: YearBasis, editable: bool, on_claim: Callback<LeftOut>) -> impl IntoView {
    let count = rows.len();
    let word = if rule == Rule::ClaimedOut { "恢复" } else { "申请纳入" };
    view! {
        <details class="fold left-out" open=count <= 5>
            <summary>{format!("{}（{count} 份）", rule.label())}</summary>
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
                        {rows.into_iter().map(|row| view! { <Row row basis editable word on_claim /> }).collect_view()}
                    </tbody>
                </table>
            </div>
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
