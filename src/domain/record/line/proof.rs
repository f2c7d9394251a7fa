//! What holds for every line, whatever stands in its contract and whatever is typed into it. The rules one by one stand beside them.

use super::*;
use crate::domain::contract::{Category, GoodsMark, Measure, SupplierScale, Target};
use crate::domain::money::{Money, Percent};
use crate::domain::record::{check, totals};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// A line's identity.
pub(in crate::domain::record) fn line_id() -> LineId {
    LineId::parse("01890a5d-ac96-774b-bcce-b302099a8057").unwrap()
}

/// The rules of a record of 2024 by signing date.
pub(in crate::domain::record) fn rules() -> LineRules {
    LineRules { year: Year::try_from(2024).unwrap(), basis: YearBasis::Signed, cutover: Day::new(2024, 1, 1).unwrap() }
}

/// A contract of the platform, after its change-over, that counts: 整体预留 of 100 万元, a small supplier.
pub(in crate::domain::record) fn platform() -> Contract {
    Contract {
        contract_no: "HT-1".to_owned(),
        contract_title: "保洁合同".to_owned(),
        project_no: "SH-1".to_owned(),
        project_name: "保洁服务".to_owned(),
        lot: String::new(),
        project_created_on: Day::new(2024, 1, 1),
        buyer_name: "测试区采购单位03".to_owned(),
        buyer_uscc: String::new(),
        supplier_name: "上海某公司".to_owned(),
        supplier_uscc: String::new(),
        supplier_scale: Some(SupplierScale::Small),
        category: Some(Category::Services),
        method: "公开招标".to_owned(),
        amount: wan(100),
        budget: None,
        source: Source::Project,
        reserved: true,
        measure: Some(Measure::Whole),
        target: None,
        reserved_pct: None,
        sme: None,
        small_micro: None,
        goods_mark: None,
        retendered: false,
        signed_on: Day::new(2024, 3, 15).unwrap(),
        published_on: Day::new(2024, 3, 20),
        url: Some("https://zfcg.gov.example/luban/detail?articleId=a+/==".to_owned()),
    }
}

/// Whole 万元.
pub(in crate::domain::record) fn wan(amount: i64) -> Money {
    Money::from_fen(amount * 1_000_000)
}

/// A line of a contract.
pub(in crate::domain::record) fn collected(contract: Contract) -> Line {
    Line::collected(line_id(), contract, None)
}

fn day() -> impl Strategy<Value = Day> {
    (2022_i32..2026, 1_u32..=12, 1_u32..=28).prop_map(|(year, month, day)| Day::new(year, month, day).unwrap())
}

fn money() -> impl Strategy<Value = Money> {
    prop_oneof![Just(0_i64), 0_i64..2_000, 0_i64..=100_000_000_000_000].prop_map(Money::from_fen)
}

prop_compose! {
    pub(in crate::domain::record) fn any_contract()(
        (source, reserved, measure, target) in (select(Source::ALL), any::<bool>(), option::weighted(0.8, select(Measure::ALL)), option::of(select(Target::ALL))),
        (supplier_scale, goods_mark) in (option::of(select(SupplierScale::ALL)), option::of(select(GoodsMark::ALL))),
        (amount, sme, small_micro) in (money(), option::of(money()), option::of(money())),
        reserved_pct in option::of((1_i64..=1_000_000).prop_map(|scaled| Percent::try_from(scaled).unwrap())),
        (signed_on, published_on, project_created_on) in (day(), option::of(day()), option::of(day())),
        has_url in any::<bool>(),
    ) -> Contract {
        let url = platform().url.filter(|_| has_url);
        Contract {
            source, reserved, measure, target, supplier_scale, goods_mark, amount, sme, small_micro, reserved_pct, signed_on, published_on, project_created_on, url,
            ..platform()
        }
    }
}

prop_compose! {
    pub(in crate::domain::record) fn any_line()(contract in option::weighted(0.85, any_contract()), claimed in option::weighted(0.2, select(Rule::ALL))) -> Line {
        match contract {
            None => Line::manual(line_id()),
            Some(contract) => Line::collected(line_id(), contract, claimed.map(|rule| Claim { rule, reason: "核实后计入".to_owned() })),
        }
    }
}

pub(in crate::domain::record) fn any_rules() -> impl Strategy<Value = LineRules> {
    (select(YearBasis::ALL), 2023_i32..2026).prop_map(|(basis, year)| LineRules { year: Year::try_from(year).unwrap(), basis, ..rules() })
}

/// What people type, and what nobody should.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => money().prop_map(Money::wan),
        2 => (1_i64..=1_000_000).prop_map(|scaled| Percent::try_from(scaled).unwrap().to_string()),
        2 => select(Measure::ALL).prop_map(|measure| measure.label().to_owned()),
        1 => day().prop_map(|day| day.to_string()),
        1 => Just("https://host.example/a?b=c+d/==".to_owned()),
        2 => Just(String::new()),
        1 => Just(" \u{3000}\t".to_owned()),
        2 => "\\PC{0,24}",
        1 => any::<String>(),
    ]
}

pub(in crate::domain::record) fn any_edits() -> impl Strategy<Value = Vec<(LineCell, String)>> {
    proptest::collection::vec((select(&LineCell::ALL[..]), any_text()), 0..12)
}

/// The line after whatever of these edits is taken.
pub(in crate::domain::record) fn edited(line: &Line, edits: &[(LineCell, String)], rules: &LineRules) -> Line {
    edits.iter().fold(line.clone(), |line, (cell, text)| line.with(*cell, text, rules).unwrap_or(line))
}

/// Whether the unit filled this cell in.
fn is_filled(line: &Line, cell: LineCell) -> bool {
    let overrides = &line.overrides;
    match cell {
        LineCell::ProjectName => overrides.project_name.is_some(),
        LineCell::Measure => overrides.measure.is_some(),
        LineCell::Percent => overrides.percent.is_some(),
        LineCell::Sme => overrides.sme.is_some(),
        LineCell::SmallMicro => overrides.small_micro.is_some(),
        LineCell::PublishedOn => overrides.published_on.is_some(),
        LineCell::Url => overrides.url.is_some(),
        LineCell::Reason => !line.reason.is_empty(),
    }
}

proptest! {
    #[test]
    fn a5_whatever_is_typed_a_line_can_be_shown_and_keeps_its_contract(line in any_line(), edits in any_edits(), rules in any_rules()) {
        let after = edited(&line, &edits, &rules);
        prop_assert_eq!(&after.origin, &line.origin, "what was collected stands as it was");
        let review = after.review(&rules);
        if let Some(amounts) = review.counted {
            prop_assert!(Money::ZERO <= amounts.small_micro && amounts.small_micro <= amounts.sme);
            prop_assert!(line.contract().is_none_or(|contract| amounts.sme <= contract.amount));
            prop_assert!(review.measure.is_some() && !review.project_name.is_empty(), "what counts can stand in a notice");
        } else {
            prop_assert!(review.blocks(), "a line that counts nothing says why");
        }
        for cell in LineCell::ALL {
            review.text(cell);
        }
    }

    #[test]
    fn a5_a_locked_cell_is_never_filled(line in any_line(), edits in any_edits(), rules in any_rules()) {
        let locked: Vec<LineCell> = LineCell::ALL.into_iter().filter(|cell| line.lock(*cell, &rules).is_some()).collect();
        for (cell, text) in &edits {
            if locked.contains(cell) {
                prop_assert!(matches!(line.with(*cell, text, &rules), Err(CellRefused::Locked(_))), "{:?} takes {:?}", cell, text);
            }
        }
        let after = edited(&line, &edits, &rules);
        for cell in &locked {
            prop_assert!(!is_filled(&after, *cell));
            prop_assert!(after.lock(*cell, &rules).is_some(), "and stays locked, whatever is filled in beside it");
        }
    }

    #[test]
    fn a5_clearing_what_was_filled_in_restores_what_was_collected(line in any_line(), edits in any_edits(), rules in any_rules()) {
        let mut after = edited(&line, &edits, &rules);
        for cell in LineCell::ALL {
            if after.lock(cell, &rules).is_none() {
                after = after.with(cell, "", &rules).unwrap();
            }
        }
        prop_assert_eq!(&after, &line);
    }

    #[test]
    fn a5_typing_what_is_shown_changes_nothing(line in any_line(), rules in any_rules()) {
        let review = line.review(&rules);
        for cell in LineCell::ALL {
            if line.contract().is_some() && line.lock(cell, &rules).is_none() {
                prop_assert_eq!(&line.with(cell, &review.text(cell), &rules).unwrap(), &line, "{:?}", cell);
            }
        }
    }

    #[test]
    fn a5_what_was_typed_is_shown_again(line in any_line(), cell in select(&LineCell::ALL[..]), text in any_text(), rules in any_rules()) {
        let Ok(after) = line.with(cell, &text, &rules) else { return Ok(()) };
        let shown = after.review(&rules).text(cell);
        if cell != LineCell::Reason && !text.trim().is_empty() {
            prop_assert_eq!(&after.with(cell, &shown, &rules).unwrap(), &after);
        }
    }

    #[test]
    fn a3_the_totals_are_the_sums_of_the_lines_in_any_order(lines in proptest::collection::vec((any_line(), any_edits()), 0..10), rules in any_rules()) {
        let lines: Vec<Line> = lines.iter().map(|(line, edits)| edited(line, edits, &rules)).collect();
        let sums = totals(&lines, &rules);
        let counted: Vec<_> = lines.iter().filter_map(|line| line.review(&rules).counted).collect();
        prop_assert_eq!((sums.lines, sums.open), (counted.len(), lines.len() - counted.len()));
        prop_assert_eq!(sums.sme.fen(), counted.iter().map(|amounts| amounts.sme.fen()).sum::<i64>());
        prop_assert_eq!(sums.small_micro.fen(), counted.iter().map(|amounts| amounts.small_micro.fen()).sum::<i64>());
        prop_assert!(sums.small_micro <= sums.sme);
        prop_assert_eq!(totals(lines.iter().rev(), &rules), sums);
        if check(&lines, &rules).is_ok() {
            prop_assert_eq!(sums.open, 0, "what can be submitted counts whole");
        }
    }

    #[test]
    fn a5_lines_survive_json(line in any_line(), edits in any_edits(), rules in any_rules()) {
        let after = edited(&line, &edits, &rules);
        prop_assert_eq!(serde_json::from_str::<Line>(&serde_json::to_string(&after).unwrap()).unwrap(), after);
    }
}
