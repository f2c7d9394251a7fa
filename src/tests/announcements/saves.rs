//! A change whose answer is lost is asked again; it is answered as done, and nothing else is taken for it.

use super::*;

/// Another one in the list.
const BESIDE: &str = "INSERT INTO announcements (id, unit_id, unit_name, year, title, district, remark, status, status_reason, round, version, updated_at)
    SELECT '01890a5d-ac96-774b-bcce-b302099a1000', id, name, 2023, '', district, '', 'draft', '', 0, 1, '2025-01-01T00:00:00.000Z' FROM units WHERE is_supervisor = 1";

fn patch(id: &str, version: i64, title: &str) -> Value {
    json!({ "id": id, "version": version, "change": { "basics": null, "title": title, "remark": null, "document": null } })
}

#[tokio::test]
async fn c7_the_same_save_asked_again_is_answered_as_done() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let at = version(&clerk, &id).await;
        let saved: Value = clerk.call("save_announcement", patch(&id, at, "甲")).await;
        let again: Value = clerk.call("save_announcement", patch(&id, at, "甲")).await;
        assert_eq!((&saved["version"], &again["version"]), (&json!(at + 1), &json!(at + 1)));
        assert_eq!(version(&clerk, &id).await, at + 1, "nothing was stored twice");
        clerk.refused("save_announcement", patch(&id, at, "乙"), 409).await;
        let _: Value = clerk.call("save_announcement", patch(&id, at + 1, "甲")).await;
        let _: Value = clerk.call("save_announcement", patch(&id, at + 1, "丙")).await;
        clerk.refused("save_announcement", patch(&id, at, "甲"), 409).await;
        assert_eq!(read(&clerk, &id).await["title"], "丙");
    })
    .await;
}

#[tokio::test]
async fn c4_the_other_edits_asked_again_are_answered_as_done_too() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let (_, uploaded) = upload(&clerk, &id, "a.pdf", b"%PDF-1.7").await;
        let line = read(&clerk, &id).await["lines"][0]["id"].clone();
        let edits = [
            ("change_announcement_line", json!({ "id": id, "line": line, "change": "remove", "reason": "重复" })),
            ("generate_announcement", json!({ "id": id })),
            ("change_attachment", json!({ "id": id, "file": uploaded["file"]["id"], "is_shown": true })),
            ("change_attachment", json!({ "id": id, "file": uploaded["file"]["id"], "is_shown": null })),
        ];
        for (name, mut edit) in edits {
            edit["version"] = json!(version(&clerk, &id).await);
            let first: Value = clerk.call(name, edit.clone()).await;
            let again: Value = clerk.call(name, edit).await;
            assert_eq!(first, again, "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn c2_a_time_that_the_store_could_not_read_back_is_refused_and_one_such_row_hides_no_other() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let at = version(&clerk, &id).await;
        let basics = |mode: Value, expires_on: Value| json!({ "district": "319900", "mode": mode, "expires_on": expires_on });
        for basics in [
            basics(json!("OnApproval"), json!("9999-12-31")),
            basics(json!("OnApproval"), json!("0001-01-01")),
            basics(json!("OnApproval"), json!("+12000-01-01")),
            basics(json!("OnApproval"), json!("-0044-03-15")),
            basics(json!({ "At": "0000-01-01T00:00:00+23:00" }), Value::Null),
            basics(json!({ "At": "9999-12-31T23:59:59-23:00" }), Value::Null),
        ] {
            let change = json!({ "basics": basics, "title": null, "remark": null, "document": null });
            clerk.refused("save_announcement", json!({ "id": id, "version": at, "change": change }), 400).await;
        }
        assert_eq!(version(&clerk, &id).await, at);
        let change = json!({ "basics": null, "title": "\u{202e}", "remark": null, "document": null });
        let _: Value = clerk.call("save_announcement", json!({ "id": id, "version": at, "change": change })).await;
        assert_eq!(read(&clerk, &id).await["title"], "", "a title that nobody can see is none");
        app.execute(BESIDE).await;
        app.execute("UPDATE announcements SET expires_on = '9999-12-31' WHERE title = '' AND version = 2").await;
        let page: Value = clerk.call("announcements", json!({ "year": null, "status": null, "page": 1 })).await;
        let ids: Vec<&str> = page["rows"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect();
        assert_eq!(ids, ["01890a5d-ac96-774b-bcce-b302099a1000"]);
    })
    .await;
}
