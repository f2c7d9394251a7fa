//! The state of a grid on the screen: selection, what is typed into, where things lie; and everything a key or a pointer does to it.

use super::clip;
use super::keys::Act;
use super::place::{Layout, Seen};
use super::select::{At, Move, Selection, Size, Way, at, moved, tabbed};
use super::{Column, Kind, SLOTS, Table};
use leptos::html;
use leptos::prelude::*;
use leptos::web_sys;

/// Lets the page lead to a cell of a grid.
#[derive(Clone, Copy)]
pub struct GridControl {
    asked: RwSignal<Option<(At, bool)>>,
    active: StoredValue<Option<At>>,
}

impl GridControl {
    /// For one grid.
    #[expect(clippy::new_without_default, reason = "it makes a signal")]
    pub fn new() -> GridControl {
        GridControl { asked: RwSignal::new(None), active: StoredValue::new(None) }
    }

    /// Selects a cell, scrolls it into sight and puts the focus there.
    pub fn go(self, place: At) {
        self.asked.set(Some((place, true)));
    }

    /// The active cell.
    pub fn active(self) -> Option<At> {
        self.active.get_value()
    }

    /// Selects a cell and scrolls it into sight, and leaves the focus where it is.
    pub fn show(self, place: At) {
        self.asked.set(Some((place, false)));
    }
}

/// What is dragged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Drag {
    /// The other corner of a range.
    Range,
    /// The fill handle; the range as it was.
    Fill(Selection),
    /// The edge of a column: which, its width and the pointer's place at the beginning.
    Edge(usize, f64, f64),
}

/// Everything of one grid on the screen.
#[derive(Clone, Copy)]
pub struct Stage<T: Table> {
    /// What is shown.
    pub table: T,
    /// The columns.
    pub columns: StoredValue<Vec<Column>>,
    /// What is selected.
    pub selection: RwSignal<Option<Selection>>,
    /// Whether the active cell is typed into.
    pub editing: RwSignal<bool>,
    /// What stands in the text box while it is.
    pub typed: RwSignal<String>,
    /// Which of the offered words is chosen.
    pub offered: RwSignal<Option<usize>>,
    /// The first row that is drawn.
    pub first: RwSignal<usize>,
    /// How far it is scrolled to the side; only known while a pinned cell is active.
    pub aside: RwSignal<f64>,
    /// What is seen of the rows: asked of the page while it scrolls, since in the middle of changes the answer would cost a layout of its own.
    pub seen: StoredValue<Seen>,
    /// Where things lie; `None` before the program has measured.
    pub layout: RwSignal<Option<Layout>>,
    /// Whether the focus is in the grid.
    pub focused: RwSignal<bool>,
    /// What is dragged.
    pub drag: StoredValue<Option<Drag>>,
    /// Whether someone tried to type into the active cell although it is locked.
    pub knocked: RwSignal<bool>,
    /// Whether the next Tab leaves the grid.
    pub leaving: RwSignal<bool>,
    /// The column in which a row of Tabs began, to which Enter returns.
    pub tabbed_from: StoredValue<Option<usize>>,
    /// Widths that a person gave, in pixels.
    pub widths: RwSignal<Vec<Option<f64>>>,
    /// The part that scrolls.
    pub scroller: NodeRef<html::Div>,
    /// The row of heads.
    pub head: NodeRef<html::Div>,
    /// The rows.
    pub body: NodeRef<html::Div>,
    /// The text box.
    pub input: NodeRef<html::Input>,
}

impl<T: Table> Stage<T> {
    /// A grid that nobody has touched.
    pub fn new(table: T, columns: Vec<Column>, control: GridControl) -> Stage<T> {
        let widths = vec![None; columns.len()];
        let stage = Stage {
            table,
            columns: StoredValue::new(columns),
            selection: RwSignal::new(None),
            editing: RwSignal::new(false),
            typed: RwSignal::new(String::new()),
            offered: RwSignal::new(None),
            first: RwSignal::new(0),
            aside: RwSignal::new(0.0),
            seen: StoredValue::new(Seen::default()),
            layout: RwSignal::new(None),
            focused: RwSignal::new(false),
            drag: StoredValue::new(None),
            knocked: RwSignal::new(false),
            leaving: RwSignal::new(false),
            tabbed_from: StoredValue::new(None),
            widths: RwSignal::new(widths),
            scroller: NodeRef::new(),
            head: NodeRef::new(),
            body: NodeRef::new(),
            input: NodeRef::new(),
        };
        Effect::new(move || {
            // Waits for the measures, which a jump needs.
            if stage.layout.with(Option::is_none) {
                return;
            }
            if let Some((place, with_focus)) = control.asked.get() {
                control.asked.set(None);
                stage.finish();
                stage.select(Selection::cell(place));
                if with_focus {
                    stage.focus();
                    stage.show_in_window();
                }
            }
        });
        Effect::new(move || {
            let active = stage.selection.get().map(|selection| selection.active);
            control.active.try_set_value(active);
        });
        // Rows may have gone since.
        Effect::new(move || {
            stage.table.watch();
            let size = stage.size();
            if let Some(selection) = stage.selection.get_untracked() {
                let inside = selection.within(size);
                if inside != Some(selection) {
                    stage.selection.set(inside);
                }
            }
        });
        stage
    }

    /// How large the grid is now.
    pub fn size(self) -> Size {
        Size { rows: self.table.rows(), columns: self.columns.with_value(Vec::len) }
    }

    /// The kind of a column.
    pub fn kind(self, column: usize) -> Kind {
        self.columns.with_value(|columns| columns.get(column).map_or(Kind::Text, |column| column.kind))
    }

    /// The active cell, asked once.
    pub fn active(self) -> Option<At> {
        self.selection.get_untracked().map(|selection| selection.active)
    }

    /// The row that a slot shows: each row has its slot, so that scrolling by one row redraws one row.
    pub fn row_of(self, slot: usize) -> Option<usize> {
        let first = self.first.get();
        let row = first + (slot + SLOTS - first % SLOTS) % SLOTS;
        (row < self.table.rows()).then_some(row)
    }

    /// Selects, and brings the moving corner into sight.
    pub fn select(self, selection: Selection) {
        let Some(selection) = selection.within(self.size()) else { return };
        self.leaving.set(false);
        if self.selection.get_untracked() != Some(selection) {
            self.knocked.set(false);
            self.selection.set(Some(selection));
        }
        self.bring(selection.head);
    }

    /// Puts the focus into the text box without scrolling the page.
    pub fn focus(self) {
        if let Some(input) = self.input.get_untracked() {
            let options = web_sys::FocusOptions::new();
            options.set_prevent_scroll(true);
            // A box that cannot take the focus leaves it where it is.
            let _ = input.focus_with_options(&options);
        }
        self.put_caret();
    }

    /// Puts the caret into the text box while nothing is typed there. A browser gives a closed dialog's focus back without it, and a box without
    /// caret takes keys and no text.
    pub fn put_caret(self) {
        if let Some(input) = self.input.get_untracked().filter(|_| !self.editing.get_untracked()) {
            // Where it cannot be put it is not missed.
            let _ = input.set_selection_range(0, 0);
        }
    }

    /// Does what a key means. `false`: the browser shall do what it does.
    pub fn act(self, act: Act) -> bool {
        let Some(selection) = self.selection.get_untracked() else { return false };
        let (size, here) = (self.size(), selection.active);
        let filled = |place: At| !self.table.text(place).is_empty();
        match act {
            Act::Go(by) => self.step_to(moved(here, by, size, self.page(), filled)),
            Act::Extend(by) => {
                let head = moved(selection.head, by, size, self.page(), filled);
                self.select(Selection { active: here, head });
            }
            Act::Tab { back } => {
                if self.leaving.get_untracked() {
                    self.leaving.set(false);
                    return false;
                }
                self.take_offer();
                self.finish();
                let Some(next) = tabbed(here, back, size) else { return false };
                let from = self.tabbed_from.get_value().unwrap_or(here.column);
                self.select(Selection::cell(next));
                self.tabbed_from.set_value(Some(if next.row == here.row { from } else { next.column }));
            }
            Act::Enter { back } => {
                if !self.editing.get_untracked() && self.kind(here.column) == Kind::Button {
                    self.table.press(here);
                    return true;
                }
                self.take_offer();
                self.finish();
                let next = moved(here, Move::Step(if back { Way::Up } else { Way::Down }), size, 1, filled);
                // Behind a row of Tabs the next row begins where that one began.
                let column = self.tabbed_from.get_value().filter(|_| next.row != here.row).unwrap_or(here.column);
                self.step_to(at(next.row, column));
            }
            Act::Edit => self.edit(None),
            Act::Escape => {
                if self.editing.get_untracked() {
                    self.table.take_back();
                    self.close();
                } else if selection.is_range() {
                    self.select(Selection::cell(here));
                } else {
                    self.leaving.set(true);
                }
            }
            Act::Clear => self.clear(selection),
            Act::FillDown => self.fill_down(selection),
            Act::Undo => self.look_at(self.table.undo(), "没有可以撤销的操作"),
            Act::Redo => self.look_at(self.table.redo(), "没有可以重做的操作"),
            Act::All => self.spread(|_, _| ((0, size.rows - 1), (0, size.columns - 1))),
            Act::Rows => self.spread(|rows, _| (rows, (0, size.columns - 1))),
            Act::Columns => self.spread(|_, columns| ((0, size.rows - 1), columns)),
            Act::Offer { back } => {
                let count = self.offers().len();
                if count > 0 {
                    let now = self.offered.get_untracked();
                    let next = match (now, back) {
                        (None, false) => 0,
                        (None, true) => count - 1,
                        (Some(at), false) => (at + 1) % count,
                        (Some(at), true) => (at + count - 1) % count,
                    };
                    self.offered.set(Some(next));
                }
            }
            Act::Widen { narrower } => self.widen(here.column, narrower),
        }
        self.show_in_window();
        true
    }

    fn step_to(self, place: At) {
        self.tabbed_from.set_value(None);
        self.finish();
        self.select(Selection::cell(place));
    }

    /// Widens the range without leaving its corner.
    fn spread(self, corners: impl Fn((usize, usize), (usize, usize)) -> ((usize, usize), (usize, usize))) {
        let Some(selection) = self.selection.get_untracked() else { return };
        let ((top, bottom), (left, right)) = corners(selection.rows(), selection.columns());
        // The view stays where it is.
        self.selection.set(Selection { active: at(top, left), head: at(bottom, right) }.within(self.size()));
    }

    fn look_at(self, place: Option<At>, nothing: &str) {
        match place {
            Some(place) => self.select(Selection::cell(place)),
            None => self.table.say(nothing.to_owned()),
        }
    }

    /// Notes that someone wants to type into a cell that is locked: the reason is then said at the cell.
    pub fn knock(self) {
        let is_locked = |place: At| !self.table.is_read_only() && !self.table.is_open(place);
        if self.active().is_some_and(is_locked) {
            self.knocked.set(true);
        }
    }

    /// Opens the active cell: with what it holds, or with a text that was just typed.
    pub fn edit(self, with: Option<String>) {
        let Some(place) = self.active() else { return };
        if !self.table.is_open(place) {
            self.knock();
            return;
        }
        self.select(Selection::cell(place));
        self.table.begin(place);
        let text = with.unwrap_or_else(|| self.table.text(place));
        self.typed.set(text.clone());
        self.offered.set(None);
        self.editing.set(true);
        if let Some(input) = self.input.get_untracked()
            && input.value() != text
        {
            input.set_value(&text);
        }
    }

    /// A key changed the text box.
    pub fn typing(self, text: String) {
        let Some(place) = self.active() else { return };
        if !self.editing.get_untracked() {
            self.edit(Some(text.clone()));
        }
        if self.editing.get_untracked() {
            self.typed.set(text.clone());
            self.offered.set(None);
            self.table.typing(place, text);
        }
    }

    /// The words to choose from under the cell that is typed into.
    pub fn offers(self) -> Vec<&'static str> {
        if !self.editing.get() {
            return Vec::new();
        }
        let Some(place) = self.selection.get().map(|selection| selection.active) else { return Vec::new() };
        let typed = self.typed.get();
        let typed = typed.trim();
        match self.kind(place.column) {
            // What stands there whole is being replaced: all words are offered again.
            Kind::Choice(words) => {
                let fitting: Vec<_> = words.iter().copied().filter(|word| word.contains(typed)).collect();
                if fitting.is_empty() || words.contains(&typed) { words.to_vec() } else { fitting }
            }
            Kind::Suggest(words) if typed.is_empty() || words.iter().any(|word| word.contains(typed) && *word != typed) => words.to_vec(),
            Kind::Suggest(_) | Kind::Text | Kind::Number | Kind::Link | Kind::Chip | Kind::Button => Vec::new(),
        }
    }

    /// Types the chosen word, if one is: what both Enter and Tab end with.
    fn take_offer(self) {
        let offers = untrack(|| self.offers());
        let place = self.active();
        let chosen = self.offered.get_untracked().and_then(|at| offers.get(at).copied()).or_else(|| {
            // The beginning of one word alone means that word.
            let is_choice = place.is_some_and(|place| matches!(self.kind(place.column), Kind::Choice(_)));
            let typed = self.typed.get_untracked();
            (is_choice && !typed.trim().is_empty() && offers.len() == 1).then(|| offers[0])
        });
        if let Some(word) = chosen {
            self.typing(word.to_owned());
        }
    }

    /// Types an offered word and takes it.
    pub fn take(self, word: &'static str) {
        self.typing(word.to_owned());
        self.finish();
        self.focus();
    }

    /// Takes what was typed, if something was.
    pub fn finish(self) {
        if self.editing.get_untracked() {
            self.table.commit();
            self.close();
        }
    }

    fn close(self) {
        self.editing.set(false);
        self.offered.set(None);
        if let Some(input) = self.input.get_untracked() {
            input.set_value("");
        }
    }

    /// The texts of the range.
    pub fn texts(self) -> Vec<Vec<String>> {
        let Some(selection) = self.selection.get_untracked() else { return Vec::new() };
        let ((top, bottom), (left, right)) = (selection.rows(), selection.columns());
        (top..=bottom).map(|row| (left..=right).map(|column| self.table.text(at(row, column))).collect()).collect()
    }

    /// Pastes rows where one is: of our own grids as they lie, of other programs more than one row through the table.
    pub fn paste(self, rows: Vec<Vec<String>>, is_own: bool) {
        let Some(selection) = self.selection.get_untracked() else { return };
        let ((top, bottom), (left, right)) = (selection.rows(), selection.columns());
        if rows.len() > clip::MAX_ROWS {
            self.table.say(format!("粘贴的内容有 {} 行，一次最多 {} 行", rows.len(), clip::MAX_ROWS));
            return;
        }
        if self.table.is_read_only() {
            self.fill(Vec::new());
            return;
        }
        let is_single = matches!(&rows[..], [row] if row.len() == 1);
        if rows.len() > 1 && !is_own {
            self.table.paste(rows, at(top, left));
            return;
        }
        let size = self.size();
        let cells: Vec<(At, String)> = if is_single {
            selection.cells().map(|place| (place, rows[0][0].clone())).collect()
        } else {
            // A range that holds the block several times is filled with it.
            let (height, width) = (rows.len(), rows.iter().map(Vec::len).max().unwrap_or(1));
            let times = |room: usize, block: usize| if room > block && room.is_multiple_of(block) { room } else { block };
            let (height, width) = (times(bottom - top + 1, height), times(right - left + 1, width));
            let inside = |row: usize, column: usize| top + row < size.rows && left + column < size.columns;
            (0..height)
                .flat_map(|row| (0..width).map(move |column| (row, column)))
                .filter(|(row, column)| inside(*row, *column))
                .filter_map(|(row, column)| {
                    let from = &rows[row % rows.len()];
                    let text = if from.is_empty() { None } else { from.get(column % from.len().max(1)) };
                    text.map(|text| (at(top + row, left + column), text.clone()))
                })
                .collect()
        };
        let last = cells
            .iter()
            .map(|(place, _)| *place)
            .fold(at(top, left), |far, place| at(far.row.max(place.row), far.column.max(place.column)));
        self.fill(cells);
        self.selection.set(Some(Selection { active: at(top, left), head: last }));
    }
}
