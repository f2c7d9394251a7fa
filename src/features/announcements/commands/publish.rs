//! Publication: what is frozen, at the approval or at the set time.

use super::super::seen::Attachment;
use super::super::store::{self, Row, publishing};
use super::correct;
use super::open::ChangeKind;
use super::published::{Frozen, PublicFile};
use super::{document, won};
use crate::domain::announcement::correction::Alterations;
use crate::domain::announcement::line::{AnnouncementLine, figures, shares};
use crate::domain::announcement::render::render_html;
use crate::domain::approval::{Assignee, Step};
use crate::domain::calendar::Moment;
use crate::domain::ids::{UnitId, UserId};
use crate::error::AppError;
use crate::features::approvals::commands as approvals;
use crate::features::organisations::commands as organisations;
use crate::server::fault::{fault, impossible};
use sqlx::AnyConnection;
use std::collections::HashMap;

/// What everyone will see of it from `at` on.
pub(super) fn frozen(
    row: &Row,
    lines: &[AnnouncementLine],
    files: Vec<Attachment>,
    alterations: Option<Alterations>,
    at: Moment,
) -> Result<publishing::Frozen, AppError> {
    let document = document(row)?.ok_or_else(|| impossible("announcements", row.id.as_str(), &"approved without a text"))?;
    let figures = figures(&row.unit_name, row.year, &row.remark, Some(at.day()), lines);
    let facts = Frozen {
        sme: figures.sme,
        small_micro: figures.small_micro,
        shares: shares(lines),
        files: files
            .into_iter()
            .filter(|file| file.is_shown)
            .map(|file| PublicFile { id: file.id, name: file.name, size: file.size })
            .collect(),
        alterations,
    };
    let facts = serde_json::to_string(&facts).map_err(|error| fault(&error))?;
    Ok(publishing::Frozen { html: render_html(&document, &figures), facts })
}

/// Freezes what everyone will see and makes the row published, exactly once. What it corrects is 已更正 by the same commit.
pub(super) async fn freeze(db: &mut AnyConnection, row: &Row, at: Moment) -> Result<(), AppError> {
    let lines = store::lines::of(db, &row.id).await?;
    let files = store::files::of(db, &row.id).await?;
    let corrected = correct::corrected(db, row).await?;
    let alterations = match &corrected {
        Some(corrected) => Some(correct::alterations(db, corrected, row, &lines).await?),
        None => None,
    };
    let frozen = frozen(row, &lines, files, alterations, at)?;
    let feed_no = store::numbers::next_publication(db).await?;
    won(publishing::publish(db, &[(row, &frozen, feed_no)], at).await?)?;
    store::changes::note(db, &[(feed_no, &row.id, ChangeKind::Published)], at).await?;
    match corrected {
        Some(corrected) => correct::supersede(db, &corrected, row, at).await,
        None => Ok(()),
    }
}

/// Who is told of what becomes of an announcement: the submitter and the approvers of the last round. Remembers the 审核人 of the units.
#[derive(Debug, Default)]
pub(super) struct Involved {
    reviewers: HashMap<UnitId, Vec<UserId>>,
}

impl Involved {
    /// Of this announcement, with its steps of every round.
    pub(super) async fn of(
        &mut self,
        db: &mut AnyConnection,
        row: &Row,
        steps: impl Iterator<Item = Step>,
    ) -> Result<Vec<UserId>, AppError> {
        let mut people: Vec<UserId> = row.submitted_by.iter().cloned().collect();
        for step in steps.filter(|step| step.round == row.round) {
            match step.assignee {
                Assignee::Person(user) => people.push(user),
                Assignee::Institution(unit) => people.extend(self.reviewers(db, unit).await?.iter().cloned()),
            }
        }
        people.sort();
        people.dedup();
        Ok(people)
    }

    async fn reviewers(&mut self, db: &mut AnyConnection, unit: UnitId) -> Result<&[UserId], AppError> {
        if !self.reviewers.contains_key(&unit) {
            let users = organisations::users_of(db, &unit).await?.into_iter().filter(|user| user.roles.reviewer).map(|user| user.id);
            self.reviewers.insert(unit.clone(), users.collect());
        }
        Ok(self.reviewers.get(&unit).map_or(&[], Vec::as_slice))
    }
}

/// The submitter and the approvers of the last round.
pub(super) async fn involved(db: &mut AnyConnection, row: &Row) -> Result<Vec<UserId>, AppError> {
    let steps = approvals::history(db, row.id.as_str()).await?.steps;
    Involved::default().of(db, row, steps.into_iter()).await
}
