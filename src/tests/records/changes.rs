//! Many changes of the detail table in one request: each has its outcome, and all of it is stored together.

use super::*;
use crate::support::on_both;
use setaside::domain::record::change::{Filled, MAX_CHANGES, Outcome};
use setaside::domain::record::line::LineCell;
use setaside::domain::record::totals;
use setaside::features::records::api::{ChangedLines, SavedLine};

async fn change(visitor: &Visitor<'_>, id: &RecordId, what: Value) -> ChangedLines {
    visitor.call("change_lines", changes(id, what)).await
}

fn add(number: u32, name: &str, sme: &str) -> Value {
    json!({ "add": { "line": new_line(number), "cells": [["project_name", name], ["measure", "整体预留"], ["sme", sme], ["small_micro", "0"]] } })
}

fn typed(line: &str, cell: &str, before: &str, text: &str) -> Value {
    json!({ "edit": { "line": line, "cells": [{ "cell": cell, "before": before, "text": text }] } })
}

/// What a line is filled with, by the id that its page gave it.
fn filled(seen: &RecordView, number: u32, cell: LineCell) -> String {
    seen.lines.iter().find(|line| line.id.as_str() == new_line(number)).expect("the line").filled_text(cell)
}

#[tokio::test]
async fn e3_many_changes_are_stored_together_and_the_sums_follow() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        let before = view(&clerk, &id).await;
        let answer = change(&clerk, &id, json!([add(1, "甲", "10"), add(2, "乙", "20"), add(3, "丙", "30"), typed(&new_line(2), "sme", "20", "25"), { "remove": { "line": new_line(1) } }])).await;
        assert!(answer.outcomes.iter().all(|outcome| matches!(outcome, Outcome::Done { .. })), "{answer:?}");
        let seen = view(&clerk, &id).await;
        assert_eq!(answer.content_version, before.record.content_version + 1, "one change of the content");
        assert_eq!((seen.lines.len(), filled(&seen, 2, LineCell::Sme), filled(&seen, 3, LineCell::Sme)), (3, "25".to_owned(), "30".to_owned()));
        let sums = totals(&seen.lines, &seen.rules);
        assert_eq!((seen.record.sme, seen.record.line_count), (sums.sme, 3));
        assert_eq!(seen.record.sme, wan(155));
        let said = seen.history.events.iter().find(|event| event.what == "批量修改明细").expect("one entry for all");
        assert!(said.detail.contains("手动录入 3 行") && said.detail.contains("甲"), "{said:?}");
    })
    .await;
}

#[tokio::test]
async fn e3_a_deleted_line_that_comes_back_is_stored_at_its_place() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        change(&clerk, &id, json!([add(1, "甲", "1"), add(2, "乙", "2"), add(3, "丙", "3"), add(4, "丁", "4")])).await;
        let order = async || -> Vec<String> {
            let seen = view(&clerk, &id).await;
            seen.lines.iter().filter(|line| line.contract().is_none()).map(|line| line.filled_text(LineCell::ProjectName)).collect()
        };
        let ahead = |number: u32, name: &str, next: u32| {
            let mut add = add(number, name, "1");
            add["add"]["ahead_of"] = json!(new_line(next));
            add
        };
        let remove = |number: u32| json!({ "remove": { "line": new_line(number) } });
        change(&clerk, &id, json!([remove(2), remove(3)])).await;
        change(&clerk, &id, json!([ahead(2, "乙", 4), ahead(3, "丙", 4)])).await;
        assert_eq!(order().await, ["甲", "乙", "丙", "丁"]);
        change(&clerk, &id, json!([remove(2), ahead(2, "乙", 3), remove(4), add(4, "丁", "4")])).await;
        assert_eq!(order().await, ["甲", "乙", "丙", "丁"], "within one request, and at the end");
        change(&clerk, &id, json!([ahead(5, "戊", 2), ahead(6, "己", 9)])).await;
        assert_eq!(
            order().await,
            ["甲", "戊", "乙", "丙", "丁", "己"],
            "where no place was free the others move; ahead of nothing is the end"
        );
    })
    .await;
}

#[tokio::test]
async fn e3_a_request_sent_again_changes_nothing_and_is_answered_the_same() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        change(&clerk, &id, json!([add(1, "甲", "10")])).await;
        let what = json!([add(2, "乙", "20"), typed(&new_line(1), "sme", "10", "１１万元"), { "remove": { "line": new_line(3) } }]);
        let once = change(&clerk, &id, what.clone()).await;
        let stored = view(&clerk, &id).await;
        assert_eq!(change(&clerk, &id, what).await.outcomes, once.outcomes);
        let again = view(&clerk, &id).await;
        assert_eq!((&again.lines, &again.record, &again.history), (&stored.lines, &stored.record, &stored.history));
    })
    .await;
}

#[tokio::test]
async fn a10_a_save_sent_again_is_told_apart_from_a_colleagues_change() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        let named = |number: u32, what: Value| json!({ "record": id, "changes": what, "save": new_line(number) });
        let versions = async |input: Value| {
            let changed: ChangedLines = clerk.call("change_lines", input).await;
            (changed.content_version_before, changed.content_version)
        };
        let start = view(&clerk, &id).await.record.content_version;
        let lost = named(91, json!([add(1, "甲", "10")]));
        assert_eq!(versions(lost.clone()).await, (start, start + 1));
        assert_eq!(versions(lost.clone()).await, (start, start + 1), "its answer was lost; nobody else has changed anything");
        assert_eq!(versions(lost.clone()).await, (start, start + 1), "however often");
        // Deleted and brought back in one request: sent again it is done again, by itself.
        let twice = named(92, json!([{ "remove": { "line": new_line(1) } }, add(1, "甲", "10")]));
        assert_eq!(versions(twice.clone()).await, (start + 1, start + 2));
        assert_eq!(versions(twice).await, (start + 1, start + 3));
        // Another save of the same page, then the old one once more: it is no longer the last.
        assert_eq!(versions(lost.clone()).await, (start + 3, start + 3));

        // 「说明」 likewise.
        let words =
            |save: u32, before: &str, remark: &str| json!({ "record": id, "before": before, "remark": remark, "save": new_line(save) });
        let remark = async |input: Value| {
            let saved: SavedLine = clerk.call("save_record_remark", input).await;
            (saved.content_version_before, saved.content_version)
        };
        assert_eq!(remark(words(93, "", "说明")).await, (start + 3, start + 4));
        assert_eq!(remark(words(93, "", "说明")).await, (start + 3, start + 4));

        // A colleague comes between the save and its second sending: that is shown.
        let mine = named(94, json!([typed(&new_line(1), "sme", "10", "12")]));
        assert_eq!(versions(mine.clone()).await, (start + 4, start + 5));
        change(&clerk, &id, json!([typed(&new_line(1), "project_name", "甲", "同事改的名称")])).await;
        assert_eq!(versions(mine).await, (start + 6, start + 6));
        // One came before it: the first sending has found that, and so does the second.
        change(&clerk, &id, json!([typed(&new_line(1), "project_name", "同事改的名称", "又改")])).await;
        let after = named(95, json!([typed(&new_line(1), "sme", "12", "13")]));
        assert_eq!(versions(after.clone()).await, (start + 7, start + 8));
        assert_eq!(versions(after).await, (start + 7, start + 8));
        // Without a name it is as before.
        assert_eq!(versions(json!({ "record": id, "changes": [typed(&new_line(1), "sme", "13", "13")] })).await, (start + 8, start + 8));
    })
    .await;
}

#[tokio::test]
async fn e3_two_clerks_in_one_line_keep_both_their_cells_and_choose_between_two_values_of_one() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        change(&clerk, &id, json!([add(1, "甲", "10")])).await;
        change(&clerk, &id, json!([typed(&new_line(1), "project_name", "甲", "同事改的名称")])).await;
        // From a page that still shows the first name.
        let other_cell = change(&clerk, &id, json!([typed(&new_line(1), "sme", "10", "12")])).await;
        let [Outcome::Done { version, filled: Some(told) }] = &other_cell.outcomes[..] else { panic!("{other_cell:?}") };
        let stored = view(&clerk, &id).await;
        let stored = stored.lines.iter().find(|line| line.id.as_str() == new_line(1)).unwrap();
        assert_eq!((*version, told.as_ref()), (stored.version, &Filled::of(stored)), "also what the colleague wrote into the other cells");
        let both_cells = json!([{ "edit": { "line": new_line(1), "cells": [{ "cell": "project_name", "before": "甲", "text": "乙" }, { "cell": "reason", "before": "", "text": "核实" }] } }]);
        let answer = change(&clerk, &id, both_cells).await;
        let [Outcome::Rival { line, cells }] = &answer.outcomes[..] else { panic!("{answer:?}") };
        assert_eq!(cells, &[(LineCell::ProjectName, "同事改的名称".to_owned())]);
        assert_eq!((line.filled_text(LineCell::Sme), line.reason.as_str()), ("12".to_owned(), "核实"));
        let seen = view(&clerk, &id).await;
        assert_eq!(filled(&seen, 1, LineCell::ProjectName), "同事改的名称");
        assert_eq!(filled(&seen, 1, LineCell::Reason), "核实", "the other cell is stored all the same");
        let chosen = change(&clerk, &id, json!([typed(&new_line(1), "project_name", "同事改的名称", "乙")])).await;
        assert!(matches!(chosen.outcomes[..], [Outcome::Done { .. }]));
    })
    .await;
}

#[tokio::test]
async fn e3_what_cannot_be_stored_is_said_for_its_line_and_the_others_are_stored() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        let seen = view(&clerk, &id).await;
        let collected = line(&seen, "1").id.as_str().to_owned();
        let answer = change(
            &clerk,
            &id,
            json!([
                add(1, "甲", "10"),
                add(2, "乙", "约 3 万"),
                typed(&collected, "sme", "", "60"),
                { "remove": { "line": collected } },
                typed(&new_line(9), "sme", "", "60"),
            ]),
        )
        .await;
        let [
            Outcome::Done { .. },
            Outcome::Refused { cell: Some(LineCell::Sme), message },
            Outcome::Refused { cell: Some(LineCell::Sme), message: locked },
            Outcome::Refused { cell: None, message: kept },
            Outcome::Gone,
        ] = &answer.outcomes[..]
        else {
            panic!("{answer:?}")
        };
        assert!(message.contains("不是数字") && locked.contains("已锁定") && kept.contains("剔除"));
        let after = view(&clerk, &id).await;
        assert_eq!((after.lines.len(), after.record.sme), (2, wan(110)));
    })
    .await;
}

#[tokio::test]
async fn e3_a_line_of_another_record_cannot_be_reached_by_its_id() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        change(&clerk, &id, json!([add(1, "甲", "10")])).await;
        let other = generate(&clerk, 2025).await;
        let answer = change(
            &clerk,
            &other,
            json!([add(1, "乙", "1"), typed(&new_line(1), "sme", "10", "1"), { "remove": { "line": new_line(1) } }]),
        )
        .await;
        assert_eq!(answer.outcomes, [Outcome::Gone, Outcome::Gone, Outcome::Gone]);
        assert_eq!(filled(&view(&clerk, &id).await, 1, LineCell::Sme), "10");
        assert!(view(&clerk, &other).await.lines.is_empty());
    })
    .await;
}

#[tokio::test]
async fn e3_more_changes_than_one_request_holds_are_refused_as_a_whole() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        let many: Vec<Value> = (0..=u32::try_from(MAX_CHANGES).unwrap()).map(|number| add(number, "甲", "1")).collect();
        refused(clerk.post_api("change_lines", changes(&id, json!(many))).await, 422);
        assert_eq!(view(&clerk, &id).await.lines.len(), 1);
        ok(clerk.post_api("change_lines", changes(&id, json!(many[1..]))).await);
        let seen = view(&clerk, &id).await;
        assert_eq!((seen.lines.len(), seen.record.sme), (MAX_CHANGES + 1, wan(600)));
        let names: Vec<&str> = seen.lines[1..4].iter().map(|line| line.id.as_str()).collect();
        assert_eq!(names, [new_line(1), new_line(2), new_line(3)], "in the order in which they were sent");
    })
    .await;
}

#[tokio::test]
async fn a10_a_save_is_ones_own_by_the_person_as_well_as_by_its_name() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        app.execute("UPDATE users SET is_clerk = 1 WHERE login = 'head03'").await;
        let colleague = app.sign_in("head03").await;
        let saves = |before: &str| json!({ "record": id, "before": before, "remark": "未达比例", "save": new_line(7) });
        let before = view(&clerk, &id).await.record.content_version;
        let first: SavedLine = clerk.call("save_record_remark", saves("")).await;
        assert_eq!((first.content_version_before, first.content_version), (before, before + 1));
        let again: SavedLine = clerk.call("save_record_remark", saves("")).await;
        assert_eq!(again.content_version_before, before, "one's own, sent again");
        let other: SavedLine = colleague.call("save_record_remark", saves("")).await;
        assert_eq!(other.content_version_before, before + 1, "a colleague's page never showed what the first one wrote");
    })
    .await;
}
