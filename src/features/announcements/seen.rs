//! What the screens of 公告 are given and what they send.

mod around;
mod company;
mod files;
mod history;
mod lines;
mod template;
mod units;

pub use around::{
    Around, Held, Kept, LinksAsked, Rehearsal, RehearsalAnswer, RehearsalAnswered, Settlement, StaleChoice, UnitStanding, rehearsed,
};
pub use company::{Companion, Company, Visit};
pub use files::{Attachment, FileEdit, FileOrder, OlderFile, Uploaded};
pub use history::{Compared, Current, Restoration, VersionPair, VersionRow, Versions};
pub use lines::{LineDone, LineEdit, LineEdited, LinesEdit, LinesEdited};
pub use template::{OfferedTemplate, TakenTemplate, template_label};
pub use units::{Left, Missing, Ready, RecordSeen, TakenIn, UnitLeft, UnitsTaken};

use crate::domain::announcement::allowed::Allowed;
use crate::domain::announcement::correction::Alterations;
use crate::domain::announcement::figures::Figures;
use crate::domain::announcement::line::{AnnouncementLine, figures};
use crate::domain::announcement::outlook;
use crate::domain::announcement::part::Part;
use crate::domain::announcement::status::{AnnouncementStatus, PublishMode};
use crate::domain::approval::{Assignee, Candidate, Decision};
use crate::domain::calendar::{Day, Moment, Year};
use crate::domain::ids::AnnouncementId;
use crate::domain::organisation::District;
use crate::features::approvals::History;
use serde::{Deserialize, Serialize};

/// Rows on a page of 公告列表.
pub const PAGE_SIZE: i64 = 20;

/// What 公告列表 is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// 年度, or all.
    pub year: Option<i32>,
    /// 公告状态 by its code, or all.
    pub status: Option<String>,
    /// Page, counted from 1.
    pub page: i64,
}

/// A row of 公告列表.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListRow {
    /// Identity.
    pub id: AnnouncementId,
    /// 公告编号, once given.
    pub number: Option<String>,
    /// 公告标题.
    pub title: String,
    /// 年度.
    pub year: Year,
    /// 发布类型, with its time.
    pub mode: PublishMode,
    /// 公告截止时间.
    pub expires_on: Option<Day>,
    /// 公告状态.
    pub status: AnnouncementStatus,
    /// What happens next, in a sentence.
    pub outlook: String,
    /// Whether it corrects another one.
    pub corrects: bool,
    /// What the person may do to it.
    pub allowed: Allowed,
    /// Counts changes.
    pub version: i64,
}

/// A page of 公告列表.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListPage {
    /// The rows of this page, newest first.
    pub rows: Vec<ListRow>,
    /// Of all pages.
    pub total: i64,
    /// The years that can be asked for.
    pub years: Vec<Year>,
    /// Whether the person may create one.
    pub creates: bool,
}

/// An announcement of the same year that exists already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Existing {
    /// Identity.
    pub id: AnnouncementId,
    /// What to call it.
    pub title: String,
    /// Its state's word.
    pub status: String,
}

/// What the dialog 「生成公告」 shows before 「确定」.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outlook {
    /// Every unit of the tree, the publishing one first.
    pub units: Vec<UnitStanding>,
    /// The announcement that speaks for the year already; there is at most one that was made under the rule.
    pub existing: Vec<Existing>,
}

/// A year that the dialog offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedYear {
    /// The year.
    pub year: Year,
    /// Whether it is not over yet.
    pub is_running: bool,
}

/// The year that the dialog asks about.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutlookQuery {
    /// 年度.
    pub year: Year,
}

/// 「生成公告」 of the dialog.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Creation {
    /// 年度.
    pub year: Year,
}

/// Names one announcement.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Which {
    /// Identity.
    pub id: AnnouncementId,
}

/// Names one announcement as the person saw it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// Identity.
    pub id: AnnouncementId,
    /// The version that was seen.
    pub version: i64,
}

/// 「基本信息」.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basics {
    /// 行政区划.
    pub district: District,
    /// 发布类型 and 发布时间.
    pub mode: PublishMode,
    /// 公告截止时间.
    pub expires_on: Option<Day>,
}

/// The published announcement that another one corrects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corrects {
    /// Identity.
    pub id: AnnouncementId,
    /// 公告编号.
    pub number: String,
    /// 发布时间.
    pub published_at: Moment,
    /// 更正理由.
    pub reason: String,
    /// 改前 and 改后.
    pub alterations: Alterations,
}

/// The correction of a published announcement, also one in the making.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuccessorLink {
    /// Identity.
    pub id: AnnouncementId,
    /// 公告编号.
    pub number: String,
    /// Its state's word.
    pub status: String,
}

/// A whole announcement, as its page shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Announcement {
    /// Identity.
    pub id: AnnouncementId,
    /// The publishing unit.
    pub unit_name: String,
    /// 年度.
    pub year: Year,
    /// 公告编号, once given.
    pub number: Option<String>,
    /// 公告标题.
    pub title: String,
    /// 基本信息.
    pub basics: Basics,
    /// 备注.
    pub remark: String,
    /// 公告正文 as the editor's JSON, once generated.
    pub document: Option<String>,
    /// Where it stands.
    pub status: AnnouncementStatus,
    /// The own copy of the lines.
    pub lines: Vec<AnnouncementLine>,
    /// The records that it holds.
    pub held: Vec<Held>,
    /// The units that are not in it.
    pub missing: Vec<Missing>,
    /// Other announcements of the year that stand or are under way.
    pub others: Vec<Existing>,
    /// The rehearsal before the set time, once it was made.
    pub rehearsal: Option<Rehearsal>,
    /// Whether its links may be asked if they answer.
    pub asks_links: bool,
    /// Its files.
    pub files: Vec<Attachment>,
    /// How large a file may be, in MB.
    pub file_mb: usize,
    /// Who submitted it last, and when.
    pub submitted: Option<(String, Moment)>,
    /// 流程进度 and 操作日志.
    pub history: History,
    /// The further approvers that can be chosen.
    pub candidates: Vec<Candidate>,
    /// What the person may do.
    pub allowed: Allowed,
    /// The published body, byte for byte.
    pub body_html: Option<String>,
    /// The template that it took.
    pub template: TakenTemplate,
    /// What it corrects.
    pub corrects: Option<Corrects>,
    /// What corrects it.
    pub successor: Option<SuccessorLink>,
    /// Why its publication is held, each in a sentence; empty where nothing holds it.
    pub holds: Vec<String>,
    /// When this was read.
    pub now: Moment,
    /// Counts changes.
    pub version: i64,
}

impl Announcement {
    /// The parts that are typed, as they are stored.
    pub fn parts(&self) -> Unsaved {
        Unsaved {
            basics: Some(self.basics.clone()),
            title: Some(self.title.clone()),
            remark: Some(self.remark.clone()),
            document: self.document.clone(),
        }
    }

    /// What happens next, with the 发布类型 that stands on the screen.
    pub fn outlook(&self, mode: PublishMode, is_generated: bool) -> outlook::Outlook<'_> {
        outlook::Outlook {
            status: &self.status,
            mode,
            is_generated,
            submitted_at: self.submitted.as_ref().map(|(_, at)| *at),
            waiting: self.history.open_step().map(|step| outlook::Waiting { who: &step.assignee_name, since: step.opened_at }),
            holds: &self.holds,
            now: self.now,
        }
    }

    /// The data with this 备注, as the notice would show them now.
    pub fn figures_with(&self, remark: &str, lines: &[AnnouncementLine], mode: PublishMode) -> Figures {
        let date = self.status.at().or(mode.at()).map(Moment::day);
        figures(&self.unit_name, self.year, remark, date, lines)
    }

    /// Whether nothing is published because somebody must choose for a corrected record (E5).
    pub fn waits_for_choice(&self) -> bool {
        self.held.iter().any(|held| held.is_undecided)
    }
}

/// What autosave sends: only what was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Patch {
    /// Identity.
    pub id: AnnouncementId,
    /// The version that was changed.
    pub version: i64,
    /// What was changed.
    pub change: Unsaved,
    /// Whether the person has put their own text over another one that they were shown: that one becomes a version, whoever wrote it.
    #[serde(default)]
    pub is_choice: bool,
}

/// What was typed and is not acknowledged yet; the browser keeps it in its storage until it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unsaved {
    /// 基本信息.
    pub basics: Option<Basics>,
    /// 公告标题.
    pub title: Option<String>,
    /// 备注.
    pub remark: Option<String>,
    /// 公告正文.
    pub document: Option<String>,
}

impl Unsaved {
    /// Whether nothing waits.
    pub const fn is_empty(&self) -> bool {
        self.basics.is_none() && self.title.is_none() && self.remark.is_none() && self.document.is_none()
    }

    /// Whether this part waits.
    pub const fn names(&self, part: Part) -> bool {
        match part {
            Part::Basics => self.basics.is_some(),
            Part::Title => self.title.is_some(),
            Part::Remark => self.remark.is_some(),
            Part::Document => self.document.is_some(),
        }
    }

    /// Takes one part out of this.
    #[must_use]
    pub fn take(&mut self, part: Part) -> Unsaved {
        let mut taken = Unsaved::default();
        match part {
            Part::Basics => taken.basics = self.basics.take(),
            Part::Title => taken.title = self.title.take(),
            Part::Remark => taken.remark = self.remark.take(),
            Part::Document => taken.document = self.document.take(),
        }
        taken
    }

    /// One part of this alone.
    #[must_use]
    pub fn only(&self, part: Part) -> Unsaved {
        let none = Unsaved::default();
        match part {
            Part::Basics => Unsaved { basics: self.basics.clone(), ..none },
            Part::Title => Unsaved { title: self.title.clone(), ..none },
            Part::Remark => Unsaved { remark: self.remark.clone(), ..none },
            Part::Document => Unsaved { document: self.document.clone(), ..none },
        }
    }

    /// This, under what was typed later.
    #[must_use]
    pub fn under(self, later: Unsaved) -> Unsaved {
        Unsaved {
            basics: later.basics.or(self.basics),
            title: later.title.or(self.title),
            remark: later.remark.or(self.remark),
            document: later.document.or(self.document),
        }
    }
}

/// That a change is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// From now on.
    pub version: i64,
    /// When.
    pub at: Moment,
}

/// 「生成公告」.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Generated {
    /// 公告编号.
    pub number: String,
    /// 公告标题.
    pub title: String,
    /// 公告正文.
    pub document: String,
    /// That it is stored.
    pub saved: Saved,
}

/// 「提交」.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submission {
    /// The announcement.
    pub id: AnnouncementId,
    /// The version that was seen.
    pub version: i64,
    /// 「下一审批机构/人员」.
    pub next: Assignee,
    /// 「说明」 to the approver; may be empty.
    #[serde(default)]
    pub note: String,
}

/// 「审核」.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// The announcement.
    pub id: AnnouncementId,
    /// The version that was seen.
    pub version: i64,
    /// 「同意」 or 「不同意」.
    pub decision: Decision,
}

/// 「撤回」.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// The announcement.
    pub id: AnnouncementId,
    /// The version that was seen.
    pub version: i64,
    /// 「撤回理由」.
    pub reason: String,
}

/// 「更正」.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectionAsked {
    /// The published announcement.
    pub id: AnnouncementId,
    /// The version that was seen.
    pub version: i64,
    /// 更正理由; everyone will read it.
    pub reason: String,
}

/// 「撤销」.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevocationAsked {
    /// The published announcement.
    pub id: AnnouncementId,
    /// The version that was seen.
    pub version: i64,
    /// 撤销理由; everyone will read it.
    pub reason: String,
    /// 「下一审批机构/人员」.
    pub next: Assignee,
}
