use super::*;
use crate::domain::announcement::document::{Align, Block, Cell, Inline, Level, Marks};
use crate::domain::announcement::figures::sample;
use crate::domain::announcement::template;
use proptest::prelude::*;

fn words(text: &str) -> Inline {
    Inline::Text { text: text.to_owned(), marks: Marks::default() }
}

fn linked(text: &str, target: &str, bold: bool) -> Inline {
    Inline::Text { text: text.to_owned(), marks: Marks { bold, link: Some(target.to_owned()), ..Marks::default() } }
}

fn paragraph(content: Vec<Inline>) -> Block {
    Block::Paragraph { align: Align::Left, content }
}

fn heading(level: Level, text: &str) -> Block {
    Block::Heading { level, align: Align::Left, content: if text.is_empty() { vec![] } else { vec![words(text)] } }
}

/// The official text with these blocks below it.
fn with(blocks: Vec<Block>) -> Document {
    let mut document = template::official(&sample::figures());
    document.blocks.extend(blocks);
    document
}

fn findings<'a>(document: &'a Document, change: impl FnOnce(&mut Stage<'a>)) -> Vec<Finding> {
    // As long-lived as whatever a test puts beside them.
    let figures: &'static Figures = Box::leak(Box::new(sample::figures()));
    let title: &'static str = Box::leak(template::title(&figures.unit, figures.year).into_boxed_str());
    let mut stage = Stage {
        title,
        document: Some(document),
        figures,
        files: &[],
        others: &[],
        missing: &[],
        ready: &[],
        left: &[],
        undecided: &[],
        kept: &[],
        under_way: &[],
    };
    change(&mut stage);
    rehearse(&stage)
}

fn about(findings: &[Finding], subject: Subject) -> Vec<(Weight, &str)> {
    findings.iter().filter(|finding| finding.subject == subject).map(|finding| (finding.weight, finding.message.as_str())).collect()
}

#[test]
fn e6_the_official_text_alone_leaves_nothing_to_look_at() {
    let found = findings(&with(vec![]), |_| {});
    assert!(!is_worth_telling(&found), "{found:?}");
    // The sample has a line without a link, which may be so.
    assert_eq!(summary(&found), "提示 1 项");
    assert_eq!(summary(&[]), "没有发现问题");
}

#[test]
fn e6_figures_and_title_that_differ_from_the_data_are_found_with_what_to_do() {
    let document = with(vec![paragraph(vec![words("面向中小企业采购共计1.5万元。")])]);
    let found = findings(&document, |stage| stage.title = "上海机动车管理中心2024年面向中小企业预留项目执行情况公告");
    let text = about(&found, Subject::Text);
    assert!(text.iter().any(|(weight, message)| *weight == Weight::Wrong && message.contains("2024 年")), "{text:?}");
    assert!(text.iter().any(|(_, message)| message.contains("1.5")), "{text:?}");
    assert!(found.iter().all(|finding| !finding.advice.is_empty()));
    assert!(found.is_sorted_by_key(|finding| std::cmp::Reverse(finding.weight)), "what weighs most comes first");
}

#[test]
fn e6_a_second_announcement_and_every_missing_unit_are_named() {
    let (others, missing) = (
        [("甲2025年公告".to_owned(), "已发布".to_owned())],
        [("乙".to_owned(), "被退回".to_owned()), ("丙".to_owned(), "未生成".to_owned())],
    );
    let document = with(vec![]);
    let found = findings(&document, |stage| (stage.others, stage.missing) = (&others, &missing));
    assert!(matches!(about(&found, Subject::Others)[..], [(Weight::Wrong, message)] if message.contains("《甲2025年公告》（已发布）")));
    assert!(
        matches!(about(&found, Subject::Missing)[..], [(Weight::Look, message)] if message.contains("2 个单位") && message.contains("乙（被退回）、丙（未生成）"))
    );
}

#[test]
fn c1_a_unit_that_was_approved_since_is_named_with_its_figures_and_one_that_was_taken_out_with_its_reason() {
    let ready = [("乙".to_owned(), "3 行，面向中小企业 12.5 万元，面向小微企业 2 万元".to_owned())];
    let left = [("丙".to_owned(), "数据待核".to_owned())];
    let document = with(vec![]);
    let found = findings(&document, |stage| (stage.ready, stage.left) = (&ready, &left));
    assert!(
        matches!(about(&found, Subject::Ready)[..], [(Weight::Look, message)] if message.contains("乙（3 行，面向中小企业 12.5 万元")),
        "{found:?}"
    );
    assert!(found.iter().any(|finding| finding.subject == Subject::Ready && finding.advice.contains("补入单位")));
    assert!(
        matches!(about(&found, Subject::Missing)[..], [(Weight::Note, message)] if message.contains("丙") && message.contains("数据待核"))
    );
}

#[test]
fn e5_a_corrected_record_weighs_by_what_was_chosen() {
    let (undecided, kept, under_way) =
        (["甲".to_owned()], [("乙".to_owned(), "已向社会公布".to_owned())], [("丙".to_owned(), "正在更正，当前审核中".to_owned())]);
    let document = with(vec![]);
    let found = findings(&document, |stage| {
        (stage.undecided, stage.kept, stage.under_way) = (&undecided, &kept, &under_way);
    });
    let records = about(&found, Subject::Records);
    assert_eq!(records.iter().map(|(weight, _)| *weight).collect::<Vec<_>>(), [Weight::Wrong, Weight::Look, Weight::Note]);
    assert!(records[2].1.contains("说明：已向社会公布"));
}

/// How much the findings about these files weigh.
fn weights<'a>(document: &'a Document, files: &'a [(String, bool)]) -> Vec<Weight> {
    let found = findings(document, |stage| stage.files = files);
    about(&found, Subject::Files).into_iter().map(|(weight, _)| weight).collect()
}

#[test]
fn e6_attachments_are_as_the_text_says() {
    let file = |is_shown| [("说明.pdf".to_owned(), is_shown)];
    let (shown, internal) = (file(true), file(false));
    let (speaking, silent) = (with(vec![paragraph(vec![words("详见附件。")])]), with(vec![]));
    assert_eq!(weights(&speaking, &[]), [Weight::Look]);
    assert_eq!(weights(&speaking, &internal), [Weight::Look]);
    assert_eq!(weights(&speaking, &shown), []);
    assert_eq!(weights(&silent, &shown), [Weight::Note]);
    assert_eq!(weights(&silent, &internal), []);
}

#[test]
fn e6_links_that_lead_nowhere_are_found_by_their_form() {
    for fine in [
        "https://zfcg.gov.example/luban/detail?parentId=1&articleId=Q+/5==",
        "http://example.org:8080/a?b=\"c\"",
        "https://上海.中国/公告",
        "https://8.8.8.8/",
        "https://[2001:db8::1]:443/x",
    ] {
        assert_eq!(link_fault(fine), None, "{fine}");
    }
    for (link, fault) in [
        ("ftp://host.cn", LinkFault::Malformed),
        ("https://", LinkFault::Malformed),
        ("https://a..cn/", LinkFault::Malformed),
        ("https://host.cn:0/", LinkFault::Malformed),
        ("https://host.cn:99999/", LinkFault::Malformed),
        ("https://host.cn:/", LinkFault::Malformed),
        ("https://1.2.3/", LinkFault::Malformed),
        ("https://[::1/", LinkFault::Malformed),
        ("https://www.gov.cn@evil.example/", LinkFault::Disguised),
        ("http://localhost/x", LinkFault::Inside),
        ("http://LOCALHOST./x", LinkFault::Inside),
        ("http://oa/x", LinkFault::Inside),
        ("http://oa.intranet", LinkFault::Inside),
        ("http://10.1.2.3/", LinkFault::Inside),
        ("http://192.168.0.1:8080/", LinkFault::Inside),
        ("http://100.64.0.1/", LinkFault::Inside),
        ("http://[::1]/", LinkFault::Inside),
        ("http://[fd00::1]/", LinkFault::Inside),
        ("http://[::ffff:10.0.0.1]/", LinkFault::Inside),
        ("http://[::]/", LinkFault::Inside),
        ("http://[::10.0.0.1]/", LinkFault::Inside),
        ("http://[64:ff9b::10.0.0.1]/", LinkFault::Inside),
        ("http://[2002:a00:1::]/", LinkFault::Inside),
        ("http://[2001:0:7f00:1::1]/", LinkFault::Inside),
        ("http://[fec0::1]/", LinkFault::Inside),
        ("http://[ff02::1]/", LinkFault::Inside),
        ("http://0.1.2.3/", LinkFault::Inside),
        ("http://255.255.255.255/", LinkFault::Inside),
        ("http://224.0.0.1/", LinkFault::Inside),
        ("http://198.19.0.1/", LinkFault::Inside),
    ] {
        assert_eq!(link_fault(link), Some(fault), "{link}");
    }
    let document = with(vec![paragraph(vec![linked("合同", "http://10.0.0.1/a", false), linked("公示", "http://10.0.0.1/a", true)])]);
    let found = findings(&document, |_| {});
    assert!(
        about(&found, Subject::Links).iter().any(|(_, message)| message.contains("「合同公示」") && message.contains("公众打不开")),
        "{found:?}"
    );
}

#[test]
fn e6_links_that_do_not_answer_are_found_at_their_place_and_each_address_is_asked_once() {
    let text = paragraph(vec![
        linked("公示", "https://example.org/a", false),
        words("，"),
        linked("合同", "https://example.org/a", false),
        linked("内网", "http://10.0.0.1/", false),
    ]);
    let (document, figures) = (with(vec![text]), sample::figures());
    let asked = to_ask(&document, &figures);
    assert_eq!(asked.iter().filter(|link| *link == "https://example.org/a").count(), 1, "{asked:?}");
    assert!(!asked.contains(&"http://10.0.0.1/".to_owned()), "what is wrong by its form is not asked");
    let all = |answer: LinkAnswer| asked.iter().map(|link| (link.clone(), answer)).collect::<Vec<_>>();
    for fine in [200, 301, 401, 403, 405, 429] {
        assert_eq!(judge(&document, &figures, &all(LinkAnswer::Status(fine))), [], "{fine}");
    }
    for (answer, words) in [
        (LinkAnswer::Status(404), "没有这个页面"),
        (LinkAnswer::Status(410), "没有这个页面"),
        (LinkAnswer::Status(502), "出错（502）"),
        (LinkAnswer::Silent, "没有应答"),
    ] {
        let found = judge(&document, &figures, &all(answer));
        let said = about(&found, Subject::Links);
        for place in ["正文中「公示」", "正文中「合同」"] {
            assert!(
                said.iter().any(|(weight, message)| *weight == Weight::Look && message.contains(place) && message.contains(words)),
                "{said:?}"
            );
        }
    }
    let found = judge(&document, &figures, &[]);
    assert!(found.len() == 1 && found[0].weight == Weight::Note && found[0].message.contains("没有检查"), "{found:?}");
}

#[test]
fn e6_of_very_many_links_some_are_asked_and_the_rest_is_said() {
    let links = (0..=links::ASKED_MAX).map(|at| paragraph(vec![linked("公示", &format!("https://example.org/{at}"), false)]));
    let (document, figures) = (with(links.collect()), sample::figures());
    let asked = to_ask(&document, &figures);
    assert_eq!(asked.len(), links::ASKED_MAX);
    let answers: Vec<_> = asked.into_iter().map(|link| (link, LinkAnswer::Status(200))).collect();
    assert!(judge(&document, &figures, &answers)[0].message.contains("没有检查能否打开"));
}

#[test]
fn e6_the_page_can_be_read_by_everyone() {
    let table = |header: bool| {
        let cell = |header| Cell { header, colspan: 1, rowspan: 1, content: vec![paragraph(vec![words("x")])] };
        Block::Table(vec![vec![cell(header), cell(header)], vec![cell(false), cell(false)]])
    };
    let access = |blocks: Vec<Block>| {
        let found = findings(&with(blocks), |_| {});
        about(&found, Subject::Access).into_iter().map(|(_, message)| message.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        access(vec![heading(Level::One, "一"), heading(Level::Two, "（一）"), heading(Level::One, "二"), table(true)]),
        Vec::<String>::new()
    );
    let found = access(vec![heading(Level::Two, "二"), heading(Level::One, ""), table(false)]);
    assert!(found[0].contains("「二」是标题2，但它上面只有公告标题"), "{found:?}");
    assert!(found[1].contains("空的标题1") && found[2].contains("第 1 个表格没有表头"), "{found:?}");
    let found = access(vec![heading(Level::One, "一"), heading(Level::Three, "1.")]);
    assert!(matches!(&found[..], [message] if message.contains("上面只有标题1")), "{found:?}");
    for (text, expected) in [("点击这里", 1), ("https://example.org", 1), ("合同公告", 0)] {
        assert_eq!(access(vec![paragraph(vec![linked(text, "https://example.org", false)])]).len(), expected, "{text}");
    }
}

proptest! {
    #[test]
    fn e6_no_link_makes_the_rehearsal_fail(link in "(https?://)?[a-z0-9.\\[\\]:@/%-]{0,40}") {
        // Whatever is refused as a link is refused here too.
        if !matches!(crate::domain::text::link(&link), Ok(Some(_))) {
            prop_assert_eq!(link_fault(&link), Some(LinkFault::Malformed));
        } else {
            let _ = link_fault(&link);
        }
    }
}
