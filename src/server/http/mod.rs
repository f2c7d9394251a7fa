//! HTTP that is the same for every feature: the security floor, the answers to failures, the static files, what is kept ready,
//! the limit of requests, the listener.

pub mod answer;
pub mod assets;
pub mod attachment;
pub mod extract;
pub mod floor;
pub mod limit;
pub mod listen;
pub mod packing;
pub mod shelf;
pub mod upload;
