//! argon2id, a few at a time and never on a thread that answers requests.

use crate::error::AppError;
use crate::server::fault::fault;
use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// OWASP's floor for argon2id: 19 MiB, two passes, one lane.
fn hasher() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19 * 1024, 2, 1, None).unwrap_or_default())
}

/// The PHC text of a password.
pub async fn hash(limit: &Arc<Semaphore>, password: String) -> Result<String, AppError> {
    let _permit = limit.acquire().await.map_err(|_| AppError::Busy)?;
    let mut salt = [0_u8; 16];
    getrandom::fill(&mut salt).map_err(|error| fault(&error))?;
    let hashed = tokio::task::spawn_blocking(move || {
        let salt = SaltString::encode_b64(&salt)?;
        hasher().hash_password(password.as_bytes(), &salt).map(|hash| hash.to_string())
    });
    hashed.await.map_err(|error| fault(&error))?.map_err(|error| fault(&error))
}

/// Whether `password` is the one behind `stored`; without a stored one the same time is spent and the answer is no.
pub async fn verify(limit: &Arc<Semaphore>, password: String, stored: Option<String>) -> Result<bool, AppError> {
    // Of a random password that nobody knows: an unknown name costs what a known one costs.
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2V0YXNpZGUtbm9ib2R5$jmKMdAaZaFl2kXFB3w5tVQ8pQd5gmPGDlN3RQ5jDq0c";
    let _permit = limit.acquire().await.map_err(|_| AppError::Busy)?;
    let verified = tokio::task::spawn_blocking(move || {
        let is_known = stored.is_some();
        let stored = stored.unwrap_or_else(|| NOBODY.to_owned());
        let fits = PasswordHash::new(&stored).is_ok_and(|hash| hasher().verify_password(password.as_bytes(), &hash).is_ok());
        is_known && fits
    });
    verified.await.map_err(|error| fault(&error))
}
