//! 口径解释 of a record's year: every contract once, the groups add up to the record, what is done there is seen by the reviewer.

use super::*;
use crate::support::{PUDONG, UNIT_99, on_both};
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
        let made: setaside::features::records::api::ClaimedIn =
            clerk.call("claim_in", json!({ "record": id, "left_out": left_out.id, "reason": "预留标记漏填" })).await;
        let seen = view(&clerk, &id).await;
        let claimed = seen.lines.iter().find(|line| line.id == made.line.id).unwrap();
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

const BOUNDARY: &str = "----boundary";

/// Uploads a file as the page does.
async fn upload(visitor: &Visitor<'_>, record: &RecordId, line: &str, name: &str, content: &[u8]) -> (u16, Value) {
    use axum::body::Body;
    use axum::http::{Method, header};
    let mut body = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").into_bytes();
    body.extend_from_slice(content);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    let request = visitor
        .request(Method::POST, &format!("/office/claim-files/{record}?line={line}"))
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"));
    let answer = visitor.send(request.body(Body::from(body)).unwrap()).await;
    (answer.status, answer.json())
}

async fn line_of(clerk: &Visitor<'_>, id: &RecordId, line: &str) -> setaside::domain::record::line::Line {
    view(clerk, id).await.lines.into_iter().find(|each| each.id.as_str() == line).unwrap()
}

#[tokio::test]
async fn e1_a_proof_that_would_fill_the_disk_is_refused_before_it_is_stored() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        let left_out = view(&clerk, &id).await.left_out[0].id.clone();
        let claimed: setaside::features::records::api::ClaimedIn =
            clerk.call("claim_in", json!({ "record": id, "left_out": left_out, "reason": "漏填" })).await;
        app.services.files.keep_free(u64::MAX);
        let (status, answer) = upload(&clerk, &id, claimed.line.id.as_str(), "证明.pdf", b"%PDF-1.7 proof").await;
        assert_eq!((status, answer), (507, json!({ "kind": "storage_full" })));
        assert!(view(&clerk, &id).await.claim_files.is_empty());
    })
    .await;
}

#[tokio::test]
async fn e1_a_claim_is_proven_by_a_file_that_the_reviewer_reads_and_nobody_outside() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        let seen = view(&clerk, &id).await;
        let other = line(&seen, "1").id.to_string();
        let made: setaside::features::records::api::ClaimedIn =
            clerk.call("claim_in", json!({ "record": id, "left_out": seen.left_out[0].id, "reason": "漏填" })).await;
        let made = made.line.id.to_string();
        assert!(refused_at(upload(&clerk, &id, &other, "a.pdf", b"%PDF-1.7").await, "file").contains("申请纳入"));
        refused_at(upload(&clerk, &id, &made, "a.pdf", b"<script>").await, "file");
        let (status, file) = upload(&clerk, &id, &made, "采购文件.pdf", b"%PDF-1.7 proof").await;
        assert_eq!(status, 200, "{file}");
        let file: setaside::features::records::ClaimFile = serde_json::from_value(file).unwrap();
        let claimed = line_of(&clerk, &id, &made).await;
        ok(clerk.post_api("save_line", edit(&id, &claimed, &[("sme", "50"), ("small_micro", "50")])).await);
        // The sweep of the folder leaves it, however old it is.
        let path = app.services.settings.data.join("attachments").join(file.id.as_str());
        let millis = u64::try_from(app.now().plus_seconds(-7_200).millis()).unwrap();
        let aged = std::time::UNIX_EPOCH + std::time::Duration::from_millis(millis);
        std::fs::File::options().append(true).open(path).unwrap().set_modified(aged).unwrap();
        assert_eq!(setaside::features::announcements::commands::files::sweep(&app.services).await, Ok(0));
        // Taken back and claimed anew, it is proven by the same file.
        let back: setaside::features::records::api::TakenOut = clerk
            .call(
                "take_out",
                json!({ "record": id, "line": made, "version": line_of(&clerk, &id, &made).await.version, "reason": "再核对" }),
            )
            .await;
        let again: setaside::features::records::api::ClaimedIn =
            clerk.call("claim_in", json!({ "record": id, "left_out": back.left_out.id, "reason": "漏填" })).await;
        let made = again.line.id.to_string();
        let files = view(&clerk, &id).await.claim_files;
        assert_eq!(files.iter().map(|file| file.line.as_str()).collect::<Vec<_>>(), [made.as_str()]);
        let file = files[0].clone();
        let claimed = line_of(&clerk, &id, &made).await;
        ok(clerk.post_api("save_line", edit(&id, &claimed, &[("sme", "50"), ("small_micro", "50")])).await);
        ok(submit(&clerk, &id, institution(app, CHIEF)).await);
        let address = format!("/office/claim-files/{id}/{}", file.id);
        let reviewer = app.sign_in("reviewer").await;
        let answer = reviewer.get(&address).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, "%PDF-1.7 proof"));
        assert!(answer.header("content-disposition").starts_with("attachment") && answer.header("x-content-type-options") == "nosniff");
        assert_eq!(app.sign_in("unit99").await.get(&address).await.status, 404);
        assert_eq!(app.nobody().get(&address).await.status, 303);
        assert_eq!(view(&reviewer, &id).await.claim_files, std::slice::from_ref(&file));
        assert_eq!(explained(&reviewer, &id, "", "", 1).await.files.len(), 1);
        // What was there at the submission stays.
        ok(reasoned(&clerk, "withdraw_record", &id, "").await);
        let refusal = refused(clerk.post_api("delete_claim_file", json!({ "record": id, "file": file.id })).await, 422);
        assert!(refusal.contains("不能删除"), "{refusal}");
        app.wait(60);
        let (_, late) = upload(&clerk, &id, &made, "补充.pdf", b"%PDF-1.7").await;
        ok(clerk.post_api("delete_claim_file", json!({ "record": id, "file": late["id"] })).await);
        assert_eq!(view(&clerk, &id).await.claim_files.len(), 1);
    })
    .await;
}

async fn duplicates(visitor: &Visitor<'_>, id: &RecordId) -> Vec<String> {
    let found: Vec<setaside::domain::record::duplicates::Duplicate> = visitor.call("record_duplicates", json!({ "record": id })).await;
    found.iter().map(setaside::domain::record::duplicates::Duplicate::sentence).collect()
}

#[tokio::test]
async fn e1_what_may_count_twice_is_pointed_out_here_and_at_another_unit_and_never_blocks() {
    on_both(async |app: &TestApp| {
        let elsewhere = |contract: Contract| Contract { buyer_name: UNIT_99.to_owned(), ..contract };
        import(
            app,
            vec![
                contract("1"),
                contract("2"),
                Contract { lot: "二".into(), ..contract("2") },
                contract("3"),
                elsewhere(Contract { url: None, ..contract("1") }),
                elsewhere(Contract { contract_no: "Z".into(), url: contract("3").url, ..contract("Z") }),
                // What does not count there is not counted twice.
                elsewhere(Contract { reserved: false, ..contract("2") }),
            ],
        )
        .await;
        let clerk = app.sign_in("unit03").await;
        let id = generate(&clerk, 2024).await;
        let found = duplicates(&clerk, &id).await;
        assert_eq!(
            found,
            [
                "第 1 行“项目1”与测试区采购单位99的合同 1 疑似同一份（合同编号、标项和供应商相同），请核对由哪个单位计入。",
                "第 3 行“项目2”与第 2 行疑似同一份合同（合同编号、供应商和金额相同），请核对是否重复计入。",
                "第 4 行“项目3”与测试区采购单位99的合同 Z 疑似同一份（合同链接相同），请核对由哪个单位计入。",
            ]
        );
        let line = add_line(&clerk, &id, 1).await;
        let cells = [("project_name", "项目3"), ("measure", "整体预留"), ("sme", "100"), ("small_micro", "0")];
        ok(clerk.post_api("save_line", edit(&id, &line, &cells)).await);
        assert!(duplicates(&clerk, &id).await.iter().any(|each| each.contains("第 5 行“项目3”与第 4 行")));
        ok(submit(&clerk, &id, institution(app, CHIEF)).await);
        assert_eq!(duplicates(&app.sign_in("reviewer").await, &id).await.len(), 4, "and the reviewer sees them");
    })
    .await;
}

#[tokio::test]
async fn e1_the_same_contract_at_a_unit_of_the_same_chief_is_found_among_many_elsewhere() {
    on_both(async |app: &TestApp| {
        app.execute("UPDATE units SET parent_id = NULL WHERE name = '浦东新区采购中心'").await;
        let at_unit = |buyer: &str, lot: String| Contract { buyer_name: buyer.to_owned(), lot, url: None, ..contract("1") };
        // More than are looked at, of a unit that is none of this 主管's; they come first by their ids.
        import(app, (0..2_001).map(|at| at_unit(PUDONG, format!("标项{at}"))).collect()).await;
        app.wait(60);
        import(app, vec![at_unit(UNIT_03, String::new()), at_unit(UNIT_99, String::new())]).await;
        let clerk = app.sign_in("unit03").await;
        let id = generate(&clerk, 2024).await;
        let found = duplicates(&clerk, &id).await;
        assert!(found.len() == 1 && found[0].contains(UNIT_99), "{found:?}");
    })
    .await;
}
