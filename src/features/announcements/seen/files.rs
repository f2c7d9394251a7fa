//! 附件 as the screens are given them.

use super::Saved;
use crate::domain::calendar::Moment;
use crate::domain::ids::{AnnouncementId, AttachmentId};
use serde::{Deserialize, Serialize};

/// A file of an announcement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Identity.
    pub id: AttachmentId,
    /// Name as shown.
    pub name: String,
    /// Media type, by its content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// 「外网展示」.
    pub is_shown: bool,
    /// What it has replaced, the newest first; for the office alone.
    pub older: Vec<OlderFile>,
}

/// A file that was replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OlderFile {
    /// Identity.
    pub id: AttachmentId,
    /// Name as shown.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// When it was uploaded.
    pub uploaded_at: Moment,
}

/// A change of a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEdit {
    /// The announcement.
    pub id: AnnouncementId,
    /// The version that was seen.
    pub version: i64,
    /// The file.
    pub file: AttachmentId,
    /// 「外网展示」; `None` deletes the file.
    pub is_shown: Option<bool>,
}

/// The order of the files.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileOrder {
    /// The announcement.
    pub id: AnnouncementId,
    /// All files from first to last; one that is not named stays behind them.
    pub files: Vec<AttachmentId>,
}

/// A file that was uploaded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Uploaded {
    /// The file.
    pub file: Attachment,
    /// That it is stored.
    pub saved: Saved,
}
