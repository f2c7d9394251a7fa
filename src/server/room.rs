//! Whether a disk has room for a file, asked before it is written: what fills a disk to its end takes the database with it.

use crate::error::AppError;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The disk on which a folder lies, and what must stay free on it.
#[derive(Clone, Debug)]
pub struct Room {
    folder: PathBuf,
    reserve: Arc<AtomicU64>,
}

impl Room {
    /// Of the disk of this folder; nothing is kept free until [`Room::keep_free`] says so.
    pub fn of(folder: PathBuf) -> Room {
        Room { folder, reserve: Arc::default() }
    }

    /// So many bytes stay free from now on.
    pub fn keep_free(&self, bytes: u64) {
        self.reserve.store(bytes, Ordering::Relaxed);
    }

    /// Refuses what would leave less than the reserve. A disk that does not say how full it is refuses nothing beforehand.
    pub fn ask(&self, bytes: u64) -> Result<(), AppError> {
        let needed = bytes.saturating_add(self.reserve.load(Ordering::Relaxed));
        match self.free() {
            Some(free) if free < needed => {
                tracing::error!(free, needed, "storage nearly full");
                Err(AppError::StorageFull)
            }
            _ => Ok(()),
        }
    }

    /// Free bytes, for a program without privileges.
    fn free(&self) -> Option<u64> {
        match rustix::fs::statvfs(&self.folder) {
            // Some network file systems know no sizes.
            Ok(disk) if disk.f_blocks > 0 => Some(disk.f_bavail.saturating_mul(disk.f_frsize)),
            Ok(_) => None,
            Err(error) => {
                tracing::warn!(cause = %error, "the disk does not say how full it is");
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a4_what_would_leave_less_than_the_reserve_is_refused_beforehand() {
        let room = Room::of(std::env::temp_dir());
        let free = room.free().expect("a disk that says how full it is");
        assert_eq!(room.ask(0), Ok(()));
        assert_eq!(room.ask(u64::MAX), Err(AppError::StorageFull));
        // Others write to this disk as well, but not half of it at a time.
        room.keep_free(free / 2);
        assert_eq!((room.ask(0), room.ask(free)), (Ok(()), Err(AppError::StorageFull)));
        room.clone().keep_free(u64::MAX);
        assert_eq!(room.ask(0), Err(AppError::StorageFull), "for all who ask of it");
        assert_eq!(Room::of("/no/such/folder".into()).ask(u64::MAX), Ok(()));
    }
}
