//! Automatic saving of an announcement: what was typed is kept in the browser until the server has acknowledged it.
//!
//! Always: one thing is under way at a time, because each names the version that the one before gave; a save that fails by the
//! network or an expired sign-in is asked again, as it was, every three seconds; whatever is not acknowledged, what is on its way
//! too, lies in the browser's storage (`domain::kept`) and is offered again when the page is next opened. When somebody else has changed
//! the announcement, the page reads it anew before it saves again: what was not typed here comes onto the page, and of what both have
//! typed the person chooses.

use super::super::api::{read_announcement, save_announcement};
use super::super::seen::{Announcement, Patch, Saved, Unsaved, Which};
use super::outbox::{Dispute, Outbox, as_groups};
use crate::app::kept::Keeper;
use crate::domain::announcement::part::Part;
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

/// What the page does when the announcement is read anew.
#[derive(Clone, Copy)]
pub struct PageSide {
    /// Notes what stands in the editor and was not reported yet.
    pub flush: Callback<()>,
    /// Shows what others have changed.
    pub show: Callback<(Unsaved, Announcement)>,
}

/// The one place of the page that asks the server to change something.
#[derive(Clone, Copy)]
pub struct Saver {
    /// Which announcement, and its version from the last answer.
    known: StoredValue<(AnnouncementId, i64)>,
    outbox: StoredValue<Outbox>,
    jobs: StoredValue<Option<Jobs>>,
    pause: StoredValue<Option<TimeoutHandle>>,
    is_busy: StoredValue<bool>,
    /// Whether the announcement may have become another than the page knows.
    is_behind: StoredValue<bool>,
    page: StoredValue<Option<PageSide>>,
    /// What two people have changed.
    pub disputes: RwSignal<Vec<Dispute>>,
    /// The copy in the browser.
    pub kept: Keeper,
    /// How the saving stands.
    pub state: RwSignal<SaveState>,
}

impl Saver {
    /// Saves for this announcement as it was read.
    pub fn new(read: &Announcement) -> Saver {
        let jobs = StoredValue::new(None::<Jobs>);
        Effect::new(move || jobs.set_value(Some(StoredValue::new_local(VecDeque::new()))));
        Saver {
            kept: Keeper::new(format!("announcement-{}", read.id), read.now),
            known: StoredValue::new((read.id.clone(), read.version)),
            outbox: StoredValue::new(Outbox::over(read.parts())),
            is_behind: StoredValue::new(false),
            page: StoredValue::new(None),
            disputes: RwSignal::new(Vec::new()),
            jobs,
            pause: StoredValue::new(None),
            is_busy: StoredValue::new(false),
            state: RwSignal::new(SaveState::Idle),
        }
    }

    /// Says what the page does when the announcement is read anew.
    pub fn on_read(self, page: PageSide) {
        self.page.set_value(Some(page));
    }

    /// The version that the page is in step with.
    pub fn version(self) -> i64 {
        self.known.try_with_value(|(_, version)| *version).unwrap_or_default()
    }

    /// A deed of this page has made these parts, such as 「生成公告」.
    pub fn stored(self, parts: Unsaved) {
        self.outbox.try_update_value(|outbox| outbox.stored(parts));
    }

    /// Somebody else has, or may have, changed the announcement: it is read anew.
    pub fn catch_up(self) {
        self.is_behind.try_set_value(true);
        self.work();
    }

    /// The person has chosen between their own text of a part and the other's, which is given back for the page.
    pub fn choose(self, part: Part, own: bool) -> Unsaved {
        let shown = self.outbox.try_update_value(|outbox| outbox.choose(part, own)).unwrap_or_default();
        self.keep();
        self.work();
        shown
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
                // What was typed waits for the person's choice, or was stored already.
                Ok(None) => self.state.update(|state| {
                    if matches!(state, SaveState::Saving | SaveState::Waiting(_)) {
                        *state = SaveState::Idle;
                    }
                }),
                Err(error) if is_passing(&error) => {
                    self.state.set(SaveState::Waiting(error));
                    set_timeout(move || self.work(), AGAIN);
                    return;
                }
                Err(error) => {
                    while let Some(job) = self.next_job() {
                        job(Err(error.clone())).await;
                    }
                    self.state.set(SaveState::Failed(error));
                    return;
                }
            }
            let waits = self.outbox.try_with_value(Outbox::has_to_send).unwrap_or(false);
            if waits || self.is_behind.try_get_value() == Some(true) {
                self.work();
            }
        });
    }

    /// Saves until nothing waits, also what is typed meanwhile; gives the moment of the last save.
    async fn save_all(self) -> Result<Option<Moment>, AppError> {
        let mut last = None;
        loop {
            // A save whose answer was lost comes first: before it is known what became of it, one's own text would look like another's.
            if self.is_behind.try_get_value() == Some(true) && !self.outbox.try_with_value(Outbox::is_on_its_way).unwrap_or(false) {
                self.read_anew().await?;
            }
            let Some(patch) = self.next_patch() else { return Ok(last) };
            let over = patch.version;
            self.state.set(SaveState::Saving);
            match save_announcement(patch).await {
                Ok(saved) => {
                    self.outbox.try_update_value(Outbox::acknowledged);
                    self.keep();
                    self.saved(over, saved.version);
                    last = Some(saved.at);
                }
                Err(error) => {
                    if !is_passing(&error) {
                        self.outbox.try_update_value(Outbox::refused);
                    }
                    let is_conflict = matches!(error, AppError::Conflict(_));
                    if is_conflict {
                        self.read_anew().await?;
                    }
                    // Nothing is newer than the page knew: the refusal is about something else.
                    if !is_conflict || self.version() == over {
                        return Err(error);
                    }
                }
            }
        }
    }

    /// A change over `over` has made this version.
    fn saved(self, over: i64, version: i64) {
        if version <= over + 1 {
            self.known.try_update_value(|(_, known)| *known = version);
        } else {
            self.is_behind.try_set_value(true);
        }
    }

    /// Reads the announcement anew and brings page and outbox into step with it.
    async fn read_anew(self) -> Result<(), AppError> {
        let Some((id, _)) = self.known.try_get_value() else { return Ok(()) };
        // Before it is asked, and not when it is answered: what happens meanwhile may be missing in the answer and is asked for once more.
        self.is_behind.try_set_value(false);
        let read = match read_announcement(Which { id }).await {
            Ok(read) => read,
            Err(error) => {
                self.is_behind.try_set_value(true);
                return Err(error);
            }
        };
        if !read.allowed.edit {
            let status = read.status.label();
            return Err(AppError::Conflict(format!("公告已变为“{status}”，不能再编辑。请刷新页面；您刚才填写的内容仍保留在本机")));
        }
        let page = self.page.try_get_value().flatten();
        if let Some(page) = page {
            page.flush.run(());
        }
        self.known.try_update_value(|(_, version)| *version = read.version);
        let comes = self.outbox.try_update_value(|outbox| outbox.merge(read.parts())).unwrap_or_default();
        self.keep();
        if let Some(page) = page {
            page.show.run((comes, read));
        }
        Ok(())
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
            let over = self.known.try_get_value()?.1;
            let may = if self.disputes.try_with_untracked(Vec::is_empty)? {
                Ok(over)
            } else {
                Err(AppError::Conflict("有内容被两人同时修改，请先选择保留哪一份".to_owned()))
            };
            match job(may).await {
                Some(saved) => {
                    self.saved(over, saved.version);
                    last = Some(saved.at);
                }
                // Refused, perhaps because somebody else was faster.
                None => drop(self.is_behind.try_set_value(true)),
            }
            if self.is_behind.try_get_value()?
                && let Err(error) = self.read_anew().await
            {
                // What passes is tried again; that nothing can be edited any more the page learns by its next deed.
                self.is_behind.try_set_value(is_passing(&error));
                break;
            }
        }
        last
    }

    /// Keeps in the browser what is not acknowledged, and shows what waits for the person.
    fn keep(self) {
        if let Some((unsaved, disputes)) = self.outbox.try_with_value(|outbox| (outbox.unacknowledged(), outbox.disputes())) {
            self.kept.keep_groups(as_groups(&unsaved));
            if self.disputes.try_with_untracked(|shown| *shown != disputes) == Some(true) {
                self.disputes.try_set(disputes);
            }
        }
    }
}
