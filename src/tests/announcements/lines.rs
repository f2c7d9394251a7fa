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
