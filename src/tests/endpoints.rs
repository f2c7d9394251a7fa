//! Every address × every role: who is let in. An address that stands in no table fails the test.
//!
//! A new endpoint is one line below: its name, the least body that is well formed, and one sign a visitor. `{…}` in a body is
//! replaced by an id of the world made here; versions are stale (-1), so that whoever is let in changes nothing.

mod routes;

use super::support::{TestApp, UNIT_03, Visitor, on_sqlite};
use axum::body::Body;
use axum::http::{Method, header};
use leptos::server_fn::axum::server_fn_paths;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The visitors, in the order of the signs. The owner of the record comes last: what they do may change it.
const VISITORS: [&str; 7] = ["", "admin", "unit99", "head03", "jdc", "reviewer", "unit03"];

/// `0` not signed in (401), `+` let in, `-` another role's (403), `.` hidden (404).
///
/// Columns: nobody · 系统管理员 · 经办 of another unit · 审核人 of the unit · 经办 of the 主管 · 审核人 of the 主管 · 经办 of the unit
const SERVER_FUNCTIONS: &[(&str, &str, &str)] = &[
    // One's own account and messages.
    ("change_password", r#"{"input":{"old":"x","new":"y"}}"#, "0++++++"),
    ("messages", "{}", "0++++++"),
    ("unread_messages", "{}", "0++++++"),
    ("read_message", r#"{"id":"{record}"}"#, "0++++++"),
    ("read_messages", "{}", "0++++++"),
    // 系统管理.
    ("admin_units", "{}", "0+....."),
    (
        "save_unit",
        r#"{"input":{"id":"{unit}","version":-1,"name":"x","parent":null,"is_supervisor":false,"district":"319900","uscc":""}}"#,
        "0+.....",
    ),
    ("admin_people", r#"{"input":{"search":""}}"#, "0+....."),
    (
        "add_person",
        r#"{"input":{"login":"!","name":"x","unit":"{unit}","roles":{"clerk":true,"reviewer":false,"admin":false}}}"#,
        "0+.....",
    ),
    (
        "change_person",
        r#"{"input":{"id":"{user}","version":-1,"name":"x","unit":"{unit}","roles":{"clerk":true,"reviewer":false,"admin":false}}}"#,
        "0+.....",
    ),
    ("set_person_disabled", r#"{"input":{"id":"{user}","version":-1,"is_disabled":true}}"#, "0+....."),
    ("unlock_person", r#"{"input":{"id":"{user}","version":-1}}"#, "0+....."),
    ("reset_person_password", r#"{"input":{"id":"{user}","version":-1}}"#, "0+....."),
    ("thresholds", "{}", "0+....."),
    (
        "save_threshold",
        r#"{"input":{"id":null,"version":0,"draft":{"jurisdiction":"","category":"goods","kind":"reserved","percent":"30","from":"2021-01-01","to":null,"source":"x","is_checked":false}}}"#,
        "0+.....",
    ),
    // 公告模板: {template} that no announcement took.
    ("notice_templates", "{}", "0+....."),
    ("notice_template", r#"{"input":{"id":null}}"#, "0+....."),
    (
        "save_notice_template",
        r#"{"input":{"id":null,"version":0,"draft":{"name":"","place":"","from":"","to":"","title":"","document":""}}}"#,
        "0+.....",
    ),
    ("delete_notice_template", r#"{"input":{"id":"{template}","version":-1}}"#, "0+....."),
    ("notice_template_change", r#"{"input":{"id":"{template}","number":1}}"#, "0+....."),
    // 统计口径设置.
    ("read_year_basis", "{}", "0...+-."),
    ("choose_year_basis", r#"{"input":{"basis":"signed","version":-1}}"#, "0...+-."),
    // 门户公示.
    ("read_progress_setting", "{}", "0...+-."),
    ("choose_progress", r#"{"input":{"from":null,"version":-1}}"#, "0...+-."),
    // 合同台账 of one's own unit.
    ("contracts", r#"{"input":{"unit":null,"year":null,"source":null,"measure":null,"verdict":"","words":"","page":1}}"#, "0.+++++"),
    // 导入合同: {import} of the unit's 经办, who alone knows of it.
    ("contract_imports", "{}", "0.+-+-+"),
    ("contract_import", r#"{"input":{"id":"{import}"}}"#, "0..-.-+"),
    ("choose_import_sheet", r#"{"input":{"id":"{import}","version":-1,"sheet":0}}"#, "0..-.-+"),
    ("choose_import_columns", r#"{"input":{"id":"{import}","version":-1,"columns":[]}}"#, "0..-.-+"),
    ("import_findings", r#"{"input":{"id":"{import}","severity":null,"page":1}}"#, "0..-.-+"),
    ("import_changes", r#"{"input":{"id":"{import}","kind":"added","page":1}}"#, "0..-.-+"),
    ("apply_import", r#"{"input":{"id":"{import}","version":-1,"partial":false}}"#, "0..-.-+"),
    ("cancel_import", r#"{"input":{"id":"{import}","version":-9}}"#, "0..-.-+"),
    ("choose_ledger_columns", r#"{"input":{"columns":["amount"]}}"#, "0.+++++"),
    // {contract} of the unit, 自行录入.
    ("contract", r#"{"input":{"id":"{contract}"}}"#, "0..++++"),
    ("new_contract", "{}", "0.+-+-+"),
    ("contract_twin", r#"{"input":{"contract_no":"x","lot":"","except":null}}"#, "0.+-+-+"),
    ("save_contract", r#"{"input":{"id":"{contract}","version":-1,"draft":{"contract_no":"x"}}}"#, "0..---+"),
    ("delete_contract", r#"{"input":{"id":"{contract}","version":-1}}"#, "0..---+"),
    // 年度数据 of the unit: {record} in 草稿.
    ("records", r#"{"query":{"scope":"all","year":null,"unit":"","status":"","page":1}}"#, "0.+++++"),
    ("record", r#"{"input":{"record":"{record}"}}"#, "0..++++"),
    ("record_page", r#"{"input":{"record":"{record}"}}"#, "0..++++"),
    ("record_explanation", r#"{"input":{"record":"{record}","group":"","words":"","page":1}}"#, "0..++++"),
    ("record_duplicates", r#"{"input":{"record":"{record}"}}"#, "0..++++"),
    ("record_comparison", r#"{"input":{"record":"{record}","page":1,"chosen":[]}}"#, "0..++++"),
    ("record_ledger_news", r#"{"input":{"record":"{record}"}}"#, "0..++++"),
    ("update_record", r#"{"input":{"record":"{record}","content_version":-1,"digest":"","takes_untouched":true,"choices":[]}}"#, "0..---+"),
    ("record_shares", r#"{"input":{"record":"{record}"}}"#, "0..++++"),
    (
        "save_budget",
        r#"{"input":{"record":"{record}","project":"none","budget":"","category":"goods","is_for_small_micro":false,"seen":null}}"#,
        "0..---.",
    ),
    ("record_years", "{}", "0.+-+-+"),
    ("generate_record", r#"{"input":{"year":2023}}"#, "0.+-+-+"),
    ("save_line", r#"{"input":{"record":"{record}","line":"{line}","version":-1,"cells":[["reason","x"]]}}"#, "0..---+"),
    ("change_lines", r#"{"input":{"record":"{record}","changes":[]}}"#, "0..---+"),
    ("take_out", r#"{"input":{"record":"{record}","line":"{line}","version":-1,"reason":"x"}}"#, "0..---+"),
    ("claim_in", r#"{"input":{"record":"{record}","left_out":"{left_out}","reason":"x"}}"#, "0..---+"),
    ("delete_claim_file", r#"{"input":{"record":"{record}","file":"{file}"}}"#, "0..---."),
    ("save_record_remark", r#"{"input":{"record":"{record}","before":"stale","remark":"x"}}"#, "0..---+"),
    ("submit_record", r#"{"input":{"record":"{record}","version":-1,"content_version":-1,"next":{"institution":"{unit}"}}}"#, "0..---+"),
    ("withdraw_record", r#"{"input":{"record":"{record}","version":-1,"reason":"x"}}"#, "0..---+"),
    ("decide_record", r#"{"input":{"record":"{record}","version":-1,"decision":{"agree":false,"opinion":"x","next":null}}}"#, "0..+-+-"),
    ("ask_correction", r#"{"input":{"record":"{record}","version":-1,"reason":"x"}}"#, "0..---+"),
    ("answer_correction", r#"{"input":{"record":"{record}","version":-1,"consent":true,"opinion":""}}"#, "0..--+-"),
    ("delete_record", r#"{"input":{"record":"{record}","version":-1}}"#, "0..---+"),
    // 公告 of the 主管: {announcement} in 待完善, with a line and a file.
    ("announcements", r#"{"input":{"year":null,"status":null,"page":1}}"#, "0...++."),
    ("announcement_years", "{}", "0...+-."),
    ("announcement_outlook", r#"{"input":{"year":2023}}"#, "0...+-."),
    ("create_announcement", r#"{"input":{"year":2023}}"#, "0...+-."),
    ("announcement", r#"{"input":{"id":"{announcement}"}}"#, "0...++."),
    (
        "save_announcement",
        r#"{"input":{"id":"{announcement}","version":-1,"change":{"basics":null,"title":"x","remark":null,"document":null}}}"#,
        "0...+-.",
    ),
    (
        "change_announcement_line",
        r#"{"input":{"id":"{announcement}","version":-1,"line":"{announcement_line}","change":"remove","reason":"x"}}"#,
        "0...+-.",
    ),
    ("ask_announcement_links", r#"{"input":{"id":"{announcement}"}}"#, "0...++."),
    ("change_announcement_lines", r#"{"input":{"id":"{announcement}","version":-1,"edits":[],"reason":"x"}}"#, "0...+-."),
    ("generate_announcement", r#"{"input":{"id":"{announcement}","version":-1}}"#, "0...+-."),
    ("apply_notice_template", r#"{"input":{"id":"{announcement}","version":-1,"template":null,"number":0}}"#, "0...+-."),
    ("change_attachment", r#"{"input":{"id":"{announcement}","version":-1,"file":"{file}","is_shown":true}}"#, "0...+-."),
    ("order_attachments", r#"{"input":{"id":"{announcement}","files":[]}}"#, "0...+-."),
    (
        "visit_announcement",
        r#"{"input":{"id":"{announcement}","visit":"01890a5d-ac96-474b-bcce-b302099a8001","step":1,"leaves":true}}"#,
        "0...+-.",
    ),
    ("announcement_versions", r#"{"input":{"id":"{announcement}"}}"#, "0...++."),
    ("compare_announcement_versions", r#"{"input":{"id":"{announcement}","from":0,"to":0}}"#, "0...++."),
    ("restore_announcement_version", r#"{"input":{"id":"{announcement}","version":-1,"number":1}}"#, "0...+-."),
    ("submit_announcement", r#"{"input":{"id":"{announcement}","version":-1,"next":{"institution":"{unit}"}}}"#, "0...+-."),
    ("withdraw_announcement", r#"{"input":{"id":"{announcement}","version":-1,"reason":"x"}}"#, "0...+-."),
    (
        "review_announcement",
        r#"{"input":{"id":"{announcement}","version":-1,"decision":{"agree":false,"opinion":"x","next":null}}}"#,
        "0...-+.",
    ),
    ("settle_record", r#"{"input":{"id":"{announcement}","version":-1,"record":"{record}","newest":2,"choice":"update"}}"#, "0...+-."),
    ("take_in_units", r#"{"input":{"id":"{announcement}","version":-1,"records":[]}}"#, "0...+-."),
    ("move_out_unit", r#"{"input":{"id":"{announcement}","version":-1,"record":"{record}","reason":"x"}}"#, "0...+-."),
    ("answer_rehearsal", r#"{"input":{"id":"{announcement}","version":-1,"postponed_to":null,"reason":"x"}}"#, "0...+-."),
    ("correct_announcement", r#"{"input":{"id":"{announcement}","version":-1,"reason":"x"}}"#, "0...+-."),
    ("revoke_announcement", r#"{"input":{"id":"{announcement}","version":-1,"reason":"x","next":{"institution":"{unit}"}}}"#, "0...+-."),
    ("delete_announcement", r#"{"input":{"id":"{announcement}","version":-1}}"#, "0...+-."),
];

/// The other addresses; `>` leads elsewhere (303).
const ADDRESSES: &[(&str, &str, &str)] = &[
    ("GET", "/healthz", "+++++++"),
    ("GET", "/readyz", "+++++++"),
    ("GET", "/sign-in", "+++++++"),
    ("GET", "/none", "......."),
    ("GET", "/assets/none.js", "......."),
    ("GET", "/favicon.svg", "......."),
    // Pages are drawn for whoever is signed in; what they show is asked of the functions above.
    ("GET", "/office", ">++++++"),
    ("GET", "/office/records/{record}", ">..++++"),
    ("GET", "/office/records/01890a5d-ac96-774b-bcce-b302099a8fff", ">......"),
    ("GET", "/office/records/{record}/print", ">..++++"),
    ("GET", "/office/records/{record}/export.xlsx", ">..++++"),
    ("GET", "/office/records/{record}/explanation", ">..++++"),
    ("GET", "/office/records/{record}/update", ">..++++"),
    ("GET", "/office/contracts", ">++++++"),
    ("GET", "/office/contracts/import", ">++++++"),
    ("GET", "/office/contracts/import/{import}", ">..+.++"),
    ("POST", "/office/imports?name=x.csv", "0.+-+-+"),
    ("GET", "/office/imports/template", ">.+-+-+"),
    ("GET", "/office/imports/{import}/rest", ">..-.-+"),
    // Who may not write is told so on the page.
    ("GET", "/office/contracts/new", ">.+++++"),
    ("GET", "/office/contracts/{contract}", ">..++++"),
    ("GET", "/office/contracts/export.xlsx", ">.+++++"),
    ("GET", "/office/contracts/export.csv?unit={unit}", ">..++++"),
    ("GET", "/office/announcements", ">++++++"),
    ("GET", "/office/announcements/{announcement}", ">...++."),
    ("GET", "/office/announcements/{announcement}/versions", ">...++."),
    ("GET", "/office/none", ">......"),
    ("GET", "/office/files/{announcement}/{file}", ">...++."),
    ("GET", "/office/files/{announcement}/{file}/preview", ">...++."),
    ("POST", "/office/files/{announcement}?key=01890a5d-ac96-474b-bcce-b302099a8001", "0...+-."),
    ("GET", "/office/claim-files/{record}/{claim_file}", ">..++++"),
    ("POST", "/office/claim-files/{record}?line={line}", "0..---+"),
    // The portal is everyone's; what is not published is not there.
    ("GET", "/", "+++++++"),
    ("GET", "/units", "+++++++"),
    ("GET", "/units/{unit}", "......."),
    ("GET", "/statistics", "+++++++"),
    ("GET", "/years", "+++++++"),
    ("GET", "/years/2024", "+++++++"),
    ("GET", "/sitemap.xml", "+++++++"),
    ("GET", "/sitemaps/9.xml", "......."),
    ("GET", "/robots.txt", "+++++++"),
    ("POST", "/view", ">>>>>>>"),
    ("GET", "/announcements/310115-2024-0001", "......."),
    ("GET", "/announcements/310115-2024-0001/files/{file}", "......."),
    ("GET", "/announcements/310115-2024-0001/detail.xlsx", "......."),
    ("GET", "/announcements/310115-2024-0001/detail.csv", "......."),
    ("GET", "/announcements/310115-2024-0001/announcement.pdf", "......."),
    // Open data is everyone's; the announcement in 待完善 is not there under its id either.
    ("GET", "/api/v1", "+++++++"),
    ("GET", "/api/v1/statistics", "+++++++"),
    ("GET", "/api/v1/statistics.csv", "+++++++"),
    ("GET", "/api/v1/statistics.csv?unit={unit}", "......."),
    ("GET", "/api/v1/statistics/units.csv?year=2024", "+++++++"),
    ("GET", "/api/v1/openapi.json", "+++++++"),
    ("GET", "/api/v1/announcements", "+++++++"),
    ("GET", "/api/v1/announcements/{announcement}", "......."),
    ("GET", "/api/v1/announcements/{announcement}/ocds", "......."),
    ("GET", "/api/v1/ocds", "......."),
    ("GET", "/api/v1/years/2024/announcements.jsonl", "+++++++"),
    ("GET", "/api/v1/years/2024/projects.csv", "+++++++"),
    ("GET", "/api/v1/none", "......."),
    ("GET", "/feed.atom", "+++++++"),
    ("GET", "/office/messages", ">++++++"),
    ("GET", "/office/account", ">++++++"),
    ("GET", "/office/settings", ">++++++"),
    ("GET", "/office/admin", ">++++++"),
    ("GET", "/office/admin/thresholds", ">++++++"),
    ("GET", "/office/admin/templates", ">++++++"),
    // Whoever may not see it is told so by the function that it asks.
    ("GET", "/office/admin/templates/new", ">+....."),
    ("GET", "/office/admin/templates/{template}", ">+....."),
    // These end the visitor's session, so they come last.
    ("POST", "/sign-out", ">>>>>>>"),
    ("POST", "/sign-in", "+++++++"),
];

fn sign(status: u16) -> char {
    match status {
        401 => '0',
        403 => '-',
        404 => '.',
        303 => '>',
        200..=299 | 400 | 409 | 422 => '+',
        _ => '!',
    }
}

/// Ids of an announcement of the 主管 that was not made by anyone here.
const ANNOUNCEMENT: [&str; 3] =
    ["01890a5d-ac96-774b-bcce-b302099a8001", "01890a5d-ac96-774b-bcce-b302099a8002", "01890a5d-ac96-774b-bcce-b302099a8003"];

/// An announcement in 待完善 with a line and a file, put there behind the application's back.
async fn announcement(app: &TestApp) {
    app.execute(
        "INSERT INTO announcements (id, unit_id, unit_name, year, title, district, remark, status, status_reason, round, version, updated_at)
         SELECT '01890a5d-ac96-774b-bcce-b302099a8001', id, name, 2023, '', district, '', 'draft', '', 0, 1, '2025-01-01T00:00:00.000Z'
         FROM units WHERE is_supervisor = 1",
    )
    .await;
    app.execute(
        r#"INSERT INTO announcement_lines (id, announcement_id, position, unit_name, record_id, record_number, project_name, sme_fen, small_micro_fen, approved,
                                          is_removed, reason)
           VALUES ('01890a5d-ac96-774b-bcce-b302099a8002', '01890a5d-ac96-774b-bcce-b302099a8001', 1, 'x', '01890a5d-ac96-774b-bcce-b302099a8009', 1, 'x', 0, 0,
                   '{"project_name":"x","measure":null,"percent":null,"sme":0,"small_micro":0,"url":null}', 0, '')"#,
    )
    .await;
    app.execute(
        "INSERT INTO attachments (id, announcement_id, name, media_type, size, sha256, is_shown, uploaded_at)
         VALUES ('01890a5d-ac96-774b-bcce-b302099a8003', '01890a5d-ac96-774b-bcce-b302099a8001', 'x.pdf', 'application/pdf', 1, '', 1, '2025-01-01T00:00:00.000Z')",
    )
    .await;
    app.services.files.store(ANNOUNCEMENT[2], b"x").await.unwrap();
}

/// An import of the 经办 of [`UNIT_03`] with a row that is refused.
async fn import(app: &TestApp) -> String {
    let clerk = app.sign_in("unit03").await;
    let request = clerk.request(Method::POST, "/office/imports?name=x.csv");
    let table = "合同编号,项目名称,采购人,供应商,合同金额（元）,是否预留,合同签订日期\n1,x,没有的单位,y,1,是,2023-01-01\n";
    let import = clerk.send(request.body(Body::from(table)).unwrap()).await.json();
    let chosen = json!({ "id": import["id"], "version": import["version"], "columns": import["columns"] });
    let _: Value = clerk.call("choose_import_columns", chosen).await;
    import["id"].as_str().expect("an id").to_owned()
}

/// The id of a file that proves a claim.
const CLAIM_FILE: &str = "01890a5d-ac96-774b-bcce-b302099a8004";

/// A file of the record, put there behind the application's back.
async fn claim_file(app: &TestApp) {
    app.execute(
        "INSERT INTO claim_files (id, record_id, line_id, name, media_type, size, sha256, uploaded_at)
         SELECT '01890a5d-ac96-774b-bcce-b302099a8004', id, '01890a5d-ac96-774b-bcce-b302099a8005', 'x.pdf', 'application/pdf', 1, '', '2025-01-01T00:00:00.000Z'
         FROM records",
    )
    .await;
    app.services.files.store(CLAIM_FILE, b"x").await.unwrap();
}

/// A template that serves nobody yet.
async fn template(app: &TestApp) -> String {
    let admin = app.sign_in("admin").await;
    let official: Value = admin.call("notice_template", json!({ "id": null })).await;
    let mut draft = official["draft"].clone();
    draft["from"] = json!("2100");
    let stored: Value = admin.call("save_notice_template", json!({ "id": null, "version": 0, "draft": draft })).await;
    stored["id"].as_str().expect("an id").to_owned()
}

/// Something to ask about: a record of [`UNIT_03`] with a line and a contract left out, and an announcement.
async fn world(app: &TestApp) -> BTreeMap<&'static str, String> {
    app.import_sample().await;
    let clerk = app.sign_in("unit03").await;
    let generated: Value = clerk.call("generate_record", json!({ "year": 2023 })).await;
    let record = generated["New"].as_str().expect("a new record").to_owned();
    let view: Value = clerk.call("record", json!({ "record": record })).await;
    announcement(app).await;
    let query = json!({ "unit": null, "year": null, "source": "self_entered", "measure": null, "verdict": "", "words": "", "page": 1 });
    let own: Value = clerk.call("contracts", query).await;
    claim_file(app).await;
    let [id, line, file] = ANNOUNCEMENT.map(str::to_owned);
    let first = |list: &str| view[list][0]["id"].as_str().expect("an id").to_owned();
    BTreeMap::from([
        ("{unit}", app.units[UNIT_03].to_string()),
        ("{user}", app.users["unit03"].to_string()),
        ("{line}", first("lines")),
        ("{left_out}", first("left_out")),
        ("{contract}", own["lines"][0]["id"].as_str().expect("a contract").to_owned()),
        ("{record}", record),
        ("{import}", import(app).await),
        ("{template}", template(app).await),
        ("{announcement}", id),
        ("{announcement_line}", line),
        ("{file}", file),
        ("{claim_file}", CLAIM_FILE.to_owned()),
    ])
}

fn filled(text: &str, world: &BTreeMap<&'static str, String>) -> String {
    world.iter().fold(text.to_owned(), |text, (name, id)| text.replace(name, id))
}

async fn visitors(app: &TestApp) -> Vec<Visitor<'_>> {
    let mut visitors = Vec::new();
    for login in VISITORS {
        visitors.push(if login.is_empty() { app.nobody() } else { app.sign_in(login).await });
    }
    visitors
}

#[tokio::test]
async fn b8_every_server_function_lets_in_whom_the_table_says() {
    on_sqlite(async |app: &TestApp| {
        let world = world(app).await;
        let visitors = visitors(app).await;
        let mut wrong = Vec::new();
        for (name, body, expected) in SERVER_FUNCTIONS {
            let mut found = String::new();
            let mut statuses = Vec::new();
            for visitor in &visitors {
                let request = visitor.request(Method::POST, &format!("/api/{name}")).header(header::CONTENT_TYPE, "application/json");
                let answer = visitor.send(request.body(Body::from(filled(body, &world))).unwrap()).await;
                // A body that is not well formed would let the table say anything.
                found.push(if answer.status == 400 { '!' } else { sign(answer.status) });
                statuses.push((answer.status, answer.text));
            }
            if found != *expected {
                wrong.push(format!("{name}: expected {expected}, found {found}: {statuses:?}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    })
    .await;
}

#[test]
fn b8_every_server_function_stands_in_the_table() {
    let listed: BTreeSet<String> = SERVER_FUNCTIONS.iter().map(|(name, ..)| format!("/api/{name}")).collect();
    let registered: BTreeSet<String> = server_fn_paths()
        .map(|(path, method)| {
            assert_eq!(method, Method::POST, "{path}");
            path.to_owned()
        })
        .collect();
    let unknown: Vec<_> = registered.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&registered).collect();
    assert!(unknown.is_empty(), "not in the table of src/tests/endpoints.rs: {unknown:?}");
    assert!(gone.is_empty(), "in the table, but there is no such function: {gone:?}");
    assert_eq!(listed.len(), SERVER_FUNCTIONS.len(), "a function stands in the table twice");
}

#[tokio::test]
async fn b8_every_other_address_lets_in_whom_the_table_says() {
    on_sqlite(async |app: &TestApp| {
        let world = world(app).await;
        let visitors = visitors(app).await;
        let mut wrong = Vec::new();
        for (method, path, expected) in ADDRESSES {
            let mut found = String::new();
            for visitor in &visitors {
                let method = Method::from_bytes(method.as_bytes()).unwrap();
                let request =
                    visitor.request(method, &filled(path, &world)).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
                let answer = visitor.send(request.body(Body::empty()).unwrap()).await;
                found.push(sign(answer.status));
            }
            if found != *expected {
                wrong.push(format!("{method} {path}: expected {expected}, found {found}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    })
    .await;
}
