//! Server functions of 系统管理, 统计口径设置 and 门户公示.

use crate::domain::calendar::{Moment, Year};
use crate::domain::contract::YearBasis;
use crate::domain::ids::{UnitId, UserId};
use crate::domain::organisation::{District, Roles, Unit};
use crate::error::AppError;
use crate::wire::Json;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the unit form sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitForm {
    /// The unit that is changed; none adds one.
    pub id: Option<UnitId>,
    /// The version that the form was filled from; 0 when adding.
    pub version: i64,
    /// 名称.
    pub name: String,
    /// The unit above.
    pub parent: Option<UnitId>,
    /// Whether it is a 主管预算单位.
    pub is_supervisor: bool,
    /// 行政区划.
    pub district: District,
    /// 统一社会信用代码, empty where unknown.
    pub uscc: String,
}

/// Whom to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeopleQuery {
    /// Part of a sign-in name, a name or a unit; empty lists everyone.
    pub search: String,
    /// The page, counted from 1; a number past the end is taken as the last page.
    #[serde(default)]
    pub page: usize,
}

/// People that were looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// Those of the page, by sign-in name.
    pub people: Vec<Person>,
    /// How many there are on all pages.
    pub total: usize,
    /// The page, counted from 1.
    pub page: usize,
    /// Rows of a page.
    pub size: usize,
}

/// A person as a 系统管理员 sees them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Identity.
    pub id: UserId,
    /// 登录名.
    pub login: String,
    /// 姓名.
    pub name: String,
    /// Where they stand.
    pub unit: UnitId,
    /// Its name.
    pub unit_name: String,
    /// 岗位.
    pub roles: Roles,
    /// Whether they may not sign in.
    pub is_disabled: bool,
    /// Until when they are locked after failed sign-ins.
    pub locked_until: Option<Moment>,
    /// Counts changes.
    pub version: i64,
}

/// What the form of a new person sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    /// 登录名.
    pub login: String,
    /// 姓名.
    pub name: String,
    /// Where they stand.
    pub unit: UnitId,
    /// 岗位.
    pub roles: Roles,
}

/// What the form of an existing person sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonChange {
    /// Whose.
    pub id: UserId,
    /// The version that the form was filled from.
    pub version: i64,
    /// 姓名.
    pub name: String,
    /// Where they stand.
    pub unit: UnitId,
    /// 岗位.
    pub roles: Roles,
}

/// 「停用」 and 「启用」.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonSwitch {
    /// Whom.
    pub id: UserId,
    /// The version that was seen.
    pub version: i64,
    /// Whether they may not sign in from now on.
    pub is_disabled: bool,
}

/// A person as they were seen.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonVersion {
    /// Whom.
    pub id: UserId,
    /// The version that was seen.
    pub version: i64,
}

/// The 主管's setting, and for whom it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearBasisSetting {
    /// The date that counts.
    pub basis: YearBasis,
    /// Counts changes of the unit.
    pub version: i64,
    /// Names of the units of the tree, the 主管 included.
    pub units: Vec<String>,
}

/// What the settings form sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearBasisChoice {
    /// The date that is to count.
    pub basis: YearBasis,
    /// The version that the form was filled from.
    pub version: i64,
}

/// From which year on the portal says who has published and who has not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgressSetting {
    /// The first year; none: nothing is said.
    pub from: Option<Year>,
    /// Counts changes of the unit.
    pub version: i64,
    /// The years that can be chosen.
    pub years: Vec<Year>,
}

/// What its form sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgressChoice {
    /// The first year; none: nothing is said.
    pub from: Option<Year>,
    /// The version that the form was filled from.
    pub version: i64,
}

/// Every unit.
#[server(prefix = "/api", endpoint = "admin_units", input = Json, output = Json)]
pub async fn admin_units() -> Result<Vec<Unit>, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::units_for_admin(&services, &deed).await
}

/// Adds a unit, or changes and moves one.
#[server(prefix = "/api", endpoint = "save_unit", input = Json, output = Json)]
pub async fn save_unit(
    /// What is asked for.
    input: UnitForm,
) -> Result<(), AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::save_unit(&services, deed, input).await
}

/// The people who are looked for.
#[server(prefix = "/api", endpoint = "admin_people", input = Json, output = Json)]
pub async fn admin_people(
    /// What is asked for.
    input: PeopleQuery,
) -> Result<People, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::people(&services, &deed, &input).await
}

/// Adds a person; the answer is the initial password, shown this once.
#[server(prefix = "/api", endpoint = "add_person", input = Json, output = Json)]
pub async fn add_person(
    /// What is asked for.
    input: NewPerson,
) -> Result<String, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::add_person(&services, deed, input).await
}

/// Changes a person's name, unit and roles.
#[server(prefix = "/api", endpoint = "change_person", input = Json, output = Json)]
pub async fn change_person(
    /// What is asked for.
    input: PersonChange,
) -> Result<(), AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::change_person(&services, deed, input).await
}

/// 「停用」 and 「启用」.
#[server(prefix = "/api", endpoint = "set_person_disabled", input = Json, output = Json)]
pub async fn set_person_disabled(
    /// What is asked for.
    input: PersonSwitch,
) -> Result<(), AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::set_disabled(&services, deed, input).await
}

/// 「解除锁定」.
#[server(prefix = "/api", endpoint = "unlock_person", input = Json, output = Json)]
pub async fn unlock_person(
    /// What is asked for.
    input: PersonVersion,
) -> Result<(), AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::unlock(&services, deed, input).await
}

/// 「重置密码」; the answer is the new password, shown this once.
#[server(prefix = "/api", endpoint = "reset_person_password", input = Json, output = Json)]
pub async fn reset_person_password(
    /// What is asked for.
    input: PersonVersion,
) -> Result<String, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::reset_password(&services, deed, input).await
}

/// The setting of the actor's own tree.
#[server(prefix = "/api", endpoint = "read_year_basis", input = Json, output = Json)]
pub async fn read_year_basis() -> Result<YearBasisSetting, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::year_basis_setting(&services, &deed).await
}

/// Chooses it.
#[server(prefix = "/api", endpoint = "choose_year_basis", input = Json, output = Json)]
pub async fn choose_year_basis(
    /// What is asked for.
    input: YearBasisChoice,
) -> Result<(), AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::choose_year_basis(&services, deed, input).await
}

/// Whether the portal says who of the actor's tree has published and who has not.
#[server(prefix = "/api", endpoint = "read_progress_setting", input = Json, output = Json)]
pub async fn read_progress_setting() -> Result<ProgressSetting, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::progress_setting(&services, &deed).await
}

/// Chooses it.
#[server(prefix = "/api", endpoint = "choose_progress", input = Json, output = Json)]
pub async fn choose_progress(
    /// What is asked for.
    input: ProgressChoice,
) -> Result<(), AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::choose_progress(&services, deed, input).await
}
