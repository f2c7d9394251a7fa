//! The sample file gives what is expected of it, and reading is the inverse of writing.

use super::*;
use crate::domain::calendar::Day;
use crate::domain::contract::{Category, GoodsMark, Measure, Rule, Source, SupplierScale, Tally, Target, YearBasis, judge, year_of};
use crate::domain::money::{Money, Percent};
use crate::domain::text::is_invisible;
use crate::domain::uscc;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::BTreeMap;

const SAMPLE: &str = include_str!("../../../data/contracts-sample.csv");

/// The sample holds no quotes, so a line is a row and a comma a border.
fn sample() -> impl Iterator<Item = Vec<String>> {
    assert!(!SAMPLE.contains('"'));
    SAMPLE.lines().map(|line| line.split(',').map(str::to_owned).collect())
}

fn expect(basis: YearBasis, expected: &str) {
    let import = read_table(sample());
    assert_eq!(import.contracts.len(), 700);
    assert_eq!(import.rows_read, 700);
    assert!(!import.has_errors(), "{:?}", import.findings.iter().find(|finding| finding.severity == Severity::Error));
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for (_, contract) in &import.contracts {
        let tally = tallies.entry(format!("{}/{}", contract.buyer_name, year_of(contract, basis))).or_default();
        tally.add(&judge(contract, basis).verdict);
    }
    let found: BTreeMap<String, serde_json::Value> = tallies
        .into_iter()
        .map(|(key, tally)| {
            let left_out: BTreeMap<&str, usize> = tally.left_out.iter().map(|(rule, count)| (rule.code(), *count)).collect();
            let value = serde_json::json!({
                "lines": tally.lines, "sme_fen": tally.sme.fen(), "small_micro_fen": tally.small_micro.fen(), "left_out": left_out,
                "needs_input": tally.needs_input, "errors": tally.errors,
                "sme_wan": tally.sme.wan(), "small_micro_wan": tally.small_micro.wan(), "ratio": tally.ratio().to_string(),
            });
            (key, value)
        })
        .collect();
    let expected: BTreeMap<String, serde_json::Value> = serde_json::from_str(expected).unwrap();
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "units and years");
    for (key, value) in &expected {
        assert_eq!(&found[key], value, "{key}");
    }
}

#[test]
fn a1_the_sample_gives_what_is_expected_by_signing_date() {
    expect(YearBasis::Signed, include_str!("../../../data/contracts-sample.expected.json"));
}

#[test]
fn a1_the_sample_gives_what_is_expected_by_publication_date() {
    expect(YearBasis::Published, include_str!("../../../data/contracts-sample.expected-published.json"));
}

#[test]
fn a9_the_sample_shows_every_rule_that_a_row_can_meet() {
    let met: std::collections::BTreeSet<&str> = read_table(sample())
        .contracts
        .iter()
        .filter_map(|(_, contract)| match judge(contract, YearBasis::Signed).verdict {
            crate::domain::contract::Verdict::LeftOut(rule) => Some(rule.code()),
            _ => None,
        })
        .collect();
    let rules = Rule::ALL.iter().filter(|rule| **rule != Rule::ClaimedOut).map(|rule| rule.code()).collect();
    assert_eq!(met, rules);
}

fn cells(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

/// A table of the required columns and `column`, whose one row holds `value` there.
fn table(column: Column, value: &str) -> [Vec<String>; 2] {
    let mut row = BTreeMap::from([
        (Column::ContractNo, "HT-1"),
        (Column::ProjectName, "保洁服务"),
        (Column::BuyerName, "测试区采购单位03"),
        (Column::SupplierName, "上海某公司"),
        (Column::Amount, "500000"),
        (Column::Reserved, "是"),
        (Column::SignedOn, "2024-03-05"),
    ]);
    row.insert(column, value);
    [row.keys().map(|column| column.name().to_owned()).collect(), row.values().map(|value| (*value).to_owned()).collect()]
}

fn read(column: Column, value: &str) -> Import {
    read_table(table(column, value).into_iter())
}

/// The one finding of a table: severity and message.
fn only_finding(import: &Import) -> (Severity, &str) {
    assert_eq!(import.findings.len(), 1, "{:?}", import.findings);
    (import.findings[0].severity, &import.findings[0].message)
}

#[test]
fn a1_headers_are_read_in_any_order_width_and_language() {
    let header = cells(&[
        "\u{feff}签订说明",
        " 合同签订日期* ",
        "AMOUNT_YUAN",
        "是否 预留",
        "供应商",
        "采购人",
        "项目名称",
        "合同编号",
        "预留比例(%)",
        "不足３家重新采购",
        "面向中小企业金额(元)",
    ]);
    let row = cells(&["x", "2024-3-5", "1,234.5", "是", "乙", "甲", "丙", "1", "45.5%", "是", "0"]);
    let import = read_table([header, row].into_iter());
    assert_eq!(import.findings.len(), 1, "{:?}", import.findings);
    assert_eq!(
        (import.findings[0].row, import.findings[0].severity, import.findings[0].column.as_str()),
        (1, Severity::Warning, "\u{feff}签订说明")
    );
    let contract = &import.contracts[0].1;
    assert_eq!((contract.amount.yuan(), contract.retendered, contract.sme), ("1234.5".to_owned(), true, Some(Money::ZERO)));
    assert_eq!((contract.source, contract.small_micro, contract.goods_mark), (Source::Project, None, None));
    for column in Column::ALL {
        assert_eq!(Column::recognise(column.name()), Some(column));
        assert_eq!(Column::recognise(column.alias()), Some(column));
        assert_eq!(Column::recognise(&column.name().replace('（', " ( ").replace('）', ")")), Some(column));
    }
}

#[test]
fn a1_missing_and_doubled_columns_and_other_units_refuse_the_table() {
    let none = read_table(std::iter::empty());
    assert_eq!(none.findings.iter().filter(|finding| finding.severity == Severity::Error).count(), 7);
    let mut doubled = table(Column::Lot, "1");
    doubled[0].push("contract_no".to_owned());
    assert_eq!(only_finding(&read_table(doubled.into_iter())), (Severity::Error, "「合同编号」出现两次（A 列和 I 列），请只保留一列。"));
    let mut in_wan = table(Column::Lot, "1");
    in_wan[0][5] = "合同金额（万元）".to_owned();
    let import = read_table(in_wan.into_iter());
    assert!(import.contracts.is_empty());
    assert_eq!(import.findings[0].message, "列名「合同金额（万元）」的单位不明或不同，请换算后把列名改为「合同金额（元）」。");
}

#[test]
fn a1_what_cannot_be_read_is_refused_with_row_and_column() {
    let table = [
        (Column::SignedOn, "2023-07-32"),
        (Column::SignedOn, ""),
        (Column::PublishedOn, "2023-02-29"),
        (Column::Amount, ""),
        (Column::Amount, "约五十万"),
        (Column::Amount, "12.5万元"),
        (Column::Amount, "-1"),
        (Column::Amount, "3492.8543"),
        (Column::Sme, "1e5"),
        (Column::ReservedPct, "0"),
        (Column::ReservedPct, "100.0001"),
        (Column::ReservedPct, "33.33333"),
        (Column::Reserved, ""),
        (Column::Reserved, "对"),
        (Column::Measure, "整包预留"),
        (Column::SupplierScale, "中小型"),
        (Column::Url, "javascript:alert(1)"),
        (Column::ContractNo, " \u{3000}"),
        (Column::BuyerName, "甲\u{0}"),
    ];
    for (column, value) in table {
        let import = read(column, value);
        assert!(import.contracts.is_empty(), "{column:?} {value}");
        let finding = &import.findings[0];
        assert_eq!((finding.row, finding.column.as_str(), finding.severity), (2, column.name(), Severity::Error), "{value}");
        assert!(finding.message.ends_with('。'), "{}", finding.message);
    }
    let import = read(Column::Measure, "整包预留");
    assert_eq!(only_finding(&import).1, "「整包预留」不是可填的值，请改为：整体预留、包预留、联合体预留、合同分包预留，或留空。");
}

#[test]
fn a1_faults_seen_in_real_records_are_warnings() {
    for (column, value, words) in [
        (Column::Amount, "329.53", "万元"),
        (Column::Amount, "20000000000", "200 亿元"),
        (Column::Amount, "13800138000", "手机号码"),
        (Column::Sme, "50", "万元"),
        (Column::ContractNo, "202401010000001000", "第 15 位"),
        (Column::BuyerUscc, "91350100M000100Y4Z", "统一社会信用代码"),
        (Column::ReservedPct, "0.455", "不到 1%"),
    ] {
        let import = read(column, value);
        assert_eq!(import.contracts.len(), 1, "{column:?} {value}");
        let (severity, message) = only_finding(&import);
        assert!(severity == Severity::Warning && message.contains(words), "{message}");
        assert_eq!((import.findings[0].row, import.findings[0].column.as_str()), (2, column.name()));
    }
    for (column, value) in [(Column::Amount, "1000"), (Column::Sme, "0"), (Column::ContractNo, "107000-2022-000000")] {
        assert_eq!(read(column, value).findings, [], "{column:?} {value}");
    }
}

#[test]
fn a1_several_lots_in_one_amount_are_named_and_the_row_is_refused() {
    let import = read(Column::Amount, "第1包：100000；第2包：200000");
    assert!(import.contracts.is_empty());
    let severities: Vec<Severity> = import.findings.iter().map(|finding| finding.severity).collect();
    assert_eq!(severities, [Severity::Warning, Severity::Error]);
    assert!(import.findings[0].message.contains("拆成多行"));
}

#[test]
fn a1_what_contradicts_itself_is_taken() {
    let import = read(Column::Sme, "600000");
    assert_eq!((import.contracts.len(), import.findings.len()), (1, 0));
}

#[test]
fn a1_a_row_that_has_shifted_is_refused() {
    let mut shifted = table(Column::Lot, "1");
    shifted[1].insert(5, "1".to_owned());
    let import = read_table(shifted.into_iter());
    assert!(import.contracts.is_empty());
    assert!(import.findings[0].message.contains("错位"), "{}", import.findings[0].message);
    let [header, mut short] = table(Column::Lot, "1");
    short.push(" ".to_owned());
    assert_eq!(read_table([header, short].into_iter()).contracts.len(), 1, "blank cells beyond the header are nothing");
}

#[test]
fn a1_blank_rows_are_passed_over_and_still_numbered() {
    let [header, row] = table(Column::Lot, "1");
    let import = read_table([header, cells(&["", " "]), Vec::new(), row].into_iter());
    assert_eq!((import.contracts[0].0, import.rows_read), (4, 1));
}

#[test]
fn a1_a_key_twice_with_the_same_content_is_taken_once() {
    let [header, row] = table(Column::Lot, "1");
    let mut same = row.clone();
    same[5] = "500,000.00 ".to_owned();
    let import = read_table([header, row, same].into_iter());
    assert_eq!((import.contracts.len(), import.contracts[0].0), (1, 2));
    assert_eq!(only_finding(&import), (Severity::Warning, "与第 2 行重复（采购人、合同编号、标项和内容都相同），只读入一次。"));
    assert_eq!(import.findings[0].row, 3);
}

#[test]
fn a1_a_key_twice_with_different_content_refuses_every_row_of_it() {
    let [header, row] = table(Column::Lot, "1");
    let mut other = row.clone();
    other[5] = "600000".to_owned();
    let mut elsewhere = row.clone();
    elsewhere[2] = "2".to_owned();
    let import = read_table([header, row.clone(), other, elsewhere, row].into_iter());
    let rows: Vec<usize> = import.contracts.iter().map(|(row, _)| *row).collect();
    assert_eq!(rows, [4], "only the other lot is taken");
    let errors: Vec<usize> =
        import.findings.iter().filter(|finding| finding.severity == Severity::Error).map(|finding| finding.row).collect();
    assert_eq!(errors, [2, 3]);
    assert!(
        import.findings[0].message.contains("第 3 行") && import.findings[0].message.contains("合同金额（元）"),
        "{}",
        import.findings[0].message
    );
}

#[test]
fn a1_reading_stops_after_too_many_errors() {
    let [header, mut row] = table(Column::Lot, "1");
    row[6] = "?".to_owned();
    let import = read_table(std::iter::once(header).chain(std::iter::repeat_n(row, 10 * MAX_FINDINGS)));
    assert_eq!((import.rows_read, import.findings.len()), (MAX_FINDINGS, MAX_FINDINGS + 1));
    assert!(import.findings[MAX_FINDINGS].message.contains("以后没有读"));
}

fn text(required: bool) -> impl Strategy<Value = String> {
    let pattern = if required { "[\\PC]{1,20}" } else { "[\\PC]{0,20}" };
    pattern
        // What nobody can see is read as an empty cell.
        .prop_map(
            |text: String| if text.chars().all(|c| is_invisible(c) || c.is_whitespace()) { String::new() } else { text.trim().to_owned() },
        )
        .prop_filter("a required text holds something", move |text| !required || !text.is_empty())
}

fn money() -> impl Strategy<Value = Money> {
    (0_i64..=100_000_000_000_000).prop_map(Money::from_fen)
}

fn day() -> impl Strategy<Value = Day> {
    (1990_i32..=2100, 1_u32..=12, 1_u32..=28).prop_map(|(year, month, day)| Day::new(year, month, day).unwrap())
}

prop_compose! {
    fn any_contract()(
        (contract_no, project_name, buyer_name, supplier_name) in (text(true), text(true), text(true), text(true)),
        (contract_title, project_no, lot, method) in (text(false), text(false), text(false), text(false)),
        (buyer_uscc, supplier_uscc) in (text(false), text(false)),
        (project_created_on, signed_on, published_on) in (option::of(day()), day(), option::of(day())),
        (supplier_scale, category, source, measure) in (option::of(select(SupplierScale::ALL)), option::of(select(Category::ALL)), select(Source::ALL), option::of(select(Measure::ALL))),
        (target, goods_mark) in (option::of(select(Target::ALL)), option::of(select(GoodsMark::ALL))),
        (reserved, retendered) in any::<(bool, bool)>(),
        (amount, budget, sme, small_micro) in (money(), option::of(money()), option::of(money()), option::of(money())),
        reserved_pct in option::of((1_i64..=1_000_000).prop_map(|scaled| Percent::try_from(scaled).unwrap())),
        url in option::of("https?://[a-z.]{1,9}/[a-zA-Z0-9+/=?&#%]{0,30}"),
    ) -> Contract {
        Contract {
            contract_no, contract_title, project_no, project_name, lot, project_created_on, buyer_name, buyer_uscc: uscc::normalise(&buyer_uscc),
            supplier_name, supplier_uscc: uscc::normalise(&supplier_uscc), supplier_scale, category, method, amount, budget, source, reserved,
            measure, target, reserved_pct, sme, small_micro, goods_mark, retendered, signed_on, published_on, url,
        }
    }
}

proptest! {
    #[test]
    fn a1_writing_and_reading_a_row_are_inverse(contract in any_contract()) {
        let (header, _) = Header::read(&cells(&HEADER)).unwrap();
        let (read, _) = read_row(&header, 2, &to_row(&contract)).map_err(|findings| TestCaseError::fail(format!("{findings:?}")))?;
        prop_assert_eq!(read, contract);
    }

    #[test]
    fn a1_the_order_of_columns_does_not_matter(contract in any_contract(), order in Just((0..27).collect::<Vec<usize>>()).prop_shuffle()) {
        let pick = |row: Vec<String>| -> Vec<String> { order.iter().map(|&place| row[place].clone()).collect() };
        let import = read_table([pick(cells(&HEADER)), pick(to_row(&contract))].into_iter());
        prop_assert_eq!(import.contracts, vec![(2, contract)]);
    }

    #[test]
    fn a1_reading_never_panics_and_accounts_for_every_row(rows in proptest::collection::vec(proptest::collection::vec("\\PC{0,12}|[0-9.,]{0,12}|是|否", 0..30), 0..12)) {
        let filled = rows.iter().filter(|row| row.iter().any(|cell| !cell.trim().is_empty())).count();
        let import = read_table(std::iter::once(cells(&HEADER)).chain(rows));
        prop_assert_eq!(import.rows_read, filled);
        let refused: std::collections::BTreeSet<usize> = import.findings.iter().filter(|finding| finding.severity == Severity::Error).map(|finding| finding.row).collect();
        prop_assert_eq!(import.contracts.len() + refused.len(), filled);
        prop_assert!(import.contracts.iter().all(|(row, _)| !refused.contains(row)));
    }
}
