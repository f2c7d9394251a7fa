//! 导入合同 through the router: what is shown is what is written, once, for those who may.

mod limits;

use super::support::{CHIEF, TestApp, UNIT_03, UNIT_99, Visitor, on_both, on_sqlite};
use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};
use setaside::domain::contract::Source;
use setaside::error::AppError;
use setaside::features::contracts::commands::import as import_directly;
use setaside::features::contracts::import::api::{Findings, Import, ImportState, Imports, StagedRows};
use setaside::features::contracts::import::commands::sweep;
use setaside::server::db::Engine;
use setaside::server::workbook::{Flow, TableFile};
use std::fmt::Write as _;
use std::io::Cursor;
use std::sync::Arc;

const HEAD: &str = "合同编号,项目名称,采购人,供应商,合同金额（元）,是否预留,预留选项,合同签订日期";

/// A table with these rows below the header.
fn table(rows: &[&str]) -> Vec<u8> {
    let mut text = HEAD.to_owned();
    for row in rows {
        write!(text, "\n{row}").unwrap();
    }
    text.into_bytes()
}

/// A row of the table.
fn row(number: &str, unit: &str, amount: &str) -> String {
    format!("{number},项目{number},{unit},供应商,{amount},是,整体预留,2024-03-15")
}

/// Uploads a file; status and answer.
async fn upload(visitor: &Visitor<'_>, name: &str, content: Vec<u8>) -> (u16, Value) {
    let answer =
        visitor.send(visitor.request(Method::POST, &format!("/office/imports?name={name}")).body(Body::from(content)).unwrap()).await;
    (answer.status, answer.json())
}

async fn uploaded(visitor: &Visitor<'_>, content: Vec<u8>) -> Import {
    let (status, answer) = upload(visitor, "a.csv", content).await;
    assert_eq!(status, 200, "{answer}");
    serde_json::from_value(answer).unwrap()
}

/// Confirms the columns and waits until the rows are read.
async fn read(visitor: &Visitor<'_>, import: &Import) -> Import {
    let chosen = json!({ "id": import.id, "version": import.version, "columns": import.columns });
    let import: Import = visitor.call("choose_import_columns", chosen).await;
    until_read(visitor, import).await
}

async fn until_read(visitor: &Visitor<'_>, mut import: Import) -> Import {
    while import.state == ImportState::Reading {
        tokio::task::yield_now().await;
        import = one(visitor, &import).await;
    }
    import
}

async fn one(visitor: &Visitor<'_>, import: &Import) -> Import {
    visitor.call("contract_import", json!({ "id": import.id })).await
}

fn wish(import: &Import, partial: bool) -> Value {
    json!({ "id": import.id, "version": import.version, "partial": partial })
}

async fn findings(visitor: &Visitor<'_>, import: &Import) -> Vec<(usize, String, String)> {
    let found: Findings = visitor.call("import_findings", json!({ "id": import.id, "severity": null, "page": 1 })).await;
    found.findings.into_iter().map(|finding| (finding.row, finding.column, finding.message)).collect()
}

async fn changes(visitor: &Visitor<'_>, import: &Import, kind: &str) -> StagedRows {
    visitor.call("import_changes", json!({ "id": import.id, "kind": kind, "page": 1 })).await
}

/// Added, updated, unchanged, repeated, refused.
fn counts(import: &Import) -> [u64; 5] {
    let counts = import.counts;
    [counts.added, counts.updated, counts.unchanged, counts.repeated, counts.refused]
}

async fn contracts(app: &TestApp) -> i64 {
    app.count("SELECT CAST(COUNT(*) AS BIGINT) FROM contracts").await
}

/// Rows of the sheet that an answer holds.
async fn sheet(visitor: &Visitor<'_>, path: &str) -> Vec<Vec<String>> {
    let answer = visitor.bytes(path).await;
    let mut rows = Vec::new();
    TableFile::open(Cursor::new(answer))
        .unwrap()
        .rows(0, &mut |row| {
            rows.push(row.cells.to_vec());
            Flow::Continue(())
        })
        .unwrap();
    rows
}

#[tokio::test]
async fn a4_a_file_is_taken_as_it_was_shown_and_once() {
    on_both(async |app: &TestApp| {
        let clerk = app.sign_in("unit03").await;
        let first = row("1", UNIT_03, "5000000");
        let import = uploaded(&clerk, table(&[&first, &row("2", UNIT_03, "6000000")])).await;
        assert_eq!((import.state, import.head.row, import.file_kind.as_str()), (ImportState::Columns, 1, "CSV（UTF-8 编码）"));
        assert_eq!(import.columns[..3], ["contract_no", "project_name", "buyer_name"]);
        let import = read(&clerk, &import).await;
        assert_eq!((import.state, counts(&import)), (ImportState::Read, [2, 0, 0, 0, 0]));
        let added = changes(&clerk, &import, "added").await;
        assert_eq!((added.total, added.rows[0].row, added.rows[0].words[2].as_str()), (2, 2, "5000000"));
        assert_eq!(contracts(app).await, 0, "nothing is written before it is confirmed");
        let done: Import = clerk.call("apply_import", wish(&import, false)).await;
        assert_eq!((done.state, contracts(app).await), (ImportState::Applied, 2));
        // The answer got lost, and the button was pressed again.
        let again: Import = clerk.call("apply_import", wish(&import, false)).await;
        assert_eq!((again.state, contracts(app).await), (ImportState::Applied, 2));
        clerk.refused("apply_import", wish(&done, false), 409).await;

        let changed = first.replace("项目1", "改过的名称").replace("5000000", "\"5,000,000.50\"");
        let import = read(
            &clerk,
            &uploaded(
                &clerk,
                table(&[&changed, &row("2", UNIT_03, "6000000"), &row("3", UNIT_03, "7000000"), &row("3", UNIT_03, "7000000")]),
            )
            .await,
        )
        .await;
        assert_eq!(counts(&import), [1, 1, 1, 1, 0]);
        let updated = changes(&clerk, &import, "updated").await.rows;
        let cells: Vec<_> =
            updated[0].changes.iter().map(|change| (change.column.as_str(), change.before.as_str(), change.after.as_str())).collect();
        assert_eq!(cells, [("项目名称", "项目1", "改过的名称"), ("合同金额（元）", "5000000", "5000000.5")]);
        assert_eq!(changes(&clerk, &import, "unchanged").await.rows[0].contract_no, "2");
        let _: Import = clerk.call("apply_import", wish(&import, false)).await;
        assert_eq!((contracts(app).await, app.count("SELECT COUNT(*) FROM contracts WHERE version = 2").await), (3, 1));
        let imports: Imports = clerk.call("contract_imports", Value::Null).await;
        assert_eq!((imports.open.len(), imports.applied.len()), (0, 2));
        assert_eq!(app.count("SELECT COUNT(*) FROM events WHERE what = '导入合同'").await, 2);
    })
    .await;
}

#[tokio::test]
async fn a4_two_presses_at_the_same_moment_import_once() {
    on_both(async |app: &TestApp| {
        let clerk = app.sign_in("unit03").await;
        let rows: Vec<String> = (0..1_200).map(|number| row(&format!("N-{number}"), UNIT_03, "5000000")).collect();
        let import = read(&clerk, &uploaded(&clerk, table(&rows.iter().map(String::as_str).collect::<Vec<_>>())).await).await;
        let press = async || clerk.post_api("apply_import", wish(&import, false)).await.0;
        assert_eq!(futures::join!(press(), press(), press()), (200, 200, 200));
        assert_eq!((contracts(app).await, app.count("SELECT COUNT(*) FROM events WHERE what = '导入合同'").await), (1_200, 1));
    })
    .await;
}

#[tokio::test]
async fn a4_errors_refuse_the_whole_file_unless_the_good_rows_are_asked_for() {
    on_both(async |app: &TestApp| {
        let clerk = app.sign_in("unit03").await;
        let rows = [
            row("1", UNIT_03, "5000000"),
            row("2", UNIT_99, "5000000"),
            row("3", UNIT_03, "五百万"),
            row("4", UNIT_03, "1000000").replace("2024-03-15", "2024-02-30"),
            row("=5", UNIT_03, "1000000").replace("整体预留", "全部预留"),
            row("6", UNIT_03, "1000000"),
            row("6", UNIT_03, "2000000"),
            row("7", UNIT_03, "13800138000"),
        ];
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let import = read(&clerk, &uploaded(&clerk, table(&rows)).await).await;
        assert_eq!(counts(&import), [2, 0, 0, 0, 6]);
        let found = findings(&clerk, &import).await;
        let places: Vec<_> = found.iter().map(|(row, column, _)| (*row, column.as_str())).collect();
        assert_eq!(
            places,
            [
                (3, "采购人"),
                (4, "合同金额（元）"),
                (5, "合同签订日期"),
                (6, "预留选项"),
                (7, "合同编号"),
                (8, "合同编号"),
                (9, "合同金额（元）")
            ],
            "{found:?}"
        );
        assert!(found[0].2.contains(UNIT_99) && found[0].2.contains(UNIT_03), "{}", found[0].2);
        let said = clerk.refused("apply_import", wish(&import, false), 422).await;
        assert!(said.contains("有 6 行存在错误"), "{said}");
        assert_eq!(contracts(app).await, 0);
        let errors: Findings = clerk.call("import_findings", json!({ "id": import.id, "severity": "warning", "page": 9 })).await;
        assert_eq!((errors.total, errors.page, errors.first_error), (1, 1, None));

        let done: Import = clerk.call("apply_import", wish(&import, true)).await;
        assert_eq!((done.state, contracts(app).await), (ImportState::Applied, 2));
        let rest = sheet(&clerk, &format!("/office/imports/{}/rest", import.id)).await;
        assert_eq!(rest.len(), 7, "{rest:?}");
        assert_eq!((rest[0][0].as_str(), rest[0][1].as_str()), ("问题", "合同编号"));
        assert!(rest[1][0].starts_with("原第 3 行\n采购人："), "{}", rest[1][0]);
        assert_eq!(rest[4][1], "=5", "a text, and no formula");
        // Put right, it is taken as it is, and the rows come where they belong.
        let import = uploaded(
            &clerk,
            rest.iter().map(|row| row[1..].join(",").replace("五百万", "5000000")).collect::<Vec<_>>().join("\n").into_bytes(),
        )
        .await;
        assert_eq!(read(&clerk, &import).await.counts.added, 1);
    })
    .await;
}

#[tokio::test]
async fn a4_what_has_changed_meanwhile_is_compared_anew() {
    on_both(async |app: &TestApp| {
        let clerk = app.sign_in("unit03").await;
        let of = |number: &str, amount: &str| row(number, UNIT_03, amount);
        for (mine, theirs, shown, anew_shown) in [
            // A row that was new is there now; one that was there has changed.
            ([of("1", "5000000"), of("2", "5000000")], of("1", "7000000"), [2, 0, 0, 0, 0], [1, 1, 0, 0, 0]),
            ([of("1", "8000000"), of("2", "5000000")], of("2", "9000000"), [0, 1, 1, 0, 0], [0, 2, 0, 0, 0]),
        ] {
            let import = read(&clerk, &uploaded(&clerk, table(&[&mine[0], &mine[1]])).await).await;
            assert_eq!(counts(&import), shown);
            let theirs = read(&clerk, &uploaded(&clerk, table(&[&theirs])).await).await;
            let _: Import = clerk.call("apply_import", wish(&theirs, false)).await;
            let before = contracts(app).await;
            let anew: Import = clerk.call("apply_import", wish(&import, false)).await;
            let anew = until_read(&clerk, anew).await;
            assert_eq!((anew.state, contracts(app).await), (ImportState::Read, before));
            assert!(anew.problem.contains("重新核对"), "{}", anew.problem);
            assert_eq!(counts(&anew), anew_shown);
            clerk.refused("apply_import", wish(&import, false), 409).await;
            let done: Import = clerk.call("apply_import", wish(&anew, false)).await;
            assert_eq!(done.state, ImportState::Applied);
        }
        assert_eq!(contracts(app).await, 2);
    })
    .await;
}

#[tokio::test]
async fn b8_an_import_belongs_to_one_person_and_takes_the_rows_of_their_units() {
    on_both(async |app: &TestApp| {
        let (clerk, chief) = (app.sign_in("unit03").await, app.sign_in("jdc").await);
        let own = row("9", UNIT_03, "5000000");
        let import = read(&clerk, &uploaded(&clerk, table(&[&own])).await).await;
        for endpoint in ["contract_import", "cancel_import", "apply_import"] {
            let mut input = wish(&import, false);
            let unused: &[&str] = match endpoint {
                "contract_import" => &["version", "partial"],
                "cancel_import" => &["partial"],
                _ => &[],
            };
            for key in unused {
                input.as_object_mut().unwrap().remove(*key);
            }
            chief.refused(endpoint, input, 404).await;
        }
        let _: Import = clerk.call("apply_import", wish(&import, false)).await;

        // The 主管 brings the platform's export of its whole tree, but not what a unit enters by itself.
        let head = format!("{HEAD},来源");
        let rows = [
            format!("{},项目采购", row("1", CHIEF, "5000000")),
            format!("{},框架协议", row("2", UNIT_03, "5000000")),
            format!("{},自行录入", row("3", UNIT_03, "5000000")),
            format!("{},自行录入", row("4", CHIEF, "5000000")),
        ];
        let text = format!("{head}\n{}", rows.join("\n"));
        let import = read(&chief, &uploaded(&chief, text.into_bytes()).await).await;
        assert_eq!(counts(&import), [3, 0, 0, 0, 1]);
        let found = findings(&chief, &import).await;
        let error = found.iter().find(|(row, ..)| *row == 4).unwrap();
        assert!(error.1 == "来源" && error.2.contains("自行录入"), "{error:?}");
        let _: Import = chief.call("apply_import", wish(&import, true)).await;
        assert_eq!(contracts(app).await, 4);
        let told: Value = clerk.call("messages", Value::Null).await;
        assert!(told.to_string().contains("导入了贵单位的合同，新增或更新 1 份"), "{told}");
        // What a unit has entered by itself is not overwritten from above.
        let text = String::from_utf8(table(&[&row("9", UNIT_03, "5000001")])).unwrap();
        app.execute(
            "UPDATE contracts SET body = REPLACE(body, '\"source\":\"project\"', '\"source\":\"self_entered\"') WHERE contract_no = '9'",
        )
        .await;
        let is_self_entered = app.count("SELECT COUNT(*) FROM contracts WHERE body LIKE '%self_entered%' AND contract_no = '9'").await;
        assert_eq!(is_self_entered, 1, "{}", Source::SelfEntered.code());
        let import = read(&chief, &uploaded(&chief, text.into_bytes()).await).await;
        assert_eq!(counts(&import), [0, 0, 0, 0, 1]);
    })
    .await;
}

#[tokio::test]
async fn a4_columns_are_corrected_once_and_known_the_next_time() {
    on_both(async |app: &TestApp| {
        let clerk = app.sign_in("unit03").await;
        let text = "合同台账导出\n\n编号,采购项目名称,采购单位,供应商名称,总价（万元）,预留吗,签约日期,备注\n1,甲,测试区采购单位03,乙,500.5,否,2024-03-15,x\n";
        let import = uploaded(&clerk, text.into()).await;
        assert_eq!((import.head.row, import.columns.join("|").as_str()), (3, "|project_name|buyer_name|supplier_name|||signed_on|"));
        let chosen = |columns: Vec<String>| json!({ "id": import.id, "version": import.version, "columns": columns });
        let said = clerk.refused("choose_import_columns", chosen(import.columns.clone()), 422).await;
        assert!(said.contains("合同编号") && said.contains("是否预留") && !said.contains("供应商"), "{said}");
        let mut columns = import.columns.clone();
        (columns[0], columns[4], columns[5]) = ("contract_no".into(), "amount_wan".into(), "reserved".into());
        let mut twice = columns.clone();
        twice[7] = "contract_no".into();
        let said = clerk.refused("choose_import_columns", chosen(twice), 422).await;
        assert!(said.contains("A 列和 H 列都对应「合同编号」"), "{said}");
        clerk.refused("choose_import_columns", chosen(vec!["x".into(); 8]), 400).await;
        clerk.refused("choose_import_columns", chosen(Vec::new()), 400).await;
        let import: Import = clerk.call("choose_import_columns", chosen(columns.clone())).await;
        let import = until_read(&clerk, import).await;
        assert_eq!(counts(&import), [1, 0, 0, 0, 0]);
        assert_eq!(changes(&clerk, &import, "added").await.rows[0].words[2], "5005000");
        assert!(findings(&clerk, &import).await[0].2.contains("备注"));
        let _: Import = clerk.call("apply_import", wish(&import, false)).await;
        assert_eq!(uploaded(&clerk, text.into()).await.columns, columns, "the unit's names are remembered");
        assert_eq!(uploaded(&app.sign_in("unit99").await, text.into()).await.columns[0], "", "but not elsewhere");
    })
    .await;
}

#[tokio::test]
async fn a4_of_a_workbook_with_notes_before_the_table_the_table_is_proposed() {
    on_sqlite(async |app: &TestApp| {
        let clerk = app.sign_in("unit03").await;
        let mut book = rust_xlsxwriter::Workbook::new();
        book.add_worksheet().set_name("说明").unwrap().write(0, 0, "填报说明：合同编号不得重复").unwrap();
        let sheet = book.add_worksheet().set_name("合同").unwrap();
        for (column, name) in (0..).zip(["合同编号", "项目名称", "采购人"]) {
            sheet.write(0, column, name).unwrap();
        }
        let (status, answer) = upload(&clerk, "合同.xlsx", book.save_to_buffer().unwrap()).await;
        assert_eq!(status, 200, "{answer}");
        let import: Import = serde_json::from_value(answer).unwrap();
        assert_eq!(
            (import.sheet, import.sheets.join("、"), import.columns.join(",")),
            (1, "说明、合同".to_owned(), "contract_no,project_name,buyer_name".to_owned())
        );
    })
    .await;
}

#[tokio::test]
async fn a4_files_that_are_no_tables_are_refused_and_leave_nothing() {
    on_sqlite(async |app: &TestApp| {
        let clerk = app.sign_in("unit03").await;
        let on_disk = || std::fs::read_dir(app.services.settings.data.join("imports")).unwrap().count();
        for (content, status, words) in [
            (b"%PDF-1.7".to_vec(), 422, "PDF"),
            (Vec::new(), 422, "空的"),
            (b"PK\x03\x04broken".to_vec(), 422, "损坏"),
            (b"not found\n".to_vec(), 422, "不是 XLSX 工作簿"),
            (vec![b'a'; 64 * 1024 * 1024 + 1], 413, "64 MB"),
        ] {
            let (found, answer) = upload(&clerk, "x.xlsx", content).await;
            assert_eq!(found, status, "{answer}");
            assert!(answer.to_string().contains(words), "{answer}");
            assert_eq!(on_disk(), 0);
        }
        // A fault far down in the file ends the reading and not the import.
        let rows: Vec<String> = (1..50).map(|number| row(&number.to_string(), UNIT_03, "5000000")).collect();
        let mut text = table(&rows.iter().map(String::as_str).collect::<Vec<_>>());
        text.extend(vec![b'\n'; 300_001]);
        text.extend(b"x");
        let import = read(&clerk, &uploaded(&clerk, text).await).await;
        assert_eq!(import.state, ImportState::Failed);
        assert!(import.problem.contains("30 万行"), "{}", import.problem);
        clerk.refused("apply_import", wish(&import, true), 409).await;
        let _: Value = clerk.call("cancel_import", json!({ "id": import.id, "version": import.version })).await;
        assert_eq!(on_disk(), 0);
        let (found, answer) = upload(&clerk, "x.xlsx", table(&[])).await;
        assert_eq!(found, 200, "a CSV under another name is one all the same: {answer}");
    })
    .await;
}

#[tokio::test]
async fn a4_cancelled_and_forgotten_imports_leave_nothing_behind() {
    on_both(async |app: &TestApp| {
        let clerk = app.sign_in("unit03").await;
        let staged = async || {
            app.count("SELECT (SELECT COUNT(*) FROM contract_import_rows) + (SELECT COUNT(*) FROM contract_import_findings)").await
        };
        let import = read(&clerk, &uploaded(&clerk, table(&[&row("1", UNIT_03, "5000000"), &row("2", UNIT_99, "1")])).await).await;
        assert!(staged().await > 1);
        let seen = json!({ "id": import.id, "version": import.version });
        let _: Value = clerk.call("cancel_import", seen.clone()).await;
        let _: Value = clerk.call("cancel_import", seen).await;
        assert_eq!((staged().await, one(&clerk, &import).await.state), (0, ImportState::Cancelled));
        clerk.refused("apply_import", wish(&import, true), 409).await;
        // No more than five at a time.
        for _ in 0..5 {
            uploaded(&clerk, table(&[&row("1", UNIT_03, "5000000")])).await;
        }
        let (status, answer) = upload(&clerk, "a.csv", table(&[])).await;
        assert_eq!(status, 409, "{answer}");
        assert_eq!(sweep(&app.services).await, Ok(0));
        app.wait(24 * 3_600 + 1);
        assert_eq!(sweep(&app.services).await, Ok(5));
        assert_eq!(staged().await, 0);
        // What was written stays as a record; what was staged for it goes.
        let clerk = app.sign_in("unit03").await;
        let import = read(&clerk, &uploaded(&clerk, table(&[&row("1", UNIT_03, "5000000"), &row("2", UNIT_99, "1")])).await).await;
        let _: Import = clerk.call("apply_import", wish(&import, true)).await;
        assert_eq!(sweep(&app.services).await, Ok(0));
        app.wait(24 * 3_600 + 1);
        assert_eq!((sweep(&app.services).await, sweep(&app.services).await, staged().await), (Ok(1), Ok(0), 0));
        let clerk = app.sign_in("unit03").await;
        assert_eq!(clerk.get(&format!("/office/imports/{}/rest", import.id)).await.status, 404);
        let imports: Imports = clerk.call("contract_imports", Value::Null).await;
        assert!(imports.open.is_empty() && imports.applied.len() == 1 && imports.applied[0].is_cleared);
    })
    .await;
}

#[tokio::test]
async fn a4_the_template_is_a_table_that_can_be_imported() {
    on_sqlite(async |app: &TestApp| {
        let clerk = app.sign_in("unit03").await;
        let template = clerk.bytes("/office/imports/template").await;
        let import = uploaded(&clerk, template).await;
        assert_eq!((import.sheets.join("|").as_str(), import.columns.iter().filter(|code| code.is_empty()).count()), ("合同|填写说明", 0));
        assert_eq!(read(&clerk, &import).await.counts.rows, 0);
    })
    .await;
}

#[tokio::test]
async fn a4_a_dead_reading_is_begun_again_and_a_workbook_gives_what_the_csv_gives() {
    on_both(async |app: &TestApp| {
        let (clerk, files) = (
            app.sign_in("unit03").await,
            [include_bytes!("../../data/foreign/openpyxl.xlsx").to_vec(), include_bytes!("../../data/foreign/wps.csv").to_vec()],
        );
        for (at, content) in files.into_iter().enumerate() {
            let import = read(&clerk, &uploaded(&clerk, content).await).await;
            assert_eq!(counts(&import), if at == 0 { [40, 0, 0, 0, 0] } else { [0, 0, 40, 0, 0] });
            if at == 0 {
                app.execute("UPDATE contract_imports SET state = 'reading'").await;
                if app.services.db.engine() == Engine::Postgres {
                    // Another server may be the one that reads.
                    assert_eq!(one(&clerk, &import).await.state, ImportState::Reading);
                    app.wait(61);
                }
                let again = until_read(&clerk, one(&clerk, &import).await).await;
                assert_eq!((again.state, counts(&again)), (ImportState::Read, [40, 0, 0, 0, 0]));
                let _: Import = clerk.call("apply_import", wish(&again, false)).await;
            } else {
                let said = clerk.refused("apply_import", wish(&import, false), 422).await;
                assert!(said.contains("没有需要写入"), "{said}");
            }
        }
        // The same rows by the command line's way are the same contracts.
        let rows = setaside::features::contracts::decode::csv_rows(include_bytes!("../../data/contracts-sample.csv")).unwrap();
        let sample = setaside::domain::sheet::read_table(rows.into_iter()).contracts;
        let counts = import_directly(&app.services, sample, app.now()).await.unwrap();
        assert_eq!((counts.added, counts.updated, counts.unchanged), (660, 0, 40));
    })
    .await;
}

#[tokio::test]
async fn e1_of_two_writes_that_wait_for_each_other_one_is_told_to_try_again() {
    on_both(async |app: &TestApp| {
        // On SQLite one write comes after the other.
        if app.services.db.engine() == Engine::Sqlite {
            return;
        }
        let both_began = Arc::new(tokio::sync::Barrier::new(2));
        let write = |first: &'static str, second: &'static str| {
            let both_began = both_began.clone();
            app.services.db.write(move |db| {
                Box::pin(async move {
                    sqlx::query("UPDATE units SET version = version WHERE name = $1").bind(first).execute(&mut *db).await?;
                    both_began.wait().await;
                    sqlx::query("UPDATE units SET version = version WHERE name = $1").bind(second).execute(&mut *db).await?;
                    Ok(())
                })
            })
        };
        let (one, other) = tokio::join!(write(UNIT_03, UNIT_99), write(UNIT_99, UNIT_03));
        let refused = [one, other].into_iter().filter_map(Result::err).collect::<Vec<_>>();
        assert_eq!(refused, [AppError::Busy]);
    })
    .await;
}
