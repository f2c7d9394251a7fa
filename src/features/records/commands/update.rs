//! 「从合同更新」: comparing a record with the ledger, and taking differences over.

use super::super::{Record, store};
use super::{find, find_editable, won};
use crate::domain::access::{self, Deed as Wish};
use crate::domain::contract::year_of;
use crate::domain::ids::ContractId;
use crate::domain::record::Shift;
use crate::domain::record::line::{Line, LineRules};
use crate::domain::record::status::RecordAction;
use crate::domain::record::update::{Difference, Kind, Pair, Place, Step, Target, Way, pairs};
use crate::error::AppError;
use crate::features::approvals::commands as approvals;
use crate::features::contracts::commands as contracts;
use crate::features::records::api::update::{Comparison, ComparisonQuery, LedgerNews, UpdateInput, Updated};
use crate::server::fault::fault;
use crate::server::files::sha256_hex;
use crate::server::ids::new_id;
use crate::server::request::{Deed, Services};
use sqlx::AnyConnection;
use std::collections::HashMap;

/// Differences on a page.
const SIZE: usize = 100;

fn overtaken() -> AppError {
    AppError::Conflict("合同或年度数据在您查看之后又有变化，没有更新任何内容。已重新比较，请核对后再次确认".to_owned())
}

/// What differs, in the order of the page: what was touched by hand, then changed, gone, new.
async fn compare(db: &mut AnyConnection, record: &Record, rules: &LineRules) -> Result<Vec<(Pair, Difference)>, AppError> {
    let held = store::held::of(db, &record.id).await?;
    let now = contracts::of_year(db, &record.unit, record.year.number(), record.basis).await?;
    let now = now.into_iter().map(|stored| (stored.id, stored.contract)).collect();
    let mut found: Vec<(Pair, Difference)> = pairs(held, now)
        .into_iter()
        .map(|pair| {
            let difference = pair.difference(rules);
            (pair, difference)
        })
        .collect();
    found.sort_by_key(|(_, difference)| (difference.is_preselected(), difference.kind));
    Ok(found)
}

fn digest(differences: &[(Pair, Difference)]) -> Result<String, AppError> {
    let all: Vec<&Difference> = differences.iter().map(|(_, difference)| difference).collect();
    Ok(sha256_hex(serde_json::to_string(&all).map_err(|error| fault(&error))?.as_bytes()))
}

/// A page of what the ledger says beside what the record holds.
pub async fn comparison(services: &Services, deed: &Deed, query: ComparisonQuery) -> Result<Comparison, AppError> {
    let ComparisonQuery { record: id, page, chosen } = query;
    let id = &id;
    let mut db = services.db.read().await?;
    let found = find(&mut db, deed, id, Wish::ViewRecord).await?;
    let rules = found.rules(services.settings.cutover);
    let is_editable =
        access::may(&deed.by, Wish::WorkOnRecord, found.relation).is_ok() && found.record.status.apply(&RecordAction::Edit).is_ok();
    let pairs = compare(&mut db, &found.record, &rules).await?;
    let (total, digest) = (pairs.len(), digest(&pairs)?);
    let defaults: HashMap<&ContractId, bool> = pairs.iter().map(|(pair, difference)| (pair.id(), difference.is_preselected())).collect();
    let untouched = defaults.values().filter(|is_preselected| **is_preselected).count();
    let stale = chosen.into_iter().filter(|(id, was)| defaults.get(id) != Some(was)).map(|(id, _)| id).collect();
    let last = total.div_ceil(SIZE).max(1);
    let page = usize::try_from(page).unwrap_or(last).clamp(1, last);
    let differences: Vec<Difference> = pairs.into_iter().skip((page - 1) * SIZE).take(SIZE).map(|(_, difference)| difference).collect();
    let gone: Vec<ContractId> = differences.iter().filter(|each| each.kind == Kind::Gone).map(|each| each.id.clone()).collect();
    let elsewhere: HashMap<ContractId, i32> = contracts::by_ids(&mut db, &gone)
        .await?
        .into_iter()
        .map(|stored| (stored.id, year_of(&stored.contract, found.record.basis)))
        .collect();
    let why = |id: ContractId| {
        let words = elsewhere.get(&id).map_or_else(|| "合同已从台账删除".to_owned(), |year| format!("日期改变，现归入 {year} 年度"));
        (id, words)
    };
    let seen_at = store::held::ledger_seen(&mut db, id).await?.map(|seen| seen.at);
    let gone = gone.into_iter().map(why).collect();
    let (page, size) = (page as u64, SIZE as u64);
    Ok(Comparison { record: found.record, is_editable, seen_at, differences, total, untouched, page, size, stale, gone, digest })
}

/// How many differences there are, or were left; nothing is compared while the ledger looks as it did.
pub async fn ledger_news(services: &Services, deed: &Deed, id: &crate::domain::ids::RecordId) -> Result<LedgerNews, AppError> {
    let mut db = services.db.read().await?;
    let found = find(&mut db, deed, id, Wish::ViewRecord).await?;
    let seen = store::held::ledger_seen(&mut db, id).await?;
    let now = contracts::fingerprint(&mut db, &found.record.unit, found.record.year.number(), found.record.basis).await?;
    let since = seen.as_ref().map(|seen| seen.at);
    if let Some(seen) = seen.filter(|seen| seen.fingerprint == now) {
        return Ok(LedgerNews { count: 0, left: seen.left, since });
    }
    let rules = found.rules(services.settings.cutover);
    let count = compare(&mut db, &found.record, &rules).await?.len();
    Ok(LedgerNews { count, left: 0, since })
}

/// Takes differences over, all in one transaction, and only those that were seen.
pub async fn update(services: &Services, deed: Deed, input: UpdateInput) -> Result<Updated, AppError> {
    let cutover = services.settings.cutover;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let found = find_editable(db, &deed, &input.record).await?;
                let rules = found.rules(cutover);
                // Before the contracts are read: a change that comes between the two is announced once too often rather than never.
                let fingerprint = contracts::fingerprint(db, &found.record.unit, rules.year.number(), rules.basis).await?;
                let compared = compare(db, &found.record, &rules).await?;
                if found.record.content_version != input.content_version || digest(&compared)? != input.digest {
                    return Err(overtaken());
                }
                let choices: HashMap<ContractId, Option<Way>> = input.choices.into_iter().collect();
                let mut updated = Updated::default();
                let mut steps = Vec::new();
                for (pair, difference) in compared {
                    let way = match choices.get(pair.id()) {
                        Some(chosen) => *chosen,
                        None => (input.takes_untouched && difference.is_preselected()).then_some(Way::Take),
                    };
                    match way {
                        None => updated.left += 1,
                        Some(way) if !difference.ways.contains(&way) => return Err(AppError::BadRequest),
                        Some(way) => {
                            match difference.kind {
                                Kind::New => updated.added += 1,
                                Kind::Changed => updated.changed += 1,
                                Kind::Gone => updated.removed += 1,
                            }
                            steps.push(pair.step(way, &rules));
                        }
                    }
                }
                let shift = apply(db, &found.record, steps, &rules, &deed).await?;
                store::held::note_ledger(db, &input.record, &fingerprint, updated.left, deed.at).await?;
                won(store::content_changed(db, &found.record, &shift, deed.at).await?)?;
                let Updated { added, changed, removed, left } = updated;
                let detail = format!("新增 {added} 份，更新 {changed} 份，移除 {removed} 份，未更新 {left} 份");
                approvals::remember(db, input.record.as_str(), &deed, "从合同更新", &detail).await?;
                Ok(updated)
            })
        })
        .await
}

/// Writes the steps; gives by how much the sums move.
async fn apply(db: &mut AnyConnection, record: &Record, steps: Vec<Step>, rules: &LineRules, deed: &Deed) -> Result<Shift, AppError> {
    let (mut lines, mut left_out, mut shifts) = (Vec::new(), Vec::new(), Vec::new());
    for Step { id, from, to } in steps {
        let before = match &from {
            Some(Place::Line(line)) => Some(line),
            _ => None,
        };
        let after = match (&from, to) {
            (Some(Place::Line(line)), Some(target @ Target::Line { .. })) => {
                let after = target.line(line.id.clone(), line.version);
                if let Some(line) = &after {
                    won(store::held::update_line(db, &record.id, line, &id).await?)?;
                }
                after
            }
            (Some(Place::LeftOut(row)), Some(target @ Target::LeftOut { .. })) => {
                if let Some(row) = target.left_out(row.id.clone()) {
                    won(store::held::update_left_out(db, &record.id, &row, &id).await?)?;
                }
                None
            }
            (from, to) => {
                match from {
                    Some(Place::Line(line)) => won(store::lines::delete(db, &record.id, line).await?.is_some())?,
                    Some(Place::LeftOut(row)) => won(store::lines::delete_left_out(db, &record.id, &row.id).await?.is_some())?,
                    None => {}
                }
                let mut made: Option<Line> = None;
                if let Some(target) = to {
                    left_out.extend(target.left_out(new_id(deed.at)?).map(|row| (row, id.to_string())));
                    made = target.line(new_id(deed.at)?, 1);
                    lines.extend(made.clone().map(|line| (line, Some(id))));
                }
                made
            }
        };
        shifts.push(Shift::between(before, after.as_ref(), rules));
    }
    let position = store::lines::next_position(db, &record.id).await?;
    store::lines::insert(db, &record.id, &lines, position).await?;
    store::lines::insert_left_out(db, &record.id, &left_out).await?;
    Ok(shifts.into_iter().sum())
}
