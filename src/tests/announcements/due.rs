//! Announcements that cannot be published at their set time: the others are, and the log says which and is not flooded.

use super::*;
use crate::support::Log;

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
