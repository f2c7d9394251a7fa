//! The contracts of a page, group by group, each with its facts and with what can be done about it.

use super::super::ClaimFile;
use super::super::api::explanation::{Explanation, Item};
use super::asking::{AskDialog, Asked};
use super::files::ClaimFiles;
use super::fill::Fill;
use crate::domain::contract::{self, Contract, Fact, Rule};
use crate::domain::ids::RecordId;
use crate::domain::money::Money;
use crate::domain::record::LeftOut;
use crate::domain::record::explanation::Group;
use crate::domain::record::line::{Line, LineRules, Weight};
use crate::ui::{Again, StatusPill};
use leptos::prelude::*;

/// The contracts of this page. Only what differs from before is drawn anew: a form that someone is in keeps the focus and its texts.
#[component]
pub fn Items(
    /// What the page shows.
    now: RwSignal<Explanation>,
    /// Told when something was done.
    changed: Again,
) -> impl IntoView {
    let (open, asked) = (RwSignal::new(false), RwSignal::new(None::<Asked>));
    let ask = Callback::new(move |what: Asked| {
        asked.set(Some(what));
        open.set(true);
    });
    let record = now.with_untracked(|now| now.record.id.clone());
    let groups = Memo::new(move |_| {
        now.with(|now| {
            let mut groups: Vec<Group> = now.items.iter().map(|(group, _)| *group).collect();
            groups.dedup();
            groups
        })
    });
    view! {
        <For each=move || groups.get() key=|group| *group let:group>
            <GroupItems group now changed ask />
        </For>
        <AskDialog record asked open changed />
    }
}

#[component]
fn GroupItems(group: Group, now: RwSignal<Explanation>, changed: Again, ask: Callback<Asked>) -> impl IntoView {
    let (title_id, named) = (format!("group-{}", group.code()), format!("group-{}", group.code()));
    let ids =
        Memo::new(move |_| now.with(|now| now.items.iter().filter(|(of, _)| *of == group).map(|(_, item)| key(item)).collect::<Vec<_>>()));
    view! {
        <section class="explained" aria-labelledby=named>
            <div class="explained-head">
                <h3 id=title_id>{group.label()}</h3>
                <StatusPill label=group.verdict().to_owned() tone=super::group_tone(group) />
            </div>
            <p class="explained-rule">{group.sentence()}<span class="quiet">" 依据："{group.source()}"。"</span></p>
            {group.otherwise().map(|otherwise| view! { <p class="explained-rule"><span class="strong">"怎样才计入："</span>{otherwise}</p> })}
            <ul class="explained-list">
                <For each=move || ids.get() key=Clone::clone let:id>
                    <OneItem id now changed ask />
                </For>
            </ul>
        </section>
    }
}

/// Under which id a contract stands in the page.
fn key(item: &Item) -> String {
    match item {
        Item::Line { line, .. } => format!("line-{}", line.id),
        Item::LeftOut(row) => format!("left-out-{}", row.id),
    }
}

/// What is drawn of a contract; where it is equal to what it was before, nothing is drawn anew.
#[derive(Clone, Debug, PartialEq)]
struct Drawn {
    item: Item,
    files: Vec<ClaimFile>,
    rules: LineRules,
    is_editable: bool,
}

#[component]
fn OneItem(id: String, now: RwSignal<Explanation>, changed: Again, ask: Callback<Asked>) -> impl IntoView {
    let record = StoredValue::new(now.with_untracked(|now| now.record.id.clone()));
    let found = Memo::new(move |_| now.with(|now| now.items.iter().map(|(_, item)| item).find(|item| key(item) == id).cloned()));
    // The number of a line changes with what stands before it, which is no reason to draw the line anew.
    let number = Memo::new(move |_| found.with(|item| if let Some(Item::Line { number, .. }) = item { *number } else { 0 }));
    let drawn = Memo::new(move |_| {
        now.with(|now| {
            let item = found.get()?;
            let (item, files) = match item {
                Item::Line { line, .. } => {
                    let files = now.files.iter().filter(|file| file.line == line.id).cloned().collect();
                    (Item::Line { number: 0, line }, files)
                }
                Item::LeftOut(_) => (item, Vec::new()),
            };
            Some(Drawn { item, files, rules: now.rules, is_editable: now.is_editable })
        })
    });
    move || {
        let Drawn { item, files, rules, is_editable } = drawn.get()?;
        Some(match item {
            Item::Line { line, .. } => view! { <LineItem number line files rules record is_editable changed ask /> }.into_any(),
            Item::LeftOut(row) => view! { <LeftOutItem row rules is_editable ask /> }.into_any(),
        })
    }
}

fn numbers(contract: &Contract) -> String {
    let number =
        if contract.lot.is_empty() { contract.contract_no.clone() } else { format!("{}（{}）", contract.contract_no, contract.lot) };
    format!("{number} · {} · {} 签订", contract.supplier_name, contract.signed_on)
}

fn said(facts: Vec<Fact>) -> String {
    facts.into_iter().map(|fact| format!("{}：{}", fact.label, fact.value)).collect::<Vec<_>>().join("；")
}

/// The facts of the verdict, and the goods and funds of a framework agreement.
fn facts(contract: &Contract, rules: &LineRules) -> String {
    let mut facts = contract::judge(contract, rules.basis).facts;
    facts.extend(contract::framework_facts(contract, &facts));
    said(facts)
}

#[component]
fn Name(name: String, url: Option<String>) -> impl IntoView {
    match url {
        Some(url) => {
            view! { <a class="explained-name" href=url target="_blank" rel="external noopener noreferrer">{name}" ↗"</a> }.into_any()
        }
        None => view! { <span class="explained-name">{name}</span> }.into_any(),
    }
}

#[component]
fn Amounts(amount: Option<Money>, sme: Option<Money>, small_micro: Option<Money>) -> impl IntoView {
    let one = |label: &'static str, amount: Money| view! { <div><dt>{label}</dt><dd>{amount.wan()}" 万元"</dd></div> };
    view! {
        <dl class="facts explained-amounts" data-row="">
            {amount.map(|amount| one("合同", amount))}
            {sme.map(|amount| one("中小", amount))}
            {small_micro.map(|amount| one("小微", amount))}
        </dl>
    }
}

#[component]
fn LineItem(
    number: Memo<usize>,
    line: Line,
    files: Vec<ClaimFile>,
    rules: LineRules,
    record: StoredValue<RecordId>,
    is_editable: bool,
    changed: Again,
    ask: Callback<Asked>,
) -> impl IntoView {
    let review = line.review(&rules);
    let name = if review.project_name.is_empty() { "（未填项目名称）".to_owned() } else { review.project_name.clone() };
    let origin = line.contract().map_or_else(|| "手动录入".to_owned(), numbers);
    let note = move || format!("第 {} 行 · {origin}", number.get());
    let seen = line.contract().map(|contract| line.overrides.over(contract));
    let rests_on = seen.as_ref().map(|seen| facts(seen, &rules)).filter(|_| line.claim().is_none());
    let claim = line.claim().map(|claim| {
        let facts = line.contract().map(|contract| facts(contract, &rules)).unwrap_or_default();
        format!("本单位申请纳入。原因规则“{}”（{facts}）；纳入理由：{}", claim.rule.label(), claim.reason)
    });
    let reason = (!line.reason.is_empty()).then(|| format!("修改理由：{}", line.reason));
    let missing = review.findings.iter().filter(|finding| finding.weight == Weight::Error).cloned().collect::<Vec<_>>();
    let warnings = review.findings.iter().filter(|finding| finding.weight == Weight::Warning).map(|finding| finding.message.clone());
    let warnings: Vec<String> = warnings.collect();
    let blocks = review.blocks();
    let overridden = line.is_overridden().then(|| view! { <span class="chip" data-tone="warn">"有人工修改"</span> });
    let estimated = review.estimated.then(|| view! { <span class="chip" data-tone="warn">"按比例推算"</span> });
    let take_out = line.contract().is_some().then(|| Asked::TakeOut(line.id.clone(), line.version, name.clone()));
    let label = format!("剔除：{name}");
    let amount = line.contract().map(|contract| contract.amount);
    view! {
        <li class="explained-item" id=format!("line-{}", line.id)>
            <div class="explained-title"><Name name url=review.url.clone() />{overridden}{estimated}</div>
            <p class="ledger-note">{note}</p>
            <Amounts amount sme=review.sme small_micro=review.small_micro />
            {rests_on.map(|facts| view! { <p class="explained-facts">{facts}</p> })}
            {claim.map(|claim| view! {
                <p class="explained-facts pre-line">{claim}</p>
                <ClaimFiles record line=line.id.clone() files is_editable changed />
            })}
            {reason.map(|reason| view! { <p class="explained-facts pre-line">{reason}</p> })}
            {(!warnings.is_empty()).then(|| view! { <ul class="findings" data-rows="">{warnings.into_iter().map(|warning| view! { <li>{warning}</li> }).collect_view()}</ul> })}
            {if blocks && is_editable {
                view! { <Fill record line=line.clone() rules changed /> }.into_any()
            } else {
                (!missing.is_empty())
                    .then(|| view! { <ul class="findings" data-rows="">{missing.into_iter().map(|finding| view! { <li data-tone="bad">{finding.message}</li> }).collect_view()}</ul> })
                    .into_any()
            }}
            {is_editable.then_some(take_out).flatten().map(|what| view! {
                <div class="ops explained-ops"><button type="button" aria-label=label on:click=move |_| ask.run(what.clone())>"剔除"</button></div>
            })}
        </li>
    }
}

#[component]
fn LeftOutItem(row: LeftOut, rules: LineRules, is_editable: bool, ask: Callback<Asked>) -> impl IntoView {
    let LeftOut { id, contract, rule, reason } = row;
    let others: Vec<&str> = Rule::obstacles(&contract).into_iter().filter(|other| *other != rule).map(Rule::otherwise).collect();
    let others = (!others.is_empty()).then(|| {
        let before = if rule == Rule::ClaimedOut { "恢复后按口径仍不计入" } else { "此外还须" };
        format!("{before}：{}", others.join(""))
    });
    let words = if rule == Rule::ClaimedOut {
        format!("本单位剔除。剔除理由：{reason}；{}", facts(&contract, &rules))
    } else {
        facts(&contract, &rules)
    };
    let asked = Asked::Claim(id.clone(), rule, contract.project_name.clone());
    let (word, label) = (asked.word(), format!("{}：{}", asked.word(), contract.project_name));
    view! {
        <li class="explained-item" id=format!("left-out-{id}")>
            <div class="explained-title"><Name name=contract.project_name.clone() url=contract.url.clone() /></div>
            <p class="ledger-note">{numbers(&contract)}</p>
            <Amounts amount=Some(contract.amount) sme=None small_micro=None />
            <p class="explained-facts pre-line">{words}</p>
            {others.map(|others| view! { <p class="explained-facts">{others}</p> })}
            {is_editable.then(|| view! {
                <div class="ops explained-ops"><button type="button" aria-label=label on:click=move |_| ask.run(asked.clone())>{word}</button></div>
            })}
        </li>
    }
}
