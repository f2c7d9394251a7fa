use super::*;
use crate::domain::announcement::line::LineChange;
use crate::domain::calendar::Moment;
use crate::domain::contract::Measure;
use crate::domain::money::{Money, Percent};
use proptest::prelude::*;

fn id(number: usize) -> String {
    format!("01890a5d-ac96-774b-bcce-{number:012x}")
}

fn record(number: usize) -> RecordId {
    RecordId::parse(&id(number)).unwrap()
}

fn values(name: &str, sme: &str, small_micro: &str) -> LineValues {
    LineValues {
        project_name: name.to_owned(),
        measure: Some(Measure::Package),
        percent: Some(Percent::parse("60").unwrap()),
        sme: Money::parse_wan(sme).unwrap(),
        small_micro: Money::parse_wan(small_micro).unwrap(),
        url: None,
    }
}

fn row(number: usize, values: LineValues) -> ApprovedRow {
    ApprovedRow { line: LineId::parse(&id(number)).unwrap(), values }
}

fn line(of: &RecordId, number: i64, row: &ApprovedRow) -> AnnouncementLine {
    AnnouncementLine {
        id: AnnouncementLineId::parse(row.line.as_str()).unwrap(),
        unit_name: "单位".to_owned(),
        record: of.clone(),
        record_line: Some(row.line.clone()),
        record_number: number,
        approved: row.values.clone(),
        values: row.values.clone(),
        is_removed: false,
        reason: String::new(),
    }
}

fn take(lines: Vec<AnnouncementLine>, of: &RecordId, approved: &[ApprovedRow]) -> Vec<AnnouncementLine> {
    let made: Result<_, ()> = taken_over(lines, of, 2, approved, |row| Ok(line(of, 2, row)));
    made.unwrap()
}

#[test]
fn e5_what_was_corrected_is_named_row_by_row_and_cell_by_cell() {
    let of = record(1);
    let before = [row(10, values("甲", "10", "4")), row(11, values("乙", "5", "5")), row(12, values("丙", "3", "0"))];
    let lines: Vec<AnnouncementLine> = before.iter().map(|row| line(&of, 1, row)).collect();
    let after = [row(10, values("甲", "12", "4")), before[1].clone(), row(13, values("丁", "1", "1"))];
    let found = news(&lines, &of, &after);
    let difference = Difference { cell: LineCell::Sme, before: "10".into(), after: "12".into() };
    let expected = [
        RowNews::Changed { line: lines[0].id.clone(), project_name: "甲".into(), differences: vec![difference] },
        RowNews::Gone { line: lines[2].id.clone(), was: values("丙", "3", "0") },
        RowNews::Added { is: values("丁", "1", "1") },
    ];
    assert_eq!(found, expected);
    assert_eq!(news(&lines, &of, &before), [], "approved anew without another figure: nothing is stale");
    assert_eq!(news(&lines, &record(2), &[]), [], "another record's rows are not meant");
}

#[test]
fn e5_an_update_keeps_what_the_supervisor_decided_and_takes_the_rest() {
    let of = record(1);
    let before = [row(10, values("甲", "10", "4")), row(11, values("乙", "5", "5")), row(12, values("丙", "3", "0"))];
    let mut lines: Vec<AnnouncementLine> = before.iter().map(|row| line(&of, 1, row)).collect();
    let mut draft = lines[0].values.draft();
    draft.put(LineCell::ProjectName, "甲（一期）".into());
    lines[0] = lines[0].changed(&LineChange::Edit(draft), "名称以批复为准").unwrap();
    lines[1] = lines[1].changed(&LineChange::Remove, "涉密").unwrap();
    let after = [row(10, values("甲", "12", "4")), row(11, values("乙", "6", "6")), row(13, values("丁", "1", "1"))];
    let taken = take(lines, &of, &after);
    assert_eq!(taken.len(), 3, "丙 has gone and 丁 has come");
    assert_eq!((taken[0].values.project_name.as_str(), taken[0].values.sme.wan()), ("甲（一期）", "12".to_owned()));
    assert_eq!((taken[0].reason.as_str(), taken[0].record_number), ("名称以批复为准", 2));
    assert!(taken[1].is_removed && taken[1].approved == after[1].values, "what was taken out stays out");
    assert_eq!(taken[2].values, after[2].values);
}

#[test]
fn e5_rows_that_do_not_know_their_line_are_told_by_what_was_approved() {
    let of = record(1);
    let before = [row(10, values("同名", "10", "4")), row(11, values("同名", "5", "5"))];
    let mut lines: Vec<AnnouncementLine> = before.iter().map(|row| line(&of, 1, row)).collect();
    for line in &mut lines {
        line.record_line = None;
    }
    assert_eq!(news(&lines, &of, &[before[1].clone(), before[0].clone()]), []);
    let found = news(&lines, &of, &[row(10, values("同名", "11", "4")), before[1].clone()]);
    assert!(matches!(&found[..], [RowNews::Changed { line, .. }] if *line == lines[0].id), "{found:?}");
}

#[test]
fn e5_a_choice_stands_until_the_next_correction() {
    let versions = |newest, kept| Versions { held: 2, newest, kept };
    for (versions, outdated, undecided) in [
        (versions(None, None), false, false),
        (versions(Some(2), None), false, false),
        (versions(Some(3), None), true, true),
        (versions(Some(3), Some(3)), true, false),
        (versions(Some(4), Some(3)), true, true),
    ] {
        assert_eq!((versions.is_outdated(), versions.is_undecided()), (outdated, undecided), "{versions:?}");
    }
}

#[test]
fn b7_a_correction_under_way_is_said_and_anything_else_is_not() {
    assert_eq!(under_way(&RecordStatus::Approved, true), None);
    assert_eq!(under_way(&RecordStatus::InReview, false), None, "never approved: nothing is corrected");
    assert!(under_way(&RecordStatus::CorrectionAsked("审计".into()), true).is_some_and(|words| words.contains("申请更正，理由：审计")));
    assert!(under_way(&RecordStatus::Returned(String::new()), true).is_some_and(|words| words.contains("被退回")));
}

fn version() -> impl Strategy<Value = Vec<ApprovedRow>> {
    let one = (0..12_usize, 0..1_000_i64, 0..1_000_i64);
    proptest::collection::vec(one, 0..8).prop_map(|rows| {
        let mut rows: Vec<ApprovedRow> = rows
            .into_iter()
            .map(|(number, sme, part)| {
                let mut values = values(&format!("项目{number}"), "1", "0");
                (values.sme, values.small_micro) = (Money::from_fen(sme), Money::from_fen(part.min(sme)));
                row(100 + number, values)
            })
            .collect();
        rows.sort_by(|a, b| a.line.as_str().cmp(b.line.as_str()));
        rows.dedup_by(|a, b| a.line == b.line);
        rows
    })
}

proptest! {
    #[test]
    fn e5_after_an_update_nothing_is_stale_and_nothing_decided_is_lost(
        before in version(), after in version(), own in proptest::collection::vec((0..3_u8, 0..1_000_i64), 8), with_ids: bool,
    ) {
        let (of, other) = (record(1), record(2));
        let mut lines: Vec<AnnouncementLine> = before.iter().map(|row| line(&of, 1, row)).collect();
        for (line, (what, fen)) in lines.iter_mut().zip(own) {
            match what {
                1 => *line = line.changed(&LineChange::Remove, "理由").unwrap(),
                2 => {
                    let mut draft = line.values.draft();
                    draft.put(LineCell::Sme, Money::from_fen(fen + 1_000).wan());
                    *line = line.changed(&LineChange::Edit(draft), "理由").unwrap();
                }
                _ => {}
            }
            if !with_ids { line.record_line = None; }
        }
        let foreign = line(&other, 1, &row(7, values("别的单位", "1", "1")));
        lines.push(foreign.clone());
        let taken = take(lines.clone(), &of, &after);
        prop_assert_eq!(news(&taken, &of, &after), vec![]);
        prop_assert_eq!(taken.iter().filter(|line| line.record == of).count(), after.len());
        prop_assert!(taken.contains(&foreign));
        for line in &taken {
            prop_assert!(line.values.small_micro <= line.values.sme);
            prop_assert_eq!(line.reason.is_empty(), !line.is_changed());
            if let Some(was) = lines.iter().find(|was| was.id == line.id) {
                prop_assert!(!was.is_removed || line.is_removed);
            }
        }
        prop_assert_eq!(take(taken.clone(), &of, &after), taken);
    }
}

#[test]
fn e5_a_correction_that_begins_says_what_becomes_of_the_announcement_meanwhile() {
    let at = Moment::parse_local("2026-03-15 09:00").unwrap();
    let scheduled = being_corrected(&AnnouncementStatus::Scheduled(at), "甲单位");
    assert!(scheduled.contains("仍将于 2026-03-15 09:00") && scheduled.contains("「推迟」"), "{scheduled}");
    assert!(being_corrected(&AnnouncementStatus::InReview, "甲单位").contains("「不同意」"));
    assert_eq!(being_corrected(&AnnouncementStatus::Draft, "甲单位"), "所汇集的甲单位的年度数据正在更正");
}
