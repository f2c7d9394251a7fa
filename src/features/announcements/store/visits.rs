//! The SQL of `announcement_visits`.

use crate::domain::calendar::Moment;
use crate::domain::ids::{AnnouncementId, UserId, VisitId};
use crate::error::AppError;
use crate::server::fault::impossible;
use sqlx::AnyConnection;

/// A page that someone has open.
#[derive(Clone, Debug)]
pub struct Open {
    /// Which page.
    pub visit: VisitId,
    /// Whose.
    pub user: UserId,
    /// The step on its screen.
    pub step: u8,
    /// Since when.
    pub since: Moment,
}

/// Notes that a page is open now.
pub async fn note(
    db: &mut AnyConnection,
    announcement: &AnnouncementId,
    visit: &VisitId,
    user: &UserId,
    step: u8,
    now: Moment,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO announcement_visits (announcement_id, visit, user_id, place, since, seen_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (announcement_id, visit) DO UPDATE SET place = excluded.place, seen_at = excluded.seen_at WHERE announcement_visits.user_id = excluded.user_id",
    )
    .bind(announcement.as_str())
    .bind(visit.as_str())
    .bind(user.as_str())
    .bind(step.to_string())
    .bind(now.to_string())
    .bind(now.to_string())
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets a person's page.
pub async fn leave(db: &mut AnyConnection, announcement: &AnnouncementId, visit: &VisitId, user: &UserId) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM announcement_visits WHERE announcement_id = $1 AND visit = $2 AND user_id = $3")
        .bind(announcement.as_str())
        .bind(visit.as_str())
        .bind(user.as_str())
        .execute(db)
        .await?;
    Ok(())
}

/// Forgets the pages of every announcement that were silent since `before`.
pub async fn forget(db: &mut AnyConnection, before: Moment) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM announcement_visits WHERE seen_at < $1").bind(before.to_string()).execute(db).await?;
    Ok(())
}

/// How many pages of this announcement the person has open.
pub async fn count(db: &mut AnyConnection, announcement: &AnnouncementId, user: &UserId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT COUNT(*) FROM announcement_visits WHERE announcement_id = $1 AND user_id = $2")
        .bind(announcement.as_str())
        .bind(user.as_str())
        .fetch_one(db)
        .await
}

/// The open pages of an announcement, by when they were opened.
pub async fn of(db: &mut AnyConnection, announcement: &AnnouncementId) -> Result<Vec<Open>, AppError> {
    let rows: Vec<(String, String, String, String)> =
        sqlx::query_as("SELECT visit, user_id, place, since FROM announcement_visits WHERE announcement_id = $1 ORDER BY since, visit")
            .bind(announcement.as_str())
            .fetch_all(db)
            .await?;
    rows.into_iter()
        .map(|(visit, user, step, since)| {
            let wrong = |what: &dyn std::fmt::Display| impossible("announcement_visits", &visit, what);
            Ok(Open {
                user: UserId::parse(&user).map_err(|error| wrong(&error))?,
                step: step.parse().map_err(|_| wrong(&"place"))?,
                since: Moment::parse(&since).map_err(|error| wrong(&error))?,
                visit: VisitId::parse(&visit).map_err(|error| wrong(&error))?,
            })
        })
        .collect()
}
