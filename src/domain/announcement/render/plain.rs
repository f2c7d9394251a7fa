//! The text without tags: what programs and people who copy the page get.

use super::{DETAIL_CAPTION, DETAIL_HEADER, NONE, item_shown, measure, shown};
use crate::domain::announcement::document::{Block, Document, Inline};
use crate::domain::announcement::figures::Figures;

/// What a reader of the rendered page gets as text: a line for each block, cells separated by tabs.
pub fn plain_text(document: &Document, figures: &Figures) -> String {
    let mut text = String::new();
    blocks(&document.blocks, figures, &mut text);
    text
}

fn blocks(blocks: &[Block], figures: &Figures, text: &mut String) {
    for block in blocks.iter().filter(|block| shown(block, figures)) {
        match block {
            Block::Heading { content, .. } | Block::Paragraph { content, .. } => {
                line(content, figures, text);
                text.push('\n');
            }
            Block::BulletList(items) | Block::OrderedList(items) => {
                for item in items.iter().filter(|item| item_shown(item, figures)) {
                    self::blocks(item, figures, text);
                }
            }
            Block::Table(rows) => {
                for row in rows {
                    for cell in row {
                        self::blocks(&cell.content, figures, text);
                        if text.ends_with('\n') {
                            text.pop();
                        }
                        text.push('\t');
                    }
                    text.push('\n');
                }
            }
            Block::DetailTable => detail(figures, text),
        }
    }
}

fn line(content: &[Inline], figures: &Figures, text: &mut String) {
    for inline in content {
        match inline {
            Inline::Text { text: words, .. } => text.push_str(words),
            Inline::HardBreak => text.push('\n'),
            Inline::Chip(chip) => text.push_str(&figures.value(*chip)),
        }
    }
}

fn detail(figures: &Figures, text: &mut String) {
    text.push_str(DETAIL_CAPTION);
    text.push('\n');
    text.push_str(&DETAIL_HEADER.join("\t"));
    text.push('\n');
    for (number, line) in (1_usize..).zip(&figures.lines) {
        let link = if line.url.is_some() { "查看合同" } else { NONE };
        text.push_str(&[number.to_string().as_str(), &line.project_name, &measure(line), &line.sme.wan(), link].join("\t"));
        text.push('\n');
    }
}
