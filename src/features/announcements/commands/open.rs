//! What open data says of published announcements: every change in the order of the commits, each announcement as it stands, its lines.
//!
//! Always: nothing is read that was not published; of a line what the announcement says, never what was approved before it or why it was
//! changed; of a contract behind a line only what its own 合同公告 has made public.

use super::super::store;
use super::published::Frozen;
use crate::domain::announcement::line::LineValues;
use crate::domain::calendar::{Day, Moment};
use crate::domain::contract::{Contract, is_disclosed};
use crate::domain::ids::{AnnouncementId, LineId, RecordId, UnitId};
use crate::domain::organisation::District;
use crate::error::AppError;
use crate::features::records::commands as records;
use crate::server::request::Services;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What happened to an announcement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It was published.
    Published,
    /// Another one has taken its place.
    Corrected,
    /// It was revoked.
    Revoked,
}

impl ChangeKind {
    /// Every kind.
    pub const ALL: [ChangeKind; 3] = [ChangeKind::Published, ChangeKind::Corrected, ChangeKind::Revoked];

    /// Stable ASCII name.
    pub const fn code(self) -> &'static str {
        match self {
            ChangeKind::Published => "published",
            ChangeKind::Corrected => "corrected",
            ChangeKind::Revoked => "revoked",
        }
    }

    /// Reads what [`Self::code`] writes.
    pub fn from_code(code: &str) -> Option<ChangeKind> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The word for it.
    pub const fn label(self) -> &'static str {
        match self {
            ChangeKind::Published => "发布",
            ChangeKind::Corrected => "已更正",
            ChangeKind::Revoked => "已撤销",
        }
    }
}

/// A 单位 as everyone may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenUnit {
    /// Identity; stable, where the code may be unknown.
    pub id: UnitId,
    /// Its name when the announcement was made.
    pub name: String,
    /// 统一社会信用代码.
    pub uscc: Option<String>,
}

/// Another announcement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Identity.
    pub id: AnnouncementId,
    /// 公告编号.
    pub number: String,
}

/// What an announcement corrects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corrected {
    /// Which.
    pub of: Reference,
    /// 更正理由.
    pub reason: String,
}

/// What a published announcement is worth today; whether it has ended is said by its end and the clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenState {
    /// It stands.
    Current,
    /// 已更正.
    Corrected {
        /// When.
        since: Moment,
        /// 更正理由.
        reason: String,
        /// 公告编号 of the one that took its place.
        successor: String,
    },
    /// 已撤销.
    Revoked {
        /// When.
        since: Moment,
        /// 撤销理由.
        reason: String,
    },
}

/// A published announcement without its text and lines.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Identity.
    pub id: AnnouncementId,
    /// 公告编号.
    pub number: String,
    /// 公告标题.
    pub title: String,
    /// The publishing unit.
    pub unit: OpenUnit,
    /// 行政区划.
    pub district: District,
    /// 年度.
    pub year: i64,
    /// 发布时间.
    pub published_at: Moment,
    /// 公告截止时间.
    pub expires_on: Option<Day>,
    /// Figures and files, as they were frozen.
    pub frozen: Frozen,
    /// What it is worth today.
    pub state: OpenState,
    /// What it corrects.
    pub corrects: Option<Corrected>,
}

/// A change, with the announcement as it stands today.
#[derive(Clone, Debug)]
pub struct Change {
    /// Its place among all changes, in the order of the commits.
    pub no: i64,
    /// What happened.
    pub kind: ChangeKind,
    /// When.
    pub at: Moment,
    /// To which announcement.
    pub notice: Notice,
}

/// Which unit is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// By 统一社会信用代码.
    Uscc(String),
    /// By its id.
    Id(UnitId),
}

/// Which changes are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Those after this number.
    pub after: i64,
    /// And up to this one: the counter of publications as it was read before, or less.
    pub until: i64,
    /// 年度.
    pub year: Option<i64>,
    /// 行政区划.
    pub district: Option<District>,
    /// The publishing unit.
    pub unit: Option<Which>,
    /// One kind alone.
    pub kind: Option<ChangeKind>,
    /// Those alone that publish projects, or withdraw some: publications and revocations of announcements that list any, or correct one that did.
    pub of_projects: bool,
    /// Each as it stood at `until`, so that pages read one after the other fit together; else as it stands.
    pub is_as_of_until: bool,
    /// The newest first instead of the oldest.
    pub is_newest_first: bool,
    /// At most so many.
    pub limit: i64,
}

/// Changes, and how far they reach.
#[derive(Clone, Debug)]
pub struct Page {
    /// In the order asked for.
    pub changes: Vec<Change>,
    /// The number of the last that was looked at; none where nothing fits.
    pub reached: Option<i64>,
    /// Whether more fit what was asked.
    pub has_more: bool,
}

impl Page {
    /// Where to go on. Where nothing more fits, what was passed over need not be looked at again: everything up to `until` is committed.
    pub fn cursor(&self, asked: &Asked) -> i64 {
        if self.has_more { self.reached.unwrap_or(asked.after) } else { asked.until }
    }
}

/// A line of an announcement.
#[derive(Clone, Debug)]
pub struct OpenLine {
    /// The unit whose project it is.
    pub unit: OpenUnit,
    /// What the announcement says.
    pub values: LineValues,
    /// The record that it came from, and its approved version; for finding its contract.
    record: (RecordId, i64),
    /// The line of the record; a correction keeps it.
    pub line: Option<LineId>,
}

/// The number of the last change: everything up to it is committed and to be read.
pub async fn last(services: &Services) -> Result<i64, AppError> {
    Ok(store::numbers::publications(&mut *services.db.read().await?).await?)
}

/// The changes asked for, in their order.
pub async fn changes(services: &Services, asked: &Asked) -> Result<Page, AppError> {
    store::changes::list(&mut *services.db.read().await?, asked).await
}

/// A published announcement by its 公告编号.
pub async fn by_number(services: &Services, number: &str) -> Result<Option<Notice>, AppError> {
    store::changes::by_number(&mut *services.db.read().await?, number).await
}

/// A published announcement by its id.
pub async fn by_id(services: &Services, id: &AnnouncementId) -> Result<Option<Notice>, AppError> {
    store::changes::by_id(&mut *services.db.read().await?, id).await
}

/// The lines that these published announcements show, each announcement's in the order of its notice.
pub async fn lines(services: &Services, notices: &[AnnouncementId]) -> Result<HashMap<AnnouncementId, Vec<OpenLine>>, AppError> {
    if notices.is_empty() {
        return Ok(HashMap::new());
    }
    let mut db = services.db.read().await?;
    let units = store::changes::units(&mut db, notices).await?;
    let mut stored = store::lines::of_many(&mut db, notices).await?;
    let mut found = HashMap::new();
    for id in notices {
        // One that cannot be read must not end the feed for everyone; it was logged.
        let lines = stored.remove(id.as_str()).and_then(Result::ok).unwrap_or_default();
        let shown = lines.into_iter().filter(|line| !line.is_removed).filter_map(|line| {
            // A line is of a record that the announcement holds; one that is not belongs to nobody.
            let unit = units.get(&(id.to_string(), line.record.to_string()))?.clone();
            Some(OpenLine { unit, values: line.values, record: (line.record, line.record_number), line: line.record_line })
        });
        found.insert(id.clone(), shown.collect());
    }
    Ok(found)
}

/// The contracts behind these lines of one announcement, as they were approved: those that everyone may know ([`is_disclosed`]). Of the others
/// nobody outside knows more than the line says.
pub async fn contracts(services: &Services, lines: &[OpenLine]) -> Result<HashMap<LineId, Contract>, AppError> {
    let mut wanted: BTreeMap<(&RecordId, i64), HashSet<&LineId>> = BTreeMap::new();
    for line in lines {
        if let Some(of_record) = &line.line {
            wanted.entry((&line.record.0, line.record.1)).or_default().insert(of_record);
        }
    }
    let linked: HashSet<&LineId> = lines.iter().filter(|line| line.values.url.is_some()).filter_map(|line| line.line.as_ref()).collect();
    let mut found = HashMap::new();
    let mut db = services.db.read().await?;
    for ((record, number), ids) in wanted {
        for (id, contract) in records::approved_contracts(&mut db, record, number).await? {
            if ids.contains(&id) && is_disclosed(&contract, linked.contains(&id)) {
                found.insert(id, contract);
            }
        }
    }
    Ok(found)
}
