//! Announcements that cannot be published at their set time: the others are, and the log says which and is not flooded.

use super::*;
use crate::support::Log;
use setaside::features::announcements::commands::due::until_next;
use std::time::Duration;

/// So many, in the way of whoever comes after them.
const BROKEN: &str = "INSERT INTO announcements (id, unit_id, unit_name, year, title, district, remark, status, status_reason, status_at, round, version, updated_at)
    WITH RECURSIVE numbers (n) AS (SELECT 1000 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1119)
    SELECT '01890a5d-ac96-774b-bcce-b302099a' || CAST(n AS TEXT), units.id, units.name, 2023, '', units.district, '', 'scheduled', '', '2025-03-14T00:00:00.000Z', 1, 1,
           '2025-01-01T00:00:00.000Z'
    FROM units, numbers WHERE units.is_supervisor = 1";
/// One whose id cannot even be read.
const UNREADABLE: &str = "UPDATE announcements SET id = 'unreadable' WHERE id = '01890a5d-ac96-774b-bcce-b302099a1000'";
/// One of the broken.
const ONE: &str = "01890a5d-ac96-774b-bcce-b302099a1117";

#[tokio::test]
async fn c3_those_that_cannot_be_published_hold_back_no_other() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let number = generate(&clerk, &id).await;
        basics(&clerk, &id, json!({ "district": "319900", "mode": { "At": "2025-03-15T01:00:00.000Z" }, "expires_on": null })).await;
        submit(app, &clerk, &id).await;
        review(app, &id, true, "").await;
        app.execute(BROKEN).await;
        app.execute(UNREADABLE).await;
        app.set_time("2025-03-15T09:00:00");
        let mut publisher = Publisher::default();
        assert_eq!(publisher.publish(&app.services).await, Ok(1));
        assert_eq!(publisher.publish(&app.services).await, Ok(0));
        assert_eq!(app.nobody().get(&format!("/announcements/{number}")).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn c3_what_cannot_be_published_is_logged_with_its_id_and_less_and_less_often() {
    on_sqlite(async |app: &TestApp| {
        app.set_time("2025-03-15T09:00:00");
        app.execute(BROKEN).await;
        let log = Log::begin();
        let told = || log.text().lines().filter(|line| line.contains("could not be published") && line.contains(ONE)).count();
        let mut publisher = Publisher::default();
        // Seconds that pass, and how often it has been told then: at once, after 5, after 10 more, after 20 more.
        for (seconds, expected) in [(0, 1), (0, 1), (4, 1), (1, 2), (5, 2), (4, 2), (1, 3), (10, 3), (10, 4)] {
            app.wait(seconds);
            assert_eq!(publisher.publish(&app.services).await, Ok(0));
            assert_eq!(told(), expected, "after {seconds} more seconds");
        }
        app.execute("UPDATE announcements SET status = 'draft'").await;
        assert_eq!(publisher.publish(&app.services).await, Ok(0));
    })
    .await;
}

/// So many that are good, all due at the same second.
pub(super) const MANY: &str = r#"INSERT INTO announcements (id, unit_id, unit_name, year, number, title, district, remark, document, status, status_reason, status_at, round, submitted_by, version, updated_at)
    WITH RECURSIVE numbers (n) AS (SELECT 1000 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1299)
    SELECT '01890a5d-ac96-774b-bcce-b302099b' || CAST(n AS TEXT), units.id, units.name, 2023, '319900-2023-' || CAST(n AS TEXT), '公告', units.district, '',
           '{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"正文"}]}]}', 'scheduled', '', '2025-03-15T01:00:00.000Z', 1,
           (SELECT MIN(id) FROM users), 1, '2025-01-01T00:00:00.000Z'
    FROM units, numbers WHERE units.is_supervisor = 1"#;

#[tokio::test]
async fn c3_three_hundred_due_in_one_second_are_published_once_each_by_two_instances() {
    on_both(async |app: &TestApp| {
        app.execute(MANY).await;
        let settings = app.services.settings.as_ref().clone();
        let other = setaside::startup::open(settings, app.services.clock.clone()).await.unwrap();
        app.set_time("2025-03-15T08:59:59");
        assert_eq!(publish_due(&app.services).await, Ok(0), "never early");
        app.set_time("2025-03-15T09:00:00");
        let (one, two) = tokio::join!(publish_due(&app.services), publish_due(&other));
        assert_eq!(one.unwrap() + two.unwrap(), 300);
        assert_eq!(app.count("SELECT COUNT(*) FROM announcements WHERE status = 'published' AND body_html LIKE '%正文%'").await, 300);
        assert_eq!(app.count("SELECT COUNT(DISTINCT feed_no) FROM announcements WHERE feed_no BETWEEN 1 AND 300").await, 300);
        assert_eq!(app.count("SELECT CAST(last AS BIGINT) FROM publications").await, 300);
        assert_eq!(app.count("SELECT COUNT(DISTINCT subject_id) FROM events WHERE what = '定时发布'").await, 300);
        assert_eq!(app.count("SELECT COUNT(*) FROM events WHERE what = '定时发布'").await, 300);
        assert_eq!(
            app.count("SELECT COUNT(*) FROM messages WHERE text LIKE '%已按设定的时间发布'").await,
            300,
            "each submitter is told once"
        );
        other.db.close().await;
    })
    .await;
}

#[tokio::test]
async fn c3_one_that_cannot_be_written_holds_back_none_of_its_batch() {
    on_both(async |app: &TestApp| {
        app.execute(MANY).await;
        // Its history names someone who cannot be read: only when people are told does it fail.
        app.execute(
            "INSERT INTO approval_steps (id, subject_kind, subject_id, round, assignee_kind, assignee_id, assignee_name, submitter_id, opened_at, opinion, answered_by_name)
             SELECT 'x', 'announcement', '01890a5d-ac96-774b-bcce-b302099b1007', 1, 'person', 'nobody', 'x', MIN(id), '2025-03-01T00:00:00.000Z', '', '' FROM users",
        )
        .await;
        app.set_time("2025-03-15T09:00:00");
        let mut publisher = Publisher::default();
        assert_eq!(publisher.publish(&app.services).await, Ok(299));
        assert_eq!(app.count("SELECT CAST(last AS BIGINT) FROM publications").await, 299, "what was undone is not counted");
    })
    .await;
}

#[tokio::test]
async fn c3_between_two_looks_it_sleeps_until_the_next_set_time() {
    on_both(async |app: &TestApp| {
        let longest = Duration::from_millis(500);
        assert_eq!(until_next(&app.services, longest).await, Ok(longest), "nothing is set");
        app.execute(MANY).await;
        app.set_time("2025-03-15T08:59:59");
        assert_eq!(until_next(&app.services, longest).await, Ok(longest), "what is set just now by another instance is found in time");
        app.services.clock.set(setaside::domain::calendar::Moment::parse("2025-03-15T00:59:59.850Z").unwrap());
        assert_eq!(until_next(&app.services, longest).await, Ok(Duration::from_millis(150)));
        app.set_time("2025-03-15T09:00:00");
        assert_eq!(until_next(&app.services, longest).await, Ok(longest), "what is due already is published and not waited for");
    })
    .await;
}

#[tokio::test]
async fn c3_after_a_stop_what_was_missed_is_published_at_the_next_start() {
    on_both(async |app: &TestApp| {
        app.execute(MANY).await;
        app.set_time("2025-03-17T12:00:00");
        assert_eq!(publish_due(&app.services).await, Ok(300));
        assert_eq!(app.count("SELECT COUNT(*) FROM announcements WHERE status_at = '2025-03-17T04:00:00.000Z'").await, 300);
    })
    .await;
}

#[tokio::test]
async fn d6_after_its_end_it_leaves_the_list_and_keeps_its_address() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let number = generate(&clerk, &id).await;
        basics(&clerk, &id, json!({ "district": "319900", "mode": "OnApproval", "expires_on": "2025-03-31" })).await;
        submit(app, &clerk, &id).await;
        review(app, &id, true, "").await;
        app.set_time("2025-03-31T23:59:59");
        assert!(app.nobody().get("/").await.text.contains(&number));
        app.set_time("2025-04-01T00:00:00");
        assert!(!app.nobody().get("/").await.text.contains(&number));
        let page = app.nobody().get(&format!("/announcements/{number}")).await;
        assert!(page.status == 200 && page.text.contains("已截止"));
    })
    .await;
}

#[tokio::test]
async fn d6_what_would_be_ended_when_it_comes_out_is_not_agreed_to() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        generate(&clerk, &id).await;
        basics(&clerk, &id, json!({ "district": "319900", "mode": "OnApproval", "expires_on": "2025-03-31" })).await;
        submit(app, &clerk, &id).await;
        app.set_time("2025-04-01T00:00:00");
        let reviewer = app.sign_in("reviewer").await;
        let seen = read(&reviewer, &id).await;
        assert!(seen["holds"][0].as_str().unwrap().contains("公告截止时间 2025-03-31"), "said before: {}", seen["holds"]);
        let review = |agree: bool| {
            let decision = json!({ "agree": agree, "opinion": "截止时间已过", "next": null });
            json!({ "id": id, "version": seen["version"], "decision": decision })
        };
        let refusal = reviewer.refused("review_announcement", review(true), 409).await;
        assert!(refusal.contains("2025-03-31") && refusal.contains("「不同意」"), "{refusal}");
        let _: Value = reviewer.call("review_announcement", review(false)).await;
        basics(&app.sign_in("jdc").await, &id, json!({ "district": "319900", "mode": "OnApproval", "expires_on": "2025-04-30" })).await;
    })
    .await;
}
