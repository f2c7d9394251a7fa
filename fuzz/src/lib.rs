//! What is fuzzed, and what must hold of it.
//!
//! `document`: any JSON, and documents built from any bytes, are read, kept and rendered. `table`: any file is read as a table of
//! contracts. `workbook`: the same of the parts inside an XLSX, whose packing would keep a fuzzer outside.

#![allow(dead_code, reason = "the sources are whole; the targets use a part of them")]

#[path = "../../src/domain/mod.rs"]
pub mod domain;
#[path = "../../src/domain/announcement/render/proof.rs"]
pub mod proof;
pub mod server;

use domain::sheet::read_table;
use server::workbook::{Flow, MAX_CELL_BYTES, MAX_COLUMNS, MAX_ROWS, TableFile};
use std::io::Cursor;

/// Sheets of one file that are read.
const SHEETS: usize = 3;

/// Reads a file as the import does. It may be refused, with a sentence; what is read is within the bounds, and every row that is not
/// blank is taken, taken once, or refused.
pub fn table(bytes: &[u8]) {
    let mut file = match TableFile::open(Cursor::new(bytes)) {
        Ok(file) => file,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    for sheet in 0..file.sheets().len().clamp(1, SHEETS) {
        let mut rows: Vec<Vec<String>> = Vec::new();
        let read = file.rows(sheet, &mut |row| {
            assert!(row.number > rows.len() && row.number <= MAX_ROWS, "row {} after {}", row.number, rows.len());
            assert!(row.cells.len() <= MAX_COLUMNS && row.progress <= 1000);
            assert!(row.cells.last().is_some_and(|cell| !cell.is_empty()), "a row in which something stands");
            assert!(row.cells.iter().all(|cell| cell.len() <= MAX_CELL_BYTES));
            // A table of blank rows alone may be long; it is not kept here.
            if row.number > 2_000 {
                return Flow::Break(());
            }
            rows.resize_with(row.number - 1, Vec::new);
            rows.push(row.cells.to_vec());
            Flow::Continue(())
        });
        if let Err(error) = read {
            assert!(!error.to_string().is_empty());
        }
        let count = rows.len();
        let import = read_table(rows.into_iter());
        assert!(import.contracts.len() <= import.rows_read && import.rows_read <= count, "{import:?}");
        assert!(import.contracts.iter().all(|(row, _)| (2..=count).contains(row)));
        assert!(import.findings.iter().all(|finding| !finding.message.is_empty()));
    }
}
