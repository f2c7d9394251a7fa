//! A picture as SVG, written out: places across are shares of the width, places down and text are in the size of the page's text.
//!
//! Always: nothing in it is measured and nothing is scaled, so that text is as large as elsewhere on the page, at any width and text size;
//! colours come from the style sheet by class, whatever is written is escaped, and there is no style attribute, which the pages do not allow.

use crate::domain::announcement::render::escape;
use std::fmt::Write as _;

/// At which widths a text is shown: there is less room for labels on a phone, or with larger text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// Below 24 times the size of the text.
    pub narrow: bool,
    /// From there to 48 times.
    pub middle: bool,
    /// Above.
    pub wide: bool,
}

impl Room {
    /// Everywhere.
    pub const ANY: Room = Room { narrow: true, middle: true, wide: true };
    /// Only where there is little.
    pub const LITTLE: Room = Room { narrow: true, middle: false, wide: false };
    /// Where there is enough.
    pub const ENOUGH: Room = Room { narrow: false, middle: true, wide: true };

    fn attribute(self) -> String {
        let names = [(self.narrow, "narrow"), (self.middle, "middle"), (self.wide, "wide")];
        let shown: Vec<&str> = names.iter().filter(|(is_shown, _)| *is_shown).map(|(_, name)| *name).collect();
        if shown.len() == names.len() { String::new() } else { format!(" data-at=\"{}\"", shown.join(" ")) }
    }
}

/// Which part of a text stands at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Its beginning.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

impl Anchor {
    const fn name(self) -> &'static str {
        match self {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        }
    }
}

/// Hundredths of a percent of the width.
pub type Across = i64;
/// Hundredths of the size of the text.
pub type Down = i64;

/// The whole width.
pub const WHOLE: Across = 10_000;

fn hundredths(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", value.abs() / 100, value.abs() % 100)
}

/// A picture that is being drawn.
#[derive(Debug)]
pub struct Svg {
    id: &'static str,
    html: String,
}

impl Svg {
    /// Begins a picture; `id` is its own on the page, `title` and `words` are what it says to whoever does not see it.
    pub fn new(id: &'static str, title: &str, words: &str, height: Down) -> Svg {
        let mut svg = Svg { id, html: String::new() };
        let height = hundredths(height);
        svg.put(&format!(
            "<svg class=\"chart\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"{id}-title\" aria-describedby=\"{id}-words\" width=\"100%\" height=\"{height}em\" focusable=\"false\"><title id=\"{id}-title\">"
        ));
        escape(title, &mut svg.html);
        svg.put(&format!("</title><desc id=\"{id}-words\">"));
        escape(words, &mut svg.html);
        svg.put("</desc><defs>");
        for (name, drawing) in PATTERNS {
            svg.put(&format!(
                "<pattern id=\"{id}-{name}\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\"><rect class=\"chart-{name}\" width=\"8\" height=\"8\"/><path class=\"chart-ink chart-ink-{name}\" d=\"{drawing}\"/></pattern>"
            ));
        }
        svg.put("</defs>");
        svg
    }

    fn put(&mut self, text: &str) {
        self.html.push_str(text);
    }

    /// A text on a line.
    pub fn text(&mut self, class: &str, at: (Across, Down), anchor: Anchor, room: Room, words: &str) {
        let (x, y, anchor, room) = (hundredths(at.0), hundredths(at.1), anchor.name(), room.attribute());
        // Writing to a String cannot fail.
        let _ = write!(self.html, "<text class=\"{class}\" x=\"{x}%\" y=\"{y}em\" text-anchor=\"{anchor}\"{room}>");
        escape(words, &mut self.html);
        self.put("</text>");
    }

    /// A bar, filled with a pattern.
    pub fn bar(&mut self, pattern: &str, across: (Across, Across), down: (Down, Down)) {
        let (x, width) = (hundredths(across.0), hundredths(across.1));
        let (y, height) = (hundredths(down.0), hundredths(down.1));
        let id = self.id;
        let _ = write!(
            self.html,
            "<rect class=\"chart-bar\" fill=\"url(#{id}-{pattern})\" x=\"{x}%\" width=\"{width}%\" y=\"{y}em\" height=\"{height}em\"/>"
        );
    }

    /// A line.
    pub fn line(&mut self, class: &str, from: (Across, Down), to: (Across, Down)) {
        let (x1, y1, x2, y2) = (hundredths(from.0), hundredths(from.1), hundredths(to.0), hundredths(to.1));
        let _ = write!(self.html, "<line class=\"{class}\" x1=\"{x1}%\" y1=\"{y1}em\" x2=\"{x2}%\" y2=\"{y2}em\"/>");
    }

    /// A point.
    pub fn dot(&mut self, class: &str, at: (Across, Down)) {
        let (x, y) = (hundredths(at.0), hundredths(at.1));
        let _ = write!(self.html, "<circle class=\"{class}\" cx=\"{x}%\" cy=\"{y}em\" r=\"0.32em\"/>");
    }

    /// The whole picture.
    pub fn end(mut self) -> String {
        self.put("</svg>");
        self.html
    }
}

/// What bars are filled with: each is told from the others by its drawing, whatever the colours.
const PATTERNS: [(&str, &str); 6] = [
    // Small and micro; the whole of which they are a part is hatched.
    ("part", ""),
    ("all", "M-2 2L2 -2M-2 10L10 -2M6 10L10 6"),
    ("second", "M-2 6L2 10M-2 -2L10 10M6 -2L10 2"),
    ("third", "M2 2h2v2h-2zM6 6h2v2h-2z"),
    ("fourth", "M0 2h8M0 6h8"),
    ("none", ""),
];

/// A small field that shows a pattern of the picture of this id, for a list that explains it.
pub fn swatch(id: &str, pattern: &str) -> String {
    format!(
        "<svg class=\"chart-swatch\" aria-hidden=\"true\" focusable=\"false\" width=\"1.4em\" height=\"0.9em\"><rect class=\"chart-bar\" fill=\"url(#{id}-{pattern})\" width=\"100%\" height=\"100%\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e12_whatever_is_written_into_a_picture_stays_text_and_nothing_is_styled_in_place() {
        let mut svg = Svg::new("x", "<script>", "\"a\" & b", 1_050);
        svg.text("chart-text", (5_000, 120), Anchor::Middle, Room::LITTLE, "</text><script>alert(1)</script>");
        svg.bar("part", (0, 3_725), (140, 90));
        let html = svg.end();
        assert!(!html.contains("<script") && !html.contains("style="), "{html}");
        for part in [
            "role=\"img\"",
            "aria-labelledby=\"x-title\" aria-describedby=\"x-words\"",
            "height=\"10.50em\"",
            "<desc id=\"x-words\">&quot;a&quot; &amp; b</desc>",
            "x=\"50.00%\" y=\"1.20em\" text-anchor=\"middle\" data-at=\"narrow\"",
            "fill=\"url(#x-part)\" x=\"0.00%\" width=\"37.25%\"",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
    }
}
