//! How a line leaves a record, and how a left-out contract comes back (A6, A9).

use super::{Claim, Line};
use crate::domain::contract::{Contract, Rule};

/// Why a line cannot leave in this way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RemovalRefused {
    /// A collected line does not vanish: its contract joins those left out, with a reason.
    #[error("由合同生成的行不能删除，请使用「剔除」并说明理由")]
    Collected,
    /// There is no contract that could be left out.
    #[error("手动录入的行请直接删除")]
    Manual,
}

impl Line {
    /// Whether the line may be deleted: only one that was entered by hand.
    pub fn may_delete(&self) -> Result<(), RemovalRefused> {
        if self.contract().is_some() { Err(RemovalRefused::Collected) } else { Ok(()) }
    }

    /// What 「剔除」 leaves of the line: the contract, the rule that leaves it out from now on, and the reason that is kept with it.
    ///
    /// A claim that is taken back leaves the contract with the rule that had left it out, and without a reason.
    pub fn taken_out(&self, reason: String) -> Result<(Contract, Rule, String), RemovalRefused> {
        let contract = self.contract().cloned().ok_or(RemovalRefused::Manual)?;
        Ok(match self.claim() {
            Some(claim) => (contract, claim.rule, String::new()),
            None => (contract, Rule::ClaimedOut, reason),
        })
    }
}

impl Claim {
    /// The claim by which 「申请纳入」 counts a contract that `rule` left out; one that the unit took out itself comes back as it was.
    pub fn against(rule: Rule, reason: String) -> Option<Claim> {
        (rule != Rule::ClaimedOut).then_some(Claim { rule, reason })
    }
}

#[cfg(test)]
mod tests {
    use super::super::proof::{collected, platform};
    use super::*;
    use crate::domain::ids::LineId;

    fn id() -> LineId {
        LineId::parse("01890a5d-ac96-774b-bcce-b302099a8057").unwrap()
    }

    #[test]
    fn a6_only_lines_entered_by_hand_are_deleted_and_only_collected_ones_taken_out() {
        let (by_hand, from_contract) = (Line::manual(id()), collected(platform()));
        assert_eq!(by_hand.may_delete(), Ok(()));
        assert_eq!(by_hand.taken_out("x".into()), Err(RemovalRefused::Manual));
        assert_eq!(from_contract.may_delete(), Err(RemovalRefused::Collected));
        assert_eq!(from_contract.taken_out("重复".into()), Ok((platform(), Rule::ClaimedOut, "重复".to_owned())));
    }

    #[test]
    fn a9_a_claim_that_is_taken_back_leaves_the_contract_as_it_was() {
        let claim = Claim::against(Rule::NotReserved, "漏填".to_owned());
        let line = Line::collected(id(), platform(), claim);
        assert_eq!(line.taken_out("不再纳入".into()), Ok((platform(), Rule::NotReserved, String::new())));
        assert_eq!(Claim::against(Rule::ClaimedOut, "恢复".to_owned()), None);
    }
}
