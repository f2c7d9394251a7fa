//! The SQL of `record_budgets`.

use crate::domain::contract::Category;
use crate::domain::ids::RecordId;
use crate::domain::money::Money;
use crate::domain::share::projects::Entered;
use crate::error::AppError;
use crate::server::fault::impossible;
use sqlx::AnyConnection;
use std::collections::BTreeMap;

/// What was entered of a record's projects, by project.
pub async fn of(db: &mut AnyConnection, record: &RecordId) -> Result<BTreeMap<String, Entered>, AppError> {
    let rows: Vec<(String, i64, String, i64)> =
        sqlx::query_as("SELECT project, budget_fen, category, is_small_micro FROM record_budgets WHERE record_id = $1")
            .bind(record.as_str())
            .fetch_all(db)
            .await?;
    rows.into_iter()
        .map(|(project, fen, category, is_small_micro)| {
            let category = Category::from_code(&category).ok_or_else(|| impossible("record_budgets", &project, &"category"))?;
            Ok((project, Entered { budget: Money::from_fen(fen), category, is_for_small_micro: is_small_micro == 1 }))
        })
        .collect()
}

/// Writes what was entered of a project.
pub async fn put(db: &mut AnyConnection, record: &RecordId, project: &str, entered: &Entered) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO record_budgets (record_id, project, budget_fen, category, is_small_micro) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (record_id, project) DO UPDATE SET budget_fen = excluded.budget_fen, category = excluded.category, is_small_micro = excluded.is_small_micro",
    )
    .bind(record.as_str())
    .bind(project)
    .bind(entered.budget.fen())
    .bind(entered.category.code())
    .bind(i64::from(entered.is_for_small_micro))
    .execute(db)
    .await?;
    Ok(())
}

/// Takes back what was entered of a project.
pub async fn remove(db: &mut AnyConnection, record: &RecordId, project: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM record_budgets WHERE record_id = $1 AND project = $2").bind(record.as_str()).bind(project).execute(db).await?;
    Ok(())
}
