//! 统计口径: by which date a 主管's tree places its project contracts in years.

use super::super::api::{YearBasisChoice, YearBasisSetting};
use super::super::store::{supervised_by, supervisor_of, unit_by_id, update_unit};
use super::overtaken;
use crate::domain::access::{self, Relation, may};
use crate::domain::contract::YearBasis;
use crate::domain::ids::UnitId;
use crate::error::AppError;
use crate::features::approvals::commands as approvals;
use crate::server::request::{Deed, Services};
use sqlx::AnyConnection;

/// By which date a unit's project contracts stand in a year: the setting of its 主管预算单位, the signing date without one.
pub async fn year_basis_of(db: &mut AnyConnection, unit: &UnitId) -> Result<YearBasis, AppError> {
    Ok(supervisor_of(db, unit).await?.map_or(YearBasis::Signed, |supervisor| supervisor.year_basis))
}

/// The setting of the actor's own tree.
pub async fn year_basis_setting(services: &Services, deed: &Deed) -> Result<YearBasisSetting, AppError> {
    may(&deed.by, access::Deed::ChooseYearBasis, Relation::Own)?;
    let db = &mut *services.db.read().await?;
    let unit = unit_by_id(db, &deed.by.unit).await?.ok_or(AppError::NotFound)?;
    let units = supervised_by(db, &unit.id).await?;
    Ok(YearBasisSetting { basis: unit.year_basis, version: unit.version, units: units.into_iter().map(|unit| unit.name).collect() })
}

/// Chooses it. Records that exist keep the basis that they were generated with.
pub async fn choose_year_basis(services: &Services, deed: Deed, choice: YearBasisChoice) -> Result<(), AppError> {
    may(&deed.by, access::Deed::ChooseYearBasis, Relation::Own)?;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let mut unit = unit_by_id(db, &deed.by.unit).await?.ok_or(AppError::NotFound)?;
                unit.version = choice.version;
                unit.year_basis = choice.basis;
                if !update_unit(db, &unit).await? {
                    return Err(overtaken("设置"));
                }
                approvals::remember(db, unit.id.as_str(), &deed, "修改统计口径", choice.basis.label()).await
            })
        })
        .await
}
