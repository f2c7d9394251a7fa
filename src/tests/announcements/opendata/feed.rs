//! The feed of changes: each once, in the order of the commits, whatever happens beside it.

use super::*;
use setaside::features::announcements::commands;
use tokio::sync::oneshot;

#[tokio::test]
async fn e12_publications_corrections_and_revocations_are_told_in_the_order_of_the_commits() {
    on_both(async |app: &TestApp| {
        let (_, ids, [old, new]) = course(app).await;
        let all = get(app, "/api/v1/announcements").await.json();
        let expected = [
            (1, "published", old.as_str(), "corrected"),
            (2, "published", new.as_str(), "revoked"),
            (3, "corrected", old.as_str(), "corrected"),
            (4, "revoked", new.as_str(), "revoked"),
        ];
        assert_eq!(told(&all), expected);
        assert_eq!((all["cursor"].as_str(), all["has_more"].as_bool()), (Some("4"), Some(false)));
        let [first, second, third, fourth] = [0, 1, 2, 3].map(|at| all["changes"][at].clone());
        assert_eq!(first["at"], "2025-03-10T09:30:00+08:00");
        assert_eq!((second["at"].as_str(), third["at"].as_str()), (Some("2025-03-10T10:30:00+08:00"), Some("2025-03-10T10:30:00+08:00")));
        assert_eq!(fourth["at"], "2025-03-10T11:30:00+08:00");
        assert_eq!(third["announcement"]["status_reason"], "第一行金额有误");
        assert_eq!(third["announcement"]["successor"]["number"], new.as_str());
        assert_eq!(fourth["announcement"]["status_reason"], "误发");
        assert_eq!(fourth["announcement"]["corrects"]["number"], old.as_str());
        assert_eq!(fourth["announcement"]["id"], ids[1].as_str());

        // Followed in small steps it is the same, and where nothing follows the cursor stays.
        let (mut cursor, mut steps) = ("0".to_owned(), Vec::new());
        loop {
            let page = get(app, &format!("/api/v1/announcements?limit=3&cursor={cursor}")).await.json();
            steps.extend(page["changes"].as_array().unwrap().clone());
            cursor = page["cursor"].as_str().unwrap().to_owned();
            if page["has_more"] == false {
                break;
            }
        }
        assert_eq!(Value::from(steps), all["changes"]);
        let end = get(app, &format!("/api/v1/announcements?cursor={cursor}")).await.json();
        assert_eq!((end["changes"].as_array().unwrap().len(), end["cursor"].as_str()), (0, Some("4")));
        let next = all["next"].as_str().unwrap();
        let path = next.strip_prefix(&app.services.settings.public_url).unwrap();
        assert_eq!(get(app, path).await.json()["cursor"], "4");
    })
    .await;
}

#[tokio::test]
async fn e12_the_feed_is_filtered_by_year_district_unit_and_kind() {
    on_both(async |app: &TestApp| {
        course(app).await;
        app.execute("UPDATE units SET uscc = '91350100M000100Y43' WHERE is_supervisor = 1").await;
        let unit = app.units[CHIEF].to_string();
        let other = app.units[crate::support::UNIT_03].to_string();
        for (query, count) in [
            ("year=2024".to_owned(), 4),
            ("year=2023".to_owned(), 0),
            ("district=319900".to_owned(), 4),
            ("district=310115".to_owned(), 0),
            ("unit=91350100M000100Y43".to_owned(), 4),
            ("unit=91512081MA62K0260E".to_owned(), 0),
            (format!("unit={unit}&year=2024"), 4),
            (format!("unit={other}"), 0),
            ("kind=published".to_owned(), 2),
            ("kind=revoked&district=319900".to_owned(), 1),
        ] {
            let page = get(app, &format!("/api/v1/announcements?{query}")).await.json();
            assert_eq!(page["changes"].as_array().unwrap().len(), count, "{query}");
            assert_eq!(page["cursor"], "4", "{query}: what does not fit need not be looked at again");
        }
        let page = get(app, "/api/v1/announcements?kind=published&limit=1").await.json();
        assert_eq!((page["cursor"].as_str(), page["has_more"].as_bool()), (Some("1"), Some(true)));
    })
    .await;
}

#[tokio::test]
async fn e12_what_was_published_before_the_feed_is_numbered_by_its_time() {
    on_both(async |app: &TestApp| {
        course(app).await;
        let before = told_anew(app).await;
        app.execute("DELETE FROM announcement_changes").await;
        app.execute("UPDATE publications SET last = 2").await;
        let migration = include_str!("../../../../migrations/0019_changes.sql");
        let statements: Vec<&'static str> = migration.split(';').filter(|text| !text.contains("CREATE TABLE")).collect();
        for statement in statements.into_iter().filter(|text| text.contains("INSERT INTO") || text.contains("UPDATE publications")) {
            app.execute(statement).await;
        }
        assert_eq!(app.count("SELECT CAST(last AS BIGINT) FROM publications").await, 4);
        let mut after = told_anew(app).await;
        // The correction and what it corrects have one moment.
        after[1..3].sort_by_key(|(_, kind, ..)| kind != "published");
        let without_numbers =
            |told: &[(i64, String, String)]| told.iter().map(|(_, kind, number)| (kind.clone(), number.clone())).collect::<Vec<_>>();
        assert_eq!(without_numbers(&after), without_numbers(&before));
    })
    .await;
}

/// Read past everything that is kept.
async fn told_anew(app: &TestApp) -> Vec<(i64, String, String)> {
    let asked = commands::open::Asked { until: 1_000, limit: 100, ..commands::open::Asked::default() };
    let page = commands::open::changes(&app.services, &asked).await.unwrap();
    page.changes.into_iter().map(|change| (change.no, change.kind.code().to_owned(), change.notice.number)).collect()
}

#[tokio::test]
async fn e12_a_change_is_seen_only_when_every_earlier_one_is() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        generate(&clerk, &id).await;
        submit(app, &clerk, &id).await;
        // A publication that has its number and does not end yet.
        let (has_begun, begun) = oneshot::channel();
        let (end, may_end) = oneshot::channel::<()>();
        let db = app.services.db.clone();
        let slow = tokio::spawn(async move {
            db.write(move |db| {
                Box::pin(async move {
                    let number: i64 = sqlx::query_scalar("UPDATE publications SET last = last + 1 WHERE id = 1 RETURNING last")
                        .fetch_one(&mut *db)
                        .await?;
                    has_begun.send(number).unwrap();
                    may_end.await.unwrap();
                    Ok(())
                })
            })
            .await
        });
        assert_eq!(begun.await.unwrap(), 1);
        // Another one at the same time: it waits for its number, and no reader is told anything that would make them pass over the first.
        let mut fast = Box::pin(review(app, &id, true, ""));
        for _ in 0..40 {
            let page = tokio::select! {
                biased;
                () = &mut fast => panic!("a later number was given before the earlier one was committed"),
                page = get(app, "/api/v1/announcements") => page.json(),
            };
            assert_eq!((page["cursor"].as_str(), page["changes"].as_array().unwrap().len()), (Some("0"), 0));
        }
        end.send(()).unwrap();
        slow.await.unwrap().unwrap();
        fast.await;
        let page = get(app, "/api/v1/announcements").await.json();
        assert_eq!((page["cursor"].as_str(), page["changes"][0]["change"].as_i64()), (Some("2"), Some(2)));
    })
    .await;
}

#[tokio::test]
async fn e12_who_follows_the_feed_while_several_instances_publish_misses_nothing() {
    on_both(async |app: &TestApp| {
        app.execute(super::super::due::MANY).await;
        let mut instances = Vec::new();
        for _ in 0..3 {
            let settings = app.services.settings.as_ref().clone();
            instances.push(setaside::startup::open(settings, app.services.clock.clone()).await.unwrap());
        }
        app.set_time("2025-03-15T09:00:00");
        let publishing = futures::future::join_all(instances.iter().map(publish_due));
        let following = async {
            let (mut cursor, mut seen) = ("0".to_owned(), Vec::new());
            while cursor != "300" {
                let page = get(app, &format!("/api/v1/announcements?limit=7&cursor={cursor}")).await.json();
                seen.extend(told(&page).into_iter().map(|(no, ..)| no));
                cursor = page["cursor"].as_str().unwrap().to_owned();
                tokio::task::yield_now().await;
            }
            seen
        };
        let (published, seen) = tokio::join!(publishing, following);
        assert_eq!(published.into_iter().map(Result::unwrap).sum::<usize>(), 300);
        assert_eq!(seen, (1..=300).collect::<Vec<i64>>());
        for instance in instances {
            instance.db.close().await;
        }
    })
    .await;
}
