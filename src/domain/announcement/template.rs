//! 公告模板: the wording that an announcement begins with. The official one (财库〔2020〕46号, annex 2) is shipped and always there; others are
//! kept by the 系统管理员 for a place and its years.
//!
//! Always: a template is a typed document with chips where the data stand, and a title with placeholders; an announcement takes its own copy when
//! it is created, so that no later change of a template reaches it. Programs read these pages: the wording that they look for is emitted
//! exactly; no template is stored without it ([`wording`]), and `render::check` says when an edit of an announcement broke it.
//! Elsewhere: where and when a template serves is [`scope`], what becomes of one that was taken is [`taken`], the title is [`pattern`], what is typed into the form is [`draft`].

pub mod draft;
pub mod pattern;
pub mod scope;
pub mod taken;
pub mod wording;

use crate::domain::announcement::document::{Align, Block, Chip, Document, Inline, Marks};
use crate::domain::announcement::figures::Figures;
use pattern::TitlePattern;

/// What people call the template that is shipped.
pub const OFFICIAL: &str = "官方模板";

/// What a template says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// The title, with placeholders.
    pub title: TitlePattern,
    /// The text of a year with projects; that of a year without any follows from it ([`filled`]).
    pub document: Document,
}

impl Wording {
    /// As the ministry words it.
    pub fn official() -> Wording {
        Wording { title: TitlePattern::official(), document: official_document() }
    }
}

/// The title as the ministry words it. It is not part of the document: the page shows it above.
pub fn title(unit: &str, year: i32) -> String {
    TitlePattern::official().fill(unit, year)
}

/// The text as the ministry words it; for a year without projects the sentence that says so, without table and ratio.
pub fn official(figures: &Figures) -> Document {
    filled(&official_document(), figures)
}

/// The text that an announcement of these data begins with.
pub fn filled(template: &Document, figures: &Figures) -> Document {
    if figures.is_zero() { without_projects(template) } else { template.clone() }
}

/// The text of a 零报告: the sentence that says so stands where the first of the sums stood; the others go, and the 明细.
fn without_projects(template: &Document) -> Document {
    let mut blocks = Vec::with_capacity(template.blocks.len());
    let mut is_said = false;
    let sentence = || paragraph(Align::Left, vec![words("本部门（单位）"), Inline::Chip(Chip::Year), words("年无面向中小企业预留项目。")]);
    for block in template.blocks.iter().filter(|block| **block != Block::DetailTable) {
        if !speaks_of_sums(block) {
            blocks.push(block.clone());
        } else if !is_said {
            blocks.push(sentence());
            is_said = true;
        }
    }
    if !is_said {
        blocks.push(sentence());
    }
    Document { blocks }
}

/// Whether a sum of the data stands somewhere in the block.
fn speaks_of_sums(block: &Block) -> bool {
    let is_sum = |inline: &Inline| matches!(inline, Inline::Chip(Chip::SmeAmount | Chip::SmallMicroAmount | Chip::Ratio));
    match block {
        Block::Heading { content, .. } | Block::Paragraph { content, .. } => content.iter().any(is_sum),
        Block::BulletList(items) | Block::OrderedList(items) => items.iter().flatten().any(speaks_of_sums),
        Block::Table(rows) => rows.iter().flatten().flat_map(|cell| &cell.content).any(speaks_of_sums),
        Block::DetailTable => false,
    }
}

/// The text of annex 2 for a year with projects.
fn official_document() -> Document {
    let blocks = vec![
        paragraph(
            Align::Left,
            vec![
                words("根据《政府采购促进中小企业发展管理办法》（财库〔2020〕46号）要求，现对本部门（单位）"),
                Inline::Chip(Chip::Year),
                words("年面向中小企业预留项目执行情况公告如下："),
            ],
        ),
        paragraph(
            Align::Left,
            vec![
                words("本部门（单位）"),
                Inline::Chip(Chip::Year),
                words("年预留项目面向中小企业采购共计"),
                Inline::Chip(Chip::SmeAmount),
                words("万元，其中，面向小微企业采购"),
                Inline::Chip(Chip::SmallMicroAmount),
                words("万元，占"),
                Inline::Chip(Chip::Ratio),
                words("%。"),
            ],
        ),
        Block::DetailTable,
        paragraph(Align::Left, vec![words("备注："), Inline::Chip(Chip::Remark)]),
        paragraph(Align::Right, vec![words("部门（单位）名称："), Inline::Chip(Chip::Unit)]),
        paragraph(Align::Right, vec![words("日期："), Inline::Chip(Chip::Date)]),
    ];
    Document { blocks }
}

fn paragraph(align: Align, content: Vec<Inline>) -> Block {
    Block::Paragraph { align, content }
}

fn words(text: &str) -> Inline {
    Inline::Text { text: text.to_owned(), marks: Marks::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::announcement::figures::sample;
    use crate::domain::announcement::render::{check, plain_text};

    #[test]
    fn c7_the_official_text_reads_as_the_ministry_words_it() {
        let figures = sample::figures();
        let text = plain_text(&official(&figures), &figures);
        let expected = "根据《政府采购促进中小企业发展管理办法》（财库〔2020〕46号）要求，现对本部门（单位）2025年面向中小企业预留项目执行情况公告如下：\n\
                        本部门（单位）2025年预留项目面向中小企业采购共计1854.241447万元，其中，面向小微企业采购591.731447万元，占31.91%。\n\
                        面向中小企业预留项目明细\n";
        assert!(text.starts_with(expected), "{text}");
        assert!(text.ends_with("部门（单位）名称：上海机动车管理中心\n日期：2026年3月15日\n"), "{text}");
    }

    #[test]
    fn a13_a_zero_report_says_so_and_has_neither_table_nor_ratio() {
        let figures = sample::zero();
        let document = official(&figures);
        let text = plain_text(&document, &figures);
        assert!(text.contains("本部门（单位）2025年无面向中小企业预留项目。"));
        assert!(!document.blocks().contains(&Block::DetailTable));
        for absent in ["共计", "占", "明细", "备注"] {
            assert!(!text.contains(absent), "{absent} in {text}");
        }
        assert!(text.ends_with("日期：发布当日\n"), "{text}");
    }

    #[test]
    fn e6_the_official_text_passes_its_own_check() {
        for figures in [sample::figures(), sample::zero()] {
            assert_eq!(check(&official(&figures), &figures, &title(&figures.unit, figures.year)), []);
        }
    }

    #[test]
    fn c7_the_official_text_survives_the_editor() {
        let document = official(&sample::figures());
        assert_eq!(Document::from_value(&document.to_json()), Ok(document));
    }

    #[test]
    fn c7_the_title_names_unit_and_year() {
        assert_eq!(title("上海机动车管理中心", 2025), "上海机动车管理中心2025年面向中小企业预留项目执行情况公告");
    }
}
