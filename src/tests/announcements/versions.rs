//! 历史版本: when one is kept, that any two can be compared, that 「恢复」 can be undone, and that the storage is bounded.

use super::*;

async fn save(visitor: &Visitor<'_>, id: &str, change: Value) {
    let mut whole = json!({ "basics": null, "title": null, "remark": null, "document": null });
    for (part, text) in change.as_object().unwrap() {
        whole[part] = text.clone();
    }
    let at = version(visitor, id).await;
    let _: Value = visitor.call("save_announcement", json!({ "id": id, "version": at, "change": whole })).await;
}

async fn versions(visitor: &Visitor<'_>, id: &str) -> Vec<(i64, String, String)> {
    let seen: Value = visitor.call("announcement_versions", json!({ "id": id })).await;
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    seen["rows"].as_array().unwrap().iter().map(|row| (row["number"].as_i64().unwrap(), text(row, "occasion"), text(row, "who"))).collect()
}

async fn compared(visitor: &Visitor<'_>, id: &str, from: i64, to: i64) -> Value {
    let compared: Value = visitor.call("compare_announcement_versions", json!({ "id": id, "from": from, "to": to })).await;
    compared["comparison"].clone()
}

fn occasions(of: &[(i64, String, String)]) -> Vec<&str> {
    of.iter().map(|(_, occasion, _)| occasion.as_str()).collect()
}

/// A paragraph of these words.
fn text(words: &str) -> String {
    json!({ "type": "doc", "content": [{ "type": "paragraph", "content": [{ "type": "text", "text": words }] }] }).to_string()
}

#[tokio::test]
async fn c7_one_persons_saves_within_ten_minutes_are_one_version_and_every_deed_makes_one() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        generate(&clerk, &id).await;
        assert_eq!(occasions(&versions(&clerk, &id).await), ["generated", "created"]);
        for number in 0..5 {
            app.wait(60);
            save(&clerk, &id, json!({ "title": format!("标题{number}") })).await;
        }
        assert_eq!(versions(&clerk, &id).await.len(), 2, "still one's own editing");
        let seen: Value = clerk.call("announcement_versions", json!({ "id": id })).await;
        assert_eq!(seen["current"]["who"], "赵六");
        app.wait(600);
        save(&clerk, &id, json!({ "title": "后来的标题" })).await;
        assert_eq!(occasions(&versions(&clerk, &id).await), ["edited", "generated", "created"], "what stood before goes into a version");
        app.execute("UPDATE users SET is_clerk = 1 WHERE login = 'admin'").await;
        let other = app.sign_in("admin").await;
        save(&other, &id, json!({ "remark": "备注" })).await;
        let seen = versions(&clerk, &id).await;
        assert_eq!((seen[0].1.as_str(), seen[0].2.as_str()), ("edited", "赵六"), "another person's change keeps the former's as theirs");
        save(&clerk, &id, json!({ "title": generated_title() })).await;
        assert_eq!(versions(&clerk, &id).await[0].2, "周管");
        submit(app, &clerk, &id).await;
        review(app, &id, false, "标题有误").await;
        let seen = versions(&clerk, &id).await;
        assert_eq!(occasions(&seen)[..2], ["reviewed", "submitted"]);
        assert_eq!(seen[0].2, "孙八");
        assert_eq!(app.sign_in("leader").await.post_api("announcement_versions", json!({ "id": id })).await.0, 200, "reviewers look too");
        app.sign_in("unit03").await.refused("announcement_versions", json!({ "id": id }), 404).await;
    })
    .await;
}

#[tokio::test]
async fn c7_a_text_that_was_replaced_by_choice_is_a_version_though_the_same_person_wrote_it() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        generate(&clerk, &id).await;
        save(&clerk, &id, json!({ "remark": "另一窗口写的" })).await;
        let at = version(&clerk, &id).await;
        let change = json!({ "basics": null, "title": null, "remark": "保留我的", "document": null });
        let _: Value = clerk.call("save_announcement", json!({ "id": id, "version": at, "change": change, "is_choice": true })).await;
        let seen = versions(&clerk, &id).await;
        assert_eq!(occasions(&seen), ["edited", "generated", "created"]);
        let head = compared(&clerk, &id, seen[1].0, seen[0].0).await;
        assert!(head.to_string().contains("另一窗口写的"), "{head}");
    })
    .await;
}

fn generated_title() -> String {
    "上海机动车管理中心2024年面向中小企业预留项目执行情况公告".to_owned()
}

#[tokio::test]
async fn c7_any_two_versions_are_compared_in_text_lines_and_files() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        generate(&clerk, &id).await;
        save(&clerk, &id, json!({ "document": text("预留份额没有达到三成。") })).await;
        app.wait(600);
        save(&clerk, &id, json!({ "document": text("预留份额没有达到四成。"), "title": "新标题" })).await;
        let line = read(&clerk, &id).await["lines"][0].clone();
        let at = version(&clerk, &id).await;
        let removal = json!({ "id": id, "version": at, "line": line["id"], "change": "remove", "reason": "涉密" });
        let _: Value = clerk.call("change_announcement_line", removal).await;
        upload(&clerk, &id, "说明.pdf", b"%PDF-1.7").await;
        assert_eq!(occasions(&versions(&clerk, &id).await), ["edited", "generated", "created"]);
        let found = compared(&clerk, &id, 3, 0).await;
        assert_eq!(found["text"][0]["change"], "edited", "{found}");
        assert!(found["text"][0]["pieces"].to_string().contains(r#"{"removed":"三"},{"added":"四"}"#), "{}", found["text"]);
        assert_eq!((&found["lines"][0]["change"], &found["lines"][0]["reason"]), (&json!("left_out"), &json!("涉密")));
        assert_eq!((&found["files"][0]["change"], &found["files"][0]["name"]), (&json!("added"), &json!("说明.pdf")));
        assert!(found["title"].to_string().contains("added"), "{found}");
        let back = compared(&clerk, &id, 0, 3).await;
        assert_eq!(back["lines"][0]["change"], "restored", "the other way round as well");
        assert_eq!(compared(&clerk, &id, 3, 3).await["text"], json!([]));
        clerk.refused("compare_announcement_versions", json!({ "id": id, "from": 9, "to": 0 }), 404).await;
    })
    .await;
}

#[tokio::test]
async fn c7_a_restored_text_makes_a_version_and_can_be_taken_back() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        generate(&clerk, &id).await;
        let official = read(&clerk, &id).await;
        save(&clerk, &id, json!({ "document": text("自己写的。"), "title": "自己的标题", "remark": "自己的备注" })).await;
        let restoration = json!({ "id": id, "version": version(&clerk, &id).await, "number": 2 });
        let first: Value = clerk.call("restore_announcement_version", restoration.clone()).await;
        let again: Value = clerk.call("restore_announcement_version", restoration).await;
        assert_eq!(first["version"], again["version"], "asked again it is answered as done");
        let restored = read(&clerk, &id).await;
        assert_eq!(
            (&restored["document"], &restored["title"], &restored["remark"]),
            (&official["document"], &official["title"], &official["remark"])
        );
        let seen = versions(&clerk, &id).await;
        assert_eq!(occasions(&seen), ["restored", "edited", "generated", "created"], "what was replaced is a version");
        let undo = json!({ "id": id, "version": version(&clerk, &id).await, "number": seen[1].0 });
        let _: Value = clerk.call("restore_announcement_version", undo).await;
        assert_eq!(read(&clerk, &id).await["title"], "自己的标题");
        clerk.refused("restore_announcement_version", json!({ "id": id, "version": 1, "number": 2 }), 409).await;
        let at = version(&clerk, &id).await;
        clerk.refused("restore_announcement_version", json!({ "id": id, "version": at, "number": 99 }), 404).await;
        app.sign_in("leader").await.refused("restore_announcement_version", json!({ "id": id, "version": at, "number": 2 }), 403).await;
    })
    .await;
}

#[tokio::test]
async fn c7_versions_are_bounded_and_share_what_did_not_change() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        generate(&clerk, &id).await;
        for number in 0..70 {
            app.wait(600);
            save(&clerk, &id, json!({ "title": format!("标题{number}") })).await;
        }
        assert_eq!(app.count("SELECT COUNT(*) FROM announcement_versions WHERE occasion = 'edited'").await, 60);
        assert_eq!(app.count("SELECT COUNT(*) FROM announcement_versions").await, 62, "what deeds have made stays");
        assert_eq!(
            app.count("SELECT COUNT(*) FROM announcement_version_parts").await,
            3,
            "one text, one list of lines and one template for all"
        );
        // The old session has ended by now.
        let clerk = app.sign_in("jdc").await;
        for number in 0..70 {
            app.wait(600);
            save(&clerk, &id, json!({ "document": text(&format!("第{number}稿。")) })).await;
        }
        let parts = app.count("SELECT COUNT(*) FROM announcement_version_parts").await;
        assert!((61..=64).contains(&parts), "{parts}: texts go with their versions");
        let at = version(&clerk, &id).await;
        let _: Value = clerk.call("delete_announcement", json!({ "id": id, "version": at })).await;
        assert_eq!(app.count("SELECT COUNT(*) FROM announcement_version_parts").await, 0);
        assert_eq!(app.count("SELECT COUNT(*) FROM announcement_versions").await, 0);
    })
    .await;
}
