//! The SQL of `units` and `users`; what a 主管 shows on the portal stands in the module below.

pub mod progress;

use crate::domain::calendar::Moment;
use crate::domain::contract::YearBasis;
use crate::domain::ids::{UnitId, UserId};
use crate::domain::organisation::{District, Roles, Unit};
use crate::error::AppError;
use crate::server::fault::impossible;
use sqlx::AnyConnection;

#[derive(sqlx::FromRow)]
struct UnitRow {
    id: String,
    name: String,
    uscc: String,
    parent_id: Option<String>,
    is_supervisor: i64,
    district: String,
    year_basis: String,
    version: i64,
}

fn unit(row: UnitRow) -> Result<Unit, AppError> {
    let wrong = |what: &dyn std::fmt::Display| impossible("units", &row.id, what);
    Ok(Unit {
        id: UnitId::parse(&row.id).map_err(|error| wrong(&error))?,
        parent: row.parent_id.as_deref().map(UnitId::parse).transpose().map_err(|error| wrong(&error))?,
        is_supervisor: row.is_supervisor == 1,
        district: District::parse(&row.district).map_err(|error| wrong(&error))?,
        year_basis: YearBasis::from_code(&row.year_basis).ok_or_else(|| wrong(&"year_basis"))?,
        version: row.version,
        name: row.name,
        uscc: row.uscc,
    })
}

const UNIT: &str = "SELECT id, name, uscc, parent_id, is_supervisor, district, year_basis, version FROM units";

/// A unit by its id.
pub async fn unit_by_id(db: &mut AnyConnection, id: &UnitId) -> Result<Option<Unit>, AppError> {
    let row: Option<UnitRow> =
        sqlx::query_as("SELECT id, name, uscc, parent_id, is_supervisor, district, year_basis, version FROM units WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(db)
            .await?;
    row.map(unit).transpose()
}

/// A unit by its name.
pub async fn unit_by_name(db: &mut AnyConnection, name: &str) -> Result<Option<Unit>, AppError> {
    let row: Option<UnitRow> =
        sqlx::query_as("SELECT id, name, uscc, parent_id, is_supervisor, district, year_basis, version FROM units WHERE name = $1")
            .bind(name)
            .fetch_optional(db)
            .await?;
    row.map(unit).transpose()
}

/// Every unit, by name.
pub async fn units(db: &mut AnyConnection) -> Result<Vec<Unit>, AppError> {
    let rows: Vec<UnitRow> = sqlx::query_as(UNIT).fetch_all(db).await?;
    let mut units = rows.into_iter().map(unit).collect::<Result<Vec<_>, _>>()?;
    units.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(units)
}

/// The 主管预算单位 of a unit: the nearest at or above it.
pub async fn supervisor_of(db: &mut AnyConnection, id: &UnitId) -> Result<Option<Unit>, AppError> {
    let found: Option<String> = sqlx::query_scalar(
        "WITH RECURSIVE up (id, parent_id, is_supervisor) AS (
             SELECT id, parent_id, is_supervisor FROM units WHERE id = $1
             UNION
             SELECT units.id, units.parent_id, units.is_supervisor FROM units JOIN up ON up.is_supervisor = 0 AND units.id = up.parent_id
         )
         SELECT id FROM up WHERE is_supervisor = 1",
    )
    .bind(id.as_str())
    .fetch_optional(&mut *db)
    .await?;
    match found {
        Some(found) => unit_by_id(db, &UnitId::parse(&found).map_err(|error| impossible("units", &found, &error))?).await,
        None => Ok(None),
    }
}

/// A unit and everything below it down to the next 主管预算单位 (which is not included), by name.
pub async fn supervised_by(db: &mut AnyConnection, id: &UnitId) -> Result<Vec<Unit>, AppError> {
    let rows: Vec<UnitRow> = sqlx::query_as(
        "WITH RECURSIVE tree (id) AS (
             SELECT id FROM units WHERE id = $1
             UNION
             SELECT units.id FROM units JOIN tree ON units.parent_id = tree.id WHERE units.is_supervisor = 0
         )
         SELECT id, name, uscc, parent_id, is_supervisor, district, year_basis, version FROM units WHERE id IN (SELECT id FROM tree)",
    )
    .bind(id.as_str())
    .fetch_all(db)
    .await?;
    let mut units = rows.into_iter().map(unit).collect::<Result<Vec<_>, _>>()?;
    units.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(units)
}

/// Makes whoever else changes the tree wait until this transaction ends, and then see what it did.
///
/// On PostgreSQL two moves that are harmless each for itself could otherwise make a cycle together. The oldest unit stands for the
/// whole tree: one row, always the same, so that nobody waits crosswise. Without any unit there is nothing to move.
pub async fn hold_tree(db: &mut AnyConnection) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE units SET version = version WHERE id = (SELECT MIN(id) FROM units)").execute(db).await?;
    Ok(())
}

/// Inserts a unit; a name that exists already is the database's duplicate error.
pub async fn insert_unit(db: &mut AnyConnection, unit: &Unit) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO units (id, name, uscc, parent_id, is_supervisor, district, year_basis, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(unit.id.as_str())
        .bind(&unit.name)
        .bind(&unit.uscc)
        .bind(unit.parent.as_ref().map(|id| id.as_str().to_owned()))
        .bind(i64::from(unit.is_supervisor))
        .bind(unit.district.code())
        .bind(unit.year_basis.code())
        .bind(unit.version)
        .execute(db)
        .await?;
    Ok(())
}

/// How many announcements a unit has that are under way or stand.
pub async fn announcements_of(db: &mut AnyConnection, id: &UnitId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT COUNT(*) FROM announcements WHERE unit_id = $1 AND status NOT IN ('corrected', 'revoked')")
        .bind(id.as_str())
        .fetch_one(db)
        .await
}

/// Writes a unit over the version it was read at; `false` when someone was faster.
pub async fn update_unit(db: &mut AnyConnection, unit: &Unit) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("UPDATE units SET name = $1, uscc = $2, parent_id = $3, is_supervisor = $4, district = $5, year_basis = $6, version = version + 1 WHERE id = $7 AND version = $8")
        .bind(&unit.name)
        .bind(&unit.uscc)
        .bind(unit.parent.as_ref().map(|id| id.as_str().to_owned()))
        .bind(i64::from(unit.is_supervisor))
        .bind(unit.district.code())
        .bind(unit.year_basis.code())
        .bind(unit.id.as_str())
        .bind(unit.version)
        .execute(db)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// A person as stored.
#[derive(Clone, Debug)]
pub struct User {
    /// Identity.
    pub id: UserId,
    /// Where they stand.
    pub unit: UnitId,
    /// Sign-in name.
    pub login: String,
    /// Name as shown.
    pub name: String,
    /// argon2id, PHC form.
    pub password_hash: String,
    /// What they may be.
    pub roles: Roles,
    /// Whether they may not sign in.
    pub is_disabled: bool,
    /// Failed sign-ins in a row.
    pub failures: i64,
    /// Until when no sign-in is tried.
    pub locked_until: Option<String>,
    /// Counts changes.
    pub version: i64,
}

#[derive(sqlx::FromRow)]
struct UserRow {
    id: String,
    unit_id: String,
    login: String,
    name: String,
    password_hash: String,
    is_clerk: i64,
    is_reviewer: i64,
    is_admin: i64,
    is_disabled: i64,
    failures: i64,
    locked_until: Option<String>,
    version: i64,
}

fn user(row: UserRow) -> Result<User, AppError> {
    let wrong = |what: &dyn std::fmt::Display| impossible("users", &row.id, what);
    Ok(User {
        id: UserId::parse(&row.id).map_err(|error| wrong(&error))?,
        unit: UnitId::parse(&row.unit_id).map_err(|error| wrong(&error))?,
        roles: Roles { clerk: row.is_clerk == 1, reviewer: row.is_reviewer == 1, admin: row.is_admin == 1 },
        is_disabled: row.is_disabled == 1,
        failures: row.failures,
        locked_until: row.locked_until,
        version: row.version,
        login: row.login,
        name: row.name,
        password_hash: row.password_hash,
    })
}

/// A person by sign-in name (lower case).
pub async fn user_by_login(db: &mut AnyConnection, login: &str) -> Result<Option<User>, AppError> {
    let row: Option<UserRow> = sqlx::query_as(
        "SELECT id, unit_id, login, name, password_hash, is_clerk, is_reviewer, is_admin, is_disabled, failures, locked_until, version FROM users WHERE login = $1",
    )
    .bind(login)
    .fetch_optional(db)
    .await?;
    row.map(user).transpose()
}

/// A person by id.
pub async fn user_by_id(db: &mut AnyConnection, id: &UserId) -> Result<Option<User>, AppError> {
    let row: Option<UserRow> = sqlx::query_as(
        "SELECT id, unit_id, login, name, password_hash, is_clerk, is_reviewer, is_admin, is_disabled, failures, locked_until, version FROM users WHERE id = $1",
    )
    .bind(id.as_str())
    .fetch_optional(db)
    .await?;
    row.map(user).transpose()
}

/// Everyone, by sign-in name.
pub async fn users(db: &mut AnyConnection) -> Result<Vec<User>, AppError> {
    let rows: Vec<UserRow> = sqlx::query_as(
        "SELECT id, unit_id, login, name, password_hash, is_clerk, is_reviewer, is_admin, is_disabled, failures, locked_until, version FROM users ORDER BY login",
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(user).collect()
}

/// The people of a unit who are not disabled.
pub async fn users_of(db: &mut AnyConnection, unit: &UnitId) -> Result<Vec<User>, AppError> {
    let rows: Vec<UserRow> = sqlx::query_as(
        "SELECT id, unit_id, login, name, password_hash, is_clerk, is_reviewer, is_admin, is_disabled, failures, locked_until, version FROM users
         WHERE unit_id = $1 AND is_disabled = 0 ORDER BY login",
    )
    .bind(unit.as_str())
    .fetch_all(db)
    .await?;
    rows.into_iter().map(user).collect()
}

/// Inserts a person; a sign-in name that exists already is the database's duplicate error.
pub async fn insert_user(db: &mut AnyConnection, user: &User) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO users (id, unit_id, login, name, password_hash, is_clerk, is_reviewer, is_admin, is_disabled, failures, locked_until, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, NULL, 1)",
    )
    .bind(user.id.as_str())
    .bind(user.unit.as_str())
    .bind(&user.login)
    .bind(&user.name)
    .bind(&user.password_hash)
    .bind(i64::from(user.roles.clerk))
    .bind(i64::from(user.roles.reviewer))
    .bind(i64::from(user.roles.admin))
    .bind(i64::from(user.is_disabled))
    .execute(db)
    .await?;
    Ok(())
}

/// Writes a person's place, name, roles and state over the version they were read at; `false` when someone was faster.
pub async fn update_user(db: &mut AnyConnection, user: &User) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE users SET unit_id = $1, name = $2, is_clerk = $3, is_reviewer = $4, is_admin = $5, is_disabled = $6, version = version + 1
         WHERE id = $7 AND version = $8",
    )
    .bind(user.unit.as_str())
    .bind(&user.name)
    .bind(i64::from(user.roles.clerk))
    .bind(i64::from(user.roles.reviewer))
    .bind(i64::from(user.roles.admin))
    .bind(i64::from(user.is_disabled))
    .bind(user.id.as_str())
    .bind(user.version)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Counts a failed sign-in; at `limit` in a row the person is locked until `until` and the count begins anew. `false` where the
/// person was locked at `now` already: such a try does not count, and is not answered.
pub async fn count_failure(db: &mut AnyConnection, id: &UserId, limit: i64, until: Moment, now: Moment) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE users SET locked_until = CASE WHEN failures + 1 >= $1 THEN $2 ELSE NULL END,
                          failures = CASE WHEN failures + 1 >= $3 THEN 0 ELSE failures + 1 END
         WHERE id = $4 AND (locked_until IS NULL OR locked_until <= $5)",
    )
    .bind(limit)
    .bind(until.to_string())
    .bind(limit)
    .bind(id.as_str())
    .bind(now.to_string())
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets failed sign-ins after one that succeeded; `false` where the person was locked at `now` already, or has another password by now.
pub async fn forget_failures(db: &mut AnyConnection, id: &UserId, hash: &str, now: Moment) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE users SET failures = 0, locked_until = NULL
         WHERE id = $1 AND password_hash = $2 AND (locked_until IS NULL OR locked_until <= $3)",
    )
    .bind(id.as_str())
    .bind(hash)
    .bind(now.to_string())
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Makes whoever else holds this person wait until this transaction ends, and then see what it did.
pub async fn hold_person(db: &mut AnyConnection, id: &UserId) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE users SET version = version WHERE id = $1").bind(id.as_str()).execute(db).await?;
    Ok(())
}

/// Forgets failed sign-ins and any lock.
pub async fn clear_failures(db: &mut AnyConnection, id: &UserId) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE users SET failures = 0, locked_until = NULL WHERE id = $1").bind(id.as_str()).execute(db).await?;
    Ok(())
}

/// Sets a person's password over the version that was seen; `false` when someone was faster.
pub async fn set_password(db: &mut AnyConnection, id: &UserId, hash: &str, version: i64) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE users SET password_hash = $1, failures = 0, locked_until = NULL, version = version + 1 WHERE id = $2 AND version = $3",
    )
    .bind(hash)
    .bind(id.as_str())
    .bind(version)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
