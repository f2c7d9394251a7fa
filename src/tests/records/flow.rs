//! 「提交」, 「撤回」, 「审核」, 「申请更正」, 「删除」, and who is told.

use super::*;
use crate::support::on_both;
use setaside::domain::approval::Assignee;

#[tokio::test]
async fn a10_submitting_asks_the_chosen_one_and_freezes_what_was_seen() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        ok(submit(&clerk, &id, person(app, "leader")).await);
        let seen = view(&clerk, &id).await;
        assert_eq!((seen.record.status.code(), seen.record.round, seen.record.version), ("in_review", 1, 2));
        assert_eq!(seen.submitted_by, format!("{UNIT_03} · 张三"));
        assert_eq!(steps(&seen), [(1, format!("{CHIEF} · 孙八").as_str(), None)]);
        assert_eq!(messages(app, "leader").await, [format!("{UNIT_03} · 2024 年度数据待您审核")]);
        for login in ["reviewer", "head03", "unit03", "jdc", "unit99"] {
            assert_eq!(messages(app, login).await, [""; 0], "{login} is not asked");
        }
        assert!(approved_versions(app, UNIT_03).await.is_empty(), "nothing is approved yet");
    })
    .await;
}

#[tokio::test]
async fn a10_a_page_that_shows_other_contents_cannot_submit() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        let seen = view(&clerk, &id).await.record;
        let next = institution(app, CHIEF);
        let input = |version: i64, content_version: i64| json!({ "record": id, "version": version, "content_version": content_version, "next": next });
        add_line(&clerk, &id, 1).await;
        refused(clerk.post_api("submit_record", input(seen.version, seen.content_version)).await, 409);
        refused(clerk.post_api("submit_record", input(seen.version + 1, seen.content_version + 1)).await, 409);
        let words = refused(clerk.post_api("submit_record", input(seen.version, seen.content_version + 1)).await, 422);
        assert!(words.contains("还有 1 行需要处理"), "{words}");
        assert_eq!(view(&clerk, &id).await.record.status.code(), "draft");
    })
    .await;
}

#[tokio::test]
async fn a10_the_next_approver_is_one_of_those_offered_and_never_oneself() {
    on_both(async |app: &TestApp| {
        promote(app, "unit03").await;
        let (clerk, id) = ready(app).await;
        let offered: Vec<(String, bool)> =
            view(&clerk, &id).await.candidates.into_iter().map(|candidate| (candidate.name, candidate.completes)).collect();
        let expected = [
            (format!("{UNIT_03}（任一审核人）"), false),
            ("章审".into(), false),
            (format!("{CHIEF}（任一审核人）"), true),
            ("孙八".into(), true),
            ("钱七".into(), true),
        ];
        assert_eq!(offered, expected);
        for login in ["jdc", "unit99", "admin"] {
            refused_at(submit(&clerk, &id, person(app, login)).await, "next");
        }
        refused_at(submit(&clerk, &id, institution(app, "测试区采购单位99")).await, "next");
        refused(submit(&clerk, &id, person(app, "unit03")).await, 403);
        refused(submit(&clerk, &id, json!({ "everyone": "x" })).await, 400);
        ok(submit(&clerk, &id, person(app, "head03")).await);
    })
    .await;
}

#[tokio::test]
async fn a10_an_institution_where_nobody_else_could_answer_cannot_be_chosen() {
    on_both(async |app: &TestApp| {
        promote(app, "pudong").await;
        let clerk = app.sign_in("pudong").await;
        let id = generate(&clerk, 2024).await;
        let offered = view(&clerk, &id).await.candidates;
        let own = Assignee::Institution(app.units["浦东新区采购中心"].clone());
        assert!(offered.iter().all(|candidate| candidate.assignee != own), "the only reviewer there is the one who submits");
        refused_at(submit(&clerk, &id, institution(app, "浦东新区采购中心")).await, "next");
    })
    .await;
}

#[tokio::test]
async fn a11_withdrawing_ends_the_step_and_submitting_again_starts_over() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        ok(submit(&clerk, &id, person(app, "head03")).await);
        app.wait(60);
        ok(decide(&app.sign_in("head03").await, &id, true, "初审通过", institution(app, CHIEF)).await);
        let leader = app.sign_in("leader").await;
        assert!(view(&leader, &id).await.allowed.review);
        refused(reasoned(&leader, "withdraw_record", &id, "").await, 403);
        refused(reasoned(&app.sign_in("head03").await, "withdraw_record", &id, "").await, 403);
        ok(reasoned(&clerk, "withdraw_record", &id, "发现漏录").await);
        let seen = view(&clerk, &id).await;
        assert_eq!(seen.record.status.code(), "withdrawn");
        assert!(seen.allowed.edit && !seen.allowed.withdraw && seen.history.open_step().is_none());
        assert_eq!(seen.history.steps[1].answered.as_ref().unwrap().opinion, "发现漏录");
        assert!(!view(&leader, &id).await.allowed.review);
        refused(decide(&leader, &id, true, "", Value::Null).await, 409);
        refused(reasoned(&clerk, "withdraw_record", &id, "").await, 409);
        ok(clerk.post_api("save_line", edit(&id, line(&seen, "1"), &[("reason", "补充说明")])).await);
        app.wait(60);
        ok(submit(&clerk, &id, person(app, "head03")).await);
        let seen = view(&clerk, &id).await;
        let head = format!("{UNIT_03} · 章审");
        let chief = format!("{CHIEF}（任一审核人）");
        assert_eq!(seen.record.round, 2);
        assert_eq!(
            steps(&seen),
            [(1, head.as_str(), Some(Answer::Agreed)), (1, chief.as_str(), Some(Answer::Withdrawn)), (2, head.as_str(), None)],
            "the first approver is asked again"
        );
        refused(decide(&leader, &id, true, "", Value::Null).await, 403);
    })
    .await;
}

#[tokio::test]
async fn b8_a_withdrawal_is_told_to_everyone_who_was_asked_in_this_round() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        let said = |what: &str| format!("{UNIT_03} · 2024 年度数据{what}");
        ok(submit(&clerk, &id, person(app, "leader")).await);
        app.wait(60);
        ok(reasoned(&clerk, "withdraw_record", &id, "发现漏录").await);
        let told = [said("已撤回，无需审核：发现漏录"), said("待您审核")];
        assert_eq!(messages(app, "leader").await, told);
        assert_eq!(unread(app, "leader").await, 1, "what was withdrawn waits no more; that it was withdrawn is news");
        app.wait(60);
        ok(submit(&clerk, &id, person(app, "head03")).await);
        app.wait(60);
        ok(decide(&app.sign_in("head03").await, &id, true, "", person(app, "reviewer")).await);
        app.wait(60);
        ok(reasoned(&clerk, "withdraw_record", &id, "").await);
        for login in ["head03", "reviewer"] {
            assert_eq!(messages(app, login).await, [said("已撤回，无需审核"), said("待您审核")], "{login}");
        }
        assert_eq!(messages(app, "leader").await, told, "who was asked in an earlier round heard of it then");
        assert_eq!(messages(app, "unit03").await, [""; 0], "nobody is told what they did themselves");
    })
    .await;
}

#[tokio::test]
async fn a11_a_withdrawn_record_can_be_deleted_with_everything_of_it() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = submitted(app).await;
        ok(reasoned(&clerk, "withdraw_record", &id, "").await);
        let version = view(&clerk, &id).await.record.version;
        refused(clerk.post_api("delete_record", json!({ "record": id, "version": version - 1 })).await, 409);
        ok(clerk.post_api("delete_record", json!({ "record": id, "version": version })).await);
        refused(clerk.post_api("record", json!({ "record": id })).await, 404);
        let left = app
            .count(
                "SELECT CAST((SELECT COUNT(*) FROM records) + (SELECT COUNT(*) FROM record_lines) + (SELECT COUNT(*) FROM record_left_out)
                    + (SELECT COUNT(*) FROM record_versions) + (SELECT COUNT(*) FROM approval_steps) AS BIGINT)",
            )
            .await;
        assert_eq!(left, 0);
        generate(&clerk, 2024).await;
    })
    .await;
}

#[tokio::test]
async fn b5_the_units_own_reviewer_passes_on_to_the_chief_whose_agreement_completes() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        ok(submit(&clerk, &id, institution(app, UNIT_03)).await);
        let head = app.sign_in("head03").await;
        let seen = view(&head, &id).await;
        assert!(seen.allowed.review && !seen.allowed.completes);
        let words = refused_at(decide(&head, &id, true, "同意", Value::Null).await, "next");
        assert!(words.contains("主管预算单位"), "{words}");
        refused(decide(&head, &id, true, "同意", person(app, "unit03")).await, 403);
        refused_at(decide(&head, &id, true, "同意", person(app, "head03")).await, "next");
        refused_at(decide(&head, &id, true, "同意", person(app, "unit99")).await, "next");
        app.wait(60);
        ok(decide(&head, &id, true, "初审同意", person(app, "reviewer")).await);
        assert_eq!(view(&head, &id).await.record.status.code(), "in_review");
        refused(decide(&head, &id, true, "再来", person(app, "leader")).await, 403);
        let leader = app.sign_in("leader").await;
        refused(decide(&leader, &id, true, "", Value::Null).await, 403);
        let reviewer = app.sign_in("reviewer").await;
        assert!(view(&reviewer, &id).await.allowed.completes);
        app.wait(60);
        ok(decide(&reviewer, &id, true, "请负责人审定", person(app, "leader")).await);
        ok(decide(&leader, &id, true, " 同意 ", Value::Null).await);
        let seen = view(&clerk, &id).await;
        assert_eq!((seen.record.status.code(), seen.record.approved_number), ("approved", Some(1)));
        let said: Vec<_> = seen
            .history
            .steps
            .iter()
            .map(|step| step.answered.as_ref().map(|answered| (answered.by.as_str(), answered.opinion.as_str())))
            .collect();
        let (by_head, by_reviewer, by_leader) = (format!("{UNIT_03} · 章审"), format!("{CHIEF} · 钱七"), format!("{CHIEF} · 孙八"));
        assert_eq!(
            said,
            [Some((by_head.as_str(), "初审同意")), Some((by_reviewer.as_str(), "请负责人审定")), Some((by_leader.as_str(), "同意"))],
            "every opinion is kept"
        );
        refused(decide(&leader, &id, true, "", Value::Null).await, 409);
    })
    .await;
}

#[tokio::test]
async fn b5_choosing_an_institution_means_any_of_its_reviewers_and_one_answer_is_enough() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = submitted(app).await;
        let (reviewer, leader) = (app.sign_in("reviewer").await, app.sign_in("leader").await);
        assert!(view(&reviewer, &id).await.allowed.review && view(&leader, &id).await.allowed.review);
        refused(decide(&app.sign_in("jdc").await, &id, true, "", Value::Null).await, 403);
        refused(decide(&app.sign_in("head03").await, &id, true, "", institution(app, CHIEF)).await, 403);
        refused(decide(&clerk, &id, true, "", Value::Null).await, 403);
        ok(decide(&leader, &id, true, "", Value::Null).await);
        refused(decide(&reviewer, &id, false, "迟了", Value::Null).await, 409);
        assert_eq!(view(&clerk, &id).await.record.status.code(), "approved");
    })
    .await;
}

#[tokio::test]
async fn b5_nobody_approves_what_they_submitted() {
    on_both(async |app: &TestApp| {
        promote(app, "jdc").await;
        let both = app.sign_in("jdc").await;
        let id = generate(&both, 2024).await;
        ok(submit(&both, &id, institution(app, CHIEF)).await);
        assert!(!view(&both, &id).await.allowed.review);
        let words = refused(decide(&both, &id, true, "自己同意", Value::Null).await, 403);
        assert!(words.contains("不能审批自己提交的内容"), "{words}");
        refused(decide(&both, &id, false, "自己退回", Value::Null).await, 403);
        let reviewer = app.sign_in("reviewer").await;
        let offered = view(&reviewer, &id).await.candidates;
        assert!(
            offered.iter().all(|candidate| candidate.assignee != Assignee::Person(app.users["jdc"].clone())),
            "nor are they offered further on"
        );
        refused(decide(&reviewer, &id, true, "", person(app, "jdc")).await, 403);
        assert_eq!(messages(app, "jdc").await, [""; 0], "and nobody asks them to");
        ok(decide(&reviewer, &id, true, "", Value::Null).await);
    })
    .await;
}

#[tokio::test]
async fn b5_a_colleagues_submission_may_be_approved_by_who_is_clerk_and_reviewer() {
    on_both(async |app: &TestApp| {
        promote(app, "leader").await;
        let clerk = app.sign_in("jdc").await;
        let id = generate(&clerk, 2024).await;
        ok(submit(&clerk, &id, institution(app, CHIEF)).await);
        ok(decide(&app.sign_in("leader").await, &id, true, "", Value::Null).await);
        assert_eq!(view(&clerk, &id).await.record.status.code(), "approved");
    })
    .await;
}

#[tokio::test]
async fn b6_a_disagreement_needs_a_reason_and_leads_back_to_editing() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = submitted(app).await;
        let reviewer = app.sign_in("reviewer").await;
        refused_at(decide(&reviewer, &id, false, " \n", Value::Null).await, "opinion");
        refused_at(decide(&reviewer, &id, false, &"长".repeat(1_001), Value::Null).await, "opinion");
        refused_at(decide(&reviewer, &id, false, "金额有误", person(app, "leader")).await, "next");
        ok(decide(&reviewer, &id, false, "金额有误", Value::Null).await);
        let seen = view(&clerk, &id).await;
        assert_eq!((seen.record.status.code(), seen.record.status.reason()), ("returned", "金额有误"));
        assert!(seen.allowed.edit);
        assert_eq!(messages(app, "unit03").await, [format!("{UNIT_03} · 2024 年度数据被退回：金额有误")]);
        ok(clerk.post_api("save_line", edit(&id, line(&seen, "1"), &[("reason", "已核实")])).await);
        app.wait(60);
        ok(submit(&clerk, &id, institution(app, CHIEF)).await);
        let seen = view(&reviewer, &id).await;
        assert_eq!((seen.record.round, seen.record.status.reason()), (2, ""));
        assert_eq!(
            steps(&seen).iter().map(|(round, _, answer)| (*round, *answer)).collect::<Vec<_>>(),
            [(1, Some(Answer::Disagreed)), (2, None)]
        );
    })
    .await;
}

#[tokio::test]
async fn b6_the_reviewer_sees_what_changed_since_the_last_submission() {
    on_both(async |app: &TestApp| {
        let own = Contract { source: Source::SelfEntered, ..contract("1") };
        import(app, vec![own, contract("2"), Contract { reserved: false, ..contract("3") }]).await;
        let clerk = app.sign_in("unit03").await;
        let id = generate(&clerk, 2024).await;
        ok(submit(&clerk, &id, institution(app, CHIEF)).await);
        let reviewer = app.sign_in("reviewer").await;
        assert!(view(&reviewer, &id).await.changes.is_empty());
        ok(decide(&reviewer, &id, false, "请核对", Value::Null).await);
        let seen = view(&clerk, &id).await;
        ok(clerk.post_api("save_line", edit(&id, line(&seen, "1"), &[("sme", "80"), ("small_micro", "80"), ("reason", "审计调整")])).await);
        ok(clerk.post_api("take_out", and(at(&id, line(&seen, "2")), "reason", "重复")).await);
        ok(clerk.post_api("claim_in", json!({ "record": id, "left_out": seen.left_out[0].id, "reason": "漏填" })).await);
        ok(clerk.post_api("save_record_remark", json!({ "record": id, "before": "", "remark": "已核对" })).await);
        ok(submit(&clerk, &id, institution(app, CHIEF)).await);
        let changes = view(&reviewer, &id).await.changes;
        let found: Vec<_> = changes.iter().map(|change| (change.place.as_str(), change.before.as_str(), change.after.as_str())).collect();
        assert_eq!(
            found,
            [
                ("第 1 行 面向中小企业采购金额(万元)", "100", "80"),
                ("第 1 行 面向小微企业采购金额(万元)", "100", "80"),
                ("第 1 行 修改理由", "", "审计调整"),
                ("第 2 行", "", "新增“项目3”，100 万元"),
                ("原第 2 行", "“项目2”，100 万元", "已剔除或删除"),
                ("说明", "", "已核对"),
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn b7_a_consented_correction_is_edited_while_the_approved_version_stands() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = approved(app).await;
        refused_at(reasoned(&clerk, "ask_correction", &id, " ").await, "reason");
        refused(reasoned(&app.sign_in("reviewer").await, "ask_correction", &id, "x").await, 403);
        ok(reasoned(&clerk, "ask_correction", &id, "审计调整").await);
        assert_eq!(view(&clerk, &id).await.record.status.code(), "correction_asked");
        refused(reasoned(&clerk, "withdraw_record", &id, "").await, 409);
        refused(answer_correction(&clerk, &id, true, "").await, 403);
        refused(answer_correction(&app.sign_in("head03").await, &id, true, "").await, 403);
        refused(decide(&app.sign_in("leader").await, &id, true, "", Value::Null).await, 409);
        ok(answer_correction(&app.sign_in("leader").await, &id, true, "").await);
        let seen = view(&clerk, &id).await;
        assert_eq!((seen.record.status.code(), seen.record.status.reason()), ("returned", "同意更正：审计调整"));
        let words = refused(clerk.post_api("delete_record", json!({ "record": id, "version": seen.record.version })).await, 422);
        assert!(words.contains("不能删除"), "{words}");
        clerk.call::<Value>("take_out", and(at(&id, line(&seen, "1")), "reason", "审计调整")).await;
        assert_eq!(view(&clerk, &id).await.record.sme, Money::ZERO);
        let kept = |lines: &[ApprovedRecord]| {
            lines
                .iter()
                .map(|record| (record.number, record.lines.iter().map(|line| line.sme.wan()).collect::<Vec<_>>()))
                .collect::<Vec<_>>()
        };
        let first = vec![(1, vec!["100".to_owned()])];
        assert_eq!(kept(&approved_versions(app, UNIT_03).await), first, "while it is edited");
        ok(submit(&clerk, &id, institution(app, CHIEF)).await);
        assert_eq!(kept(&approved_versions(app, UNIT_03).await), first, "while it is reviewed");
        ok(reasoned(&clerk, "withdraw_record", &id, "").await);
        assert_eq!(kept(&approved_versions(app, UNIT_03).await), first, "while it is withdrawn");
        ok(submit(&clerk, &id, institution(app, CHIEF)).await);
        ok(decide(&app.sign_in("leader").await, &id, true, "", Value::Null).await);
        assert_eq!(kept(&approved_versions(app, UNIT_03).await), [(3, vec![])], "until the correction is approved");
        assert_eq!(
            app.count("SELECT COUNT(*) FROM record_versions WHERE approved_at IS NOT NULL").await,
            2,
            "the first stays for the announcements that hold it"
        );
    })
    .await;
}

#[tokio::test]
async fn b7_a_refused_correction_leaves_the_record_approved() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = approved(app).await;
        ok(reasoned(&clerk, "ask_correction", &id, "想改").await);
        let reviewer = app.sign_in("reviewer").await;
        refused_at(answer_correction(&reviewer, &id, false, " ").await, "opinion");
        assert_eq!(view(&clerk, &id).await.record.status.code(), "correction_asked");
        ok(answer_correction(&reviewer, &id, false, "理由不足").await);
        let seen = view(&clerk, &id).await;
        assert_eq!((seen.record.status.code(), seen.record.approved_number), ("approved", Some(1)));
        assert!(seen.allowed.ask_correction && !seen.allowed.edit);
        assert_eq!(approved_versions(app, UNIT_03).await.len(), 1);
        refused(answer_correction(&reviewer, &id, true, "").await, 409);
        ok(reasoned(&clerk, "ask_correction", &id, "补充理由再次申请").await);
    })
    .await;
}

#[tokio::test]
async fn b7_nobody_consents_to_their_own_correction() {
    on_both(async |app: &TestApp| {
        promote(app, "jdc").await;
        let both = app.sign_in("jdc").await;
        let id = generate(&both, 2024).await;
        ok(submit(&both, &id, institution(app, CHIEF)).await);
        ok(decide(&app.sign_in("leader").await, &id, true, "", Value::Null).await);
        ok(reasoned(&both, "ask_correction", &id, "更正").await);
        assert!(!view(&both, &id).await.allowed.answer_correction);
        refused(answer_correction(&both, &id, true, "").await, 403);
        ok(answer_correction(&app.sign_in("leader").await, &id, true, "").await);
    })
    .await;
}

#[tokio::test]
async fn b7_a_correction_that_nobody_could_answer_is_not_asked_for() {
    on_both(async |app: &TestApp| {
        promote(app, "jdc").await;
        let both = app.sign_in("jdc").await;
        let id = generate(&both, 2024).await;
        ok(submit(&both, &id, institution(app, CHIEF)).await);
        ok(decide(&app.sign_in("leader").await, &id, true, "", Value::Null).await);
        app.execute("UPDATE users SET is_disabled = 1 WHERE login IN ('reviewer', 'leader')").await;
        refused(reasoned(&both, "ask_correction", &id, "更正").await, 422);
        assert_eq!(view(&both, &id).await.record.status.code(), "approved");
    })
    .await;
}

#[tokio::test]
async fn b8_messages_reach_those_who_wait_and_those_who_submitted() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = ready(app).await;
        let said = |what: &str| format!("{UNIT_03} · 2024 年度数据{what}");
        ok(submit(&clerk, &id, institution(app, UNIT_03)).await);
        assert_eq!(messages(app, "head03").await, [said("待您审核")]);
        assert_eq!(messages(app, "reviewer").await.len() + messages(app, "leader").await.len(), 0);
        ok(decide(&app.sign_in("head03").await, &id, true, "", institution(app, CHIEF)).await);
        for login in ["reviewer", "leader"] {
            assert_eq!(messages(app, login).await, [said("待您审核")], "{login}");
        }
        assert_eq!((unread(app, "head03").await, unread(app, "reviewer").await), (0, 1), "an answered task waits for nobody");
        app.wait(60);
        ok(decide(&app.sign_in("leader").await, &id, true, "", Value::Null).await);
        assert_eq!((unread(app, "leader").await, unread(app, "reviewer").await), (0, 0), "nor for the others who were asked");
        assert_eq!(messages(app, "unit03").await, [said("审核完成")]);
        app.wait(60);
        ok(reasoned(&clerk, "ask_correction", &id, "审计调整").await);
        for login in ["reviewer", "leader"] {
            assert_eq!(messages(app, login).await, [said("申请更正，待您处理"), said("待您审核")], "{login}");
        }
        app.wait(60);
        ok(answer_correction(&app.sign_in("reviewer").await, &id, true, "").await);
        assert_eq!(messages(app, "unit03").await, [said("的更正申请已同意，请修改后重新提交"), said("审核完成")]);
        for login in ["jdc", "unit99", "pudong", "admin"] {
            assert_eq!(messages(app, login).await, [""; 0], "{login}");
        }
        let first: Vec<Message> = clerk.call("messages", Value::Null).await;
        assert_eq!(first[0].href, format!("/office/records/{id}"), "a message leads to the record");
        assert_eq!(clerk.get(&first[0].href).await.status, 200);
    })
    .await;
}
