//! The list with its tabs, what each person may do with each state, and who sees what.

use super::*;
use crate::support::{PUDONG, UNIT_99, on_both};
use axum::body::Body;
use axum::http::{Method, header};
use setaside::features::records::Allowed;
use setaside::features::records::api::RecordList;

/// A tab without filters.
async fn list(visitor: &Visitor<'_>, scope: &str) -> RecordList {
    ask(visitor, json!({ "scope": scope, "year": null, "unit": "", "status": "", "page": 1 })).await
}

/// The list; its one argument is called `query`, not `input`.
async fn ask(visitor: &Visitor<'_>, query: Value) -> RecordList {
    let request = visitor.request(Method::POST, "/api/records").header(header::CONTENT_TYPE, "application/json");
    let answer = visitor.send(request.body(Body::from(json!({ "query": query }).to_string())).unwrap()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    serde_json::from_value(answer.json()).unwrap()
}

/// The units of a page of the list.
fn units(list: &RecordList) -> Vec<&str> {
    list.rows.iter().map(|row| row.record.unit_name.as_str()).collect()
}

#[tokio::test]
async fn b1_the_tabs_count_own_subordinate_and_waiting_records() {
    on_both(async |app: &TestApp| {
        // A zero report is enough to wait.
        let mut ids = Vec::new();
        for (login, next) in [
            ("unit03", person(app, "leader")),
            ("unit99", institution(app, CHIEF)),
            ("pudong", Value::Null),
            ("jdc", person(app, "reviewer")),
        ] {
            let clerk = app.sign_in(login).await;
            let id = generate(&clerk, 2024).await;
            if !next.is_null() {
                ok(submit(&clerk, &id, next).await);
            }
            ids.push(id);
        }
        // 全部, 本单位, 下级单位, 待审批.
        for (login, expected) in [
            ("leader", [4, 1, 3, 2]),
            ("reviewer", [4, 1, 3, 2]),
            ("jdc", [4, 1, 3, 0]),
            ("unit03", [1, 1, 0, 0]),
            ("head03", [1, 1, 0, 0]),
            ("unit99", [1, 1, 0, 0]),
        ] {
            let visitor = app.sign_in(login).await;
            assert_eq!(list(&visitor, "all").await.counts, expected, "{login}");
            for (scope, count) in ["all", "own", "subordinate", "waiting"].into_iter().zip(expected) {
                let found = list(&visitor, scope).await;
                assert_eq!((found.total, found.rows.len()), (count, count), "{login} {scope}");
            }
        }
        let leader = app.sign_in("leader").await;
        let waiting = list(&leader, "waiting").await;
        let mut waits = units(&waiting);
        waits.sort_unstable();
        assert_eq!(waits, [UNIT_03, UNIT_99], "by name and by institution");
        assert!(waiting.rows.iter().all(|row| row.allowed.review));
        ok(decide(&leader, &ids[1], true, "", Value::Null).await);
        assert_eq!(list(&leader, "waiting").await.counts, [4, 1, 3, 1]);
        assert_eq!(
            list(&app.sign_in("reviewer").await, "waiting").await.counts,
            [4, 1, 3, 1],
            "an institution's step is answered for all of it"
        );
        let clerk = app.sign_in("unit99").await;
        ok(reasoned(&clerk, "ask_correction", &ids[1], "更正").await);
        let found = list(&leader, "waiting").await;
        assert_eq!(found.total, 2, "a correction waits too");
        assert!(found.rows.iter().any(|row| row.allowed.answer_correction && !row.allowed.review));
    })
    .await;
}

#[tokio::test]
async fn b2_the_filters_narrow_every_tab() {
    on_both(async |app: &TestApp| {
        for (login, years) in [("unit03", vec![2022, 2024]), ("pudong", vec![2024])] {
            let clerk = app.sign_in(login).await;
            for year in years {
                generate(&clerk, year).await;
            }
        }
        let chief = app.sign_in("jdc").await;
        let all = list(&chief, "all").await;
        assert_eq!(all.years.iter().map(|year| year.number()).collect::<Vec<_>>(), [2024, 2022]);
        assert_eq!(all.rows.iter().map(|row| row.record.year.number()).collect::<Vec<_>>(), [2024, 2024, 2022], "newest first");
        let of_2024 = ask(&chief, json!({ "scope": "all", "year": 2024, "unit": "", "status": "", "page": 1 })).await;
        assert_eq!(of_2024.counts, [2, 0, 2, 0]);
        let query = |unit: &str, status: &str| json!({ "scope": "all", "year": null, "unit": unit, "status": status, "page": 1 });
        let named = ask(&chief, query(" 浦东 ", "")).await;
        assert_eq!(units(&named), [PUDONG]);
        let in_review = ask(&chief, query("", "in_review")).await;
        assert_eq!((in_review.total, in_review.years.len()), (0, 2), "the years offered do not depend on the filter");
        let beyond = ask(&chief, json!({ "scope": "all", "year": null, "unit": "", "status": "", "page": 99 })).await;
        assert_eq!((beyond.page, beyond.rows.len()), (1, 3));
    })
    .await;
}

#[tokio::test]
async fn b3_a_row_shows_the_sums_exactly() {
    on_both(async |app: &TestApp| {
        let own = |no: &str, sme: i64, small_micro: i64| Contract {
            amount: Money::from_fen(sme),
            sme: Some(Money::from_fen(sme)),
            small_micro: Some(Money::from_fen(small_micro)),
            ..contract(no)
        };
        import(app, vec![own("1", 8_778_929_175, 262_400_000), own("2", 1, 0)]).await;
        let clerk = app.sign_in("unit03").await;
        generate(&clerk, 2024).await;
        let record = &list(&clerk, "own").await.rows[0].record;
        let ratio = setaside::domain::money::Ratio::of(record.small_micro, record.sme);
        assert_eq!([record.sme.wan(), record.small_micro.wan(), ratio.to_string()], ["8778.929176", "262.4", "2.99"]);
    })
    .await;
}

/// The flags that are set: 编辑, 撤回, 审核, 申请更正, 处理更正申请.
fn flags(allowed: Allowed) -> String {
    [(allowed.edit, 'e'), (allowed.withdraw, 'w'), (allowed.review, 'r'), (allowed.ask_correction, 'c'), (allowed.answer_correction, 'a')]
        .into_iter()
        .map(|(set, letter)| if set { letter } else { '.' })
        .collect()
}

#[tokio::test]
async fn b4_what_is_offered_follows_state_and_role_on_the_page_and_in_the_list() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        let visitors = ["unit03", "head03", "jdc", "reviewer", "leader"];
        let check = async |state: &str, expected: [&str; 5]| {
            for (login, expected) in visitors.into_iter().zip(expected) {
                let visitor = app.sign_in(login).await;
                let seen = view(&visitor, &id).await;
                assert_eq!((seen.record.status.code(), flags(seen.allowed).as_str()), (state, expected), "{login} on the page");
                let row = list(&visitor, "all").await.rows.remove(0);
                assert_eq!((row.record.status.code(), flags(row.allowed).as_str()), (state, expected), "{login} in the list");
            }
        };
        check("draft", ["e....", ".....", ".....", ".....", "....."]).await;
        ok(submit(&clerk, &id, person(app, "head03")).await);
        check("in_review", [".w...", "..r..", ".....", ".....", "....."]).await;
        ok(decide(&app.sign_in("head03").await, &id, true, "", institution(app, CHIEF)).await);
        check("in_review", [".w...", ".....", ".....", "..r..", "..r.."]).await;
        ok(reasoned(&clerk, "withdraw_record", &id, "").await);
        check("withdrawn", ["e....", ".....", ".....", ".....", "....."]).await;
        ok(submit(&clerk, &id, person(app, "leader")).await);
        check("in_review", [".w...", ".....", ".....", ".....", "..r.."]).await;
        ok(decide(&app.sign_in("leader").await, &id, false, "再核", Value::Null).await);
        check("returned", ["e....", ".....", ".....", ".....", "....."]).await;
        ok(submit(&clerk, &id, person(app, "leader")).await);
        ok(decide(&app.sign_in("leader").await, &id, true, "", Value::Null).await);
        check("approved", ["...c.", ".....", ".....", ".....", "....."]).await;
        ok(reasoned(&clerk, "ask_correction", &id, "更正").await);
        check("correction_asked", [".....", ".....", ".....", "....a", "....a"]).await;
    })
    .await;
}

#[tokio::test]
async fn b8_another_units_record_does_not_exist_for_any_of_its_endpoints() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = submitted(app).await;
        let seen = view(&clerk, &id).await;
        let first = line(&seen, "1");
        let version = seen.record.version;
        let endpoints = [
            ("record", json!({ "record": id })),
            ("save_line", edit(&id, first, &[("reason", "x")])),
            ("change_lines", remove(&id, first)),
            ("take_out", and(at(&id, first), "reason", "x")),
            ("claim_in", json!({ "record": id, "left_out": seen.left_out[0].id, "reason": "x" })),
            ("save_record_remark", json!({ "record": id, "before": "", "remark": "x" })),
            ("submit_record", json!({ "record": id, "version": version, "content_version": 1, "next": institution(app, CHIEF) })),
            ("withdraw_record", json!({ "record": id, "version": version, "reason": "x" })),
            ("decide_record", json!({ "record": id, "version": version, "decision": { "agree": true, "opinion": "", "next": null } })),
            ("ask_correction", json!({ "record": id, "version": version, "reason": "x" })),
            ("answer_correction", json!({ "record": id, "version": version, "consent": true, "opinion": "" })),
            ("delete_record", json!({ "record": id, "version": version })),
        ];
        // A 主管 of its own has no say over a tree that is not below it.
        app.execute("UPDATE units SET is_supervisor = 1, parent_id = NULL WHERE name = '浦东新区采购中心'").await;
        promote(app, "pudong").await;
        let none = json!({ "record": "01890a5d-ac96-774b-bcce-b302099a8057" });
        for login in ["unit99", "pudong", "admin"] {
            let visitor = app.sign_in(login).await;
            let (_, unknown) = visitor.post_api("record", none.clone()).await;
            for (endpoint, input) in &endpoints {
                let (status, answer) = visitor.post_api(endpoint, input.clone()).await;
                assert_eq!((status, &answer), (404, &unknown), "{login} {endpoint}");
            }
        }
        for login in ["unit99", "pudong"] {
            assert_eq!(list(&app.sign_in(login).await, "all").await.counts, [0; 4], "{login}");
        }
        assert_eq!(view(&clerk, &id).await, seen);
    })
    .await;
}

#[tokio::test]
async fn b8_the_chief_looks_and_the_owner_edits() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        let seen = view(&clerk, &id).await;
        for login in ["jdc", "reviewer", "leader", "head03"] {
            let visitor = app.sign_in(login).await;
            let shown = view(&visitor, &id).await;
            assert_eq!((&shown.lines, &shown.left_out), (&seen.lines, &seen.left_out));
            assert!(shown.candidates.is_empty(), "who submits nothing is offered nobody");
            refused(visitor.post_api("save_line", edit(&id, line(&seen, "1"), &[("reason", "x")])).await, 403);
            refused(submit(&visitor, &id, institution(app, CHIEF)).await, 403);
        }
    })
    .await;
}
