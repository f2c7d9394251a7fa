//! Two transactions that really overlap, so that what one holds while it reads can be seen to matter (C1, E5, E7, C7).
//!
//! On PostgreSQL a third transaction locks a table that the first of the two comes to in its middle; it stands still there until the second
//! waits as well, or has ended. Without the lock that a test is about the second ends, or waits at a later place, and the result is half. On
//! SQLite one task writes and nothing overlaps: there both orders are run through it.

use super::corrected::{consent, correction_of, submitted_anew};
use super::*;
use setaside::server::db::Engine;
use sqlx::AssertSqlSafe;
use std::pin::pin;
use tokio::sync::oneshot;

type Ended = (u16, Value);

/// Waits until so many connections of this database wait for a lock.
async fn until_waiting(app: &TestApp, count: i64) {
    const WAITING: &str =
        "SELECT CAST(COUNT(*) AS BIGINT) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while app.count(WAITING).await < count {
        tokio::task::yield_now().await;
    }
}

/// A transaction of somebody else that does this and does not end until it is told to.
struct Beside {
    end: oneshot::Sender<()>,
    running: tokio::task::JoinHandle<Result<(), AppError>>,
}

impl Beside {
    async fn begin(app: &TestApp, statements: Vec<String>) -> Beside {
        let ((has_begun, begun), (end, may_end)) = (oneshot::channel(), oneshot::channel::<()>());
        let db = app.services.db.clone();
        let running = tokio::spawn(async move {
            db.write(move |db| {
                Box::pin(async move {
                    for statement in statements {
                        sqlx::query(AssertSqlSafe(statement)).execute(&mut *db).await?;
                    }
                    has_begun.send(()).unwrap();
                    may_end.await.unwrap();
                    Ok(())
                })
            })
            .await
        });
        begun.await.unwrap();
        Beside { end, running }
    }

    async fn end(self) {
        self.end.send(()).unwrap();
        self.running.await.unwrap().unwrap();
    }
}

/// Runs `first` until it comes to `table`, then `second` until it waits or has ended, and then both to their ends.
async fn overlap(app: &TestApp, table: &str, first: impl Future<Output = Ended>, second: impl Future<Output = Ended>) -> (Ended, Ended) {
    // Readers pass, writers wait.
    let beside = Beside::begin(app, vec![format!("LOCK TABLE {table} IN EXCLUSIVE MODE")]).await;
    let (mut first, mut second) = (pin!(first), pin!(second));
    tokio::select! {
        biased;
        () = until_waiting(app, 1) => {}
        early = &mut first => panic!("it never came to {table}: {early:?}"),
    }
    let ended = tokio::select! {
        biased;
        ended = &mut second => Some(ended),
        () = until_waiting(app, 2) => None,
    };
    beside.end().await;
    match ended {
        Some(ended) => (first.await, ended),
        None => tokio::join!(first, second),
    }
}

/// Runs both so that they overlap where that is possible, and else in the order that is asked for.
async fn both(
    app: &TestApp,
    table: &str,
    first: impl Future<Output = Ended>,
    second: impl Future<Output = Ended>,
    turned: bool,
) -> (Ended, Ended) {
    if app.services.db.engine() == Engine::Postgres {
        return overlap(app, table, first, second).await;
    }
    if turned {
        let second = second.await;
        (first.await, second)
    } else {
        let first = first.await;
        (first, second.await)
    }
}

/// Runs a test in both orders, each with an application of its own.
async fn in_both_orders(test: impl AsyncFn(&TestApp, bool)) {
    for turned in [false, true] {
        on_both(async |app: &TestApp| test(app, turned).await).await;
    }
}

/// The record of 2024 of 测试区采购单位03.
async fn record(app: &TestApp) -> String {
    sqlx::query_scalar("SELECT records.id FROM records JOIN units ON units.id = records.unit_id WHERE units.name = '测试区采购单位03'")
        .fetch_one(&mut *app.services.db.read().await.unwrap())
        .await
        .unwrap()
}

/// Whatever came first: the announcement has the lines that were approved anew, or it says that they were.
fn is_whole(announcement: &Value) {
    let held = &announcement["held"][0];
    let copied: Vec<i64> = announcement["lines"].as_array().unwrap().iter().map(|line| line["record_number"].as_i64().unwrap()).collect();
    if held["newest"] == 2 {
        assert!(held["is_undecided"] == true && copied.iter().all(|number| *number == 1), "{held} {copied:?}");
    } else {
        assert!(
            held["newest"].is_null() && copied.iter().all(|number| *number == 2),
            "neither the new lines nor a mark: {held} {copied:?}"
        );
    }
}

#[tokio::test]
async fn c1_a_record_approved_anew_while_an_announcement_is_created_is_collected_whole_or_marked() {
    in_both_orders(async |app, turned| {
        app.import_sample().await;
        approved_records(app, &["unit03"]).await;
        let id = record(app).await;
        correction_of(app, &id).await;
        consent(app, &id).await;
        let (reviewer, decision) = submitted_anew(app, &id, true).await;
        let clerk = app.sign_in("jdc").await;
        let creates = clerk.post_api("create_announcement", json!({ "year": 2024 }));
        let approves = reviewer.post_api("decide_record", decision);
        // The place of the year is taken after the records were read.
        let (created, approved) = both(app, "announcement_slots", creates, approves, turned).await;
        assert_eq!((created.0, approved.0), (200, 200), "{created:?} {approved:?}");
        is_whole(&read(&clerk, created.1.as_str().unwrap()).await);
    })
    .await;
}

#[tokio::test]
async fn e7_a_record_approved_anew_while_a_correction_is_begun_is_marked_in_the_successor() {
    in_both_orders(async |app, turned| {
        let (clerk, id, _) = published(app).await;
        let record = record(app).await;
        correction_of(app, &record).await;
        consent(app, &record).await;
        let (reviewer, decision) = submitted_anew(app, &record, true).await;
        let asked = json!({ "id": id, "version": version(&clerk, &id).await, "reason": "金额有误" });
        let corrects = clerk.post_api("correct_announcement", asked);
        let approves = reviewer.post_api("decide_record", decision);
        // The number of the successor is given after the published one was held, and before anything of it exists.
        let (begun, approved) = both(app, "announcement_serials", corrects, approves, turned).await;
        assert_eq!((begun.0, approved.0), (200, 200), "{begun:?} {approved:?}");
        let successor = read(&clerk, begun.1.as_str().unwrap()).await;
        assert_eq!((&successor["held"][0]["newest"], &successor["held"][0]["is_undecided"]), (&json!(2), &json!(true)), "{successor:#}");
        assert_eq!(read(&clerk, &id).await["held"][0]["newest"], 2, "the published one knows as well");
    })
    .await;
}

#[tokio::test]
async fn c1_who_loses_the_place_of_the_year_is_led_to_the_announcement_that_has_it() {
    on_both(async |app: &TestApp| {
        app.import_sample().await;
        approved_records(app, &["unit03"]).await;
        let clerk = app.sign_in("jdc").await;
        // Somebody's, not committed yet: nobody sees it, but its place is taken.
        let id = "01890a5d-ac96-774b-bcce-b302099a1000";
        let announcement = format!(
            "INSERT INTO announcements (id, unit_id, unit_name, year, title, district, remark, status, status_reason, round, version, updated_at)
             SELECT '{id}', id, name, 2024, '先创建的公告', district, '', 'draft', '', 0, 1, '2025-01-01T00:00:00.000Z' FROM units WHERE is_supervisor = 1"
        );
        let place = format!("INSERT INTO announcement_slots (unit_id, year, announcement_id) SELECT id, 2024, '{id}' FROM units WHERE is_supervisor = 1");
        let first = Beside::begin(app, vec![announcement, place]).await;
        let mut second = pin!(clerk.post_api("create_announcement", json!({ "year": 2024 })));
        if app.services.db.engine() == Engine::Postgres {
            tokio::select! {
                biased;
                () = until_waiting(app, 1) => {}
                early = &mut second => panic!("it took a place that was taken: {early:?}"),
            }
        }
        let (refused, ()) = tokio::join!(second, first.end());
        assert_eq!(refused.0, 409, "{refused:?}");
        assert!(refused.1.to_string().contains("《先创建的公告》（待完善）"), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn c7_a_template_that_is_taken_at_this_moment_is_not_deleted() {
    in_both_orders(async |app, turned| {
        let admin = app.sign_in("admin").await;
        let (template, version) =
            super::templates::stored(&admin, super::templates::draft(&admin, "市级", "3199", "2022", "市级的话。").await).await;
        app.import_sample().await;
        approved_records(app, &["unit03"]).await;
        let clerk = app.sign_in("jdc").await;
        let creates = clerk.post_api("create_announcement", json!({ "year": 2024 }));
        let deletes = admin.post_api("delete_notice_template", json!({ "id": template, "version": version }));
        // What was taken is noted after the template was read.
        let (created, deleted) = both(app, "announcement_wordings", creates, deletes, turned).await;
        assert_eq!(created.0, 200, "{created:?}");
        let taken = read(&clerk, created.1.as_str().unwrap()).await["template"].clone();
        let expected = if deleted.0 == 200 { ("官方模板", 200) } else { ("市级", 409) };
        assert_eq!((taken["name"].as_str().unwrap(), deleted.0), expected, "{deleted:?}");
    })
    .await;
}
