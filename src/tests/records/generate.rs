//! Generation: the sample's own figures, one record a unit and year, the 主管's setting frozen into it.

use super::*;
use crate::support::on_both;
use setaside::domain::contract::YearBasis;
use setaside::domain::money::Ratio;
use setaside::domain::record::totals;
use setaside::features::records::api::OfferedYear;
use std::collections::BTreeMap;

const SIGNED: &str = include_str!("../../../data/contracts-sample.expected.json");
const PUBLISHED: &str = include_str!("../../../data/contracts-sample.expected-published.json");

/// The 经办 of each unit.
const CLERKS: [(&str, &str); 4] = [(CHIEF, "jdc"), (UNIT_03, "unit03"), ("测试区采购单位99", "unit99"), ("浦东新区采购中心", "pudong")];

/// What a record says, in the form of the expected file.
fn summary(seen: &RecordView) -> Value {
    let mut left_out: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &seen.left_out {
        *left_out.entry(row.rule.code()).or_default() += 1;
    }
    let record = &seen.record;
    let open = seen.lines.iter().filter(|line| line.review(&seen.rules).counted.is_none()).count();
    json!({
        "lines": record.line_count,
        "sme_fen": record.sme.fen(),
        "small_micro_fen": record.small_micro.fen(),
        "left_out": left_out,
        "open": open,
        "sme_wan": record.sme.wan(),
        "small_micro_wan": record.small_micro.wan(),
        "ratio": Ratio::of(record.small_micro, record.sme).to_string(),
    })
}

/// Generates every unit's every year and compares; gives the records.
async fn expect<'app>(app: &'app TestApp, expected: &str) -> Vec<(Visitor<'app>, RecordId)> {
    let mut made = Vec::new();
    let expected: BTreeMap<String, Value> = serde_json::from_str(expected).unwrap();
    assert!(expected.len() >= 20);
    for (key, mut expected) in expected {
        let (unit, year) = key.split_once('/').unwrap();
        let clerk = app.sign_in(CLERKS.iter().find(|(name, _)| *name == unit).unwrap().1).await;
        let id = generate(&clerk, year.parse().unwrap()).await;
        let seen = view(&clerk, &id).await;
        let fields = expected.as_object_mut().unwrap();
        let open = fields.remove("needs_input").unwrap().as_u64().unwrap() + fields.remove("errors").unwrap().as_u64().unwrap();
        fields.insert("open".to_owned(), open.into());
        assert_eq!(summary(&seen), expected, "{key}");
        assert_eq!(totals(&seen.lines, &seen.rules).sme, seen.record.sme, "A3: the head is the sum of the lines of {key}");
        assert_eq!((seen.record.unit_name.as_str(), seen.record.status.code()), (unit, "draft"));
        made.push((clerk, id));
    }
    made
}

/// Chooses by which date contracts stand in a year, as the 主管's 经办.
async fn choose(app: &TestApp, basis: &str) {
    let clerk = app.sign_in("jdc").await;
    let setting: Value = clerk.call("read_year_basis", Value::Null).await;
    clerk.call::<()>("choose_year_basis", json!({ "basis": basis, "version": setting["version"] })).await;
}

#[tokio::test]
async fn a1_every_unit_and_year_of_the_sample_gives_its_expected_record() {
    on_both(async |app: &TestApp| {
        app.set_time("2026-03-10T09:30");
        app.import_sample().await;
        expect(app, SIGNED).await;
    })
    .await;
}

#[tokio::test]
async fn a1_the_chiefs_year_basis_is_frozen_into_each_record() {
    on_both(async |app: &TestApp| {
        app.set_time("2026-03-10T09:30");
        app.import_sample().await;
        choose(app, "published").await;
        let made = expect(app, PUBLISHED).await;
        choose(app, "signed").await;
        let (clerk, id) = &made[0];
        let seen = view(clerk, id).await;
        assert_eq!(
            (seen.record.basis, seen.rules.basis),
            (YearBasis::Published, YearBasis::Published),
            "a record keeps what it was made with"
        );
        let version = seen.record.version;
        clerk.call::<()>("delete_record", json!({ "record": id, "version": version })).await;
        let again = generate(clerk, seen.record.year.number()).await;
        assert_eq!(view(clerk, &again).await.record.basis, YearBasis::Signed, "a new one takes the setting of its day");
    })
    .await;
}

#[tokio::test]
async fn a1_a_record_of_many_contracts_holds_each_in_order() {
    on_both(async |app: &TestApp| {
        let many = (0..450).map(|number| Contract { reserved: number % 2 == 0, ..contract(&format!("{number:03}")) });
        import(app, many.collect()).await;
        let clerk = app.sign_in("unit03").await;
        let id = generate(&clerk, 2024).await;
        let seen = view(&clerk, &id).await;
        let numbers: Vec<&str> = seen.lines.iter().map(|line| line.contract().unwrap().contract_no.as_str()).collect();
        assert_eq!(numbers, (0..225).map(|number| format!("{:03}", number * 2)).collect::<Vec<_>>());
        assert_eq!((seen.left_out.len(), seen.record.sme), (225, wan(22_500)));
        assert_eq!(app.count("SELECT COUNT(DISTINCT position) FROM record_lines").await, 225);
        assert_eq!(app.count("SELECT MAX(position) FROM record_lines").await, 225);
        let added = add_line(&clerk, &id, 1).await;
        assert_eq!(view(&clerk, &id).await.lines.last().unwrap().id, added.id, "what is added stands last");
    })
    .await;
}

#[tokio::test]
async fn a2_a_second_record_of_a_year_is_refused_and_names_the_first() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        let again: Generated = clerk.call("generate_record", json!({ "year": 2024 })).await;
        assert_eq!(again, Generated::Exists(id.clone()));
        assert_eq!(app.count("SELECT COUNT(*) FROM records").await, 1);
        let other = app.sign_in("unit99").await;
        assert_ne!(generate(&other, 2024).await, id, "another unit has its own");
        let years: Vec<OfferedYear> = clerk.call("record_years", Value::Null).await;
        let found: Vec<_> = years.iter().map(|offered| (offered.year.number(), offered.is_running, offered.existing.as_ref())).collect();
        assert_eq!(found, [(2025, true, None), (2024, false, Some(&id)), (2023, false, None), (2022, false, None), (2021, false, None)]);
    })
    .await;
}

#[tokio::test]
async fn a2_two_at_the_same_moment_make_one_record_and_both_learn_which() {
    on_both(async |app: &TestApp| {
        import(app, vec![contract("1"), contract("2")]).await;
        let (one, two) = (app.sign_in("unit03").await, app.sign_in("unit03").await);
        for year in [2022, 2023, 2024, 2025] {
            let input = json!({ "year": year });
            let (one, two): (Generated, Generated) =
                tokio::join!(one.call("generate_record", input.clone()), two.call("generate_record", input.clone()));
            let (Generated::New(new), Generated::Exists(existing)) =
                (if matches!(one, Generated::New(_)) { (one, two) } else { (two, one) })
            else {
                panic!("one makes it, the other finds it");
            };
            assert_eq!(new, existing);
        }
        assert_eq!(app.count("SELECT COUNT(*) FROM records").await, 4);
        assert_eq!(app.count("SELECT COUNT(*) FROM record_lines").await, 2, "and its lines once");
    })
    .await;
}

#[tokio::test]
async fn a2_only_years_that_can_be_reported_are_taken() {
    on_both(async |app: &TestApp| {
        let clerk = app.sign_in("unit03").await;
        for (year, status) in [(2020, 400), (1999, 400), (2026, 422), (2100, 422), (9999, 400)] {
            let (found, answer) = clerk.post_api("generate_record", json!({ "year": year })).await;
            assert_eq!(found, status, "{year}: {answer}");
        }
        assert_eq!(app.count("SELECT COUNT(*) FROM records").await, 0);
        app.set_time("2026-01-01T00:00");
        let clerk = app.sign_in("unit03").await;
        let id = generate(&clerk, 2026).await;
        assert_eq!(view(&clerk, &id).await.record.year.number(), 2026, "the running year is allowed from its first minute in Shanghai");
    })
    .await;
}

#[tokio::test]
async fn a1_generating_is_the_clerks() {
    on_both(async |app: &TestApp| {
        for (login, status) in [("head03", 403), ("reviewer", 403), ("admin", 404)] {
            let visitor = app.sign_in(login).await;
            for (endpoint, input) in [("generate_record", json!({ "year": 2024 })), ("record_years", Value::Null)] {
                let (found, answer) = visitor.post_api(endpoint, input).await;
                assert_eq!(found, status, "{login} {endpoint}: {answer}");
            }
        }
        assert_eq!(app.nobody().post_api("generate_record", json!({ "year": 2024 })).await.0, 401);
    })
    .await;
}

#[tokio::test]
async fn a3_totals_are_never_taken_from_outside() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        let seen = view(&clerk, &id).await;
        let first = line(&seen, "1");
        for (endpoint, input) in [
            ("generate_record", json!({ "year": 2023, "sme": 1 })),
            ("save_line", and(edit(&id, first, &[("reason", "x")]), "sme_fen", 1)),
            ("save_line", edit(&id, first, &[("line_count", "7")])),
            ("change_lines", and(changes(&id, json!([])), "sme", 1)),
            ("save_record_remark", json!({ "record": id, "before": "", "remark": "x", "sme": 1 })),
            ("submit_record", json!({ "record": id, "version": 1, "content_version": 1, "next": institution(app, CHIEF), "sme": 1 })),
        ] {
            let (status, answer) = clerk.post_api(endpoint, input).await;
            assert_eq!(status, 400, "{endpoint}: {answer}");
        }
        assert_eq!(view(&clerk, &id).await.record, seen.record);
    })
    .await;
}

#[tokio::test]
async fn a4_a_line_says_what_its_contract_says_and_keeps_the_link_byte_for_byte() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        let seen = view(&clerk, &id).await;
        let review = line(&seen, "1").review(&seen.rules);
        assert_eq!((review.project_name.as_str(), review.measure), ("项目1", Some(Measure::Whole)));
        assert_eq!((review.sme, review.small_micro), (Some(wan(100)), Some(wan(100))));
        assert_eq!(review.url.as_deref(), Some("https://zfcg.gov.example/luban/detail?articleId=1+/=="));
        assert_eq!(line(&seen, "1").contract().unwrap(), &contract("1"));
    })
    .await;
}

#[tokio::test]
async fn a4_a_contract_that_changes_later_changes_no_record() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        let before = view(&clerk, &id).await;
        import(app, vec![Contract { amount: wan(999), ..contract("1") }]).await;
        assert_eq!(view(&clerk, &id).await.lines, before.lines);
    })
    .await;
}

#[tokio::test]
async fn a13_a_year_without_contracts_is_a_zero_report_that_is_approved_like_any() {
    on_both(async |app: &TestApp| {
        let clerk = app.sign_in("pudong").await;
        let id = generate(&clerk, 2024).await;
        let seen = view(&clerk, &id).await;
        assert!(seen.lines.is_empty() && seen.left_out.is_empty());
        assert_eq!((seen.record.line_count, seen.record.sme, seen.record.small_micro), (0, Money::ZERO, Money::ZERO));
        assert!(seen.history.events[0].detail.contains("零报告"), "{:?}", seen.history.events);
        ok(submit(&clerk, &id, institution(app, CHIEF)).await);
        ok(decide(&app.sign_in("leader").await, &id, true, "", Value::Null).await);
        assert_eq!(view(&clerk, &id).await.record.status.code(), "approved");
        let approved = approved_versions(app, "浦东新区采购中心").await;
        assert_eq!((approved.len(), approved[0].lines.len()), (1, 0), "a zero record is a record");
    })
    .await;
}
