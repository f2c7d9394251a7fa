//! The SQL of the counters: serials of 公告编号, and how often what the portal shows has changed.

use crate::domain::calendar::Year;
use crate::domain::organisation::District;
use sqlx::AnyConnection;

/// The next serial of a district and year; never given again, even if the announcement is deleted.
pub async fn next_serial(db: &mut AnyConnection, district: District, year: Year) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "INSERT INTO announcement_serials (district, year, last) VALUES ($1, $2, 1)
         ON CONFLICT (district, year) DO UPDATE SET last = announcement_serials.last + 1
         RETURNING last",
    )
    .bind(district.code())
    .bind(i64::from(year.number()))
    .fetch_one(db)
    .await
}

/// The place of this publication, correction or revocation among all, in the order of commits.
pub async fn next_publication(db: &mut AnyConnection) -> Result<i64, sqlx::Error> {
    next_publications(db, 1).await
}

/// The last of so many places at once. With 0 nothing is given, but until this transaction ends every other publication waits.
pub async fn next_publications(db: &mut AnyConnection, count: i64) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("UPDATE publications SET last = last + $1 WHERE id = 1 RETURNING last").bind(count).fetch_one(db).await
}

/// How often what the portal shows has changed by a publication, a correction or a revocation.
pub async fn publications(db: &mut AnyConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT last FROM publications WHERE id = 1").fetch_one(db).await
}
