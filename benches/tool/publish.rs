//! Announcements that are all due at the same second, and someone who watches how late each becomes public.

use crate::Outcome;
use serde_json::json;
use setaside::domain::announcement::figures::{Figures, NoticeLine};
use setaside::domain::announcement::line::LineValues;
use setaside::domain::announcement::template;
use setaside::domain::calendar::Moment;
use setaside::domain::contract::Measure;
use setaside::domain::ids::{AnnouncementId, AnnouncementLineId, RecordId, StepId};
use setaside::domain::money::{Money, Ratio};
use setaside::error::AppError;
use setaside::features::announcements::commands::due::Publisher;
use setaside::server::db::places;
use setaside::server::fault::fault;
use setaside::server::ids::new_id;
use setaside::server::request::Services;
use sqlx::{AnyConnection, AssertSqlSafe};
use std::time::{Duration, Instant};

/// Lines of each.
const LINES: usize = 12;
/// Seconds between the end of the preparation and the set time: the servers start in between.
const AHEAD: i64 = 6;
/// How often the watcher looks.
const EVERY: Duration = Duration::from_millis(2);
/// After which nothing more is waited for.
const PATIENCE: Duration = Duration::from_mins(1);
/// By what the announcements of this measurement are known.
const TITLE: &str = "定时发布基准公告";

fn values(at: usize) -> LineValues {
    LineValues {
        project_name: format!("基准项目{at:02}"),
        measure: Some(Measure::ALL[0]),
        percent: None,
        sme: Money::from_fen(10_000_000),
        small_micro: Money::from_fen(5_000_000),
        url: Some("https://zfcg.gov.example/luban/detail?articleId=Q+/5==".to_owned()),
    }
}

/// The official text.
pub fn document() -> String {
    let lines = (0..LINES).map(values).map(|values| NoticeLine {
        project_name: values.project_name,
        measure: values.measure,
        pct: None,
        sme: values.sme,
        url: values.url,
    });
    let lines: Vec<NoticeLine> = lines.collect();
    let sme: Money = lines.iter().map(|line| line.sme).sum();
    let small_micro = Money::from_fen(sme.fen() / 2);
    let figures = Figures {
        unit: "基准主管单位".to_owned(),
        year: 2025,
        sme,
        small_micro,
        ratio: Ratio::of(small_micro, sme),
        remark: "基准数据".to_owned(),
        date: None,
        lines,
    };
    template::official(&figures).to_json().to_string()
}

/// Prepares so many approved announcements, and sets all of them to the same second; prints when that is.
pub async fn schedule(services: &Services, count: usize) -> Outcome<()> {
    let (now, text) = (services.clock.now(), document());
    for first in (0..count).step_by(50) {
        let text = text.clone();
        services.db.write(move |db| Box::pin(async move { insert(db, first..count.min(first + 50), LINES, &text, now).await })).await?;
    }
    let second = services.clock.now().millis() / 1_000 + AHEAD;
    let at = Moment::from_millis(second * 1_000);
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                sqlx::query("UPDATE announcements SET status_at = $1, publish_at = $2 WHERE title = $3")
                    .bind(at.to_string())
                    .bind(at.to_string())
                    .bind(TITLE)
                    .execute(db)
                    .await?;
                Ok(())
            })
        })
        .await?;
    println!("{}", json!({ "at": at.millis() }));
    services.db.close().await;
    Ok(())
}

/// Publishes so many announcements of so many lines, with names as long as real ones; prints their 公告编号.
pub async fn long(services: &Services, count: usize, lines: usize) -> Outcome<()> {
    let (now, text) = (services.clock.now(), document());
    for number in 0..count {
        let text = text.clone();
        services.db.write(move |db| Box::pin(async move { insert(db, number..number + 1, lines, &text, now).await })).await?;
    }
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                sqlx::query("UPDATE announcement_lines SET project_name = '2025年' || project_name || '办公设备与信息系统运维采购（含软件升级和数据迁移）'")
                    .execute(&mut *db)
                    .await?;
                sqlx::query("UPDATE announcements SET status_at = $1 WHERE title = $2").bind(now.to_string()).bind(TITLE).execute(db).await?;
                Ok(())
            })
        })
        .await?;
    Publisher::default().publish(services).await?;
    let numbers: Vec<String> = (0..count).map(numbered).collect();
    println!("{}", json!({ "numbers": numbers }));
    services.db.close().await;
    Ok(())
}

/// The 公告编号 of one of them.
fn numbered(number: usize) -> String {
    format!("310115-2025-9{number:05}")
}

async fn insert(
    db: &mut AnyConnection,
    numbers: std::ops::Range<usize>,
    lines: usize,
    document: &str,
    now: Moment,
) -> Result<(), AppError> {
    let (unit, user): (String, String) = sqlx::query_as(
        "SELECT (SELECT id FROM units WHERE is_supervisor = 1 LIMIT 1), (SELECT id FROM users ORDER BY login LIMIT 1) FROM publications",
    )
    .fetch_one(&mut *db)
    .await?;
    for number in numbers {
        let id: AnnouncementId = new_id(now)?;
        sqlx::query(
            "INSERT INTO announcements (id, unit_id, unit_name, year, number, title, district, remark, document, status, status_reason, status_at, round, submitted_by, submitted_at, version, updated_at)
             VALUES ($1, $2, '基准主管单位', 2025, $3, $4, '310115', '基准数据', $5, 'scheduled', '', '2099-01-01T00:00:00.000Z', 1, $6, $7, 1, $8)",
        )
        .bind(id.as_str())
        .bind(&unit)
        .bind(numbered(number))
        .bind(TITLE)
        .bind(document)
        .bind(&user)
        .bind(now.to_string())
        .bind(now.to_string())
        .execute(&mut *db)
        .await?;
        let step: StepId = new_id(now)?;
        sqlx::query(
            "INSERT INTO approval_steps (id, subject_kind, subject_id, round, assignee_kind, assignee_id, assignee_name, submitter_id, opened_at, answer, opinion, answered_by, answered_by_name, answered_at)
             VALUES ($1, 'announcement', $2, 1, 'person', $3, '审核人', $4, $5, 'agreed', '', $6, '审核人', $7)",
        )
        .bind(step.as_str())
        .bind(id.as_str())
        .bind(&user)
        .bind(&user)
        .bind(now.to_string())
        .bind(&user)
        .bind(now.to_string())
        .execute(&mut *db)
        .await?;
        insert_lines(db, &id, lines, now).await?;
    }
    Ok(())
}

/// Gives an announcement so many lines.
pub async fn insert_lines(db: &mut AnyConnection, announcement: &AnnouncementId, count: usize, now: Moment) -> Result<(), AppError> {
    let record: RecordId = new_id(now)?;
    let head = "INSERT INTO announcement_lines (id, announcement_id, position, unit_name, record_id, record_number, project_name, measure, sme_fen, small_micro_fen, url, approved, is_removed, reason)";
    let mut query = sqlx::query(AssertSqlSafe(format!("{head} VALUES {}", places(count, 14))));
    for (at, position) in (0..count).zip(1_i64..) {
        let line: AnnouncementLineId = new_id(now)?;
        let values = values(at);
        query = query
            .bind(line.to_string())
            .bind(announcement.as_str())
            .bind(position)
            .bind("基准主管单位")
            .bind(record.to_string())
            .bind(1_i64)
            .bind(values.project_name.clone())
            .bind(values.measure.map(|measure| measure.code().to_owned()))
            .bind(values.sme.fen())
            .bind(values.small_micro.fen())
            .bind(values.url.clone())
            .bind(serde_json::to_string(&values).map_err(|error| fault(&error))?)
            .bind(0_i64)
            .bind("");
    }
    query.execute(db).await?;
    Ok(())
}

async fn number(services: &Services, sql: &'static str) -> Outcome<i64> {
    Ok(sqlx::query_scalar(sql).fetch_one(&mut *services.db.read().await?).await?)
}

/// Watches the counter of publications until all are out, and then counts whether each went out exactly once. The counter moves in the
/// very commit that makes announcements public, so how late each is seen is how late it was.
pub async fn watch(services: &Services, at: i64, count: usize) -> Outcome<()> {
    let base = number(services, "SELECT last FROM publications").await?;
    let count = i64::try_from(count)?;
    let (mut seen, mut late, begun) = (0, Vec::new(), Instant::now());
    while seen < count && begun.elapsed() < PATIENCE {
        let visible = number(services, "SELECT last FROM publications").await? - base;
        let lateness = services.clock.now().millis() - at;
        for _ in seen..visible {
            late.push(lateness);
        }
        seen = visible;
        tokio::time::sleep(EVERY).await;
    }
    let percentile = |share: f64| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "an index into a short list"
        )]
        let place = (late.len() as f64 * share).ceil() as usize;
        late.get(place.max(1) - 1).copied()
    };
    let published =
        number(services, "SELECT COUNT(*) FROM announcements WHERE title = '定时发布基准公告' AND status = 'published'").await?;
    let numbers = number(services, "SELECT COUNT(DISTINCT feed_no) FROM announcements WHERE title = '定时发布基准公告'").await?;
    let events = number(services, "SELECT COUNT(*) FROM events WHERE what = '定时发布'").await?;
    let subjects = number(services, "SELECT COUNT(DISTINCT subject_id) FROM events WHERE what = '定时发布'").await?;
    let once = [published, numbers, events, subjects, seen].iter().all(|found| *found == count);
    println!(
        "{}",
        json!({ "p50": percentile(0.5), "p99": percentile(0.99), "max": percentile(1.0), "first": late.first(), "published": published, "events": events, "once": once })
    );
    services.db.close().await;
    Ok(())
}
