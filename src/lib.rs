//! setaside: accounts for procurement reserved for small and medium enterprises, from contract rows to the published
//! announcement. ARCHITECTURE.md is the map; the modules below stand in reading order.

#![recursion_limit = "512"]
#![cfg_attr(not(feature = "ssr"), allow(dead_code, reason = "the browser uses a part of the rule book"))]

#[cfg(all(feature = "test-clock", not(debug_assertions)))]
compile_error!("the feature test-clock lets anyone set the server's clock: it must never be in a release build");

pub mod app;
#[cfg(feature = "ssr")]
pub mod demo;
pub mod domain;
pub mod error;
pub mod features;
#[cfg(feature = "ssr")]
pub mod server;
#[cfg(feature = "ssr")]
pub mod startup;
pub mod ui;
pub mod wire;

#[cfg(feature = "hydrate")]
mod browser;
