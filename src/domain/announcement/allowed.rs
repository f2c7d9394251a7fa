//! Which deeds the screen offers for a 公告, and what still stands between it and the reviewers.

use crate::domain::access::{self, Deed, Relation, may};
use crate::domain::announcement::basics::{self, BasicsFault};
use crate::domain::announcement::document::Document;
use crate::domain::announcement::figures::Figures;
use crate::domain::announcement::number;
use crate::domain::announcement::render::{Severity, check};
use crate::domain::announcement::status::{AnnouncementAction, AnnouncementStatus, PublishMode};
use crate::domain::calendar::{Day, Moment};
use crate::domain::ids::AnnouncementId;
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
    /// 「更正」.
    pub correct: bool,
    /// 「撤销」.
    pub revoke: bool,
}

/// What `actor` may do to the announcement `id`; `waits` is whether the open step waits for them.
pub fn allowed(actor: &Actor, relation: Relation, id: &AnnouncementId, status: &AnnouncementStatus, waits: bool) -> Allowed {
    let works = may(actor, Deed::WorkOnAnnouncement, relation).is_ok();
    let reviews = may(actor, access::Deed::ReviewAnnouncement, relation).is_ok();
    let leads = |action: AnnouncementAction| status.apply(&action, Moment::from_millis(0)).is_ok();
    Allowed {
        edit: works && leads(AnnouncementAction::Edit),
        delete: works && leads(AnnouncementAction::Delete),
        submit: works && leads(AnnouncementAction::Submit),
        review: reviews && waits && leads(AnnouncementAction::Forward),
        withdraw: works && leads(AnnouncementAction::Withdraw(String::new())),
        // Any successor will do for the question.
        correct: works && leads(AnnouncementAction::Correct(id.clone())),
        revoke: works && leads(AnnouncementAction::Revoke(String::new())),
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
}
