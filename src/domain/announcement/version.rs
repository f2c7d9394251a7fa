//! 历史版本: what an announcement said at a moment, and what differs between two of them.
//!
//! Always: a version is kept whole and never changed. A person's changes within [`FOLD_SECONDS`] are one version; 「生成公告」, 「提交」, 「审核」,
//! 「恢复」, 「套用新模板」, 「补入单位」 and 「移出单位」 always make one. Of the versions that only editing has made, the newest [`EDITS_KEPT`] stay; the others are
//! never removed.

pub mod compare;
pub mod text;

use crate::domain::announcement::document::Document;
use crate::domain::announcement::line::{AnnouncementLine, LineValues};
use crate::domain::announcement::status::PublishMode;
use crate::domain::calendar::Day;
use crate::domain::ids::{AnnouncementLineId, AttachmentId};
use crate::domain::organisation::District;
use serde::{Deserialize, Serialize};

/// How long the changes of one person go into one version, counted from the first.
pub const FOLD_SECONDS: i64 = 600;
/// Versions of mere editing that are kept of an announcement.
pub const EDITS_KEPT: usize = 60;

/// Why a version was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// 「创建公告」.
    Created,
    /// Changes of one person.
    Edited,
    /// 「生成公告」.
    Generated,
    /// 「提交」.
    Submitted,
    /// 「审核」.
    Reviewed,
    /// 「恢复」 of an earlier version.
    Restored,
    /// 「套用新模板」.
    Templated,
    /// 「补入单位」.
    UnitsTakenIn,
    /// 「移出单位」.
    UnitMovedOut,
}

impl Occasion {
    /// All of them.
    pub const ALL: [Occasion; 9] = [
        Occasion::Created,
        Occasion::Edited,
        Occasion::Generated,
        Occasion::Submitted,
        Occasion::Reviewed,
        Occasion::Restored,
        Occasion::Templated,
        Occasion::UnitsTakenIn,
        Occasion::UnitMovedOut,
    ];

    /// The word on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Occasion::Created => "创建公告",
            Occasion::Edited => "编辑",
            Occasion::Generated => "生成公告",
            Occasion::Submitted => "提交",
            Occasion::Reviewed => "审核",
            Occasion::Restored => "恢复历史版本",
            Occasion::Templated => "套用新模板",
            Occasion::UnitsTakenIn => "补入单位",
            Occasion::UnitMovedOut => "移出单位",
        }
    }

    /// As stored.
    pub const fn code(self) -> &'static str {
        match self {
            Occasion::Created => "created",
            Occasion::Edited => "edited",
            Occasion::Generated => "generated",
            Occasion::Submitted => "submitted",
            Occasion::Reviewed => "reviewed",
            Occasion::Restored => "restored",
            Occasion::Templated => "templated",
            Occasion::UnitsTakenIn => "units_taken_in",
            Occasion::UnitMovedOut => "unit_moved_out",
        }
    }

    /// From the stored form.
    pub fn from_code(code: &str) -> Option<Occasion> {
        Occasion::ALL.into_iter().find(|occasion| occasion.code() == code)
    }
}

/// A line as a version keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionLine {
    /// Which.
    pub id: AnnouncementLineId,
    /// The unit whose record it comes from.
    pub unit_name: String,
    /// What it said.
    pub values: LineValues,
    /// Whether it was left out.
    pub is_removed: bool,
    /// Why it was changed or left out.
    pub reason: String,
}

impl VersionLine {
    /// Of a line as it stands.
    pub fn of(line: &AnnouncementLine) -> VersionLine {
        VersionLine {
            id: line.id.clone(),
            unit_name: line.unit_name.clone(),
            values: line.values.clone(),
            is_removed: line.is_removed,
            reason: line.reason.clone(),
        }
    }
}

/// A file as a version keeps it: that it was there, not its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionFile {
    /// Which.
    pub id: AttachmentId,
    /// Its name.
    pub name: String,
    /// Its content's SHA-256.
    pub sha256: String,
    /// 「外网展示」.
    pub is_shown: bool,
}

/// Everything of a version but 正文 and the lines, which many versions share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// 公告标题.
    pub title: String,
    /// 行政区划.
    pub district: District,
    /// 发布类型.
    pub mode: PublishMode,
    /// 公告截止时间.
    pub expires_on: Option<Day>,
    /// 备注.
    pub remark: String,
    /// 附件, in their order.
    pub files: Vec<VersionFile>,
}

/// A whole version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// All but the following.
    pub head: Head,
    /// 公告正文, once generated.
    pub document: Option<Document>,
    /// The lines.
    pub lines: Vec<VersionLine>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c7_an_occasion_has_one_name_in_the_table_and_on_the_network() {
        for occasion in Occasion::ALL {
            assert_eq!(Occasion::from_code(occasion.code()), Some(occasion));
            assert_eq!(serde_json::to_value(occasion).unwrap(), occasion.code());
        }
        assert_eq!(Occasion::from_code("published"), None);
    }
}
