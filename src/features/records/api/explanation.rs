//! Server functions of 口径解释 (E1).

use super::RecordOnly;
use crate::domain::ids::RecordId;
use crate::domain::record::LeftOut;
use crate::domain::record::duplicates::Duplicate;
use crate::domain::record::explanation::{Group, GroupSum};
use crate::domain::record::line::{Line, LineRules};
use crate::error::AppError;
use crate::features::records::{ClaimFile, Record};
use crate::wire::Json;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Which contracts of a record's year are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExplanationQuery {
    /// Whose year.
    pub record: RecordId,
    /// The code of a group, or empty for all.
    pub group: String,
    /// Words that stand in names or numbers, all of them.
    pub words: String,
    /// The page, from 1.
    pub page: u64,
}

/// A group with what stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRow {
    /// The group.
    pub group: Group,
    /// Its sums, whatever is looked for.
    pub sum: GroupSum,
}

/// A contract, or a line entered by hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(clippy::large_enum_variant, reason = "fifty a page; in the browser's 32 bits it is not large")]
pub enum Item {
    /// A line.
    Line {
        /// Its number in the record, from 1.
        number: usize,
        /// The line.
        line: Line,
    },
    /// A contract that is left out.
    LeftOut(LeftOut),
}

/// A page of 口径解释.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// The head of the record.
    pub record: Record,
    /// What is fixed for its lines.
    pub rules: LineRules,
    /// Whether this person may change it now.
    pub is_editable: bool,
    /// The groups that are not empty.
    pub groups: Vec<GroupRow>,
    /// The contracts of this page, each with its group, in the order of the groups.
    pub items: Vec<(Group, Item)>,
    /// The files that prove its claims.
    pub files: Vec<ClaimFile>,
    /// How many fit.
    pub total: u64,
    /// The page shown, which is the last one where more was asked for.
    pub page: u64,
    /// Contracts a page.
    pub size: u64,
}

/// A page of 口径解释.
#[server(prefix = "/api", endpoint = "record_explanation", input = Json, output = Json)]
pub async fn record_explanation(input: ExplanationQuery) -> Result<Explanation, AppError> {
    let (services, deed) = crate::server::request::current()?;
    crate::features::records::commands::explanation(&services, &deed, &input).await
}

/// What of a record may be counted twice.
#[server(prefix = "/api", endpoint = "record_duplicates", input = Json, output = Json)]
pub async fn record_duplicates(input: RecordOnly) -> Result<Vec<Duplicate>, AppError> {
    let (services, deed) = crate::server::request::current()?;
    crate::features::records::commands::duplicates(&services, &deed, &input.record).await
}
