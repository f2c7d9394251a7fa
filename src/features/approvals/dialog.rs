//! The dialogs of an approval: 提交, 审核, and those that ask for a reason (撤回, 申请更正, 剔除 …).

pub use super::picker::ApproverPicker;

use crate::domain::approval::{Assignee, Candidate, Decision};
use crate::error::AppError;
use crate::ui::{Dialog, Field, Problem, Textarea, focus_when_there};
use leptos::prelude::*;

/// A failure that belongs to no field, as a box.
fn general(problem: Signal<Option<AppError>>) -> impl Fn() -> Option<AnyView> + Send + Sync + 'static {
    move || {
        problem
            .get()
            .filter(
                |error| !matches!(error, AppError::InvalidField { field, .. } if matches!(field.as_str(), "next" | "opinion" | "reason" | "note" | "at")),
            )
            .map(|error| view! { <Problem message=error.to_string() /> }.into_any())
    }
}

fn at(problem: Signal<Option<AppError>>, field: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || problem.with(|problem| problem.as_ref().and_then(|error| error.at_field(field))))
}

/// 「提交」: asks for 「下一审批机构/人员」.
#[component]
pub fn SubmitDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Who can be chosen.
    #[prop(into)]
    candidates: Signal<Vec<Candidate>>,
    /// A sentence about what is submitted.
    #[prop(into)]
    summary: Signal<String>,
    /// Holds 「说明」 to the approver, where it is asked for.
    #[prop(optional)]
    note: Option<RwSignal<String>>,
    /// What is to be looked at before; below the choice, which it must not push out of sight however long it is.
    #[prop(optional)]
    extra: Option<ViewFn>,
    /// Called with the choice.
    #[prop(into)]
    on_submit: Callback<Assignee>,
    /// Whether the server is being asked.
    #[prop(into)]
    pending: Signal<bool>,
    /// What the server refused.
    #[prop(into)]
    problem: Signal<Option<AppError>>,
) -> impl IntoView {
    let extra = StoredValue::new(extra);
    view! {
        <Dialog open title="提交">
            {move || {
                let chosen = RwSignal::new(None::<Assignee>);
                let missing = RwSignal::new(false);
                let error = at(problem, "next");
                let error = Signal::derive(move || if missing.get() { Some("请选择下一审批机构/人员".to_owned()) } else { error.get() });
                let submit = move |event: leptos::ev::SubmitEvent| {
                    event.prevent_default();
                    missing.set(chosen.with_untracked(Option::is_none));
                    if let Some(assignee) = chosen.get_untracked() {
                        on_submit.run(assignee);
                    }
                };
                view! {
                    <form on:submit=submit novalidate>
                        <div class="dialog-body stack">
                            {general(problem)}
                            <p>{move || summary.get()}</p>
                            <ApproverPicker candidates=candidates.get() chosen label="下一审批机构/人员" error />
                            {extra.get_value().map(|extra| extra.run())}
                            {note.map(|note| view! {
                                <Field id="note" label="说明" hint="选填，审批人会看到" error=at(problem, "note") let:control>
                                    <Textarea id=control.id value=note on_input=move |text| note.set(text) rows=2 maxlength=1000 described_by=control.described_by invalid=control.invalid />
                                </Field>
                            })}
                        </div>
                        <Foot open pending />
                    </form>
                }
            }}
        </Dialog>
    }
}

/// What a disagreement usually leads to.
pub const RETURNING: &str = "将退回到编辑环节，由提交人修改后重新提交。";

/// 「审核」: 「同意」 or 「不同意」, 「审批意见」, and an optional further approver.
#[component]
pub fn ReviewDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Which answer it opens with; the approval bar offers both.
    agree: RwSignal<bool>,
    /// Who can be asked further.
    #[prop(into)]
    candidates: Signal<Vec<Candidate>>,
    /// Whether this person's agreement can complete.
    completes: bool,
    /// What an agreement without further approver leads to, in a sentence.
    #[prop(into)]
    consequence: Signal<String>,
    /// What a disagreement leads to.
    #[prop(default = RETURNING)]
    returning: &'static str,
    /// What is to be looked at before, below that sentence.
    #[prop(optional)]
    extra: Option<ViewFn>,
    /// Called with the decision.
    #[prop(into)]
    on_decide: Callback<Decision>,
    /// Whether the server is being asked.
    #[prop(into)]
    pending: Signal<bool>,
    /// What the server refused.
    #[prop(into)]
    problem: Signal<Option<AppError>>,
) -> impl IntoView {
    let extra = StoredValue::new(extra);
    view! {
        <Dialog open title="审核">
            {move || {
                let next = RwSignal::new(None::<Assignee>);
                let opinion = RwSignal::new(String::new());
                let refused = RwSignal::new(None::<(&'static str, &'static str)>);
                let local = move |field: &'static str| refused.get().filter(|(at, _)| *at == field).map(|(_, message)| message.to_owned());
                let (server_opinion, server_next) = (at(problem, "opinion"), at(problem, "next"));
                // What was said about the other answer is not about this one.
                let is_stale = RwSignal::new(false);
                let choose = move |agrees: bool| {
                    agree.set(agrees);
                    refused.set(None);
                    is_stale.set(true);
                };
                let leads_to = move || {
                    let further = next.get().and_then(|next| candidates.with(|all| all.iter().find(|each| each.assignee == next).map(|each| each.name.clone())));
                    match (agree.get(), further) {
                        (false, _) => returning.to_owned(),
                        (true, Some(name)) => format!("同意后转交{name}继续审核，须其同意后才完成。"),
                        (true, None) => consequence.get(),
                    }
                };
                let opinion_error = Signal::derive(move || local("opinion").or_else(|| server_opinion.get().filter(|_| !is_stale.get())));
                let next_error = Signal::derive(move || local("next").or_else(|| server_next.get().filter(|_| !is_stale.get())));
                let decide = move |event: leptos::ev::SubmitEvent| {
                    event.prevent_default();
                    let decision = Decision { agree: agree.get_untracked(), opinion: opinion.get_untracked(), next: next.get_untracked().filter(|_| agree.get_untracked()) };
                    refused.set(match &decision {
                        decision if !decision.agree && decision.opinion.trim().is_empty() => Some(("opinion", "不同意时请填写审批意见，说明需要修改什么")),
                        decision if decision.agree && !completes && decision.next.is_none() => Some(("next", "还需主管预算单位审核，请选择下一审批机构/人员")),
                        _ => None,
                    });
                    match refused.get_untracked() {
                        None => {
                            is_stale.set(false);
                            on_decide.run(decision);
                        }
                        // Below a long list it may be out of sight.
                        Some(("opinion", _)) => focus_when_there("opinion"),
                        Some(_) => {}
                    }
                };
                view! {
                    <form on:submit=decide novalidate>
                        <div class="dialog-body stack">
                            {general(problem)}
                            <fieldset class="field">
                                <legend class="field-label">"审核结果"</legend>
                                <div class="choices">
                                    <label class="choice"><input type="radio" name="agree" prop:checked=agree on:change=move |_| choose(true) />"同意"</label>
                                    <label class="choice"><input type="radio" name="agree" prop:checked=move || !agree.get() on:change=move |_| choose(false) />"不同意"</label>
                                </div>
                            </fieldset>
                            <p class="quiet" aria-live="polite">{leads_to}</p>
                            {extra.get_value().map(|extra| extra.run())}
                            <Field id="opinion" label="审批意见" hint="不同意时必填，提交人会看到" error=opinion_error let:control>
                                <Textarea id=control.id value=opinion on_input=move |text| opinion.set(text) maxlength=1000 described_by=control.described_by invalid=control.invalid />
                            </Field>
                            {move || agree.get().then(|| view! { <ApproverPicker candidates=candidates.get() chosen=next label="下一审批机构/人员" optional=completes error=next_error /> })}
                        </div>
                        <Foot open pending />
                    </form>
                }
            }}
        </Dialog>
    }
}

/// Asks for a reason: 「撤回理由」, 「更正理由」, 「剔除理由」 …
#[component]
pub fn ReasonDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Its heading.
    #[prop(into)]
    title: Signal<String>,
    /// What the reason is called.
    label: &'static str,
    /// What will happen, in a sentence.
    #[prop(into)]
    consequence: Signal<String>,
    /// Whether it may be left empty.
    #[prop(optional)]
    optional: bool,
    /// Ready phrases to choose from.
    #[prop(optional)]
    phrases: Vec<&'static str>,
    /// What is asked for besides, below the reason.
    #[prop(optional)]
    extra: Option<ViewFn>,
    /// Called with the reason.
    #[prop(into)]
    on_reason: Callback<String>,
    /// Whether the server is being asked.
    #[prop(into)]
    pending: Signal<bool>,
    /// What the server refused.
    #[prop(into)]
    problem: Signal<Option<AppError>>,
) -> impl IntoView {
    let (phrases, extra) = (StoredValue::new(phrases), StoredValue::new(extra));
    view! {
        <Dialog open title>
            {move || {
                let reason = RwSignal::new(String::new());
                let missing = RwSignal::new(false);
                let server = at(problem, "reason");
                let error = Signal::derive(move || if missing.get() { Some(format!("请填写{label}")) } else { server.get() });
                let submit = move |event: leptos::ev::SubmitEvent| {
                    event.prevent_default();
                    missing.set(!optional && reason.with_untracked(|reason| reason.trim().is_empty()));
                    if !missing.get_untracked() {
                        on_reason.run(reason.get_untracked());
                    }
                };
                let phrases = phrases.get_value();
                view! {
                    <form on:submit=submit novalidate>
                        <div class="dialog-body stack">
                            {general(problem)}
                            <p>{move || consequence.get()}</p>
                            <Field id="reason" label=label error required=!optional let:control>
                                <Textarea id=control.id value=reason on_input=move |text| { reason.set(text); missing.set(false); } maxlength=1000 described_by=control.described_by invalid=control.invalid autofocus=true />
                            </Field>
                            {(!phrases.is_empty()).then(|| view! {
                                <div class="row">
                                    <span class="quiet">"常用："</span>
                                    {phrases.into_iter().map(|phrase| view! {
                                        <button class="button" data-kind="quiet" type="button" on:click=move |_| { reason.set(phrase.to_owned()); missing.set(false); }>{phrase}</button>
                                    }).collect_view()}
                                </div>
                            })}
                            {extra.get_value().map(|extra| extra.run())}
                        </div>
                        <Foot open pending />
                    </form>
                }
            }}
        </Dialog>
    }
}

#[component]
fn Foot(open: RwSignal<bool>, pending: Signal<bool>) -> impl IntoView {
    view! {
        <div class="dialog-foot">
            <button class="button" type="button" on:click=move |_| open.set(false)>"取消"</button>
            <button class="button" data-kind="primary" type="submit" disabled=pending aria-busy=move || pending.get().to_string()>"确定"</button>
        </div>
    }
}
