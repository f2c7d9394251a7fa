//! One contract by itself: what the page of a contract reads and writes.

use super::{COLUMNS, Failed, KEPT, Value, bind, parts, values};
use crate::domain::calendar::Moment;
use crate::domain::contract::{Contract, Source};
use crate::domain::ids::{ContractId, UnitId};
use crate::error::AppError;
use crate::server::fault::impossible;
use sqlx::{AnyConnection, AssertSqlSafe};

/// A contract with whose it is and which version.
pub(in super::super) struct One {
    pub(in super::super) id: ContractId,
    pub(in super::super) unit: UnitId,
    pub(in super::super) contract: Contract,
    pub(in super::super) version: i64,
}

/// The contract of this id.
pub(in super::super) async fn by_id(db: &mut AnyConnection, id: &ContractId) -> Result<Option<One>, AppError> {
    let row: Option<(String, String, i64)> =
        sqlx::query_as("SELECT unit_id, body, version FROM contracts WHERE id = $1").bind(id.as_str()).fetch_optional(db).await?;
    row.map(|(unit, body, version)| one(id.as_str(), &unit, &body, version)).transpose()
}

/// The contract of a unit with this 合同编号 and 标项.
pub(in super::super) async fn by_key(db: &mut AnyConnection, unit: &UnitId, number: &str, lot: &str) -> Result<Option<One>, AppError> {
    let row: Option<(String, String, i64)> =
        sqlx::query_as("SELECT id, body, version FROM contracts WHERE unit_id = $1 AND contract_no = $2 AND lot = $3")
            .bind(unit.as_str())
            .bind(number)
            .bind(lot)
            .fetch_optional(db)
            .await?;
    row.map(|(id, body, version)| one(&id, unit.as_str(), &body, version)).transpose()
}

fn one(id: &str, unit: &str, body: &str, version: i64) -> Result<One, AppError> {
    let (id, contract) = parts(id, body)?;
    let unit = UnitId::parse(unit).map_err(|error| impossible("contracts", id.as_str(), &error))?;
    Ok(One { id, unit, contract, version })
}

/// Writes a contract of the unit's own, its key too, over the version it was read at; `false` when someone was faster.
pub(in super::super) async fn rewrite(db: &mut AnyConnection, one: &One, contract: &Contract, at: Moment) -> Result<bool, Failed> {
    let mut columns = vec!["contract_no", "lot"];
    columns.extend(&COLUMNS[KEPT..]);
    let mut written = vec![Value::Text(contract.contract_no.clone()), Value::Text(contract.lot.clone())];
    written.extend(values(contract, at, one.version + 1)?);
    let sets: Vec<String> = (1..).zip(columns).map(|(number, column)| format!("{column} = ${number}")).collect();
    let place = written.len();
    let text = format!(
        "UPDATE contracts SET {} WHERE id = ${} AND version = ${} AND source = ${}",
        sets.join(", "),
        place + 1,
        place + 2,
        place + 3
    );
    let mut query = sqlx::query(AssertSqlSafe(text));
    for value in written {
        query = bind!(query, value);
    }
    let done = query.bind(one.id.as_str()).bind(one.version).bind(Source::SelfEntered.code()).execute(db).await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes a contract of the unit's own at the version it was read at; `false` when someone was faster.
pub(in super::super) async fn delete(db: &mut AnyConnection, id: &ContractId, version: i64) -> Result<bool, AppError> {
    let done = sqlx::query("DELETE FROM contracts WHERE id = $1 AND version = $2 AND source = $3")
        .bind(id.as_str())
        .bind(version)
        .bind(Source::SelfEntered.code())
        .execute(db)
        .await?;
    Ok(done.rows_affected() == 1)
}
