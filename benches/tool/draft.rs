//! An announcement that is being written, and somebody who writes it.

use crate::Outcome;
use crate::publish::{document, insert_lines};
use crate::seed::insert_clerk;
use serde_json::json;
use setaside::domain::ids::{AnnouncementId, UnitId, UserId};
use setaside::server::fault::impossible;
use setaside::server::ids::new_id;
use setaside::server::request::Services;

/// The value of the cookie of their session.
const TOKEN: &str = "f00df00df00df00df00df00df00df00df00df00df00df00df00df00df00df00d";

/// Prepares it with so many lines; prints its id and the session.
pub async fn run(services: &Services, lines: usize) -> Outcome<()> {
    let (now, text) = (services.clock.now(), document());
    let (id, user): (AnnouncementId, UserId) = (new_id(now)?, new_id(now)?);
    let announcement = id.clone();
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let unit: String = sqlx::query_scalar("SELECT id FROM units WHERE is_supervisor = 1").fetch_one(&mut *db).await?;
                let unit = UnitId::parse(&unit).map_err(|error| impossible("units", &unit, &error))?;
                insert_clerk(db, &unit, &user, "bench-writer", TOKEN, now).await?;
                sqlx::query(
                    "INSERT INTO announcements (id, unit_id, unit_name, year, number, title, district, remark, document, status, status_reason, round, version, updated_at)
                     VALUES ($1, $2, '基准主管单位', 2025, '310115-2025-900000', '预览基准公告', '310115', '基准数据', $3, 'draft', '', 0, 1, $4)",
                )
                .bind(id.as_str())
                .bind(unit.as_str())
                .bind(text)
                .bind(now.to_string())
                .execute(&mut *db)
                .await?;
                insert_lines(db, &id, lines, now).await
            })
        })
        .await?;
    println!("{}", json!({ "id": announcement.as_str(), "token": TOKEN }));
    services.db.close().await;
    Ok(())
}
