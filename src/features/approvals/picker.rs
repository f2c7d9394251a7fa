//! 「下一审批机构/人员」: a searchable tree of units and their 审核人.

use crate::domain::approval::{Assignee, Candidate};
use leptos::prelude::*;

/// The tree; `chosen` holds the choice, `error` is said below it.
#[component]
pub fn ApproverPicker(
    /// Who can be chosen.
    candidates: Vec<Candidate>,
    /// The choice.
    chosen: RwSignal<Option<Assignee>>,
    /// Words of the group.
    label: &'static str,
    /// Whether 「不再转审」 is offered: no further approver.
    #[prop(optional)]
    optional: bool,
    /// What is wrong with the choice.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let words = RwSignal::new(String::new());
    let mut units: Vec<(String, bool, Vec<Candidate>)> = Vec::new();
    for candidate in candidates {
        match units.iter_mut().find(|(unit, ..)| *unit == candidate.unit_name) {
            Some((.., people)) => people.push(candidate),
            None => units.push((candidate.unit_name.clone(), candidate.completes, vec![candidate])),
        }
    }
    let is_empty = units.is_empty();
    let names: Vec<String> =
        units.iter().flat_map(|(unit, _, people)| people.iter().map(move |person| format!("{unit} {}", person.name))).collect();
    let is_without_hit = Memo::new(move |_| words.with(|words| !names.is_empty() && !names.iter().any(|name| fits(words, name))));
    view! {
        <fieldset class="field" aria-describedby="picker-error">
            <legend class="field-label">{label}</legend>
            <div class="picker">
                <div class="picker-search">
                    <input class="input" type="search" placeholder="输入姓名或单位查找" aria-label="查找审批机构/人员" prop:value=words on:input=move |event| words.set(event_target_value(&event)) />
                </div>
                <div class="picker-tree">
                    {is_empty.then(|| view! { <p class="picker-none">"没有可选的审核人，请联系系统管理员为本单位或主管预算单位添加审核人。"</p> })}
                    {optional.then(|| view! {
                        <label>
                            <input type="radio" name="next" prop:checked=move || chosen.get().is_none() on:change=move |_| chosen.set(None) />
                            "审核完成，不再转审"
                        </label>
                    })}
                    <p class="picker-none" role="status">{move || is_without_hit.get().then_some("没有找到符合的机构或人员，请换个姓名或单位查找。")}</p>
                    {units.into_iter().map(|(unit, completes, people)| view! { <UnitBranch unit completes people chosen words /> }).collect_view()}
                </div>
            </div>
            <p class="field-error" id="picker-error" role="alert">{move || error.get()}</p>
        </fieldset>
    }
}

/// Whether what is searched for stands in this text; everything does before a search.
fn fits(words: &str, text: &str) -> bool {
    text.contains(words.trim())
}

#[component]
fn UnitBranch(
    unit: String,
    completes: bool,
    people: Vec<Candidate>,
    chosen: RwSignal<Option<Assignee>>,
    words: RwSignal<String>,
) -> impl IntoView {
    let matches = {
        let unit = unit.clone();
        move |name: &str| words.with(|words| fits(words, name) || fits(words, &unit))
    };
    let is_shown = {
        let matches = matches.clone();
        let names: Vec<String> = people.iter().map(|person| person.name.clone()).collect();
        move || names.iter().any(|name| matches(name))
    };
    view! {
        <details open hidden=move || !is_shown()>
            <summary>{unit}{completes.then(|| view! { <span class="picker-note">"主管预算单位"</span> })}</summary>
            <ul>
                {people.into_iter().map(|person| {
                    let assignee = person.assignee.clone();
                    let is_chosen = {
                        let assignee = assignee.clone();
                        move || chosen.with(|chosen| chosen.as_ref() == Some(&assignee))
                    };
                    let name = person.name.clone();
                    let matches = matches.clone();
                    view! {
                        <li hidden=move || !matches(&name)>
                            <label>
                                <input type="radio" name="next" prop:checked=is_chosen on:change=move |_| chosen.set(Some(assignee.clone())) />
                                {person.name}
                            </label>
                        </li>
                    }
                }).collect_view()}
            </ul>
        </details>
    }
}
