//! Keeping the templates: only the 系统管理员 does.

use super::super::store::templates::{self as store, Template};
use super::super::templates::api::{
    StoredTemplate, TemplateChange, TemplateForm, TemplateList, TemplateRow, TemplateSeen, TemplateVersion, TemplateVersionWhich,
    TemplateView, TemplateWhich,
};
use crate::domain::access::{self, Relation, may};
use crate::domain::announcement::template::draft::{Checked, Draft, Fault, beside, difference};
use crate::domain::announcement::template::scope::{Place, Scope};
use crate::domain::announcement::template::{OFFICIAL, Wording};
use crate::domain::calendar::{Moment, Year};
use crate::domain::ids::TemplateId;
use crate::error::AppError;
use crate::features::approvals::commands as approvals;
use crate::server::ids::new_id;
use crate::server::request::{Deed, Services};
use sqlx::AnyConnection;
use std::collections::HashMap;

fn allow(deed: &Deed) -> Result<(), AppError> {
    Ok(may(&deed.by, access::Deed::Administer, Relation::Other)?)
}

/// Everything that is wrong in the first field that has something wrong.
fn refusal(faults: &[Fault]) -> AppError {
    let Some(first) = faults.first() else { return AppError::BadRequest };
    let words: Vec<&str> = faults.iter().filter(|fault| fault.field == first.field).map(|fault| fault.message.as_str()).collect();
    AppError::field(first.field.code(), words.join("；"))
}

fn overtaken(stored: &Template) -> AppError {
    let (who, at) = (&stored.who, stored.at.local());
    AppError::Conflict(format!("模板已由{who}于 {at} 修改，您填写的内容仍在本页，请核对后再保存"))
}

async fn found(db: &mut AnyConnection, id: &TemplateId) -> Result<Template, AppError> {
    store::all(db).await?.into_iter().find(|template| template.id == *id).ok_or(AppError::NotFound)
}

async fn uses(db: &mut AnyConnection) -> Result<HashMap<String, i64>, AppError> {
    Ok(store::uses(db).await?.into_iter().collect())
}

/// Every template, the widest place first.
pub async fn list(services: &Services, deed: &Deed) -> Result<TemplateList, AppError> {
    allow(deed)?;
    let mut db = services.db.read().await?;
    let uses = uses(&mut db).await?;
    let mut templates = store::all(&mut db).await?;
    // Sorted here, because the engines collate differently.
    templates.sort_by(|one, other| {
        let key = |template: &Template| (template.checked.scope.place.clone(), template.checked.scope.from);
        key(one).cmp(&key(other))
    });
    let rows = templates.into_iter().map(|template| TemplateRow {
        used: uses.get(template.id.as_str()).copied().unwrap_or_default(),
        id: template.id,
        name: template.checked.name,
        scope: template.checked.scope,
        who: template.who,
        at: template.at,
        version: template.version,
    });
    Ok(TemplateList { rows: rows.collect(), now: deed.at })
}

fn drafted(checked: &Checked) -> Draft {
    Draft::of(&checked.name, &checked.scope, &checked.wording)
}

/// A template, or the official one.
pub async fn view(services: &Services, deed: &Deed, which: &TemplateWhich) -> Result<TemplateView, AppError> {
    allow(deed)?;
    let Some(id) = &which.id else {
        let scope = Scope { place: Place::default(), from: Year::FIRST, to: None };
        let draft = Draft::of(OFFICIAL, &scope, &Wording::official());
        return Ok(TemplateView { draft, versions: Vec::new(), used: 0, now: deed.at, version: 0 });
    };
    let mut db = services.db.read().await?;
    let template = found(&mut db, id).await?;
    let versions = store::versions(&mut db, id).await?.into_iter();
    Ok(TemplateView {
        draft: drafted(&template.checked),
        versions: versions.map(|kept| TemplateVersion { number: kept.version, who: kept.who, at: kept.at }).collect(),
        used: uses(&mut db).await?.get(id.as_str()).copied().unwrap_or_default(),
        now: deed.at,
        version: template.version,
    })
}

fn stored(id: TemplateId, version: i64, at: Moment) -> StoredTemplate {
    StoredTemplate { id, version, at }
}

/// Adds a template or changes one. The same asked again, because its answer was lost, is answered as done.
pub async fn save(services: &Services, deed: Deed, form: TemplateForm) -> Result<StoredTemplate, AppError> {
    allow(&deed)?;
    let checked = form.draft.check().map_err(|faults| refusal(&faults))?;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                store::take_turn(db).await?;
                let all = store::all(db).await?;
                let before = match &form.id {
                    Some(id) => Some(all.iter().find(|template| template.id == *id).ok_or(AppError::NotFound)?),
                    None => None,
                };
                let done = match before {
                    Some(before) => Some(before).filter(|before| before.version - 1 == form.version),
                    None => all.iter().find(|template| template.version == 1 && template.checked == checked),
                };
                if let Some(done) = done.filter(|done| done.checked == checked && done.who == deed.by.name) {
                    return Ok(stored(done.id.clone(), done.version, done.at));
                }
                if let Some(before) = before.filter(|before| before.version != form.version) {
                    return Err(overtaken(before));
                }
                let others = all.iter().map(|other| (&other.id, other.checked.name.as_str(), &other.checked.scope));
                if let Some(fault) = beside(&checked, form.id.as_ref(), others) {
                    return Err(refusal(&[fault]));
                }
                let template = Template {
                    id: form.id.clone().map_or_else(|| new_id(deed.at), Ok)?,
                    version: before.map_or(1, |before| before.version + 1),
                    who: deed.by.name.clone(),
                    at: deed.at,
                    checked,
                };
                let what = if let Some(before) = before {
                    if !store::update(db, &template).await? {
                        return Err(overtaken(before));
                    }
                    "修改公告模板"
                } else {
                    store::insert(db, &template).await?;
                    "添加公告模板"
                };
                let Scope { place, .. } = &template.checked.scope;
                let detail = format!("{}，第 {} 版，{place}，{}", template.checked.name, template.version, template.checked.scope.years());
                approvals::remember(db, template.id.as_str(), &deed, what, &detail).await?;
                Ok(stored(template.id, template.version, deed.at))
            })
        })
        .await
}

/// 「删除」: only of a template that no announcement took; another one is ended.
pub async fn delete(services: &Services, deed: Deed, seen: TemplateSeen) -> Result<(), AppError> {
    allow(&deed)?;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                store::take_turn(db).await?;
                let template = found(db, &seen.id).await?;
                if template.version != seen.version {
                    return Err(overtaken(&template));
                }
                let used = uses(db).await?.get(seen.id.as_str()).copied().unwrap_or_default();
                if used > 0 {
                    return Err(AppError::Conflict(format!(
                        "已有 {used} 份公告使用模板「{}」，不能删除；如不再使用，请填写「适用至」年度",
                        template.checked.name
                    )));
                }
                if !store::delete(db, &seen.id, seen.version).await? {
                    return Err(overtaken(&template));
                }
                approvals::remember(db, seen.id.as_str(), &deed, "删除公告模板", &template.checked.name).await
            })
        })
        .await
}

/// A version, and what it changed.
pub async fn change(services: &Services, deed: &Deed, which: &TemplateVersionWhich) -> Result<TemplateChange, AppError> {
    allow(deed)?;
    let mut db = services.db.read().await?;
    let versions = store::versions(&mut db, &which.id).await?;
    let of = |number: i64| versions.iter().find(|version| version.version == number);
    let this = of(which.number).ok_or(AppError::NotFound)?;
    let comparison = of(which.number - 1).map(|before| difference(&before.checked, &this.checked));
    Ok(TemplateChange { draft: drafted(&this.checked), comparison })
}
