//! What a person does with a file of contracts, step by step; each step loads, decides, saves.

pub mod apply;
mod reading;
pub mod sheets;
mod sweep;
mod upload;
pub mod view;

pub use sweep::sweep;
pub use upload::open;

use super::api::{ColumnChoice, Import, ImportState, SeenImport, SheetChoice};
use super::store::{self, ImportRow};
use crate::domain::access::{Deed as Wish, Relation, may};
use crate::domain::contract::intake::Intake;
use crate::domain::ids::ImportId;
use crate::domain::sheet::{Assigned, Header};
use crate::error::AppError;
use crate::features::organisations::commands as organisations;
use crate::server::fault::{fault, file_fault};
use crate::server::request::{Deed, Services};
use crate::server::workbook::TableError;
use sqlx::AnyConnection;
use upload::{look, proposed};

/// The units whose rows this person may import.
async fn intake_of(db: &mut AnyConnection, deed: &Deed) -> Result<Intake, AppError> {
    let own = (deed.by.unit_name.clone(), deed.by.unit.clone());
    if !deed.by.in_supervisor || may(&deed.by, Wish::ImportContracts, Relation::Subordinate).is_err() {
        return Ok(Intake::new(own, None));
    }
    let units = organisations::supervised_by(db, &deed.by.unit).await?.into_iter();
    Ok(Intake::new(own, Some(units.map(|unit| (unit.name, unit.id)).collect())))
}

/// Whether the person may import at all.
pub fn may_import(deed: &Deed) -> Result<(), AppError> {
    Ok(may(&deed.by, Wish::ImportContracts, Relation::Own)?)
}

/// A person's own import, or one of their unit that was written; others do not exist for them.
async fn find(db: &mut AnyConnection, deed: &Deed, id: &ImportId) -> Result<ImportRow, AppError> {
    may_import(deed)?;
    let row = store::by_id(db, id).await?.ok_or(AppError::NotFound)?;
    // Who has moved to another unit since does not take the file along; what was written is the whole unit's to look at.
    let is_theirs = row.user == deed.by.user || row.import.state == ImportState::Applied;
    if is_theirs && row.unit == deed.by.unit { Ok(row) } else { Err(AppError::NotFound) }
}

async fn find_open(db: &mut AnyConnection, deed: &Deed, id: &ImportId, version: i64) -> Result<ImportRow, AppError> {
    let row = find(db, deed, id).await?;
    if row.import.state.is_open() && row.import.version == version { Ok(row) } else { Err(moved_on(row.import.state)) }
}

fn moved_on(state: ImportState) -> AppError {
    AppError::Conflict(match state {
        ImportState::Applied => "这个文件已经导入，不能再次操作".to_owned(),
        ImportState::Cancelled => "这次导入已经取消，请重新选择文件".to_owned(),
        ImportState::Expired => "这次导入已过期，请重新选择文件".to_owned(),
        _ => "这次导入已在别处继续，请刷新页面，核对后重新操作".to_owned(),
    })
}

/// Runs what waits for the disk where it may wait.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| fault(&error))
}

/// Takes another sheet of the file.
pub async fn choose_sheet(services: &Services, deed: Deed, choice: SheetChoice) -> Result<Import, AppError> {
    let row = find_open(&mut *services.db.read().await?, &deed, &choice.id, choice.version).await?;
    let file = services.uploads.read(choice.id.as_str()).map_err(|error| gone(&error))?;
    let look = services.uploads.turn().await?.look(file, move |file| look(file, choice.sheet));
    let looked = look.ended().await.map_err(|error| fault(&error))?.map_err(|error| match error {
        TableError::Io => fault(&error),
        error => AppError::field("sheet", error),
    })?;
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let names = store::names(db, &deed.by.unit).await?;
                let mut row = row;
                row.import.sheet = choice.sheet;
                row.import.columns = proposed(&looked.head, &names);
                row.import.head = looked.head;
                if !store::set_sheet(db, &row, deed.at).await? {
                    return Err(moved_on(ImportState::Columns));
                }
                store::clear(db, &row.import.id).await?;
                Ok(find(db, &deed, &choice.id).await?.import)
            })
        })
        .await
}

fn gone(error: &std::io::Error) -> AppError {
    match error.kind() {
        std::io::ErrorKind::NotFound => AppError::Conflict("上传的文件已不在服务器上，请取消后重新选择文件".to_owned()),
        _ => file_fault(error),
    }
}

/// Reads what the person has chosen for each column.
fn assigned(columns: &[String]) -> Result<Vec<Option<Assigned>>, AppError> {
    let one = |code: &String| if code.is_empty() { Ok(None) } else { Assigned::from_code(code).map(Some).ok_or(AppError::BadRequest) };
    columns.iter().map(one).collect()
}

/// Says what the columns are, and begins to read the rows.
pub async fn choose_columns(services: &Services, deed: Deed, choice: ColumnChoice) -> Result<Import, AppError> {
    let row = find_open(&mut *services.db.read().await?, &deed, &choice.id, choice.version).await?;
    let chosen = assigned(&choice.columns)?;
    if chosen.len() != row.import.head.cells.len() {
        return Err(AppError::BadRequest);
    }
    if let Err(findings) = Header::assigned(&row.import.head.cells, row.import.head.row, &chosen) {
        let errors = findings.iter().filter(|finding| finding.severity == crate::domain::sheet::Severity::Error);
        return Err(AppError::field("columns", errors.map(|finding| finding.message.as_str()).collect::<Vec<_>>().join("\n")));
    }
    reading::begin(services, &deed, row, choice.columns, "").await?;
    view::one(services, &deed, &choice.id).await
}

/// 「取消导入」: removes the file and what is staged. Asked again it is done already.
pub async fn cancel(services: &Services, deed: Deed, seen: SeenImport) -> Result<(), AppError> {
    let row = find(&mut *services.db.read().await?, &deed, &seen.id).await?;
    if row.import.state == ImportState::Cancelled {
        return Ok(());
    }
    may_cancel(&row.import, &seen)?;
    let id = seen.id.clone();
    let end = async |clears: bool| {
        let (deed, seen) = (deed.clone(), seen.clone());
        services.db.write(move |db| Box::pin(async move { end(db, &deed, &seen, clears).await })).await
    };
    match end(true).await {
        // The file makes room for the one row that says so; what is staged is left to the sweep.
        Err(AppError::StorageFull) => {
            services.uploads.remove(id.as_str()).await;
            end(false).await?;
        }
        ended => ended?,
    }
    services.uploads.remove(id.as_str()).await;
    Ok(())
}

fn may_cancel(import: &Import, seen: &SeenImport) -> Result<(), AppError> {
    // Whoever cancels a reading means it also where it has just come to its end.
    let has_just_ended =
        seen.version.checked_add(1) == Some(import.version) && matches!(import.state, ImportState::Read | ImportState::Failed);
    let is_seen = import.version == seen.version || has_just_ended;
    if import.state.is_open() && is_seen { Ok(()) } else { Err(moved_on(import.state)) }
}

async fn end(db: &mut AnyConnection, deed: &Deed, seen: &SeenImport, clears: bool) -> Result<(), AppError> {
    let import = find(db, deed, &seen.id).await?.import;
    may_cancel(&import, seen)?;
    if !store::end(db, &seen.id, import.version, ImportState::Cancelled, deed.at).await? {
        return Err(moved_on(import.state));
    }
    if clears {
        store::clear(db, &seen.id).await?;
        store::mark_cleared(db, &seen.id).await?;
    }
    Ok(())
}
