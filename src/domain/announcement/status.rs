//! The state of a 公告 and the one machine that moves it.
//!
//! ```text
//! 待完善 ──submit──▶ 审核中 ──agree──▶ 已发布   (「审核完成发布」, or its time has come)
//!   ▲                 │ │  └──agree──▶ 待发布 ──its time──▶ 已发布
//!   └ 已撤回 ◀withdraw─┘ │                │
//!        ▲              └─disagree─▶ 被退回
//!        └───────────────withdraw──────┘
//! ```
//! 待完善, 已撤回 and 被退回 can be edited, submitted and deleted. 已发布 never changes again.

use crate::domain::calendar::{Day, Moment};
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
    /// 已发布, at this moment.
    Published(Moment),
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
    /// 「撤回」, for this reason (D3).
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
        }
    }
}

/// The machine has no such move.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("当前状态是“{from}”，不能{action}。请刷新页面查看最新状态")]
pub struct AnnouncementActionRefused {
    from: &'static str,
    action: &'static str,
}

impl AnnouncementStatus {
    /// As stored.
    pub const fn code(&self) -> &'static str {
        match self {
            AnnouncementStatus::Draft => "draft",
            AnnouncementStatus::InReview => "in_review",
            AnnouncementStatus::Returned(_) => "returned",
            AnnouncementStatus::Withdrawn(_) => "withdrawn",
            AnnouncementStatus::Scheduled(_) => "scheduled",
            AnnouncementStatus::Published(_) => "published",
        }
    }

    /// From the stored form, its reason and its moment.
    pub fn from_code(code: &str, reason: &str, at: Option<Moment>) -> Option<AnnouncementStatus> {
        Some(match code {
            "draft" => AnnouncementStatus::Draft,
            "in_review" => AnnouncementStatus::InReview,
            "returned" => AnnouncementStatus::Returned(reason.to_owned()),
            "withdrawn" => AnnouncementStatus::Withdrawn(reason.to_owned()),
            "scheduled" => AnnouncementStatus::Scheduled(at?),
            "published" => AnnouncementStatus::Published(at?),
            _ => return None,
        })
    }

    /// The reason that this state carries, or nothing.
    pub fn reason(&self) -> &str {
        match self {
            AnnouncementStatus::Returned(reason) | AnnouncementStatus::Withdrawn(reason) => reason,
            AnnouncementStatus::Draft
            | AnnouncementStatus::InReview
            | AnnouncementStatus::Scheduled(_)
            | AnnouncementStatus::Published(_) => "",
        }
    }

    /// The moment that this state carries.
    pub const fn at(&self) -> Option<Moment> {
        match self {
            AnnouncementStatus::Scheduled(at) | AnnouncementStatus::Published(at) => Some(*at),
            AnnouncementStatus::Draft
            | AnnouncementStatus::InReview
            | AnnouncementStatus::Returned(_)
            | AnnouncementStatus::Withdrawn(_) => None,
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
        }
    }

    /// Whether it speaks for its year: a second one beside it would be one too many (C1).
    pub const fn is_live(&self) -> bool {
        match self {
            AnnouncementStatus::Draft
            | AnnouncementStatus::InReview
            | AnnouncementStatus::Returned(_)
            | AnnouncementStatus::Withdrawn(_)
            | AnnouncementStatus::Scheduled(_)
            | AnnouncementStatus::Published(_) => true,
        }
    }

    /// Whether anything of it can be changed.
    pub fn is_editable(&self) -> bool {
        self.apply(&AnnouncementAction::Edit, Moment::from_millis(0)).is_ok()
    }

    /// Where `action` leads from here at `now`.
    pub fn apply(&self, action: &AnnouncementAction, now: Moment) -> Result<AnnouncementStatus, AnnouncementActionRefused> {
        use AnnouncementAction as A;
        use AnnouncementStatus as S;
        match (self, action) {
            (S::Draft | S::Returned(_) | S::Withdrawn(_), A::Edit | A::Delete) => Ok(self.clone()),
            (S::Draft | S::Returned(_) | S::Withdrawn(_), A::Submit) | (S::InReview, A::Forward) => Ok(S::InReview),
            (S::InReview | S::Scheduled(_), A::Withdraw(reason)) => Ok(S::Withdrawn(reason.clone())),
            (S::InReview, A::Complete(PublishMode::At(at))) if *at > now => Ok(S::Scheduled(*at)),
            (S::InReview, A::Complete(_)) => Ok(S::Published(now)),
            (S::InReview, A::Return(reason)) => Ok(S::Returned(reason.clone())),
            (S::Scheduled(at), A::Publish) if *at <= now => Ok(S::Published(now)),
            (S::Scheduled(at), A::Postpone(to)) if to > at && *to > now => Ok(S::Scheduled(*to)),
            _ => Err(AnnouncementActionRefused { from: self.label(), action: action.label() }),
        }
    }
}

/// Whether a published announcement has passed its 公告截止时间, the end of that day in Shanghai (D6).
pub fn has_ended(expires_on: Option<Day>, now: Moment) -> bool {
    expires_on.is_some_and(|day| day.end() <= now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d2_every_state_allows_exactly_these_actions() {
        let now = Moment::from_millis(1_000_000);
        let (early, late) = (Moment::from_millis(999_999), Moment::from_millis(1_000_001));
        let reason = || "理由".to_owned();
        let states = [
            AnnouncementStatus::Draft,
            AnnouncementStatus::InReview,
            AnnouncementStatus::Returned(reason()),
            AnnouncementStatus::Withdrawn(reason()),
            AnnouncementStatus::Scheduled(early),
            AnnouncementStatus::Scheduled(late),
            AnnouncementStatus::Published(early),
        ];
        let actions = [
            AnnouncementAction::Edit,
            AnnouncementAction::Delete,
            AnnouncementAction::Submit,
            AnnouncementAction::Withdraw(reason()),
            AnnouncementAction::Complete(PublishMode::OnApproval),
            AnnouncementAction::Complete(PublishMode::At(late)),
            AnnouncementAction::Complete(PublishMode::At(early)),
            AnnouncementAction::Forward,
            AnnouncementAction::Return(reason()),
            AnnouncementAction::Publish,
        ];
        let expected = [
            ("待完善", "draft draft in_review . . . . . . ."),
            ("审核中", ". . . withdrawn published scheduled published in_review returned ."),
            ("被退回", "returned returned in_review . . . . . . ."),
            ("已撤回", "withdrawn withdrawn in_review . . . . . . ."),
            ("待发布", ". . . withdrawn . . . . . published"),
            ("待发布", ". . . withdrawn . . . . . ."),
            ("已发布", ". . . . . . . . . ."),
        ];
        for (state, (label, row)) in states.iter().zip(expected) {
            assert_eq!(state.label(), label);
            let found: Vec<&str> = actions.iter().map(|action| state.apply(action, now).map_or(".", |next| next.code())).collect();
            assert_eq!(found.join(" "), row, "{label}");
            assert_eq!(AnnouncementStatus::from_code(state.code(), state.reason(), state.at()).as_ref(), Some(state));
        }
    }

    #[test]
    fn c3_a_set_time_that_has_passed_publishes_at_the_approval() {
        let now = Moment::from_millis(5_000);
        let action = AnnouncementAction::Complete(PublishMode::At(Moment::from_millis(4_000)));
        assert_eq!(AnnouncementStatus::InReview.apply(&action, now), Ok(AnnouncementStatus::Published(now)));
    }

    #[test]
    fn e6_only_what_waits_for_its_time_is_postponed_and_only_to_a_later_one() {
        let (now, set, later) = (Moment::from_millis(5_000), Moment::from_millis(6_000), Moment::from_millis(7_000));
        let postpone = |status: AnnouncementStatus, to| status.apply(&AnnouncementAction::Postpone(to), now);
        assert_eq!(postpone(AnnouncementStatus::Scheduled(set), later), Ok(AnnouncementStatus::Scheduled(later)));
        assert!(postpone(AnnouncementStatus::Scheduled(set), set).is_err(), "not later");
        // One that was held past its time is put off from now on.
        assert!(postpone(AnnouncementStatus::Scheduled(Moment::from_millis(1_000)), now).is_err());
        assert!(postpone(AnnouncementStatus::InReview, later).is_err() && postpone(AnnouncementStatus::Published(now), later).is_err());
    }

    #[test]
    fn d6_an_announcement_ends_with_its_last_day_in_shanghai() {
        let day = Day::parse("2026-07-02").unwrap();
        assert!(!has_ended(Some(day), Moment::parse_local("2026-07-02 23:59:59").unwrap()));
        assert!(has_ended(Some(day), Moment::parse_local("2026-07-03 00:00:00").unwrap()));
        assert!(!has_ended(None, Moment::parse_local("2026-07-03 00:00:00").unwrap()));
    }
}
