//! Importing contracts, and what other features ask of them.

pub mod ledger;

pub use super::explanation::{Explained, Explanation, Summary, explain};
pub use super::store::year::{alike, by_ids, fingerprint};
pub use super::store::{StoredContract, of_year};

use super::store::{self, Existing, Failed};
use crate::domain::calendar::Moment;
use crate::domain::contract::Contract;
use crate::domain::ids::UnitId;
use crate::domain::sheet::{self, Column, Finding, Severity};
use crate::error::AppError;
use crate::features::organisations::commands as organisations;
use crate::server::fault::is_duplicate;
use crate::server::ids::new_id;
use crate::server::request::Services;
use sqlx::AnyConnection;
use std::collections::HashMap;

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportCounts {
    /// Rows that were not there.
    pub added: usize,
    /// Rows that were there and said something else.
    pub updated: usize,
    /// Rows that were there as they are.
    pub unchanged: usize,
    /// What the updated rows said before and say now, in the order of the file.
    pub changes: Vec<Change>,
}

/// A cell that an import changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The row of the file.
    pub row: usize,
    /// The name of the column.
    pub column: &'static str,
    /// What stood there.
    pub before: String,
    /// What stands there now.
    pub after: String,
}

/// Why nothing was imported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportRefused {
    /// These rows name a 采购人 that is no unit; one finding a row.
    #[error("{}", sentence(.0))]
    UnknownBuyers(Vec<Finding>),
    /// Anything else.
    #[error("{0}")]
    Failed(AppError),
}

impl From<AppError> for ImportRefused {
    fn from(error: AppError) -> ImportRefused {
        ImportRefused::Failed(error)
    }
}

impl From<ImportRefused> for AppError {
    fn from(refused: ImportRefused) -> AppError {
        match refused {
            ImportRefused::UnknownBuyers(_) => AppError::invalid(refused),
            ImportRefused::Failed(error) => error,
        }
    }
}

fn sentence(findings: &[Finding]) -> String {
    findings.iter().map(|finding| format!("第 {} 行：{}", finding.row, finding.message)).collect::<Vec<_>>().join("\n")
}

/// Stores contracts with their rows, all or none, as [`sheet::read_table`] gives them.
///
/// No person's deed: the command line and the demo data use it.
pub async fn import(services: &Services, contracts: Vec<(usize, Contract)>, at: Moment) -> Result<ImportCounts, ImportRefused> {
    let units = units_by_name(services).await?;
    let unknown = not_among(&units, &contracts);
    if !unknown.is_empty() {
        return Err(ImportRefused::UnknownBuyers(unknown));
    }
    Ok(services.db.write(move |db| Box::pin(async move { save(db, &units, &contracts, at).await })).await?)
}

/// One finding for each row whose 采购人 is no unit.
pub async fn unknown_buyers(services: &Services, contracts: &[(usize, Contract)]) -> Result<Vec<Finding>, AppError> {
    Ok(not_among(&units_by_name(services).await?, contracts))
}

async fn units_by_name(services: &Services) -> Result<HashMap<String, UnitId>, AppError> {
    let units = organisations::units(&mut *services.db.read().await?).await?;
    Ok(units.into_iter().map(|unit| (unit.name, unit.id)).collect())
}

fn not_among(units: &HashMap<String, UnitId>, contracts: &[(usize, Contract)]) -> Vec<Finding> {
    contracts
        .iter()
        .filter(|(_, contract)| !units.contains_key(&contract.buyer_name))
        .map(|(row, contract)| unknown_buyer(*row, contract))
        .collect()
}

fn unknown_buyer(row: usize, contract: &Contract) -> Finding {
    let message = format!("采购人「{}」不是已登记的单位，请核对名称，或先添加该单位。", contract.buyer_name);
    Finding { row, column: Column::BuyerName.name().to_owned(), severity: Severity::Error, message }
}

/// Rows that are compared and written together.
const TOGETHER: usize = 500;

async fn save(
    db: &mut AnyConnection,
    units: &HashMap<String, UnitId>,
    contracts: &[(usize, Contract)],
    at: Moment,
) -> Result<ImportCounts, AppError> {
    let mut counts = ImportCounts::default();
    for portion in contracts.chunks(TOGETHER) {
        save_portion(db, units, portion, at, &mut counts).await?;
    }
    Ok(counts)
}

async fn save_portion(
    db: &mut AnyConnection,
    units: &HashMap<String, UnitId>,
    contracts: &[(usize, Contract)],
    at: Moment,
    counts: &mut ImportCounts,
) -> Result<(), AppError> {
    let mut numbers: HashMap<&UnitId, Vec<&str>> = HashMap::new();
    for (row, contract) in contracts {
        let unit = units.get(&contract.buyer_name).ok_or_else(|| AppError::invalid(unknown_buyer(*row, contract).message))?;
        numbers.entry(unit).or_default().push(&contract.contract_no);
    }
    // Only what the file speaks of is read, however many contracts the units have.
    let mut known: HashMap<&UnitId, HashMap<(String, String), Existing>> = HashMap::new();
    for (unit, numbers) in numbers {
        known.insert(unit, store::existing(db, unit, &numbers).await?);
    }
    let mut new = Vec::new();
    for (row, contract) in contracts {
        let Some(unit) = units.get(&contract.buyer_name) else { continue };
        let existing = known.get(unit).and_then(|rows| rows.get(&(contract.contract_no.clone(), contract.lot.clone())));
        match existing {
            None => new.push((new_id(at)?, unit, contract)),
            Some(existing) if existing.contract == *contract => counts.unchanged += 1,
            Some(existing) => {
                if !store::update(db, existing, contract, at).await? {
                    return Err(overtaken());
                }
                counts.updated += 1;
                counts.changes.extend(changes(*row, &existing.contract, contract));
            }
        }
    }
    counts.added += new.len();
    store::insert(db, &new, at).await.map_err(|failed| match failed {
        Failed::Database(error) if is_duplicate(&error) => overtaken(),
        Failed::Database(error) => error.into(),
        Failed::App(error) => error,
    })
}

fn overtaken() -> AppError {
    AppError::Conflict("另一次导入正在写入相同的合同，本次没有写入任何数据，请重新导入".to_owned())
}

fn changes(row: usize, before: &Contract, after: &Contract) -> impl Iterator<Item = Change> {
    let pairs = sheet::differences(before, after).into_iter();
    pairs.map(move |(column, before, after)| Change { row, column: column.name(), before, after })
}
