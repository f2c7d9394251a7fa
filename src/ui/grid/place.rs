//! Where things lie on the screen: measuring, scrolling, widths of columns.

use super::select::At;
use super::stage::Stage;
use super::{SLOTS, Table};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys;

/// Where the columns and rows lie, in pixels, as measured.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// Height of a row.
    pub row: f64,
    /// Height of the head.
    pub head: f64,
    /// Left edge and width of each column; the pinned ones as they lie unscrolled.
    pub columns: Vec<(f64, f64)>,
    /// How many columns stay in sight, besides the row's number.
    pub pinned: usize,
    /// Where the scrolled columns begin: the right edge of what stays.
    pub edge: f64,
}

impl<T: Table> Stage<T> {
    /// Scrolls a cell into sight.
    pub fn bring(self, place: At) {
        let Some(scroller) = self.scroller.get_untracked() else { return };
        let Some(layout) = self.layout.get_untracked() else { return };
        let (top, height) = (f64::from(scroller.scroll_top()), f64::from(scroller.client_height()) - layout.head);
        let begin = pixels(place.row) * layout.row;
        if begin < top {
            scroller.set_scroll_top(whole(begin));
        } else if begin + layout.row > top + height {
            scroller.set_scroll_top(whole(begin + layout.row - height + 1.0));
        }
        let Some((left, width)) = layout.columns.get(place.column).copied() else { return };
        if place.column >= layout.pinned {
            let (scrolled, room) = (f64::from(scroller.scroll_left()), f64::from(scroller.client_width()));
            if left < scrolled + layout.edge {
                scroller.set_scroll_left(whole(left - layout.edge));
            } else if left + width > scrolled + room {
                scroller.set_scroll_left(whole((left + width - room).min(left - layout.edge)));
            }
        }
        self.scrolled();
    }

    /// Scrolls the page until the active cell is seen, under the bars that stay at its top.
    pub fn show_in_window(self) {
        /// What the bars at the top take of the window, and what is left under the cell.
        const ABOVE: f64 = 130.0;
        const BELOW: f64 = 60.0;
        request_animation_frame(move || {
            let Some(Some(input)) = self.input.try_get_untracked() else { return };
            let (place, window) = (input.get_bounding_client_rect(), window());
            let height = window.inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
            let by = if place.bottom() > height - BELOW {
                place.bottom() - height + BELOW
            } else if place.top() < ABOVE {
                place.top() - ABOVE
            } else {
                return;
            };
            window.scroll_by_with_x_and_y(0.0, by);
        });
    }

    /// After scrolling: which rows are drawn.
    pub fn scrolled(self) {
        let Some(scroller) = self.scroller.get_untracked() else { return };
        let row = self.layout.with_untracked(|layout| layout.as_ref().map_or(0.0, |layout| layout.row));
        if row <= 0.0 {
            return;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a scroll position is neither negative nor large")]
        let top = (f64::from(scroller.scroll_top()) / row) as usize;
        let last = self.table.rows().saturating_sub(SLOTS);
        let first = top.saturating_sub(6).min(last);
        if self.first.get_untracked() != first {
            self.first.set(first);
        }
        let aside = f64::from(scroller.scroll_left());
        if (self.aside.get_untracked() - aside).abs() > 0.5 {
            self.aside.set(aside);
        }
    }

    /// How many rows are seen at once.
    pub fn page(self) -> usize {
        let height = self.scroller.get_untracked().map_or(0.0, |scroller| f64::from(scroller.client_height()));
        self.layout.with_untracked(|layout| {
            let Some(layout) = layout else { return 1 };
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most a screen of rows")]
            let rows = ((height - layout.head) / layout.row) as usize;
            rows.max(1)
        })
    }

    /// Makes a column a little wider or narrower.
    pub fn widen(self, column: usize, narrower: bool) {
        let width =
            self.layout.with_untracked(|layout| layout.as_ref().and_then(|layout| layout.columns.get(column)).map(|(_, width)| *width));
        if let Some(width) = width {
            self.set_width(column, width + if narrower { -16.0 } else { 16.0 });
        }
    }

    /// Gives a column a width; the others keep the one they have.
    pub fn set_width(self, column: usize, width: f64) {
        let Some(layout) = self.layout.get_untracked() else { return };
        self.widths.update(|widths| {
            for (at, (_, now)) in layout.columns.iter().enumerate() {
                if let Some(slot) = widths.get_mut(at) {
                    *slot = Some(slot.unwrap_or(*now));
                }
            }
            if let Some(slot) = widths.get_mut(column) {
                *slot = Some(width.clamp(40.0, 1_200.0));
            }
        });
    }

    /// Reads from the page where things lie.
    pub fn measure(self) {
        let (Some(head), Some(body)) = (self.head.get_untracked(), self.body.get_untracked()) else { return };
        let Some(row) = body.first_element_child() else { return };
        let cells = head.children();
        let element = |at: u32| cells.item(at).and_then(|cell| cell.dyn_into::<web_sys::HtmlElement>().ok());
        let box_of = |cell: &web_sys::HtmlElement| (f64::from(cell.offset_left()), f64::from(cell.offset_width()));
        // The first head is that of the rows' numbers.
        let numbers = element(0).map_or((0.0, 0.0), |cell| box_of(&cell));
        let scrolled = self.scroller.get_untracked().map_or(0.0, |scroller| f64::from(scroller.scroll_left()));
        let is_pinned = |cell: &web_sys::HtmlElement| {
            window().get_computed_style(cell).ok().flatten().and_then(|style| style.get_property_value("position").ok()).as_deref()
                == Some("sticky")
        };
        let mut layout = Layout { head: f64::from(head.offset_height()), edge: 0.0, ..Layout::default() };
        let mut left = numbers.1;
        if element(0).is_some_and(|cell| is_pinned(&cell)) {
            layout.edge = numbers.1;
        }
        for at in 1..cells.length() {
            let Some(cell) = element(at) else { continue };
            let (_, width) = box_of(&cell);
            if is_pinned(&cell) {
                layout.pinned += 1;
                layout.edge += width;
            }
            layout.columns.push((left, width));
            left += width;
        }
        layout.row = row.get_bounding_client_rect().height();
        if layout.row > 0.0 && self.layout.with_untracked(|before| before.as_ref() != Some(&layout)) {
            self.aside.set(scrolled);
            self.layout.set(Some(layout));
            self.scrolled();
        }
    }
}

/// Sets a property of an element's own style: the policy of the page forbids it in markup and allows it to the program.
pub fn css(element: &web_sys::HtmlElement, name: &str, value: &str) {
    // A property that the browser does not know changes nothing.
    let _ = element.style().set_property(name, value);
}

/// A row's number as a factor of its height.
pub fn pixels(count: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a grid has far fewer rows than 2^52")]
    let pixels = count as f64;
    pixels
}

fn whole(pixels: f64) -> i32 {
    #[expect(clippy::cast_possible_truncation, reason = "a scroll position; browsers stop long before 2^31")]
    let whole = pixels.max(0.0).ceil() as i32;
    whole
}
