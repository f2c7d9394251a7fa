//! 审批 as it is stored and asked: steps, the people who can be chosen, 操作日志. Records and announcements use it inside their own
//! transactions, so that a decision, its state and its messages stand or fall together.
//!
//! Always: at most one open step a subject (guarded by the database); a step is answered once.

#[cfg(feature = "ssr")]
pub mod commands;
#[cfg(feature = "ssr")]
mod store;

pub mod dialog;
pub mod picker;
pub mod progress;

use crate::domain::approval::{Answer, Step, last_answer};
use crate::domain::calendar::Moment;
use serde::{Deserialize, Serialize};

/// One line of 操作日志.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: Moment,
    /// Who: unit and name.
    pub who: String,
    /// What was done.
    pub what: String,
    /// In which words, or empty.
    pub detail: String,
}

/// What the lower half of a record's or announcement's page shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// The steps of every round, oldest first.
    pub steps: Vec<Step>,
    /// What was done, newest first.
    pub events: Vec<Event>,
}

impl History {
    /// The step that waits.
    pub fn open_step(&self) -> Option<&Step> {
        self.steps.iter().find(|step| step.answered.is_none())
    }

    /// The last answer given.
    pub fn last_answer(&self) -> Option<Answer> {
        last_answer(&self.steps).map(|answered| answered.answer)
    }

    /// By whom and when the last answer was given, in brackets: `（审核人 3月20日 09:00）`.
    pub fn answered_by(&self) -> String {
        last_answer(&self.steps).map(|answered| format!("（{} {}）", answered.by, answered.at.local_short())).unwrap_or_default()
    }
}
