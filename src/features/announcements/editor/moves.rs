//! The moves of an announcement's state: the dialogs behind 「提交」, 「审核」 and 「撤回」.

use super::super::api::{review_announcement, submit_announcement, withdraw_announcement};
use super::super::seen::{Announcement, Review, Saved, Submission, Withdrawal};
use super::Draft;
use super::rehearsal::{InDialog, of_read};
use crate::app::{Tell, Unread};
use crate::domain::announcement::status::PublishMode;
use crate::domain::approval::{Assignee, Decision};
use crate::error::AppError;
use crate::features::approvals::dialog::{ReasonDialog, ReviewDialog, SubmitDialog};
use crate::ui::Again;
use leptos::prelude::*;

/// Which dialog of the page is open.
#[derive(Clone, Copy)]
pub struct Dialogs {
    /// 「提交」.
    pub submit: RwSignal<bool>,
    /// 「撤回」.
    pub withdraw: RwSignal<bool>,
    /// 「审核」.
    pub review: RwSignal<bool>,
    /// Whether 「审核」 opens with 同意.
    pub agree: RwSignal<bool>,
}

impl Dialogs {
    /// All closed.
    pub fn new() -> Dialogs {
        let closed = || RwSignal::new(false);
        Dialogs { submit: closed(), withdraw: closed(), review: closed(), agree: RwSignal::new(true) }
    }

    /// 「审核」, with this answer chosen.
    pub fn open_review(self, agree: bool) {
        self.agree.set(agree);
        self.review.set(true);
    }
}

/// What an agreement without further approver leads to, said before it is given (C3).
fn consequence(read: &Announcement) -> String {
    match read.basics.mode {
        PublishMode::OnApproval => "同意后立即发布到门户，发布后不能修改。".to_owned(),
        PublishMode::At(at) if at > read.now => format!("同意后将于 {} 自动发布到门户；发布前可以撤回。", at.local()),
        PublishMode::At(at) => format!("设定的发布时间 {} 已经过去，同意后立即发布到门户。", at.local()),
    }
}

/// The dialogs, and what is asked of the server when they are confirmed.
#[component]
pub fn Moves(read: Announcement, draft: Draft, dialogs: Dialogs, changed: Again) -> impl IntoView {
    let (tell, unread) = (expect_context::<Tell>(), expect_context::<Unread>());
    let problem = RwSignal::new(None::<AppError>);
    let pending = RwSignal::new(false);
    let allowed = read.allowed;
    let summary = format!("提交后进入审核中，审核期间不能修改。公告年度：{}。", read.year.number());
    let consequence = consequence(&read);
    let found = StoredValue::new(if allowed.review { of_read(&read) } else { Vec::new() });
    // Looked at when the dialog opens, as the announcement stands then.
    let before_submission = ViewFn::from(move || {
        let findings = untrack(|| draft.rehearsed());
        view! { <InDialog findings ways="可以照此提交，可以在「基本信息」中推迟发布时间，也可以取消后先修改。" /> }
    });
    let before_review = ViewFn::from(
        move || view! { <InDialog findings=found.get_value() ways="同意即照此发布；需要修改或推迟的，请选「不同意」并说明。" /> },
    );
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
    let on_submit = Callback::new(move |next: Assignee| {
        begin();
        draft.saver.then(move |version| async move {
            let result = match version {
                Ok(version) => submit_announcement(Submission { id: draft.id(), version, next }).await,
                Err(error) => Err(error),
            };
            ended(dialogs.submit, "已提交，等待审核", result)
        });
    });
    let on_decide = Callback::new(move |decision: Decision| {
        begin();
        let said = if decision.agree { "已同意" } else { "已退回" };
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
            ended(dialogs.withdraw, "公告已撤回", result)
        });
    });
    view! {
        {allowed.submit.then(|| view! { <SubmitDialog open=dialogs.submit candidates summary extra=before_submission on_submit pending problem /> })}
        {allowed.review.then(|| view! { <ReviewDialog open=dialogs.review agree=dialogs.agree candidates completes=true consequence extra=before_review on_decide pending problem /> })}
        {allowed.withdraw.then(|| view! { <ReasonDialog open=dialogs.withdraw title="撤回" label="撤回理由" consequence="撤回后可以修改并重新提交，审核人会看到撤回理由。" on_reason pending problem /> })}
    }
}
