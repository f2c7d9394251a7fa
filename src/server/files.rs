//! Files on disk: written beside under another name, synced, then renamed, so that a file exists whole or not at all.

use crate::domain::calendar::Moment;
use crate::error::AppError;
use crate::server::fault::fault;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::UNIX_EPOCH;
use tokio::io::AsyncWriteExt as _;

/// The ending of a file that is being written.
const PARTIAL: &str = ".partial";

/// The directory where attachments lie, each under its id.
#[derive(Clone, Debug)]
pub struct Files {
    folder: PathBuf,
}

impl Files {
    /// Uses `folder`, making it if it is missing.
    pub fn open(folder: PathBuf) -> std::io::Result<Files> {
        std::fs::create_dir_all(&folder)?;
        Ok(Files { folder })
    }

    /// Stores `content` under `id` (a UUID, never a name from outside); durable when it returns.
    pub async fn store(&self, id: &str, content: &[u8]) -> Result<(), AppError> {
        let path = self.folder.join(id);
        let partial = self.folder.join(format!("{id}{PARTIAL}"));
        let written = async {
            let mut file = tokio::fs::File::create(&partial).await?;
            file.write_all(content).await?;
            file.sync_all().await?;
            tokio::fs::rename(&partial, &path).await?;
            tokio::fs::File::open(&self.folder).await?.sync_all().await
        };
        match written.await {
            Ok(()) => Ok(()),
            Err(error) => {
                // The partial file is of no use to anyone; that it cannot be removed changes nothing for the caller.
                let _ = tokio::fs::remove_file(&partial).await;
                Err(fault(&error))
            }
        }
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
