//! Totals over many verdicts.

use super::{Rule, Verdict};
use crate::domain::money::{Money, Ratio};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Sums of exact 分 and counts. The tally of a whole is the merger of the tallies of its parts, in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Contracts that count.
    pub lines: usize,
    /// 面向中小企业采购金额.
    pub sme: Money,
    /// 面向小微企业采购金额.
    pub small_micro: Money,
    /// Contracts left out, by rule.
    pub left_out: BTreeMap<Rule, usize>,
    /// Contracts that wait for an amount or a date.
    pub needs_input: usize,
    /// Contracts whose amounts contradict each other.
    pub errors: usize,
}

impl Tally {
    /// Adds one verdict. Only what counts adds to lines and amounts.
    pub fn add(&mut self, verdict: &Verdict) {
        match verdict {
            Verdict::Counted(amounts) => {
                self.lines += 1;
                self.sme = plus(self.sme, amounts.sme);
                self.small_micro = plus(self.small_micro, amounts.small_micro);
            }
            Verdict::LeftOut(rule) => *self.left_out.entry(*rule).or_default() += 1,
            Verdict::NeedsInput(..) => self.needs_input += 1,
            Verdict::Error(..) => self.errors += 1,
        }
    }

    /// Adds another tally.
    pub fn merge(&mut self, other: &Tally) {
        self.lines += other.lines;
        self.sme = plus(self.sme, other.sme);
        self.small_micro = plus(self.small_micro, other.small_micro);
        for (rule, count) in &other.left_out {
            *self.left_out.entry(*rule).or_default() += count;
        }
        self.needs_input += other.needs_input;
        self.errors += other.errors;
    }

    /// 占比: 面向小微企业采购金额 ÷ 面向中小企业采购金额.
    pub fn ratio(&self) -> Ratio {
        Ratio::of(self.small_micro, self.sme)
    }

    /// All contracts left out, whatever the rule.
    pub fn left_out_total(&self) -> usize {
        self.left_out.values().sum()
    }

    /// Whether a record of these contracts may be submitted as far as its contracts are concerned.
    pub fn is_settled(&self) -> bool {
        self.needs_input == 0 && self.errors == 0
    }
}

/// The sum; it stops at the end of an `i64`, which ninety thousand contracts of the largest amount that can be entered would reach.
fn plus(left: Money, right: Money) -> Money {
    [left, right].into_iter().sum()
}

impl<'a> FromIterator<&'a Verdict> for Tally {
    fn from_iter<I: IntoIterator<Item = &'a Verdict>>(verdicts: I) -> Tally {
        let mut tally = Tally::default();
        for verdict in verdicts {
            tally.add(verdict);
        }
        tally
    }
}
