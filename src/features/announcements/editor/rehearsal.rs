//! 发布前检查 (E6): what was found, in the dialogs of 「提交」 and 「审核」, on the page of whoever reviews, and before the set time
//! with the choices 「照发」, 「推迟」 and 「修改」.

use super::super::api::{answer_rehearsal, ask_announcement_links};
use super::super::seen::{Announcement, Around, LinksAsked, Rehearsal, RehearsalAnswer, Which, rehearsed};
use super::Draft;
use super::moves::Dialogs;
use crate::app::{Tell, Unread};
use crate::domain::announcement::basics;
use crate::domain::announcement::document::Document;
use crate::domain::announcement::rehearsal::{Finding, Subject, Weight, is_worth_telling, summary};
use crate::domain::announcement::status::{AnnouncementStatus, PublishMode};
use crate::domain::calendar::Moment;
use crate::error::AppError;
use crate::features::approvals::dialog::ReasonDialog;
use crate::ui::Field;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Everything to look at in the announcement as it was read.
pub fn of_read(read: &Announcement) -> Vec<Finding> {
    let document = read.document.as_deref().and_then(|json| Document::parse(json).ok());
    let figures = read.figures_with(&read.remark, &read.lines, read.basics.mode);
    let around = Around { held: &read.held, missing: &read.missing, others: &read.others, files: &read.files };
    rehearsed(&read.title, document.as_ref(), &figures, around)
}

impl Draft {
    /// Everything to look at in the announcement as it stands on the screen.
    pub fn rehearsed(self) -> Vec<Finding> {
        let document = self.document.with(|json| json.as_deref().and_then(|json| Document::parse(json).ok()));
        let (title, files) = (self.title.get(), self.files.get());
        let (held, missing) = (self.held.get(), self.missing.get());
        self.figures.with(|figures| {
            self.read(|read| {
                let around = Around { held: &held, missing: &missing, others: &read.others, files: &files };
                rehearsed(&title, document.as_ref(), figures, around)
            })
        })
    }
}

/// The findings, one below the other.
#[component]
pub fn Findings(findings: Vec<Finding>) -> impl IntoView {
    if findings.is_empty() {
        return view! { <ul class="findings" data-rows=""><li data-tone="ok">"没有发现问题"</li></ul> }.into_any();
    }
    let row = |finding: Finding| {
        let tone = (finding.weight == Weight::Wrong).then_some("bad");
        view! {
            <li data-tone=tone>
                <strong>{format!("{} · {}：", finding.weight.label(), finding.subject.label())}</strong>
                {finding.message}"。"
                <span class="quiet small">{finding.advice}"。"</span>
            </li>
        }
    };
    view! { <ul class="findings" data-rows="">{findings.into_iter().map(row).collect_view()}</ul> }.into_any()
}

/// The findings inside a dialog, folded where nothing weighs.
#[component]
pub fn InDialog(
    draft: Draft,
    findings: Vec<Finding>,
    ways: &'static str,
    /// Leads to 「补入单位」, where that can be done.
    #[prop(optional)]
    to_units: Option<Callback<()>>,
) -> impl IntoView {
    let is_open = is_worth_telling(&findings);
    let to_units = to_units.filter(|_| findings.iter().any(|finding| finding.subject == Subject::Ready));
    view! {
        <details class="fold" open=is_open>
            <summary>{format!("发布前检查：{}", summary(&findings))}</summary>
            <Findings findings />
            {to_units.map(|lead| view! { <div class="button-row"><button class="button" type="button" on:click=move |_| lead.run(())>"补入单位"</button></div> })}
            {is_open.then(|| view! { <p class="quiet small">{ways}</p> })}
        </details>
        <LinkAnswers draft />
    }
}

/// Whether the links of what is stored answer, where the installation may ask; asked when this comes onto the screen.
#[component]
fn LinkAnswers(draft: Draft) -> impl IntoView {
    let asks = draft.read(|read| read.asks_links);
    let report = RwSignal::new(None::<Result<LinksAsked, AppError>>);
    Effect::new(move || {
        if !asks {
            return;
        }
        // Behind the saves, so that what was typed last is looked at; but no save waits for other sites.
        draft.saver.then(move |_| async move {
            spawn_local(async move { _ = report.try_set(Some(ask_announcement_links(Which { id: draft.id() }).await)) });
            None
        });
    });
    let said = move || match report.get() {
        None => view! { <p class="quiet small">"正在检查链接能否打开…"</p> }.into_any(),
        Some(Err(error)) => view! { <p class="quiet small">{format!("没有检查链接能否打开：{error}")}</p> }.into_any(),
        Some(Ok(LinksAsked { asked, findings })) if findings.is_empty() => {
            let words = if asked == 0 {
                "没有需要检查能否打开的链接。".to_owned()
            } else {
                format!("{asked} 个链接都有应答。")
            };
            view! { <p class="quiet small">{words}</p> }.into_any()
        }
        Some(Ok(LinksAsked { findings, .. })) => view! { <Findings findings /> }.into_any(),
    };
    asks.then(|| view! { <div role="status" aria-label="链接检查">{said}</div> })
}

/// The panel of the page, for whoever reviews, and for everyone while it waits for its time.
#[component]
pub fn RehearsalPanel(read: Announcement, draft: Draft, dialogs: Dialogs) -> impl IntoView {
    let made = read.rehearsal.clone();
    let when = made.as_ref().map(|made| format!("{} 检查", made.at.local()));
    let set_for = match read.status {
        AnnouncementStatus::Scheduled(at) => Some(at),
        _ => None,
    };
    let findings = of_read(&read);
    let said = summary(&findings);
    let may_answer = set_for.is_some() && read.allowed.withdraw;
    let is_held = read.waits_for_choice();
    view! {
        <section class="panel" id="rehearsal" aria-labelledby="rehearsal-title">
            <header class="panel-head"><h2 id="rehearsal-title">"发布前检查"</h2><span class="panel-note">{when.unwrap_or(said)}</span></header>
            <div class="panel-body stack">
                <Findings findings />
                <LinkAnswers draft />
                {made.clone().and_then(|made| made.answer).map(|answer| {
                    let what = if answer.is_postponed { "推迟" } else { "照发" };
                    view! { <p><span class="chip" data-tone="neutral">{what}</span>{format!(" 理由：{} ", answer.reason)}<span class="quiet small">{format!("{} · {}", answer.by, answer.at.local())}</span></p> }
                })}
                {set_for.filter(|_| may_answer).map(|set_for| view! { <Choices draft dialogs set_for made now=read.now is_held /> })}
            </div>
        </section>
    }
}

/// 「照发」, 「推迟」, 「修改」.
#[component]
fn Choices(draft: Draft, dialogs: Dialogs, set_for: Moment, made: Option<Rehearsal>, now: Moment, is_held: bool) -> impl IntoView {
    let (tell, unread) = (expect_context::<Tell>(), expect_context::<Unread>());
    let (sending, postponing) = (RwSignal::new(false), RwSignal::new(false));
    let problem = RwSignal::new(None::<AppError>);
    let pending = RwSignal::new(false);
    let time = RwSignal::new(set_for.max(now).local_input());
    let waits_for_answer = made.is_some_and(|made| made.answer.is_none() && is_worth_telling(&made.findings)) && !is_held;
    let answer = move |dialog: RwSignal<bool>, postponed_to: Option<Moment>, reason: String, said: &'static str| {
        problem.set(None);
        pending.set(true);
        draft.saver.then(move |version| async move {
            let answered = match version {
                Ok(version) => answer_rehearsal(RehearsalAnswer { id: draft.id(), version, postponed_to, reason }).await,
                Err(error) => Err(error),
            };
            pending.set(false);
            match answered {
                Ok(saved) => {
                    dialog.set(false);
                    tell.ok(said);
                    unread.refresh();
                    draft.changed().notify();
                    Some(saved)
                }
                Err(error) => {
                    problem.set(Some(error));
                    None
                }
            }
        });
    };
    let on_send = Callback::new(move |reason: String| answer(sending, None, reason, "已记录：照发"));
    let on_postpone = Callback::new(move |reason: String| match basics::mode(true, &time.get_untracked()) {
        Ok(PublishMode::At(to)) => answer(postponing, Some(to), reason, "已推迟"),
        Ok(PublishMode::OnApproval) => {}
        Err(fault) => problem.set(Some(AppError::field("at", fault))),
    });
    let error = Signal::derive(move || problem.with(|problem| problem.as_ref().and_then(|error| error.at_field("at"))));
    let when = move || {
        view! {
            <Field id="postpone-at" label="推迟到" hint="北京时间，精确到秒；应晚于现在和原定的时间" required=true error let:control>
                <input
                    class="input"
                    id=control.id
                    type="datetime-local"
                    step="1"
                    prop:value=time
                    aria-describedby=control.described_by
                    aria-invalid=move || control.invalid.get().then_some("true")
                    on:input=move |event| time.set(event_target_value(&event))
                />
            </Field>
        }
    };
    let open = move |which: RwSignal<bool>| {
        problem.set(None);
        which.set(true);
    };
    let without = format!("不作选择时，将于 {} 按设定发布。", set_for.local());
    view! {
        {waits_for_answer.then(|| view! { <p>{without}</p> })}
        <div class="button-row">
            {waits_for_answer.then(|| view! { <button class="button" data-kind="primary" type="button" on:click=move |_| open(sending)>"照发"</button> })}
            <button class="button" type="button" on:click=move |_| open(postponing)>"推迟"</button>
            <button class="button" type="button" on:click=move |_| dialogs.withdraw.set(true)>"修改"</button>
        </div>
        <ReasonDialog open=sending title="照发" label="理由" consequence=format!("仍按设定的时间 {} 发布；选择人和理由记入操作日志，审核人会收到消息。", set_for.local()) on_reason=on_send pending problem />
        <ReasonDialog open=postponing title="推迟发布" label="理由" consequence="公告内容不变，只改发布时间，不需要重新审核；审核人会收到消息。" extra=ViewFn::from(when) on_reason=on_postpone pending problem />
    }
}
