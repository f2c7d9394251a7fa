//! HTTP that is the same for every feature: the security floor, the answers to failures, the static files, the listener.

pub mod answer;
pub mod assets;
pub mod attachment;
pub mod extract;
pub mod floor;
pub mod listen;
pub mod upload;
