//! The 合同台账 as a file: all of what is filtered, figures as numbers, and importable again.

use super::super::support::read_back::{Read, sheets};
use super::super::support::{Answer, CHIEF, TestApp, UNIT_03, Visitor, on_both};
use super::ledger;
use serde_json::json;
use setaside::domain::contract::{Contract, YearBasis, verdict};
use setaside::domain::money::Money;
use setaside::domain::sheet::{self, EXPORTED_BESIDE, HEADER};
use setaside::features::contracts::commands::import;
use setaside::features::contracts::decode::csv_rows;
use std::collections::BTreeMap;

async fn file(visitor: &Visitor<'_>, ending: &str, query: &str) -> Answer {
    let answer = visitor.get(&format!("/office/contracts/export.{ending}{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer
}

/// Every contract of a unit in the sample, by number and lot.
fn of_sample(unit: &str) -> BTreeMap<(String, String), Contract> {
    let rows = csv_rows(include_bytes!("../../../data/contracts-sample.csv")).unwrap();
    let contracts = sheet::read_table(rows.into_iter()).contracts.into_iter().map(|(_, contract)| contract);
    contracts
        .filter(|contract| contract.buyer_name == unit)
        .map(|contract| ((contract.contract_no.clone(), contract.lot.clone()), contract))
        .collect()
}

/// As a person would who saves the sheet as a table of texts: dates are shown, and numbers are their digits.
fn as_texts(rows: &[Vec<Read>]) -> Vec<Vec<String>> {
    let dates: Vec<usize> = HEADER.iter().enumerate().filter(|(_, name)| name.contains("日期")).map(|(at, _)| at).collect();
    let text = |at: usize, cell: &Read| match cell {
        Read::Empty => String::new(),
        Read::Text(text) => text.clone(),
        Read::Number(days) if dates.contains(&at) => {
            let days: i64 = days.parse().unwrap();
            setaside::domain::calendar::Moment::from_millis((days - 25_569) * 86_400_000).day().to_string()
        }
        Read::Number(digits) => digits.clone(),
        Read::Formula => panic!("a formula"),
    };
    rows.iter().map(|row| row.iter().enumerate().map(|(at, cell)| text(at, cell)).collect()).collect()
}

#[tokio::test]
async fn e12_both_files_hold_every_contract_and_can_be_imported_again() {
    on_both(async |app: &TestApp| {
        app.import_sample().await;
        let clerk = app.sign_in("unit03").await;
        let expected = of_sample(UNIT_03);
        let xlsx = file(&clerk, "xlsx", "").await;
        let csv = file(&clerk, "csv", "").await;
        assert!(csv.bytes.starts_with("\u{feff}合同编号,".as_bytes()) && csv.text.contains("\r\n"));
        assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
        let [(name, rows)] = sheets(&xlsx.bytes).try_into().unwrap();
        assert_eq!(name, "合同台账");
        for rows in [as_texts(&rows), csv_rows(&csv.bytes).unwrap()] {
            assert_eq!(rows[0], HEADER.into_iter().chain(EXPORTED_BESIDE).collect::<Vec<_>>());
            let read = sheet::read_table(rows.into_iter());
            assert!(!read.has_errors(), "{:?}", read.findings);
            assert!(!read.findings.iter().any(|finding| finding.row == 1), "what the rules say is no strange column: {:?}", read.findings);
            let found: BTreeMap<_, _> = read
                .contracts
                .iter()
                .map(|(_, contract)| ((contract.contract_no.clone(), contract.lot.clone()), contract.clone()))
                .collect();
            assert_eq!(found, expected);
            let counts = import(&app.services, read.contracts, app.now()).await.unwrap();
            assert_eq!((counts.added, counts.updated, counts.unchanged), (0, 0, expected.len()));
        }
    })
    .await;
}

#[tokio::test]
async fn e12_a_file_holds_what_is_filtered_with_what_the_rules_say_and_figures_are_numbers() {
    on_both(async |app: &TestApp| {
        app.import_sample().await;
        let reviewer = app.sign_in("reviewer").await;
        let unit = app.units[UNIT_03].as_str();
        let query = format!("?unit={unit}&year=2024&verdict=counted&page=7");
        let sums = ledger(&reviewer, json!({ "unit": unit, "year": 2024, "verdict": "counted" })).await.sums;
        let xlsx = file(&reviewer, "xlsx", &query).await;
        let name = "filename=\"attachment.xlsx\"; filename*=UTF-8''%E5%90%88%E5%90%8C%E5%8F%B0%E8%B4%A6-";
        assert!(xlsx.header("content-disposition").contains(name), "{}", xlsx.header("content-disposition"));
        let rows = sheets(&xlsx.bytes).remove(0).1;
        assert_eq!(u64::try_from(rows.len() - 1).unwrap(), sums.total);
        let column = |name: &str| HEADER.into_iter().chain(EXPORTED_BESIDE).position(|column| column == name).unwrap();
        let number = |row: &[Read], name: &str| match &row[column(name)] {
            Read::Number(digits) => Money::parse_yuan(digits).unwrap(),
            other => panic!("{name}: {other:?}"),
        };
        let expected = of_sample(UNIT_03);
        let mut sme = Money::ZERO;
        for row in &rows[1..] {
            let text = |name: &str| if let Read::Text(text) = &row[column(name)] { text.clone() } else { String::new() };
            let contract = &expected[&(text("合同编号"), text("标项"))];
            let counted = verdict(contract, YearBasis::Signed).counted().unwrap();
            assert_eq!(number(row, "合同金额（元）"), contract.amount);
            assert_eq!(number(row, "计入面向中小企业金额（元）"), counted.sme);
            assert_eq!(number(row, "计入面向小微企业金额（元）"), counted.small_micro);
            assert_eq!((text("统计结果").as_str(), &row[column("统计年度")]), ("计入", &Read::Number("2024".to_owned())));
            assert!(matches!(row[column("合同签订日期")], Read::Number(_)), "a day is a day");
            sme = sme.checked_add(counted.sme).unwrap();
        }
        assert_eq!(sme, sums.sme);
    })
    .await;
}

#[tokio::test]
async fn e12_a_walk_by_pages_gives_each_contract_exactly_once_also_where_many_share_a_day() {
    on_both(async |app: &TestApp| {
        let mut contract = of_sample(UNIT_03).into_values().next().unwrap();
        contract.buyer_name = CHIEF.to_owned();
        let many: Vec<_> =
            (0..1_203).map(|number| (number + 2, Contract { contract_no: format!("{number:04}"), ..contract.clone() })).collect();
        import(&app.services, many, app.now()).await.unwrap();
        let rows = csv_rows(&file(&app.sign_in("jdc").await, "csv", "").await.bytes).unwrap();
        let mut numbers: Vec<_> = rows[1..].iter().map(|row| row[0].trim().to_owned()).collect();
        numbers.sort();
        assert_eq!(numbers, (0..1_203).map(|number| format!("{number:04}")).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn e12_a_name_that_looks_like_a_formula_is_none_and_comes_back_unchanged() {
    on_both(async |app: &TestApp| {
        let mut contract = of_sample(UNIT_03).into_values().next().unwrap();
        contract.contract_no = "-2024\u{2212}1".to_owned();
        contract.project_name = "=HYPERLINK(\"http://evil.example\",\"a\")".to_owned();
        contract.supplier_name = "@供应商, \"引号\"".to_owned();
        import(&app.services, vec![(2, contract.clone())], app.now()).await.unwrap();
        let clerk = app.sign_in("unit03").await;
        let csv = file(&clerk, "csv", "").await;
        assert!(csv.text.contains("\"'=HYPERLINK") && csv.text.contains("'-2024") && csv.text.contains("\"'@"), "{}", csv.text);
        assert_eq!(sheet::read_table(csv_rows(&csv.bytes).unwrap().into_iter()).contracts[0].1, contract);
        let rows = sheets(&file(&clerk, "xlsx", "").await.bytes).remove(0).1;
        assert!(rows[1].contains(&Read::Text(contract.project_name)));
    })
    .await;
}

#[tokio::test]
async fn b8_a_file_of_a_ledger_that_one_may_not_open_is_none() {
    on_both(async |app: &TestApp| {
        let clerk = app.sign_in("unit03").await;
        let other = clerk.get(&format!("/office/contracts/export.csv?unit={}", app.units[CHIEF])).await;
        assert_eq!((other.status, other.header("content-type")), (404, "text/html; charset=utf-8"));
        assert_eq!(clerk.get(&format!("/office/contracts/export.csv?words={}", "a".repeat(101))).await.status, 422);
        let empty = csv_rows(&file(&clerk, "csv", "").await.bytes).unwrap();
        assert_eq!(empty.len(), 1, "the header alone");
        assert_eq!(app.sign_in("admin").await.get("/office/contracts/export.xlsx").await.status, 404);
        assert_eq!(app.nobody().get("/office/contracts/export.xlsx").await.status, 303);
    })
    .await;
}

#[tokio::test]
async fn e12_a_file_is_never_of_more_than_was_asked_for() {
    on_both(async |app: &TestApp| {
        app.import_sample().await;
        let clerk = app.sign_in("unit03").await;
        for query in ["?year=2024%0d%0aX", "?year=99999999999999", "?unit=x", "?source=x", "?measure=%00"] {
            assert_eq!(clerk.get(&format!("/office/contracts/export.csv{query}")).await.status, 400, "{query}");
        }
        let all = file(&clerk, "csv", "?words=%00&year=&unit=").await;
        assert_eq!(csv_rows(&all.bytes).unwrap().len(), of_sample(UNIT_03).len() + 1);
    })
    .await;
}
