//! Files of other makers, hostile files made here, and any bytes at all.

mod foreign;
mod hostile;

use super::{Flow, TableError, TableFile};
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Rows with their numbers.
type Rows = Vec<(usize, Vec<String>)>;

/// All rows of the first sheet.
fn rows(bytes: &[u8]) -> Result<Rows, TableError> {
    let mut rows = Vec::new();
    TableFile::open(Cursor::new(bytes.to_vec()))?.rows(0, &mut |row| {
        rows.push((row.number, row.cells.to_vec()));
        Flow::Continue(())
    })?;
    Ok(rows)
}

/// A row as a test writes it: `a|b`.
fn joined(rows: &Rows) -> Vec<(usize, String)> {
    rows.iter().map(|(number, cells)| (*number, cells.join("|"))).collect()
}

/// A container of these parts.
fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const ROOT: &str = r#"<Relationships><Relationship Id="r" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str =
    r#"<x:workbook xmlns:x="m" xmlns:r="o"><x:sheets><x:sheet name="合同" sheetId="1" r:id="rId1"/></x:sheets></x:workbook>"#;
const PLACES: &str = r#"<Relationships><Relationship Id="rId1" Type="http://x/worksheet" Target="/xl/worksheets/one.xml"/>
<Relationship Id="rId2" Type="http://x/sharedStrings" Target="shared.xml"/><Relationship Id="rId3" Type="http://x/styles" Target="./styles.xml"/></Relationships>"#;
const SHARED: &str = "<sst count=\"9\" uniqueCount=\"4294967295\"><si><t>甲</t></si><si><r><t>乙</t></r><r><t xml:space=\"preserve\"> &amp; 丙</t></r><rPh><t>bing</t></rPh></si><si/></sst>";
const STYLES: &str = r#"<styleSheet><numFmts><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="10"/></cellXfs></styleSheet>"#;

/// A workbook with this sheet, and these texts instead of the usual ones.
fn workbook_with(sheet: &str, shared: &str) -> Vec<u8> {
    zipped(&[
        ("_rels/.rels", ROOT.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", PLACES.as_bytes()),
        ("xl/shared.xml", shared.as_bytes()),
        ("xl/styles.xml", STYLES.as_bytes()),
        ("xl/worksheets/one.xml", sheet.as_bytes()),
    ])
}

/// A workbook whose sheet holds these rows.
pub(super) fn workbook(rows: &str) -> Vec<u8> {
    workbook_with(&format!("<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData>{rows}</sheetData></worksheet>"), SHARED)
}

#[test]
fn a4_cells_of_every_kind_are_read_as_they_are_shown() {
    let sheet = r#"<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c t="s"><v>2</v></c><c r="E2" t="inlineStr"><is><r><t>丁</t></r><r><t>&#25098;</t></r></is></c></row>
        <row><c s="1"><v>45366</v></c><c s="2"><v>45366.5</v></c><c s="3"><v>0.455</v></c><c t="b"><v>1</v></c><c t="b"><v>0</v></c><c t="e"><v>#N/A</v></c></row>
        <row r="9"><c r="A9"><f>SUM(A1:A2)</f><v>12.50</v></c><c r="B9"><f>X1</f></c><c r="C9" t="str"><v>a&lt;b</v></c><c r="D9" t="d"><v>2024-03-15T00:00:00</v></c></row>
        <row r="10" spans="1:3"/><row r="11"><c r="A11" s="1"/><c r="XFD11" s="1"/></row><row r="1048576"><c r="A1048576" s="3"/></row>"#;
    assert_eq!(
        joined(&rows(&workbook(sheet)).unwrap()),
        [
            (2, "甲|乙 & 丙|||丁戊".to_owned()),
            (3, "2024-03-15|2024-03-15|45.5%|是|否|#N/A".to_owned()),
            (9, "12.5|=X1|a<b|2024-03-15".to_owned()),
        ]
    );
}

#[test]
fn a4_the_sheets_can_be_chosen_among() {
    let book = BOOK.replace(
        "</x:sheets>",
        "<x:sheet name=\"藏\" state=\"hidden\" r:id=\"rId5\"/><x:sheet name=\"二\" r:id=\"rId4\"/><x:sheet name=\"无\" r:id=\"rId9\"/></x:sheets>",
    );
    let places = PLACES.replace(
        "</Relationships>",
        r#"<Relationship Id="rId4" Type="/worksheet" Target="worksheets/two.xml"/><Relationship Id="rId5" Type="/worksheet" Target="worksheets/one.xml"/></Relationships>"#,
    );
    let sheet =
        |text: &str| format!("<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>{text}</t></is></c></row></sheetData></worksheet>");
    let file = zipped(&[
        ("_rels/.rels", ROOT.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", places.as_bytes()),
        ("xl/worksheets/one.xml", sheet("一").as_bytes()),
        ("xl/worksheets/two.xml", sheet("二").as_bytes()),
    ]);
    let mut table = TableFile::open(Cursor::new(file)).unwrap();
    assert_eq!(table.sheets(), ["合同", "二", "藏"]);
    assert_eq!(table.first_rows(1, 5).unwrap(), [(1, vec!["二".to_owned()])]);
    assert_eq!(table.first_rows(3, 5), Err(TableError::NoSheet));
}

#[test]
fn a4_csv_is_read_in_either_encoding_with_any_line_end_and_separator() {
    let text = "合同编号,采购人\r\n1,\"上海㐂镕,公司\"\r\n";
    let expected = [(1, "合同编号|采购人".to_owned()), (2, "1|上海㐂镕,公司".to_owned())];
    assert_eq!(joined(&rows(text.as_bytes()).unwrap()), expected);
    assert_eq!(joined(&rows(format!("\u{feff}{text}").as_bytes()).unwrap()), expected);
    let (bytes, _, lossy) = encoding_rs::GB18030.encode(text);
    assert!(!lossy && std::str::from_utf8(&bytes).is_err());
    assert_eq!(joined(&rows(&bytes).unwrap()), expected);
    for end in ["\n", "\r\n", "\r"] {
        let text = ["a,b", "", ",", "c,\"d\"", "", "e"].join(end);
        let expected = [(1, "a|b".to_owned()), (4, "c|d".to_owned()), (6, "e".to_owned())];
        assert_eq!(joined(&rows(text.as_bytes()).unwrap()), expected, "{end:?}");
    }
    assert_eq!(joined(&rows(b"a;b\n1,5;2\n").unwrap())[1].1, "1,5|2");
    assert_eq!(joined(&rows(b"a\tb\n1,5\t2\n").unwrap())[1].1, "1,5|2");
    let quoted = rows(b"a\r\n\"b\r\nb\",c\r\n\r\nd\r\n").unwrap();
    assert_eq!(joined(&quoted), [(1, "a".to_owned()), (2, "b\r\nb|c".to_owned()), (4, "d".to_owned())]);
}
