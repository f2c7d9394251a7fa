//! A table that is edited like a spreadsheet: 20 000 rows, ranges, clipboard, fill, undo, Chinese input, read by screen readers as a grid.
//!
//! The grid knows nothing of what it shows: a [`Table`] gives texts and takes what is typed. Always: a fixed number of row elements
//! ([`SLOTS`]) is drawn, whatever the length of the table; scrolling moves them. One text box lies over the active cell and has the
//! focus all the time, so that the first key of a Chinese word goes into it and not into nothing; it is seen while a cell is typed into.
//! Before the program runs, the first rows stand in the page as ordinary markup.
//!
//! Elsewhere: where keys lead is in [`select`], what they mean in [`keys`], the clipboard's forms in [`clip`], the steps of undo in [`history`].

pub mod clip;
mod clipboard;
mod editor;
mod fill;
pub mod history;
mod keys;
mod place;
mod pointer;
mod rows;
pub mod select;
mod stage;
mod view;

pub use select::{At, Selection, at};
pub use stage::GridControl;
pub use view::Grid;

/// Rows that are drawn at once: more than the tallest table shows, with some to spare on both sides for scrolling.
pub const SLOTS: usize = 44;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// A figure: to the right, in figures of equal width.
    Number,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Words, with these offered.
    Suggest(&'static [&'static str]),
    /// An address; shown as a link.
    Link,
    /// A mark that says what kind of row it is; never typed into.
    Chip,
    /// Something to do with the row; never typed into.
    Button,
}

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Stable ASCII name, for the page's tests and styles.
    pub code: &'static str,
    /// Its words.
    pub label: &'static str,
    /// The unit of its figures, such as 万元.
    pub unit: Option<&'static str>,
    /// What it holds.
    pub kind: Kind,
}

/// A cell as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Its text.
    pub text: String,
    /// Why it cannot be typed into.
    pub lock: Option<&'static str>,
    /// What is wrong.
    pub error: Option<String>,
    /// What should be looked at.
    pub warning: Option<String>,
    /// What else there is to say, such as the value under a changed one.
    pub note: Option<String>,
    /// Whether it says something else than what was collected.
    pub is_changed: bool,
    /// The address of a link; what an empty figure says; a second mark beside a chip; the full name of a button.
    pub aside: Option<String>,
    /// The tone of a chip or a button.
    pub tone: &'static str,
    /// Another value that stands against this one; the person chooses.
    pub rival: Option<String>,
}

/// A row as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowShown {
    /// Its number beside it, from 1.
    pub number: usize,
    /// Whether it is locked on the whole.
    pub is_locked: bool,
    /// Its cells, as many as there are columns.
    pub cells: Vec<Cell>,
}

/// What came of filling several cells at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Put {
    /// Cells that took the text.
    pub changed: usize,
    /// Cells that are locked and did not.
    pub locked: usize,
}

/// What a [`Grid`] shows and edits. Rows are named by their place in the view; the table knows how it is sorted and filtered.
pub trait Table: Copy + Send + Sync + 'static {
    /// Registers interest in every change, of texts, of order and of size.
    fn watch(&self);
    /// How many rows the view has.
    fn rows(&self) -> usize;
    /// A row of the view.
    fn row(&self, row: usize) -> Option<RowShown>;
    /// What a cell says, for copying and for jumps.
    fn text(&self, place: At) -> String;
    /// Whether the table is only looked at: nothing is typed, pasted or emptied.
    fn is_read_only(&self) -> bool {
        false
    }
    /// Whether a cell can be typed into.
    fn is_open(&self, place: At) -> bool;
    /// Typing into a cell begins.
    fn begin(&self, place: At);
    /// The text of the cell that is being typed into, at every key.
    fn typing(&self, place: At, text: String);
    /// Typing has ended: one step of undo.
    fn commit(&self);
    /// Typing is taken back, and the cell is as it was.
    fn take_back(&self);
    /// What there is to say of cells that were emptied and show a text all the same: so many the same one, so many another.
    fn cleared(&self, stays: usize, returns: usize) -> Option<String> {
        let _ = (stays, returns);
        None
    }

    /// Fills cells, as one step of undo; locked ones stay as they are.
    fn put(&self, cells: Vec<(At, String)>) -> Put;
    /// Takes the last step back; gives the cell to look at.
    fn undo(&self) -> Option<At>;
    /// Does it again.
    fn redo(&self) -> Option<At>;
    /// Does what a button of a row says.
    fn press(&self, place: At);
    /// Takes rows that another program put on the clipboard, more than one.
    fn paste(&self, rows: Vec<Vec<String>>, place: At);
    /// The person chose between two values of a cell.
    fn choose(&self, place: At, own: bool);
    /// Asks to sort by a column, or turns its order.
    fn sort(&self, column: usize);
    /// By which column the view is sorted, and whether downwards.
    fn sorted(&self) -> Option<(usize, bool)>;
    /// Says something for a moment.
    fn say(&self, words: String);
    /// What there is to say of a selected range, such as its sum.
    fn summary(&self, selection: &Selection) -> Option<String>;
    /// The focus has left the grid.
    fn left(&self);
}
