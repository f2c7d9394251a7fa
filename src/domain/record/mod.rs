//! 年度数据: what one 采购单位 reports for one year.
//!
//! Always: one per unit and year; its totals are the sums of its lines ([`totals`]); a line that lacks something or contradicts
//! itself adds nothing and blocks 「提交」 ([`check`]). How it moves: [`status`]; who may move it: [`allowed`]. What a line is: [`line`].
//! By which rule each contract is in or out: [`explanation`]; what 「从合同更新」 changes: [`update`]; what may count
//! twice: [`duplicates`].

pub mod allowed;
pub mod change;
pub mod claim_file;
pub mod duplicates;
pub mod explanation;
pub mod line;
pub mod listed;
pub mod reconcile;
pub mod status;
pub mod update;

use crate::domain::contract::{Amounts, Contract, Rule};
use crate::domain::ids::LeftOutId;
use crate::domain::money::{Money, Ratio};
use line::{Line, LineRules};
use serde::{Deserialize, Serialize};

/// Longest 「说明」, in characters.
pub const REMARK_MAX: usize = 2_000;

/// A contract of the year that is not counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Identity.
    pub id: LeftOutId,
    /// The row as it stood.
    pub contract: Contract,
    /// The one rule that left it out.
    pub rule: Rule,
    /// The unit's reason, where it took the row out itself.
    pub reason: String,
}

/// The sums of a record's lines: never typed (A3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Lines that count.
    pub lines: usize,
    /// 面向中小企业采购金额.
    pub sme: Money,
    /// 面向小微企业采购金额.
    pub small_micro: Money,
    /// Lines that lack something or contradict themselves.
    pub open: usize,
}

impl Totals {
    /// 占比.
    pub fn ratio(&self) -> Ratio {
        Ratio::of(self.small_micro, self.sme)
    }
}

impl FromIterator<Option<Amounts>> for Totals {
    /// Sums what each line gives; `None` is a line that is still open.
    fn from_iter<I: IntoIterator<Item = Option<Amounts>>>(lines: I) -> Totals {
        lines.into_iter().fold(Totals::default(), |mut sum, line| {
            match line {
                Some(amounts) => {
                    sum.lines += 1;
                    sum.sme = [sum.sme, amounts.sme].into_iter().sum();
                    sum.small_micro = [sum.small_micro, amounts.small_micro].into_iter().sum();
                }
                None => sum.open += 1,
            }
            sum
        })
    }
}

/// Sums what the lines give under `rules`.
pub fn totals<'l>(lines: impl IntoIterator<Item = &'l Line>, rules: &LineRules) -> Totals {
    lines.into_iter().map(|line| line.review(rules).counted).collect()
}

/// By how much the sums of a record move when one line changes, so that a save need not read the other lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shift {
    /// Lines that count.
    pub lines: i64,
    /// 面向中小企业采购金额, in 分.
    pub sme_fen: i64,
    /// 面向小微企业采购金额, in 分.
    pub small_micro_fen: i64,
}

impl Shift {
    /// From a line as it was (`None`: it is new) to what it is (`None`: it is gone).
    pub fn between(before: Option<&Line>, after: Option<&Line>, rules: &LineRules) -> Shift {
        let sum = |line: Option<&Line>| totals(line, rules);
        let (before, after) = (sum(before), sum(after));
        let count = |totals: Totals| i64::try_from(totals.lines).unwrap_or(i64::MAX);
        Shift {
            lines: count(after) - count(before),
            sme_fen: after.sme.fen() - before.sme.fen(),
            small_micro_fen: after.small_micro.fen() - before.small_micro.fen(),
        }
    }
}

impl std::iter::Sum for Shift {
    fn sum<I: Iterator<Item = Shift>>(shifts: I) -> Shift {
        shifts.fold(Shift::default(), |sum, shift| Shift {
            lines: sum.lines + shift.lines,
            sme_fen: sum.sme_fen.saturating_add(shift.sme_fen),
            small_micro_fen: sum.small_micro_fen.saturating_add(shift.small_micro_fen),
        })
    }
}

/// Why a record cannot be submitted yet.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSubmittable {
    /// Some lines lack something or contradict themselves.
    #[error("还有 {0} 行需要处理：请补充标红的单元格，或剔除该行并说明理由")]
    OpenLines(usize),
}

/// Whether these lines may be submitted.
pub fn check(lines: &[Line], rules: &LineRules) -> Result<Totals, NotSubmittable> {
    let totals = totals(lines, rules);
    let blocked = lines.iter().filter(|line| line.review(rules).blocks()).count();
    if blocked == 0 { Ok(totals) } else { Err(NotSubmittable::OpenLines(blocked)) }
}

#[cfg(test)]
mod tests {
    use super::line::LineCell;
    use super::line::proof::{collected, platform, rules, wan};
    use super::*;
    use crate::domain::contract::{Contract, Source};

    #[test]
    fn a13_no_line_is_a_zero_report_without_ratio() {
        let zero = check(&[], &rules()).unwrap();
        assert_eq!(zero, Totals::default());
        assert_eq!(zero.ratio().to_string(), "—");
    }

    #[test]
    fn a3_an_open_line_adds_nothing_to_the_totals() {
        let lines = [collected(platform()), collected(Contract { sme: Some(wan(101)), ..platform() })];
        let sums = totals(&lines, &rules());
        assert_eq!((sums.lines, sums.sme, sums.small_micro, sums.open), (1, wan(100), wan(100), 1));
        assert_eq!(sums.ratio().to_string(), "100");
    }

    #[test]
    fn a3_the_shift_of_a_line_moves_the_sums_to_where_summing_up_anew_leads() {
        let (open, counted) = (collected(Contract { sme: Some(wan(101)), ..platform() }), collected(platform()));
        let filled = open.with(LineCell::Sme, "60", &rules()).unwrap_or_else(|_| counted.clone());
        let steps = [(None, Some(&counted)), (Some(&counted), Some(&open)), (Some(&open), Some(&filled)), (Some(&filled), None)];
        let others = [counted.clone(), open.clone()];
        for (before, after) in steps {
            let sum = |changing: Option<&Line>| totals(others.iter().chain(changing), &rules());
            let (old, new, shift) = (sum(before), sum(after), Shift::between(before, after, &rules()));
            assert_eq!(old.sme.fen() + shift.sme_fen, new.sme.fen());
            assert_eq!(old.small_micro.fen() + shift.small_micro_fen, new.small_micro.fen());
            assert_eq!(i64::try_from(old.lines).unwrap() + shift.lines, i64::try_from(new.lines).unwrap());
        }
    }

    #[test]
    fn a10_a_line_that_only_lacks_its_reason_counts_and_blocks_all_the_same() {
        let own = collected(Contract { source: Source::SelfEntered, ..platform() });
        let changed = own.with(LineCell::Sme, "50", &rules()).unwrap();
        let lines = [own, changed.clone()];
        assert_eq!(totals(&lines, &rules()).open, 0);
        assert_eq!(check(&lines, &rules()), Err(NotSubmittable::OpenLines(1)));
        let explained = [changed.with(LineCell::Reason, "合同变更", &rules()).unwrap()];
        assert_eq!(check(&explained, &rules()).unwrap().sme, wan(50));
    }
}
