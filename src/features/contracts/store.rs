//! The SQL of `contracts`.

use crate::domain::calendar::Moment;
use crate::domain::contract::{Contract, YearBasis, year_of};
use crate::domain::ids::{ContractId, UnitId};
use crate::error::AppError;
use crate::server::fault::{fault, impossible};
use sqlx::{AnyConnection, AssertSqlSafe};
use std::collections::HashMap;
use std::fmt::Write as _;

/// Rows of one INSERT; nine values each stay far below what both engines take.
const CHUNK: usize = 100;
/// Values of one row.
const COLUMNS: usize = 9;

/// A contract with its identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredContract {
    /// Identity.
    pub id: ContractId,
    /// The row as imported last.
    pub contract: Contract,
}

/// A contract that an import may change.
pub(super) struct Existing {
    pub(super) id: ContractId,
    pub(super) contract: Contract,
    pub(super) version: i64,
}

fn parts(id: &str, body: &str) -> Result<(ContractId, Contract), AppError> {
    let contract = serde_json::from_str(body).map_err(|error| impossible("contracts", id, &error))?;
    Ok((ContractId::parse(id).map_err(|error| impossible("contracts", id, &error))?, contract))
}

/// The contracts of a unit that stand in `year` by `basis`, ordered by 合同编号 and 标项.
pub async fn of_year(db: &mut AnyConnection, unit: &UnitId, year: i32, basis: YearBasis) -> Result<Vec<StoredContract>, AppError> {
    // Both dates select, then the rule of the domain decides: which date it is depends on the row.
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT id, body FROM contracts WHERE unit_id = $1 AND (year_signed = $2 OR year_published = $3)")
            .bind(unit.as_str())
            .bind(i64::from(year))
            .bind(i64::from(year))
            .fetch_all(db)
            .await?;
    let mut found = Vec::with_capacity(rows.len());
    for (id, body) in rows {
        let (id, contract) = parts(&id, &body)?;
        if year_of(&contract, basis) == year {
            found.push(StoredContract { id, contract });
        }
    }
    // Sorted here, because the engines collate differently.
    found.sort_by(|a, b| (&a.contract.contract_no, &a.contract.lot).cmp(&(&b.contract.contract_no, &b.contract.lot)));
    Ok(found)
}

/// The years in which a contract of the unit was signed or published, newest first.
pub async fn years_of(db: &mut AnyConnection, unit: &UnitId) -> Result<Vec<i32>, AppError> {
    let rows: Vec<(i64,)> = sqlx::query_as(
        "SELECT year_signed FROM contracts WHERE unit_id = $1 UNION SELECT year_published FROM contracts WHERE unit_id = $2 AND year_published IS NOT NULL",
    )
    .bind(unit.as_str())
    .bind(unit.as_str())
    .fetch_all(db)
    .await?;
    let mut years: Vec<i32> = rows.into_iter().filter_map(|(year,)| i32::try_from(year).ok()).collect();
    years.sort_unstable_by(|a, b| b.cmp(a));
    Ok(years)
}

/// Every contract of a unit by 合同编号 and 标项.
pub(super) async fn of_unit(db: &mut AnyConnection, unit: &UnitId) -> Result<HashMap<(String, String), Existing>, AppError> {
    let rows: Vec<(String, String, i64)> =
        sqlx::query_as("SELECT id, body, version FROM contracts WHERE unit_id = $1").bind(unit.as_str()).fetch_all(db).await?;
    let mut found = HashMap::with_capacity(rows.len());
    for (id, body, version) in rows {
        let (id, contract) = parts(&id, &body)?;
        found.insert((contract.contract_no.clone(), contract.lot.clone()), Existing { id, contract, version });
    }
    Ok(found)
}

fn years(contract: &Contract) -> (i64, Option<i64>) {
    (i64::from(contract.signed_on.year()), contract.published_on.map(|day| i64::from(day.year())))
}

fn body(contract: &Contract) -> Result<String, AppError> {
    serde_json::to_string(contract).map_err(|error| fault(&error))
}

/// Inserts new contracts, many to a statement.
pub(super) async fn insert(db: &mut AnyConnection, contracts: &[(ContractId, &UnitId, &Contract)], at: Moment) -> Result<(), Failed> {
    let at = at.to_string();
    for chunk in contracts.chunks(CHUNK) {
        let mut query = sqlx::query(AssertSqlSafe(insert_text(chunk.len())));
        for (id, unit, contract) in chunk {
            let (signed, published) = years(contract);
            query = query
                .bind(id.as_str())
                .bind(unit.as_str())
                .bind(&contract.contract_no)
                .bind(&contract.lot)
                .bind(signed)
                .bind(published)
                .bind(body(contract)?)
                .bind(&at)
                .bind(1_i64);
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}

/// Why rows were not written.
pub(super) enum Failed {
    Database(sqlx::Error),
    App(AppError),
}

impl From<sqlx::Error> for Failed {
    fn from(error: sqlx::Error) -> Failed {
        Failed::Database(error)
    }
}

impl From<AppError> for Failed {
    fn from(error: AppError) -> Failed {
        Failed::App(error)
    }
}

/// Placeholders alone differ between the texts; no value ever stands in one.
fn insert_text(rows: usize) -> String {
    let mut text =
        "INSERT INTO contracts (id, unit_id, contract_no, lot, year_signed, year_published, body, updated_at, version) VALUES ".to_owned();
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 1..=COLUMNS {
            // Writing to a String cannot fail.
            let _ = write!(text, "{}${}", if column == 1 { "" } else { ", " }, row * COLUMNS + column);
        }
        text.push(')');
    }
    text
}

/// Writes a contract over the version it was read at; `false` when someone was faster.
pub(super) async fn update(db: &mut AnyConnection, existing: &Existing, contract: &Contract, at: Moment) -> Result<bool, AppError> {
    let (signed, published) = years(contract);
    let done = sqlx::query("UPDATE contracts SET year_signed = $1, year_published = $2, body = $3, updated_at = $4, version = version + 1 WHERE id = $5 AND version = $6")
        .bind(signed)
        .bind(published)
        .bind(body(contract)?)
        .bind(at.to_string())
        .bind(existing.id.as_str())
        .bind(existing.version)
        .execute(db)
        .await?;
    Ok(done.rows_affected() == 1)
}
