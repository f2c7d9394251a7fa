//! 系统管理 and 统计口径设置.

use super::support::{CHIEF, PASSWORD, PUDONG, TestApp, UNIT_03, UNIT_99, Visitor, on_both};
use serde_json::{Value, json};
use setaside::domain::contract::YearBasis;
use setaside::domain::ids::UnitId;
use setaside::domain::organisation::{District, Unit};
use setaside::features::organisations::commands as organisations;

async fn person(admin: &Visitor<'_>, login: &str) -> Value {
    let people: Value = admin.call("admin_people", json!({ "search": login })).await;
    people["people"]
        .as_array()
        .unwrap()
        .iter()
        .find(|person| person["login"] == login)
        .unwrap_or_else(|| panic!("{login} in {people}"))
        .clone()
}

async fn unit(admin: &Visitor<'_>, name: &str) -> Value {
    let units: Value = admin.call("admin_units", Value::Null).await;
    units.as_array().unwrap().iter().find(|unit| unit["name"] == name).unwrap_or_else(|| panic!("{name} in {units}")).clone()
}

fn form(unit: &Value) -> Value {
    json!({
        "id": unit["id"], "version": unit["version"], "name": unit["name"], "parent": unit["parent"],
        "is_supervisor": unit["is_supervisor"], "district": unit["district"], "uscc": unit["uscc"],
    })
}

fn with(mut form: Value, key: &str, value: impl Into<Value>) -> Value {
    form[key] = value.into();
    form
}

fn new_unit(name: &str, parent: Value) -> Value {
    json!({ "id": null, "version": 0, "name": name, "parent": parent, "is_supervisor": false, "district": "310115", "uscc": "91350100 m000100y44" })
}

#[tokio::test]
async fn b8_units_are_added_changed_and_moved_but_never_below_themselves() {
    on_both(async |app: &TestApp| {
        let admin = app.sign_in("admin").await;
        let chief = unit(&admin, CHIEF).await;
        admin.call::<()>("save_unit", new_unit(" 新单位 ", chief["id"].clone())).await;
        let added = unit(&admin, "新单位").await;
        assert_eq!((added["uscc"].as_str(), &added["parent"]), (Some("91350100M000100Y44"), &chief["id"]), "an odd code is kept");
        for code in ["<SCRIPT>", "9135\u{0}", "<script>alert(1)</"] {
            admin.refused("save_unit", with(new_unit("另一单位", Value::Null), "uscc", code), 422).await;
        }
        let words = admin.refused("save_unit", new_unit("新单位", Value::Null), 422).await;
        assert!(words.contains("同名"), "{words}");
        let words = admin.refused("save_unit", new_unit("  ", Value::Null), 422).await;
        assert!(words.contains("单位名称"), "{words}");
        let words = admin.refused("save_unit", with(form(&chief), "parent", added["id"].clone()), 422).await;
        assert!(words.contains("下级单位之下"), "{words}");
        let words = admin.refused("save_unit", with(form(&added), "parent", added["id"].clone()), 422).await;
        assert!(words.contains("下级单位之下"), "{words}");
        admin.call::<()>("save_unit", with(form(&added), "name", "改名")).await;
        let words = admin.refused("save_unit", with(form(&added), "name", "再改"), 409).await;
        assert!(words.contains("已在别处修改"), "{words}");
        let renamed = unit(&admin, "改名").await;
        assert_eq!(renamed["version"], 2);
        admin.refused("save_unit", with(form(&renamed), "name", UNIT_99), 422).await;
        admin.call::<()>("save_unit", with(form(&renamed), "parent", unit(&admin, PUDONG).await["id"].clone())).await;
        let (status, _) = admin.post_api("save_unit", with(new_unit("x", Value::Null), "district", "999999")).await;
        assert_eq!(status, 400);
    })
    .await;
}

#[tokio::test]
async fn b8_two_moves_at_the_same_moment_never_make_a_cycle() {
    on_both(async |app: &TestApp| {
        let admin = app.sign_in("admin").await;
        for _ in 0..8 {
            let (one, two) = (unit(&admin, UNIT_99).await, unit(&admin, PUDONG).await);
            let below = |unit: &Value, above: &Value| with(form(unit), "parent", above["id"].clone());
            let (first, second) =
                tokio::join!(admin.post_api("save_unit", below(&one, &two)), admin.post_api("save_unit", below(&two, &one)));
            let mut statuses = [first.0, second.0];
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 422], "{first:?} {second:?}");
            let chief = unit(&admin, CHIEF).await;
            for name in [UNIT_99, PUDONG] {
                admin.call::<()>("save_unit", below(&unit(&admin, name).await, &chief)).await;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a1_an_organisation_is_founded_once_and_by_the_rules() {
    on_both(async |app: &TestApp| {
        let found = async |units: Vec<Unit>| {
            app.services.db.write(move |db| Box::pin(async move { organisations::found(db, &units, &[]).await })).await
        };
        let again = found(Vec::new()).await;
        assert!(again.unwrap_err().to_string().contains("已有单位"));
        app.execute("DELETE FROM sessions").await;
        app.execute("DELETE FROM users").await;
        app.execute("DELETE FROM units").await;
        let unit = |number: u64, above: Option<u64>| Unit {
            id: UnitId::parse(&format!("01890a5d-ac96-774b-bcce-b3020000000{number}")).unwrap(),
            name: format!("单位{number}"),
            uscc: String::new(),
            parent: above.map(|above| UnitId::parse(&format!("01890a5d-ac96-774b-bcce-b3020000000{above}")).unwrap()),
            is_supervisor: above.is_none(),
            district: District::parse("319900").unwrap(),
            year_basis: YearBasis::Signed,
            version: 1,
        };
        assert!(found(vec![unit(1, None), unit(3, Some(2)), unit(2, Some(1))]).await.is_err(), "above comes first");
        assert_eq!(app.count("SELECT COUNT(*) FROM units").await, 0, "all or nothing");
        found(vec![unit(1, None), unit(2, Some(1))]).await.unwrap();
        assert_eq!(app.count("SELECT COUNT(*) FROM units").await, 2);
    })
    .await;
}

#[tokio::test]
async fn b8_rights_follow_a_move_at_the_next_request() {
    on_both(async |app: &TestApp| {
        let (admin, reviewer) = (app.sign_in("admin").await, app.sign_in("reviewer").await);
        app.import_sample().await;
        let generated: Value = app.sign_in("unit99").await.call("generate_record", json!({ "year": 2023 })).await;
        let record = json!({ "record": generated["New"] });
        reviewer.call::<Value>("record", record.clone()).await;
        admin.call::<()>("save_unit", with(form(&unit(&admin, UNIT_99).await), "parent", Value::Null)).await;
        reviewer.refused("record", record.clone(), 404).await;
        admin.call::<()>("save_unit", with(form(&unit(&admin, UNIT_99).await), "parent", unit(&admin, PUDONG).await["id"].clone())).await;
        reviewer.call::<Value>("record", record.clone()).await;
        admin.call::<()>("save_unit", with(form(&unit(&admin, PUDONG).await), "is_supervisor", true)).await;
        reviewer.refused("record", record, 404).await;
    })
    .await;
}

#[tokio::test]
async fn b8_a_new_person_signs_in_with_the_password_that_was_shown_once() {
    on_both(async |app: &TestApp| {
        let admin = app.sign_in("admin").await;
        let new = |login: &str, roles: Value| json!({ "login": login, "name": "新人", "unit": app.units[UNIT_03], "roles": roles });
        let clerk = json!({ "clerk": true, "reviewer": false, "admin": false });
        let password: String = admin.call("add_person", new("Neu.1", clerk.clone())).await;
        let form = |password: &str| format!("login=neu.1&password={}&next=", password.replace('#', "%23"));
        assert_eq!(app.nobody().post_form("/sign-in", form(&password)).await.status, 303);
        let words = admin.refused("add_person", new("NEU.1", clerk.clone()), 422).await;
        assert!(words.contains("登录名"), "{words}");
        let none = json!({ "clerk": false, "reviewer": false, "admin": false });
        assert!(admin.refused("add_person", new("neu2", none), 422).await.contains("岗位"));
        admin.refused("add_person", new("a b", clerk.clone()), 422).await;
        admin.refused("add_person", with(new("neu2", clerk), "name", ""), 422).await;
        let reset: String = admin.call("reset_person_password", json!({ "id": person(&admin, "neu.1").await["id"], "version": 1 })).await;
        assert_ne!(reset, password);
        assert_eq!(app.nobody().post_form("/sign-in", form(&password)).await.status, 422);
        assert_eq!(app.nobody().post_form("/sign-in", form(&reset)).await.status, 303);
        admin.refused("reset_person_password", json!({ "id": person(&admin, "neu.1").await["id"], "version": 1 }), 409).await;
    })
    .await;
}

#[tokio::test]
async fn b8_disabling_ends_the_sessions_and_enabling_does_not_revive_them() {
    on_both(async |app: &TestApp| {
        let (admin, clerk) = (app.sign_in("admin").await, app.sign_in("unit03").await);
        let unit03 = person(&admin, "unit03").await;
        let switch = |person: &Value, off: bool| json!({ "id": person["id"], "version": person["version"], "is_disabled": off });
        admin.call::<()>("set_person_disabled", switch(&unit03, true)).await;
        assert_eq!(clerk.post_api("unread_messages", Value::Null).await.0, 401);
        admin.refused("set_person_disabled", switch(&unit03, false), 409).await;
        admin.call::<()>("set_person_disabled", switch(&person(&admin, "unit03").await, false)).await;
        assert_eq!(clerk.post_api("unread_messages", Value::Null).await.0, 401);
        let form = format!("login=unit03&password={}&next=", PASSWORD.replace('#', "%23"));
        assert_eq!(app.nobody().post_form("/sign-in", form).await.status, 303);
    })
    .await;
}

#[tokio::test]
async fn b8_no_administrator_shuts_themselves_out() {
    on_both(async |app: &TestApp| {
        let admin = app.sign_in("admin").await;
        let me = person(&admin, "admin").await;
        let words =
            admin.refused("set_person_disabled", json!({ "id": me["id"], "version": me["version"], "is_disabled": true }), 422).await;
        assert!(words.contains("自己的账号"), "{words}");
        let change = |roles: Value| json!({ "id": me["id"], "version": me["version"], "name": "周", "unit": me["unit"], "roles": roles });
        let words = admin.refused("change_person", change(json!({ "clerk": true, "reviewer": false, "admin": false })), 422).await;
        assert!(words.contains("系统管理员岗位"), "{words}");
        admin.call::<()>("change_person", change(json!({ "clerk": true, "reviewer": false, "admin": true }))).await;
        let words = admin.refused("change_person", change(json!({ "clerk": false, "reviewer": false, "admin": true })), 409).await;
        assert!(words.contains("已在别处修改"), "{words}");
        assert_eq!(person(&admin, "admin").await["name"], "周");
    })
    .await;
}

#[tokio::test]
async fn b8_the_administrators_page_answers_every_visitor() {
    on_both(async |app: &TestApp| {
        let page = app.sign_in("admin").await.get("/office/admin?q=unit03").await;
        for word in ["系统管理", CHIEF, UNIT_03, "张三", "添加单位", "重置密码"] {
            assert!(page.text.contains(word), "{word}");
        }
        assert!(!page.text.contains("李四"), "the search is in the address");
        let page = app.sign_in("unit03").await.get("/office/admin").await;
        assert!(!page.text.contains("添加单位") && page.text.contains("无权查看"));
    })
    .await;
}

#[tokio::test]
async fn b8_hundreds_of_units_and_people_are_shown_by_pages() {
    on_both(async |app: &TestApp| {
        app.execute(
            "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 120)
             INSERT INTO units (id, name, uscc, parent_id, is_supervisor, district, year_basis, version)
             SELECT '01890a5d-ac96-774b-bcce-b3020000' || CAST(1000 + n AS TEXT), '下级单位' || CAST(1000 + n AS TEXT), '', units.id, 0, '319900', 'signed', 1
             FROM numbers, units WHERE units.is_supervisor = 1",
        )
        .await;
        app.execute(
            "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 120)
             INSERT INTO users (id, unit_id, login, name, password_hash, is_clerk, is_reviewer, is_admin, is_disabled, failures, locked_until, version)
             SELECT '01890a5d-ac96-774b-bcce-b3020001' || CAST(1000 + n AS TEXT), units.id, 'many' || CAST(1000 + n AS TEXT), '多', '', 1, 0, 0, 0, 0, NULL, 1
             FROM numbers, units WHERE units.is_supervisor = 1",
        )
        .await;
        let admin = app.sign_in("admin").await;
        let logins = |people: &Value| -> Vec<String> {
            people["people"].as_array().unwrap().iter().map(|person| person["login"].as_str().unwrap().to_owned()).collect()
        };
        let mut found = Vec::new();
        for page in 1..=3 {
            let people: Value = admin.call("admin_people", json!({ "search": "MANY", "page": page })).await;
            assert_eq!((people["total"].as_u64(), people["page"].as_u64(), people["size"].as_u64()), (Some(120), Some(page), Some(50)));
            found.extend(logins(&people));
        }
        assert_eq!(found, (1..=120).map(|number| format!("many{}", 1000 + number)).collect::<Vec<_>>(), "each once, by sign-in name");
        let past: Value = admin.call("admin_people", json!({ "search": "many", "page": 99 })).await;
        assert_eq!((past["page"].as_u64(), logins(&past).len()), (Some(3), 20), "past the end is the last page");
        let page = admin.get("/office/admin?q=many&page=3&unit=%E4%B8%8B%E7%BA%A7&upage=2").await.text;
        assert!(page.contains("many1101") && !page.contains(">many1100<"), "people");
        let rows = page.split("单位列表").nth(1).and_then(|rest| rest.split("</table>").next()).unwrap();
        assert!(rows.contains("下级单位1051") && !rows.contains("下级单位1050") && !rows.contains(CHIEF), "units");
        assert_eq!(page.matches("共 120 条").count(), 2);
        assert!(page.contains("<input type=\"hidden\" name=\"unit\" value=\"下级\">"), "each search keeps what the other looks for");
        assert!(page.contains("upage=2") && page.contains("page=2#people-title"), "and each page the other's");
    })
    .await;
}

#[tokio::test]
async fn a1_the_chief_chooses_by_which_date_years_are_told() {
    on_both(async |app: &TestApp| {
        app.import_sample().await;
        let chief = app.sign_in("jdc").await;
        let setting: Value = chief.call("read_year_basis", Value::Null).await;
        assert_eq!((setting["basis"].as_str(), setting["units"].as_array().map(Vec::len)), (Some("signed"), Some(4)));
        chief.call::<()>("choose_year_basis", json!({ "basis": "published", "version": setting["version"] })).await;
        chief.refused("choose_year_basis", json!({ "basis": "signed", "version": setting["version"] }), 409).await;
        let now: Value = chief.call("read_year_basis", Value::Null).await;
        assert_eq!(now["basis"], "published");
        let page = chief.get("/office/settings").await;
        assert!(page.text.contains("合同公告日期") && page.text.contains("保持生成时的口径"));
    })
    .await;
}
