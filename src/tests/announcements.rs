//! Announcements from the approved records to the portal, through the real router.

mod collecting;
mod corrected;
mod corrections;
mod due;
mod files;
mod interleaved;
mod lines;
mod opendata;
mod portal;
mod races;
mod rehearsal;
mod saves;
mod successors;
mod templates;
mod together;
mod units;
mod uploads;
mod versions;
mod walk;

use super::support::{TestApp, UNIT_03, UNIT_99, Visitor, on_both, on_sqlite};
use axum::body::Body;
use axum::http::{Method, header};
use serde_json::{Value, json};
use setaside::domain::sheet;
use setaside::error::AppError;
use setaside::features::announcements::commands::due::Publisher;
use setaside::features::contracts;
use setaside::features::records::RecordView;
use setaside::server::request::Services;
use std::sync::atomic::{AtomicU64, Ordering};

/// A day on which the approved year can be announced.
const NOW: &str = "2025-03-10T09:30";

/// One round of the publisher, as a fresh instance makes it.
async fn publish_due(services: &Services) -> Result<usize, AppError> {
    Publisher::default().publish(services).await
}

/// Units that have an approved record of 2024.
async fn approved_records(app: &TestApp, logins: &[&str]) {
    app.set_time(NOW);
    for login in logins {
        let clerk = app.sign_in(login).await;
        let generated: Value = clerk.call("generate_record", json!({ "year": 2024 })).await;
        let id = generated["New"].as_str().unwrap().to_owned();
        let view: RecordView = clerk.call("record", json!({ "record": id })).await;
        for line in view.lines.iter().filter(|line| line.review(&view.rules).blocks()) {
            let taken = json!({ "record": id, "line": line.id, "version": line.version, "reason": "资料不全" });
            let _: Value = clerk.call("take_out", taken).await;
        }
        let record: Value = clerk.call("record", json!({ "record": id })).await;
        let head = &record["record"];
        let next = json!({ "person": app.users["reviewer"].as_str() });
        let (status, answer) = clerk
            .post_api(
                "submit_record",
                json!({ "record": id, "version": head["version"], "content_version": head["content_version"], "next": next }),
            )
            .await;
        assert_eq!(status, 200, "{login}: {answer}");
        let reviewer = app.sign_in("reviewer").await;
        let record: Value = reviewer.call("record", json!({ "record": id })).await;
        let decision = json!({ "agree": true, "opinion": "", "next": null });
        let _: Value =
            reviewer.call("decide_record", json!({ "record": id, "version": record["record"]["version"], "decision": decision })).await;
    }
}

/// A new announcement of 2024, by the chief's clerk.
async fn created(app: &TestApp) -> (Visitor<'_>, String) {
    app.import_sample().await;
    approved_records(app, &["unit03"]).await;
    let clerk = app.sign_in("jdc").await;
    let id: String = clerk.call("create_announcement", json!({ "year": 2024 })).await;
    (clerk, id)
}

async fn read(visitor: &Visitor<'_>, id: &str) -> Value {
    visitor.call("announcement", json!({ "id": id })).await
}

async fn version(visitor: &Visitor<'_>, id: &str) -> i64 {
    read(visitor, id).await["version"].as_i64().unwrap()
}

async fn generate(visitor: &Visitor<'_>, id: &str) -> String {
    let version = version(visitor, id).await;
    let generated: Value = visitor.call("generate_announcement", json!({ "id": id, "version": version })).await;
    generated["number"].as_str().unwrap().to_owned()
}

async fn basics(visitor: &Visitor<'_>, id: &str, basics: Value) {
    let version = version(visitor, id).await;
    let change = json!({ "basics": basics, "title": null, "remark": null, "document": null });
    let _: Value = visitor.call("save_announcement", json!({ "id": id, "version": version, "change": change })).await;
}

async fn submit(app: &TestApp, visitor: &Visitor<'_>, id: &str) {
    let version = version(visitor, id).await;
    let next = json!({ "institution": app.units[super::support::CHIEF].as_str() });
    let _: Value = visitor.call("submit_announcement", json!({ "id": id, "version": version, "next": next })).await;
}

async fn review(app: &TestApp, id: &str, agree: bool, opinion: &str) {
    let reviewer = app.sign_in("leader").await;
    let version = version(&reviewer, id).await;
    let decision = json!({ "agree": agree, "opinion": opinion, "next": null });
    let _: Value = reviewer.call("review_announcement", json!({ "id": id, "version": version, "decision": decision })).await;
}

/// A published announcement; its number.
async fn published(app: &TestApp) -> (Visitor<'_>, String, String) {
    let (clerk, id) = created(app).await;
    let number = generate(&clerk, &id).await;
    submit(app, &clerk, &id).await;
    review(app, &id, true, "").await;
    (clerk, id, number)
}

/// A key of an upload that no other one has.
fn key() -> String {
    static KEYS: AtomicU64 = AtomicU64::new(1);
    format!("01890a5d-ac96-474b-bcce-{:012x}", KEYS.fetch_add(1, Ordering::Relaxed))
}

/// The request of an upload; `query` holds its key.
fn upload_request(visitor: &Visitor<'_>, id: &str, query: &str, name: &str, content: &[u8]) -> axum::http::Request<Body> {
    let mut body = format!("--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/html\r\n\r\n")
        .into_bytes();
    body.extend_from_slice(content);
    body.extend_from_slice(b"\r\n--B--\r\n");
    let request = visitor
        .request(Method::POST, &format!("/office/files/{id}?{query}"))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=B");
    request.body(Body::from(body)).unwrap()
}

async fn upload(visitor: &Visitor<'_>, id: &str, name: &str, content: &[u8]) -> (u16, Value) {
    upload_as(visitor, id, &format!("key={}", key()), name, content).await
}

async fn upload_as(visitor: &Visitor<'_>, id: &str, query: &str, name: &str, content: &[u8]) -> (u16, Value) {
    let answer = visitor.send(upload_request(visitor, id, query, name, content)).await;
    (answer.status, answer.json())
}

#[tokio::test]
async fn c8_a_submission_says_to_its_approver_what_there_is_to_say() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        generate(&clerk, &id).await;
        let at = version(&clerk, &id).await;
        let next = json!({ "institution": app.units[super::support::CHIEF].as_str() });
        let asked = |note: String| json!({ "id": id, "version": at, "next": next, "note": note });
        let (status, refusal) = clerk.post_api("submit_announcement", asked("长".repeat(5_000))).await;
        assert_eq!((status, refusal["detail"]["field"].as_str()), (422, Some("note")), "{refusal}");
        let _: Value = clerk.call("submit_announcement", asked("请重点核对第 3 行".to_owned())).await;
        let seen = read(&app.sign_in("leader").await, &id).await;
        assert_eq!(seen["history"]["steps"][0]["note"], "请重点核对第 3 行");
    })
    .await;
}

#[tokio::test]
async fn c1_an_announcement_collects_the_approved_records_and_says_whose_are_missing() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let announcement = read(&clerk, &id).await;
        assert_eq!(announcement["held"][0]["unit_name"], "测试区采购单位03");
        assert!(!announcement["lines"].as_array().unwrap().is_empty());
        let missing: Vec<&str> =
            announcement["missing"].as_array().unwrap().iter().map(|missing| missing["unit_name"].as_str().unwrap()).collect();
        assert_eq!(missing.len(), 3, "{missing:?}");
        let outlook: Value = clerk.call("announcement_outlook", json!({ "year": 2024 })).await;
        let units = outlook["units"].as_array().unwrap();
        assert_eq!((units.len(), units[0]["unit_name"].as_str()), (4, Some(super::support::CHIEF)), "every unit, its own first");
        let of = |name: &str| units.iter().find(|unit| unit["unit_name"] == name).unwrap();
        let ready = of(super::support::UNIT_03);
        assert_eq!((ready["is_ready"].as_bool(), ready["state"].as_str()), (Some(true), Some("审核完成")));
        assert_eq!(ready["lines"], announcement["lines"].as_array().unwrap().len());
        let none = of(super::support::UNIT_99);
        assert_eq!((none["is_ready"].as_bool(), none["state"].as_str()), (Some(false), Some("未生成")));
        let refusal = clerk.refused("create_announcement", json!({ "year": 2023 }), 422).await;
        assert!(refusal.contains("还没有审核完成"), "{refusal}");
    })
    .await;
}

#[tokio::test]
async fn c1_a_long_record_is_copied_whole_and_in_its_order() {
    on_both(async |app: &TestApp| {
        let head = include_str!("../../data/contracts-sample.csv").lines().next().unwrap();
        let row = |no: usize| {
            format!("X-{no},合同,P-{no},项目{no},,2024-01-13,测试区采购单位03,,供应商,,小型,服务,公开招标,48761.29,,项目采购,是,整体预留,小微企业,,,,,否,2024-11-19,2024-11-28,")
        };
        let text = std::iter::once(head.to_owned()).chain((1..=130).map(row)).collect::<Vec<_>>().join("\n");
        let import = sheet::read_table(contracts::decode::csv_rows(text.as_bytes()).unwrap().into_iter());
        contracts::commands::import(&app.services, import.contracts, app.now()).await.unwrap();
        approved_records(app, &["unit03"]).await;
        let clerk = app.sign_in("jdc").await;
        let id: String = clerk.call("create_announcement", json!({ "year": 2024 })).await;
        let announcement = read(&clerk, &id).await;
        let names = |lines: &Value| lines.as_array().unwrap().iter().map(|line| line["values"]["project_name"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        let record: RecordView = clerk.call("record", json!({ "record": announcement["lines"][0]["record"] })).await;
        let approved: Vec<String> = record.lines.iter().map(|line| line.review(&record.rules).project_name).collect();
        assert_eq!((approved.len(), names(&announcement["lines"])), (130, approved));
    })
    .await;
}

#[tokio::test]
async fn c1_announcements_are_the_chiefs_alone() {
    on_sqlite(async |app: &TestApp| {
        let (_, id) = created(app).await;
        for login in ["unit03", "head03", "admin"] {
            let other = app.sign_in(login).await;
            other.refused("announcement", json!({ "id": id }), 404).await;
            other.refused("announcements", json!({ "year": null, "status": null, "page": 1 }), 404).await;
            other.refused("create_announcement", json!({ "year": 2024 }), 404).await;
            other
                .refused("submit_announcement", json!({ "id": id, "version": 1, "next": { "person": app.users["leader"].as_str() } }), 404)
                .await;
        }
        let reviewer = app.sign_in("leader").await;
        reviewer.refused("delete_announcement", json!({ "id": id, "version": 1 }), 403).await;
        app.nobody().refused("announcement", json!({ "id": id }), 401).await;
    })
    .await;
}

#[tokio::test]
async fn c2_a_number_is_never_given_twice() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        assert_eq!(generate(&clerk, &id).await, "319900-2024-0001");
        assert_eq!(generate(&clerk, &id).await, "319900-2024-0001", "generating again keeps the number");
        basics(&clerk, &id, json!({ "district": "310115", "mode": "OnApproval", "expires_on": null })).await;
        let at = version(&clerk, &id).await;
        let next = json!({ "person": app.users["leader"].as_str() });
        let refusal = clerk.refused("submit_announcement", json!({ "id": id, "version": at, "next": next }), 422).await;
        assert!(refusal.contains("行政区划已改变"), "{refusal}");
        assert_eq!(generate(&clerk, &id).await, "310115-2024-0001");
        let at = version(&clerk, &id).await;
        let _: Value = clerk.call("delete_announcement", json!({ "id": id, "version": at })).await;
        let again: String = clerk.call("create_announcement", json!({ "year": 2024 })).await;
        assert_eq!(generate(&clerk, &again).await, "319900-2024-0002");
    })
    .await;
}

#[tokio::test]
async fn c3_on_approval_it_is_published_at_once_and_the_portal_shows_what_was_approved() {
    on_both(async |app: &TestApp| {
        let (clerk, id, number) = published(app).await;
        let announcement = read(&clerk, &id).await;
        let body = announcement["body_html"].as_str().unwrap();
        let page = app.nobody().get(&format!("/announcements/{number}")).await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains(body), "the page holds the frozen body byte for byte");
        assert!(page.text.contains("日期：2025年3月10日") && page.text.contains(&number));
        assert_eq!(page.text.matches("<script").count(), page.text.matches(portal::DATA).count(), "no script but data");
        let list = app.nobody().get("/").await;
        assert!(list.text.contains(&number), "{}", list.text);
        let again = app.nobody().request(Method::GET, "/").header(header::IF_NONE_MATCH, list.header("etag")).body(Body::empty()).unwrap();
        assert_eq!(app.nobody().send(again).await.status, 304);
        assert_eq!(
            app.nobody().get("/?unit=%E6%9C%BA%E5%8A%A8%E8%BD%A6&year=2024").await.text.matches(&number).count(),
            list.text.matches(&number).count()
        );
        assert!(!app.nobody().get("/?year=2023").await.text.contains(&number));
        assert!(!app.nobody().get("/?unit=%25").await.text.contains(&number), "a percent sign means itself");
    })
    .await;
}

#[tokio::test]
async fn c3_a_scheduled_announcement_is_published_once_when_its_time_comes() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let number = generate(&clerk, &id).await;
        basics(&clerk, &id, json!({ "district": "319900", "mode": { "At": "2025-03-15T01:00:00.000Z" }, "expires_on": null })).await;
        submit(app, &clerk, &id).await;
        review(app, &id, true, "").await;
        assert!(read(&clerk, &id).await["status"]["Scheduled"].is_string());
        assert_eq!(publish_due(&app.services).await, Ok(0));
        let address = format!("/announcements/{number}");
        assert_eq!(app.nobody().get(&address).await.status, 404);
        app.set_time("2025-03-15T09:00:00");
        let (one, other) = tokio::join!(publish_due(&app.services), publish_due(&app.services));
        assert_eq!(one.unwrap() + other.unwrap(), 1, "exactly once with several instances");
        assert_eq!(publish_due(&app.services).await, Ok(0));
        assert!(app.nobody().get(&address).await.text.contains("2025年3月15日"));
        assert_eq!(app.count("SELECT CAST(last AS BIGINT) FROM publications").await, 1);
    })
    .await;
}

#[tokio::test]
async fn c3_a_set_time_that_has_passed_is_refused_at_submission_and_published_at_approval() {
    on_sqlite(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        generate(&clerk, &id).await;
        basics(&clerk, &id, json!({ "district": "319900", "mode": { "At": "2025-03-10T01:29:00.000Z" }, "expires_on": null })).await;
        let at = version(&clerk, &id).await;
        let next = json!({ "person": app.users["leader"].as_str() });
        let refusal = clerk.refused("submit_announcement", json!({ "id": id, "version": at, "next": next }), 422).await;
        assert!(refusal.contains("已经过去"), "{refusal}");
        basics(&clerk, &id, json!({ "district": "319900", "mode": { "At": "2025-03-10T02:00:00.000Z" }, "expires_on": null })).await;
        submit(app, &clerk, &id).await;
        app.set_time("2025-03-10T11:00");
        review(app, &id, true, "").await;
        assert!(read(&clerk, &id).await["status"]["Published"]["at"].is_string());
    })
    .await;
}

#[tokio::test]
async fn c4_a_changed_line_leaves_the_record_and_shows_its_reason() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let before = read(&clerk, &id).await;
        let (line, at) = (before["lines"][0].clone(), before["version"].clone());
        let edit = |change: Value, reason: &str, version: &Value| json!({ "id": id, "version": version, "line": line["id"], "change": change, "reason": reason });
        clerk.refused("change_announcement_line", edit(json!("remove"), " ", &at), 422).await;
        let edited: Value = clerk.call("change_announcement_line", edit(json!("remove"), "重复公布", &at)).await;
        assert_eq!(edited["line"]["is_removed"], true);
        assert_eq!(edited["line"]["approved"], line["approved"]);
        let refusal = clerk.refused("change_announcement_line", edit(json!("remove"), "另一个理由", &at), 409).await;
        assert!(refusal.contains("已在别处修改"), "a lost race is told: {refusal}");
        let restored: Value = clerk.call("change_announcement_line", edit(json!("restore"), "", &edited["saved"]["version"])).await;
        assert_eq!(restored["line"], line);
    })
    .await;
}

#[tokio::test]
async fn c7_the_text_is_a_typed_tree_and_a_lost_race_is_told() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let patch = |version: i64, document: Option<&str>, title: Option<&str>| {
            json!({ "id": id, "version": version, "change": { "basics": null, "title": title, "remark": null, "document": document } })
        };
        let at = version(&clerk, &id).await;
        let refusal = clerk.refused("save_announcement", patch(at, Some(r#"{"type":"doc","content":[{"type":"paragraph"}]}"#), None), 409).await;
        assert!(refusal.contains("生成公告"), "{refusal}");
        generate(&clerk, &id).await;
        let at = version(&clerk, &id).await;
        let script = r#"{"type":"doc","content":[{"type":"script","content":[]}]}"#;
        clerk.refused("save_announcement", patch(at, Some(script), None), 422).await;
        let saved: Value = clerk.call("save_announcement", patch(at, None, Some("新标题"))).await;
        assert_eq!(saved["version"], at + 1);
        let refusal = clerk.refused("save_announcement", patch(at, None, Some("另一个标题")), 409).await;
        assert!(refusal.contains("已在别处修改"), "{refusal}");
        assert_eq!(read(&clerk, &id).await["title"], "新标题");
    })
    .await;
}

#[tokio::test]
async fn c8_a_text_that_contradicts_the_data_cannot_be_submitted() {
    on_sqlite(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        generate(&clerk, &id).await;
        let at = version(&clerk, &id).await;
        let text = r#"{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"没有数据"}]}]}"#;
        let change = json!({ "basics": null, "title": null, "remark": null, "document": text });
        let saved: Value = clerk.call("save_announcement", json!({ "id": id, "version": at, "change": change })).await;
        let next = json!({ "person": app.users["leader"].as_str() });
        let refusal = clerk.refused("submit_announcement", json!({ "id": id, "version": saved["version"], "next": next }), 422).await;
        assert!(refusal.contains("须改正"), "{refusal}");
    })
    .await;
}

#[tokio::test]
async fn d2_the_list_offers_what_the_state_and_the_role_allow() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let query = json!({ "year": 2024, "status": null, "page": 1 });
        let list: Value = clerk.call("announcements", query.clone()).await;
        assert_eq!((list["total"].as_i64(), list["rows"][0]["allowed"]["delete"].as_bool()), (Some(1), Some(true)));
        generate(&clerk, &id).await;
        submit(app, &clerk, &id).await;
        let list: Value = clerk.call("announcements", query.clone()).await;
        let allowed = &list["rows"][0]["allowed"];
        assert_eq!(
            (allowed["edit"].as_bool(), allowed["withdraw"].as_bool(), allowed["review"].as_bool()),
            (Some(false), Some(true), Some(false))
        );
        let list: Value = app.sign_in("reviewer").await.call("announcements", query).await;
        let allowed = &list["rows"][0]["allowed"];
        assert_eq!(
            (allowed["edit"].as_bool(), allowed["withdraw"].as_bool(), allowed["review"].as_bool()),
            (Some(false), Some(false), Some(true))
        );
        let other: Value = clerk.call("announcements", json!({ "year": 2023, "status": "draft", "page": 1 })).await;
        assert_eq!(other["total"], 0);
    })
    .await;
}

#[tokio::test]
async fn d3_a_withdrawal_asks_for_its_reason() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        generate(&clerk, &id).await;
        submit(app, &clerk, &id).await;
        let at = version(&clerk, &id).await;
        let refusal = clerk.refused("withdraw_announcement", json!({ "id": id, "version": at, "reason": "  " }), 422).await;
        assert!(refusal.contains("撤回理由"), "{refusal}");
        let _: Value = clerk.call("withdraw_announcement", json!({ "id": id, "version": at, "reason": "补充附件" })).await;
        assert_eq!(read(&clerk, &id).await["status"]["Withdrawn"], "补充附件");
        submit(app, &clerk, &id).await;
        review(app, &id, true, "").await;
        let at = version(&clerk, &id).await;
        clerk.refused("withdraw_announcement", json!({ "id": id, "version": at, "reason": "晚了" }), 409).await;
    })
    .await;
}

#[tokio::test]
async fn d3_a_scheduled_announcement_that_is_withdrawn_is_not_published() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let number = generate(&clerk, &id).await;
        basics(&clerk, &id, json!({ "district": "319900", "mode": { "At": "2025-03-15T01:00:00.000Z" }, "expires_on": null })).await;
        submit(app, &clerk, &id).await;
        review(app, &id, true, "").await;
        let at = version(&clerk, &id).await;
        let _: Value = clerk.call("withdraw_announcement", json!({ "id": id, "version": at, "reason": "数据有误" })).await;
        app.set_time("2025-03-16T09:00:00");
        assert_eq!(publish_due(&app.services).await, Ok(0));
        assert_eq!(app.nobody().get(&format!("/announcements/{number}")).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn d4_a_disagreement_returns_it_with_its_reason_and_a_second_answer_is_told() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        generate(&clerk, &id).await;
        submit(app, &clerk, &id).await;
        let reviewer = app.sign_in("reviewer").await;
        let at = version(&reviewer, &id).await;
        let decision = |agree: bool, opinion: &str| json!({ "id": id, "version": at, "decision": { "agree": agree, "opinion": opinion, "next": null } });
        reviewer.refused("review_announcement", decision(false, ""), 422).await;
        clerk.refused("review_announcement", decision(true, ""), 403).await;
        let _: Value = reviewer.call("review_announcement", decision(false, "备注不完整")).await;
        assert_eq!(read(&clerk, &id).await["status"]["Returned"], "备注不完整");
        app.sign_in("leader").await.refused("review_announcement", decision(true, ""), 409).await;
        let messages: Value = clerk.call("messages", Value::Null).await;
        assert!(messages[0]["text"].as_str().unwrap().contains("被退回：备注不完整"), "{messages}");
    })
    .await;
}

#[tokio::test]
async fn d4_nobody_agrees_to_what_they_have_not_seen() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        generate(&clerk, &id).await;
        submit(app, &clerk, &id).await;
        let reviewer = app.sign_in("leader").await;
        let seen = version(&reviewer, &id).await;
        let _: Value = clerk.call("withdraw_announcement", json!({ "id": id, "version": seen, "reason": "再改" })).await;
        submit(app, &clerk, &id).await;
        let decision = json!({ "agree": true, "opinion": "", "next": null });
        let refusal = reviewer.refused("review_announcement", json!({ "id": id, "version": seen, "decision": decision }), 409).await;
        assert!(refusal.contains("已在别处修改"), "{refusal}");
    })
    .await;
}

#[tokio::test]
async fn d5_what_is_not_public_is_a_page_of_the_portal_that_says_so() {
    on_sqlite(async |app: &TestApp| {
        for address in ["/announcements/310115-2025-0007", "/announcements/x", "/announcements/310115-2025-0007/files/x"] {
            let answer = app.nobody().get(address).await;
            assert_eq!(answer.status, 404, "{address}");
            assert!(answer.text.contains("portal-head") && answer.text.contains("没有找到这个页面"), "{address}");
        }
    })
    .await;
}
