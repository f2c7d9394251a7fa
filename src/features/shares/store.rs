//! The SQL of `thresholds`.

use crate::domain::calendar::Day;
use crate::domain::contract::Category;
use crate::domain::ids::ThresholdId;
use crate::domain::money::Percent;
use crate::domain::share::{Kind, Threshold};
use crate::error::AppError;
use crate::server::fault::impossible;
use sqlx::AnyConnection;

type Stored = (String, String, String, String, i64, String, Option<String>, String, i64, i64);

fn threshold((id, jurisdiction, category, kind, percent, from, to, source, is_checked, version): Stored) -> Result<Threshold, AppError> {
    let wrong = |what: &dyn std::fmt::Display| impossible("thresholds", &id, what);
    Ok(Threshold {
        id: ThresholdId::parse(&id).map_err(|error| wrong(&error))?,
        category: Category::from_code(&category).ok_or_else(|| wrong(&"category"))?,
        kind: Kind::from_code(&kind).ok_or_else(|| wrong(&"kind"))?,
        percent: Percent::try_from(percent).map_err(|error| wrong(&error))?,
        from: Day::parse(&from).map_err(|error| wrong(&error))?,
        to: to.as_deref().map(Day::parse).transpose().map_err(|error| wrong(&error))?,
        is_checked: is_checked == 1,
        jurisdiction,
        source,
        version,
    })
}

/// Every threshold, by place, category, share and first day.
pub async fn all(db: &mut AnyConnection) -> Result<Vec<Threshold>, AppError> {
    let rows: Vec<Stored> = sqlx::query_as(
        "SELECT id, jurisdiction, category, kind, percent, valid_from, valid_to, source, is_checked, version FROM thresholds",
    )
    .fetch_all(db)
    .await?;
    let mut found: Vec<Threshold> = rows.into_iter().map(threshold).collect::<Result<_, _>>()?;
    // Sorted here, because the engines collate differently; the nation's rows come first.
    found.sort_by(|a, b| {
        let key = |each: &Threshold| {
            (each.jurisdiction != crate::domain::share::NATIONAL, each.jurisdiction.clone(), each.kind, each.category, each.from)
        };
        key(a).cmp(&key(b))
    });
    Ok(found)
}

/// Makes whoever else adds or changes a threshold wait until this transaction ends.
pub async fn take_turn(db: &mut AnyConnection) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE threshold_turns SET last = last + 1 WHERE id = 1").execute(db).await?;
    Ok(())
}

/// Inserts a threshold.
pub async fn insert(db: &mut AnyConnection, threshold: &Threshold) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO thresholds (id, jurisdiction, category, kind, percent, valid_from, valid_to, source, is_checked, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)",
    )
    .bind(threshold.id.as_str())
    .bind(&threshold.jurisdiction)
    .bind(threshold.category.code())
    .bind(threshold.kind.code())
    .bind(threshold.percent.scaled())
    .bind(threshold.from.to_string())
    .bind(threshold.to.map(|day| day.to_string()))
    .bind(&threshold.source)
    .bind(i64::from(threshold.is_checked))
    .execute(db)
    .await?;
    Ok(())
}

/// Writes a threshold over the version it was read at; `false` when someone was faster.
pub async fn update(db: &mut AnyConnection, threshold: &Threshold) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE thresholds SET jurisdiction = $1, category = $2, kind = $3, percent = $4, valid_from = $5, valid_to = $6, source = $7, is_checked = $8,
             version = version + 1 WHERE id = $9 AND version = $10",
    )
    .bind(&threshold.jurisdiction)
    .bind(threshold.category.code())
    .bind(threshold.kind.code())
    .bind(threshold.percent.scaled())
    .bind(threshold.from.to_string())
    .bind(threshold.to.map(|day| day.to_string()))
    .bind(&threshold.source)
    .bind(i64::from(threshold.is_checked))
    .bind(threshold.id.as_str())
    .bind(threshold.version)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
