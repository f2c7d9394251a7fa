//! Sign in, find the session of a request, sign out, change one's password.

use super::{password, store};
use crate::domain::calendar::Moment;
use crate::domain::ids::UserId;
use crate::domain::organisation;
use crate::error::AppError;
use crate::features::organisations::commands as organisations;
use crate::server::fault::{fault, impossible};
use crate::server::files::sha256_hex;
use crate::server::request::{Services, SignedIn};
use std::fmt::Write as _;

/// A session's last use is noted this often at most, in seconds.
const TOUCH_SECONDS: i64 = 60;

/// Why nobody was signed in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInRefused {
    /// Name or password is wrong; which one is not said.
    #[error("登录名或密码不正确。连续 5 次错误将锁定 15 分钟")]
    Wrong,
    /// Locked after failures.
    #[error("密码连续错误次数过多，账号已锁定，请在 {0} 后重试，或请系统管理员解锁")]
    Locked(String),
    /// The account may not be used.
    #[error("该账号已停用，请联系系统管理员")]
    Disabled,
    /// A fault of ours.
    #[error("{0}")]
    Failed(AppError),
}

impl From<AppError> for SignInRefused {
    fn from(error: AppError) -> SignInRefused {
        SignInRefused::Failed(error)
    }
}

/// Checks name and password and begins a session; gives the token for the cookie.
pub async fn sign_in(services: &Services, login: &str, password_text: String) -> Result<String, SignInRefused> {
    let now = services.clock.now();
    let login = organisation::login(login).map_err(|_| SignInRefused::Wrong)?;
    if password_text.len() > 1_024 {
        return Err(SignInRefused::Wrong);
    }
    let user = organisations::user_by_login(&mut *services.db.read().await?, &login).await?;
    if let Some(user) = &user {
        not_locked(user, now)?;
    }
    let stored = user.as_ref().map(|user| user.password_hash.clone());
    let fits = password::verify(&services.hashing, password_text, stored).await?;
    let Some(user) = user else { return Err(SignInRefused::Wrong) };
    // Judged again where the answer is stored: many tries at the same moment all found the account unlocked at first. Once it is
    // locked, right and wrong are told the same.
    if !fits {
        return Err(note_failure(services, user, now).await?.unwrap_or(SignInRefused::Wrong));
    }
    let is_disabled = user.is_disabled;
    let token = new_token()?;
    let token_hash = sha256_hex(token.as_bytes());
    let ends_at = now.plus_seconds(services.settings.session_seconds);
    let refused = services
        .db
        .write(move |db| {
            Box::pin(async move {
                if !organisations::note_success(db, &user, now).await? {
                    return reread(db, &user).await.map(Some);
                }
                if !is_disabled {
                    store::begin(db, &token_hash, &user.id, now, ends_at).await?;
                }
                Ok(None)
            })
        })
        .await?;
    match refused {
        Some(user) => Err(not_locked(&user, now).err().unwrap_or(SignInRefused::Wrong)),
        None if is_disabled => Err(SignInRefused::Disabled),
        None => Ok(token),
    }
}

/// Counts a wrong password; gives the refusal where the person was locked meanwhile, so that this try learns nothing.
async fn note_failure(services: &Services, user: organisations::User, now: Moment) -> Result<Option<SignInRefused>, AppError> {
    let locked = services
        .db
        .write(move |db| {
            Box::pin(async move {
                if organisations::note_failure(db, &user, now).await? { Ok(None) } else { reread(db, &user).await.map(Some) }
            })
        })
        .await?;
    Ok(locked.and_then(|user| not_locked(&user, now).err()))
}

/// A refusal as the form of one's own password shows it.
fn at_old(refused: SignInRefused) -> AppError {
    match refused {
        SignInRefused::Failed(error) => error,
        refused => AppError::field("old", refused),
    }
}

/// The person as stored now.
async fn reread(db: &mut sqlx::AnyConnection, user: &organisations::User) -> Result<organisations::User, AppError> {
    organisations::user_by_id(db, &user.id).await?.ok_or(AppError::SignedOut)
}

/// Refuses while the person is locked after failures.
fn not_locked(user: &organisations::User, now: Moment) -> Result<(), SignInRefused> {
    let Some(until) = user.locked_until.as_deref() else { return Ok(()) };
    let until = Moment::parse(until).map_err(|error| impossible("users", user.id.as_str(), &error))?;
    if until > now { Err(SignInRefused::Locked(until.local_time())) } else { Ok(()) }
}

fn new_token() -> Result<String, AppError> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| fault(&error))?;
    Ok(bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

/// The live session behind a cookie's token, noted as used.
pub async fn resume(services: &Services, token: &str) -> Result<Option<SignedIn>, AppError> {
    let now = services.clock.now();
    let session = sha256_hex(token.as_bytes());
    let unused_since = now.plus_seconds(-services.settings.session_idle_seconds);
    let Some(live) = store::live(&mut *services.db.read().await?, &session, now, unused_since).await? else { return Ok(None) };
    if live.seen_at.plus_seconds(TOUCH_SECONDS) <= now {
        let session = session.clone();
        let touched = services.db.write(move |db| Box::pin(async move { Ok(store::touch(db, &session, now).await?) })).await;
        if let Err(error) = touched {
            // A disk that cannot be written must not keep people from reading.
            tracing::warn!(cause = %error, "the use of a session could not be noted");
        }
    }
    Ok(Some(SignedIn { actor: live.actor, session }))
}

/// Ends the session for good.
pub async fn sign_out(services: &Services, signed_in: SignedIn) -> Result<(), AppError> {
    services.db.write(move |db| Box::pin(async move { Ok(store::end(db, &signed_in.session).await?) })).await
}

/// Changes the person's own password and ends their other sessions.
pub async fn change_password(services: &Services, signed_in: SignedIn, old: String, new: String) -> Result<(), AppError> {
    let now = services.clock.now();
    let user = organisations::user_by_id(&mut *services.db.read().await?, &signed_in.actor.user).await?.ok_or(AppError::SignedOut)?;
    not_locked(&user, now).map_err(at_old)?;
    if old.len() > 1_024 || !password::verify(&services.hashing, old, Some(user.password_hash.clone())).await? {
        // Whoever sits at a screen that was left open gets as many tries as at the sign-in page.
        return match note_failure(services, user, now).await? {
            Some(locked) => Err(at_old(locked)),
            None => Err(AppError::field("old", "原密码不正确。连续 5 次错误将锁定 15 分钟")),
        };
    }
    organisation::check_password(&user.login, &new).map_err(|error| AppError::field("new", error))?;
    let hash = password::hash(&services.hashing, new).await?;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                if !organisations::note_success(db, &user, now).await? {
                    not_locked(&reread(db, &user).await?, now).map_err(at_old)?;
                }
                organisations::change_own_password(db, &user, &hash).await?;
                store::end_others(db, &user.id, &signed_in.session).await?;
                Ok(())
            })
        })
        .await
}

/// The hash of a password that is set for someone else.
pub async fn hash_password(services: &Services, password: String) -> Result<String, AppError> {
    password::hash(&services.hashing, password).await
}

/// Ends every session of a person: they were disabled, or given another password.
pub async fn end_all(db: &mut sqlx::AnyConnection, user: &UserId) -> Result<(), AppError> {
    // No session is named by an empty text.
    Ok(store::end_others(db, user, "").await?)
}
