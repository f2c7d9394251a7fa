//! Changes of the lines of an announcement's own copy, one or many at once (C4).

use super::Saved;
use crate::domain::announcement::line::{AnnouncementLine, LineChange};
use crate::domain::ids::{AnnouncementId, AnnouncementLineId};
use serde::{Deserialize, Serialize};

/// 「编辑」, 「删除」, 「恢复」 of a line.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineEdit {
    /// The announcement.
    pub id: AnnouncementId,
    /// The version that was seen.
    pub version: i64,
    /// The line.
    pub line: AnnouncementLineId,
    /// What is done to it.
    pub change: LineChange,
    /// Why.
    pub reason: String,
}

/// A changed line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LineEdited {
    /// The line as it is now.
    pub line: AnnouncementLine,
    /// That it is stored.
    pub saved: Saved,
}

/// Changes of many lines for one reason.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinesEdit {
    /// The announcement.
    pub id: AnnouncementId,
    /// The version that was seen.
    pub version: i64,
    /// What is done to which line.
    pub edits: Vec<LineDone>,
    /// Why.
    pub reason: String,
}

/// What is done to one of many lines.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineDone {
    /// The line.
    pub line: AnnouncementLineId,
    /// What is done to it.
    pub change: LineChange,
}

/// Changed lines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinesEdited {
    /// The lines as they are now.
    pub lines: Vec<AnnouncementLine>,
    /// That they are stored.
    pub saved: Saved,
}
