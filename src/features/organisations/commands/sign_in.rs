//! What signing in leaves at a person: failures, the lock, and the password that they choose themselves.

use super::super::store::{self, User};
use super::overtaken;
use crate::domain::calendar::Moment;
use crate::domain::organisation::{SIGN_IN_LOCK_SECONDS, SIGN_IN_TRIES};
use crate::error::AppError;
use sqlx::AnyConnection;

/// Counts a failed sign-in. `false` where the person was locked meanwhile: whoever tries then must not learn whether they were right.
pub async fn note_failure(db: &mut AnyConnection, user: &User, now: Moment) -> Result<bool, AppError> {
    Ok(store::count_failure(db, &user.id, SIGN_IN_TRIES, now.plus_seconds(SIGN_IN_LOCK_SECONDS), now).await?)
}

/// Forgets the failures before a sign-in that succeeded. `false` where the person was locked, or given another password, meanwhile:
/// they are not signed in then.
pub async fn note_success(db: &mut AnyConnection, user: &User, now: Moment) -> Result<bool, AppError> {
    Ok(store::forget_failures(db, &user.id, &user.password_hash, now).await?)
}

/// Writes the password that a person chose, over the one that they named: another that was set meanwhile stands.
pub async fn change_own_password(db: &mut AnyConnection, user: &User, hash: &str) -> Result<(), AppError> {
    if store::set_password(db, &user.id, hash, user.version).await? { Ok(()) } else { Err(overtaken("账号")) }
}
