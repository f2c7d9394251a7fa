//! What a person does with a file of contracts, step by step; each step loads, decides, saves.

pub mod apply;
mod reading;
pub mod sheets;
mod sweep;
pub mod view;

pub use sweep::sweep;

use super::api::{ColumnChoice, Counts, Head, Import, ImportState, SeenImport, SheetChoice};
use super::store::{self, ImportRow};
use crate::domain::access::{Deed as Wish, Relation, may};
use crate::domain::ids::{ImportId, UnitId};
use crate::domain::sheet::{Assigned, HEADER_WITHIN, Header, find_header};
use crate::error::AppError;
use crate::features::approvals::commands as approvals;
use crate::features::organisations::commands as organisations;
use crate::server::fault::{fault, file_fault};
use crate::server::ids::new_id;
use crate::server::request::{Deed, Services};
use crate::server::uploads::Incoming;
use crate::server::workbook::{MAX_BYTES, TableError, TableFile};
use axum::body::Bytes;
use axum::extract::Request;
use futures::StreamExt as _;
use sqlx::AnyConnection;
use std::collections::HashMap;

/// Imports that one person may have under way; each keeps a file and its rows.
const OPEN: usize = 5;
/// Rows that are shown below the header.
const SAMPLES: usize = 4;
/// Most characters of a sample and of a column's name.
const SAMPLE: usize = 60;
/// Most characters of a file's name.
const NAME: usize = 200;

/// The units whose rows a person may import, by name: whether each is their own.
#[derive(Clone, Debug)]
pub(super) struct Takes {
    pub(super) units: HashMap<String, (UnitId, bool)>,
    pub(super) own: String,
    pub(super) is_chief: bool,
}

impl Takes {
    async fn of(db: &mut AnyConnection, deed: &Deed) -> Result<Takes, AppError> {
        let mut units = HashMap::from([(deed.by.unit_name.clone(), (deed.by.unit.clone(), true))]);
        let is_chief = deed.by.in_supervisor && may(&deed.by, Wish::ImportContracts, Relation::Subordinate).is_ok();
        if is_chief {
            for unit in organisations::supervised_by(db, &deed.by.unit).await? {
                let is_own = unit.id == deed.by.unit;
                units.insert(unit.name, (unit.id, is_own));
            }
        }
        Ok(Takes { units, own: deed.by.unit_name.clone(), is_chief })
    }

    fn names(&self) -> HashMap<UnitId, String> {
        self.units.iter().map(|(name, (id, _))| (id.clone(), name.clone())).collect()
    }
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

fn refused(error: &TableError) -> AppError {
    match error {
        TableError::TooManyBytes => AppError::TooLarge(error.to_string()),
        TableError::Io => fault(error),
        _ => AppError::field("file", error),
    }
}

/// Runs what waits for the disk where it may wait.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| fault(&error))
}

/// What a file is: its kind, its sheets, and the header of the sheet.
struct Looked {
    kind: String,
    sheets: Vec<String>,
    head: Head,
}

fn look(file: std::fs::File, sheet: usize) -> Result<Looked, TableError> {
    let mut table = TableFile::open(file)?;
    let rows = table.first_rows(sheet, HEADER_WITHIN + SAMPLES)?;
    let short = |cell: &String| cell.trim().chars().take(SAMPLE).collect::<String>();
    let at = find_header(rows.iter().map(|(_, cells)| cells.as_slice()));
    let head = match at.and_then(|at| rows.get(at).map(|(row, cells)| (at, *row, cells))) {
        None => Head::default(),
        Some((at, row, cells)) => Head {
            row,
            cells: cells.iter().map(short).collect(),
            samples: rows.iter().skip(at + 1).take(SAMPLES).map(|(_, cells)| cells.iter().map(short).collect()).collect(),
        },
    };
    Ok(Looked { kind: table.kind().to_owned(), sheets: table.sheets(), head })
}

/// What each column is probably read as: what the unit has said before, else what the name says; nothing twice.
fn proposed(head: &Head, names: &HashMap<String, String>) -> Vec<String> {
    let mut taken = Vec::new();
    let mut propose = |assigned: Option<Assigned>| match assigned.filter(|assigned| !taken.contains(&assigned.column)) {
        Some(assigned) => {
            taken.push(assigned.column);
            assigned.code()
        }
        None => String::new(),
    };
    head.cells
        .iter()
        .map(|cell| propose(names.get(cell).and_then(|code| Assigned::from_code(code)).or_else(|| Assigned::propose(cell))))
        .collect()
}

/// Takes an upload in: writes it as it comes, looks at it, and proposes its columns.
pub async fn open(services: &Services, deed: Deed, name: &str, request: Request) -> Result<Import, AppError> {
    may_import(&deed)?;
    let open = store::open_of(&mut *services.db.read().await?, &deed.by.user).await?.len();
    if open >= OPEN {
        // Read to its end, so that the answer arrives and not a broken line.
        let mut body = request.into_body().into_data_stream();
        let mut size = 0;
        while let Some(Ok(piece)) = body.next().await {
            size += piece.len() as u64;
            if size > MAX_BYTES {
                break;
            }
        }
        return Err(AppError::Conflict(format!("您有 {open} 个文件尚未导入完，请先完成或取消其中一个")));
    }
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    let name: String = name.chars().filter(|c| !crate::domain::text::is_invisible(*c)).take(NAME).collect();
    let id: ImportId = new_id(deed.at)?;
    let taken = take_in(services, &deed, id.clone(), name, request).await;
    // A commit whose answer is lost may stand all the same; then the sweep decides.
    if matches!(&taken, Err(error) if !matches!(error, AppError::Busy | AppError::Internal(_))) {
        services.uploads.remove(id.as_str()).await;
    }
    taken
}

async fn take_in(services: &Services, deed: &Deed, id: ImportId, name: String, request: Request) -> Result<Import, AppError> {
    let file = services.uploads.begin(id.as_str()).await?;
    let size = written(file, request).await?;
    if size == 0 {
        return Err(refused(&TableError::Empty));
    }
    let file = services.uploads.read(id.as_str()).map_err(|error| file_fault(&error))?;
    let turn = services.uploads.turn().await?;
    let looked = aside(move || look(file, 0)).await?.map_err(|error| refused(&error))?;
    drop(turn);
    if looked.head.cells.is_empty() && looked.sheets.len() < 2 {
        return Err(refused(&TableError::Empty));
    }
    let deed = deed.clone();
    let import = services.db.write(move |db| {
        Box::pin(async move {
            let names = store::names(db, &deed.by.unit).await?;
            let import = Import {
                id,
                file_name: if name.is_empty() { "未命名文件".to_owned() } else { name },
                file_kind: looked.kind,
                file_size: i64::try_from(size).unwrap_or(i64::MAX),
                state: ImportState::Columns,
                problem: String::new(),
                progress: 0,
                counts: Counts::default(),
                sheets: looked.sheets,
                sheet: 0,
                columns: proposed(&looked.head, &names),
                head: looked.head,
                who: approvals::who(&deed.by),
                created_at: deed.at,
                touched_at: deed.at,
                version: 1,
                is_cleared: false,
            };
            let row = ImportRow { import, user: deed.by.user, unit: deed.by.unit, run: 0 };
            store::insert(db, &row).await?;
            Ok(row.import)
        })
    });
    import.await
}

/// Writes the body as it comes, and no byte more than is allowed.
async fn written(mut file: Incoming, request: Request) -> Result<u64, AppError> {
    let mut body = request.into_body().into_data_stream();
    while let Some(piece) = body.next().await {
        // A line that breaks; the sentence reaches nobody.
        let piece: Bytes = piece.map_err(|_| AppError::BadRequest)?;
        if file.write(&piece).await? > MAX_BYTES {
            return Err(refused(&TableError::TooManyBytes));
        }
    }
    file.end().await
}

/// Takes another sheet of the file.
pub async fn choose_sheet(services: &Services, deed: Deed, choice: SheetChoice) -> Result<Import, AppError> {
    let row = find_open(&mut *services.db.read().await?, &deed, &choice.id, choice.version).await?;
    let file = services.uploads.read(choice.id.as_str()).map_err(|error| gone(&error))?;
    let turn = services.uploads.turn().await?;
    let looked = aside(move || look(file, choice.sheet)).await?.map_err(|error| match error {
        TableError::Io => fault(&error),
        error => AppError::field("sheet", error),
    })?;
    drop(turn);
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
    let id = seen.id.clone();
    services
        .db
        .write(move |db| {
            Box::pin(async move {
                let row = find(db, &deed, &seen.id).await?;
                let (state, version) = (row.import.state, row.import.version);
                // Whoever cancels a reading means it also where it has just come to its end.
                let has_just_ended = version == seen.version + 1 && matches!(state, ImportState::Read | ImportState::Failed);
                if !state.is_open() || (version != seen.version && !has_just_ended) {
                    return Err(moved_on(state));
                }
                if !store::end(db, &seen.id, row.import.version, ImportState::Cancelled, deed.at).await? {
                    return Err(moved_on(row.import.state));
                }
                store::clear(db, &seen.id).await
            })
        })
        .await?;
    services.uploads.remove(id.as_str()).await;
    Ok(())
}
