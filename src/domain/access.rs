//! Who may do what to what: the whole permission table.
//!
//! Screens ask it which buttons to draw, the server asks it before every deed. It knows nothing of states: whether a record in
//! review may be edited is the state machine's answer (`record::status`, `announcement::status`), and whether a step waits for
//! this very person is the approval's (`approval`).

use crate::domain::ids::UnitId;
use crate::domain::organisation::Actor;

/// How the unit a thing belongs to stands to the actor's unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The actor's own unit.
    Own,
    /// A unit whose 主管预算单位 is the actor's unit.
    Subordinate,
    /// Any other.
    Other,
}

impl Relation {
    /// Of a thing of `owner`, supervised by `supervisor`, to the actor.
    pub fn of(actor: &Actor, owner: &UnitId, supervisor: Option<&UnitId>) -> Relation {
        if actor.unit == *owner {
            Relation::Own
        } else if actor.in_supervisor && supervisor == Some(&actor.unit) {
            Relation::Subordinate
        } else {
            Relation::Other
        }
    }
}

/// What a person may want to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Look at a unit's contracts.
    ViewContract,
    /// Import a unit's contracts from a table; into a subordinate's ledger no 自行录入 rows, which are that unit's own.
    ImportContracts,
    /// Enter, change or delete a unit's 自行录入 contracts.
    WorkOnContract,
    /// Look at a unit's 年度数据.
    ViewRecord,
    /// Generate, edit, submit, withdraw, delete a unit's 年度数据, or ask for its correction.
    WorkOnRecord,
    /// Answer an approval step of a 年度数据.
    ReviewRecord,
    /// Consent to or refuse 「申请更正」.
    ConsentToCorrection,
    /// Look at a 公告 in the office.
    ViewAnnouncement,
    /// Create, edit, submit, withdraw, delete a 公告.
    WorkOnAnnouncement,
    /// Answer an approval step of a 公告.
    ReviewAnnouncement,
    /// Choose how the 主管's tree places contracts in years.
    ChooseYearBasis,
    /// Choose whether the portal says which of the 主管's units have published and which have not.
    ShowProgress,
    /// Manage units and people.
    Administer,
}

/// Why a deed is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessRefused {
    /// The actor may not even know that the thing exists.
    #[error("没有这个页面，或您无权查看")]
    Hidden,
    /// The actor sees the thing, but this deed is another role's.
    #[error("您的岗位不能进行此操作，请联系本单位的{0}")]
    Role(&'static str),
}

/// Whether `actor` may do `deed` to something that stands to them in `relation`.
pub fn may(actor: &Actor, deed: Deed, relation: Relation) -> Result<(), AccessRefused> {
    use Deed::{
        Administer, ChooseYearBasis, ConsentToCorrection, ImportContracts, ReviewAnnouncement, ReviewRecord, ShowProgress,
        ViewAnnouncement, ViewContract, ViewRecord, WorkOnAnnouncement, WorkOnContract, WorkOnRecord,
    };
    use Relation::{Other, Own, Subordinate};
    let roles = actor.roles;
    let works_here = roles.clerk || roles.reviewer;
    match (deed, relation) {
        (Administer, _) => allow(roles.admin, AccessRefused::Hidden),
        (_, Other) => Err(AccessRefused::Hidden),
        _ if !works_here => Err(AccessRefused::Hidden),
        (ViewContract | ViewRecord, Own | Subordinate) => Ok(()),
        (ImportContracts, Own | Subordinate) | (WorkOnContract | WorkOnRecord, Own) => allow(roles.clerk, AccessRefused::Role("经办")),
        (WorkOnContract | WorkOnRecord, Subordinate) => Err(AccessRefused::Role("采购单位经办")),
        (ReviewRecord, Own | Subordinate) => allow(roles.reviewer, AccessRefused::Role("审核人")),
        (ConsentToCorrection, Own | Subordinate) => allow(roles.reviewer && actor.in_supervisor, AccessRefused::Role("主管预算单位审核人")),
        (ViewAnnouncement, Own) if actor.in_supervisor => Ok(()),
        (WorkOnAnnouncement | ChooseYearBasis | ShowProgress, Own) if actor.in_supervisor => {
            allow(roles.clerk, AccessRefused::Role("经办"))
        }
        (ReviewAnnouncement, Own) if actor.in_supervisor => allow(roles.reviewer, AccessRefused::Role("审核人")),
        (ViewAnnouncement | WorkOnAnnouncement | ReviewAnnouncement | ChooseYearBasis | ShowProgress, _) => Err(AccessRefused::Hidden),
    }
}

fn allow(condition: bool, otherwise: AccessRefused) -> Result<(), AccessRefused> {
    if condition { Ok(()) } else { Err(otherwise) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::UserId;
    use crate::domain::organisation::Roles;

    #[expect(clippy::fn_params_excessive_bools, reason = "four facts of a table's row")]
    fn actor(clerk: bool, reviewer: bool, admin: bool, in_supervisor: bool) -> Actor {
        Actor {
            user: UserId::parse("01890a5d-ac96-774b-bcce-b302099a8057").unwrap(),
            name: "甲".into(),
            unit: UnitId::parse("01890a5d-ac96-774b-bcce-b302099a8058").unwrap(),
            unit_name: "单位".into(),
            in_supervisor,
            roles: Roles { clerk, reviewer, admin },
        }
    }

    /// One character a deed: `+` may, `r` another role's, `.` hidden; deeds in the order of the enum.
    fn row(actor: &Actor, relation: Relation) -> String {
        use Deed::*;
        [
            ViewContract,
            ImportContracts,
            WorkOnContract,
            ViewRecord,
            WorkOnRecord,
            ReviewRecord,
            ConsentToCorrection,
            ViewAnnouncement,
            WorkOnAnnouncement,
            ReviewAnnouncement,
            ChooseYearBasis,
            ShowProgress,
            Administer,
        ]
        .into_iter()
        .map(|deed| match may(actor, deed, relation) {
            Ok(()) => '+',
            Err(AccessRefused::Role(_)) => 'r',
            Err(AccessRefused::Hidden) => '.',
        })
        .collect()
    }

    #[test]
    fn b8_the_permission_table_is_as_written() {
        let unit_clerk = actor(true, false, false, false);
        let unit_reviewer = actor(false, true, false, false);
        let chief_clerk = actor(true, false, false, true);
        let chief_reviewer = actor(false, true, false, true);
        let admin = actor(false, false, true, true);
        for (who, relation, expected) in [
            (&unit_clerk, Relation::Own, "+++++rr......"),
            (&unit_clerk, Relation::Other, "............."),
            (&unit_reviewer, Relation::Own, "+rr+r+r......"),
            (&chief_clerk, Relation::Own, "+++++rr++r++."),
            (&chief_clerk, Relation::Subordinate, "++r+rrr......"),
            (&chief_reviewer, Relation::Own, "+rr+r+++r+rr."),
            (&chief_reviewer, Relation::Subordinate, "+rr+r++......"),
            (&chief_reviewer, Relation::Other, "............."),
            (&admin, Relation::Own, "............+"),
            (&admin, Relation::Other, "............+"),
        ] {
            assert_eq!(row(who, relation), expected, "{:?} {relation:?}", who.roles);
        }
    }

    #[test]
    fn b8_a_subordinates_thing_belongs_to_its_own_chief_only() {
        let chief = actor(true, false, false, true);
        let other = UnitId::parse("01890a5d-ac96-774b-bcce-b302099a8059").unwrap();
        assert_eq!(Relation::of(&chief, &chief.unit, None), Relation::Own);
        assert_eq!(Relation::of(&chief, &other, Some(&chief.unit)), Relation::Subordinate);
        assert_eq!(Relation::of(&chief, &other, Some(&other)), Relation::Other);
    }
}
