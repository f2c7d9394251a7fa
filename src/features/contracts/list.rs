//! 「合同台账」: a unit's contracts with what the rules say of each.

use super::api::{Ledger, LedgerLine, LedgerQuery, LedgerSums, contracts};
use crate::app::{paths, use_actor};
use crate::domain::access::{Deed, Relation, may};
use crate::domain::contract::{Measure, Rule, Source, YearBasis};
use crate::domain::ids::UnitId;
use crate::domain::money::Money;
use crate::ui::{Pager, Problem, StatusPill, TableWrap, Tone};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

/// The verdicts by which the list is filtered; the rules follow under 「不计入」.
const VERDICTS: [(&str, &str); 4] = [("counted", "计入"), ("left_out", "不计入"), ("needs_input", "待补充"), ("error", "有矛盾")];

/// The list page.
#[component]
pub fn ContractsPage() -> impl IntoView {
    let map = use_query_map();
    let query = Memo::new(move |_| map.with(|map| from_url(|key| map.get(key))));
    let ledger = Resource::new(move || query.get(), contracts);
    view! {
        <Title text="合同台账" />
        <nav aria-label="位置"><ol class="breadcrumb"><li>"我的工作台"</li><li>"项目采购委托采购"</li><li aria-current="page">"合同台账"</li></ol></nav>
        <header class="page-head">
            <h1>"合同台账"</h1>
            {may(&use_actor(), Deed::ImportContracts, Relation::Own).is_ok().then(|| view! { <div class="page-actions"><a class="button" href=paths::IMPORT>"导入合同"</a></div> })}
        </header>
        <Transition fallback=|| view! { <p class="loading" aria-busy="true">"正在读取…"</p> }>
            {move || Suspend::new(async move {
                match ledger.await {
                    Err(error) => view! { <Filters query=query.get() units=Vec::new() years=Vec::new() /> <Problem message=error.to_string() /> }.into_any(),
                    Ok(ledger) => view! {
                        <Filters query=query.get() units=ledger.units.clone() years=ledger.years.clone() />
                        <section class="panel">
                            <Sums sums=ledger.sums basis=ledger.basis />
                            <Lines ledger query=query.get() />
                        </section>
                    }.into_any(),
                }
            })}
        </Transition>
    }
}

fn from_url(get: impl Fn(&str) -> Option<String>) -> LedgerQuery {
    let text = |key: &str| get(key).unwrap_or_default();
    LedgerQuery {
        unit: get("unit").and_then(|unit| UnitId::parse(&unit).ok()),
        year: get("year").and_then(|year| year.parse().ok()),
        source: Source::from_code(&text("source")),
        measure: Measure::from_code(&text("measure")),
        verdict: text("verdict"),
        words: text("words"),
        page: get("page").and_then(|page| page.parse().ok()).unwrap_or(1),
    }
}

fn to_url(query: &LedgerQuery) -> String {
    let mut parts = ParamsMap::new();
    let mut add = |key: &'static str, value: String| {
        if !value.is_empty() {
            parts.insert(key, value);
        }
    };
    add("unit", query.unit.as_ref().map(ToString::to_string).unwrap_or_default());
    add("year", query.year.map(|year| year.to_string()).unwrap_or_default());
    add("source", query.source.map(Source::code).unwrap_or_default().to_owned());
    add("measure", query.measure.map(Measure::code).unwrap_or_default().to_owned());
    add("verdict", query.verdict.clone());
    add("words", query.words.clone());
    add("page", if query.page > 1 { query.page.to_string() } else { String::new() });
    format!("{}{}", paths::CONTRACTS, parts.to_query_string())
}

/// A plain GET form, so that the filters live in the URL.
#[component]
fn Filters(query: LedgerQuery, units: Vec<(UnitId, String)>, years: Vec<i32>) -> impl IntoView {
    let LedgerQuery { unit, year, source, measure, verdict, words, .. } = query;
    let rules = Rule::ALL.iter().filter(|rule| **rule != Rule::ClaimedOut).map(|rule| (rule.code(), format!("不计入：{}", rule.label())));
    let verdicts: Vec<(&str, String)> = VERDICTS.iter().map(|(code, label)| (*code, (*label).to_owned())).chain(rules).collect();
    view! {
        <form class="filterbar card" method="get" action=paths::CONTRACTS role="search" aria-label="筛选合同">
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
            <div class="filterbar-actions">
                <button class="button" data-kind="primary" type="submit">"查询"</button>
                <a class="button" href=paths::CONTRACTS>"重置"</a>
            </div>
        </form>
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

#[component]
fn Lines(ledger: Ledger, query: LedgerQuery) -> impl IntoView {
    let Ledger { lines, sums, page, size, .. } = ledger;
    if lines.is_empty() {
        let is_filtered = query != LedgerQuery { unit: query.unit.clone(), page: query.page, ..LedgerQuery::default() };
        return if is_filtered {
            view! { <div class="empty"><p class="empty-title">"没有符合条件的合同"</p><p>"请调整筛选条件，或点击「重置」查看全部。"</p></div> }.into_any()
        } else {
            view! { <div class="empty"><p class="empty-title">"还没有合同"</p><p>"合同由系统管理员从采购平台导出的表格导入。"</p></div> }
                .into_any()
        };
    }
    view! {
        <TableWrap name="合同列表">
            <table class="data" data-cards="">
                <thead>
                    <tr>
                        <th scope="col">"项目名称、合同编号、供应商"</th>
                        <th scope="col">"来源、预留选项"</th>
                        <th scope="col">"签订日期、年度"</th>
                        <th scope="col" class="num">"合同金额(万元)"</th>
                        <th scope="col" class="num">"面向中小企业(万元)"</th>
                        <th scope="col" class="num">"面向小微企业(万元)"</th>
                        <th scope="col">"统计结果"</th>
                    </tr>
                </thead>
                <tbody>{lines.into_iter().map(|line| view! { <Line line /> }).collect_view()}</tbody>
            </table>
        </TableWrap>
        <Pager page size total=sums.total href=move |page| to_url(&LedgerQuery { page, ..query.clone() }) />
    }
    .into_any()
}

#[component]
fn Line(line: LedgerLine) -> impl IntoView {
    let LedgerLine { contract, year, verdict, reason, kind, sme, small_micro, .. } = line;
    let number = if contract.lot.is_empty() { contract.contract_no } else { format!("{}（{}）", contract.contract_no, contract.lot) };
    let amount = |amount: Option<Money>| amount.map_or_else(|| "-".to_owned(), Money::wan);
    let name = match contract.url {
        Some(url) => view! { <a href=url target="_blank" rel="noopener noreferrer">{contract.project_name}</a> }.into_any(),
        None => contract.project_name.into_any(),
    };
    view! {
        <tr>
            <td class="row-title cell-words">{name}<span class="ledger-note">{number}</span><span class="ledger-note">{contract.supplier_name}</span></td>
            <td class="nowrap" data-label="来源、预留选项">{contract.source.label()}<span class="ledger-note">{contract.measure.map_or("-", Measure::label)}</span></td>
            <td class="nowrap" data-label="签订日期、年度">{contract.signed_on.to_string()}<span class="ledger-note">{format!("{year} 年度")}</span></td>
            <td class="num" data-label="合同金额(万元)">{contract.amount.wan()}</td>
            <td class="num" data-label="面向中小企业(万元)">{amount(sme)}</td>
            <td class="num" data-label="面向小微企业(万元)">{amount(small_micro)}</td>
            <td data-label="统计结果">
                <StatusPill label=verdict tone=tone(&kind) />
                {(!reason.is_empty()).then(|| view! { <span class="ledger-note">{reason}</span> })}
            </td>
        </tr>
    }
}

fn tone(kind: &str) -> Tone {
    match kind {
        "counted" => Tone::Ok,
        "needs_input" => Tone::Warn,
        "error" => Tone::Bad,
        _ => Tone::Neutral,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e1_filters_of_the_ledger_live_in_the_url() {
        let query = LedgerQuery {
            unit: None,
            year: Some(2024),
            source: Some(Source::Framework),
            measure: Some(Measure::Package),
            verdict: "NOT_RESERVED".to_owned(),
            words: "机动车 &=".to_owned(),
            page: 3,
        };
        let url = to_url(&query);
        assert!(url.starts_with("/office/contracts?") && !url.contains("机动车"), "{url}");
        let pairs: Vec<(String, String)> = serde_json::from_value(serde_json::json!([
            ["year", "2024"],
            ["source", "framework"],
            ["measure", "package"],
            ["verdict", "NOT_RESERVED"],
            ["words", "机动车 &="],
            ["page", "3"]
        ]))
        .unwrap();
        let get = |key: &str| pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone());
        assert_eq!(from_url(get), query);
        assert_eq!(to_url(&LedgerQuery { page: 1, ..LedgerQuery::default() }), "/office/contracts");
    }
}
