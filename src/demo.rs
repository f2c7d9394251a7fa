//! Demo data: the units, people, contracts, records and announcements with which `serve --demo` fills an empty database.
//!
//! Everything is done by the same commands, in the name of the same people, that do it in the office; only the time is told. Times
//! are relative to the first start, so that what waits for its time still waits.

mod announcements;
pub mod many;
mod records;

use crate::domain::calendar::Moment;
use crate::domain::contract::YearBasis;
use crate::domain::ids::UnitId;
use crate::domain::organisation::{Actor, District, Roles, Unit};
use crate::domain::sheet;
use crate::error::AppError;
use crate::features::contracts::{commands as contracts, decode};
use crate::features::organisations::commands as organisations;
use crate::features::session::handlers::DEMO_PASSWORD;
use crate::features::session::password;
use crate::server::fault::fault;
use crate::server::ids::new_id;
use crate::server::request::{Deed, Services};

const DAY: i64 = 24 * 3600;
const SAMPLE: &str = include_str!("../data/contracts-sample.csv");
/// The host of the sample's links: a public site that is really there.
const REAL: &str = "//www.zfcg.sh.gov.cn/";
/// The host that stands in its place: reserved by RFC 2606, so that a demo that may ask links (`check_links`) asks nobody.
const RESERVED: &str = "//zfcg.gov.example/";

/// The sample, with links that lead nowhere.
fn sample() -> String {
    SAMPLE.replace(REAL, RESERVED)
}

/// A demo person, as the commands want them.
#[derive(Clone)]
struct Person(Actor);

impl Person {
    fn new(unit: &Unit, name: &str, roles: Roles, at: Moment) -> Result<Person, AppError> {
        Ok(Person(Actor {
            user: new_id(at)?,
            name: name.to_owned(),
            unit: unit.id.clone(),
            unit_name: unit.name.clone(),
            in_supervisor: unit.is_supervisor,
            roles,
        }))
    }

    /// Their account.
    fn account(&self, login: String, password_hash: &str) -> organisations::User {
        organisations::User {
            id: self.0.user.clone(),
            unit: self.0.unit.clone(),
            login,
            name: self.0.name.clone(),
            password_hash: password_hash.to_owned(),
            roles: self.0.roles,
            is_disabled: false,
            failures: 0,
            locked_until: None,
            version: 1,
        }
    }

    /// What they do at a time.
    fn deed(&self, at: Moment) -> Deed {
        Deed { by: self.0.clone(), at }
    }
}

/// Everyone who acts in the demo.
struct People {
    unit03: Person,
    unit99: Person,
    pudong: Person,
    jdc: Person,
    reviewer: Person,
    leader: Person,
}

/// Fills an empty database; one that holds units already is left alone. `many` published announcements come on top (0 for none).
pub async fn fill(services: &Services, many: u16) -> Result<(), AppError> {
    if !organisations::units(&mut *services.db.read().await?).await?.is_empty() {
        return Ok(());
    }
    let now = services.clock.now();
    let chiefs = many::chiefs(many, now.plus_seconds(-90 * DAY))?;
    let people = organisation(services, &chiefs, now.plus_seconds(-90 * DAY)).await?;
    let rows = decode::csv_rows(sample().as_bytes()).map_err(|error| fault(&error))?;
    let sample = sheet::read_table(rows.into_iter());
    contracts::import(services, sample.contracts, now.plus_seconds(-89 * DAY)).await.map_err(|error| fault(&format!("{error:?}")))?;
    records::make(services, &people, now).await?;
    announcements::make(services, &people, now).await?;
    many::make(services, many, &chiefs, now).await
}

async fn organisation(services: &Services, chiefs: &[many::Chief], at: Moment) -> Result<People, AppError> {
    let unit = |name: &str, parent: Option<&Unit>, uscc: &str, district: &str| -> Result<Unit, AppError> {
        Ok(Unit {
            id: new_id(at)?,
            name: name.to_owned(),
            uscc: uscc.to_owned(),
            parent: parent.map(|unit| unit.id.clone()),
            is_supervisor: parent.is_none(),
            district: District::parse(district).map_err(|error| fault(&error))?,
            year_basis: YearBasis::Signed,
            version: 1,
        })
    };
    let chief = unit("上海机动车管理中心", None, "12310115107000001P", "310115")?;
    let unit03 = unit("测试区采购单位03", Some(&chief), "12310115107000002T", "310115")?;
    let unit99 = unit("测试区采购单位99", Some(&chief), "12310115107000003X", "310115")?;
    let pudong = unit("浦东新区采购中心", Some(&chief), "12310115107000000L", "310115")?;
    let hash = password::hash(&services.hashing, DEMO_PASSWORD.to_owned()).await?;
    let clerk = Roles { clerk: true, ..Roles::default() };
    let reviewer = Roles { reviewer: true, ..Roles::default() };
    let admin = Roles { admin: true, ..Roles::default() };
    let person = |login: &str, name: &str, unit: &Unit, roles: Roles| -> Result<(organisations::User, Person), AppError> {
        let person = Person::new(unit, name, roles, at)?;
        Ok((person.account(login.to_owned(), &hash), person))
    };
    let people = [
        person("unit03", "经办", &unit03, clerk)?,
        person("unit99", "经办", &unit99, clerk)?,
        person("pudong", "经办", &pudong, clerk)?,
        person("jdc", "经办", &chief, clerk)?,
        person("reviewer", "审核人", &chief, reviewer)?,
        person("leader", "负责人", &chief, reviewer)?,
        person("admin", "系统管理员", &chief, admin)?,
    ];
    let more = chiefs.iter().enumerate().flat_map(|(at, chief)| chief.accounts(at + 1, &hash));
    let users: Vec<organisations::User> = people.iter().map(|(user, _)| user.clone()).chain(more).collect();
    let units: Vec<Unit> = [chief, unit03, unit99, pudong].into_iter().chain(chiefs.iter().map(many::Chief::unit)).collect();
    services.db.write(move |db| Box::pin(async move { organisations::found(db, &units, &users).await })).await?;
    let [(_, unit03), (_, unit99), (_, pudong), (_, jdc), (_, reviewer), (_, leader), _] = people;
    Ok(People { unit03, unit99, pudong, jdc, reviewer, leader })
}

/// The unit of a person.
fn unit_of(person: &Person) -> UnitId {
    person.0.unit.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e6_no_link_of_the_demo_leads_to_a_site_that_is_there() {
        let import = sheet::read_table(decode::csv_rows(sample().as_bytes()).unwrap().into_iter());
        let links: Vec<&str> = import.contracts.iter().filter_map(|(_, contract)| contract.url.as_deref()).collect();
        assert!(links.len() > 500, "{}", links.len());
        for link in links {
            let host = link.split("://").nth(1).and_then(|rest| rest.split('/').next());
            assert!(host.is_some_and(|host| host.ends_with(".example")), "{link}");
        }
    }
}
