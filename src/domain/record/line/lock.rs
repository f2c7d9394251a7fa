//! Which cells may be filled (A5, A6).
//!
//! Free are lines entered by hand, those of 自行录入 contracts, of projects before the platform's change-over, and contracts that
//! were claimed in; on every other line only the cells that are missing or contradict each other, and the reason.

use super::{Line, LineCell, LineRules, Origin};
use crate::domain::contract::{self, Contract, Measure, Need, Source, Verdict};

/// Why 合同公告日期 cannot be typed where it decides nothing.
pub const NOT_ASKED: &str = "此行不需要填写合同公告日期";
/// Why a locked cell is locked, as its hint says.
pub const LOCKED: &str = "平台采集的数据已锁定；如有误，请在合同所在系统更正后「从合同更新」，或剔除该行并说明理由";

impl Line {
    /// Whether 合同公告日期 decides the year of this line and the contract does not say it.
    pub fn asks_published_on(&self, rules: &LineRules) -> bool {
        self.contract().is_some_and(|contract| self.claim().is_none() && needs_published_on(contract, rules))
    }

    /// Why a cell cannot be edited; `None` where it can (A5, A6).
    pub fn lock(&self, cell: LineCell, rules: &LineRules) -> Option<&'static str> {
        if cell == LineCell::PublishedOn {
            return if self.asks_published_on(rules) { None } else { Some(NOT_ASKED) };
        }
        let Origin::Contract { contract, claimed } = &self.origin else { return None };
        let open = cell == LineCell::Reason
            || claimed.is_some()
            || contract.source == Source::SelfEntered
            || contract.begun_on() < rules.cutover
            || fillable(contract, cell);
        if open { None } else { Some(LOCKED) }
    }
}

/// Whether 合同公告日期 decides the year and the contract does not say it.
pub(super) fn needs_published_on(contract: &Contract, rules: &LineRules) -> bool {
    matches!(contract::verdict(contract, rules.basis), Verdict::NeedsInput(_, needs) if needs.contains(&Need::PublishedOn))
}

/// Whether the collected row lacks or contradicts something in this cell, so that it can be filled on a locked line too.
fn fillable(contract: &Contract, cell: LineCell) -> bool {
    let verdict = contract::amounts(contract);
    match cell {
        LineCell::Sme | LineCell::SmallMicro => match &verdict {
            Verdict::Error(..) => true,
            Verdict::NeedsInput(_, needs) => needs.contains(&if cell == LineCell::Sme { Need::SmeAmount } else { Need::SmallMicroAmount }),
            Verdict::Counted(_) | Verdict::LeftOut(_) => false,
        },
        LineCell::Percent => contract.reserved_pct.is_none() && contract.measure.is_some_and(Measure::shows_percent),
        LineCell::Measure => contract.measure.is_none(),
        LineCell::Url => contract.url.is_none(),
        LineCell::PublishedOn | LineCell::ProjectName | LineCell::Reason => false,
    }
}
