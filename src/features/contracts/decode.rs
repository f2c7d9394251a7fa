//! A table whose bytes are at hand, as rows in memory. What may be long is read row after row by `server::workbook`.

use crate::server::workbook::{Flow, Source, TableError, TableFile};
use std::io::Cursor;

/// All rows of a table. Row n of the answer is row n of a spreadsheet, so blank lines are rows without cells; rows may differ in length.
pub fn csv_rows(bytes: &[u8]) -> Result<Vec<Vec<String>>, TableError> {
    all_rows(Cursor::new(bytes))
}

/// All rows of a file, of its first sheet.
pub fn all_rows(source: impl Source) -> Result<Vec<Vec<String>>, TableError> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    TableFile::open(source)?.rows(0, &mut |row| {
        rows.resize_with(row.number - 1, Vec::new);
        rows.push(row.cells.to_vec());
        Flow::Continue(())
    })?;
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a1_the_sample_file_reads_into_a_table() {
        let rows = csv_rows(include_bytes!("../../../data/contracts-sample.csv")).unwrap();
        assert_eq!(rows.len(), 701);
        let import = crate::domain::sheet::read_table(rows.into_iter());
        assert_eq!((import.contracts.len(), import.has_errors()), (700, false));
    }

    #[test]
    fn a1_blank_lines_are_rows() {
        assert_eq!(csv_rows(b"a\n\n\nb\n").unwrap(), [vec!["a".to_owned()], vec![], vec![], vec!["b".to_owned()]]);
    }
}
