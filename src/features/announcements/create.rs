//! 「生成公告」 behind 「创建公告」: the year, whose records go in, and whose are missing, before 「确定」 (C1).

use super::api::{announcement_outlook, announcement_years, create_announcement};
use super::seen::{Creation, Outlook, OutlookQuery};
use crate::app::paths;
use crate::domain::calendar::Year;
use crate::domain::money::Money;
use crate::error::AppError;
use crate::ui::{Dialog, Problem};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// The dialog.
#[component]
pub fn CreateAnnouncement(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let problem = RwSignal::new(None::<AppError>);
    let navigate = use_navigate();
    let create = Action::new(move |input: &Creation| {
        let input = input.clone();
        let navigate = navigate.clone();
        async move {
            match create_announcement(input).await {
                Ok(id) => {
                    open.set(false);
                    navigate(&paths::announcement(&id), NavigateOptions::default());
                }
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    view! {
        <Dialog open title="生成公告" on_close=move |()| problem.set(None)>
            <Form open create problem />
        </Dialog>
    }
}

#[component]
fn Form(open: RwSignal<bool>, create: Action<Creation, ()>, problem: RwSignal<Option<AppError>>) -> impl IntoView {
    let years = LocalResource::new(announcement_years);
    let year = RwSignal::new(None::<Year>);
    let another = RwSignal::new(false);
    let outlook = LocalResource::new(move || {
        let year = year.get();
        async move {
            match year {
                Some(year) => announcement_outlook(OutlookQuery { year }).await.map(Some),
                None => Ok(None),
            }
        }
    });
    let known = move || outlook.get().and_then(Result::ok).flatten();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        problem.set(None);
        match year.get_untracked() {
            Some(year) => {
                create.dispatch(Creation { year, another: another.get_untracked() });
            }
            None => problem.set(Some(AppError::field("year", "请选择年度"))),
        }
    };
    let choose = move |event| {
        problem.set(None);
        another.set(false);
        year.set(event_target_value(&event).parse::<i32>().ok().and_then(|number| Year::try_from(number).ok()));
    };
    let blocked = move || create.pending().get() || known().is_some_and(|outlook| outlook.ready.is_empty());
    view! {
        <form on:submit=submit novalidate>
            <div class="dialog-body stack">
                {move || problem.get().map(|error| view! { <Problem message=error.to_string() /> })}
                <div class="field">
                    <label class="field-label" for="announcement-year">"年度"</label>
                    <select class="select" id="announcement-year" autofocus on:change=choose>
                        <option value="">"请选择"</option>
                        {move || years.get().and_then(Result::ok).unwrap_or_default().into_iter().map(|offer| view! { <option value=offer.year.number().to_string()>{year_label(offer.year, offer.is_running)}</option> }).collect_view()}
                    </select>
                    <p class="field-hint">"汇集本单位及下级单位该年度审核完成的年度数据"</p>
                </div>
                <div aria-live="polite" class="stack">
                    {move || match outlook.get() {
                        Some(Err(error)) => view! { <Problem message=error.to_string() /> }.into_any(),
                        Some(Ok(Some(outlook))) => view! { <Standing outlook another /> }.into_any(),
                        _ => ().into_any(),
                    }}
                </div>
            </div>
            <div class="dialog-foot">
                <button class="button" type="button" on:click=move |_| open.set(false)>"取消"</button>
                <button class="button" data-kind="primary" type="submit" disabled=blocked aria-busy=move || create.pending().get().to_string()>"确定"</button>
            </div>
        </form>
    }
}

fn year_label(year: Year, is_running: bool) -> String {
    if is_running { format!("{}（进行中的年度）", year.number()) } else { year.number().to_string() }
}

/// What goes in, what is missing, what there is already.
#[component]
fn Standing(outlook: Outlook, another: RwSignal<bool>) -> impl IntoView {
    let lines: usize = outlook.ready.iter().map(|ready| ready.lines).sum();
    let sum: Money = outlook.ready.iter().map(|ready| ready.sme).sum();
    let ready = if outlook.ready.is_empty() {
        "该年度还没有审核完成的年度数据，不能生成公告。请先在「中小企业预留执行情况」中完成审核。".to_owned()
    } else {
        format!("将汇集 {} 个单位的 {lines} 行明细，面向中小企业采购 {} 万元。", outlook.ready.len(), sum.wan())
    };
    let names = outlook.ready.iter().map(|ready| ready.unit_name.clone()).collect::<Vec<_>>().join("、");
    let existing = outlook.existing;
    let has_missing = !outlook.missing.is_empty();
    let missing = outlook
        .missing
        .into_iter()
        .map(|missing| view! { <li>{format!("{}（{}）", missing.unit_name, missing.state)}</li> })
        .collect_view();
    view! {
        {(!existing.is_empty()).then(|| view! {
            <div class="alert" data-tone="warn">
                <div class="alert-body stack">
                    <p class="alert-title">"该年度已经有公告"</p>
                    <ul>{existing.into_iter().map(|existing| view! { <li><a href=paths::announcement(&existing.id)>{existing.title}</a>{format!("（{}）", existing.status)}</li> }).collect_view()}</ul>
                    <label class="choice"><input type="checkbox" prop:checked=another on:change=move |event| another.set(event_target_checked(&event)) />"仍要另建一份"</label>
                </div>
            </div>
        })}
        <p>{ready}</p>
        {(!names.is_empty()).then(|| view! { <p class="quiet small">{names}</p> })}
        {has_missing.then(|| view! {
            <div>
                <p class="strong">"以下单位缺少审核完成的年度数据，不会计入公告："</p>
                <ul class="findings" data-rows="">{missing}</ul>
            </div>
        })}
    }
}
