//! Keeping the thresholds, and what records ask of them.

pub use super::store::all;

use super::api::ThresholdForm;
use super::store;
use crate::domain::access::{self, Relation, may};
use crate::domain::share::{Threshold, ThresholdRefused};
use crate::error::AppError;
use crate::features::approvals::commands as approvals;
use crate::server::ids::new_id;
use crate::server::request::{Deed, Services};

impl From<ThresholdRefused> for AppError {
    fn from(refused: ThresholdRefused) -> AppError {
        AppError::field(refused.field(), refused)
    }
}

/// Every threshold, by place, category, share and first day.
pub async fn list(services: &Services, deed: &Deed) -> Result<Vec<Threshold>, AppError> {
    may(&deed.by, access::Deed::Administer, Relation::Other)?;
    all(&mut *services.db.read().await?).await
}

/// Adds a threshold, or changes one; one that overlaps another is refused.
pub async fn save(services: &Services, deed: Deed, form: ThresholdForm) -> Result<(), AppError> {
    may(&deed.by, access::Deed::Administer, Relation::Other)?;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                store::take_turn(db).await?;
                let others = all(db).await?;
                let (id, what) = match &form.id {
                    None => (new_id(deed.at)?, "添加份额标准"),
                    Some(id) if others.iter().any(|other| other.id == *id) => (id.clone(), "修改份额标准"),
                    Some(_) => return Err(AppError::NotFound),
                };
                let threshold = form.draft.check(id, form.version, &others)?;
                if form.id.is_none() {
                    store::insert(db, &threshold).await?;
                } else if !store::update(db, &threshold).await? {
                    return Err(AppError::Conflict("该条已在别处修改，请刷新页面，核对后重新操作".to_owned()));
                }
                let Threshold { jurisdiction, category, kind, percent, from, to, .. } = &threshold;
                let until = to.map_or_else(|| "今".to_owned(), |to| to.to_string());
                let detail = format!("{jurisdiction} {} {} {percent}%，{from} 至{until}", category.label(), kind.label());
                approvals::remember(db, threshold.id.as_str(), &deed, what, &detail).await
            })
        })
        .await
}
