//! Which database and which folder of attachments belong together.
//!
//! The database has an id that was made with it; the folder holds the same id in a marker file. What removes files by asking the
//! database asks here first: another database, an empty one above all, names none of them.

use crate::domain::calendar::Moment;
use crate::domain::ids::InstallationId;
use crate::error::AppError;
use crate::server::db::Db;
use crate::server::files::Files;
use crate::server::ids::new_id;
use sqlx::AnyConnection;

/// Gives the database its id if it has none, and marks a folder that holds nothing yet as the database's.
pub async fn bind(db: &Db, files: &Files, now: Moment) -> Result<(), AppError> {
    let made: InstallationId = new_id(now)?;
    let id = match stored(&mut *db.read().await?).await? {
        Some(id) => id,
        None => {
            db.write(move |db| {
                Box::pin(async move {
                    // Of two servers that start on one new database, the first to write gives the id.
                    sqlx::query("INSERT INTO installation (one, id, filler) VALUES (1, $1, '') ON CONFLICT (one) DO NOTHING")
                        .bind(made.as_str())
                        .execute(&mut *db)
                        .await?;
                    Ok(stored(db).await?.unwrap_or_default())
                })
            })
            .await?
        }
    };
    if let Err(error) = files.mark_if_empty(&id).await {
        tracing::warn!(cause = %error, "the folder of attachments could not be marked; no file without a row will be removed");
    }
    Ok(())
}

/// Whether the folder is marked as this database's; if not, why.
pub async fn is_bound(db: &Db, files: &Files) -> Result<Result<(), NotBound>, AppError> {
    let id = stored(&mut *db.read().await?).await?;
    Ok(match (id, files.mark().await?) {
        (_, None) => Err(NotBound::NoMark),
        (Some(id), Some(mark)) if id == mark => Ok(()),
        _ => Err(NotBound::Another),
    })
}

/// Why files are not removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotBound {
    /// There were files before there was a marker.
    #[error("the folder holds files but no marker `.installation` that says whose they are")]
    NoMark,
    /// Marked by another installation.
    #[error("the folder's marker `.installation` names another database than the one in use")]
    Another,
}

async fn stored(db: &mut AnyConnection) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT id FROM installation").fetch_optional(db).await
}
