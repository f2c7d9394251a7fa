//! Two at the same moment: exactly one wins, and what is stored is whole.

use super::*;
use crate::support::on_both;
use setaside::domain::record::totals;

/// How often a race is run: which of two comes first is chance.
const ROUNDS: usize = 8;

/// The two statuses in order, so that it does not matter who won.
fn both(one: &(u16, Value), two: &(u16, Value)) -> [u16; 2] {
    let mut statuses = [one.0, two.0];
    statuses.sort_unstable();
    assert!(statuses.iter().all(|status| *status < 500), "{one:?} {two:?}");
    statuses
}

#[tokio::test]
async fn a5_the_second_save_from_the_same_version_is_told_and_the_first_stands() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        let seen = view(&clerk, &id).await;
        ok(clerk.post_api("save_line", edit(&id, line(&seen, "1"), &[("reason", "甲")])).await);
        let words = refused(clerk.post_api("save_line", edit(&id, line(&seen, "1"), &[("reason", "乙")])).await, 409);
        assert!(words.contains("仍保留在本页"), "{words}");
        refused(clerk.post_api("take_out", and(at(&id, line(&seen, "1")), "reason", "x")).await, 409);
        let now = view(&clerk, &id).await;
        assert_eq!((line(&now, "1").reason.as_str(), line(&now, "1").version, now.record.content_version), ("甲", 2, 2));
    })
    .await;
}

#[tokio::test]
async fn a5_a_save_whose_answer_was_lost_is_answered_the_same_when_it_is_sent_again() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        let seen = view(&clerk, &id).await;
        let save = edit(&id, line(&seen, "1"), &[("reason", "核实")]);
        let told = |answer: (u16, Value)| {
            let (status, mut saved) = answer;
            // By now it changes nothing.
            assert_eq!(saved.as_object_mut().unwrap().remove("content_version_before").map(|_| status), Some(200), "{saved:?}");
            saved
        };
        let answer = told(clerk.post_api("save_line", save.clone()).await);
        let once = view(&clerk, &id).await;
        assert_eq!(told(clerk.post_api("save_line", save).await), answer, "no false conflict, and no second change");
        let twice = view(&clerk, &id).await;
        assert_eq!((&twice.record, &twice.lines, &twice.history), (&once.record, &once.lines, &once.history));
        let (one, two) =
            (edit(&id, line(&twice, "1"), &[("reason", "再次核实")]), json!({ "record": id, "before": "", "remark": "未达比例" }));
        ok(clerk.post_api("save_line", one).await);
        let answer = told(clerk.post_api("save_record_remark", two.clone()).await);
        assert_eq!(told(clerk.post_api("save_record_remark", two).await), answer, "「说明」 likewise");
    })
    .await;
}

#[tokio::test]
async fn a5_of_two_saves_of_a_line_at_the_same_moment_one_wins() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        for _ in 0..ROUNDS {
            let seen = view(&clerk, &id).await;
            let (one, two) = (edit(&id, line(&seen, "1"), &[("reason", "甲")]), edit(&id, line(&seen, "1"), &[("reason", "乙")]));
            let (one, two) = tokio::join!(clerk.post_api("save_line", one), clerk.post_api("save_line", two));
            assert_eq!(both(&one, &two), [200, 409]);
            let now = view(&clerk, &id).await;
            assert_eq!(line(&now, "1").reason, if one.0 == 200 { "甲" } else { "乙" });
            assert_eq!(now.record.content_version, seen.record.content_version + 1);
        }
    })
    .await;
}

#[tokio::test]
async fn a3_the_totals_stay_the_sums_when_two_lines_are_saved_at_the_same_moment() {
    on_both(async |app: &TestApp| {
        let own = |no: &str| Contract { source: Source::SelfEntered, ..contract(no) };
        import(app, vec![own("1"), own("2")]).await;
        let clerk = app.sign_in("unit03").await;
        let id = generate(&clerk, 2024).await;
        for round in 0..ROUNDS {
            let seen = view(&clerk, &id).await;
            let (amount, other) = ((10 + round).to_string(), (40 + round).to_string());
            let one = edit(&id, line(&seen, "1"), &[("sme", &amount), ("small_micro", "1")]);
            let two = edit(&id, line(&seen, "2"), &[("sme", &other), ("small_micro", "2")]);
            let (one, two) = tokio::join!(clerk.post_api("save_line", one), clerk.post_api("save_line", two));
            assert_eq!(both(&one, &two), [200, 200], "different lines do not stand in each other's way");
            let now = view(&clerk, &id).await;
            let sums = totals(&now.lines, &now.rules);
            assert_eq!((now.record.sme, now.record.small_micro), (sums.sme, sums.small_micro));
            let mut told = [&one, &two].map(|(_, saved)| {
                let version = |of: &str| saved[of].as_i64().unwrap() - seen.record.content_version;
                (version("content_version_before"), version("content_version"))
            });
            told.sort_unstable();
            assert_eq!(told, [(0, 1), (1, 2)], "the second is told of a version that their page never showed");
            assert_eq!(now.record.content_version, seen.record.content_version + 2);
        }
    })
    .await;
}

#[tokio::test]
async fn a10_what_is_submitted_is_what_was_seen_even_when_a_line_is_saved_meanwhile() {
    on_both(async |app: &TestApp| {
        let own = Contract { source: Source::SelfEntered, ..contract("1") };
        import(app, vec![own]).await;
        let clerk = app.sign_in("unit03").await;
        let id = generate(&clerk, 2024).await;
        for round in 0..ROUNDS {
            let seen = view(&clerk, &id).await;
            let record = &seen.record;
            let next = institution(app, CHIEF);
            let submission = json!({ "record": id, "version": record.version, "content_version": record.content_version, "next": next });
            let amount = (10 + round).to_string();
            let change = edit(&id, line(&seen, "1"), &[("sme", &amount), ("reason", "核实")]);
            let (submitted, saved) = tokio::join!(clerk.post_api("submit_record", submission), clerk.post_api("save_line", change));
            assert_eq!(both(&submitted, &saved), [200, 409]);
            let now = view(&clerk, &id).await;
            if submitted.0 == 200 {
                assert_eq!(now.lines, seen.lines, "nothing changes under the reviewer's eyes");
                ok(reasoned(&clerk, "withdraw_record", &id, "").await);
            } else {
                assert_eq!(now.record.status, seen.record.status);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn b5_of_two_answers_at_the_same_moment_one_counts() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = submitted(app).await;
        let (reviewer, leader) = (app.sign_in("reviewer").await, app.sign_in("leader").await);
        let version = view(&clerk, &id).await.record.version;
        let answer =
            |agree: bool| json!({ "record": id, "version": version, "decision": { "agree": agree, "opinion": "意见", "next": null } });
        let (agreed, disagreed) =
            tokio::join!(reviewer.post_api("decide_record", answer(true)), leader.post_api("decide_record", answer(false)));
        assert_eq!(both(&agreed, &disagreed), [200, 409]);
        let seen = view(&clerk, &id).await;
        assert_eq!(seen.record.status.code(), if agreed.0 == 200 { "approved" } else { "returned" });
        assert_eq!((seen.history.steps.len(), messages(app, "unit03").await.len()), (1, 1), "one answer, one message");
        assert_eq!(approved_versions(app, UNIT_03).await.len(), usize::from(agreed.0 == 200));
    })
    .await;
}

#[tokio::test]
async fn a11_of_a_withdrawal_and_an_answer_at_the_same_moment_one_wins() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = submitted(app).await;
        let reviewer = app.sign_in("reviewer").await;
        for _ in 0..ROUNDS {
            let version = view(&clerk, &id).await.record.version;
            let answer = json!({ "record": id, "version": version, "decision": { "agree": false, "opinion": "退回", "next": null } });
            let withdrawal = json!({ "record": id, "version": version, "reason": "" });
            let (withdrawn, answered) =
                tokio::join!(clerk.post_api("withdraw_record", withdrawal), reviewer.post_api("decide_record", answer));
            assert_eq!(both(&withdrawn, &answered), [200, 409]);
            let seen = view(&clerk, &id).await;
            let (state, said) = if withdrawn.0 == 200 { ("withdrawn", Answer::Withdrawn) } else { ("returned", Answer::Disagreed) };
            assert_eq!((seen.record.status.code(), steps(&seen).last().unwrap().2), (state, Some(said)), "state and step tell the same");
            app.wait(60);
            ok(submit(&clerk, &id, institution(app, CHIEF)).await);
        }
    })
    .await;
}

#[tokio::test]
async fn a10_two_submissions_at_the_same_moment_open_one_step() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        let record = view(&clerk, &id).await.record;
        let input =
            |next: Value| json!({ "record": id, "version": record.version, "content_version": record.content_version, "next": next });
        let (one, two) = tokio::join!(
            clerk.post_api("submit_record", input(institution(app, CHIEF))),
            clerk.post_api("submit_record", input(person(app, "head03")))
        );
        assert_eq!(both(&one, &two), [200, 409]);
        let seen = view(&clerk, &id).await;
        assert_eq!((seen.record.round, seen.history.steps.len()), (1, 1));
    })
    .await;
}

#[tokio::test]
async fn b7_of_two_answers_to_a_correction_one_counts() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = approved(app).await;
        ok(reasoned(&clerk, "ask_correction", &id, "更正").await);
        let (reviewer, leader) = (app.sign_in("reviewer").await, app.sign_in("leader").await);
        let version = view(&clerk, &id).await.record.version;
        let answer = |consent: bool| json!({ "record": id, "version": version, "consent": consent, "opinion": "意见" });
        let (consented, denied) =
            tokio::join!(reviewer.post_api("answer_correction", answer(true)), leader.post_api("answer_correction", answer(false)));
        assert_eq!(both(&consented, &denied), [200, 409]);
        assert_eq!(view(&clerk, &id).await.record.status.code(), if consented.0 == 200 { "returned" } else { "approved" });
    })
    .await;
}
