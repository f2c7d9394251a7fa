//! What other features ask of the organisation, and what the 系统管理 page and the command line change in it.

pub use super::store::{
    User, clear_failures, count_failure, insert_unit, insert_user, set_password, supervised_by, supervisor_of, unit_by_id, unit_by_name, units, update_unit, update_user, user_by_id,
    user_by_login, users, users_of,
};

use crate::domain::contract::YearBasis;
use crate::domain::ids::UnitId;
use crate::error::AppError;
use sqlx::AnyConnection;

/// By which date a unit's project contracts stand in a year: the setting of its 主管预算单位, the signing date without one.
pub async fn year_basis_of(db: &mut AnyConnection, unit: &UnitId) -> Result<YearBasis, AppError> {
    Ok(supervisor_of(db, unit).await?.map_or(YearBasis::Signed, |supervisor| supervisor.year_basis))
}
