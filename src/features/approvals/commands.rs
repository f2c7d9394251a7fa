//! Opening, answering and ending steps, inside the transaction of the feature whose thing is approved.

use super::{Event, History, store};
use crate::domain::approval::{self, Answer, Assignee, Candidate, Decision, Outcome, Step};
use crate::domain::calendar::Moment;
use crate::domain::ids::{AnnouncementId, RecordId, UnitId, UserId};
use crate::domain::organisation::{Actor, Unit};
use crate::error::AppError;
use crate::features::messages::commands as messages;
use crate::features::organisations::commands as organisations;
use crate::server::ids::new_id;
use crate::server::request::Deed;
use sqlx::AnyConnection;

/// What is approved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A 年度数据.
    Record(RecordId),
    /// 「申请更正」 of a 年度数据.
    Correction(RecordId),
    /// A 公告.
    Announcement(AnnouncementId),
}

impl Subject {
    /// As stored.
    pub const fn kind(&self) -> &'static str {
        match self {
            Subject::Record(_) => "record",
            Subject::Correction(_) => "correction",
            Subject::Announcement(_) => "announcement",
        }
    }

    /// The id of the thing.
    pub fn id(&self) -> &str {
        match self {
            Subject::Record(id) | Subject::Correction(id) => id.as_str(),
            Subject::Announcement(id) => id.as_str(),
        }
    }
}

/// A person as the timeline names them.
pub fn who(actor: &Actor) -> String {
    format!("{} · {}", actor.unit_name, actor.name)
}

/// The 审核人 of these units and the units themselves, as 「下一审批机构/人员」; `chief` is the 主管 whose agreement completes.
/// Units without any 审核人 are left out.
pub async fn candidates(db: &mut AnyConnection, units: &[&Unit], chief: Option<&UnitId>) -> Result<Vec<Candidate>, AppError> {
    let mut found = Vec::new();
    for unit in units {
        let people = organisations::users_of(db, &unit.id).await?.into_iter().filter(|user| user.roles.reviewer);
        found.extend(approval::of_unit(unit, people.map(|user| (user.id, user.name)).collect(), chief));
    }
    Ok(found)
}

/// Opens the step that waits for `candidate` and tells them.
pub async fn open(
    db: &mut AnyConnection,
    subject: &Subject,
    round: i64,
    candidate: &Candidate,
    submitter: &UserId,
    deed: &Deed,
    notice: &messages::Notice,
) -> Result<(), AppError> {
    open_with_note(db, subject, round, candidate, submitter, deed, notice, String::new()).await
}

/// Like [`open`], with what the submitter says to it.
#[expect(clippy::too_many_arguments, reason = "each is another fact of the step")]
pub async fn open_with_note(
    db: &mut AnyConnection,
    subject: &Subject,
    round: i64,
    candidate: &Candidate,
    submitter: &UserId,
    deed: &Deed,
    notice: &messages::Notice,
    note: String,
) -> Result<(), AppError> {
    let step = Step {
        id: new_id(deed.at)?,
        round,
        assignee: candidate.assignee.clone(),
        assignee_name: match &candidate.assignee {
            Assignee::Person(_) => format!("{} · {}", candidate.unit_name, candidate.name),
            Assignee::Institution(_) => candidate.name.clone(),
        },
        submitter: submitter.clone(),
        opened_at: deed.at,
        note,
        answered: None,
    };
    store::insert_step(db, subject, &step).await?;
    for user in addressed(db, &candidate.assignee, submitter).await? {
        messages::ask(db, &user, deed.at, notice, &step.id).await?;
    }
    Ok(())
}

/// The open step of a subject.
pub async fn open_step(db: &mut AnyConnection, subject: &Subject) -> Result<Option<Step>, AppError> {
    store::open_step(db, subject).await
}

/// Judges and stores a decision on the open step; the caller moves the status and opens the next step.
pub async fn answer(
    db: &mut AnyConnection,
    subject: &Subject,
    completes: bool,
    candidates: &[Candidate],
    decision: &Decision,
    deed: &Deed,
) -> Result<(Step, Outcome), AppError> {
    let step = store::open_step(db, subject).await?.ok_or_else(already_answered)?;
    let outcome = approval::decide(&step, &deed.by, completes, candidates, decision)?;
    let answer = if decision.agree { Answer::Agreed } else { Answer::Disagreed };
    if store::answer_step(db, &step.id, answer, decision.opinion.trim(), deed).await? {
        messages::close(db, &step.id, deed.at).await?;
        Ok((step, outcome))
    } else {
        Err(already_answered())
    }
}

fn already_answered() -> AppError {
    AppError::Conflict("这一步已经处理过了，请刷新页面查看最新状态".to_owned())
}

/// Ends the open step of a subject, if there is one, by 「撤回」.
pub async fn withdraw(db: &mut AnyConnection, subject: &Subject, reason: &str, deed: &Deed) -> Result<(), AppError> {
    let Some(step) = store::open_step(db, subject).await? else { return Ok(()) };
    if store::answer_step(db, &step.id, Answer::Withdrawn, reason, deed).await? {
        messages::close(db, &step.id, deed.at).await
    } else {
        Err(already_answered())
    }
}

/// Tells everyone who was asked in this round of a thing's approval, but not the person who acts.
pub async fn tell_asked(
    db: &mut AnyConnection,
    subject_id: &str,
    round: i64,
    deed: &Deed,
    notice: &messages::Notice,
) -> Result<(), AppError> {
    let mut asked = Vec::new();
    for step in store::steps(db, subject_id).await?.into_iter().filter(|step| step.round == round) {
        asked.extend(addressed(db, &step.assignee, &step.submitter).await?);
    }
    asked.sort();
    asked.dedup();
    for user in asked.iter().filter(|user| **user != deed.by.user) {
        messages::tell(db, user, deed.at, notice).await?;
    }
    Ok(())
}

/// Whom a step waits for: the person, or the 审核人 of the institution but the one who submitted.
async fn addressed(db: &mut AnyConnection, assignee: &Assignee, submitter: &UserId) -> Result<Vec<UserId>, AppError> {
    Ok(match assignee {
        Assignee::Person(user) => vec![user.clone()],
        Assignee::Institution(unit) => {
            let people = organisations::users_of(db, unit).await?;
            people.into_iter().filter(|user| user.roles.reviewer && user.id != *submitter).map(|user| user.id).collect()
        }
    })
}

/// Writes a line of 操作日志.
pub async fn remember(db: &mut AnyConnection, subject_id: &str, deed: &Deed, what: &str, detail: &str) -> Result<(), AppError> {
    let event = Event { at: deed.at, who: who(&deed.by), what: what.to_owned(), detail: detail.to_owned() };
    let id: crate::domain::ids::StepId = new_id(deed.at)?;
    Ok(store::insert_event(db, id.as_str(), subject_id, deed.at, Some(&deed.by.user), &event).await?)
}

/// Writes a line of 操作日志 for what the system did by itself.
pub async fn remember_system(db: &mut AnyConnection, subject_id: &str, at: Moment, what: &str, detail: &str) -> Result<(), AppError> {
    let event = Event { at, who: "系统".to_owned(), what: what.to_owned(), detail: detail.to_owned() };
    let id: crate::domain::ids::StepId = new_id(at)?;
    Ok(store::insert_event(db, id.as_str(), subject_id, at, None, &event).await?)
}

/// Writes the same line of 操作日志 for what the system did by itself to many things.
pub async fn remember_system_all(db: &mut AnyConnection, subjects: &[&str], at: Moment, what: &str) -> Result<(), AppError> {
    let event = Event { at, who: "系统".to_owned(), what: what.to_owned(), detail: String::new() };
    let line = |subject| Ok((new_id::<crate::domain::ids::StepId>(at)?.to_string(), subject));
    let lines: Vec<(String, &str)> = subjects.iter().map(|subject| line(*subject)).collect::<Result<_, AppError>>()?;
    Ok(store::insert_events(db, &lines, &event).await?)
}

/// The steps of many things, with the id of each, oldest first.
pub async fn steps_of(db: &mut AnyConnection, subjects: &[&str]) -> Result<Vec<(String, Step)>, AppError> {
    store::steps_of(db, subjects).await
}

/// Steps and 操作日志 of a thing.
pub async fn history(db: &mut AnyConnection, subject_id: &str) -> Result<History, AppError> {
    Ok(History { steps: store::steps(db, subject_id).await?, events: store::events(db, subject_id).await? })
}

/// Removes everything about a thing that is deleted.
pub async fn forget(db: &mut AnyConnection, subject_id: &str) -> Result<(), AppError> {
    Ok(store::forget(db, subject_id).await?)
}

/// What waits for this person's answer: kind ([`Subject::kind`]) and id of each subject.
pub async fn waiting_for(db: &mut AnyConnection, actor: &Actor) -> Result<Vec<(String, String)>, AppError> {
    if actor.roles.reviewer { store::waiting_for(db, &actor.user, &actor.unit).await } else { Ok(Vec::new()) }
}
