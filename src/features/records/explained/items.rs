//! The contracts of a page, group by group, each with its facts and with what can be done about it.

use super::super::ClaimFile;
use super::super::api::explanation::Item;
use super::super::api::{ClaimInput, TakeOutInput, claim_in, take_out};
use super::files::{ACCEPT, ClaimFiles, chosen, send};
use super::fill::Fill;
use crate::app::Tell;
use crate::domain::contract::{self, Contract, Fact, Rule};
use crate::domain::ids::{LeftOutId, LineId, RecordId};
use crate::domain::money::Money;
use crate::domain::record::LeftOut;
use crate::domain::record::explanation::Group;
use crate::domain::record::line::{Line, LineRules, Weight};
use crate::error::AppError;
use crate::features::approvals::dialog::ReasonDialog;
use crate::ui::{Again, StatusPill};
use leptos::prelude::*;

/// The id of the input for a file in the dialog 「申请纳入」.
const CLAIM_FILE: &str = "claim-file";

/// What a dialog asks a reason for.
#[derive(Clone, Debug, PartialEq)]
enum Asked {
    /// 「剔除」 of a line at this version.
    TakeOut(LineId, i64, String),
    /// 「申请纳入」 of a contract; 「恢复」 where the unit took it out itself.
    Claim(LeftOutId, Rule, String),
}

impl Asked {
    fn word(&self) -> &'static str {
        match self {
            Asked::TakeOut(..) => "剔除",
            Asked::Claim(_, Rule::ClaimedOut, _) => "恢复",
            Asked::Claim(..) => "申请纳入",
        }
    }

    fn consequence(&self) -> String {
        match self {
            Asked::TakeOut(_, _, name) => format!("“{name}”将不再计入，审核人会看到它是本单位剔除的，以及您的理由。"),
            Asked::Claim(_, Rule::ClaimedOut, name) => format!("“{name}”将按采集的内容回到明细。"),
            Asked::Claim(_, rule, name) => {
                format!("“{name}”按“{}”不计入。纳入后，审核人会看到它是本单位申请纳入的，以及您的理由。", rule.label())
            }
        }
    }
}

/// What to tell, and whether all of it was done.
struct Said(bool, String);

/// Does what was asked for, for this reason, and sends the chosen file after a claim.
async fn act_on(record: RecordId, asked: Asked, reason: String) -> Result<Said, AppError> {
    match asked {
        Asked::TakeOut(line, version, _) => {
            take_out(TakeOutInput { record, line, version, reason }).await?;
            Ok(Said(true, "已剔除，理由会显示给审核人".to_owned()))
        }
        Asked::Claim(left_out, rule, _) => {
            // Read before the dialog closes.
            let file = chosen(CLAIM_FILE).filter(|_| rule != Rule::ClaimedOut);
            let line = claim_in(ClaimInput { record: record.clone(), left_out, reason }).await?;
            let sent = match file {
                Some(file) => send(record, line, file).await,
                None => Ok(()),
            };
            Ok(match sent {
                Ok(()) if rule == Rule::ClaimedOut => Said(true, "已恢复到明细".to_owned()),
                Ok(()) => Said(true, "已纳入明细，理由会显示给审核人".to_owned()),
                // The claim stands whatever becomes of the file; it can be uploaded again where the claim is shown.
                Err(error) => Said(false, format!("已纳入，但证明材料没有上传：{error}。可在该合同下重新上传。")),
            })
        }
    }
}

/// The contracts of this page.
#[component]
pub fn Items(
    record: RecordId,
    rules: LineRules,
    items: Vec<(Group, Item)>,
    files: Vec<ClaimFile>,
    is_editable: bool,
    changed: Again,
) -> impl IntoView {
    let files = StoredValue::new(files);
    let (asking, asked) = (RwSignal::new(false), RwSignal::new(None::<Asked>));
    let problem = RwSignal::new(None::<AppError>);
    let tell = expect_context::<Tell>();
    let id = StoredValue::new(record);
    let pending = RwSignal::new(false);
    // Not an action: a file of the browser stays on its thread.
    let act = move |reason: String| {
        pending.set(true);
        leptos::task::spawn_local(async move {
            let done = match asked.get_untracked() {
                None => Ok(None),
                Some(asked) => act_on(id.get_value(), asked, reason).await.map(Some),
            };
            pending.set(false);
            match done {
                Ok(None) => {}
                Ok(Some(Said(is_whole, words))) => {
                    asking.set(false);
                    if is_whole {
                        tell.ok(words);
                    } else {
                        tell.bad(words);
                    }
                    changed.notify();
                }
                Err(error) => problem.set(Some(error)),
            }
        });
    };
    let ask = Callback::new(move |what: Asked| {
        asked.set(Some(what));
        problem.set(None);
        asking.set(true);
    });
    let mut groups: Vec<(Group, Vec<Item>)> = Vec::new();
    for (group, item) in items {
        match groups.last_mut() {
            Some((last, of_group)) if *last == group => of_group.push(item),
            _ => groups.push((group, vec![item])),
        }
    }
    let title = Signal::derive(move || asked.with(|asked| asked.as_ref().map(|asked| asked.word().to_owned()).unwrap_or_default()));
    let is_new_claim = Memo::new(move |_| asked.with(|asked| matches!(asked, Some(Asked::Claim(_, rule, _)) if *rule != Rule::ClaimedOut)));
    let consequence = Signal::derive(move || asked.with(|asked| asked.as_ref().map(Asked::consequence).unwrap_or_default()));
    view! {
        {groups.into_iter().map(|(group, items)| view! { <GroupItems group items files rules record=id is_editable changed ask /> }).collect_view()}
        <ReasonDialog
            open=asking
            title
            label="理由"
            consequence
            extra=ViewFn::from(move || is_new_claim.get().then(|| view! {
                <div class="field">
                    <label class="field-label" for=CLAIM_FILE>"证明材料"</label>
                    <input id=CLAIM_FILE type="file" accept=ACCEPT aria-describedby="claim-file-hint" />
                    <p class="field-hint" id="claim-file-hint">"选填，供审核人核对，不对外公开；PDF、PNG、JPEG、Word、Excel、OFD"</p>
                </div>
            }))
            on_reason=act
            pending
            problem
        />
    }
}

#[component]
fn GroupItems(
    group: Group,
    items: Vec<Item>,
    files: StoredValue<Vec<ClaimFile>>,
    rules: LineRules,
    record: StoredValue<RecordId>,
    is_editable: bool,
    changed: Again,
    ask: Callback<Asked>,
) -> impl IntoView {
    let (title_id, named) = (format!("group-{}", group.code()), format!("group-{}", group.code()));
    view! {
        <section class="explained" aria-labelledby=named>
            <div class="explained-head">
                <h3 id=title_id>{group.label()}</h3>
                <StatusPill label=group.verdict().to_owned() tone=super::group_tone(group) />
            </div>
            <p class="explained-rule">{group.sentence()}<span class="quiet">" 依据："{group.source()}"。"</span></p>
            {group.otherwise().map(|otherwise| view! { <p class="explained-rule"><span class="strong">"怎样才计入："</span>{otherwise}</p> })}
            <ul class="explained-list">
                {items.into_iter().map(|item| match item {
                    Item::Line { number, line } => view! { <LineItem number line files rules record is_editable changed ask /> }.into_any(),
                    Item::LeftOut(row) => view! { <LeftOutItem row rules is_editable ask /> }.into_any(),
                }).collect_view()}
            </ul>
        </section>
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
    number: usize,
    line: Line,
    files: StoredValue<Vec<ClaimFile>>,
    rules: LineRules,
    record: StoredValue<RecordId>,
    is_editable: bool,
    changed: Again,
    ask: Callback<Asked>,
) -> impl IntoView {
    let review = line.review(&rules);
    let name = if review.project_name.is_empty() { "（未填项目名称）".to_owned() } else { review.project_name.clone() };
    let note = match line.contract() {
        Some(contract) => format!("第 {number} 行 · {}", numbers(contract)),
        None => format!("第 {number} 行 · 手动录入"),
    };
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
            {claim.map(|claim| {
                let own = files.with_value(|files| files.iter().filter(|file| file.line == line.id).cloned().collect::<Vec<_>>());
                view! {
                    <p class="explained-facts pre-line">{claim}</p>
                    <ClaimFiles record line=line.id.clone() files=own is_editable changed />
                }
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
