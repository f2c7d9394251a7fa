//! Server functions of the import. The file itself comes by a plain upload (`handlers`).

use crate::domain::calendar::Moment;
use crate::domain::ids::ImportId;
use crate::domain::sheet::{Finding, Severity};
use crate::error::AppError;
use crate::wire::Json;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// The columns are to be confirmed.
    Columns,
    /// The rows are being read.
    Reading,
    /// The rows are read and compared.
    Read,
    /// The file cannot be read any further.
    Failed,
    /// Written.
    Applied,
    /// Given up.
    Cancelled,
    /// Left alone for too long.
    Expired,
}

impl ImportState {
    /// Every state.
    pub const ALL: [ImportState; 7] = [
        ImportState::Columns,
        ImportState::Reading,
        ImportState::Read,
        ImportState::Failed,
        ImportState::Applied,
        ImportState::Cancelled,
        ImportState::Expired,
    ];

    /// The stored name.
    pub const fn code(self) -> &'static str {
        match self {
            ImportState::Columns => "columns",
            ImportState::Reading => "reading",
            ImportState::Read => "read",
            ImportState::Failed => "failed",
            ImportState::Applied => "applied",
            ImportState::Cancelled => "cancelled",
            ImportState::Expired => "expired",
        }
    }

    /// Reads [`ImportState::code`].
    pub fn from_code(code: &str) -> Option<ImportState> {
        ImportState::ALL.into_iter().find(|state| state.code() == code)
    }

    /// The word on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            ImportState::Columns => "待核对列",
            ImportState::Reading => "读取中",
            ImportState::Read => "待确认",
            ImportState::Failed => "无法读取",
            ImportState::Applied => "已导入",
            ImportState::Cancelled => "已取消",
            ImportState::Expired => "已过期",
        }
    }

    /// Whether something may still be done.
    pub const fn is_open(self) -> bool {
        matches!(self, ImportState::Columns | ImportState::Reading | ImportState::Read | ImportState::Failed)
    }
}

/// What an import comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Rows that are not blank.
    pub rows: u64,
    /// Rows that are not in the ledger.
    pub added: u64,
    /// Rows that are there and say something else.
    pub updated: u64,
    /// Rows that are there as they are.
    pub unchanged: u64,
    /// Rows that stand in the file once more and are taken once.
    pub repeated: u64,
    /// Rows with an error.
    pub refused: u64,
    /// Errors.
    pub errors: u64,
    /// Warnings.
    pub warnings: u64,
    /// Reading stopped, because there were too many errors.
    pub is_cut: bool,
}

/// The header of a sheet, and rows below it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The row of the header.
    pub row: usize,
    /// Its cells.
    pub cells: Vec<String>,
    /// The first rows below.
    pub samples: Vec<Vec<String>>,
}

/// An import as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// Identity.
    pub id: ImportId,
    /// The file's name as the person has it.
    pub file_name: String,
    /// What the file is.
    pub file_kind: String,
    /// Its bytes.
    pub file_size: i64,
    /// How far it is.
    pub state: ImportState,
    /// Why it failed, or what is to be known.
    pub problem: String,
    /// How much is read, in thousandths.
    pub progress: i64,
    /// What it comes to.
    pub counts: Counts,
    /// The sheets among which one may choose; empty for a CSV.
    pub sheets: Vec<String>,
    /// The chosen one.
    pub sheet: usize,
    /// Its header.
    pub head: Head,
    /// What each column is read as (`Assigned::code`), empty for a column that is not read.
    pub columns: Vec<String>,
    /// Who.
    pub who: String,
    /// When it was uploaded.
    pub created_at: Moment,
    /// The last deed.
    pub touched_at: Moment,
    /// Counts the deeds.
    pub version: i64,
    /// The file and what was staged are gone: a day after it was written.
    pub is_cleared: bool,
}

/// One's own imports that are under way, and those of one's unit that were written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imports {
    /// Under way.
    pub open: Vec<Import>,
    /// Written, newest first.
    pub applied: Vec<Import>,
    /// The unit's name, by which its rows are known.
    pub unit_name: String,
    /// Whether rows of subordinate units are taken too.
    pub takes_subordinates: bool,
}

/// Which import.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhichImport {
    /// The import.
    pub id: ImportId,
}

/// An import as it was seen.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeenImport {
    /// The import.
    pub id: ImportId,
    /// The version that was seen.
    pub version: i64,
}

/// Another sheet.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetChoice {
    /// The import.
    pub id: ImportId,
    /// The version that was seen.
    pub version: i64,
    /// The sheet, from 0.
    pub sheet: usize,
}

/// What the columns are.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnChoice {
    /// The import.
    pub id: ImportId,
    /// The version that was seen.
    pub version: i64,
    /// What each column is read as (`Assigned::code`), empty for one that is not read.
    pub columns: Vec<String>,
}

/// Which findings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingQuery {
    /// The import.
    pub id: ImportId,
    /// Errors or warnings alone.
    pub severity: Option<Severity>,
    /// The page, from 1.
    pub page: u64,
}

/// A page of findings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findings {
    /// By row.
    pub findings: Vec<Finding>,
    /// How many there are on all pages.
    pub total: u64,
    /// The page, from 1.
    pub page: u64,
    /// Findings of a page.
    pub size: u64,
    /// The page on which the first error stands.
    pub first_error: Option<u64>,
}

/// Which rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Rows that are not in the ledger.
    Added,
    /// Rows that say something else.
    Updated,
    /// Rows that are there as they are.
    Unchanged,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 3] = [Kind::Added, Kind::Updated, Kind::Unchanged];

    /// The stored name.
    pub const fn code(self) -> &'static str {
        match self {
            Kind::Added => "added",
            Kind::Updated => "updated",
            Kind::Unchanged => "unchanged",
        }
    }

    /// Reads [`Kind::code`].
    pub fn from_code(code: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The word on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Kind::Added => "新增",
            Kind::Updated => "更新",
            Kind::Unchanged => "未变",
        }
    }
}

/// Which changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeQuery {
    /// The import.
    pub id: ImportId,
    /// Which rows.
    pub kind: Kind,
    /// The page, from 1.
    pub page: u64,
}

/// A cell that would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellChange {
    /// The name of the column.
    pub column: String,
    /// What stands there.
    pub before: String,
    /// What would stand there.
    pub after: String,
}

/// A row that would be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StagedRow {
    /// The row of the file.
    pub row: i64,
    /// 采购人.
    pub buyer: String,
    /// 合同编号.
    pub contract_no: String,
    /// 标项.
    pub lot: String,
    /// 项目名称, 供应商 and 合同金额（元）; empty where nothing changes.
    pub words: [String; 3],
    /// What would change.
    pub changes: Vec<CellChange>,
}

/// A page of rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StagedRows {
    /// In the order of the file.
    pub rows: Vec<StagedRow>,
    /// How many there are on all pages.
    pub total: u64,
    /// The page, from 1.
    pub page: u64,
    /// Rows of a page.
    pub size: u64,
}

/// 「开始导入」.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportWish {
    /// The import.
    pub id: ImportId,
    /// The version that was seen.
    pub version: i64,
    /// Rows with errors are left out; without this any error refuses all.
    pub partial: bool,
}

/// The imports of the person and their unit.
#[server(prefix = "/api", endpoint = "contract_imports", input = Json, output = Json)]
pub async fn contract_imports() -> Result<Imports, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::view::list(&services, &deed).await
}

/// One import.
#[server(prefix = "/api", endpoint = "contract_import", input = Json, output = Json)]
pub async fn contract_import(input: WhichImport) -> Result<Import, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::view::one(&services, &deed, &input.id).await
}

/// Takes another sheet.
#[server(prefix = "/api", endpoint = "choose_import_sheet", input = Json, output = Json)]
pub async fn choose_import_sheet(input: SheetChoice) -> Result<Import, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::choose_sheet(&services, deed, input).await
}

/// Says what the columns are, and begins to read the rows.
#[server(prefix = "/api", endpoint = "choose_import_columns", input = Json, output = Json)]
pub async fn choose_import_columns(input: ColumnChoice) -> Result<Import, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::choose_columns(&services, deed, input).await
}

/// A page of what was found.
#[server(prefix = "/api", endpoint = "import_findings", input = Json, output = Json)]
pub async fn import_findings(input: FindingQuery) -> Result<Findings, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::view::findings(&services, &deed, &input).await
}

/// A page of what would change.
#[server(prefix = "/api", endpoint = "import_changes", input = Json, output = Json)]
pub async fn import_changes(input: ChangeQuery) -> Result<StagedRows, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::view::changes(&services, &deed, &input).await
}

/// 「开始导入」.
#[server(prefix = "/api", endpoint = "apply_import", input = Json, output = Json)]
pub async fn apply_import(input: ImportWish) -> Result<Import, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::apply::apply(&services, deed, input).await
}

/// 「取消导入」.
#[server(prefix = "/api", endpoint = "cancel_import", input = Json, output = Json)]
pub async fn cancel_import(input: SeenImport) -> Result<(), AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::cancel(&services, deed, input).await
}
