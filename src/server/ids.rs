//! New identities: UUIDs of version 7, made at the time of the deed so that they sort by it.

use crate::domain::calendar::Moment;
use crate::domain::ids::IdError;
use crate::error::AppError;
use crate::server::fault::fault;

/// A new id of the type asked for.
pub fn new_id<T: TryFrom<String, Error = IdError>>(now: Moment) -> Result<T, AppError> {
    let millis = u64::try_from(now.millis()).unwrap_or_default();
    let mut random = [0_u8; 10];
    getrandom::fill(&mut random).map_err(|error| fault(&error))?;
    let id = uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid();
    T::try_from(id.hyphenated().to_string()).map_err(|error| fault(&error))
}
