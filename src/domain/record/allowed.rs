//! Which deeds the screen offers for a 年度数据: the state machine and the permission table together (B4).

use super::status::{RecordAction, RecordStatus};
use crate::domain::access::{Deed, Relation, may};
use crate::domain::organisation::Actor;
use serde::{Deserialize, Serialize};

/// What this person may do with the record as it stands; the screen draws one button for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowed {
    /// 「编辑」「删除」「提交」.
    pub edit: bool,
    /// 「撤回」.
    pub withdraw: bool,
    /// 「审核」: the open step waits for this person.
    pub review: bool,
    /// Whether this person's agreement can complete.
    pub completes: bool,
    /// 「申请更正」.
    pub ask_correction: bool,
    /// Answer 「申请更正」.
    pub answer_correction: bool,
}

/// What `actor` may do; `waits` is whether the open step waits for them, `completes` whether their agreement completes it.
pub fn allowed(actor: &Actor, relation: Relation, status: &RecordStatus, waits: bool, completes: bool) -> Allowed {
    let works = may(actor, Deed::WorkOnRecord, relation).is_ok();
    let reviews = waits && may(actor, Deed::ReviewRecord, relation).is_ok();
    let consents = reviews && may(actor, Deed::ConsentToCorrection, relation).is_ok();
    let leads = |action: RecordAction| status.apply(&action).is_ok();
    Allowed {
        edit: works && leads(RecordAction::Edit),
        withdraw: works && leads(RecordAction::Withdraw),
        review: reviews && leads(RecordAction::Forward),
        completes,
        ask_correction: works && leads(RecordAction::AskCorrection(String::new())),
        answer_correction: consents && leads(RecordAction::RefuseCorrection),
    }
}

/// Why a record cannot be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("该年度数据已有审核通过的版本，不能删除；请修改后重新提交")]
pub struct ApprovedOnce;

/// Whether a record may be deleted, as far as its versions go: one that was approved stays in every announcement that holds it (B7).
pub fn may_delete(approved_number: Option<i64>) -> Result<(), ApprovedOnce> {
    if approved_number.is_some() { Err(ApprovedOnce) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{UnitId, UserId};
    use crate::domain::organisation::Roles;

    fn actor(clerk: bool, reviewer: bool, in_supervisor: bool) -> Actor {
        Actor {
            user: UserId::parse("01890a5d-ac96-774b-bcce-b302099a8057").unwrap(),
            name: "甲".into(),
            unit: UnitId::parse("01890a5d-ac96-774b-bcce-b302099a8058").unwrap(),
            unit_name: "单位".into(),
            in_supervisor,
            roles: Roles { clerk, reviewer, admin: false },
        }
    }

    /// One sign a state, in their order: 编辑, 撤回, 审核, 申请更正 (`c`), 处理更正申请 (`a`); `.` offers nothing.
    fn row(actor: &Actor, relation: Relation, waits: bool) -> String {
        let reason = || "理由".to_owned();
        let states = [
            RecordStatus::Draft,
            RecordStatus::InReview,
            RecordStatus::Approved,
            RecordStatus::Returned(reason()),
            RecordStatus::Withdrawn,
            RecordStatus::CorrectionAsked(reason()),
        ];
        let signs = states.map(|status| {
            let Allowed { edit, withdraw, review, completes: _, ask_correction, answer_correction } =
                allowed(actor, relation, &status, waits, false);
            let set: String = [(edit, 'e'), (withdraw, 'w'), (review, 'r'), (ask_correction, 'c'), (answer_correction, 'a')]
                .into_iter()
                .filter_map(|(set, sign)| set.then_some(sign))
                .collect();
            if set.is_empty() { ".".to_owned() } else { set }
        });
        signs.join(" ")
    }

    #[test]
    fn b4_each_state_offers_each_role_exactly_this() {
        use Relation::{Other, Own, Subordinate};
        for (who, relation, waits, expected) in [
            (actor(true, false, false), Own, false, "e w c e e ."),
            (actor(true, true, false), Own, true, "e wr c e e ."),
            (actor(false, true, false), Own, true, ". r . . . ."),
            (actor(false, true, false), Own, false, ". . . . . ."),
            (actor(true, true, true), Own, true, "e wr c e e a"),
            (actor(true, false, true), Subordinate, true, ". . . . . ."),
            (actor(false, true, true), Subordinate, true, ". r . . . a"),
            (actor(false, true, true), Subordinate, false, ". . . . . ."),
            (actor(true, true, true), Other, true, ". . . . . ."),
        ] {
            assert_eq!(row(&who, relation, waits), expected, "{:?} {relation:?} {waits}", who.roles);
        }
    }

    #[test]
    fn b7_what_was_approved_once_cannot_be_deleted() {
        assert_eq!(may_delete(None), Ok(()));
        assert_eq!(may_delete(Some(1)), Err(ApprovedOnce));
    }
}
