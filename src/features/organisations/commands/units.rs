//! Adding, changing and moving units.

use super::super::api::UnitForm;
use super::super::store::{announcements_of, hold_tree, insert_unit, unit_by_id, units, update_unit};
use super::{check_admin, overtaken};
use crate::domain::calendar::Moment;
use crate::domain::contract::YearBasis;
use crate::domain::ids::UnitId;
use crate::domain::organisation::table::{NAME, UnitRow, UnitTable, read_units};
use crate::domain::organisation::{District, Unit, check_place};
use crate::domain::{text, uscc};
use crate::error::AppError;
use crate::features::approvals::commands as approvals;
use crate::server::fault::is_duplicate;
use crate::server::ids::new_id;
use crate::server::request::{Deed, Services};
use sqlx::AnyConnection;
use std::collections::HashMap;

/// Every unit, for the 系统管理 page.
pub async fn units_for_admin(services: &Services, deed: &Deed) -> Result<Vec<Unit>, AppError> {
    check_admin(deed)?;
    units(&mut *services.db.read().await?).await
}

/// Adds a unit, or changes and moves one.
pub async fn save_unit(services: &Services, deed: Deed, form: UnitForm) -> Result<(), AppError> {
    check_admin(&deed)?;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let (id, what) = match form.id.clone() {
                    None => (add(db, &form, deed.at).await?, "添加单位"),
                    Some(id) => (change(db, &id, &form).await?, "修改单位"),
                };
                approvals::remember(db, id.as_str(), &deed, what, form.name.trim()).await
            })
        })
        .await
}

/// Adds a unit, on behalf of the command line.
pub async fn create_unit(services: &Services, form: UnitForm, at: Moment) -> Result<UnitId, AppError> {
    services.db.write(move |db| Box::pin(async move { add(db, &form, at).await })).await
}

/// Makes `unit` what the form says.
fn fill(unit: &mut Unit, form: &UnitForm) -> Result<(), AppError> {
    unit.name = text::required("单位名称", &form.name, NAME).map_err(|error| AppError::field("name", error))?;
    unit.uscc = uscc::accept(&form.uscc).map_err(|error| AppError::field("uscc", error))?;
    unit.parent.clone_from(&form.parent);
    unit.is_supervisor = form.is_supervisor;
    unit.district = form.district;
    Ok(())
}

fn name_taken(error: sqlx::Error) -> AppError {
    if is_duplicate(&error) { AppError::field("name", "已有同名的单位，请核对") } else { error.into() }
}

async fn add(db: &mut AnyConnection, form: &UnitForm, at: Moment) -> Result<UnitId, AppError> {
    let mut unit = Unit {
        id: new_id(at)?,
        name: String::new(),
        uscc: String::new(),
        parent: None,
        is_supervisor: false,
        district: form.district,
        year_basis: YearBasis::Signed,
        version: 1,
    };
    fill(&mut unit, form)?;
    hold_tree(db).await?;
    check_place(&units(db).await?, None, unit.parent.as_ref()).map_err(|error| AppError::field("parent", error))?;
    insert_unit(db, &unit).await.map_err(name_taken)?;
    Ok(unit.id)
}

async fn change(db: &mut AnyConnection, id: &UnitId, form: &UnitForm) -> Result<UnitId, AppError> {
    hold_tree(db).await?;
    let mut unit = unit_by_id(db, id).await?.ok_or(AppError::NotFound)?;
    if unit.is_supervisor && !form.is_supervisor {
        let count = announcements_of(db, id).await?;
        if count > 0 {
            return Err(AppError::invalid(format!(
                "该单位有 {count} 份办理中或已发布的公告；不再是主管预算单位后，这些公告将无人能够办理、更正或撤销。请保留「主管预算单位」，下级单位可以移到其他主管预算单位之下"
            )));
        }
    }
    fill(&mut unit, form)?;
    check_place(&units(db).await?, Some(id), unit.parent.as_ref()).map_err(|error| AppError::field("parent", error))?;
    unit.version = form.version;
    if update_unit(db, &unit).await.map_err(name_taken)? { Ok(unit.id) } else { Err(overtaken("单位")) }
}

/// What an import of the tree did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UnitCounts {
    /// Units that were not there.
    pub added: usize,
    /// Units that were there and stood otherwise.
    pub updated: usize,
    /// Units that were there as they are.
    pub unchanged: usize,
}

/// Adds and changes units as a table says, all or none, on behalf of the command line.
///
/// The counts are `None` when the table was refused; its findings say why.
pub async fn import_units(services: &Services, rows: Vec<Vec<String>>, at: Moment) -> Result<(Option<UnitCounts>, UnitTable), AppError> {
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                hold_tree(db).await?;
                let known = units(db).await?;
                let table = read_units(rows.into_iter(), &known);
                let counts = if table.has_errors() { None } else { Some(store_table(db, known, &table.units, at).await?) };
                Ok((counts, table))
            })
        })
        .await
}

async fn store_table(db: &mut AnyConnection, known: Vec<Unit>, rows: &[UnitRow], at: Moment) -> Result<UnitCounts, AppError> {
    let mut counts = UnitCounts::default();
    let mut by_name: HashMap<String, Unit> = known.into_iter().map(|unit| (unit.name.clone(), unit)).collect();
    for row in rows {
        let above = by_name.get(&row.parent);
        let district = row.district.or_else(|| above.map(|unit| unit.district)).or_else(|| District::all().next());
        let wanted = Unit {
            id: new_id(at)?,
            name: row.name.clone(),
            uscc: row.uscc.clone(),
            parent: above.map(|unit| unit.id.clone()),
            is_supervisor: row.is_supervisor,
            district: district.ok_or(AppError::BadRequest)?,
            year_basis: YearBasis::Signed,
            version: 1,
        };
        let unit = match by_name.remove(&row.name) {
            None => {
                insert_unit(db, &wanted).await?;
                counts.added += 1;
                wanted
            }
            Some(stored) => {
                let wanted = Unit { id: stored.id.clone(), year_basis: stored.year_basis, version: stored.version, ..wanted };
                if wanted == stored {
                    counts.unchanged += 1;
                } else {
                    if !update_unit(db, &wanted).await? {
                        return Err(overtaken("单位"));
                    }
                    counts.updated += 1;
                }
                wanted
            }
        };
        by_name.insert(row.name.clone(), unit);
    }
    Ok(counts)
}
