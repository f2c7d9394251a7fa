//! Submitting, withdrawing, answering, correcting, deleting (A10, A11, B5–B7).

use super::super::{Frozen, store};
use super::{Found, find_and_hold, find_editable, won};
use crate::app::paths;
use crate::domain::access::Deed as Wish;
use crate::domain::approval::{self, Assignee, Candidate, Decision, OPINION_MAX, Outcome};
use crate::domain::ids::UserId;
use crate::domain::record::allowed::may_delete;
use crate::domain::record::check;
use crate::domain::record::status::{RecordAction, RecordStatus};
use crate::domain::text;
use crate::error::AppError;
use crate::features::announcements::commands as announcements;
use crate::features::approvals::commands::{self as approvals, Subject};
use crate::features::messages::commands::{self as messages, Notice};
use crate::features::records::api::{CorrectionAnswer, DecideInput, ReasonedMove, RecordAt, SubmitInput};
use crate::server::fault::fault;
use crate::server::request::{Deed, Services};
use sqlx::AnyConnection;

/// Who can be chosen next: the unit's own 审核人 and those of its 主管 (B5).
pub(super) async fn candidates(db: &mut AnyConnection, found: &Found, submitter: Option<&UserId>) -> Result<Vec<Candidate>, AppError> {
    let units = approval::asked_units(&found.unit, found.chief.as_ref());
    Ok(approval::answerable(approvals::candidates(db, &units, found.chief_id()).await?, submitter))
}

fn notice(found: &Found, what: &str) -> Notice {
    Notice {
        text: format!("{} · {} 年度数据{what}", found.record.unit_name, found.record.year), href: paths::record(&found.record.id)
    }
}

/// Refuses when the page that sent this showed another state of the record.
fn same_as_seen(found: &Found, version: i64) -> Result<(), AppError> {
    won(found.record.version == version)
}

/// 「提交」 → 审核中; freezes what is submitted.
pub async fn submit(services: &Services, deed: Deed, input: SubmitInput) -> Result<(), AppError> {
    let note = text::optional("说明", &input.note, OPINION_MAX).map_err(|error| AppError::field("note", error))?;
    let cutover = services.settings.cutover;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let found = find_and_hold(db, &deed, &input.record, Wish::WorkOnRecord).await?;
                found.record.status.apply(&RecordAction::Submit)?;
                same_as_seen(&found, input.version)?;
                won(found.record.content_version == input.content_version)?;
                let rules = found.rules(cutover);
                let lines = store::lines::of(db, &input.record).await?;
                // Summed up anew here: what is submitted never rests on the shifts of single saves.
                let totals = check(&lines, &rules).map_err(AppError::invalid)?;
                let all = candidates(db, &found, Some(&deed.by.user)).await?;
                let next = approval::chosen(&all, &input.next, &deed.by.user, None)?.clone();
                won(store::submit(db, &found.record, &totals, &deed.by.user, deed.at).await?)?;
                let number = found.record.round + 1;
                let frozen = Frozen { rules, lines, remark: found.record.remark.clone() };
                let body = serde_json::to_string(&frozen).map_err(|error| fault(&error))?;
                store::freeze(db, &input.record, number, &body, deed.at).await?;
                let subject = Subject::Record(input.record.clone());
                let told = notice(&found, "待您审核");
                approvals::open_with_note(db, &subject, number, &next, &deed.by.user, &deed, &told, note.clone()).await?;
                let said = if note.is_empty() { String::new() } else { format!("；说明：{note}") };
                approvals::remember(db, input.record.as_str(), &deed, "提交", &format!("下一审批：{}{said}", next.name)).await
            })
        })
        .await
}

/// 「撤回」 → 已撤回, while it is under review.
pub async fn withdraw(services: &Services, deed: Deed, input: ReasonedMove) -> Result<(), AppError> {
    let reason = text::optional("撤回理由", &input.reason, OPINION_MAX).map_err(|error| AppError::field("reason", error))?;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let found = find_and_hold(db, &deed, &input.record, Wish::WorkOnRecord).await?;
                let next = found.record.status.apply(&RecordAction::Withdraw)?;
                same_as_seen(&found, input.version)?;
                won(store::move_to(db, &found.record, &next, deed.at).await?)?;
                approvals::withdraw(db, &Subject::Record(input.record.clone()), &reason, &deed).await?;
                approvals::remember(db, input.record.as_str(), &deed, "撤回", &reason).await?;
                let words =
                    if reason.is_empty() { "已撤回，无需审核".to_owned() } else { format!("已撤回，无需审核：{reason}") };
                approvals::tell_asked(db, input.record.as_str(), found.record.round, &deed, &notice(&found, &words)).await
            })
        })
        .await
}

/// 「审核」.
pub async fn decide(services: &Services, deed: Deed, input: DecideInput) -> Result<(), AppError> {
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let found = find_and_hold(db, &deed, &input.record, Wish::ReviewRecord).await?;
                found.record.status.apply(&RecordAction::Forward)?;
                same_as_seen(&found, input.version)?;
                let subject = Subject::Record(input.record.clone());
                let all = candidates(db, &found, found.record.submitted_by.as_ref()).await?;
                let completes = approval::completes(&deed.by, found.chief_id());
                let (step, outcome) = approvals::answer(db, &subject, completes, &all, &input.decision, &deed).await?;
                let submitter = &step.submitter;
                let opinion = input.decision.opinion.trim();
                match outcome {
                    Outcome::Completed => {
                        let next = found.record.status.apply(&RecordAction::Complete)?;
                        won(store::approve(db, &found.record, &next, deed.at).await?)?;
                        announcements::approved_anew(db, &found.unit.id, found.record.year, &found.record.id, deed.at).await?;
                        messages::tell(db, submitter, deed.at, &notice(&found, "审核完成")).await?;
                        approvals::remember(db, input.record.as_str(), &deed, "审核同意，审核完成", opinion).await
                    }
                    Outcome::Forwarded(assignee) => {
                        go(db, &found, &RecordAction::Forward, &deed).await?;
                        let next = candidate(&all, &assignee)?;
                        approvals::open(db, &subject, step.round, next, submitter, &deed, &notice(&found, "待您审核")).await?;
                        approvals::remember(db, input.record.as_str(), &deed, &format!("审核同意，转 {} 继续审批", next.name), opinion)
                            .await
                    }
                    Outcome::Returned(reason) => {
                        go(db, &found, &RecordAction::Return(reason.clone()), &deed).await?;
                        messages::tell(db, submitter, deed.at, &notice(&found, &format!("被退回：{reason}"))).await?;
                        approvals::remember(db, input.record.as_str(), &deed, "审核不同意，退回", &reason).await
                    }
                }
            })
        })
        .await
}

fn candidate<'c>(all: &'c [Candidate], assignee: &Assignee) -> Result<&'c Candidate, AppError> {
    all.iter().find(|candidate| candidate.assignee == *assignee).ok_or_else(|| fault(&"a chosen candidate is gone"))
}

async fn go(db: &mut AnyConnection, found: &Found, action: &RecordAction, deed: &Deed) -> Result<RecordStatus, AppError> {
    let next = found.record.status.apply(action)?;
    won(store::move_to(db, &found.record, &next, deed.at).await?)?;
    Ok(next)
}

/// 「申请更正」 of an approved record; the 主管's 审核人 are asked (B7).
pub async fn ask_correction(services: &Services, deed: Deed, input: ReasonedMove) -> Result<(), AppError> {
    let reason = text::required("更正理由", &input.reason, OPINION_MAX).map_err(|error| AppError::field("reason", error))?;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let found = find_and_hold(db, &deed, &input.record, Wish::WorkOnRecord).await?;
                same_as_seen(&found, input.version)?;
                go(db, &found, &RecordAction::AskCorrection(reason.clone()), &deed).await?;
                let chief = found.chief.as_ref().ok_or_else(|| AppError::Invalid("本单位没有主管预算单位，请联系系统管理员".to_owned()))?;
                let all = approval::answerable(approvals::candidates(db, &[chief], Some(&chief.id)).await?, Some(&deed.by.user));
                let asked = approval::institution(&all)
                    .ok_or_else(|| AppError::Invalid("主管预算单位没有其他审核人可以处理，请联系系统管理员".to_owned()))?;
                let subject = Subject::Correction(input.record.clone());
                approvals::open(db, &subject, found.record.round, asked, &deed.by.user, &deed, &notice(&found, "申请更正，待您处理"))
                    .await?;
                approvals::remember(db, input.record.as_str(), &deed, "申请更正", &reason).await
            })
        })
        .await
}

/// The 主管 consents to a correction (→ 被退回, the approved version is kept) or refuses it (→ 审核完成).
pub async fn answer_correction(services: &Services, deed: Deed, input: CorrectionAnswer) -> Result<(), AppError> {
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let found = find_and_hold(db, &deed, &input.record, Wish::ConsentToCorrection).await?;
                same_as_seen(&found, input.version)?;
                let action = if input.consent { RecordAction::ConsentToCorrection } else { RecordAction::RefuseCorrection };
                go(db, &found, &action, &deed).await?;
                let decision = Decision { agree: input.consent, opinion: input.opinion.clone(), next: None };
                let subject = Subject::Correction(input.record.clone());
                let (step, _) = approvals::answer(db, &subject, true, &[], &decision, &deed).await?;
                let (said, what) = if input.consent {
                    ("的更正申请已同意，请修改后重新提交", "同意更正")
                } else {
                    ("的更正申请未获同意", "不同意更正")
                };
                messages::tell(db, &step.submitter, deed.at, &notice(&found, said)).await?;
                if input.consent {
                    announcements::correction_begun(db, &found.record.unit_name, &found.record.id, deed.at).await?;
                }
                approvals::remember(db, input.record.as_str(), &deed, what, input.opinion.trim()).await
            })
        })
        .await
}

/// Deletes a record that was never approved.
pub async fn delete(services: &Services, deed: Deed, input: RecordAt) -> Result<(), AppError> {
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let found = find_editable(db, &deed, &input.record).await?;
                same_as_seen(&found, input.version)?;
                may_delete(found.record.approved_number).map_err(AppError::invalid)?;
                won(store::delete(db, &found.record).await?)?;
                approvals::forget(db, input.record.as_str()).await
            })
        })
        .await
}
