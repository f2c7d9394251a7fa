//! Bricks of the screens that know nothing of procurement: values go in, markup with the class names of `style/` comes out.
//!
//! What always holds: every brick renders the same on the server and in the browser, works without script as far as HTML can,
//! is reachable by keyboard, never says a thing by colour alone, and never writes a `style` attribute (the content security
//! policy would drop it). Text reaches the page escaped, also inside a `<textarea>`.
//!
//! The look is elsewhere: `style/index.css` opens with the whole vocabulary of classes. A brick stands here only where it removes
//! repetition or wiring that is easy to get wrong; a button is simply `<button class="button" data-kind="primary">`.

mod again;
mod confirm;
mod dialog;
mod field;
mod filter_bar;
mod focus;
pub mod grid;
mod icon;
mod live;
mod menu;
mod pager;
mod problem;
mod status_pill;
mod table;
mod tabs;
mod textarea;
mod timeline;
mod tone;

pub use again::Again;
pub use confirm::Confirm;
pub use dialog::Dialog;
pub use field::{ControlWiring, Field, Room};
pub use filter_bar::FilterBar;
pub use focus::focus_when_there;
pub use icon::{Glyph, Icon};
pub use live::{Live, Told};
pub use menu::Menu;
pub use pager::Pager;
pub use problem::Problem;
pub use status_pill::StatusPill;
pub use table::TableWrap;
pub use tabs::{Tab, Tabs};
pub use textarea::Textarea;
pub use timeline::{StepState, Timeline, TimelineStep};
pub use tone::Tone;
