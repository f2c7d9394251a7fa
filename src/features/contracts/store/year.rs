//! What the year of a unit looks like as a whole, and contracts by their identity: asked by what was made from it.

use super::{StoredContract, ledger, parts};
use crate::domain::contract::YearBasis;
use crate::domain::ids::{ContractId, UnitId};
use crate::error::AppError;
use crate::server::db::places;
use sqlx::{AnyConnection, AssertSqlSafe};
use std::collections::HashSet;

/// Contracts asked about in one statement.
const CHUNK: usize = 200;

/// A text that is another one once a contract of the unit's year was added, changed, moved or deleted.
pub async fn fingerprint(db: &mut AnyConnection, unit: &UnitId, year: i32, basis: YearBasis) -> Result<String, AppError> {
    let text = format!(
        "SELECT COUNT(*), CAST(COALESCE(SUM(version), 0) AS BIGINT), COALESCE(MAX(updated_at), ''), COALESCE(MAX(id), '')
         FROM contracts WHERE unit_id = $1 AND {}_year = $2",
        ledger::prefix(basis)
    );
    let (count, versions, newest, last): (i64, i64, String, String) =
        sqlx::query_as(AssertSqlSafe(text)).bind(unit.as_str()).bind(i64::from(year)).fetch_one(db).await?;
    Ok(format!("{count} {versions} {newest} {last}"))
}

/// These contracts, as far as they exist, in no order.
pub async fn by_ids(db: &mut AnyConnection, ids: &[ContractId]) -> Result<Vec<StoredContract>, AppError> {
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let text = format!("SELECT id, body FROM contracts WHERE id IN {}", places(1, chunk.len()));
        let mut query = sqlx::query_as::<_, (String, String)>(AssertSqlSafe(text));
        for id in chunk {
            query = query.bind(id.as_str());
        }
        for (id, body) in query.fetch_all(&mut *db).await? {
            let (id, contract) = parts(&id, &body)?;
            found.push(StoredContract { id, contract });
        }
    }
    Ok(found)
}

/// A contract of the year and one of another unit that has the same number or the same link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twin {
    /// The contract of the year.
    pub own: ContractId,
    /// Whose the other one is.
    pub unit: UnitId,
    /// The other one.
    pub other: StoredContract,
}

/// Contracts of `others` with the number or the link of one of this unit's year; at most `most` of each hundred or so of them.
pub async fn twins(
    db: &mut AnyConnection,
    unit: &UnitId,
    others: &[&UnitId],
    year: i32,
    basis: YearBasis,
    most: i64,
) -> Result<Vec<Twin>, AppError> {
    let mut found: Vec<Twin> = Vec::new();
    let mut known: HashSet<(ContractId, ContractId)> = HashSet::new();
    for same in ["other.contract_no = own.contract_no", "own.link <> '' AND other.link = own.link"] {
        for chunk in others.chunks(CHUNK) {
            let places: Vec<String> = (4..chunk.len() + 4).map(|place| format!("${place}")).collect();
            // The unit is compared as a value, not looked up: the number or the link is what the other one is found by.
            let text = format!(
                "SELECT own.id, other.unit_id, other.id, other.body FROM contracts own JOIN contracts other ON {same} AND other.unit_id || '' IN ({})
                 WHERE own.unit_id = $1 AND own.{}_year = $2 ORDER BY own.id, other.id LIMIT $3",
                places.join(", "),
                ledger::prefix(basis)
            );
            let mut asked = sqlx::query_as(AssertSqlSafe(text)).bind(unit.as_str()).bind(i64::from(year)).bind(most);
            for other in chunk {
                asked = asked.bind(other.as_str());
            }
            let rows: Vec<(String, String, String, String)> = asked.fetch_all(&mut *db).await?;
            for (own, unit, id, body) in rows {
                let (id, contract) = parts(&id, &body)?;
                let wrong = |error: crate::domain::ids::IdError| crate::server::fault::impossible("contracts", id.as_str(), &error);
                let (own, unit) = (ContractId::parse(&own).map_err(wrong)?, UnitId::parse(&unit).map_err(wrong)?);
                if known.insert((own.clone(), id.clone())) {
                    found.push(Twin { own, unit, other: StoredContract { id, contract } });
                }
            }
        }
    }
    Ok(found)
}
