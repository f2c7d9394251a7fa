//! Files on disk: written beside under another name, synced, then renamed, so that a file exists whole or not at all.

use crate::domain::calendar::Moment;
use crate::error::AppError;
use crate::server::fault::{fault, file_fault};
use crate::server::place::{FILE, make_own_folder};
use crate::server::room::Room;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::UNIX_EPOCH;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// The ending of a file that is being written.
const PARTIAL: &str = ".partial";
/// The file that says to which installation the directory belongs.
const MARK: &str = ".installation";
/// Bytes that are written to see whether the disk has room again.
const ROOM: usize = 64 * 1024;

/// The directory where attachments lie, each under its id.
#[derive(Clone, Debug)]
pub struct Files {
    folder: PathBuf,
    room: Room,
    /// The last file could not be written for want of room.
    is_full: Arc<AtomicBool>,
}

impl Files {
    /// Uses `folder`, making it if it is missing.
    pub fn open(folder: PathBuf) -> std::io::Result<Files> {
        make_own_folder(&folder)?;
        let room = Room::of(folder.clone());
        Ok(Files { folder, room, is_full: Arc::default() })
    }

    /// So many bytes of the disk stay free of files from outside; what the program stores by itself may use them.
    pub fn keep_free(&self, bytes: u64) {
        self.room.keep_free(bytes);
    }

    /// Refuses a file from outside of so many bytes for which the disk has no room.
    pub fn has_room_for(&self, bytes: usize) -> Result<(), AppError> {
        self.room.ask(bytes as u64)
    }

    /// The id in the marker file, if there is one.
    pub async fn mark(&self) -> Result<Option<String>, AppError> {
        match tokio::fs::read_to_string(self.folder.join(MARK)).await {
            Ok(id) => Ok(Some(id.trim().to_owned())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(fault(&error)),
        }
    }

    /// Writes the marker file of a directory that holds no file yet.
    pub async fn mark_if_empty(&self, id: &str) -> Result<(), AppError> {
        let is_empty = tokio::fs::read_dir(&self.folder).await.map_err(|error| fault(&error))?.next_entry().await;
        if is_empty.map_err(|error| fault(&error))?.is_some() { Ok(()) } else { self.store(MARK, id.as_bytes()).await }
    }

    /// Whether there is room: asked of the disk only after it had none.
    pub async fn has_room(&self) -> bool {
        if !self.is_full.load(Ordering::SeqCst) {
            return true;
        }
        let has_room = self.store(".room", &vec![b' '; ROOM]).await.is_ok();
        self.remove(".room").await;
        has_room
    }

    /// Stores `content` under `id` (a UUID, never a name from outside); durable when it returns.
    pub async fn store(&self, id: &str, content: &[u8]) -> Result<(), AppError> {
        let path = self.folder.join(id);
        let partial = self.folder.join(format!("{id}{PARTIAL}"));
        let written = async {
            let mut file = tokio::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(FILE).open(&partial).await?;
            file.write_all(content).await?;
            file.sync_all().await?;
            tokio::fs::rename(&partial, &path).await?;
            tokio::fs::File::open(&self.folder).await?.sync_all().await
        };
        match written.await {
            Ok(()) => {
                self.is_full.store(false, Ordering::SeqCst);
                Ok(())
            }
            Err(error) => {
                // The partial file is of no use to anyone; that it cannot be removed changes nothing for the caller.
                let _ = tokio::fs::remove_file(&partial).await;
                let failure = file_fault(&error);
                self.is_full.store(failure == AppError::StorageFull, Ordering::SeqCst);
                Err(failure)
            }
        }
    }

    /// Stores a copy of what lies under `from` under `to`; `false` where nothing lies there.
    pub async fn copy(&self, from: &str, to: &str) -> Result<bool, AppError> {
        let mut content = Vec::new();
        match self.read(from).await {
            Ok(mut file) => file.read_to_end(&mut content).await.map_err(|error| fault(&error))?,
            Err(AppError::NotFound) => return Ok(false),
            Err(error) => return Err(error),
        };
        self.store(to, &content).await?;
        Ok(true)
    }

    /// Opens what was stored under `id`.
    pub async fn read(&self, id: &str) -> Result<tokio::fs::File, AppError> {
        tokio::fs::File::open(self.folder.join(id)).await.map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => AppError::NotFound,
            _ => fault(&error),
        })
    }

    /// What was last written before `moment`: the names of whole files, and of those whose writing was cut off.
    pub async fn older_than(&self, moment: Moment) -> Result<(Vec<String>, Vec<String>), AppError> {
        let listed = async {
            let (mut whole, mut unfinished) = (Vec::new(), Vec::new());
            let mut entries = tokio::fs::read_dir(&self.folder).await?;
            while let Some(entry) = entries.next_entry().await? {
                let (Ok(name), Ok(about)) = (entry.file_name().into_string(), entry.metadata().await) else { continue };
                let since = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
                let is_old = i64::try_from(since.as_millis()).is_ok_and(|millis| Moment::from_millis(millis) < moment);
                if about.is_file() && is_old {
                    if name.ends_with(PARTIAL) { unfinished.push(name) } else { whole.push(name) }
                }
            }
            Ok::<_, std::io::Error>((whole, unfinished))
        };
        listed.await.map_err(|error| fault(&error))
    }

    /// Removes what was stored under `id`; a missing file is fine.
    pub async fn remove(&self, id: &str) {
        if let Err(error) = tokio::fs::remove_file(self.folder.join(id)).await
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(id, cause = %error, "a file could not be removed");
        }
    }
}

/// SHA-256 as lower-case hexadecimal.
pub fn sha256_hex(content: &[u8]) -> String {
    Sha256::digest(content).iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
