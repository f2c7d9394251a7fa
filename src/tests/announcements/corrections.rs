//! 「更正」 and 「撤销」 (E7): what was published never changes, and its address tells what became of it.

use super::*;

async fn status(visitor: &Visitor<'_>, id: &str) -> Value {
    read(visitor, id).await["status"].clone()
}

/// Begins the correction of a published announcement; the successor's id.
pub(super) async fn correct(clerk: &Visitor<'_>, id: &str, reason: &str) -> String {
    let at = version(clerk, id).await;
    clerk.call("correct_announcement", json!({ "id": id, "version": at, "reason": reason })).await
}

pub(super) async fn revoke(app: &TestApp, clerk: &Visitor<'_>, id: &str, reason: &str) {
    let at = version(clerk, id).await;
    let next = json!({ "institution": app.units[super::super::support::CHIEF].as_str() });
    let _: Value = clerk.call("revoke_announcement", json!({ "id": id, "version": at, "reason": reason, "next": next })).await;
}

/// The text of a page of the portal, which must be there.
async fn page(app: &TestApp, address: &str) -> String {
    let answer = app.nobody().get(address).await;
    assert_eq!(answer.status, 200, "{address}");
    answer.text
}

#[tokio::test]
async fn e7_a_correction_takes_the_place_of_what_was_published() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let old = generate(&clerk, &id).await;
        let (_, file) = upload(&clerk, &id, "说明.pdf", b"%PDF-1.7 public").await;
        let file = file["file"]["id"].as_str().unwrap().to_owned();
        let at = version(&clerk, &id).await;
        let _: Value = clerk.call("change_attachment", json!({ "id": id, "version": at, "file": file, "is_shown": true })).await;
        submit(app, &clerk, &id).await;
        review(app, &id, true, "").await;
        let before = read(&clerk, &id).await;
        let at = before["version"].as_i64().unwrap();
        let refusal = clerk.refused("correct_announcement", json!({ "id": id, "version": at, "reason": " " }), 422).await;
        assert!(refusal.contains("更正理由"), "{refusal}");
        clerk.refused("correct_announcement", json!({ "id": id, "version": at - 1, "reason": "金额有误" }), 409).await;
        let successor = correct(&clerk, &id, "第一行金额有误").await;

        // Until it is published nobody outside knows of it.
        let copy = read(&clerk, &successor).await;
        let new = copy["number"].as_str().unwrap().to_owned();
        assert_eq!((old.as_str(), new.as_str()), ("319900-2024-0001", "319900-2024-0002"));
        assert_eq!(copy["corrects"]["number"], old.as_str());
        assert_eq!(copy["document"], before["document"]);
        assert_eq!(copy["lines"].as_array().unwrap().len(), before["lines"].as_array().unwrap().len());
        assert_ne!(copy["lines"][0]["id"], before["lines"][0]["id"], "the copy is its own");
        assert_eq!(copy["files"][0]["name"], "说明.pdf");
        let refusal = clerk.refused("correct_announcement", json!({ "id": id, "version": at + 1, "reason": "再来" }), 409).await;
        assert!(refusal.contains("更正公告正在办理"), "{refusal}");
        assert_eq!(read(&clerk, &id).await["successor"]["number"], new.as_str());
        let shown = page(app, &format!("/announcements/{old}")).await;
        assert!(!shown.contains(&new) && !shown.contains("第一行金额有误"));

        // It is changed freely and goes the way of any announcement.
        let edit = json!({ "id": successor, "version": copy["version"], "line": copy["lines"][0]["id"], "change": "remove", "reason": "重复公布" });
        let _: Value = clerk.call("change_announcement_line", edit).await;
        submit(app, &clerk, &successor).await;
        app.wait(3_600);
        review(app, &successor, true, "").await;
        assert_eq!(status(&clerk, &id).await["Corrected"]["reason"], "第一行金额有误");
        assert_eq!(app.count("SELECT CAST(last AS BIGINT) FROM publications").await, 3, "published, published, corrected");
        let list = page(app, "/").await;
        assert!(list.contains(&new) && !list.contains(&old), "only the one that stands is listed");
        let shown = page(app, &format!("/announcements/{old}")).await;
        for words in ["已更正", "更正理由：第一行金额有误", "2025-03-10 10:30:00", &format!("/announcements/{new}"), "改前", "改后", "从公告中删除"] {
            assert!(shown.contains(words), "{words}");
        }
        assert!(shown.contains(before["body_html"].as_str().unwrap()), "the body is byte for byte what it was");
        let shown = page(app, &format!("/announcements/{new}")).await;
        for words in ["更正公告", "更正理由：第一行金额有误", &format!("/announcements/{old}"), "从公告中删除"] {
            assert!(shown.contains(words), "{words}");
        }
        let copied = read(&clerk, &successor).await["files"][0]["id"].as_str().unwrap().to_owned();
        for (number, file) in [(&old, &file), (&new, &copied)] {
            assert_eq!(page(app, &format!("/announcements/{number}/files/{file}")).await, "%PDF-1.7 public");
        }
        let at = version(&clerk, &id).await;
        clerk.refused("correct_announcement", json!({ "id": id, "version": at, "reason": "再来" }), 409).await;
        assert_eq!(read(&clerk, &id).await["document"], before["document"]);
        let again = correct(&clerk, &successor, "链接有误").await;
        assert_eq!(read(&clerk, &again).await["number"], "319900-2024-0003", "a correction can be corrected");
    })
    .await;
}

#[tokio::test]
async fn e7_a_scheduled_correction_and_what_it_corrects_change_together() {
    on_both(async |app: &TestApp| {
        let (clerk, id, old) = published(app).await;
        let successor = correct(&clerk, &id, "金额有误").await;
        basics(&clerk, &successor, json!({ "district": "319900", "mode": { "At": "2025-03-15T01:00:00.000Z" }, "expires_on": null })).await;
        submit(app, &clerk, &successor).await;
        review(app, &successor, true, "").await;
        app.set_time("2025-03-15T08:59:59");
        assert_eq!(publish_due(&app.services).await, Ok(0));
        assert!(!page(app, &format!("/announcements/{old}")).await.contains("已更正"));
        app.set_time("2025-03-15T09:00:00");
        let (one, other) = tokio::join!(publish_due(&app.services), publish_due(&app.services));
        assert_eq!(one.unwrap() + other.unwrap(), 1);
        assert!(page(app, &format!("/announcements/{old}")).await.contains("已更正"));
        let clerk = app.sign_in("jdc").await;
        assert_eq!(status(&clerk, &id).await["Corrected"]["since"], "2025-03-15T01:00:00.000Z");
    })
    .await;
}

#[tokio::test]
async fn e7_a_correction_that_is_given_up_leaves_the_published_one_as_it_was() {
    on_both(async |app: &TestApp| {
        let (clerk, id, old) = published(app).await;
        let successor = correct(&clerk, &id, "金额有误").await;
        let at = version(&clerk, &id).await;
        let next = json!({ "institution": app.units[super::super::support::CHIEF].as_str() });
        let refusal = clerk.refused("revoke_announcement", json!({ "id": id, "version": at, "reason": "误发", "next": next }), 409).await;
        assert!(refusal.contains("更正公告正在办理"), "{refusal}");
        let delete = json!({ "id": successor, "version": version(&clerk, &successor).await });
        let _: Value = clerk.call("delete_announcement", delete).await;
        assert_eq!(status(&clerk, &id).await["Published"]["pending"], Value::Null);
        assert!(!page(app, &format!("/announcements/{old}")).await.contains("更正"));
        let again = correct(&clerk, &id, "金额有误").await;
        assert_eq!(read(&clerk, &again).await["number"], "319900-2024-0003", "the number of the deleted one is gone");
    })
    .await;
}

#[tokio::test]
async fn e7_a_revocation_has_a_reason_and_goes_through_approval() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let number = generate(&clerk, &id).await;
        let (_, file) = upload(&clerk, &id, "说明.pdf", b"%PDF-1.7 public").await;
        let file = file["file"]["id"].as_str().unwrap().to_owned();
        let at = version(&clerk, &id).await;
        let _: Value = clerk.call("change_attachment", json!({ "id": id, "version": at, "file": file, "is_shown": true })).await;
        submit(app, &clerk, &id).await;
        review(app, &id, true, "").await;
        let address = format!("/announcements/{number}");
        let at = version(&clerk, &id).await;
        let next = json!({ "person": app.users["leader"].as_str() });
        let asked = |reason: &str, next: &Value| json!({ "id": id, "version": at, "reason": reason, "next": next });
        let refusal = clerk.refused("revoke_announcement", asked("  ", &next), 422).await;
        assert!(refusal.contains("撤销理由"), "{refusal}");
        clerk.refused("revoke_announcement", asked("误发", &json!({ "person": app.users["jdc"].as_str() })), 403).await;

        // Disagreed, and taken back: it stays as it was.
        revoke(app, &clerk, &id, "误发").await;
        assert_eq!(status(&clerk, &id).await["Published"]["pending"]["Revocation"], "误发");
        let list: Value = clerk.call("announcements", json!({ "year": null, "status": null, "page": 1 })).await;
        assert_eq!(list["rows"][0]["outlook"], "已于 2025-03-10 09:30:00 发布，已申请撤销，尚缺：上海机动车管理中心（任一审核人） 审核");
        assert!(!page(app, &address).await.contains("误发"), "a reason under review is nobody's outside");
        review(app, &id, false, "没有必要").await;
        assert_eq!(status(&clerk, &id).await["Published"]["pending"], Value::Null);
        revoke(app, &clerk, &id, "误发").await;
        let at = version(&clerk, &id).await;
        let _: Value = clerk.call("withdraw_announcement", json!({ "id": id, "version": at, "reason": "再想想" })).await;
        assert_eq!(status(&clerk, &id).await["Published"]["pending"], Value::Null);
        assert!(page(app, "/").await.contains(&number));

        revoke(app, &clerk, &id, "误发").await;
        app.wait(3_600);
        review(app, &id, true, "").await;
        assert_eq!(status(&clerk, &id).await["Revoked"]["reason"], "误发");
        let shown = page(app, &address).await;
        for words in ["已撤销", "撤销理由：误发", "2025-03-10 10:30:00", "改前", "已撤销，不再有效"] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        assert!(!page(app, "/").await.contains(&number));
        assert_eq!(app.nobody().get(&format!("{address}/files/{file}")).await.status, 404);
        let messages: Value = clerk.call("messages", Value::Null).await;
        assert!(messages[0]["text"].as_str().unwrap().contains("已撤销：误发"), "{messages}");
        let at = version(&clerk, &id).await;
        clerk.refused("correct_announcement", json!({ "id": id, "version": at, "reason": "再来" }), 409).await;
    })
    .await;
}

#[tokio::test]
async fn d6_an_announcement_that_has_ended_says_so_everywhere_and_can_be_corrected() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        generate(&clerk, &id).await;
        basics(&clerk, &id, json!({ "district": "319900", "mode": "OnApproval", "expires_on": "2025-03-31" })).await;
        submit(app, &clerk, &id).await;
        review(app, &id, true, "").await;
        let listed = async |status: &str| {
            let clerk = app.sign_in("jdc").await;
            let list: Value = clerk.call("announcements", json!({ "year": null, "status": status, "page": 1 })).await;
            list["total"].as_i64().unwrap()
        };
        assert_eq!((listed("published").await, listed("ended").await), (1, 0));
        app.set_time("2025-04-01T00:00:00");
        let clerk = app.sign_in("jdc").await;
        assert_eq!((listed("published").await, listed("ended").await), (0, 1));
        assert!(status(&clerk, &id).await["Ended"]["at"].is_string());
        let successor = correct(&clerk, &id, "金额有误").await;
        assert!(status(&clerk, &id).await["Ended"]["pending"]["Correction"].is_string());
        basics(&clerk, &successor, json!({ "district": "319900", "mode": "OnApproval", "expires_on": null })).await;
        submit(app, &clerk, &successor).await;
        review(app, &successor, true, "").await;
        assert_eq!((listed("published").await, listed("ended").await, listed("corrected").await), (1, 0, 1));
    })
    .await;
}
