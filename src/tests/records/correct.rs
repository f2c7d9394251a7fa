//! Correcting a record before it is submitted: locked and free cells, lines by hand, taking out and claiming in, 「说明」.

use super::*;
use crate::support::on_both;
use setaside::domain::contract::{Rule, Target};
use setaside::domain::record::change::Outcome;
use setaside::domain::record::line::{LOCKED, LineCell};
use setaside::domain::record::totals;
use setaside::features::records::api::{ChangedLines, SavedLine};

/// A contract whose small-and-micro amount cannot be derived.
fn incomplete(no: &str) -> Contract {
    Contract { supplier_scale: None, ..contract(no) }
}

async fn record_of(app: &TestApp, contracts: Vec<Contract>) -> (Visitor<'_>, RecordId) {
    import(app, contracts).await;
    let clerk = app.sign_in("unit03").await;
    let id = generate(&clerk, 2024).await;
    (clerk, id)
}

async fn save(visitor: &Visitor<'_>, id: &RecordId, no: &str, cells: &[(&str, &str)]) -> (u16, Value) {
    let seen = view(visitor, id).await;
    visitor.post_api("save_line", edit(id, line(&seen, no), cells)).await
}

/// Every contract as stored.
async fn stored(app: &TestApp) -> Vec<(String, String, i64)> {
    sqlx::query_as("SELECT contract_no, body, version FROM contracts ORDER BY contract_no")
        .fetch_all(&mut *app.services.db.read().await.unwrap())
        .await
        .unwrap()
}

#[tokio::test]
async fn a5_a_locked_cell_is_refused_by_the_server() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        let before = view(&clerk, &id).await;
        for (cell, text) in [
            ("project_name", "别的"),
            ("measure", "包预留"),
            ("percent", "30"),
            ("sme", "1"),
            ("small_micro", "1"),
            ("url", "https://x.example/"),
        ] {
            assert_eq!(refused_at(save(&clerk, &id, "1", &[(cell, text)]).await, cell), LOCKED);
        }
        assert!(refused_at(save(&clerk, &id, "1", &[("published_on", "2024-05-01")]).await, "published_on").contains("不需要"));
        refused_at(save(&clerk, &id, "1", &[("reason", "先写理由"), ("sme", "1")]).await, "sme");
        assert_eq!(view(&clerk, &id).await, before, "nothing of a refused save is kept");
    })
    .await;
}

#[tokio::test]
async fn a5_what_is_missing_is_filled_on_a_locked_line_and_asks_for_its_reason() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = record_of(app, vec![contract("1"), incomplete("2")]).await;
        let contracts = stored(app).await;
        let seen = view(&clerk, &id).await;
        assert_eq!((seen.record.line_count, seen.record.sme), (1, wan(100)), "the open line counts nothing");
        assert!(refused(submit(&clerk, &id, institution(app, CHIEF)).await, 422).contains("1 行"));
        let saved: SavedLine = clerk.call("save_line", edit(&id, line(&seen, "2"), &[("small_micro", "４０.５万元")])).await;
        assert_eq!((saved.version, saved.content_version), (2, 2));
        let seen = view(&clerk, &id).await;
        assert_eq!((seen.record.line_count, seen.record.sme, seen.record.small_micro.wan().as_str()), (2, wan(200), "140.5"));
        assert_eq!(line(&seen, "2").overrides.small_micro.unwrap().wan(), "40.5");
        assert!(refused(submit(&clerk, &id, institution(app, CHIEF)).await, 422).contains("1 行"), "without a reason it is not submitted");
        ok(save(&clerk, &id, "2", &[("reason", "按中小企业声明函")]).await);
        ok(submit(&clerk, &id, institution(app, CHIEF)).await);
        let reviewer = app.sign_in("reviewer").await;
        let shown = view(&reviewer, &id).await;
        let shown = line(&shown, "2");
        assert!(
            shown.is_overridden() && shown.reason == "按中小企业声明函" && shown.contract().unwrap().small_micro.is_none(),
            "the reviewer sees both"
        );
        assert_eq!(stored(app).await, contracts, "the contracts stand as they were imported");
    })
    .await;
}

#[tokio::test]
async fn a5_lines_before_the_change_over_and_of_the_unit_itself_can_be_corrected() {
    on_both(async |app: &TestApp| {
        let early = Contract { project_created_on: Day::new(2023, 12, 31), ..contract("1") };
        let own = Contract { source: Source::SelfEntered, ..contract("2") };
        let (clerk, id) = record_of(app, vec![early, own]).await;
        let contracts = stored(app).await;
        for no in ["1", "2"] {
            let cells = [
                ("project_name", "改名"),
                ("measure", "联合体预留"),
                ("percent", "50"),
                ("small_micro", "12.5"),
                ("url", "http://host.example/a"),
                ("reason", "档案核实"),
            ];
            ok(save(&clerk, &id, no, &cells).await);
            let seen = view(&clerk, &id).await;
            let review = line(&seen, no).review(&seen.rules);
            let texts: Vec<String> = LineCell::ALL.into_iter().map(|cell| review.text(cell)).collect();
            assert_eq!(texts, ["改名", "联合体预留", "50", "50", "12.5", "2024-03-20", "http://host.example/a", "档案核实"]);
            assert!(review.estimated && !review.blocks());
        }
        let seen = view(&clerk, &id).await;
        assert_eq!((seen.record.sme, seen.record.small_micro), (wan(100), wan(25)));
        ok(save(&clerk, &id, "1", &[("percent", ""), ("measure", ""), ("small_micro", ""), ("project_name", ""), ("url", "")]).await);
        let seen = view(&clerk, &id).await;
        assert!(!line(&seen, "1").is_overridden(), "an emptied cell shows the collected value again");
        assert_eq!((seen.record.sme, seen.record.small_micro.wan().as_str()), (wan(150), "112.5"));
        assert_eq!(stored(app).await, contracts);
    })
    .await;
}

#[tokio::test]
async fn a5_contradictory_amounts_block_until_they_are_corrected() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = record_of(app, vec![Contract { sme: Some(wan(120)), ..contract("1") }]).await;
        assert_eq!(view(&clerk, &id).await.record.line_count, 0);
        refused(submit(&clerk, &id, institution(app, CHIEF)).await, 422);
        ok(save(&clerk, &id, "1", &[("sme", "100.000001"), ("reason", "笔误")]).await);
        refused(submit(&clerk, &id, institution(app, CHIEF)).await, 422);
        assert!(refused_at(save(&clerk, &id, "1", &[("sme", "98.7654321")]).await, "sme").contains("到分"));
        ok(save(&clerk, &id, "1", &[("sme", "98.765432")]).await);
        assert_eq!(view(&clerk, &id).await.record.sme.wan(), "98.765432");
        ok(submit(&clerk, &id, institution(app, CHIEF)).await);
    })
    .await;
}

#[tokio::test]
async fn a6_a_line_by_hand_is_added_edited_and_deleted() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        let added: Line = add_line(&clerk, &id, 1).await;
        refused(submit(&clerk, &id, institution(app, CHIEF)).await, 422);
        let cells = [("project_name", "绿化养护"), ("measure", "合同分包预留"), ("sme", "20"), ("small_micro", "5")];
        let saved: SavedLine = clerk.call("save_line", edit(&id, &added, &cells)).await;
        let seen = view(&clerk, &id).await;
        assert_eq!(seen.lines.last().unwrap().id, added.id, "it stands behind the others");
        assert_eq!((seen.record.line_count, seen.record.sme, seen.record.small_micro), (2, wan(120), wan(105)));
        assert_eq!(totals(&seen.lines, &seen.rules).sme, wan(120));
        assert_eq!(saved.version, 2);
        ok(clerk.post_api("change_lines", remove(&id, &added)).await);
        let seen = view(&clerk, &id).await;
        assert_eq!((seen.lines.len(), seen.record.sme), (1, wan(100)));
        refused(clerk.post_api("save_line", edit(&id, &added, &cells)).await, 409);
    })
    .await;
}

#[tokio::test]
async fn a6_a_collected_line_is_not_deleted_and_one_by_hand_not_taken_out() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        let seen = view(&clerk, &id).await;
        let answer: ChangedLines = clerk.call("change_lines", remove(&id, line(&seen, "1"))).await;
        assert!(matches!(&answer.outcomes[..], [Outcome::Refused { cell: None, message }] if message.contains("剔除")), "{answer:?}");
        let added: Line = add_line(&clerk, &id, 1).await;
        assert!(refused(clerk.post_api("take_out", and(at(&id, &added), "reason", "x")).await, 422).contains("删除"));
        assert_eq!(view(&clerk, &id).await.lines.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a6_a_line_is_reached_only_through_its_own_record() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        let seen = view(&clerk, &id).await;
        let other = app.sign_in("unit99").await;
        let theirs = generate(&other, 2024).await;
        for (endpoint, input) in [
            ("save_line", edit(&theirs, line(&seen, "1"), &[("reason", "x")])),
            ("take_out", and(at(&theirs, line(&seen, "1")), "reason", "x")),
            ("claim_in", json!({ "record": theirs, "left_out": seen.left_out[0].id, "reason": "x" })),
        ] {
            refused(other.post_api(endpoint, input).await, 409);
        }
        assert_eq!(view(&clerk, &id).await, seen);
    })
    .await;
}

#[tokio::test]
async fn a7_a_share_without_percentage_is_a_warning_and_is_left_out_of_the_notice() {
    on_both(async |app: &TestApp| {
        let share = |no: &str| Contract { measure: Some(Measure::Package), ..contract(no) };
        let (clerk, id) = record_of(app, vec![share("1"), share("2")]).await;
        for (text, expected) in [("0", "大于 0"), ("100.1", "不超过 100"), ("33.33333", "四位小数"), ("三成", "数字")] {
            let words = refused_at(save(&clerk, &id, "1", &[("percent", text)]).await, "percent");
            assert!(words.contains(expected), "{words}");
        }
        ok(save(&clerk, &id, "1", &[("percent", "45.5%"), ("reason", "采购文件")]).await);
        ok(submit(&clerk, &id, institution(app, CHIEF)).await);
        ok(decide(&app.sign_in("reviewer").await, &id, true, "", Value::Null).await);
        let approved = approved_versions(app, UNIT_03).await;
        let percents: Vec<_> = approved[0].lines.iter().map(|line| line.percent.map(|percent| percent.to_string())).collect();
        assert_eq!(percents, [Some("45.5".to_owned()), None]);
    })
    .await;
}

#[tokio::test]
async fn a8_a_framework_contract_counts_by_its_publication_and_its_mark() {
    on_both(async |app: &TestApp| {
        use setaside::domain::contract::GoodsMark;
        let framework = |no: &str| Contract {
            source: Source::Framework,
            target: Some(Target::Sme),
            goods_mark: Some(GoodsMark::SmallMicro),
            ..contract(no)
        };
        let contracts = vec![
            framework("1"),
            Contract { goods_mark: Some(GoodsMark::Sme), ..framework("2") },
            Contract { published_on: Day::new(2025, 1, 1), ..framework("3") },
            Contract { published_on: None, ..framework("4") },
            Contract { goods_mark: None, ..framework("5") },
            Contract { target: None, ..framework("6") },
        ];
        let (clerk, id) = record_of(app, contracts).await;
        let seen = view(&clerk, &id).await;
        assert_eq!((seen.record.line_count, seen.record.sme, seen.record.small_micro), (2, wan(200), wan(100)));
        let rules: Vec<_> = seen.left_out.iter().map(|row| (row.contract.contract_no.as_str(), row.rule)).collect();
        assert_eq!(rules, [("4", Rule::NotPublished), ("5", Rule::GoodsUnmarked), ("6", Rule::TargetMissing)]);
        let next = generate(&clerk, 2025).await;
        assert_eq!(view(&clerk, &next).await.lines.len(), 1, "the third stands in the year of its publication");
    })
    .await;
}

#[tokio::test]
async fn a9_a_line_is_taken_out_with_a_reason_and_comes_back_as_it_was_collected() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = record_of(app, vec![contract("1"), incomplete("2")]).await;
        ok(save(&clerk, &id, "2", &[("small_micro", "1"), ("reason", "估计")]).await);
        let seen = view(&clerk, &id).await;
        let out = |reason: &str| and(at(&id, line(&seen, "2")), "reason", reason);
        for reason in ["", " \u{3000}\n", &"长".repeat(1_001)] {
            refused_at(clerk.post_api("take_out", out(reason)).await, "reason");
        }
        clerk.call::<()>("take_out", out("金额待核实")).await;
        let seen = view(&clerk, &id).await;
        assert_eq!((seen.record.line_count, seen.record.sme), (1, wan(100)));
        let [row] = &seen.left_out[..] else { panic!("{:?}", seen.left_out) };
        assert_eq!((row.rule, row.reason.as_str(), &row.contract), (Rule::ClaimedOut, "金额待核实", &incomplete("2")));
        let back = |reason: &str| json!({ "record": id, "left_out": row.id, "reason": reason });
        refused_at(clerk.post_api("claim_in", back(" ")).await, "reason");
        clerk.call::<setaside::features::records::api::ClaimedIn>("claim_in", back("已核实")).await;
        refused(clerk.post_api("claim_in", back("再来一次")).await, 409);
        let seen = view(&clerk, &id).await;
        let line = line(&seen, "2");
        assert!(line.claim().is_none() && !line.is_overridden() && line.lock(LineCell::Sme, &seen.rules).is_some());
        assert!(seen.left_out.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a9_the_page_holds_the_first_contracts_of_each_rule_and_how_many_there_are() {
    on_both(async |app: &TestApp| {
        let others = (100..170).map(|number| Contract { reserved: false, ..contract(&number.to_string()) });
        import(app, others.chain([contract("1"), contract("2")]).collect()).await;
        let clerk = app.sign_in("unit03").await;
        let id = generate(&clerk, 2024).await;
        ok(clerk.post_api("take_out", and(at(&id, line(&view(&clerk, &id).await, "2")), "reason", "重复")).await);
        let (page, whole): (RecordView, RecordView) = (clerk.call("record_page", json!({ "record": id })).await, view(&clerk, &id).await);
        assert_eq!(page.left_out_counts, [(Rule::NotReserved, 70), (Rule::ClaimedOut, 1)]);
        assert_eq!((page.left_out.len(), whole.left_out.len()), (setaside::domain::record::listed::LISTED + 1, 71));
        assert!(page.left_out.iter().all(|row| whole.left_out.contains(row)));
        assert_eq!(page.left_out_counts, whole.left_out_counts);
    })
    .await;
}

#[tokio::test]
async fn a9_a_left_out_contract_is_claimed_in_with_a_reason_and_its_rule_stays_known() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        let seen = view(&clerk, &id).await;
        let row = &seen.left_out[0];
        assert_eq!((row.rule, row.contract.contract_no.as_str()), (Rule::NotReserved, "2"));
        refused_at(clerk.post_api("claim_in", json!({ "record": id, "left_out": row.id, "reason": "" })).await, "reason");
        let input = json!({ "record": id, "left_out": row.id, "reason": "采购文件写明预留" });
        let made: setaside::features::records::api::ClaimedIn = clerk.call("claim_in", input).await;
        let seen = view(&clerk, &id).await;
        assert_eq!((Some(&made.line), made.content_version), (seen.lines.last(), seen.record.content_version), "the page goes on with it");
        assert_eq!((seen.record.line_count, seen.record.sme), (2, wan(200)));
        let claimed = line(&seen, "2");
        let claim = claimed.claim().unwrap();
        assert_eq!((claim.rule, claim.reason.as_str()), (Rule::NotReserved, "采购文件写明预留"));
        let taken: setaside::features::records::api::TakenOut = clerk.call("take_out", and(at(&id, claimed), "reason", "撤销纳入")).await;
        let seen = view(&clerk, &id).await;
        assert_eq!((seen.left_out[0].rule, seen.record.sme), (Rule::NotReserved, wan(100)), "taken back, it is left out by its rule again");
        let versions = (seen.record.content_version - 1, seen.record.content_version);
        assert_eq!((&taken.left_out, (taken.content_version_before, taken.content_version)), (&seen.left_out[0], versions));
    })
    .await;
}

#[tokio::test]
async fn a12_the_units_words_are_kept_never_overwritten_unseen_and_go_into_the_approved_version() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        let words = |before: &str, remark: &str| json!({ "record": id, "before": before, "remark": remark });
        let saved: SavedLine = clerk.call("save_record_remark", words("", "第一稿")).await;
        assert_eq!((saved.version, saved.content_version), (1, 2));
        refused(clerk.post_api("save_record_remark", words("", "第二个窗口")).await, 409);
        let same: SavedLine = clerk.call("save_record_remark", words("", "第一稿")).await;
        assert_eq!(same.content_version, 2, "saving the same words again changes nothing");
        refused_at(clerk.post_api("save_record_remark", words("第一稿", &"长".repeat(2_001))).await, "remark");
        clerk.call::<SavedLine>("save_record_remark", words("第一稿", "未达份额；\n下一年度改进")).await;
        ok(submit(&clerk, &id, institution(app, CHIEF)).await);
        refused(clerk.post_api("save_record_remark", words("未达份额；\n下一年度改进", "x")).await, 409);
        ok(decide(&app.sign_in("reviewer").await, &id, true, "", Value::Null).await);
        assert_eq!(approved_versions(app, UNIT_03).await[0].remark, "未达份额；\n下一年度改进");
    })
    .await;
}

#[tokio::test]
async fn b4_nothing_of_a_record_under_review_or_approved_can_be_changed() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = submitted(app).await;
        for _ in 0..2 {
            let seen = view(&clerk, &id).await;
            let first = line(&seen, "1");
            let version = seen.record.version;
            for (endpoint, input) in [
                ("save_line", edit(&id, first, &[("reason", "x")])),
                ("change_lines", remove(&id, first)),
                ("take_out", and(at(&id, first), "reason", "x")),
                ("claim_in", json!({ "record": id, "left_out": seen.left_out[0].id, "reason": "x" })),
                ("save_record_remark", json!({ "record": id, "before": "", "remark": "x" })),
                ("delete_record", json!({ "record": id, "version": version })),
            ] {
                let words = refused(clerk.post_api(endpoint, input).await, 409);
                assert!(words.contains(seen.record.status.label()), "{endpoint}: {words}");
            }
            assert_eq!(view(&clerk, &id).await, seen);
            if seen.allowed.withdraw {
                ok(decide(&app.sign_in("reviewer").await, &id, true, "", Value::Null).await);
            }
        }
    })
    .await;
}
