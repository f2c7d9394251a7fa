//! What happens next with a 公告, in one sentence, and 「为什么还没发布」: every condition of its publication with its state.
//!
//! Elsewhere: what the state allows in `status`, what stands in the way of 「提交」 in `allowed::obstacles`.

use crate::domain::announcement::basics::ends_first;
use crate::domain::announcement::status::{AnnouncementStatus, Pending, PublishMode};
use crate::domain::calendar::{Day, Moment};
use serde::{Deserialize, Serialize};

/// Whom the open step waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting<'a> {
    /// Unit and person, or the institution.
    pub who: &'a str,
    /// Since when.
    pub since: Moment,
}

/// What the sentence is made of.
#[derive(Clone, Copy, Debug)]
pub struct Outlook<'a> {
    /// Where it stands.
    pub status: &'a AnnouncementStatus,
    /// 发布类型.
    pub mode: PublishMode,
    /// Whether 「生成公告」 has given it number and text.
    pub is_generated: bool,
    /// When it was submitted last.
    pub submitted_at: Option<Moment>,
    /// Whom the open step waits for.
    pub waiting: Option<Waiting<'a>>,
    /// Why it is held although its time may come, each in a sentence; empty where nothing holds it.
    pub holds: &'a [String],
    /// The time now.
    pub now: Moment,
}

/// Why a corrected record holds the publication (E5).
pub fn corrected_hold(unit_name: &str) -> String {
    format!("{unit_name}的年度数据已更正，请选择「更新」或「保留并说明」")
}

/// Why what is under review is not published when it is agreed to: its 公告截止时间 lies before the day of its publication.
pub fn ended_hold(status: &AnnouncementStatus, mode: PublishMode, expires_on: Option<Day>, now: Moment) -> Option<String> {
    let is_asked = *status == AnnouncementStatus::InReview;
    let fault = is_asked.then(|| ends_first(mode, expires_on, now)).flatten()?;
    Some(format!("{fault}；请由审核人「不同意」退回，或由提交人「撤回」，修改后重新提交"))
}

/// How a condition stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Met {
    /// It is met.
    Yes,
    /// It waits for someone or for its time.
    Waiting,
    /// It is not met, and someone must act.
    No,
}

impl Met {
    /// The word beside the condition.
    pub const fn label(self) -> &'static str {
        match self {
            Met::Yes => "已满足",
            Met::Waiting => "等待中",
            Met::No => "未满足",
        }
    }
}

/// A condition of the publication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What must be.
    pub what: &'static str,
    /// How it stands.
    pub met: Met,
    /// In a sentence: since when, for whom, what to do.
    pub words: String,
}

impl Outlook<'_> {
    /// When it will be published, as far as that can be said.
    fn when(&self) -> String {
        match self.mode {
            PublishMode::OnApproval => "将于审核完成时发布".to_owned(),
            PublishMode::At(at) if at > self.now => format!("将于 {} 发布", at.local()),
            PublishMode::At(at) if *self.status == AnnouncementStatus::InReview => {
                format!("设定的发布时间 {} 已经过去，将于审核完成时立即发布", at.local())
            }
            PublishMode::At(at) => format!("设定的发布时间 {} 已经过去，请修改", at.local()),
        }
    }

    /// Who still has to approve: 「某单位 · 某人 审核」.
    fn review(&self) -> String {
        self.waiting.map_or_else(|| "审核".to_owned(), |waiting| format!("{} 审核", waiting.who))
    }

    /// One sentence about when it is or was published, and what is still missing (E6).
    pub fn sentence(&self) -> String {
        let held = self.holds.first().map(|hold| format!("；已暂停发布：{hold}")).unwrap_or_default();
        let choice = if held.is_empty() { "" } else { "对已更正的年度数据作出选择、" };
        match self.status {
            AnnouncementStatus::Draft | AnnouncementStatus::Returned(_) | AnnouncementStatus::Withdrawn(_) => {
                let missing = if self.is_generated { "提交与审核" } else { "生成公告、提交与审核" };
                format!("{}，尚缺：{choice}{missing}", self.when())
            }
            AnnouncementStatus::InReview => format!("{}，尚缺：{}{held}", self.when(), self.review()),
            AnnouncementStatus::Scheduled(at) => match self.holds.first() {
                Some(hold) => format!("已审核，原定 {} 发布，已暂停定时发布：{hold}", at.local()),
                None if *at > self.now => format!("已审核，将于 {} 自动发布", at.local()),
                None => format!("已审核，设定的发布时间 {} 已到，正在发布", at.local()),
            },
            AnnouncementStatus::Published(public) | AnnouncementStatus::Ended(public) => {
                let end = if matches!(self.status, AnnouncementStatus::Ended(_)) { "，公告已截止" } else { "" };
                match &public.pending {
                    None => format!("已于 {} 发布{end}", public.at.local()),
                    Some(Pending::Correction(_)) => {
                        format!("已于 {} 发布{end}，更正公告正在办理，发布后本公告变为已更正", public.at.local())
                    }
                    Some(Pending::Revocation(_)) => format!("已于 {} 发布{end}，已申请撤销，尚缺：{}", public.at.local(), self.review()),
                }
            }
            AnnouncementStatus::Corrected(correction) => format!("已于 {} 由更正公告代替", correction.since.local()),
            AnnouncementStatus::Revoked(revocation) => format!("已于 {} 撤销", revocation.since.local()),
        }
    }

    /// 「为什么还没发布」: every condition in its order; nothing for what was published.
    pub fn conditions(&self) -> Vec<Condition> {
        if self.status.is_public() {
            return Vec::new();
        }
        let is_submitted = matches!(self.status, AnnouncementStatus::InReview | AnnouncementStatus::Scheduled(_));
        let mut found = vec![self.generated(), self.submitted(is_submitted), self.reviewed(is_submitted), self.time()];
        found.extend(self.holds.iter().map(|hold| Condition { what: "没有被暂停发布", met: Met::No, words: hold.clone() }));
        found
    }

    fn generated(&self) -> Condition {
        let (met, words) = if self.is_generated {
            (Met::Yes, "公告编号和公告正文已经生成")
        } else {
            (Met::No, "还没有公告编号和公告正文，请点击「生成公告」")
        };
        Condition { what: "生成公告", met, words: words.to_owned() }
    }

    fn submitted(&self, is_submitted: bool) -> Condition {
        let (met, words) = match (self.status, self.submitted_at) {
            (_, Some(at)) if is_submitted => (Met::Yes, format!("已于 {} 提交", at.local())),
            (AnnouncementStatus::Returned(reason), _) => (Met::No, format!("被退回：{reason}。请修改后重新提交")),
            (AnnouncementStatus::Withdrawn(reason), _) => (Met::No, format!("已撤回：{reason}。请修改后重新提交")),
            _ => (Met::No, "还没有提交，请点击「提交」".to_owned()),
        };
        Condition { what: "提交", met, words }
    }

    fn reviewed(&self, is_submitted: bool) -> Condition {
        let (met, words) = match (self.status, self.waiting) {
            (AnnouncementStatus::Scheduled(_), _) => (Met::Yes, "已审核完成".to_owned()),
            (_, Some(Waiting { who, since })) if is_submitted => {
                (Met::Waiting, format!("等待 {who} 审核，自 {} 起，已等待 {}", since.local(), self.now.since(since)))
            }
            _ => (Met::No, "提交后由审核人审核".to_owned()),
        };
        Condition { what: "审核", met, words }
    }

    fn time(&self) -> Condition {
        let (met, words) = match self.mode {
            PublishMode::OnApproval => (Met::Yes, "审核完成时立即发布".to_owned()),
            PublishMode::At(at) if at > self.now => (Met::Waiting, format!("定于 {} 发布，还有 {}", at.local(), at.since(self.now))),
            PublishMode::At(at) => match self.status {
                AnnouncementStatus::Scheduled(_) => (Met::Yes, format!("设定的时间 {} 已到", at.local())),
                AnnouncementStatus::InReview => (Met::Yes, format!("设定的时间 {} 已经过去，审核完成时立即发布", at.local())),
                _ => (Met::No, format!("设定的时间 {} 已经过去，请在「基本信息」中修改", at.local())),
            },
        };
        Condition { what: "发布时间", met, words }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::announcement::status::{AnnouncementAction, Publication};

    fn at(text: &str) -> Moment {
        Moment::parse_local(text).unwrap()
    }

    fn outlook(status: &AnnouncementStatus, mode: PublishMode, now: Moment) -> Outlook<'_> {
        let waiting = Some(Waiting { who: "某单位 · 钱七", since: at("2026-03-13 07:00") });
        Outlook { status, mode, is_generated: true, submitted_at: Some(at("2026-03-13 07:00")), waiting, holds: &[], now }
    }

    #[test]
    fn e6_the_head_says_when_and_what_is_missing() {
        let set = at("2026-03-15 09:00");
        let (timed, before) = (PublishMode::At(set), set.plus_seconds(-1));
        let said = |status: &AnnouncementStatus, mode, now| outlook(status, mode, now).sentence();
        assert_eq!(said(&AnnouncementStatus::Draft, timed, before), "将于 2026-03-15 09:00:00 发布，尚缺：提交与审核");
        let in_review = AnnouncementStatus::InReview;
        assert_eq!(said(&in_review, PublishMode::OnApproval, before), "将于审核完成时发布，尚缺：某单位 · 钱七 审核");
        assert_eq!(said(&in_review, timed, before), "将于 2026-03-15 09:00:00 发布，尚缺：某单位 · 钱七 审核");
        assert_eq!(said(&AnnouncementStatus::Draft, timed, set), "设定的发布时间 2026-03-15 09:00:00 已经过去，请修改，尚缺：提交与审核");
        let late = "设定的发布时间 2026-03-15 09:00:00 已经过去，将于审核完成时立即发布，尚缺：某单位 · 钱七 审核";
        assert_eq!(said(&in_review, timed, set), late);
        let published = AnnouncementStatus::Published(Publication { at: set, pending: None });
        assert_eq!(said(&published, timed, set), "已于 2026-03-15 09:00:00 发布");
        let revoking = published.apply(&AnnouncementAction::Revoke("误发".into()), set).unwrap();
        assert_eq!(said(&revoking, timed, set), "已于 2026-03-15 09:00:00 发布，已申请撤销，尚缺：某单位 · 钱七 审核");
    }

    #[test]
    fn e6_what_holds_it_stands_in_the_sentence() {
        let set = at("2026-03-15 09:00");
        let scheduled = AnnouncementStatus::Scheduled(set);
        let holds = ["两个单位的年度数据已更正".to_owned()];
        let held = |now| Outlook { holds: &holds, waiting: None, ..outlook(&scheduled, PublishMode::At(set), now) };
        for now in [set.plus_seconds(-1), set] {
            assert_eq!(held(now).sentence(), "已审核，原定 2026-03-15 09:00:00 发布，已暂停定时发布：两个单位的年度数据已更正");
        }
        assert_eq!(held(set).conditions().last().map(|last| (last.met, last.words.as_str())), Some((Met::No, "两个单位的年度数据已更正")));
    }

    #[test]
    fn e6_why_it_is_not_published_yet_lists_every_condition() {
        let set = at("2026-03-15 09:00");
        let now = at("2026-03-13 09:00");
        let found = |status: &AnnouncementStatus, now| {
            outlook(status, PublishMode::At(set), now)
                .conditions()
                .into_iter()
                .map(|each| (each.what, each.met, each.words))
                .collect::<Vec<_>>()
        };
        let in_review = AnnouncementStatus::InReview;
        assert_eq!(
            found(&in_review, now),
            [
                ("生成公告", Met::Yes, "公告编号和公告正文已经生成".to_owned()),
                ("提交", Met::Yes, "已于 2026-03-13 07:00:00 提交".to_owned()),
                ("审核", Met::Waiting, "等待 某单位 · 钱七 审核，自 2026-03-13 07:00:00 起，已等待 2小时".to_owned()),
                ("发布时间", Met::Waiting, "定于 2026-03-15 09:00:00 发布，还有 2天".to_owned()),
            ]
        );
        assert_eq!(found(&in_review, set)[3].2, "设定的时间 2026-03-15 09:00:00 已经过去，审核完成时立即发布");
        let returned = AnnouncementStatus::Returned("备注不完整".into());
        assert_eq!(found(&returned, now)[1], ("提交", Met::No, "被退回：备注不完整。请修改后重新提交".to_owned()));
        let states = found(&AnnouncementStatus::Scheduled(set), set);
        assert!(states.iter().all(|(_, met, _)| *met == Met::Yes), "{states:?}");
        assert_eq!(found(&AnnouncementStatus::Published(Publication { at: set, pending: None }), set), []);
    }
}
