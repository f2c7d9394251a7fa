//! 「提交」, 「撤回」, 「审核」.

use super::super::seen::{Review, Saved, Submission, Withdrawal};
use super::super::store::{self, Row};
use super::correct;
use super::publish::freeze;
use super::{candidates, document, find, find_seen, notice, versions, won};
use crate::domain::access::Deed as Wish;
use crate::domain::announcement::allowed::{self, obstacles};
use crate::domain::announcement::line::figures;
use crate::domain::announcement::outlook::ended_hold;
use crate::domain::announcement::status::{AnnouncementAction, AnnouncementStatus};
use crate::domain::announcement::version::Occasion;
use crate::domain::approval::{self, OPINION_MAX, Outcome};
use crate::domain::calendar::Moment;
use crate::domain::text;
use crate::error::AppError;
use crate::features::approvals::commands::{self as approvals, Subject};
use crate::features::messages::commands as messages;
use crate::server::request::{Deed, Services};
use sqlx::AnyConnection;

fn saved(row: &Row, now: Moment) -> Saved {
    Saved { version: row.version + 1, at: now }
}

/// 「提交」 to the next approver; refused while anything contradicts the data.
pub async fn submit(services: &Services, deed: Deed, submission: Submission) -> Result<Saved, AppError> {
    let note = text::optional("说明", &submission.note, OPINION_MAX).map_err(|error| AppError::field("note", error))?;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let row = find(db, &deed, &submission.id, Wish::WorkOnAnnouncement).await?;
                row.status.apply(&AnnouncementAction::Submit, deed.at)?;
                won(row.version == submission.version)?;
                let undecided = store::stale::undecided(db, &row.id).await?;
                let lines = store::lines::of(db, &row.id).await?;
                let figures = figures(&row.unit_name, row.year, &row.remark, row.mode.at().map(Moment::day), &lines);
                let document = document(&row)?;
                let judged = allowed::Submission {
                    number: row.number.as_deref(),
                    district: row.district,
                    mode: row.mode,
                    expires_on: row.expires_on,
                    title: &row.title,
                    document: document.as_ref(),
                    figures: &figures,
                    undecided: &undecided,
                };
                let open: Vec<String> = obstacles(&judged, deed.at).iter().map(ToString::to_string).collect();
                if !open.is_empty() {
                    return Err(AppError::Invalid(open.join("；")));
                }
                let candidates = candidates(db, &row.unit, Some(&deed.by.user)).await?;
                let next = approval::chosen(&candidates, &submission.next, &deed.by.user, None)?;
                won(store::submit(db, &row, &deed.by.user, deed.at).await?)?;
                let subject = Subject::Announcement(row.id.clone());
                let told = notice(&row, "待您审核");
                approvals::open_with_note(db, &subject, row.round + 1, next, &deed.by.user, &deed, &told, note).await?;
                versions::at_deed(db, &row, &deed, Occasion::Submitted, &format!("第 {} 次提交", row.round + 1)).await?;
                approvals::remember(db, row.id.as_str(), &deed, "提交", &format!("下一审批：{} · {}", next.unit_name, next.name)).await?;
                Ok(saved(&row, deed.at))
            })
        })
        .await
}

/// 「撤回」, refused without a reason (D3).
pub async fn withdraw(services: &Services, deed: Deed, withdrawal: Withdrawal) -> Result<Saved, AppError> {
    let reason = text::required("撤回理由", &withdrawal.reason, OPINION_MAX).map_err(|error| AppError::field("reason", error))?;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                store::hold(db, &withdrawal.id).await?;
                let row = find(db, &deed, &withdrawal.id, Wish::WorkOnAnnouncement).await?;
                let status = row.status.apply(&AnnouncementAction::Withdraw(reason.clone()), deed.at)?;
                won(row.version == withdrawal.version)?;
                won(store::set_status(db, &row, &status, deed.at).await?)?;
                approvals::withdraw(db, &Subject::Announcement(row.id.clone()), &reason, &deed).await?;
                let what = if row.status.is_public() { "撤回撤销申请" } else { "撤回" };
                approvals::remember(db, row.id.as_str(), &deed, what, &reason).await?;
                let words = if row.status.is_public() { "的撤销申请已撤回，公告仍有效" } else { "已撤回" };
                tell_everyone(db, &row, &deed, &format!("{words}：{reason}")).await?;
                Ok(saved(&row, deed.at))
            })
        })
        .await
}

/// 「审核」: the answer of the person for whom it waits (D4).
pub async fn answer(services: &Services, deed: Deed, review: Review) -> Result<Saved, AppError> {
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                store::hold(db, &review.id).await?;
                let row = find(db, &deed, &review.id, Wish::ReviewAnnouncement).await?;
                row.status.apply(&AnnouncementAction::Forward, deed.at)?;
                let row = find_seen(db, &deed, &row.id, review.version, Wish::ReviewAnnouncement).await?;
                decide(db, &row, &deed, &review).await?;
                Ok(saved(&row, deed.at))
            })
        })
        .await
}

async fn decide(db: &mut AnyConnection, row: &Row, deed: &Deed, review: &Review) -> Result<(), AppError> {
    let subject = Subject::Announcement(row.id.clone());
    let candidates = candidates(db, &row.unit, row.submitted_by.as_ref()).await?;
    // The publishing unit is its own 主管: every agreement of its 审核人 can complete.
    let (step, outcome) = approvals::answer(db, &subject, true, &candidates, &review.decision, deed).await?;
    let opinion = review.decision.opinion.trim();
    versions::at_deed(db, row, deed, Occasion::Reviewed, if review.decision.agree { "同意" } else { "不同意" }).await?;
    match outcome {
        Outcome::Forwarded(next) => {
            let status = row.status.apply(&AnnouncementAction::Forward, deed.at)?;
            won(store::set_status(db, row, &status, deed.at).await?)?;
            let next = approval::chosen(&candidates, &next, &step.submitter, Some(&deed.by.user))?;
            let words = if row.status.is_public() { "申请撤销，待您审核" } else { "待您审核" };
            approvals::open_with_note(db, &subject, row.round, next, &step.submitter, deed, &notice(row, words), step.note.clone()).await?;
            approvals::remember(db, row.id.as_str(), deed, "同意，转下一审批", opinion).await
        }
        Outcome::Returned(reason) => {
            let status = row.status.apply(&AnnouncementAction::Return(reason.clone()), deed.at)?;
            won(store::set_status(db, row, &status, deed.at).await?)?;
            let (what, words) =
                if row.status.is_public() { ("不同意撤销", "的撤销申请未获同意") } else { ("退回", "被退回") };
            approvals::remember(db, row.id.as_str(), deed, what, &reason).await?;
            messages::tell(db, &step.submitter, deed.at, &notice(row, &format!("{words}：{reason}"))).await
        }
        Outcome::Completed => {
            // A revocation is agreed to whatever became of the records.
            if !row.status.is_public() {
                super::stale::nothing_waits(db, &row.id).await?;
                if let Some(hold) = ended_hold(&row.status, row.mode, row.expires_on, deed.at) {
                    return Err(AppError::Conflict(hold));
                }
            }
            let status = row.status.apply(&AnnouncementAction::Complete(row.mode), deed.at)?;
            approvals::remember(db, row.id.as_str(), deed, "同意", opinion).await?;
            match status {
                AnnouncementStatus::Published(publication) => {
                    freeze(db, row, publication.at).await?;
                    approvals::remember_system(db, row.id.as_str(), publication.at, "发布", "").await?;
                    tell_everyone(db, row, deed, "审核完成，已发布").await
                }
                AnnouncementStatus::Scheduled(at) => {
                    won(store::set_status(db, row, &status, deed.at).await?)?;
                    tell_everyone(db, row, deed, &format!("审核完成，将于 {} 发布", at.local())).await
                }
                AnnouncementStatus::Revoked(_) => {
                    correct::revoked(db, row, &status, deed).await?;
                    tell_everyone(db, row, deed, &format!("已撤销：{}", status.reason())).await
                }
                _ => Err(crate::server::fault::fault(&"an approval completed into an unexpected state")),
            }
        }
    }
}

/// Tells the submitter and the approvers of this round, but not the person who acts.
async fn tell_everyone(db: &mut AnyConnection, row: &Row, deed: &Deed, words: &str) -> Result<(), AppError> {
    for user in super::publish::involved(db, row).await?.into_iter().filter(|user| *user != deed.by.user) {
        messages::tell(db, &user, deed.at, &notice(row, words)).await?;
    }
    Ok(())
}
