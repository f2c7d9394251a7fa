//! 「生成公告」 behind 「创建公告」: the year, whose records go in, and whose are missing, before 「确定」 (C1).

use super::api::{announcement_outlook, announcement_years, create_announcement};
use super::editor::HEADING;
use super::seen::{Creation, Outlook, OutlookQuery, UnitStanding};
use crate::app::paths;
use crate::domain::calendar::Year;
use crate::domain::money::Money;
use crate::error::AppError;
use crate::ui::{Dialog, Problem, TableWrap, focus_when_there};
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
                    focus_when_there(HEADING);
                }
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    view! {
        <Dialog open title="生成公告" size="wide" on_close=move |()| problem.set(None)>
            <Form open create problem />
        </Dialog>
    }
}

#[component]
fn Form(open: RwSignal<bool>, create: Action<Creation, ()>, problem: RwSignal<Option<AppError>>) -> impl IntoView {
    let years = LocalResource::new(announcement_years);
    let year = RwSignal::new(None::<Year>);
    let outlook = LocalResource::new(move || {
        let year = year.get();
        // Someone may have been faster: then their announcement is shown with the way to it.
        create.version().track();
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
                create.dispatch(Creation { year });
            }
            None => problem.set(Some(AppError::field("year", "请选择年度"))),
        }
    };
    let choose = move |event| {
        problem.set(None);
        year.set(Year::parse(&event_target_value(&event)));
    };
    let blocked = move || {
        create.pending().get()
            || known().is_some_and(|outlook| !outlook.existing.is_empty() || outlook.units.iter().all(|unit| !unit.is_ready))
    };
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
                        Some(Ok(Some(outlook))) => view! { <Standing outlook /> }.into_any(),
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

/// Every unit of the tree with its record's state, and what there is already.
#[component]
fn Standing(outlook: Outlook) -> impl IntoView {
    let ready: Vec<&UnitStanding> = outlook.units.iter().filter(|unit| unit.is_ready).collect();
    let lines: usize = ready.iter().map(|unit| unit.lines).sum();
    let sum: Money = ready.iter().map(|unit| unit.sme).sum();
    let lacking = outlook.units.len() - ready.len();
    let words = if ready.is_empty() {
        "该年度还没有审核完成的年度数据，不能生成公告。请先在「中小企业预留执行情况」中完成审核。".to_owned()
    } else if lacking == 0 {
        format!("将汇集 {} 个单位的 {lines} 行明细，面向中小企业采购 {} 万元。全部单位都已审核完成。", ready.len(), sum.wan())
    } else {
        format!("将汇集 {} 个单位的 {lines} 行明细，面向中小企业采购 {} 万元。", ready.len(), sum.wan())
    };
    let existing = outlook.existing;
    view! {
        {(!existing.is_empty()).then(|| view! {
            <div class="alert" data-tone="warn">
                <div class="alert-body stack">
                    <p class="alert-title">"该年度已经有公告"</p>
                    <ul>{existing.into_iter().map(|existing| view! { <li><a href=paths::announcement(&existing.id)>{existing.title}</a>{format!("（{}）", existing.status)}</li> }).collect_view()}</ul>
                    <p>"一个年度只能有一份公告，请打开它继续办理。"</p>
                </div>
            </div>
        })}
        <p>{words}</p>
        {(lacking > 0).then(|| view! { <p class="strong">{format!("以下 {lacking} 个单位缺少审核完成的年度数据，不会计入公告：标为「不计入」的单位。")}</p> })}
        <TableWrap name="各单位年度数据">
            <table class="data" data-cards="">
                <thead>
                    <tr>
                        <th scope="col">"采购单位名称"</th>
                        <th scope="col">"年度数据状态"</th>
                        <th scope="col">"公告"</th>
                        <th scope="col" class="num">"明细行"</th>
                        <th scope="col" class="num">"面向中小企业采购金额(万元)"</th>
                    </tr>
                </thead>
                <tbody>{outlook.units.into_iter().map(|unit| view! { <Unit unit /> }).collect_view()}</tbody>
            </table>
        </TableWrap>
    }
}

#[component]
fn Unit(unit: UnitStanding) -> impl IntoView {
    let (mark, tone) = if unit.is_ready { ("计入", "ok") } else { ("不计入", "warn") };
    let state = if unit.is_zero { format!("{}（零报告）", unit.state) } else { unit.state };
    let note = unit.under_way.map(|words| view! { <div class="quiet small">{words}"；计入的是更正前审核完成的内容"</div> });
    let or_dash = |text: String| if unit.is_ready { text } else { "-".to_owned() };
    view! {
        <tr>
            <td class="row-title" data-label="采购单位名称">{unit.unit_name}</td>
            <td data-label="年度数据状态">{state}{note}</td>
            <td data-label="公告"><span class="chip" data-tone=tone>{mark}</span></td>
            <td class="num" data-label="明细行">{or_dash(unit.lines.to_string())}</td>
            <td class="num" data-label="面向中小企业采购金额(万元)">{or_dash(unit.sme.wan())}</td>
        </tr>
    }
}
