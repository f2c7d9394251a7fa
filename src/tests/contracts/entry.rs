//! The unit's own contracts: entered, changed, deleted; what is refused, and what two people at one contract learn of each other.

use super::super::support::{TestApp, UNIT_03, Visitor, on_both};
use super::{ledger, ledger_query};
use serde_json::{Value, json};
use setaside::domain::contract::Source;
use setaside::domain::ids::ContractId;
use setaside::domain::sheet::Draft;
use setaside::features::contracts::api::Ledger;
use setaside::features::contracts::entry::api::SavedContract;
use setaside::features::contracts::entry::{ContractView, EmptyForm, Twin};

/// A works contract by hand: 合同分包预留, 40 % of 100 万元 for small and micro.
fn draft(number: &str) -> Value {
    json!({
        "contract_no": number, "project_name": "道路维修", "supplier_name": "某某建设", "amount_yuan": "1,000,000", "reserved": "是",
        "measure": "合同分包预留", "target": "小微企业", "reserved_pct": "40", "signed_on": "2024-03-15",
    })
}

fn with(mut draft: Value, column: &str, text: &str) -> Value {
    draft[column] = json!(text);
    draft
}

fn form(id: Option<&ContractId>, version: i64, draft: Value) -> Value {
    json!({ "id": id, "version": version, "draft": draft })
}

async fn entered(clerk: &Visitor<'_>, number: &str) -> SavedContract {
    clerk.call("save_contract", form(None, 0, draft(number))).await
}

async fn view(visitor: &Visitor<'_>, id: &ContractId) -> ContractView {
    visitor.call("contract", json!({ "id": id })).await
}

/// The field at which a save is refused, and the words there.
async fn refused_at(clerk: &Visitor<'_>, form: Value) -> (String, String) {
    let (status, answer) = clerk.post_api("save_contract", form).await;
    assert_eq!(status, 422, "{answer}");
    let text = |key: &str| answer["detail"][key].as_str().unwrap().to_owned();
    (text("field"), text("message"))
}

#[tokio::test]
async fn a5_a_contract_is_entered_counted_changed_and_deleted() {
    on_both(async |app: &TestApp| {
        let clerk = app.sign_in("unit03").await;
        let empty: EmptyForm = clerk.call("new_contract", Value::Null).await;
        assert!(serde_json::to_value(&empty.draft).unwrap()["buyer_name"] == UNIT_03);
        let SavedContract { id, version } = entered(&clerk, "GC-1").await;
        let found = view(&clerk, &id).await;
        assert_eq!((found.version, version, found.locked.as_deref()), (1, 1, None));
        assert_eq!((found.contract.source, found.contract.buyer_name.as_str()), (Source::SelfEntered, UNIT_03));
        let sums = ledger(&clerk, json!({ "verdict": "counted" })).await.sums;
        assert_eq!((sums.total, sums.sme.yuan(), sums.small_micro.yuan()), (1, "400000".to_owned(), "400000".to_owned()));

        // Of one moment the log knows no order.
        app.wait(1);
        let changed = with(with(draft("GC-2"), "reserved_pct", "50"), "lot", "1");
        let saved: SavedContract = clerk.call("save_contract", form(Some(&id), 1, changed.clone())).await;
        assert_eq!(saved, SavedContract { id: id.clone(), version: 2 });
        let found = view(&clerk, &id).await;
        assert_eq!((found.contract.contract_no.as_str(), found.contract.lot.as_str()), ("GC-2", "1"));
        assert_eq!(found.events[0].what, "修改合同");
        assert!(found.events[0].detail.contains("预留比例（%）：40 → 50"), "{}", found.events[0].detail);
        assert_eq!(ledger(&clerk, json!({ "words": "gc-2" })).await.sums.sme.yuan(), "500000");
        let again: SavedContract = clerk.call("save_contract", form(Some(&id), 2, changed)).await;
        assert_eq!(again.version, 2, "what says the same is no change");

        assert!(clerk.refused("delete_contract", json!({ "id": id, "version": 1 }), 409).await.contains("没有删除"));
        clerk.call::<()>("delete_contract", json!({ "id": id, "version": 2 })).await;
        clerk.refused("contract", json!({ "id": id }), 404).await;
        assert_eq!(ledger(&clerk, json!({})).await.sums.total, 0);
    })
    .await;
}

#[tokio::test]
async fn e1_a_field_is_refused_with_the_words_of_an_import() {
    on_both(async |app: &TestApp| {
        let clerk = app.sign_in("unit03").await;
        for (column, text, words) in [
            ("contract_no", "", "请填写合同编号。"),
            ("amount_yuan", "12万", "本列单位是元，请把万元换算成元"),
            ("signed_on", "2023-07-32", "日期不存在或格式不对"),
            ("measure", "整包", "请改为：整体预留、包预留、联合体预留、合同分包预留"),
            ("reserved_pct", "0", "预留比例应大于 0 且不超过 100"),
            ("url", "javascript:alert(1)", "链接应以 http:// 或 https:// 开头"),
            ("project_name", "a\u{0}b", "控制字符"),
        ] {
            let (field, message) = refused_at(&clerk, form(None, 0, with(draft("GC-1"), column, text))).await;
            assert_eq!(field, column);
            assert!(message.contains(words), "{column}: {message}");
        }
        let (status, _) = clerk.post_api("save_contract", form(None, 0, with(draft("GC-1"), "unit_id", "x"))).await;
        assert_eq!(status, 400, "there is no such column");
        assert_eq!(app.count("SELECT COUNT(*) FROM contracts").await, 0);
    })
    .await;
}

#[tokio::test]
async fn b8_whose_contract_it_is_and_where_it_comes_from_is_not_the_forms_to_say() {
    on_both(async |app: &TestApp| {
        let clerk = app.sign_in("unit03").await;
        let lies = with(with(draft("GC-1"), "buyer_name", "上海机动车管理中心"), "source", "框架协议");
        let saved: SavedContract = clerk.call("save_contract", form(None, 0, lies)).await;
        let found = view(&clerk, &saved.id).await;
        assert_eq!((found.contract.buyer_name.as_str(), found.contract.source), (UNIT_03, Source::SelfEntered));
        assert!(view(&app.sign_in("head03").await, &saved.id).await.locked.unwrap().contains("只有本单位经办"));
        assert!(view(&app.sign_in("reviewer").await, &saved.id).await.locked.unwrap().contains("下级单位"));
        app.sign_in("jdc").await.refused("save_contract", form(Some(&saved.id), 1, draft("GC-1")), 403).await;
        app.sign_in("unit99").await.refused("contract", json!({ "id": saved.id }), 404).await;
    })
    .await;
}

#[tokio::test]
async fn a5_what_the_platform_has_given_is_changed_by_no_hand() {
    on_both(async |app: &TestApp| {
        app.import_sample().await;
        let clerk = app.sign_in("unit03").await;
        for (source, word) in [("project", "项目采购"), ("framework", "框架协议")] {
            let line = ledger(&clerk, json!({ "source": source })).await.lines.remove(0);
            let found = view(&clerk, &line.id).await;
            assert!(found.locked.as_ref().unwrap().contains(&format!("{word}合同由采购平台采集")), "{:?}", found.locked);
            let same = serde_json::to_value(Draft::of(&line.contract)).unwrap();
            for refused in [
                clerk.refused("save_contract", form(Some(&line.id), found.version, with(same, "lot", "9")), 403).await,
                clerk.refused("delete_contract", json!({ "id": line.id, "version": found.version }), 403).await,
            ] {
                assert!(refused.contains("只能查看"), "{refused}");
            }
            assert_eq!(view(&clerk, &line.id).await.contract, line.contract);
        }
    })
    .await;
}

#[tokio::test]
async fn e1_a_key_that_another_contract_has_is_named() {
    on_both(async |app: &TestApp| {
        let clerk = app.sign_in("unit03").await;
        let first = entered(&clerk, "GC-1").await;
        let twin: Option<Twin> = clerk.call("contract_twin", json!({ "contract_no": " GC-1 ", "lot": "", "except": null })).await;
        assert_eq!(twin.unwrap().id, first.id);
        let own: Option<Twin> = clerk.call("contract_twin", json!({ "contract_no": "GC-1", "lot": "", "except": first.id })).await;
        assert_eq!(own, None);
        let (field, message) = refused_at(&clerk, form(None, 0, draft("GC-1"))).await;
        assert_eq!(field, "contract_no");
        assert!(message.contains("本单位已有合同编号 GC-1、没有标项的合同"), "{message}");
        let second = entered(&clerk, "GC-2").await;
        let (field, _) = refused_at(&clerk, form(Some(&second.id), 1, draft("GC-1"))).await;
        assert_eq!(field, "contract_no");
        // Another unit may have the same number.
        entered(&app.sign_in("unit99").await, "GC-1").await;
    })
    .await;
}

#[tokio::test]
async fn e1_the_second_of_two_people_is_told_and_overwrites_nothing() {
    on_both(async |app: &TestApp| {
        let clerk = app.sign_in("unit03").await;
        let SavedContract { id, .. } = entered(&clerk, "GC-1").await;
        let save = |text: &str| clerk.post_api("save_contract", form(Some(&id), 1, with(draft("GC-1"), "project_name", text)));
        let (first, second) = futures::join!(save("甲的名称"), save("乙的名称"));
        let mut statuses = [first.0, second.0];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        let kept = if first.0 == 200 { "甲的名称" } else { "乙的名称" };
        let found = view(&clerk, &id).await;
        assert_eq!((found.version, found.contract.project_name.as_str()), (2, kept));
    })
    .await;
}

#[tokio::test]
async fn e1_of_many_entries_with_one_key_exactly_one_is_stored() {
    on_both(async |app: &TestApp| {
        let clerk = app.sign_in("unit03").await;
        let tries = futures::future::join_all((0..4).map(|_| clerk.post_api("save_contract", form(None, 0, draft("GC-1"))))).await;
        assert_eq!(tries.iter().filter(|(status, _)| *status == 200).count(), 1);
        // A database that has no connection left in time says so; it is asked again.
        let is_told = |(status, answer): &(u16, Value)| matches!(status, 200 | 503) || answer["detail"]["field"] == "contract_no";
        assert!(tries.iter().all(is_told), "{tries:?}");
        assert_eq!(app.count("SELECT COUNT(*) FROM contracts").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a5_a_record_keeps_its_copy_of_a_contract_that_is_deleted() {
    on_both(async |app: &TestApp| {
        let clerk = app.sign_in("unit03").await;
        let counted = entered(&clerk, "GC-1").await;
        let left: SavedContract = clerk.call("save_contract", form(None, 0, with(draft("GC-2"), "reserved", "否"))).await;
        let generated: Value = clerk.call("generate_record", json!({ "year": 2024 })).await;
        let record = generated["New"].as_str().unwrap();
        for saved in [&counted, &left] {
            let held = view(&clerk, &saved.id).await.held;
            assert_eq!(held.iter().map(|(id, year)| (id.as_str(), year.number())).collect::<Vec<_>>(), [(record, 2024)]);
            clerk.call::<()>("delete_contract", json!({ "id": saved.id, "version": 1 })).await;
        }
        let kept: Value = clerk.call("record", json!({ "record": record })).await;
        assert_eq!((kept["lines"].as_array().unwrap().len(), kept["left_out"].as_array().unwrap().len()), (1, 1));
        assert_eq!(kept["lines"][0]["origin"]["Contract"]["contract"]["contract_no"], "GC-1");
    })
    .await;
}

#[tokio::test]
async fn e1_the_columns_of_the_ledger_are_remembered_for_each_person() {
    on_both(async |app: &TestApp| {
        let (clerk, head) = (app.sign_in("unit03").await, app.sign_in("head03").await);
        let columns = async |visitor: &Visitor<'_>| {
            let shown: Ledger = visitor.call("contracts", ledger_query(json!({}))).await;
            shown.columns.iter().map(|column| column.code()).collect::<Vec<_>>().join(" ")
        };
        let usual = columns(&clerk).await;
        assert!(usual.contains("amount"), "{usual}");
        clerk.call::<()>("choose_ledger_columns", json!({ "columns": ["verdict", "budget", "method"] })).await;
        assert_eq!(columns(&clerk).await, "method budget verdict", "in the order of the table");
        assert_eq!(columns(&head).await, usual);
        clerk.call::<()>("choose_ledger_columns", json!({ "columns": [] })).await;
        assert_eq!(columns(&clerk).await, "");
        let (status, _) = clerk.post_api("choose_ledger_columns", json!({ "columns": ["nothing"] })).await;
        assert_eq!(status, 400);
    })
    .await;
}
