//! The state of a 公告 and the one machine that moves it.
//!
//! ```text
//! 待完善 ──submit──▶ 审核中 ──agree──▶ 已发布   (「审核完成发布」, or its time has come)
//!   ▲                 │ │  └──agree──▶ 待发布 ──its time──▶ 已发布
//!   └ 已撤回 ◀withdraw─┘ │                │
//!        ▲              └─disagree─▶ 被退回
//!        └───────────────withdraw──────┘
//!
//! 已发布 ──公告截止时间 passes──▶ 已截止
//!    └──「更正」, a successor is made and published──▶ 已更正
//!    └──「撤销」, and its approval──▶ 已撤销
//! ```
//! 待完善, 已撤回 and 被退回 can be edited, submitted and deleted. What was published never changes again: a correction is another
//! 公告, linked both ways, and a revocation leaves the address with its reason (E7). While either is under way the announcement
//! stays 已发布 and carries it as [`Pending`]; the two exclude each other. 已截止 is never stored: it follows from 公告截止时间 and the
//! clock ([`AnnouncementStatus::as_of`]), so that it cannot be late, and allows what 已发布 allows.

mod code;
#[cfg(test)]
mod tests;

pub use code::Facts;

use crate::domain::calendar::{Day, Moment};
use crate::domain::ids::AnnouncementId;
use serde::{Deserialize, Serialize};

/// Where a 公告 stands, with the facts of that state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AnnouncementStatus {
    /// 待完善.
    Draft,
    /// 审核中.
    InReview,
    /// 被退回, for this reason.
    Returned(String),
    /// 已撤回, for this reason.
    Withdrawn(String),
    /// 待发布: approved, published at this moment.
    Scheduled(Moment),
    /// 已发布.
    Published(Publication),
    /// 已截止: published, and its 公告截止时间 has passed.
    Ended(Publication),
    /// 已更正 by a later announcement.
    Corrected(Correction),
    /// 已撤销.
    Revoked(Revocation),
}

/// That it is public, and what is being done about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// When it was published.
    pub at: Moment,
    /// What is under way.
    pub pending: Option<Pending>,
}

/// What is under way about a published announcement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pending {
    /// 「更正」: this successor is being made.
    Correction(AnnouncementId),
    /// 「撤销」 for this reason is under review.
    Revocation(String),
}

/// How it was corrected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// When it was published.
    pub at: Moment,
    /// When its successor was.
    pub since: Moment,
    /// 更正理由.
    pub reason: String,
    /// The announcement that stands in its place.
    pub successor: AnnouncementId,
}

/// How it was revoked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocation {
    /// When it was published.
    pub at: Moment,
    /// When the revocation was approved.
    pub since: Moment,
    /// 撤销理由.
    pub reason: String,
}

/// 发布类型.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PublishMode {
    /// 「审核完成发布」: the moment the last approval is given.
    OnApproval,
    /// 「定时发布」: at this moment.
    At(Moment),
}

impl PublishMode {
    /// The word on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            PublishMode::OnApproval => "审核完成发布",
            PublishMode::At(_) => "定时发布",
        }
    }

    /// The set time, if any.
    pub const fn at(self) -> Option<Moment> {
        match self {
            PublishMode::OnApproval => None,
            PublishMode::At(moment) => Some(moment),
        }
    }
}

/// What moves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnnouncementAction {
    /// Change anything of it.
    Edit,
    /// Take the whole away.
    Delete,
    /// 「提交」.
    Submit,
    /// 「撤回」, for this reason (D3): of a submission, or of a 「撤销」 under review.
    Withdraw(String),
    /// 「审核」: agree, nobody further is asked; published in this way.
    Complete(PublishMode),
    /// 「审核」: agree, and on to a further approver.
    Forward,
    /// 「审核」: disagree, with a reason.
    Return(String),
    /// Its time has come.
    Publish,
    /// 「推迟」: published at this later moment instead (E6).
    Postpone(Moment),
    /// 「更正」: this successor is begun.
    Correct(AnnouncementId),
    /// The successor was deleted before it was published.
    Uncorrect(AnnouncementId),
    /// The successor is published; 更正理由.
    Supersede(AnnouncementId, String),
    /// 「撤销」, for this reason, is submitted.
    Revoke(String),
}

impl AnnouncementAction {
    /// As a refusal names it.
    pub const fn label(&self) -> &'static str {
        match self {
            AnnouncementAction::Edit => "编辑",
            AnnouncementAction::Delete => "删除",
            AnnouncementAction::Submit => "提交",
            AnnouncementAction::Withdraw(_) => "撤回",
            AnnouncementAction::Complete(_) | AnnouncementAction::Forward | AnnouncementAction::Return(_) => "审核",
            AnnouncementAction::Publish => "发布",
            AnnouncementAction::Postpone(_) => "推迟",
            AnnouncementAction::Correct(_) | AnnouncementAction::Uncorrect(_) | AnnouncementAction::Supersede(..) => "更正",
            AnnouncementAction::Revoke(_) => "撤销",
        }
    }
}

/// The machine has no such move.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("当前状态是“{from}{}”，不能{action}。{}", .pending.map(|(what, _)| what).unwrap_or_default(), .pending.map_or("请刷新页面查看最新状态", |(_, advice)| advice))]
pub struct AnnouncementActionRefused {
    from: &'static str,
    pending: Option<(&'static str, &'static str)>,
    action: &'static str,
}

impl AnnouncementStatus {
    /// The reason that this state carries, or nothing.
    pub fn reason(&self) -> &str {
        match self {
            AnnouncementStatus::Returned(reason) | AnnouncementStatus::Withdrawn(reason) => reason,
            AnnouncementStatus::Corrected(correction) => &correction.reason,
            AnnouncementStatus::Revoked(revocation) => &revocation.reason,
            AnnouncementStatus::Draft
            | AnnouncementStatus::InReview
            | AnnouncementStatus::Scheduled(_)
            | AnnouncementStatus::Published(_)
            | AnnouncementStatus::Ended(_) => "",
        }
    }

    /// When it is or was published, as far as this state knows.
    pub const fn at(&self) -> Option<Moment> {
        match self {
            AnnouncementStatus::Scheduled(at) => Some(*at),
            AnnouncementStatus::Published(publication) | AnnouncementStatus::Ended(publication) => Some(publication.at),
            AnnouncementStatus::Corrected(correction) => Some(correction.at),
            AnnouncementStatus::Revoked(revocation) => Some(revocation.at),
            AnnouncementStatus::Draft
            | AnnouncementStatus::InReview
            | AnnouncementStatus::Returned(_)
            | AnnouncementStatus::Withdrawn(_) => None,
        }
    }

    /// What is under way about a published one.
    pub const fn pending(&self) -> Option<&Pending> {
        match self {
            AnnouncementStatus::Published(publication) | AnnouncementStatus::Ended(publication) => publication.pending.as_ref(),
            _ => None,
        }
    }

    /// The reason of the 「撤销」 that is under review.
    pub fn revoking(&self) -> Option<&str> {
        match self.pending() {
            Some(Pending::Revocation(reason)) => Some(reason),
            Some(Pending::Correction(_)) | None => None,
        }
    }

    /// The word on the screen.
    pub const fn label(&self) -> &'static str {
        match self {
            AnnouncementStatus::Draft => "待完善",
            AnnouncementStatus::InReview => "审核中",
            AnnouncementStatus::Returned(_) => "被退回",
            AnnouncementStatus::Withdrawn(_) => "已撤回",
            AnnouncementStatus::Scheduled(_) => "待发布",
            AnnouncementStatus::Published(_) => "已发布",
            AnnouncementStatus::Ended(_) => "已截止",
            AnnouncementStatus::Corrected(_) => "已更正",
            AnnouncementStatus::Revoked(_) => "已撤销",
        }
    }

    /// Whether anyone can read it: it was published, whatever came after.
    pub const fn is_public(&self) -> bool {
        matches!(
            self,
            AnnouncementStatus::Published(_)
                | AnnouncementStatus::Ended(_)
                | AnnouncementStatus::Corrected(_)
                | AnnouncementStatus::Revoked(_)
        )
    }

    /// Whether it stands for its year: neither corrected nor revoked.
    pub const fn is_live(&self) -> bool {
        !matches!(self, AnnouncementStatus::Corrected(_) | AnnouncementStatus::Revoked(_))
    }

    /// Whether anything of it can be changed.
    pub fn is_editable(&self) -> bool {
        self.apply(&AnnouncementAction::Edit, Moment::from_millis(0)).is_ok()
    }

    /// The state at `now`, with this 公告截止时间: what was published may have ended (D6).
    #[must_use]
    pub fn as_of(self, expires_on: Option<Day>, now: Moment) -> AnnouncementStatus {
        match self {
            AnnouncementStatus::Published(publication) | AnnouncementStatus::Ended(publication) => {
                if has_ended(expires_on, now) {
                    AnnouncementStatus::Ended(publication)
                } else {
                    AnnouncementStatus::Published(publication)
                }
            }
            other => other,
        }
    }

    /// The same state with this publication: 已发布 stays 已发布, 已截止 stays 已截止.
    fn with(&self, publication: Publication) -> AnnouncementStatus {
        if matches!(self, AnnouncementStatus::Ended(_)) {
            AnnouncementStatus::Ended(publication)
        } else {
            AnnouncementStatus::Published(publication)
        }
    }

    /// Where `action` leads from here at `now`.
    pub fn apply(&self, action: &AnnouncementAction, now: Moment) -> Result<AnnouncementStatus, AnnouncementActionRefused> {
        use AnnouncementAction as A;
        use AnnouncementStatus as S;
        use Pending as P;
        match (self, action) {
            (S::Draft | S::Returned(_) | S::Withdrawn(_), A::Edit | A::Delete) => Ok(self.clone()),
            (S::Draft | S::Returned(_) | S::Withdrawn(_), A::Submit) | (S::InReview, A::Forward) => Ok(S::InReview),
            (S::InReview | S::Scheduled(_), A::Withdraw(reason)) => Ok(S::Withdrawn(reason.clone())),
            (S::InReview, A::Complete(PublishMode::At(at))) if *at > now => Ok(S::Scheduled(*at)),
            (S::InReview, A::Complete(_)) => Ok(S::Published(Publication { at: now, pending: None })),
            (S::InReview, A::Return(reason)) => Ok(S::Returned(reason.clone())),
            (S::Scheduled(at), A::Publish) if *at <= now => Ok(S::Published(Publication { at: now, pending: None })),
            (S::Scheduled(at), A::Postpone(to)) if to > at && *to > now => Ok(S::Scheduled(*to)),
            (S::Published(public) | S::Ended(public), action) => match (&public.pending, action) {
                (None, A::Correct(successor)) => Ok(self.pending_on(public, Some(P::Correction(successor.clone())))),
                (Some(P::Correction(own)), A::Uncorrect(successor)) if own == successor => Ok(self.pending_on(public, None)),
                (Some(P::Correction(own)), A::Supersede(successor, reason)) if own == successor => {
                    Ok(S::Corrected(Correction { at: public.at, since: now, reason: reason.clone(), successor: successor.clone() }))
                }
                (None, A::Revoke(reason)) => Ok(self.pending_on(public, Some(P::Revocation(reason.clone())))),
                (Some(P::Revocation(_)), A::Forward) => Ok(self.clone()),
                (Some(P::Revocation(_)), A::Withdraw(_) | A::Return(_)) => Ok(self.pending_on(public, None)),
                (Some(P::Revocation(reason)), A::Complete(_)) => {
                    Ok(S::Revoked(Revocation { at: public.at, since: now, reason: reason.clone() }))
                }
                _ => Err(self.refuse(action)),
            },
            _ => Err(self.refuse(action)),
        }
    }

    fn pending_on(&self, public: &Publication, pending: Option<Pending>) -> AnnouncementStatus {
        self.with(Publication { at: public.at, pending })
    }

    fn refuse(&self, action: &AnnouncementAction) -> AnnouncementActionRefused {
        let pending = self.pending().map(|pending| match pending {
            Pending::Correction(_) => ("，更正公告正在办理", "请在更正公告中继续，或先删除更正公告"),
            Pending::Revocation(_) => ("，撤销正在审核", "请等待审核结果，或先撤回撤销申请"),
        });
        AnnouncementActionRefused { from: self.label(), pending, action: action.label() }
    }
}

/// Whether a published announcement has passed its 公告截止时间, the end of that day in Shanghai (D6).
pub fn has_ended(expires_on: Option<Day>, now: Moment) -> bool {
    expires_on.is_some_and(|day| day.end() <= now)
}
