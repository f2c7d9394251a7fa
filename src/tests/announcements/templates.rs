//! 公告模板: kept by the 系统管理员, copied by each announcement, applied anew only when somebody asks for it.

use super::super::support::{TestApp, Visitor, on_both, on_sqlite};
use super::{approved_records, created, generate, published, read, version};
use serde_json::{Value, json};

/// The form of the official template under a name, for a place from a year on, with a paragraph of its own.
pub(super) async fn draft(admin: &Visitor<'_>, name: &str, place: &str, from: &str, words: &str) -> Value {
    let official: Value = admin.call("notice_template", json!({ "id": null })).await;
    let mut draft = official["draft"].clone();
    let mut document: Value = serde_json::from_str(draft["document"].as_str().unwrap()).unwrap();
    let own = json!({ "type": "paragraph", "content": [{ "type": "text", "text": words }] });
    document["content"].as_array_mut().unwrap().insert(3, own);
    draft["document"] = json!(document.to_string());
    (draft["name"], draft["place"], draft["from"]) = (json!(name), json!(place), json!(from));
    draft["title"] = json!(format!("｛单位名称｝｛年度｝年面向中小企业预留项目执行情况公告（{name}）"));
    draft
}

fn adding(draft: Value) -> Value {
    json!({ "id": null, "version": 0, "draft": draft })
}

/// A stored template; its id and version.
pub(super) async fn stored(admin: &Visitor<'_>, draft: Value) -> (String, i64) {
    let stored: Value = admin.call("save_notice_template", adding(draft)).await;
    (stored["id"].as_str().unwrap().to_owned(), stored["version"].as_i64().unwrap())
}

async fn list(admin: &Visitor<'_>) -> Vec<Value> {
    let list: Value = admin.call("notice_templates", Value::Null).await;
    list["rows"].as_array().unwrap().clone()
}

/// The field and the words of a refusal.
async fn refused_at(admin: &Visitor<'_>, draft: Value) -> (String, String) {
    let (status, answer) = admin.post_api("save_notice_template", adding(draft)).await;
    assert_eq!(status, 422, "{answer}");
    (answer["detail"]["field"].as_str().unwrap().to_owned(), answer["detail"]["message"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn c7_the_administrator_adds_changes_and_deletes_templates_and_nobody_else_does() {
    on_both(async |app: &TestApp| {
        let admin = app.sign_in("admin").await;
        let first = draft(&admin, "上海模板", "31", "2024", "上海的话。").await;
        let (id, version) = stored(&admin, first.clone()).await;
        assert_eq!(stored(&admin, first.clone()).await, (id.clone(), version), "asked again, because the answer was lost");
        let mut changed = first.clone();
        changed["to"] = json!("2025");
        let form = json!({ "id": id, "version": version, "draft": changed });
        let saved: Value = admin.call("save_notice_template", form.clone()).await;
        assert_eq!(saved["version"], version + 1);
        let again: Value = admin.call("save_notice_template", form).await;
        assert_eq!(again["version"], version + 1, "done already");
        let words = admin.refused("save_notice_template", json!({ "id": id, "version": version, "draft": first }), 409).await;
        assert!(words.contains("您填写的内容仍在本页"), "{words}");
        let view: Value = admin.call("notice_template", json!({ "id": id })).await;
        assert_eq!((view["versions"].as_array().unwrap().len(), &view["draft"]), (2, &changed));
        let change: Value = admin.call("notice_template_change", json!({ "id": id, "number": 2 })).await;
        assert_eq!(change["comparison"]["facts"][0]["label"], "适用年度");
        let change: Value = admin.call("notice_template_change", json!({ "id": id, "number": 1 })).await;
        assert_eq!((&change["comparison"], &change["draft"]), (&Value::Null, &first));
        for login in ["unit03", "reviewer", "jdc", "leader"] {
            let visitor = app.sign_in(login).await;
            visitor.refused("notice_templates", Value::Null, 404).await;
            visitor.refused("notice_template", json!({ "id": id }), 404).await;
            visitor.refused("save_notice_template", adding(first.clone()), 404).await;
            visitor.refused("delete_notice_template", json!({ "id": id, "version": 2 }), 404).await;
        }
        admin.refused("delete_notice_template", json!({ "id": id, "version": 1 }), 409).await;
        let () = admin.call("delete_notice_template", json!({ "id": id, "version": 2 })).await;
        assert!(list(&admin).await.is_empty());
        admin.refused("notice_template", json!({ "id": id }), 404).await;
        admin.refused("save_notice_template", json!({ "id": id, "version": 2, "draft": changed }), 404).await;
    })
    .await;
}

#[tokio::test]
async fn c7_a_template_is_refused_at_its_field_and_what_is_missing_is_named() {
    on_both(async |app: &TestApp| {
        let admin = app.sign_in("admin").await;
        let good = draft(&admin, "甲", "", "2024", "甲的话。").await;
        let with = |field: &str, text: &str| {
            let mut draft = good.clone();
            draft[field] = json!(text);
            draft
        };
        for (field, text, words) in [
            ("name", " ", "请填写模板名称"),
            ("place", "3205", "没有代码以「3205」开头的行政区划"),
            ("from", "去年", "起始年度请填写"),
            ("to", "2023", "不能早于起始年度"),
            ("title", "｛单位名称｝公告", "公告标题中缺少｛年度｝"),
            ("document", r#"{"type":"doc","content":[{"type":"paragraph"}]}"#, "面向中小企业采购共计｛中小企业采购金额｝万元"),
            ("document", r#"{"type":"doc","content":[{"type":"script"}]}"#, ""),
        ] {
            let (at, said) = refused_at(&admin, with(field, text)).await;
            assert!(at == field && said.contains(words), "{at}: {said}");
        }
        let said = refused_at(&admin, with("document", r#"{"type":"doc","content":[{"type":"paragraph"}]}"#)).await.1;
        for words in ["面向小微企业采购", "占｛占比｝%", "部门（单位）名称：", "预留项目明细", "「备注」", "「发布日期」"]
        {
            assert!(said.contains(words), "{words}: {said}");
        }
        stored(&admin, good.clone()).await;
        let (at, said) = refused_at(&admin, with("name", "乙")).await;
        assert!(at == "from" && said.contains("各地 2024 年度起已有模板「甲」"), "{at}: {said}");
        assert_eq!(refused_at(&admin, with("from", "2025")).await.0, "name");
    })
    .await;
}

#[tokio::test]
async fn c7_two_administrators_do_not_overwrite_each_other_at_the_same_moment() {
    on_both(async |app: &TestApp| {
        let (one, two) = (app.sign_in("admin").await, app.sign_in("admin").await);
        let adds = async |visitor: &Visitor<'_>, name: &str| {
            let draft = draft(visitor, name, "31", "2024", name).await;
            visitor.post_api("save_notice_template", adding(draft)).await.0
        };
        let (first, second) = tokio::join!(adds(&one, "甲"), adds(&two, "乙"));
        let mut found = [first, second];
        found.sort_unstable();
        assert_eq!(found, [200, 422], "one place and year, one template");
        let row = list(&one).await[0].clone();
        let changes = async |visitor: &Visitor<'_>, words: &str| {
            let draft = draft(visitor, "丙", "31", "2024", words).await;
            visitor.post_api("save_notice_template", json!({ "id": row["id"], "version": 1, "draft": draft })).await.0
        };
        let (first, second) = tokio::join!(changes(&one, "一"), changes(&two, "二"));
        let mut found = [first, second];
        found.sort_unstable();
        assert_eq!(found, [200, 409]);
        assert_eq!(list(&one).await[0]["version"], 2);
    })
    .await;
}

#[tokio::test]
async fn c7_an_announcement_takes_its_own_copy_of_the_template_that_serves_it() {
    on_both(async |app: &TestApp| {
        let admin = app.sign_in("admin").await;
        let mut texts = Vec::new();
        for (name, place, from) in [("各地", "", "2024"), ("区", "310115", "2021"), ("市级", "3199", "2022"), ("市级以后", "3199", "2025")]
        {
            let draft = draft(&admin, name, place, from, &format!("{name}的话。")).await;
            texts.push((stored(&admin, draft.clone()).await, draft));
        }
        let ((served, _), text) = texts[2].clone();
        let (clerk, id) = created(app).await;
        let seen = read(&clerk, &id).await;
        assert_eq!(
            (&seen["template"]["name"], &seen["template"]["number"], &seen["template"]["newer"]),
            (&json!("市级"), &json!(1), &Value::Null)
        );
        let logged = &seen["history"]["events"][0]["detail"];
        assert!(logged.as_str().unwrap().contains("公告模板：市级（第 1 版）"), "{logged}");
        assert_eq!(list(&admin).await.iter().map(|row| row["used"].as_i64().unwrap()).collect::<Vec<_>>(), [0, 0, 1, 0]);
        // What the administrator changes between creation and 「生成公告」 does not reach it either.
        let mut later = text.clone();
        later["document"] = draft(&admin, "市级", "3199", "2022", "后来的话。").await["document"].clone();
        let _: Value = admin.call("save_notice_template", json!({ "id": served, "version": 1, "draft": later })).await;
        generate(&clerk, &id).await;
        let seen = read(&clerk, &id).await;
        assert_eq!(seen["title"], "上海机动车管理中心2024年面向中小企业预留项目执行情况公告（市级）");
        let document = seen["document"].as_str().unwrap();
        assert!(document.contains("市级的话。") && !document.contains("后来的话。"), "{document}");
        assert_eq!(seen["template"]["newer"]["number"], 2);
        // Used, it cannot be deleted, only ended.
        let words = admin.refused("delete_notice_template", json!({ "id": served, "version": 2 }), 409).await;
        assert!(words.contains("已有 1 份公告使用模板「市级」") && words.contains("适用至"), "{words}");
        later["to"] = json!("2023");
        let _: Value = admin.call("save_notice_template", json!({ "id": served, "version": 2, "draft": later })).await;
        assert_eq!(read(&clerk, &id).await["template"]["newer"]["name"], "各地", "its own has ended: the next nearest serves");
        // With the announcement the use is gone.
        let version = version(&clerk, &id).await;
        let () = clerk.call("delete_announcement", json!({ "id": id, "version": version })).await;
        let () = admin.call("delete_notice_template", json!({ "id": served, "version": 3 })).await;
    })
    .await;
}

#[tokio::test]
async fn c7_a_new_template_is_applied_only_when_somebody_asks_and_can_be_undone() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        generate(&clerk, &id).await;
        let before = read(&clerk, &id).await;
        assert_eq!((&before["template"]["name"], &before["template"]["newer"]), (&json!("官方模板"), &Value::Null));
        let apply =
            |version: i64, template: &Value, number: i64| json!({ "id": id, "version": version, "template": template, "number": number });
        let admin = app.sign_in("admin").await;
        let (template, _) = stored(&admin, draft(&admin, "新的", "31", "2023", "新的话。").await).await;
        let at = version(&clerk, &id).await;
        // Something typed that no version holds yet.
        let change = json!({ "basics": null, "title": "改过的标题2024", "remark": null, "document": null });
        let _: Value = clerk.call("save_announcement", json!({ "id": id, "version": at, "change": change })).await;
        let at = version(&clerk, &id).await;
        let offered = read(&clerk, &id).await["template"]["newer"].clone();
        assert_eq!((&offered["template"], &offered["number"]), (&json!(template), &json!(1)));
        let words = clerk.refused("apply_notice_template", apply(at, &Value::Null, 0), 409).await;
        assert!(words.contains("又有变动"), "{words}");
        clerk.refused("apply_notice_template", apply(at - 1, &json!(template), 1), 409).await;
        app.sign_in("leader").await.refused("apply_notice_template", apply(at, &json!(template), 1), 403).await;
        let saved: Value = clerk.call("apply_notice_template", apply(at, &json!(template), 1)).await;
        let again: Value = clerk.call("apply_notice_template", apply(at, &json!(template), 1)).await;
        assert_eq!((&saved["version"], &again["version"]), (&json!(at + 1), &json!(at + 1)), "done once");
        let after = read(&clerk, &id).await;
        assert!(after["document"].as_str().unwrap().contains("新的话。"));
        assert_eq!((&after["template"]["name"], &after["template"]["newer"]), (&json!("新的"), &Value::Null));
        assert_eq!(after["title"], "上海机动车管理中心2024年面向中小企业预留项目执行情况公告（新的）");
        let versions: Value = clerk.call("announcement_versions", json!({ "id": id })).await;
        let rows = versions["rows"].as_array().unwrap();
        assert_eq!(
            (&rows[0]["occasion"], &rows[0]["note"], &rows[1]["occasion"]),
            (&json!("templated"), &json!("新的（第 1 版）"), &json!("edited"))
        );
        let _: Value =
            clerk.call("restore_announcement_version", json!({ "id": id, "version": at + 1, "number": rows[1]["number"] })).await;
        let undone = read(&clerk, &id).await;
        assert_eq!((&undone["title"], &undone["document"]), (&json!("改过的标题2024"), &before["document"]));
    })
    .await;
}

#[tokio::test]
async fn e7_what_was_published_keeps_its_template_and_so_does_its_correction() {
    on_sqlite(async |app: &TestApp| {
        let admin = app.sign_in("admin").await;
        let text = draft(&admin, "市级", "3199", "2022", "市级的话。").await;
        let (template, version) = stored(&admin, text.clone()).await;
        let (clerk, id, _) = published(app).await;
        let body = read(&clerk, &id).await["body_html"].clone();
        assert!(body.as_str().unwrap().contains("市级的话。"));
        let mut later = text;
        later["document"] = draft(&admin, "市级", "3199", "2022", "后来的话。").await["document"].clone();
        let _: Value = admin.call("save_notice_template", json!({ "id": template, "version": version, "draft": later })).await;
        let seen = read(&clerk, &id).await;
        assert_eq!((&seen["body_html"], &seen["template"]["number"]), (&body, &json!(1)));
        let asked = json!({ "id": id, "version": seen["version"], "reason": "补充说明" });
        let successor: String = clerk.call("correct_announcement", asked).await;
        let seen = read(&clerk, &successor).await;
        assert_eq!((&seen["template"]["name"], &seen["template"]["number"]), (&json!("市级"), &json!(1)));
        assert!(seen["document"].as_str().unwrap().contains("市级的话。"));
        let offered = seen["template"]["newer"].clone();
        let choice = json!({ "id": id, "version": read(&clerk, &id).await["version"], "template": offered["template"], "number": offered["number"] });
        clerk.refused("apply_notice_template", choice, 409).await;
    })
    .await;
}

#[tokio::test]
async fn a13_a_zero_report_takes_the_sentence_for_it_from_the_same_template() {
    on_sqlite(async |app: &TestApp| {
        let admin = app.sign_in("admin").await;
        stored(&admin, draft(&admin, "市级", "3199", "2022", "市级的话。").await).await;
        app.import_sample().await;
        approved_records(app, &["unit03"]).await;
        let clerk = app.sign_in("jdc").await;
        let id: String = clerk.call("create_announcement", json!({ "year": 2024 })).await;
        for line in read(&clerk, &id).await["lines"].as_array().unwrap() {
            let removed =
                json!({ "id": id, "version": version(&clerk, &id).await, "line": line["id"], "change": "remove", "reason": "试" });
            let _: Value = clerk.call("change_announcement_line", removed).await;
        }
        generate(&clerk, &id).await;
        let document = read(&clerk, &id).await["document"].as_str().unwrap().to_owned();
        assert!(document.contains("年无面向中小企业预留项目。") && document.contains("市级的话。"), "{document}");
        assert!(!document.contains("sme_amount") && !document.contains("detail"), "{document}");
    })
    .await;
}

#[tokio::test]
async fn c7_a_draft_of_before_there_were_templates_begins_with_the_official_one_and_works() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        app.execute("DELETE FROM announcement_wordings").await;
        let seen = read(&clerk, &id).await;
        assert_eq!(
            (&seen["template"]["name"], &seen["template"]["number"], &seen["template"]["newer"]),
            (&json!("官方模板"), &json!(0), &Value::Null)
        );
        generate(&clerk, &id).await;
        let seen = read(&clerk, &id).await;
        assert_eq!(seen["title"], "上海机动车管理中心2024年面向中小企业预留项目执行情况公告");
        let change = json!({ "basics": null, "title": null, "remark": "备注", "document": null });
        let _: Value = clerk.call("save_announcement", json!({ "id": id, "version": seen["version"], "change": change })).await;
        // A template that serves by now is offered, and taken only when somebody asks.
        let admin = app.sign_in("admin").await;
        let (template, _) = stored(&admin, draft(&admin, "新的", "31", "2023", "新的话。").await).await;
        let offered = read(&clerk, &id).await["template"]["newer"].clone();
        assert_eq!((&offered["template"], &offered["name"]), (&json!(template), &json!("新的")));
        let choice = json!({ "id": id, "version": version(&clerk, &id).await, "template": template, "number": 1 });
        let _: Value = clerk.call("apply_notice_template", choice).await;
        assert_eq!(read(&clerk, &id).await["template"]["name"], "新的");
        let versions: Value = clerk.call("announcement_versions", json!({ "id": id })).await;
        // The version of before knows no template: its text comes back, and the template stays.
        let before = versions["rows"].as_array().unwrap().iter().find(|row| row["occasion"] == "generated").unwrap()["number"].clone();
        let restoration = json!({ "id": id, "version": version(&clerk, &id).await, "number": before });
        let _: Value = clerk.call("restore_announcement_version", restoration).await;
        let restored = read(&clerk, &id).await;
        assert_eq!((&restored["document"], &restored["template"]["name"]), (&seen["document"], &json!("新的")));
    })
    .await;
}

#[tokio::test]
async fn c7_restoring_what_stood_before_a_new_template_brings_the_old_one_back() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        generate(&clerk, &id).await;
        let before = read(&clerk, &id).await;
        let admin = app.sign_in("admin").await;
        let (template, _) = stored(&admin, draft(&admin, "新的", "31", "2023", "新的话。").await).await;
        let choice = json!({ "id": id, "version": version(&clerk, &id).await, "template": template, "number": 1 });
        let _: Value = clerk.call("apply_notice_template", choice).await;
        let restore = async |number: i64| {
            let restoration = json!({ "id": id, "version": version(&clerk, &id).await, "number": number });
            let _: Value = clerk.call("restore_announcement_version", restoration).await;
            read(&clerk, &id).await
        };
        let old = restore(2).await;
        assert_eq!(
            (&old["document"], &old["template"]["name"], &old["template"]["document"]),
            (&before["document"], &before["template"]["name"], &before["template"]["document"])
        );
        assert_eq!(old["template"]["newer"]["name"], "新的", "it is offered again");
        let () = admin.call("delete_notice_template", json!({ "id": template, "version": 1 })).await;
        // The copy outlives its template.
        let new = restore(3).await;
        assert!(new["document"].as_str().unwrap().contains("新的话。"));
        assert_eq!((&new["template"]["name"], &new["template"]["newer"]["name"]), (&json!("新的"), &json!("官方模板")));
    })
    .await;
}

#[tokio::test]
async fn c7_a_save_asked_again_is_known_by_the_person_and_not_by_a_name_that_two_may_have() {
    on_both(async |app: &TestApp| {
        app.execute("UPDATE users SET is_admin = 1, name = '周管' WHERE login = 'leader'").await;
        let (one, namesake) = (app.sign_in("admin").await, app.sign_in("leader").await);
        let first = draft(&one, "上海模板", "31", "2024", "上海的话。").await;
        let (id, version) = stored(&one, first.clone()).await;
        let (status, answer) = namesake.post_api("save_notice_template", adding(first.clone())).await;
        assert_eq!(status, 422, "another person's template of the same words is theirs: {answer}");
        let mut changed = first;
        changed["to"] = json!("2025");
        let form = json!({ "id": id, "version": version, "draft": changed });
        let _: Value = one.call("save_notice_template", form.clone()).await;
        let refusal = namesake.refused("save_notice_template", form.clone(), 409).await;
        assert!(refusal.contains("模板已由周管"), "{refusal}");
        let again: Value = one.call("save_notice_template", form).await;
        assert_eq!(again["version"], version + 1);
    })
    .await;
}
