//! What the page's lines hold whatever is typed, stored and taken back.

use super::*;
use crate::domain::calendar::{Day, Year};
use crate::domain::contract::YearBasis;
use crate::domain::record::totals;
use proptest::prelude::*;

fn rules() -> LineRules {
    LineRules { year: Year::try_from(2025).unwrap(), basis: YearBasis::Signed, cutover: Day::parse("2024-01-01").unwrap() }
}

fn id(number: usize) -> LineId {
    LineId::parse(&format!("01890a5d-ac96-774b-bcce-{number:012}")).unwrap()
}

fn lines(count: usize) -> Lines {
    Lines::new((0..count).map(|number| Line::manual(id(number))).collect(), rules())
}

#[test]
fn e3_what_cannot_be_read_stays_typed_and_stops_the_submission() {
    let mut lines = lines(1);
    assert!(matches!(lines.type_into(0, LineCell::Sme, "约 3 万"), Some(Typed::Refused(_))));
    let entry = lines.get(0).unwrap();
    assert_eq!((entry.shown_text(LineCell::Sme).as_str(), entry.blocks()), ("约 3 万", true));
    assert_eq!(lines.type_into(0, LineCell::Sme, "3"), Some(Typed::Taken { before: String::new() }));
    assert_eq!(lines.get(0).unwrap().shown_text(LineCell::Sme), "3");
}

#[test]
fn e3_against_a_cell_that_someone_else_changed_both_values_stand_until_one_is_chosen() {
    let mut lines = lines(1);
    lines.type_into(0, LineCell::Sme, "12");
    lines.type_into(0, LineCell::Percent, "5");
    let stored = Line::manual(id(0)).with(LineCell::Sme, "11", &rules()).unwrap();
    let stored = stored.with(LineCell::ProjectName, "同事的名称", &rules()).unwrap();
    lines.adopt(stored, &[(LineCell::Percent, "5".to_owned())], vec![(LineCell::Sme, "11".to_owned())]);
    let entry = lines.get(0).unwrap();
    assert_eq!(entry.shown_text(LineCell::ProjectName), "同事的名称");
    assert_eq!((entry.shown_text(LineCell::Sme).as_str(), entry.shown_text(LineCell::Percent).as_str()), ("12", "5"), "mine still stand");
    assert!(entry.blocks());
    assert_eq!(lines.settle(0, LineCell::Sme).as_deref(), Some("11"));
    assert!(lines.get(0).unwrap().rivals.is_empty());
}

#[test]
fn e3_what_a_colleague_wrote_into_other_cells_is_shown_under_what_still_waits() {
    let mut lines = lines(1);
    lines.type_into(0, LineCell::Sme, "12");
    lines.type_into(0, LineCell::Percent, "5");
    let stored = Line::manual(id(0)).with(LineCell::Sme, "12", &rules()).unwrap();
    let stored = stored.with(LineCell::ProjectName, "同事的名称", &rules()).unwrap();
    let waiting = [(LineCell::Percent, "5".to_owned())];
    assert!(lines.stored(&id(0), 3, Some(&Filled::of(&stored)), &waiting));
    let entry = lines.get(0).unwrap();
    let texts = [LineCell::ProjectName, LineCell::Sme, LineCell::Percent].map(|cell| entry.shown_text(cell));
    assert_eq!((texts, entry.line.version), (["同事的名称", "12", "5"].map(str::to_owned), 3));
    assert!(!lines.stored(&id(0), 4, Some(&Filled::of(&lines.get(0).unwrap().line.clone())), &[]), "nothing else to show");
    assert_eq!(lines.get(0).unwrap().line.version, 4);
}

#[test]
fn e3_a_choice_stays_while_other_cells_of_the_line_are_stored() {
    let mut lines = contested();
    let stored = Line::manual(id(0)).with(LineCell::Sme, "11", &rules()).unwrap();
    let stored = stored.with(LineCell::ProjectName, "乙", &rules()).unwrap();
    lines.stored(&id(0), 3, Some(&Filled::of(&stored)), &[]);
    assert_eq!(stands(&lines), ("12".to_owned(), Some("11")), "mine is not replaced by theirs");
}

#[test]
fn e3_a_line_that_comes_back_names_the_one_that_follows_it() {
    let lines = lines(4);
    let next = |key: usize, among: &[usize]| lines.next_of(key, among).map(|entry| entry.line.id.clone());
    assert_eq!((next(1, &[1]), next(1, &[1, 2]), next(3, &[3])), (Some(id(2)), Some(id(3)), None));
}

/// One line whose 金额 says 12 here and 11 on the server.
fn contested() -> Lines {
    let mut lines = lines(1);
    lines.type_into(0, LineCell::Sme, "12");
    let stored = Line::manual(id(0)).with(LineCell::Sme, "11", &rules()).unwrap();
    lines.adopt(stored, &[], vec![(LineCell::Sme, "11".to_owned())]);
    lines
}

fn stands(lines: &Lines) -> (String, Option<&str>) {
    let entry = lines.get(0).unwrap();
    (entry.shown_text(LineCell::Sme), entry.rivals.get(&LineCell::Sme).map(String::as_str))
}

#[test]
fn e3_what_is_still_being_typed_does_not_decide_between_two_values() {
    let mut lines = contested();
    assert_eq!(lines.draft(0, LineCell::Sme, "1"), Some(Typed::Taken { before: "12".to_owned() }));
    assert_eq!(stands(&lines), ("1".to_owned(), Some("11")));
    assert!(matches!(lines.draft(0, LineCell::Sme, "1x"), Some(Typed::Refused(_))));
    assert_eq!(stands(&lines), ("1x".to_owned(), Some("11")), "nor does what cannot be read");
    lines.unrefuse(0, LineCell::Sme);
    lines.draft(0, LineCell::Sme, "12");
    assert_eq!(stands(&lines), ("12".to_owned(), Some("11")), "Esc leads back to both");
}

#[test]
fn e3_typing_over_two_values_is_typing_over_the_one_that_is_stored() {
    let over_theirs = Typed::Taken { before: "11".to_owned() };
    let mut lines = contested();
    assert!(matches!(lines.type_into(0, LineCell::Sme, "x"), Some(Typed::Refused(_))));
    assert_eq!(stands(&lines), ("x".to_owned(), Some("11")), "what cannot be read decides nothing");
    assert_eq!(lines.type_into(0, LineCell::Sme, "13"), Some(over_theirs.clone()));
    assert_eq!(stands(&lines), ("13".to_owned(), None));
    let mut lines = contested();
    assert_eq!(lines.type_all(0, &[(LineCell::Sme, "13".to_owned())]), [over_theirs], "a paste likewise");
    assert_eq!(stands(&lines), ("13".to_owned(), None));
}

#[test]
fn e3_a_deleted_line_comes_back_to_its_place() {
    let mut lines = lines(3);
    lines.type_into(1, LineCell::ProjectName, "甲");
    lines.set_gone(&[1], true);
    assert_eq!((lines.order(), lines.number(2)), (&[0, 2][..], 2));
    lines.set_gone(&[1], false);
    assert_eq!((lines.order(), lines.number(2)), (&[0, 1, 2][..], 3));
    assert_eq!(lines.get(1).unwrap().shown_text(LineCell::ProjectName), "甲");
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[0-9]{1,4}", Just(String::new()), Just("整体预留".to_owned()), Just("x".to_owned())]
}

proptest! {
    #[test]
    fn a3_the_sums_are_those_of_the_lines_whatever_was_typed(steps in prop::collection::vec((0_usize..4, 0_usize..8, text(), any::<bool>()), 0..60)) {
        let mut lines = lines(4);
        for (key, cell, text, gone) in steps {
            if gone {
                let now = lines.get(key).unwrap().is_gone;
                lines.set_gone(&[key], !now);
            } else {
                lines.type_into(key, LineCell::ALL[cell], &text);
            }
            let live: Vec<Line> = lines.order().iter().map(|key| lines.get(*key).unwrap().line.clone()).collect();
            prop_assert_eq!(lines.totals(), totals(&live, &rules()));
            let blocking: Vec<usize> = lines.order().iter().copied().filter(|key| lines.get(*key).unwrap().blocks()).collect();
            prop_assert_eq!(lines.blocking(), blocking.len());
            prop_assert_eq!(lines.blocked().map(|(key, _)| key).collect::<Vec<_>>(), blocking);
            prop_assert_eq!(lines.warnings(), lines.order().iter().map(|key| lines.get(*key).unwrap().warnings()).sum::<usize>());
        }
    }

    #[test]
    fn e3_typing_cells_together_leads_where_typing_them_one_by_one_leads(cells in prop::collection::vec((0_usize..8, text()), 0..8)) {
        // Each cell once: a block that is pasted names no cell twice.
        let mut seen = std::collections::BTreeSet::new();
        let cells: Vec<(LineCell, String)> = cells.into_iter().map(|(cell, text)| (LineCell::ALL[cell], text)).filter(|(cell, _)| seen.insert(*cell)).collect();
        let (mut together, mut apart) = (lines(1), lines(1));
        let typed = together.type_all(0, &cells);
        let one_by_one: Vec<Typed> = cells.iter().map(|(cell, text)| apart.type_into(0, *cell, text).unwrap()).collect();
        prop_assert_eq!(typed, one_by_one);
        prop_assert_eq!(&together.get(0).unwrap().line, &apart.get(0).unwrap().line);
        prop_assert_eq!(&together.get(0).unwrap().refused, &apart.get(0).unwrap().refused);
        prop_assert_eq!(together.totals(), apart.totals());
    }
}
