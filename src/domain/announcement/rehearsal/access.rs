//! Whether everyone can read the page: the order of headings, and tables that say what their columns are. Pictures cannot stand
//! in the text, so no description of one can be missing; the words of links are judged beside the links.

use super::{Found, Subject, Weight};
use crate::domain::announcement::document::{Block, Cell, Document, Inline, Level};

/// Headings and tables.
pub(super) fn look(document: &Document, found: &mut Found) {
    // The page's title stands above the text, so a text may begin with 标题1 only.
    let mut above = 0;
    let mut tables = 0;
    for block in &document.blocks {
        match block {
            Block::Heading { level, content, .. } => {
                heading(*level, content, above, found);
                above = level.number();
            }
            Block::Table(rows) => {
                tables += 1;
                table(rows, tables, found);
            }
            Block::Paragraph { .. } | Block::BulletList(_) | Block::OrderedList(_) | Block::DetailTable => {}
        }
    }
}

fn words(content: &[Inline]) -> String {
    let piece = |inline: &Inline| match inline {
        Inline::Text { text, .. } => text.clone(),
        Inline::HardBreak => " ".to_owned(),
        Inline::Chip(chip) => format!("｛{}｝", chip.label()),
    };
    content.iter().map(piece).collect::<String>().trim().to_owned()
}

fn heading(level: Level, content: &[Inline], above: u8, found: &mut Found) {
    let words = words(content);
    let number = level.number();
    if words.is_empty() {
        let message = format!("正文中有一个空的标题{number}");
        return found.say(Weight::Look, Subject::Access, message, "请填写标题的文字，或把它改为正文");
    }
    if number > above + 1 {
        let before = if above == 0 { "公告标题".to_owned() } else { format!("标题{above}") };
        found.say(
            Weight::Look,
            Subject::Access,
            format!("「{words}」是标题{number}，但它上面只有{before}，跳过了一级"),
            format!("请改为标题{}", above + 1),
        );
    }
}

fn table(rows: &[Vec<Cell>], number: usize, found: &mut Found) {
    let heads_row = rows.first().is_some_and(|row| row.iter().all(|cell| cell.header));
    let heads_column = rows.iter().all(|row| row.first().is_some_and(|cell| cell.header));
    if !heads_row && !heads_column {
        found.say(
            Weight::Look,
            Subject::Access,
            format!("正文中第 {number} 个表格没有表头，读屏软件的用户听不出各列是什么"),
            "请把第一行设为表头",
        );
    }
}
