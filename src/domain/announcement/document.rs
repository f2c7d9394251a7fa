//! The announcement's text as a typed tree.
//!
//! Always: a [`Document`] holds only what is listed here — no HTML, no style, no address but http and https — within the
//! bounds below. It is read from and written to the editor's JSON (ProseMirror's form) and nothing else; what the list does
//! not name is refused by name, because the editor's own checks do not run on the server.
//! Elsewhere: reading in `read`, writing in `write`, how it looks in `render`, the official wording in `template`.

mod read;
#[cfg(test)]
pub(super) mod strategy;
mod write;

pub use read::DocumentError;

use serde::{Deserialize, Serialize};

/// Deepest nesting of nodes, the document itself counted as 1.
pub const MAX_DEPTH: usize = 12;
/// Most nodes, pieces of text counted.
pub const MAX_NODES: usize = 2_000;
/// Most characters of text and addresses together.
pub const MAX_CHARACTERS: usize = 50_000;
/// Longest JSON text that is looked at, in bytes.
pub const MAX_BYTES: usize = 1_000_000;
/// Most columns of a table, and the widest cell.
pub const MAX_COLUMNS: u32 = 20;
/// Most rows of a table, and the tallest cell.
pub const MAX_ROWS: u32 = 200;

/// The text of an announcement, without its title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub(super) blocks: Vec<Block>,
}

impl Document {
    /// The blocks from top to bottom; at least one.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// Whether two JSON texts are the same document, however they are written; texts that are none are compared as they are.
    pub fn same(one: &str, other: &str) -> bool {
        one == other || matches!((Document::parse(one), Document::parse(other)), (Ok(one), Ok(other)) if one == other)
    }
}

/// How a line is set. The first-line indent of left-aligned paragraphs is style, not data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// The usual.
    #[default]
    Left,
    /// 居中.
    Center,
    /// 右对齐, as the signature lines.
    Right,
}

/// 标题1 to 标题3; the page's own title stands above them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// 标题1.
    One,
    /// 标题2.
    Two,
    /// 标题3.
    Three,
}

impl Level {
    /// 1, 2 or 3.
    pub const fn number(self) -> u8 {
        match self {
            Level::One => 1,
            Level::Two => 2,
            Level::Three => 3,
        }
    }
}

/// A block. Items of lists and cells of tables hold paragraphs and lists only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading inside the text.
    Heading {
        /// 标题1 to 标题3.
        level: Level,
        /// How it is set.
        align: Align,
        /// What it says.
        content: Vec<Inline>,
    },
    /// A paragraph, possibly empty.
    Paragraph {
        /// How it is set.
        align: Align,
        /// What it says.
        content: Vec<Inline>,
    },
    /// 项目符号. Each item begins with a paragraph.
    BulletList(Vec<Vec<Block>>),
    /// 编号, counted from 1. Each item begins with a paragraph.
    OrderedList(Vec<Vec<Block>>),
    /// A table that the author drew: rows of cells, at least one cell.
    Table(Vec<Vec<Cell>>),
    /// 预留项目明细: stands for the table of the data.
    DetailTable,
}

/// A cell of an author's table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Whether it heads its column or row.
    pub header: bool,
    /// Columns it covers, 1…[`MAX_COLUMNS`].
    pub colspan: u32,
    /// Rows it covers, 1…[`MAX_ROWS`].
    pub rowspan: u32,
    /// Paragraphs and lists, at least one.
    pub content: Vec<Block>,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Words.
    Text {
        /// Never empty, no control characters.
        text: String,
        /// How they are marked.
        marks: Marks,
    },
    /// A new line inside a paragraph.
    HardBreak,
    /// A value of the data. Never marked: programs read the figure as plain text.
    Chip(Chip),
}

/// How a piece of text is marked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// 加粗.
    pub bold: bool,
    /// 斜体.
    pub italic: bool,
    /// 下划线.
    pub underline: bool,
    /// 链接: an address that `text::link` accepts.
    pub link: Option<String>,
}

/// A placeholder in the text, bound to the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Chip {
    /// 单位名称.
    Unit,
    /// 年度.
    Year,
    /// 中小企业采购金额, in 万元.
    SmeAmount,
    /// 小微企业采购金额, in 万元.
    SmallMicroAmount,
    /// 占比, without the percent sign.
    Ratio,
    /// 备注.
    Remark,
    /// 发布日期.
    Date,
}

impl Chip {
    /// All of them, in the order of the menu 「插入数据」.
    pub const ALL: [Chip; 7] = [Chip::Unit, Chip::Year, Chip::SmeAmount, Chip::SmallMicroAmount, Chip::Ratio, Chip::Remark, Chip::Date];

    /// What the screen calls it.
    pub const fn label(self) -> &'static str {
        match self {
            Chip::Unit => "单位名称",
            Chip::Year => "年度",
            Chip::SmeAmount => "中小企业采购金额",
            Chip::SmallMicroAmount => "小微企业采购金额",
            Chip::Ratio => "占比",
            Chip::Remark => "备注",
            Chip::Date => "发布日期",
        }
    }

    /// Its name in the stored text.
    pub const fn code(self) -> &'static str {
        match self {
            Chip::Unit => "unit",
            Chip::Year => "year",
            Chip::SmeAmount => "sme_amount",
            Chip::SmallMicroAmount => "small_micro_amount",
            Chip::Ratio => "ratio",
            Chip::Remark => "remark",
            Chip::Date => "date",
        }
    }

    /// The chip of a stored name.
    pub fn from_code(code: &str) -> Option<Chip> {
        Chip::ALL.into_iter().find(|chip| chip.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c7_a_chip_has_one_name_in_the_text_and_on_the_network() {
        for chip in Chip::ALL {
            assert_eq!(Chip::from_code(chip.code()), Some(chip));
            assert_eq!(serde_json::to_value(chip).unwrap(), chip.code());
        }
        assert_eq!(Chip::from_code("script"), None);
    }
}
