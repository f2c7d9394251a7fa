//! What of a record may be counted twice, here or at another unit of the same 主管 (E1).

use super::super::store;
use super::find;
use crate::domain::access::Deed as Wish;
use crate::domain::contract::{Verdict, verdict};
use crate::domain::ids::{RecordId, UnitId};
use crate::domain::record::duplicates::{DUPLICATES_SHOWN, Duplicate, Elsewhere, at_other_units, within};
use crate::error::AppError;
use crate::features::contracts::commands as contracts;
use crate::features::organisations::commands as organisations;
use crate::server::request::{Deed, Services};
use std::collections::HashMap;

/// Most contracts of other units that are looked at.
const ALIKE: i64 = 2_000;

/// The warnings, by line.
pub async fn duplicates(services: &Services, deed: &Deed, id: &RecordId) -> Result<Vec<Duplicate>, AppError> {
    let mut db = services.db.read().await?;
    let found = find(&mut db, deed, id, Wish::ViewRecord).await?;
    let rules = found.rules(services.settings.cutover);
    let lines = store::lines::of(&mut db, id).await?;
    let left_out = store::lines::left_out(&mut db, id).await?;
    let mut all = within(&lines, &left_out, &rules);
    if let Some(chief) = found.chief_id() {
        let units: HashMap<UnitId, String> =
            organisations::supervised_by(&mut db, chief).await?.into_iter().map(|unit| (unit.id, unit.name)).collect();
        let record = &found.record;
        let others: Vec<&UnitId> = units.keys().filter(|unit| **unit != record.unit).collect();
        let alike = contracts::alike(&mut db, &record.unit, &others, record.year.number(), record.basis, ALIKE).await?;
        let others: Vec<Elsewhere<'_>> = alike
            .iter()
            .filter_map(|(unit, other)| {
                let counts = !matches!(verdict(&other.contract, record.basis), Verdict::LeftOut(_));
                Some(Elsewhere { unit: units.get(unit)?, contract: &other.contract, counts })
            })
            .collect();
        all.extend(at_other_units(&lines, &left_out, &others, &rules, DUPLICATES_SHOWN));
    }
    all.sort_by_key(|each| each.number);
    all.truncate(DUPLICATES_SHOWN);
    Ok(all)
}
