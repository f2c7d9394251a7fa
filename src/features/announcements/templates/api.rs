//! Server functions of 公告模板.

use crate::domain::announcement::template::draft::Draft;
use crate::domain::announcement::template::scope::Scope;
use crate::domain::announcement::version::compare::Comparison;
use crate::domain::calendar::Moment;
use crate::domain::ids::{AnnouncementId, TemplateId};
use crate::error::AppError;
use crate::features::announcements::seen::Saved;
use crate::wire::Json;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A template in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateRow {
    /// Identity.
    pub id: TemplateId,
    /// 模板名称.
    pub name: String,
    /// Where and for which years.
    pub scope: Scope,
    /// How many announcements took it.
    pub used: i64,
    /// Who changed it last.
    pub who: String,
    /// When.
    pub at: Moment,
    /// Counts changes.
    pub version: i64,
}

/// The templates that are kept; the official one is always there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateList {
    /// The widest place first, then by year.
    pub rows: Vec<TemplateRow>,
    /// When this was read.
    pub now: Moment,
}

/// Names a template; none is the official one.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateWhich {
    /// Identity.
    pub id: Option<TemplateId>,
}

/// A version of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateVersion {
    /// Counted from 1.
    pub number: i64,
    /// Who made it.
    pub who: String,
    /// When.
    pub at: Moment,
}

/// A template as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateView {
    /// The form filled with it.
    pub draft: Draft,
    /// Its versions, newest first; none of the official one.
    pub versions: Vec<TemplateVersion>,
    /// How many announcements took it.
    pub used: i64,
    /// When this was read.
    pub now: Moment,
    /// Counts changes; 0 of the official one.
    pub version: i64,
}

/// What the form of a template sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateForm {
    /// The template that is changed; none adds one.
    pub id: Option<TemplateId>,
    /// The version that the form was filled from; 0 when adding.
    pub version: i64,
    /// What was typed.
    pub draft: Draft,
}

/// That a template is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredTemplate {
    /// Identity.
    pub id: TemplateId,
    /// From now on.
    pub version: i64,
    /// When.
    pub at: Moment,
}

/// Names one template as the person saw it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateSeen {
    /// Identity.
    pub id: TemplateId,
    /// The version that was seen.
    pub version: i64,
}

/// Asks what a version changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateVersionWhich {
    /// The template.
    pub id: TemplateId,
    /// Its version.
    pub number: i64,
}

/// A version, and what it changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateChange {
    /// The form as it was.
    pub draft: Draft,
    /// What differs from the version before; nothing of the first one.
    pub comparison: Option<Comparison>,
}

/// 「套用新模板」 of an announcement.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateChoice {
    /// The announcement.
    pub id: AnnouncementId,
    /// The version of the announcement that was seen.
    pub version: i64,
    /// The template that was offered; none is the official one.
    pub template: Option<TemplateId>,
    /// Its version.
    pub number: i64,
}

/// The templates, for those who keep them.
#[server(prefix = "/api", endpoint = "notice_templates", input = Json, output = Json)]
pub async fn notice_templates() -> Result<TemplateList, AppError> {
    let (services, deed) = crate::server::request::current()?;
    crate::features::announcements::commands::templates::list(&services, &deed).await
}

/// A template, or the official one.
#[server(prefix = "/api", endpoint = "notice_template", input = Json, output = Json)]
pub async fn notice_template(input: TemplateWhich) -> Result<TemplateView, AppError> {
    let (services, deed) = crate::server::request::current()?;
    crate::features::announcements::commands::templates::view(&services, &deed, &input).await
}

/// Adds a template or changes one.
#[server(prefix = "/api", endpoint = "save_notice_template", input = Json, output = Json)]
pub async fn save_notice_template(input: TemplateForm) -> Result<StoredTemplate, AppError> {
    let (services, deed) = crate::server::request::current()?;
    crate::features::announcements::commands::templates::save(&services, deed, input).await
}

/// 「删除」 of a template that no announcement took.
#[server(prefix = "/api", endpoint = "delete_notice_template", input = Json, output = Json)]
pub async fn delete_notice_template(input: TemplateSeen) -> Result<(), AppError> {
    let (services, deed) = crate::server::request::current()?;
    crate::features::announcements::commands::templates::delete(&services, deed, input).await
}

/// A version of a template, and what it changed.
#[server(prefix = "/api", endpoint = "notice_template_change", input = Json, output = Json)]
pub async fn notice_template_change(input: TemplateVersionWhich) -> Result<TemplateChange, AppError> {
    let (services, deed) = crate::server::request::current()?;
    crate::features::announcements::commands::templates::change(&services, &deed, &input).await
}

/// 「套用新模板」 of an announcement.
#[server(prefix = "/api", endpoint = "apply_notice_template", input = Json, output = Json)]
pub async fn apply_notice_template(input: TemplateChoice) -> Result<Saved, AppError> {
    let (services, deed) = crate::server::request::current()?;
    crate::features::announcements::commands::wording::apply(&services, deed, input).await
}
