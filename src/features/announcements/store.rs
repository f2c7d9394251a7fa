//! The SQL of `announcements`; their lines, files, numbers, places, rehearsals, publication and the portal's questions stand in the modules below.

pub mod changes;
pub mod files;
pub mod lines;
pub mod listings;
pub mod numbers;
pub mod parts;
pub mod published;
pub mod publishing;
pub mod rehearsals;
pub mod slots;
pub mod stale;
pub mod statistics;
pub mod templates;
pub mod units;
pub mod versions;
pub mod visits;

use crate::domain::announcement::status::{AnnouncementStatus, Facts, PublishMode};
use crate::domain::calendar::{Day, Moment, Year};
use crate::domain::ids::{AnnouncementId, UnitId, UserId};
use crate::domain::organisation::District;
use crate::error::AppError;
use crate::server::fault::impossible;
use sqlx::AnyConnection;

/// A stored announcement without its lines and files.
#[derive(Clone, Debug)]
pub struct Row {
    /// Identity.
    pub id: AnnouncementId,
    /// The publishing unit.
    pub unit: UnitId,
    /// Its name when the announcement was created.
    pub unit_name: String,
    /// 年度.
    pub year: Year,
    /// 公告编号, once given.
    pub number: Option<String>,
    /// 公告标题; empty until generated.
    pub title: String,
    /// 行政区划.
    pub district: District,
    /// 发布类型.
    pub mode: PublishMode,
    /// 公告截止时间.
    pub expires_on: Option<Day>,
    /// 备注.
    pub remark: String,
    /// 公告正文 as JSON, once generated.
    pub document: Option<String>,
    /// Where it stands.
    pub status: AnnouncementStatus,
    /// Submissions so far.
    pub round: i64,
    /// Who submitted it last.
    pub submitted_by: Option<UserId>,
    /// When.
    pub submitted_at: Option<Moment>,
    /// The published body.
    pub body_html: Option<String>,
    /// The published announcement that it corrects.
    pub corrects: Option<AnnouncementId>,
    /// 更正理由, of a correction.
    pub correction_reason: String,
    /// Counts changes.
    pub version: i64,
    /// The digest of the edit that made this version.
    pub last_change: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Stored {
    id: String,
    unit_id: String,
    unit_name: String,
    year: i64,
    number: Option<String>,
    title: String,
    district: String,
    publish_at: Option<String>,
    expires_on: Option<String>,
    remark: String,
    document: Option<String>,
    status: String,
    status_reason: String,
    status_at: Option<String>,
    round: i64,
    submitted_by: Option<String>,
    submitted_at: Option<String>,
    body_html: Option<String>,
    status_since: Option<String>,
    successor_id: Option<String>,
    corrects_id: Option<String>,
    correction_reason: String,
    version: i64,
    last_change: Option<String>,
}

const COLUMNS: &str = "SELECT id, unit_id, unit_name, year, number, title, district, publish_at, expires_on, remark, document, status, status_reason, status_at, round,
        submitted_by, submitted_at, body_html, status_since, successor_id, corrects_id, correction_reason, version, last_change
 FROM announcements";

/// The columns of a list: without the texts.
const LIST: &str = "SELECT id, unit_id, unit_name, year, number, title, district, publish_at, expires_on, '' AS remark, CAST(NULL AS TEXT) AS document, status, status_reason, status_at, round,
        submitted_by, submitted_at, CAST(NULL AS TEXT) AS body_html, status_since, successor_id, corrects_id, correction_reason, version, last_change
 FROM announcements";

/// SQL made of parts of this feature only; what comes from outside is bound.
fn sql(text: String) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(text)
}

fn announcement(row: Stored) -> Result<Row, AppError> {
    let wrong = |what: &dyn std::fmt::Display| impossible("announcements", &row.id, what);
    let moment = |text: &Option<String>| text.as_deref().map(Moment::parse).transpose().map_err(|error| wrong(&error));
    let other = |text: &Option<String>| text.as_deref().map(AnnouncementId::parse).transpose().map_err(|error| wrong(&error));
    let facts = Facts {
        reason: row.status_reason.clone(),
        at: moment(&row.status_at)?,
        since: moment(&row.status_since)?,
        successor: other(&row.successor_id)?,
    };
    Ok(Row {
        id: AnnouncementId::parse(&row.id).map_err(|error| wrong(&error))?,
        unit: UnitId::parse(&row.unit_id).map_err(|error| wrong(&error))?,
        year: Year::numbered(row.year).ok_or_else(|| wrong(&"year"))?,
        district: District::parse(&row.district).map_err(|error| wrong(&error))?,
        mode: moment(&row.publish_at)?.map_or(PublishMode::OnApproval, PublishMode::At),
        expires_on: row.expires_on.as_deref().map(Day::parse).transpose().map_err(|error| wrong(&error))?,
        status: AnnouncementStatus::from_code(&row.status, facts).ok_or_else(|| wrong(&"status"))?,
        corrects: other(&row.corrects_id)?,
        submitted_by: row.submitted_by.as_deref().map(UserId::parse).transpose().map_err(|error| wrong(&error))?,
        submitted_at: moment(&row.submitted_at)?,
        unit_name: row.unit_name,
        number: row.number,
        title: row.title,
        remark: row.remark,
        document: row.document,
        round: row.round,
        body_html: row.body_html,
        correction_reason: row.correction_reason,
        version: row.version,
        last_change: row.last_change,
    })
}

/// An announcement by its id.
pub async fn by_id(db: &mut AnyConnection, id: &AnnouncementId) -> Result<Option<Row>, AppError> {
    let row: Option<Stored> = sqlx::query_as(sql(format!("{COLUMNS} WHERE id = $1"))).bind(id.as_str()).fetch_optional(db).await?;
    row.map(announcement).transpose()
}

/// Those of these ids that there are, in no order; a row that cannot be read is an error of its own, with its id.
pub async fn by_ids(db: &mut AnyConnection, ids: &[AnnouncementId]) -> Result<Vec<(String, Result<Row, AppError>)>, AppError> {
    let mut query = sqlx::query_as(sql(format!("{COLUMNS} WHERE id IN ({})", listed(ids.len(), 1))));
    for id in ids {
        query = query.bind(id.as_str());
    }
    let rows: Vec<Stored> = query.fetch_all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id.clone(), announcement(row))).collect())
}

/// `$2, $3, $4`: so many places from `first` on.
fn listed(count: usize, first: usize) -> String {
    (first..first + count).map(|place| format!("${place}")).collect::<Vec<_>>().join(", ")
}

/// A unit's announcements of a year, newest first, without their texts.
pub async fn of_year(db: &mut AnyConnection, unit: &UnitId, year: Year) -> Result<Vec<Row>, AppError> {
    let rows: Vec<Stored> = sqlx::query_as(sql(format!("{LIST} WHERE unit_id = $1 AND year = $2 ORDER BY id DESC")))
        .bind(unit.as_str())
        .bind(i64::from(year.number()))
        .fetch_all(db)
        .await?;
    rows.into_iter().map(announcement).collect()
}

/// What a page of 公告列表 is asked for.
#[derive(Clone, Debug)]
pub struct Filter<'a> {
    /// 年度, or all.
    pub year: Option<i64>,
    /// 公告状态 by its code, or all.
    pub status: Option<&'a str>,
    /// The day that tells 已发布 from 已截止.
    pub today: Day,
}

impl Filter<'_> {
    /// The stored state, and what is asked of 公告截止时间: nothing, not passed, passed.
    fn state(&self) -> (&str, &'static str) {
        match self.status.unwrap_or_default() {
            "ended" => ("published", "ended"),
            "published" => ("published", "running"),
            other => (other, ""),
        }
    }
}

/// A page of a unit's announcements, newest first, without their texts; and how many there are. A row that cannot be read is logged
/// and left out: it must not take the others with it.
pub async fn list(db: &mut AnyConnection, unit: &UnitId, asked: &Filter<'_>, limit: i64, offset: i64) -> Result<(Vec<Row>, i64), AppError> {
    let filter = "unit_id = $1 AND ($2 = 0 OR year = $3) AND ($4 = '' OR status = $5)
        AND ($6 = '' OR CASE WHEN COALESCE(expires_on, '9999-12-31') >= $7 THEN 'running' ELSE 'ended' END = $8)";
    let year = asked.year.unwrap_or_default();
    let (status, end) = asked.state();
    let today = asked.today.to_string();
    let rows: Vec<Stored> = sqlx::query_as(sql(format!("{LIST} WHERE {filter} ORDER BY id DESC LIMIT $9 OFFSET $10")))
        .bind(unit.as_str())
        .bind(year)
        .bind(year)
        .bind(status)
        .bind(status)
        .bind(end)
        .bind(&today)
        .bind(end)
        .bind(limit)
        .bind(offset)
        .fetch_all(&mut *db)
        .await?;
    let total = sqlx::query_scalar(sql(format!("SELECT COUNT(*) FROM announcements WHERE {filter}")))
        .bind(unit.as_str())
        .bind(year)
        .bind(year)
        .bind(status)
        .bind(status)
        .bind(end)
        .bind(&today)
        .bind(end)
        .fetch_one(db)
        .await?;
    Ok((rows.into_iter().filter_map(|row| announcement(row).ok()).collect(), total))
}

/// Inserts a new one, in 待完善.
pub async fn insert(db: &mut AnyConnection, row: &Row, now: Moment) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO announcements (id, unit_id, unit_name, year, number, title, district, publish_at, expires_on, remark, document, status, status_reason, status_at, round,
                                    submitted_by, submitted_at, body_html, frozen, feed_no, corrects_id, correction_reason, version, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, $8, $9, $10, $11, '', NULL, 0, NULL, NULL, NULL, NULL, NULL, $12, $13, 1, $14)",
    )
    .bind(row.id.as_str())
    .bind(row.unit.as_str())
    .bind(&row.unit_name)
    .bind(i64::from(row.year.number()))
    .bind(row.number.clone())
    .bind(&row.title)
    .bind(row.district.code())
    .bind(row.expires_on.map(|day| day.to_string()))
    .bind(&row.remark)
    .bind(row.document.clone())
    .bind(row.status.code())
    .bind(row.corrects.as_ref().map(|id| id.as_str().to_owned()))
    .bind(&row.correction_reason)
    .bind(now.to_string())
    .execute(db)
    .await?;
    Ok(())
}

/// Writes what can be edited over the version and the state it was read at; `false` when someone was faster.
/// `change` is the digest of the edit.
pub async fn update(db: &mut AnyConnection, from: &Row, to: &Row, change: &str, now: Moment) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE announcements SET number = $1, title = $2, district = $3, publish_at = $4, expires_on = $5, remark = $6, document = $7, version = version + 1, updated_at = $8,
                                  last_change = $9
         WHERE id = $10 AND version = $11 AND status = $12",
    )
    .bind(to.number.clone())
    .bind(&to.title)
    .bind(to.district.code())
    .bind(to.mode.at().map(|at| at.to_string()))
    .bind(to.expires_on.map(|day| day.to_string()))
    .bind(&to.remark)
    .bind(to.document.clone())
    .bind(now.to_string())
    .bind(change)
    .bind(from.id.as_str())
    .bind(from.version)
    .bind(from.status.code())
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Counts a change of lines or files, from the version and the state it was read at; `false` when someone was faster.
/// `change` is the digest of the edit, where it can be asked again.
pub async fn touch(db: &mut AnyConnection, from: &Row, change: Option<&str>, now: Moment) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE announcements SET version = version + 1, updated_at = $1, last_change = $2 WHERE id = $3 AND version = $4 AND status = $5",
    )
    .bind(now.to_string())
    .bind(change.map(str::to_owned))
    .bind(from.id.as_str())
    .bind(from.version)
    .bind(from.status.code())
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Makes whoever else moves this announcement wait until this transaction ends, and then see what it did. On PostgreSQL a
/// withdrawal and an answer of the same moment would otherwise wait for each other.
pub async fn hold(db: &mut AnyConnection, id: &AnnouncementId) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE announcements SET version = version WHERE id = $1").bind(id.as_str()).execute(db).await?;
    Ok(())
}

/// Moves the state from the version and the state it was read at; `false` when someone was faster.
pub async fn set_status(db: &mut AnyConnection, from: &Row, to: &AnnouncementStatus, now: Moment) -> Result<bool, sqlx::Error> {
    let facts = to.facts();
    let done = sqlx::query(
        "UPDATE announcements SET status = $1, status_reason = $2, status_at = $3, status_since = $4, successor_id = $5, version = version + 1, updated_at = $6
         WHERE id = $7 AND version = $8 AND status = $9",
    )
    .bind(to.code())
    .bind(&facts.reason)
    .bind(facts.at.map(|at| at.to_string()))
    .bind(facts.since.map(|at| at.to_string()))
    .bind(facts.successor.map(|id| id.to_string()))
    .bind(now.to_string())
    .bind(from.id.as_str())
    .bind(from.version)
    .bind(from.status.code())
    .execute(&mut *db)
    .await?;
    if done.rows_affected() == 1 {
        listings::follow(db, &from.id, to, now).await?;
        return Ok(true);
    }
    Ok(false)
}

/// Counts another round of approval; the caller has guarded the announcement's version in the same transaction.
pub async fn begin_round(db: &mut AnyConnection, id: &AnnouncementId, by: &UserId, now: Moment) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE announcements SET round = round + 1, submitted_by = $1, submitted_at = $2 WHERE id = $3")
        .bind(by.as_str())
        .bind(now.to_string())
        .bind(id.as_str())
        .execute(db)
        .await?;
    Ok(())
}

/// Begins a round of approval, from the version and the state it was read at; `false` when someone was faster.
pub async fn submit(db: &mut AnyConnection, from: &Row, by: &UserId, now: Moment) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE announcements SET status = 'in_review', status_reason = '', status_at = NULL, round = round + 1, submitted_by = $1, submitted_at = $2, version = version + 1, updated_at = $3
         WHERE id = $4 AND version = $5 AND status = $6",
    )
    .bind(by.as_str())
    .bind(now.to_string())
    .bind(now.to_string())
    .bind(from.id.as_str())
    .bind(from.version)
    .bind(from.status.code())
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes one with its lines and files, from the version and the state it was read at; `false` when someone was faster.
pub async fn delete(db: &mut AnyConnection, from: &Row) -> Result<bool, sqlx::Error> {
    for text in [
        "DELETE FROM announcement_lines WHERE announcement_id = $1",
        "DELETE FROM announcement_records WHERE announcement_id = $1",
        "DELETE FROM announcement_wordings WHERE announcement_id = $1",
        "DELETE FROM announcement_left_units WHERE announcement_id = $1",
        "DELETE FROM attachments WHERE announcement_id = $1",
        "DELETE FROM announcement_visits WHERE announcement_id = $1",
        "DELETE FROM announcement_slots WHERE announcement_id = $1",
        "DELETE FROM announcement_rehearsals WHERE announcement_id = $1",
    ] {
        sqlx::query(text).bind(from.id.as_str()).execute(&mut *db).await?;
    }
    versions::forget(db, &from.id).await?;
    let done = sqlx::query("DELETE FROM announcements WHERE id = $1 AND version = $2 AND status = $3")
        .bind(from.id.as_str())
        .bind(from.version)
        .bind(from.status.code())
        .execute(db)
        .await?;
    Ok(done.rows_affected() == 1)
}
