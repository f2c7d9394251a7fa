//! 「更正」 and 「撤销」 of what was published (E7): it never changes itself; a successor takes its place, or its address says why it is gone.

use super::super::seen::{Attachment, CorrectionAsked, Corrects, RevocationAsked, Saved, SuccessorLink};
use super::super::store::{self, Row};
use super::open::ChangeKind;
use super::{candidates, document, find, lost_race, notice, versions, won, wording};
use crate::domain::access::Deed as Wish;
use crate::domain::announcement::correction::{Alterations, Side, compare};
use crate::domain::announcement::line::AnnouncementLine;
use crate::domain::announcement::number;
use crate::domain::announcement::status::{AnnouncementAction, AnnouncementStatus, Pending, PublishMode};
use crate::domain::announcement::version::Occasion;
use crate::domain::approval::{self, OPINION_MAX};
use crate::domain::calendar::Moment;
use crate::domain::ids::AnnouncementId;
use crate::domain::text;
use crate::error::AppError;
use crate::features::approvals::commands::{self as approvals, Subject};
use crate::features::records::commands as records;
use crate::server::fault::impossible;
use crate::server::ids::new_id;
use crate::server::request::{Deed, Services};
use sqlx::AnyConnection;

/// 「更正」: begins a successor with a copy of everything, to be changed freely and approved like any other.
pub async fn correct(services: &Services, deed: Deed, asked: CorrectionAsked) -> Result<AnnouncementId, AppError> {
    let reason = text::required("更正理由", &asked.reason, OPINION_MAX).map_err(|error| AppError::field("reason", error))?;
    let files = copied_files(services, &deed, &asked).await?;
    let ids: Vec<_> = files.iter().map(|file| file.id.clone()).collect();
    let begun = services
        .db
        .write(move |db| {
            Box::pin(async move {
                // The records before the announcement, as their approval does: it marks either the published one or its successor.
                let mut held: Vec<_> = store::lines::held(db, &asked.id).await?.into_iter().map(|held| held.record).collect();
                held.sort();
                for record in &held {
                    records::hold(db, record).await?;
                }
                store::hold(db, &asked.id).await?;
                let row = find(db, &deed, &asked.id, Wish::WorkOnAnnouncement).await?;
                let id: AnnouncementId = new_id(deed.at)?;
                let status = row.status.apply(&AnnouncementAction::Correct(id.clone()), deed.at)?;
                won(row.version == asked.version)?;
                won(store::set_status(db, &row, &status, deed.at).await?)?;
                let successor = successor(db, &row, id, &reason).await?;
                store::insert(db, &successor, deed.at).await?;
                copy_lines(db, &row, &successor, &deed).await?;
                wording::copy(db, &row.id, &successor.id, deed.at).await?;
                for file in &files {
                    store::files::insert(db, &successor.id, file, &new_id(deed.at)?, deed.at).await?;
                }
                versions::at_deed(db, &successor, &deed, Occasion::Created, "更正公告").await?;
                let old = row.number.as_deref().unwrap_or_default();
                let new = successor.number.as_deref().unwrap_or_default();
                approvals::remember(db, row.id.as_str(), &deed, "更正", &format!("更正公告 {new}：{reason}")).await?;
                approvals::remember(db, successor.id.as_str(), &deed, "创建更正公告", &format!("更正 {old}：{reason}")).await?;
                Ok(successor.id)
            })
        })
        .await;
    if matches!(&begun, Err(error) if !matches!(error, AppError::Busy | AppError::Internal(_))) {
        for id in ids {
            services.files.remove(id.as_str()).await;
        }
    }
    begun
}

/// Copies of the files under ids of their own, on disk before their rows exist; one that is lost is left out.
async fn copied_files(services: &Services, deed: &Deed, asked: &CorrectionAsked) -> Result<Vec<Attachment>, AppError> {
    let files = {
        let mut db = services.db.read().await?;
        let row = find(&mut db, deed, &asked.id, Wish::WorkOnAnnouncement).await?;
        row.status.apply(&AnnouncementAction::Correct(row.id.clone()), deed.at)?;
        store::files::of(&mut db, &row.id).await?
    };
    let mut copies = Vec::new();
    for file in files {
        let copy = Attachment { id: new_id(deed.at)?, older: Vec::new(), ..file.clone() };
        if services.files.copy(file.id.as_str(), copy.id.as_str()).await? {
            copies.push(copy);
        } else {
            tracing::error!(file = file.id.as_str(), "a file of a published announcement is lost; its correction goes without it");
        }
    }
    Ok(copies)
}

/// The successor as it begins: the text and the 基本信息 of the published one under a number of its own.
async fn successor(db: &mut AnyConnection, row: &Row, id: AnnouncementId, reason: &str) -> Result<Row, AppError> {
    let serial = store::numbers::next_serial(db, row.district, row.year).await?;
    Ok(Row {
        id,
        number: Some(number::number(row.district, row.year, serial)),
        // The set time of the published one has passed.
        mode: PublishMode::OnApproval,
        status: AnnouncementStatus::Draft,
        round: 0,
        submitted_by: None,
        submitted_at: None,
        body_html: None,
        corrects: Some(row.id.clone()),
        correction_reason: reason.to_owned(),
        version: 1,
        last_change: None,
        ..row.clone()
    })
}

async fn copy_lines(db: &mut AnyConnection, row: &Row, successor: &Row, deed: &Deed) -> Result<(), AppError> {
    let held = store::lines::held(db, &row.id).await?;
    store::lines::hold(db, &successor.id, &held).await?;
    for (unit, left) in store::units::left(db, &row.id).await? {
        store::units::note_left(db, &successor.id, &unit, &left).await?;
    }
    // What was corrected since the publication is to be chosen for here; what was kept before it stays kept (E5).
    for held in held.iter().filter(|held| held.versions().is_outdated()) {
        if let Some(newest) = held.newest {
            store::stale::note_newest(db, &successor.id, &held.record, newest).await?;
        }
        if let Some((number, kept)) = &held.kept {
            store::stale::keep(db, &successor.id, &held.record, *number, kept).await?;
        }
    }
    let lines = store::lines::of(db, &row.id).await?.into_iter();
    let lines = lines.map(|line| Ok(AnnouncementLine { id: new_id(deed.at)?, ..line })).collect::<Result<Vec<_>, AppError>>()?;
    store::lines::insert(db, &successor.id, &lines).await
}

/// The announcement that `row` corrects, held until this transaction ends.
pub(super) async fn corrected(db: &mut AnyConnection, row: &Row) -> Result<Option<Row>, AppError> {
    let Some(id) = &row.corrects else { return Ok(None) };
    store::hold(db, id).await?;
    store::by_id(db, id).await?.map(Some).ok_or_else(|| impossible("announcements", row.id.as_str(), &"corrects nothing"))
}

/// What `row` with its `lines` says differently than what it corrects.
pub(super) async fn alterations(
    db: &mut AnyConnection,
    corrected: &Row,
    row: &Row,
    lines: &[AnnouncementLine],
) -> Result<Alterations, AppError> {
    let old_lines = store::lines::of(db, &corrected.id).await?;
    let (old, new) = (document(corrected)?, document(row)?);
    let before = Side {
        title: &corrected.title,
        expires_on: corrected.expires_on,
        remark: &corrected.remark,
        document: old.as_ref(),
        lines: &old_lines,
    };
    let after = Side { title: &row.title, expires_on: row.expires_on, remark: &row.remark, document: new.as_ref(), lines };
    Ok(compare(&row.unit_name, row.year, before, after))
}

/// Makes what `row` corrects 已更正, in the transaction that publishes `row`.
pub(super) async fn supersede(db: &mut AnyConnection, corrected: &Row, row: &Row, at: Moment) -> Result<(), AppError> {
    let action = AnnouncementAction::Supersede(row.id.clone(), row.correction_reason.clone());
    let status = corrected.status.apply(&action, at)?;
    won(store::set_status(db, corrected, &status, at).await?)?;
    let no = store::numbers::next_publication(db).await?;
    store::changes::note(db, &[(no, &corrected.id, ChangeKind::Corrected)], at).await?;
    store::slots::hand_over(db, &row.unit, row.year, &corrected.id, &row.id).await?;
    let detail = format!("由 {} 更正：{}", row.number.as_deref().unwrap_or_default(), row.correction_reason);
    approvals::remember_system(db, corrected.id.as_str(), at, "已更正", &detail).await
}

/// A successor that was not published is deleted: what it would have corrected is 已发布 with nothing under way.
pub(super) async fn release(db: &mut AnyConnection, row: &Row, deed: &Deed) -> Result<(), AppError> {
    let Some(corrected) = corrected(db, row).await? else { return Ok(()) };
    let status = corrected.status.apply(&AnnouncementAction::Uncorrect(row.id.clone()), deed.at)?;
    won(store::set_status(db, &corrected, &status, deed.at).await?)?;
    let number = row.number.as_deref().unwrap_or_default();
    approvals::remember(db, corrected.id.as_str(), deed, "放弃更正", &format!("更正公告 {number} 已删除")).await
}

/// 「撤销」: asks for the approval of taking a published announcement back.
pub async fn revoke(services: &Services, deed: Deed, asked: RevocationAsked) -> Result<Saved, AppError> {
    let reason = text::required("撤销理由", &asked.reason, OPINION_MAX).map_err(|error| AppError::field("reason", error))?;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                store::hold(db, &asked.id).await?;
                let row = find(db, &deed, &asked.id, Wish::WorkOnAnnouncement).await?;
                let status = row.status.apply(&AnnouncementAction::Revoke(reason.clone()), deed.at)?;
                won(row.version == asked.version)?;
                let candidates = candidates(db, &row.unit, Some(&deed.by.user)).await?;
                let next = approval::chosen(&candidates, &asked.next, &deed.by.user, None)?;
                won(store::set_status(db, &row, &status, deed.at).await?)?;
                store::begin_round(db, &row.id, &deed.by.user, deed.at).await?;
                let subject = Subject::Announcement(row.id.clone());
                let asks = notice(&row, &format!("申请撤销，待您审核：{reason}"));
                approvals::open_with_note(db, &subject, row.round + 1, next, &deed.by.user, &deed, &asks, reason.clone()).await?;
                versions::at_deed(db, &row, &deed, Occasion::Submitted, "申请撤销").await?;
                approvals::remember(
                    db,
                    row.id.as_str(),
                    &deed,
                    "申请撤销",
                    &format!("{reason}。下一审批：{} · {}", next.unit_name, next.name),
                )
                .await?;
                Ok(Saved { version: row.version + 1, at: deed.at })
            })
        })
        .await
}

/// The revocation is agreed to: from this commit on the portal says so.
pub(super) async fn revoked(db: &mut AnyConnection, row: &Row, status: &AnnouncementStatus, deed: &Deed) -> Result<(), AppError> {
    won(store::set_status(db, row, status, deed.at).await?)?;
    let no = store::numbers::next_publication(db).await?;
    store::changes::note(db, &[(no, &row.id, ChangeKind::Revoked)], deed.at).await?;
    approvals::remember_system(db, row.id.as_str(), deed.at, "已撤销", status.reason()).await
}

/// What `row` corrects, for its page: with everything that differs.
pub(super) async fn corrects(db: &mut AnyConnection, row: &Row, lines: &[AnnouncementLine]) -> Result<Option<Corrects>, AppError> {
    let Some(id) = &row.corrects else { return Ok(None) };
    let corrected = store::by_id(db, id).await?.ok_or_else(lost_race)?;
    let alterations = alterations(db, &corrected, row, lines).await?;
    let published_at = corrected.status.at().ok_or_else(|| impossible("announcements", id.as_str(), &"corrected without a publication"))?;
    Ok(Some(Corrects {
        id: corrected.id,
        number: corrected.number.unwrap_or_default(),
        published_at,
        reason: row.correction_reason.clone(),
        alterations,
    }))
}

/// The successor of `row`, also one in the making.
pub(super) async fn successor_of(db: &mut AnyConnection, row: &Row, now: Moment) -> Result<Option<SuccessorLink>, AppError> {
    let id = match (&row.status, row.status.pending()) {
        (AnnouncementStatus::Corrected(correction), _) => &correction.successor,
        (_, Some(Pending::Correction(successor))) => successor,
        _ => return Ok(None),
    };
    let found = store::by_id(db, id).await?.ok_or_else(lost_race)?;
    let status = found.status.as_of(found.expires_on, now);
    Ok(Some(SuccessorLink { id: found.id, number: found.number.unwrap_or_default(), status: status.label().to_owned() }))
}
