//! What an announcement takes from a template: its own copy, when it is created or when somebody applies a new one.

use super::super::seen::{OfferedTemplate, Saved, TakenTemplate};
use super::super::store::{
    self, Row,
    templates::{Heading, Taken},
};
use super::super::templates::api::TemplateChoice;
use super::edit::save_row;
use super::{digest, find, versions, won};
use crate::domain::access::Deed as Wish;
use crate::domain::announcement::line::figures;
use crate::domain::announcement::status::AnnouncementAction;
use crate::domain::announcement::template::filled;
use crate::domain::announcement::template::scope::serving;
use crate::domain::announcement::template::taken::{Version, is_news};
use crate::domain::announcement::version::Occasion;
use crate::domain::calendar::Moment;
use crate::domain::ids::AnnouncementId;
use crate::error::AppError;
use crate::features::approvals::commands as approvals;
use crate::server::request::{Deed, Services};
use sqlx::AnyConnection;

/// The heading of the template that serves an announcement now; none is the official one. No text is read for it.
async fn heading_now(db: &mut AnyConnection, row: &Row) -> Result<Option<Heading>, AppError> {
    let reaching = store::templates::reaching(db, row.district, row.year).await?;
    Ok(serving(&reaching, |heading| &heading.scope, row.district, row.year).cloned())
}

/// The template that serves an announcement now. Whoever `takes` it holds it, so that nobody deletes it at the same moment.
async fn serving_now(db: &mut AnyConnection, row: &Row, takes: bool) -> Result<Taken, AppError> {
    let mut reaching = store::templates::reaching(db, row.district, row.year).await?;
    while let Some(heading) = serving(&reaching, |heading| &heading.scope, row.district, row.year).cloned() {
        if takes && !store::templates::hold(db, &heading.id, heading.version).await? {
            // It was changed or deleted at this very moment.
            reaching = store::templates::reaching(db, row.district, row.year).await?;
            continue;
        }
        if let Some(template) = store::templates::by_id(db, &heading.id).await? {
            return Ok(Taken::of(template));
        }
        // Deleted, or not to be read: the next nearest serves.
        reaching.retain(|other| other.id != heading.id);
    }
    Ok(Taken::official())
}

/// Copies the template that serves a new announcement.
pub(super) async fn take(db: &mut AnyConnection, row: &Row, now: Moment) -> Result<Taken, AppError> {
    let taken = serving_now(db, row, true).await?;
    store::templates::take(db, &row.id, &taken, now).await?;
    Ok(taken)
}

/// What an announcement took.
pub(super) async fn of(db: &mut AnyConnection, id: &AnnouncementId) -> Result<Taken, AppError> {
    Ok(store::templates::taken(db, id).await?.unwrap_or_else(Taken::official))
}

/// A correction keeps the template of what it corrects.
pub(super) async fn copy(db: &mut AnyConnection, from: &AnnouncementId, to: &AnnouncementId, now: Moment) -> Result<(), AppError> {
    let taken = of(db, from).await?;
    Ok(store::templates::take(db, to, &taken, now).await?)
}

/// The template that serves by now, where it says something new. In most views it is the version that was taken, and nothing is read.
async fn newer(db: &mut AnyConnection, row: &Row, taken: &Taken) -> Result<Option<Taken>, AppError> {
    let heading = heading_now(db, row).await?;
    let (template, number) = heading.as_ref().map_or((None, 0), |heading| (Some(&heading.id), heading.version));
    if taken.version().is(Version { template, number }) {
        return Ok(None);
    }
    let now = serving_now(db, row, false).await?;
    Ok(is_news(taken.version(), &taken.wording, now.version(), &now.wording).then_some(now))
}

/// What an announcement took, and what it could take instead.
pub(super) async fn seen(db: &mut AnyConnection, row: &Row) -> Result<TakenTemplate, AppError> {
    let taken = of(db, &row.id).await?;
    let newer = newer(db, row, &taken).await?;
    Ok(TakenTemplate {
        newer: newer.map(|now| OfferedTemplate { template: now.template, number: now.number, name: now.name }),
        title: taken.wording.title.to_string(),
        document: taken.wording.document.to_json().to_string(),
        number: taken.number,
        name: taken.name,
    })
}

/// 「套用新模板」: the announcement takes the template that serves it now; title and text begin anew with it. What they replace is kept as a
/// version, from which they can be restored.
pub async fn apply(services: &Services, deed: Deed, choice: TemplateChoice) -> Result<Saved, AppError> {
    let digest = digest(&deed, "template", &choice)?;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                store::hold(db, &choice.id).await?;
                let row = find(db, &deed, &choice.id, Wish::WorkOnAnnouncement).await?;
                row.status.apply(&AnnouncementAction::Edit, deed.at)?;
                // Asked again, because the answer was lost.
                if row.version - 1 == choice.version && row.last_change.as_deref() == Some(&digest) {
                    return Ok(Saved { version: row.version, at: deed.at });
                }
                won(row.version == choice.version)?;
                let taken = serving_now(db, &row, true).await?;
                if (&taken.template, taken.number) != (&choice.template, choice.number) {
                    return Err(AppError::Conflict("适用的模板刚才又有变动，请刷新页面，查看最新的模板后再套用".to_owned()));
                }
                versions::before_deed(db, &row).await?;
                let mut to = row.clone();
                if row.document.is_some() {
                    let lines = store::lines::of(db, &row.id).await?;
                    let figures = figures(&row.unit_name, row.year, &row.remark, None, &lines);
                    to.title = taken.wording.title.fill(&row.unit_name, row.year.number());
                    to.document = Some(filled(&taken.wording.document, &figures).to_json().to_string());
                }
                let saved = save_row(db, &row, &to, &digest, deed.at).await?;
                store::templates::take(db, &row.id, &taken, deed.at).await?;
                let note = super::super::seen::template_label(&taken.name, taken.number);
                versions::at_deed(db, &to, &deed, Occasion::Templated, &note).await?;
                approvals::remember(db, row.id.as_str(), &deed, "套用新模板", &note).await?;
                Ok(saved)
            })
        })
        .await
}
