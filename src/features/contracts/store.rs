//! The SQL of `contracts`; what the ledger asks, and what is entered by hand, stands in the modules below.

pub(super) mod columns;
pub(super) mod ledger;
pub(super) mod own;
pub(super) mod year;

use crate::domain::calendar::Moment;
use crate::domain::contract::{Contract, Measure, YearBasis, verdict, year_of};
use crate::domain::ids::{ContractId, UnitId};
use crate::error::AppError;
use crate::server::db::places;
use crate::server::fault::{fault, impossible};
use sqlx::{AnyConnection, AssertSqlSafe};
use std::collections::HashMap;

/// Rows of one INSERT; their values stay far below what both engines take.
const CHUNK: usize = 100;
/// Numbers asked about in one statement.
const ASKED: usize = 500;
/// The columns of a row, in the order in which they are bound.
const COLUMNS: [&str; 21] = [
    "id",
    "unit_id",
    "contract_no",
    "lot",
    "body",
    "updated_at",
    "version",
    "signed_on",
    "source",
    "measure",
    "amount_fen",
    "words",
    "link",
    "signing_year",
    "signing_verdict",
    "signing_sme_fen",
    "signing_small_micro_fen",
    "publication_year",
    "publication_verdict",
    "publication_sme_fen",
    "publication_small_micro_fen",
];
/// The columns that an update writes anew stand behind this one.
const KEPT: usize = 4;

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

pub(super) fn parts(id: &str, body: &str) -> Result<(ContractId, Contract), AppError> {
    let contract = serde_json::from_str(body).map_err(|error| impossible("contracts", id, &error))?;
    Ok((ContractId::parse(id).map_err(|error| impossible("contracts", id, &error))?, contract))
}

/// The contracts of a unit that stand in `year` by `basis`, ordered by 合同编号 and 标项.
pub async fn of_year(db: &mut AnyConnection, unit: &UnitId, year: i32, basis: YearBasis) -> Result<Vec<StoredContract>, AppError> {
    let text = format!("SELECT id, body FROM contracts WHERE unit_id = $1 AND {}_year = $2", ledger::prefix(basis));
    let rows: Vec<(String, String)> = sqlx::query_as(AssertSqlSafe(text)).bind(unit.as_str()).bind(i64::from(year)).fetch_all(db).await?;
    let mut found = Vec::with_capacity(rows.len());
    for (id, body) in rows {
        let (id, contract) = parts(&id, &body)?;
        found.push(StoredContract { id, contract });
    }
    // Sorted here, because the engines collate differently.
    found.sort_by(|a, b| (&a.contract.contract_no, &a.contract.lot).cmp(&(&b.contract.contract_no, &b.contract.lot)));
    Ok(found)
}

/// The contracts of a unit that have one of these numbers, by 合同编号 and 标项.
pub(super) async fn existing(
    db: &mut AnyConnection,
    unit: &UnitId,
    numbers: &[&str],
) -> Result<HashMap<(String, String), Existing>, AppError> {
    let mut found = HashMap::new();
    for chunk in numbers.chunks(ASKED) {
        let places: Vec<String> = (2..chunk.len() + 2).map(|place| format!("${place}")).collect();
        let text = format!("SELECT id, body, version FROM contracts WHERE unit_id = $1 AND contract_no IN ({})", places.join(", "));
        let mut query = sqlx::query_as::<_, (String, String, i64)>(AssertSqlSafe(text)).bind(unit.as_str());
        for number in chunk {
            query = query.bind((*number).to_owned());
        }
        for (id, body, version) in query.fetch_all(&mut *db).await? {
            let (id, contract) = parts(&id, &body)?;
            found.insert((contract.contract_no.clone(), contract.lot.clone()), Existing { id, contract, version });
        }
    }
    Ok(found)
}

/// A value of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    Number(i64),
}

/// Binds a value to the next place of a query; a macro, because the two kinds of query share no trait.
macro_rules! bind {
    ($query:expr, $value:expr) => {
        match $value {
            Value::Text(text) => $query.bind(text),
            Value::Number(number) => $query.bind(number),
        }
    };
}
pub(super) use bind;

/// Everything of a row behind its key, in the order of [`COLUMNS`].
fn values(contract: &Contract, at: Moment, version: i64) -> Result<Vec<Value>, AppError> {
    let text = |text: &str| Value::Text(text.to_owned());
    let body = serde_json::to_string(contract).map_err(|error| fault(&error))?;
    let mut values = vec![
        Value::Text(body),
        Value::Text(at.to_string()),
        Value::Number(version),
        Value::Text(contract.signed_on.to_string()),
        text(contract.source.code()),
        text(contract.measure.map_or("", Measure::code)),
        Value::Number(contract.amount.fen()),
        Value::Text(contract.words()),
        text(contract.url.as_deref().unwrap_or_default()),
    ];
    for basis in [YearBasis::Signed, YearBasis::Published] {
        let verdict = verdict(contract, basis);
        let counted = verdict.counted();
        values.extend([
            Value::Number(i64::from(year_of(contract, basis))),
            text(verdict.filter_code()),
            Value::Number(counted.map_or(0, |amounts| amounts.sme.fen())),
            Value::Number(counted.map_or(0, |amounts| amounts.small_micro.fen())),
        ]);
    }
    Ok(values)
}

/// Inserts new contracts, many to a statement.
pub(super) async fn insert(db: &mut AnyConnection, contracts: &[(ContractId, &UnitId, &Contract)], at: Moment) -> Result<(), Failed> {
    for chunk in contracts.chunks(CHUNK) {
        let text = format!("INSERT INTO contracts ({}) VALUES {}", COLUMNS.join(", "), places(chunk.len(), COLUMNS.len()));
        let mut query = sqlx::query(AssertSqlSafe(text));
        for (id, unit, contract) in chunk {
            query = query.bind(id.as_str()).bind(unit.as_str()).bind(&contract.contract_no).bind(&contract.lot);
            for value in values(contract, at, 1)? {
                query = bind!(query, value);
            }
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

/// Writes a contract over the version it was read at; `false` when someone was faster.
pub(super) async fn update(db: &mut AnyConnection, existing: &Existing, contract: &Contract, at: Moment) -> Result<bool, AppError> {
    let written = &COLUMNS[KEPT..];
    let sets: Vec<String> = (1..).zip(written).map(|(number, column)| format!("{column} = ${number}")).collect();
    let (id, version) = (written.len() + 1, written.len() + 2);
    let text = format!("UPDATE contracts SET {} WHERE id = ${id} AND version = ${version}", sets.join(", "));
    let mut query = sqlx::query(AssertSqlSafe(text));
    for value in values(contract, at, existing.version + 1)? {
        query = bind!(query, value);
    }
    let done = query.bind(existing.id.as_str()).bind(existing.version).execute(db).await?;
    Ok(done.rows_affected() == 1)
}
