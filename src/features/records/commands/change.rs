//! Changing a record's lines, many at once in one transaction (A5, A6, E3).

use super::super::store;
use super::edit::describe;
use super::{Found, find_editable, lost_race, won};
use crate::domain::ids::{LineId, SaveId};
use crate::domain::record::Shift;
use crate::domain::record::change::{Change, MAX_CHANGES, Outcome, merge};
use crate::domain::record::line::{Line, LineRules};
use crate::error::AppError;
use crate::features::approvals::commands as approvals;
use crate::features::records::api::{ChangedLines, LineChanges};
use crate::server::request::{Deed, Services};
use sqlx::AnyConnection;
use std::collections::HashMap;

/// Makes the changes in their order; each has its own outcome, and all that is stored is stored together.
pub async fn change_lines(services: &Services, deed: Deed, input: LineChanges) -> Result<ChangedLines, AppError> {
    if input.changes.len() > MAX_CHANGES {
        return Err(AppError::invalid(format!("一次最多保存 {MAX_CHANGES} 行的修改")));
    }
    let cutover = services.settings.cutover;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let found = find_editable(db, &deed, &input.record).await?;
                let rules = found.rules(cutover);
                let ids: Vec<&LineId> = input.changes.iter().map(Change::line).collect();
                let mut work = Work {
                    now: store::lines::by_ids(db, &input.record, &ids).await?,
                    added: Vec::new(),
                    shifts: Vec::new(),
                    log: Vec::new(),
                };
                let strangers = store::lines::ids_of_other_records(db, &input.record, &ids).await?;
                let mut outcomes = Vec::new();
                for change in &input.changes {
                    let outcome =
                        if strangers.contains(change.line()) { Outcome::Gone } else { work.make(db, &found, &rules, change).await? };
                    outcomes.push(outcome);
                }
                let (content_version_before, content_version) = work.finish(db, &found, input.save.as_ref(), &deed).await?;
                Ok(ChangedLines { outcomes, content_version_before, content_version, at: deed.at })
            })
        })
        .await
}

/// The lines in the middle of the changes.
struct Work {
    /// The lines that are concerned, as they stand by now.
    now: HashMap<LineId, Line>,
    /// Lines to be inserted, each with the one that follows it; at the end where none does.
    added: Vec<(LineId, Option<LineId>)>,
    shifts: Vec<Shift>,
    log: Vec<(&'static str, String)>,
}

impl Work {
    async fn make(&mut self, db: &mut AnyConnection, found: &Found, rules: &LineRules, change: &Change) -> Result<Outcome, AppError> {
        let record = &found.record.id;
        match change {
            Change::Add { line: id, cells, ahead_of } => {
                if let Some(there) = self.now.get(id) {
                    // Sent again: it is there.
                    return Ok(Outcome::done(there));
                }
                let mut line = Line::manual(id.clone());
                for (cell, text) in cells {
                    match line.with(*cell, text, rules) {
                        Ok(typed) => line = typed,
                        Err(refused) => return Ok(Outcome::Refused { cell: Some(*cell), message: refused.to_string() }),
                    }
                }
                self.shifts.push(Shift::between(None, Some(&line), rules));
                let name = line.review(rules).project_name;
                // A line that is still empty has nothing to say.
                if !name.is_empty() {
                    self.log.push(("手动录入", name));
                }
                self.added.push((id.clone(), ahead_of.clone()));
                let done = Outcome::done(&Line { version: 1, ..line.clone() });
                self.now.insert(id.clone(), line);
                Ok(done)
            }
            Change::Edit { line: id, cells } => {
                let Some(before) = self.now.get(id).cloned() else { return Ok(Outcome::Gone) };
                let merged = match merge(&before, cells, rules) {
                    Ok(merged) => merged,
                    Err((cell, refused)) => return Ok(Outcome::Refused { cell: Some(cell), message: refused.to_string() }),
                };
                let mut line = merged.line;
                if line != before && !self.added.iter().any(|(added, _)| added == id) {
                    won(store::lines::update(db, record, &line).await?)?;
                    line.version += 1;
                }
                if line.overrides != before.overrides || line.reason != before.reason {
                    self.shifts.push(Shift::between(Some(&before), Some(&line), rules));
                    let words = describe(&before, &line, rules);
                    if !words.is_empty() {
                        self.log.push(("修改明细", words));
                    }
                    self.now.insert(id.clone(), line.clone());
                }
                Ok(if merged.rivals.is_empty() {
                    Outcome::done(&line)
                } else {
                    Outcome::Rival { line: Box::new(line), cells: merged.rivals }
                })
            }
            Change::Remove { line: id } => {
                let Some(line) = self.now.remove(id) else { return Ok(Outcome::GONE_AS_ASKED) };
                if let Err(refused) = line.may_delete() {
                    self.now.insert(id.clone(), line);
                    return Ok(Outcome::Refused { cell: None, message: refused.to_string() });
                }
                match self.added.iter().position(|(added, _)| added == id) {
                    Some(at) => _ = self.added.remove(at),
                    None => won(store::lines::delete(db, record, &line).await?.is_some())?,
                }
                self.shifts.push(Shift::between(Some(&line), None, rules));
                self.log.push(("删除手动录入的行", line.review(rules).project_name));
                Ok(Outcome::GONE_AS_ASKED)
            }
        }
    }

    /// Stores the new lines, the sums and the words of the log; gives the version of the content that the save found, and that of now.
    async fn finish(mut self, db: &mut AnyConnection, found: &Found, save: Option<&SaveId>, deed: &Deed) -> Result<(i64, i64), AppError> {
        let now = found.record.content_version;
        let save = save.map(|save| (&deed.by.user, save));
        if self.shifts.is_empty() {
            // Sent again it finds everything done, perhaps by itself.
            return Ok((store::found_by(db, &found.record.id, save).await?.unwrap_or(now), now));
        }
        // Lines that come back to their places one by one, since each moves what follows it; others together.
        let placed = |added: &(LineId, Option<LineId>)| added.1.is_some();
        for part in self.added.chunk_by(|a, b| !placed(a) && !placed(b)) {
            let position = match part {
                [(_, Some(next))] => store::lines::make_room(db, &found.record.id, next).await?,
                _ => None,
            };
            let position = match position {
                Some(position) => position,
                None => store::lines::next_position(db, &found.record.id).await?,
            };
            let lines: Vec<_> = part.iter().filter_map(|(id, _)| self.now.remove(id)).map(|line| (line, None)).collect();
            store::lines::insert(db, &found.record.id, &lines, position).await?;
        }
        let shift = self.shifts.into_iter().sum();
        let before = store::content_saved(db, &found.record, &shift, save, deed.at).await?.ok_or_else(lost_race)?;
        let record = found.record.id.as_str();
        match &self.log[..] {
            [] => {}
            [(what, words)] => approvals::remember(db, record, deed, what, words).await?,
            many => approvals::remember(db, record, deed, "批量修改明细", &summed_up(many)).await?,
        }
        Ok((before, now + 1))
    }
}

/// Words for 操作日志: how many lines were changed in which way, and the first of them.
fn summed_up(log: &[(&'static str, String)]) -> String {
    const SHOWN: usize = 3;
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for (what, _) in log {
        match counts.iter_mut().find(|(other, _)| other == what) {
            Some((_, count)) => *count += 1,
            None => counts.push((what, 1)),
        }
    }
    let counts: Vec<String> = counts.iter().map(|(what, count)| format!("{what} {count} 行")).collect();
    let first: Vec<&str> = log.iter().map(|(_, words)| words.as_str()).filter(|words| !words.is_empty()).take(SHOWN).collect();
    let more = if log.len() > SHOWN { "…" } else { "" };
    format!("{}：{}{more}", counts.join("，"), first.join("；"))
}
