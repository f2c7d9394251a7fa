//! The data directory: for its owner alone, and for one server at a time.

use std::fs::{DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

/// A folder for the owner alone.
const FOLDER: u32 = 0o700;
/// A file for the owner alone.
pub const FILE: u32 = 0o600;
/// The embedded database's file in the data directory.
pub const DATABASE: &str = "setaside.db";

/// Makes `folder` where it is missing, with all above it.
pub fn make_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(FOLDER).create(folder)
}

/// Makes a folder of ours, and closes it to others should it have been open.
pub fn make_own_folder(folder: &Path) -> io::Result<()> {
    make_folder(folder)?;
    std::fs::set_permissions(folder, Permissions::from_mode(FOLDER))
}

/// Closes the embedded database to others, before SQLite makes it; its other files then get the same mode.
pub fn close_database(folder: &Path) -> io::Result<()> {
    let database = folder.join(DATABASE);
    OpenOptions::new().create(true).append(true).mode(FILE).open(&database)?;
    for ending in ["", "-wal", "-shm"] {
        match std::fs::set_permissions(folder.join(format!("{DATABASE}{ending}")), Permissions::from_mode(FILE)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Bytes that are written to see whether the disk has room.
const ROOM: usize = 64 * 1024;

/// Writes something into an unnamed file of `folder`; the error says why it could not be.
pub fn try_room(folder: &Path) -> io::Result<()> {
    let path = folder.join(format!(".room-{}", std::process::id()));
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(FILE).open(&path)?;
    // Gone when it is closed; another look at the same moment may have been faster.
    let _ = std::fs::remove_file(&path);
    file.write_all(&vec![b' '; ROOM])?;
    file.sync_all()
}

/// Takes the directory for this server; it is free again when the file is dropped, however the process ends.
pub fn lock(folder: &Path) -> Result<File, String> {
    let refuse = |error: &dyn std::fmt::Display| format!("data: {} cannot be used ({error})", folder.display());
    make_folder(folder).map_err(|error| refuse(&error))?;
    let file =
        OpenOptions::new().create(true).append(true).mode(FILE).open(folder.join("setaside.lock")).map_err(|error| refuse(&error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(format!("data: another server is running on {}; stop it first, or name another directory with --data", folder.display()))
        }
        Err(TryLockError::Error(error)) => Err(refuse(&error)),
    }
}
