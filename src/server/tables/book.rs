//! An XLSX of one or more sheets, written row by row in constant memory.

use super::{Cell, Heading};
use crate::domain::calendar::Moment;
use crate::domain::money::Money;
use crate::error::AppError;
use crate::server::fault::{fault, file_fault};
use crate::server::place;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// Rows of a sheet below its header; a spreadsheet takes 1,048,576. What is more goes to a further sheet with the same header.
const ROWS: u32 = 1_000_000;

/// A book being written.
pub struct Book {
    /// Where its rows lie until it is finished; in memory without one.
    folder: Option<PathBuf>,
    workbook: Workbook,
    look: Look,
    /// The sheet being written.
    sheet: Option<Sheet>,
}

struct Sheet {
    name: String,
    headings: Vec<Heading>,
    /// Its place in the book.
    index: usize,
    /// Rows written, the header included.
    rows: u32,
    /// How many sheets of this name there are.
    part: u32,
}

struct Look {
    head: Format,
    yuan: Format,
    day: Format,
}

impl Book {
    /// An empty book of any length, made at `at`; its rows lie in an unnamed file of `data` until it is finished.
    pub fn new(at: Moment, data: &Path) -> Result<Book, AppError> {
        let mut book = Book::in_memory(at)?;
        book.workbook.set_tempdir(data).map_err(failed)?;
        book.folder = Some(data.to_owned());
        Ok(book)
    }

    /// An empty book of some thousand rows, made at `at`, which needs no room on the disk.
    pub fn in_memory(at: Moment) -> Result<Book, AppError> {
        let mut workbook = Workbook::new();
        let made = ExcelDateTime::parse_from_str(&at.local()).map_err(failed)?;
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
        let look = Look {
            head: Format::new()
                .set_bold()
                .set_background_color("#E9F0FC")
                .set_border_bottom(FormatBorder::Thin)
                .set_align(FormatAlign::Center),
            yuan: Format::new().set_num_format("#,##0.00"),
            day: Format::new().set_num_format("yyyy-mm-dd"),
        };
        Ok(Book { folder: None, workbook, look, sheet: None })
    }

    /// Begins a sheet with its header, which stays in sight and is repeated on every printed page.
    pub fn begin(&mut self, name: &str, headings: Vec<Heading>) -> Result<(), AppError> {
        self.open(name.to_owned(), headings, 1)
    }

    fn open(&mut self, name: String, headings: Vec<Heading>, part: u32) -> Result<(), AppError> {
        let index = self.sheet.as_ref().map_or(0, |sheet| sheet.index + 1);
        let shown = if part == 1 { name.clone() } else { format!("{name}（{part}）") };
        let (workbook, look) = (&mut self.workbook, &self.look);
        let is_on_disk = self.folder.is_some();
        with_room(self.folder.as_deref(), || {
            let worksheet = if is_on_disk { workbook.add_worksheet_with_constant_memory()? } else { workbook.add_worksheet() };
            dress(worksheet, &shown, &headings, &look.head)
        })?;
        self.sheet = Some(Sheet { name, headings, index, rows: 1, part });
        Ok(())
    }

    /// Writes the next row of the sheet begun last.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), AppError> {
        let full = self.sheet.as_ref().filter(|sheet| sheet.rows > ROWS);
        if let Some((name, headings, part)) = full.map(|sheet| (sheet.name.clone(), sheet.headings.clone(), sheet.part + 1)) {
            self.open(name, headings, part)?;
        }
        let sheet = self.sheet.as_mut().ok_or_else(|| fault(&"a row before the first sheet"))?;
        let (workbook, look) = (&mut self.workbook, &self.look);
        with_room(self.folder.as_deref(), || {
            let worksheet = workbook.worksheet_from_index(sheet.index)?;
            (0..).zip(cells).try_for_each(|(column, cell)| write(worksheet, sheet.rows, column, cell, look))
        })?;
        sheet.rows += 1;
        Ok(())
    }

    /// Writes the whole book to `out`.
    pub fn finish(&mut self, out: impl Write + Send) -> Result<(), AppError> {
        let workbook = &mut self.workbook;
        with_room(self.folder.as_deref(), || workbook.save_to_writer(out))
    }
}

/// Writes by a writer that panics where it cannot put its rows into `folder`. What it has written must outlive this: with it the room is
/// gone, and the question would be answered wrongly.
pub fn with_room<T>(folder: Option<&Path>, write: impl FnOnce() -> Result<T, XlsxError>) -> Result<T, AppError> {
    match catch_unwind(AssertUnwindSafe(write)) {
        Ok(written) => written.map_err(failed),
        Err(_) => Err(match folder.map_or(Ok(()), place::try_room) {
            Ok(()) => fault(&"the writer of spreadsheets panicked"),
            Err(error) => file_fault(&error),
        }),
    }
}

fn failed(error: XlsxError) -> AppError {
    match error {
        XlsxError::IoError(error) | XlsxError::TempFileError(_, error) => file_fault(&error),
        error => fault(&error),
    }
}

fn dress(worksheet: &mut Worksheet, name: &str, headings: &[Heading], head: &Format) -> Result<(), XlsxError> {
    worksheet.set_name(name)?.set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    worksheet.set_footer("&C第 &P 页，共 &N 页");
    for (column, (heading, width)) in (0..).zip(headings) {
        worksheet.set_column_width(column, f64::from(*width))?;
        worksheet.write_string_with_format(0, column, *heading, head)?;
    }
    Ok(())
}

fn write(worksheet: &mut Worksheet, row: u32, column: u16, cell: &Cell, look: &Look) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Text(text) => {
            worksheet.write_string(row, column, text)?;
        }
        Cell::Yuan(amount) => {
            worksheet.write_number_with_format(row, column, units(*amount, 100.0), &look.yuan)?;
        }
        Cell::Wan(amount) => {
            worksheet.write_number(row, column, units(*amount, 1_000_000.0))?;
        }
        Cell::Number(digits) => match digits.parse::<f64>() {
            Ok(number) => {
                worksheet.write_number(row, column, number)?;
            }
            Err(_) => {
                worksheet.write_string(row, column, digits)?;
            }
        },
        Cell::Day(day) => {
            worksheet.write_datetime_with_format(row, column, ExcelDateTime::parse_from_str(&day.to_string())?, &look.day)?;
        }
    }
    Ok(())
}

/// The nearest number to an amount in the unit of so many 分; its shortest digits are the amount's own up to fifteen of them.
#[expect(clippy::cast_precision_loss, reason = "amounts in 分 have at most sixteen digits, and sums beyond are out of this world")]
fn units(amount: Money, fen: f64) -> f64 {
    amount.fen() as f64 / fen
}
