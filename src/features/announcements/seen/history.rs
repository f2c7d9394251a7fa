//! 「历史版本」 as the screens are given it.

use crate::domain::announcement::version::Occasion;
use crate::domain::announcement::version::compare::Comparison;
use crate::domain::calendar::Moment;
use crate::domain::ids::AnnouncementId;
use serde::{Deserialize, Serialize};

/// A version in 「历史版本」.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionRow {
    /// Counted from 1.
    pub number: i64,
    /// Why it was kept.
    pub occasion: Occasion,
    /// What is said of it beside that.
    pub note: String,
    /// Whose it is.
    pub who: String,
    /// When its editing began.
    pub since: Moment,
    /// When it was complete.
    pub at: Moment,
}

/// The editing that goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Current {
    /// Whose it is.
    pub who: String,
    /// When it began.
    pub since: Moment,
    /// The last change.
    pub at: Moment,
}

/// 「历史版本」 of an announcement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// The announcement.
    pub id: AnnouncementId,
    /// What to call it.
    pub title: String,
    /// The versions, newest first.
    pub rows: Vec<VersionRow>,
    /// The editing that is no version yet.
    pub current: Option<Current>,
    /// Whether the person may restore one now.
    pub may_restore: bool,
    /// Counts changes.
    pub version: i64,
}

/// Two versions to compare; 0 is what the announcement says now.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VersionPair {
    /// The announcement.
    pub id: AnnouncementId,
    /// The earlier one.
    pub from: i64,
    /// The later one.
    pub to: i64,
}

/// What differs between two versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// The earlier one.
    pub from: i64,
    /// The later one.
    pub to: i64,
    /// What differs.
    pub comparison: Comparison,
}

/// 「恢复」 of a version.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Restoration {
    /// The announcement.
    pub id: AnnouncementId,
    /// The version of the announcement that was seen.
    pub version: i64,
    /// Which of 「历史版本」.
    pub number: i64,
}
