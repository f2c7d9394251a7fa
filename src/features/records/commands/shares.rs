//! The shares of a record's year, and the budgets that its contracts do not say (E10).

use super::super::api::shares::{BudgetInput, ShareView};
use super::super::store;
use super::{Found, find, find_editable};
use crate::domain::access::Deed as Wish;
use crate::domain::ids::RecordId;
use crate::domain::money::{Money, Unit};
use crate::domain::record::line::LineRules;
use crate::domain::share::projects::{Entered, Project, of_record};
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
    Ok(ShareView { shares, draft })
}

/// Enters the budget of a project of the record, or takes back what was entered.
pub async fn save_budget(services: &Services, deed: Deed, input: BudgetInput) -> Result<(), AppError> {
    let is_empty = input.budget.trim().is_empty();
    let budget =
        if is_empty { Money::ZERO } else { Money::parse_in(&input.budget, Unit::Wan).map_err(|error| AppError::field("budget", error))? };
    if !is_empty && budget == Money::ZERO {
        return Err(AppError::field("budget", "预算金额应大于 0"));
    }
    let cutover = services.settings.cutover;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let found = find_editable(db, &deed, &input.record).await?;
                let rules = found.rules(cutover);
                let all = projects(db, &found, &rules).await?;
                let project = all.iter().find(|project| project.key == input.project).ok_or(AppError::NotFound)?;
                let detail = if is_empty {
                    store::budgets::remove(db, &input.record, &project.key).await?;
                    format!("“{}”：收回", project.name)
                } else {
                    let is_for_small_micro = input.is_for_small_micro && project.is_manual;
                    let entered = Entered { budget, category: input.category, is_for_small_micro };
                    store::budgets::put(db, &input.record, &project.key, &entered).await?;
                    format!("“{}”：{} 万元，{}", project.name, budget.wan(), input.category.label())
                };
                approvals::remember(db, input.record.as_str(), &deed, "填写预算", &detail).await
            })
        })
        .await
}
