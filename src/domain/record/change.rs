//! Changes of a record's lines as a page sends them, many at once, and how each is decided.
//!
//! Always: a change of a cell names the text that it was typed over. Two people who change different cells of a line do not disturb each
//! other; of two who change the same cell the second is shown both values. A change that is sent again, because its answer was lost, finds
//! what it asks for and changes nothing.

use super::line::{CellRefused, Line, LineCell, LineRules, Overrides};
use crate::domain::ids::LineId;
use serde::{Deserialize, Serialize};

/// Most changes that travel together.
pub const MAX_CHANGES: usize = 500;

/// A text typed into a cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CellChange {
    /// Which.
    pub cell: LineCell,
    /// By which text it was filled before, as far as the page knew.
    pub before: String,
    /// The text from now on.
    pub text: String,
}

/// A change of the lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Change {
    /// 「手动录入」: a new line under an id that the page made.
    Add {
        /// Its id.
        line: LineId,
        /// What stands in it.
        cells: Vec<(LineCell, String)>,
        /// The line that follows it, where one that was deleted comes back to its place; else it goes to the end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ahead_of: Option<LineId>,
    },
    /// Typing into cells.
    Edit {
        /// Of this line.
        line: LineId,
        /// Into these.
        cells: Vec<CellChange>,
    },
    /// 「删除」 of a line that was entered by hand.
    Remove {
        /// Which.
        line: LineId,
    },
}

impl Change {
    /// The line it is about.
    pub const fn line(&self) -> &LineId {
        match self {
            Change::Add { line, .. } | Change::Edit { line, .. } | Change::Remove { line } => line,
        }
    }
}

/// What came of a change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Stored; the line's version now (0 for one that is gone).
    Done {
        /// Its version.
        version: i64,
        /// What is filled in over it now, by whomever; nothing for one that is gone.
        filled: Option<Box<Filled>>,
    },
    /// Someone else has changed some of the same cells; the others are stored.
    Rival {
        /// The line as it stands now.
        line: Box<Line>,
        /// The cells with the texts by which they are filled now.
        cells: Vec<(LineCell, String)>,
    },
    /// A cell does not take its text; nothing of the change is stored.
    Refused {
        /// Which; none where the whole line is meant.
        cell: Option<LineCell>,
        /// Why.
        message: String,
    },
    /// The line is not there any more.
    Gone,
}

/// What is filled in over a line as it is stored: a page that saved one of its cells learns what others have written into the rest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Filled {
    /// Over the collected values.
    pub overrides: Overrides,
    /// 修改理由.
    pub reason: String,
}

impl Filled {
    /// Over this line.
    pub fn of(line: &Line) -> Filled {
        Filled { overrides: line.overrides.clone(), reason: line.reason.clone() }
    }
}

impl Outcome {
    /// Stored, as the line stands now.
    pub fn done(line: &Line) -> Outcome {
        Outcome::Done { version: line.version, filled: Some(Box::new(Filled::of(line))) }
    }

    /// There is no such line any more, as was asked for.
    pub const GONE_AS_ASKED: Outcome = Outcome::Done { version: 0, filled: None };
}

/// A line with cells typed into it, and the cells that someone else has changed meanwhile.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged {
    /// The line.
    pub line: Line,
    /// Cells that were not typed into, with the texts that stand there.
    pub rivals: Vec<(LineCell, String)>,
}

/// Lays typed cells over a line as it stands now.
pub fn merge(now: &Line, cells: &[CellChange], rules: &LineRules) -> Result<Merged, (LineCell, CellRefused)> {
    let mut merged = Merged { line: now.clone(), rivals: Vec::new() };
    for change in cells {
        let asked = merged.line.with(change.cell, &change.text, rules).map_err(|refused| (change.cell, refused))?;
        let there = now.filled_text(change.cell);
        // What is asked for may stand there already: the change sent again, or two people of one mind.
        if there == change.before || asked.filled_text(change.cell) == there {
            merged.line = asked;
        } else {
            merged.rivals.push((change.cell, there));
        }
    }
    Ok(merged)
}

#[cfg(test)]
mod tests {
    use super::super::line::proof::{line_id, rules};
    use super::*;

    fn typed(cell: LineCell, before: &str, text: &str) -> CellChange {
        CellChange { cell, before: before.to_owned(), text: text.to_owned() }
    }

    fn line(name: &str, sme: &str) -> Line {
        let line = Line::manual(line_id()).with(LineCell::ProjectName, name, &rules()).unwrap();
        line.with(LineCell::Sme, sme, &rules()).unwrap()
    }

    #[test]
    fn e3_two_who_change_different_cells_do_not_disturb_each_other() {
        let merged = merge(&line("同事改的名称", "10"), &[typed(LineCell::Sme, "10", "12")], &rules()).unwrap();
        assert_eq!(merged, Merged { line: line("同事改的名称", "12"), rivals: vec![] });
    }

    #[test]
    fn e3_of_two_who_change_the_same_cell_the_second_is_shown_both_values() {
        let changes = [typed(LineCell::Sme, "10", "12"), typed(LineCell::ProjectName, "甲", "乙")];
        let merged = merge(&line("甲", "11"), &changes, &rules()).unwrap();
        assert_eq!(merged.rivals, [(LineCell::Sme, "11".to_owned())]);
        assert_eq!(merged.line, line("乙", "11"), "the other cell is stored all the same");
    }

    #[test]
    fn e3_a_change_sent_again_finds_what_it_asks_for() {
        let change = [typed(LineCell::Sme, "10", "１２.０万元")];
        let once = merge(&line("甲", "10"), &change, &rules()).unwrap();
        let again = merge(&once.line, &change, &rules()).unwrap();
        assert_eq!(again, once);
    }

    #[test]
    fn e3_a_text_that_cannot_be_read_refuses_the_whole_change() {
        let changes = [typed(LineCell::ProjectName, "甲", "乙"), typed(LineCell::Sme, "10", "约 3 万")];
        assert_eq!(merge(&line("甲", "10"), &changes, &rules()).unwrap_err().0, LineCell::Sme);
    }
}
