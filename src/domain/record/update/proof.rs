//! What holds for every update, whatever was done by hand before and whatever the ledger says now.

use super::super::line::proof::{any_contract, any_edits, any_rules, collected, edited, platform, rules, wan};
use super::*;
use crate::domain::contract::{Measure, SupplierScale};
use crate::domain::ids::{LeftOutId, LineId};
use proptest::prelude::*;

fn number(at: usize) -> String {
    format!("01890a5d-ac96-774b-bcce-b302099a{at:04x}")
}

fn id(at: usize) -> ContractId {
    ContractId::parse(&number(at)).unwrap()
}

fn named(at: usize, contract: &Contract) -> (ContractId, Contract) {
    (id(at), Contract { contract_no: format!("HT-{at}"), ..contract.clone() })
}

/// What generation makes of the ledger.
fn generated(ledger: &[(ContractId, Contract)], rules: &LineRules) -> Vec<Held> {
    let place = |id: &ContractId, contract: &Contract| match contract::verdict(contract, rules.basis) {
        Verdict::LeftOut(rule) => {
            let id = LeftOutId::parse(id.as_str()).unwrap();
            Place::LeftOut(LeftOut { id, contract: contract.clone(), rule, reason: String::new() })
        }
        _ => Place::Line(Line::collected(LineId::parse(id.as_str()).unwrap(), contract.clone(), None)),
    };
    ledger.iter().map(|(id, contract)| Held { id: id.clone(), place: place(id, contract) }).collect()
}

/// What a hand does to a place: fills cells, takes out, claims in.
fn by_hand(held: Held, edits: &[(LineCell, String)], moves: bool, rules: &LineRules) -> Held {
    let Held { id, place } = held;
    let place = match place {
        Place::Line(line) if moves => {
            let (contract, rule, reason) = line.taken_out("重复".to_owned()).unwrap();
            Place::LeftOut(LeftOut { id: LeftOutId::parse(id.as_str()).unwrap(), contract, rule, reason })
        }
        Place::LeftOut(row) if moves => {
            let claimed = Claim::against(row.rule, "核实".to_owned());
            Place::Line(edited(&Line::collected(LineId::parse(id.as_str()).unwrap(), row.contract, claimed), edits, rules))
        }
        Place::Line(line) => Place::Line(edited(&line, edits, rules)),
        left_out @ Place::LeftOut(_) => left_out,
    };
    Held { id, place }
}

/// The record after these steps.
fn applied(mut held: Vec<Held>, steps: Vec<Step>) -> Vec<Held> {
    for Step { id, from, to } in steps {
        held.retain(|each| Some(&each.place) != from.as_ref());
        let Some(target) = to else { continue };
        let line = target.line(LineId::parse(id.as_str()).unwrap(), 1).map(Place::Line);
        let place = line.or_else(|| target.left_out(LeftOutId::parse(id.as_str()).unwrap()).map(Place::LeftOut)).unwrap();
        held.push(Held { id, place });
    }
    held.sort_by(|a, b| a.id.cmp(&b.id));
    held
}

fn is_untouched(held: &Held, rules: &LineRules) -> bool {
    match &held.place {
        Place::Line(line) => line.claim().is_none() && line.overrides == Overrides::default() && line.reason.is_empty(),
        Place::LeftOut(row) => contract::verdict(&row.contract, rules.basis) == Verdict::LeftOut(row.rule),
    }
}

type World = (Vec<Contract>, Vec<(Vec<(LineCell, String)>, bool)>, Vec<Option<Contract>>, LineRules);

fn world() -> impl Strategy<Value = World> {
    let count = 0..7_usize;
    count.prop_flat_map(|count| {
        (
            proptest::collection::vec(any_contract(), count),
            proptest::collection::vec((any_edits(), proptest::bool::weighted(0.3)), count),
            proptest::collection::vec(proptest::option::weighted(0.8, any_contract()), count + 2),
            any_rules(),
        )
    })
}

/// The ledger at generation, the record with what was done by hand, the ledger now; the last contract is one that did not change.
fn laid_out((before, hands, after, rules): &World) -> (Vec<Held>, Vec<(ContractId, Contract)>) {
    let ledger: Vec<_> = before.iter().enumerate().map(|(at, contract)| named(at, contract)).collect();
    let held = generated(&ledger, rules).into_iter().zip(hands).map(|(held, (edits, moves))| by_hand(held, edits, *moves, rules)).collect();
    let now = after.iter().enumerate().filter_map(|(at, contract)| contract.as_ref().map(|contract| named(at, contract))).collect();
    (held, now)
}

proptest! {
    #[test]
    fn e1_taking_every_difference_gives_what_generation_would_give_but_for_what_was_kept(world in world()) {
        let rules = world.3;
        let (held, now) = laid_out(&world);
        let steps = pairs(held.clone(), now.clone()).iter().map(|pair| pair.step(Way::Take, &rules)).collect();
        let after = applied(held.clone(), steps);
        let anew = generated(&now, &rules);
        prop_assert_eq!(after.len(), anew.len(), "each contract of the year once");
        for (kept, fresh) in after.iter().zip(&anew) {
            prop_assert_eq!(&kept.id, &fresh.id);
            prop_assert_eq!(kept.place.contract(), fresh.place.contract());
            let was_touched = held.iter().find(|each| each.id == kept.id).is_some_and(|each| !is_untouched(each, &rules));
            if !was_touched {
                prop_assert_eq!(kept, fresh);
            }
        }
        prop_assert_eq!(pairs(after, now), Vec::new(), "and nothing is left to take over");
    }

    #[test]
    fn e1_what_was_done_by_hand_is_never_lost_without_a_word(world in world()) {
        let rules = world.3;
        let (held, now) = laid_out(&world);
        for pair in pairs(held, now) {
            let difference = pair.difference(&rules);
            prop_assert!(!difference.ways.is_empty());
            let Some(Place::Line(line)) = &pair.held else { continue };
            let step = pair.step(Way::Take, &rules);
            let kept = step.to.as_ref().and_then(|target| target.line(line.id.clone(), line.version));
            if difference.is_preselected() {
                let said = |line: &Line| LineCell::ALL.map(|cell| line.overrides.has(cell).then(|| line.review(&rules).text(cell)));
                match kept {
                    Some(kept) => {
                        prop_assert_eq!(&kept.reason, &line.reason);
                        prop_assert_eq!(kept.claim(), line.claim());
                        for (cell, (before, after)) in LineCell::ALL.into_iter().zip(said(line).into_iter().zip(said(&kept))) {
                            // What the contract itself says by now is no override any more.
                            let shown = kept.review(&rules).text(cell);
                            prop_assert!(before == after || (after.is_none() && before.as_deref() == Some(&shown)), "{:?} {:?} {:?}", cell, before, after);
                        }
                    }
                    None => prop_assert!(line.overrides == Overrides::default() && line.reason.is_empty() && line.claim().is_none()),
                }
            }
            if difference.ways.contains(&Way::Keep) {
                let kept = pair.step(Way::Keep, &rules).to.and_then(|target| target.line(line.id.clone(), 1)).unwrap();
                for touched in &difference.touched {
                    if let Touched::Cell { cell, yours, may_stay: true, .. } = touched {
                        prop_assert_eq!(&kept.review(&rules).text(*cell), yours);
                    }
                }
            }
        }
    }

    #[test]
    fn a5_an_update_never_leaves_a_locked_cell_filled(world in world(), keep in any::<bool>()) {
        let rules = world.3;
        let (held, now) = laid_out(&world);
        for pair in pairs(held, now) {
            let way = if keep && pair.difference(&rules).ways.contains(&Way::Keep) { Way::Keep } else { Way::Take };
            let Some(line) = pair.step(way, &rules).to.and_then(|target| target.line(LineId::parse(&number(0)).unwrap(), 1)) else { continue };
            for cell in LineCell::ALL {
                prop_assert!(!line.overrides.has(cell) || line.lock(cell, &rules).is_none(), "{:?}", cell);
            }
        }
    }
}

fn one(place: Place, now: Option<Contract>) -> (Pair, Difference) {
    let found = pairs(vec![Held { id: id(0), place }], now.into_iter().map(|contract| (id(0), contract)).collect());
    let [pair] = &found[..] else { panic!("{found:?}") };
    (pair.clone(), pair.difference(&rules()))
}

#[test]
fn e1_a_change_says_each_cell_with_old_and_new() {
    let line = collected(platform());
    let (_, difference) = one(Place::Line(line), Some(Contract { amount: wan(120), measure: Some(Measure::Package), ..platform() }));
    let fields: Vec<String> = difference.fields.iter().map(|field| format!("{}：{} → {}", field.label, field.old, field.new)).collect();
    assert_eq!(fields, ["合同金额（元）：1000000 → 1200000", "预留选项：整体预留 → 包预留"]);
    assert_eq!((difference.before, difference.after), (Some(Standing::Counted), Some(Standing::Counted)));
    assert!(difference.is_preselected());
}

#[test]
fn e1_both_values_are_shown_where_a_change_meets_what_was_filled_in() {
    let unknown = Contract { supplier_scale: None, ..platform() };
    let filled = collected(unknown.clone()).with(LineCell::SmallMicro, "60", &rules()).unwrap();
    // The platform knows by now: the cell is locked, and the contract goes before.
    let known = Contract { small_micro: Some(wan(90)), ..unknown.clone() };
    let (pair, difference) = one(Place::Line(filled.clone()), Some(known));
    assert!(!difference.is_preselected());
    assert_eq!(difference.ways, [Way::Take]);
    assert!(difference.touched[0].sentence().contains("您填写的是 60，合同原为 （空），现为 90"), "{}", difference.touched[0].sentence());
    let after = pair.step(Way::Take, &rules()).to.unwrap().line(filled.id.clone(), 1).unwrap();
    assert_eq!(after.review(&rules()).small_micro, Some(wan(90)));
    // It says the same as was filled in: nothing to decide.
    let same = Contract { small_micro: Some(wan(60)), ..unknown.clone() };
    assert!(one(Place::Line(filled.clone()), Some(same)).1.is_preselected());
    // Another cell changed: what was filled in stays.
    let other = Contract { project_name: "保洁服务（二期）".to_owned(), ..unknown };
    let (pair, difference) = one(Place::Line(filled.clone()), Some(other));
    assert!(difference.is_preselected());
    assert_eq!(pair.step(Way::Take, &rules()).to.unwrap().line(filled.id, 1).unwrap().overrides.small_micro, Some(wan(60)));
}

#[test]
fn e1_on_a_free_line_the_unit_chooses_between_its_own_and_the_new_value() {
    let own = Contract { source: crate::domain::contract::Source::SelfEntered, ..platform() };
    let filled = collected(own.clone()).with(LineCell::Sme, "60", &rules()).unwrap();
    let (pair, difference) = one(Place::Line(filled.clone()), Some(Contract { amount: wan(120), ..own }));
    assert_eq!(difference.ways, [Way::Keep, Way::Take]);
    let sme = |way| pair.step(way, &rules()).to.unwrap().line(filled.id.clone(), 1).unwrap().review(&rules()).sme;
    assert_eq!((sme(Way::Keep), sme(Way::Take)), (Some(wan(60)), Some(wan(120))));
}

#[test]
fn e1_claims_and_what_was_taken_out_ask_before_they_change() {
    let unreserved = Contract { reserved: false, ..platform() };
    let claim = Claim { rule: Rule::NotReserved, reason: "漏填".to_owned() };
    let claimed = Line::collected(super::super::line::proof::line_id(), unreserved.clone(), Some(claim));
    // Reserved after all: it counts without the claim.
    let (_, difference) = one(Place::Line(claimed.clone()), Some(platform()));
    assert_eq!(difference.touched, [Touched::Claim("漏填".to_owned())]);
    assert_eq!((difference.before, difference.after), (Some(Standing::Claimed), Some(Standing::Counted)));
    // Left out by another rule: the claim stays, but someone should look.
    let retendered = Contract { retendered: true, ..platform() };
    let (pair, difference) = one(Place::Line(claimed.clone()), Some(retendered));
    assert!(matches!(&difference.touched[..], [Touched::ClaimRule { to: Rule::Retendered, .. }]));
    let kept = pair.step(Way::Take, &rules()).to.unwrap().line(claimed.id.clone(), 1).unwrap();
    assert_eq!(kept.claim().map(|claim| (claim.rule, claim.reason.as_str())), Some((Rule::Retendered, "漏填")));
    // Left out by the same rule, another amount: the claim stays as it is.
    assert!(one(Place::Line(claimed.clone()), Some(Contract { amount: wan(1), ..unreserved })).1.is_preselected());
    // Gone.
    assert!(!one(Place::Line(claimed), None).1.is_preselected());

    let out =
        LeftOut { id: LeftOutId::parse(&number(9)).unwrap(), contract: platform(), rule: Rule::ClaimedOut, reason: "重复".to_owned() };
    let (pair, difference) = one(Place::LeftOut(out), Some(Contract { supplier_scale: Some(SupplierScale::Micro), ..platform() }));
    assert_eq!(difference.ways, [Way::Keep, Way::Take]);
    let left_out = |way| pair.step(way, &rules()).to.unwrap().left_out(LeftOutId::parse(&number(9)).unwrap());
    assert_eq!(left_out(Way::Keep).map(|row| (row.rule, row.reason)), Some((Rule::ClaimedOut, "重复".to_owned())));
    assert_eq!(left_out(Way::Take), None, "it is a line again");
}

#[test]
fn e1_a_contract_that_was_deleted_and_entered_anew_is_the_same() {
    let held = vec![Held { id: id(1), place: Place::Line(collected(platform())) }];
    assert_eq!(pairs(held.clone(), vec![(id(2), platform())]), []);
    let found = pairs(held, vec![(id(2), Contract { amount: wan(7), ..platform() })]);
    let [pair] = &found[..] else { panic!("{found:?}") };
    assert_eq!((pair.difference(&rules()).kind, pair.id()), (Kind::Changed, &id(2)));
}

#[test]
fn e1_new_and_gone_contracts_are_preselected_where_no_hand_was_laid_on_them() {
    let held = vec![Held { id: id(1), place: Place::Line(collected(Contract { contract_no: "HT-9".to_owned(), ..platform() })) }];
    let found = pairs(held, vec![(id(2), platform()), (id(3), Contract { contract_no: "HT-3".to_owned(), reserved: false, ..platform() })]);
    let seen: Vec<_> = found.iter().map(|pair| pair.difference(&rules())).collect();
    assert_eq!(seen.iter().map(|each| each.kind).collect::<Vec<_>>(), [Kind::New, Kind::New, Kind::Gone]);
    assert_eq!(
        seen.iter().map(|each| each.after).collect::<Vec<_>>(),
        [Some(Standing::Counted), Some(Standing::LeftOut(Rule::NotReserved)), None]
    );
    assert!(seen.iter().all(Difference::is_preselected));
}
