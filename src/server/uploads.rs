//! Files on their way in: written as they come, looked at in several steps, and removed when that work has ended.

use crate::domain::calendar::Moment;
use crate::error::AppError;
use crate::server::fault::{fault, file_fault};
use crate::server::place::{FILE, make_own_folder};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::UNIX_EPOCH;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Files that are read at a time; the others wait. Each may take what the bounds of `workbook` allow.
const AT_A_TIME: usize = 2;

/// The directory of such files, each under an id.
#[derive(Clone, Debug)]
pub struct Uploads {
    folder: PathBuf,
    slots: Arc<Semaphore>,
}

/// A file that is being written.
#[derive(Debug)]
pub struct Incoming {
    file: tokio::fs::File,
    size: u64,
}

impl Uploads {
    /// Uses `folder`, making it if it is missing.
    pub fn open(folder: PathBuf) -> std::io::Result<Uploads> {
        make_own_folder(&folder)?;
        Ok(Uploads { folder, slots: Arc::new(Semaphore::new(AT_A_TIME)) })
    }

    /// Begins a file under `id` (a UUID, never a name from outside).
    pub async fn begin(&self, id: &str) -> Result<Incoming, AppError> {
        let file = tokio::fs::OpenOptions::new().write(true).create_new(true).mode(FILE).open(self.folder.join(id)).await;
        Ok(Incoming { file: file.map_err(|error| file_fault(&error))?, size: 0 })
    }

    /// Opens a file to read it, on a thread that may wait.
    pub fn read(&self, id: &str) -> std::io::Result<std::fs::File> {
        std::fs::File::open(self.folder.join(id))
    }

    /// Waits until another file may be read.
    pub async fn turn(&self) -> Result<OwnedSemaphorePermit, AppError> {
        self.slots.clone().acquire_owned().await.map_err(|error| fault(&error))
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
        self.file.write_all(piece).await.map_err(|error| file_fault(&error))?;
        self.size += piece.len() as u64;
        Ok(self.size)
    }

    /// Ends the file. It is not synced: who loses power uploads again.
    pub async fn end(mut self) -> Result<u64, AppError> {
        self.file.flush().await.map_err(|error| file_fault(&error))?;
        Ok(self.size)
    }
}
