//! What of a record may be counted twice, here or at another unit of the same 主管 (E1).

use super::super::store;
use super::find;
use crate::domain::access::Deed as Wish;
use crate::domain::contract::{Verdict, verdict};
use crate::domain::ids::{ContractId, RecordId, UnitId};
use crate::domain::record::duplicates::{DUPLICATES_SHOWN, Duplicate, Other, at_two_units, links, within};
use crate::domain::record::line::{Line, LineRules};
use crate::error::AppError;
use crate::features::contracts::commands as contracts;
use crate::features::contracts::commands::StoredContract;
use crate::features::organisations::commands as organisations;
use crate::server::request::{Deed, Services};
use std::collections::{HashMap, HashSet};

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
        let mut alike = contracts::alike(&mut db, &record.unit, &others, record.year.number(), record.basis, ALIKE).await?;
        // What does not count there is not counted twice.
        alike.retain(|(_, other)| !matches!(verdict(&other.contract, record.basis), Verdict::LeftOut(_)));
        all.extend(elsewhere(&lines, &alike, &units, &rules));
    }
    all.sort_by_key(|each| each.number);
    all.truncate(DUPLICATES_SHOWN);
    Ok(all)
}

/// Which lines may be the same as contracts of other units; as many as are shown.
fn elsewhere(lines: &[Line], alike: &[(UnitId, StoredContract)], units: &HashMap<UnitId, String>, rules: &LineRules) -> Vec<Duplicate> {
    let mut by: HashMap<&str, Vec<&(UnitId, StoredContract)>> = HashMap::new();
    for each in alike {
        by.entry(&each.1.contract.contract_no).or_default().push(each);
        if let Some(url) = &each.1.contract.url {
            by.entry(url).or_default().push(each);
        }
    }
    let own_links = links(lines.iter().map(|line| line.contract().and_then(|contract| contract.url.as_deref())));
    let mut their_links: HashMap<(&UnitId, &str), usize> = HashMap::new();
    for (unit, other) in alike {
        if let Some(url) = &other.contract.url {
            *their_links.entry((unit, url)).or_insert(0) += 1;
        }
    }
    let is_own = |unit: &UnitId, url: &str| own_links.get(url) == Some(&1) && their_links.get(&(unit, url)) == Some(&1);
    let mut found = Vec::new();
    for (number, line) in (1..).zip(lines) {
        let Some(contract) = line.contract() else { continue };
        let mut told: HashSet<&ContractId> = HashSet::new();
        let keys = [Some(contract.contract_no.as_str()), contract.url.as_deref()];
        for (unit, other) in keys.into_iter().flatten().filter_map(|key| by.get(key)).flatten() {
            let is_own_link = contract.url.as_deref().is_some_and(|url| is_own(unit, url));
            let (Some(name), Some(why)) = (units.get(unit), at_two_units(contract, &other.contract, is_own_link)) else { continue };
            if told.insert(&other.id) {
                let other = Other::Unit { name: name.clone(), number: other.contract.contract_no.clone() };
                found.push(Duplicate { line: line.id.clone(), number, name: line.review(rules).project_name, other, why });
            }
            if found.len() >= DUPLICATES_SHOWN {
                return found;
            }
        }
    }
    found
}
