//! Two at the same moment: exactly one wins, and neither waits for the other for ever.

use super::*;

/// How often the race is run: which of two comes first is chance.
const ROUNDS: usize = 16;

#[tokio::test]
async fn c7_the_same_save_asked_again_while_the_first_is_under_way_is_answered_as_done() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        for round in 0..ROUNDS {
            let at = version(&clerk, &id).await;
            let change = json!({ "basics": null, "title": round.to_string(), "remark": null, "document": null });
            let patch = json!({ "id": id, "version": at, "change": change });
            let (one, two) = tokio::join!(clerk.post_api("save_announcement", patch.clone()), clerk.post_api("save_announcement", patch));
            assert_eq!((one.0, two.0), (200, 200), "{one:?} {two:?}");
            assert_eq!((&one.1["version"], &two.1["version"]), (&json!(at + 1), &json!(at + 1)));
        }
    })
    .await;
}

#[tokio::test]
async fn d3_of_a_withdrawal_and_an_answer_at_the_same_moment_one_wins() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        generate(&clerk, &id).await;
        let reviewer = app.sign_in("reviewer").await;
        for round in 0..ROUNDS {
            submit(app, &clerk, &id).await;
            let at = version(&clerk, &id).await;
            let decision = json!({ "agree": false, "opinion": "退回", "next": null });
            let answer = json!({ "id": id, "version": at, "decision": decision });
            let withdrawal = json!({ "id": id, "version": at, "reason": "补充" });
            let withdraw = async {
                // Each round a question later, so that the two meet at every step of their ways.
                for _ in 0..round {
                    app.count("SELECT CAST(1 AS BIGINT)").await;
                }
                clerk.post_api("withdraw_announcement", withdrawal).await
            };
            let (withdrawn, answered) = tokio::join!(withdraw, reviewer.post_api("review_announcement", answer));
            let mut statuses = [withdrawn.0, answered.0];
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 409], "round {round}: {withdrawn:?} {answered:?}");
            let seen = read(&clerk, &id).await;
            let (state, said) = if withdrawn.0 == 200 { ("Withdrawn", "withdrawn") } else { ("Returned", "disagreed") };
            assert!(seen["status"][state].is_string(), "{}", seen["status"]);
            let last = seen["history"]["steps"].as_array().unwrap().last().unwrap()["answered"]["answer"].clone();
            assert_eq!(last.as_str().unwrap().to_lowercase(), said, "state and step tell the same");
            app.wait(60);
        }
    })
    .await;
}

#[tokio::test]
async fn b8_a_unit_with_announcements_under_way_or_published_stays_a_supervisor() {
    on_both(async |app: &TestApp| {
        let (_, _) = created(app).await;
        let admin = app.sign_in("admin").await;
        let units: Value = admin.call("admin_units", Value::Null).await;
        let unit = units.as_array().unwrap().iter().find(|unit| unit["name"] == crate::support::CHIEF).unwrap();
        let mut form = json!({
            "id": unit["id"], "version": unit["version"], "name": unit["name"], "parent": unit["parent"], "is_supervisor": false,
            "district": unit["district"], "uscc": unit["uscc"],
        });
        let words = admin.refused("save_unit", form.clone(), 422).await;
        assert!(words.contains("1 份办理中或已发布的公告"), "{words}");
        form["is_supervisor"] = true.into();
        admin.call::<()>("save_unit", form).await;
    })
    .await;
}
