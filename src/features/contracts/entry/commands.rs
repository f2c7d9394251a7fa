//! What is done with one contract: load → decide (`domain`) → save → remember, in one transaction.

use super::super::store::own::{self, One};
use super::super::store::{self, Failed};
use super::api::{ContractAt, ContractForm, ContractKey, SavedContract};
use super::{ContractView, EmptyForm, Twin};
use crate::domain::access::{self, Deed as Wish, Relation};
use crate::domain::contract::{Contract, Source, is_own};
use crate::domain::ids::ContractId;
use crate::domain::sheet::{Column, Draft, differences};
use crate::domain::text;
use crate::error::AppError;
use crate::features::approvals::commands as approvals;
use crate::features::organisations::commands as organisations;
use crate::features::records::commands as records;
use crate::server::fault::is_duplicate;
use crate::server::ids::new_id;
use crate::server::request::{Deed, Services};
use sqlx::AnyConnection;

/// Loads a contract and checks that the person may do `wish` to it.
async fn find(db: &mut AnyConnection, deed: &Deed, id: &ContractId, wish: Wish) -> Result<(One, Relation), AppError> {
    let one = own::by_id(db, id).await?.ok_or(AppError::NotFound)?;
    let chief = organisations::supervisor_of(db, &one.unit).await?;
    let relation = Relation::of(&deed.by, &one.unit, chief.as_ref().map(|chief| &chief.id));
    access::may(&deed.by, wish, relation)?;
    Ok((one, relation))
}

/// Everything of one contract.
pub async fn view(services: &Services, deed: &Deed, id: &ContractId) -> Result<ContractView, AppError> {
    let db = &mut *services.db.read().await?;
    let (one, relation) = find(db, deed, id, Wish::ViewContract).await?;
    let role = access::may(&deed.by, Wish::WorkOnContract, relation).err();
    let locked = is_own(&one.contract).err().map(|reason| reason.to_string()).or_else(|| {
        role.map(|_| match relation {
            Relation::Own => "只有本单位经办可以修改或删除合同".to_owned(),
            _ => "这是下级单位的合同，只有该单位经办可以修改或删除".to_owned(),
        })
    });
    Ok(ContractView {
        basis: organisations::year_basis_of(db, &one.unit).await?,
        held: records::holding(db, &one.unit, id).await?,
        events: approvals::history(db, id.as_str()).await?.events,
        unit_name: one.contract.buyer_name.clone(),
        id: one.id,
        contract: one.contract,
        version: one.version,
        locked,
        now: deed.at,
    })
}

/// What an empty form begins with.
pub async fn empty(services: &Services, deed: &Deed) -> Result<EmptyForm, AppError> {
    access::may(&deed.by, Wish::WorkOnContract, Relation::Own)?;
    let db = &mut *services.db.read().await?;
    let unit = organisations::unit_by_id(db, &deed.by.unit).await?.ok_or(AppError::NotFound)?;
    Ok(EmptyForm { draft: Draft::own(&unit.name, &unit.uscc), basis: organisations::year_basis_of(db, &unit.id).await?, now: deed.at })
}

/// The contract of one's own unit that has this key already.
pub async fn twin(services: &Services, deed: &Deed, key: &ContractKey) -> Result<Option<Twin>, AppError> {
    access::may(&deed.by, Wish::WorkOnContract, Relation::Own)?;
    if key.contract_no.contains(text::is_unstorable) || key.lot.contains(text::is_unstorable) {
        return Ok(None);
    }
    let found = own::by_key(&mut *services.db.read().await?, &deed.by.unit, key.contract_no.trim(), key.lot.trim()).await?;
    let twin = found.filter(|one| key.except.as_ref() != Some(&one.id));
    Ok(twin.map(|one| Twin { id: one.id, project_name: one.contract.project_name, source: one.contract.source }))
}

/// Stores a contract of the person's unit: a new one, or over the version that was seen.
pub async fn save(services: &Services, deed: Deed, form: ContractForm) -> Result<SavedContract, AppError> {
    access::may(&deed.by, Wish::WorkOnContract, Relation::Own)?;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                match form.id {
                    None => insert(db, &deed, form.draft).await,
                    Some(id) => change(db, &deed, id, form.version, form.draft).await,
                }
            })
        })
        .await
}

/// The contract that the form says; refused at the first field in error.
fn read(mut draft: Draft, buyer_name: &str) -> Result<Contract, AppError> {
    draft.set(Column::BuyerName, buyer_name.to_owned());
    draft.set(Column::Source, Source::SelfEntered.label().to_owned());
    let reading = draft.read();
    if let Some((column, words)) = reading.errors().next() {
        return Err(AppError::field(column.alias(), words));
    }
    reading.contract.ok_or(AppError::BadRequest)
}

async fn insert(db: &mut AnyConnection, deed: &Deed, draft: Draft) -> Result<SavedContract, AppError> {
    let contract = read(draft, &deed.by.unit_name)?;
    refuse_twin(db, deed, &contract, None).await?;
    let id: ContractId = new_id(deed.at)?;
    let row = [(id.clone(), &deed.by.unit, &contract)];
    store::insert(db, &row, deed.at).await.map_err(|failed| taken(failed, &contract))?;
    approvals::remember(db, id.as_str(), deed, "录入合同", "").await?;
    Ok(SavedContract { id, version: 1 })
}

async fn change(db: &mut AnyConnection, deed: &Deed, id: ContractId, version: i64, draft: Draft) -> Result<SavedContract, AppError> {
    let (one, _) = find(db, deed, &id, Wish::WorkOnContract).await?;
    is_own(&one.contract).map_err(|reason| AppError::Forbidden(reason.to_string()))?;
    if one.version != version {
        return Err(overtaken());
    }
    let contract = read(draft, &one.contract.buyer_name)?;
    let differences = differences(&one.contract, &contract);
    if differences.is_empty() {
        return Ok(SavedContract { id, version });
    }
    refuse_twin(db, deed, &contract, Some(&id)).await?;
    if !own::rewrite(db, &one, &contract, deed.at).await.map_err(|failed| taken(failed, &contract))? {
        return Err(overtaken());
    }
    let or_empty = |text: String| if text.is_empty() { "（空）".to_owned() } else { text };
    let words =
        differences.into_iter().map(|(column, before, after)| format!("{}：{} → {}", column.name(), or_empty(before), or_empty(after)));
    approvals::remember(db, id.as_str(), deed, "修改合同", &words.collect::<Vec<_>>().join("；")).await?;
    Ok(SavedContract { id, version: version + 1 })
}

/// Deletes a contract of the person's unit at the version that was seen. 年度数据 that hold it keep their copy.
pub async fn delete(services: &Services, deed: Deed, at: ContractAt) -> Result<(), AppError> {
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let (one, _) = find(db, &deed, &at.id, Wish::WorkOnContract).await?;
                is_own(&one.contract).map_err(|reason| AppError::Forbidden(reason.to_string()))?;
                if !own::delete(db, &at.id, at.version).await? {
                    return Err(AppError::Conflict("该合同刚刚被他人修改，没有删除；请刷新页面查看最新内容后再决定".to_owned()));
                }
                let what = format!("{} {}", one.contract.contract_no, one.contract.project_name);
                approvals::remember(db, at.id.as_str(), &deed, "删除合同", &what).await
            })
        })
        .await
}

async fn refuse_twin(db: &mut AnyConnection, deed: &Deed, contract: &Contract, except: Option<&ContractId>) -> Result<(), AppError> {
    match own::by_key(db, &deed.by.unit, &contract.contract_no, &contract.lot).await? {
        Some(other) if Some(&other.id) != except => Err(same_key(contract)),
        _ => Ok(()),
    }
}

/// What a failed write means: most of all that another contract has taken the key in the same moment.
fn taken(failed: Failed, contract: &Contract) -> AppError {
    match failed {
        Failed::Database(error) if is_duplicate(&error) => same_key(contract),
        Failed::Database(error) => error.into(),
        Failed::App(error) => error,
    }
}

fn same_key(contract: &Contract) -> AppError {
    let lot = if contract.lot.is_empty() { "没有标项".to_owned() } else { format!("标项 {}", contract.lot) };
    AppError::field(
        Column::ContractNo.alias(),
        format!("本单位已有合同编号 {}、{lot}的合同；同一合同的不同标项请填写标项加以区分", contract.contract_no),
    )
}

fn overtaken() -> AppError {
    AppError::Conflict("该合同在您打开之后已被他人修改，您填写的内容仍在本页".to_owned())
}
