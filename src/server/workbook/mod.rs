//! Tables that people upload, read row after row: CSV and XLSX, within bounds, whatever the bytes are.
//!
//! Always: memory is bounded by the constants below and not by what a file claims; reading any bytes ends, with rows or with a sentence
//! that says what to do; row n is row n of a spreadsheet.
//! Elsewhere: what the cells mean is `domain::sheet`.

mod csv;
mod kind;
#[cfg(test)]
mod tests;
mod xlsx;

pub use xlsx::date_of_serial;

use self::csv::CsvTable;
use self::kind::Kind;
use self::xlsx::Workbook;
use crate::domain::sheet::letters;
use crate::domain::sheet::{FILE_TOO_LARGE, MAX_FILE_BYTES};
use std::io::{Read, Seek, SeekFrom};
use std::ops::ControlFlow;

/// Most bytes of a file.
pub const MAX_BYTES: u64 = MAX_FILE_BYTES;
/// Last row that may hold something: three times what a large district signs in five years, and far below the 1 048 576 of a sheet.
pub const MAX_ROWS: usize = 300_000;
/// Last column that may hold something: the table has 27, and offices add some of their own.
pub const MAX_COLUMNS: usize = 200;
/// Most cells that hold something: every column of every row, and some of their own.
pub const MAX_CELLS: usize = 10_000_000;
/// Last row that a spreadsheet has, be it empty.
pub const LAST_ROW: usize = 1_048_576;
/// How many columns a spreadsheet has.
pub const ALL_COLUMNS: usize = 16_384;
/// Most cells that an XLSX writes out, empty ones counted: twice those that may hold something. A cell without anything is four bytes
/// of which a packed file holds millions in a few KB.
pub const MAX_WRITTEN: usize = 20_000_000;
/// Most pieces of XML of a part: ten for each cell that may hold something.
pub const MAX_PIECES: usize = 100_000_000;
/// Most bytes of a cell: a spreadsheet takes 32 767 characters, of up to four bytes.
pub const MAX_CELL_BYTES: usize = 4 * 32_767;
/// Most bytes that the parts of an XLSX may come to, counted while they are unpacked: a full table takes half of it. What is not read
/// is not unpacked.
pub const MAX_UNPACKED: u64 = 1024 * 1024 * 1024;
/// Most parts of an XLSX: a workbook of three hundred sheets with drawings stays below.
pub const MAX_PARTS: usize = 2_000;
/// Most bytes of the texts that the cells of an XLSX share, which must be kept: 100 000 contracts come to 30 MB.
pub const MAX_SHARED_BYTES: usize = 64 * 1024 * 1024;
/// Most texts that the cells of an XLSX share.
pub const MAX_SHARED: usize = 2_000_000;
/// Most sheets among which one may choose.
pub const MAX_SHEETS: usize = 300;

/// Why a file is not read, or no further.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// No byte but blanks.
    #[error("文件是空的，请检查后重新选择")]
    Empty,
    /// More than [`MAX_BYTES`].
    #[error("{FILE_TOO_LARGE}")]
    TooManyBytes,
    /// Something stands in a row behind [`MAX_ROWS`].
    #[error("第 {0} 行有内容，超过 30 万行的上限；请删除表格下方多余的内容，或拆分文件后分次导入")]
    TooManyRows(usize),
    /// Something stands in a column behind [`MAX_COLUMNS`].
    #[error("第 {row} 行的 {column} 列有内容，超过 200 列的上限；请删除右侧多余的内容")]
    TooManyColumns {
        /// The row.
        row: usize,
        /// The column's letters.
        column: String,
    },
    /// More than [`MAX_CELLS`].
    #[error("表格内容超过 1000 万格，请拆分文件后分次导入")]
    TooManyCells,
    /// A cell longer than [`MAX_CELL_BYTES`].
    #[error("第 {0} 行附近有一格内容过长（超过 3 万字），请检查是否缺少引号或粘贴了多余内容")]
    LongCell(usize),
    /// UTF-16, or no text at all.
    #[error("文件含有空字符（NUL），不是可读的 CSV；请另存为「CSV UTF-8」或 .xlsx 后重试")]
    Nul,
    /// Neither UTF-8 nor GB18030.
    #[error("文件编码无法识别，请另存为「CSV UTF-8」或 .xlsx 后重试")]
    Encoding,
    /// Excel 97–2003 or WPS's own format.
    #[error("这是旧版表格文件（.xls 或 .et），请用 WPS 或 Excel 打开后另存为 .xlsx 再导入")]
    OldWorkbook,
    /// A workbook with a password.
    #[error("文件设置了打开密码，无法读取；请取消密码后另存为 .xlsx 再导入")]
    Encrypted,
    /// Something else by its first bytes.
    #[error("这是{0}，不是表格文件；请选择 .xlsx 或 .csv 文件")]
    NoTable(&'static str),
    /// A table in a form that is not read.
    #[error("不支持{0}，请用 WPS 或 Excel 打开后另存为 .xlsx 再导入")]
    Unsupported(&'static str),
    /// An XLSX that contradicts itself.
    #[error("XLSX 文件已损坏或不合标准（{0}），请用 WPS 或 Excel 打开后另存为 .xlsx 再导入")]
    Damaged(&'static str),
    /// An XLSX that unpacks to more than [`MAX_UNPACKED`], or has more parts or texts than it may.
    #[error("文件展开后过大（{0}），请只保留合同数据、另存为新的 .xlsx 后再导入")]
    TooLargeInside(&'static str),
    /// Text without a known column, under the name of a workbook.
    #[error(
        "文件名以 .xlsx 结尾，但内容不是 XLSX 工作簿；请重新下载，或用 WPS 或 Excel 打开后另存为 .xlsx（CSV 文件请把扩展名改为 .csv）再导入"
    )]
    NoWorkbook,
    /// A sheet that is not there.
    #[error("文件中没有这张工作表，请重新选择")]
    NoSheet,
    /// The disk.
    #[error("读取文件失败，请重试")]
    Io,
}

impl TableError {
    /// Finds what one of our own readers has said inside an error of the library's.
    fn of_io(error: &std::io::Error, otherwise: TableError) -> TableError {
        error.get_ref().and_then(|inner| inner.downcast_ref::<TableError>()).cloned().unwrap_or(otherwise)
    }
}

impl From<TableError> for std::io::Error {
    fn from(error: TableError) -> std::io::Error {
        std::io::Error::other(error)
    }
}

/// A row as it is handed over.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// As a spreadsheet shows it, from 1.
    pub number: usize,
    /// What stands in it, up to the last cell that holds something.
    pub cells: &'a [String],
    /// How much of the table has been read, in thousandths.
    pub progress: u16,
}

/// Whether to go on.
pub type Flow = ControlFlow<()>;

/// Where a file comes from.
pub trait Source: Read + Seek + Send {}

impl<T: Read + Seek + Send> Source for T {}

/// A file whose kind and sheets are known.
#[derive(Debug)]
pub struct TableFile<S> {
    inner: Inner<S>,
}

#[derive(Debug)]
enum Inner<S> {
    Csv(CsvTable<S>),
    Xlsx(Box<Workbook<S>>),
}

impl<S: Source> TableFile<S> {
    /// Looks at what a file is. Of a CSV every byte is judged, of an XLSX what stands around the sheets.
    pub fn open(mut source: S) -> Result<TableFile<S>, TableError> {
        let size = source.seek(SeekFrom::End(0)).map_err(|_| TableError::Io)?;
        if size > MAX_BYTES {
            return Err(TableError::TooManyBytes);
        }
        let inner = match kind::of(&mut source)? {
            Kind::Zip => Inner::Xlsx(Box::new(Workbook::open(source)?)),
            Kind::Text => Inner::Csv(CsvTable::open(source, size)?),
        };
        Ok(TableFile { inner })
    }

    /// The names of the sheets; empty where the file has none, as a CSV.
    pub fn sheets(&self) -> Vec<String> {
        match &self.inner {
            Inner::Csv(_) => Vec::new(),
            Inner::Xlsx(workbook) => workbook.sheets(),
        }
    }

    /// Whether it is one with sheets.
    pub fn is_workbook(&self) -> bool {
        matches!(self.inner, Inner::Xlsx(_))
    }

    /// The words for what it is: `CSV（GB18030）`.
    pub fn kind(&self) -> &'static str {
        match &self.inner {
            Inner::Csv(table) => table.kind(),
            Inner::Xlsx(_) => "XLSX",
        }
    }

    /// Hands over the rows of a sheet in which something stands, from the first, until `each` breaks.
    pub fn rows(&mut self, sheet: usize, each: &mut dyn FnMut(Row<'_>) -> Flow) -> Result<(), TableError> {
        match &mut self.inner {
            Inner::Csv(table) => table.rows(each),
            Inner::Xlsx(workbook) => workbook.rows(sheet, each),
        }
    }

    /// The first rows of a sheet with their numbers.
    pub fn first_rows(&mut self, sheet: usize, most: usize) -> Result<Vec<(usize, Vec<String>)>, TableError> {
        let mut rows = Vec::new();
        self.rows(sheet, &mut |row| {
            rows.push((row.number, row.cells.to_vec()));
            if rows.len() < most { Flow::Continue(()) } else { Flow::Break(()) }
        })?;
        Ok(rows)
    }
}

/// Cells of a row, used again for the next.
#[derive(Debug, Default)]
struct Cells {
    texts: Vec<String>,
    used: usize,
    total: usize,
}

impl Cells {
    fn clear(&mut self) {
        for cell in &mut self.texts[..self.used] {
            cell.clear();
        }
        self.used = 0;
    }

    fn is_empty(&self) -> bool {
        self.used == 0
    }

    fn get(&self) -> &[String] {
        &self.texts[..self.used]
    }

    /// Puts what is not empty into its place, and refuses what stands outside the bounds.
    fn put(&mut self, row: usize, column: usize, text: &str) -> Result<(), TableError> {
        if text.is_empty() {
            return Ok(());
        }
        if row > MAX_ROWS {
            return Err(TableError::TooManyRows(row));
        }
        if column >= MAX_COLUMNS {
            return Err(TableError::TooManyColumns { row, column: letters(column) });
        }
        if text.len() > MAX_CELL_BYTES {
            return Err(TableError::LongCell(row));
        }
        self.total += 1;
        if self.total > MAX_CELLS {
            return Err(TableError::TooManyCells);
        }
        if column >= self.texts.len() {
            self.texts.resize_with(column + 1, String::new);
        }
        self.texts[column].clear();
        self.texts[column].push_str(text);
        self.used = self.used.max(column + 1);
        Ok(())
    }
}
