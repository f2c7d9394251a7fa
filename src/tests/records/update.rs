//! 「从合同更新」: what has changed in the ledger is taken over as it was chosen, and nothing done by hand is lost without a word.

use super::*;
use crate::support::on_both;
use setaside::domain::contract::Rule;
use setaside::domain::record::totals;
use setaside::domain::record::update::{Difference, Kind, Touched, Way};
use setaside::features::records::api::update::{Comparison, LedgerNews, Updated};
use setaside::server::db::Engine;
use std::future::Future;

async fn comparison(visitor: &Visitor<'_>, id: &RecordId) -> Comparison {
    page_of(visitor, id, 1, json!([])).await
}

async fn page_of(visitor: &Visitor<'_>, id: &RecordId, page: u64, chosen: Value) -> Comparison {
    visitor.call("record_comparison", json!({ "record": id, "page": page, "chosen": chosen })).await
}

async fn news(visitor: &Visitor<'_>, id: &RecordId) -> usize {
    visitor.call::<LedgerNews>("record_ledger_news", json!({ "record": id })).await.count
}

/// What the page sends after these choices against the preselection.
fn input(seen: &Comparison, choices: &[(&Difference, Option<Way>)]) -> Value {
    let choices: Vec<_> = choices.iter().map(|(difference, way)| (difference.id.clone(), *way)).collect();
    json!({ "record": seen.record.id, "content_version": seen.record.content_version, "digest": seen.digest, "takes_untouched": true,
            "choices": choices })
}

fn of<'c>(seen: &'c Comparison, no: &str) -> &'c Difference {
    seen.differences.iter().find(|difference| difference.number == no).unwrap_or_else(|| panic!("{no}: {:?}", seen.differences))
}

fn consistent(seen: &RecordView) {
    let sums = totals(&seen.lines, &seen.rules);
    assert_eq!((seen.record.sme, seen.record.small_micro), (sums.sme, sums.small_micro));
    assert_eq!(usize::try_from(seen.record.line_count).unwrap(), sums.lines);
}

#[tokio::test]
async fn e1_new_changed_and_gone_contracts_are_taken_over_and_the_sums_follow() {
    on_both(async |app: &TestApp| {
        import(app, vec![contract("1"), contract("2"), contract("3"), Contract { reserved: false, ..contract("4") }]).await;
        let clerk = app.sign_in("unit03").await;
        let id = generate(&clerk, 2024).await;
        assert_eq!((comparison(&clerk, &id).await.total, news(&clerk, &id).await), (0, 0));
        app.wait(60);
        import(
            app,
            vec![
                Contract { amount: wan(120), ..contract("1") },
                Contract { reserved: false, ..contract("2") },
                Contract { signed_on: Day::new(2025, 1, 3).unwrap(), ..contract("3") },
                contract("4"),
                contract("5"),
            ],
        )
        .await;
        assert_eq!(news(&clerk, &id).await, 5);
        let seen = comparison(&clerk, &id).await;
        let kinds: Vec<_> = seen.differences.iter().map(|each| (each.number.as_str(), each.kind)).collect();
        assert_eq!(kinds, [("1", Kind::Changed), ("2", Kind::Changed), ("4", Kind::Changed), ("3", Kind::Gone), ("5", Kind::New)]);
        assert!(seen.differences.iter().all(Difference::is_preselected));
        assert_eq!(seen.gone[0].1, "日期改变，现归入 2025 年度");
        let field = &of(&seen, "1").fields[0];
        assert_eq!((field.label.as_str(), field.old.as_str(), field.new.as_str()), ("合同金额（元）", "1000000", "1200000"));
        let done: Updated = clerk.call("update_record", input(&seen, &[])).await;
        assert_eq!((done.added, done.changed, done.removed, done.left), (1, 3, 1, 0));
        let after = view(&clerk, &id).await;
        let numbers: Vec<_> = after.lines.iter().map(|line| line.contract().unwrap().contract_no.as_str()).collect();
        assert_eq!(numbers, ["1", "4", "5"]);
        assert_eq!(after.left_out.iter().map(|row| row.contract.contract_no.as_str()).collect::<Vec<_>>(), ["2"]);
        assert_eq!(after.record.sme, wan(320));
        consistent(&after);
        assert_eq!((comparison(&clerk, &id).await.total, news(&clerk, &id).await), (0, 0));
        assert!(
            after.history.events.iter().any(|event| event.what == "从合同更新" && event.detail.contains("新增 1 份，更新 3 份，移除 1 份"))
        );
    })
    .await;
}

#[tokio::test]
async fn e1_what_was_done_by_hand_is_kept_or_replaced_as_the_unit_chooses() {
    on_both(async |app: &TestApp| {
        let own = |no: &str| Contract { source: Source::SelfEntered, ..contract(no) };
        let all = vec![own("1"), own("2"), contract("3"), Contract { reserved: false, ..contract("4") }, contract("5")];
        import(app, all).await;
        let clerk = app.sign_in("unit03").await;
        let id = generate(&clerk, 2024).await;
        let seen = view(&clerk, &id).await;
        for no in ["1", "2"] {
            ok(clerk.post_api("save_line", edit(&id, line(&seen, no), &[("sme", "60"), ("reason", "合同变更")])).await);
        }
        ok(clerk.post_api("take_out", and(at(&id, line(&seen, "3")), "reason", "重复")).await);
        ok(clerk.post_api("claim_in", json!({ "record": id, "left_out": seen.left_out[0].id, "reason": "漏填" })).await);
        let manual = add_line(&clerk, &id, 1).await;
        app.wait(60);
        import(
            app,
            vec![
                Contract { amount: wan(120), ..own("1") },
                Contract { amount: wan(130), ..own("2") },
                Contract { amount: wan(140), ..contract("3") },
                contract("4"),
                Contract { project_name: "改名".into(), ..contract("5") },
            ],
        )
        .await;
        let seen = comparison(&clerk, &id).await;
        assert_eq!(seen.differences.iter().map(Difference::is_preselected).collect::<Vec<_>>(), [false, false, false, false, true]);
        assert_eq!(of(&seen, "3").touched, [Touched::TakenOut("重复".into())]);
        assert_eq!(of(&seen, "4").touched, [Touched::Claim("漏填".into())]);
        let choices = [(of(&seen, "1"), Some(Way::Keep)), (of(&seen, "2"), Some(Way::Take)), (of(&seen, "3"), Some(Way::Keep))];
        let done: Updated = clerk.call("update_record", input(&seen, &choices)).await;
        assert_eq!((done.changed, done.left), (4, 1), "the claim was not decided and is left as it is");
        let after = view(&clerk, &id).await;
        let sme = |no: &str| line(&after, no).review(&after.rules).sme;
        assert_eq!((sme("1"), sme("2")), (Some(wan(60)), Some(wan(130))));
        assert_eq!(line(&after, "1").contract().unwrap().amount, wan(120), "under what was kept stands the new contract");
        assert_eq!(line(&after, "5").contract().unwrap().project_name, "改名");
        assert!(line(&after, "4").claim().is_some());
        let out = &after.left_out[0];
        assert_eq!((out.rule, out.reason.as_str(), out.contract.amount), (Rule::ClaimedOut, "重复", wan(140)));
        assert!(after.lines.iter().any(|line| line.id == manual.id), "a line by hand is none of this");
        consistent(&after);
        assert_eq!(comparison(&clerk, &id).await.total, 1);
        let after: LedgerNews = clerk.call("record_ledger_news", json!({ "record": id })).await;
        assert_eq!((after.count, after.left), (0, 1), "what was left knowingly is no news, and is not forgotten");
        let seen = comparison(&clerk, &id).await;
        ok(clerk.post_api("update_record", input(&seen, &[(of(&seen, "4"), Some(Way::Take))])).await);
        let after: LedgerNews = clerk.call("record_ledger_news", json!({ "record": id })).await;
        assert_eq!((after.count, after.left), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn e1_only_what_was_seen_is_taken_over() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        app.wait(60);
        import(app, vec![Contract { amount: wan(120), ..contract("1") }]).await;
        let seen = comparison(&clerk, &id).await;
        // The ledger changes once more.
        import(app, vec![Contract { amount: wan(130), ..contract("1") }]).await;
        let refusal = refused(clerk.post_api("update_record", input(&seen, &[])).await, 409);
        assert!(refusal.contains("又有变化"), "{refusal}");
        // A cell is typed into.
        let seen = comparison(&clerk, &id).await;
        add_line(&clerk, &id, 1).await;
        refused(clerk.post_api("update_record", input(&seen, &[])).await, 409);
        assert_eq!(view(&clerk, &id).await.record.sme, wan(100), "and nothing was written");
        // A way that was not offered is no choice of the page.
        let seen = comparison(&clerk, &id).await;
        let first = &seen.differences[0];
        assert_eq!(clerk.post_api("update_record", input(&seen, &[(first, Some(Way::Keep))])).await.0, 400);
        ok(clerk.post_api("update_record", input(&seen, &[])).await);
        assert_eq!(view(&clerk, &id).await.record.sme, wan(130));
    })
    .await;
}

#[tokio::test]
async fn e1_a_record_in_review_is_not_updated_and_the_reviewer_only_looks() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = submitted(app).await;
        app.wait(60);
        import(app, vec![Contract { amount: wan(120), ..contract("1") }]).await;
        let seen = comparison(&clerk, &id).await;
        assert!(!seen.is_editable && seen.total == 1);
        refused(clerk.post_api("update_record", input(&seen, &[])).await, 409);
        let reviewer = app.sign_in("reviewer").await;
        assert_eq!(comparison(&reviewer, &id).await.total, 1);
        refused(reviewer.post_api("update_record", input(&seen, &[])).await, 403);
    })
    .await;
}

#[tokio::test]
async fn e1_many_differences_come_by_pages_and_none_is_taken_over_that_was_not_chosen() {
    on_both(async |app: &TestApp| {
        import(app, vec![contract("1")]).await;
        let clerk = app.sign_in("unit03").await;
        let id = generate(&clerk, 2024).await;
        app.wait(60);
        import(app, (0..120).map(|at| contract(&format!("N-{at:03}"))).collect()).await;
        let first = comparison(&clerk, &id).await;
        assert_eq!((first.total, first.untouched, first.page, first.size, first.differences.len()), (120, 120, 1, 100, 100));
        let beyond = page_of(&clerk, &id, 99, json!([])).await;
        assert_eq!((beyond.page, beyond.differences.len(), &beyond.digest), (2, 20, &first.digest), "a page past the end is the last one");
        assert!(beyond.differences.iter().all(|late| first.differences.iter().all(|early| early.id != late.id)));
        let last = &beyond.differences[19];
        let asked = json!([[last.id, true], [first.differences[0].id, false], [id, true]]);
        let stale = page_of(&clerk, &id, 1, asked).await.stale;
        assert_eq!(stale.iter().map(ToString::to_string).collect::<Vec<_>>(), [first.differences[0].id.to_string(), id.to_string()]);
        // All but one on the second page.
        let done: Updated = clerk.call("update_record", input(&first, &[(last, None)])).await;
        assert_eq!((done.added, done.left), (119, 1));
        assert_eq!(view(&clerk, &id).await.lines.len(), 120);
        // Nothing but what is chosen one by one.
        app.wait(60);
        import(app, (0..3).map(|at| contract(&format!("M-{at}"))).collect()).await;
        let seen = comparison(&clerk, &id).await;
        let mut only = input(&seen, &[(of(&seen, "M-1"), Some(Way::Take))]);
        only["takes_untouched"] = json!(false);
        let done: Updated = clerk.call("update_record", only).await;
        assert_eq!((done.added, done.left), (1, 3));
        consistent(&view(&clerk, &id).await);
    })
    .await;
}

/// Does `deed` while `table` is held, and `meanwhile` when it waits for it: between what it has read and what it writes.
async fn while_held<T>(app: &TestApp, table: &'static str, deed: impl Future<Output = T>, meanwhile: impl Future<Output = ()>) -> T {
    let (release, released) = tokio::sync::oneshot::channel::<()>();
    let (held, is_held) = tokio::sync::oneshot::channel::<()>();
    let db = app.services.db.clone();
    let holder = tokio::spawn(async move {
        db.write(move |db| {
            Box::pin(async move {
                sqlx::query(table).execute(&mut *db).await?;
                let _ = held.send(());
                let _ = released.await;
                Ok(())
            })
        })
        .await
    });
    is_held.await.unwrap();
    let interferes = async {
        let waiting = "SELECT CAST(COUNT(*) AS BIGINT) FROM pg_locks
                       WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
        while app.count(waiting).await == 0 {
            tokio::task::yield_now().await;
        }
        meanwhile.await;
        release.send(()).unwrap();
    };
    let (done, ()) = tokio::join!(deed, interferes);
    holder.await.unwrap().unwrap();
    done
}

#[tokio::test]
async fn e1_a_contract_that_comes_while_the_others_are_taken_over_is_announced_afterwards() {
    on_both(async |app: &TestApp| {
        // On SQLite one write comes after the other.
        if app.services.db.engine() == Engine::Sqlite {
            return;
        }
        import(app, vec![contract("1")]).await;
        let clerk = app.sign_in("unit03").await;
        let comes = |no: &'static str| async move {
            app.wait(60);
            import(app, vec![contract(no)]).await;
        };
        let generated = while_held(app, "LOCK TABLE records IN EXCLUSIVE MODE", generate(&clerk, 2024), comes("2"));
        let id = generated.await;
        assert_eq!(view(&clerk, &id).await.lines.len(), 1);
        assert_eq!(news(&clerk, &id).await, 1, "the one that came while the record was generated");
        let seen = comparison(&clerk, &id).await;
        let updates = clerk.post_api("update_record", input(&seen, &[]));
        let answer = while_held(app, "LOCK TABLE record_lines IN EXCLUSIVE MODE", updates, comes("3")).await;
        ok(answer);
        assert_eq!(view(&clerk, &id).await.lines.len(), 2);
        assert_eq!(news(&clerk, &id).await, 1, "the one that came while the other was taken over");
    })
    .await;
}
