//! Server functions of 份额标准.

use crate::domain::ids::ThresholdId;
use crate::domain::share::{Draft, Threshold};
use crate::error::AppError;
use crate::wire::Json;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the form of a threshold sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThresholdForm {
    /// The row that is changed; none adds one.
    pub id: Option<ThresholdId>,
    /// The version that the form was filled from; 0 when adding.
    pub version: i64,
    /// What was typed.
    pub draft: Draft,
}

/// Every threshold, for those who keep them.
#[server(prefix = "/api", endpoint = "thresholds", input = Json, output = Json)]
pub async fn thresholds() -> Result<Vec<Threshold>, AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::list(&services, &deed).await
}

/// Adds a threshold, or changes or ends one.
#[server(prefix = "/api", endpoint = "save_threshold", input = Json, output = Json)]
pub async fn save_threshold(input: ThresholdForm) -> Result<(), AppError> {
    let (services, deed) = crate::server::request::current()?;
    super::commands::save(&services, deed, input).await
}
