//! What is frozen at publication and shown to everyone; the portal asks for nothing else.

use crate::domain::announcement::correction::Alterations;
use crate::domain::announcement::status::has_ended;
use crate::domain::calendar::{Day, Moment};
use crate::domain::contract::Measure;
use crate::domain::ids::{AttachmentId, UnitId};
use crate::domain::money::Money;
use crate::domain::organisation::{District, Unit};
use serde::{Deserialize, Serialize};

/// A public file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicFile {
    /// Identity.
    pub id: AttachmentId,
    /// Name as shown.
    pub name: String,
    /// Bytes.
    pub size: i64,
}

/// Figures and files as they were at publication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    /// 面向中小企业采购金额.
    pub sme: Money,
    /// 面向小微企业采购金额, of the above.
    pub small_micro: Money,
    /// The SME amount by 预留选项, those that occur.
    pub shares: Vec<(Measure, Money)>,
    /// 「外网展示」.
    pub files: Vec<PublicFile>,
    /// What a correction changes.
    #[serde(default)]
    pub alterations: Option<Alterations>,
}

/// Another announcement, as a page links to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    /// 公告编号.
    pub number: String,
    /// 公告标题.
    pub title: String,
    /// 发布时间.
    pub at: Moment,
}

/// What a published announcement is worth today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It stands (whether it has ended is said by its end and the clock).
    Current,
    /// 已更正.
    Corrected {
        /// When.
        since: Moment,
        /// 更正理由.
        reason: String,
        /// By which.
        successor: Linked,
        /// 改前 and 改后.
        alterations: Option<Alterations>,
    },
    /// 已撤销.
    Revoked {
        /// When.
        since: Moment,
        /// 撤销理由.
        reason: String,
    },
}

/// A published announcement.
#[derive(Clone, Debug)]
pub struct Published {
    /// 公告编号.
    pub number: String,
    /// 公告标题.
    pub title: String,
    /// The publishing unit.
    pub unit: UnitId,
    /// Its name at publication.
    pub unit_name: String,
    /// 行政区划.
    pub district: District,
    /// 年度.
    pub year: i64,
    /// 发布时间.
    pub at: Moment,
    /// 公告截止时间.
    pub expires_on: Option<Day>,
    /// The body, byte for byte as published.
    pub body_html: String,
    /// Figures and files.
    pub frozen: Frozen,
    /// What it is worth today.
    pub standing: Standing,
    /// What it corrects, and why.
    pub corrects: Option<(Linked, String)>,
    /// Every announcement of the chain of corrections in which it stands, oldest first; itself alone where nothing was corrected.
    pub versions: Vec<(Linked, Listed)>,
}

impl Published {
    /// The correction that stands in its place: the last one, however many there were in between.
    pub fn stands_instead(&self) -> Option<&Linked> {
        self.versions.last().filter(|(linked, listed)| *listed == Listed::Current && linked.number != self.number).map(|(linked, _)| linked)
    }

    /// What became of it.
    pub const fn listed(&self) -> Listed {
        match self.standing {
            Standing::Current => Listed::Current,
            Standing::Corrected { .. } => Listed::Corrected,
            Standing::Revoked { .. } => Listed::Revoked,
        }
    }

    /// What it is worth now, in the words of the portal.
    pub fn state(&self, now: Moment) -> &'static str {
        self.listed().label(has_ended(self.expires_on, now))
    }

    /// Whether the last correction of it was revoked, so that nothing stands in its place.
    pub fn is_succeeded_by_nothing(&self) -> bool {
        self.versions.last().is_some_and(|(_, listed)| *listed == Listed::Revoked)
    }
}

/// What became of a published announcement, as lists say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// It stands (whether it has ended is said by its end and the clock).
    Current,
    /// 已更正.
    Corrected,
    /// 已撤销.
    Revoked,
}

impl Listed {
    /// As stored.
    pub fn from_code(code: &str) -> Option<Listed> {
        match code {
            "published" => Some(Listed::Current),
            "corrected" => Some(Listed::Corrected),
            "revoked" => Some(Listed::Revoked),
            _ => None,
        }
    }

    /// In the words of the portal, on a day on which its end has or has not passed.
    pub const fn label(self, has_ended: bool) -> &'static str {
        match self {
            Listed::Current if has_ended => "已截止",
            Listed::Current => "已发布",
            Listed::Corrected => "已更正",
            Listed::Revoked => "已撤销",
        }
    }
}

/// Which announcements the portal's list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// Those that stand and have not ended.
    #[default]
    Current,
    /// 已截止.
    Ended,
    /// 已更正.
    Corrected,
    /// 已撤销.
    Revoked,
    /// Every one that was ever published.
    All,
}

impl State {
    /// In the order of the form.
    pub const ALL: [State; 5] = [State::Current, State::Ended, State::Corrected, State::Revoked, State::All];

    /// As addresses say it; nothing is the default.
    pub const fn code(self) -> &'static str {
        match self {
            State::Current => "",
            State::Ended => "ended",
            State::Corrected => "corrected",
            State::Revoked => "revoked",
            State::All => "all",
        }
    }

    /// On the screen.
    pub const fn label(self) -> &'static str {
        match self {
            State::Current => "现行公告",
            State::Ended => "已截止",
            State::Corrected => "已更正",
            State::Revoked => "已撤销",
            State::All => "全部",
        }
    }
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// By 发布时间, newest first.
    #[default]
    Newest,
    /// By 发布时间, oldest first.
    Oldest,
    /// By 面向中小企业采购金额, highest first.
    Amount,
}

impl Sort {
    /// In the order of the form.
    pub const ALL: [Sort; 3] = [Sort::Newest, Sort::Oldest, Sort::Amount];

    /// As addresses say it; nothing is the default.
    pub const fn code(self) -> &'static str {
        match self {
            Sort::Newest => "",
            Sort::Oldest => "oldest",
            Sort::Amount => "amount",
        }
    }

    /// On the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Sort::Newest => "最新发布在前",
            Sort::Oldest => "最早发布在前",
            Sort::Amount => "采购金额高的在前",
        }
    }
}

/// What the portal's list is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PortalQuery {
    /// Words that title, unit or number hold, all of them (`domain::announcement::search`).
    pub words: Vec<String>,
    /// Words that the unit's name holds, all of them.
    pub unit: Vec<String>,
    /// 年度.
    pub year: Option<i64>,
    /// 行政区划.
    pub district: Option<District>,
    /// Which.
    pub state: State,
    /// In which order.
    pub sort: Sort,
    /// Page, counted from 1.
    pub page: i64,
}

/// A row of the portal's lists.
#[derive(Clone, Debug)]
pub struct PortalRow {
    /// 公告编号.
    pub number: String,
    /// 公告标题.
    pub title: String,
    /// The publishing unit.
    pub unit: UnitId,
    /// Its name at publication.
    pub unit_name: String,
    /// 行政区划.
    pub district: District,
    /// 年度.
    pub year: i64,
    /// 发布时间.
    pub at: Moment,
    /// 公告截止时间.
    pub expires_on: Option<Day>,
    /// What became of it.
    pub standing: Listed,
    /// 面向中小企业采购金额.
    pub sme: Money,
    /// 面向小微企业采购金额, of the above.
    pub small_micro: Money,
    /// Lines of its 明细.
    pub projects: i64,
}

impl PortalRow {
    /// Whether it is a 零报告, which has no figures.
    pub fn is_zero_report(&self) -> bool {
        self.projects == 0 && self.sme == Money::ZERO
    }

    /// What it is worth now, in words.
    pub fn label(&self, now: Moment) -> &'static str {
        self.standing.label(has_ended(self.expires_on, now))
    }
}

/// A 主管 that shows who of its units has published and who has not.
#[derive(Clone, Debug)]
pub struct Progress {
    /// The 主管.
    pub supervisor: Unit,
    /// Its announcement of the year: the one that stands, else the last that was revoked; none where nothing was ever published.
    pub announcement: Option<PortalRow>,
    /// Its units, and whether the announcement holds the data of each; empty until it is published.
    pub units: Vec<(String, bool)>,
}
