//! Contracts through the database: what was imported is what is explained.

use super::support::{TestApp, on_both};
use setaside::domain::contract::YearBasis;
use setaside::domain::sheet;
use setaside::features::contracts::commands::{ImportRefused, explain, import, of_year, years_of};
use setaside::features::contracts::decode::csv_rows;
use std::collections::BTreeMap;

const SIGNED: &str = include_str!("../../data/contracts-sample.expected.json");
const PUBLISHED: &str = include_str!("../../data/contracts-sample.expected-published.json");

async fn expect(app: &TestApp, basis: Option<YearBasis>, expected: &str) {
    let expected: BTreeMap<String, serde_json::Value> = serde_json::from_str(expected).unwrap();
    for (key, summary) in &expected {
        let (unit, year) = key.split_once('/').unwrap();
        let found = serde_json::to_value(explain(&app.services, unit, year.parse().unwrap(), basis).await.unwrap()).unwrap();
        assert_eq!(&found["summary"], summary, "{key}");
        assert_eq!((found["unit"].as_str(), found["year"].to_string().as_str()), (Some(unit), year));
    }
}

#[tokio::test]
async fn e1_the_sample_gives_what_is_expected_through_the_database() {
    on_both(async |app: &TestApp| {
        let counts = app.import_sample().await;
        assert_eq!((counts.added, counts.updated, counts.unchanged), (700, 0, 0));
        expect(app, None, SIGNED).await;
        expect(app, Some(YearBasis::Published), PUBLISHED).await;
        app.execute("UPDATE units SET year_basis = 'published' WHERE is_supervisor = 1").await;
        expect(app, None, PUBLISHED).await;
        expect(app, Some(YearBasis::Signed), SIGNED).await;
    })
    .await;
}

#[tokio::test]
async fn a1_a_year_lists_its_contracts_in_order_and_each_exactly_once() {
    on_both(async |app: &TestApp| {
        app.import_sample().await;
        let db = &mut *app.services.db.read().await.unwrap();
        for basis in YearBasis::ALL {
            let mut total = 0;
            for unit in app.units.values() {
                for year in years_of(db, unit).await.unwrap() {
                    let stored = of_year(db, unit, year, *basis).await.unwrap();
                    let keys: Vec<_> = stored.iter().map(|stored| (&stored.contract.contract_no, &stored.contract.lot)).collect();
                    assert!(keys.is_sorted(), "{keys:?}");
                    total += stored.len();
                }
            }
            assert_eq!(total, 700, "{basis:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a1_importing_again_changes_only_what_differs_and_says_so() {
    on_both(async |app: &TestApp| {
        app.import_sample().await;
        let again = app.import_sample().await;
        assert_eq!((again.added, again.updated, again.unchanged), (0, 0, 700));
        let rows = csv_rows(include_bytes!("../../data/contracts-sample.csv")).unwrap();
        let mut contracts = sheet::read_table(rows.into_iter()).contracts;
        let (row, first) = contracts.first_mut().unwrap();
        let (row, before) = (*row, std::mem::replace(&mut first.project_name, "改过的名称".to_owned()));
        let counts = import(&app.services, contracts.clone(), app.now()).await.unwrap();
        assert_eq!((counts.added, counts.updated, counts.unchanged), (0, 1, 699));
        let [change] = counts.changes.as_slice() else { panic!("{:?}", counts.changes) };
        assert_eq!((change.row, change.column, &change.before, change.after.as_str()), (row, "项目名称", &before, "改过的名称"));
        assert_eq!(app.count("SELECT COUNT(*) FROM contracts WHERE version = 2").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a1_an_unknown_buyer_refuses_the_whole_file_by_name() {
    on_both(async |app: &TestApp| {
        let rows = csv_rows(include_bytes!("../../data/contracts-sample.csv")).unwrap();
        let mut contracts = sheet::read_table(rows.into_iter()).contracts;
        contracts[3].1.buyer_name = "没有的单位".to_owned();
        contracts[9].1.buyer_name = "另一个".to_owned();
        let Err(ImportRefused::UnknownBuyers(findings)) = import(&app.services, contracts, app.now()).await else { panic!("taken") };
        let found: Vec<_> = findings.iter().map(|finding| (finding.row, finding.column.as_str())).collect();
        assert_eq!(found, [(5, "采购人"), (11, "采购人")]);
        assert!(findings[0].message.contains("没有的单位") && findings[1].message.contains("另一个"));
        assert_eq!(app.count("SELECT COUNT(*) FROM contracts").await, 0);
    })
    .await;
}
