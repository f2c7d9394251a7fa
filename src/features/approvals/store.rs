//! The SQL of `approval_steps` and `events`.

use super::Event;
use super::commands::Subject;
use crate::domain::approval::{Answer, Answered, Assignee, Step};
use crate::domain::calendar::Moment;
use crate::domain::ids::{StepId, UnitId, UserId};
use crate::error::AppError;
use crate::server::db::places;
use crate::server::fault::impossible;
use crate::server::request::Deed;
use sqlx::{AnyConnection, AssertSqlSafe};

#[derive(sqlx::FromRow)]
struct StepRow {
    subject_id: String,
    id: String,
    round: i64,
    assignee_kind: String,
    assignee_id: String,
    assignee_name: String,
    submitter_id: String,
    note: String,
    opened_at: String,
    answer: Option<String>,
    opinion: String,
    answered_by_name: String,
    answered_at: Option<String>,
}

fn step(row: StepRow) -> Result<Step, AppError> {
    let wrong = |what: &dyn std::fmt::Display| impossible("approval_steps", &row.id, what);
    let assignee = match row.assignee_kind.as_str() {
        "person" => Assignee::Person(UserId::parse(&row.assignee_id).map_err(|error| wrong(&error))?),
        "institution" => Assignee::Institution(UnitId::parse(&row.assignee_id).map_err(|error| wrong(&error))?),
        _ => return Err(wrong(&"assignee_kind")),
    };
    let answered = match (&row.answer, &row.answered_at) {
        (None, None) => None,
        (Some(answer), Some(at)) => Some(Answered {
            answer: Answer::from_code(answer).ok_or_else(|| wrong(&"answer"))?,
            opinion: row.opinion.clone(),
            by: row.answered_by_name.clone(),
            at: Moment::parse(at).map_err(|error| wrong(&error))?,
        }),
        _ => return Err(wrong(&"answer without a time")),
    };
    Ok(Step {
        id: StepId::parse(&row.id).map_err(|error| wrong(&error))?,
        round: row.round,
        assignee,
        submitter: UserId::parse(&row.submitter_id).map_err(|error| wrong(&error))?,
        opened_at: Moment::parse(&row.opened_at).map_err(|error| wrong(&error))?,
        answered,
        note: row.note,
        assignee_name: row.assignee_name,
    })
}

/// The steps of a thing, of every round, oldest first; with those of its corrections.
pub async fn steps(db: &mut AnyConnection, subject_id: &str) -> Result<Vec<Step>, AppError> {
    let rows: Vec<StepRow> = sqlx::query_as(
        "SELECT subject_id, id, round, assignee_kind, assignee_id, assignee_name, submitter_id, note, opened_at, answer, opinion, answered_by_name, answered_at
         FROM approval_steps WHERE subject_id = $1 ORDER BY opened_at, id",
    )
    .bind(subject_id)
    .fetch_all(db)
    .await?;
    rows.into_iter().map(step).collect()
}

/// Subjects asked about in one statement.
const CHUNK: usize = 200;

/// The steps of many things, with the id of each, oldest first.
pub async fn steps_of(db: &mut AnyConnection, subjects: &[&str]) -> Result<Vec<(String, Step)>, AppError> {
    let mut found = Vec::new();
    for chunk in subjects.chunks(CHUNK) {
        let places = (1..=chunk.len()).map(|place| format!("${place}")).collect::<Vec<_>>().join(", ");
        let text = format!(
            "SELECT subject_id, id, round, assignee_kind, assignee_id, assignee_name, submitter_id, note, opened_at, answer, opinion, answered_by_name, answered_at
             FROM approval_steps WHERE subject_id IN ({places}) ORDER BY opened_at, id"
        );
        let mut query = sqlx::query_as(AssertSqlSafe(text));
        for subject in chunk {
            query = query.bind(*subject);
        }
        let rows: Vec<StepRow> = query.fetch_all(&mut *db).await?;
        for row in rows {
            found.push((row.subject_id.clone(), step(row)?));
        }
    }
    Ok(found)
}

/// The open step of a subject.
pub async fn open_step(db: &mut AnyConnection, subject: &Subject) -> Result<Option<Step>, AppError> {
    let row: Option<StepRow> = sqlx::query_as(
        "SELECT subject_id, id, round, assignee_kind, assignee_id, assignee_name, submitter_id, note, opened_at, answer, opinion, answered_by_name, answered_at
         FROM approval_steps WHERE subject_kind = $1 AND subject_id = $2 AND answer IS NULL",
    )
    .bind(subject.kind())
    .bind(subject.id())
    .fetch_optional(db)
    .await?;
    row.map(step).transpose()
}

/// Opens a step.
pub async fn insert_step(db: &mut AnyConnection, subject: &Subject, step: &Step) -> Result<(), sqlx::Error> {
    let (kind, id) = match &step.assignee {
        Assignee::Person(user) => ("person", user.as_str()),
        Assignee::Institution(unit) => ("institution", unit.as_str()),
    };
    sqlx::query(
        "INSERT INTO approval_steps (id, subject_kind, subject_id, round, assignee_kind, assignee_id, assignee_name, submitter_id, opened_at, note, answer, opinion, answered_by, answered_by_name, answered_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL, '', NULL, '', NULL)",
    )
    .bind(step.id.as_str())
    .bind(subject.kind())
    .bind(subject.id())
    .bind(step.round)
    .bind(kind)
    .bind(id)
    .bind(&step.assignee_name)
    .bind(step.submitter.as_str())
    .bind(step.opened_at.to_string())
    .bind(&step.note)
    .execute(db)
    .await?;
    Ok(())
}

/// Answers an open step; `false` when it was answered already.
pub async fn answer_step(db: &mut AnyConnection, id: &StepId, answer: Answer, opinion: &str, deed: &Deed) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("UPDATE approval_steps SET answer = $1, opinion = $2, answered_by = $3, answered_by_name = $4, answered_at = $5 WHERE id = $6 AND answer IS NULL")
        .bind(answer.code())
        .bind(opinion)
        .bind(deed.by.user.as_str())
        .bind(super::commands::who(&deed.by))
        .bind(deed.at.to_string())
        .bind(id.as_str())
        .execute(db)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes a line of 操作日志.
pub async fn insert_event(
    db: &mut AnyConnection,
    id: &str,
    subject_id: &str,
    at: Moment,
    user: Option<&UserId>,
    event: &Event,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO events (id, subject_id, at, user_id, who, what, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(id)
        .bind(subject_id)
        .bind(at.to_string())
        .bind(user.map(|user| user.as_str().to_owned()))
        .bind(&event.who)
        .bind(&event.what)
        .bind(&event.detail)
        .execute(db)
        .await?;
    Ok(())
}

/// Writes the same line of 操作日志, of what the system did by itself, for many things: id of the line, id of the thing.
pub async fn insert_events(db: &mut AnyConnection, lines: &[(String, &str)], event: &Event) -> Result<(), sqlx::Error> {
    for chunk in lines.chunks(CHUNK / 2) {
        let text = format!("INSERT INTO events (id, subject_id, at, who, what, detail) VALUES {}", places(chunk.len(), 6));
        let mut query = sqlx::query(AssertSqlSafe(text));
        for (id, subject) in chunk {
            query = query.bind(id).bind(*subject).bind(event.at.to_string()).bind(&event.who).bind(&event.what).bind(&event.detail);
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}

/// 操作日志 of a thing, newest first.
pub async fn events(db: &mut AnyConnection, subject_id: &str) -> Result<Vec<Event>, AppError> {
    let rows: Vec<(String, String, String, String)> =
        sqlx::query_as("SELECT at, who, what, detail FROM events WHERE subject_id = $1 ORDER BY at DESC, id DESC LIMIT 200")
            .bind(subject_id)
            .fetch_all(db)
            .await?;
    rows.into_iter()
        .map(|(at, who, what, detail)| {
            Ok(Event { at: Moment::parse(&at).map_err(|error| impossible("events", subject_id, &error))?, who, what, detail })
        })
        .collect()
}

/// Removes everything about a thing that is deleted.
pub async fn forget(db: &mut AnyConnection, subject_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM approval_steps WHERE subject_id = $1").bind(subject_id).execute(&mut *db).await?;
    sqlx::query("DELETE FROM events WHERE subject_id = $1").bind(subject_id).execute(db).await?;
    Ok(())
}

/// The open steps that wait for this person or for the 审核人 of their unit, without those of what they submitted: kind and id of the subject.
pub async fn waiting_for(db: &mut AnyConnection, user: &UserId, unit: &UnitId) -> Result<Vec<(String, String)>, AppError> {
    Ok(sqlx::query_as(
        "SELECT subject_kind, subject_id FROM approval_steps
         WHERE answer IS NULL AND submitter_id <> $1
           AND ((assignee_kind = 'person' AND assignee_id = $2) OR (assignee_kind = 'institution' AND assignee_id = $3))",
    )
    .bind(user.as_str())
    .bind(user.as_str())
    .bind(unit.as_str())
    .fetch_all(db)
    .await?)
}
