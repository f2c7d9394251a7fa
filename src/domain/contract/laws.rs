//! What holds for every row, whatever it says.

use super::proof::plain;
use super::*;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

fn day() -> impl Strategy<Value = Day> {
    (2020_i32..2027, 1_u32..=12, 1_u32..=28).prop_map(|(year, month, day)| Day::new(year, month, day).unwrap())
}

fn money() -> impl Strategy<Value = Money> {
    prop_oneof![Just(0_i64), 0_i64..2_000, 0_i64..=100_000_000_000_000].prop_map(Money::from_fen)
}

prop_compose! {
    /// Any row that import could hand over, and amounts in whatever order.
    fn any_contract()(
        (source, reserved, measure, target) in (select(Source::ALL), any::<bool>(), option::weighted(0.9, select(Measure::ALL)), option::of(select(Target::ALL))),
        (supplier_scale, goods_mark, retendered) in (option::of(select(SupplierScale::ALL)), option::of(select(GoodsMark::ALL)), any::<bool>()),
        (amount, sme, small_micro) in (money(), option::of(money()), option::of(money())),
        reserved_pct in option::of((1_i64..=1_000_000).prop_map(|scaled| Percent::try_from(scaled).unwrap())),
        (signed_on, published_on) in (day(), option::of(day())),
    ) -> Contract {
        Contract {
            supplier_scale, amount, source, reserved, measure, target, reserved_pct, sme, small_micro, goods_mark, retendered, signed_on, published_on,
            ..plain()
        }
    }
}

proptest! {
    #[test]
    fn a1_what_counts_is_consistent_and_entered_amounts_win(contract in any_contract(), basis in select(YearBasis::ALL)) {
        let judgement = judge(&contract, basis);
        prop_assert_eq!(&judgement, &judge(&contract, basis), "the same row gives the same judgement");
        prop_assert!(!judgement.facts.is_empty());
        match judgement.verdict {
            Verdict::Counted(amounts) => {
                prop_assert!(Money::ZERO <= amounts.small_micro && amounts.small_micro <= amounts.sme && amounts.sme <= contract.amount);
                prop_assert!(contract.sme.is_none_or(|entered| entered == amounts.sme && !amounts.estimated));
                prop_assert!(contract.small_micro.is_none_or(|entered| entered == amounts.small_micro));
            }
            Verdict::LeftOut(rule) => prop_assert!(rule != Rule::ClaimedOut),
            Verdict::NeedsInput(known, needs) => {
                prop_assert!(!needs.is_empty());
                prop_assert!(!needs.contains(&Need::SmeAmount) || known.sme.is_none());
                prop_assert!(!needs.contains(&Need::SmallMicroAmount) || known.small_micro.is_none());
            }
            Verdict::Error(_, contradictions) => prop_assert!(contradictions.iter().all(|found| !found.cells.is_empty())),
        }
    }

    #[test]
    fn a1_filling_in_what_is_needed_settles_a_contract(contract in any_contract(), basis in select(YearBasis::ALL)) {
        let mut filled = contract;
        for _ in 0..3 {
            let Verdict::NeedsInput(known, needs) = judge(&filled, basis).verdict else { break };
            match needs[0] {
                Need::PublishedOn => filled.published_on = Some(filled.signed_on),
                Need::SmeAmount => filled.sme = Some(filled.amount),
                Need::SmallMicroAmount => filled.small_micro = known.sme.or(Some(Money::ZERO)),
            }
        }
        prop_assert!(!matches!(judge(&filled, basis).verdict, Verdict::NeedsInput(..)));
    }

    #[test]
    fn a9_a_rule_applies_only_when_no_earlier_one_does(contract in any_contract(), basis in select(YearBasis::ALL)) {
        let earlier = |rule: Rule| Rule::ALL.iter().copied().filter(move |other| *other < rule);
        match judge(&contract, basis).verdict {
            Verdict::LeftOut(rule) => {
                prop_assert!(rule.matches(&contract));
                prop_assert!(earlier(rule).all(|other| !other.matches(&contract)));
            }
            _ => prop_assert!(Rule::ALL.iter().all(|rule| !rule.matches(&contract))),
        }
    }

    #[test]
    fn e1_the_obstacles_begin_with_the_rule_that_left_the_contract_out(contract in any_contract(), basis in select(YearBasis::ALL)) {
        let first = match judge(&contract, basis).verdict {
            Verdict::LeftOut(rule) => Some(rule),
            _ => None,
        };
        let obstacles = Rule::obstacles(&contract);
        prop_assert_eq!(obstacles.first().copied(), first);
        prop_assert!(obstacles.is_sorted() && obstacles.iter().all(|rule| rule.matches(&contract)));
        prop_assert_eq!(Way::of(&contract).is_none(), contract.measure.is_none() && !contract.is_framework());
    }

    #[test]
    fn e1_the_amounts_alone_never_leave_out_and_agree_with_the_verdict(contract in any_contract()) {
        let alone = amounts(&contract);
        prop_assert!(!matches!(alone, Verdict::LeftOut(_)));
        let whole = judge(&contract, YearBasis::Signed).verdict;
        prop_assert!(matches!(whole, Verdict::LeftOut(_)) || whole == alone);
        let entered = contract.sme.is_some() && contract.small_micro.is_some();
        prop_assert!(contract.measure.is_some() || entered || alone.counted().is_none(), "nothing is derived without a measure");
    }

    #[test]
    fn a3_the_tally_of_a_partition_is_the_tally_of_the_whole(contracts in proptest::collection::vec(any_contract(), 0..24), cut in any::<u32>()) {
        let verdicts: Vec<Verdict> = contracts.iter().map(|contract| judge(contract, YearBasis::Signed).verdict).collect();
        let whole: Tally = verdicts.iter().collect();
        let chosen = |at: usize| cut >> (at % 32) & 1 == 1;
        let mut parts: Tally = verdicts.iter().enumerate().filter(|(at, _)| chosen(*at)).map(|(_, verdict)| verdict).collect();
        parts.merge(&verdicts.iter().enumerate().filter(|(at, _)| !chosen(*at)).map(|(_, verdict)| verdict).collect());
        prop_assert_eq!(&parts, &whole);
        prop_assert_eq!(whole.lines + whole.left_out_total() + whole.needs_input + whole.errors, contracts.len());
    }

    #[test]
    fn a1_judgements_survive_json(contract in any_contract(), basis in select(YearBasis::ALL)) {
        let judgement = judge(&contract, basis);
        let text = serde_json::to_string(&(&contract, &judgement)).unwrap();
        prop_assert_eq!(serde_json::from_str::<(Contract, Judgement)>(&text).unwrap(), (contract, judgement));
    }
}
