//! 「从合同更新」: the differences between the ledger and the record, to be taken over line by line.

use super::api::update::{Comparison, ComparisonQuery, UpdateInput, record_comparison, update_record};
use super::list::tone;
use crate::app::{Tell, missing, paths};
use crate::domain::ids::{ContractId, RecordId};
use crate::domain::record::update::{Difference, Field, Kind, Standing, Way};
use crate::error::AppError;
use crate::ui::{Again, Pager, Problem, StatusPill};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use std::collections::BTreeMap;

/// What was chosen, on whatever page, and kept while one turns to another or compares afresh.
#[derive(Clone, Copy)]
struct Choices {
    /// Whether what touches nothing done by hand is taken over where nothing else was chosen.
    takes_untouched: RwSignal<bool>,
    /// What was chosen for one difference, with whether it touches nothing done by hand.
    of: RwSignal<BTreeMap<ContractId, (bool, Option<Way>)>>,
}

impl Choices {
    fn new() -> Choices {
        Choices { takes_untouched: RwSignal::new(true), of: RwSignal::default() }
    }

    fn way(self, id: &ContractId, is_untouched: bool) -> Option<Way> {
        let chosen = self.of.with(|of| of.get(id).map(|(_, way)| *way));
        chosen.unwrap_or_else(|| (is_untouched && self.takes_untouched.get()).then_some(Way::Take))
    }

    fn choose(self, id: ContractId, is_untouched: bool, way: Option<Way>) {
        self.of.update(|of| _ = of.insert(id, (is_untouched, way)));
    }

    /// Everything that touches nothing done by hand, on every page.
    fn choose_untouched(self, takes: bool) {
        self.takes_untouched.set(takes);
        self.of.update(|of| of.retain(|_, (is_untouched, _)| !*is_untouched));
    }

    /// How many are taken over, where so many touch nothing done by hand.
    fn count(self, untouched: usize) -> usize {
        let takes = self.takes_untouched.get();
        let (mut taken, mut excepted) = (if takes { untouched } else { 0 }, 0);
        self.of.with(|of| {
            for (is_untouched, way) in of.values() {
                match (takes && *is_untouched, way.is_some()) {
                    (false, true) => taken += 1,
                    (true, false) => excepted += 1,
                    _ => {}
                }
            }
        });
        taken.saturating_sub(excepted)
    }
}

/// The page.
#[component]
pub fn UpdatePage() -> impl IntoView {
    let id = missing::use_id(RecordId::parse);
    let map = use_query_map();
    let page = Memo::new(move |_| map.with(|map| map.get("page").and_then(|page| page.parse().ok()).unwrap_or(1_u64)));
    let (changed, choices) = (Again::new(), Choices::new());
    let problem = RwSignal::new(None::<AppError>);
    let found = Resource::new(
        move || (changed.count(), id.get(), page.get()),
        move |(_, id, page)| {
            let chosen = choices.of.with_untracked(|of| of.iter().map(|(id, (is_untouched, _))| (id.clone(), *is_untouched)).collect());
            async move {
                match id {
                    Some(record) => record_comparison(ComparisonQuery { record, page, chosen }).await,
                    None => Err(AppError::NotFound),
                }
            }
        },
    );
    view! {
        <Transition fallback=|| view! { <p class="loading" aria-busy="true">"正在比较…"</p> }>
            {move || Suspend::new(async move {
                match found.await {
                    Ok(found) => view! { <Body found choices problem changed /> }.into_any(),
                    Err(error) => view! { <missing::Failed title="从合同更新" error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Body(found: Comparison, choices: Choices, problem: RwSignal<Option<AppError>>, changed: Again) -> impl IntoView {
    let Comparison { record, is_editable, seen_at, differences, total, untouched, page, size, stale, gone, digest } = found;
    let back = paths::record(&record.id);
    let place = format!("{} · {} 年度", record.unit_name, record.year);
    let since = seen_at.map_or_else(String::new, |at| format!("，上次在 {} 从合同生成或更新", at.local_short()));
    let is_paged = differences.len() < total;
    if !stale.is_empty() {
        choices.of.update(|of| of.retain(|id, _| !stale.contains(id)));
    }
    let chosen = Memo::new(move |_| choices.count(untouched));
    let (tell, navigate) = (expect_context::<Tell>(), use_navigate());
    let (id, target) = (StoredValue::new(record.id.clone()), StoredValue::new(back.clone()));
    let (content_version, digest) = (record.content_version, StoredValue::new(digest));
    let navigate = StoredValue::new(navigate);
    let apply = Action::new(move |(): &()| async move {
        let input = UpdateInput {
            record: id.get_value(),
            content_version,
            digest: digest.get_value(),
            takes_untouched: choices.takes_untouched.get_untracked(),
            choices: choices.of.with_untracked(|of| of.iter().map(|(id, (_, way))| (id.clone(), *way)).collect()),
        };
        match update_record(input).await {
            Ok(done) => {
                let left = if done.left > 0 { format!("，{} 份没有更新", done.left) } else { String::new() };
                tell.ok(format!("已从合同更新：新增 {} 份，更新 {} 份，移除 {} 份{left}", done.added, done.changed, done.removed));
                navigate.with_value(|navigate| target.with_value(|target| navigate(target, NavigateOptions::default())));
            }
            Err(error) => {
                let is_stale = matches!(error, AppError::Conflict(_));
                problem.set(Some(error));
                if is_stale {
                    changed.notify();
                }
            }
        }
    });
    let groups: Vec<(&'static str, &'static str, Vec<Difference>)> = {
        let (mut touched, mut rest): (Vec<_>, Vec<_>) = (Vec::new(), differences);
        touched.extend(rest.iter().filter(|each| !each.is_preselected()).cloned());
        rest.retain(Difference::is_preselected);
        let of = |kind: Kind| rest.iter().filter(|each| each.kind == kind).cloned().collect::<Vec<_>>();
        [
            ("touched", "涉及人工处理的，请逐份选择", touched),
            ("changed", "有变化的合同", of(Kind::Changed)),
            ("gone", "不再属于本年度的合同", of(Kind::Gone)),
            ("new", "新增的合同", of(Kind::New)),
        ]
        .into_iter()
        .filter(|(.., all)| !all.is_empty())
        .collect()
    };
    let address = paths::update(&record.id);
    let gone = StoredValue::new(gone.into_iter().collect::<BTreeMap<_, _>>());
    view! {
        <Title text=format!("从合同更新 · {place}") />
        <nav aria-label="位置">
            <ol class="breadcrumb">
                <li><a href=paths::RECORDS>"中小企业预留执行情况"</a></li>
                <li><a href=back.clone()>{place.clone()}</a></li>
                <li aria-current="page">"从合同更新"</li>
            </ol>
        </nav>
        <header class="page-head" data-sticky="">
            <a class="page-back" href=back.clone() aria-label="返回年度数据">"‹"</a>
            <h1 id="page-title" tabindex="-1">"从合同更新"</h1>
            <StatusPill label=record.status.label().to_owned() tone=tone(&record.status) />
            <p class="page-note">{place}</p>
            <div class="page-actions">
                <a class="button" href=back>"返回年度数据"</a>
                {(is_editable && total > 0).then(|| view! {
                    <button class="button" data-kind="primary" type="button" disabled=move || apply.pending().get() on:click=move |_| { problem.set(None); apply.dispatch(()); }>
                        {move || if chosen.get() == 0 { "都不更新".to_owned() } else { format!("更新所选 {} 份", chosen.get()) }}
                    </button>
                })}
            </div>
        </header>
        {move || problem.get().map(|error| view! { <Problem message=error.to_string() /> })}
        {(!is_editable && total > 0).then(|| view! {
            <div class="alert" data-tone="warn"><p class="alert-body">"当前状态下年度数据不能更新，以下差异仅供查看。"</p></div>
        })}
        {if total == 0 {
            view! { <section class="panel"><div class="empty"><p class="empty-title">"年度数据与合同台账一致"</p><p>{format!("没有需要更新的合同{since}。")}</p></div></section> }.into_any()
        } else {
            view! {
                <p class="ledger-basis">
                    {format!("年度数据与合同台账有 {total} 处差异{since}。勾选的会更新；手动录入的行不受影响，人工处理的内容不会被悄悄覆盖。")}
                </p>
                {(is_paged && is_editable && untouched > 0).then(|| view! { <Everywhere choices untouched /> })}
                {groups.into_iter().map(|(code, title, all)| view! { <Differences code title all gone choices is_editable is_paged /> }).collect_view()}
                {is_paged.then(|| view! { <Pager page size total=total as u64 href=move |page| format!("{address}?page={page}") /> })}
            }.into_any()
        }}
    }
}

/// What is chosen for all pages at once.
#[component]
fn Everywhere(choices: Choices, untouched: usize) -> impl IntoView {
    let each = move |takes: bool, words: &'static str| view! { <button class="button" type="button" on:click=move |_| choices.choose_untouched(takes)>{words}</button> };
    view! {
        <div class="row">
            <span>{format!("各页中没有涉及人工处理的共 {untouched} 份：")}</span>
            {each(true, "全部勾选")}
            {each(false, "全部不勾选")}
        </div>
    }
}

#[component]
fn Differences(
    code: &'static str,
    title: &'static str,
    all: Vec<Difference>,
    gone: StoredValue<BTreeMap<ContractId, String>>,
    choices: Choices,
    is_editable: bool,
    is_paged: bool,
) -> impl IntoView {
    let (count, scope) = (all.len(), if is_paged { "本页 " } else { "" });
    let ids = StoredValue::new(all.iter().filter(|each| each.is_preselected()).map(|each| each.id.clone()).collect::<Vec<_>>());
    let all_chosen = move || ids.with_value(|ids| ids.iter().all(|id| choices.way(id, true).is_some()));
    let choose_all = move |is_on: bool| {
        ids.with_value(|ids| ids.iter().for_each(|id| choices.choose(id.clone(), true, is_on.then_some(Way::Take))));
    };
    let title_id = format!("differences-{code}");
    view! {
        <section class="panel" aria-labelledby=title_id.clone()>
            <header class="panel-head">
                <h2 id=title_id.clone()>{title}</h2>
                <p class="panel-note">{format!("{scope}{count} 份")}</p>
                {(is_editable && code != "touched").then(|| view! {
                    <div class="panel-actions">
                        <label class="choice"><input type="checkbox" prop:checked=all_chosen on:change=move |event| choose_all(event_target_checked(&event)) />"全选"</label>
                    </div>
                })}
            </header>
            <ul class="differences">
                {all.into_iter().map(|difference| view! { <One difference gone choices is_editable /> }).collect_view()}
            </ul>
        </section>
    }
}

#[component]
fn One(difference: Difference, gone: StoredValue<BTreeMap<ContractId, String>>, choices: Choices, is_editable: bool) -> impl IntoView {
    let Difference { id, kind, number, project_name, about, fields, before, after, touched, ways } = difference;
    let is_touched = !touched.is_empty();
    let key = StoredValue::new(id.clone());
    let way = Memo::new(move |_| key.with_value(|id| choices.way(id, !is_touched)));
    let choose = move |way: Option<Way>| choices.choose(key.get_value(), !is_touched, way);
    let word = |standing: Option<Standing>| standing.map_or_else(|| "不在年度数据中".to_owned(), Standing::label);
    let moves = (before != after).then(|| (word(before), word(after)));
    let why = gone.with_value(|gone| gone.get(&id).cloned());
    let can_keep = ways.contains(&Way::Keep);
    let control = if !is_editable {
        ().into_any()
    } else if is_touched {
        let name = format!("way-{id}");
        let radio = |value: Option<Way>, label: &'static str| {
            let name = name.clone();
            view! { <label class="choice"><input type="radio" name=name prop:checked=move || way.get() == value on:change=move |_| choose(value) />{label}</label> }
        };
        let take = match kind {
            Kind::Gone => "移除此合同和人工处理的内容",
            Kind::Changed | Kind::New => "更新，以合同为准",
        };
        view! {
            <fieldset class="field difference-ways">
                <legend class="visually-hidden">{format!("如何处理：{project_name}")}</legend>
                {radio(None, "暂不更新，保持现状")}
                {can_keep.then(|| radio(Some(Way::Keep), "更新合同，保留人工处理的内容"))}
                {radio(Some(Way::Take), take)}
            </fieldset>
        }
        .into_any()
    } else {
        ().into_any()
    };
    let tick = (is_editable && !is_touched).then(|| {
        let label = format!("更新：{project_name}");
        view! {
            <input class="check" type="checkbox" aria-label=label prop:checked=move || way.get().is_some()
                on:change=move |event| choose(event_target_checked(&event).then_some(Way::Take)) />
        }
    });
    view! {
        <li class="difference" data-kind=match kind { Kind::New => "new", Kind::Changed => "changed", Kind::Gone => "gone" }>
            <div class="difference-tick">{tick}</div>
            <div class="difference-words">
                <p><span class="chip">{kind.label()}</span>" "<span class="strong">{project_name.clone()}</span>" "<span class="quiet small">{number}</span></p>
                <p class="small">{about}</p>
                {why.map(|why| view! { <p class="quiet small">{why}</p> })}
                {moves.map(|(before, after)| view! { <p class="small">"统计结果："<del>{before}</del>" "<ins>{after}</ins></p> })}
                {(!fields.is_empty()).then(|| view! { <Fields fields /> })}
                {touched.into_iter().map(|touched| view! { <p class="difference-touched pre-line">{touched.sentence()}</p> }).collect_view()}
                {control}
            </div>
        </li>
    }
}

/// The cells that say something else: old and new.
#[component]
fn Fields(fields: Vec<Field>) -> impl IntoView {
    let or_empty = |text: String| if text.is_empty() { "（空）".to_owned() } else { text };
    view! {
        <ul class="diff">
            {fields.into_iter().map(|field| view! {
                <li><span class="diff-place">{field.label}</span><span class="diff-pair"><del>{or_empty(field.old)}</del>" "<ins>{or_empty(field.new)}</ins></span></li>
            }).collect_view()}
        </ul>
    }
}
