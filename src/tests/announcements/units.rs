//! 「补入单位」 and 「移出单位」: units that become approved after the announcement was created, and units that leave it (C1, C4).

use super::*;

/// A unit that is not in the announcement, as its page shows it.
async fn missing(visitor: &Visitor<'_>, id: &str, unit: &str) -> Value {
    let seen = read(visitor, id).await;
    seen["missing"].as_array().unwrap().iter().find(|missing| missing["unit_name"] == unit).cloned().unwrap_or_default()
}

fn taking(id: &str, version: i64, ready: &[&Value]) -> Value {
    let records: Vec<Value> = ready.iter().map(|ready| json!({ "record": ready["record"], "number": ready["number"] })).collect();
    json!({ "id": id, "version": version, "records": records })
}

async fn take_in(visitor: &Visitor<'_>, id: &str, units: &[&str]) -> Value {
    let mut records = Vec::new();
    for unit in units {
        records.push(missing(visitor, id, unit).await["ready"].clone());
    }
    visitor.call("take_in_units", taking(id, version(visitor, id).await, &records.iter().collect::<Vec<_>>())).await
}

fn record_of(announcement: &Value, unit: &str) -> String {
    let held = announcement["held"].as_array().unwrap().iter().find(|held| held["unit_name"] == unit).expect("a held record");
    held["record"].as_str().unwrap().to_owned()
}

fn lines_of(announcement: &Value, unit: &str) -> usize {
    announcement["lines"].as_array().unwrap().iter().filter(|line| line["unit_name"] == unit).count()
}

async fn versions(visitor: &Visitor<'_>, id: &str) -> Vec<String> {
    let versions: Value = visitor.call("announcement_versions", json!({ "id": id })).await;
    let rows = versions["rows"].as_array().unwrap().iter();
    rows.map(|row| format!("{} {}", row["occasion"].as_str().unwrap(), row["note"].as_str().unwrap())).collect()
}

#[tokio::test]
async fn c1_a_unit_that_is_approved_afterwards_is_offered_with_its_figures_and_taken_in() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        assert!(missing(&clerk, &id, UNIT_99).await["ready"].is_null(), "not approved yet");
        approved_records(app, &["unit99"]).await;
        let unit = missing(&clerk, &id, UNIT_99).await;
        assert_eq!(unit["state"], "审核完成");
        let before = read(&clerk, &id).await;
        let old = before["lines"].as_array().unwrap().clone();
        let saved = take_in(&clerk, &id, &[UNIT_99]).await;
        let after = read(&clerk, &id).await;
        assert_eq!(after["version"], saved["version"]);
        assert_eq!(lines_of(&after, UNIT_99), usize::try_from(unit["ready"]["lines"].as_u64().unwrap()).unwrap());
        let lines = after["lines"].as_array().unwrap();
        assert_eq!(lines[..old.len()], old[..], "those that were there stay as and where they were");
        for line in &lines[old.len()..] {
            assert_eq!((&line["record"], &line["record_number"]), (&unit["ready"]["record"], &unit["ready"]["number"]));
            assert_eq!((&line["approved"], &line["is_removed"]), (&line["values"], &json!(false)), "as at the creation");
            assert!(line["record_line"].is_string());
        }
        let sum = |lines: &[Value]| lines.iter().map(|line| line["values"]["sme"].as_i64().unwrap()).sum::<i64>();
        assert_eq!(sum(&lines[old.len()..]), unit["ready"]["sme"].as_i64().unwrap());
        let held = after["held"].as_array().unwrap().iter().find(|held| held["unit_name"] == UNIT_99).unwrap().clone();
        assert_eq!(held["taken_in"]["by"], "赵六", "the reviewer sees who");
        assert!(missing(&clerk, &id, UNIT_99).await.is_null());
        let kept = versions(&clerk, &id).await;
        assert!(kept.iter().any(|row| row.starts_with("units_taken_in 测试区采购单位99（")), "{kept:?}");
        let log = after["history"].to_string();
        assert!(log.contains("补入单位"), "{log}");
        // Whoever reviews reads the same.
        generate(&clerk, &id).await;
        submit(app, &clerk, &id).await;
        let reviewer = app.sign_in("leader").await;
        assert!(read(&reviewer, &id).await["held"].to_string().contains("赵六"));
    })
    .await;
}

#[tokio::test]
async fn c1_only_a_draft_takes_units_in_and_never_one_that_is_not_approved_or_not_its_own() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        approved_records(app, &["unit99"]).await;
        let ready = missing(&clerk, &id, UNIT_99).await["ready"].clone();
        let at = version(&clerk, &id).await;
        let mut other = ready.clone();
        other["number"] = json!(7);
        let refusal = clerk.refused("take_in_units", taking(&id, at, &[&other]), 409).await;
        assert!(refusal.contains("又有更正"), "{refusal}");
        other["record"] = json!("01890a5d-ac96-774b-bcce-b302099a8fff");
        clerk.refused("take_in_units", taking(&id, at, &[&other]), 404).await;
        clerk.refused("take_in_units", taking(&id, at, &[]), 422).await;
        generate(&clerk, &id).await;
        submit(app, &clerk, &id).await;
        let at = version(&clerk, &id).await;
        clerk.refused("take_in_units", taking(&id, at, &[&ready]), 409).await;
        assert_eq!(lines_of(&read(&clerk, &id).await, UNIT_99), 0);
        // 被退回 and 已撤回 are drafts again.
        review(app, &id, false, "请补入").await;
        take_in(&clerk, &id, &[UNIT_99]).await;
        assert_ne!(read(&clerk, &id).await["held"].as_array().unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn c1_of_two_who_take_a_unit_in_at_the_same_moment_one_does_and_its_lines_are_there_once() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        approved_records(app, &["unit99", "pudong"]).await;
        let other = app.sign_in("jdc").await;
        let one = missing(&clerk, &id, UNIT_99).await["ready"].clone();
        let two = missing(&clerk, &id, super::super::support::PUDONG).await["ready"].clone();
        let at = version(&clerk, &id).await;
        let (first, second) = tokio::join!(
            clerk.post_api("take_in_units", taking(&id, at, &[&one])),
            other.post_api("take_in_units", taking(&id, at, &[&two, &one]))
        );
        let mut statuses = [first.0, second.0];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "{first:?} {second:?}");
        let refused = if first.0 == 409 { &first.1 } else { &second.1 };
        assert!(refused.to_string().contains("已在本公告中"), "{refused}");
        let after = read(&clerk, &id).await;
        assert_eq!(lines_of(&after, UNIT_99), usize::try_from(one["lines"].as_u64().unwrap()).unwrap());
        // Asked again, because the answer was lost, it is answered as done.
        let asked = if first.0 == 200 { taking(&id, at, &[&one]) } else { taking(&id, at, &[&two, &one]) };
        let again: Value = clerk.call("take_in_units", asked).await;
        assert_eq!(again["version"], after["version"]);
    })
    .await;
}

#[tokio::test]
async fn c4_a_unit_moves_out_with_a_reason_that_the_reviewer_sees_and_may_come_back() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        approved_records(app, &["unit99"]).await;
        let alone = json!({ "id": id, "version": version(&clerk, &id).await, "record": record_of(&read(&clerk, &id).await, UNIT_03), "reason": "数据待核" });
        let refusal = clerk.refused("move_out_unit", alone, 409).await;
        assert!(refusal.contains("唯一单位"), "{refusal}");
        take_in(&clerk, &id, &[UNIT_99]).await;
        let seen = read(&clerk, &id).await;
        let leaving = |reason: &str, at: &Value| json!({ "id": id, "version": at, "record": record_of(&seen, UNIT_99), "reason": reason });
        clerk.refused("move_out_unit", leaving(" ", &seen["version"]), 422).await;
        let _: Value = clerk.call("move_out_unit", leaving("数据待核", &seen["version"])).await;
        let after = read(&clerk, &id).await;
        assert_eq!((lines_of(&after, UNIT_99), after["held"].as_array().unwrap().len()), (0, 1));
        let unit = missing(&clerk, &id, UNIT_99).await;
        assert_eq!((unit["left"]["reason"].as_str(), unit["left"]["by"].as_str()), (Some("数据待核"), Some("赵六")));
        let kept = versions(&clerk, &id).await;
        assert!(kept.iter().any(|row| row == "unit_moved_out 测试区采购单位99：数据待核"), "{kept:?}");
        let refusal = clerk.refused("move_out_unit", leaving("再次", &after["version"]), 409).await;
        assert!(refusal.contains("已不在本公告中"), "{refusal}");
        take_in(&clerk, &id, &[UNIT_99]).await;
        assert!(missing(&clerk, &id, UNIT_99).await.is_null(), "nothing is left of the reason");
        assert_eq!(app.count("SELECT CAST(COUNT(*) AS BIGINT) FROM announcement_left_units").await, 0);
    })
    .await;
}

#[tokio::test]
async fn c4_a_unit_does_not_move_out_over_somebodys_newer_change_of_its_lines() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        approved_records(app, &["unit99"]).await;
        take_in(&clerk, &id, &[UNIT_99]).await;
        let seen = read(&clerk, &id).await;
        let line = seen["lines"].as_array().unwrap().iter().find(|line| line["unit_name"] == UNIT_03).unwrap()["id"].clone();
        let removal = json!({ "id": id, "version": seen["version"], "line": line, "change": "remove", "reason": "重复" });
        let _: Value = clerk.call("change_announcement_line", removal).await;
        let leaving = |unit: &str| json!({ "id": id, "version": seen["version"], "record": record_of(&seen, unit), "reason": "数据待核" });
        let refusal = clerk.refused("move_out_unit", leaving(UNIT_03), 409).await;
        assert!(refusal.contains("刚由他人修改"), "{refusal}");
        // Another unit's lines were not touched.
        let _: Value = clerk.call("move_out_unit", leaving(UNIT_99)).await;
    })
    .await;
}

#[tokio::test]
async fn c4_a_unit_does_not_move_out_over_somebodys_update_of_its_lines() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        approved_records(app, &["unit99"]).await;
        take_in(&clerk, &id, &[UNIT_99]).await;
        let seen = read(&clerk, &id).await;
        let record = super::corrected::corrected(app, &seen).await;
        let (status, answer) = super::corrected::settle(&clerk, &id, json!("update")).await;
        assert_eq!(status, 200, "{answer}");
        let leaving = json!({ "id": id, "version": seen["version"], "record": record, "reason": "数据待核" });
        let refusal = clerk.refused("move_out_unit", leaving, 409).await;
        assert!(refusal.contains("刚由他人修改"), "{refusal}");
    })
    .await;
}

#[tokio::test]
async fn e5_a_record_that_was_taken_in_is_marked_when_it_is_corrected_and_no_longer_when_it_has_left() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        approved_records(app, &["unit99"]).await;
        take_in(&clerk, &id, &[UNIT_99]).await;
        super::corrected::corrected(app, &read(&clerk, &id).await).await;
        let seen = read(&clerk, &id).await;
        let undecided = |seen: &Value| seen["held"].as_array().unwrap().iter().filter(|held| held["is_undecided"] == true).count();
        assert_eq!(undecided(&seen), 1);
        let leaving = json!({ "id": id, "version": seen["version"], "record": record_of(&seen, UNIT_03), "reason": "更正后另行公告" });
        let _: Value = clerk.call("move_out_unit", leaving).await;
        let after = read(&clerk, &id).await;
        assert_eq!((undecided(&after), after["held"].as_array().unwrap().len()), (0, 1));
    })
    .await;
}

#[tokio::test]
async fn c1_a_correction_takes_a_unit_in_and_knows_who_had_left() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        approved_records(app, &["unit99"]).await;
        take_in(&clerk, &id, &[UNIT_99]).await;
        let seen = read(&clerk, &id).await;
        let leaving = json!({ "id": id, "version": seen["version"], "record": record_of(&seen, UNIT_99), "reason": "数据待核" });
        let _: Value = clerk.call("move_out_unit", leaving).await;
        generate(&clerk, &id).await;
        submit(app, &clerk, &id).await;
        review(app, &id, true, "").await;
        let asked = json!({ "id": id, "version": version(&clerk, &id).await, "reason": "补充单位" });
        let next: String = clerk.call("correct_announcement", asked).await;
        assert_eq!(missing(&clerk, &next, UNIT_99).await["left"]["reason"], "数据待核");
        take_in(&clerk, &next, &[UNIT_99]).await;
        assert!(lines_of(&read(&clerk, &next).await, UNIT_99) > 0);
        assert_eq!(lines_of(&read(&clerk, &id).await, UNIT_99), 0, "what was published never changes");
        let refused = json!({ "id": id, "version": version(&clerk, &id).await, "record": record_of(&read(&clerk, &id).await, UNIT_03), "reason": "x" });
        clerk.refused("move_out_unit", refused, 409).await;
    })
    .await;
}

#[tokio::test]
async fn c1_a_correction_knows_who_took_a_unit_in() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        approved_records(app, &["unit99"]).await;
        take_in(&clerk, &id, &[UNIT_99]).await;
        generate(&clerk, &id).await;
        submit(app, &clerk, &id).await;
        review(app, &id, true, "").await;
        let taken = |seen: &Value| -> Vec<Value> { seen["held"].as_array().unwrap().iter().map(|held| held["taken_in"].clone()).collect() };
        let before = taken(&read(&clerk, &id).await);
        assert!(before.iter().any(Value::is_null) && before.iter().any(|taken| taken["by"] == "赵六"), "{before:?}");
        let asked = json!({ "id": id, "version": version(&clerk, &id).await, "reason": "补充说明" });
        let next: String = clerk.call("correct_announcement", asked).await;
        assert_eq!(taken(&read(&clerk, &next).await), before, "whoever reviews it sees the same");
    })
    .await;
}
