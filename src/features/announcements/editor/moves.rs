//! The moves of an announcement's state: the dialogs behind 「提交」, 「审核」, 「撤回」, 「更正」 and 「撤销」.

use super::super::api::{correct_announcement, review_announcement, revoke_announcement, submit_announcement, withdraw_announcement};
use super::super::list::withdrawal_words;
use super::super::seen::{Announcement, CorrectionAsked, Review, RevocationAsked, Saved, Submission, Withdrawal};
use super::Draft;
use super::rehearsal::{InDialog, of_read};
use crate::app::{Tell, Unread, paths};
use crate::domain::announcement::allowed::Allowed;
use crate::domain::announcement::status::PublishMode;
use crate::domain::approval::{Assignee, Decision};
use crate::error::AppError;
use crate::features::approvals::dialog::{ApproverPicker, RETURNING, ReasonDialog, ReviewDialog, SubmitDialog};
use crate::ui::Again;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

/// Which dialog of the page is open.
#[derive(Clone, Copy)]
pub struct Dialogs {
    /// 「提交」.
    pub submit: RwSignal<bool>,
    /// 「撤回」.
    pub withdraw: RwSignal<bool>,
    /// 「更正」.
    pub correct: RwSignal<bool>,
    /// 「撤销」.
    pub revoke: RwSignal<bool>,
    /// 「审核」.
    pub review: RwSignal<bool>,
    /// Whether 「审核」 opens with 同意.
    pub agree: RwSignal<bool>,
}

impl Dialogs {
    /// All closed.
    pub fn new() -> Dialogs {
        let closed = || RwSignal::new(false);
        Dialogs { submit: closed(), withdraw: closed(), correct: closed(), revoke: closed(), review: closed(), agree: RwSignal::new(true) }
    }

    /// Opens the dialog that the address asks for, because the list leads here with it.
    pub fn open_as_asked(self, allowed: Allowed) {
        let query = use_query_map();
        Effect::new(move || match query.read_untracked().get("ask").as_deref() {
            Some("correct") if allowed.correct => self.correct.set(true),
            Some("revoke") if allowed.revoke => self.revoke.set(true),
            _ => {}
        });
    }

    /// 「审核」, with this answer chosen.
    pub fn open_review(self, agree: bool) {
        self.agree.set(agree);
        self.review.set(true);
    }
}

/// What 「更正」 leads to.
const CORRECTING: &str = "已发布的公告不会改变。将创建一份更正公告，内容与原公告相同，修改并审核通过后发布；那时原公告注明已更正、理由和更正公告的地址。更正理由对外公开。";
/// What 「撤销」 leads to.
const REVOKING: &str = "审核同意后，公告离开门户的公告列表，原地址注明已撤销、理由和日期。撤销理由对外公开。";

/// What a disagreement with a revocation leads to; with anything else it leads back to editing.
const KEEPING: &str = "公告保持已发布，撤销申请不通过；审批意见会告知提交人。";

/// What an agreement without further approver leads to, said before it is given (C3).
fn consequence(read: &Announcement) -> String {
    if read.status.revoking().is_some() {
        return "同意后公告立即撤销：离开门户的公告列表，原地址注明已撤销、理由和日期，附件不再提供。撤销后不能恢复。".to_owned();
    }
    if let Some(hold) = read.holds.first() {
        return format!("现在不能「同意」：{hold}");
    }
    let then = if read.corrects.is_some() { "原公告同时变为已更正。" } else { "" };
    match read.basics.mode {
        PublishMode::OnApproval => format!("同意后立即发布到门户，发布后不能修改。{then}"),
        PublishMode::At(at) if at > read.now => {
            format!("同意后将于 {} 自动发布到门户；发布前可以撤回。如同意时已过这一时间，则立即发布。{then}", at.local())
        }
        PublishMode::At(at) => format!("设定的发布时间 {} 已经过去，同意后立即发布到门户。{then}", at.local()),
    }
}

/// The dialogs, and what is asked of the server when they are confirmed.
#[component]
pub fn Moves(
    read: Announcement,
    draft: Draft,
    dialogs: Dialogs,
    changed: Again,
    /// Says that the page is read anew because its state moved.
    moved: RwSignal<bool>,
) -> impl IntoView {
    let (tell, unread) = (expect_context::<Tell>(), expect_context::<Unread>());
    let problem = RwSignal::new(None::<AppError>);
    let pending = RwSignal::new(false);
    let allowed = read.allowed;
    let summary = format!("提交后进入审核中，审核期间不能修改。公告年度：{}。", read.year.number());
    let is_revoking = read.status.revoking().is_some();
    let is_held = !is_revoking && !read.holds.is_empty();
    let (consequence, withdrawing) = (consequence(&read), withdrawal_words(read.status.is_public()));
    // A revocation publishes nothing, so there is nothing to rehearse.
    let rehearses = allowed.review && !read.status.is_public();
    let found = StoredValue::new(if rehearses { of_read(&read) } else { Vec::new() });
    // Looked at when the dialog opens, as the announcement stands then.
    let before_submission = ViewFn::from(move || {
        let findings = untrack(|| draft.rehearsed());
        let to_units = Callback::new(move |()| {
            dialogs.submit.set(false);
            draft.go_to_units();
        });
        view! { <InDialog draft findings to_units ways="可以照此提交，可以在「基本信息」中推迟发布时间，也可以取消后先修改。" /> }
    });
    let before_review = ViewFn::from(move || {
        rehearses.then(|| {
            let ways = if is_held {
                "需要修改或推迟的，请选「不同意」并说明。"
            } else {
                "同意即照此发布；需要修改或推迟的，请选「不同意」并说明。"
            };
            view! { <InDialog draft findings=found.get_value() ways /> }
        })
    });
    let candidates = Signal::stored(read.candidates);
    // One ending for every move: say it, close, read the page anew; or say what was refused.
    let ended = move |dialog: RwSignal<bool>, said: &'static str, result: Result<Saved, AppError>| {
        pending.set(false);
        match result {
            Ok(saved) => {
                problem.set(None);
                dialog.set(false);
                tell.ok(said);
                unread.refresh();
                moved.set(true);
                changed.notify();
                Some(saved)
            }
            Err(error) => {
                problem.set(Some(error));
                None
            }
        }
    };
    let begin = move || {
        problem.set(None);
        pending.set(true);
    };
    let note = RwSignal::new(String::new());
    let on_submit = Callback::new(move |next: Assignee| {
        begin();
        draft.saver.then(move |version| async move {
            let result = match version.and_then(|version| draft.news().as_asked().map(|()| version)) {
                Ok(version) => submit_announcement(Submission { id: draft.id(), version, next, note: note.get_untracked() }).await,
                Err(error) => Err(error),
            };
            ended(dialogs.submit, "已提交，等待审核", result)
        });
    });
    let on_decide = Callback::new(move |decision: Decision| {
        begin();
        let said = match (decision.agree, is_revoking) {
            (true, _) => "已同意",
            (false, true) => "已答复：不同意撤销",
            (false, false) => "已退回",
        };
        draft.saver.then(move |version| async move {
            let result = match version {
                Ok(version) => review_announcement(Review { id: draft.id(), version, decision }).await,
                Err(error) => Err(error),
            };
            ended(dialogs.review, said, result)
        });
    });
    let on_reason = Callback::new(move |reason: String| {
        begin();
        draft.saver.then(move |version| async move {
            let result = match version {
                Ok(version) => withdraw_announcement(Withdrawal { id: draft.id(), version, reason }).await,
                Err(error) => Err(error),
            };
            ended(dialogs.withdraw, "已撤回", result)
        });
    });
    let navigate = StoredValue::new(use_navigate());
    let on_correct = Callback::new(move |reason: String| {
        begin();
        draft.saver.then(move |version| async move {
            let result = match version {
                Ok(version) => correct_announcement(CorrectionAsked { id: draft.id(), version, reason }).await,
                Err(error) => Err(error),
            };
            pending.set(false);
            match result {
                Ok(id) => {
                    dialogs.correct.set(false);
                    tell.ok("更正公告已创建，请修改后提交");
                    moved.set(true);
                    navigate.with_value(|navigate| navigate(&paths::announcement(&id), NavigateOptions::default()));
                }
                Err(error) => problem.set(Some(error)),
            }
            None
        });
    });
    let next = RwSignal::new(None::<Assignee>);
    let on_revoke = Callback::new(move |reason: String| {
        let Some(next) = next.get_untracked() else {
            problem.set(Some(AppError::field("next", "请选择下一审批机构/人员")));
            return;
        };
        begin();
        draft.saver.then(move |version| async move {
            let result = match version {
                Ok(version) => revoke_announcement(RevocationAsked { id: draft.id(), version, reason, next }).await,
                Err(error) => Err(error),
            };
            ended(dialogs.revoke, "已提交撤销申请，等待审核", result)
        });
    });
    let next_error = Signal::derive(move || problem.with(|problem| problem.as_ref().and_then(|error| error.at_field("next"))));
    let approver = ViewFn::from(move || {
        view! { <ApproverPicker candidates=candidates.get_untracked() chosen=next label="下一审批机构/人员" error=next_error /> }
    });
    view! {
        {allowed.correct.then(|| view! { <ReasonDialog open=dialogs.correct title="更正" label="更正理由" consequence=CORRECTING on_reason=on_correct pending problem /> })}
        {allowed.revoke.then(|| view! { <ReasonDialog open=dialogs.revoke title="撤销" label="撤销理由" consequence=REVOKING extra=approver on_reason=on_revoke pending problem /> })}
        {allowed.submit.then(|| view! { <SubmitDialog open=dialogs.submit candidates summary note extra=before_submission on_submit pending problem /> })}
        {allowed.review.then(|| view! { <ReviewDialog open=dialogs.review agree=dialogs.agree candidates completes=true consequence returning=if is_revoking { KEEPING } else { RETURNING } extra=before_review on_decide pending problem /> })}
        {allowed.withdraw.then(|| view! { <ReasonDialog open=dialogs.withdraw title="撤回" label="撤回理由" consequence=withdrawing on_reason pending problem /> })}
    }
}
