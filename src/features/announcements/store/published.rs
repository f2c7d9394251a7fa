//! What the portal reads: rows that were published only, whatever is asked.

use crate::domain::calendar::{Day, Moment};
use crate::domain::ids::AttachmentId;
use crate::domain::organisation::District;
use crate::error::AppError;
use crate::features::announcements::commands::published::{Frozen, Linked, PortalQuery, PortalRow, Published, Standing};
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
    status: String,
    status_reason: String,
    status_at: String,
    status_since: Option<String>,
    expires_on: Option<String>,
    body_html: String,
    frozen: String,
    correction_reason: String,
    next_number: Option<String>,
    next_title: Option<String>,
    next_at: Option<String>,
    next_frozen: Option<String>,
    old_number: Option<String>,
    old_title: Option<String>,
    old_at: Option<String>,
}

/// A successor counts only once it has taken the place: before, nobody outside may know of it.
const PAGE: &str = "SELECT own.number, own.title, own.unit_name, own.district, own.year, own.status, own.status_reason, own.status_at, own.status_since, own.expires_on,
        own.body_html, own.frozen, own.correction_reason, next.number AS next_number, next.title AS next_title, next.status_at AS next_at, next.frozen AS next_frozen,
        old.number AS old_number, old.title AS old_title, old.status_at AS old_at
 FROM announcements own
      LEFT JOIN announcements next ON own.status = 'corrected' AND next.id = own.successor_id
      LEFT JOIN announcements old ON old.id = own.corrects_id
 WHERE own.number = $1 AND own.status IN ('published', 'corrected', 'revoked')";

/// An announcement that was published, by its number.
pub async fn by_number(db: &mut AnyConnection, number: &str) -> Result<Option<Published>, AppError> {
    let page: Option<Page> = sqlx::query_as(PAGE).bind(number).fetch_optional(db).await?;
    let Some(page) = page else { return Ok(None) };
    let wrong = |what: &dyn std::fmt::Display| impossible("announcements", &page.number, what);
    let moment = |text: &str| Moment::parse(text).map_err(|error| wrong(&error));
    let frozen = |text: &str| serde_json::from_str::<Frozen>(text).map_err(|error| wrong(&error));
    let linked = |number: &Option<String>, title: &Option<String>, at: &Option<String>| match (number, title, at) {
        (Some(number), Some(title), Some(at)) => Ok(Some(Linked { number: number.clone(), title: title.clone(), at: moment(at)? })),
        _ => Ok::<_, AppError>(None),
    };
    let since = || page.status_since.as_deref().ok_or_else(|| wrong(&"ended without a moment")).and_then(moment);
    let reason = page.status_reason.clone();
    let standing = match page.status.as_str() {
        "corrected" => Standing::Corrected {
            since: since()?,
            reason,
            successor: linked(&page.next_number, &page.next_title, &page.next_at)?.ok_or_else(|| wrong(&"corrected by nothing"))?,
            alterations: page.next_frozen.as_deref().map(frozen).transpose()?.and_then(|frozen| frozen.alterations),
        },
        "revoked" => Standing::Revoked { since: since()?, reason },
        _ => Standing::Current,
    };
    Ok(Some(Published {
        district: District::parse(&page.district).map_err(|error| wrong(&error))?,
        at: moment(&page.status_at)?,
        expires_on: page.expires_on.as_deref().map(Day::parse).transpose().map_err(|error| wrong(&error))?,
        frozen: frozen(&page.frozen)?,
        corrects: linked(&page.old_number, &page.old_title, &page.old_at)?.map(|old| (old, page.correction_reason.clone())),
        standing,
        number: page.number,
        title: page.title,
        unit_name: page.unit_name,
        year: page.year,
        body_html: page.body_html,
    }))
}

/// Name, media type and size of a file that everyone may have: shown, and of a published announcement; with a revoked one its files
/// are gone.
pub async fn file(db: &mut AnyConnection, number: &str, id: &AttachmentId) -> Result<Option<(String, String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT attachments.name, attachments.media_type, attachments.size FROM attachments JOIN announcements ON announcements.id = attachments.announcement_id
         WHERE attachments.id = $1 AND attachments.is_shown = 1 AND attachments.replaced_by IS NULL AND announcements.number = $2 AND announcements.status IN ('published', 'corrected')",
    )
    .bind(id.as_str())
    .bind(number)
    .fetch_optional(db)
    .await
}
