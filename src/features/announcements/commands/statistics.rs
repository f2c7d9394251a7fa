//! What published announcements come to, for the portal's pictures and tables.
//!
//! Always: only what was published, and of it only what stands is summed up; the figures are those of the announcements' own tables.

use super::super::store::{listings, statistics as store};
use super::published::PortalRow;
use crate::domain::ids::UnitId;
use crate::domain::statistics::{Basis, Sums, YearSums, course};
use crate::error::AppError;
use crate::server::request::Services;

/// Whose announcements, or lines in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Of {
    /// Every announcement.
    Everyone,
    /// The announcements of a 主管.
    Publisher(UnitId),
    /// The lines of a 采购单位, in whosever announcements.
    Buyer(UnitId),
}

/// What a unit's figures are: its own announcements, else its lines in those of others; none where nothing of it was ever published.
pub async fn whose(services: &Services, unit: &UnitId) -> Result<Option<Of>, AppError> {
    let db = &mut *services.db.read().await?;
    Ok(match store::appears(db, unit).await? {
        (true, _) => Some(Of::Publisher(unit.clone())),
        (false, true) => Some(Of::Buyer(unit.clone())),
        (false, false) => None,
    })
}

impl Of {
    /// What the sums are made of.
    pub const fn basis(&self) -> Basis {
        match self {
            Of::Everyone | Of::Publisher(_) => Basis::Announcements,
            Of::Buyer(_) => Basis::Lines,
        }
    }
}

/// A unit with its sums.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitSums {
    /// Which.
    pub unit: UnitId,
    /// Its name as announcements have it.
    pub name: String,
    /// Its sums.
    pub sums: Sums,
}

/// Every year from the first to the last of which something was published, oldest first.
pub async fn years(services: &Services, of: &Of) -> Result<Vec<YearSums>, AppError> {
    Ok(course(&store::years(&mut *services.db.read().await?, of).await?, of.basis()))
}

/// The units of a year with the highest SME amounts first, from a place on, and how many there are: of everyone those that published, of a 主管
/// those whose lines its announcements show.
pub async fn units(services: &Services, of: Option<&UnitId>, year: i64, limit: i64, offset: i64) -> Result<(Vec<UnitSums>, i64), AppError> {
    store::units(&mut *services.db.read().await?, of, year, limit, offset).await
}

/// The announcements that show lines of a 采购单位, newest year first, with the sums of its lines in each.
pub async fn holding(services: &Services, unit: &UnitId) -> Result<Vec<(PortalRow, UnitSums)>, AppError> {
    let db = &mut *services.db.read().await?;
    let held = store::holding(db, unit).await?;
    let numbers: Vec<&str> = held.iter().map(|(number, _)| number.as_str()).collect();
    let rows = listings::by_numbers(db, &numbers).await?;
    let row = |number: &str| rows.iter().find(|row| row.number == number).cloned();
    Ok(held.iter().filter_map(|(number, sums)| Some((row(number)?, sums.clone()))).collect())
}

/// Every 采购单位 of which an announcement was published that shows a line of it.
pub async fn buyers(services: &Services) -> Result<Vec<UnitId>, AppError> {
    store::buyers(&mut *services.db.read().await?).await
}
