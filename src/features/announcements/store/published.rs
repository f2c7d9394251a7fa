//! What the portal reads: published rows only, whatever is asked.

use crate::domain::calendar::{Day, Moment};
use crate::domain::ids::AttachmentId;
use crate::domain::organisation::District;
use crate::error::AppError;
use crate::features::announcements::commands::published::{PortalQuery, PortalRow, Published};
use crate::server::fault::impossible;
use sqlx::AnyConnection;

#[derive(sqlx::FromRow)]
struct Stored {
    number: String,
    title: String,
    unit_name: String,
    district: String,
    year: i64,
    status_at: String,
    expires_on: Option<String>,
}

fn row(row: Stored) -> Result<PortalRow, AppError> {
    let wrong = |what: &dyn std::fmt::Display| impossible("announcements", &row.number, what);
    Ok(PortalRow {
        district: District::parse(&row.district).map_err(|error| wrong(&error))?,
        at: Moment::parse(&row.status_at).map_err(|error| wrong(&error))?,
        expires_on: row.expires_on.as_deref().map(Day::parse).transpose().map_err(|error| wrong(&error))?,
        number: row.number,
        title: row.title,
        unit_name: row.unit_name,
        year: row.year,
    })
}

/// Text for LIKE that holds `word`; `%` and `_` in it mean themselves.
fn containing(word: Option<&String>) -> String {
    let word = word.map(|word| word.replace('!', "!!").replace('%', "!%").replace('_', "!_")).unwrap_or_default();
    format!("%{word}%")
}

/// Those that have not ended on `today`, newest first; and how many there are. A row that cannot be read is logged and left out.
pub async fn list(
    db: &mut AnyConnection,
    query: &PortalQuery,
    today: Day,
    limit: i64,
    offset: i64,
) -> Result<(Vec<PortalRow>, i64), AppError> {
    let is_searched = !query.words.is_empty();
    let mut filter =
        "status = 'published' AND ($1 = 0 OR year = $2) AND ($3 = '' OR district = $4) AND (expires_on IS NULL OR expires_on >= $5)"
            .to_owned();
    if is_searched {
        filter.push_str(" AND unit_name LIKE $6 ESCAPE '!' AND unit_name LIKE $7 ESCAPE '!' AND unit_name LIKE $8 ESCAPE '!'");
    }
    let last = if is_searched { 8 } else { 5 };
    let text = format!(
        "SELECT number, title, unit_name, district, year, status_at, expires_on FROM announcements WHERE {filter} ORDER BY status_at DESC, id DESC LIMIT ${} OFFSET ${}",
        last + 1,
        last + 2
    );
    let counting = format!("SELECT COUNT(*) FROM announcements WHERE {filter}");
    let (year, district, today) =
        (query.year.unwrap_or_default(), query.district.map(District::code).unwrap_or_default(), today.to_string());
    let mut rows = sqlx::query_as::<_, Stored>(super::sql(text)).bind(year).bind(year).bind(district).bind(district).bind(&today);
    let mut total = sqlx::query_scalar::<_, i64>(super::sql(counting)).bind(year).bind(year).bind(district).bind(district).bind(&today);
    if is_searched {
        for at in 0..3 {
            rows = rows.bind(containing(query.words.get(at)));
            total = total.bind(containing(query.words.get(at)));
        }
    }
    let rows: Vec<Stored> = rows.bind(limit).bind(offset).fetch_all(&mut *db).await?;
    Ok((rows.into_iter().filter_map(|stored| row(stored).ok()).collect(), total.fetch_one(db).await?))
}

#[derive(sqlx::FromRow)]
struct Page {
    number: String,
    title: String,
    unit_name: String,
    district: String,
    year: i64,
    status_at: String,
    expires_on: Option<String>,
    body_html: String,
    frozen: String,
}

/// A published announcement by its number.
pub async fn by_number(db: &mut AnyConnection, number: &str) -> Result<Option<Published>, AppError> {
    let page: Option<Page> = sqlx::query_as(
        "SELECT number, title, unit_name, district, year, status_at, expires_on, body_html, frozen FROM announcements WHERE number = $1 AND status = 'published'",
    )
    .bind(number)
    .fetch_optional(db)
    .await?;
    let Some(page) = page else { return Ok(None) };
    let wrong = |what: &dyn std::fmt::Display| impossible("announcements", &page.number, what);
    Ok(Some(Published {
        district: District::parse(&page.district).map_err(|error| wrong(&error))?,
        at: Moment::parse(&page.status_at).map_err(|error| wrong(&error))?,
        expires_on: page.expires_on.as_deref().map(Day::parse).transpose().map_err(|error| wrong(&error))?,
        frozen: serde_json::from_str(&page.frozen).map_err(|error| wrong(&error))?,
        number: page.number,
        title: page.title,
        unit_name: page.unit_name,
        year: page.year,
        body_html: page.body_html,
    }))
}

/// Name, media type and size of a file that everyone may have: shown, and of a published announcement.
pub async fn file(db: &mut AnyConnection, number: &str, id: &AttachmentId) -> Result<Option<(String, String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT attachments.name, attachments.media_type, attachments.size FROM attachments JOIN announcements ON announcements.id = attachments.announcement_id
         WHERE attachments.id = $1 AND attachments.is_shown = 1 AND attachments.replaced_by IS NULL AND announcements.number = $2 AND announcements.status = 'published'",
    )
    .bind(id.as_str())
    .bind(number)
    .fetch_optional(db)
    .await
}
