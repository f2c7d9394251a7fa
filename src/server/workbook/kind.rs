//! What a file is, by its first bytes and never by its name.

use super::TableError;
use std::io::{Read, Seek, SeekFrom};

/// What is read further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A ZIP container.
    Zip,
    /// Perhaps a CSV.
    Text,
}

/// Bytes that are looked at.
const HEAD: u64 = 4_096;
/// How much of an old container is searched for the name of the stream that an encrypted workbook has.
const CONTAINER: u64 = 1024 * 1024;
/// The first bytes of the container of .xls, .et, .doc and of encrypted workbooks.
const CONTAINER_MARK: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// What is certainly no table, by its first bytes.
const OTHERS: [(&[u8], &str); 13] = [
    (b"%PDF", " PDF 文件"),
    (b"{\\rtf", " RTF 文档"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"BM", "图片"),
    (b"Rar!", " RAR 压缩文件"),
    (b"7z\xbc\xaf\x27\x1c", " 7z 压缩文件"),
    (b"\x1f\x8b", "压缩文件"),
    (b"MZ", "程序文件"),
    (b"\x7fELF", "程序文件"),
    (b"SQLite format 3", "数据库文件"),
    (b"%!PS", " PostScript 文件"),
];

/// Judges the first bytes.
pub(super) fn of(source: &mut (impl Read + Seek)) -> Result<Kind, TableError> {
    let head = beginning(source, HEAD)?;
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(Kind::Zip);
    }
    if head.starts_with(CONTAINER_MARK) {
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let container = beginning(source, CONTAINER)?;
        let is_encrypted = container.windows(name.len()).any(|window| window == name);
        return Err(if is_encrypted { TableError::Encrypted } else { TableError::OldWorkbook });
    }
    // A text may well begin with the two letters of a picture or a program, but holds no byte 0.
    let is_binary = head.contains(&0);
    if let Some((mark, what)) = OTHERS.iter().find(|(mark, _)| head.starts_with(mark))
        && (mark.len() > 2 || is_binary)
    {
        return Err(TableError::NoTable(what));
    }
    let text = String::from_utf8_lossy(&head).to_lowercase();
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with("<?xml")
        || text.starts_with("<html")
        || text.starts_with("<!doctype")
        || text.starts_with("<table")
        || text.starts_with("<meta")
    {
        return Err(TableError::Unsupported("网页或 XML 形式的表格（部分平台导出的 .xls 属于此类）"));
    }
    Ok(Kind::Text)
}

fn beginning(source: &mut (impl Read + Seek), most: u64) -> Result<Vec<u8>, TableError> {
    source.seek(SeekFrom::Start(0)).map_err(|_| TableError::Io)?;
    let mut head = Vec::new();
    source.by_ref().take(most).read_to_end(&mut head).map_err(|_| TableError::Io)?;
    Ok(head)
}
