//! What becomes of an announcement when a record that it holds is corrected (E5, B7): its rows are marked, its publication is
//! held, the people concerned are told, and the 经办 of the 主管 chooses 「更新」 or 「保留并说明」.
//!
//! The marking happens in the transaction that approves the record anew, so that no moment lies between the two in which the
//! publisher could publish what is out of date.

use super::super::seen::{Existing, Held, Kept, Missing, Saved, Settlement, StaleChoice};
use super::super::store::{self, Row, lines::HeldRow};
use super::{find_seen, lost_race, name, notice, won};
use crate::domain::access::Deed as Wish;
use crate::domain::announcement::line::{AnnouncementLine, LineValues, REASON_MAX};
use crate::domain::announcement::stale::{ApprovedRow, being_corrected, news, taken_over, under_way};
use crate::domain::announcement::status::{AnnouncementAction, AnnouncementStatus};
use crate::domain::calendar::{Moment, Year};
use crate::domain::ids::{AnnouncementId, RecordId, UnitId, UserId};
use crate::domain::text;
use crate::error::AppError;
use crate::features::approvals::commands::{self as approvals, Subject};
use crate::features::messages::commands as messages;
use crate::features::organisations::commands as organisations;
use crate::features::records::Record;
use crate::features::records::commands::{self as records, ApprovedRecord};
use crate::server::ids::new_id;
use crate::server::request::{Deed, Services};
use sqlx::AnyConnection;

/// The lines of an approved version, as the rules compare them.
pub(super) fn approved_rows(record: &ApprovedRecord) -> Vec<ApprovedRow> {
    let row = |line: &records::ApprovedLine| ApprovedRow {
        line: line.line.clone(),
        values: LineValues {
            project_name: line.project_name.clone(),
            measure: Some(line.measure),
            percent: line.percent,
            sme: line.sme,
            small_micro: line.small_micro,
            url: line.url.clone(),
        },
    };
    record.lines.iter().map(row).collect()
}

/// The newest approved version of one record.
async fn newest(db: &mut AnyConnection, unit: &UnitId, year: Year, record: &RecordId) -> Result<ApprovedRecord, AppError> {
    let approved = records::approved_versions(db, std::slice::from_ref(unit), year).await?;
    approved.into_iter().find(|approved| approved.record == *record).ok_or_else(lost_race)
}

/// Whoever a change of the announcement concerns: the 经办 of its unit, who submitted it, and who was asked to approve it.
pub(super) async fn concerned(db: &mut AnyConnection, row: &Row) -> Result<Vec<UserId>, AppError> {
    let mut people = super::publish::involved(db, row).await?;
    let clerks = organisations::users_of(db, &row.unit).await?.into_iter().filter(|user| user.roles.clerk).map(|user| user.id);
    people.extend(clerks);
    people.sort();
    people.dedup();
    Ok(people)
}

async fn tell(db: &mut AnyConnection, row: &Row, at: Moment, words: &str) -> Result<(), AppError> {
    for user in concerned(db, row).await? {
        messages::tell(db, &user, at, &notice(row, words)).await?;
    }
    Ok(())
}

/// Marks the announcements that hold this record, whose newer version has just been approved. Where its lines say the same as
/// before, they are that version from now on, and nobody is troubled.
pub async fn approved_anew(db: &mut AnyConnection, unit: &UnitId, year: Year, record: &RecordId, at: Moment) -> Result<(), AppError> {
    let holders = store::stale::holders(db, record).await?;
    if holders.is_empty() {
        return Ok(());
    }
    let approved = newest(db, unit, year, record).await?;
    let rows = approved_rows(&approved);
    for id in holders {
        store::hold(db, &id).await?;
        let row = store::by_id(db, &id).await?.ok_or_else(lost_race)?;
        // What was corrected or revoked says nothing any more; its successor holds the record itself.
        if !row.status.is_live() {
            continue;
        }
        let is_public = row.status.is_public();
        let touched = news(&store::lines::of(db, &id).await?, record, &rows).len();
        if touched == 0 {
            if !is_public {
                store::stale::holds_now(db, &id, record, approved.number).await?;
            }
            continue;
        }
        store::stale::note_newest(db, &id, record, approved.number).await?;
        let whose = format!("{}的年度数据已更正（{touched} 行）", approved.unit_name);
        let words = match &row.status {
            AnnouncementStatus::Scheduled(_) => format!("已暂停定时发布：{whose}，请选择「更新」或「保留并说明」"),
            _ if is_public => format!("发布之后，{whose}，公告不会改变；需要时请办理更正"),
            _ => format!("所汇集的{whose}，请选择「更新」或「保留并说明」"),
        };
        // Whoever reviews or has approved saw it without the mark: their next deed must name what they see now. A text that is
        // being written is not disturbed.
        if matches!(row.status, AnnouncementStatus::InReview | AnnouncementStatus::Scheduled(_)) {
            won(store::touch(db, &row, None, at).await?)?;
        }
        approvals::remember_system(db, id.as_str(), at, &whose, "").await?;
        tell(db, &row, at, &words).await?;
    }
    Ok(())
}

/// Tells that a record is being corrected that an announcement holds; nothing is held back by it yet.
pub async fn correction_begun(db: &mut AnyConnection, unit_name: &str, record: &RecordId, at: Moment) -> Result<(), AppError> {
    for id in store::stale::holders(db, record).await? {
        let row = store::by_id(db, &id).await?.ok_or_else(lost_race)?;
        tell(db, &row, at, &being_corrected(&row.status, unit_name)).await?;
    }
    Ok(())
}

/// Refuses while somebody must choose for a corrected record: what is out of date is neither submitted nor published.
pub(super) async fn nothing_waits(db: &mut AnyConnection, id: &AnnouncementId) -> Result<(), AppError> {
    let units = store::stale::undecided(db, id).await?;
    if units.is_empty() {
        return Ok(());
    }
    Err(AppError::Conflict(format!("{}的年度数据已更正，请先由本单位经办选择「更新」或「保留并说明」", units.join("、"))))
}

/// 「更新」 or 「保留并说明」.
pub async fn settle(services: &Services, deed: Deed, settlement: Settlement) -> Result<Saved, AppError> {
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                store::hold(db, &settlement.id).await?;
                let row = find_seen(db, &deed, &settlement.id, settlement.version, Wish::WorkOnAnnouncement).await?;
                if row.status.is_public() {
                    // The machine refuses it in its own words.
                    row.status.apply(&AnnouncementAction::Edit, deed.at)?;
                }
                let held = store::lines::held(db, &row.id).await?;
                let held = held.into_iter().find(|held| held.record == settlement.record).ok_or(AppError::NotFound)?;
                won(held.versions().is_outdated() && held.newest == Some(settlement.newest))?;
                match &settlement.choice {
                    StaleChoice::Update => update(db, &row, &held, &deed).await?,
                    StaleChoice::Keep(reason) => keep(db, &row, &held, settlement.newest, reason, &deed).await?,
                }
                Ok(Saved { version: row.version + 1, at: deed.at })
            })
        })
        .await
}

async fn keep(db: &mut AnyConnection, row: &Row, held: &HeldRow, newest: i64, reason: &str, deed: &Deed) -> Result<(), AppError> {
    let reason = text::required("保留的说明", reason, REASON_MAX).map_err(|error| AppError::field("reason", error))?;
    won(store::touch(db, row, None, deed.at).await?)?;
    let kept = Kept { reason, by: deed.by.name.clone(), at: deed.at };
    store::stale::keep(db, &row.id, &held.record, newest, &kept).await?;
    let said = format!("{}：{}", held.unit_name, kept.reason);
    approvals::remember(db, row.id.as_str(), deed, "保留更正前的年度数据", &said).await?;
    let is_free = store::stale::undecided(db, &row.id).await?.is_empty();
    let then = match &row.status {
        AnnouncementStatus::Scheduled(at) if is_free && *at <= deed.at => "，设定的时间已过，立即发布",
        AnnouncementStatus::Scheduled(_) if is_free => "，恢复定时发布",
        _ => "",
    };
    if matches!(row.status, AnnouncementStatus::InReview | AnnouncementStatus::Scheduled(_)) {
        tell_others(db, row, deed, &format!("保留更正前的年度数据{then}。{said}")).await?;
    }
    Ok(())
}

/// Takes over the newly approved lines. What is under review or waits for its time goes back to its 经办, because what they
/// approved is no longer what would be published.
async fn update(db: &mut AnyConnection, row: &Row, held: &HeldRow, deed: &Deed) -> Result<(), AppError> {
    let approved = newest(db, &held.unit, row.year, &held.record).await?;
    won(Some(approved.number) == held.newest)?;
    let made = |row: &ApprovedRow| -> Result<AnnouncementLine, AppError> {
        Ok(AnnouncementLine {
            id: new_id(deed.at)?,
            unit_name: held.unit_name.clone(),
            record: held.record.clone(),
            record_line: Some(row.line.clone()),
            record_number: approved.number,
            approved: row.values.clone(),
            values: row.values.clone(),
            is_removed: false,
            reason: String::new(),
        })
    };
    let lines = store::lines::of(db, &row.id).await?;
    let lines = taken_over(lines, &held.record, approved.number, &approved_rows(&approved), made)?;
    if row.status.is_editable() {
        won(store::touch(db, row, None, deed.at).await?)?;
    } else {
        let reason = format!("{}的年度数据已更正，更新后重新提交", held.unit_name);
        let status = row.status.apply(&AnnouncementAction::Withdraw(reason.clone()), deed.at)?;
        won(store::set_status(db, row, &status, deed.at).await?)?;
        approvals::withdraw(db, &Subject::Announcement(row.id.clone()), &reason, deed).await?;
        tell_others(db, row, deed, &format!("已撤回：{reason}")).await?;
    }
    store::lines::replace(db, &row.id, &lines).await?;
    // Whoever has not seen them yet decides nothing about them.
    store::units::changed(db, &row.id, &held.record, row.version + 1).await?;
    store::stale::holds_now(db, &row.id, &held.record, approved.number).await?;
    approvals::remember(db, row.id.as_str(), deed, "更新为更正后的年度数据", &held.unit_name).await
}

/// Tells whoever it concerns, but not the person who acts.
pub(super) async fn tell_others(db: &mut AnyConnection, row: &Row, deed: &Deed, words: &str) -> Result<(), AppError> {
    for user in concerned(db, row).await?.into_iter().filter(|user| *user != deed.by.user) {
        messages::tell(db, &user, deed.at, &notice(row, words)).await?;
    }
    Ok(())
}

/// What stands around an announcement: the records that it holds with what became of them, the units whose are missing, and the
/// other announcements of the year.
pub(super) async fn around(
    db: &mut AnyConnection,
    row: &Row,
    lines: &[AnnouncementLine],
) -> Result<(Vec<Held>, Vec<Missing>, Vec<Existing>), AppError> {
    let held = store::lines::held(db, &row.id).await?;
    let units = organisations::supervised_by(db, &row.unit).await?;
    let mut ids: Vec<UnitId> = units.iter().map(|unit| unit.id.clone()).collect();
    // A unit that has left the tree may still correct what the announcement holds of it.
    ids.extend(held.iter().map(|held| held.unit.clone()).filter(|id| units.iter().all(|unit| unit.id != *id)));
    let states = records::states(db, &ids, row.year).await?;
    let outdated: Vec<UnitId> = held.iter().filter(|held| held.versions().is_outdated()).map(|held| held.unit.clone()).collect();
    let newest = if outdated.is_empty() { Vec::new() } else { records::approved_versions(db, &outdated, row.year).await? };
    let seen = held.iter().map(|held| {
        let versions = held.versions();
        let record = states.iter().find_map(|(_, record)| record.as_ref().filter(|record| record.id == held.record));
        let approved = newest.iter().find(|approved| approved.record == held.record).filter(|_| versions.is_outdated());
        Held {
            record: held.record.clone(),
            unit_name: held.unit_name.clone(),
            newest: held.newest.filter(|_| versions.is_outdated()),
            is_undecided: versions.is_undecided(),
            news: approved.map(|approved| news(lines, &held.record, &approved_rows(approved))).unwrap_or_default(),
            kept: held.kept.as_ref().filter(|_| versions.is_outdated()).map(|(_, kept)| kept.clone()),
            under_way: record.and_then(|record| under_way(&record.status, record.approved_number.is_some())),
            taken_in: held.taken_in.clone(),
        }
    });
    let seen = seen.collect();
    let absent: Vec<_> = units.iter().zip(&states).filter(|(unit, _)| held.iter().all(|held| held.unit != unit.id)).collect();
    let is_approved = |record: &Option<Record>| record.as_ref().is_some_and(|record| record.approved_number.is_some());
    let having: Vec<UnitId> = absent.iter().filter(|(_, (_, record))| is_approved(record)).map(|(unit, _)| unit.id.clone()).collect();
    let approved = if having.is_empty() { Vec::new() } else { records::approved_versions(db, &having, row.year).await? };
    let left = store::units::left(db, &row.id).await?;
    let missing = absent.into_iter().map(|(unit, (_, record))| Missing {
        unit_name: unit.name.clone(),
        state: record.as_ref().map_or("未生成", |record| record.status.label()).to_owned(),
        ready: approved.iter().find(|approved| approved.unit == unit.id).map(super::units::ready),
        left: left.get(&unit.id).cloned(),
    });
    let missing = missing.collect();
    // A correction and what it corrects stand beside each other until one takes the other's place (E7).
    let belongs = |other: &Row| other.id == row.id || row.corrects.as_ref() == Some(&other.id) || other.corrects.as_ref() == Some(&row.id);
    let others = store::of_year(db, &row.unit, row.year).await?.into_iter().filter(|other| !belongs(other) && other.status.is_live());
    let others = others.map(|other| Existing { title: name(&other), status: other.status.label().to_owned(), id: other.id });
    Ok((seen, missing, others.collect()))
}
