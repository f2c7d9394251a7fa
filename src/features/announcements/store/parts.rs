//! At which version each part of an announcement was last changed (of a line: [`super::lines`]), so that changes of different parts do not disturb each other.

use crate::domain::announcement::part::Part;
use crate::domain::ids::AnnouncementId;
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
