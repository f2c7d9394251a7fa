//! What is said of a line and of a contract left out, in one text: for paper and for files.

use super::LeftOut;
use crate::domain::contract::{Rule, YearBasis, judge};
use crate::domain::record::line::Line;

/// Why a contract does not count: the unit's reason, or the facts on which the rule rests.
pub fn grounds(left_out: &LeftOut, basis: YearBasis) -> String {
    if left_out.rule == Rule::ClaimedOut {
        return format!("剔除理由：{}", left_out.reason);
    }
    let facts = judge(&left_out.contract, basis).facts;
    facts.into_iter().map(|fact| format!("{}：{}", fact.label, fact.value)).collect::<Vec<_>>().join("；")
}

/// Why a line differs from what was collected, or counts although a rule leaves it out; empty where there is nothing to say.
pub fn reason(line: &Line) -> String {
    let claim = line.claim().map(|claim| format!("申请纳入（原因规则：{}）：{}", claim.rule.label(), claim.reason));
    claim.into_iter().chain((!line.reason.is_empty()).then(|| line.reason.clone())).collect::<Vec<_>>().join("；")
}
