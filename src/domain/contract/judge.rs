//! The verdict on one row: left out, incomplete, contradictory, or counted.

use super::explain::{self, Cell, Fact, Warning};
use super::{Contract, GoodsMark, Measure, Rule, Source, SupplierScale, Target, YearBasis};
use crate::domain::money::Money;
use serde::{Deserialize, Serialize};

/// A verdict with what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// The facts used, in the order of the reasoning.
    pub facts: Vec<Fact>,
    /// What does not change the verdict but should be looked at. Empty for rows left out.
    pub warnings: Vec<Warning>,
}

/// What becomes of one contract in its year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It counts, with these amounts.
    Counted(Amounts),
    /// It does not count, by this rule.
    LeftOut(Rule),
    /// It would count, but these are missing. Blocks 「提交」; the list is never empty.
    NeedsInput(Known, Vec<Need>),
    /// Its amounts contradict each other. Blocks 「提交」; the list is never empty.
    Error(Known, Vec<Contradiction>),
}

impl Verdict {
    /// `counted`, `left_out`, `needs_input` or `error`.
    pub const fn code(&self) -> &'static str {
        match self {
            Verdict::Counted(_) => "counted",
            Verdict::LeftOut(_) => "left_out",
            Verdict::NeedsInput(..) => "needs_input",
            Verdict::Error(..) => "error",
        }
    }

    /// As lists are filtered by it: the code of the rule where one left the contract out, else [`Verdict::code`].
    pub const fn filter_code(&self) -> &'static str {
        match self {
            Verdict::LeftOut(rule) => rule.code(),
            _ => self.code(),
        }
    }

    /// The word on the screen.
    pub const fn label(&self) -> &'static str {
        match self {
            Verdict::Counted(_) => "计入",
            Verdict::LeftOut(_) => "不计入",
            Verdict::NeedsInput(..) => "待补充",
            Verdict::Error(..) => "有矛盾",
        }
    }

    /// The amounts, where the contract counts.
    pub const fn counted(&self) -> Option<Amounts> {
        match self {
            Verdict::Counted(amounts) => Some(*amounts),
            _ => None,
        }
    }
}

/// The two amounts of a contract that counts: 0 ≤ `small_micro` ≤ `sme` ≤ contract amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amounts {
    /// 面向中小企业采购金额.
    pub sme: Money,
    /// 面向小微企业采购金额.
    pub small_micro: Money,
    /// 「按比例推算」: `sme` is the contract amount × 预留比例.
    pub estimated: bool,
}

/// What is known of the two amounts while something is missing or wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// 面向中小企业采购金额, entered or derived.
    pub sme: Option<Money>,
    /// 面向小微企业采购金额, entered or derived.
    pub small_micro: Option<Money>,
    /// 「按比例推算」: `sme` is the contract amount × 预留比例.
    pub estimated: bool,
}

/// What must be filled in before a contract can count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// 面向中小企业金额 (or the 预留比例 from which it follows).
    SmeAmount,
    /// 面向小微企业金额.
    SmallMicroAmount,
    /// 合同公告日期.
    PublishedOn,
}

impl Need {
    /// The cell to fill in.
    pub const fn cell(self) -> Cell {
        match self {
            Need::SmeAmount => Cell::Sme,
            Need::SmallMicroAmount => Cell::SmallMicro,
            Need::PublishedOn => Cell::PublishedOn,
        }
    }

    /// What to do, in one sentence.
    pub const fn sentence(self) -> &'static str {
        match self {
            Need::SmeAmount => "面向中小企业金额无法推出，请填写该金额，或补充预留选项和预留比例。",
            Need::SmallMicroAmount => "面向小微企业金额无法推出，请填写该金额（没有则填 0）。",
            Need::PublishedOn => "本部门按合同公告日期归集年度，请补充合同公告日期。",
        }
    }
}

/// Two statements of a row that cannot both be true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contradiction {
    /// The cells concerned; the first is the one most likely wrong.
    pub cells: Vec<Cell>,
    /// What is wrong, in one sentence.
    pub sentence: String,
}

/// Where an amount comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// Entered.
    Entered,
    /// The whole contract amount.
    ContractAmount,
    /// Contract amount × 预留比例.
    ByPercent,
    /// The same as 面向中小企业金额, which may itself be missing.
    AsSme,
    /// Zero by rule.
    Zero,
    /// Nothing says it.
    Missing,
}

/// The two amounts before they are checked, and where they come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Derivation {
    pub(super) known: Known,
    pub(super) sme_from: Origin,
    pub(super) small_micro_from: Origin,
}

/// The verdict on a contract in the year where it belongs ([`super::year_of`] with the same `basis`), with facts and warnings.
pub fn judge(contract: &Contract, basis: YearBasis) -> Judgement {
    let verdict = verdict(contract, basis);
    let facts = explain::facts(contract, &verdict);
    let warnings = if matches!(verdict, Verdict::LeftOut(_)) { Vec::new() } else { explain::warnings(contract) };
    Judgement { verdict, facts, warnings }
}

/// The verdict of [`judge`] alone, for totals over many rows.
///
/// First the rules that leave out, in order; then the date that the year rests on; then the amounts.
pub fn verdict(contract: &Contract, basis: YearBasis) -> Verdict {
    if let Some(rule) = Rule::first_match(contract) {
        Verdict::LeftOut(rule)
    } else if !contract.is_framework() && basis == YearBasis::Published && contract.published_on.is_none() {
        Verdict::NeedsInput(Known::default(), vec![Need::PublishedOn])
    } else {
        amounts(contract)
    }
}

/// The amounts alone, as if no rule left the contract out: for a contract that a unit claims in.
///
/// Never [`Verdict::LeftOut`]. Without 预留选项 nothing is derived: what was not entered is needed.
pub fn amounts(contract: &Contract) -> Verdict {
    let derivation = derive(contract);
    let known = derivation.known;
    let contradictions = contradictions(contract, known);
    if !contradictions.is_empty() {
        return Verdict::Error(known, contradictions);
    }
    if let (Some(sme), Some(small_micro)) = (known.sme, known.small_micro) {
        return Verdict::Counted(Amounts { sme, small_micro, estimated: known.estimated });
    }
    let mut needs = Vec::new();
    if known.sme.is_none() {
        needs.push(Need::SmeAmount);
    }
    // Where it follows from the SME amount, asking for that one is enough.
    if derivation.small_micro_from == Origin::Missing {
        needs.push(Need::SmallMicroAmount);
    }
    Verdict::NeedsInput(known, needs)
}

/// Finds each amount by itself: entered, or by the first line of the derivation table that fits.
pub(super) fn derive(contract: &Contract) -> Derivation {
    let (sme, sme_from) = match contract.sme {
        Some(entered) => (Some(entered), Origin::Entered),
        None => derive_sme(contract),
    };
    let (small_micro, small_micro_from) = match contract.small_micro {
        Some(entered) => (Some(entered), Origin::Entered),
        None => match derive_small_micro(contract) {
            Origin::AsSme => (sme, Origin::AsSme),
            Origin::Zero => (Some(Money::ZERO), Origin::Zero),
            _ => (None, Origin::Missing),
        },
    };
    Derivation { known: Known { sme, small_micro, estimated: sme_from == Origin::ByPercent }, sme_from, small_micro_from }
}

fn derive_sme(contract: &Contract) -> (Option<Money>, Origin) {
    match (contract.source, contract.measure) {
        (_, None) => (None, Origin::Missing),
        (Source::Framework, Some(_)) | (_, Some(Measure::Whole | Measure::Package)) => (Some(contract.amount), Origin::ContractAmount),
        (_, Some(Measure::Consortium | Measure::Subcontract)) => match contract.reserved_pct {
            Some(percent) => (Some(contract.amount.share(percent)), Origin::ByPercent),
            None => (None, Origin::Missing),
        },
    }
}

/// By which line 面向小微企业金额 follows: `AsSme`, `Zero` or `Missing`.
fn derive_small_micro(contract: &Contract) -> Origin {
    let by_target = if contract.target == Some(Target::SmallMicro) { Origin::AsSme } else { Origin::Missing };
    match (contract.source, contract.measure) {
        (_, None) => Origin::Missing,
        (Source::Framework, Some(_)) => match contract.goods_mark {
            Some(GoodsMark::SmallMicro) => Origin::AsSme,
            Some(GoodsMark::Sme | GoodsMark::None) | None => Origin::Zero,
        },
        (_, Some(Measure::Whole | Measure::Package)) => match contract.supplier_scale {
            Some(SupplierScale::Large) => Origin::Missing,
            Some(scale) => match scale.counts_as_small_micro() {
                Some(true) => Origin::AsSme,
                Some(false) => Origin::Zero,
                None => by_target,
            },
            None => by_target,
        },
        (_, Some(Measure::Consortium | Measure::Subcontract)) => by_target,
    }
}

/// Checks 0 ≤ 小微 ≤ 中小 ≤ 合同金额 over what is known.
fn contradictions(contract: &Contract, known: Known) -> Vec<Contradiction> {
    let mut found = Vec::new();
    let amount = (Cell::Amount, contract.amount);
    let sme = known.sme.map(|sme| (Cell::Sme, sme));
    let small_micro = known.small_micro.map(|small_micro| (Cell::SmallMicro, small_micro));
    for (cell, value) in [Some(amount), sme, small_micro].into_iter().flatten() {
        if value < Money::ZERO {
            found.push(Contradiction {
                cells: vec![cell], sentence: format!("{}为负数（{} 万元），请改正。", cell.label(), value.wan())
            });
        }
    }
    let pairs = [(small_micro, sme), (sme, Some(amount)), (small_micro.filter(|_| sme.is_none()), Some(amount))];
    for pair in pairs {
        let (Some((part_cell, part)), Some((whole_cell, whole))) = pair else { continue };
        if part > whole {
            let sentence =
                format!("{}（{} 万元）大于{}（{} 万元），请核对后改正。", part_cell.label(), part.wan(), whole_cell.label(), whole.wan());
            found.push(Contradiction { cells: vec![part_cell, whole_cell], sentence });
        }
    }
    found
}
