//! Identities that the page makes by chance (UUIDs of version 4), so that what it adds is known before the server answers.

use crate::domain::ids::IdError;
use leptos::prelude::window;

/// A new id of the type asked for; nothing in a browser without chance.
pub fn new_id<T: TryFrom<String, Error = IdError>>() -> Option<T> {
    let crypto = window().crypto().ok()?;
    let mut bytes = [0_u8; 16];
    crypto.get_random_values_with_u8_array(&mut bytes).ok()?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = format!("{:032x}", u128::from_be_bytes(bytes));
    T::try_from(format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])).ok()
}
