//! Every status × every action.

use super::*;

fn id(last: char) -> AnnouncementId {
    AnnouncementId::parse(&format!("01890a5d-ac96-774b-bcce-b302099a800{last}")).unwrap()
}

fn reason() -> String {
    "理由".to_owned()
}

fn actions(late: Moment, early: Moment) -> [AnnouncementAction; 17] {
    use AnnouncementAction as A;
    [
        A::Edit,
        A::Delete,
        A::Submit,
        A::Withdraw(reason()),
        A::Complete(PublishMode::OnApproval),
        A::Complete(PublishMode::At(late)),
        A::Complete(PublishMode::At(early)),
        A::Forward,
        A::Return(reason()),
        A::Publish,
        A::Correct(id('1')),
        A::Uncorrect(id('1')),
        A::Uncorrect(id('2')),
        A::Supersede(id('1'), reason()),
        A::Supersede(id('2'), reason()),
        A::Revoke(reason()),
        A::Postpone(late),
    ]
}

/// A state as the table below writes it: its code, with what is under way.
fn sign(status: &AnnouncementStatus) -> String {
    let state = if matches!(status, AnnouncementStatus::Ended(_)) { "ended" } else { status.code() };
    match status.pending() {
        None => state.to_owned(),
        Some(Pending::Correction(_)) => format!("{state}+correction"),
        Some(Pending::Revocation(_)) => format!("{state}+revocation"),
    }
}

#[test]
fn d2_every_state_allows_exactly_these_actions() {
    let now = Moment::from_millis(1_000_000);
    let (early, late) = (Moment::from_millis(999_999), Moment::from_millis(1_000_001));
    let public = |pending| Publication { at: early, pending };
    let correction = || Some(Pending::Correction(id('1')));
    let revocation = || Some(Pending::Revocation(reason()));
    let states = [
        (AnnouncementStatus::Draft, "待完善", "draft draft in_review . . . . . . . . . . . . . ."),
        (AnnouncementStatus::InReview, "审核中", ". . . withdrawn published scheduled published in_review returned . . . . . . . ."),
        (AnnouncementStatus::Returned(reason()), "被退回", "returned returned in_review . . . . . . . . . . . . . ."),
        (AnnouncementStatus::Withdrawn(reason()), "已撤回", "withdrawn withdrawn in_review . . . . . . . . . . . . . ."),
        (AnnouncementStatus::Scheduled(early), "待发布", ". . . withdrawn . . . . . published . . . . . . scheduled"),
        (AnnouncementStatus::Scheduled(late), "待发布", ". . . withdrawn . . . . . . . . . . . . ."),
        (AnnouncementStatus::Published(public(None)), "已发布", ". . . . . . . . . . published+correction . . . . published+revocation ."),
        (AnnouncementStatus::Published(public(correction())), "已发布", ". . . . . . . . . . . published . corrected . . ."),
        (
            AnnouncementStatus::Published(public(revocation())),
            "已发布",
            ". . . published revoked revoked revoked published+revocation published . . . . . . . .",
        ),
        (AnnouncementStatus::Ended(public(None)), "已截止", ". . . . . . . . . . ended+correction . . . . ended+revocation ."),
        (AnnouncementStatus::Ended(public(correction())), "已截止", ". . . . . . . . . . . ended . corrected . . ."),
        (
            AnnouncementStatus::Ended(public(revocation())),
            "已截止",
            ". . . ended revoked revoked revoked ended+revocation ended . . . . . . . .",
        ),
        (
            AnnouncementStatus::Corrected(Correction { at: early, since: now, reason: reason(), successor: id('1') }),
            "已更正",
            ". . . . . . . . . . . . . . . . .",
        ),
        (
            AnnouncementStatus::Revoked(Revocation { at: early, since: now, reason: reason() }),
            "已撤销",
            ". . . . . . . . . . . . . . . . .",
        ),
    ];
    for (state, label, row) in states {
        assert_eq!(state.label(), label);
        let found = actions(late, early).map(|action| state.apply(&action, now).map_or_else(|_| ".".to_owned(), |next| sign(&next)));
        assert_eq!(found.join(" "), row, "{label} {state:?}");
        // 已截止 is stored as 已发布, and is 已截止 again when its end is looked at.
        let read = AnnouncementStatus::from_code(state.code(), state.facts()).unwrap();
        let day = Day::new(1990, 1, 1);
        let ended = matches!(state, AnnouncementStatus::Ended(_));
        let at = if ended { Moment::parse_local("2026-01-01 00:00").unwrap() } else { early };
        assert_eq!(read.as_of(day, at), state);
    }
}

#[test]
fn c3_a_set_time_that_has_passed_publishes_at_the_approval() {
    let now = Moment::from_millis(5_000);
    let action = AnnouncementAction::Complete(PublishMode::At(Moment::from_millis(4_000)));
    let published = AnnouncementStatus::Published(Publication { at: now, pending: None });
    assert_eq!(AnnouncementStatus::InReview.apply(&action, now), Ok(published));
}

#[test]
fn e6_only_what_waits_for_its_time_is_postponed_and_only_to_a_later_one() {
    let (now, set, later) = (Moment::from_millis(5_000), Moment::from_millis(6_000), Moment::from_millis(7_000));
    let postpone = |status: AnnouncementStatus, to| status.apply(&AnnouncementAction::Postpone(to), now);
    assert_eq!(postpone(AnnouncementStatus::Scheduled(set), later), Ok(AnnouncementStatus::Scheduled(later)));
    assert!(postpone(AnnouncementStatus::Scheduled(set), set).is_err(), "not later");
    // One that was held past its time is put off from now on.
    assert!(postpone(AnnouncementStatus::Scheduled(Moment::from_millis(1_000)), now).is_err());
    let published = AnnouncementStatus::Published(Publication { at: now, pending: None });
    assert!(postpone(AnnouncementStatus::InReview, later).is_err() && postpone(published, later).is_err());
}

#[test]
fn e7_a_correction_and_a_revocation_carry_their_facts() {
    let (at, now) = (Moment::from_millis(1_000), Moment::from_millis(9_000));
    let published = AnnouncementStatus::Published(Publication { at, pending: None });
    let correcting = published.apply(&AnnouncementAction::Correct(id('1')), now).unwrap();
    let corrected = correcting.apply(&AnnouncementAction::Supersede(id('1'), "金额有误".into()), now);
    let facts = Correction { at, since: now, reason: "金额有误".into(), successor: id('1') };
    assert_eq!(corrected, Ok(AnnouncementStatus::Corrected(facts)));
    let revoking = published.apply(&AnnouncementAction::Revoke("误发".into()), now).unwrap();
    assert_eq!(revoking.revoking(), Some("误发"));
    let revoked = revoking.apply(&AnnouncementAction::Complete(PublishMode::OnApproval), now);
    assert_eq!(revoked, Ok(AnnouncementStatus::Revoked(Revocation { at, since: now, reason: "误发".into() })));
    let refused = |status: &AnnouncementStatus, action| status.apply(&action, now).unwrap_err().to_string();
    assert_eq!(
        refused(&revoking, AnnouncementAction::Correct(id('2'))),
        "当前状态是“已发布，撤销正在审核”，不能更正。请等待审核结果，或先撤回撤销申请"
    );
    assert_eq!(
        refused(&correcting, AnnouncementAction::Revoke(reason())),
        "当前状态是“已发布，更正公告正在办理”，不能撤销。请在更正公告中继续，或先删除更正公告"
    );
    assert_eq!(refused(&published, AnnouncementAction::Edit), "当前状态是“已发布”，不能编辑。请刷新页面查看最新状态");
}

#[test]
fn d6_an_announcement_ends_with_its_last_day_in_shanghai() {
    let day = Day::parse("2026-07-02").unwrap();
    let (last, over) = (Moment::parse_local("2026-07-02 23:59:59").unwrap(), Moment::parse_local("2026-07-03 00:00:00").unwrap());
    assert!(!has_ended(Some(day), last));
    assert!(has_ended(Some(day), over));
    assert!(!has_ended(None, over));
    let published = AnnouncementStatus::Published(Publication { at: last, pending: None });
    assert_eq!(published.clone().as_of(Some(day), last), published);
    assert_eq!(published.clone().as_of(Some(day), over).label(), "已截止");
    assert_eq!(AnnouncementStatus::Scheduled(last).as_of(Some(day), over).label(), "待发布");
}
