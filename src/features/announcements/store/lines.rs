//! The SQL of `announcement_lines` and `announcement_records`; what became of the held records stands in [`super::stale`].

use crate::domain::announcement::line::{AnnouncementLine, LineValues};
use crate::domain::announcement::stale::Versions;
use crate::domain::contract::Measure;
use crate::domain::ids::{AnnouncementId, AnnouncementLineId, LineId, RecordId, UnitId};
use crate::domain::money::{Money, Percent};
use crate::error::AppError;
use crate::features::announcements::seen::{Kept, TakenIn};
use crate::server::db::places;
use crate::server::fault::{fault, impossible};
use sqlx::AnyConnection;
use std::collections::HashMap;

/// Rows to a statement: 16 values each stay below the 999 that every SQLite takes.
const CHUNK: usize = 60;
/// Lines asked about in one statement.
const NAMED: usize = 500;

/// A record that an announcement was made from.
#[derive(Clone, Debug)]
pub struct HeldRow {
    /// The record.
    pub record: RecordId,
    /// Its approved version.
    pub number: i64,
    /// Whose it is.
    pub unit: UnitId,
    /// Its name then.
    pub unit_name: String,
    /// The newest approved version whose lines differ, once there is one.
    pub newest: Option<i64>,
    /// 「保留并说明」, and against which version it was chosen.
    pub kept: Option<(i64, Kept)>,
    /// Who took it in, if it was not there from the beginning.
    pub taken_in: Option<TakenIn>,
}

impl HeldRow {
    /// The versions, to be judged.
    pub fn versions(&self) -> Versions {
        Versions { held: self.number, newest: self.newest, kept: self.kept.as_ref().map(|(number, _)| *number) }
    }
}

#[derive(sqlx::FromRow)]
struct Stored {
    id: String,
    unit_name: String,
    record_id: String,
    record_line_id: Option<String>,
    record_number: i64,
    project_name: String,
    measure: Option<String>,
    percent: Option<i64>,
    sme_fen: i64,
    small_micro_fen: i64,
    url: Option<String>,
    approved: String,
    is_removed: i64,
    reason: String,
}

/// A line with the announcement that it is of.
#[derive(sqlx::FromRow)]
struct Owned {
    announcement_id: String,
    #[sqlx(flatten)]
    line: Stored,
}

const LINE: &str = "SELECT announcement_id, id, unit_name, record_id, record_line_id, record_number, project_name, measure, percent, sme_fen, small_micro_fen, url, approved, is_removed, reason
 FROM announcement_lines WHERE announcement_id";

fn line(row: Stored) -> Result<AnnouncementLine, AppError> {
    let wrong = |what: &dyn std::fmt::Display| impossible("announcement_lines", &row.id, what);
    let measure = row.measure.as_deref().map(|code| Measure::from_code(code).ok_or_else(|| wrong(&"measure"))).transpose()?;
    Ok(AnnouncementLine {
        id: AnnouncementLineId::parse(&row.id).map_err(|error| wrong(&error))?,
        record: RecordId::parse(&row.record_id).map_err(|error| wrong(&error))?,
        record_line: row.record_line_id.as_deref().map(LineId::parse).transpose().map_err(|error| wrong(&error))?,
        record_number: row.record_number,
        approved: serde_json::from_str(&row.approved).map_err(|error| wrong(&error))?,
        values: LineValues {
            percent: row.percent.map(Percent::try_from).transpose().map_err(|error| wrong(&error))?,
            project_name: row.project_name,
            measure,
            sme: Money::from_fen(row.sme_fen),
            small_micro: Money::from_fen(row.small_micro_fen),
            url: row.url,
        },
        is_removed: row.is_removed == 1,
        unit_name: row.unit_name,
        reason: row.reason,
    })
}

/// The lines of an announcement in their order.
pub async fn of(db: &mut AnyConnection, announcement: &AnnouncementId) -> Result<Vec<AnnouncementLine>, AppError> {
    let rows: Vec<Stored> =
        sqlx::query_as(super::sql(format!("{LINE} = $1 ORDER BY position"))).bind(announcement.as_str()).fetch_all(db).await?;
    rows.into_iter().map(line).collect()
}

/// The lines of several announcements by their ids, each in their order; of one with a line that cannot be read, that fault.
pub async fn of_many(
    db: &mut AnyConnection,
    announcements: &[AnnouncementId],
) -> Result<HashMap<String, Result<Vec<AnnouncementLine>, AppError>>, AppError> {
    let text = format!("{LINE} IN ({}) ORDER BY announcement_id, position", super::listed(announcements.len(), 1));
    let mut query = sqlx::query_as(super::sql(text));
    for id in announcements {
        query = query.bind(id.as_str());
    }
    let rows: Vec<Owned> = query.fetch_all(db).await?;
    let mut found: HashMap<String, Result<Vec<AnnouncementLine>, AppError>> = HashMap::new();
    for row in rows {
        let lines = found.entry(row.announcement_id).or_insert_with(|| Ok(Vec::new()));
        match line(row.line) {
            Ok(line) => {
                if let Ok(lines) = lines {
                    lines.push(line);
                }
            }
            Err(error) => *lines = Err(error),
        }
    }
    Ok(found)
}

/// A line with the version of the announcement at which it was changed last; 0 where it never was.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The line.
    pub line: AnnouncementLine,
    /// The version.
    pub version: i64,
}

#[derive(sqlx::FromRow)]
struct StoredStanding {
    version: i64,
    #[sqlx(flatten)]
    line: Stored,
}

/// These lines of an announcement by their ids, many to a statement; those that there are not are missing.
pub async fn by_ids(
    db: &mut AnyConnection,
    announcement: &AnnouncementId,
    ids: &[&AnnouncementLineId],
) -> Result<HashMap<AnnouncementLineId, Standing>, AppError> {
    let mut found = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(NAMED) {
        let text = format!(
            "SELECT version, id, unit_name, record_id, record_line_id, record_number, project_name, measure, percent, sme_fen, small_micro_fen, url, approved, is_removed, reason
             FROM announcement_lines WHERE announcement_id = $1 AND id IN ({})",
            super::listed(chunk.len(), 2)
        );
        let mut query = sqlx::query_as(super::sql(text)).bind(announcement.as_str());
        for id in chunk {
            query = query.bind(id.as_str());
        }
        let rows: Vec<StoredStanding> = query.fetch_all(&mut *db).await?;
        for row in rows {
            let line = line(row.line)?;
            found.insert(line.id.clone(), Standing { line, version: row.version });
        }
    }
    Ok(found)
}

/// Inserts lines in their order below those that are there, many to a statement.
pub async fn insert(db: &mut AnyConnection, announcement: &AnnouncementId, lines: &[AnnouncementLine]) -> Result<(), AppError> {
    let mut position: i64 =
        sqlx::query_scalar("SELECT CAST(COALESCE(MAX(position), 0) AS BIGINT) FROM announcement_lines WHERE announcement_id = $1")
            .bind(announcement.as_str())
            .fetch_one(&mut *db)
            .await?;
    for chunk in lines.chunks(CHUNK) {
        let text = format!(
            "INSERT INTO announcement_lines (id, announcement_id, position, unit_name, record_id, record_line_id, record_number, project_name, measure, percent, sme_fen, small_micro_fen, url, approved,
                                             is_removed, reason)
             VALUES {}",
            places(chunk.len(), 16)
        );
        let mut query = sqlx::query(super::sql(text));
        for line in chunk {
            position += 1;
            query = query
                .bind(line.id.as_str())
                .bind(announcement.as_str())
                .bind(position)
                .bind(&line.unit_name)
                .bind(line.record.as_str())
                .bind(line.record_line.as_ref().map(|line| line.as_str().to_owned()))
                .bind(line.record_number)
                .bind(&line.values.project_name)
                .bind(line.values.measure.map(|measure| measure.code().to_owned()))
                .bind(line.values.percent.map(Percent::scaled))
                .bind(line.values.sme.fen())
                .bind(line.values.small_micro.fen())
                .bind(line.values.url.clone())
                .bind(serde_json::to_string(&line.approved).map_err(|error| fault(&error))?)
                .bind(i64::from(line.is_removed))
                .bind(&line.reason);
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}

/// Puts these lines in the place of all there were; the caller has guarded the announcement's version in the same transaction.
pub async fn replace(db: &mut AnyConnection, announcement: &AnnouncementId, lines: &[AnnouncementLine]) -> Result<(), AppError> {
    sqlx::query("DELETE FROM announcement_lines WHERE announcement_id = $1").bind(announcement.as_str()).execute(&mut *db).await?;
    insert(db, announcement, lines).await
}

/// Writes what the announcement says in these lines, and that they were changed at this version, many to a statement; `false` when one of them
/// is not there. The caller has guarded the announcement's version in the same transaction.
pub async fn update(
    db: &mut AnyConnection,
    announcement: &AnnouncementId,
    lines: &[AnnouncementLine],
    version: i64,
) -> Result<bool, sqlx::Error> {
    for chunk in lines.chunks(CHUNK) {
        // Both engines call the columns of a list of rows so.
        let text = format!(
            "UPDATE announcement_lines SET project_name = lines.column2, measure = lines.column3, percent = lines.column4, sme_fen = lines.column5,
                 small_micro_fen = lines.column6, url = lines.column7, is_removed = lines.column8, reason = lines.column9, version = lines.column10
             FROM (VALUES {}) AS lines WHERE announcement_lines.id = lines.column1 AND announcement_lines.announcement_id = lines.column11",
            places(chunk.len(), 11)
        );
        let mut query = sqlx::query(super::sql(text));
        for line in chunk {
            query = query
                .bind(line.id.as_str())
                .bind(&line.values.project_name)
                .bind(line.values.measure.map(|measure| measure.code().to_owned()))
                .bind(line.values.percent.map(Percent::scaled))
                .bind(line.values.sme.fen())
                .bind(line.values.small_micro.fen())
                .bind(line.values.url.clone())
                .bind(i64::from(line.is_removed))
                .bind(&line.reason)
                .bind(version)
                .bind(announcement.as_str());
        }
        let done = query.execute(&mut *db).await?.rows_affected();
        if usize::try_from(done) != Ok(chunk.len()) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Notes which approved versions an announcement holds and who took them in, many to a statement.
pub async fn hold(db: &mut AnyConnection, announcement: &AnnouncementId, held: &[HeldRow]) -> Result<(), sqlx::Error> {
    for chunk in held.chunks(CHUNK) {
        let text = format!(
            "INSERT INTO announcement_records (announcement_id, record_id, record_number, unit_id, unit_name, taken_in_by, taken_in_at) VALUES {}",
            places(chunk.len(), 7)
        );
        let mut query = sqlx::query(super::sql(text));
        for held in chunk {
            query = query
                .bind(announcement.as_str())
                .bind(held.record.as_str())
                .bind(held.number)
                .bind(held.unit.as_str())
                .bind(&held.unit_name)
                .bind(held.taken_in.as_ref().map_or("", |taken| taken.by.as_str()))
                .bind(held.taken_in.as_ref().map(|taken| taken.at.to_string()));
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct StoredHeld {
    record_id: String,
    record_number: i64,
    unit_id: String,
    unit_name: String,
    newest_number: Option<i64>,
    kept_number: Option<i64>,
    kept_reason: String,
    kept_by: String,
    kept_at: Option<String>,
    taken_in_by: String,
    taken_in_at: Option<String>,
}

fn held_row(row: StoredHeld) -> Result<HeldRow, AppError> {
    let wrong = |what: &dyn std::fmt::Display| impossible("announcement_records", &row.record_id, what);
    let (record, unit) = (RecordId::parse(&row.record_id), UnitId::parse(&row.unit_id));
    let (record, unit) = (record.map_err(|error| wrong(&error))?, unit.map_err(|error| wrong(&error))?);
    let kept = super::stale::kept(&row.record_id, row.kept_reason, row.kept_by, row.kept_at.as_deref())?;
    let taken_in = super::units::taken_in(&row.record_id, row.taken_in_by, row.taken_in_at.as_deref())?;
    Ok(HeldRow {
        record,
        number: row.record_number,
        unit,
        unit_name: row.unit_name,
        newest: row.newest_number,
        kept: row.kept_number.zip(kept),
        taken_in,
    })
}

/// The records that an announcement holds, by the names of their units.
pub async fn held(db: &mut AnyConnection, announcement: &AnnouncementId) -> Result<Vec<HeldRow>, AppError> {
    let rows: Vec<StoredHeld> = sqlx::query_as(
        "SELECT record_id, record_number, unit_id, unit_name, newest_number, kept_number, kept_reason, kept_by, kept_at, taken_in_by, taken_in_at
         FROM announcement_records WHERE announcement_id = $1",
    )
    .bind(announcement.as_str())
    .fetch_all(db)
    .await?;
    let mut held = rows.into_iter().map(held_row).collect::<Result<Vec<_>, AppError>>()?;
    held.sort_by(|a, b| a.unit_name.cmp(&b.unit_name));
    Ok(held)
}
