//! Publication at the set time (C3).

use super::super::store::{self, Due};
use super::publish::{freeze, involved};
use super::{lost_race, notice};
use crate::domain::announcement::status::AnnouncementAction;
use crate::domain::calendar::Moment;
use crate::domain::ids::AnnouncementId;
use crate::error::AppError;
use crate::features::approvals::commands as approvals;
use crate::features::messages::commands as messages;
use crate::server::fault::impossible;
use crate::server::request::Services;
use sqlx::AnyConnection;
use std::collections::{HashMap, HashSet};

/// Seconds after which an announcement that could not be published is tried again at first; doubled each time.
const FIRST_PAUSE: i64 = 5;
/// Seconds after which it is tried again at last.
const LONGEST_PAUSE: i64 = 600;

/// One that could not be published, and when it is tried again.
#[derive(Clone, Copy, Debug)]
struct Trouble {
    again: Moment,
    pause: i64,
}

/// Publishes round after round what is due. It remembers which announcements could not be published, so that they are neither
/// tried nor logged at every round and hold back nobody.
#[derive(Debug, Default)]
pub struct Publisher {
    troubled: HashMap<String, Trouble>,
}

impl Publisher {
    /// Publishes everything whose set time has come; how many this call published. Safe to run in any number of instances at once.
    pub async fn publish(&mut self, services: &Services) -> Result<usize, AppError> {
        let now = services.clock.now();
        let (mut published, mut seen, mut last) = (0, HashSet::new(), Due::default());
        loop {
            let due = store::due(&mut *services.db.read().await?, now, &last).await?;
            let Some(end) = due.last() else { break };
            last = end.clone();
            for Due { id, .. } in due {
                if self.troubled.get(&id).is_some_and(|trouble| trouble.again > now) {
                    seen.insert(id);
                    continue;
                }
                match publish_at(services, &id, now).await {
                    Ok(()) => published += 1,
                    // Another instance was faster, or it was withdrawn in between.
                    Err(AppError::Conflict(_)) => {}
                    // This says something of the database and nothing of the announcement.
                    Err(error @ (AppError::Busy | AppError::StorageFull)) => return Err(error),
                    Err(error) => {
                        self.put_off(&id, now, &error);
                        seen.insert(id);
                    }
                }
            }
        }
        self.troubled.retain(|id, _| seen.contains(id));
        Ok(published)
    }

    fn put_off(&mut self, id: &str, now: Moment, cause: &AppError) {
        let pause = self.troubled.get(id).map_or(FIRST_PAUSE, |trouble| (trouble.pause * 2).min(LONGEST_PAUSE));
        tracing::error!(id, again_in_seconds = pause, cause = %cause, "a scheduled announcement could not be published");
        self.troubled.insert(id.to_owned(), Trouble { again: now.plus_seconds(pause), pause });
    }
}

async fn publish_at(services: &Services, id: &str, now: Moment) -> Result<(), AppError> {
    let id = AnnouncementId::parse(id).map_err(|error| impossible("announcements", id, &error))?;
    services.db.write(move |db| Box::pin(publish_one(db, id, now))).await
}

async fn publish_one(db: &mut AnyConnection, id: AnnouncementId, now: Moment) -> Result<(), AppError> {
    let row = store::by_id(db, &id).await?.ok_or_else(lost_race)?;
    row.status.apply(&AnnouncementAction::Publish, now)?;
    super::stale::nothing_waits(db, &row.id).await?;
    freeze(db, &row, now).await?;
    approvals::remember_system(db, row.id.as_str(), now, "定时发布").await?;
    for user in involved(db, &row).await? {
        messages::tell(db, &user, now, &notice(&row, "已按设定的时间发布")).await?;
    }
    Ok(())
}
