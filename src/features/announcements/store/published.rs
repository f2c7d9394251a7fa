//! What the portal reads of one announcement: rows that were published only, whatever is asked. Its lists stand in [`super::listings`].

use crate::domain::calendar::{Day, Moment};
use crate::domain::ids::{AttachmentId, UnitId};
use crate::domain::organisation::District;
use crate::error::AppError;
use crate::features::announcements::commands::published::{Frozen, Linked, Listed, Published, Standing};
use crate::server::fault::impossible;
use sqlx::AnyConnection;

#[derive(sqlx::FromRow)]
struct Page {
    id: String,
    number: String,
    title: String,
    unit_id: String,
    unit_name: String,
    district: String,
    year: i64,
    status: String,
    status_reason: String,
    status_at: String,
    status_since: Option<String>,
    expires_on: Option<String>,
    body_html: String,
    frozen: String,
    correction_reason: String,
    next_id: Option<String>,
    next_number: Option<String>,
    next_title: Option<String>,
    next_at: Option<String>,
    next_frozen: Option<String>,
    old_id: Option<String>,
    old_number: Option<String>,
    old_title: Option<String>,
    old_at: Option<String>,
}

/// A successor counts only once it has taken the place: before, nobody outside may know of it.
const PAGE: &str = "SELECT own.id, own.number, own.title, own.unit_id, own.unit_name, own.district, own.year, own.status, own.status_reason, own.status_at, own.status_since, own.expires_on,
        own.body_html, own.frozen, own.correction_reason, next.id AS next_id, next.number AS next_number, next.title AS next_title, next.status_at AS next_at, next.frozen AS next_frozen,
        old.id AS old_id, old.number AS old_number, old.title AS old_title, old.status_at AS old_at
 FROM announcements own
      LEFT JOIN announcements next ON own.status = 'corrected' AND next.id = own.successor_id
      LEFT JOIN announcements old ON old.id = own.corrects_id
 WHERE own.number = $1 AND own.status IN ('published', 'corrected', 'revoked')";

/// An announcement that was published, by its number.
pub async fn by_number(db: &mut AnyConnection, number: &str) -> Result<Option<Published>, AppError> {
    let page: Option<Page> = sqlx::query_as(PAGE).bind(number).fetch_optional(&mut *db).await?;
    let Some(page) = page else { return Ok(None) };
    let wrong = |what: &dyn std::fmt::Display| impossible("announcements", &page.number, what);
    let moment = |text: &str| Moment::parse(text).map_err(|error| wrong(&error));
    let frozen = |text: &str| serde_json::from_str::<Frozen>(text).map_err(|error| wrong(&error));
    let linked = |number: &Option<String>, title: &Option<String>, at: &Option<String>| match (number, title, at) {
        (Some(number), Some(title), Some(at)) => Ok(Some(Linked { number: number.clone(), title: title.clone(), at: moment(at)? })),
        _ => Ok::<_, AppError>(None),
    };
    let since = || page.status_since.as_deref().ok_or_else(|| wrong(&"ended without a moment")).and_then(moment);
    let reason = page.status_reason.clone();
    let standing = match page.status.as_str() {
        "corrected" => Standing::Corrected {
            since: since()?,
            reason,
            successor: linked(&page.next_number, &page.next_title, &page.next_at)?.ok_or_else(|| wrong(&"corrected by nothing"))?,
            alterations: page.next_frozen.as_deref().map(frozen).transpose()?.and_then(|frozen| frozen.alterations),
        },
        "revoked" => Standing::Revoked { since: since()?, reason },
        _ => Standing::Current,
    };
    let mut versions = vec![version(Step {
        id: page.id.clone(),
        number: page.number.clone(),
        title: page.title.clone(),
        status: page.status.clone(),
        status_at: page.status_at.clone(),
    })?];
    // Nearly all stand alone and need no more than this one read.
    if page.old_id.is_some() {
        versions.splice(0..0, walk(db, page.old_id.clone(), BEFORE).await?.into_iter().rev());
    }
    if page.next_id.is_some() {
        versions.extend(walk(db, page.next_id.clone(), AFTER).await?);
    }
    Ok(Some(Published {
        unit: UnitId::parse(&page.unit_id).map_err(|error| wrong(&error))?,
        versions,
        district: District::parse(&page.district).map_err(|error| wrong(&error))?,
        at: moment(&page.status_at)?,
        expires_on: page.expires_on.as_deref().map(Day::parse).transpose().map_err(|error| wrong(&error))?,
        frozen: frozen(&page.frozen)?,
        corrects: linked(&page.old_number, &page.old_title, &page.old_at)?.map(|old| (old, page.correction_reason.clone())),
        standing,
        number: page.number,
        title: page.title,
        unit_name: page.unit_name,
        year: page.year,
        body_html: page.body_html,
    }))
}

#[derive(sqlx::FromRow)]
struct Step {
    id: String,
    number: String,
    title: String,
    status: String,
    status_at: String,
}

fn version(step: Step) -> Result<(Linked, Listed), AppError> {
    let wrong = |what: &dyn std::fmt::Display| impossible("announcements", &step.id, what);
    let at = Moment::parse(&step.status_at).map_err(|error| wrong(&error))?;
    let listed = Listed::from_code(&step.status).ok_or_else(|| wrong(&"never published"))?;
    Ok((Linked { number: step.number, title: step.title, at }, listed))
}

/// Corrections of corrections that are followed in each direction.
const STEPS: usize = 50;
/// The announcement that this one corrects.
const BEFORE: &str = "SELECT corrects_id FROM announcements WHERE id = $1";
/// The one that has taken its place; one in the making has not.
const AFTER: &str = "SELECT CASE WHEN status = 'corrected' THEN successor_id END FROM announcements WHERE id = $1";

/// The published ones from `from` on, by the steps of `next`.
async fn walk(db: &mut AnyConnection, from: Option<String>, next: &'static str) -> Result<Vec<(Linked, Listed)>, AppError> {
    let (mut found, mut at) = (Vec::new(), from);
    while let Some(id) = at.take().filter(|_| found.len() < STEPS) {
        let step: Option<Step> = sqlx::query_as(
            "SELECT id, number, title, status, status_at FROM announcements WHERE id = $1 AND status IN ('published', 'corrected', 'revoked')",
        )
        .bind(&id)
        .fetch_optional(&mut *db)
        .await?;
        let Some(step) = step else { break };
        found.push(version(step)?);
        at = sqlx::query_scalar::<_, Option<String>>(next).bind(&id).fetch_one(&mut *db).await?;
    }
    Ok(found)
}

/// Id, text and 备注 of an announcement that was published, as they were then: nothing changes them afterwards.
pub async fn text(db: &mut AnyConnection, number: &str) -> Result<Option<(String, Option<String>, String)>, sqlx::Error> {
    sqlx::query_as("SELECT id, document, remark FROM announcements WHERE number = $1 AND status IN ('published', 'corrected', 'revoked')")
        .bind(number)
        .fetch_optional(db)
        .await
}

/// Name, media type and size of a file that everyone may have: shown, and of a published announcement; with a revoked one its files
/// are gone.
pub async fn file(db: &mut AnyConnection, number: &str, id: &AttachmentId) -> Result<Option<(String, String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT attachments.name, attachments.media_type, attachments.size FROM attachments JOIN announcements ON announcements.id = attachments.announcement_id
         WHERE attachments.id = $1 AND attachments.is_shown = 1 AND attachments.replaced_by IS NULL AND announcements.number = $2 AND announcements.status IN ('published', 'corrected')",
    )
    .bind(id.as_str())
    .bind(number)
    .fetch_optional(db)
    .await
}
