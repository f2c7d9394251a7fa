use super::*;
use crate::domain::announcement::document::{Align, Marks};
use crate::domain::announcement::figures::sample;
use crate::domain::announcement::template::{official, title};

fn with(text: &str) -> Vec<TextFinding> {
    let figures = sample::figures();
    let mut document = official(&figures);
    document
        .blocks
        .push(Block::Paragraph { align: Align::Left, content: vec![Inline::Text { text: text.to_owned(), marks: Marks::default() }] });
    check(&document, &figures, &title(&figures.unit, figures.year))
}

fn kinds(findings: &[TextFinding]) -> Vec<(Severity, FindingKind)> {
    findings.iter().map(|finding| (finding.severity, finding.kind)).collect()
}

/// The official text with one chip's place taken by words.
fn replaced(chip: Chip, words: &str) -> Vec<TextFinding> {
    let figures = sample::figures();
    let mut document = official(&figures);
    for block in &mut document.blocks {
        if let Block::Paragraph { content, .. } = block {
            for inline in content.iter_mut().filter(|inline| **inline == Inline::Chip(chip)) {
                *inline = Inline::Text { text: words.to_owned(), marks: Marks::default() };
            }
        }
    }
    check(&document, &figures, &title(&figures.unit, figures.year))
}

#[test]
fn e6_an_amount_typed_by_hand_that_differs_is_pointed_out_with_the_data() {
    let findings = with("其中面向中小企业采购１，８００万元。");
    assert_eq!(kinds(&findings), [(Severity::Warning, FindingKind::TypedAmount)]);
    assert!(findings[0].message.contains("1,800万元") && findings[0].message.contains("1854.241447"), "{}", findings[0].message);
    let findings = with("面向中小企业采购1854.241447万元，面向小微企业采购1854.241447 万元");
    assert_eq!(kinds(&findings), [(Severity::Warning, FindingKind::TypedAmount)], "the right amount in the wrong place");
    assert!(findings[0].message.contains("591.731447"));
    assert_eq!(kinds(&with("其中，进口设备300万元")), [(Severity::Warning, FindingKind::TypedAmount)]);
}

#[test]
fn e6_an_amount_of_the_data_may_be_typed() {
    for text in [
        "面向中小企业采购1,854.241447万元",
        "合计 591.7314470 万元",
        "校舍维修工程186.2万元",
        "共 3 个项目，另有 12 个月",
        "采购共计0.19亿元，合计18542414.47元，其中2个项目",
        "每人每天120元，共三个项目",
        "预计2个项目，工程设计 2 个项目，第 5 个项目",
        "金额见上表，万元",
    ] {
        assert_eq!(with(text), [], "{text}");
    }
}

#[test]
fn e6_other_units_and_numbers_of_projects_are_measured_too() {
    for text in ["采购1.5亿元", "即150000000元", "面向小微企业采购0.19亿元", "合计0.1854亿元，另0.2854亿元"] {
        assert_eq!(kinds(&with(text)), [(Severity::Warning, FindingKind::TypedAmount)], "{text}");
    }
    for text in ["共40个项目", "采购共 2 个预留项目", "其中4个采购项目"] {
        assert_eq!(kinds(&with(text)), [(Severity::Warning, FindingKind::TypedCount)], "{text}");
    }
}

#[test]
fn e6_a_ratio_typed_by_hand_that_differs_is_pointed_out() {
    for text in ["小微企业占31.9%", "占比为 30 ％", "占比约达：100%"] {
        assert_eq!(kinds(&with(text)), [(Severity::Warning, FindingKind::TypedRatio)], "{text}");
    }
    for text in ["占31.91%", "占比 ３１．９１０％", "预留份额占预算总额的30%", "预留比例60%"] {
        assert_eq!(with(text), [], "{text}");
    }
}

#[test]
fn e6_a_missing_or_hand_made_sum_is_found() {
    assert_eq!(kinds(&replaced(Chip::SmeAmount, "1854.241447")), [(Severity::Warning, FindingKind::MissingData)]);
    let findings = replaced(Chip::SmeAmount, "1800");
    assert_eq!(kinds(&findings), [(Severity::Error, FindingKind::MissingData), (Severity::Warning, FindingKind::TypedAmount)]);
    assert_eq!(kinds(&replaced(Chip::Ratio, "")), [(Severity::Error, FindingKind::MissingData)]);
    assert_eq!(kinds(&replaced(Chip::Date, "2026年")), [(Severity::Warning, FindingKind::MissingData)]);
    assert_eq!(kinds(&replaced(Chip::Remark, "")), [(Severity::Warning, FindingKind::MissingData)]);
    assert_eq!(kinds(&replaced(Chip::Unit, "某局")), [(Severity::Warning, FindingKind::Unit)]);
}

#[test]
fn e6_a_chip_in_the_wrong_place_is_found() {
    let figures = sample::figures();
    let mut document = official(&figures);
    let Block::Paragraph { content, .. } = &mut document.blocks[1] else { panic!("the sums") };
    let at = content.iter().position(|inline| *inline == Inline::Chip(Chip::SmeAmount)).unwrap();
    let other = content.iter().position(|inline| *inline == Inline::Chip(Chip::SmallMicroAmount)).unwrap();
    content.swap(at, other);
    let findings = check(&document, &figures, &title(&figures.unit, 2025));
    assert_eq!(kinds(&findings), [(Severity::Error, FindingKind::Misplaced), (Severity::Error, FindingKind::Misplaced)]);
    content_with_digit_before_the_chip();
}

fn content_with_digit_before_the_chip() {
    let figures = sample::figures();
    let mut document = official(&figures);
    let Block::Paragraph { content, .. } = &mut document.blocks[1] else { panic!("the sums") };
    let at = content.iter().position(|inline| *inline == Inline::Chip(Chip::SmeAmount)).unwrap();
    content.insert(at, Inline::Text { text: "1".to_owned(), marks: Marks::default() });
    let findings = check(&document, &figures, &title(&figures.unit, 2025));
    assert!(kinds(&findings).contains(&(Severity::Error, FindingKind::Misplaced)), "{findings:?}");
}

#[test]
fn c7_another_year_in_title_or_text_is_found() {
    let figures = sample::figures();
    let findings = check(&official(&figures), &figures, &title(&figures.unit, 2024));
    assert_eq!(kinds(&findings), [(Severity::Error, FindingKind::Year)]);
    assert_eq!(
        kinds(&check(&official(&figures), &figures, "2025年面向中小企业预留项目执行情况公告")),
        [(Severity::Warning, FindingKind::Unit)]
    );
    assert_eq!(kinds(&with("现对2024年面向中小企业预留项目")), [(Severity::Warning, FindingKind::Year)]);
    assert_eq!(with("该办法自2021年1月1日起施行"), []);
}

#[test]
fn d5_wording_that_programs_look_for_is_missed_by_name() {
    let figures = sample::figures();
    let mut document = official(&figures);
    let Block::Paragraph { content, .. } = &mut document.blocks[1] else { panic!("the sums") };
    content[2] = Inline::Text { text: "年一共向中小企业买了".to_owned(), marks: Marks::default() };
    let findings = check(&document, &figures, &title(&figures.unit, 2025));
    assert_eq!(kinds(&findings), [(Severity::Warning, FindingKind::Wording)]);
    assert!(findings[0].message.contains("面向中小企业采购共计…万元"));
}

#[test]
fn a13_sums_in_a_zero_report_and_zero_words_with_data_are_errors() {
    let (figures, zero) = (sample::figures(), sample::zero());
    let name = title(&zero.unit, zero.year);
    let findings = check(&official(&figures), &zero, &name);
    assert_eq!(
        kinds(&findings),
        [
            (Severity::Error, FindingKind::ZeroReport),
            (Severity::Error, FindingKind::ZeroReport),
            (Severity::Warning, FindingKind::ZeroReport)
        ]
    );
    let findings = check(&official(&zero), &figures, &name);
    assert!(kinds(&findings).contains(&(Severity::Error, FindingKind::ZeroReport)));
    assert!(kinds(&findings).contains(&(Severity::Error, FindingKind::MissingData)));
}
