//! The SQL of `announcement_slots`: one live announcement per 主管 and year, guarded by the database (C1).

use crate::domain::calendar::Year;
use crate::domain::ids::{AnnouncementId, UnitId};
use sqlx::AnyConnection;

/// Who holds the place of a unit and year, as far as anyone ever did.
pub async fn holder(db: &mut AnyConnection, unit: &UnitId, year: Year) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT announcement_id FROM announcement_slots WHERE unit_id = $1 AND year = $2")
        .bind(unit.as_str())
        .bind(i64::from(year.number()))
        .fetch_optional(db)
        .await
}

/// Hands the place on from the announcement that held it to the one that stands for the year now (E7).
pub async fn hand_over(
    db: &mut AnyConnection,
    unit: &UnitId,
    year: Year,
    from: &AnnouncementId,
    to: &AnnouncementId,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE announcement_slots SET announcement_id = $1 WHERE unit_id = $2 AND year = $3 AND announcement_id = $4")
        .bind(to.as_str())
        .bind(unit.as_str())
        .bind(i64::from(year.number()))
        .bind(from.as_str())
        .execute(db)
        .await?;
    Ok(())
}

/// Takes the place, from the holder that was seen (`None`: from nobody); `false` when someone was faster.
pub async fn take(db: &mut AnyConnection, unit: &UnitId, year: Year, id: &AnnouncementId, from: Option<&str>) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO announcement_slots (unit_id, year, announcement_id) VALUES ($1, $2, $3)
         ON CONFLICT (unit_id, year) DO UPDATE SET announcement_id = excluded.announcement_id WHERE announcement_slots.announcement_id = $4",
    )
    .bind(unit.as_str())
    .bind(i64::from(year.number()))
    .bind(id.as_str())
    .bind(from.unwrap_or_default())
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
