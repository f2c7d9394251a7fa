//! What the rules make of a contract: counted, left out, or waiting for something, and from which facts.

use super::super::verdict_tone;
use crate::domain::contract::{Contract, Judgement, Verdict, YearBasis, judge, year_of};
use crate::ui::StatusPill;
use leptos::prelude::*;

/// The verdict on what is typed, or on what is stored.
#[component]
pub fn VerdictPanel(
    /// The contract as far as the rules look at it; `None` while one of those cells cannot be read.
    #[prop(into)]
    judged: Signal<Option<Contract>>,
    /// By which date it stands in a year.
    basis: YearBasis,
) -> impl IntoView {
    let said = Memo::new(move |_| judged.with(|judged| judged.as_ref().map(|contract| (year_of(contract, basis), judge(contract, basis)))));
    view! {
        <section class="panel verdict" aria-labelledby="verdict-title">
            <header class="panel-head"><h2 id="verdict-title">"统计结果"</h2></header>
            <div class="panel-body stack">
                <div role="status">{move || said.with(|said| said.as_ref().map(|(year, judgement)| view! { <Summary year=*year judgement=judgement.clone() /> }))}</div>
                {move || said.with(|said| match said {
                    None => view! { <p class="quiet">"填写合同金额、是否预留和合同签订日期后，这里显示这份合同是否计入、计入多少。"</p> }.into_any(),
                    Some((_, judgement)) => view! { <Grounds judgement=judgement.clone() /> }.into_any(),
                })}
            </div>
        </section>
    }
}

#[component]
fn Summary(year: i32, judgement: Judgement) -> impl IntoView {
    let verdict = judgement.verdict;
    let pill = view! { <StatusPill label=verdict.label().to_owned() tone=verdict_tone(verdict.code()) /> };
    let words = match &verdict {
        Verdict::Counted(amounts) => format!(
            "{year} 年度，面向中小企业 {} 万元，面向小微企业 {} 万元{}",
            amounts.sme.wan(),
            amounts.small_micro.wan(),
            if amounts.estimated { "（按比例推算）" } else { "" }
        ),
        Verdict::LeftOut(rule) => format!("{year} 年度，{}", rule.label()),
        Verdict::NeedsInput(..) => format!("{year} 年度，补充下列内容后才能计入"),
        Verdict::Error(..) => format!("{year} 年度，金额互相矛盾，改正后才能计入"),
    };
    view! { <p class="row">{pill}<span>{words}</span></p> }
}

/// What it rests on, and what to do.
#[component]
fn Grounds(judgement: Judgement) -> impl IntoView {
    let Judgement { verdict, facts, warnings } = judgement;
    let sentences: Vec<String> = match &verdict {
        Verdict::Counted(_) => Vec::new(),
        Verdict::LeftOut(rule) => vec![rule.sentence().to_owned(), format!("依据：{}", rule.source())],
        Verdict::NeedsInput(_, needs) => needs.iter().map(|need| need.sentence().to_owned()).collect(),
        Verdict::Error(_, contradictions) => contradictions.iter().map(|each| each.sentence.clone()).collect(),
    };
    view! {
        {sentences.into_iter().map(|sentence| view! { <p>{sentence}</p> }).collect_view()}
        {warnings.into_iter().map(|warning| view! { <p class="field-doubt">{warning.sentence}</p> }).collect_view()}
        <dl class="verdict-facts" aria-label="依据的事实">
            {facts.into_iter().map(|fact| view! { <div><dt>{fact.label}</dt><dd>{fact.value}</dd></div> }).collect_view()}
        </dl>
    }
}
