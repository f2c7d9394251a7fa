//! 份额 through the real router: the thresholds that the 系统管理员 keeps, the shares of a record, the budgets that a unit enters.

use super::records::{add_line, contract, generate, import, institution, ok, refused, refused_at, submit, wan};
use super::support::{CHIEF, TestApp, on_both};
use serde_json::{Value, json};
use setaside::domain::contract::{Category, Contract, Measure, Target};
use setaside::domain::share::projects::Entered;
use setaside::domain::share::{Kind, Threshold};
use setaside::features::records::api::shares::{SavedBudget, ShareView};

fn draft(place: &str, percent: &str, from: &str, to: Value) -> Value {
    json!({ "jurisdiction": place, "category": "goods", "kind": "reserved", "percent": percent, "from": from, "to": to, "source": "沪财采〔2022〕1号",
            "is_checked": true })
}

fn adding(draft: Value) -> Value {
    json!({ "id": null, "version": 0, "draft": draft })
}

#[tokio::test]
async fn e10_the_thresholds_of_the_law_are_shipped_as_dated_rows_with_their_sources() {
    on_both(async |app: &TestApp| {
        let rows: Vec<Threshold> = app.sign_in("admin").await.call("thresholds", Value::Null).await;
        assert_eq!(rows.len(), 10);
        for (at, row) in rows.iter().enumerate() {
            assert!(!row.source.is_empty());
            assert!(rows.iter().skip(at + 1).all(|other| !row.overlaps(other)), "{row:?}");
        }
        let works: Vec<_> = rows
            .iter()
            .filter(|row| row.category.code() == "works" && row.kind == Kind::Reserved)
            .map(|row| (row.percent.to_string(), row.from.to_string(), row.is_checked))
            .collect();
        let row = |percent: &str, from: &str, is_checked| (percent.to_owned(), from.to_owned(), is_checked);
        assert_eq!(works, [row("30", "2021-01-01", true), row("40", "2022-07-01", true), row("40", "2024-01-01", false)]);
        assert!(rows.iter().any(|row| row.jurisdiction == "兰州新区" && row.percent.to_string() == "60"));
    })
    .await;
}

#[tokio::test]
async fn e10_the_administrator_adds_changes_and_ends_a_row_and_overlaps_are_refused() {
    on_both(async |app: &TestApp| {
        let admin = app.sign_in("admin").await;
        let save = async |input: Value| admin.post_api("save_threshold", input).await;
        let words = refused_at(save(adding(draft("全国", "35", "2024-01-01", Value::Null))).await, "from");
        assert!(words.contains("重叠"), "{words}");
        ok(save(adding(draft("上海市", "35", "2024-01-01", Value::Null))).await);
        refused_at(save(adding(draft("上海市", "36", "2025-01-01", Value::Null))).await, "from");
        refused_at(save(adding(draft("上海市", "0", "2020-01-01", json!("2020-12-31")))).await, "percent");
        refused_at(save(adding(draft("上海市", "5", "2020-01-01", json!("2019-12-31")))).await, "to");
        let rows: Vec<Threshold> = admin.call("thresholds", Value::Null).await;
        let row = rows.iter().find(|row| row.jurisdiction == "上海市").unwrap();
        let ended = json!({ "id": row.id, "version": row.version, "draft": draft("上海市", "35", "2024-01-01", json!("2024-12-31")) });
        ok(save(ended.clone()).await);
        refused(save(ended).await, 409);
        ok(save(adding(draft("上海市", "36", "2025-01-01", Value::Null))).await);
        let gone = json!({ "id": app.users["admin"], "version": 1, "draft": draft("x", "5", "2020-01-01", Value::Null) });
        refused(save(gone).await, 404);
        for login in ["unit03", "reviewer", "jdc"] {
            let visitor = app.sign_in(login).await;
            refused(visitor.post_api("save_threshold", adding(draft("x", "5", "2020-01-01", Value::Null))).await, 404);
        }
    })
    .await;
}

#[tokio::test]
async fn e10_two_rows_that_overlap_are_not_written_at_the_same_moment() {
    on_both(async |app: &TestApp| {
        let (one, two) = (app.sign_in("admin").await, app.sign_in("admin").await);
        let input = || adding(draft("徐汇区", "35", "2024-01-01", Value::Null));
        let (one, two) = tokio::join!(one.post_api("save_threshold", input()), two.post_api("save_threshold", input()));
        let mut found = [one.0, two.0];
        found.sort_unstable();
        assert_eq!(found, [200, 422]);
    })
    .await;
}

#[tokio::test]
async fn e10_the_shares_are_computed_from_budgets_and_say_what_is_missing_until_then() {
    on_both(async |app: &TestApp| {
        let with = |no: &str, budget: Option<i64>| Contract { budget: budget.map(wan), ..contract(no) };
        import(
            app,
            vec![
                with("1", Some(200)),
                Contract { reserved: false, ..with("2", Some(600)) },
                Contract { measure: Some(Measure::Subcontract), target: Some(Target::SmallMicro), sme: Some(wan(10)), ..with("3", None) },
            ],
        )
        .await;
        let clerk = app.sign_in("unit03").await;
        let id = generate(&clerk, 2024).await;
        let shares = async || clerk.call::<ShareView>("record_shares", json!({ "record": id })).await;
        let seen = shares().await;
        assert_eq!((seen.shares.projects, seen.shares.reserved.is_none(), seen.draft), (3, true, None));
        let missing = &seen.shares.missing[0];
        assert_eq!((missing.of.name.as_str(), missing.budget, missing.category, missing.percent), ("项目3", true, false, true));
        let entered = |budget: &str| {
            json!({ "record": id, "project": missing.of.key, "budget": budget, "category": "services", "is_for_small_micro": false, "seen": null })
        };
        assert_eq!(refused_at(clerk.post_api("save_budget", entered("x")).await, "budget"), "不是数字，请只填金额，如 12.5");
        refused_at(clerk.post_api("save_budget", entered("0")).await, "budget");
        ok(clerk.post_api("save_budget", entered("200")).await);
        let kept = shares().await.entered;
        assert_eq!(kept.len(), 1, "what was entered stays in sight and can be corrected");
        assert_eq!((kept[0].name.as_str(), kept[0].said_budget, kept[0].said_category), ("项目3", None, Some(Category::Services)));
        assert_eq!(kept[0].entered, Some(Entered { budget: wan(200), category: Category::Services, is_for_small_micro: false }));
        let view: setaside::features::records::RecordView = clerk.call("record", json!({ "record": id })).await;
        let third = view.lines.iter().find(|line| line.contract().unwrap().contract_no == "3").unwrap();
        let edit = json!({ "record": id, "line": third.id, "version": third.version, "cells": [["percent", "5"], ["reason", "按合同"]] });
        ok(clerk.post_api("save_line", edit).await);
        let seen = shares().await;
        let reserved = seen.shares.reserved.unwrap();
        assert_eq!((reserved.part, reserved.whole, reserved.ratio().to_string()), (wan(210), wan(1000), "21".to_owned()));
        let small_micro = seen.shares.small_micro.unwrap();
        assert_eq!((small_micro.part, small_micro.whole), (wan(10), wan(210)));
        assert!(!reserved.due[0].is_met() && reserved.due[0].threshold.percent.to_string() == "30");
        assert!(seen.draft.unwrap().contains("服务类为 21%（210 ÷ 1000 万元），未达到 30%"));
        // Taken back, it is missing again.
        let mut back = entered("");
        back["seen"] = json!({ "budget": 200_000_000, "category": "services", "is_for_small_micro": false });
        ok(clerk.post_api("save_budget", back).await);
        let seen = shares().await;
        assert_eq!((seen.shares.missing.len(), seen.entered.len()), (1, 0));
    })
    .await;
}

#[tokio::test]
async fn e10_a_line_by_hand_gets_its_budget_and_in_review_nothing_changes() {
    on_both(async |app: &TestApp| {
        import(app, vec![Contract { budget: Some(wan(100)), ..contract("1") }]).await;
        let clerk = app.sign_in("unit03").await;
        let id = generate(&clerk, 2024).await;
        let line = add_line(&clerk, &id, 1).await;
        let cells = json!([["project_name", "校舍维修"], ["measure", "整体预留"], ["sme", "50"], ["small_micro", "50"]]);
        ok(clerk.post_api("save_line", json!({ "record": id, "line": line.id, "version": line.version, "cells": cells })).await);
        let entered =
            json!({ "record": id, "project": line.id, "budget": "100", "category": "works", "is_for_small_micro": true, "seen": null });
        ok(clerk.post_api("save_budget", entered.clone()).await);
        ok(submit(&clerk, &id, institution(app, CHIEF)).await);
        refused(clerk.post_api("save_budget", entered).await, 409);
        let seen: ShareView = app.sign_in("reviewer").await.call("record_shares", json!({ "record": id })).await;
        let small_micro = seen.shares.small_micro.unwrap();
        assert_eq!((small_micro.part, small_micro.whole), (wan(100), wan(200)));
        assert!(seen.draft.unwrap().contains("小微占预留预算比例：服务类为 0%"));
    })
    .await;
}

#[tokio::test]
async fn e10_a_budget_that_a_colleague_has_entered_is_not_overwritten_unseen_and_moves_the_version_of_the_content() {
    on_both(async |app: &TestApp| {
        import(app, vec![contract("1")]).await;
        let (one, two) = (app.sign_in("unit03").await, app.sign_in("unit03").await);
        let id = generate(&one, 2024).await;
        let version = async || one.call::<setaside::features::records::RecordView>("record", json!({ "record": id })).await.record.content_version;
        let first: ShareView = one.call("record_shares", json!({ "record": id })).await;
        let project = &first.shares.missing[0].of.key;
        let entered = |budget: &str, seen: Value| {
            json!({ "record": id, "project": project, "budget": budget, "category": "goods", "is_for_small_micro": false, "seen": seen })
        };
        let before = version().await;
        let saved: SavedBudget = one.call("save_budget", entered("2000000元", Value::Null)).await;
        assert_eq!((saved.content_version_before, saved.content_version), (before, before + 1));
        assert_eq!(version().await, before + 1, "whoever looked before this has not seen it");
        let words = refused(two.post_api("save_budget", entered("300", Value::Null)).await, 409);
        assert!(words.contains("已填写为 200 万元，货物"), "{words}");
        let again: SavedBudget = two.call("save_budget", entered("200", Value::Null)).await;
        assert_eq!(again.content_version, before + 1, "the same asked again is done already");
        let seen = json!({ "budget": 200_000_000, "category": "goods", "is_for_small_micro": false });
        ok(two.post_api("save_budget", entered("300", seen.clone())).await);
        refused(one.post_api("save_budget", entered("", seen)).await, 409);
        assert_eq!(version().await, before + 2);
    })
    .await;
}
