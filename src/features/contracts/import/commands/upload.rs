//! Taking a file in: written as it comes, looked at, kept with its row or not at all.

use super::super::api::{Counts, Head, Import, ImportState};
use super::super::store::{self, ImportRow};
use super::may_import;
use crate::domain::ids::ImportId;
use crate::domain::sheet::{Assigned, HEADER_WITHIN, find_header};
use crate::error::AppError;
use crate::features::approvals::commands as approvals;
use crate::features::organisations::commands as organisations;
use crate::server::fault::{fault, file_fault};
use crate::server::http::upload::announced;
use crate::server::ids::new_id;
use crate::server::request::{Deed, Services};
use crate::server::tally::Entered;
use crate::server::uploads::{Incoming, Unkept};
use crate::server::workbook::{MAX_BYTES, Source, TableError, TableFile};
use axum::body::BodyDataStream;
use axum::extract::Request;
use futures::StreamExt as _;
use std::collections::HashMap;

/// Imports that one person may have under way, uploads included; each keeps a file and its rows.
const OPEN: usize = 5;
/// Rows that are shown below the header.
const SAMPLES: usize = 4;

/// Sheets of a workbook that are looked through for the table.
const SHEETS_TRIED: usize = 8;
/// Most characters of a sample and of a column's name.
const SAMPLE: usize = 60;
/// Most characters of a file's name.
const NAME: usize = 200;

fn refused(error: &TableError) -> AppError {
    match error {
        TableError::TooManyBytes => AppError::TooLarge(error.to_string()),
        TableError::Io => fault(error),
        _ => AppError::field("file", error),
    }
}

fn too_many(open: usize) -> AppError {
    AppError::Conflict(format!("您有 {open} 个文件尚未导入完，请先完成或取消其中一个"))
}

/// What a file is: its kind, its sheets, and the header of the sheet.
pub(super) struct Looked {
    kind: String,
    is_workbook: bool,
    sheets: Vec<String>,
    sheet: usize,
    pub(super) head: Head,
}

pub(super) fn look(file: impl Source, sheet: usize) -> Result<Looked, TableError> {
    let mut table = TableFile::open(file)?;
    let head = head_of(&mut table, sheet)?;
    Ok(Looked { kind: table.kind().to_owned(), is_workbook: table.is_workbook(), sheets: table.sheets(), sheet, head })
}

/// The same of a file that nobody has chosen a sheet of: of the first ones that whose header is known best, since notes often stand before the table.
fn look_through(file: impl Source) -> Result<Looked, TableError> {
    let mut table = TableFile::open(file)?;
    let known = |head: &Head| head.cells.iter().filter(|cell| Assigned::propose(cell).is_some()).count();
    let mut best = (0, head_of(&mut table, 0)?);
    let sheets = table.sheets();
    for sheet in 1..sheets.len().min(SHEETS_TRIED) {
        // A sheet that cannot be read is not proposed; chosen by hand it says why.
        if let Ok(head) = head_of(&mut table, sheet)
            && known(&head) > known(&best.1)
        {
            best = (sheet, head);
        }
    }
    let (sheet, head) = best;
    Ok(Looked { kind: table.kind().to_owned(), is_workbook: table.is_workbook(), sheets, sheet, head })
}

fn head_of<S: Source>(table: &mut TableFile<S>, sheet: usize) -> Result<Head, TableError> {
    let rows = table.first_rows(sheet, HEADER_WITHIN + SAMPLES)?;
    let short = |cell: &String| cell.trim().chars().take(SAMPLE).collect::<String>();
    let at = find_header(rows.iter().map(|(_, cells)| cells.as_slice()));
    Ok(match at.and_then(|at| rows.get(at).map(|(row, cells)| (at, *row, cells))) {
        None => Head::default(),
        Some((at, row, cells)) => Head {
            row,
            cells: cells.iter().map(short).collect(),
            samples: rows.iter().skip(at + 1).take(SAMPLES).map(|(_, cells)| cells.iter().map(short).collect()).collect(),
        },
    })
}

/// What each column is probably read as: what the unit has said before, else what the name says; nothing twice.
pub(super) fn proposed(head: &Head, names: &HashMap<String, String>) -> Vec<String> {
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

/// Whether a file only has the name of a workbook. A CSV under that name is read all the same: then a column of it is known.
fn is_no_workbook(name: &str, looked: &Looked) -> bool {
    let is_named_so = name.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("xlsx"));
    is_named_so && !looked.is_workbook && looked.head.cells.iter().all(|cell| Assigned::propose(cell).is_none())
}

/// Takes an upload in: writes it as it comes, looks at it, and proposes its columns.
pub async fn open(services: &Services, deed: Deed, name: &str, request: Request) -> Result<Import, AppError> {
    may_import(&deed)?;
    let open = store::open_of(&mut *services.db.read().await?, &deed.by.user).await?.len();
    // Those that are coming in count as well, else any number at once would fill the disk before the first has its row.
    let coming = services.uploads.coming(deed.by.user.as_str());
    let open = open + coming.count - 1;
    let announced = announced(request.headers());
    let mut body = request.into_body().into_data_stream();
    if open >= OPEN {
        drain(&mut body, 0).await;
        return Err(too_many(open));
    }
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    let name: String = name.chars().filter(|c| !crate::domain::text::is_invisible(*c)).take(NAME).collect();
    let id: ImportId = new_id(deed.at)?;
    let file = match services.uploads.begin(id.as_str(), announced) {
        Ok(file) => file,
        Err(error) => {
            drain(&mut body, 0).await;
            return Err(error);
        }
    };
    let (size, file) = written(file, &mut body).await?;
    if size == 0 {
        return Err(refused(&TableError::Empty));
    }
    let turn = services.uploads.turn().await?;
    let reading = services.uploads.read(id.as_str()).map_err(|error| file_fault(&error))?;
    let looked = turn.look(reading, look_through).ended().await.map_err(|error| fault(&error))?;
    let looked = looked.map_err(|error| refused(&error))?;
    if looked.head.cells.is_empty() && looked.sheets.len() < 2 {
        return Err(refused(&TableError::Empty));
    }
    if is_no_workbook(&name, &looked) {
        return Err(refused(&TableError::NoWorkbook));
    }
    let file_size = i64::try_from(size).unwrap_or(i64::MAX);
    let taking = take_in(services.clone(), deed, Taken { id, name, file_size, looked, file, coming });
    // Beside the request, so that a line that is cut now leaves the row with its file, or neither.
    tokio::spawn(taking).await.map_err(|error| fault(&error))?
}

/// A file that has been looked at.
struct Taken {
    id: ImportId,
    name: String,
    file_size: i64,
    looked: Looked,
    file: Unkept,
    coming: Entered,
}

async fn take_in(services: Services, deed: Deed, taken: Taken) -> Result<Import, AppError> {
    let Taken { id, name, file_size, looked, file, coming } = taken;
    // From here on the row stands for it.
    drop(coming);
    let inserted = services.db.write(move |db| {
        Box::pin(async move {
            // Others of the same person wait here, each sees the one before; what was counted before the body may be out of date.
            organisations::hold_person(db, &deed.by.user).await?;
            let open = store::open_of(db, &deed.by.user).await?.len();
            if open >= OPEN {
                return Err(too_many(open));
            }
            let names = store::names(db, &deed.by.unit).await?;
            let import = Import {
                id,
                file_name: if name.is_empty() { "未命名文件".to_owned() } else { name },
                file_kind: looked.kind,
                file_size,
                state: ImportState::Columns,
                problem: String::new(),
                progress: 0,
                counts: Counts::default(),
                sheets: looked.sheets,
                sheet: looked.sheet,
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
    let inserted = inserted.await;
    // A commit whose answer is lost may stand all the same; then the sweep decides.
    if matches!(inserted, Ok(_) | Err(AppError::Busy | AppError::Internal(_))) {
        file.keep();
    }
    inserted
}

/// Writes the body as it comes, and no byte more than is allowed.
async fn written(mut file: Incoming, body: &mut BodyDataStream) -> Result<(u64, Unkept), AppError> {
    let mut size = 0;
    while let Some(piece) = body.next().await {
        // A line that breaks; the sentence reaches nobody.
        let piece = piece.map_err(|_| AppError::BadRequest)?;
        size = match file.write(&piece).await {
            Ok(size) => size,
            Err(error) => {
                drop(file);
                drain(body, size).await;
                return Err(error);
            }
        };
        if size > MAX_BYTES {
            return Err(refused(&TableError::TooManyBytes));
        }
    }
    file.end().await
}

/// Reads a body to its end, of which so many bytes have come, so that the answer arrives and not a broken line.
async fn drain(body: &mut BodyDataStream, mut size: u64) {
    while let Some(Ok(piece)) = body.next().await {
        size += piece.len() as u64;
        if size > MAX_BYTES {
            return;
        }
    }
}
