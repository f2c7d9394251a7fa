//! Which cells may be filled (A5, A6).
//!
//! Free are lines entered by hand, those of 自行录入 contracts, of projects before the platform's change-over, and contracts that
//! were claimed in; on every other line only the cells that are missing or contradict each other, and the reason.

use super::{Line, LineCell, LineRules, Origin};
use crate::domain::contract::{self, Contract, Measure, Need, Source, Verdict};

/// Why 合同公告日期 cannot be typed where it decides nothing.
pub const NOT_ASKED: &str = "此行不需要填写合同公告日期";
/// Why a locked cell is locked, as its hint says.
pub const LOCKED: &str = "平台采集的数据已锁定；如有误，请在合同所在系统更正后「从合同更新」，或剔除该行并说明理由";

impl Line {
    /// Whether 合同公告日期 decides the year of this line and the contract does not say it.
    pub fn asks_published_on(&self, rules: &LineRules) -> bool {
        self.contract().is_some_and(|contract| self.claim().is_none() && needs_published_on(contract, rules))
    }

    /// Why a cell cannot be edited; `None` where it can (A5, A6).
    pub fn lock(&self, cell: LineCell, rules: &LineRules) -> Option<&'static str> {
        if cell == LineCell::PublishedOn {
            return if self.asks_published_on(rules) { None } else { Some(NOT_ASKED) };
        }
        let Origin::Contract { contract, claimed } = &self.origin else { return None };
        let open = cell == LineCell::Reason
            || claimed.is_some()
            || contract.source == Source::SelfEntered
            || contract.begun_on() < rules.cutover
            || fillable(contract, cell);
        if open { None } else { Some(LOCKED) }
    }
}

/// Whether 合同公告日期 decides the year and the contract does not say it.
pub(super) fn needs_published_on(contract: &Contract, rules: &LineRules) -> bool {
    matches!(contract::verdict(contract, rules.basis), Verdict::NeedsInput(_, needs) if needs.contains(&Need::PublishedOn))
}

/// Whether the collected row lacks or contradicts something in this cell, so that it can be filled on a locked line too.
fn fillable(contract: &Contract, cell: LineCell) -> bool {
    let verdict = contract::amounts(contract);
    match cell {
        LineCell::Sme | LineCell::SmallMicro => match &verdict {
            Verdict::Error(..) => true,
            Verdict::NeedsInput(_, needs) => needs.contains(&if cell == LineCell::Sme { Need::SmeAmount } else { Need::SmallMicroAmount }),
            Verdict::Counted(_) | Verdict::LeftOut(_) => false,
        },
        LineCell::Percent => contract.reserved_pct.is_none() && contract.measure.is_some_and(Measure::shows_percent),
        LineCell::Measure => contract.measure.is_none(),
        LineCell::Url => contract.url.is_none(),
        LineCell::PublishedOn | LineCell::ProjectName | LineCell::Reason => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::proof::{collected, line_id, platform, rules, wan};
    use super::super::{CellRefused, Claim};
    use super::*;
    use crate::domain::calendar::Day;
    use crate::domain::contract::{Rule, SupplierScale, YearBasis};

    /// The cells that can be filled, by their codes.
    fn open(line: &Line, rules: &LineRules) -> String {
        let open: Vec<&str> = LineCell::ALL.into_iter().filter(|cell| line.lock(*cell, rules).is_none()).map(LineCell::code).collect();
        open.join(" ")
    }

    const FREE: &str = "project_name measure percent sme small_micro url reason";

    #[test]
    fn a5_lines_of_the_platform_are_locked_but_for_what_they_lack_or_contradict() {
        let share = Contract { measure: Some(Measure::Subcontract), ..platform() };
        for (what, contract, expected) in [
            ("nothing is missing", platform(), "reason"),
            ("no link", Contract { url: None, ..platform() }, "url reason"),
            ("a medium supplier", Contract { supplier_scale: Some(SupplierScale::Medium), ..platform() }, "reason"),
            ("a supplier of unknown size", Contract { supplier_scale: None, ..platform() }, "small_micro reason"),
            ("neither share nor amounts", share.clone(), "percent sme small_micro reason"),
            ("amounts without share", Contract { sme: Some(wan(30)), small_micro: Some(wan(0)), ..share.clone() }, "percent reason"),
            ("amounts that contradict each other", Contract { sme: Some(wan(101)), ..platform() }, "sme small_micro reason"),
            (
                "a large small-and-micro amount",
                Contract { sme: Some(wan(10)), small_micro: Some(wan(11)), ..platform() },
                "sme small_micro reason",
            ),
        ] {
            assert_eq!(open(&collected(contract), &rules()), expected, "{what}");
        }
    }

    #[test]
    fn a5_projects_before_the_change_over_are_free() {
        let begun = |created: Option<Day>, signed: &str| Contract {
            project_created_on: created,
            signed_on: Day::parse(signed).unwrap(),
            ..platform()
        };
        for (contract, expected) in [
            (begun(Day::new(2023, 12, 31), "2024-03-01"), FREE),
            (begun(Day::new(2024, 1, 1), "2024-03-01"), "reason"),
            (begun(None, "2023-12-31"), FREE),
            (begun(None, "2024-01-01"), "reason"),
            // The day of creation decides where there is one.
            (begun(Day::new(2024, 1, 1), "2023-12-31"), "reason"),
        ] {
            assert_eq!(open(&collected(contract.clone()), &rules()), expected, "{:?} {}", contract.project_created_on, contract.signed_on);
        }
        let later = LineRules { cutover: Day::new(2024, 7, 1).unwrap(), ..rules() };
        assert_eq!(open(&collected(platform()), &later), FREE, "the day comes from configuration");
    }

    #[test]
    fn a6_lines_of_the_units_own_are_free() {
        assert_eq!(open(&Line::manual(line_id()), &rules()), FREE);
        assert_eq!(open(&collected(Contract { source: Source::SelfEntered, ..platform() }), &rules()), FREE);
        assert_eq!(open(&collected(Contract { source: Source::Framework, ..platform() }), &rules()), "reason");
    }

    #[test]
    fn a9_a_claimed_contract_is_free() {
        let claim = Claim { rule: Rule::NotReserved, reason: "预留标记漏填".to_owned() };
        let line = Line::collected(line_id(), Contract { reserved: false, ..platform() }, Some(claim));
        assert_eq!(open(&line, &rules()), FREE);
    }

    #[test]
    fn a1_the_publication_date_is_asked_for_only_where_it_decides_the_year() {
        let published = LineRules { basis: YearBasis::Published, ..rules() };
        let unknown = Contract { published_on: None, ..platform() };
        assert_eq!(open(&collected(unknown.clone()), &rules()), "reason");
        assert_eq!(open(&collected(unknown.clone()), &published), "published_on reason");
        assert_eq!(open(&collected(platform()), &published), "reason");
        let refused = collected(unknown).with(LineCell::PublishedOn, "2024-05-01", &rules());
        assert_eq!(refused, Err(CellRefused::Locked(NOT_ASKED)));
    }
}
