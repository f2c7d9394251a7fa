//! What is frozen at publication and shown to everyone; the portal asks for nothing else.

use crate::domain::announcement::correction::Alterations;
use crate::domain::calendar::{Day, Moment};
use crate::domain::contract::Measure;
use crate::domain::ids::AttachmentId;
use crate::domain::money::Money;
use crate::domain::organisation::District;
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
}

/// What the portal's list is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PortalQuery {
    /// Words that the unit's name holds, all of them.
    pub words: Vec<String>,
    /// 年度.
    pub year: Option<i64>,
    /// 行政区划.
    pub district: Option<District>,
    /// Page, counted from 1.
    pub page: i64,
}

/// A row of the portal's list.
#[derive(Clone, Debug)]
pub struct PortalRow {
    /// 公告编号.
    pub number: String,
    /// 公告标题.
    pub title: String,
    /// The publishing unit.
    pub unit_name: String,
    /// 行政区划.
    pub district: District,
    /// 年度.
    pub year: i64,
    /// 发布时间.
    pub at: Moment,
    /// 公告截止时间.
    pub expires_on: Option<Day>,
}
