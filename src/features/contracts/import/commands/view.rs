//! What the pages of the import show.

use super::super::api::{ChangeQuery, FindingQuery, Findings, Import, ImportState, Imports, StagedRows};
use super::super::store;
use super::{find, intake_of, may_import, reading};
use crate::domain::ids::ImportId;
use crate::error::AppError;
use crate::server::request::{Deed, Services};

/// Imports of the unit that are listed.
const APPLIED: i64 = 10;
/// Findings a page.
const FINDINGS: u64 = 50;
/// Rows a page.
const ROWS: u64 = 50;

/// The imports of the person and their unit.
pub async fn list(services: &Services, deed: &Deed) -> Result<Imports, AppError> {
    may_import(deed)?;
    let db = &mut *services.db.read().await?;
    Ok(Imports {
        open: store::open_of(db, &deed.by.user).await?,
        applied: store::applied_by(db, &deed.by.unit, APPLIED).await?,
        unit_name: deed.by.unit_name.clone(),
        takes_subordinates: intake_of(db, deed).await?.takes_subordinates(),
    })
}

/// One import. A reading whose server has died is begun again.
pub async fn one(services: &Services, deed: &Deed, id: &ImportId) -> Result<Import, AppError> {
    let row = find(&mut *services.db.read().await?, deed, id).await?;
    if !reading::is_dead(services, &row.import, deed.at) {
        return Ok(row.import);
    }
    let (columns, import) = (row.import.columns.clone(), row.import.clone());
    match reading::begin(services, deed, row, columns, "").await {
        // Another look at the page was faster.
        Ok(()) | Err(AppError::Conflict(_)) => Ok(find(&mut *services.db.read().await?, deed, id).await?.import),
        // One can look, and cancel, also where nothing can be begun.
        Err(AppError::StorageFull) => Ok(Import { state: ImportState::Failed, problem: reading::FULL.to_owned(), ..import }),
        Err(AppError::Busy) => Ok(import),
        Err(error) => Err(error),
    }
}

/// A page of what was found.
pub async fn findings(services: &Services, deed: &Deed, query: &FindingQuery) -> Result<Findings, AppError> {
    let db = &mut *services.db.read().await?;
    find(db, deed, &query.id).await?;
    store::findings(db, &query.id, query.severity, query.page, FINDINGS).await
}

/// A page of what would change.
pub async fn changes(services: &Services, deed: &Deed, query: &ChangeQuery) -> Result<StagedRows, AppError> {
    let db = &mut *services.db.read().await?;
    find(db, deed, &query.id).await?;
    let names = intake_of(db, deed).await?.names();
    let (rows, total, page) = store::rows(db, &query.id, query.kind, query.page, ROWS).await?;
    let rows = rows
        .into_iter()
        .map(|(unit, mut row)| {
            row.buyer = names.get(&unit).cloned().unwrap_or_default();
            row
        })
        .collect();
    Ok(StagedRows { rows, total, page, size: ROWS })
}
