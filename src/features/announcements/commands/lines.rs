//! 「编辑」, 「删除」, 「恢复」 of lines of the announcement's own copy, one or many at once (C4).

use super::super::seen::{LineEdit, LineEdited, LinesEdit, LinesEdited, Saved};
use super::super::store::{self, Row};
use super::{Asked, digest, find_open, versions, won};
use crate::domain::announcement::line::{AnnouncementLine, ChangeRefused, LineChange};
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
async fn changed(
    db: &mut AnyConnection,
    row: &Row,
    before: &AnnouncementLine,
    change: &LineChange,
    reason: &str,
    seen: i64,
) -> Result<AnnouncementLine, AppError> {
    let line = before.changed(change, reason).map_err(|refused| refusal(&refused))?;
    if clashes(store::parts::line_version(db, &row.id, &line.id).await?, seen, *before == line) {
        return Err(AppError::Conflict("这一行已在别处修改，请查看最新内容后再改".to_owned()));
    }
    Ok(line)
}

/// Stores a changed line; the announcement's version was moved in the same transaction.
async fn store_line(db: &mut AnyConnection, row: &Row, line: &AnnouncementLine) -> Result<(), AppError> {
    won(store::lines::update(db, &row.id, line).await?)?;
    Ok(store::parts::stamp_line(db, &row.id, &line.id, row.version + 1).await?)
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
                let before = store::lines::by_id(db, &row.id, &edit.line).await?.ok_or(AppError::NotFound)?;
                if matches!(asked, Asked::Again(_)) {
                    return Ok(LineEdited { line: before, saved: Saved { version: row.version, at: deed.at } });
                }
                let line = changed(db, row, &before, &edit.change, &edit.reason, edit.version).await?;
                versions::before_edit(db, row, &deed).await?;
                won(store::touch(db, row, Some(&digest), deed.at).await?)?;
                store_line(db, row, &line).await?;
                let detail = if line.reason.is_empty() {
                    before.approved.project_name.clone()
                } else {
                    format!("{}：{}", before.approved.project_name, line.reason)
                };
                approvals::remember(db, row.id.as_str(), &deed, what(&line, line.is_changed()), &detail).await?;
                Ok(LineEdited { line, saved: Saved { version: row.version + 1, at: deed.at } })
            })
        })
        .await
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
                if edit.edits.is_empty() {
                    return Err(AppError::field("edits", "没有要修改的内容"));
                }
                let is_again = matches!(asked, Asked::Again(_));
                let mut lines = Vec::with_capacity(edit.edits.len());
                for one in &edit.edits {
                    let before = store::lines::by_id(db, &row.id, &one.line).await?.ok_or(AppError::NotFound)?;
                    if is_again {
                        lines.push(before);
                        continue;
                    }
                    let name = &before.approved.project_name;
                    let line = changed(db, row, &before, &one.change, &edit.reason, edit.version).await.map_err(|error| match error {
                        AppError::InvalidField { field, message } if field != "reason" => {
                            AppError::field("edits", format!("“{name}”：{message}"))
                        }
                        AppError::Conflict(words) => AppError::Conflict(format!("“{name}”：{words}")),
                        other => other,
                    })?;
                    lines.push(line);
                }
                if is_again {
                    return Ok(LinesEdited { lines, saved: Saved { version: row.version, at: deed.at } });
                }
                versions::before_edit(db, row, &deed).await?;
                won(store::touch(db, row, Some(&digest), deed.at).await?)?;
                for line in &lines {
                    store_line(db, row, line).await?;
                }
                let detail = format!("{} 行：{}", lines.len(), edit.reason.trim());
                approvals::remember(db, row.id.as_str(), &deed, "修改明细行", &detail).await?;
                Ok(LinesEdited { lines, saved: Saved { version: row.version + 1, at: deed.at } })
            })
        })
        .await
}
