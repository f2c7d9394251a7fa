//! The text with its figures put in, for whatever is not HTML: what is hidden on the page is not in it, and nothing else is decided anew.

use super::{DETAIL_CAPTION, DETAIL_HEADER, NONE, are_wordless, head_of, is_wordless, item_shown, measure};
use crate::domain::announcement::document::{Align, Block, Cell, Document, Inline, Level, Marks};
use crate::domain::announcement::figures::{Figures, NoticeLine};

/// A block as the page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// A heading with words.
    Heading(Level, Align, Vec<Words>),
    /// A paragraph, perhaps empty.
    Paragraph(Align, Vec<Words>),
    /// A list, ordered or not.
    List(bool, Vec<Vec<Shown>>),
    /// A table of the author; so many of its rows are its head.
    Table(usize, Vec<Vec<ShownCell>>),
    /// The 明细.
    Detail(Vec<DetailRow>),
}

/// Words that are marked alike; `\n` is a new line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The words.
    pub text: String,
    /// How they are marked.
    pub marks: Marks,
}

/// A cell of an author's table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownCell {
    /// Whether it heads its column or row.
    pub is_header: bool,
    /// Columns it covers.
    pub columns: u32,
    /// Rows it covers.
    pub rows: u32,
    /// Paragraphs and lists.
    pub content: Vec<Shown>,
}

/// A row of the 明细.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DetailRow {
    /// 序号, 项目名称, 预留选项, 采购金额 and the words of 合同链接, in the order of [`DETAIL_HEADER`].
    pub cells: [String; 5],
    /// Where 合同链接 leads.
    pub url: Option<String>,
}

/// What the page shows, from top to bottom.
pub fn shown(document: &Document, figures: &Figures) -> Vec<Shown> {
    blocks(&document.blocks, figures)
}

fn blocks(all: &[Block], figures: &Figures) -> Vec<Shown> {
    all.iter().filter(|block| super::shown(block, figures)).map(|block| one(block, figures)).collect()
}

fn one(block: &Block, figures: &Figures) -> Shown {
    match block {
        Block::Heading { align, content, .. } if is_wordless(content, figures) => Shown::Paragraph(*align, words(content, figures)),
        Block::Heading { level, align, content } => Shown::Heading(*level, *align, words(content, figures)),
        Block::Paragraph { align, content } => Shown::Paragraph(*align, words(content, figures)),
        Block::BulletList(items) => Shown::List(false, list(items, figures)),
        Block::OrderedList(items) => Shown::List(true, list(items, figures)),
        Block::Table(rows) => {
            let cells = |row: &Vec<Cell>| row.iter().map(|each| cell(each, figures)).collect();
            Shown::Table(head_of(rows), rows.iter().map(cells).collect())
        }
        Block::DetailTable => Shown::Detail((1_usize..).zip(&figures.lines).map(|(number, line)| row(number, line)).collect()),
    }
}

fn list(items: &[Vec<Block>], figures: &Figures) -> Vec<Vec<Shown>> {
    items.iter().filter(|item| item_shown(item, figures)).map(|item| blocks(item, figures)).collect()
}

fn cell(cell: &Cell, figures: &Figures) -> ShownCell {
    ShownCell {
        is_header: cell.header && !are_wordless(&cell.content, figures),
        columns: cell.colspan,
        rows: cell.rowspan,
        content: blocks(&cell.content, figures),
    }
}

fn words(content: &[Inline], figures: &Figures) -> Vec<Words> {
    let mut found: Vec<Words> = Vec::new();
    for inline in content {
        let next = match inline {
            Inline::Text { text, marks } => Words { text: text.clone(), marks: marks.clone() },
            Inline::HardBreak => Words { text: "\n".to_owned(), marks: Marks::default() },
            Inline::Chip(chip) => Words { text: figures.value(*chip), marks: Marks::default() },
        };
        match found.last_mut() {
            Some(last) if last.marks == next.marks => last.text.push_str(&next.text),
            _ => found.push(next),
        }
    }
    found
}

fn row(number: usize, line: &NoticeLine) -> DetailRow {
    let link = if line.url.is_some() { "查看合同" } else { NONE };
    DetailRow {
        cells: [number.to_string(), line.project_name.clone(), measure(line), line.sme.wan(), link.to_owned()],
        url: line.url.clone(),
    }
}

/// The words of blocks, each in its turn: what whoever draws them must say.
pub fn said(blocks: &[Shown]) -> String {
    let of = |words: &[Words]| words.iter().map(|each| each.text.as_str()).collect::<String>();
    let mut text = String::new();
    for block in blocks {
        match block {
            Shown::Heading(_, _, words) | Shown::Paragraph(_, words) => text.push_str(&of(words)),
            Shown::List(_, items) => text.extend(items.iter().map(|item| said(item))),
            Shown::Table(_, rows) => text.extend(rows.iter().flatten().map(|cell| said(&cell.content))),
            Shown::Detail(rows) => {
                text.push_str(DETAIL_CAPTION);
                text.extend(DETAIL_HEADER);
                text.extend(rows.iter().flat_map(|row| row.cells.iter().map(String::as_str)));
            }
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::plain_text;
    use super::*;
    use crate::domain::announcement::document::strategy;
    use crate::domain::announcement::figures::sample;
    use proptest::prelude::*;

    fn bare(text: &str) -> String {
        text.split_whitespace().collect()
    }

    proptest! {
        #[test]
        fn d5_what_is_shown_says_what_the_page_says(document in strategy::document(), is_zero in any::<bool>()) {
            let figures = if is_zero { sample::zero() } else { sample::figures() };
            prop_assert_eq!(bare(&said(&shown(&document, &figures))), bare(&plain_text(&document, &figures)));
        }
    }

    #[test]
    fn d5_a_figure_is_not_marked_and_joins_the_words_around_it() {
        let text = |text: &str| Inline::Text { text: text.to_owned(), marks: Marks::default() };
        let content = [text("占"), Inline::Chip(crate::domain::announcement::document::Chip::Ratio), text("%。")];
        assert_eq!(words(&content, &sample::figures()), [Words { text: "占31.91%。".to_owned(), marks: Marks::default() }]);
    }
}
