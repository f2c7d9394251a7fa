//! 年度数据 as a file and on paper.

use super::super::support::read_back::{Read, sheets};
use super::super::support::{TestApp, UNIT_03, on_both};
use serde_json::{Value, json};
use setaside::domain::money::Money;
use setaside::domain::record::totals;
use setaside::features::records::RecordView;

/// The record of 2023 of the sample, whose lines are partly open and whose left-out contracts are many.
async fn record(app: &TestApp) -> RecordView {
    app.import_sample().await;
    let clerk = app.sign_in("unit03").await;
    let generated: Value = clerk.call("generate_record", json!({ "year": 2023 })).await;
    clerk.call("record", json!({ "record": generated["New"] })).await
}

#[tokio::test]
async fn e12_the_file_of_a_record_holds_its_sums_its_lines_and_what_is_left_out_with_reasons() {
    on_both(async |app: &TestApp| {
        let view = record(app).await;
        let answer = app.sign_in("reviewer").await.get(&format!("/office/records/{}/export.xlsx", view.record.id)).await;
        assert_eq!(answer.status, 200);
        let book = sheets(&answer.bytes);
        assert_eq!(book.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["汇总", "明细", "未计入合同"]);
        let text = |text: &str| Read::Text(text.to_owned());
        let wan = |read: &Read| match read {
            Read::Number(digits) => Money::parse_wan(digits).unwrap(),
            other => panic!("{other:?}"),
        };
        let sums = totals(&view.lines, &view.rules);
        let said = |name: &str| book[0].1.iter().find(|row| row[0] == text(name)).map(|row| row[1].clone()).unwrap();
        assert_eq!(wan(&said("面向中小企业采购金额（万元）")), sums.sme);
        assert_eq!((said("状态"), said("采购单位")), (text("草稿"), text(UNIT_03)));
        let (lines, left_out) = (&book[1].1, &book[2].1);
        assert_eq!((lines.len() - 1, left_out.len() - 1), (view.lines.len(), view.left_out.len()));
        let mut sme = Money::ZERO;
        for (row, line) in lines[1..].iter().zip(&view.lines) {
            let review = line.review(&view.rules);
            assert_eq!(row[1], text(&review.project_name));
            if let Some(counted) = review.counted {
                assert_eq!((wan(&row[7]), wan(&row[8])), (counted.sme, counted.small_micro));
                sme = sme.checked_add(counted.sme).unwrap();
            } else {
                assert!(matches!(row.last(), Some(Read::Text(_))), "an open line says what is missing: {row:?}");
            }
        }
        assert_eq!(sme, sums.sme, "the lines add up to the sum");
        for (row, left) in left_out[1..].iter().zip(&view.left_out) {
            assert_eq!((&row[0], &row[6]), (&text(&left.contract.contract_no), &text(left.rule.label())));
            assert!(matches!(&row[8], Read::Text(facts) if facts.contains('：')), "{row:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn e12_the_sheet_to_print_says_the_state_the_sums_and_the_reasons_and_has_room_for_a_seal() {
    on_both(async |app: &TestApp| {
        let view = record(app).await;
        let path = format!("/office/records/{}/print", view.record.id);
        for login in ["unit03", "head03", "reviewer"] {
            let page = app.sign_in(login).await.get(&path).await;
            assert_eq!(page.status, 200);
            let sums = totals(&view.lines, &view.rules);
            for words in
                ["状态：草稿", "未经审核完成，仅供核对", &sums.sme.wan(), "尚未提交", "经办人：", "负责人：", "单位（盖章）：", "日期："]
            {
                assert!(page.text.contains(words), "{login}: {words}");
            }
            for left in &view.left_out {
                assert!(page.text.contains(left.rule.label()) && page.text.contains(&left.contract.contract_no));
            }
        }
        assert_eq!(app.sign_in("unit99").await.get(&path).await.status, 404);
    })
    .await;
}
