//! Many lines changed at once, such as by a paste (C4).

use super::*;

fn edit(line: &Value, sme: &str) -> Value {
    let values = &line["values"];
    let text = |name: &str| values[name].as_str().unwrap_or_default().to_owned();
    let draft = json!({ "project_name": text("project_name"), "measure": "整体预留", "percent": "", "sme": sme, "small_micro": "0", "url": text("url") });
    json!({ "line": line["id"], "change": { "edit": draft } })
}

#[tokio::test]
async fn c4_many_lines_change_together_for_one_reason_or_not_at_all() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let seen = read(&clerk, &id).await;
        let lines = seen["lines"].as_array().unwrap();
        let change = |edits: Vec<Value>, reason: &str| json!({ "id": id, "version": seen["version"], "edits": edits, "reason": reason });
        let refusal =
            clerk.refused("change_announcement_lines", change(vec![edit(&lines[0], "1"), edit(&lines[1], "十万")], "核对"), 422).await;
        assert!(refusal.contains(lines[1]["approved"]["project_name"].as_str().unwrap()), "the line is named: {refusal}");
        let refusal = clerk.refused("change_announcement_lines", change(vec![edit(&lines[0], "1")], " "), 422).await;
        assert!(refusal.contains("修改理由"), "{refusal}");
        clerk.refused("change_announcement_lines", change(vec![], "核对"), 422).await;
        assert_eq!(read(&clerk, &id).await["lines"], seen["lines"], "all or none");
        let asked = change(vec![edit(&lines[0], "1.5"), edit(&lines[1], "２")], "核对");
        let done: Value = clerk.call("change_announcement_lines", asked.clone()).await;
        let again: Value = clerk.call("change_announcement_lines", asked).await;
        assert_eq!(done["saved"]["version"], again["saved"]["version"], "asked again, it is answered as done");
        let after = read(&clerk, &id).await;
        for (at, fen) in [(0, 1_500_000), (1, 2_000_000)] {
            let line = &after["lines"][at];
            assert_eq!((line["values"]["sme"].as_i64(), line["reason"].as_str()), (Some(fen), Some("核对")), "{line}");
            assert_eq!(line["approved"], lines[at]["approved"]);
        }
        assert_eq!(after["version"].as_i64(), seen["version"].as_i64().map(|version| version + 1), "one step");
        // Over what a colleague has changed since nothing is written.
        let refusal =
            clerk.refused("change_announcement_lines", change(vec![edit(&lines[2], "1"), edit(&lines[0], "9")], "再核"), 409).await;
        assert!(refusal.contains("已在别处修改"), "{refusal}");
    })
    .await;
}

#[tokio::test]
async fn c4_more_lines_than_one_statement_holds_change_at_once_each_by_its_own_values() {
    on_both(async |app: &TestApp| {
        let head = include_str!("../../../data/contracts-sample.csv").lines().next().unwrap();
        let row = |no: usize| {
            format!("X-{no},合同,P-{no},项目{no},,2024-01-13,测试区采购单位03,,供应商,,小型,服务,公开招标,48761.29,,项目采购,是,整体预留,小微企业,,,,,否,2024-11-19,2024-11-28,")
        };
        let text = std::iter::once(head.to_owned()).chain((1..=130).map(row)).collect::<Vec<_>>().join("\n");
        let import = sheet::read_table(contracts::decode::csv_rows(text.as_bytes()).unwrap().into_iter());
        contracts::commands::import(&app.services, import.contracts, app.now()).await.unwrap();
        approved_records(app, &["unit03"]).await;
        let clerk = app.sign_in("jdc").await;
        let id: String = clerk.call("create_announcement", json!({ "year": 2024 })).await;
        let seen = read(&clerk, &id).await;
        let lines = seen["lines"].as_array().unwrap();
        assert_eq!(lines.len(), 130);
        // All but the last, in an order of their own; every other one without 合同链接 or with 预留选项.
        let edits: Vec<Value> = lines[..129].iter().enumerate().rev().map(|(at, line)| edit(line, &(at + 1).to_string())).collect();
        let asked = json!({ "id": id, "version": seen["version"], "edits": edits, "reason": "核对" });
        let done: Value = clerk.call("change_announcement_lines", asked).await;
        assert_eq!(done["lines"].as_array().unwrap().len(), 129);
        let after = read(&clerk, &id).await;
        for (at, line) in after["lines"].as_array().unwrap().iter().enumerate() {
            let (sme, reason) = if at == 129 { (lines[129]["values"]["sme"].clone(), "") } else { (json!((at + 1) * 1_000_000), "核对") };
            assert_eq!((&line["id"], &line["values"]["sme"], line["reason"].as_str()), (&lines[at]["id"], &sme, Some(reason)));
        }
        // Each knows at which version it was changed: over the old one nothing is written, over the new one it is.
        let again = |version: &Value, line: usize| json!({ "id": id, "version": version, "edits": [edit(&lines[line], "7")], "reason": "再核" });
        clerk.refused("change_announcement_lines", again(&seen["version"], 64), 409).await;
        let _: Value = clerk.call("change_announcement_lines", again(&after["version"], 64)).await;
        let _: Value = clerk.call("change_announcement_lines", again(&seen["version"], 129)).await;
    })
    .await;
}

#[tokio::test]
async fn c4_a_line_named_twice_is_a_conflict_that_says_so_and_too_many_lines_are_refused() {
    on_sqlite(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let seen = read(&clerk, &id).await;
        let lines = seen["lines"].as_array().unwrap();
        let asked = |edits: Vec<Value>| json!({ "id": id, "version": seen["version"], "edits": edits, "reason": "核对" });
        let refusal = clerk.refused("change_announcement_lines", asked(vec![edit(&lines[0], "1"), edit(&lines[0], "2")]), 409).await;
        assert!(refusal.contains("同一行在一次保存中改了两处"), "{refusal}");
        let many = (0..5_001).map(|at| json!({ "line": format!("01890a5d-ac96-774b-bcce-{at:012x}"), "change": "remove" })).collect();
        let refusal = clerk.refused("change_announcement_lines", asked(many), 422).await;
        assert!(refusal.contains("一次最多修改 5000 行，这次有 5001 行"), "{refusal}");
        assert_eq!(read(&clerk, &id).await["lines"], seen["lines"]);
    })
    .await;
}
