//! The moves of a record's status: the dialogs behind 提交, 撤回, 审核 and 申请更正.

use super::super::Record;
use super::super::api::{
    CorrectionAnswer, DecideInput, ReasonedMove, SubmitInput, answer_correction, ask_correction, decide_record, submit_record,
    withdraw_record,
};
use super::super::sheet::Sheet;
use super::news::BEHIND;
use crate::app::{Tell, Unread};
use crate::domain::approval::{Assignee, Candidate, Decision};
use crate::domain::record::Totals;
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
    /// 「申请更正」.
    pub correct: RwSignal<bool>,
    /// Refusing 「申请更正」.
    pub refuse: RwSignal<bool>,
    /// Consenting to it.
    pub consent: RwSignal<bool>,
}

impl Default for Dialogs {
    /// All closed.
    fn default() -> Dialogs {
        let closed = || RwSignal::new(false);
        Dialogs {
            submit: closed(),
            withdraw: closed(),
            review: closed(),
            agree: RwSignal::new(true),
            correct: closed(),
            refuse: closed(),
            consent: closed(),
        }
    }
}

impl Dialogs {
    /// Opens 「审核」 with one of its answers.
    pub fn open_review(self, agree: bool) {
        self.agree.set(agree);
        self.review.set(true);
    }
}

/// The dialogs, and what is asked of the server when they are confirmed.
#[component]
pub fn Moves(
    record: Record,
    dialogs: Dialogs,
    sheet: Sheet,
    candidates: Vec<Candidate>,
    completes: bool,
    open_lines: Memo<usize>,
    sums: Memo<Totals>,
    duplicates: RwSignal<usize>,
    changed: Again,
    moved: RwSignal<Option<String>>,
) -> impl IntoView {
    let problem = RwSignal::new(None::<AppError>);
    let pending = RwSignal::new(false);
    let candidates = Signal::stored(candidates);
    let (id, version) = (StoredValue::new(record.id.clone()), record.version);
    let (tell, unread) = (expect_context::<Tell>(), expect_context::<Unread>());
    // One ending for every move: say it, close, read the page anew; or say what was refused.
    let ended = move |dialog: RwSignal<bool>, said: &'static str, result: Result<(), AppError>| {
        pending.set(false);
        match result {
            Ok(()) => {
                problem.set(None);
                dialog.set(false);
                tell.ok(said);
                unread.refresh();
                moved.set(Some("page-title".to_owned()));
                changed.notify();
            }
            Err(error) => problem.set(Some(error)),
        }
    };
    for dialog in [dialogs.submit, dialogs.withdraw, dialogs.review, dialogs.correct, dialogs.refuse, dialogs.consent] {
        Effect::new(move || {
            if dialog.get() {
                problem.set(None);
            }
        });
    }
    let note = RwSignal::new(String::new());
    let submit = move |next: Assignee| {
        if untrack(|| sheet.saver.is_behind()) {
            problem.set(Some(AppError::Conflict(BEHIND.to_owned())));
            return;
        }
        if open_lines.get_untracked() > 0 || !sheet.saver.is_settled_now() {
            let message = if sheet.saver.is_settled_now() {
                format!("还有 {} 行需要处理：请补充标红的单元格，或剔除该行并说明理由", open_lines.get_untracked())
            } else {
                "还有内容没有保存成功，请等页面上方显示“已保存”后再提交".to_owned()
            };
            problem.set(Some(AppError::Invalid(message)));
            sheet.flush();
            return;
        }
        pending.set(true);
        let input =
            SubmitInput { record: id.get_value(), version, content_version: sheet.saver.seen_version(), next, note: note.get_untracked() };
        leptos::task::spawn_local(async move { ended(dialogs.submit, "已提交，等待审核", submit_record(input).await) });
    };
    let withdraw = move |reason: String| {
        pending.set(true);
        let input = ReasonedMove { record: id.get_value(), version, reason };
        leptos::task::spawn_local(async move {
            ended(dialogs.withdraw, "已撤回，可以修改后重新提交", withdraw_record(input).await);
        });
    };
    let decide = move |decision: Decision| {
        pending.set(true);
        let said = if decision.agree { "已同意" } else { "已退回" };
        let input = DecideInput { record: id.get_value(), version, decision };
        leptos::task::spawn_local(async move { ended(dialogs.review, said, decide_record(input).await) });
    };
    let correct = move |reason: String| {
        pending.set(true);
        let input = ReasonedMove { record: id.get_value(), version, reason };
        leptos::task::spawn_local(async move {
            ended(dialogs.correct, "已申请更正，等待主管预算单位处理", ask_correction(input).await);
        });
    };
    let refuse = move |opinion: String| {
        pending.set(true);
        let input = CorrectionAnswer { record: id.get_value(), version, consent: false, opinion };
        leptos::task::spawn_local(async move { ended(dialogs.refuse, "已答复：不同意更正", answer_correction(input).await) });
    };
    let consent = move |opinion: String| {
        pending.set(true);
        let input = CorrectionAnswer { record: id.get_value(), version, consent: true, opinion };
        leptos::task::spawn_local(async move {
            ended(dialogs.consent, "已同意更正，退回到编辑环节", answer_correction(input).await);
        });
    };
    let summary = Signal::derive(move || {
        let sums = sums.get();
        let zero = if sums.lines == 0 { "（零报告）" } else { "" };
        let twice = match duplicates.get() {
            0 => String::new(),
            count => format!("有 {count} 处疑似重复，请先核对。"),
        };
        format!(
            "{twice}共 {} 行，面向中小企业 {} 万元，其中小微企业 {} 万元，占 {}{zero}。提交后不能修改，可在审核完成前撤回。",
            sums.lines,
            sums.sme.wan(),
            sums.small_micro.wan(),
            sums.ratio().percent()
        )
    });
    let consequence = if completes {
        "同意后本年度数据审核完成，可以列入公告。"
    } else {
        "同意后转给所选的审批机构/人员。"
    };
    view! {
        <SubmitDialog open=dialogs.submit candidates summary note on_submit=submit pending problem />
        <ReasonDialog open=dialogs.withdraw title="撤回" label="撤回理由" optional=true consequence="撤回后需重新提交并重新审批。" on_reason=withdraw pending problem />
        <ReviewDialog open=dialogs.review agree=dialogs.agree candidates completes consequence=consequence.to_owned() on_decide=decide pending problem />
        <ReasonDialog open=dialogs.correct title="申请更正" label="更正理由" consequence="主管预算单位同意后，本年度数据退回到编辑环节；已审核的版本会保留在已有公告中。" on_reason=correct pending problem />
        <ReasonDialog open=dialogs.consent title="同意更正" label="审批意见" optional=true consequence="本年度数据退回到编辑环节，由提交人修改后重新提交；已审核的版本保留在已有公告中。" on_reason=consent pending problem />
        <ReasonDialog open=dialogs.refuse title="不同意更正" label="审批意见" consequence="本年度数据保持审核完成。" on_reason=refuse pending problem />
    }
}
