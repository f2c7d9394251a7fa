//! Faults of ours: logged once with their cause under an incident number, shown with the number only.

use crate::error::AppError;

/// Logs `cause` and gives what the person may learn.
pub fn fault(cause: &dyn std::fmt::Display) -> AppError {
    let mut bytes = [0_u8; 4];
    let incident = match getrandom::fill(&mut bytes) {
        Ok(()) => format!("{:08X}", u32::from_be_bytes(bytes)),
        Err(_) => "00000000".to_owned(),
    };
    tracing::error!(incident, cause = %cause, "fault");
    AppError::Internal(incident)
}

/// A failure of reading or writing a file.
pub fn file_fault(error: &std::io::Error) -> AppError {
    if is_full(error) {
        tracing::error!(cause = %error, "storage full");
        return AppError::StorageFull;
    }
    fault(error)
}

fn is_full(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded)
}

/// Whether the database says that its disk is full: `SQLITE_FULL`, or `disk_full` of `PostgreSQL`.
fn is_database_full(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(error) => is_full(error),
        error => error.as_database_error().and_then(sqlx::error::DatabaseError::code).is_some_and(|code| code == "13" || code == "53100"),
    }
}

/// Whether the database ended this transaction so that another one could go on: `deadlock_detected` of `PostgreSQL`. Nothing was written.
fn is_deadlock(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(sqlx::error::DatabaseError::code).is_some_and(|code| code == "40P01")
}

impl From<sqlx::Error> for AppError {
    fn from(error: sqlx::Error) -> AppError {
        match error {
            error if is_database_full(&error) => {
                tracing::error!(cause = %error, "storage full");
                AppError::StorageFull
            }
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                tracing::error!(cause = %error, "database busy");
                AppError::Busy
            }
            error if is_deadlock(&error) => {
                tracing::warn!(cause = %error, "two transactions waited for each other");
                AppError::Busy
            }
            error => fault(&error),
        }
    }
}

/// Whether the database refused a row because a unique key exists already.
pub fn is_duplicate(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

/// A stored row that the domain says cannot exist.
pub fn impossible(table: &str, id: &str, what: &dyn std::fmt::Display) -> AppError {
    fault(&format!("impossible row in {table}, id {id}: {what}"))
}
