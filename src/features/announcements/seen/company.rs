//! Who else is at an announcement, as the screens are given it.

use crate::domain::calendar::Moment;
use crate::domain::ids::{AnnouncementId, VisitId};
use serde::{Deserialize, Serialize};

/// That an announcement is open for editing on a page.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    /// The announcement.
    pub id: AnnouncementId,
    /// The page.
    pub visit: VisitId,
    /// The step that is on the screen, 1 to 4.
    pub step: u8,
    /// Whether the page is being left.
    pub leaves: bool,
}

/// Somebody else who has the announcement open for editing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Companion {
    /// Their name.
    pub name: String,
    /// Whether it is the same person, on another page.
    pub is_oneself: bool,
    /// The step that they have on the screen, 1 to 4.
    pub step: u8,
    /// Since when.
    pub since: Moment,
}

/// Who else is there, and whether something has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// The announcement's version now.
    pub version: i64,
    /// The others, by when they came.
    pub others: Vec<Companion>,
}
