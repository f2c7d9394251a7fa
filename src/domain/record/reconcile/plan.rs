//! What applying the rows changes.

use super::{Kind, Reconciliation};
use crate::domain::ids::LineId;
use crate::domain::record::line::LineCell;

/// What applying the rows changes: nothing else, and each line once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Texts to type into lines, in the order of the rows.
    pub edits: Vec<(LineId, Vec<(LineCell, String)>)>,
    /// Texts of new lines.
    pub additions: Vec<Vec<(LineCell, String)>>,
}

impl Plan {
    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty() && self.additions.is_empty()
    }
}

impl Reconciliation {
    /// What is applied; `reason` is given to each line that needs 「修改理由」 and has none (A5).
    pub fn plan(&self, reason: &str) -> Plan {
        let mut plan = Plan::default();
        for row in self.rows() {
            let mut typed = row.typed.clone();
            match (row.kind, row.line) {
                (Kind::Change, Some(line)) => {
                    if row.needs_reason && !reason.trim().is_empty() {
                        typed.push((LineCell::Reason, reason.trim().to_owned()));
                    }
                    plan.edits.push((self.lines()[line].id.clone(), typed));
                }
                (Kind::New, _) => plan.additions.push(typed),
                _ => {}
            }
        }
        plan
    }

    /// How many changed lines need 「修改理由」 and have none.
    pub fn reasons_needed(&self) -> usize {
        self.rows().iter().filter(|row| row.needs_reason).count()
    }
}
