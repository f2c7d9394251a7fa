//! An organisation that is put there whole: the demo's, and that of the tests.

use super::super::store::{self, User};
use crate::domain::organisation::{PersonRefused, Roles, Unit, check_place, login};
use crate::error::AppError;
use sqlx::AnyConnection;

/// Stores all units and people of a database that has none; each unit after the one above it. The passwords are hashed already.
///
/// The same rules hold as for those who are added one by one.
pub async fn found(db: &mut AnyConnection, units: &[Unit], people: &[User]) -> Result<(), AppError> {
    if !store::units(db).await?.is_empty() {
        return Err(AppError::Conflict("已有单位，不能再次初始化".to_owned()));
    }
    for (number, unit) in units.iter().enumerate() {
        check_place(&units[..number], None, unit.parent.as_ref()).map_err(AppError::invalid)?;
        store::insert_unit(db, unit).await?;
    }
    for person in people {
        check(units, person)?;
        store::insert_user(db, person).await?;
    }
    Ok(())
}

fn check(units: &[Unit], person: &User) -> Result<(), AppError> {
    if login(&person.login).as_ref() != Ok(&person.login) {
        return Err(AppError::field("login", format!("{} 不能用作登录名", person.login)));
    }
    if person.roles == Roles::default() {
        return Err(AppError::field("roles", PersonRefused::NoRole));
    }
    if units.iter().all(|unit| unit.id != person.unit) {
        return Err(AppError::field("unit", "没有这个单位"));
    }
    Ok(())
}
