//! 合同: the rows that everything else is counted from, as imported or entered by hand.
//!
//! Always: a row's key is (采购人, 合同编号, 标项); importing it again updates it; an import is stored whole or not at all. What the platform
//! has given is changed by no hand.
//! Elsewhere: what a row means is `domain::contract`, what a table or a form may say is `domain::sheet`. Others ask [`commands`].

mod address;
pub mod api;
pub mod columns;
#[cfg(feature = "ssr")]
pub mod commands;
#[cfg(feature = "ssr")]
pub mod decode;
pub mod entry;
#[cfg(feature = "ssr")]
pub mod explanation;
#[cfg(feature = "ssr")]
pub mod export;
pub mod import;
pub mod list;
#[cfg(feature = "ssr")]
mod store;

use crate::ui::Tone;

/// The colour of a verdict, by its code.
fn verdict_tone(kind: &str) -> Tone {
    match kind {
        "counted" => Tone::Ok,
        "needs_input" => Tone::Warn,
        "error" => Tone::Bad,
        _ => Tone::Neutral,
    }
}
