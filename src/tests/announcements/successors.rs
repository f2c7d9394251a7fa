//! A successor and its year (C1, E7), and what its records say since (E5).

use super::corrected::{corrected, settle};
use super::corrections::{correct, revoke};
use super::*;

#[tokio::test]
async fn e7_the_place_of_the_year_goes_to_the_successor_and_is_free_after_a_revocation() {
    on_both(async |app: &TestApp| {
        let (clerk, id, _) = published(app).await;
        let successor = correct(&clerk, &id, "金额有误").await;
        assert_eq!(read(&clerk, &successor).await["others"], json!([]), "what it corrects is no second announcement");
        assert_eq!(read(&clerk, &id).await["others"], json!([]));
        let holder = "SELECT COUNT(*) FROM announcement_slots JOIN announcements ON announcements.id = announcement_id WHERE corrects_id IS NOT NULL";
        assert_eq!(app.count(holder).await, 0, "until it is published");
        submit(app, &clerk, &successor).await;
        review(app, &successor, true, "").await;
        assert_eq!(app.count(holder).await, 1);
        let refusal = clerk.refused("create_announcement", json!({ "year": 2024 }), 409).await;
        assert!(refusal.contains("2024 年度的公告已经存在") && refusal.contains("（已发布）"), "{refusal}");
        revoke(app, &clerk, &successor, "误发").await;
        clerk.refused("create_announcement", json!({ "year": 2024 }), 409).await;
        review(app, &successor, true, "").await;
        let anew: String = clerk.call("create_announcement", json!({ "year": 2024 })).await;
        assert_eq!(read(&clerk, &anew).await["others"], json!([]), "neither of them stands any more");
    })
    .await;
}

#[tokio::test]
async fn e5_a_record_corrected_after_the_publication_is_chosen_for_in_the_successor() {
    on_both(async |app: &TestApp| {
        let (clerk, id, _) = published(app).await;
        let before = read(&clerk, &id).await;
        corrected(app, &before).await;
        assert_eq!(read(&clerk, &id).await["holds"], json!([]), "what is public waits for nothing");
        let successor = correct(&clerk, &id, "年度数据已更正").await;
        let begun = read(&clerk, &successor).await;
        assert_eq!((&begun["held"][0]["is_undecided"], begun["holds"].as_array().unwrap().len()), (&json!(true), 1));
        let next = json!({ "institution": app.units[super::super::support::CHIEF].as_str() });
        let refusal =
            clerk.refused("submit_announcement", json!({ "id": successor, "version": begun["version"], "next": next }), 422).await;
        assert!(refusal.contains("测试区采购单位03"), "{refusal}");
        let (status, answer) = settle(&clerk, &successor, json!("update")).await;
        assert_eq!(status, 200, "{answer}");
        submit(app, &clerk, &successor).await;
        review(app, &successor, true, "").await;
        let lines = |of: &Value| of["lines"].as_array().unwrap().len();
        assert_eq!(lines(&read(&clerk, &successor).await), lines(&before) - 1);
        assert_eq!(read(&clerk, &id).await["lines"], before["lines"], "what was published keeps its lines");
        // What is no longer live is troubled no more, and its successor is.
        corrected(app, &before).await;
        assert_eq!(read(&clerk, &successor).await["held"][0]["newest"], 3);
        assert_eq!(read(&clerk, &id).await["held"][0]["newest"], 2);
    })
    .await;
}

#[tokio::test]
async fn e7_a_revocation_does_not_wait_for_corrected_records() {
    on_both(async |app: &TestApp| {
        let (clerk, id, _) = published(app).await;
        corrected(app, &read(&clerk, &id).await).await;
        revoke(app, &clerk, &id, "误发").await;
        review(app, &id, true, "").await;
        assert_eq!(read(&clerk, &id).await["status"]["Revoked"]["reason"], "误发");
    })
    .await;
}

#[tokio::test]
async fn c7_correction_and_revocation_are_kept_as_versions() {
    on_both(async |app: &TestApp| {
        let (clerk, id, _) = published(app).await;
        let successor = correct(&clerk, &id, "金额有误").await;
        let newest = async |id: &str| {
            let seen: Value = clerk.call("announcement_versions", json!({ "id": id })).await;
            (seen["rows"][0]["occasion"].as_str().unwrap().to_owned(), seen["rows"][0]["note"].as_str().unwrap().to_owned())
        };
        assert_eq!(newest(&successor).await, ("created".to_owned(), "更正公告".to_owned()));
        let delete = json!({ "id": successor, "version": version(&clerk, &successor).await });
        let _: Value = clerk.call("delete_announcement", delete).await;
        revoke(app, &clerk, &id, "误发").await;
        assert_eq!(newest(&id).await, ("submitted".to_owned(), "申请撤销".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn e7_what_was_corrected_sends_nobody_to_a_correction_that_was_revoked() {
    on_both(async |app: &TestApp| {
        let (clerk, id, number) = published(app).await;
        let successor = correct(&clerk, &id, "金额有误").await;
        submit(app, &clerk, &successor).await;
        review(app, &successor, true, "").await;
        let address = format!("/announcements/{number}");
        assert!(app.nobody().get(&address).await.text.contains("本公告已更正，以更正公告为准"));
        revoke(app, &clerk, &successor, "误发").await;
        review(app, &successor, true, "").await;
        let page = app.nobody().get(&address).await.text;
        assert!(page.contains("其后的更正公告已撤销") && !page.contains("以更正公告为准"), "{page}");
    })
    .await;
}
