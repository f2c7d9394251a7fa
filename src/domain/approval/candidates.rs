//! Who can be the next approver: 「下一审批机构/人员」 (B5).

use super::{Assignee, Candidate};
use crate::domain::ids::{UnitId, UserId};
use crate::domain::organisation::{Actor, Unit};

/// The units whose 审核人 can be chosen for a 年度数据: its own, and those of its 主管预算单位.
pub fn asked_units<'u>(own: &'u Unit, chief: Option<&'u Unit>) -> Vec<&'u Unit> {
    let mut units = vec![own];
    units.extend(chief.filter(|chief| chief.id != own.id));
    units
}

/// Whether an agreement of `actor` can complete: only that of the 主管 does.
pub fn completes(actor: &Actor, chief: Option<&UnitId>) -> bool {
    chief == Some(&actor.unit)
}

/// A unit with its 审核人 (id and name), as it can be chosen: the institution, then each person. A unit without any cannot be.
pub fn of_unit(unit: &Unit, reviewers: Vec<(UserId, String)>, chief: Option<&UnitId>) -> Vec<Candidate> {
    let completes = chief == Some(&unit.id);
    let candidate = |assignee, name| Candidate { assignee, name, unit_name: unit.name.clone(), completes };
    let institution =
        (!reviewers.is_empty()).then(|| candidate(Assignee::Institution(unit.id.clone()), format!("{}（任一审核人）", unit.name)));
    institution.into_iter().chain(reviewers.into_iter().map(|(user, name)| candidate(Assignee::Person(user), name))).collect()
}

/// The institution among the candidates: 「申请更正」 waits for the 主管 as a whole.
pub fn institution(all: &[Candidate]) -> Option<&Candidate> {
    all.iter().find(|candidate| matches!(candidate.assignee, Assignee::Institution(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::approval::answerable;
    use crate::domain::contract::YearBasis;
    use crate::domain::organisation::{District, Roles};

    fn unit(last: char) -> Unit {
        Unit {
            id: UnitId::parse(&format!("01890a5d-ac96-774b-bcce-b302099a806{last}")).unwrap(),
            name: format!("单位{last}"),
            uscc: String::new(),
            parent: None,
            is_supervisor: false,
            district: District::parse("319900").unwrap(),
            year_basis: YearBasis::Signed,
            version: 1,
        }
    }

    fn user(last: char) -> UserId {
        UserId::parse(&format!("01890a5d-ac96-774b-bcce-b302099a805{last}")).unwrap()
    }

    #[test]
    fn b5_the_own_unit_and_the_chief_are_asked_each_once() {
        let (own, chief) = (unit('1'), unit('2'));
        let names = |units: Vec<&Unit>| units.into_iter().map(|unit| unit.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(asked_units(&own, Some(&chief))), ["单位1", "单位2"]);
        assert_eq!(names(asked_units(&chief, Some(&chief))), ["单位2"], "a 主管 is its own chief");
        assert_eq!(names(asked_units(&own, None)), ["单位1"]);
    }

    #[test]
    fn b5_only_candidates_of_the_chief_complete() {
        let chief = unit('2').id;
        let actor = |unit: Unit| Actor {
            user: user('1'),
            name: "甲".into(),
            unit: unit.id,
            unit_name: unit.name,
            in_supervisor: true,
            roles: Roles { reviewer: true, ..Roles::default() },
        };
        assert!(completes(&actor(unit('2')), Some(&chief)));
        assert!(!completes(&actor(unit('1')), Some(&chief)) && !completes(&actor(unit('1')), None));
        let found = of_unit(&unit('2'), vec![(user('1'), "甲".into()), (user('2'), "乙".into())], Some(&chief));
        let shown: Vec<_> = found.iter().map(|candidate| (candidate.name.as_str(), candidate.completes)).collect();
        assert_eq!(shown, [("单位2（任一审核人）", true), ("甲", true), ("乙", true)]);
        assert!(of_unit(&unit('1'), vec![(user('1'), "甲".into())], Some(&chief)).iter().all(|candidate| !candidate.completes));
        assert_eq!(of_unit(&unit('1'), Vec::new(), Some(&chief)), []);
    }

    #[test]
    fn b7_a_correction_waits_for_an_institution_where_someone_else_can_answer() {
        let alone = of_unit(&unit('2'), vec![(user('1'), "甲".into())], None);
        assert!(institution(&answerable(alone.clone(), Some(&user('1')))).is_none());
        assert_eq!(institution(&answerable(alone, Some(&user('2')))).map(|one| one.name.as_str()), Some("单位2（任一审核人）"));
    }
}
