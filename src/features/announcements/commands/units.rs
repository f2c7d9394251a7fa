//! 「补入单位」 and 「移出单位」: the records that an announcement holds change after it was created (C1, C4).
//!
//! Always: what comes in is the newest approved version, the one whose figures the person saw; the last record cannot leave; the state
//! before and after is kept as a version; what the reviewer must know (who came in, who left and why) stands in the announcement itself.
//! The record's row is held before the announcement's, as its approval does, so that no approval falls between reading and noting.

use super::super::seen::{Left, Ready, RecordSeen, Saved, TakenIn, UnitLeft, UnitsTaken};
use super::super::store::{self, Row};
use super::{Asked, create, digest, find_open, versions, won};
use crate::domain::announcement::line::REASON_MAX;
use crate::domain::announcement::units::{UnitRefused, may_come_in, may_leave};
use crate::domain::announcement::version::Occasion;
use crate::domain::ids::UnitId;
use crate::domain::money::Money;
use crate::domain::text;
use crate::error::AppError;
use crate::features::approvals::commands as approvals;
use crate::features::organisations::commands as organisations;
use crate::features::records::commands::{self as records, ApprovedRecord};
use crate::server::request::{Deed, Services};
use sqlx::AnyConnection;

/// 「补入单位」: the approved lines of these records come into the announcement, below those that are there.
pub async fn take_in(services: &Services, deed: Deed, asked: UnitsTaken) -> Result<Saved, AppError> {
    let digest = digest(&deed, "take_in", &asked)?;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let mut wanted: Vec<_> = asked.records.iter().map(|seen| seen.record.clone()).collect();
                wanted.sort();
                wanted.dedup();
                for record in &wanted {
                    records::hold(db, record).await?;
                }
                let row = match find_open(db, &deed, &asked.id, asked.version, &digest).await? {
                    Asked::First(row) => row,
                    Asked::Again(row) => return Ok(Saved { version: row.version, at: deed.at }),
                };
                let approved = chosen(db, &row, &asked.records).await?;
                versions::before_deed(db, &row).await?;
                won(store::touch(db, &row, Some(&digest), deed.at).await?)?;
                create::copy(db, &row.id, &approved, &deed).await?;
                for record in &approved {
                    let taken = TakenIn { by: deed.by.name.clone(), at: deed.at };
                    store::units::note_taken_in(db, &row.id, &record.record, &record.unit, &taken).await?;
                }
                let said = approved.iter().map(words).collect::<Vec<_>>().join("、");
                versions::at_deed(db, &row, &deed, Occasion::UnitsTakenIn, &said).await?;
                approvals::remember(db, row.id.as_str(), &deed, Occasion::UnitsTakenIn.label(), &said).await?;
                Ok(Saved { version: row.version + 1, at: deed.at })
            })
        })
        .await
}

/// A refusal as the person gets it: the page shows what was true a moment ago.
fn refused(refused: &UnitRefused) -> AppError {
    AppError::Conflict(refused.to_string())
}

/// The approved versions that are asked for, in the order of the tree; refused if one is not what was seen.
async fn chosen(db: &mut AnyConnection, row: &Row, seen: &[RecordSeen]) -> Result<Vec<ApprovedRecord>, AppError> {
    if seen.is_empty() {
        return Err(AppError::field("records", "请选择要补入的单位"));
    }
    let held = store::lines::held(db, &row.id).await?;
    if let Some(there) = held.iter().find(|held| seen.iter().any(|seen| seen.record == held.record)) {
        return Err(refused(&UnitRefused::There(there.unit_name.clone())));
    }
    let units = organisations::supervised_by(db, &row.unit).await?.into_iter().map(|unit| unit.id);
    let units: Vec<UnitId> = units.filter(|unit| held.iter().all(|held| held.unit != *unit)).collect();
    let approved = records::approved_versions(db, &units, row.year).await?;
    for seen in seen {
        let newest = approved.iter().find(|approved| approved.record == seen.record).ok_or(AppError::NotFound)?;
        may_come_in(&newest.unit_name, seen.number, newest.number).map_err(|error| refused(&error))?;
    }
    Ok(approved.into_iter().filter(|approved| seen.iter().any(|seen| seen.record == approved.record)).collect())
}

/// What a record brings, for 操作日志 and 历史版本.
fn words(record: &ApprovedRecord) -> String {
    let sme: Money = record.lines.iter().map(|line| line.sme).sum();
    format!("{}（{} 行，面向中小企业 {} 万元）", record.unit_name, record.lines.len(), sme.wan())
}

/// 「移出单位」: a record leaves the announcement with all its lines, for a reason that the reviewer sees.
pub async fn move_out(services: &Services, deed: Deed, asked: UnitLeft) -> Result<Saved, AppError> {
    let digest = digest(&deed, "move_out", &asked)?;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                records::hold(db, &asked.record).await?;
                let row = match find_open(db, &deed, &asked.id, asked.version, &digest).await? {
                    Asked::First(row) => row,
                    Asked::Again(row) => return Ok(Saved { version: row.version, at: deed.at }),
                };
                let reason = text::required("移出理由", &asked.reason, REASON_MAX).map_err(|error| AppError::field("reason", error))?;
                let held = store::lines::held(db, &row.id).await?;
                let Some(leaving) = held.iter().find(|held| held.record == asked.record) else {
                    return Err(AppError::Conflict("该单位已不在本公告中，可能刚由他人移出，请查看最新内容".to_owned()));
                };
                let changed = store::units::last_change(db, &row.id, &asked.record).await?;
                may_leave(&leaving.unit_name, held.len(), changed, asked.version).map_err(|error| refused(&error))?;
                versions::before_deed(db, &row).await?;
                won(store::touch(db, &row, Some(&digest), deed.at).await?)?;
                store::units::take_out(db, &row.id, &asked.record).await?;
                let left = Left { reason, by: deed.by.name.clone(), at: deed.at };
                store::units::note_left(db, &row.id, &leaving.unit, &left).await?;
                let said = format!("{}：{}", leaving.unit_name, left.reason);
                versions::at_deed(db, &row, &deed, Occasion::UnitMovedOut, &said).await?;
                approvals::remember(db, row.id.as_str(), &deed, Occasion::UnitMovedOut.label(), &said).await?;
                Ok(Saved { version: row.version + 1, at: deed.at })
            })
        })
        .await
}

/// What an approved version would bring into an announcement.
pub(super) fn ready(record: &ApprovedRecord) -> Ready {
    Ready {
        record: record.record.clone(),
        number: record.number,
        lines: record.lines.len(),
        sme: record.lines.iter().map(|line| line.sme).sum(),
        small_micro: record.lines.iter().map(|line| line.small_micro).sum(),
        remark: record.remark.clone(),
    }
}
