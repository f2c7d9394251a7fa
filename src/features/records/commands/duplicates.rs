//! What of a record may be counted twice, here or at another unit of the same 主管 (E1).

use super::super::store;
use super::find;
use crate::domain::access::Deed as Wish;
use crate::domain::contract::{Verdict, verdict};
use crate::domain::ids::{ContractId, RecordId, UnitId};
use crate::domain::record::duplicates::{Duplicate, Other, at_two_units, within};
use crate::error::AppError;
use crate::features::contracts::commands as contracts;
use crate::features::organisations::commands as organisations;
use crate::server::request::{Deed, Services};
use std::collections::HashMap;

/// Most warnings that a page gets.
const SHOWN: usize = 200;
/// Most contracts of other units that are looked at.
const TWINS: i64 = 2_000;

/// The warnings, by line.
pub async fn duplicates(services: &Services, deed: &Deed, id: &RecordId) -> Result<Vec<Duplicate>, AppError> {
    let mut db = services.db.read().await?;
    let found = find(&mut db, deed, id, Wish::ViewRecord).await?;
    let rules = found.rules(services.settings.cutover);
    let lines = store::lines::of(&mut db, id).await?;
    let left_out = store::lines::left_out(&mut db, id).await?;
    let mut all = within(&lines, &left_out, &rules);
    if let Some(chief) = found.chief_id() {
        let ids = store::held::contract_ids(&mut db, id).await?;
        let held: HashMap<&ContractId, usize> =
            lines.iter().enumerate().filter_map(|(at, line)| ids.get(line.id.as_str()).map(|id| (id, at))).collect();
        let units: HashMap<UnitId, String> =
            organisations::supervised_by(&mut db, chief).await?.into_iter().map(|unit| (unit.id, unit.name)).collect();
        let record = &found.record;
        let others: Vec<&UnitId> = units.keys().filter(|unit| **unit != record.unit).collect();
        for twin in contracts::twins(&mut db, &record.unit, &others, record.year.number(), record.basis, TWINS).await? {
            let (Some(at), Some(name)) = (held.get(&twin.own), units.get(&twin.unit)) else { continue };
            let Some((line, contract)) = lines.get(*at).and_then(|line| line.contract().map(|contract| (line, contract))) else { continue };
            // What does not count there is not counted twice.
            let is_out = matches!(verdict(&twin.other.contract, record.basis), Verdict::LeftOut(_));
            if let Some(why) = at_two_units(contract, &twin.other.contract).filter(|_| !is_out) {
                let other = Other::Unit { name: name.clone(), number: twin.other.contract.contract_no.clone() };
                let name = line.review(&rules).project_name;
                all.push(Duplicate { line: line.id.clone(), number: at + 1, name, other, why });
            }
        }
    }
    all.sort_by_key(|each| each.number);
    all.truncate(SHOWN);
    Ok(all)
}
