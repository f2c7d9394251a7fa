//! What the portal reads: only what was published.

use super::super::store::{listings, numbers, published};
use super::published::{Listed, PortalQuery, PortalRow, Progress, Published};
use crate::domain::calendar::{Day, Year};
use crate::domain::ids::{AttachmentId, UnitId};
use crate::error::AppError;
use crate::features::organisations::commands as organisations;
use crate::server::request::Services;

/// Counts publications, corrections and revocations: while it stands, no page of the portal has changed but by the passing of a day.
pub async fn publications(services: &Services) -> Result<i64, AppError> {
    Ok(numbers::publications(&mut *services.db.read().await?).await?)
}

/// Lists what was published before there were listings; done at every start, and nothing when there is nothing to do.
pub async fn complete(services: &Services) -> Result<(), AppError> {
    if listings::is_complete(&mut *services.db.read().await?).await? {
        return Ok(());
    }
    let mut after = String::new();
    loop {
        let from = after.clone();
        let last = services.db.write(move |db| Box::pin(async move { listings::complete(db, &from).await })).await?;
        match last {
            Some(last) => after = last,
            None => return Ok(()),
        }
    }
}

/// The published announcements that fit, and how many there are.
pub async fn list(services: &Services, query: &PortalQuery, today: Day, size: i64) -> Result<(Vec<PortalRow>, i64), AppError> {
    listings::list(&mut *services.db.read().await?, query, today, size, (query.page.max(1) - 1) * size).await
}

/// A published announcement; its address works for ever.
pub async fn page(services: &Services, number: &str) -> Result<Option<Published>, AppError> {
    published::by_number(&mut *services.db.read().await?, number).await
}

/// Name, media type and size of a file that everyone may have.
pub async fn file(services: &Services, number: &str, id: &AttachmentId) -> Result<Option<(String, String, i64)>, AppError> {
    Ok(published::file(&mut *services.db.read().await?, number, id).await?)
}

/// The newest announcement of each unit that ever published, by name, with how many it has published.
pub async fn units(services: &Services) -> Result<Vec<(PortalRow, i64)>, AppError> {
    let mut units = listings::units(&mut *services.db.read().await?).await?;
    units.sort_by(|(one, _), (other, _)| one.unit_name.cmp(&other.unit_name));
    Ok(units)
}

/// Everything that a unit published, newest year first.
pub async fn of_unit(services: &Services, unit: &UnitId) -> Result<Vec<PortalRow>, AppError> {
    listings::of_unit(&mut *services.db.read().await?, unit).await
}

/// What stands of a year; and of the 主管 that show it, who has published and who has not.
pub async fn of_year(services: &Services, year: Year) -> Result<(Vec<PortalRow>, Vec<Progress>), AppError> {
    let db = &mut *services.db.read().await?;
    let rows = listings::of_year(db, i64::from(year.number())).await?;
    let mut shown = Vec::new();
    for supervisor in organisations::showing_progress(db, year).await? {
        let own = rows.iter().find(|row| row.unit == supervisor.id && row.standing == Listed::Current);
        let mut units = Vec::new();
        if let Some(own) = own {
            let held = listings::held_units(db, &own.number).await?;
            let tree = organisations::supervised_by(db, &supervisor.id).await?;
            units.extend(tree.into_iter().map(|unit| {
                let is_held = held.iter().any(|id| id == unit.id.as_str());
                (unit.name, is_held)
            }));
        }
        shown.push(Progress { announcement: own.map(|row| (row.number.clone(), row.title.clone())), units, supervisor });
    }
    Ok((rows, shown))
}

/// How many were ever published.
pub async fn count(services: &Services) -> Result<i64, AppError> {
    Ok(listings::count(&mut *services.db.read().await?).await?)
}

/// Numbers of the published ones from the given place on, with the moment of their last change, in an order that later publications only add to.
pub async fn addresses(services: &Services, limit: i64, offset: i64) -> Result<Vec<(String, String)>, AppError> {
    Ok(listings::addresses(&mut *services.db.read().await?, limit, offset).await?)
}
