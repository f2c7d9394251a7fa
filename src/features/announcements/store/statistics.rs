//! The SQL of `announcement_units`, and the sums that the portal's pictures show.
//!
//! Always: sums are made of a row for each announcement or of each of its units, never of lines; whether an announcement stands is asked of
//! its listing.

use crate::domain::ids::UnitId;
use crate::domain::money::Money;
use crate::domain::statistics::{Found, Sums};
use crate::error::AppError;
use crate::features::announcements::commands::statistics::{Of, UnitSums};
use crate::server::fault::impossible;
use sqlx::AnyConnection;
use std::collections::HashMap;

/// The sums of each unit whose lines these announcements show, in the transaction that publishes them; the same as in `migrations/0023_statistics.sql`.
pub async fn add(db: &mut AnyConnection, ids: &[&str]) -> Result<(), sqlx::Error> {
    let text = format!(
        "INSERT INTO announcement_units (announcement_id, unit_id, unit_name, projects, sme_fen, small_micro_fen, whole_fen, package_fen, consortium_fen, subcontract_fen)
         SELECT lines.announcement_id, held.unit_id, MAX(held.unit_name), COUNT(*), CAST(SUM(lines.sme_fen) AS BIGINT), CAST(SUM(lines.small_micro_fen) AS BIGINT),
                CAST(SUM(CASE WHEN lines.measure = 'whole' THEN lines.sme_fen ELSE 0 END) AS BIGINT),
                CAST(SUM(CASE WHEN lines.measure = 'package' THEN lines.sme_fen ELSE 0 END) AS BIGINT),
                CAST(SUM(CASE WHEN lines.measure = 'consortium' THEN lines.sme_fen ELSE 0 END) AS BIGINT),
                CAST(SUM(CASE WHEN lines.measure = 'subcontract' THEN lines.sme_fen ELSE 0 END) AS BIGINT)
         FROM announcement_lines AS lines
              JOIN announcement_records AS held ON held.announcement_id = lines.announcement_id AND held.record_id = lines.record_id
         WHERE lines.announcement_id IN ({}) AND lines.is_removed = 0 GROUP BY lines.announcement_id, held.unit_id",
        super::listed(ids.len(), 1)
    );
    let mut query = sqlx::query(super::sql(text));
    for id in ids {
        query = query.bind(*id);
    }
    query.execute(db).await?;
    Ok(())
}

/// Projects and the four amounts by 预留选项, in the order of the columns of a listing.
pub type Parts = [i64; 5];

/// The sums of the units of each of these announcements; nothing of one that shows no line.
pub async fn parts(db: &mut AnyConnection, ids: &[&str]) -> Result<HashMap<String, Parts>, sqlx::Error> {
    let text = format!(
        "SELECT announcement_id, CAST(SUM(projects) AS BIGINT), CAST(SUM(whole_fen) AS BIGINT), CAST(SUM(package_fen) AS BIGINT), CAST(SUM(consortium_fen) AS BIGINT),
                CAST(SUM(subcontract_fen) AS BIGINT)
         FROM announcement_units WHERE announcement_id IN ({}) GROUP BY announcement_id",
        super::listed(ids.len(), 1)
    );
    let mut query = sqlx::query_as::<_, (String, i64, i64, i64, i64, i64)>(super::sql(text));
    for id in ids {
        query = query.bind(*id);
    }
    Ok(query.fetch_all(db).await?.into_iter().map(|(id, projects, a, b, c, d)| (id, [projects, a, b, c, d])).collect())
}

/// Sums as they are stored.
#[derive(sqlx::FromRow)]
struct Stored {
    announcements: i64,
    zero_reports: i64,
    projects: i64,
    sme_fen: i64,
    small_micro_fen: i64,
    whole_fen: i64,
    package_fen: i64,
    consortium_fen: i64,
    subcontract_fen: i64,
}

impl From<Stored> for Sums {
    fn from(stored: Stored) -> Sums {
        let Stored { announcements, zero_reports, projects, .. } = stored;
        let measures = [stored.whole_fen, stored.package_fen, stored.consortium_fen, stored.subcontract_fen].map(Money::from_fen);
        let (sme, small_micro) = (Money::from_fen(stored.sme_fen), Money::from_fen(stored.small_micro_fen));
        Sums { announcements, zero_reports, projects, sme, small_micro, measures }
    }
}

#[derive(sqlx::FromRow)]
struct StoredYear {
    year: i64,
    standing: String,
    #[sqlx(flatten)]
    sums: Stored,
}

#[derive(sqlx::FromRow)]
struct StoredUnit {
    unit_id: String,
    unit_name: String,
    #[sqlx(flatten)]
    sums: Stored,
}

/// The sums of whole announcements, of `listing`.
const WHOLE: &str = "COUNT(*) AS announcements, CAST(SUM(CASE WHEN listing.projects = 0 AND listing.sme_fen = 0 THEN 1 ELSE 0 END) AS BIGINT) AS zero_reports,
 CAST(SUM(listing.projects) AS BIGINT) AS projects, CAST(SUM(listing.sme_fen) AS BIGINT) AS sme_fen, CAST(SUM(listing.small_micro_fen) AS BIGINT) AS small_micro_fen,
 CAST(SUM(listing.whole_fen) AS BIGINT) AS whole_fen, CAST(SUM(listing.package_fen) AS BIGINT) AS package_fen,
 CAST(SUM(listing.consortium_fen) AS BIGINT) AS consortium_fen, CAST(SUM(listing.subcontract_fen) AS BIGINT) AS subcontract_fen";

/// The sums of units' lines, of `own`.
const LINES: &str = "COUNT(*) AS announcements, CAST(0 AS BIGINT) AS zero_reports,
 CAST(SUM(own.projects) AS BIGINT) AS projects, CAST(SUM(own.sme_fen) AS BIGINT) AS sme_fen, CAST(SUM(own.small_micro_fen) AS BIGINT) AS small_micro_fen,
 CAST(SUM(own.whole_fen) AS BIGINT) AS whole_fen, CAST(SUM(own.package_fen) AS BIGINT) AS package_fen,
 CAST(SUM(own.consortium_fen) AS BIGINT) AS consortium_fen, CAST(SUM(own.subcontract_fen) AS BIGINT) AS subcontract_fen";

/// Announcements of a unit's lines.
const OWN: &str = "announcement_units AS own JOIN announcement_listings AS listing ON listing.announcement_id = own.announcement_id";

/// The sums of every year, those that stand and those that do not apart.
pub async fn years(db: &mut AnyConnection, of: &Of) -> Result<Vec<Found>, AppError> {
    let (sums, from, unit) = match of {
        Of::Everyone => (WHOLE, "announcement_listings AS listing", None),
        Of::Publisher(unit) => (WHOLE, "announcement_listings AS listing WHERE listing.unit_id = $1", Some(unit)),
        Of::Buyer(unit) => (LINES, &*format!("{OWN} WHERE own.unit_id = $1"), Some(unit)),
    };
    let text = format!("SELECT listing.year, listing.standing, {sums} FROM {from} GROUP BY listing.year, listing.standing");
    let mut query = sqlx::query_as(super::sql(text));
    if let Some(unit) = unit {
        query = query.bind(unit.as_str());
    }
    let rows: Vec<StoredYear> = query.fetch_all(db).await?;
    let found = |row: StoredYear| Found {
        year: row.year,
        stands: row.standing == "published",
        is_revoked: row.standing == "revoked",
        sums: row.sums.into(),
    };
    Ok(rows.into_iter().map(found).collect())
}

fn unit(row: StoredUnit) -> Result<UnitSums, AppError> {
    let unit = UnitId::parse(&row.unit_id).map_err(|error| impossible("announcement_units", &row.unit_id, &error))?;
    Ok(UnitSums { unit, name: row.unit_name, sums: row.sums.into() })
}

/// The units of a year, the highest SME amount first: those that published, or those whose lines the announcements of one hold.
pub async fn units(
    db: &mut AnyConnection,
    of: Option<&UnitId>,
    year: i64,
    limit: i64,
    offset: i64,
) -> Result<(Vec<UnitSums>, i64), AppError> {
    let (sums, column, from, publisher) = match of {
        None => (WHOLE, "listing", "announcement_listings AS listing", ""),
        Some(_) => (LINES, "own", OWN, " AND listing.unit_id = $4"),
    };
    let standing = format!("FROM {from} WHERE listing.year = $1 AND listing.standing = 'published'");
    let text = format!(
        "SELECT {column}.unit_id, MAX({column}.unit_name) AS unit_name, {sums} {standing}{publisher}
         GROUP BY {column}.unit_id ORDER BY SUM({column}.sme_fen) DESC, {column}.unit_id LIMIT $2 OFFSET $3"
    );
    let mut rows = sqlx::query_as(super::sql(text)).bind(year).bind(limit).bind(offset);
    let publisher = publisher.replace("$4", "$2");
    let mut total =
        sqlx::query_scalar::<_, i64>(super::sql(format!("SELECT COUNT(DISTINCT {column}.unit_id) {standing}{publisher}"))).bind(year);
    if let Some(of) = of {
        rows = rows.bind(of.as_str());
        total = total.bind(of.as_str());
    }
    let rows: Vec<StoredUnit> = rows.fetch_all(&mut *db).await?;
    let total = total.fetch_one(db).await?;
    Ok((rows.into_iter().filter_map(|row| unit(row).ok()).collect(), total))
}

/// The announcements that hold lines of a unit, newest year first: 公告编号, and the sums of its lines. At most [`HELD`].
pub async fn holding(db: &mut AnyConnection, unit: &UnitId) -> Result<Vec<(String, UnitSums)>, AppError> {
    let text = format!(
        "SELECT listing.number, own.unit_id, MAX(own.unit_name) AS unit_name, {LINES} FROM {OWN} WHERE own.unit_id = $1
         GROUP BY listing.number, own.unit_id, listing.year, listing.published_at ORDER BY listing.year DESC, listing.published_at DESC, listing.number DESC LIMIT $2"
    );
    let rows: Vec<Held> = sqlx::query_as(super::sql(text)).bind(unit.as_str()).bind(HELD).fetch_all(db).await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.number, self::unit(row.unit).ok()?))).collect())
}

/// Announcements that a unit's page names.
const HELD: i64 = 200;

#[derive(sqlx::FromRow)]
struct Held {
    number: String,
    #[sqlx(flatten)]
    unit: StoredUnit,
}

#[derive(sqlx::FromRow)]
struct Shown {
    unit_id: String,
    unit_name: String,
    announcements: i64,
    year: i64,
}

/// Every unit of which a published announcement shows a line, with its name, how many do, and the newest year.
pub async fn held_units(db: &mut AnyConnection) -> Result<Vec<(UnitId, String, i64, i64)>, AppError> {
    let text = format!(
        "SELECT own.unit_id, MAX(own.unit_name) AS unit_name, COUNT(*) AS announcements, MAX(listing.year) AS year FROM {OWN} GROUP BY own.unit_id ORDER BY own.unit_id"
    );
    let rows: Vec<Shown> = sqlx::query_as(super::sql(text)).fetch_all(db).await?;
    let unit = |row: Shown| {
        let id = UnitId::parse(&row.unit_id).map_err(|error| impossible("announcement_units", &row.unit_id, &error)).ok()?;
        Some((id, row.unit_name, row.announcements, row.year))
    };
    Ok(rows.into_iter().filter_map(unit).collect())
}

/// Units that a sitemap names beside the other pages: it may hold 50,000 addresses.
const NAMED: i64 = 40_000;

/// Every unit of which an announcement shows a line, at most [`NAMED`].
pub async fn buyers(db: &mut AnyConnection) -> Result<Vec<UnitId>, AppError> {
    let ids: Vec<String> =
        sqlx::query_scalar("SELECT DISTINCT unit_id FROM announcement_units ORDER BY unit_id LIMIT $1").bind(NAMED).fetch_all(db).await?;
    Ok(ids.iter().filter_map(|id| UnitId::parse(id).map_err(|error| impossible("announcement_units", id, &error)).ok()).collect())
}

/// Whether a unit ever published, and whether an announcement shows a line of it.
pub async fn appears(db: &mut AnyConnection, unit: &UnitId) -> Result<(bool, bool), AppError> {
    let (published, shown): (i64, i64) = sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM announcement_listings WHERE unit_id = $1), (SELECT COUNT(*) FROM announcement_units WHERE unit_id = $2)",
    )
    .bind(unit.as_str())
    .bind(unit.as_str())
    .fetch_one(db)
    .await?;
    Ok((published > 0, shown > 0))
}
