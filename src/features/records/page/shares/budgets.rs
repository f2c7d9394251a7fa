//! What projects lack for the shares, asked for in place: 预算金额, 项目属性.

use super::super::super::api::shares::{BudgetInput, save_budget};
use super::super::super::sheet::Sheet;
use crate::app::Tell;
use crate::domain::contract::Category;
use crate::domain::ids::RecordId;
use crate::domain::money::Money;
use crate::domain::share::projects::{Asked, Missing, read_budget};
use crate::error::AppError;
use crate::ui::{Again, Field, Problem};
use leptos::html::Form;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::HtmlElement;
use std::collections::BTreeMap;

/// Most projects whose budget is asked for at a time.
const ASKED: usize = 20;

/// What stands in the form of a project.
#[derive(Clone, Default)]
struct Draft {
    budget: String,
    category: Option<Category>,
    is_for_small_micro: bool,
}

/// What was typed and is not saved, by project: a form that is drawn anew finds its texts here.
#[derive(Clone, Copy, Default)]
pub struct Drafts(StoredValue<BTreeMap<String, Draft>>);

impl Drafts {
    fn note(self, project: &str, draft: Draft) {
        self.0.try_update_value(|drafts| _ = drafts.insert(project.to_owned(), draft));
    }

    fn of(self, project: &str) -> Option<Draft> {
        self.0.with_value(|drafts| drafts.get(project).cloned())
    }

    fn saved(self, project: &str) {
        self.0.try_update_value(|drafts| _ = drafts.remove(project));
    }
}

/// The projects that lack something, each with its form.
#[component]
pub fn MissingBox(missing: Memo<Vec<Missing>>, record: StoredValue<RecordId>, editable: bool, sheet: Sheet, again: Again) -> impl IntoView {
    let count = move || missing.with(Vec::len);
    let lacks_any = Memo::new(move |_| count() > 0);
    let shown = move || missing.with(|all| all.iter().take(ASKED).cloned().collect::<Vec<_>>());
    // A project that lacks something else now is drawn anew; the others keep their forms.
    let key = |missing: &Missing| (missing.of.key.clone(), missing.of.name.clone(), [missing.budget, missing.category, missing.percent]);
    let one = move |missing: Missing| {
        let words = view! { <p><Which of=missing.of.clone() />{lacks(&missing)}</p> };
        let form = (editable && (missing.budget || missing.category)).then(|| view! { <BudgetForm of=missing.of record sheet again /> });
        view! { <li class="explained-item">{words}{form}</li> }
    };
    move || {
        lacks_any.get().then(|| {
            view! {
                <details class="fold">
                    <summary>{move || format!("缺少内容的采购项目（{} 个）", count())}</summary>
                    <ul class="explained-list">
                        <For each=shown key=key children=one />
                    </ul>
                    {move || (count() > ASKED).then(|| view! { <p class="quiet small">{format!("另有 {} 个，填写后依次列出。", count() - ASKED)}</p> })}
                </details>
            }
        })
    }
}

/// What was entered: in sight for whoever reviews it, to be corrected and taken back by whoever entered it.
#[component]
pub fn EnteredBox(entered: Memo<Vec<Asked>>, record: StoredValue<RecordId>, editable: bool, sheet: Sheet, again: Again) -> impl IntoView {
    let count = move || entered.with(Vec::len);
    let has_any = Memo::new(move |_| count() > 0);
    // Drawn anew where anything that it says, or that its form was begun with, has changed.
    let key = |of: &Asked| (of.key.clone(), of.name.clone(), of.amount, of.words(), of.entered.map(|entered| entered.words()));
    let one = move |of: Asked| {
        let open = RwSignal::new(false);
        let label = format!("修改预算：{}", named(&of.name));
        let form = StoredValue::new(of.clone());
        view! {
            <li class="explained-item">
                <p>
                    <Which of=of.clone() />"："{of.words()}
                    {of.entered.is_some_and(|entered| of.is_exceeded(entered.budget)).then(|| view! { <span class="is-missing">"，"{EXCEEDED}</span> })}
                    {editable.then(|| view! { " " <button class="button" data-kind="text" type="button" aria-label=label aria-expanded=move || open.get().to_string() on:click=move |_| open.update(|open| *open = !*open)>"修改"</button> })}
                </p>
                {move || open.get().then(|| view! { <BudgetForm of=form.get_value() record sheet again /> })}
            </li>
        }
    };
    move || {
        has_any.get().then(|| {
            view! {
                <details class="fold">
                    <summary>{move || format!("本单位填写的预算（{} 个）", count())}</summary>
                    <ul class="explained-list">
                        <For each=move || entered.get() key=key children=one />
                    </ul>
                </details>
            }
        })
    }
}

/// What is said of a budget that is less than what was contracted.
const EXCEEDED: &str = "预算小于合同金额，请核对";

fn named(name: &str) -> &str {
    if name.is_empty() { "（未填项目名称）" } else { name }
}

/// The project; those of one name are told apart by their contracts.
#[component]
fn Which(of: Asked) -> impl IntoView {
    let which = (!of.number.is_empty()).then(|| format!("（合同编号 {}，{} 万元）", of.number, of.amount.wan()));
    view! { <span class="strong">{named(&of.name).to_owned()}</span>{which} }
}

fn lacks(missing: &Missing) -> String {
    let parts = [(missing.budget, "预算金额"), (missing.category, "项目属性"), (missing.percent, "预留比例（请在明细中填写）")];
    let parts: Vec<&str> = parts.iter().filter(|(lacks, _)| *lacks).map(|(_, name)| *name).collect();
    format!(" 缺{}", parts.join("、"))
}

/// A form that was saved goes: the focus, where it would go with it, moves on to the next form, else to the head of the list.
fn pass_on_focus(form: NodeRef<Form>) {
    let Some(form) = form.get_untracked() else { return };
    let active = document().active_element();
    let is_elsewhere = active.as_ref().is_some_and(|active| active.tag_name() != "BODY" && !form.contains(Some(active)));
    if is_elsewhere {
        return;
    }
    let next = form.closest("li").ok().flatten().and_then(|item| item.next_element_sibling());
    let next = next.and_then(|item| item.query_selector("input, select, button").ok().flatten());
    let head = || form.closest("details").ok().flatten().and_then(|fold| fold.query_selector("summary").ok().flatten());
    if let Some(element) = next.or_else(head).and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        _ = element.focus();
    }
}

/// Asks for what the contract of a project does not say.
#[component]
fn BudgetForm(of: Asked, record: StoredValue<RecordId>, sheet: Sheet, again: Again) -> impl IntoView {
    let name = named(&of.name).to_owned();
    let (drafts, tell) = (expect_context::<Drafts>(), expect_context::<Tell>());
    let begun = drafts.of(&of.key).unwrap_or_else(|| Draft {
        budget: of.entered.map(|entered| entered.budget.wan()).unwrap_or_default(),
        category: of.said_category.or(of.entered.map(|entered| entered.category)),
        is_for_small_micro: of.entered.is_some_and(|entered| entered.is_for_small_micro),
    });
    let typed = RwSignal::new(begun);
    let (id, asks_budget, asks_category, is_manual) = (of.key.clone(), of.said_budget.is_none(), of.said_category.is_none(), of.is_manual);
    let seen = of.entered;
    let of = StoredValue::new(of);
    let write = move |change: &dyn Fn(&mut Draft)| {
        typed.update(|typed| {
            change(typed);
            of.with_value(|of| drafts.note(&of.key, typed.clone()));
        });
    };
    let problem = RwSignal::new(None::<AppError>);
    let form = NodeRef::<Form>::new();
    let save = Action::new(move |input: &BudgetInput| {
        let input = input.clone();
        async move {
            let (project, is_back) = (input.project.clone(), input.budget.is_empty());
            match save_budget(input).await {
                Ok(saved) => {
                    drafts.saved(&project);
                    // What this page did itself is not what a colleague did.
                    sheet.saver.moved(saved.content_version_before, saved.content_version);
                    tell.ok(if is_back { "预算已收回" } else { "预算已保存" });
                    pass_on_focus(form);
                    again.notify();
                }
                // The form goes when the panel is read anew: what was refused is said beside it.
                Err(error @ AppError::Conflict(_)) => {
                    tell.bad(error.to_string());
                    again.notify();
                }
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    let send = move |budget: String, category: Category, is_for_small_micro: bool| {
        let (record, project) = (record.get_value(), of.with_value(|of| of.key.clone()));
        save.dispatch(BudgetInput { record, project, budget, category, is_for_small_micro, seen });
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        problem.set(None);
        let Draft { budget, category, is_for_small_micro } = typed.get_untracked();
        let Some(category) = category else {
            problem.set(Some(AppError::field("category", "请选择项目属性")));
            return;
        };
        // What the contract says is not asked for, and stands all the same where only the other was entered.
        let budget = of.with_value(|of| of.said_budget).map_or(budget, Money::wan);
        match read_budget(&budget) {
            Ok(Some(_)) => send(budget, category, is_for_small_micro),
            Ok(None) => problem.set(Some(AppError::field("budget", "请填写金额"))),
            Err(error) => problem.set(Some(AppError::field("budget", error))),
        }
    };
    let at =
        move |field: &'static str| Signal::derive(move || problem.with(|problem| problem.as_ref().and_then(|error| error.at_field(field))));
    let general = move || {
        let is_shown = |field: &str| field == "budget" && asks_budget || field == "category" && asks_category;
        let general = problem.get().filter(|error| !matches!(error, AppError::InvalidField { field, .. } if is_shown(field)));
        general.map(|error| view! { <Problem message=error.to_string() /> })
    };
    let is_exceeded = move || {
        let budget = typed.with(|typed| read_budget(&typed.budget)).ok().flatten();
        asks_budget && budget.is_some_and(|budget| of.with_value(|of| of.is_exceeded(budget)))
    };
    let chosen = move |each: Category| typed.with(|typed| typed.category == Some(each));
    view! {
        <form novalidate on:submit=submit node_ref=form><div class="explained-fill" role="group" aria-label=format!("填写预算：{name}")>
            {general}
            {asks_budget.then(|| view! { <Field id=format!("budget-{id}") label="预算金额(万元)" error=at("budget") let:control>
                <input class="input" data-figure="" inputmode="decimal" autocomplete="off" id=control.id.clone()
                    prop:value=move || typed.with(|typed| typed.budget.clone())
                    on:input=move |event| { let text = event_target_value(&event); write(&|typed| typed.budget.clone_from(&text)); }
                    aria-describedby=move || control.described_by.get() aria-invalid=move || control.invalid.get().then_some("true") />
            </Field> })}
            {asks_category.then(|| view! { <Field id=format!("category-{id}") label="项目属性" error=at("category") let:control>
                <select class="select" id=control.id.clone()
                    on:change=move |event| { let category = Category::from_code(&event_target_value(&event)); write(&|typed| typed.category = category); }
                    aria-describedby=move || control.described_by.get() aria-invalid=move || control.invalid.get().then_some("true")>
                    <option value="">"请选择"</option>
                    {Category::ALL.iter().map(|each| view! { <option value=each.code() prop:selected=move || chosen(*each)>{each.label()}</option> }).collect_view()}
                </select>
            </Field> })}
            {is_manual.then(|| view! {
                <label class="choice">
                    <input type="checkbox" prop:checked=move || typed.with(|typed| typed.is_for_small_micro)
                        on:change=move |event| { let is_on = event_target_checked(&event); write(&|typed| typed.is_for_small_micro = is_on); } />
                    "预留给小微企业"
                </label>
            })}
            <div class="explained-fill-end">
                <button class="button" type="submit" disabled=move || save.pending().get()>"保存"</button>
                {seen.map(|seen| view! { <button class="button" type="button" disabled=move || save.pending().get() on:click=move |_| send(String::new(), seen.category, false)>"收回"</button> })}
            </div>
            <p class="small is-missing" role="status">{move || is_exceeded().then_some(EXCEEDED)}</p>
        </div></form>
    }
}
