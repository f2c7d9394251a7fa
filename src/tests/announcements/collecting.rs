//! One live announcement a 主管 and year, whoever comes second (C1); what a line knows of where it comes from (C4).

use super::*;

#[tokio::test]
async fn c1_a_second_announcement_of_the_year_is_refused_and_names_the_first() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let outlook: Value = clerk.call("announcement_outlook", json!({ "year": 2024 })).await;
        assert_eq!(outlook["existing"][0]["id"], id.as_str(), "the page has the way to it");
        let refusal = clerk.refused("create_announcement", json!({ "year": 2024 }), 409).await;
        assert!(refusal.contains("2024 年度的公告已经存在") && refusal.contains("（待完善）"), "{refusal}");
        let number = generate(&clerk, &id).await;
        submit(app, &clerk, &id).await;
        review(app, &id, true, "").await;
        let refusal = clerk.refused("create_announcement", json!({ "year": 2024 }), 409).await;
        assert!(refusal.contains("（已发布）"), "{number}: {refusal}");
        assert_eq!(app.count("SELECT CAST(COUNT(*) AS BIGINT) FROM announcements").await, 1);
    })
    .await;
}

#[tokio::test]
async fn c1_of_two_at_the_same_moment_the_database_lets_one_through() {
    on_both(async |app: &TestApp| {
        app.import_sample().await;
        approved_records(app, &["unit03"]).await;
        let (one, other) = (app.sign_in("jdc").await, app.sign_in("jdc").await);
        let input = json!({ "year": 2024 });
        let (first, second) =
            tokio::join!(one.post_api("create_announcement", input.clone()), other.post_api("create_announcement", input));
        let mut statuses = [first.0, second.0];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "{first:?} {second:?}");
        assert_eq!(app.count("SELECT CAST(COUNT(*) AS BIGINT) FROM announcements").await, 1);
    })
    .await;
}

#[tokio::test]
async fn c1_a_deleted_announcement_gives_its_place_back() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let at = version(&clerk, &id).await;
        let _: Value = clerk.call("delete_announcement", json!({ "id": id, "version": at })).await;
        let _: String = clerk.call("create_announcement", json!({ "year": 2024 })).await;
    })
    .await;
}

#[tokio::test]
async fn c4_every_line_knows_the_record_line_and_version_it_came_from() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let announcement = read(&clerk, &id).await;
        let record: RecordView = clerk.call("record", json!({ "record": announcement["lines"][0]["record"] })).await;
        for line in announcement["lines"].as_array().unwrap() {
            assert_eq!(line["record_number"], 1);
            let of = record.lines.iter().find(|each| line["record_line"] == each.id.as_str()).unwrap();
            assert_eq!(of.review(&record.rules).project_name, line["values"]["project_name"].as_str().unwrap());
        }
    })
    .await;
}

#[tokio::test]
async fn a12_words_that_find_no_room_in_the_remark_are_left_out_whole_and_named() {
    on_both(async |app: &TestApp| {
        app.import_sample().await;
        approved_records(app, &["unit03", "unit99"]).await;
        // As two long 「说明」 stand in what was approved.
        app.execute("UPDATE record_versions SET body = REPLACE(body, '\"remark\":\"\"', '\"remark\":\"' || record_id || REPLACE('##########', '#', REPLACE('##########', '#', '无法充分竞争因此没有达到规定份额须逐年改进')) || '\"')").await;
        let clerk = app.sign_in("jdc").await;
        let id: String = clerk.call("create_announcement", json!({ "year": 2024 })).await;
        let seen = read(&clerk, &id).await;
        let remark = seen["remark"].as_str().unwrap();
        assert!(remark.starts_with("测试区采购单位03：") && remark.ends_with("逐年改进") && !remark.contains(UNIT_99), "{}", remark.chars().count());
        let history = seen["history"].to_string();
        assert!(history.contains("放不下测试区采购单位99的「说明」"), "{history}");
        let messages: Value = clerk.call("messages", Value::Null).await;
        assert!(messages.to_string().contains("放不下测试区采购单位99的「说明」"), "{messages}");
    })
    .await;
}
