//! 口径解释 of a record's year: every contract once, the groups add up to the record, what is done there is seen by the reviewer.

use super::*;
use crate::support::on_both;
use setaside::domain::contract::{GoodsMark, Rule, Target, Way};
use setaside::domain::record::explanation::Group;
use setaside::features::records::api::explanation::{Explanation, Item};

async fn explained(visitor: &Visitor<'_>, id: &RecordId, group: &str, words: &str, page: u64) -> Explanation {
    visitor.call("record_explanation", json!({ "record": id, "group": group, "words": words, "page": page })).await
}

/// The groups as `code count`.
fn groups(seen: &Explanation) -> Vec<String> {
    seen.groups.iter().map(|row| format!("{} {}", row.group.code(), row.sum.count)).collect()
}

fn numbers(seen: &Explanation) -> Vec<String> {
    let number = |item: &Item| match item {
        Item::Line { line, .. } => line.contract().map(|contract| contract.contract_no.clone()).unwrap_or_default(),
        Item::LeftOut(row) => row.contract.contract_no.clone(),
    };
    seen.items.iter().map(|(_, item)| number(item)).collect()
}

#[tokio::test]
async fn e1_every_contract_of_the_year_stands_in_one_group_and_what_counts_is_the_record() {
    on_both(async |app: &TestApp| {
        let framework =
            Contract { source: Source::Framework, target: Some(Target::Sme), goods_mark: Some(GoodsMark::SmallMicro), ..contract("2") };
        import(
            app,
            vec![
                contract("1"),
                framework.clone(),
                Contract { contract_no: "3".into(), published_on: None, ..framework },
                Contract { supplier_scale: None, ..contract("4") },
                Contract { sme: Some(wan(101)), ..contract("5") },
                Contract { reserved: false, ..contract("6") },
                Contract { measure: Some(Measure::Subcontract), sme: Some(wan(9)), small_micro: Some(wan(3)), ..contract("7") },
            ],
        )
        .await;
        let clerk = app.sign_in("unit03").await;
        let id = generate(&clerk, 2024).await;
        let seen = explained(&clerk, &id, "", "", 1).await;
        assert_eq!(groups(&seen), ["error 1", "needs_input 1", "framework 1", "entire 1", "part 1", "NOT_PUBLISHED 1", "NOT_RESERVED 1"]);
        assert_eq!((seen.total, numbers(&seen)), (7, ["5", "4", "2", "1", "7", "3", "6"].map(str::to_owned).to_vec()));
        let counted: Vec<_> = seen.groups.iter().filter(|row| row.group.counts()).collect();
        assert_eq!(counted.iter().map(|row| row.sum.sme).sum::<Money>(), seen.record.sme);
        assert_eq!(counted.iter().map(|row| row.sum.small_micro).sum::<Money>(), seen.record.small_micro);
        assert!(seen.is_editable);

        let only = explained(&clerk, &id, "NOT_RESERVED", "", 1).await;
        assert_eq!((only.total, numbers(&only)), (1, vec!["6".to_owned()]));
        assert_eq!(groups(&only), groups(&seen), "the sums stay those of the year");
        assert_eq!(numbers(&explained(&clerk, &id, "", "项目4", 1).await), ["4"]);
        assert_eq!(explained(&clerk, &id, "nonsense", "", 1).await.total, 0);
    })
    .await;
}

#[tokio::test]
async fn e1_many_contracts_come_in_pages() {
    on_both(async |app: &TestApp| {
        let many = (0..130).map(|number| Contract { reserved: number % 2 == 0, ..contract(&format!("{number:03}")) });
        import(app, many.collect()).await;
        let clerk = app.sign_in("unit03").await;
        let id = generate(&clerk, 2024).await;
        let (first, last) = (explained(&clerk, &id, "", "", 1).await, explained(&clerk, &id, "", "", 99).await);
        assert_eq!((first.items.len(), first.total, first.size), (50, 130, 50));
        assert_eq!((last.page, last.items.len()), (3, 30));
        assert!(last.items.iter().all(|(group, _)| *group == Group::LeftOut(Rule::NotReserved)));
    })
    .await;
}

#[tokio::test]
async fn e1_what_is_missing_is_filled_in_where_it_is_explained() {
    on_both(async |app: &TestApp| {
        import(app, vec![Contract { supplier_scale: None, ..contract("1") }]).await;
        let clerk = app.sign_in("unit03").await;
        let id = generate(&clerk, 2024).await;
        let seen = explained(&clerk, &id, "needs_input", "", 1).await;
        let [(Group::Open, Item::Line { line, number: 1 })] = &seen.items[..] else { panic!("{:?}", seen.items) };
        ok(clerk.post_api("save_line", edit(&id, line, &[("small_micro", "40"), ("reason", "按声明函填写")])).await);
        let seen = explained(&clerk, &id, "", "", 1).await;
        let [row] = &seen.groups[..] else { panic!("{:?}", seen.groups) };
        assert_eq!((row.group, row.sum.small_micro), (Group::Counted(Way::Entire), wan(40)));
    })
    .await;
}

#[tokio::test]
async fn e1_claims_and_removals_are_seen_by_the_reviewer_as_what_they_are() {
    on_both(async |app: &TestApp| {
        import(app, vec![contract("1"), contract("2"), Contract { reserved: false, ..contract("3") }]).await;
        let clerk = app.sign_in("unit03").await;
        let id = generate(&clerk, 2024).await;
        let seen = view(&clerk, &id).await;
        ok(clerk.post_api("take_out", and(at(&id, line(&seen, "2")), "reason", "与去年重复")).await);
        let left_out = seen.left_out.first().unwrap();
        let made: setaside::domain::ids::LineId =
            clerk.call("claim_in", json!({ "record": id, "left_out": left_out.id, "reason": "预留标记漏填" })).await;
        let seen = view(&clerk, &id).await;
        let claimed = seen.lines.iter().find(|line| line.id == made).unwrap();
        ok(clerk.post_api("save_line", edit(&id, claimed, &[("sme", "50"), ("small_micro", "50")])).await);
        ok(submit(&clerk, &id, institution(app, CHIEF)).await);
        let reviewer = app.sign_in("reviewer").await;
        let seen = explained(&reviewer, &id, "", "", 1).await;
        assert_eq!(groups(&seen), ["entire 1", "claimed 1", "CLAIMED_OUT 1"]);
        assert!(!seen.is_editable);
        let texts = serde_json::to_string(&seen.items).unwrap();
        assert!(texts.contains("预留标记漏填") && texts.contains("与去年重复"));
    })
    .await;
}
