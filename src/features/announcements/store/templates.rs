//! The SQL of 公告模板, and of the copies that announcements took of them.

use crate::domain::announcement::document::Document;
use crate::domain::announcement::template::draft::Checked;
use crate::domain::announcement::template::pattern::TitlePattern;
use crate::domain::announcement::template::scope::{Place, Scope};
use crate::domain::announcement::template::taken::Version;
use crate::domain::announcement::template::{OFFICIAL, Wording};
use crate::domain::calendar::{Moment, Year};
use crate::domain::ids::{AnnouncementId, TemplateId, UserId};
use crate::domain::organisation::District;
use crate::error::AppError;
use crate::server::fault::{fault, impossible};
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

/// A template as it stands.
#[derive(Clone, Debug)]
pub struct Template {
    /// Identity.
    pub id: TemplateId,
    /// What it is.
    pub checked: Checked,
    /// Counts changes.
    pub version: i64,
    /// Who changed it last, by name.
    pub who: String,
    /// The same person; nobody where it was stored before people were noted.
    pub by: Option<UserId>,
    /// When.
    pub at: Moment,
}

/// A template without its texts.
#[derive(Clone, Debug)]
pub struct Heading {
    /// Identity.
    pub id: TemplateId,
    /// 模板名称.
    pub name: String,
    /// Where and for which years.
    pub scope: Scope,
    /// Counts changes.
    pub version: i64,
    /// Who changed it last.
    pub who: String,
    /// When.
    pub at: Moment,
}

/// What an announcement took.
#[derive(Clone, Debug)]
pub struct Taken {
    /// From which; none is the official one.
    pub template: Option<TemplateId>,
    /// Its version; 0 of the official one.
    pub number: i64,
    /// Its name at that time.
    pub name: String,
    /// What it said.
    pub wording: Wording,
}

impl Taken {
    /// The template that is shipped.
    pub fn official() -> Taken {
        Taken { template: None, number: 0, name: OFFICIAL.to_owned(), wording: Wording::official() }
    }

    /// Which version of which template it is.
    pub fn version(&self) -> Version<'_> {
        Version { template: self.template.as_ref(), number: self.number }
    }

    /// As a version of the announcement keeps it.
    pub fn to_json(&self) -> Result<String, AppError> {
        let kept = Kept {
            template: self.template.clone(),
            number: self.number,
            name: self.name.clone(),
            title: self.wording.title.to_string(),
            document: self.wording.document.to_json().to_string(),
        };
        serde_json::to_string(&kept).map_err(|error| fault(&error))
    }

    /// Reads what [`Self::to_json`] wrote for this announcement.
    pub fn from_json(announcement: &AnnouncementId, json: &str) -> Result<Taken, AppError> {
        let wrong = |what: &dyn std::fmt::Display| impossible("announcement_version_parts", announcement.as_str(), what);
        let kept: Kept = serde_json::from_str(json).map_err(|error| wrong(&error))?;
        Ok(Taken { template: kept.template, number: kept.number, name: kept.name, wording: wording(&kept.title, &kept.document, &wrong)? })
    }

    /// A template as it stands.
    pub fn of(template: Template) -> Taken {
        Taken { template: Some(template.id), number: template.version, name: template.checked.name, wording: template.checked.wording }
    }
}

/// What was taken, in the form of a part of a version.
#[derive(Serialize, Deserialize)]
struct Kept {
    template: Option<TemplateId>,
    number: i64,
    name: String,
    title: String,
    document: String,
}

#[derive(sqlx::FromRow)]
struct Stored {
    id: String,
    name: String,
    place: String,
    from_year: i64,
    to_year: Option<i64>,
    title: String,
    document: String,
    version: i64,
    changed_by: String,
    changed_by_id: String,
    changed_at: String,
}

#[derive(sqlx::FromRow)]
struct StoredHeading {
    id: String,
    name: String,
    place: String,
    from_year: i64,
    to_year: Option<i64>,
    version: i64,
    changed_by: String,
    changed_at: String,
}

fn scope(place: &str, from: i64, to: Option<i64>, wrong: &dyn Fn(&dyn std::fmt::Display) -> AppError) -> Result<Scope, AppError> {
    let year = |number: i64| Year::numbered(number).ok_or_else(|| wrong(&format!("year {number}")));
    Ok(Scope { place: Place::parse(place).map_err(|error| wrong(&error))?, from: year(from)?, to: to.map(year).transpose()? })
}

fn heading(row: StoredHeading) -> Result<Heading, AppError> {
    let wrong = |what: &dyn std::fmt::Display| impossible("announcement_templates", &row.id, what);
    Ok(Heading {
        id: TemplateId::parse(&row.id).map_err(|error| wrong(&error))?,
        scope: scope(&row.place, row.from_year, row.to_year, &wrong)?,
        at: Moment::parse(&row.changed_at).map_err(|error| wrong(&error))?,
        name: row.name,
        version: row.version,
        who: row.changed_by,
    })
}

fn wording(title: &str, document: &str, wrong: &dyn Fn(&dyn std::fmt::Display) -> AppError) -> Result<Wording, AppError> {
    Ok(Wording {
        title: TitlePattern::parse(title).map_err(|error| wrong(&error))?,
        document: Document::parse(document).map_err(|error| wrong(&error))?,
    })
}

fn template(row: Stored) -> Result<Template, AppError> {
    let wrong = |what: &dyn std::fmt::Display| impossible("announcement_templates", &row.id, what);
    let scope = scope(&row.place, row.from_year, row.to_year, &wrong)?;
    Ok(Template {
        id: TemplateId::parse(&row.id).map_err(|error| wrong(&error))?,
        at: Moment::parse(&row.changed_at).map_err(|error| wrong(&error))?,
        checked: Checked { scope, wording: wording(&row.title, &row.document, &wrong)?, name: row.name },
        by: UserId::parse(&row.changed_by_id).ok(),
        version: row.version,
        who: row.changed_by,
    })
}

/// One that cannot be read is logged and left out: it must not end the announcements of everyone.
fn readable<T>(read: Result<T, AppError>) -> Option<T> {
    read.inspect_err(|error| tracing::error!(cause = %error, "a template cannot be read")).ok()
}

const HEADING: &str = "SELECT id, name, place, from_year, to_year, version, changed_by, changed_at FROM announcement_templates";

/// Every template without its texts, in no order.
pub async fn all(db: &mut AnyConnection) -> Result<Vec<Heading>, AppError> {
    let rows: Vec<StoredHeading> = sqlx::query_as(HEADING).fetch_all(db).await?;
    Ok(rows.into_iter().filter_map(|row| readable(heading(row))).collect())
}

/// The templates that reach this 行政区划 in this 年度, without their texts; which of them serves is a rule of the domain.
pub async fn reaching(db: &mut AnyConnection, district: District, year: Year) -> Result<Vec<Heading>, AppError> {
    let places = Place::reaching(district);
    let text =
        format!("{HEADING} WHERE from_year <= $1 AND (to_year IS NULL OR to_year >= $2) AND place IN ({})", super::listed(places.len(), 3));
    let year = i64::from(year.number());
    let mut query = sqlx::query_as(super::sql(text)).bind(year).bind(year);
    for place in &places {
        query = query.bind(place.code().to_owned());
    }
    let rows: Vec<StoredHeading> = query.fetch_all(db).await?;
    Ok(rows.into_iter().filter_map(|row| readable(heading(row))).collect())
}

/// A template by its id; nothing where it cannot be read.
pub async fn by_id(db: &mut AnyConnection, id: &TemplateId) -> Result<Option<Template>, AppError> {
    let row: Option<Stored> = sqlx::query_as(
        "SELECT id, name, place, from_year, to_year, title, document, version, changed_by, changed_by_id, changed_at
         FROM announcement_templates WHERE id = $1",
    )
    .bind(id.as_str())
    .fetch_optional(db)
    .await?;
    Ok(row.and_then(|row| readable(template(row))))
}

/// Makes whoever takes, changes or deletes this template wait until this transaction ends, if it is of this version still: an announcement
/// that takes it and the 系统管理员 who deletes it would else not see each other.
pub async fn hold(db: &mut AnyConnection, id: &TemplateId, version: i64) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("UPDATE announcement_templates SET version = version WHERE id = $1 AND version = $2")
        .bind(id.as_str())
        .bind(version)
        .execute(db)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Makes whoever else adds, changes or deletes a template wait until this transaction ends.
pub async fn take_turn(db: &mut AnyConnection) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE announcement_template_turns SET last = last + 1 WHERE id = 1").execute(db).await?;
    Ok(())
}

/// Inserts a template; `version` is 1.
pub async fn insert(db: &mut AnyConnection, template: &Template) -> Result<(), sqlx::Error> {
    let Template { id, checked, version, who, by, at } = template;
    sqlx::query(
        "INSERT INTO announcement_templates (id, name, place, from_year, to_year, title, document, version, changed_by, changed_at, changed_by_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(id.as_str())
    .bind(&checked.name)
    .bind(checked.scope.place.code())
    .bind(i64::from(checked.scope.from.number()))
    .bind(checked.scope.to.map(|year| i64::from(year.number())))
    .bind(checked.wording.title.as_str())
    .bind(checked.wording.document.to_json().to_string())
    .bind(*version)
    .bind(who)
    .bind(at.to_string())
    .bind(by.as_ref().map_or("", UserId::as_str))
    .execute(&mut *db)
    .await?;
    keep(db, template).await
}

/// Writes a template over the version before its own; `false` when someone was faster.
pub async fn update(db: &mut AnyConnection, template: &Template) -> Result<bool, sqlx::Error> {
    let Template { id, checked, version, who, by, at } = template;
    let done = sqlx::query(
        "UPDATE announcement_templates SET name = $1, place = $2, from_year = $3, to_year = $4, title = $5, document = $6, version = $7,
             changed_by = $8, changed_at = $9, changed_by_id = $10 WHERE id = $11 AND version = $12",
    )
    .bind(&checked.name)
    .bind(checked.scope.place.code())
    .bind(i64::from(checked.scope.from.number()))
    .bind(checked.scope.to.map(|year| i64::from(year.number())))
    .bind(checked.wording.title.as_str())
    .bind(checked.wording.document.to_json().to_string())
    .bind(*version)
    .bind(who)
    .bind(at.to_string())
    .bind(by.as_ref().map_or("", UserId::as_str))
    .bind(id.as_str())
    .bind(*version - 1)
    .execute(&mut *db)
    .await?;
    if done.rows_affected() != 1 {
        return Ok(false);
    }
    keep(db, template).await?;
    Ok(true)
}

/// Keeps what a template says now as a version.
async fn keep(db: &mut AnyConnection, template: &Template) -> Result<(), sqlx::Error> {
    let copied = "INSERT INTO announcement_template_versions (template_id, number, name, place, from_year, to_year, title, document, changed_by, changed_at)
         SELECT id, version, name, place, from_year, to_year, title, document, changed_by, changed_at FROM announcement_templates WHERE id = $1";
    sqlx::query(copied).bind(template.id.as_str()).execute(db).await?;
    Ok(())
}

/// The versions of a template, newest first.
pub async fn versions(db: &mut AnyConnection, id: &TemplateId) -> Result<Vec<Template>, AppError> {
    let rows: Vec<Stored> = sqlx::query_as(
        "SELECT template_id AS id, name, place, from_year, to_year, title, document, number AS version, changed_by, '' AS changed_by_id, changed_at
         FROM announcement_template_versions WHERE template_id = $1 ORDER BY number DESC",
    )
    .bind(id.as_str())
    .fetch_all(db)
    .await?;
    rows.into_iter().map(template).collect()
}

/// Removes a template with its versions, from the version that was seen; `false` when someone was faster.
pub async fn delete(db: &mut AnyConnection, id: &TemplateId, version: i64) -> Result<bool, sqlx::Error> {
    sqlx::query("DELETE FROM announcement_template_versions WHERE template_id = $1").bind(id.as_str()).execute(&mut *db).await?;
    let done = sqlx::query("DELETE FROM announcement_templates WHERE id = $1 AND version = $2")
        .bind(id.as_str())
        .bind(version)
        .execute(db)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// How many announcements took this template.
pub async fn uses_of(db: &mut AnyConnection, id: &TemplateId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT COUNT(*) FROM announcement_wordings WHERE template_id = $1").bind(id.as_str()).fetch_one(db).await
}

/// How many announcements took each template, by its id.
pub async fn uses(db: &mut AnyConnection) -> Result<Vec<(String, i64)>, sqlx::Error> {
    sqlx::query_as("SELECT template_id, COUNT(*) FROM announcement_wordings WHERE template_id IS NOT NULL GROUP BY template_id")
        .fetch_all(db)
        .await
}

/// What an announcement took; nothing of one that was made before there were templates.
pub async fn taken(db: &mut AnyConnection, announcement: &AnnouncementId) -> Result<Option<Taken>, AppError> {
    let row: Option<(Option<String>, i64, String, String, String)> = sqlx::query_as(
        "SELECT template_id, template_number, template_name, title, document FROM announcement_wordings WHERE announcement_id = $1",
    )
    .bind(announcement.as_str())
    .fetch_optional(db)
    .await?;
    row.map(|(template, number, name, title, document)| {
        let wrong = |what: &dyn std::fmt::Display| impossible("announcement_wordings", announcement.as_str(), what);
        Ok(Taken {
            template: template.as_deref().map(TemplateId::parse).transpose().map_err(|error| wrong(&error))?,
            wording: wording(&title, &document, &wrong)?,
            number,
            name,
        })
    })
    .transpose()
}

/// Notes what an announcement takes, in the place of what it took before.
pub async fn take(db: &mut AnyConnection, announcement: &AnnouncementId, taken: &Taken, now: Moment) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO announcement_wordings (announcement_id, template_id, template_number, template_name, title, document, taken_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (announcement_id) DO UPDATE SET template_id = excluded.template_id, template_number = excluded.template_number,
             template_name = excluded.template_name, title = excluded.title, document = excluded.document, taken_at = excluded.taken_at",
    )
    .bind(announcement.as_str())
    .bind(taken.template.as_ref().map(|id| id.as_str().to_owned()))
    .bind(taken.number)
    .bind(&taken.name)
    .bind(taken.wording.title.as_str())
    .bind(taken.wording.document.to_json().to_string())
    .bind(now.to_string())
    .execute(db)
    .await?;
    Ok(())
}
