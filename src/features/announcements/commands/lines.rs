//! 「编辑」, 「删除」, 「恢复」 of lines of the announcement's own copy, one or many at once (C4).

use super::super::seen::{LineEdit, LineEdited, LinesEdit, LinesEdited, Saved};
use super::super::store::{self, Row, lines::Standing};
use super::{Asked, digest, find_open, versions, won};
use crate::domain::announcement::line::{AnnouncementLine, ChangeRefused, EditsRefused, LineChange, together};
use crate::domain::announcement::part::clashes;
use crate::error::AppError;
use crate::features::approvals::commands as approvals;
use crate::server::request::{Deed, Services};
use sqlx::AnyConnection;

/// The first thing that is wrong with a change of a line; the page has named all of them before it asked.
fn refusal(refused: &[ChangeRefused]) -> AppError {
    refused.first().map_or(AppError::BadRequest, |first| AppError::field(first.field(), first))
}

/// What 操作日志 calls a change.
const fn what(line: &AnnouncementLine, is_changed: bool) -> &'static str {
    match (line.is_removed, is_changed) {
        (true, _) => "删除明细行",
        (false, true) => "修改明细行",
        (false, false) => "恢复明细行",
    }
}

/// A line after a change that was made over what stood there at version `seen`.
fn changed(before: &Standing, change: &LineChange, reason: &str, seen: i64) -> Result<AnnouncementLine, AppError> {
    let line = before.line.changed(change, reason).map_err(|refused| refusal(&refused))?;
    if clashes(before.version, seen, before.line == line) {
        return Err(AppError::Conflict("这一行已在别处修改，请查看最新内容后再改".to_owned()));
    }
    Ok(line)
}

/// Moves the announcement's version and stores the changed lines under it.
async fn store_lines(db: &mut AnyConnection, row: &Row, lines: &[AnnouncementLine], digest: &str, deed: &Deed) -> Result<Saved, AppError> {
    versions::before_edit(db, row, deed).await?;
    won(store::touch(db, row, Some(digest), deed.at).await?)?;
    let saved = Saved { version: row.version + 1, at: deed.at };
    won(store::lines::update(db, &row.id, lines, saved.version).await?)?;
    Ok(saved)
}

/// A change of one line.
pub async fn change_line(services: &Services, deed: Deed, edit: LineEdit) -> Result<LineEdited, AppError> {
    let digest = digest(&deed, "line", &edit)?;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let asked = find_open(db, &deed, &edit.id, edit.version, &digest).await?;
                let (Asked::First(row) | Asked::Again(row)) = &asked;
                let before = store::lines::by_ids(db, &row.id, &[&edit.line]).await?.remove(&edit.line).ok_or(AppError::NotFound)?;
                if matches!(asked, Asked::Again(_)) {
                    return Ok(LineEdited { line: before.line, saved: Saved { version: row.version, at: deed.at } });
                }
                let line = changed(&before, &edit.change, &edit.reason, edit.version)?;
                let saved = store_lines(db, row, std::slice::from_ref(&line), &digest, &deed).await?;
                let name = &before.line.approved.project_name;
                let detail = if line.reason.is_empty() { name.clone() } else { format!("{name}：{}", line.reason) };
                approvals::remember(db, row.id.as_str(), &deed, what(&line, line.is_changed()), &detail).await?;
                Ok(LineEdited { line, saved })
            })
        })
        .await
}

/// Why changes of many lines are not taken together, as the person gets it.
fn not_together(refused: &EditsRefused) -> AppError {
    match refused {
        EditsRefused::Nothing | EditsRefused::TooMany(_) => AppError::field("edits", refused),
        // No value is wrong: the two changes contradict each other.
        EditsRefused::Twice => AppError::Conflict(refused.to_string()),
    }
}

/// A refusal of one of many lines, with its name.
fn of_line(name: &str, error: AppError) -> AppError {
    match error {
        AppError::InvalidField { field, message } if field != "reason" => AppError::field("edits", format!("“{name}”：{message}")),
        AppError::Conflict(words) => AppError::Conflict(format!("“{name}”：{words}")),
        other => other,
    }
}

/// Changes of many lines for one reason, such as a paste: all of them or none. What is refused is named with its line.
pub async fn change_lines(services: &Services, deed: Deed, edit: LinesEdit) -> Result<LinesEdited, AppError> {
    let digest = digest(&deed, "lines", &edit)?;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let asked = find_open(db, &deed, &edit.id, edit.version, &digest).await?;
                let (Asked::First(row) | Asked::Again(row)) = &asked;
                let ids: Vec<_> = edit.edits.iter().map(|one| &one.line).collect();
                together(ids.iter().copied()).map_err(|refused| not_together(&refused))?;
                let mut found = store::lines::by_ids(db, &row.id, &ids).await?;
                let is_again = matches!(asked, Asked::Again(_));
                let mut lines = Vec::with_capacity(edit.edits.len());
                for one in &edit.edits {
                    let before = found.remove(&one.line).ok_or(AppError::NotFound)?;
                    lines.push(if is_again {
                        before.line
                    } else {
                        changed(&before, &one.change, &edit.reason, edit.version)
                            .map_err(|error| of_line(&before.line.approved.project_name, error))?
                    });
                }
                if is_again {
                    return Ok(LinesEdited { lines, saved: Saved { version: row.version, at: deed.at } });
                }
                let saved = store_lines(db, row, &lines, &digest, &deed).await?;
                let detail = format!("{} 行：{}", lines.len(), edit.reason.trim());
                approvals::remember(db, row.id.as_str(), &deed, "修改明细行", &detail).await?;
                Ok(LinesEdited { lines, saved })
            })
        })
        .await
}
