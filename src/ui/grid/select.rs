//! Where one is in a grid: the active cell, the range around it, and how keys move both.
//!
//! Always: both corners of a range lie inside the grid; the active cell is one of the corners. A grid without rows has no selection.

/// A cell by its place: row and column from 0, as they are shown now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct At {
    /// Row in the view.
    pub row: usize,
    /// Column.
    pub column: usize,
}

/// Shorthand for [`At`].
pub const fn at(row: usize, column: usize) -> At {
    At { row, column }
}

/// The size of a grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Rows in the view.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
}

impl Size {
    /// The nearest cell inside; `None` without any.
    pub fn clamp(self, place: At) -> Option<At> {
        let (last_row, last_column) = (self.rows.checked_sub(1)?, self.columns.checked_sub(1)?);
        Some(at(place.row.min(last_row), place.column.min(last_column)))
    }
}

/// A direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A row up.
    Up,
    /// A row down.
    Down,
    /// A column to the left.
    Left,
    /// A column to the right.
    Right,
}

/// How far a key moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// One cell.
    Step(Way),
    /// To the edge of the filled cells, as Ctrl with an arrow does in a spreadsheet.
    Jump(Way),
    /// As many rows as are seen at once, up.
    PageUp,
    /// The same, down.
    PageDown,
    /// To the first column.
    Home,
    /// To the last column.
    End,
    /// To the first cell.
    First,
    /// To the last cell.
    Last,
}

/// The active cell with a range that reaches from it to `head`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Where typing goes.
    pub active: At,
    /// The other corner.
    pub head: At,
}

impl Selection {
    /// One cell.
    pub const fn cell(active: At) -> Selection {
        Selection { active, head: active }
    }

    /// First and last row.
    pub fn rows(&self) -> (usize, usize) {
        ordered(self.active.row, self.head.row)
    }

    /// First and last column.
    pub fn columns(&self) -> (usize, usize) {
        ordered(self.active.column, self.head.column)
    }

    /// Whether a cell lies in the range.
    pub fn holds(&self, place: At) -> bool {
        let ((top, bottom), (left, right)) = (self.rows(), self.columns());
        (top..=bottom).contains(&place.row) && (left..=right).contains(&place.column)
    }

    /// What of it lies in a row; `None` where nothing does.
    pub fn in_row(&self, row: usize) -> Option<InRow> {
        let (top, bottom) = self.rows();
        (top..=bottom).contains(&row).then(|| InRow {
            active: (self.active.row == row).then_some(self.active.column),
            range: self.is_range().then(|| self.columns()),
        })
    }

    /// Whether it is more than one cell.
    pub fn is_range(&self) -> bool {
        self.active != self.head
    }

    /// Every cell of the range, row by row.
    pub fn cells(&self) -> impl Iterator<Item = At> {
        let ((top, bottom), (left, right)) = (self.rows(), self.columns());
        (top..=bottom).flat_map(move |row| (left..=right).map(move |column| at(row, column)))
    }

    /// How many cells it is.
    pub fn count(&self) -> usize {
        let ((top, bottom), (left, right)) = (self.rows(), self.columns());
        (bottom - top + 1) * (right - left + 1)
    }

    /// The same inside a grid that may have shrunk.
    pub fn within(&self, size: Size) -> Option<Selection> {
        Some(Selection { active: size.clamp(self.active)?, head: size.clamp(self.head)? })
    }
}

/// What of a selection lies in one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InRow {
    /// The column of the active cell, if it is in this row.
    pub active: Option<usize>,
    /// First and last column of the range, if it is more than the active cell.
    range: Option<(usize, usize)>,
}

impl InRow {
    /// Whether a column lies in the range.
    pub fn holds(&self, column: usize) -> bool {
        self.range.is_some_and(|(left, right)| (left..=right).contains(&column))
    }
}

fn ordered(a: usize, b: usize) -> (usize, usize) {
    (a.min(b), a.max(b))
}

/// Where `by` leads from `from`. `is_filled` is asked for jumps; `page` is how many rows are seen at once.
pub fn moved(from: At, by: Move, size: Size, page: usize, is_filled: impl Fn(At) -> bool) -> At {
    let step = |place: At, way: Way| match way {
        Way::Up => at(place.row.saturating_sub(1), place.column),
        Way::Down => at(place.row + 1, place.column),
        Way::Left => at(place.row, place.column.saturating_sub(1)),
        Way::Right => at(place.row, place.column + 1),
    };
    let inside = |place: At| size.clamp(place).unwrap_or(from);
    match by {
        Move::Step(way) => inside(step(from, way)),
        Move::PageUp => at(from.row.saturating_sub(page.max(1)), from.column),
        Move::PageDown => inside(at(from.row + page.max(1), from.column)),
        Move::Home => at(from.row, 0),
        Move::End => inside(at(from.row, usize::MAX)),
        Move::First => at(0, 0),
        Move::Last => inside(at(usize::MAX, usize::MAX)),
        Move::Jump(way) => {
            let next = |place: At| Some(inside(step(place, way))).filter(|there| *there != place);
            let Some(mut here) = next(from) else { return from };
            if is_filled(from) && is_filled(here) {
                // To the end of this block of filled cells.
                while let Some(there) = next(here).filter(|there| is_filled(*there)) {
                    here = there;
                }
            } else {
                // Over the empty cells to the next filled one, or to the edge.
                while !is_filled(here) {
                    let Some(there) = next(here) else { break };
                    here = there;
                }
            }
            here
        }
    }
}

/// The next cell for Tab, row by row; `None` at the end (or at the beginning, backwards), where Tab leaves the grid.
pub fn tabbed(from: At, back: bool, size: Size) -> Option<At> {
    match (back, from.row, from.column) {
        (false, row, column) if column + 1 < size.columns => Some(at(row, column + 1)),
        (false, row, _) if row + 1 < size.rows => Some(at(row + 1, 0)),
        (true, row, column) if column > 0 => Some(at(row, column - 1)),
        (true, row, _) if row > 0 => Some(at(row - 1, size.columns.saturating_sub(1))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SIZE: Size = Size { rows: 20_000, columns: 12 };

    fn go(from: At, by: Move) -> At {
        moved(from, by, SIZE, 20, |_| true)
    }

    #[test]
    fn e3_arrows_stop_at_the_edges() {
        assert_eq!(go(at(0, 0), Move::Step(Way::Up)), at(0, 0));
        assert_eq!(go(at(0, 0), Move::Step(Way::Left)), at(0, 0));
        assert_eq!(go(at(19_999, 11), Move::Step(Way::Down)), at(19_999, 11));
        assert_eq!(go(at(19_999, 11), Move::Step(Way::Right)), at(19_999, 11));
        assert_eq!(go(at(5, 5), Move::Step(Way::Down)), at(6, 5));
    }

    #[test]
    fn e3_home_end_and_pages() {
        assert_eq!(go(at(7, 5), Move::Home), at(7, 0));
        assert_eq!(go(at(7, 5), Move::End), at(7, 11));
        assert_eq!(go(at(7, 5), Move::First), at(0, 0));
        assert_eq!(go(at(7, 5), Move::Last), at(19_999, 11));
        assert_eq!(go(at(7, 5), Move::PageUp), at(0, 5));
        assert_eq!(go(at(7, 5), Move::PageDown), at(27, 5));
    }

    #[test]
    fn e3_ctrl_with_an_arrow_goes_to_the_edge_of_the_filled_cells() {
        // Column 0: rows 0–2 filled, 3–4 empty, 5 filled, the rest empty.
        let filled = |place: At| matches!(place.row, 0..=2 | 5);
        let size = Size { rows: 10, columns: 1 };
        let jump = |row, way| moved(at(row, 0), Move::Jump(way), size, 5, filled).row;
        assert_eq!(jump(0, Way::Down), 2);
        assert_eq!(jump(2, Way::Down), 5);
        assert_eq!(jump(3, Way::Down), 5);
        assert_eq!(jump(5, Way::Down), 9, "nothing below: the edge");
        assert_eq!(jump(9, Way::Up), 5);
        assert_eq!(jump(5, Way::Up), 2);
        assert_eq!(jump(0, Way::Up), 0);
    }

    #[test]
    fn e3_tab_goes_on_in_the_next_row_and_out_at_the_end() {
        let size = Size { rows: 2, columns: 3 };
        assert_eq!(tabbed(at(0, 2), false, size), Some(at(1, 0)));
        assert_eq!(tabbed(at(1, 2), false, size), None);
        assert_eq!(tabbed(at(1, 0), true, size), Some(at(0, 2)));
        assert_eq!(tabbed(at(0, 0), true, size), None);
    }

    #[test]
    fn e3_a_range_holds_its_corners_whichever_way_it_was_drawn() {
        let drawn = Selection { active: at(5, 3), head: at(2, 4) };
        assert_eq!((drawn.rows(), drawn.columns(), drawn.count()), ((2, 5), (3, 4), 8));
        assert!(drawn.holds(at(2, 3)) && drawn.holds(at(5, 4)) && !drawn.holds(at(6, 3)));
        assert_eq!(drawn.cells().count(), 8);
    }

    proptest! {
        #[test]
        fn e3_row_by_row_a_selection_is_the_same(active in (0_usize..6, 0_usize..6), head in (0_usize..6, 0_usize..6)) {
            let selection = Selection { active: at(active.0, active.1), head: at(head.0, head.1) };
            for place in (0..7).flat_map(|row| (0..7).map(move |column| at(row, column))) {
                let in_row = selection.in_row(place.row);
                prop_assert_eq!(in_row.is_some_and(|row| row.active == Some(place.column)), selection.active == place);
                prop_assert_eq!(in_row.is_some_and(|row| row.holds(place.column)), selection.is_range() && selection.holds(place));
            }
        }

        #[test]
        fn e3_no_key_leads_out_of_the_grid(rows in 1_usize..40, columns in 1_usize..8, row in 0_usize..40, column in 0_usize..8, keys in prop::collection::vec(0_usize..14, 0..60), holes in any::<u64>()) {
            let size = Size { rows, columns };
            let mut here = size.clamp(at(row, column)).unwrap();
            let moves = [
                Move::Step(Way::Up), Move::Step(Way::Down), Move::Step(Way::Left), Move::Step(Way::Right),
                Move::Jump(Way::Up), Move::Jump(Way::Down), Move::Jump(Way::Left), Move::Jump(Way::Right),
                Move::PageUp, Move::PageDown, Move::Home, Move::End, Move::First, Move::Last,
            ];
            for key in keys {
                here = moved(here, moves[key], size, 5, |place| holes >> ((place.row * columns + place.column) % 64) & 1 == 1);
                prop_assert_eq!(size.clamp(here), Some(here));
            }
        }
    }
}
