use super::proof::{balanced, take_apart};
use super::*;
use crate::domain::announcement::document::strategy;
use crate::domain::announcement::figures::sample;
use crate::domain::announcement::template::official;
use proptest::prelude::*;

fn words(text: &str) -> Inline {
    Inline::Text { text: text.to_owned(), marks: Marks::default() }
}

fn paragraph(content: Vec<Inline>) -> Block {
    Block::Paragraph { align: Align::Left, content }
}

fn html(blocks: Vec<Block>) -> String {
    render_html(&Document { blocks }, &sample::figures())
}

fn without_blanks(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn d5_the_totals_sentence_stands_as_programs_read_it() {
    let figures = sample::figures();
    let html = render_html(&official(&figures), &figures);
    assert!(html.contains("2025年预留项目面向中小企业采购共计1854.241447万元，其中，面向小微企业采购591.731447万元，占31.91%。"), "{html}");
    assert!(html.contains("<p class=\"notice-paragraph notice-align-right\">部门（单位）名称：上海机动车管理中心</p><p class=\"notice-paragraph notice-align-right\">日期：2026年3月15日</p>"));
    balanced(&html);
}

#[test]
fn d5_the_detail_table_names_its_columns_and_links() {
    let html = html(vec![Block::DetailTable]);
    let header = "<caption>面向中小企业预留项目明细</caption><thead><tr><th scope=\"col\">序号</th><th scope=\"col\">项目名称</th><th scope=\"col\">预留选项</th>\
                  <th scope=\"col\" class=\"num\">面向中小企业采购金额（万元）</th><th scope=\"col\">合同链接</th></tr></thead><tbody>";
    assert!(html.contains(header), "{html}");
    assert!(html.contains("<td data-label=\"预留选项\">采购项目整体预留</td>"), "no percentage for 整体预留");
    assert!(html.contains("<td data-label=\"预留选项\">设置专门采购包（60%）</td>"));
    assert!(html.contains("<td data-label=\"预留选项\">要求合同分包</td>"), "an unknown percentage is left out (A7)");
    assert!(html.contains("<td class=\"num\" data-label=\"面向中小企业采购金额（万元）\">1204.5</td>"));
    let link = "<a href=\"https://zfcg.gov.example/luban/detail?parentId=1&amp;articleId=Q+/5==\" rel=\"noopener noreferrer nofollow\" target=\"_blank\" \
                aria-label=\"查看合同：2025年办公设备采购项目（在新窗口打开）\">查看合同</a>";
    assert!(html.contains(link), "{html}");
    assert!(html.contains("?b=&quot;c&quot;"));
    assert!(html.contains("<td data-label=\"合同链接\">—</td>"));
    balanced(&html);
}

#[test]
fn c5_the_remark_keeps_its_lines_and_its_paragraph_goes_when_it_is_empty() {
    let remark = || vec![paragraph(vec![words("备注："), Inline::Chip(Chip::Remark)])];
    assert_eq!(
        html(remark()),
        "<p class=\"notice-paragraph\">备注：未达到规定比例的原因：无法确保充分竞争。<br>改进措施：细化采购包。</p>"
    );
    let mut empty = sample::figures();
    empty.remark = " \n".to_owned();
    assert_eq!(render_html(&Document { blocks: remark() }, &empty), "");
    let list = Document { blocks: vec![Block::BulletList(vec![remark()])] };
    assert_eq!(render_html(&list, &empty), "");
    let more = Document { blocks: vec![paragraph(vec![words("备注：见附件。"), Inline::Chip(Chip::Remark)])] };
    assert_eq!(render_html(&more, &empty), "<p class=\"notice-paragraph\">备注：见附件。</p>", "what somebody wrote stays");
}

#[test]
fn a13_without_lines_a_left_over_detail_table_shows_nothing() {
    let document = Document { blocks: vec![Block::DetailTable, paragraph(vec![Inline::Chip(Chip::Date)])] };
    assert_eq!(render_html(&document, &sample::zero()), "<p class=\"notice-paragraph\">发布当日</p>");
}

#[test]
fn d4_what_people_type_is_escaped() {
    let marks = Marks { bold: true, link: Some("https://example.org/\"onload='x'&<b>".to_owned()), ..Marks::default() };
    let rendered = html(vec![paragraph(vec![Inline::Text { text: "<img src=x onerror=alert(1)>".to_owned(), marks }])]);
    assert_eq!(
        rendered,
        "<p class=\"notice-paragraph\"><a href=\"https://example.org/&quot;onload=&#39;x&#39;&amp;&lt;b&gt;\" rel=\"noopener noreferrer nofollow\" target=\"_blank\">\
         <strong>&lt;img src=x onerror=alert(1)&gt;</strong></a></p>"
    );
    let mut figures = sample::figures();
    figures.unit = "<b>&\"'".to_owned();
    figures.lines[0].project_name = "\"><script>".to_owned();
    let rendered = render_html(&official(&figures), &figures);
    assert!(rendered.contains("&lt;b&gt;&amp;&quot;&#39;") && !rendered.contains("<script"));
    balanced(&rendered);
}

#[test]
fn c7_a_drawn_table_has_its_head_only_where_a_browser_keeps_it() {
    let cell = |header, rowspan, text: &str| Cell {
        header,
        colspan: 1,
        rowspan,
        content: vec![paragraph(if text.is_empty() { vec![] } else { vec![words(text)] })],
    };
    let plain =
        html(vec![Block::Table(vec![vec![cell(true, 1, ""), cell(true, 1, "甲")], vec![cell(true, 1, "乙"), cell(false, 1, "1")]])]);
    assert_eq!(
        plain,
        "<div class=\"notice-table-wrap\" role=\"region\" aria-label=\"表格\" tabindex=\"0\"><table class=\"notice-table\"><thead><tr><td></td><th scope=\"col\">甲</th></tr></thead><tbody><tr><th scope=\"row\">乙</th><td>1</td></tr></tbody></table></div>"
    );
    let reaching = html(vec![Block::Table(vec![vec![cell(true, 2, "甲")], vec![cell(false, 1, "1")]])]);
    assert_eq!(
        reaching,
        "<div class=\"notice-table-wrap\" role=\"region\" aria-label=\"表格\" tabindex=\"0\"><table class=\"notice-table\"><tbody><tr><th scope=\"row\" rowspan=\"2\">甲</th></tr><tr><td>1</td></tr></tbody></table></div>"
    );
}

#[test]
fn c7_headings_stand_below_the_pages_title_and_empty_lines_stay() {
    let heading = Block::Heading { level: Level::One, align: Align::Center, content: vec![words("一")] };
    assert_eq!(
        html(vec![heading, paragraph(vec![])]),
        "<h2 class=\"notice-heading notice-align-center\">一</h2><p class=\"notice-paragraph\"><br></p>"
    );
}

proptest! {
    #[test]
    fn d4_rendering_is_balanced_and_never_emits_what_was_typed_unescaped(document in strategy::document(), unit in strategy::words(), remark in strategy::words(), name in strategy::words()) {
        let mut figures = sample::figures();
        figures.unit = unit;
        figures.remark = format!("{remark}\n{name}");
        figures.lines[0].project_name = name;
        balanced(&render_html(&document, &figures));
    }

    #[test]
    fn d4_the_plain_text_is_the_text_of_the_page(document in strategy::document(), zero in any::<bool>()) {
        let figures = if zero { sample::zero() } else { sample::figures() };
        let (text, _) = take_apart(&render_html(&document, &figures));
        prop_assert_eq!(without_blanks(&text), without_blanks(&plain_text(&document, &figures)));
    }

    #[test]
    fn e6_checking_never_panics(document in strategy::document(), title in "\\PC{0,40}", zero in any::<bool>()) {
        let figures = if zero { sample::zero() } else { sample::figures() };
        let _ = check(&document, &figures, &title);
    }
}
