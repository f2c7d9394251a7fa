//! The SQL of `announcement_changes`, and what open data is read from: only what was published.

use crate::domain::calendar::{Day, Moment};
use crate::domain::ids::{AnnouncementId, UnitId};
use crate::domain::organisation::District;
use crate::error::AppError;
use crate::features::announcements::commands::open::{
    Asked, Change, ChangeKind, Corrected, Notice, OpenState, OpenUnit, Page, Reference, Which,
};
use crate::server::db::places;
use crate::server::fault::impossible;
use sqlx::AnyConnection;
use std::collections::HashMap;

/// Notes changes under their numbers, in the transaction that makes them.
pub async fn note(db: &mut AnyConnection, changes: &[(i64, &AnnouncementId, ChangeKind)], at: Moment) -> Result<(), sqlx::Error> {
    for chunk in changes.chunks(100) {
        let text = format!("INSERT INTO announcement_changes (no, announcement_id, kind, happened_at) VALUES {}", places(chunk.len(), 4));
        let mut query = sqlx::query(super::sql(text));
        for (no, id, kind) in chunk {
            query = query.bind(*no).bind(id.as_str()).bind(kind.code()).bind(at.to_string());
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Stored {
    no: i64,
    kind: String,
    happened_at: String,
    id: String,
    number: String,
    title: String,
    unit_id: String,
    unit_name: String,
    uscc: String,
    district: String,
    year: i64,
    status: String,
    status_reason: String,
    status_at: String,
    status_since: Option<String>,
    expires_on: Option<String>,
    frozen: String,
    correction_reason: String,
    ended_no: Option<i64>,
    next_number: Option<String>,
    old_id: Option<String>,
    old_number: Option<String>,
}

/// A successor counts only once it has taken the place: before, nobody outside may know of it.
const CHANGE: &str = "SELECT changes.no, changes.kind, changes.happened_at, own.id, own.number, own.title, own.unit_id, own.unit_name, units.uscc, own.district, own.year,
        own.status, own.status_reason, own.status_at, own.status_since, own.expires_on, own.frozen, own.correction_reason,
        ended.no AS ended_no, next.number AS next_number, old.id AS old_id, old.number AS old_number
 FROM announcement_changes changes
      JOIN announcements own ON own.id = changes.announcement_id
      JOIN units ON units.id = own.unit_id
      LEFT JOIN announcement_changes ended ON ended.announcement_id = own.id AND ended.kind = own.status
      LEFT JOIN announcements next ON own.status = 'corrected' AND next.id = own.successor_id
      LEFT JOIN announcements old ON old.id = own.corrects_id
 WHERE own.status IN ('published', 'corrected', 'revoked')";

/// Publications and revocations that have projects to tell of: those that the announcement lists, or that what it corrects has listed.
const OF_PROJECTS: &str = " AND changes.kind IN ('published', 'revoked')
  AND (EXISTS (SELECT 1 FROM announcement_lines WHERE announcement_lines.announcement_id = own.id AND is_removed = 0)
       OR (changes.kind = 'published' AND EXISTS (SELECT 1 FROM announcement_lines WHERE announcement_lines.announcement_id = own.corrects_id AND is_removed = 0)))";

/// What a row says; with `as_of`, as it stood when the counter was there.
fn change(row: Stored, as_of: Option<i64>) -> Result<Change, AppError> {
    let wrong = |what: &dyn std::fmt::Display| impossible("announcements", &row.id, what);
    let moment = |text: &str| Moment::parse(text).map_err(|error| wrong(&error));
    let since = || row.status_since.as_deref().ok_or_else(|| wrong(&"ended without a moment")).and_then(moment);
    let stood = as_of.is_some_and(|as_of| row.ended_no.is_some_and(|ended| ended > as_of));
    let state = match row.status.as_str() {
        _ if stood => OpenState::Current,
        "corrected" => OpenState::Corrected {
            since: since()?,
            reason: row.status_reason.clone(),
            successor: row.next_number.clone().ok_or_else(|| wrong(&"corrected by nothing"))?,
        },
        "revoked" => OpenState::Revoked { since: since()?, reason: row.status_reason.clone() },
        // The reason of a published one is that of a revocation under review, which nobody outside knows.
        _ => OpenState::Current,
    };
    let corrects = row.old_id.as_deref().zip(row.old_number.as_deref()).map(|(id, number)| {
        let id = AnnouncementId::parse(id).map_err(|error| wrong(&error))?;
        Ok::<_, AppError>(Corrected { of: Reference { id, number: number.to_owned() }, reason: row.correction_reason.clone() })
    });
    Ok(Change {
        no: row.no,
        kind: ChangeKind::from_code(&row.kind).ok_or_else(|| wrong(&"change"))?,
        at: moment(&row.happened_at)?,
        notice: Notice {
            id: AnnouncementId::parse(&row.id).map_err(|error| wrong(&error))?,
            unit: unit(&row.unit_id, &row.unit_name, &row.uscc).map_err(|error| wrong(&error))?,
            district: District::parse(&row.district).map_err(|error| wrong(&error))?,
            published_at: moment(&row.status_at)?,
            expires_on: row.expires_on.as_deref().map(Day::parse).transpose().map_err(|error| wrong(&error))?,
            frozen: serde_json::from_str(&row.frozen).map_err(|error| wrong(&error))?,
            corrects: corrects.transpose()?,
            state,
            number: row.number,
            title: row.title,
            year: row.year,
        },
    })
}

fn unit(id: &str, name: &str, uscc: &str) -> Result<OpenUnit, crate::domain::ids::IdError> {
    Ok(OpenUnit { id: UnitId::parse(id)?, name: name.to_owned(), uscc: Some(uscc.to_owned()).filter(|uscc| !uscc.is_empty()) })
}

/// A condition's value.
enum Value<'a> {
    Number(i64),
    Text(&'a str),
}

/// The changes asked for, in their order. A row that cannot be read is logged and left out: it must not end the feed for everyone.
pub async fn list(db: &mut AnyConnection, asked: &Asked) -> Result<Page, AppError> {
    let mut conditions = vec![("changes.no > ?", Value::Number(asked.after)), ("changes.no <= ?", Value::Number(asked.until))];
    if let Some(year) = asked.year {
        conditions.push(("own.year = ?", Value::Number(year)));
    }
    if let Some(district) = asked.district {
        conditions.push(("own.district = ?", Value::Text(district.code())));
    }
    match &asked.unit {
        Some(Which::Uscc(code)) => conditions.push(("units.uscc = ?", Value::Text(code))),
        Some(Which::Id(id)) => conditions.push(("own.unit_id = ?", Value::Text(id.as_str()))),
        None => {}
    }
    if let Some(kind) = asked.kind {
        conditions.push(("changes.kind = ?", Value::Text(kind.code())));
    }
    let mut text = CHANGE.to_owned();
    for (place, (condition, _)) in (1..).zip(&conditions) {
        text.push_str(" AND ");
        text.push_str(&condition.replace('?', &format!("${place}")));
    }
    if asked.of_projects {
        text.push_str(OF_PROJECTS);
    }
    text.push_str(if asked.is_newest_first { " ORDER BY changes.no DESC LIMIT " } else { " ORDER BY changes.no LIMIT " });
    text.push('$');
    text.push_str(&(conditions.len() + 1).to_string());
    let mut query = sqlx::query_as(super::sql(text));
    for (_, value) in &conditions {
        query = match value {
            Value::Number(number) => query.bind(*number),
            Value::Text(text) => query.bind((*text).to_owned()),
        };
    }
    // One more than asked for tells whether there is more.
    let mut rows: Vec<Stored> = query.bind(asked.limit + 1).fetch_all(db).await?;
    let size = usize::try_from(asked.limit).unwrap_or_default();
    let has_more = rows.len() > size;
    rows.truncate(size);
    let reached = rows.last().map(|row| row.no);
    let as_of = asked.is_as_of_until.then_some(asked.until);
    Ok(Page { reached, has_more, changes: rows.into_iter().filter_map(|row| change(row, as_of).ok()).collect() })
}

/// A published announcement by its 公告编号.
pub async fn by_number(db: &mut AnyConnection, number: &str) -> Result<Option<Notice>, AppError> {
    one(db, "own.number", number).await
}

/// A published announcement by its id.
pub async fn by_id(db: &mut AnyConnection, id: &AnnouncementId) -> Result<Option<Notice>, AppError> {
    one(db, "own.id", id.as_str()).await
}

async fn one(db: &mut AnyConnection, column: &str, value: &str) -> Result<Option<Notice>, AppError> {
    let text = format!("{CHANGE} AND changes.kind = 'published' AND {column} = $1");
    let row: Option<Stored> = sqlx::query_as(super::sql(text)).bind(value).fetch_optional(db).await?;
    Ok(row.map(|row| change(row, None)).transpose()?.map(|change| change.notice))
}

#[derive(sqlx::FromRow)]
struct StoredUnit {
    announcement_id: String,
    record_id: String,
    unit_id: String,
    unit_name: String,
    uscc: String,
}

/// Whose the records are that these announcements hold, by announcement and record; named as they were then.
pub async fn units(db: &mut AnyConnection, ids: &[AnnouncementId]) -> Result<HashMap<(String, String), OpenUnit>, AppError> {
    let text = format!(
        "SELECT held.announcement_id, held.record_id, held.unit_id, held.unit_name, units.uscc FROM announcement_records held
         JOIN units ON units.id = held.unit_id WHERE held.announcement_id IN ({})",
        super::listed(ids.len(), 1)
    );
    let mut query = sqlx::query_as(super::sql(text));
    for id in ids {
        query = query.bind(id.as_str());
    }
    let rows: Vec<StoredUnit> = query.fetch_all(db).await?;
    rows.into_iter()
        .map(|row| {
            let unit = unit(&row.unit_id, &row.unit_name, &row.uscc)
                .map_err(|error| impossible("announcement_records", &row.record_id, &error))?;
            Ok(((row.announcement_id, row.record_id), unit))
        })
        .collect()
}
