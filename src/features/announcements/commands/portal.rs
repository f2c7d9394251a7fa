//! What the portal reads: only what was published.

pub use super::super::store::listings::Source;
use super::super::store::{self, listings, numbers, published, statistics};
use super::published::{Listed, PortalQuery, PortalRow, Progress, Published};
use crate::domain::announcement::document::Document;
use crate::domain::announcement::line::figures;
use crate::domain::announcement::progress;
use crate::domain::announcement::render::shown::{Shown, shown};
use crate::domain::announcement::search;
use crate::domain::calendar::{Day, Moment, Year};
use crate::domain::ids::{AnnouncementId, AttachmentId, UnitId};
use crate::error::AppError;
use crate::features::organisations::commands as organisations;
use crate::server::fault::impossible;
use crate::server::request::Services;
use std::collections::BTreeMap;

/// Counts publications, corrections and revocations: while it stands, no page of the portal has changed but by the passing of a day.
pub async fn publications(services: &Services) -> Result<i64, AppError> {
    Ok(numbers::publications(&mut *services.db.read().await?).await?)
}

/// Lists what was published before there were listings, and sets right what an older program has corrected or revoked without them; done at
/// every start, and nothing when there is nothing to do.
pub async fn complete(services: &Services) -> Result<(), AppError> {
    let behind = services.db.write(|db| Box::pin(async move { Ok(listings::catch_up(db).await?) })).await?;
    if behind > 0 {
        tracing::warn!(behind, "announcements that an older program has corrected or revoked meanwhile are listed as such now");
    }
    if listings::is_complete(&mut *services.db.read().await?).await? {
        return Ok(());
    }
    let mut after = String::new();
    loop {
        let found = unlisted(services, &after).await?;
        let Some(last) = found.last() else { return Ok(()) };
        after = last.id().to_owned();
        list_found(services, found).await?;
    }
}

/// A look at the tables, which nothing holds still: what was published and is not listed, after the id given.
pub async fn unlisted(services: &Services, after: &str) -> Result<Vec<Source>, AppError> {
    Ok(listings::unlisted(&mut *services.db.read().await?, after).await?)
}

/// Lists what a look found, each as it is by now.
pub async fn list_found(services: &Services, found: Vec<Source>) -> Result<(), AppError> {
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                for source in found {
                    if listings::list_found(db, &source).await? {
                        continue;
                    }
                    // It was corrected or revoked at this very moment; nothing is published twice, so once more is enough.
                    if let Some(moved) = listings::unlisted_one(db, source.id()).await? {
                        listings::list_found(db, &moved).await?;
                    }
                }
                Ok(())
            })
        })
        .await
}

/// The published announcements that fit, and how many there are.
pub async fn list(services: &Services, query: &PortalQuery, today: Day, size: i64) -> Result<(Vec<PortalRow>, i64), AppError> {
    listings::list(&mut *services.db.read().await?, query, today, size, (query.page.max(1) - 1) * size).await
}

/// A published announcement; its address works for ever.
pub async fn page(services: &Services, number: &str) -> Result<Option<Published>, AppError> {
    published::by_number(&mut *services.db.read().await?, number).await
}

/// Whether an announcement of this 公告编号 was ever published.
pub async fn is_published(services: &Services, number: &str) -> Result<bool, AppError> {
    Ok(listings::is_listed(&mut *services.db.read().await?, number).await?)
}

/// The same with its text as blocks: those of which the published page was made.
pub async fn text(services: &Services, number: &str) -> Result<Option<(Published, Vec<Shown>)>, AppError> {
    let mut db = services.db.read().await?;
    let Some(notice) = published::by_number(&mut db, number).await? else { return Ok(None) };
    let Some((id, document, remark)) = published::text(&mut db, number).await? else { return Ok(None) };
    let wrong = |what: &dyn std::fmt::Display| impossible("announcements", number, what);
    let id = AnnouncementId::parse(&id).map_err(|error| wrong(&error))?;
    let document = document.ok_or_else(|| wrong(&"published without a text"))?;
    let document = Document::parse(&document).map_err(|error| wrong(&error))?;
    let year = Year::numbered(notice.year).ok_or_else(|| wrong(&"year"))?;
    let lines = store::lines::of(&mut db, &id).await?;
    // What follows takes its time with thousands of lines; others wait for the connection.
    drop(db);
    let blocks = shown(&document, &figures(&notice.unit_name, year, &remark, Some(notice.at.day()), &lines));
    Ok(Some((notice, blocks)))
}

/// Name, media type and size of a file that everyone may have.
pub async fn file(services: &Services, number: &str, id: &AttachmentId) -> Result<Option<(String, String, i64)>, AppError> {
    Ok(published::file(&mut *services.db.read().await?, number, id).await?)
}

/// The newest of each unit that ever published, by name, with how many it has published.
pub async fn units(services: &Services) -> Result<Vec<(PortalRow, i64)>, AppError> {
    let mut units = listings::units(&mut *services.db.read().await?).await?;
    units.sort_by(|(one, _), (other, _)| one.unit_name.cmp(&other.unit_name));
    Ok(units)
}

/// A unit that is named in public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedUnit {
    /// Which.
    pub unit: UnitId,
    /// Its name as its announcements have it, or those of its 主管.
    pub name: String,
    /// How many announcements it has published, and the newest year; none where it never did.
    pub published: Option<(i64, i64)>,
    /// How many announcements show a line of it, and the newest year; none where none does.
    pub held: Option<(i64, i64)>,
}

/// Every unit that published or of which an announcement shows a line, whose name holds these words, by name.
pub async fn named_units(services: &Services, words: &[String]) -> Result<Vec<NamedUnit>, AppError> {
    let db = &mut *services.db.read().await?;
    let mut found: BTreeMap<UnitId, NamedUnit> = BTreeMap::new();
    for (newest, count) in listings::units(db).await? {
        let unit = NamedUnit { unit: newest.unit.clone(), name: newest.unit_name, published: Some((count, newest.year)), held: None };
        found.insert(newest.unit, unit);
    }
    for (unit, name, count, year) in statistics::held_units(db).await? {
        let new = || NamedUnit { unit: unit.clone(), name, published: None, held: None };
        found.entry(unit.clone()).or_insert_with(new).held = Some((count, year));
    }
    let mut found: Vec<NamedUnit> = found.into_values().filter(|unit| search::is_named(&unit.name, words)).collect();
    found.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(found)
}

/// What a unit published, newest year first, and how much there is.
pub async fn of_unit(services: &Services, unit: &UnitId, limit: i64) -> Result<(Vec<PortalRow>, i64), AppError> {
    listings::of_unit(&mut *services.db.read().await?, unit, limit).await
}

/// What stands of a year, the first published first, and how much there is.
pub async fn of_year(services: &Services, year: Year, limit: i64, offset: i64) -> Result<(Vec<PortalRow>, i64), AppError> {
    listings::of_year(&mut *services.db.read().await?, i64::from(year.number()), limit, offset).await
}

/// What was published of a year and was corrected or revoked since, the last first.
pub async fn gone_of_year(services: &Services, year: Year, limit: i64) -> Result<Vec<PortalRow>, AppError> {
    listings::gone_of_year(&mut *services.db.read().await?, i64::from(year.number()), limit).await
}

/// Of the 主管 that show it, who has published and who has not, as far as that may be told at `now`.
pub async fn progress(services: &Services, year: Year, now: Moment) -> Result<Vec<Progress>, AppError> {
    let db = &mut *services.db.read().await?;
    let mut shown = Vec::new();
    let showing = organisations::showing_progress(db, year).await?.into_iter();
    for (supervisor, _) in showing.filter(|(_, from)| progress::is_told(year, *from, now)) {
        let own = listings::last_of_year(db, &supervisor.id, i64::from(year.number())).await?;
        let mut units = Vec::new();
        if let Some(own) = own.as_ref().filter(|own| own.standing == Listed::Current) {
            let held = listings::held_units(db, &own.number).await?;
            let tree = organisations::supervised_by(db, &supervisor.id).await?;
            units.extend(tree.into_iter().map(|unit| {
                let is_held = held.iter().any(|id| id == unit.id.as_str());
                (unit.name, is_held)
            }));
        }
        shown.push(Progress { announcement: own, units, supervisor });
    }
    Ok(shown)
}

/// How many were ever published.
pub async fn count(services: &Services) -> Result<i64, AppError> {
    Ok(listings::count(&mut *services.db.read().await?).await?)
}

/// Numbers of the published ones from the given place on, with the moment of their last change, in an order that later publications only add to.
pub async fn addresses(services: &Services, limit: i64, offset: i64) -> Result<Vec<(String, String)>, AppError> {
    Ok(listings::addresses(&mut *services.db.read().await?, limit, offset).await?)
}
