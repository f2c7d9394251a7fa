//! OCDS 1.1.5: every package holds by the schema, and says of a project what domain.md §4 maps.

use super::*;
use jsonschema::Registry;
use setaside::features::announcements::commands::open::{self, Asked};
use std::collections::BTreeMap;

/// Fails unless the package is one of OCDS 1.1.5, formats included.
fn holds(package: &Value) {
    let schema = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let release = schema(include_str!("../../../../data/ocds-1.1.5/release-schema.json"));
    let whole = schema(include_str!("../../../../data/ocds-1.1.5/release-package-schema.json"));
    let registry = Registry::new()
        .add("https://standard.open-contracting.org/schema/1__1__5/release-schema.json", release)
        .unwrap()
        .prepare()
        .unwrap();
    let validator = jsonschema::options().with_registry(&registry).should_validate_formats(true).build(&whole).unwrap();
    let wrong: Vec<String> = validator.iter_errors(package).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

async fn package(app: &TestApp, address: &str) -> Value {
    let package = get(app, address).await.json();
    holds(&package);
    package
}

/// The releases by their processes.
fn by_process(package: &Value) -> BTreeMap<String, Vec<Value>> {
    let mut found: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for release in package["releases"].as_array().unwrap() {
        found.entry(release["ocid"].as_str().unwrap().to_owned()).or_default().push(release.clone());
    }
    found
}

#[test]
fn e12_the_check_itself_refuses_what_is_no_package() {
    let wrong = json!({ "uri": "x", "version": "1.1", "publishedDate": "yesterday", "publisher": { "name": "x" }, "releases": [] });
    assert!(std::panic::catch_unwind(|| holds(&wrong)).is_err());
}

#[tokio::test]
async fn e12_a_correction_is_a_later_release_of_the_same_process_and_a_revocation_withdraws_it() {
    on_both(async |app: &TestApp| {
        let (_, _, [old, new]) = course(app).await;
        let first = package(app, &format!("/api/v1/announcements/{old}/ocds")).await;
        let second = package(app, &format!("/api/v1/announcements/{new}/ocds")).await;
        assert_eq!((first["version"].as_str(), first["publisher"]["name"].as_str()), (Some("1.1"), Some(CHIEF)));
        let (before, after) = (by_process(&first), by_process(&second));
        assert!(before.values().flatten().all(|release| release["tag"] == json!(["award", "contract"])));
        assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>(), "the same processes");
        let left_out: Vec<&Vec<Value>> = after.values().filter(|releases| releases[0]["tender"]["status"] == "withdrawn").collect();
        assert_eq!(left_out.len(), 1, "the project that the correction leaves out");
        assert_eq!(left_out[0][0]["tender"]["description"], "第一行金额有误");
        let stays: Vec<&Vec<Value>> = after.values().filter(|releases| releases[0]["tender"]["status"] == "complete").collect();
        assert_eq!(stays.len(), before.len() - 1);
        for releases in stays {
            assert_eq!(releases[0]["tag"], json!(["awardUpdate", "contractUpdate"]));
            let last = releases.last().unwrap();
            assert_eq!((last["tender"]["status"].as_str(), last["tender"]["description"].as_str()), (Some("withdrawn"), Some("误发")));
            assert_eq!(last["date"], "2025-03-10T11:30:00+08:00");
        }
        assert!(!second.to_string().contains("内部原因"));

        // The pages hold the same releases, each once.
        let (mut address, mut all) = ("/api/v1/ocds?limit=1".to_owned(), Vec::new());
        loop {
            let answer = app.nobody().get(&address).await;
            if answer.status == 404 {
                break;
            }
            let page = answer.json();
            holds(&page);
            all.extend(page["releases"].as_array().unwrap().clone());
            address = page["links"]["next"].as_str().unwrap().strip_prefix(&app.services.settings.public_url).unwrap().to_owned();
        }
        let expected: Vec<Value> = [&first, &second].iter().flat_map(|package| package["releases"].as_array().unwrap().clone()).collect();
        assert_eq!(all, expected);
    })
    .await;
}

#[tokio::test]
async fn e12_a_release_says_of_a_contract_what_its_own_notice_has_made_public() {
    on_both(async |app: &TestApp| {
        let head = include_str!("../../../../data/contracts-sample.csv").lines().next().unwrap();
        let rows = [
            "HT-1,信息系统运维合同,XM-7,信息系统运维,1,2024-01-13,测试区采购单位03,,浦江软件有限公司,91350100M000100Y43,小型,服务,公开招标,48761.29,,项目采购,是,整体预留,小微企业,,,,,否,2024-11-19,2024-11-28,https://zfcg.gov.example/a?b=1",
            "HT-2,信息系统运维合同,XM-7,信息系统运维,2,2024-01-13,测试区采购单位03,,某某维修店,,个体工商户,服务,公开招标,2000,,项目采购,是,合同分包预留,小微企业,50,,,,否,2024-11-20,2024-11-28,",
            "HT-3,未公告的合同,XM-8,未公告的项目,,2024-01-13,测试区采购单位03,,没有公告的供应商,,中型,货物,公开招标,777,,项目采购,是,整体预留,中小企业,,,,,否,2024-11-21,,",
        ];
        let text = std::iter::once(head).chain(rows).collect::<Vec<_>>().join("\n");
        let import = sheet::read_table(contracts::decode::csv_rows(text.as_bytes()).unwrap().into_iter());
        contracts::commands::import(&app.services, import.contracts, app.now()).await.unwrap();
        app.execute("UPDATE units SET uscc = '91110000600037341L' WHERE name = '测试区采购单位03'").await;
        approved_records(app, &["unit03"]).await;
        let clerk = app.sign_in("jdc").await;
        let id: String = clerk.call("create_announcement", json!({ "year": 2024 })).await;
        let number = generate(&clerk, &id).await;
        submit(app, &clerk, &id).await;
        review(app, &id, true, "").await;
        let package = package(app, &format!("/api/v1/announcements/{number}/ocds")).await;
        let releases = package["releases"].as_array().unwrap();
        assert_eq!(releases.len(), 2, "contracts of one project are one process: {package:#}");
        let release = releases.iter().find(|release| release["tender"]["id"] == "XM-7").unwrap();
        assert!(release["ocid"].as_str().unwrap().starts_with("ocds-000000-"));
        assert_eq!(release["buyer"], json!({ "id": "CN-USCI-91110000600037341L", "name": "测试区采购单位03" }));
        assert_eq!(release["tender"]["title"], "信息系统运维");
        assert_eq!(release["tender"]["lots"], json!([{ "id": "1", "title": "1" }, { "id": "2", "title": "2" }]));
        assert_eq!(release["tender"]["sustainability"], json!([{ "goal": "social.smeInclusion", "strategies": ["reservedParticipation"] }]));
        assert_eq!(release["tender"]["mainProcurementCategory"], "services");
        let suppliers: Vec<&Value> = release["parties"].as_array().unwrap()[1..].iter().collect();
        assert_eq!(suppliers[0]["identifier"], json!({ "scheme": "CN-USCI", "id": "91350100M000100Y43", "legalName": "浦江软件有限公司" }));
        assert_eq!((&suppliers[0]["details"]["scale"], &suppliers[1]["details"]["scale"]), (&json!("small"), &json!("selfEmployed")));
        let contract = &release["contracts"][0];
        assert_eq!((contract["id"].as_str(), contract["dateSigned"].as_str()), (Some("HT-1-1"), Some("2024-11-19T00:00:00+08:00")));
        assert_eq!(contract["value"], json!({ "amount": 48761.29, "currency": "CNY" }));
        assert_eq!(contract["documents"][0]["documentType"], "contractNotice");
        assert_eq!(contract["documents"][0]["url"], "https://zfcg.gov.example/a?b=1");
        assert_eq!(contract["documents"][0]["datePublished"], "2024-11-28T00:00:00+08:00");
        let part = &release["awards"][1];
        assert_eq!(part["subcontracting"]["value"], json!({ "amount": 1000.0, "currency": "CNY" }));
        assert_eq!(part["reservedParticipation"]["percentage"], 50.0);
        assert_eq!(part["relatedLots"], json!(["2"]));
        // Of a contract without a notice nobody outside knows more than the announcement says.
        let silent = releases.iter().find(|release| release["tender"]["title"] == "未公告的项目").unwrap();
        let text = silent.to_string();
        for word in ["HT-3", "XM-8", "没有公告的供应商", "dateSigned"] {
            assert!(!text.contains(word), "{word} in {text}");
        }
        assert_eq!(silent["awards"][0]["reservedParticipation"]["smeValue"]["amount"], 777.0);
        assert!(!package.to_string().contains("HT-3") && !package.to_string().contains("没有公告的供应商"));
    })
    .await;
}

/// Announcements like the one that is published, numbered from 1 on, as the changes from 1 on.
const OTHERS: &str = "INSERT INTO announcements (id, unit_id, unit_name, year, number, title, district, remark, document, status, status_reason, status_at, round, body_html, frozen,
                                                 correction_reason, version, updated_at)
    WITH RECURSIVE numbers (n) AS (SELECT 1001 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1005)
    SELECT '01890a5d-ac96-774b-bcce-b302099a' || CAST(n AS TEXT), unit_id, unit_name, 2023, '319900-2023-' || CAST(n AS TEXT), title, district, remark, document, status, status_reason,
           status_at, 1, body_html, frozen, '', 1, updated_at FROM announcements, numbers WHERE status = 'published'";
const THEIR_CHANGES: &str = "INSERT INTO announcement_changes (no, announcement_id, kind, happened_at)
    SELECT CAST(SUBSTR(number, 14) AS BIGINT), id, 'published', status_at FROM announcements WHERE year = 2023";
const THEIR_LINES: &str = "INSERT INTO announcement_lines (id, announcement_id, position, unit_name, record_id, record_number, project_name, measure, sme_fen, small_micro_fen, approved, is_removed, reason)
    SELECT id, id, 1, unit_name, id, 1, '项目', 'nonsense', 0, 0, '{}', 0, '' FROM announcements WHERE year = 2023";

#[tokio::test]
async fn e12_announcements_without_projects_are_passed_over_in_one_look_and_no_look_goes_on_for_ever() {
    on_both(async |app: &TestApp| {
        published(app).await;
        app.execute("UPDATE announcement_changes SET no = 10").await;
        app.execute("UPDATE publications SET last = 10").await;
        app.execute(OTHERS).await;
        app.execute(THEIR_CHANGES).await;
        let asked = Asked { until: 10, limit: 1, of_projects: true, ..Asked::default() };
        let found = open::changes(&app.services, &asked).await.unwrap();
        let numbers: Vec<i64> = found.changes.iter().map(|change| change.no).collect();
        assert_eq!((numbers, found.has_more), (vec![10], false), "the five zero reports are not even read");
        assert!(!package(app, "/api/v1/ocds?limit=1").await["releases"].as_array().unwrap().is_empty());
        // Lines that cannot be read make no release either; the search for one ends.
        app.execute(THEIR_LINES).await;
        app.execute("UPDATE publications SET last = 11").await;
        let answer = app.nobody().get("/api/v1/ocds?limit=1").await;
        assert_eq!((answer.status, answer.header("content-type")), (500, "application/problem+json"), "{}", answer.text);
        assert!(!package(app, "/api/v1/ocds?limit=1&cursor=5").await["releases"].as_array().unwrap().is_empty());
    })
    .await;
}
