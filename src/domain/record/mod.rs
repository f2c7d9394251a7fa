//! 年度数据: what one 采购单位 reports for one year.
//!
//! Always: one per unit and year; its totals are the sums of its lines ([`totals`]); a line that lacks something or contradicts
//! itself adds nothing and blocks 「提交」 ([`check`]). How it moves: [`status`]. What a line is: [`line`].

pub mod line;
pub mod status;

use crate::domain::contract::Amounts;
use crate::domain::money::{Money, Ratio};
use line::{Line, LineRules};
use serde::{Deserialize, Serialize};

/// Longest 「说明」, in characters.
pub const REMARK_MAX: usize = 2_000;

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
