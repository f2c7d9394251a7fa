//! A record that an announcement holds is corrected (E5, B7).

use super::*;
use setaside::domain::record::line::LineCell;
use setaside::features::announcements::commands::due::{Due, found_due};
use std::collections::HashSet;

/// The correction of the record that the announcement holds is asked for; its id.
async fn correction(app: &TestApp, announcement: &Value) -> String {
    let record = announcement["lines"][0]["record"].as_str().unwrap().to_owned();
    correction_of(app, &record).await;
    record
}

/// The correction of a record of 测试区采购单位03 is asked for.
pub(super) async fn correction_of(app: &TestApp, record: &str) {
    let clerk = app.sign_in("unit03").await;
    let at: Value = clerk.call("record", json!({ "record": record })).await;
    let asked = json!({ "record": record, "version": at["record"]["version"], "reason": "审计调整" });
    let _: Value = clerk.call("ask_correction", asked).await;
}

pub(super) async fn consent(app: &TestApp, record: &str) {
    let reviewer = app.sign_in("reviewer").await;
    let at: Value = reviewer.call("record", json!({ "record": record })).await;
    let consent = json!({ "record": record, "version": at["record"]["version"], "consent": true, "opinion": "" });
    let _: Value = reviewer.call("answer_correction", consent).await;
}

/// The first line that may be taken out goes, unless nothing shall change; then the record is submitted. Who is to agree, and how.
pub(super) async fn submitted_anew<'app>(app: &'app TestApp, record: &str, changes: bool) -> (Visitor<'app>, Value) {
    let clerk = app.sign_in("unit03").await;
    if changes {
        let view: RecordView = clerk.call("record", json!({ "record": record })).await;
        let line = &view.lines[0];
        let taken = json!({ "record": record, "line": line.id, "version": line.version, "reason": "合同已解除" });
        let _: Value = clerk.call("take_out", taken).await;
    }
    let view: Value = clerk.call("record", json!({ "record": record })).await;
    let head = &view["record"];
    let next = json!({ "person": app.users["reviewer"].as_str() });
    let submission = json!({ "record": record, "version": head["version"], "content_version": head["content_version"], "next": next });
    let _: Value = clerk.call("submit_record", submission).await;
    let reviewer = app.sign_in("reviewer").await;
    let view: Value = reviewer.call("record", json!({ "record": record })).await;
    let decision = json!({ "agree": true, "opinion": "", "next": null });
    (reviewer, json!({ "record": record, "version": view["record"]["version"], "decision": decision }))
}

async fn approved_anew(app: &TestApp, record: &str, changes: bool) {
    let (reviewer, decision) = submitted_anew(app, record, changes).await;
    let _: Value = reviewer.call("decide_record", decision).await;
}

pub(super) async fn corrected(app: &TestApp, announcement: &Value) -> String {
    let record = correction(app, announcement).await;
    consent(app, &record).await;
    approved_anew(app, &record, true).await;
    record
}

pub(super) async fn settle(visitor: &Visitor<'_>, id: &str, choice: Value) -> (u16, Value) {
    let seen = read(visitor, id).await;
    let held = &seen["held"][0];
    visitor
        .post_api(
            "settle_record",
            json!({ "id": id, "version": seen["version"], "record": held["record"], "newest": held["newest"], "choice": choice }),
        )
        .await
}

async fn told(visitor: &Visitor<'_>, words: &str) -> bool {
    let messages: Value = visitor.call("messages", Value::Null).await;
    messages.as_array().unwrap().iter().any(|message| message["text"].as_str().unwrap().contains(words))
}

/// A scheduled announcement for 2025-03-15 09:00:00.
async fn scheduled(app: &TestApp) -> (Visitor<'_>, String, String) {
    let (clerk, id) = created(app).await;
    let number = generate(&clerk, &id).await;
    basics(&clerk, &id, json!({ "district": "319900", "mode": { "At": "2025-03-15T01:00:00.000Z" }, "expires_on": null })).await;
    submit(app, &clerk, &id).await;
    review(app, &id, true, "").await;
    (clerk, id, number)
}

#[tokio::test]
async fn e5_a_correction_under_way_is_said_and_the_people_are_told() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let record = correction(app, &read(&clerk, &id).await).await;
        let held = read(&clerk, &id).await["held"][0].clone();
        assert!(held["under_way"].as_str().unwrap().contains("正在申请更正，理由：审计调整"), "{held}");
        assert_eq!((held["newest"].is_null(), held["is_undecided"].as_bool()), (true, Some(false)));
        consent(app, &record).await;
        assert!(read(&clerk, &id).await["held"][0]["under_way"].as_str().unwrap().contains("正在更正"));
        assert!(told(&clerk, "测试区采购单位03的年度数据正在更正").await);
    })
    .await;
}

#[tokio::test]
async fn e5_approved_anew_with_the_same_lines_troubles_nobody() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let before = read(&clerk, &id).await;
        let record = correction(app, &before).await;
        consent(app, &record).await;
        approved_anew(app, &record, false).await;
        let after = read(&clerk, &id).await;
        assert_eq!((&after["version"], &after["held"][0]["newest"]), (&before["version"], &Value::Null));
        assert_eq!(after["lines"][0]["record_number"], 2, "the lines are those of the newer version");
        assert!(!told(&clerk, "已更正").await);
    })
    .await;
}

#[tokio::test]
async fn e5_the_touched_rows_are_marked_and_a_draft_waits_for_the_choice() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        generate(&clerk, &id).await;
        let before = read(&clerk, &id).await;
        corrected(app, &before).await;
        let seen = read(&clerk, &id).await;
        let held = &seen["held"][0];
        assert_eq!((held["newest"].as_i64(), held["is_undecided"].as_bool()), (Some(2), Some(true)));
        assert_eq!(held["news"].as_array().unwrap().len(), 1, "one row is touched: {}", held["news"]);
        assert_eq!(held["news"][0]["Gone"]["line"], before["lines"][0]["id"]);
        assert_eq!(seen["version"], before["version"], "whoever is writing is not disturbed");
        assert_eq!(seen["lines"], before["lines"], "nothing is taken over silently");
        assert!(told(&clerk, "请选择「更新」或「保留并说明」").await);
        let next = json!({ "person": app.users["leader"].as_str() });
        let refusal = clerk.refused("submit_announcement", json!({ "id": id, "version": seen["version"], "next": next }), 422).await;
        assert!(refusal.contains("测试区采购单位03的年度数据已更正"), "{refusal}");
        let (status, answer) = settle(&clerk, &id, json!("update")).await;
        assert_eq!(status, 200, "{answer}");
        let after = read(&clerk, &id).await;
        assert_eq!(after["lines"].as_array().unwrap().len() + 1, before["lines"].as_array().unwrap().len());
        assert_eq!((&after["held"][0]["newest"], &after["status"]), (&Value::Null, &json!("Draft")));
        assert!(after["lines"].as_array().unwrap().iter().all(|line| line["record_number"] == 2));
        submit(app, &clerk, &id).await;
    })
    .await;
}

#[tokio::test]
async fn e5_an_update_leaves_out_what_the_supervisor_left_out() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let before = read(&clerk, &id).await;
        let out = &before["lines"][1]["id"];
        let edit = json!({ "id": id, "version": before["version"], "line": out, "change": "remove", "reason": "涉密" });
        let _: Value = clerk.call("change_announcement_line", edit).await;
        corrected(app, &before).await;
        let (status, answer) = settle(&clerk, &id, json!("update")).await;
        assert_eq!(status, 200, "{answer}");
        let after = read(&clerk, &id).await;
        assert_eq!(
            (&after["lines"][0]["id"], &after["lines"][0]["is_removed"], &after["lines"][0]["reason"]),
            (out, &json!(true), &json!("涉密"))
        );
    })
    .await;
}

#[tokio::test]
async fn e5_a_scheduled_publication_is_held_until_someone_chooses_and_then_published_at_once() {
    on_both(async |app: &TestApp| {
        let (clerk, id, number) = scheduled(app).await;
        let before = read(&clerk, &id).await;
        corrected(app, &before).await;
        let address = format!("/announcements/{number}");
        app.set_time("2025-03-15T09:00:01");
        assert_eq!(publish_due(&app.services).await, Ok(0), "held");
        assert_eq!(app.nobody().get(&address).await.status, 404);
        // The old session has ended by now.
        let clerk = app.sign_in("jdc").await;
        assert!(told(&clerk, "已暂停定时发布").await && told(&app.sign_in("leader").await, "已暂停定时发布").await);
        let why = "测试区采购单位03的年度数据已更正，请选择「更新」或「保留并说明」";
        assert_eq!(read(&clerk, &id).await["holds"], json!([why]));
        let list: Value = clerk.call("announcements", json!({ "year": null, "status": null, "page": 1 })).await;
        assert_eq!(list["rows"][0]["outlook"], format!("已审核，原定 2025-03-15 09:00:00 发布，已暂停定时发布：{why}"));
        let (status, _) = settle(&clerk, &id, json!({ "keep": " " })).await;
        assert_eq!(status, 422, "a reason is asked for");
        let (status, answer) = settle(&clerk, &id, json!({ "keep": "公告口径以原审核为准" })).await;
        assert_eq!(status, 200, "{answer}");
        assert!(told(&app.sign_in("leader").await, "立即发布。测试区采购单位03：公告口径以原审核为准").await);
        let seen = read(&app.sign_in("leader").await, &id).await;
        assert_eq!(seen["held"][0]["kept"]["reason"], "公告口径以原审核为准", "the reviewer sees why");
        assert_eq!(publish_due(&app.services).await, Ok(1));
        assert_eq!(app.nobody().get(&address).await.status, 200);
        assert_eq!(read(&clerk, &id).await["lines"], before["lines"]);
        assert_eq!(settle(&clerk, &id, json!("update")).await.0, 409, "what is published never changes");
    })
    .await;
}

/// Another that is due at the same second and holds no record.
const ANOTHER: &str = r#"INSERT INTO announcements (id, unit_id, unit_name, year, number, title, district, remark, document, status, status_reason, status_at, round, submitted_by, version, updated_at)
    SELECT '01890a5d-ac96-774b-bcce-b302099b1000', unit_id, unit_name, 2023, '319900-2023-1000', '公告', district, '', '{"type":"doc","content":[]}', status, '', status_at,
           1, submitted_by, 1, updated_at
    FROM announcements WHERE status = 'scheduled'"#;

#[tokio::test]
async fn e5_a_correction_approved_between_the_look_and_the_publication_holds_it_and_nothing_else_of_its_batch() {
    on_both(async |app: &TestApp| {
        let (clerk, id, number) = scheduled(app).await;
        app.execute(ANOTHER).await;
        let announcement = read(&clerk, &id).await;
        let (set, second) = ("2025-03-15T09:00:00", setaside::domain::calendar::Moment::parse("2025-03-15T01:00:00.000Z").unwrap());
        let found = found_due(&app.services, second, &Due::default()).await.unwrap();
        assert_eq!(found.len(), 2, "both are due, and nothing holds them");
        corrected(app, &announcement).await;
        app.set_time(set);
        let (mut publisher, mut failed) = (Publisher::default(), HashSet::new());
        assert_eq!(publisher.publish_found(&app.services, found, second, &mut failed).await, Ok(1));
        assert!(failed.is_empty(), "to wait is no failure that would be tried again later: {failed:?}");
        assert_eq!(app.nobody().get(&format!("/announcements/{number}")).await.status, 404);
        assert_eq!(app.nobody().get("/announcements/319900-2023-1000").await.status, 200);
        let clerk = app.sign_in("jdc").await;
        assert_eq!(read(&clerk, &id).await["status"]["Scheduled"], "2025-03-15T01:00:00.000Z", "it stays as it was set");
        assert_eq!(settle(&clerk, &id, json!({ "keep": "公告口径以原审核为准" })).await.0, 200);
        assert_eq!(publisher.publish(&app.services).await, Ok(1), "and goes out at once when someone has chosen");
        assert_eq!(app.nobody().get(&format!("/announcements/{number}")).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn e5_an_update_of_what_was_approved_goes_back_to_its_clerk() {
    on_both(async |app: &TestApp| {
        let (clerk, id, number) = scheduled(app).await;
        corrected(app, &read(&clerk, &id).await).await;
        let (status, answer) = settle(&clerk, &id, json!("update")).await;
        assert_eq!(status, 200, "{answer}");
        let after = read(&clerk, &id).await;
        assert!(after["status"]["Withdrawn"].as_str().unwrap().contains("测试区采购单位03的年度数据已更正"), "{}", after["status"]);
        app.set_time("2025-03-16T09:00:00");
        assert_eq!(publish_due(&app.services).await, Ok(0));
        let clerk = app.sign_in("jdc").await;
        basics(&clerk, &id, json!({ "district": "319900", "mode": "OnApproval", "expires_on": null })).await;
        submit(app, &clerk, &id).await;
        review(app, &id, true, "").await;
        assert_eq!(app.nobody().get(&format!("/announcements/{number}")).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn e5_nothing_out_of_date_is_approved_and_nobody_agrees_to_what_they_have_not_seen() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        generate(&clerk, &id).await;
        submit(app, &clerk, &id).await;
        let reviewer = app.sign_in("leader").await;
        let seen = version(&reviewer, &id).await;
        corrected(app, &read(&clerk, &id).await).await;
        let decision = |version: i64| json!({ "id": id, "version": version, "decision": { "agree": true, "opinion": "", "next": null } });
        let refusal = reviewer.refused("review_announcement", decision(seen), 409).await;
        assert!(refusal.contains("已在别处修改"), "{refusal}");
        let now = version(&reviewer, &id).await;
        let refusal = reviewer.refused("review_announcement", decision(now), 409).await;
        assert!(refusal.contains("请先由本单位经办选择"), "{refusal}");
        reviewer.refused("settle_record", json!({ "id": id, "version": now, "record": id, "newest": 2, "choice": "update" }), 403).await;
        assert_eq!(settle(&clerk, &id, json!({ "keep": "已向社会公布过初步数据" })).await.0, 200);
        review(app, &id, true, "").await;
        assert!(read(&clerk, &id).await["status"]["Published"]["at"].is_string());
    })
    .await;
}

#[tokio::test]
async fn e5_a_choice_does_not_stand_for_the_next_correction() {
    on_both(async |app: &TestApp| {
        let (clerk, id, _) = scheduled(app).await;
        let announcement = read(&clerk, &id).await;
        corrected(app, &announcement).await;
        assert_eq!(settle(&clerk, &id, json!({ "keep": "理由" })).await.0, 200);
        corrected(app, &announcement).await;
        let held = read(&clerk, &id).await["held"][0].clone();
        assert_eq!((held["newest"].as_i64(), held["is_undecided"].as_bool()), (Some(3), Some(true)));
        assert_eq!(held["news"].as_array().unwrap().len(), 2);
        app.set_time("2025-03-15T09:00:01");
        assert_eq!(publish_due(&app.services).await, Ok(0));
    })
    .await;
}

#[tokio::test]
async fn e5_a_published_announcement_stays_and_its_people_are_told() {
    on_both(async |app: &TestApp| {
        let (clerk, id, number) = published(app).await;
        let before = app.nobody().get(&format!("/announcements/{number}")).await.text;
        let at = version(&clerk, &id).await;
        corrected(app, &read(&clerk, &id).await).await;
        assert_eq!(app.nobody().get(&format!("/announcements/{number}")).await.text, before);
        assert_eq!(version(&clerk, &id).await, at);
        assert!(told(&clerk, "公告不会改变；需要时请办理更正").await);
        assert_eq!(read(&clerk, &id).await["held"][0]["news"].as_array().unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn e5_a_changed_cell_is_shown_old_beside_new() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let before = read(&clerk, &id).await;
        let record = correction(app, &before).await;
        consent(app, &record).await;
        let unit = app.sign_in("unit03").await;
        let view: RecordView = unit.call("record", json!({ "record": record })).await;
        let free = |line: &&setaside::domain::record::line::Line| {
            ["项目名称", "备用名称"].iter().any(|name| line.with(LineCell::ProjectName, name, &view.rules).is_ok())
        };
        let line = view.lines.iter().find(free).expect("a line of before the change-over");
        let cells = json!([["project_name", "更名后的项目"], ["reason", "批复更名"]]);
        let _: Value = unit.call("save_line", json!({ "record": record, "line": line.id, "version": line.version, "cells": cells })).await;
        approved_anew(app, &record, false).await;
        let news = read(&clerk, &id).await["held"][0]["news"].clone();
        let difference = &news[0]["Changed"]["differences"][0];
        assert_eq!((difference["cell"].as_str(), difference["after"].as_str()), (Some("project_name"), Some("更名后的项目")), "{news}");
    })
    .await;
}
