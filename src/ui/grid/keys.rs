//! What a key means in a grid, as in Excel and WPS.

use super::select::{Move, Way};

/// A key as the browser reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key<'k> {
    /// Its name, such as `ArrowDown` or `a`.
    pub name: &'k str,
    /// Ctrl, or the command key of a Mac.
    pub ctrl: bool,
    /// Shift.
    pub shift: bool,
    /// Alt.
    pub alt: bool,
}

/// What a grid does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Moves the active cell.
    Go(Move),
    /// Moves the other corner of the range.
    Extend(Move),
    /// Tab: to the next cell, or out of the grid at its end.
    Tab {
        /// Backwards.
        back: bool,
    },
    /// Takes what was typed and goes a row on.
    Enter {
        /// Upwards.
        back: bool,
    },
    /// Opens the cell with what it holds.
    Edit,
    /// Takes back what is being typed; where nothing is, the next Tab leaves the grid.
    Escape,
    /// Empties the cells of the range.
    Clear,
    /// Fills the range with its first row.
    FillDown,
    /// One step back.
    Undo,
    /// One step forth.
    Redo,
    /// Selects everything.
    All,
    /// Selects whole rows.
    Rows,
    /// Selects whole columns.
    Columns,
    /// Makes the active column wider or narrower.
    Widen {
        /// Narrower.
        narrower: bool,
    },
    /// Chooses the next (or previous) of the offered words.
    Offer {
        /// Upwards.
        back: bool,
    },
}

/// What a key means. `is_editing`: a cell is being typed into; `is_offering`: words to choose from stand under it.
/// `None` is left to the browser: letters go into the cell, Ctrl+C, X and V are the clipboard's.
pub fn meaning(key: Key<'_>, is_editing: bool, is_offering: bool) -> Option<Act> {
    let way = match key.name {
        "ArrowUp" => Some(Way::Up),
        "ArrowDown" => Some(Way::Down),
        "ArrowLeft" => Some(Way::Left),
        "ArrowRight" => Some(Way::Right),
        _ => None,
    };
    match key.name {
        "Tab" if !key.ctrl && !key.alt => return Some(Act::Tab { back: key.shift }),
        "Enter" if !key.ctrl && !key.alt => return Some(Act::Enter { back: key.shift }),
        "Escape" => return Some(Act::Escape),
        _ => {}
    }
    if is_editing {
        return match way {
            Some(Way::Up | Way::Down) if is_offering && !key.ctrl => Some(Act::Offer { back: way == Some(Way::Up) }),
            _ => None,
        };
    }
    if key.alt {
        return match way {
            Some(Way::Down) => Some(Act::Edit),
            Some(Way::Left) => Some(Act::Widen { narrower: true }),
            Some(Way::Right) => Some(Act::Widen { narrower: false }),
            Some(Way::Up) | None => None,
        };
    }
    let go = |by: Move| if key.shift { Act::Extend(by) } else { Act::Go(by) };
    if let Some(way) = way {
        return Some(go(if key.ctrl { Move::Jump(way) } else { Move::Step(way) }));
    }
    match (key.name, key.ctrl, key.shift) {
        ("Home", ctrl, _) => Some(go(if ctrl { Move::First } else { Move::Home })),
        ("End", ctrl, _) => Some(go(if ctrl { Move::Last } else { Move::End })),
        ("PageUp", false, _) => Some(go(Move::PageUp)),
        ("PageDown", false, _) => Some(go(Move::PageDown)),
        ("F2", false, false) => Some(Act::Edit),
        ("Delete" | "Backspace", false, false) => Some(Act::Clear),
        ("d" | "D", true, false) => Some(Act::FillDown),
        ("z" | "Z", true, false) => Some(Act::Undo),
        ("y" | "Y", true, false) | ("z" | "Z", true, true) => Some(Act::Redo),
        ("a" | "A", true, false) => Some(Act::All),
        (" ", true, false) => Some(Act::Columns),
        (" ", false, true) => Some(Act::Rows),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(words: &str) -> Key<'_> {
        let name = words.rsplit('+').next().unwrap_or(words);
        let name = if words.ends_with("Space") { " " } else { name };
        Key { name, ctrl: words.contains("Ctrl+"), shift: words.contains("Shift+"), alt: words.contains("Alt+") }
    }

    #[test]
    fn e3_keys_mean_what_they_mean_in_a_spreadsheet() {
        for (words, expected) in [
            ("ArrowDown", Some(Act::Go(Move::Step(Way::Down)))),
            ("Shift+ArrowRight", Some(Act::Extend(Move::Step(Way::Right)))),
            ("Ctrl+ArrowDown", Some(Act::Go(Move::Jump(Way::Down)))),
            ("Ctrl+Shift+ArrowUp", Some(Act::Extend(Move::Jump(Way::Up)))),
            ("Home", Some(Act::Go(Move::Home))),
            ("Ctrl+End", Some(Act::Go(Move::Last))),
            ("Shift+PageDown", Some(Act::Extend(Move::PageDown))),
            ("Tab", Some(Act::Tab { back: false })),
            ("Shift+Enter", Some(Act::Enter { back: true })),
            ("F2", Some(Act::Edit)),
            ("Alt+ArrowDown", Some(Act::Edit)),
            ("Alt+ArrowRight", Some(Act::Widen { narrower: false })),
            ("Delete", Some(Act::Clear)),
            ("Ctrl+d", Some(Act::FillDown)),
            ("Ctrl+z", Some(Act::Undo)),
            ("Ctrl+y", Some(Act::Redo)),
            ("Ctrl+Shift+Z", Some(Act::Redo)),
            ("Ctrl+a", Some(Act::All)),
            ("Shift+Space", Some(Act::Rows)),
            ("Ctrl+Space", Some(Act::Columns)),
            ("Ctrl+c", None),
            ("Ctrl+v", None),
            ("a", None),
            ("中", None),
        ] {
            assert_eq!(meaning(key(words), false, false), expected, "{words}");
        }
    }

    #[test]
    fn e3_while_a_cell_is_typed_into_the_arrows_move_in_its_text() {
        for words in ["ArrowLeft", "Ctrl+ArrowRight", "Home", "Shift+End", "Delete", "Ctrl+z", "Ctrl+a", "ArrowDown"] {
            assert_eq!(meaning(key(words), true, false), None, "{words}");
        }
        assert_eq!(meaning(key("Enter"), true, false), Some(Act::Enter { back: false }));
        assert_eq!(meaning(key("Escape"), true, true), Some(Act::Escape));
        assert_eq!(meaning(key("ArrowDown"), true, true), Some(Act::Offer { back: false }));
    }
}
