//! Where things lie on the screen: measuring, scrolling, widths of columns.

use super::select::At;
use super::stage::Stage;
use super::{SLOTS, Table};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys;

/// What stands around a grid, with its title.
const CARD: &str = ".panel";
/// What can stay at the top of the window.
const BARS: &str = ".topbar, .page-head[data-sticky], .left-behind";
/// What is left free between the bars and what is shown under them, and under the cell for what is said of it.
const GAP: f64 = 8.0;
const BELOW: f64 = 60.0;
/// The height of a card's title.
const TITLE: f64 = 48.0;

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

    /// Scrolls the page until the active cell is seen, under the bars that stay at its top; and the title of the grid's card whole, where
    /// the window has room for both.
    pub fn show_in_window(self) {
        request_animation_frame(move || {
            let Some(Some(input)) = self.input.try_get_untracked() else { return };
            let (cell, window) = (input.get_bounding_client_rect(), window());
            let card = input.closest(CARD).ok().flatten().map(|card| card.get_bounding_client_rect().top());
            let height = window.inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
            let by = way(Sight { cell: (cell.top(), cell.bottom()), card, bars: bars(), height });
            if by != 0.0 {
                window.scroll_by_with_x_and_y(0.0, by);
            }
        });
    }

    /// After scrolling: which rows are drawn.
    pub fn scrolled(self) {
        let Some(scroller) = self.scroller.get_untracked() else { return };
        let row = self.layout.with_untracked(|layout| layout.as_ref().map_or(0.0, |layout| layout.row));
        if row <= 0.0 {
            return;
        }
        let top = f64::from(scroller.scroll_top());
        self.seen.set_value(Seen::of(&scroller));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a scroll position is neither negative nor large")]
        let top = (top / row) as usize;
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
        let mut layout = Layout { head: f64::from(head.offset_height()), edge: 0.0, ..Layout::default() };
        let mut left = numbers.1;
        if element(0).is_some_and(|cell| is_sticky(&cell)) {
            layout.edge = numbers.1;
        }
        for at in 1..cells.length() {
            let Some(cell) = element(at) else { continue };
            let (_, width) = box_of(&cell);
            if is_sticky(&cell) {
                layout.pinned += 1;
                layout.edge += width;
            }
            layout.columns.push((left, width));
            left += width;
        }
        layout.row = row.get_bounding_client_rect().height();
        if let Some(scroller) = self.scroller.get_untracked() {
            self.seen.set_value(Seen::of(&scroller));
        }
        if layout.row > 0.0 && self.layout.with_untracked(|before| before.as_ref() != Some(&layout)) {
            self.aside.set(scrolled);
            self.layout.set(Some(layout));
            self.scrolled();
        }
    }
}

/// What a grid shows of its rows, in pixels from their beginning.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    /// The first pixel from the left.
    pub left: f64,
    /// The first pixel beyond the right edge.
    pub right: f64,
    /// The first pixel beneath the lower edge.
    pub bottom: f64,
}

impl Seen {
    fn of(scroller: &web_sys::Element) -> Seen {
        let left = f64::from(scroller.scroll_left());
        let bottom = f64::from(scroller.scroll_top()) + f64::from(scroller.client_height());
        Seen { left, right: left + f64::from(scroller.client_width()), bottom }
    }
}

/// What is seen of a grid, in pixels from the top of the window.
#[derive(Clone, Copy, Debug)]
struct Sight {
    /// The upper and lower edge of the active cell.
    cell: (f64, f64),
    /// The upper edge of the card.
    card: Option<f64>,
    /// The lower edge of the bars that stay at the top.
    bars: f64,
    /// The height of the window.
    height: f64,
}

/// How far the page is to be scrolled: not at all where the cell is seen and no bar cuts the card's title through.
fn way(sight: Sight) -> f64 {
    let Sight { cell: (top, bottom), card, bars, height } = sight;
    let (first, last) = (bars + GAP, height - BELOW);
    let is_seen = top >= first && bottom <= last;
    let is_cut = |card: f64| card < bars && card + TITLE > bars;
    if is_seen && !card.is_some_and(is_cut) {
        return 0.0;
    }
    // The card's title right under the bars, if the cell is seen then.
    let to_card = card.map(|card| card - first).filter(|by| top - by >= first && bottom - by <= last);
    to_card.unwrap_or(if is_seen {
        0.0
    } else if top < first {
        top - first
    } else {
        bottom - last
    })
}

/// The lower edge of the bars that stay at the top of the window, where they stay: how high they are depends on their words.
fn bars() -> f64 {
    let Ok(found) = document().query_selector_all(BARS) else { return 0.0 };
    let lower_edge = |at| {
        let bar = found.item(at)?.dyn_into::<web_sys::HtmlElement>().ok()?;
        let top = style(&bar, "top").strip_suffix("px")?.parse::<f64>().ok()?;
        is_sticky(&bar).then(|| top + f64::from(bar.offset_height()))
    };
    (0..found.length()).filter_map(lower_edge).fold(0.0, f64::max)
}

fn is_sticky(element: &web_sys::Element) -> bool {
    style(element, "position") == "sticky"
}

fn style(element: &web_sys::Element, name: &str) -> String {
    let style = window().get_computed_style(element).ok().flatten();
    style.and_then(|style| style.get_property_value(name).ok()).unwrap_or_default()
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WINDOW: Sight = Sight { cell: (400.0, 434.0), card: Some(200.0), bars: 110.0, height: 900.0 };

    #[track_caller]
    fn is(way: f64, expected: f64, why: &str) {
        assert!((way - expected).abs() < f64::EPSILON, "{way} instead of {expected}: {why}");
    }

    #[test]
    fn e3_a_jump_shows_the_cards_title_whole_under_the_bars() {
        is(way(WINDOW), 0.0, "everything is seen");
        is(way(Sight { card: Some(90.0), ..WINDOW }), -28.0, "the title was cut");
        is(way(Sight { card: Some(-300.0), ..WINDOW }), 0.0, "gone whole it is not missed");
        is(way(Sight { cell: (1_000.0, 1_034.0), card: Some(500.0), ..WINDOW }), 382.0, "below the window");
        is(way(Sight { cell: (60.0, 94.0), card: Some(-200.0), ..WINDOW }), -318.0, "under the bars");
        let low = Sight { height: 400.0, cell: (1_000.0, 1_034.0), card: Some(500.0), ..WINDOW };
        is(way(low), 694.0, "no room for both: the cell");
        is(way(Sight { card: None, cell: (60.0, 94.0), ..WINDOW }), -58.0, "without a card");
    }

    proptest! {
        /// Wherever things lie: the cell is seen after it, if the window has room for it, and a second look moves nothing.
        #[test]
        fn e3_a_jump_ends_with_the_cell_in_sight(top in -3_000_i32..3_000, above in 40_i32..900, bars in 0_i32..220, height in 420_i32..1_400, carded: bool) {
            let (top, bars, height) = (f64::from(top), f64::from(bars), f64::from(height));
            let sight = Sight { cell: (top, top + 34.0), card: carded.then(|| top - f64::from(above)), bars, height };
            let by = way(sight);
            let after = Sight { cell: (top - by, top + 34.0 - by), card: sight.card.map(|card| card - by), ..sight };
            prop_assert!(after.cell.0 >= bars + GAP - 0.001 && after.cell.1 <= height - BELOW + 0.001, "{:?}", after);
            let again = way(after);
            prop_assert!(again.abs() < 0.001, "{:?} {}", after, again);
        }
    }
}
