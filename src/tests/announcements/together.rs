//! Several people at one announcement: different parts join, of the same part nobody's text is overwritten, and each sees who is there.

use super::*;

/// A second 经办 of the 主管, beside 赵六: 周管, who also is one now.
async fn colleague(app: &TestApp) -> Visitor<'_> {
    app.execute("UPDATE users SET is_clerk = 1 WHERE login = 'admin'").await;
    app.sign_in("admin").await
}

fn patch(id: &str, version: i64, change: &Value) -> Value {
    let mut whole = json!({ "basics": null, "title": null, "remark": null, "document": null });
    for (part, text) in change.as_object().unwrap() {
        whole[part] = text.clone();
    }
    json!({ "id": id, "version": version, "change": whole })
}

#[tokio::test]
async fn c7_two_who_change_different_parts_do_not_disturb_each_other() {
    on_both(async |app: &TestApp| {
        let (one, id) = created(app).await;
        let two = colleague(app).await;
        generate(&one, &id).await;
        let seen = read(&one, &id).await;
        let at = seen["version"].as_i64().unwrap();
        let basics = json!({ "district": "310115", "mode": "OnApproval", "expires_on": null });
        let _: Value = one.call("save_announcement", patch(&id, at, &json!({ "title": "甲" }))).await;
        let _: Value = two.call("save_announcement", patch(&id, at, &json!({ "remark": "乙" }))).await;
        let _: Value = two.call("save_announcement", patch(&id, at, &json!({ "basics": basics }))).await;
        let removal = json!({ "id": id, "version": at, "line": seen["lines"][0]["id"], "change": "remove", "reason": "重复" });
        let _: Value = one.call("change_announcement_line", removal).await;
        let saved: Value = two.call("save_announcement", patch(&id, at, &json!({ "document": seen["document"] }))).await;
        assert_eq!(saved["version"], at + 5);
        let after = read(&one, &id).await;
        assert_eq!((&after["title"], &after["remark"], &after["basics"]["district"]), (&json!("甲"), &json!("乙"), &json!("310115")));
        assert_eq!(after["lines"][0]["is_removed"], true);
    })
    .await;
}

#[tokio::test]
async fn c7_of_the_same_part_the_second_is_refused_and_nothing_of_it_is_stored() {
    on_both(async |app: &TestApp| {
        let (one, id) = created(app).await;
        let two = colleague(app).await;
        let at = version(&one, &id).await;
        let _: Value = one.call("save_announcement", patch(&id, at, &json!({ "title": "甲" }))).await;
        let refusal = two.refused("save_announcement", patch(&id, at, &json!({ "title": "乙", "remark": "丙" })), 409).await;
        assert!(refusal.contains("公告标题已在别处修改") && !refusal.contains("备注"), "{refusal}");
        assert_eq!(read(&one, &id).await["remark"], "", "all or nothing");
        let _: Value = two.call("save_announcement", patch(&id, at, &json!({ "title": "甲", "remark": "丙" }))).await;
        let _: Value = two.call("save_announcement", patch(&id, at + 1, &json!({ "title": "乙" }))).await;
        assert_eq!(read(&one, &id).await["title"], "乙", "who has seen the other text may replace it");
        two.refused("save_announcement", patch(&id, at + 9, &json!({ "title": "丁" })), 409).await;
        two.refused("save_announcement", patch(&id, 0, &json!({ "remark": "丁" })), 409).await;
    })
    .await;
}

#[tokio::test]
async fn c4_of_the_same_line_the_second_is_refused_and_another_line_is_free() {
    on_both(async |app: &TestApp| {
        let (one, id) = created(app).await;
        let two = colleague(app).await;
        let seen = read(&one, &id).await;
        let at = seen["version"].as_i64().unwrap();
        let edit = |line: usize, name: &str| {
            let draft = json!({ "project_name": name, "measure": "", "percent": "", "sme": "2", "small_micro": "1", "url": "" });
            json!({ "id": id, "version": at, "line": seen["lines"][line]["id"], "change": { "edit": draft }, "reason": "核对" })
        };
        let _: Value = one.call("change_announcement_line", edit(0, "甲")).await;
        let refusal = two.refused("change_announcement_line", edit(0, "乙"), 409).await;
        assert!(refusal.contains("这一行已在别处修改"), "{refusal}");
        let _: Value = two.call("change_announcement_line", edit(1, "乙")).await;
        let _: Value = two.call("change_announcement_line", edit(0, "甲")).await;
        let after = read(&one, &id).await;
        assert_eq!(
            (&after["lines"][0]["values"]["project_name"], &after["lines"][1]["values"]["project_name"]),
            (&json!("甲"), &json!("乙"))
        );
    })
    .await;
}

#[tokio::test]
async fn c8_what_was_not_seen_is_not_submitted() {
    on_both(async |app: &TestApp| {
        let (one, id) = created(app).await;
        let two = colleague(app).await;
        generate(&one, &id).await;
        let at = version(&one, &id).await;
        let _: Value = two.call("save_announcement", patch(&id, at, &json!({ "remark": "乙" }))).await;
        let next = json!({ "institution": app.units[super::super::support::CHIEF].as_str() });
        one.refused("submit_announcement", json!({ "id": id, "version": at, "next": next }), 409).await;
    })
    .await;
}

#[tokio::test]
async fn c7_each_sees_who_else_is_there_until_they_leave_or_fall_silent() {
    on_both(async |app: &TestApp| {
        let (one, id) = created(app).await;
        let two = colleague(app).await;
        let says = |visit: u8, step: u8, leaves: bool| json!({ "id": id, "visit": format!("01890a5d-ac96-474b-bcce-b302099a80{visit:02}"), "step": step, "leaves": leaves });
        let alone: Value = one.call("visit_announcement", says(1, 4, false)).await;
        assert_eq!(alone["others"], json!([]));
        let company: Value = two.call("visit_announcement", says(2, 1, false)).await;
        assert_eq!((&company["others"][0]["name"], &company["others"][0]["step"]), (&json!("赵六"), &json!(4)));
        assert_eq!(company["version"], version(&one, &id).await);
        let company: Value = one.call("visit_announcement", says(3, 2, false)).await;
        let own: Vec<bool> = company["others"].as_array().unwrap().iter().map(|other| other["is_oneself"].as_bool().unwrap()).collect();
        assert_eq!(own, [true, false], "the own other page is told apart");
        // Nobody speaks in the name of another's page.
        let _: Value = two.call("visit_announcement", says(1, 1, true)).await;
        assert_eq!(app.count("SELECT COUNT(*) FROM announcement_visits").await, 3);
        app.wait(30);
        let _: Value = one.call("visit_announcement", says(1, 4, false)).await;
        app.wait(16);
        let company: Value = two.call("visit_announcement", says(2, 3, false)).await;
        assert_eq!(company["others"].as_array().unwrap().len(), 1, "a silent page is taken for closed: {company}");
        let _: Value = one.call("visit_announcement", says(1, 4, true)).await;
        let company: Value = two.call("visit_announcement", says(2, 3, false)).await;
        assert_eq!(company["others"], json!([]));
        let reviewer = app.sign_in("leader").await;
        reviewer.refused("visit_announcement", says(4, 1, false), 403).await;
    })
    .await;
}
