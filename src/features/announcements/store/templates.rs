//! The SQL of 公告模板, and of the copies that announcements took of them.

use crate::domain::announcement::document::Document;
use crate::domain::announcement::template::draft::Checked;
use crate::domain::announcement::template::pattern::TitlePattern;
use crate::domain::announcement::template::scope::{Place, Scope};
use crate::domain::announcement::template::{OFFICIAL, Wording};
use crate::domain::calendar::{Moment, Year};
use crate::domain::ids::{AnnouncementId, TemplateId};
use crate::error::AppError;
use crate::server::fault::impossible;
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

    /// A template as it stands.
    pub fn of(template: Template) -> Taken {
        Taken { template: Some(template.id), number: template.version, name: template.checked.name, wording: template.checked.wording }
    }
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
    changed_at: String,
}

fn wording(title: &str, document: &str, wrong: &dyn Fn(&dyn std::fmt::Display) -> AppError) -> Result<Wording, AppError> {
    Ok(Wording {
        title: TitlePattern::parse(title).map_err(|error| wrong(&error))?,
        document: Document::parse(document).map_err(|error| wrong(&error))?,
    })
}

fn template(row: Stored) -> Result<Template, AppError> {
    let wrong = |what: &dyn std::fmt::Display| impossible("announcement_templates", &row.id, what);
    let year = |number: i64| {
        i32::try_from(number).ok().and_then(|number| Year::try_from(number).ok()).ok_or_else(|| wrong(&format!("year {number}")))
    };
    let scope = Scope {
        place: Place::parse(&row.place).map_err(|error| wrong(&error))?,
        from: year(row.from_year)?,
        to: row.to_year.map(year).transpose()?,
    };
    Ok(Template {
        id: TemplateId::parse(&row.id).map_err(|error| wrong(&error))?,
        at: Moment::parse(&row.changed_at).map_err(|error| wrong(&error))?,
        checked: Checked { scope, wording: wording(&row.title, &row.document, &wrong)?, name: row.name },
        version: row.version,
        who: row.changed_by,
    })
}

/// Every template, in no order. One that cannot be read is logged and left out: it must not end the announcements of everyone.
pub async fn all(db: &mut AnyConnection) -> Result<Vec<Template>, AppError> {
    let rows: Vec<Stored> = sqlx::query_as(
        "SELECT id, name, place, from_year, to_year, title, document, version, changed_by, changed_at FROM announcement_templates",
    )
    .fetch_all(db)
    .await?;
    let read = rows.into_iter().map(template).filter_map(|read| match read {
        Ok(template) => Some(template),
        Err(error) => {
            tracing::error!(cause = %error, "a template cannot be read");
            None
        }
    });
    Ok(read.collect())
}

/// Makes whoever else adds, changes or deletes a template wait until this transaction ends.
pub async fn take_turn(db: &mut AnyConnection) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE announcement_template_turns SET last = last + 1 WHERE id = 1").execute(db).await?;
    Ok(())
}

/// Inserts a template; `version` is 1.
pub async fn insert(db: &mut AnyConnection, template: &Template) -> Result<(), sqlx::Error> {
    let Template { id, checked, version, who, at } = template;
    sqlx::query(
        "INSERT INTO announcement_templates (id, name, place, from_year, to_year, title, document, version, changed_by, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
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
    .execute(&mut *db)
    .await?;
    keep(db, template).await
}

/// Writes a template over the version before its own; `false` when someone was faster.
pub async fn update(db: &mut AnyConnection, template: &Template) -> Result<bool, sqlx::Error> {
    let Template { id, checked, version, who, at } = template;
    let done = sqlx::query(
        "UPDATE announcement_templates SET name = $1, place = $2, from_year = $3, to_year = $4, title = $5, document = $6, version = $7,
             changed_by = $8, changed_at = $9 WHERE id = $10 AND version = $11",
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
        "SELECT template_id AS id, name, place, from_year, to_year, title, document, number AS version, changed_by, changed_at
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
