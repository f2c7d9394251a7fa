//! Tables as files for spreadsheets: XLSX and CSV, written row by row while they are sent.
//!
//! Always: a text never becomes a formula and a number is a number; amounts in 元 show two places; however many rows, no more than a
//! few pages of them are in memory; a file that could not be written to its end reaches nobody as a whole one.
//! An XLSX lies in an unnamed temporary file of the data folder while its rows come in, since its parts follow upon each other.

mod book;
mod pipe;
#[cfg(test)]
mod proof;
#[cfg(test)]
mod read_back;

pub use book::{Book, with_room};

use crate::domain::calendar::{Day, Moment};
use crate::domain::money::Money;
use crate::domain::sheet::guarded;
use crate::error::AppError;
use crate::server::fault::fault;
use crate::server::http::attachment;
use axum::body::Body;
use axum::response::Response;
use pipe::Pipe;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit, mpsc};
use tokio::task::JoinHandle;

/// Files that are written at a time.
static AT_ONCE: Semaphore = Semaphore::const_new(4);
/// Books for the public that are written at a time, beside those of the office: readers hold back nobody's work.
static FOR_READERS: Semaphore = Semaphore::const_new(2);
/// How long a request waits for its turn.
const TURN: Duration = Duration::from_secs(20);
/// Pages of rows that may wait for the writer.
const WAITING: usize = 2;
/// What is gathered before it is sent on, in bytes.
const CHUNK: usize = 64 * 1024;

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Office Open XML, as spreadsheets write it.
    Xlsx,
    /// Comma-separated values in UTF-8 with a byte order mark, so that WPS and Excel read it right.
    Csv,
}

impl Format {
    /// The ending of the file's name.
    pub const fn ending(self) -> &'static str {
        match self {
            Format::Xlsx => "xlsx",
            Format::Csv => "csv",
        }
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Format::Csv => "text/csv; charset=utf-8",
        }
    }
}

/// A cell by what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A text, whatever it looks like.
    Text(String),
    /// An amount in 元 with two places.
    Yuan(Money),
    /// An amount in 万元 with as many places as it has, at most six.
    Wan(Money),
    /// A number as its digits say: a percentage, a year, a count.
    Number(String),
    /// A day.
    Day(Day),
}

impl Cell {
    /// A text; nothing where it is empty.
    pub fn text(text: impl Into<String>) -> Cell {
        let text = text.into();
        if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
    }

    /// What may be missing.
    pub fn maybe<T>(value: Option<T>, cell: impl FnOnce(T) -> Cell) -> Cell {
        value.map_or(Cell::Empty, cell)
    }

    /// As it stands in a CSV file.
    fn csv(&self) -> std::borrow::Cow<'_, str> {
        match self {
            Cell::Empty => "".into(),
            Cell::Text(text) => guarded(text),
            Cell::Yuan(amount) => two_places(*amount).into(),
            Cell::Wan(amount) => amount.wan().into(),
            Cell::Number(digits) => digits.into(),
            Cell::Day(day) => day.to_string().into(),
        }
    }
}

/// An amount in 元 with exactly two places.
fn two_places(amount: Money) -> String {
    let text = amount.yuan();
    match text.split_once('.') {
        None => format!("{text}.00"),
        Some((_, places)) if places.len() == 1 => format!("{text}0"),
        Some(_) => text,
    }
}

/// A column's name, and how wide a spreadsheet shows it, in characters.
pub type Heading = (&'static str, u16);

/// A file that is sent while it is written: give its rows page by page to the sender, beside waiting for the answer, and drop the sender when
/// all are given. A failure given to it is the answer, or breaks the download off.
pub struct Sending {
    /// Where the pages of rows go; closed when nobody takes them any more.
    pub rows: mpsc::Sender<Result<Vec<Vec<Cell>>, AppError>>,
    /// What comes of them.
    pub file: Coming,
}

/// A file of which nothing has been sent yet.
pub struct Coming {
    chunks: pipe::Chunks,
    writing: JoinHandle<Result<(), AppError>>,
    name: String,
    format: Format,
}

impl Coming {
    /// The answer, once there is something to send: of an XLSX that is when its rows are complete. What fails before is told as a failure,
    /// what fails later breaks the download off.
    pub async fn answer(mut self) -> Result<Response, AppError> {
        let Some(first) = self.chunks.recv().await else {
            return match self.writing.await {
                Ok(Ok(())) => Err(fault(&"a table without its end")),
                Ok(Err(error)) => Err(error),
                Err(error) => Err(fault(&error)),
            };
        };
        let writing = self.writing;
        tokio::spawn(async move {
            // Without its end mark the download breaks off; why is logged.
            match writing.await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!(%error, "a table was not written to its end"),
                Err(error) => tracing::error!(%error, "a table was not written to its end"),
            }
        });
        let name = format!("{}.{}", self.name, self.format.ending());
        attachment::answer(Body::from_stream(pipe::body(first, self.chunks)), &name, self.format.media_type())
    }
}

/// Begins a file of one table called `name`; `at` is written into it as the time of its making.
pub async fn send(
    format: Format,
    name: &str,
    sheet: &'static str,
    headings: Vec<Heading>,
    at: Moment,
    data: &Path,
) -> Result<Sending, AppError> {
    let turn = turn(&AT_ONCE).await?;
    let (rows, mut given) = mpsc::channel::<Result<Vec<Vec<Cell>>, AppError>>(WAITING);
    let (pipe, chunks) = pipe::open();
    let data = data.to_owned();
    let writing = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let mut table = Table::begin(format, sheet, headings, at, &data, &pipe)?;
        let written = fill(&mut table, &mut given, &pipe).and_then(|()| if pipe.is_gone() { Ok(()) } else { table.end() });
        if written.is_ok() {
            pipe.end();
        } else {
            // What a writer still holds would else go out when it is dropped, and be taken for the beginning of the file.
            pipe.give_up();
        }
        drop(table);
        written
    });
    Ok(Sending { rows, file: Coming { chunks, writing, name: name.to_owned(), format } })
}

/// Writes the rows as they come, until there are no more of them or nobody takes the file.
fn fill(table: &mut Table, given: &mut mpsc::Receiver<Result<Vec<Vec<Cell>>, AppError>>, pipe: &Pipe) -> Result<(), AppError> {
    while let Some(page) = given.blocking_recv() {
        let page = page?;
        if pipe.is_gone() {
            return Ok(());
        }
        page.iter().try_for_each(|row| table.row(row))?;
    }
    Ok(())
}

/// A book of a few tables, written whole before it is sent.
pub async fn book(
    name: &str,
    at: Moment,
    data: PathBuf,
    write: impl FnOnce(&mut Book) -> Result<(), AppError> + Send + 'static,
) -> Result<Response, AppError> {
    let bytes = written(turn(&AT_ONCE).await?, move || Book::new(at, &data), write).await?;
    attachment::answer(Body::from(bytes), &format!("{name}.{}", Format::Xlsx.ending()), Format::Xlsx.media_type())
}

/// The bytes of a book that readers of the portal get, to be kept: the same tables give the same bytes. Readers get it from a full disk too.
pub async fn readers_book(at: Moment, write: impl FnOnce(&mut Book) -> Result<(), AppError> + Send + 'static) -> Result<Vec<u8>, AppError> {
    written(turn(&FOR_READERS).await?, move || Book::in_memory(at), write).await
}

async fn written(
    turn: SemaphorePermit<'static>,
    begin: impl FnOnce() -> Result<Book, AppError> + Send + 'static,
    write: impl FnOnce(&mut Book) -> Result<(), AppError> + Send + 'static,
) -> Result<Vec<u8>, AppError> {
    let written = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let mut book = begin()?;
        write(&mut book)?;
        let mut bytes = Vec::new();
        book.finish(&mut bytes)?;
        Ok::<_, AppError>(bytes)
    });
    written.await.map_err(|error| fault(&error))?
}

/// A piece of a CSV file: its beginning with the mark and the headings where they are given, and these rows.
pub fn csv_piece(headings: Option<&[Heading]>, rows: &[Vec<Cell>]) -> Result<Vec<u8>, AppError> {
    let mut out = Vec::new();
    if headings.is_some() {
        out.extend_from_slice("\u{feff}".as_bytes());
    }
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    if let Some(headings) = headings {
        writer.write_record(headings.iter().map(|(name, _)| name)).map_err(|error| fault(&error))?;
    }
    for row in rows {
        writer.write_record(row.iter().map(|cell| cell.csv().into_owned())).map_err(|error| fault(&error))?;
    }
    writer.into_inner().map_err(|error| fault(&error))
}

async fn turn(at_once: &'static Semaphore) -> Result<SemaphorePermit<'static>, AppError> {
    let turn = tokio::time::timeout(TURN, at_once.acquire()).await.map_err(|_| AppError::Busy)?;
    turn.map_err(|_| AppError::Busy)
}

/// A table being written in either format.
enum Table {
    Csv(Box<csv::Writer<BufWriter<Pipe>>>),
    Xlsx(Box<(Book, BufWriter<Pipe>)>),
}

impl Table {
    fn begin(format: Format, sheet: &'static str, headings: Vec<Heading>, at: Moment, data: &Path, pipe: &Pipe) -> Result<Table, AppError> {
        let mut out = BufWriter::with_capacity(CHUNK, pipe.clone());
        Ok(match format {
            Format::Csv => {
                out.write_all("\u{feff}".as_bytes()).map_err(|error| fault(&error))?;
                Table::Csv(Box::new(csv_writer(out, &headings)?))
            }
            Format::Xlsx => {
                let mut book = Book::new(at, data)?;
                book.begin(sheet, headings)?;
                Table::Xlsx(Box::new((book, out)))
            }
        })
    }

    fn row(&mut self, cells: &[Cell]) -> Result<(), AppError> {
        match self {
            Table::Csv(writer) => writer.write_record(cells.iter().map(|cell| cell.csv().into_owned())).map_err(|error| fault(&error)),
            Table::Xlsx(both) => both.0.row(cells),
        }
    }

    fn end(&mut self) -> Result<(), AppError> {
        match self {
            Table::Csv(writer) => writer.flush().map_err(|error| fault(&error)),
            Table::Xlsx(both) => {
                let (book, out) = both.as_mut();
                book.finish(&mut *out)?;
                out.flush().map_err(|error| fault(&error))
            }
        }
    }
}

/// A CSV file with its first line. Lines end as spreadsheets write them.
fn csv_writer<W: Write>(out: W, headings: &[Heading]) -> Result<csv::Writer<W>, AppError> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    writer.write_record(headings.iter().map(|(name, _)| name)).map_err(|error| fault(&error))?;
    Ok(writer)
}
