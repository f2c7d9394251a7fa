//! 口径解释 of a unit's year: each contract with its verdict and facts, and the totals they add up to.

use super::store;
use crate::domain::contract::{Fact, Tally, Verdict, YearBasis, judge};
use crate::error::AppError;
use crate::features::organisations::commands as organisations;
use crate::server::request::Services;
use serde::Serialize;
use std::collections::BTreeMap;

/// A unit's year, explained. Its JSON is an interface: other programs read it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// Name of the unit.
    pub unit: String,
    /// The year.
    pub year: i32,
    /// Totals.
    pub summary: Summary,
    /// By 合同编号 and 标项.
    pub contracts: Vec<Explained>,
}

/// Totals of a unit's year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Contracts that count.
    pub lines: usize,
    /// 面向中小企业采购金额 in 分.
    pub sme_fen: i64,
    /// 面向小微企业采购金额 in 分.
    pub small_micro_fen: i64,
    /// 面向中小企业采购金额 in 万元, as shown.
    pub sme_wan: String,
    /// 面向小微企业采购金额 in 万元, as shown.
    pub small_micro_wan: String,
    /// 占比 in percent, as shown.
    pub ratio: String,
    /// Contracts left out, by the code of the rule.
    pub left_out: BTreeMap<&'static str, usize>,
    /// Contracts that wait for input.
    pub needs_input: usize,
    /// Contracts that contradict themselves.
    pub errors: usize,
}

/// One contract with its verdict.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explained {
    /// 合同编号.
    pub contract_no: String,
    /// 标项.
    pub lot: String,
    /// `counted`, `left_out`, `needs_input` or `error`.
    pub verdict: &'static str,
    /// The rule that left it out.
    pub code: Option<&'static str>,
    /// 面向中小企业采购金额 in 分, where known.
    pub sme_fen: Option<i64>,
    /// 面向小微企业采购金额 in 分, where known.
    pub small_micro_fen: Option<i64>,
    /// What the verdict rests on.
    pub facts: Vec<Fact>,
}

/// Explains the year of the unit of this name; without `basis`, by the setting of its 主管预算单位.
///
/// No person's deed: the command line uses it.
pub async fn explain(services: &Services, unit: &str, year: i32, basis: Option<YearBasis>) -> Result<Explanation, AppError> {
    let db = &mut *services.db.read().await?;
    let unit = organisations::unit_by_name(db, unit.trim())
        .await?
        .ok_or_else(|| AppError::invalid(format!("没有名为「{}」的单位", unit.trim())))?;
    let basis = match basis {
        Some(basis) => basis,
        None => organisations::year_basis_of(db, &unit.id).await?,
    };
    let mut tally = Tally::default();
    let mut contracts = Vec::new();
    for stored in store::of_year(db, &unit.id, year, basis).await? {
        let judgement = judge(&stored.contract, basis);
        tally.add(&judgement.verdict);
        let (sme, small_micro) = match &judgement.verdict {
            Verdict::Counted(amounts) => (Some(amounts.sme), Some(amounts.small_micro)),
            Verdict::NeedsInput(known, _) | Verdict::Error(known, _) => (known.sme, known.small_micro),
            Verdict::LeftOut(_) => (None, None),
        };
        contracts.push(Explained {
            contract_no: stored.contract.contract_no,
            lot: stored.contract.lot,
            verdict: judgement.verdict.code(),
            code: match judgement.verdict {
                Verdict::LeftOut(rule) => Some(rule.code()),
                _ => None,
            },
            sme_fen: sme.map(crate::domain::money::Money::fen),
            small_micro_fen: small_micro.map(crate::domain::money::Money::fen),
            facts: judgement.facts,
        });
    }
    Ok(Explanation { unit: unit.name, year, summary: Summary::from(&tally), contracts })
}

impl From<&Tally> for Summary {
    fn from(tally: &Tally) -> Summary {
        Summary {
            lines: tally.lines,
            sme_fen: tally.sme.fen(),
            small_micro_fen: tally.small_micro.fen(),
            sme_wan: tally.sme.wan(),
            small_micro_wan: tally.small_micro.wan(),
            ratio: tally.ratio().to_string(),
            left_out: tally.left_out.iter().map(|(rule, count)| (rule.code(), *count)).collect(),
            needs_input: tally.needs_input,
            errors: tally.errors,
        }
    }
}
