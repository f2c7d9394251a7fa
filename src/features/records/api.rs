//! Server functions of 年度数据; those of single pages stand in the modules.

pub mod explanation;
pub mod shares;
pub mod update;

use super::{LeftOut, RecordRow, RecordView};
use crate::domain::approval::{Assignee, Decision};
use crate::domain::calendar::{Moment, Year};
use crate::domain::ids::{ClaimFileId, LeftOutId, LineId, RecordId, SaveId};
use crate::domain::record::change::{Change, Outcome};
use crate::domain::record::line::{Line, LineCell};
use crate::error::AppError;
use crate::wire::Json;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A tab of the list (B1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// 「全部」.
    #[default]
    All,
    /// 「本单位」.
    Own,
    /// 「下级单位」.
    Subordinate,
    /// 「待审批」.
    Waiting,
}

impl Scope {
    /// The tabs in their order.
    pub const ALL: [Scope; 4] = [Scope::All, Scope::Own, Scope::Subordinate, Scope::Waiting];

    /// The word of the tab.
    pub const fn label(self) -> &'static str {
        match self {
            Scope::All => "全部",
            Scope::Own => "本单位",
            Scope::Subordinate => "下级单位",
            Scope::Waiting => "待审批",
        }
    }

    /// As it stands in the URL.
    pub const fn code(self) -> &'static str {
        match self {
            Scope::All => "all",
            Scope::Own => "own",
            Scope::Subordinate => "subordinate",
            Scope::Waiting => "waiting",
        }
    }

    /// From the URL; anything else is 「全部」.
    pub fn from_code(code: &str) -> Scope {
        Scope::ALL.into_iter().find(|scope| scope.code() == code).unwrap_or_default()
    }
}

/// What the list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordQuery {
    /// Which tab.
    pub scope: Scope,
    /// 「年度」.
    pub year: Option<i32>,
    /// Words of the unit's name.
    pub unit: String,
    /// A status code, or empty.
    pub status: String,
    /// Page, from 1.
    pub page: usize,
}

/// A page of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordList {
    /// Its rows.
    pub rows: Vec<RecordRow>,
    /// Rows of each tab under the filters.
    pub counts: [usize; 4],
    /// Rows of this tab.
    pub total: usize,
    /// This page, from 1.
    pub page: usize,
    /// Rows of a page.
    pub size: usize,
    /// The years that occur.
    pub years: Vec<Year>,
}

/// A year of the dialog 「生成年度数据」.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedYear {
    /// The year.
    pub year: Year,
    /// Whether it is not over yet.
    pub is_running: bool,
    /// The record that exists already.
    pub existing: Option<RecordId>,
}

/// What 「生成年度数据」 led to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Generated {
    /// A new record.
    New(RecordId),
    /// There is one already (A2).
    Exists(RecordId),
}

/// The year to generate.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenerateInput {
    /// The year.
    pub year: Year,
}

/// A record as a page shows it: its id and the version of its status.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordAt {
    /// Which.
    pub record: RecordId,
    /// The version of the status that was seen.
    pub version: i64,
}

/// Which record to show.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordOnly {
    /// Which.
    pub record: RecordId,
}

/// What was typed into the cells of a line.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineEdit {
    /// Which record.
    pub record: RecordId,
    /// Which line.
    pub line: LineId,
    /// The version of the line that was seen.
    pub version: i64,
    /// Cells with their texts, in the order typed.
    pub cells: Vec<(LineCell, String)>,
}

/// The answer to a save.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedLine {
    /// The line's (or, for 「说明」, the record's) version now.
    pub version: i64,
    /// The content's version before (of a save sent again, before it came first): of a page that shows another one someone else has
    /// changed something.
    pub content_version_before: i64,
    /// The content's version now.
    pub content_version: i64,
    /// When it was saved.
    pub at: Moment,
}

/// Changes of lines, to be made together.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineChanges {
    /// Of which record.
    pub record: RecordId,
    /// In their order.
    pub changes: Vec<Change>,
    /// The name of the request, the same where it is sent again: its first coming is not taken for a colleague's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub save: Option<SaveId>,
}

/// The answer to [`LineChanges`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChangedLines {
    /// What came of each.
    pub outcomes: Vec<Outcome>,
    /// The content's version before (of a save sent again, before it came first): of a page that shows another one someone else has
    /// changed something.
    pub content_version_before: i64,
    /// The content's version now.
    pub content_version: i64,
    /// When it was saved.
    pub at: Moment,
}

/// 「剔除」.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakeOutInput {
    /// Which record.
    pub record: RecordId,
    /// Which line.
    pub line: LineId,
    /// The version that was seen.
    pub version: i64,
    /// Why.
    pub reason: String,
}

/// The answer to [`TakeOutInput`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TakenOut {
    /// The contract among those that are not counted.
    pub left_out: LeftOut,
    /// The content's version before.
    pub content_version_before: i64,
    /// The content's version now.
    pub content_version: i64,
}

/// 「申请纳入」.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimInput {
    /// Which record.
    pub record: RecordId,
    /// Which left-out contract.
    pub left_out: LeftOutId,
    /// Why.
    pub reason: String,
}

/// The answer to [`ClaimInput`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClaimedIn {
    /// The line that it made, at the end of the record.
    pub line: Line,
    /// The content's version before.
    pub content_version_before: i64,
    /// The content's version now.
    pub content_version: i64,
}

/// A file that proves a claim.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimFileAt {
    /// Which record.
    pub record: RecordId,
    /// Which file.
    pub file: ClaimFileId,
}

/// A change of 「说明」.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemarkChange {
    /// Which record.
    pub record: RecordId,
    /// The words that were seen.
    pub before: String,
    /// The words from now on.
    pub remark: String,
    /// The name of the request, as in [`LineChanges`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub save: Option<SaveId>,
}

/// 「提交」.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubmitInput {
    /// Which record.
    pub record: RecordId,
    /// The version of the status that was seen.
    pub version: i64,
    /// The version of the content that was seen.
    pub content_version: i64,
    /// 「下一审批机构/人员」.
    pub next: Assignee,
    /// 「说明」 to the approver; may be empty.
    #[serde(default)]
    pub note: String,
}

/// 「撤回」 or 「申请更正」.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReasonedMove {
    /// Which record.
    pub record: RecordId,
    /// The version of the status that was seen.
    pub version: i64,
    /// Why.
    pub reason: String,
}

/// 「审核」.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecideInput {
    /// Which record.
    pub record: RecordId,
    /// The version of the status that was seen.
    pub version: i64,
    /// The decision.
    pub decision: Decision,
}

/// The 主管's answer to 「申请更正」.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectionAnswer {
    /// Which record.
    pub record: RecordId,
    /// The version of the status that was seen.
    pub version: i64,
    /// Whether it may be corrected.
    pub consent: bool,
    /// In which words; required for a refusal.
    pub opinion: String,
}

/// A page of the list (B1–B3).
#[server(prefix = "/api", endpoint = "records", input = Json, output = Json)]
pub async fn records(query: RecordQuery) -> Result<RecordList, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::list(&services, &deed, &query).await
}

/// Everything of one record.
#[server(prefix = "/api", endpoint = "record", input = Json, output = Json)]
pub async fn record(input: RecordOnly) -> Result<RecordView, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::view(&services, &deed, &input.record).await
}

/// One record as its page shows it: of what each rule left out the first contracts only.
#[server(prefix = "/api", endpoint = "record_page", input = Json, output = Json)]
pub async fn record_page(input: RecordOnly) -> Result<RecordView, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::page(&services, &deed, &input.record).await
}

/// The years that can be generated (A2).
#[server(prefix = "/api", endpoint = "record_years", input = Json, output = Json)]
pub async fn record_years() -> Result<Vec<OfferedYear>, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::offered_years(&services, &deed).await
}

/// 「生成年度数据」 (A1).
#[server(prefix = "/api", endpoint = "generate_record", input = Json, output = Json)]
pub async fn generate_record(input: GenerateInput) -> Result<Generated, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::generate(&services, deed, input.year).await
}

/// Saves the cells of one line as a form shows it, over the version that was seen (A5).
#[server(prefix = "/api", endpoint = "save_line", input = Json, output = Json)]
pub async fn save_line(input: LineEdit) -> Result<SavedLine, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::save_line(&services, deed, input).await
}

/// Saves what was changed in the detail table (A5, A6, E3).
#[server(prefix = "/api", endpoint = "change_lines", input = Json, output = Json)]
pub async fn change_lines(input: LineChanges) -> Result<ChangedLines, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::change_lines(&services, deed, input).await
}

/// 「剔除」 (A9); the answer is where the contract stands by then.
#[server(prefix = "/api", endpoint = "take_out", input = Json, output = Json)]
pub async fn take_out(input: TakeOutInput) -> Result<TakenOut, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::take_out(&services, deed, input).await
}

/// 「申请纳入」 (A9); the answer is the line that it made.
#[server(prefix = "/api", endpoint = "claim_in", input = Json, output = Json)]
pub async fn claim_in(input: ClaimInput) -> Result<ClaimedIn, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::claim_in(&services, deed, input).await
}

/// Takes away a file that proves a claim.
#[server(prefix = "/api", endpoint = "delete_claim_file", input = Json, output = Json)]
pub async fn delete_claim_file(input: ClaimFileAt) -> Result<(), AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::delete_claim_file(&services, deed, input).await
}

/// Saves 「说明」 (A12).
#[server(prefix = "/api", endpoint = "save_record_remark", input = Json, output = Json)]
pub async fn save_remark(input: RemarkChange) -> Result<SavedLine, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::save_remark(&services, deed, input).await
}

/// 「提交」 (A10).
#[server(prefix = "/api", endpoint = "submit_record", input = Json, output = Json)]
pub async fn submit_record(input: SubmitInput) -> Result<(), AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::submit(&services, deed, input).await
}

/// 「撤回」 (A11).
#[server(prefix = "/api", endpoint = "withdraw_record", input = Json, output = Json)]
pub async fn withdraw_record(input: ReasonedMove) -> Result<(), AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::withdraw(&services, deed, input).await
}

/// 「审核」 (B5, B6).
#[server(prefix = "/api", endpoint = "decide_record", input = Json, output = Json)]
pub async fn decide_record(input: DecideInput) -> Result<(), AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::decide(&services, deed, input).await
}

/// 「申请更正」 (B7).
#[server(prefix = "/api", endpoint = "ask_correction", input = Json, output = Json)]
pub async fn ask_correction(input: ReasonedMove) -> Result<(), AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::ask_correction(&services, deed, input).await
}

/// The 主管's answer to 「申请更正」 (B7).
#[server(prefix = "/api", endpoint = "answer_correction", input = Json, output = Json)]
pub async fn answer_correction(input: CorrectionAnswer) -> Result<(), AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::answer_correction(&services, deed, input).await
}

/// 「删除」 (B4).
#[server(prefix = "/api", endpoint = "delete_record", input = Json, output = Json)]
pub async fn delete_record(input: RecordAt) -> Result<(), AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::delete(&services, deed, input).await
}
