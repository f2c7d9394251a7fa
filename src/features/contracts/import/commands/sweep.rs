//! Removing what was left alone.

use super::super::api::ImportState;
use super::super::store;
use crate::domain::ids::ImportId;
use crate::error::AppError;
use crate::server::request::Services;

/// Seconds after the last deed for which a file and what is staged are kept.
const KEPT: i64 = 24 * 3_600;

/// Ends imports that nobody has touched for a day and removes their files; how many.
pub async fn sweep(services: &Services) -> Result<usize, AppError> {
    let now = services.clock.now();
    let old = store::left_alone(&mut *services.db.read().await?, now.plus_seconds(-KEPT)).await?;
    for (id, version, is_open) in old.clone() {
        services
            .db
            .write(move |db| {
                Box::pin(async move {
                    // Somebody may have come back in this moment.
                    if !is_open || store::end(db, &id, version, ImportState::Expired, now).await? {
                        store::clear(db, &id).await?;
                        store::mark_cleared(db, &id).await?;
                    }
                    Ok(())
                })
            })
            .await?;
    }
    // Files go by what the table says of them, and those that it does not know after a day: their upload was cut off.
    for name in services.uploads.older_than(now.plus_seconds(-KEPT)).await? {
        let known = match ImportId::parse(&name) {
            Ok(id) => store::by_id(&mut *services.db.read().await?, &id).await?,
            Err(_) => continue,
        };
        let is_needed = known.is_some_and(|row| row.import.state.is_open() || row.import.touched_at > now.plus_seconds(-KEPT));
        if !is_needed {
            services.uploads.remove(&name).await;
        }
    }
    Ok(old.len())
}
