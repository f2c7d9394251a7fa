//! Any bytes as what stands inside an XLSX: sheet, shared texts, styles, workbook and relationships, separated by NUL.

#![no_main]

use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const ROOT: &str = r#"<Relationships><Relationship Id="r" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<workbook xmlns:r="o"><sheets><sheet name="合同" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const PLACES: &str = r#"<Relationships><Relationship Id="rId1" Type="http://x/worksheet" Target="/xl/worksheets/one.xml"/>
<Relationship Id="rId2" Type="http://x/sharedStrings" Target="shared.xml"/><Relationship Id="rId3" Type="http://x/styles" Target="styles.xml"/></Relationships>"#;
const SHARED: &str = "<sst><si><t>合同编号</t></si><si><t>采购人</t></si></sst>";
const STYLES: &str = r#"<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="10"/></cellXfs></styleSheet>"#;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut given = bytes.split(|byte| *byte == 0).map(Some).chain(std::iter::repeat(None));
    let parts = [
        ("xl/worksheets/one.xml", ""),
        ("xl/shared.xml", SHARED),
        ("xl/styles.xml", STYLES),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", PLACES),
        ("_rels/.rels", ROOT),
    ];
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, usual) in parts {
        let content = given.next().flatten().filter(|content| !content.is_empty()).unwrap_or(usual.as_bytes());
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        writer.start_file(name, options).expect("a part in memory");
        writer.write_all(content).expect("bytes in memory");
    }
    setaside_fuzz::table(&writer.finish().expect("a file in memory").into_inner());
});
