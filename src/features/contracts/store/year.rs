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

/// Contracts of `others` with the number or the link of one of this unit's year, each once; at most `most` of each two hundred or so of them.
///
/// The numbers are made distinct first, and a link is looked for where one contract of the year has it: one that all share is a platform's front page, and
/// would be twenty thousand times twenty thousand pairs.
pub async fn alike(
    db: &mut AnyConnection,
    unit: &UnitId,
    others: &[&UnitId],
    year: i32,
    basis: YearBasis,
    most: i64,
) -> Result<Vec<(UnitId, StoredContract)>, AppError> {
    let mut found = Vec::new();
    let mut known: HashSet<ContractId> = HashSet::new();
    for (key, which) in [("contract_no", ""), ("link", "HAVING COUNT(DISTINCT contract_no) = 1")] {
        for chunk in others.chunks(CHUNK) {
            let places: Vec<String> = (4..chunk.len() + 4).map(|place| format!("${place}")).collect();
            // The unit is compared as a value, not looked up: the number or the link is what the other one is found by.
            let text = format!(
                "SELECT other.unit_id, other.id, other.body
                 FROM (SELECT {key} AS sought FROM contracts WHERE unit_id = $1 AND {}_year = $2 AND {key} <> '' GROUP BY {key} {which}) own
                      JOIN contracts other ON other.{key} = own.sought AND other.unit_id || '' IN ({})
                 ORDER BY other.id LIMIT $3",
                ledger::prefix(basis),
                places.join(", ")
            );
            let mut asked = sqlx::query_as(AssertSqlSafe(text)).bind(unit.as_str()).bind(i64::from(year)).bind(most);
            for other in chunk {
                asked = asked.bind(other.as_str());
            }
            let rows: Vec<(String, String, String)> = asked.fetch_all(&mut *db).await?;
            for (unit, id, body) in rows {
                let (id, contract) = parts(&id, &body)?;
                let unit = UnitId::parse(&unit).map_err(|error| crate::server::fault::impossible("contracts", id.as_str(), &error))?;
                if known.insert(id.clone()) {
                    found.push((unit, StoredContract { id, contract }));
                }
            }
        }
    }
    Ok(found)
}
