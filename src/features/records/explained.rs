//! 「口径解释」: each contract of a record's year, by which rule it is in or out, from which facts, and what can be done about it (E1).

mod asking;
mod files;
mod fill;
mod items;

use super::api::explanation::{Explanation, ExplanationQuery, GroupRow, record_explanation};
use super::duplicates::DuplicatesPanel;
use super::list::tone;
use crate::app::{Tell, missing, paths};
use crate::domain::ids::RecordId;
use crate::domain::record::explanation::Group;
use crate::error::AppError;
use crate::ui::{Again, FilterBar, Pager, StatusPill, TableWrap, Tone};
use fill::Drafts;
use items::Items;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

/// The page.
#[component]
pub fn ExplanationPage() -> impl IntoView {
    let id = missing::use_id(RecordId::parse);
    let map = use_query_map();
    let asked = Memo::new(move |_| id.get().map(|id| map.with(|map| from_url(id, |key| map.get(key)))));
    let found = Resource::new(
        move || asked.get(),
        |asked| async move {
            match asked {
                Some(query) => record_explanation(query).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    provide_context(Drafts::default());
    view! {
        <Transition fallback=|| view! { <p class="loading" aria-busy="true">"正在读取…"</p> }>
            {move || Suspend::new(async move {
                match (found.await, asked.get_untracked()) {
                    (Ok(found), Some(query)) => view! { <Body found query /> }.into_any(),
                    (Err(error), _) => view! { <missing::Failed title="口径解释" error /> }.into_any(),
                    (Ok(_), None) => ().into_any(),
                }
            })}
        </Transition>
    }
}

fn from_url(record: RecordId, get: impl Fn(&str) -> Option<String>) -> ExplanationQuery {
    let text = |key: &str| get(key).unwrap_or_default();
    let page = get("page").and_then(|page| page.parse().ok()).unwrap_or(1);
    ExplanationQuery { record, group: text("group"), words: text("words"), page }
}

fn to_url(query: &ExplanationQuery) -> String {
    let mut parts = ParamsMap::new();
    let mut add = |key: &'static str, value: String| {
        if !value.is_empty() {
            parts.insert(key, value);
        }
    };
    add("group", query.group.clone());
    add("words", query.words.clone());
    add("page", if query.page > 1 { query.page.to_string() } else { String::new() });
    format!("{}{}", paths::explanation(&query.record), parts.to_query_string())
}

/// The colour of a group; its word stands beside it.
pub(super) const fn group_tone(group: Group) -> Tone {
    match group {
        Group::Contradictory => Tone::Bad,
        Group::Open => Tone::Warn,
        Group::Counted(_) | Group::Claimed | Group::Manual => Tone::Ok,
        Group::LeftOut(_) => Tone::Neutral,
    }
}

/// What the page shows now: read anew after each deed, while what is being typed elsewhere on it stays as it is.
#[component]
fn Body(found: Explanation, query: ExplanationQuery) -> impl IntoView {
    let (record, basis) = (found.record.id.clone(), found.rules.basis);
    let back = paths::record(&record);
    let place = format!("{} · {} 年度", found.record.unit_name, found.record.year);
    let basis = format!("框架协议合同按合同公告日期归入年度，其他合同按{}归入年度（生成时的口径）。", basis.label());
    let is_filtered = !query.group.is_empty() || !query.words.is_empty();
    let (changed, now) = (Again::new(), RwSignal::new(found));
    keep_up(query.clone(), changed, now);
    let empty = Memo::new(move |_| now.with(|now| now.items.is_empty()));
    let (of_groups, of_pages) = (query.clone(), query.clone());
    view! {
        <Title text=format!("口径解释 · {place}") />
        <nav aria-label="位置">
            <ol class="breadcrumb">
                <li><a href=paths::RECORDS>"中小企业预留执行情况"</a></li>
                <li><a href=back.clone()>{place.clone()}</a></li>
                <li aria-current="page">"口径解释"</li>
            </ol>
        </nav>
        <header class="page-head">
            <a class="page-back" href=back.clone() aria-label="返回年度数据">"‹"</a>
            <h1 id="page-title" tabindex="-1">"口径解释"</h1>
            {move || now.with(|now| view! { <StatusPill label=now.record.status.label().to_owned() tone=tone(&now.record.status) /> })}
            <p class="page-note">{place}</p>
            <div class="page-actions"><a class="button" href=back>"返回年度数据"</a></div>
        </header>
        <section class="panel" aria-labelledby="groups-title">
            <header class="panel-head"><h2 id="groups-title">"按规则归类"</h2><p class="panel-note">"每份合同只归入一类；计入各类之和就是本年度数据的合计"</p></header>
            {move || view! { <Groups groups=now.with(|now| now.groups.clone()) query=of_groups.clone() /> }}
            <p class="ledger-basis">{basis}</p>
        </section>
        <DuplicatesPanel record=record again=Signal::derive(move || now.with(|now| now.record.content_version)) />
        <section class="panel" aria-labelledby="items-title">
            <header class="panel-head"><h2 id="items-title" tabindex="-1">"逐份解释"</h2><p class="panel-note" role="status">{move || format!("{} 份", now.with(|now| now.total))}</p></header>
            <Filters query=query.clone() />
            {move || empty.get().then(|| {
                let (title, words) = if is_filtered {
                    ("没有符合条件的合同", "请调整筛选条件，或点击「重置」查看全部。")
                } else {
                    ("本年度没有合同", "可以在年度数据中「手动录入」；确实没有的，直接提交即为零报告。")
                };
                view! { <div class="empty"><p class="empty-title">{title}</p><p>{words}</p></div> }
            })}
            <Items now changed />
            {move || {
                let (page, size, total) = now.with(|now| (now.page, now.size, now.total));
                let query = of_pages.clone();
                view! { <Pager page size total href=move |page| to_url(&ExplanationQuery { page, ..query.clone() }) /> }
            }}
        </section>
    }
}

/// Reads the page anew whenever something on it has changed.
fn keep_up(query: ExplanationQuery, changed: Again, now: RwSignal<Explanation>) {
    let tell = expect_context::<Tell>();
    Effect::new(move |before: Option<u32>| {
        let count = changed.count();
        if before.is_some() {
            let query = query.clone();
            leptos::task::spawn_local(async move {
                match record_explanation(query).await {
                    // An answer that was overtaken, or comes after the page has gone, says nothing any more.
                    Ok(found) if changed.is_still(count) => {
                        let place = place_of_focus();
                        _ = now.try_set(found);
                        request_animation_frame(move || keep_focus(place));
                    }
                    Ok(_) => {}
                    Err(error) => tell.bad(format!("已保存，但页面没有更新：{error}")),
                }
            });
        }
        count
    });
}

/// The contracts as they stand in the page.
fn items_drawn() -> Vec<leptos::web_sys::Element> {
    let Ok(found) = document().query_selector_all(".explained-item") else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
}

/// In which contract of the page the focus is, or was when the dialog opened that has just been answered.
fn place_of_focus() -> usize {
    let Some(active) = document().active_element() else { return 0 };
    items_drawn().iter().position(|item| item.contains(Some(&active))).unwrap_or(0)
}

/// Whoever worked by keyboard on what has moved to another group goes on with what stands in its place now.
fn keep_focus(place: usize) {
    if document().active_element().is_some_and(|active| active.tag_name() != "BODY") {
        return;
    }
    let items = items_drawn();
    let next = items.get(place.min(items.len().saturating_sub(1)));
    let control = next.and_then(|item| item.query_selector("input:not([type=file]), select, button").ok().flatten());
    let heading = || document().get_element_by_id("items-title");
    if let Some(element) = control.or_else(heading).and_then(|element| element.dyn_into::<leptos::web_sys::HtmlElement>().ok()) {
        // An element that cannot have the focus any more leaves it where it is.
        let _ = element.focus();
    }
}

/// The groups with their sums; each leads to what stands in it.
#[component]
fn Groups(groups: Vec<GroupRow>, query: ExplanationQuery) -> impl IntoView {
    let counted: Vec<_> = groups.iter().filter(|row| row.group.counts()).map(|row| row.sum).collect();
    let count: u64 = counted.iter().map(|sum| sum.count).sum();
    let sum = |of: fn(&crate::domain::record::explanation::GroupSum) -> crate::domain::money::Money| {
        counted.iter().map(of).sum::<crate::domain::money::Money>().wan()
    };
    let (amount, sme, small_micro) = (sum(|sum| sum.amount), sum(|sum| sum.sme), sum(|sum| sum.small_micro));
    let rows = groups.into_iter().map(move |GroupRow { group, sum }| {
        let href = to_url(&ExplanationQuery { group: group.code().to_owned(), page: 1, ..query.clone() });
        let is_chosen = query.group == group.code();
        let amount = |amount: crate::domain::money::Money| if group.counts() { amount.wan() } else { "-".to_owned() };
        view! {
            <tr aria-selected=is_chosen.to_string()>
                <td data-label="结果"><StatusPill label=group.verdict().to_owned() tone=group_tone(group) /></td>
                <td class="row-title cell-words" data-label="规则"><a href=href aria-current=is_chosen.then_some("true")>{group.label()}</a></td>
                <td class="num" data-label="份数">{sum.count}</td>
                <td class="num" data-label="合同金额(万元)">{if group == Group::Manual { "-".to_owned() } else { sum.amount.wan() }}</td>
                <td class="num" data-label="面向中小企业(万元)">{amount(sum.sme)}</td>
                <td class="num" data-label="面向小微企业(万元)">{amount(sum.small_micro)}</td>
            </tr>
        }
    });
    view! {
        <TableWrap name="各类的份数和金额">
            <table class="data" data-cards="" id="groups">
                <thead>
                    <tr>
                        <th scope="col">"结果"</th>
                        <th scope="col">"规则"</th>
                        <th scope="col" class="num">"份数"</th>
                        <th scope="col" class="num">"合同金额(万元)"</th>
                        <th scope="col" class="num">"面向中小企业(万元)"</th>
                        <th scope="col" class="num">"面向小微企业(万元)"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
                <tfoot>
                    <tr>
                        <td data-label="结果">"计入合计"</td>
                        <td class="row-title" data-label="规则">"年度数据的合计"</td>
                        <td class="num" data-label="份数">{count}</td>
                        <td class="num" data-label="合同金额(万元)">{amount}</td>
                        <td class="num" data-label="面向中小企业(万元)" id="counted-sme">{sme}</td>
                        <td class="num" data-label="面向小微企业(万元)" id="counted-small-micro">{small_micro}</td>
                    </tr>
                </tfoot>
            </table>
        </TableWrap>
    }
}

/// A plain GET form, so that the filters live in the URL.
#[component]
fn Filters(query: ExplanationQuery) -> impl IntoView {
    let ExplanationQuery { record, group, words, .. } = query;
    let action = paths::explanation(&record);
    let shown = to_url(&ExplanationQuery { record, group: group.clone(), words: words.clone(), page: 1 });
    view! {
        <FilterBar action label="查找合同" shown>
            <div class="field" data-inline="">
                <label class="field-label" for="filter-group">"规则"</label>
                <select class="select" id="filter-group" name="group">
                    <option value="">"全部"</option>
                    {Group::all().into_iter().map(|each| {
                        view! { <option value=each.code() selected=each.code() == group>{format!("{}：{}", each.verdict(), each.label())}</option> }
                    }).collect_view()}
                </select>
            </div>
            <div class="field" data-inline="">
                <label class="field-label" for="filter-words">"名称、编号"</label>
                <input class="input" id="filter-words" name="words" type="search" maxlength="100" placeholder="合同、项目或供应商" value=words />
            </div>
        </FilterBar>
    }
}
