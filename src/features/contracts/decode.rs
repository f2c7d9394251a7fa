//! Bytes of a CSV file → rows of text cells, within bounds. What the cells mean is `domain::sheet`.

use crate::domain::sheet::unguarded;
use std::borrow::Cow;

/// Most bytes of a file.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;
/// Most columns of a row.
pub const MAX_COLUMNS: usize = 200;
/// Most rows of a file, blank ones included.
pub const MAX_ROWS: usize = 2_000_000;
/// Most cells of a file: a file of nothing but commas costs 24 bytes for each.
pub const MAX_CELLS: usize = 8_000_000;

/// Why a file is not a CSV table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// More than [`MAX_BYTES`].
    #[error("文件超过 64 MB，请拆分后分次导入")]
    TooManyBytes,
    /// More than [`MAX_ROWS`], or [`MAX_CELLS`].
    #[error("表格行数或单元格过多（最多 200 万行、800 万格），请删去多余的空行空列或拆分文件")]
    TooManyRows,
    /// More than [`MAX_COLUMNS`] in this row.
    #[error("第 {0} 行超过 200 列，请删去多余的列")]
    TooManyColumns(usize),
    /// A ZIP container, as XLSX is one.
    #[error("这是 XLSX（或压缩）文件而不是 CSV，请以 .xlsx 文件导入，或另存为 CSV")]
    Zip,
    /// A NUL byte: UTF-16, or no text at all.
    #[error("文件含有空字符（NUL），不是可读的 CSV；请另存为「CSV UTF-8」后重试")]
    Nul,
    /// Neither UTF-8 nor GB18030.
    #[error("文件编码无法识别，请另存为「CSV UTF-8」或 GB18030 编码的 CSV 后重试")]
    Encoding,
    /// No byte but blanks.
    #[error("文件是空的")]
    Empty,
}

/// Reads a CSV file: UTF-8 with or without byte order mark, else GB18030.
///
/// Row n of the answer is row n of a spreadsheet, so blank lines are rows without cells; rows may differ in length.
pub fn csv_rows(bytes: &[u8]) -> Result<Vec<Vec<String>>, DecodeError> {
    if bytes.len() > MAX_BYTES {
        return Err(DecodeError::TooManyBytes);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(DecodeError::Zip);
    }
    if bytes.contains(&0) {
        return Err(DecodeError::Nul);
    }
    let text = decode(bytes)?;
    if text.trim().is_empty() {
        return Err(DecodeError::Empty);
    }
    split(&with_line_feeds(text))
}

fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, DecodeError> {
    let marked = bytes.strip_prefix(b"\xef\xbb\xbf");
    match (std::str::from_utf8(marked.unwrap_or(bytes)), marked) {
        (Ok(text), _) => Ok(Cow::Borrowed(text)),
        (Err(_), Some(_)) => Err(DecodeError::Encoding),
        (Err(_), None) => encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes).ok_or(DecodeError::Encoding),
    }
}

/// Lines ending in LF or CRLF, the last one included; old Macintosh files end lines in CR alone.
fn with_line_feeds(text: Cow<'_, str>) -> Cow<'_, str> {
    let mut text = if text.contains('\n') || !text.contains('\r') { text } else { Cow::Owned(text.replace('\r', "\n")) };
    if !text.ends_with('\n') {
        text.to_mut().push('\n');
    }
    text
}

fn split(text: &str) -> Result<Vec<Vec<String>>, DecodeError> {
    // With LF alone as the end of a record the reader counts lines exactly; the CR before it is cut off below.
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).terminator(csv::Terminator::Any(b'\n')).from_reader(text.as_bytes());
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut record = csv::StringRecord::new();
    let mut cells = 0_usize;
    let mut line = reader.position().line();
    while reader.read_record(&mut record).map_err(|_| DecodeError::Encoding)? {
        let end = reader.position().line();
        // The reader passes over blank lines; rows keep their numbers all the same.
        let inside = record.iter().map(|cell| cell.bytes().filter(|byte| *byte == b'\n').count()).sum::<usize>();
        let passed = usize::try_from(end.saturating_sub(line)).unwrap_or(usize::MAX);
        let blank = passed.saturating_sub(inside + 1);
        line = end;
        cells += record.len();
        if blank >= MAX_ROWS || rows.len() + blank >= MAX_ROWS || cells > MAX_CELLS {
            return Err(DecodeError::TooManyRows);
        }
        rows.resize_with(rows.len() + blank, Vec::new);
        if record.len() > MAX_COLUMNS {
            return Err(DecodeError::TooManyColumns(rows.len() + 1));
        }
        let mut row: Vec<&str> = record.iter().collect();
        if let Some(last) = row.last_mut() {
            *last = last.strip_suffix('\r').unwrap_or(last);
        }
        rows.push(row.into_iter().map(|cell| unguarded(cell).to_owned()).collect());
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        csv_rows(text.as_bytes()).unwrap()
    }

    #[test]
    fn a1_utf8_with_and_without_mark_and_gb18030_read_the_same() {
        let text = "合同编号,采购人\r\n1,\"上海㐂镕,公司\"\r\n";
        let expected = [vec!["合同编号".to_owned(), "采购人".to_owned()], vec!["1".to_owned(), "上海㐂镕,公司".to_owned()]];
        assert_eq!(rows(text), expected);
        assert_eq!(rows(&format!("\u{feff}{text}")), expected);
        let (bytes, _, lossy) = encoding_rs::GB18030.encode(text);
        assert!(!lossy && std::str::from_utf8(&bytes).is_err());
        assert_eq!(csv_rows(&bytes).unwrap(), expected);
    }

    #[test]
    fn a1_row_numbers_are_those_of_a_spreadsheet() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "", "", "c,\"d\"", "", "e"].join(end);
            let found: Vec<(usize, String)> = rows(&text)
                .into_iter()
                .enumerate()
                .filter_map(|(at, row)| Some((at + 1, row.join("|"))).filter(|(_, row)| !row.is_empty()))
                .collect();
            assert_eq!(found, [(1, "a|b".to_owned()), (4, "c|d".to_owned()), (6, "e".to_owned())], "{end:?}");
        }
        let quoted = rows("a\r\n\"b\r\nb\",c\r\n\r\nd\r\n");
        assert_eq!(quoted.iter().map(|row| row.join("|")).collect::<Vec<_>>(), ["a", "b\r\nb|c", "", "d"]);
    }

    #[test]
    fn a1_the_sample_file_reads_into_a_table() {
        let rows = csv_rows(include_bytes!("../../../data/contracts-sample.csv")).unwrap();
        assert_eq!((rows.len(), rows.iter().all(|row| row.len() == 27)), (701, true));
        let import = crate::domain::sheet::read_table(rows.into_iter());
        assert_eq!((import.contracts.len(), import.has_errors()), (700, false));
    }

    #[test]
    fn a1_what_is_no_csv_ends_in_a_sentence() {
        assert_eq!(csv_rows(b""), Err(DecodeError::Empty));
        assert_eq!(csv_rows(b"\xef\xbb\xbf \r\n"), Err(DecodeError::Empty));
        assert_eq!(csv_rows(b"PK\x03\x04rest"), Err(DecodeError::Zip));
        assert_eq!(csv_rows(b"\xff\xfea\0b\0"), Err(DecodeError::Nul));
        assert_eq!(csv_rows(b"a,\xff\xff\n"), Err(DecodeError::Encoding));
        assert_eq!(csv_rows(b"\xef\xbb\xbfa,\xba\xcf\n"), Err(DecodeError::Encoding));
    }

    #[test]
    fn a1_files_without_measure_end_in_a_sentence() {
        assert_eq!(csv_rows(&vec![b'a'; MAX_BYTES + 1]), Err(DecodeError::TooManyBytes));
        assert_eq!(csv_rows(format!("a\nb\n{}", ",".repeat(MAX_COLUMNS)).as_bytes()), Err(DecodeError::TooManyColumns(3)));
        assert_eq!(csv_rows(format!("a{}b", "\n".repeat(MAX_ROWS)).as_bytes()), Err(DecodeError::TooManyRows));
        assert_eq!(
            csv_rows(format!("{}\n", ",".repeat(MAX_COLUMNS - 1)).repeat(MAX_CELLS / MAX_COLUMNS + 1).as_bytes()),
            Err(DecodeError::TooManyRows)
        );
        assert_eq!(csv_rows("a\n".repeat(MAX_ROWS + 1).as_bytes()), Err(DecodeError::TooManyRows));
    }

    proptest! {
        #[test]
        fn a1_decoding_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = csv_rows(&bytes);
        }

        #[test]
        fn a1_cells_come_back_as_they_were_written(cells in proptest::collection::vec(proptest::collection::vec("[a-z合同,\"\n ]{1,6}", 1..5), 1..6)) {
            let quote = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
            let text: String = cells.iter().map(|row| row.iter().map(quote).collect::<Vec<_>>().join(",") + "\r\n").collect();
            prop_assert_eq!(csv_rows(text.as_bytes()).unwrap(), cells);
        }
    }
}
