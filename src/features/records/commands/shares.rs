//! The shares of a record's year, and the budgets that its contracts do not say (E10).

use super::super::api::shares::{BudgetInput, SavedBudget, ShareView};
use super::super::store;
use super::{Found, find, find_editable, won};
use crate::domain::access::Deed as Wish;
use crate::domain::ids::RecordId;
use crate::domain::record::Shift;
use crate::domain::record::line::LineRules;
use crate::domain::share::projects::{Entered, Project, of_record, read_budget};
use crate::domain::share::{draft, shares as computed};
use crate::error::AppError;
use crate::features::approvals::commands as approvals;
use crate::features::shares::commands as thresholds;
use crate::server::request::{Deed, Services};
use sqlx::AnyConnection;

async fn projects(db: &mut AnyConnection, found: &Found, rules: &LineRules) -> Result<Vec<Project>, AppError> {
    let id = &found.record.id;
    let lines = store::lines::of(db, id).await?;
    let left_out = store::lines::left_out(db, id).await?;
    let ids = store::held::contract_ids(db, id).await?;
    let entered = store::budgets::of(db, id).await?;
    Ok(of_record(&lines, &left_out, rules, &ids, &entered))
}

/// The shares, each held against the thresholds of the unit's district.
pub async fn shares(services: &Services, deed: &Deed, id: &RecordId) -> Result<ShareView, AppError> {
    let mut db = services.db.read().await?;
    let found = find(&mut db, deed, id, Wish::ViewRecord).await?;
    let rules = found.rules(services.settings.cutover);
    let projects = projects(&mut db, &found, &rules).await?;
    let shares = computed(&projects, &thresholds::all(&mut db).await?, found.unit.district.name());
    let draft = draft(rules.year.number(), &shares);
    let entered = projects.iter().filter(|project| project.entered.is_some()).map(Project::asked).collect();
    Ok(ShareView { shares, entered, draft })
}

/// Enters the budget of a project of the record, or takes back what was entered: over what was seen, and as a change of the record's content.
pub async fn save_budget(services: &Services, deed: Deed, input: BudgetInput) -> Result<SavedBudget, AppError> {
    let budget = read_budget(&input.budget).map_err(|error| AppError::field("budget", error))?;
    let cutover = services.settings.cutover;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let found = find_editable(db, &deed, &input.record).await?;
                let rules = found.rules(cutover);
                let all = projects(db, &found, &rules).await?;
                let project = all.iter().find(|project| project.key == input.project).ok_or(AppError::NotFound)?;
                let is_for_small_micro = input.is_for_small_micro && project.is_manual;
                let wanted = budget.map(|budget| Entered { budget, category: input.category, is_for_small_micro });
                let stored = store::budgets::of(db, &input.record).await?.remove(&project.key);
                let content_version_before = found.record.content_version;
                if stored == wanted {
                    // Asked again because the answer got lost, or a colleague has entered the same.
                    return Ok(SavedBudget { content_version_before, content_version: content_version_before });
                }
                if stored != input.seen {
                    return Err(overtaken(&project.name, stored.as_ref()));
                }
                let detail = match &wanted {
                    None => {
                        store::budgets::remove(db, &input.record, &project.key).await?;
                        format!("“{}”：收回", project.name)
                    }
                    Some(entered) => {
                        store::budgets::put(db, &input.record, &project.key, entered).await?;
                        format!("“{}”：{}", project.name, entered.words())
                    }
                };
                won(store::content_changed(db, &found.record, &Shift::default(), deed.at).await?)?;
                approvals::remember(db, input.record.as_str(), &deed, "填写预算", &detail).await?;
                Ok(SavedBudget { content_version_before, content_version: content_version_before + 1 })
            })
        })
        .await
}

fn overtaken(project: &str, stored: Option<&Entered>) -> AppError {
    let now = stored.map_or_else(|| "已收回".to_owned(), |stored| format!("已填写为 {}", stored.words()));
    AppError::Conflict(format!("“{project}”的预算{now}（由同事填写），您的内容没有保存，请核对"))
}
