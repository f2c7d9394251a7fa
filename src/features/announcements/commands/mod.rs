//! What is done with 公告: each deed is load → decide (`domain`) → save → remember → tell, in one transaction.

pub mod correct;
pub mod create;
pub mod download;
pub mod due;
pub mod edit;
pub mod files;
pub mod lines;
pub mod open;
pub mod portal;
pub mod publish;
pub mod published;
pub mod rehearse;
pub mod review;
pub mod stale;
pub mod statistics;
pub mod templates;
pub mod units;
pub mod versions;
pub mod visits;
pub mod wording;

pub use stale::{approved_anew, correction_begun};

use super::seen::{Announcement, Basics, ListPage, ListQuery, ListRow, PAGE_SIZE};
use super::store::{self, Row};
use crate::domain::access::{self, Deed as Wish, Relation};
use crate::domain::announcement::allowed::{Allowed, allowed};
use crate::domain::announcement::attachment::MB;
use crate::domain::announcement::document::Document;
use crate::domain::announcement::outlook::{Outlook, Waiting, corrected_hold, ended_hold};
use crate::domain::announcement::status::AnnouncementAction;
use crate::domain::approval::{self, Candidate, Step};
use crate::domain::calendar::Year;
use crate::domain::ids::{AnnouncementId, UnitId, UserId};
use crate::domain::text;
use crate::error::AppError;
use crate::features::approvals::commands::{self as approvals, Subject};
use crate::features::messages::commands::Notice;
use crate::features::organisations::commands as organisations;
use crate::server::fault::{fault, impossible};
use crate::server::files::sha256_hex;
use crate::server::request::{Deed, Services};
use serde::Serialize;
use sqlx::AnyConnection;
use std::collections::HashMap;

fn lost_race() -> AppError {
    AppError::Conflict("公告已在别处修改。请刷新页面查看最新内容；您刚才填写的内容仍保留在本页".to_owned())
}

fn won(race: bool) -> Result<(), AppError> {
    if race { Ok(()) } else { Err(lost_race()) }
}

/// Loads an announcement that the person may do `wish` to.
async fn find(db: &mut AnyConnection, deed: &Deed, id: &AnnouncementId, wish: Wish) -> Result<Row, AppError> {
    let mut row = store::by_id(db, id).await?.ok_or(AppError::NotFound)?;
    access::may(&deed.by, wish, Relation::of(&deed.by, &row.unit, None))?;
    row.status = row.status.as_of(row.expires_on, deed.at);
    Ok(row)
}

/// Loads an announcement that the person may do `wish` to, as they saw it.
async fn find_seen(db: &mut AnyConnection, deed: &Deed, id: &AnnouncementId, version: i64, wish: Wish) -> Result<Row, AppError> {
    let row = find(db, deed, id, wish).await?;
    won(row.version == version)?;
    Ok(row)
}

/// An announcement that the person may change now.
enum Asked {
    /// As they saw it, but for what others have changed since.
    First(Row),
    /// As this very change has left it already: its answer was lost, and it was asked again.
    Again(Row),
}

/// The digest of a change: who asks for what, over which version (it stands in `input`).
fn digest(deed: &Deed, what: &str, input: &impl Serialize) -> Result<String, AppError> {
    let text = serde_json::to_string(&(&deed.by.user, what, input)).map_err(|error| fault(&error))?;
    Ok(sha256_hex(text.as_bytes()))
}

/// Loads an announcement that the person may change now, though somebody else may have changed other parts of it since `version`; the
/// caller looks whether it is the same part. For a change that may be asked again.
async fn find_open(db: &mut AnyConnection, deed: &Deed, id: &AnnouncementId, version: i64, change: &str) -> Result<Asked, AppError> {
    // The first of two that are the same may still be under way: the other waits and then sees what it did.
    store::hold(db, id).await?;
    let row = find(db, deed, id, Wish::WorkOnAnnouncement).await?;
    row.status.apply(&AnnouncementAction::Edit, deed.at)?;
    // A version is made once: this one was made from the one that is named, by the very change that is asked for.
    if row.version - 1 == version && row.last_change.as_deref() == Some(change) {
        return Ok(Asked::Again(row));
    }
    won((1..=row.version).contains(&version))?;
    Ok(Asked::First(row))
}

/// The stored text of an announcement.
fn document(row: &Row) -> Result<Option<Document>, AppError> {
    row.document
        .as_deref()
        .map(|text| Document::parse(text).map_err(|error| impossible("announcements", row.id.as_str(), &error)))
        .transpose()
}

/// What people call an announcement.
fn name(row: &Row) -> String {
    if row.title.is_empty() { format!("{} · {} 年度公告", row.unit_name, row.year.number()) } else { row.title.clone() }
}

fn notice(row: &Row, words: &str) -> Notice {
    Notice { text: format!("《{}》{words}", name(row)), href: crate::app::paths::announcement(&row.id) }
}

/// The 审核人 of the publishing unit, which is its own 主管.
async fn candidates(db: &mut AnyConnection, unit: &UnitId, submitter: Option<&UserId>) -> Result<Vec<Candidate>, AppError> {
    let unit = organisations::unit_by_id(db, unit).await?.ok_or(AppError::NotFound)?;
    Ok(approval::answerable(approvals::candidates(db, &[&unit], Some(&unit.id)).await?, submitter))
}

async fn allowed_to(db: &mut AnyConnection, deed: &Deed, row: &Row) -> Result<Allowed, AppError> {
    let step = approvals::open_step(db, &Subject::Announcement(row.id.clone())).await?;
    let waits = step.is_some_and(|step| step.waits_for(&deed.by).is_ok());
    Ok(allowed(&deed.by, Relation::of(&deed.by, &row.unit, None), &row.id, &row.status, waits))
}

/// Whom a step waits for.
fn waiting(step: &Step) -> Waiting<'_> {
    Waiting { who: &step.assignee_name, since: step.opened_at }
}

/// A page of 公告列表.
pub async fn list(services: &Services, deed: &Deed, query: ListQuery) -> Result<ListPage, AppError> {
    access::may(&deed.by, Wish::ViewAnnouncement, Relation::Own)?;
    let mut db = services.db.read().await?;
    let page = query.page.clamp(1, 1_000_000);
    let status = query.status.as_deref().map(text::search);
    let asked = store::Filter { year: query.year.map(i64::from), status: status.as_deref(), today: deed.at.day() };
    let (rows, total) = store::list(&mut db, &deed.by.unit, &asked, PAGE_SIZE, (page - 1) * PAGE_SIZE).await?;
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let open = approvals::steps_of(&mut db, &ids).await?.into_iter().filter(|(_, step)| step.answered.is_none());
    let open: HashMap<String, Step> = open.collect();
    let undecided = store::stale::undecided_of(&mut db, &ids).await?;
    let seen = rows.into_iter().map(|row| {
        let step = open.get(row.id.as_str());
        let status = row.status.clone().as_of(row.expires_on, deed.at);
        let waits = step.is_some_and(|step| step.waits_for(&deed.by).is_ok());
        let holds: Vec<String> = undecided.get(row.id.as_str()).into_iter().flatten().map(|unit| corrected_hold(unit)).collect();
        let holds: Vec<String> = holds.into_iter().chain(ended_hold(&status, row.mode, row.expires_on, deed.at)).collect();
        let outlook = Outlook {
            status: &status,
            mode: row.mode,
            is_generated: row.number.is_some(),
            submitted_at: row.submitted_at,
            waiting: step.map(waiting),
            holds: &holds,
            now: deed.at,
        };
        ListRow {
            allowed: allowed(&deed.by, Relation::of(&deed.by, &row.unit, None), &row.id, &status, waits),
            title: name(&row),
            outlook: outlook.sentence(),
            corrects: row.corrects.is_some(),
            id: row.id,
            number: row.number,
            year: row.year,
            mode: row.mode,
            expires_on: row.expires_on,
            status,
            version: row.version,
        }
    });
    let seen = seen.collect();
    let creates = access::may(&deed.by, Wish::WorkOnAnnouncement, Relation::Own).is_ok();
    Ok(ListPage { rows: seen, total, years: Year::offered(deed.at), creates })
}

/// The whole of one, for those who may see it.
pub async fn view(services: &Services, deed: &Deed, id: &AnnouncementId) -> Result<Announcement, AppError> {
    let mut db = services.db.read().await?;
    let row = find(&mut db, deed, id, Wish::ViewAnnouncement).await?;
    let lines = store::lines::of(&mut db, id).await?;
    let files = store::files::of(&mut db, id).await?;
    let (held, missing, others) = stale::around(&mut db, &row, &lines).await?;
    // What is public waits for nothing.
    let waits = held.iter().filter(|held| held.is_undecided && !row.status.is_public());
    let ended = ended_hold(&row.status, row.mode, row.expires_on, deed.at);
    let holds = waits.map(|held| corrected_hold(&held.unit_name)).chain(ended).collect();
    let rehearsal = rehearse::made(&mut db, &row).await?;
    let history = approvals::history(&mut db, id.as_str()).await?;
    let submitter = match &row.submitted_by {
        Some(user) => organisations::user_by_id(&mut db, user).await?,
        None => None,
    };
    let submitted = row
        .submitted_at
        .map(|at| (submitter.map_or_else(|| row.unit_name.clone(), |user| format!("{} · {}", row.unit_name, user.name)), at));
    let allowed = allowed_to(&mut db, deed, &row).await?;
    let asks = allowed.submit || allowed.revoke;
    let by = if asks { Some(&deed.by.user) } else { row.submitted_by.as_ref() };
    let all = if asks || allowed.review { candidates(&mut db, &row.unit, by).await? } else { Vec::new() };
    let candidates = approval::offered(all, by, &deed.by, allowed.review);
    let corrects = correct::corrects(&mut db, &row, &lines).await?;
    let template = wording::seen(&mut db, &row).await?;
    let successor = correct::successor_of(&mut db, &row, deed.at).await?;
    Ok(Announcement {
        basics: Basics { district: row.district, mode: row.mode, expires_on: row.expires_on },
        id: row.id,
        unit_name: row.unit_name,
        year: row.year,
        number: row.number,
        title: row.title,
        remark: row.remark,
        document: row.document,
        status: row.status,
        lines,
        held,
        missing,
        others,
        rehearsal,
        asks_links: services.outgoing.is_allowed(),
        files,
        file_mb: services.settings.attachment_bytes / MB,
        submitted,
        history,
        candidates,
        allowed,
        body_html: row.body_html,
        template,
        corrects,
        successor,
        holds,
        now: deed.at,
        version: row.version,
    })
}
