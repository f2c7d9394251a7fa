//! Small line drawings beside words. They are decoration: the word beside them says it.

use leptos::prelude::*;

/// What an [`Icon`] shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// A tick.
    Check,
    /// A cross: close, remove.
    Cross,
    /// A triangle with an exclamation mark.
    Warning,
    /// A ring with a bar: refused, wrong.
    Refused,
    /// A ring with an i.
    Info,
    /// A padlock.
    Lock,
    /// An arrow out of a box: leads outside.
    Outside,
    /// An arrow to the left.
    Back,
    /// Three bars.
    Bars,
    /// A magnifying glass.
    Search,
    /// A bell.
    Bell,
    /// A sheet of paper.
    File,
}

impl Glyph {
    /// The strokes, in a square of 16 units.
    fn strokes(self) -> &'static str {
        match self {
            Self::Check => "M3 8.5 6.5 12 13 4.5",
            Self::Cross => "M4 4l8 8M12 4l-8 8",
            Self::Warning => "M8 2.2 14.5 13.5h-13zM8 6.5v3.4M8 11.6v.4",
            Self::Refused => "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8M4.8 8h6.4",
            Self::Info => "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8M8 7.2v4M8 4.8v.4",
            Self::Lock => "M3.5 7.2h9v6.3h-9zM5.3 7.2V5a2.7 2.7 0 0 1 5.4 0v2.2",
            Self::Outside => "M6.5 3.5h-3v9h9v-3M9 3h4v4M13 3 7.5 8.5",
            Self::Back => "M10 3 5 8l5 5",
            Self::Bars => "M2.5 4h11M2.5 8h11M2.5 12h11",
            Self::Search => "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.3 10.3 14 14",
            Self::Bell => "M3.2 11.5h9.6L11.6 9.8V7a3.6 3.6 0 0 0-7.2 0v2.8zM6.6 13.6h2.8",
            Self::File => "M4 1.8h5l3 3v9.4H4zM9 1.8v3h3",
        }
    }
}

/// A small drawing of the text's height and colour, hidden from screen readers.
#[component]
pub fn Icon(glyph: Glyph) -> impl IntoView {
    view! {
        <svg
            class="icon"
            viewBox="0 0 16 16"
            fill="none"
            stroke="currentColor"
            stroke-width="1.4"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
            focusable="false"
        >
            <path d=glyph.strokes()></path>
        </svg>
    }
}
