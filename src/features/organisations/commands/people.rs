//! Adding, changing, disabling and unlocking people.

use super::super::api::{NewPerson, People, PeopleQuery, Person, PersonChange, PersonSwitch, PersonVersion};
use super::super::store::{self, User, clear_failures, insert_user, unit_by_id, units, update_user, user_by_id, users};
use super::{check_admin, overtaken};
use crate::domain::calendar::Moment;
use crate::domain::ids::{UnitId, UserId};
use crate::domain::organisation::{self, PersonRefused, check_person};
use crate::domain::text;
use crate::error::AppError;
use crate::features::approvals::commands as approvals;
use crate::features::session::commands as session;
use crate::server::fault::{fault, is_duplicate};
use crate::server::ids::new_id;
use crate::server::request::{Deed, Services};
use sqlx::AnyConnection;
use std::collections::HashMap;

/// People on one page of the list.
const PAGE: usize = 50;
/// Characters of generated passwords: none that is mistaken for another.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789#";

/// The people whose sign-in name, name or unit contains the words looked for.
pub async fn people(services: &Services, deed: &Deed, query: &PeopleQuery) -> Result<People, AppError> {
    check_admin(deed)?;
    let db = &mut *services.db.read().await?;
    let unit_names: HashMap<UnitId, String> = units(db).await?.into_iter().map(|unit| (unit.id, unit.name)).collect();
    let words = query.search.trim().to_lowercase();
    let mut found: Vec<Person> = Vec::new();
    for user in users(db).await? {
        let unit_name = unit_names.get(&user.unit).cloned().unwrap_or_default();
        let fits = [user.login.as_str(), &user.name, &unit_name].iter().any(|text| text.to_lowercase().contains(&words));
        if fits {
            let locked_until = user.locked_until.as_deref().and_then(|until| Moment::parse(until).ok()).filter(|until| *until > deed.at);
            let User { id, unit, login, name, roles, is_disabled, version, .. } = user;
            found.push(Person { id, login, name, unit, unit_name, roles, is_disabled, locked_until, version });
        }
    }
    let total = found.len();
    let page = query.page.clamp(1, total.div_ceil(PAGE).max(1));
    let people = found.into_iter().skip((page - 1) * PAGE).take(PAGE).collect();
    Ok(People { people, total, page, size: PAGE })
}

/// A password of 60 random bits that can be read out and typed.
pub fn new_password() -> Result<String, AppError> {
    let mut random = [0_u8; 12];
    getrandom::fill(&mut random).map_err(|error| fault(&error))?;
    let letters: Vec<char> = random.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    Ok(letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}

/// Adds a person with a generated password, which is given back this once.
pub async fn add_person(services: &Services, deed: Deed, person: NewPerson) -> Result<String, AppError> {
    check_admin(&deed)?;
    check_person(&deed.by.user, None, person.roles, false).map_err(refused)?;
    let password = new_password()?;
    let hash = checked_hash(services, &person.login, password.clone()).await?;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let id = insert(db, &person, hash, deed.at).await?;
                approvals::remember(db, id.as_str(), &deed, "添加人员", &person.login).await
            })
        })
        .await?;
    Ok(password)
}

/// Adds a person, on behalf of the command line.
pub async fn create_person(services: &Services, person: NewPerson, password: String, at: Moment) -> Result<UserId, AppError> {
    if person.roles == organisation::Roles::default() {
        return Err(refused(PersonRefused::NoRole));
    }
    let hash = checked_hash(services, &person.login, password).await?;
    services.db.write(move |db| Box::pin(async move { insert(db, &person, hash, at).await })).await
}

async fn checked_hash(services: &Services, login: &str, password: String) -> Result<String, AppError> {
    let login = organisation::login(login).map_err(|error| AppError::field("login", error))?;
    organisation::check_password(&login, &password).map_err(|error| AppError::field("password", error))?;
    session::hash_password(services, password).await
}

async fn insert(db: &mut AnyConnection, person: &NewPerson, password_hash: String, at: Moment) -> Result<UserId, AppError> {
    let user = User {
        id: new_id(at)?,
        unit: existing_unit(db, &person.unit).await?,
        login: organisation::login(&person.login).map_err(|error| AppError::field("login", error))?,
        name: name(&person.name)?,
        password_hash,
        roles: person.roles,
        is_disabled: false,
        failures: 0,
        locked_until: None,
        version: 1,
    };
    insert_user(db, &user).await.map_err(|error| {
        if is_duplicate(&error) { AppError::field("login", "这个登录名已有人使用，请换一个") } else { error.into() }
    })?;
    Ok(user.id)
}

fn name(given: &str) -> Result<String, AppError> {
    text::required("姓名", given, 50).map_err(|error| AppError::field("name", error))
}

async fn existing_unit(db: &mut AnyConnection, unit: &UnitId) -> Result<UnitId, AppError> {
    let unit = unit_by_id(db, unit).await?.ok_or_else(|| AppError::field("unit", "没有这个单位，请刷新页面后重新选择"))?;
    Ok(unit.id)
}

fn refused(reason: PersonRefused) -> AppError {
    match reason {
        PersonRefused::NoRole | PersonRefused::OwnOffice => AppError::field("roles", reason),
        PersonRefused::OwnAccount => AppError::invalid(reason),
    }
}

/// Changes a person's name, unit and roles.
pub async fn change_person(services: &Services, deed: Deed, change: PersonChange) -> Result<(), AppError> {
    check_admin(&deed)?;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let mut user = user_by_id(db, &change.id).await?.ok_or(AppError::NotFound)?;
                check_person(&deed.by.user, Some(&user.id), change.roles, user.is_disabled).map_err(refused)?;
                user.name = name(&change.name)?;
                user.unit = existing_unit(db, &change.unit).await?;
                user.roles = change.roles;
                user.version = change.version;
                if !update_user(db, &user).await? {
                    return Err(overtaken("人员"));
                }
                approvals::remember(db, user.id.as_str(), &deed, "修改人员", &user.login).await
            })
        })
        .await
}

/// Disables a person, which ends their sessions at once, or lets them sign in again.
pub async fn set_disabled(services: &Services, deed: Deed, switch: PersonSwitch) -> Result<(), AppError> {
    check_admin(&deed)?;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let mut user = user_by_id(db, &switch.id).await?.ok_or(AppError::NotFound)?;
                check_person(&deed.by.user, Some(&user.id), user.roles, switch.is_disabled).map_err(refused)?;
                user.is_disabled = switch.is_disabled;
                user.version = switch.version;
                if !update_user(db, &user).await? {
                    return Err(overtaken("人员"));
                }
                if switch.is_disabled {
                    session::end_all(db, &user.id).await?;
                }
                let what = if switch.is_disabled { "停用人员" } else { "启用人员" };
                approvals::remember(db, user.id.as_str(), &deed, what, &user.login).await
            })
        })
        .await
}

/// Forgets failed sign-ins and the lock; doing so twice changes nothing, so no version is asked for.
pub async fn unlock(services: &Services, deed: Deed, person: PersonVersion) -> Result<(), AppError> {
    check_admin(&deed)?;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let user = user_by_id(db, &person.id).await?.ok_or(AppError::NotFound)?;
                clear_failures(db, &user.id).await?;
                approvals::remember(db, user.id.as_str(), &deed, "解除锁定", &user.login).await
            })
        })
        .await
}

/// Gives a person a generated password, which is given back this once, and ends their sessions.
pub async fn reset_password(services: &Services, deed: Deed, person: PersonVersion) -> Result<String, AppError> {
    check_admin(&deed)?;
    let password = new_password()?;
    let hash = session::hash_password(services, password.clone()).await?;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let user = user_by_id(db, &person.id).await?.ok_or(AppError::NotFound)?;
                if !store::set_password(db, &user.id, &hash, person.version).await? {
                    return Err(overtaken("人员"));
                }
                session::end_all(db, &user.id).await?;
                approvals::remember(db, user.id.as_str(), &deed, "重置密码", &user.login).await
            })
        })
        .await?;
    Ok(password)
}
