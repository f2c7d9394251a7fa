//! 合同.
#[cfg(feature = "ssr")]
pub mod decode;
