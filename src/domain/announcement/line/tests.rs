use super::*;
use proptest::prelude::*;

fn drafts() -> impl Strategy<Value = LineDraft> {
    proptest::array::uniform6("[ab]?").prop_map(|texts| {
        let mut draft = LineDraft::default();
        for (cell, text) in LineCell::ALL.into_iter().zip(texts) {
            draft.put(cell, text);
        }
        draft
    })
}

proptest! {
    /// Two people in one line: nobody's cell is lost without a word.
    #[test]
    fn c4_what_was_typed_and_what_another_has_changed_both_stay(typed in drafts(), before in drafts(), now in drafts()) {
        let (joined, clashes) = typed.over(&before, &now);
        for cell in LineCell::ALL {
            let (typed, before, now, joined) = (typed.text(cell), before.text(cell), now.text(cell), joined.text(cell));
            prop_assert_eq!(joined, if typed == before { now } else { typed });
            prop_assert_eq!(clashes.contains(&cell), typed != before && now != before && typed != now);
        }
    }
}

fn line(sme: &str, small_micro: &str) -> AnnouncementLine {
    let values = LineValues {
        project_name: "办公设备采购".into(),
        measure: Some(Measure::Package),
        percent: Some(Percent::parse("60").unwrap()),
        sme: Money::parse_wan(sme).unwrap(),
        small_micro: Money::parse_wan(small_micro).unwrap(),
        url: None,
    };
    sample::untouched(1, values)
}

fn edit(line: &AnnouncementLine, cell: LineCell, text: &str) -> LineChange {
    let mut draft = line.values.draft();
    draft.put(cell, text.to_owned());
    LineChange::Edit(draft)
}

#[test]
fn c4_a_change_keeps_what_was_approved_and_names_the_cells() {
    let line = line("10", "4");
    let changed = line.changed(&edit(&line, LineCell::Sme, "１２.５"), "合同补充协议").unwrap();
    assert_eq!(changed.approved, line.approved);
    assert_eq!(changed.differences(), [Difference { cell: LineCell::Sme, before: "10".into(), after: "12.5".into() }]);
    assert_eq!(changed.reason, "合同补充协议");
}

#[test]
fn c4_a_change_and_a_removal_ask_for_a_reason() {
    let line = line("10", "4");
    for change in [edit(&line, LineCell::Sme, "12"), LineChange::Remove] {
        assert_eq!(line.changed(&change, "  ").unwrap_err()[0].field(), "reason");
    }
    assert!(line.changed(&LineChange::Remove, "重复").unwrap().is_removed);
}

#[test]
fn c4_back_to_the_approved_values_no_reason_remains() {
    let line = line("10", "4");
    let removed = line.changed(&LineChange::Remove, "重复").unwrap();
    assert_eq!(removed.changed(&LineChange::Restore, "").unwrap(), line);
    let changed = line.changed(&edit(&line, LineCell::Url, "https://example.org/a?b=+/=="), "补链接").unwrap();
    assert_eq!(changed.changed(&LineChange::Edit(line.approved.draft()), "改回").unwrap(), line);
}

#[test]
fn c4_what_cannot_be_read_is_named_with_its_cell() {
    let line = line("10", "4");
    for (cell, text, field) in [
        (LineCell::SmallMicro, "10.000001", "small_micro"),
        (LineCell::Sme, "十万", "sme"),
        (LineCell::Measure, "全部预留", "measure"),
        (LineCell::Percent, "0", "percent"),
        (LineCell::Url, "javascript:alert(1)", "url"),
        (LineCell::ProjectName, " ", "project_name"),
    ] {
        assert_eq!(line.changed(&edit(&line, cell, text), "理由").unwrap_err()[0].field(), field, "{text}");
    }
    let mut draft = line.values.draft();
    draft.put(LineCell::Sme, "-1".into());
    draft.put(LineCell::Url, "ftp://host".into());
    draft.put(LineCell::Percent, "200".into());
    let refused = line.changed(&LineChange::Edit(draft), " ").unwrap_err();
    assert_eq!(refused.iter().map(ChangeRefused::field).collect::<Vec<_>>(), ["percent", "sme", "url", "reason"], "all at once");
}

#[test]
fn d5_the_shares_are_the_sums_of_the_shown_lines_by_option() {
    let of = |sme: &str, measure: Measure| {
        let mut line = line(sme, "1");
        line.values.measure = Some(measure);
        line
    };
    let mut removed = of("7", Measure::Whole);
    removed.is_removed = true;
    let lines = [of("10", Measure::Package), removed, of("5", Measure::Package), of("2", Measure::Subcontract), of("0", Measure::Whole)];
    let expected = [(Measure::Package, "15"), (Measure::Subcontract, "2")].map(|(measure, wan)| (measure, Money::parse_wan(wan).unwrap()));
    assert_eq!(shares(&lines), expected);
}

#[test]
fn c4_totals_are_the_sums_of_the_lines_that_are_shown() {
    let (kept, other) = (line("10", "4"), line("5", "5"));
    let removed = other.changed(&LineChange::Remove, "重复").unwrap();
    assert_eq!(totals(&[kept.clone(), other]), (Money::parse_wan("15").unwrap(), Money::parse_wan("9").unwrap()));
    let lines = [kept, removed];
    assert_eq!(totals(&lines), (Money::parse_wan("10").unwrap(), Money::parse_wan("4").unwrap()));
    let year = Year::offered(crate::domain::calendar::Moment::parse_local("2026-01-01 00:00").unwrap())[0];
    let figures = figures("单位", year, "", None, &lines);
    assert_eq!((figures.lines.len(), figures.ratio.to_string().as_str()), (1, "40"));
}
