//! Files that want to take memory or time, and files that are something else.

use super::super::{ALL_COLUMNS, LAST_ROW, MAX_BYTES, MAX_CELL_BYTES, MAX_COLUMNS, MAX_PARTS, MAX_ROWS, TableError, TableFile};
use super::{BOOK, PLACES, ROOT, SHARED, STYLES, rows, workbook, workbook_with, zipped};
use proptest::prelude::*;
use std::io::{Cursor, Read, Seek, SeekFrom};

fn cell(place: &str) -> String {
    format!("<c r=\"{place}\"><v>1</v></c>")
}

#[test]
fn a4_a_cell_at_the_end_of_the_sheet_ends_in_a_sentence() {
    let last_row = rows(&workbook(&format!("<row r=\"1048576\">{}</row>", cell("A1048576"))));
    assert_eq!(last_row, Err(TableError::TooManyRows(1_048_576)));
    assert!(last_row.unwrap_err().to_string().contains("第 1048576 行有内容"));
    let last_column = rows(&workbook(&format!("<row r=\"1\">{}</row>", cell("XFD1"))));
    assert_eq!(last_column, Err(TableError::TooManyColumns { row: 1, column: "XFD".to_owned() }));
    let wide: String = (0..=MAX_COLUMNS).map(|_| "<c><v>1</v></c>").collect();
    assert!(matches!(rows(&workbook(&format!("<row>{wide}</row>"))), Err(TableError::TooManyColumns { row: 1, .. })));
    let beyond = rows(&workbook(&format!("<row r=\"{}\">{}</row>", MAX_ROWS + 1, cell(&format!("A{}", MAX_ROWS + 1)))));
    assert_eq!(beyond, Err(TableError::TooManyRows(MAX_ROWS + 1)));
    assert_eq!(rows(&workbook(&format!("<row r=\"{MAX_ROWS}\"><c><v>1</v></c></row>"))).unwrap().len(), 1);
}

#[test]
fn a4_claims_of_a_sheet_are_not_believed() {
    for (sheet, expected) in [
        ("<row r=\"5\"/><row r=\"5\"/>", TableError::Damaged("行号顺序")),
        ("<row r=\"99999999999999999999999\"/>", TableError::Damaged("行号")),
        ("<row r=\"-1\"/>", TableError::Damaged("行号")),
        ("<row r=\"1048577\"/>", TableError::Damaged("行号超过 1048576")),
        ("<row><c r=\"XFE1\"/></row>", TableError::Damaged("单元格位置")),
        ("<row><c r=\"AAAA1\"><v>1</v></c></row>", TableError::Damaged("单元格位置")),
        ("<row><c r=\"1\"><v>1</v></c></row>", TableError::Damaged("单元格位置")),
        ("<row><c t=\"s\"><v>4294967295</v></c></row>", TableError::Damaged("共享文字")),
        ("<row><c t=\"s\"><v>-1</v></c></row>", TableError::Damaged("共享文字")),
        ("<row><c t=\"inlineStr\"><is><t>&own;</t></is></c></row>", TableError::Damaged("XML 实体")),
        ("<row><c>", TableError::Damaged("XML 格式")),
    ] {
        assert_eq!(rows(&workbook(sheet)), Err(expected), "{sheet}");
    }
    let entities = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><worksheet><sheetData/></worksheet>";
    assert_eq!(rows(&workbook_with(entities, SHARED)), Err(TableError::Damaged("含有文档类型定义")));
    assert_eq!(rows(&workbook_with(&"<a>".repeat(100_000), SHARED)), Err(TableError::Damaged("嵌套过深")));
}

#[test]
fn a4_what_unpacks_without_measure_ends_in_a_sentence() {
    let long = "一".repeat(MAX_CELL_BYTES / 3 + 1);
    assert_eq!(rows(&workbook(&format!("<row r=\"7\"><c t=\"inlineStr\"><is><t>{long}</t></is></c></row>"))), Err(TableError::LongCell(7)));
    assert_eq!(
        rows(&workbook_with("<worksheet/>", &format!("<sst><si><t>{long}</t></si></sst>"))),
        Err(TableError::TooLargeInside("有一格内容超过 3 万字"))
    );
    // One piece of XML of 4 MB, be it text, a name or a comment.
    let zeros = "0".repeat(4 * 1024 * 1024);
    for sheet in
        [format!("<row><c><v>{zeros}</v></c></row>"), format!("<row><c r=\"{zeros}\"/></row>"), format!("<!--{zeros}-->"), zeros.clone()]
    {
        assert_eq!(rows(&workbook(&sheet)), Err(TableError::Damaged("内容异常地长")), "{}", &sheet[..20]);
    }
    // What is not read is not unpacked, but must not claim more than the bound either.
    let names: Vec<String> = (0..=MAX_PARTS).map(|number| format!("xl/media/{number}")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"".as_slice())).collect();
    assert_eq!(rows(&zipped(&parts)), Err(TableError::TooLargeInside("部件超过 2000 个")));
}

/// A few KB that unpack to rows and cells of which none holds anything.
#[test]
fn a4_empty_rows_and_cells_without_end_end_in_a_sentence() {
    let rows_of = |count: usize| workbook(&"<row/>".repeat(count));
    assert_eq!(rows(&rows_of(LAST_ROW)), Ok(Vec::new()));
    let more = rows_of(LAST_ROW + 1);
    assert!(more.len() < 20_000, "{}", more.len());
    assert_eq!(rows(&more), Err(TableError::Damaged("行号超过 1048576")));
    assert_eq!(rows(&workbook(&format!("<row>{}</row>", "<c/>".repeat(ALL_COLUMNS)))), Ok(Vec::new()));
    assert_eq!(rows(&workbook(&format!("<row>{}</row>", "<c/>".repeat(ALL_COLUMNS + 1)))), Err(TableError::Damaged("单元格位置")));
}

/// A sheet that goes on for ever, as a stream of the same bytes: made without its 1 GB being anywhere.
#[test]
fn a4_a_bomb_of_a_gigabyte_is_stopped_by_its_count() {
    let row = "<row><c><v>1</v></c></row>".repeat(40_000);
    let piece = row.as_bytes();
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_level(Some(1));
    for (name, content) in
        [("_rels/.rels", ROOT), ("xl/workbook.xml", BOOK), ("xl/_rels/workbook.xml.rels", PLACES), ("xl/styles.xml", STYLES)]
    {
        writer.start_file(name, options).unwrap();
        std::io::Write::write_all(&mut writer, content.as_bytes()).unwrap();
    }
    writer.start_file("xl/worksheets/one.xml", options).unwrap();
    std::io::Write::write_all(&mut writer, b"<worksheet><sheetData>").unwrap();
    for _ in 0..10 {
        std::io::Write::write_all(&mut writer, piece).unwrap();
    }
    let file = writer.finish().unwrap().into_inner();
    assert!(file.len() < 1_000_000, "{}", file.len());
    assert_eq!(rows(&file), Err(TableError::TooManyRows(MAX_ROWS + 1)));
    // A directory that claims 2 GB is refused before anything is unpacked.
    let mut claiming = workbook("");
    let at = claiming.windows(4).rposition(|bytes| bytes == b"PK\x01\x02").unwrap();
    claiming[at + 24..at + 28].copy_from_slice(&0x8000_0000_u32.to_le_bytes());
    assert_eq!(rows(&claiming), Err(TableError::TooLargeInside("超过 1 GB")));
}

#[test]
fn a4_a_workbook_that_contradicts_itself_is_refused() {
    for (name, parts) in [
        ("an archive", vec![("a.txt", "x")]),
        ("a document", vec![("_rels/.rels", ROOT), ("word/document.xml", "<x/>")]),
        ("a workbook without sheets", vec![("_rels/.rels", ROOT), ("xl/workbook.xml", "<workbook/>")]),
        ("a sheet without its part", vec![("_rels/.rels", ROOT), ("xl/workbook.xml", BOOK), ("xl/_rels/workbook.xml.rels", PLACES)]),
    ] {
        let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, content)| (*name, content.as_bytes())).collect();
        let found = rows(&zipped(&parts));
        assert!(matches!(found, Err(TableError::NoTable(_) | TableError::Damaged(_))), "{name}: {found:?}");
    }
    let binary = ROOT.replace("workbook.xml", "workbook.bin");
    assert!(matches!(rows(&zipped(&[("_rels/.rels", binary.as_bytes())])), Err(TableError::Unsupported(_))));
    // The flag of encryption in the directory.
    let mut encrypted = workbook("");
    for at in 0..encrypted.len() - 4 {
        if encrypted[at..].starts_with(b"PK\x01\x02") {
            encrypted[at + 8] |= 1;
        }
    }
    assert_eq!(rows(&encrypted), Err(TableError::Encrypted));
    let whole = workbook("<row><c><v>1</v></c></row>");
    for end in [whole.len() / 3, whole.len() / 2, whole.len() - 1] {
        assert!(matches!(rows(&whole[..end]), Err(TableError::Damaged(_))), "cut at {end}");
    }
}

#[test]
fn a4_what_is_no_table_is_named() {
    let mut encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    assert_eq!(rows(&encrypted), Err(TableError::OldWorkbook));
    encrypted.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(rows(&encrypted), Err(TableError::Encrypted));
    for (bytes, words) in [
        (b"%PDF-1.7 ...".as_slice(), "PDF"),
        (b"\x89PNG\r\n", "图片"),
        (b"\xff\xd8\xff\xe0", "图片"),
        (b"Rar!\x1a", "RAR"),
        (b"<html><table><tr><td>1</td></tr></table>", "网页"),
        (b"\xef\xbb\xbf <?xml version=\"1.0\"?><Workbook/>", "网页"),
        (b"MZ\x90\0\x03", "程序"),
        (b"\xff\xfea\0b\0", "NUL"),
        (b"a,\xff\xff\n", "编码"),
        (b"\xef\xbb\xbfa,\xba\xcf\n", "编码"),
        (b"", "空的"),
        (b"\xef\xbb\xbf \r\n", "空的"),
    ] {
        let said = rows(bytes).unwrap_err().to_string();
        assert!(said.contains(words), "{said}");
    }
    assert_eq!(rows(b"BMW,1\n").unwrap().len(), 1, "a text may begin like a picture");
}

#[test]
fn a4_csv_without_measure_ends_in_a_sentence() {
    assert_eq!(
        rows(format!("a\nb\n{}1", ",".repeat(MAX_COLUMNS)).as_bytes()),
        Err(TableError::TooManyColumns { row: 3, column: "GS".to_owned() })
    );
    assert_eq!(rows(format!("a{}b", "\n".repeat(MAX_ROWS)).as_bytes()), Err(TableError::TooManyRows(MAX_ROWS + 1)));
    assert_eq!(rows("a\n".repeat(MAX_ROWS + 1).as_bytes()), Err(TableError::TooManyRows(MAX_ROWS + 1)));
    assert_eq!(rows(",\n".repeat(MAX_ROWS + 1).as_bytes()), Err(TableError::TooManyRows(MAX_ROWS + 1)));
    assert_eq!(rows(format!("a\n{}", ",\n".repeat(MAX_ROWS)).as_bytes()), Err(TableError::TooManyRows(MAX_ROWS + 1)));
    // A quote that is never closed.
    let open = rows(format!("a,b\n1,\"{}", "x,y\n".repeat(1_000_000)).as_bytes());
    assert_eq!(open, Err(TableError::LongCell(2)));
}

/// Zeros without end: only its size is ever asked.
struct Endless;

impl Read for Endless {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        panic!("a file that is too long is not read");
    }
}

impl Seek for Endless {
    fn seek(&mut self, _: SeekFrom) -> std::io::Result<u64> {
        Ok(MAX_BYTES + 1)
    }
}

#[test]
fn a4_a_file_that_is_too_long_is_not_read_at_all() {
    assert_eq!(TableFile::open(Endless).map(|_| ()), Err(TableError::TooManyBytes));
}

proptest! {
    #[test]
    fn a4_any_bytes_end(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = rows(&bytes);
        let _ = rows(&[b"PK\x03\x04".as_slice(), &bytes].concat());
        let _ = rows(&[b"\xef\xbb\xbf".as_slice(), &bytes].concat());
    }

    #[test]
    fn a4_any_sheet_ends(text in "(<row>|<row r=\"[0-9]{1,8}\">|</row>|<c>|<c r=\"[A-Z]{1,4}[0-9]{1,3}\" t=\"(s|b|e|d|str|inlineStr|n)\" s=\"[0-9]\">|</c>|<v>|</v>|<is><t>|</t></is>|<f>|</f>|[0-9.E+-]{1,9}|&amp;|&#x?[0-9a-f]{1,7};|合|<!-- x -->|<!\\[CDATA\\[x\\]\\]>){0,40}") {
        let _ = rows(&workbook(&text));
        let _ = rows(&workbook_with("<worksheet><sheetData><row><c t=\"s\"><v>0</v></c></row></sheetData></worksheet>", &text));
    }

    #[test]
    fn a4_a_workbook_with_any_damage_ends(places in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut file = workbook("<row><c t=\"s\"><v>0</v></c><c s=\"1\"><v>45366</v></c></row>");
        for (place, byte) in places {
            let at = place.index(file.len());
            file[at] = byte;
        }
        let _ = rows(&file);
    }

    #[test]
    fn a4_csv_cells_come_back_as_they_were_written(cells in proptest::collection::vec(proptest::collection::vec("[a-z合同,\"\n ]{1,6}", 1..5), 1..6)) {
        let quote = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
        let text: String = cells.iter().map(|row| row.iter().map(quote).collect::<Vec<_>>().join(",") + "\r\n").collect();
        prop_assume!(!text.trim_matches(['"', ',', '\r', '\n', ' ']).is_empty());
        let found: Vec<Vec<String>> = rows(text.as_bytes()).unwrap().into_iter().map(|(_, cells)| cells).collect();
        prop_assert_eq!(found, cells);
    }
}
