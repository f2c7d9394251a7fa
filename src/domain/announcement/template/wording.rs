//! What must stand in every template, because programs that read the published pages look for it; and the example data by which a template is
//! judged and shown.

use super::pattern::{TitlePattern, placeholder};
use super::{Wording, filled};
use crate::domain::announcement::document::{Block, Chip, Document, Inline};
use crate::domain::announcement::figures::{Figures, NoticeLine};
use crate::domain::announcement::render::{FindingKind, Severity, TextFinding, check};
use crate::domain::contract::Measure;
use crate::domain::money::{Money, Ratio};

/// Two years by which a template is tried: what names a year by hand is wrong for one of them at least.
const TRIED: [i32; 2] = [2024, 2025];

/// The wording that programs look for in the text, chips as their names in braces.
const REQUIRED: [&str; 4] = [
    "面向中小企业采购共计｛中小企业采购金额｝万元",
    "面向小微企业采购｛小微企业采购金额｝万元",
    "占｛占比｝%",
    "部门（单位）名称：｛单位名称｝",
];

/// The wording by which programs read the year; the title may hold it as well.
const YEAR: &str = "｛年度｝年面向中小企业";

/// Example data for looking at a template.
pub fn example(year: i32) -> Figures {
    let line = |project_name: &str, measure, fen| NoticeLine {
        project_name: project_name.to_owned(),
        measure: Some(measure),
        pct: None,
        sme: Money::from_fen(fen),
        url: Some("https://example.org/contract".to_owned()),
    };
    let lines = vec![
        line("办公设备采购项目", Measure::Whole, 463_541_447),
        line("信息系统运行维护项目", Measure::Package, 1_204_500_000),
        line("房屋修缮工程项目", Measure::Subcontract, 186_200_000),
    ];
    let (sme, small_micro) = (lines.iter().map(|line| line.sme).sum(), Money::from_fen(591_731_447));
    Figures {
        unit: "示例预算单位".to_owned(),
        year,
        sme,
        small_micro,
        ratio: Ratio::of(small_micro, sme),
        remark: "（示例）未达到规定预留份额的原因和改进措施。".to_owned(),
        date: None,
        lines,
    }
}

/// Example data of a year without any reserved project.
pub fn example_zero(year: i32) -> Figures {
    Figures {
        sme: Money::ZERO,
        small_micro: Money::ZERO,
        ratio: Ratio::of(Money::ZERO, Money::ZERO),
        remark: String::new(),
        lines: Vec::new(),
        ..example(year)
    }
}

/// The text with chips as their names in braces, blanks beside them left out as programs do; the chips; whether the 明细 stands in it.
#[derive(Default)]
struct Marked {
    text: String,
    chips: Vec<Chip>,
    has_detail: bool,
}

impl Marked {
    fn of(document: &Document) -> Marked {
        let mut marked = Marked::default();
        marked.blocks(document.blocks());
        marked.text = marked.text.replace('％', "%");
        marked
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Heading { content, .. } | Block::Paragraph { content, .. } => self.line(content),
                Block::BulletList(items) | Block::OrderedList(items) => items.iter().for_each(|item| self.blocks(item)),
                Block::Table(rows) => rows.iter().flatten().for_each(|cell| self.blocks(&cell.content)),
                Block::DetailTable => self.has_detail = true,
            }
        }
    }

    fn line(&mut self, content: &[Inline]) {
        let mut line = String::new();
        for inline in content {
            match inline {
                Inline::Text { text, .. } if line.ends_with('｝') => line.push_str(text.trim_start()),
                Inline::Text { text, .. } => line.push_str(text),
                Inline::HardBreak => line.push('\n'),
                Inline::Chip(chip) => {
                    line.truncate(line.trim_end().len());
                    line.push_str(&placeholder(*chip));
                    self.chips.push(*chip);
                }
            }
        }
        self.text.push_str(&line);
        self.text.push('\n');
    }
}

fn lacks(kind: FindingKind, message: String) -> TextFinding {
    TextFinding { severity: Severity::Error, kind, message }
}

/// What is missing that must stand in every template.
fn missing(title: &TitlePattern, document: &Document) -> Vec<TextFinding> {
    let marked = Marked::of(document);
    let mut found = Vec::new();
    for words in REQUIRED.into_iter().filter(|words| !marked.text.contains(words)) {
        found.push(lacks(
            FindingKind::Wording,
            format!("正文缺少固定表述「{words}」（｛ ｝中的内容从「插入数据」中插入），外部系统按它读取公告"),
        ));
    }
    if !marked.text.contains(YEAR) && !title.as_str().contains(YEAR) {
        found.push(lacks(FindingKind::Wording, format!("标题和正文都缺少固定表述「{YEAR}」，外部系统按它读取年度")));
    }
    if !marked.has_detail {
        found.push(lacks(FindingKind::MissingData, "正文缺少「预留项目明细」，请从「插入数据」中插入".to_owned()));
    }
    for chip in [Chip::Remark, Chip::Date].into_iter().filter(|chip| !marked.chips.contains(chip)) {
        found.push(lacks(FindingKind::MissingData, format!("正文缺少数据项「{}」，请从「插入数据」中插入", chip.label())));
    }
    found
}

/// What a finding about example data says of a template.
fn of_template(finding: TextFinding, is_zero: bool) -> TextFinding {
    let message = match finding.kind {
        FindingKind::Year if finding.severity == Severity::Error => "公告标题中写着固定的年度，请改用｛年度｝".to_owned(),
        FindingKind::Year => "正文中写着固定的年度，请核对；随公告变化的年度应使用数据项「年度」".to_owned(),
        FindingKind::TypedAmount => match finding.message.split_once('「').and_then(|(_, rest)| rest.split_once('」')) {
            Some((typed, _)) => format!("正文中写着固定的金额「{typed}」，请核对；随公告变化的金额应使用数据项"),
            None => finding.message,
        },
        FindingKind::TypedCount => "正文中写着固定的项目个数，请核对；它不随公告变化".to_owned(),
        _ if is_zero => format!("没有预留项目的年度（零报告）：{}", finding.message),
        _ => finding.message,
    };
    TextFinding { message, ..finding }
}

/// Everything to say about a template: errors first, which keep it from being stored; the rest is to be looked at.
pub fn findings(wording: &Wording) -> Vec<TextFinding> {
    let mut found = missing(&wording.title, &wording.document);
    let is_whole = found.is_empty();
    for year in TRIED {
        for figures in [example(year), example_zero(year)] {
            let text = filled(&wording.document, &figures);
            let told = check(&text, &figures, &wording.title.fill(&figures.unit, year)).into_iter();
            // What is missing was said above, in the words of a template.
            let told = told.filter(|finding| is_whole || !matches!(finding.kind, FindingKind::MissingData | FindingKind::Wording));
            for finding in told.map(|finding| of_template(finding, figures.is_zero())) {
                if !found.contains(&finding) {
                    found.push(finding);
                }
            }
        }
    }
    found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::announcement::document::strategy;
    use crate::domain::announcement::document::{Align, Marks};
    use proptest::prelude::*;

    fn with(change: impl FnOnce(&mut Wording)) -> Vec<(Severity, String)> {
        let mut wording = Wording::official();
        change(&mut wording);
        findings(&wording).into_iter().map(|finding| (finding.severity, finding.message)).collect()
    }

    fn paragraph(text: &str) -> Block {
        Block::Paragraph { align: Align::Left, content: vec![Inline::Text { text: text.to_owned(), marks: Marks::default() }] }
    }

    #[test]
    fn e6_the_official_template_has_everything() {
        assert_eq!(with(|_| {}), []);
    }

    #[test]
    fn e6_every_piece_of_the_mandatory_wording_is_named_when_it_is_missing() {
        for (at, words) in
            [(1, "面向中小企业采购共计"), (2, "预留项目明细"), (3, "「备注」"), (4, "部门（单位）名称："), (5, "「发布日期」")]
        {
            let found = with(|wording| drop(wording.document.blocks.remove(at)));
            assert!(found.iter().any(|(severity, message)| *severity == Severity::Error && message.contains(words)), "{words}: {found:?}");
        }
        let found = with(|wording| drop(wording.document.blocks.remove(1)));
        assert_eq!(found.len(), 3, "the two amounts and the ratio: {found:?}");
        let found = with(|wording| {
            wording.title = TitlePattern::parse("｛单位名称｝｛年度｝公告").unwrap();
            wording.document.blocks.remove(0);
        });
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].1.contains("「｛年度｝年面向中小企业」"), "{found:?}");
    }

    #[test]
    fn e6_blanks_beside_a_figure_are_as_good_as_none_and_other_words_are_not() {
        let spaced = |lead: &str| {
            with(|wording| {
                let Block::Paragraph { content, .. } = &mut wording.document.blocks[1] else { panic!("the sums") };
                let Inline::Text { text, .. } = &mut content[2] else { panic!("words") };
                *text = format!("年预留项目{lead}");
            })
        };
        assert_eq!(spaced("面向中小企业采购共计 \u{3000}"), []);
        assert_eq!(spaced("面向中小企业采购合计").len(), 1);
    }

    #[test]
    fn e6_years_and_amounts_written_by_hand_are_pointed_out() {
        for year in TRIED {
            let found = with(|wording| wording.title = TitlePattern::parse(&format!("｛单位名称｝｛年度｝年（{year}年）公告")).unwrap());
            assert_eq!(found, [(Severity::Error, "公告标题中写着固定的年度，请改用｛年度｝".to_owned())]);
            let found = with(|wording| wording.document.blocks.push(paragraph(&format!("{year}年面向中小企业的项目。"))));
            assert!(matches!(&found[..], [(Severity::Warning, message)] if message.contains("固定的年度")), "{found:?}");
        }
        let found = with(|wording| wording.document.blocks.push(paragraph("200万元以下的项目全部预留。")));
        assert!(matches!(&found[..], [(Severity::Warning, message)] if message.contains("「200万元」")), "{found:?}");
        let found = with(|wording| wording.document.blocks.push(paragraph("面向中小企业采购共计如下。")));
        assert!(matches!(&found[..], [(Severity::Error, message)] if message.contains("零报告")), "{found:?}");
    }

    proptest! {
        /// Whatever else stands in a template that may be stored: an announcement made from it has no error, with any data.
        #[test]
        fn e6_an_announcement_made_from_a_stored_template_begins_without_an_error(
            after in strategy::document(),
            sme in 0_i64..9_000_000_000, part in 0_i64..=100, year in 2021..2100, lines in 0_usize..4,
        ) {
            let official = Wording::official();
            let blocks = official.document.blocks.into_iter().chain(after.blocks).collect();
            let wording = Wording { title: official.title, document: Document { blocks } };
            if findings(&wording).iter().any(|finding| finding.severity == Severity::Error) {
                return Ok(());
            }
            let mut figures = example(year);
            figures.lines.truncate(lines);
            figures.sme = Money::from_fen(if lines == 0 { 0 } else { sme });
            figures.small_micro = Money::from_fen(figures.sme.fen() / 100 * part);
            figures.ratio = Ratio::of(figures.small_micro, figures.sme);
            let text = filled(&wording.document, &figures);
            let mut wrong = check(&text, &figures, &wording.title.fill(&figures.unit, year));
            wrong.retain(|finding| finding.severity == Severity::Error);
            prop_assert!(wrong.is_empty(), "{wrong:?}");
        }

        #[test]
        fn a13_a_template_without_projects_keeps_no_sum_and_says_so_once(document in strategy::document()) {
            let zero = example_zero(2024);
            let text = filled(&document, &zero);
            let marked = Marked::of(&text);
            prop_assert!(!marked.has_detail && !marked.chips.iter().any(|chip| matches!(chip, Chip::SmeAmount | Chip::SmallMicroAmount | Chip::Ratio)));
            prop_assert_eq!(marked.text.matches("｛年度｝年无面向中小企业预留项目。").count(), 1);
        }
    }
}
