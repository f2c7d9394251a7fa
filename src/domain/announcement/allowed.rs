//! Which deeds the screen offers for a 公告, and what still stands between it and the reviewers.

use crate::domain::access::{self, Deed, Relation, may};
use crate::domain::announcement::basics::{self, BasicsFault};
use crate::domain::announcement::document::Document;
use crate::domain::announcement::figures::Figures;
use crate::domain::announcement::number;
use crate::domain::announcement::render::{Severity, check};
use crate::domain::announcement::status::{AnnouncementAction, AnnouncementStatus, PublishMode};
use crate::domain::calendar::{Day, Moment};
use crate::domain::organisation::{Actor, District};
use serde::{Deserialize, Serialize};

/// What a person may do to a 公告 now: the state machine and the permission table together (D2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowed {
    /// 「编辑」.
    pub edit: bool,
    /// 「删除」.
    pub delete: bool,
    /// 「提交」.
    pub submit: bool,
    /// 「审核」: a step waits for this very person.
    pub review: bool,
    /// 「撤回」.
    pub withdraw: bool,
}

/// What `actor` may do; `waits` is whether the open step waits for them.
pub fn allowed(actor: &Actor, relation: Relation, status: &AnnouncementStatus, waits: bool) -> Allowed {
    let works = may(actor, Deed::WorkOnAnnouncement, relation).is_ok();
    let reviews = may(actor, access::Deed::ReviewAnnouncement, relation).is_ok();
    let leads = |action: AnnouncementAction| status.apply(&action, Moment::from_millis(0)).is_ok();
    Allowed {
        edit: works && leads(AnnouncementAction::Edit),
        delete: works && leads(AnnouncementAction::Delete),
        submit: works && leads(AnnouncementAction::Submit),
        review: reviews && waits && leads(AnnouncementAction::Forward),
        withdraw: works && leads(AnnouncementAction::Withdraw(String::new())),
    }
}

/// What is looked at before 「提交」.
#[derive(Clone, Copy, Debug)]
pub struct Submission<'a> {
    /// 公告编号, once given.
    pub number: Option<&'a str>,
    /// 行政区划 as it is now.
    pub district: District,
    /// 发布类型.
    pub mode: PublishMode,
    /// 公告截止时间.
    pub expires_on: Option<Day>,
    /// 公告标题.
    pub title: &'a str,
    /// 公告正文, once generated.
    pub document: Option<&'a Document>,
    /// The data.
    pub figures: &'a Figures,
    /// Units whose record was corrected since, and nobody has chosen what to do (E5).
    pub undecided: &'a [String],
}

/// Why 「提交」 has to wait.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotReady {
    /// A time of 「基本信息」.
    #[error(transparent)]
    Basics(#[from] BasicsFault),
    /// 「生成公告」 is still to be done.
    #[error("还没有公告编号和公告正文，请先点击「生成公告」")]
    NotGenerated,
    /// The number is of another district.
    #[error("行政区划已改变，公告编号需要重新生成，请再次点击「生成公告」")]
    OtherDistrict,
    /// A record was corrected since (E5).
    #[error("{0}的年度数据已更正，请先选择「更新」或「保留并说明」")]
    Corrected(String),
    /// The text contradicts the data.
    #[error("公告正文须改正：{0}")]
    Text(String),
}

/// Everything that stands in the way of 「提交」 at `now`, in the order of the steps.
pub fn obstacles(submission: &Submission<'_>, now: Moment) -> Vec<NotReady> {
    let times = [basics::past(submission.mode, now), basics::ends_first(submission.mode, submission.expires_on, now)];
    let mut found: Vec<NotReady> = times.into_iter().flatten().map(NotReady::Basics).collect();
    found.extend(submission.undecided.iter().cloned().map(NotReady::Corrected));
    let (Some(given), Some(document)) = (submission.number, submission.document) else {
        found.push(NotReady::NotGenerated);
        return found;
    };
    if !number::is_of(given, submission.district) {
        found.push(NotReady::OtherDistrict);
    }
    let findings = check(document, submission.figures, submission.title).into_iter();
    found.extend(findings.filter(|finding| finding.severity == Severity::Error).map(|finding| NotReady::Text(finding.message)));
    found
}

/// One sentence about when it is or was published, and what is still missing (E6).
pub fn outlook(status: &AnnouncementStatus, mode: PublishMode, generated: bool, now: Moment) -> String {
    let passed = mode.at().filter(|at| *at <= now).map(Moment::local);
    let when = match (mode, &passed) {
        (PublishMode::OnApproval, _) => "将于审核完成时发布".to_owned(),
        (PublishMode::At(_), Some(at)) if *status == AnnouncementStatus::InReview => {
            format!("设定的发布时间 {at} 已经过去，将于审核完成时发布")
        }
        (PublishMode::At(_), Some(at)) => format!("设定的发布时间 {at} 已经过去，请修改"),
        (PublishMode::At(at), None) => format!("将于 {} 发布", at.local()),
    };
    match status {
        AnnouncementStatus::Draft | AnnouncementStatus::Returned(_) | AnnouncementStatus::Withdrawn(_) => {
            let missing = if generated { "提交与审核" } else { "生成公告、提交与审核" };
            format!("{when}，尚缺：{missing}")
        }
        AnnouncementStatus::InReview => format!("{when}，尚缺：审核"),
        AnnouncementStatus::Scheduled(at) => format!("已审核，将于 {} 自动发布", at.local()),
        AnnouncementStatus::Published(at) => format!("已于 {} 发布", at.local()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::announcement::figures::sample;
    use crate::domain::announcement::template;

    #[test]
    fn c8_a_submission_names_everything_that_is_missing() {
        let figures = sample::figures();
        let document = template::official(&figures);
        let title = template::title(&figures.unit, figures.year);
        let now = Moment::parse_local("2026-03-10 09:00").unwrap();
        let good = Submission {
            number: Some("310115-2025-0001"),
            district: District::parse("310115").unwrap(),
            mode: PublishMode::At(Moment::parse_local("2026-03-15 09:00").unwrap()),
            expires_on: Day::new(2026, 3, 15),
            title: &title,
            document: Some(&document),
            figures: &figures,
            undecided: &[],
        };
        let found = |submission: &Submission<'_>, now| obstacles(submission, now);
        assert_eq!(found(&good, now), []);
        assert_eq!(found(&Submission { number: None, ..good }, now), [NotReady::NotGenerated]);
        assert_eq!(found(&Submission { district: District::parse("310101").unwrap(), ..good }, now), [NotReady::OtherDistrict]);
        let late = Moment::parse_local("2026-03-15 09:00").unwrap();
        assert!(matches!(found(&good, late)[..], [NotReady::Basics(BasicsFault::Past(_))]));
        let ends = Day::new(2026, 3, 14);
        assert!(matches!(found(&Submission { expires_on: ends, ..good }, now)[..], [NotReady::Basics(BasicsFault::EndsFirst(..))]));
        assert!(matches!(found(&Submission { title: " ", ..good }, now)[..], [NotReady::Text(_)]));
        let undecided = ["甲".to_owned()];
        assert_eq!(found(&Submission { undecided: &undecided, ..good }, now), [NotReady::Corrected("甲".into())]);
        let all = found(&Submission { expires_on: ends, title: " ", ..good }, late);
        assert_eq!(all.len(), 3, "all at once, not one after the other: {all:?}");
    }

    #[test]
    fn e6_the_head_says_when_and_what_is_missing() {
        let at = Moment::parse_local("2026-03-15 09:00").unwrap();
        let now = at.plus_seconds(-1);
        assert_eq!(outlook(&AnnouncementStatus::Draft, PublishMode::At(at), true, now), "将于 2026-03-15 09:00:00 发布，尚缺：提交与审核");
        assert_eq!(outlook(&AnnouncementStatus::InReview, PublishMode::OnApproval, true, now), "将于审核完成时发布，尚缺：审核");
        let said = outlook(&AnnouncementStatus::Draft, PublishMode::At(at), true, at);
        assert_eq!(said, "设定的发布时间 2026-03-15 09:00:00 已经过去，请修改，尚缺：提交与审核");
        let said = outlook(&AnnouncementStatus::InReview, PublishMode::At(at), true, at);
        assert_eq!(said, "设定的发布时间 2026-03-15 09:00:00 已经过去，将于审核完成时发布，尚缺：审核");
    }
}
