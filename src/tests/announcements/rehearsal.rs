//! The rehearsal before the set time (E6): once, told to the people concerned, answered.

use super::*;
use setaside::features::announcements::commands::rehearse::Rehearser;
use setaside::server::outgoing::Outgoing;

async fn rehearse(app: &TestApp) -> Result<usize, AppError> {
    Rehearser::default().rehearse(&app.services).await
}

/// Scheduled for 2025-03-15 09:00:00, with units missing, which is worth telling.
async fn scheduled(app: &TestApp) -> (Visitor<'_>, String) {
    let (clerk, id) = created(app).await;
    generate(&clerk, &id).await;
    basics(&clerk, &id, json!({ "district": "319900", "mode": { "At": "2025-03-15T01:00:00.000Z" }, "expires_on": "2025-03-20" })).await;
    submit(app, &clerk, &id).await;
    review(app, &id, true, "").await;
    (clerk, id)
}

async fn said(visitor: &Visitor<'_>, words: &str) -> usize {
    let messages: Value = visitor.call("messages", Value::Null).await;
    messages.as_array().unwrap().iter().filter(|message| message["text"].as_str().unwrap().contains(words)).count()
}

async fn answer(visitor: &Visitor<'_>, id: &str, postponed_to: Option<&str>, reason: &str) -> (u16, Value) {
    let version = version(visitor, id).await;
    visitor.post_api("answer_rehearsal", json!({ "id": id, "version": version, "postponed_to": postponed_to, "reason": reason })).await
}

#[tokio::test]
async fn e6_a_day_before_its_time_it_is_rehearsed_once_and_the_people_concerned_are_told() {
    on_both(async |app: &TestApp| {
        let (_, id) = scheduled(app).await;
        app.set_time("2025-03-14T08:59:59");
        assert_eq!(rehearse(app).await, Ok(0), "too early");
        app.set_time("2025-03-14T09:00:00");
        // The old session has ended by now.
        let clerk = app.sign_in("jdc").await;
        let (one, other) = tokio::join!(rehearse(app), rehearse(app));
        assert_eq!(one.unwrap() + other.unwrap(), 1, "once with several instances");
        assert_eq!(rehearse(app).await, Ok(0));
        let seen = read(&clerk, &id).await;
        let findings = seen["rehearsal"]["findings"].as_array().unwrap();
        let missing = findings.iter().find(|finding| finding["subject"] == "missing").unwrap();
        for name in ["测试区采购单位99", "浦东新区采购中心", "上海机动车管理中心"] {
            assert!(missing["message"].as_str().unwrap().contains(name), "{missing}");
        }
        for login in ["jdc", "leader", "reviewer"] {
            assert_eq!(said(&app.sign_in(login).await, "经办人可选择「照发」「推迟」或「修改」").await, 1, "{login}");
        }
        app.set_time("2025-03-15T09:00:00");
        assert_eq!(publish_due(&app.services).await, Ok(1), "without an answer it is published at its time");
    })
    .await;
}

#[tokio::test]
async fn e6_links_that_do_not_answer_are_said_before_the_set_time_where_they_may_be_asked() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        generate(&clerk, &id).await;
        let seen = read(&clerk, &id).await;
        let mut document: Value = serde_json::from_str(seen["document"].as_str().unwrap()).unwrap();
        let link =
            json!({ "type": "text", "text": "合同公示", "marks": [{ "type": "link", "attrs": { "href": "http://links.example/gone" } }] });
        document["content"].as_array_mut().unwrap().push(json!({ "type": "paragraph", "content": [link] }));
        let change = json!({ "basics": null, "title": null, "remark": null, "document": document.to_string() });
        let _: Value = clerk.call("save_announcement", json!({ "id": id, "version": seen["version"], "change": change })).await;
        basics(&clerk, &id, json!({ "district": "319900", "mode": { "At": "2025-03-15T01:00:00.000Z" }, "expires_on": "2025-03-20" }))
            .await;
        let asked: Value = clerk.call("ask_announcement_links", json!({ "id": id })).await;
        assert_eq!(asked, json!({ "asked": 0, "findings": [] }), "nobody is asked unless the operator allows it");
        submit(app, &clerk, &id).await;
        review(app, &id, true, "").await;

        let site = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let outgoing = Outgoing::always_at(site.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(site, axum::Router::new()).await });
        app.set_time("2025-03-14T09:00:00");
        let services = Services { outgoing, ..app.services.clone() };
        assert_eq!(Rehearser::default().rehearse(&services).await, Ok(1));
        let seen = read(&app.sign_in("jdc").await, &id).await;
        let findings = seen["rehearsal"]["findings"].as_array().unwrap();
        let found = findings.iter().find(|finding| finding["message"].as_str().unwrap().contains("「合同公示」")).unwrap();
        assert_eq!((found["subject"].as_str(), found["weight"].as_str()), (Some("links"), Some("look")));
        assert!(found["message"].as_str().unwrap().contains("没有这个页面"), "{found}");
    })
    .await;
}

#[tokio::test]
async fn e6_sent_as_it_is_with_person_and_reason() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = scheduled(app).await;
        assert_eq!(answer(&clerk, &id, None, "先行公布").await.0, 409, "nothing was rehearsed yet");
        app.set_time("2025-03-14T09:00:00");
        // The old session has ended by now.
        let clerk = app.sign_in("jdc").await;
        assert_eq!(rehearse(app).await, Ok(1));
        assert_eq!(answer(&clerk, &id, None, " ").await.0, 422, "a reason is asked for");
        let (status, said_so) = answer(&clerk, &id, None, "其余单位另行公布").await;
        assert_eq!(status, 200, "{said_so}");
        let answered = read(&clerk, &id).await["rehearsal"]["answer"].clone();
        assert_eq!((answered["reason"].as_str(), answered["by"].as_str()), (Some("其余单位另行公布"), Some("赵六")));
        assert_eq!(said(&app.sign_in("leader").await, "照发，理由：其余单位另行公布").await, 1);
        assert_eq!(answer(&clerk, &id, None, "再次").await.0, 409, "answered once");
        app.set_time("2025-03-15T09:00:00");
        assert_eq!(publish_due(&app.services).await, Ok(1));
    })
    .await;
}

#[tokio::test]
async fn e6_postponed_it_is_published_at_the_later_time_and_rehearsed_for_it_again() {
    on_both(async |app: &TestApp| {
        let (_, id) = scheduled(app).await;
        app.set_time("2025-03-14T09:00:00");
        // The old session has ended by now.
        let clerk = app.sign_in("jdc").await;
        assert_eq!(rehearse(app).await, Ok(1));
        for (to, words) in [
            ("2025-03-15T01:00:00.000Z", "应晚于现在和原定的"),
            ("2025-03-14T00:00:00.000Z", "应晚于现在和原定的"),
            ("2025-03-25T01:00:00.000Z", "早于发布日期"),
        ] {
            let (status, refusal) = answer(&clerk, &id, Some(to), "等浦东完成").await;
            assert!(status == 422 && refusal.to_string().contains(words), "{to}: {refusal}");
        }
        let (status, refusal) = answer(&clerk, &id, Some("2025-03-17T01:00:00.000Z"), "等浦东完成").await;
        assert_eq!(status, 200, "{refusal}");
        let seen = read(&clerk, &id).await;
        assert_eq!((seen["status"]["Scheduled"].as_str(), &seen["rehearsal"]), (Some("2025-03-17T01:00:00.000Z"), &Value::Null));
        assert_eq!(seen["basics"]["mode"]["At"], "2025-03-17T01:00:00.000Z");
        assert_eq!(said(&app.sign_in("leader").await, "推迟到 2025-03-17 09:00:00，理由：等浦东完成").await, 1);
        app.set_time("2025-03-16T09:00:00");
        assert_eq!(publish_due(&app.services).await, Ok(0), "not at the old time");
        assert_eq!(rehearse(app).await, Ok(1));
        app.set_time("2025-03-17T09:00:00");
        assert_eq!(publish_due(&app.services).await, Ok(1));
    })
    .await;
}

#[tokio::test]
async fn e6_what_comes_out_within_a_minute_is_not_rehearsed_any_more() {
    on_both(async |app: &TestApp| {
        let (_, id) = scheduled(app).await;
        app.set_time("2025-03-15T08:59:30");
        let clerk = app.sign_in("jdc").await;
        assert_eq!(rehearse(app).await, Ok(0), "nobody could answer");
        assert!(read(&clerk, &id).await["rehearsal"].is_null());
        assert_eq!(publish_due(&app.services).await, Ok(0), "and nothing is early for it");
        app.set_time("2025-03-15T08:58:30");
        assert_eq!(rehearse(app).await, Ok(1), "half a minute before that it would still be");
    })
    .await;
}

#[tokio::test]
async fn e6_one_that_cannot_be_rehearsed_holds_back_no_other_and_is_logged_once() {
    on_sqlite(async |app: &TestApp| {
        let (_, id) = scheduled(app).await;
        app.execute(
            "INSERT INTO announcements (id, unit_id, unit_name, year, title, district, remark, document, status, status_reason, status_at, round, version, updated_at)
             SELECT '01890a5d-ac96-774b-bcce-b302099a1000', id, name, 2023, '', district, '', 'no text', 'scheduled', '', '2025-03-14T02:00:00.000Z', 1, 1, '2025-01-01T00:00:00.000Z'
             FROM units WHERE is_supervisor = 1",
        )
        .await;
        app.set_time("2025-03-14T09:00:00");
        // The old session has ended by now.
        let clerk = app.sign_in("jdc").await;
        let log = crate::support::Log::begin();
        let mut rehearser = Rehearser::default();
        assert_eq!(rehearser.rehearse(&app.services).await, Ok(1));
        assert_eq!(rehearser.rehearse(&app.services).await, Ok(0));
        assert_eq!(log.text().lines().filter(|line| line.contains("could not be rehearsed")).count(), 1);
        assert!(read(&clerk, &id).await["rehearsal"].is_object());
    })
    .await;
}

#[tokio::test]
async fn e6_a_site_that_answers_slowly_keeps_no_other_announcement_waiting() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        generate(&clerk, &id).await;
        let seen = read(&clerk, &id).await;
        let mut document: Value = serde_json::from_str(seen["document"].as_str().unwrap()).unwrap();
        let link = json!({ "type": "text", "text": "合同公示", "marks": [{ "type": "link", "attrs": { "href": "http://links.example/quick" } }] });
        document["content"].as_array_mut().unwrap().push(json!({ "type": "paragraph", "content": [link] }));
        let change = json!({ "basics": null, "title": null, "remark": null, "document": document.to_string() });
        let _: Value = clerk.call("save_announcement", json!({ "id": id, "version": seen["version"], "change": change })).await;
        basics(&clerk, &id, json!({ "district": "319900", "mode": { "At": "2025-03-15T01:00:00.000Z" }, "expires_on": null })).await;
        submit(app, &clerk, &id).await;
        review(app, &id, true, "").await;
        // Another one, due before it, whose link is answered only when this test allows it.
        app.execute(
            "INSERT INTO announcements (id, unit_id, unit_name, year, number, title, district, publish_at, expires_on, remark, document, status, status_reason, status_at, round,
                                        submitted_by, submitted_at, correction_reason, version, updated_at)
             SELECT '01890a5d-ac96-774b-bcce-b302099a1000', unit_id, unit_name, 2023, '319900-2023-0001', title, district, publish_at, expires_on, remark,
                    REPLACE(document, '/quick', '/slow'), status, status_reason, '2025-03-15T00:59:00.000Z', round, submitted_by, submitted_at, '', 1, updated_at
             FROM announcements WHERE status = 'scheduled'",
        )
        .await;
        let (open, opened) = tokio::sync::watch::channel(false);
        let answer = move |uri: axum::http::Uri| {
            let mut opened = opened.clone();
            async move {
                if uri.path() == "/slow" {
                    let _ = opened.wait_for(|is_open| *is_open).await;
                }
                "there"
            }
        };
        let site = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let outgoing = Outgoing::always_at(site.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(site, axum::Router::new().fallback(answer)).await });
        app.set_time("2025-03-14T09:00:00");
        let services = Services { outgoing, ..app.services.clone() };
        let mut rehearser = Rehearser::default();
        let watched = async {
            while app.count("SELECT COUNT(*) FROM announcement_rehearsals").await == 0 {
                tokio::task::yield_now().await;
            }
            let slow = "SELECT COUNT(*) FROM announcement_rehearsals WHERE announcement_id = '01890a5d-ac96-774b-bcce-b302099a1000'";
            assert_eq!(app.count(slow).await, 0, "the one that waits for its site came first");
            open.send(true).unwrap();
        };
        let (done, ()) = tokio::join!(rehearser.rehearse(&services), watched);
        assert_eq!(done, Ok(2));
    })
    .await;
}
