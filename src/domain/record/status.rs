//! The state of a 年度数据 and the one machine that moves it.
//!
//! ```text
//! 草稿 ──submit──▶ 审核中 ──agree──▶ 审核完成 ──ask──▶ 更正申请中 ──consent──▶ 被退回
//!   ▲                │  │                 ▲                │
//!   └ 已撤回 ◀withdraw┘  └─disagree─▶ 被退回 └────refuse──────┘
//! ```
//! 草稿, 已撤回 and 被退回 can be edited, submitted and deleted; nothing else can.

use crate::domain::approval::Answer;
use serde::{Deserialize, Serialize};

/// Where a 年度数据 stands, with the facts of that state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RecordStatus {
    /// 草稿.
    Draft,
    /// 审核中.
    InReview,
    /// 审核完成.
    Approved,
    /// 被退回, for this reason.
    Returned(String),
    /// 已撤回.
    Withdrawn,
    /// 审核完成, and its correction is asked for, for this reason.
    CorrectionAsked(String),
}

/// What moves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordAction {
    /// Change lines, words, or what is counted.
    Edit,
    /// Take the whole away.
    Delete,
    /// 「提交」.
    Submit,
    /// 「撤回」.
    Withdraw,
    /// 「审核」: agree, and nobody further is asked.
    Complete,
    /// 「审核」: agree, and on to a further approver.
    Forward,
    /// 「审核」: disagree, with a reason.
    Return(String),
    /// 「申请更正」, with a reason.
    AskCorrection(String),
    /// The 主管 consents to the correction.
    ConsentToCorrection,
    /// The 主管 refuses the correction.
    RefuseCorrection,
}

impl RecordAction {
    /// As a refusal names it.
    pub const fn label(&self) -> &'static str {
        match self {
            RecordAction::Edit => "编辑",
            RecordAction::Delete => "删除",
            RecordAction::Submit => "提交",
            RecordAction::Withdraw => "撤回",
            RecordAction::Complete | RecordAction::Forward | RecordAction::Return(_) => "审核",
            RecordAction::AskCorrection(_) => "申请更正",
            RecordAction::ConsentToCorrection | RecordAction::RefuseCorrection => "处理更正申请",
        }
    }
}

/// The machine has no such move.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("当前状态是“{from}”，不能{action}。请刷新页面查看最新状态")]
pub struct RecordActionRefused {
    from: &'static str,
    action: &'static str,
}

/// What the reason of 被退回 begins with where the 主管 has consented to a correction.
const CONSENTED: &str = "同意更正：";

impl RecordStatus {
    /// Why a correction was asked for, where it is 被退回 because the 主管 has consented to that: then the last answer was an agreement. The words alone
    /// may be those of a disagreement.
    pub fn consented(&self, last: Option<Answer>) -> Option<&str> {
        match self {
            RecordStatus::Returned(reason) if last == Some(Answer::Agreed) => reason.strip_prefix(CONSENTED),
            _ => None,
        }
    }

    /// As stored.
    pub const fn code(&self) -> &'static str {
        match self {
            RecordStatus::Draft => "draft",
            RecordStatus::InReview => "in_review",
            RecordStatus::Approved => "approved",
            RecordStatus::Returned(_) => "returned",
            RecordStatus::Withdrawn => "withdrawn",
            RecordStatus::CorrectionAsked(_) => "correction_asked",
        }
    }

    /// From the stored form and its reason.
    pub fn from_code(code: &str, reason: &str) -> Option<RecordStatus> {
        Some(match code {
            "draft" => RecordStatus::Draft,
            "in_review" => RecordStatus::InReview,
            "approved" => RecordStatus::Approved,
            "returned" => RecordStatus::Returned(reason.to_owned()),
            "withdrawn" => RecordStatus::Withdrawn,
            "correction_asked" => RecordStatus::CorrectionAsked(reason.to_owned()),
            _ => return None,
        })
    }

    /// The reason that this state carries, or nothing.
    pub fn reason(&self) -> &str {
        match self {
            RecordStatus::Returned(reason) | RecordStatus::CorrectionAsked(reason) => reason,
            RecordStatus::Draft | RecordStatus::InReview | RecordStatus::Approved | RecordStatus::Withdrawn => "",
        }
    }

    /// The word on the screen.
    pub const fn label(&self) -> &'static str {
        match self {
            RecordStatus::Draft => "草稿",
            RecordStatus::InReview => "审核中",
            RecordStatus::Approved => "审核完成",
            RecordStatus::Returned(_) => "被退回",
            RecordStatus::Withdrawn => "已撤回",
            RecordStatus::CorrectionAsked(_) => "更正申请中",
        }
    }

    /// Every stored code with its word, for filters.
    pub fn all() -> [(&'static str, &'static str); 6] {
        [
            RecordStatus::Draft,
            RecordStatus::InReview,
            RecordStatus::Approved,
            RecordStatus::Returned(String::new()),
            RecordStatus::Withdrawn,
            RecordStatus::CorrectionAsked(String::new()),
        ]
        .map(|status| (status.code(), status.label()))
    }

    /// Whether lines and words can be changed.
    pub fn is_editable(&self) -> bool {
        self.apply(&RecordAction::Edit).is_ok()
    }

    /// Where `action` leads from here.
    pub fn apply(&self, action: &RecordAction) -> Result<RecordStatus, RecordActionRefused> {
        use RecordAction as A;
        use RecordStatus as S;
        match (self, action) {
            (S::Draft | S::Returned(_) | S::Withdrawn, A::Edit | A::Delete) => Ok(self.clone()),
            (S::Draft | S::Returned(_) | S::Withdrawn, A::Submit) | (S::InReview, A::Forward) => Ok(S::InReview),
            (S::InReview, A::Withdraw) => Ok(S::Withdrawn),
            (S::InReview, A::Complete) | (S::CorrectionAsked(_), A::RefuseCorrection) => Ok(S::Approved),
            (S::InReview, A::Return(reason)) => Ok(S::Returned(reason.clone())),
            (S::Approved, A::AskCorrection(reason)) => Ok(S::CorrectionAsked(reason.clone())),
            (S::CorrectionAsked(reason), A::ConsentToCorrection) => Ok(S::Returned(format!("{CONSENTED}{reason}"))),
            _ => Err(RecordActionRefused { from: self.label(), action: action.label() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b4_every_state_allows_exactly_these_actions() {
        let reason = || "理由".to_owned();
        let states = [
            RecordStatus::Draft,
            RecordStatus::InReview,
            RecordStatus::Approved,
            RecordStatus::Returned(reason()),
            RecordStatus::Withdrawn,
            RecordStatus::CorrectionAsked(reason()),
        ];
        let actions = [
            RecordAction::Edit,
            RecordAction::Delete,
            RecordAction::Submit,
            RecordAction::Withdraw,
            RecordAction::Complete,
            RecordAction::Forward,
            RecordAction::Return(reason()),
            RecordAction::AskCorrection(reason()),
            RecordAction::ConsentToCorrection,
            RecordAction::RefuseCorrection,
        ];
        // One column an action, in the order above: the state it leads to, `.` for refused.
        let expected = [
            ("草稿", "draft draft in_review . . . . . . ."),
            ("审核中", ". . . withdrawn approved in_review returned . . ."),
            ("审核完成", ". . . . . . . correction_asked . ."),
            ("被退回", "returned returned in_review . . . . . . ."),
            ("已撤回", "withdrawn withdrawn in_review . . . . . . ."),
            ("更正申请中", ". . . . . . . . returned approved"),
        ];
        for (state, (label, row)) in states.iter().zip(expected) {
            assert_eq!(state.label(), label);
            let found: Vec<&str> = actions.iter().map(|action| state.apply(action).map_or(".", |next| next.code())).collect();
            assert_eq!(found.join(" "), row, "{label}");
            assert_eq!(RecordStatus::from_code(state.code(), state.reason()).as_ref(), Some(state));
        }
    }

    #[test]
    fn b6_a_returned_record_keeps_the_reason() {
        assert_eq!(RecordStatus::InReview.apply(&RecordAction::Return("金额有误".into())).unwrap().reason(), "金额有误");
    }

    #[test]
    fn b7_a_consent_is_told_from_a_disagreement_that_uses_its_words() {
        let asked = RecordStatus::CorrectionAsked("审计调整".to_owned());
        let consented = asked.apply(&RecordAction::ConsentToCorrection).unwrap();
        assert_eq!(consented.consented(Some(Answer::Agreed)), Some("审计调整"));
        let returned = RecordStatus::InReview.apply(&RecordAction::Return("同意更正：金额".to_owned())).unwrap();
        assert_eq!(returned.consented(Some(Answer::Disagreed)), None);
        assert_eq!(RecordStatus::Returned("缺少链接".to_owned()).consented(Some(Answer::Agreed)), None);
    }
}
