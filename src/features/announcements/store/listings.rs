//! The SQL of `announcement_listings`: what the portal lists, a narrow row for each announcement that was ever published.
//!
//! Always: written in the transaction that publishes, corrects or revokes; the portal's lists read nothing else.

use super::{Row, statistics};
use crate::domain::announcement::search;
use crate::domain::announcement::status::AnnouncementStatus;
use crate::domain::calendar::{Day, Moment};
use crate::domain::ids::{AnnouncementId, UnitId};
use crate::domain::money::Money;
use crate::domain::organisation::District;
use crate::error::AppError;
use crate::features::announcements::commands::published::{Frozen, Listed, PortalQuery, PortalRow, Sort, State};
use crate::server::db::places;
use crate::server::fault::impossible;
use sqlx::AnyConnection;
use std::fmt::Write as _;

/// Announcements of before this table that are listed in one transaction.
const BATCH: i64 = 200;

/// What a listing is made of, as `announcements` has it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Source {
    id: String,
    version: i64,
    number: String,
    title: String,
    unit_id: String,
    unit_name: String,
    district: String,
    year: i64,
    status: String,
    status_at: String,
    status_since: Option<String>,
    expires_on: Option<String>,
    frozen: String,
}

/// Only what was published: no draft has these columns filled.
const SOURCE: &str = "SELECT id, version, number, title, unit_id, unit_name, district, year, status, status_at, status_since, expires_on, frozen FROM announcements own
 WHERE status IN ('published', 'corrected', 'revoked') AND number IS NOT NULL AND frozen IS NOT NULL AND status_at IS NOT NULL";

fn frozen(source: &Source) -> Result<Frozen, AppError> {
    serde_json::from_str(&source.frozen).map_err(|error| impossible("announcements", &source.id, &error))
}

async fn insert(db: &mut AnyConnection, listed: &[(Source, Frozen)]) -> Result<(), sqlx::Error> {
    if listed.is_empty() {
        return Ok(());
    }
    let ids: Vec<&str> = listed.iter().map(|(source, _)| source.id.as_str()).collect();
    let parts = statistics::parts(db, &ids).await?;
    let text = format!(
        "INSERT INTO announcement_listings (announcement_id, number, title, unit_id, unit_name, district, year, published_at, expires_on, standing, changed_at, sme_fen,
                                            small_micro_fen, unit_words, words, projects, whole_fen, package_fen, consortium_fen, subcontract_fen)
         VALUES {} ON CONFLICT (announcement_id) DO NOTHING",
        places(listed.len(), 20)
    );
    let mut query = sqlx::query(super::sql(text));
    for (source, frozen) in listed {
        query = query
            .bind(&source.id)
            .bind(&source.number)
            .bind(&source.title)
            .bind(&source.unit_id)
            .bind(&source.unit_name)
            .bind(&source.district)
            .bind(source.year)
            .bind(&source.status_at)
            .bind(source.expires_on.clone())
            .bind(&source.status)
            .bind(source.status_since.as_ref().unwrap_or(&source.status_at))
            .bind(frozen.sme.fen())
            .bind(frozen.small_micro.fen())
            .bind(search::searched(&[&source.unit_name]))
            .bind(search::searched(&[&source.title, &source.unit_name, &source.number]));
        for sum in parts.get(&source.id).copied().unwrap_or_default() {
            query = query.bind(sum);
        }
    }
    query.execute(db).await?;
    Ok(())
}

/// Lists announcements in the transaction that publishes them; beside each what was frozen.
pub async fn add(db: &mut AnyConnection, published: &[(&Row, &str)], at: Moment) -> Result<(), AppError> {
    let listed = published.iter().map(|(row, facts)| {
        let number = row.number.clone().ok_or_else(|| impossible("announcements", row.id.as_str(), &"published without a number"))?;
        let source = Source {
            id: row.id.to_string(),
            version: row.version,
            number,
            title: row.title.clone(),
            unit_id: row.unit.to_string(),
            unit_name: row.unit_name.clone(),
            district: row.district.code().to_owned(),
            year: i64::from(row.year.number()),
            status: "published".to_owned(),
            status_at: at.to_string(),
            status_since: None,
            expires_on: row.expires_on.map(|day| day.to_string()),
            frozen: (*facts).to_owned(),
        };
        let frozen = frozen(&source)?;
        Ok((source, frozen))
    });
    let listed = listed.collect::<Result<Vec<_>, AppError>>()?;
    Ok(insert(db, &listed).await?)
}

/// What became of a published announcement; a state that the portal does not show changes nothing.
pub async fn follow(db: &mut AnyConnection, id: &AnnouncementId, to: &AnnouncementStatus, at: Moment) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE announcement_listings SET standing = $1, changed_at = $2 WHERE announcement_id = $3 AND standing <> $4")
        .bind(to.code())
        .bind(at.to_string())
        .bind(id.as_str())
        .bind(to.code())
        .execute(db)
        .await?;
    Ok(())
}

/// Whether every published announcement is listed: counted in the indexes, so that a start reads no texts.
pub async fn is_complete(db: &mut AnyConnection) -> Result<bool, sqlx::Error> {
    let published: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM announcements WHERE status IN ('published', 'corrected', 'revoked')")
        .fetch_one(&mut *db)
        .await?;
    Ok(published == count(db).await?)
}

impl Source {
    /// The announcement, as stored.
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// The next of those that were published and are not listed, after the id given, as they were found.
pub async fn unlisted(db: &mut AnyConnection, after: &str) -> Result<Vec<Source>, sqlx::Error> {
    let text = format!(
        "{SOURCE} AND id > $1 AND NOT EXISTS (SELECT 1 FROM announcement_listings WHERE announcement_id = own.id) ORDER BY id LIMIT $2"
    );
    sqlx::query_as(super::sql(text)).bind(after).bind(BATCH).fetch_all(db).await
}

/// One of them, if it is not listed by now.
pub async fn unlisted_one(db: &mut AnyConnection, id: &str) -> Result<Option<Source>, sqlx::Error> {
    let text = format!("{SOURCE} AND id = $1 AND NOT EXISTS (SELECT 1 FROM announcement_listings WHERE announcement_id = own.id)");
    sqlx::query_as(super::sql(text)).bind(id).fetch_optional(db).await
}

/// Lists what was found, unless it has moved on since: then `false`, and it is to be found anew. Held first, so that whoever corrects or revokes
/// it waits and then finds it listed.
pub async fn list_found(db: &mut AnyConnection, source: &Source) -> Result<bool, AppError> {
    let held = sqlx::query("UPDATE announcements SET version = version WHERE id = $1 AND version = $2 AND status = $3")
        .bind(&source.id)
        .bind(source.version)
        .bind(&source.status)
        .execute(&mut *db)
        .await?;
    if held.rows_affected() != 1 {
        return Ok(false);
    }
    // One that cannot be read is logged and stays unlisted; it must not keep the others from being listed.
    if let Ok(frozen) = frozen(source) {
        insert(db, &[(source.clone(), frozen)]).await?;
    }
    Ok(true)
}

/// Sets right what an older program left behind, which corrects and revokes without knowing of this table; how many there were.
pub async fn catch_up(db: &mut AnyConnection) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE announcement_listings SET standing = own.status, changed_at = COALESCE(own.status_since, own.status_at)
         FROM announcements AS own
         WHERE own.id = announcement_listings.announcement_id AND own.status <> announcement_listings.standing
           AND own.status IN ('published', 'corrected', 'revoked') AND own.status_at IS NOT NULL",
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected())
}

#[derive(sqlx::FromRow)]
struct Stored {
    number: String,
    title: String,
    unit_id: String,
    unit_name: String,
    district: String,
    year: i64,
    published_at: String,
    expires_on: Option<String>,
    standing: String,
    sme_fen: i64,
    small_micro_fen: i64,
    projects: i64,
}

const ROW: &str = "SELECT number, title, unit_id, unit_name, district, year, published_at, expires_on, standing, sme_fen, small_micro_fen, projects FROM announcement_listings";

fn row(stored: Stored) -> Result<PortalRow, AppError> {
    let wrong = |what: &dyn std::fmt::Display| impossible("announcement_listings", &stored.number, what);
    Ok(PortalRow {
        unit: UnitId::parse(&stored.unit_id).map_err(|error| wrong(&error))?,
        district: District::parse(&stored.district).map_err(|error| wrong(&error))?,
        at: Moment::parse(&stored.published_at).map_err(|error| wrong(&error))?,
        expires_on: stored.expires_on.as_deref().map(Day::parse).transpose().map_err(|error| wrong(&error))?,
        standing: Listed::from_code(&stored.standing).ok_or_else(|| wrong(&"standing"))?,
        sme: Money::from_fen(stored.sme_fen),
        small_micro: Money::from_fen(stored.small_micro_fen),
        projects: stored.projects,
        number: stored.number,
        title: stored.title,
        unit_name: stored.unit_name,
        year: stored.year,
    })
}

/// A row that cannot be read is logged and left out.
fn readable(rows: Vec<Stored>) -> Vec<PortalRow> {
    rows.into_iter().filter_map(|stored| row(stored).ok()).collect()
}

/// Text for LIKE that holds `word`; `%` and `_` in it mean themselves.
fn containing(word: &str) -> String {
    format!("%{}%", word.replace('!', "!!").replace('%', "!%").replace('_', "!_"))
}

/// A value behind a `$n`.
enum Value {
    Text(String),
    Number(i64),
}

/// Conditions with the values that they name, in order.
#[derive(Default)]
struct Filter {
    text: String,
    values: Vec<Value>,
}

impl Filter {
    /// Adds a condition; `?` in it is the place of the value.
    fn and(&mut self, condition: &str, value: Value) {
        self.values.push(value);
        let place = format!("${}", self.values.len());
        let gap = if self.text.is_empty() { " WHERE " } else { " AND " };
        // Writing to a String cannot fail.
        let _ = write!(self.text, "{gap}{}", condition.replace('?', &place));
    }

    fn of(query: &PortalQuery, today: Day) -> Filter {
        let mut filter = Filter::default();
        let standing = match query.state {
            State::Current | State::Ended => Some("published"),
            State::Corrected => Some("corrected"),
            State::Revoked => Some("revoked"),
            State::All => None,
        };
        if let Some(standing) = standing {
            filter.and("standing = ?", Value::Text(standing.to_owned()));
        }
        match query.state {
            State::Current => filter.and("(expires_on IS NULL OR expires_on >= ?)", Value::Text(today.to_string())),
            State::Ended => filter.and("expires_on < ?", Value::Text(today.to_string())),
            _ => {}
        }
        if let Some(year) = query.year {
            filter.and("year = ?", Value::Number(year));
        }
        if let Some(district) = query.district {
            filter.and("district = ?", Value::Text(district.code().to_owned()));
        }
        for word in &query.unit {
            filter.and("unit_words LIKE ? ESCAPE '!'", Value::Text(containing(word)));
        }
        for word in &query.words {
            filter.and("words LIKE ? ESCAPE '!'", Value::Text(containing(word)));
        }
        filter
    }
}

/// Those that fit, in the order asked for; and how many there are.
pub async fn list(
    db: &mut AnyConnection,
    query: &PortalQuery,
    today: Day,
    limit: i64,
    offset: i64,
) -> Result<(Vec<PortalRow>, i64), AppError> {
    let Filter { text, values } = Filter::of(query, today);
    let order = match query.sort {
        Sort::Newest => "published_at DESC, announcement_id DESC",
        Sort::Oldest => "published_at, announcement_id",
        Sort::Amount => "sme_fen DESC, published_at DESC, announcement_id DESC",
    };
    let last = values.len();
    let mut rows =
        sqlx::query_as::<_, Stored>(super::sql(format!("{ROW}{text} ORDER BY {order} LIMIT ${} OFFSET ${}", last + 1, last + 2)));
    let mut total = sqlx::query_scalar::<_, i64>(super::sql(format!("SELECT COUNT(*) FROM announcement_listings{text}")));
    for value in values {
        (rows, total) = match value {
            Value::Text(text) => (rows.bind(text.clone()), total.bind(text)),
            Value::Number(number) => (rows.bind(number), total.bind(number)),
        };
    }
    let total = total.fetch_one(&mut *db).await?;
    // Far beyond the end nothing is looked for.
    let rows = if offset < total { rows.bind(limit).bind(offset).fetch_all(db).await? } else { Vec::new() };
    Ok((readable(rows), total))
}

/// What a unit published, newest year first, and how much there is.
pub async fn of_unit(db: &mut AnyConnection, unit: &UnitId, limit: i64) -> Result<(Vec<PortalRow>, i64), AppError> {
    let total: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM announcement_listings WHERE unit_id = $1").bind(unit.as_str()).fetch_one(&mut *db).await?;
    let text = format!("{ROW} WHERE unit_id = $1 ORDER BY year DESC, published_at DESC, announcement_id DESC LIMIT $2");
    let rows = sqlx::query_as(super::sql(text)).bind(unit.as_str()).bind(limit).fetch_all(db).await?;
    Ok((readable(rows), total))
}

/// Those of these numbers.
pub async fn by_numbers(db: &mut AnyConnection, numbers: &[&str]) -> Result<Vec<PortalRow>, AppError> {
    let text = format!("{ROW} WHERE number IN ({})", super::listed(numbers.len(), 1));
    let mut query = sqlx::query_as(super::sql(text));
    for number in numbers {
        query = query.bind(*number);
    }
    Ok(if numbers.is_empty() { Vec::new() } else { readable(query.fetch_all(db).await?) })
}

const OF_YEAR: &str = " WHERE year = $1 AND standing = 'published'";

/// What stands of a year, whether it has ended or not, and how much there is.
pub async fn of_year(db: &mut AnyConnection, year: i64, limit: i64, offset: i64) -> Result<(Vec<PortalRow>, i64), AppError> {
    let total: i64 = sqlx::query_scalar(super::sql(format!("SELECT COUNT(*) FROM announcement_listings{OF_YEAR}")))
        .bind(year)
        .fetch_one(&mut *db)
        .await?;
    let rows = sqlx::query_as(super::sql(format!("{ROW}{OF_YEAR} ORDER BY published_at, announcement_id LIMIT $2 OFFSET $3")))
        .bind(year)
        .bind(limit)
        .bind(offset)
        .fetch_all(db)
        .await?;
    Ok((readable(rows), total))
}

/// A unit's announcement of a year: the one that stands, whether it has ended or not; else the last that was published.
pub async fn last_of_year(db: &mut AnyConnection, unit: &UnitId, year: i64) -> Result<Option<PortalRow>, AppError> {
    let rows = sqlx::query_as(super::sql(format!(
        "{ROW} WHERE year = $1 AND unit_id = $2 ORDER BY CASE WHEN standing = 'published' THEN 0 ELSE 1 END, published_at DESC, announcement_id DESC LIMIT 1"
    )))
    .bind(year)
    .bind(unit.as_str())
    .fetch_all(db)
    .await?;
    Ok(readable(rows).pop())
}

/// What was published of a year and does not stand any more, the last first.
pub async fn gone_of_year(db: &mut AnyConnection, year: i64, limit: i64) -> Result<Vec<PortalRow>, AppError> {
    let rows = sqlx::query_as(super::sql(format!(
        "{ROW} WHERE year = $1 AND standing IN ('corrected', 'revoked') ORDER BY published_at DESC, announcement_id DESC LIMIT $2"
    )))
    .bind(year)
    .bind(limit)
    .fetch_all(db)
    .await?;
    Ok(readable(rows))
}

/// One of a unit's, with how many it has published.
#[derive(sqlx::FromRow)]
struct OfUnit {
    #[sqlx(flatten)]
    stored: Stored,
    published: i64,
}

/// Of each unit that ever published the newest, in the order of its own page ([`of_unit`]), with how many it has published. Ids tell when they
/// were created, which may be any time before the publication.
pub async fn units(db: &mut AnyConnection) -> Result<Vec<(PortalRow, i64)>, AppError> {
    let rows: Vec<OfUnit> = sqlx::query_as(
        "SELECT number, title, unit_id, unit_name, district, year, published_at, expires_on, standing, sme_fen, small_micro_fen, projects, published
         FROM (SELECT number, title, unit_id, unit_name, district, year, published_at, expires_on, standing, sme_fen, small_micro_fen, projects,
                      ROW_NUMBER() OVER (PARTITION BY unit_id ORDER BY year DESC, published_at DESC, announcement_id DESC) AS place,
                      COUNT(*) OVER (PARTITION BY unit_id) AS published
               FROM announcement_listings) AS placed
         WHERE place = 1 ORDER BY unit_id",
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().filter_map(|of| Some((row(of.stored).ok()?, of.published))).collect())
}

/// Ids of units whose approved data a published announcement holds.
pub async fn held_units(db: &mut AnyConnection, number: &str) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT announcement_records.unit_id FROM announcement_records
         JOIN announcement_listings ON announcement_listings.announcement_id = announcement_records.announcement_id
         WHERE announcement_listings.number = $1",
    )
    .bind(number)
    .fetch_all(db)
    .await
}

/// Whether one of this number was ever published.
pub async fn is_listed(db: &mut AnyConnection, number: &str) -> Result<bool, sqlx::Error> {
    let found: Option<i64> = sqlx::query_scalar("SELECT CAST(1 AS BIGINT) FROM announcement_listings WHERE number = $1 LIMIT 1")
        .bind(number)
        .fetch_optional(db)
        .await?;
    Ok(found.is_some())
}

/// How many were ever published.
pub async fn count(db: &mut AnyConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT COUNT(*) FROM announcement_listings").fetch_one(db).await
}

/// Numbers with the moment of the last change, in an order that later publications only add to.
pub async fn addresses(db: &mut AnyConnection, limit: i64, offset: i64) -> Result<Vec<(String, String)>, sqlx::Error> {
    sqlx::query_as("SELECT number, changed_at FROM announcement_listings ORDER BY announcement_id LIMIT $1 OFFSET $2")
        .bind(limit)
        .bind(offset)
        .fetch_all(db)
        .await
}
