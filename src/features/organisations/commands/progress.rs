//! 「门户公示」: whether the portal says which units of a 主管 have published and which have not.

use super::super::api::{ProgressChoice, ProgressSetting};
use super::super::store::progress;
use super::overtaken;
use crate::domain::access::{self, Relation, may};
use crate::domain::calendar::Year;
use crate::domain::organisation::Unit;
use crate::error::AppError;
use crate::features::approvals::commands as approvals;
use crate::server::request::{Deed, Services};
use sqlx::AnyConnection;

/// The 主管 that show it for this year, by name, with the year from which on they do.
pub async fn showing_progress(db: &mut AnyConnection, year: Year) -> Result<Vec<(Unit, Year)>, AppError> {
    progress::showing(db, year).await
}

/// The setting of the actor's own tree.
pub async fn progress_setting(services: &Services, deed: &Deed) -> Result<ProgressSetting, AppError> {
    may(&deed.by, access::Deed::ShowProgress, Relation::Own)?;
    let db = &mut *services.db.read().await?;
    let (from, version) = progress::setting(db, &deed.by.unit).await?.ok_or(AppError::NotFound)?;
    let from = from.and_then(Year::numbered);
    Ok(ProgressSetting { from, version, years: Year::offered(deed.at) })
}

/// Chooses it; the portal follows within a minute.
pub async fn choose_progress(services: &Services, deed: Deed, choice: ProgressChoice) -> Result<(), AppError> {
    may(&deed.by, access::Deed::ShowProgress, Relation::Own)?;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                if !progress::set(db, &deed.by.unit, choice.version, choice.from).await? {
                    return Err(overtaken("设置"));
                }
                let words = choice.from.map_or_else(|| "不公示".to_owned(), |year| format!("自 {year} 年度起公示"));
                approvals::remember(db, deed.by.unit.as_str(), &deed, "修改门户公示", &words).await
            })
        })
        .await
}
