//! At which version each part of an announcement was last changed, so that changes of different parts do not disturb each other.

use crate::domain::announcement::part::Part;
use crate::domain::ids::{AnnouncementId, AnnouncementLineId};
use sqlx::AnyConnection;

const fn column(part: Part) -> &'static str {
    match part {
        Part::Basics => "basics_version",
        Part::Title => "title_version",
        Part::Remark => "remark_version",
        Part::Document => "document_version",
    }
}

/// The version at which this part was last changed; 0 where it never was.
pub async fn version(db: &mut AnyConnection, id: &AnnouncementId, part: Part) -> Result<i64, sqlx::Error> {
    let text = format!("SELECT {} FROM announcements WHERE id = $1", column(part));
    sqlx::query_scalar(super::sql(text)).bind(id.as_str()).fetch_one(db).await
}

/// Notes that this part was changed at this version.
pub async fn stamp(db: &mut AnyConnection, id: &AnnouncementId, part: Part, version: i64) -> Result<(), sqlx::Error> {
    let text = format!("UPDATE announcements SET {} = $1 WHERE id = $2", column(part));
    sqlx::query(super::sql(text)).bind(version).bind(id.as_str()).execute(db).await?;
    Ok(())
}

/// The version at which this line was last changed; 0 where it never was.
pub async fn line_version(db: &mut AnyConnection, id: &AnnouncementId, line: &AnnouncementLineId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT version FROM announcement_lines WHERE announcement_id = $1 AND id = $2")
        .bind(id.as_str())
        .bind(line.as_str())
        .fetch_one(db)
        .await
}

/// Notes that this line was changed at this version.
pub async fn stamp_line(db: &mut AnyConnection, id: &AnnouncementId, line: &AnnouncementLineId, version: i64) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE announcement_lines SET version = $1 WHERE announcement_id = $2 AND id = $3")
        .bind(version)
        .bind(id.as_str())
        .bind(line.as_str())
        .execute(db)
        .await?;
    Ok(())
}
