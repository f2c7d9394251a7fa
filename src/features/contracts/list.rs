//! 「合同台账」: a unit's contracts with what the rules say of each.

mod columns;
mod table;

use super::address;
use super::api::{LedgerQuery, LedgerSums, contracts};
use crate::app::{paths, use_actor};
use crate::domain::access::{self, Deed, Relation};
use crate::domain::contract::{Measure, Rule, Source, YearBasis};
use crate::domain::ids::UnitId;
use crate::ui::{Again, FilterBar, Menu, Problem};
use columns::ColumnDialog;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use table::Lines;

/// The verdicts by which the list is filtered; the rules follow under 「不计入」.
const VERDICTS: [(&str, &str); 4] = [("counted", "计入"), ("left_out", "不计入"), ("needs_input", "待补充"), ("error", "有矛盾")];

/// The list page.
#[component]
pub fn ContractsPage() -> impl IntoView {
    let map = use_query_map();
    let query = Memo::new(move |_| map.with(|map| address::read(|key| map.get(key))));
    let again = Again::new();
    let ledger = Resource::new(move || (again.count(), query.get()), |(_, query)| contracts(query));
    let enters = access::may(&use_actor(), Deed::WorkOnContract, Relation::Own).is_ok();
    let imports = access::may(&use_actor(), Deed::ImportContracts, Relation::Own).is_ok();
    view! {
        <Title text="合同台账" />
        <nav aria-label="位置"><ol class="breadcrumb"><li>"我的工作台"</li><li>"项目采购委托采购"</li><li aria-current="page">"合同台账"</li></ol></nav>
        <header class="page-head">
            <h1>"合同台账"</h1>
            <div class="page-actions">
                {imports.then(|| view! { <a class="button" href=paths::IMPORT>"导入合同"</a> })}
                {enters.then(|| view! { <a class="button" data-kind="primary" href=paths::NEW_CONTRACT>"录入合同"</a> })}
            </div>
        </header>
        <Transition fallback=|| view! { <p class="loading" aria-busy="true">"正在读取…"</p> }>
            {move || Suspend::new(async move {
                match ledger.await {
                    Err(error) => view! { <Problem message=error.to_string() /> }.into_any(),
                    Ok(ledger) => view! {
                        <Filters query=query.get() units=ledger.units.clone() years=ledger.years.clone() />
                        <section class="panel" aria-labelledby="ledger-title">
                            <Tools columns=ledger.columns.clone() query=query.get() is_empty={ledger.sums.total == 0} again />
                            <Sums sums=ledger.sums basis=ledger.basis />
                            <Lines ledger query=query.get() enters />
                        </section>
                    }.into_any(),
                }
            })}
        </Transition>
    }
}

/// What is done with the list as a whole.
#[component]
fn Tools(columns: Vec<super::columns::LedgerColumn>, query: LedgerQuery, is_empty: bool, again: Again) -> impl IntoView {
    let choosing = RwSignal::new(false);
    let filters = address::write(&LedgerQuery { page: 1, ..query });
    let (xlsx, csv) = (paths::contracts_export("xlsx", &filters), paths::contracts_export("csv", &filters));
    view! {
        <header class="panel-head">
            <h2 id="ledger-title">"筛选结果"</h2>
            <div class="panel-actions">
                <button class="button" type="button" on:click=move |_| choosing.set(true)>"列设置"</button>
                {(!is_empty).then(|| view! {
                    <Menu label="导出">
                        <li><a href=xlsx download="">"导出筛选结果（XLSX）"</a></li>
                        <li><a href=csv download="">"导出筛选结果（CSV）"</a></li>
                    </Menu>
                })}
            </div>
        </header>
        <ColumnDialog open=choosing chosen=columns again />
    }
}

/// A plain GET form, so that the filters live in the URL.
#[component]
fn Filters(query: LedgerQuery, units: Vec<(UnitId, String)>, years: Vec<i32>) -> impl IntoView {
    let LedgerQuery { unit, year, source, measure, verdict, words, .. } = query.clone();
    let rules = Rule::ALL.iter().filter(|rule| **rule != Rule::ClaimedOut).map(|rule| (rule.code(), format!("不计入：{}", rule.label())));
    let verdicts: Vec<(&str, String)> = VERDICTS.iter().map(|(code, label)| (*code, (*label).to_owned())).chain(rules).collect();
    view! {
        <FilterBar action=paths::CONTRACTS label="筛选合同" shown=address::write(&query) card=true>
            {(units.len() > 1).then(|| {
                let options = units.into_iter().map(|(id, name)| view! { <option value=id.to_string() selected=unit.as_ref() == Some(&id)>{name}</option> }).collect_view();
                view! {
                    <div class="field" data-inline="">
                        <label class="field-label" for="filter-unit">"采购单位"</label>
                        <select class="select" id="filter-unit" name="unit">{options}</select>
                    </div>
                }
            })}
            <Choice name="year" label="年度" options=years.into_iter().map(|each| (each.to_string(), each.to_string(), year == Some(each))).collect() />
            <Choice name="source" label="来源" options=Source::ALL.iter().map(|each| (each.code().to_owned(), each.label().to_owned(), source == Some(*each))).collect() />
            <Choice name="measure" label="预留选项" options=Measure::ALL.iter().map(|each| (each.code().to_owned(), each.label().to_owned(), measure == Some(*each))).collect() />
            <Choice name="verdict" label="统计结果" options=verdicts.into_iter().map(|(code, label)| (code.to_owned(), label, verdict == code)).collect() />
            <div class="field" data-inline="">
                <label class="field-label" for="filter-words">"名称、编号"</label>
                <input class="input" id="filter-words" name="words" type="search" maxlength="100" placeholder="合同、项目或供应商" value=words />
            </div>
        </FilterBar>
    }
}

/// One choice of the filters; `options` are code, word, and whether it is chosen.
#[component]
fn Choice(name: &'static str, label: &'static str, options: Vec<(String, String, bool)>) -> impl IntoView {
    let id = format!("filter-{name}");
    view! {
        <div class="field" data-inline="">
            <label class="field-label" for=id.clone()>{label}</label>
            <select class="select" id=id name=name>
                <option value="">"全部"</option>
                {options.into_iter().map(|(code, word, chosen)| view! { <option value=code selected=chosen>{word}</option> }).collect_view()}
            </select>
        </div>
    }
}

/// What all that fit add up to, not the page alone.
#[component]
fn Sums(sums: LedgerSums, basis: YearBasis) -> impl IntoView {
    let LedgerSums { total, counted, amount, sme, small_micro } = sums;
    view! {
        <dl class="figures" aria-label="合计">
            <div class="figure"><dt>"合同"</dt><dd>{total}" "<span class="unit">"份"</span></dd></div>
            <div class="figure"><dt>"其中计入"</dt><dd>{counted}" "<span class="unit">"份"</span></dd></div>
            <div class="figure"><dt>"合同金额"</dt><dd>{amount.wan()}" "<span class="unit">"万元"</span></dd></div>
            <div class="figure"><dt>"面向中小企业采购金额"</dt><dd>{sme.wan()}" "<span class="unit">"万元"</span></dd></div>
            <div class="figure"><dt>"面向小微企业采购金额"</dt><dd>{small_micro.wan()}" "<span class="unit">"万元"</span></dd></div>
        </dl>
        <p class="ledger-basis">{format!("项目采购和自行录入的合同按{}归入年度，框架协议按合同公告日期归入年度。", basis.label())}</p>
    }
}
