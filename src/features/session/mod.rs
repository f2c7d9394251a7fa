//! Signing in and out: passwords, server-side sessions, the sign-in page, and the person's own account page.
//!
//! Always: the cookie holds a random token of 256 bits and the table only its hash; a session gets a new token at sign-in, ends
//! when unused, ends absolutely, and is gone for good at sign-out (it is only ever updated, never inserted again).

#[cfg(feature = "ssr")]
pub mod commands;
#[cfg(feature = "ssr")]
pub mod handlers;
#[cfg(feature = "ssr")]
pub mod password;
#[cfg(feature = "ssr")]
mod store;

pub mod account;
pub mod api;
