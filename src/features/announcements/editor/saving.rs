//! Automatic saving of an announcement: what was typed is kept in the browser until the server has acknowledged it.
//!
//! Always: one thing is under way at a time, because each names the version that the one before gave; a save that fails by the
//! network or an expired sign-in is asked again, as it was, every three seconds; whatever is not acknowledged, what is on its way
//! too, lies in the browser's storage (`domain::kept`) and is offered again when the page is next opened.

use super::super::api::save_announcement;
use super::super::seen::{Patch, Saved, Unsaved};
use super::outbox::{Outbox, as_fields};
use crate::app::kept::Keeper;
use crate::domain::calendar::Moment;
use crate::domain::ids::AnnouncementId;
use crate::error::AppError;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::VecDeque;
use std::pin::Pin;
use std::time::Duration;

/// How long after the last key a save begins.
const PAUSE: Duration = Duration::from_millis(800);
/// How long after a failure by network or sign-in the save is tried again.
const AGAIN: Duration = Duration::from_secs(3);

/// How the saving stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveState {
    /// Nothing was typed yet.
    Idle,
    /// On its way, or about to be.
    Saving,
    /// Everything is stored, as of this moment of the server.
    Saved(Moment),
    /// Not stored; will be tried again.
    Waiting(AppError),
    /// Not stored; a person must look.
    Failed(AppError),
}

/// Whether trying again later can help.
pub const fn is_passing(error: &AppError) -> bool {
    matches!(error, AppError::Offline | AppError::Busy | AppError::SignedOut)
}

/// Jobs belong to the browser's one thread. The server, where a page may end on another thread than it began, makes no such store.
type Jobs = StoredValue<VecDeque<Job>, LocalStorage>;

type Job = Box<dyn FnOnce(Result<i64, AppError>) -> Pin<Box<dyn Future<Output = Option<Saved>>>>>;

/// The one place of the page that asks the server to change something.
#[derive(Clone, Copy)]
pub struct Saver {
    /// Which announcement, and its version from the last answer.
    known: StoredValue<(AnnouncementId, i64)>,
    outbox: StoredValue<Outbox>,
    jobs: StoredValue<Option<Jobs>>,
    pause: StoredValue<Option<TimeoutHandle>>,
    is_busy: StoredValue<bool>,
    /// The copy in the browser.
    pub kept: Keeper,
    /// How the saving stands.
    pub state: RwSignal<SaveState>,
}

impl Saver {
    /// Saves for this announcement, read at this version and moment.
    pub fn new(id: AnnouncementId, version: i64, read_at: Moment) -> Saver {
        let jobs = StoredValue::new(None::<Jobs>);
        Effect::new(move || jobs.set_value(Some(StoredValue::new_local(VecDeque::new()))));
        Saver {
            kept: Keeper::new(format!("announcement-{id}"), read_at),
            known: StoredValue::new((id, version)),
            outbox: StoredValue::new(Outbox::default()),
            jobs,
            pause: StoredValue::new(None),
            is_busy: StoredValue::new(false),
            state: RwSignal::new(SaveState::Idle),
        }
    }

    /// Keeps what was typed in the browser, and saves it a moment after the last key.
    pub fn note(self, change: Unsaved) {
        self.outbox.update_value(|outbox| outbox.note(change));
        self.keep();
        self.state.set(SaveState::Saving);
        let again = set_timeout_with_handle(move || self.work(), PAUSE).ok();
        if let Some(Some(earlier)) = self.pause.try_update_value(|pause| std::mem::replace(pause, again)) {
            earlier.clear();
        }
    }

    /// Runs `job` with the newest version as soon as everything typed is stored; a job gets the error if that cannot be.
    pub fn then<F>(self, job: impl FnOnce(Result<i64, AppError>) -> F + 'static)
    where
        F: Future<Output = Option<Saved>> + 'static,
    {
        let job: Job = Box::new(move |version| Box::pin(job(version)));
        if let Some(jobs) = self.jobs.try_get_value().flatten() {
            jobs.try_update_value(|jobs| jobs.push_back(job));
        }
        self.work();
    }

    /// Saves and runs what waits, one after the other. Also what 「重试」 does.
    pub fn work(self) {
        if self.is_busy.try_get_value() != Some(false) {
            return;
        }
        self.is_busy.set_value(true);
        spawn_local(async move {
            let ended = self.save_all().await;
            let ended = match ended {
                Ok(at) => self.run_jobs().await.or(at).map_or(Ok(None), |at| Ok(Some(at))),
                Err(error) => Err(error),
            };
            if self.is_busy.try_set_value(false).is_some() {
                return;
            }
            match ended {
                Ok(Some(at)) => self.state.set(SaveState::Saved(at)),
                Ok(None) => {}
                Err(error) if is_passing(&error) => {
                    self.state.set(SaveState::Waiting(error));
                    set_timeout(move || self.work(), AGAIN);
                }
                Err(error) => {
                    while let Some(job) = self.next_job() {
                        job(Err(error.clone())).await;
                    }
                    self.state.set(SaveState::Failed(error));
                }
            }
            let waits = self.outbox.try_with_value(|outbox| !outbox.unacknowledged().is_empty()).unwrap_or(false);
            if waits && matches!(self.state.try_get_untracked(), Some(SaveState::Saved(_))) {
                self.work();
            }
        });
    }

    /// Saves until nothing waits, also what is typed meanwhile; gives the moment of the last save.
    async fn save_all(self) -> Result<Option<Moment>, AppError> {
        let mut last = None;
        while let Some(patch) = self.next_patch() {
            self.state.set(SaveState::Saving);
            match save_announcement(patch).await {
                Ok(saved) => {
                    self.known.try_update_value(|(_, version)| *version = saved.version);
                    self.outbox.try_update_value(Outbox::acknowledged);
                    self.keep();
                    last = Some(saved.at);
                }
                Err(error) => {
                    if !is_passing(&error) {
                        self.outbox.try_update_value(Outbox::refused);
                    }
                    return Err(error);
                }
            }
        }
        Ok(last)
    }

    fn next_patch(self) -> Option<Patch> {
        let (id, version) = self.known.try_get_value()?;
        self.outbox.try_update_value(|outbox| outbox.next(&id, version))?
    }

    fn next_job(self) -> Option<Job> {
        self.jobs.try_get_value()??.try_update_value(VecDeque::pop_front)?
    }

    async fn run_jobs(self) -> Option<Moment> {
        let mut last = None;
        while let Some(job) = self.next_job() {
            let (_, version) = self.known.try_get_value()?;
            if let Some(saved) = job(Ok(version)).await {
                self.known.try_update_value(|(_, version)| *version = saved.version);
                last = Some(saved.at);
            }
        }
        last
    }

    /// Keeps in the browser what is not acknowledged.
    fn keep(self) {
        if let Some(unsaved) = self.outbox.try_with_value(Outbox::unacknowledged) {
            self.kept.keep(as_fields(&unsaved));
        }
    }
}
