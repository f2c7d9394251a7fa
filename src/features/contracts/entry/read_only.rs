//! A contract to be looked at, and what stands below it whoever looks.

use super::fields::GROUPS;
use crate::app::paths;
use crate::domain::calendar::Year;
use crate::domain::contract::Contract;
use crate::domain::ids::RecordId;
use crate::domain::money::Money;
use crate::domain::sheet::{Column, Draft};
use crate::features::approvals::Event;
use leptos::prelude::*;

/// Every cell of a contract.
#[component]
pub fn Facts(contract: Contract) -> impl IntoView {
    let said = Draft::of(&contract);
    let groups = GROUPS.map(|(title, id, columns)| {
        let facts = columns
            .iter()
            .map(|&column| view! { <div><dt>{column.name()}</dt><dd>{value(column, said.get(column), &contract)}</dd></div> })
            .collect_view();
        view! {
            <section class="panel" aria-labelledby=id>
                <header class="panel-head"><h2 id=id>{title}</h2></header>
                <div class="panel-body"><dl class="facts contract-facts">{facts}</dl></div>
            </section>
        }
    });
    groups.into_iter().collect_view()
}

fn value(column: Column, text: &str, contract: &Contract) -> AnyView {
    let amount = match column {
        Column::Amount => Some(contract.amount),
        Column::Budget => contract.budget,
        Column::Sme => contract.sme,
        Column::SmallMicro => contract.small_micro,
        _ => None,
    };
    match (column, amount) {
        _ if text.is_empty() => view! { "-" }.into_any(),
        (Column::Url, _) => {
            view! { <a href=text.to_owned() target="_blank" rel="external noopener noreferrer">{text.to_owned()}</a> }.into_any()
        }
        (_, Some(amount)) => view! { {text.to_owned()}<span class="quiet">{in_wan(amount)}</span> }.into_any(),
        _ => text.to_owned().into_any(),
    }
}

fn in_wan(amount: Money) -> String {
    format!("（{} 万元）", amount.wan())
}

/// Which 年度数据 hold a copy of the contract; they do not follow it by themselves.
#[component]
pub fn Held(held: Vec<(RecordId, Year)>) -> impl IntoView {
    (!held.is_empty()).then(|| {
        let links = held.into_iter().map(|(id, year)| view! { <a href=paths::record(&id)>{format!("{year} 年度数据")}</a>" " }).collect_view();
        view! {
            <div class="alert" data-tone="neutral">
                <p class="alert-body">"这份合同已列入 "{links}"，那里保留的是列入时的内容，不随这里的修改或删除而变化；需要时请在年度数据中另行处理。"</p>
            </div>
        }
    })
}

/// What was done with the contract by hand.
#[component]
pub fn Log(events: RwSignal<Vec<Event>>) -> impl IntoView {
    move || {
        let events = events.get();
        (!events.is_empty()).then(|| {
            let entries = events.into_iter().map(|event| {
                view! {
                    <li>
                        <time class="log-time" datetime=event.at.to_string()>{event.at.local()}</time>
                        <div>{event.who}" "{event.what}</div>
                        {(!event.detail.is_empty()).then(|| view! { <p class="log-note">{event.detail}</p> })}
                    </li>
                }
            });
            view! {
                <section class="panel" aria-labelledby="contract-log">
                    <header class="panel-head"><h2 id="contract-log">"操作日志"</h2></header>
                    <div class="panel-body"><ul class="log">{entries.collect_view()}</ul></div>
                </section>
            }
        })
    }
}
