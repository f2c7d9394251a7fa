//! Publication at the set time (C3).
//!
//! What is due goes out in batches, each one transaction in which every other publication waits: so any number of instances share the
//! work without doing anything twice, and what a killed one had begun is rolled back and taken up by the next.

use super::super::store::publishing::{self, Frozen};
use super::super::store::{self, Row, numbers};
use super::open::ChangeKind;
use super::publish::{Involved, freeze, frozen, involved};
use super::{lost_race, notice};
use crate::domain::announcement::status::AnnouncementAction;
use crate::domain::approval::Step;
use crate::domain::calendar::Moment;
use crate::domain::ids::AnnouncementId;
use crate::error::AppError;
pub use crate::features::announcements::store::publishing::Due;
use crate::features::approvals::commands as approvals;
use crate::features::messages::commands as messages;
use crate::server::fault::impossible;
use crate::server::request::Services;
use sqlx::AnyConnection;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

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

/// What became of a batch.
#[derive(Debug, Default)]
struct Batch {
    published: usize,
    failed: Vec<(String, AppError)>,
}

impl Publisher {
    /// Publishes everything whose set time has come; how many this call published. Safe to run in any number of instances at once.
    pub async fn publish(&mut self, services: &Services) -> Result<usize, AppError> {
        let now = services.clock.now();
        let (mut published, mut seen, mut last) = (0, HashSet::new(), Due::default());
        loop {
            let due = found_due(services, now, &last).await?;
            let Some(end) = due.last() else { break };
            last = end.clone();
            published += self.publish_found(services, due, now, &mut seen).await?;
        }
        self.troubled.retain(|id, _| seen.contains(id));
        Ok(published)
    }

    /// Publishes what a look at the table found due, if it still is, and notes in `seen` what it could not; how many it published.
    pub async fn publish_found(
        &mut self,
        services: &Services,
        found: Vec<Due>,
        now: Moment,
        seen: &mut HashSet<String>,
    ) -> Result<usize, AppError> {
        let (waiting, ids): (Vec<String>, Vec<String>) = found.into_iter().map(|due| due.id).partition(|id| self.is_put_off(id, now));
        seen.extend(waiting);
        let batch = batch(services, ids).await?;
        for (id, error) in batch.failed {
            self.put_off(&id, now, &error);
            seen.insert(id);
        }
        Ok(batch.published)
    }

    fn is_put_off(&self, id: &str, now: Moment) -> bool {
        self.troubled.get(id).is_some_and(|trouble| trouble.again > now)
    }

    fn put_off(&mut self, id: &str, now: Moment, cause: &AppError) {
        let pause = self.troubled.get(id).map_or(FIRST_PAUSE, |trouble| (trouble.pause * 2).min(LONGEST_PAUSE));
        tracing::error!(id, again_in_seconds = pause, cause = %cause, "a scheduled announcement could not be published");
        self.troubled.insert(id.to_owned(), Trouble { again: now.plus_seconds(pause), pause });
    }
}

/// A look at the table, which nothing holds still: what is due and held by nobody, after the one given.
pub async fn found_due(services: &Services, now: Moment, after: &Due) -> Result<Vec<Due>, AppError> {
    Ok(publishing::due(&mut *services.db.read().await?, now, after).await?)
}

/// How long until the next set time, `longest` at most.
pub async fn until_next(services: &Services, longest: Duration) -> Result<Duration, AppError> {
    let now = services.clock.now();
    let next = publishing::next_due(&mut *services.db.read().await?, now).await?;
    let next = next.and_then(|at| Moment::parse(&at).ok());
    let wait = next.and_then(|at| u64::try_from(at.millis() - now.millis()).ok()).map(Duration::from_millis);
    // Never none at all: a clock that stands still would be asked without pause.
    Ok(wait.map_or(longest, |wait| wait.clamp(Duration::from_millis(1), longest)))
}

/// Publishes these together, or, if that fails, each by itself. An error says something of the database and nothing of them.
async fn batch(services: &Services, ids: Vec<String>) -> Result<Batch, AppError> {
    let now = services.clock.now();
    let (good, mut alone) = (ids.clone(), Vec::new());
    let together = services.db.write(move |db| Box::pin(together(db, good, now))).await;
    let mut batch = match together {
        Ok((batch, corrections)) => {
            alone.extend(corrections);
            batch
        }
        Err(error @ (AppError::Busy | AppError::StorageFull)) => return Err(error),
        Err(_) => {
            alone.extend(ids);
            Batch::default()
        }
    };
    for id in alone {
        match publish_at(services, &id, now).await {
            Ok(()) => batch.published += 1,
            // Another instance was faster, or it was withdrawn in between.
            Err(AppError::Conflict(_)) => {}
            Err(error @ (AppError::Busy | AppError::StorageFull)) => return Err(error),
            Err(error) => batch.failed.push((id, error)),
        }
    }
    Ok(batch)
}

/// One that is ready to go out, and what everyone will see.
type Ready = (Row, Frozen);

/// Publishes what of these is still due, in one transaction; what corrects another announcement is given back, to be published alone.
async fn together(db: &mut AnyConnection, ids: Vec<String>, now: Moment) -> Result<(Batch, Vec<String>), AppError> {
    let mut batch = Batch::default();
    if ids.is_empty() {
        return Ok((batch, Vec::new()));
    }
    // From here on no other publication moves, so what is read now is what is written.
    numbers::next_publications(db, 0).await?;
    // Found held since it was found due: a record was approved anew in between (E5).
    let held = store::stale::undecided_of(db, &ids.iter().map(String::as_str).collect::<Vec<_>>()).await?;
    let (mut good, mut corrections) = (Vec::new(), Vec::new());
    for id in ids.into_iter().filter(|id| !held.contains_key(id)) {
        match AnnouncementId::parse(&id) {
            Ok(id) => good.push(id),
            Err(error) => batch.failed.push((id.clone(), impossible("announcements", &id, &error))),
        }
    }
    let mut rows = Vec::new();
    for (id, row) in if good.is_empty() { Vec::new() } else { store::by_ids(db, &good).await? } {
        match row {
            Ok(row) if row.status.apply(&AnnouncementAction::Publish, now).is_err() => {}
            Ok(row) if row.corrects.is_some() => corrections.push(id),
            Ok(row) => rows.push(row),
            Err(error) => batch.failed.push((id, error)),
        }
    }
    // Feed numbers follow the set times.
    rows.sort_by(|a, b| (a.status.at(), &a.id).cmp(&(b.status.at(), &b.id)));
    let (ready, failed) = ready(db, rows, now).await?;
    batch.failed.extend(failed);
    batch.published = ready.len();
    write(db, &ready, now).await?;
    Ok((batch, corrections))
}

/// What everyone will see of these, read for all of them at once.
async fn ready(db: &mut AnyConnection, rows: Vec<Row>, now: Moment) -> Result<(Vec<Ready>, Vec<(String, AppError)>), AppError> {
    let ids: Vec<AnnouncementId> = rows.iter().map(|row| row.id.clone()).collect();
    if ids.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let mut lines = store::lines::of_many(db, &ids).await?;
    let having = store::files::having(db, &ids).await?;
    let (mut ready, mut failed) = (Vec::new(), Vec::new());
    for row in rows {
        let files = if having.contains(row.id.as_str()) { store::files::of(db, &row.id).await } else { Ok(Vec::new()) };
        let lines = lines.remove(row.id.as_str()).unwrap_or_else(|| Ok(Vec::new()));
        match files.and_then(|files| frozen(&row, &lines?, files, None, now)) {
            Ok(frozen) => ready.push((row, frozen)),
            Err(error @ (AppError::Busy | AppError::StorageFull)) => return Err(error),
            Err(error) => failed.push((row.id.to_string(), error)),
        }
    }
    Ok((ready, failed))
}

/// Makes them public, remembers it and tells the people.
async fn write(db: &mut AnyConnection, ready: &[Ready], now: Moment) -> Result<(), AppError> {
    if ready.is_empty() {
        return Ok(());
    }
    let count = i64::try_from(ready.len()).unwrap_or(i64::MAX);
    let last = numbers::next_publications(db, count).await?;
    let numbered: Vec<_> = ready.iter().zip(last - count + 1..).map(|((row, frozen), feed_no)| (row, frozen, feed_no)).collect();
    if !publishing::publish(db, &numbered, now).await? {
        // One was withdrawn at this very moment: the whole batch is undone, and each tried by itself.
        return Err(lost_race());
    }
    let changes: Vec<_> = ready.iter().zip(last - count + 1..).map(|((row, _), no)| (no, &row.id, ChangeKind::Published)).collect();
    store::changes::note(db, &changes, now).await?;
    let subjects: Vec<&str> = ready.iter().map(|(row, _)| row.id.as_str()).collect();
    approvals::remember_system_all(db, &subjects, now, "定时发布").await?;
    let mut steps: HashMap<String, Vec<Step>> = HashMap::new();
    for (id, step) in approvals::steps_of(db, &subjects).await? {
        steps.entry(id).or_default().push(step);
    }
    let (mut people, mut told) = (Involved::default(), Vec::new());
    for (row, _) in ready {
        let steps = steps.remove(row.id.as_str()).unwrap_or_default();
        let notice = notice(row, PUBLISHED);
        told.extend(people.of(db, row, steps.into_iter()).await?.into_iter().map(|user| (user, notice.clone())));
    }
    messages::tell_all(db, now, &told).await
}

/// What the people concerned are told.
const PUBLISHED: &str = "已按设定的时间发布";

async fn publish_at(services: &Services, id: &str, now: Moment) -> Result<(), AppError> {
    let id = AnnouncementId::parse(id).map_err(|error| impossible("announcements", id, &error))?;
    services.db.write(move |db| Box::pin(publish_one(db, id, now))).await
}

async fn publish_one(db: &mut AnyConnection, id: AnnouncementId, now: Moment) -> Result<(), AppError> {
    let row = store::by_id(db, &id).await?.ok_or_else(lost_race)?;
    row.status.apply(&AnnouncementAction::Publish, now)?;
    super::stale::nothing_waits(db, &row.id).await?;
    freeze(db, &row, now).await?;
    approvals::remember_system(db, row.id.as_str(), now, "定时发布", "").await?;
    for user in involved(db, &row).await? {
        messages::tell(db, &user, now, &notice(&row, PUBLISHED)).await?;
    }
    Ok(())
}
