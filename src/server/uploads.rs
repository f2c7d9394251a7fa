//! Files on their way in: written as they come, looked at in several steps, and removed when that work has ended.
//!
//! Always: a file is removed with the request that brought it, unless it was kept; a file takes its place among those that are read as long
//! as a thread reads it, and not longer than somebody waits for what comes of it.

use crate::domain::calendar::Moment;
use crate::error::AppError;
use crate::server::fault::{fault, file_fault};
use crate::server::place::{FILE, make_own_folder};
use crate::server::room::Room;
use crate::server::tally::{Entered, Tally};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, UNIX_EPOCH};
use tokio::io::AsyncWriteExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::{JoinError, JoinHandle};

/// Files that are read at a time; the others wait. Each may take what the bounds of `workbook` allow.
const AT_A_TIME: usize = 2;
/// Bytes of a file after which it is asked again whether the disk has room: others write to it too.
const AGAIN: u64 = 4 * 1024 * 1024;
/// How long a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(20);

/// The directory of such files, each under an id.
#[derive(Clone, Debug)]
pub struct Uploads {
    folder: PathBuf,
    room: Room,
    slots: Arc<Semaphore>,
    patience: Duration,
    /// Files that are coming in, by the person who sends them.
    coming: Tally,
    /// Files that are read beside the requests, by id.
    at_work: Tally,
}

/// A file that is being written.
#[derive(Debug)]
pub struct Incoming {
    file: tokio::fs::File,
    size: u64,
    /// How many bytes there will be when it is asked again.
    asks_at: u64,
    room: Room,
    unkept: Unkept,
}

/// A file that nobody has asked to be kept: dropped, it is removed.
#[derive(Debug)]
pub struct Unkept(Option<PathBuf>);

/// The right to read a file now; given back when the thread that reads has ended, whoever has gone away before.
#[derive(Debug)]
pub struct Turn {
    _slot: OwnedSemaphorePermit,
}

/// A file that is read as long as somebody waits for it.
#[derive(Debug)]
pub struct Outgoing {
    file: std::fs::File,
    is_left: Arc<AtomicBool>,
}

/// A thread that reads a file; dropped, it ends at the next piece of the file.
#[derive(Debug)]
pub struct Look<T> {
    thread: JoinHandle<T>,
    _waits: Waits,
}

/// Somebody waits.
#[derive(Debug)]
struct Waits(Arc<AtomicBool>);

impl Uploads {
    /// Uses `folder`, making it if it is missing.
    pub fn open(folder: PathBuf) -> std::io::Result<Uploads> {
        make_own_folder(&folder)?;
        let slots = Arc::new(Semaphore::new(AT_A_TIME));
        let room = Room::of(folder.clone());
        Ok(Uploads { folder, room, slots, patience: PATIENCE, coming: Tally::default(), at_work: Tally::default() })
    }

    /// So many bytes of the disk stay free, whatever is uploaded.
    pub fn keep_free(&self, bytes: u64) {
        self.room.keep_free(bytes);
    }

    /// Counts a file that `person` sends in, until what is returned is dropped.
    pub fn coming(&self, person: &str) -> Entered {
        self.coming.enter(person)
    }

    /// Says that a file is read beside the requests, until what is returned is dropped.
    pub fn work_on(&self, id: &str) -> Entered {
        self.at_work.enter(id)
    }

    /// Whether a file is read, or waits for it, in this process.
    pub fn is_worked_on(&self, id: &str) -> bool {
        self.at_work.count(id) > 0
    }

    /// Begins a file under `id` (a UUID, never a name from outside) of as many bytes as are announced, if the disk has room for them.
    pub fn begin(&self, id: &str, announced: u64) -> Result<Incoming, AppError> {
        self.room.ask(announced)?;
        let path = self.folder.join(id);
        // Not on a thread of its own: that would make the file also after the request has gone, and nobody would remove it.
        let file = std::fs::OpenOptions::new().write(true).create_new(true).mode(FILE).open(&path).map_err(|error| file_fault(&error))?;
        let (file, unkept) = (tokio::fs::File::from_std(file), Unkept(Some(path)));
        Ok(Incoming { file, size: 0, asks_at: AGAIN, room: self.room.clone(), unkept })
    }

    /// Opens a file to read it.
    pub fn read(&self, id: &str) -> std::io::Result<Outgoing> {
        Ok(Outgoing { file: std::fs::File::open(self.folder.join(id))?, is_left: Arc::default() })
    }

    /// Waits until another file may be read, but not for ever: those before may take long.
    pub async fn turn(&self) -> Result<Turn, AppError> {
        tokio::time::timeout(self.patience, self.turn_at_last()).await.map_err(|_| AppError::Busy)?
    }

    /// Waits until another file may be read, for who has time.
    pub async fn turn_at_last(&self) -> Result<Turn, AppError> {
        Ok(Turn { _slot: self.slots.clone().acquire_owned().await.map_err(|error| fault(&error))? })
    }

    /// Removes a file; a missing one is fine.
    pub async fn remove(&self, id: &str) {
        if let Err(error) = tokio::fs::remove_file(self.folder.join(id)).await
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(id, cause = %error, "an upload could not be removed");
        }
    }

    /// The names of the files that were last written before `moment`.
    pub async fn older_than(&self, moment: Moment) -> Result<Vec<String>, AppError> {
        let listed = async {
            let mut names = Vec::new();
            let mut entries = tokio::fs::read_dir(&self.folder).await?;
            while let Some(entry) = entries.next_entry().await? {
                let (Ok(name), Ok(about)) = (entry.file_name().into_string(), entry.metadata().await) else { continue };
                let since = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
                if about.is_file() && i64::try_from(since.as_millis()).is_ok_and(|millis| Moment::from_millis(millis) < moment) {
                    names.push(name);
                }
            }
            Ok::<_, std::io::Error>(names)
        };
        listed.await.map_err(|error| fault(&error))
    }
}

impl Incoming {
    /// Adds a piece; how many bytes there are now.
    pub async fn write(&mut self, piece: &[u8]) -> Result<u64, AppError> {
        if self.size >= self.asks_at {
            self.room.ask(0)?;
            self.asks_at = self.size + AGAIN;
        }
        self.file.write_all(piece).await.map_err(|error| file_fault(&error))?;
        self.size += piece.len() as u64;
        Ok(self.size)
    }

    /// Ends the file; its bytes, and the file to be kept. It is not synced: who loses power uploads again.
    pub async fn end(mut self) -> Result<(u64, Unkept), AppError> {
        self.file.flush().await.map_err(|error| file_fault(&error))?;
        Ok((self.size, self.unkept))
    }
}

impl Unkept {
    /// The file stays.
    pub fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for Unkept {
    fn drop(&mut self) {
        // The sweep finds what cannot be removed now.
        if let Some(path) = &self.0
            && let Err(error) = std::fs::remove_file(path)
        {
            tracing::warn!(cause = %error, "an upload that was broken off could not be removed");
        }
    }
}

impl Turn {
    /// Reads `file` on a thread that may wait.
    pub fn look<T: Send + 'static>(self, file: Outgoing, work: impl FnOnce(Outgoing) -> T + Send + 'static) -> Look<T> {
        let waits = Waits(file.is_left.clone());
        let thread = tokio::task::spawn_blocking(move || {
            let found = work(file);
            drop(self);
            found
        });
        Look { thread, _waits: waits }
    }
}

impl<T> Look<T> {
    /// What came of it; the error is a panic.
    pub async fn ended(mut self) -> Result<T, JoinError> {
        (&mut self.thread).await
    }
}

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Read for Outgoing {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.is_left.load(Ordering::Relaxed) {
            return Err(std::io::Error::other("nobody waits for this file any more"));
        }
        self.file.read(buffer)
    }
}

impl Seek for Outgoing {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.file.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    /// An empty folder of its own, and uploads that wait for next to nothing.
    fn uploads(name: &str) -> Uploads {
        let folder = std::env::temp_dir().join(format!("setaside_uploads_{name}_{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        Uploads { patience: Duration::from_millis(1), ..Uploads::open(folder).unwrap() }
    }

    #[tokio::test]
    async fn a4_a_file_for_which_the_disk_has_no_room_is_not_begun_and_one_that_others_crowd_out_is_not_ended() {
        let uploads = uploads("room");
        assert_eq!(uploads.begin("a", u64::MAX).map(|_| ()), Err(AppError::StorageFull));
        let mut incoming = uploads.begin("b", 3).unwrap();
        incoming.write(&vec![b'x'; 5 * 1024 * 1024]).await.unwrap();
        uploads.keep_free(u64::MAX);
        assert_eq!(incoming.write(b"y").await, Err(AppError::StorageFull));
        drop(incoming);
        assert_eq!(std::fs::read_dir(&uploads.folder).unwrap().count(), 0, "nothing of either is left");
        std::fs::remove_dir_all(&uploads.folder).unwrap();
    }

    #[tokio::test]
    async fn a4_a_thread_nobody_waits_for_keeps_its_place_until_it_ends_and_reads_no_further() {
        let uploads = uploads("turn");
        let mut incoming = uploads.begin("a", 3).unwrap();
        incoming.write(b"abc").await.unwrap();
        let (size, unkept) = incoming.end().await.unwrap();
        assert_eq!(size, 3);
        let mut others = Vec::new();
        for _ in 1..AT_A_TIME {
            others.push(uploads.turn().await.unwrap());
        }
        let ((go, wait), (say, mut hear)) = (mpsc::channel::<()>(), tokio::sync::mpsc::unbounded_channel());
        let look = uploads.turn().await.unwrap().look(uploads.read("a").unwrap(), move |mut file| {
            let mut one = [0];
            say.send(file.read(&mut one).is_ok()).unwrap();
            wait.recv().unwrap();
            say.send(file.read(&mut one).is_ok()).unwrap();
        });
        assert_eq!(uploads.turn().await.map(|_| ()), Err(AppError::Busy), "nobody waits for ever");
        assert_eq!(hear.recv().await, Some(true));
        // The line is cut; the thread goes on until it reads again.
        drop(look);
        assert_eq!(uploads.turn().await.map(|_| ()), Err(AppError::Busy), "the thread has its place still");
        go.send(()).unwrap();
        assert_eq!(hear.recv().await, Some(false));
        assert!(uploads.turn_at_last().await.is_ok());
        drop(unkept);
        assert!(uploads.read("a").is_err(), "and the file is gone");
        std::fs::remove_dir_all(&uploads.folder).unwrap();
    }
}
