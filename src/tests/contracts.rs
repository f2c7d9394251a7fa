//! Contracts through the database: what was imported is what is explained.

mod entry;
mod export;

use super::support::{TestApp, UNIT_03, UNIT_99, Visitor, on_both};
use serde_json::{Value, json};
use setaside::domain::contract::YearBasis;
use setaside::domain::sheet;
use setaside::features::contracts::api::Ledger;
use setaside::features::contracts::commands::{ImportRefused, explain, import, of_year};
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
                for year in 2015..=2030 {
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

/// A page of the ledger, with these filters over none.
async fn ledger(visitor: &Visitor<'_>, filters: Value) -> Ledger {
    visitor.call("contracts", ledger_query(filters)).await
}

fn ledger_query(filters: Value) -> Value {
    let mut query = json!({ "unit": null, "year": null, "source": null, "measure": null, "verdict": "", "words": "", "page": 1 });
    for (key, value) in filters.as_object().unwrap() {
        query[key] = value.clone();
    }
    query
}

#[tokio::test]
async fn e1_the_ledger_filters_and_sums_as_the_rules_count() {
    on_both(async |app: &TestApp| {
        app.import_sample().await;
        for (basis, expected) in [("signed", SIGNED), ("published", PUBLISHED)] {
            app.execute(if basis == "signed" {
                "UPDATE units SET year_basis = 'signed'"
            } else {
                "UPDATE units SET year_basis = 'published'"
            })
            .await;
            let reviewer = app.sign_in("reviewer").await;
            let expected: BTreeMap<String, Value> = serde_json::from_str(expected).unwrap();
            for (key, summary) in &expected {
                let (unit, year) = key.split_once('/').unwrap();
                let filter =
                    |verdict: &str| json!({ "unit": app.units[unit].as_str(), "year": year.parse::<i32>().unwrap(), "verdict": verdict });
                let counted = ledger(&reviewer, filter("counted")).await.sums;
                assert_eq!(
                    json!([counted.total, counted.sme.fen(), counted.small_micro.fen()]),
                    json!([summary["lines"], summary["sme_fen"], summary["small_micro_fen"]]),
                    "{key}"
                );
                assert_eq!(json!(ledger(&reviewer, filter("needs_input")).await.sums.total), summary["needs_input"], "{key}");
                assert_eq!(json!(ledger(&reviewer, filter("error")).await.sums.total), summary["errors"], "{key}");
                let left_out = summary["left_out"].as_object().unwrap();
                for (code, count) in left_out {
                    assert_eq!(json!(ledger(&reviewer, filter(code)).await.sums.total), *count, "{key} {code}");
                }
                let all: u64 = left_out.values().map(|count| count.as_u64().unwrap()).sum();
                assert_eq!(ledger(&reviewer, filter("left_out")).await.sums.total, all, "{key}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn e1_the_ledger_is_searched_paged_and_shows_each_contract_once() {
    on_both(async |app: &TestApp| {
        app.import_sample().await;
        let clerk = app.sign_in("unit03").await;
        let first = ledger(&clerk, json!({})).await;
        let (mut seen, mut years) = (Vec::new(), std::collections::BTreeSet::new());
        for page in 1..=first.sums.total.div_ceil(first.size) {
            let lines = ledger(&clerk, json!({ "page": page })).await.lines;
            // Every number of the sample holds these figures: a search that finds all finds them in the same order.
            let searched = ledger(&clerk, json!({ "page": page, "words": "107000" })).await.lines;
            assert_eq!(searched, lines, "page {page}");
            years.extend(lines.iter().map(|line| line.year));
            seen.extend(lines.into_iter().map(|line| (line.contract.signed_on, line.id)));
        }
        assert!(seen.is_sorted_by(|a, b| a > b), "one order, from the first page to the last");
        assert_eq!(first.years, years.into_iter().rev().collect::<Vec<_>>());
        assert_eq!(u64::try_from(seen.len()).unwrap(), first.sums.total);
        let beyond = ledger(&clerk, json!({ "page": 9_999 })).await;
        assert_eq!(beyond.page, first.sums.total.div_ceil(first.size), "a page past the end is the last one");

        let some = &first.lines[7].contract;
        let by_number = ledger(&clerk, json!({ "words": some.contract_no.to_lowercase() })).await;
        assert!(by_number.lines.iter().any(|line| line.contract == *some));
        let both = format!("{} {}", some.contract_no, some.supplier_name.chars().take(3).collect::<String>());
        assert!(
            ledger(&clerk, json!({ "words": both })).await.lines.iter().all(|line| line.contract.contract_no.contains(&some.contract_no))
        );
        for nothing in ["%", "_", "\\", "'", "没有这样的合同"] {
            assert_eq!(ledger(&clerk, json!({ "words": nothing })).await.sums.total, 0, "{nothing} means itself");
        }
        assert!(clerk.refused("contracts", ledger_query(json!({ "words": "长".repeat(101) })), 422).await.contains("最多 100 个字"));
    })
    .await;
}

#[tokio::test]
async fn e1_absurd_amounts_and_searches_that_no_text_can_hold_are_answered() {
    on_both(async |app: &TestApp| {
        app.import_sample().await;
        app.execute("UPDATE contracts SET amount_fen = 9000000000000000000, signing_sme_fen = 9000000000000000000").await;
        let clerk = app.sign_in("unit03").await;
        let all = ledger(&clerk, json!({})).await;
        assert_eq!((all.sums.amount.fen(), all.sums.sme.fen()), (i64::MAX, i64::MAX), "shown as the greatest amount there is");
        assert_eq!(ledger(&clerk, json!({ "words": "107000\u{0}" })).await.sums.total, all.sums.total);
        assert_eq!(ledger(&clerk, json!({ "verdict": "a\u{0}" })).await.sums.total, 0);
    })
    .await;
}

#[tokio::test]
async fn b8_the_ledger_of_another_unit_is_hidden_but_for_its_chief() {
    on_both(async |app: &TestApp| {
        app.import_sample().await;
        let (own, other) = (app.units[UNIT_03].as_str(), app.units[UNIT_99].as_str());
        let clerk = app.sign_in("unit03").await;
        assert_eq!(ledger(&clerk, json!({})).await.units, ledger(&clerk, json!({ "unit": own })).await.units);
        assert_eq!(ledger(&clerk, json!({})).await.units.len(), 1);
        clerk.refused("contracts", ledger_query(json!({ "unit": other })), 404).await;
        let reviewer = app.sign_in("reviewer").await;
        let seen = ledger(&reviewer, json!({ "unit": other })).await;
        assert_eq!((seen.unit.as_str(), seen.units.len()), (other, 4));
    })
    .await;
}

#[tokio::test]
async fn e1_a_contract_that_is_imported_again_moves_in_the_ledger() {
    on_both(async |app: &TestApp| {
        app.import_sample().await;
        let clerk = app.sign_in("unit03").await;
        let before = ledger(&clerk, json!({ "verdict": "counted" })).await;
        let mut contract = before.lines[0].contract.clone();
        contract.reserved = false;
        import(&app.services, vec![(2, contract.clone())], app.now()).await.unwrap();
        let after = ledger(&clerk, json!({ "verdict": "counted" })).await;
        assert_eq!(after.sums.total, before.sums.total - 1);
        assert_eq!(after.sums.sme.fen(), before.sums.sme.fen() - before.lines[0].sme.unwrap().fen());
        let left_out = ledger(&clerk, json!({ "verdict": "NOT_RESERVED" })).await;
        assert!(left_out.lines.iter().any(|line| line.contract == contract && line.reason == "非预留项目"));
    })
    .await;
}
