//! Keeping the templates: only the 系统管理员 does.

use super::super::store::templates::{self as store, Heading, Template};
use super::super::templates::api::{
    StoredTemplate, TemplateChange, TemplateForm, TemplateList, TemplateRow, TemplateSeen, TemplateVersion, TemplateVersionWhich,
    TemplateView, TemplateWhich,
};
use crate::domain::access::{self, Relation, may};
use crate::domain::announcement::template::draft::{Checked, Draft, Fault, beside, difference};
use crate::domain::announcement::template::scope::{Place, Scope};
use crate::domain::announcement::template::taken::may_delete;
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
    store::by_id(db, id).await?.ok_or(AppError::NotFound)
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
        let key = |heading: &Heading| (heading.scope.place.clone(), heading.scope.from);
        key(one).cmp(&key(other))
    });
    let rows = templates.into_iter().map(|template| TemplateRow {
        used: uses.get(template.id.as_str()).copied().unwrap_or_default(),
        id: template.id,
        name: template.name,
        scope: template.scope,
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
        used: store::uses_of(&mut db, id).await?,
        now: deed.at,
        version: template.version,
    })
}

fn stored(id: TemplateId, version: i64, at: Moment) -> StoredTemplate {
    StoredTemplate { id, version, at }
}

/// A template of this name that nobody has changed since it was added.
async fn first_of(db: &mut AnyConnection, all: &[Heading], name: &str) -> Result<Option<Template>, AppError> {
    match all.iter().find(|heading| heading.name == name && heading.version == 1) {
        Some(heading) => store::by_id(db, &heading.id).await,
        None => Ok(None),
    }
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
                    Some(id) => Some(found(db, id).await?),
                    None => None,
                };
                let made = match &before {
                    Some(before) => Some(before.clone()).filter(|before| before.version - 1 == form.version),
                    None => first_of(db, &all, &checked.name).await?,
                };
                // By the person, and not by the name, which two people may have.
                if let Some(made) = made.filter(|made| made.checked == checked && made.by.as_ref() == Some(&deed.by.user)) {
                    return Ok(stored(made.id, made.version, made.at));
                }
                if let Some(before) = before.as_ref().filter(|before| before.version != form.version) {
                    return Err(overtaken(before));
                }
                let others = all.iter().map(|other| (&other.id, other.name.as_str(), &other.scope));
                if let Some(fault) = beside(&checked, form.id.as_ref(), others) {
                    return Err(refusal(&[fault]));
                }
                let template = Template {
                    id: form.id.clone().map_or_else(|| new_id(deed.at), Ok)?,
                    version: before.as_ref().map_or(1, |before| before.version + 1),
                    who: deed.by.name.clone(),
                    by: Some(deed.by.user.clone()),
                    at: deed.at,
                    checked,
                };
                let what = if let Some(before) = &before {
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
                // Whoever takes it at this moment holds it, and is counted.
                if !store::hold(db, &seen.id, seen.version).await? {
                    return Err(overtaken(&template));
                }
                let used = store::uses_of(db, &seen.id).await?;
                may_delete(&template.checked.name, used).map_err(|error| AppError::Conflict(error.to_string()))?;
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
