//! 附件: which kinds of file are taken, judged by content, and the names under which they are kept (C6).

use crate::domain::text::is_invisible;
use std::ops::RangeInclusive;

/// Most files of one announcement.
pub const FILES_MAX: usize = 20;
/// Most older ones that are kept of a file that is replaced again and again.
pub const OLDER_MAX: usize = 10;
/// How large an operator may let a file be, in MB.
pub const MB_ALLOWED: RangeInclusive<i64> = 1..=200;
/// How large it may be where nothing is set, in MB.
pub const MB_DEFAULT: i64 = 20;
/// Bytes of a MB.
pub const MB: usize = 1024 * 1024;

/// Why a file is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileRefused {
    /// Of no kind that is taken.
    #[error("只能上传 PDF、PNG、JPEG、Word、Excel 或 OFD 文件；文件内容与这些格式不符，请另存后再上传")]
    Kind,
    /// With macros: a program that would run at the reader's.
    #[error("文件含有宏，不能作为附件；请另存为不含宏的文档（docx、xlsx）或 PDF 后再上传")]
    Macros,
    /// Without content.
    #[error("文件是空的，请重新选择")]
    Empty,
    /// Larger than so many MB.
    #[error("单个附件不能超过 {0} MB，请压缩或拆分后再上传")]
    TooLarge(usize),
    /// The announcement has as many as it may have.
    #[error("每份公告最多 {FILES_MAX} 个附件，请先删除不需要的附件")]
    TooMany,
    /// It was replaced as often as is kept.
    #[error("这个附件已替换过 {OLDER_MAX} 次，旧版本不再增加；请删除该附件（连同旧版本）后重新上传")]
    TooManyOlder,
}

/// The kind of a content of at most `most` bytes, or why it is not taken.
pub fn judge(content: &[u8], most: usize) -> Result<FileKind, FileRefused> {
    if content.is_empty() {
        return Err(FileRefused::Empty);
    }
    if content.len() > most {
        return Err(FileRefused::TooLarge(most / MB));
    }
    let kind = FileKind::of(content).ok_or(FileRefused::Kind)?;
    if kind.has_macros(content) { Err(FileRefused::Macros) } else { Ok(kind) }
}

/// Whether these bytes stand somewhere in a content.
fn holds(content: &[u8], sought: &[u8]) -> bool {
    content.windows(sought.len()).any(|window| window == sought)
}

/// Whether a container of OLE has a part of this name: names stand in it as UTF-16.
fn has_part(content: &[u8], name: &str) -> bool {
    let name: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
    holds(content, &name)
}

/// Whether an announcement with so many files may have one more.
pub const fn may_add(present: usize) -> Result<(), FileRefused> {
    if present < FILES_MAX { Ok(()) } else { Err(FileRefused::TooMany) }
}

/// Whether a file that has replaced so many others may be replaced once more.
pub const fn may_replace(older: usize) -> Result<(), FileRefused> {
    if older < OLDER_MAX { Ok(()) } else { Err(FileRefused::TooManyOlder) }
}

/// What may be uploaded, in the words that stand beside the choice; `mb` as the operator has set it.
pub fn limits(mb: usize) -> String {
    format!(
        "可上传 PDF、PNG、JPEG、Word（doc、docx）、Excel（xls、xlsx）、OFD，按文件内容识别；单个不超过 {mb} MB，每份公告最多 {FILES_MAX} 个"
    )
}

/// `present` in the order that is `wanted`; what is not wanted by name keeps its order behind the others, and nothing is added.
pub fn ordered<T: Clone + PartialEq>(present: &[T], wanted: &[T]) -> Vec<T> {
    let mut after: Vec<T> = Vec::with_capacity(present.len());
    for each in wanted.iter().chain(present) {
        if present.contains(each) && !after.contains(each) {
            after.push(each.clone());
        }
    }
    after
}

/// `present` with those of `chosen` in the order of their choice, in the places that they hold together; the others stay where they are.
pub fn as_chosen<T: Clone + PartialEq>(present: &[T], chosen: &[T]) -> Vec<T> {
    let mut next = chosen.iter().filter(|each| present.contains(each));
    present.iter().map(|each| if chosen.contains(each) { next.next().unwrap_or(each) } else { each }).cloned().collect()
}

/// A kind of file that an announcement may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// PDF.
    Pdf,
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// Word, since 2007.
    Docx,
    /// Excel, since 2007.
    Xlsx,
    /// Word or Excel before 2007; the two share one container.
    Office97,
    /// OFD (GB/T 33190).
    Ofd,
}

impl FileKind {
    /// The kind of a content; `None` for all others.
    pub fn of(content: &[u8]) -> Option<FileKind> {
        let starts = |magic: &[u8]| content.starts_with(magic);
        if starts(b"%PDF-") {
            Some(FileKind::Pdf)
        } else if starts(b"\x89PNG\r\n\x1a\n") {
            Some(FileKind::Png)
        } else if starts(b"\xff\xd8\xff") {
            Some(FileKind::Jpeg)
        } else if starts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
            // Installers and letters come in the same container.
            ["WordDocument", "Workbook", "Book"].iter().any(|part| has_part(content, part)).then_some(FileKind::Office97)
        } else if starts(b"PK\x03\x04") {
            // A zip names its parts in its local headers; the container is known by the part that only it has.
            let holds = |name| holds(content, name);
            if holds(b"word/document.xml") {
                Some(FileKind::Docx)
            } else if holds(b"xl/workbook.xml") {
                Some(FileKind::Xlsx)
            } else if holds(b"OFD.xml") {
                Some(FileKind::Ofd)
            } else {
                None
            }
        } else {
            None
        }
    }

    /// Whether a content of this kind carries macros.
    fn has_macros(self, content: &[u8]) -> bool {
        match self {
            FileKind::Docx | FileKind::Xlsx => holds(content, b"vbaProject.bin"),
            FileKind::Office97 => has_part(content, "_VBA_PROJECT"),
            FileKind::Pdf | FileKind::Png | FileKind::Jpeg | FileKind::Ofd => false,
        }
    }

    /// The media type that it is served with.
    pub const fn media_type(self) -> &'static str {
        match self {
            FileKind::Pdf => "application/pdf",
            FileKind::Png => "image/png",
            FileKind::Jpeg => "image/jpeg",
            FileKind::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            FileKind::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            FileKind::Office97 => "application/x-ole-storage",
            FileKind::Ofd => "application/ofd",
        }
    }

    /// The kind of a stored media type.
    pub fn from_media_type(text: &str) -> Option<FileKind> {
        use FileKind::{Docx, Jpeg, Ofd, Office97, Pdf, Png, Xlsx};
        [Pdf, Png, Jpeg, Docx, Xlsx, Office97, Ofd].into_iter().find(|kind| kind.media_type() == text)
    }

    /// How a browser can show it by itself.
    pub const fn preview(self) -> Option<Preview> {
        match self {
            FileKind::Pdf => Some(Preview::Pages),
            FileKind::Png | FileKind::Jpeg => Some(Preview::Image),
            FileKind::Docx | FileKind::Xlsx | FileKind::Office97 | FileKind::Ofd => None,
        }
    }

    /// The endings that its name may have; the first is added where none of them stands.
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            FileKind::Pdf => &["pdf"],
            FileKind::Png => &["png"],
            FileKind::Jpeg => &["jpg", "jpeg"],
            FileKind::Docx => &["docx"],
            FileKind::Xlsx => &["xlsx"],
            FileKind::Office97 => &["doc", "xls"],
            FileKind::Ofd => &["ofd"],
        }
    }
}

/// How a browser shows a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preview {
    /// In its own viewer of documents.
    Pages,
    /// As a picture.
    Image,
}

/// How a stored file can be shown, by its media type.
pub fn preview(media_type: &str) -> Option<Preview> {
    FileKind::from_media_type(media_type).and_then(FileKind::preview)
}

/// Longest name, in characters.
const NAME_MAX: usize = 120;

/// A name as it is kept: without folders, control and reserved characters, never empty, never hidden.
pub fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    // Marks that turn the direction of writing make 「gpj.exe」 look like 「exe.jpg」.
    let kept: String = last
        .chars()
        .filter(|c| !is_invisible(*c))
        .map(|c| if matches!(c, '"' | '<' | '>' | '|' | ':' | '*' | '?') { '_' } else { c })
        .collect();
    let kept = kept.trim().trim_start_matches('.').trim();
    if kept.is_empty() { "附件".to_owned() } else { shortened(kept) }
}

/// Cuts the stem, not the ending.
fn shortened(name: &str) -> String {
    if name.chars().count() <= NAME_MAX {
        return name.to_owned();
    }
    match name.rsplit_once('.') {
        Some((stem, ending)) if ending.chars().count() <= 8 => {
            let room = NAME_MAX - ending.chars().count() - 1;
            format!("{}.{ending}", stem.chars().take(room).collect::<String>())
        }
        _ => name.chars().take(NAME_MAX).collect(),
    }
}

/// The name with an ending of its kind, so that nobody opens a file as something that it is not.
pub fn named(name: &str, kind: FileKind) -> String {
    let fits = name.rsplit_once('.').is_some_and(|(_, ending)| kind.endings().iter().any(|known| known.eq_ignore_ascii_case(ending)));
    match kind.endings().first() {
        Some(ending) if !fits => format!("{name}.{ending}"),
        _ => name.to_owned(),
    }
}

/// A size as people read it: `218 KB`, `1.5 MB`.
pub fn size_label(bytes: i64) -> String {
    match bytes {
        ..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{} KB", (bytes + 512) / 1_024),
        _ => format!("{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c6_files_chosen_together_stand_as_chosen_among_the_others() {
        assert_eq!(as_chosen(&["旧", "丙", "甲", "别人的", "乙"], &["甲", "乙", "没有到", "丙"]), ["旧", "甲", "乙", "别人的", "丙"]);
        assert_eq!(as_chosen(&["乙", "甲"], &[]), ["乙", "甲"]);
    }

    #[test]
    fn c6_a_file_is_judged_by_its_content() {
        assert_eq!(FileKind::of(b"%PDF-1.7\n"), Some(FileKind::Pdf));
        assert_eq!(FileKind::of(b"PK\x03\x04....[Content_Types].xml....xl/workbook.xml"), Some(FileKind::Xlsx));
        assert_eq!(FileKind::of(b"PK\x03\x04....OFD.xml"), Some(FileKind::Ofd));
        for other in [&b"<script>alert(1)</script>"[..], b"PK\x03\x04....evil.exe", b"MZ\x90", b"", b"<svg xmlns=", b"GIF89a"] {
            assert_eq!(FileKind::of(other), None);
        }
    }

    /// A container of OLE with these parts, as far as it is looked at.
    fn ole(parts: &[&str]) -> Vec<u8> {
        let names = parts.iter().flat_map(|part| part.encode_utf16().chain([0, 0]).flat_map(u16::to_le_bytes));
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".iter().copied().chain(names).collect()
    }

    #[test]
    fn c6_of_the_old_containers_only_documents_are_taken_and_nothing_with_macros() {
        assert_eq!(judge(&ole(&["Root Entry", "WordDocument"]), 1_000), Ok(FileKind::Office97));
        assert_eq!(judge(&ole(&["Root Entry", "Workbook"]), 1_000), Ok(FileKind::Office97));
        assert_eq!(judge(&ole(&["Root Entry", "\u{5}SummaryInformation"]), 1_000), Err(FileRefused::Kind), "an installer");
        assert_eq!(judge(&ole(&["WordDocument", "Macros", "_VBA_PROJECT"]), 1_000), Err(FileRefused::Macros));
        let document = b"PK\x03\x04 word/document.xml".to_vec();
        assert_eq!(judge(&document, 1_000), Ok(FileKind::Docx));
        let with_macros = [&document[..], b"PK\x03\x04 word/vbaProject.bin"].concat();
        assert_eq!(judge(&with_macros, 1_000), Err(FileRefused::Macros));
    }

    #[test]
    fn c6_a_file_is_taken_up_to_its_limits() {
        assert_eq!(judge(b"%PDF-1.7", 8), Ok(FileKind::Pdf));
        assert_eq!(judge(b"%PDF-1.7 ", 8), Err(FileRefused::TooLarge(0)));
        assert_eq!(judge(b"", 8), Err(FileRefused::Empty));
        assert_eq!(judge(b"MZ", 8), Err(FileRefused::Kind));
        assert_eq!((may_add(FILES_MAX - 1), may_add(FILES_MAX)), (Ok(()), Err(FileRefused::TooMany)));
        assert!(FileRefused::TooMany.to_string().contains("最多 20 个"));
    }

    #[test]
    fn c6_names_lose_what_could_mislead() {
        assert_eq!(clean_name("C:\\资料\\说明.pdf"), "说明.pdf");
        assert_eq!(clean_name("../../etc/passwd"), "passwd");
        assert_eq!(clean_name("说明\u{202e}fdp.exe\r\nX: 1"), "说明fdp.exeX_ 1");
        assert_eq!(clean_name("说\u{2028}明\u{2029}\u{61c}\u{2060}\u{ad}\u{180e}\u{e0041}.pdf"), "说明.pdf");
        assert_eq!(clean_name("..."), "附件");
        assert_eq!(clean_name(&format!("{}.pdf", "长".repeat(300))).chars().count(), 120);
        let name = clean_name(&format!("{}.pdf", "长".repeat(300)));
        assert_eq!(name.rsplit('.').next(), Some("pdf"));
    }

    #[test]
    fn c6_the_ending_says_what_the_content_is() {
        assert_eq!(named("说明.PDF", FileKind::Pdf), "说明.PDF");
        assert_eq!(named("说明.html", FileKind::Pdf), "说明.html.pdf");
        assert_eq!(named("表.xls", FileKind::Office97), "表.xls");
        assert_eq!(named("附件", FileKind::Docx), "附件.docx");
    }

    #[test]
    fn c6_what_may_be_uploaded_is_said_before_it_is_chosen() {
        let said = limits(20);
        assert!(said.contains("不超过 20 MB") && said.contains("最多 20 个"), "{said}");
        for name in ["PDF", "PNG", "JPEG", "docx", "xlsx", "OFD"] {
            assert!(said.contains(name), "{said}");
        }
    }

    #[test]
    fn c6_only_documents_and_pictures_that_no_script_can_hide_in_are_shown() {
        assert_eq!(preview("application/pdf"), Some(Preview::Pages));
        assert_eq!([preview("image/png"), preview("image/jpeg")], [Some(Preview::Image); 2]);
        for other in ["text/html", "image/svg+xml", "application/ofd", "application/x-ole-storage", ""] {
            assert_eq!(preview(other), None, "{other}");
        }
    }

    #[test]
    fn c6_an_order_moves_files_and_neither_adds_nor_loses_one() {
        assert_eq!(ordered(&[1, 2, 3], &[3, 1, 2]), [3, 1, 2]);
        assert_eq!(ordered(&[1, 2, 3], &[3, 9, 3]), [3, 1, 2], "one that is gone, one named twice, two not named");
        assert_eq!(ordered(&[1, 2], &[]), [1, 2]);
    }

    #[test]
    fn c6_a_file_is_replaced_a_bounded_number_of_times() {
        assert_eq!((may_replace(OLDER_MAX - 1), may_replace(OLDER_MAX)), (Ok(()), Err(FileRefused::TooManyOlder)));
    }

    #[test]
    fn c6_sizes_are_readable() {
        assert_eq!([size_label(12), size_label(223_232), size_label(1_572_864)], ["12 B", "218 KB", "1.5 MB"]);
    }
}
