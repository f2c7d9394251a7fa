//! What holds for whatever is set: looked through before it is written, and read back by another maker's programs (poppler).

use super::content::{Align, Block, Cell, Paper, Size, Span, Table, Tone};
use super::draw::draw;
use super::flow::Part;
use super::fonts::{Faces, find};
use super::lines::is_invisible;
use super::pages::{Item, LEFT, Laid, WIDTH, lay};
use super::poppler::{pages, poppler, read_aloud};
use proptest::collection::vec;
use proptest::prelude::*;
use std::path::Path;
use std::sync::OnceLock;

fn faces() -> &'static Faces {
    static FACES: OnceLock<Faces> = OnceLock::new();
    FACES.get_or_init(|| Faces::read(&find(None, Path::new("none")).expect("the font that scripts/setup.sh installs")).unwrap())
}

fn paper(blocks: Vec<Block>) -> Paper {
    let text = |text: &str| text.to_owned();
    Paper {
        title: text("某某局2025年面向中小企业预留项目执行情况公告"),
        author: text("某某局"),
        subject: text("公告编号 310115-2025-0001，已发布"),
        identity: text("310115-2025-0001"),
        published: text("2026-03-15 09:30:00"),
        banner: None,
        foot: text("公告编号 310115-2025-0001"),
        blocks,
    }
}

fn laid(paper: &Paper) -> Laid {
    lay(paper, &faces().pictures().unwrap()).unwrap()
}

fn made(paper: &Paper) -> Vec<u8> {
    draw(paper, &laid(paper), faces()).unwrap()
}

fn bare(text: &str) -> String {
    text.split_whitespace().collect()
}

fn paragraph(text: &str) -> Block {
    Block::Paragraph { size: Size::Body, align: Align::Left, is_indented: true, spans: vec![Span::plain(text)] }
}

fn heading(text: &str) -> Block {
    Block::Heading { level: 1, size: Size::Title, align: Align::Center, spans: vec![Span::plain(text)] }
}

/// A table of so many lines.
fn detail(lines: usize) -> Table {
    let head = ["序号", "项目名称", "金额（万元）", "合同链接"].map(|label| Cell::header(Align::Left, label)).to_vec();
    let row = |number: usize| {
        let name = format!("2025年第{number}批办公设备与信息系统运维采购项目（含软件升级）");
        let link = Span::link("查看合同", format!("https://example.org/a?b={number}+/=="), format!("查看合同：{name}"));
        let texts = [number.to_string(), name, format!("{number}.241447")];
        let [no, name, amount] = texts.map(|text| vec![Span::plain(text)]);
        vec![Cell::of(Align::Left, no), Cell::of(Align::Left, name), Cell::of(Align::Right, amount), Cell::of(Align::Left, vec![link])]
    };
    let rows = std::iter::once(head).chain((1..=lines).map(row)).collect();
    Table { caption: Some("面向中小企业预留项目明细".to_owned()), widths: vec![36.0, 0.0, 90.0, 56.0], head: 1, rows }
}

#[test]
fn d5_a_thousand_lines_stand_in_their_order_below_a_head_on_every_page() {
    let paper = paper(vec![heading("公告"), Block::Table(detail(1_000)), paragraph("部门（单位）名称：某某局")]);
    let pdf = made(&paper);
    assert_eq!(pdf, made(&paper), "the same document is the same file");
    let count = laid(&paper).pages.len();
    assert!(poppler("pdfinfo", &["-"], &pdf).contains(&format!("Pages:           {count}\n")), "{count}");
    let pages = pages(&pdf);
    assert_eq!(pages.len(), count);
    for (number, page) in (1..).zip(&pages) {
        assert!(page.contains(&format!("第 {number} 页 / 共 {count} 页")), "{page}");
        assert!(!page.contains("批办公") || bare(page).contains("项目名称金额（万元）合同链接"), "the head on page {number}");
    }
    let said = read_aloud(&pdf);
    assert_eq!(said.matches("项目名称").count(), 1, "the head is said once");
    let mut rest = said.as_str();
    for number in 1..=1_000 {
        for part in [format!("第{number}批办公"), format!("{number}.241447")] {
            let at = rest.find(&part).unwrap_or_else(|| panic!("{part} in its order"));
            rest = &rest[at + part.len()..];
        }
    }
    assert!(rest.contains("部门（单位）名称：某某局"));
}

#[test]
fn d5_a_file_of_twenty_lines_is_small_and_says_what_it_is() {
    let mut blocks = vec![heading("公告"), paragraph("根据《政府采购促进中小企业发展管理办法》（财库〔2020〕46号）要求公告如下：")];
    blocks
        .push(Block::List { size: Size::Body, is_ordered: true, items: vec![vec![paragraph("第一项")], vec![paragraph("第二项")]] });
    blocks.push(Block::Table(detail(20)));
    let pdf = made(&paper(blocks));
    assert!(pdf.len() < 200_000, "{} bytes", pdf.len());
    let facts = poppler("pdfinfo", &["-"], &pdf);
    for fact in [
        "Title:           某某局2025年",
        "Author:          某某局",
        "Tagged:          yes",
        "595.276 x 841.89 pts (A4)",
        "PDF version:     1.7",
    ] {
        assert!(facts.contains(fact), "{fact} in {facts}");
    }
    let fonts = poppler("pdffonts", &["-"], &pdf);
    // Name, type, encoding, and whether it is embedded, a part of the whole font, and leads back to characters.
    let rows: Vec<&str> = fonts.lines().skip(2).collect();
    assert!(rows.len() == 2 && rows.iter().all(|row| row.contains("yes yes yes")), "{fonts}");
    let tree = poppler("pdfinfo", &["-struct", "-"], &pdf);
    for part in ["H1 ", "P ", "L ", "LI ", "Lbl", "LBody", "Table", "Caption", "THead", "TBody", "TR", "/Scope /Column", "TD", "Link"] {
        assert!(tree.contains(part), "{part} in {tree}");
    }
    let plain = String::from_utf8_lossy(&pdf);
    for mark in ["<pdfuaid:part>1</pdfuaid:part>", "/Lang(zh-CN)", "/DisplayDocTitle true", "2026-03-15T09:30:00+08:00"] {
        assert!(plain.replace("/Lang (", "/Lang(").contains(mark), "{mark}");
    }
    assert!(plain.contains("https://example.org/a?b=7+/=="), "links lead where they led, byte for byte");
}

#[test]
fn d5_a_rare_name_is_found_and_copied_also_where_the_font_has_no_picture_of_it() {
    let name = "𠮷田镇䶮\u{e123}村😀\u{fe0f}é小学";
    let pdf = made(&paper(vec![heading(name), paragraph(name)]));
    let found = bare(&pages(&pdf).concat());
    assert_eq!(found.matches("𠮷田镇䶮\u{e123}村😀é小学").count(), 2, "{found}");
}

#[test]
fn d5_what_is_longer_than_a_page_goes_on_and_loses_nothing() {
    let long = "超长的单元格内容，".repeat(800);
    let tied = |text: &str| Cell { rows: 2, ..Cell::of(Align::Left, vec![Span::plain(text)]) };
    let cell = |text: &str| Cell::of(Align::Left, vec![Span::plain(text)]);
    let rows = vec![
        vec![Cell::header(Align::Left, "甲"), Cell { columns: 2, ..Cell::header(Align::Left, "乙") }],
        vec![tied("跨行"), cell(&long), cell("一")],
        vec![cell("二"), cell("三")],
        vec![cell(&long), cell("四"), cell("五")],
    ];
    let paper = paper(vec![paragraph(&long), Block::Table(Table { head: 1, rows, ..Table::default() })]);
    looked_through(&paper);
    assert_eq!(read_aloud(&made(&paper)).matches("超长的单元格内容，").count(), 3 * 800);
}

#[test]
fn d5_a_document_of_thousands_of_pages_is_refused() {
    let paper = paper(vec![paragraph(&"一\n".repeat(70_000))]);
    assert!(lay(&paper, &faces().pictures().unwrap()).is_err());
}

/// Everything stands inside the margins, nothing over anything else, and every character that can be seen is there, in the tree too.
fn looked_through(paper: &Paper) {
    let laid = laid(paper);
    let mut pieces: Vec<String> = vec![String::new(); laid.tree.texts];
    for page in &laid.pages {
        let mut boxes: Vec<[f32; 4]> = Vec::new();
        for item in page {
            let Item::Line { x, y, line, is_said } = item else { continue };
            assert!(y + line.height < 800.0 && *y > 30.0, "{line:?} at {y}");
            for run in &line.runs {
                let blanks = run.text.len() - run.text.trim_end().len();
                let width: f32 =
                    run.glyphs.iter().filter(|glyph| glyph.text.start < run.text.len() - blanks).map(|glyph| glyph.advance).sum();
                let (left, right) = (x + run.x, x + run.x + width);
                // One character may be wider than the narrowest cell.
                assert!(left > LEFT - 1.0 && (right < LEFT + WIDTH + 1.0 || run.glyphs.len() == 1), "{run:?}");
                let seen = [left, *y, right, y + line.height];
                let over = |other: &&[f32; 4]| {
                    left < other[2] - 0.1 && right > other[0] + 0.1 && seen[1] < other[3] - 0.1 && seen[3] > other[1] + 0.1
                };
                assert!(!is_said || run.glyphs.len() == 1 || !boxes.iter().any(|other| over(&other)), "{run:?} over something");
                boxes.push(seen);
                if *is_said {
                    pieces[run.piece].push_str(&run.text);
                }
            }
        }
    }
    let (mut wanted, mut found) = (bare(&said(&paper.blocks)), String::new());
    wanted.retain(|c| !is_invisible(c));
    read(&laid.tree.parts, &pieces, &mut found);
    assert_eq!(bare(&found), wanted);
}

fn read(parts: &[Part], pieces: &[String], text: &mut String) {
    for part in parts {
        match part {
            Part::Text(piece) => text.push_str(&pieces[*piece]),
            Part::Group(_, parts) => read(parts, pieces, text),
        }
    }
}

/// What the blocks say, with the marks of lists.
fn said(blocks: &[Block]) -> String {
    let of = |spans: &[Span]| spans.iter().map(|span| span.text.as_str()).collect::<String>();
    let mut text = String::new();
    for block in blocks {
        match block {
            Block::Heading { spans, .. } | Block::Paragraph { spans, .. } => text.push_str(&of(spans)),
            Block::List { is_ordered, items, .. } => {
                for (number, item) in (1..).zip(items) {
                    let label = if *is_ordered { format!("{number}.") } else { "•".to_owned() };
                    text.push_str(&label);
                    text.push_str(&said(item));
                }
            }
            Block::Table(table) => {
                text.push_str(table.caption.as_deref().unwrap_or_default());
                text.extend(table.rows.iter().flatten().map(|cell| said(&cell.content)));
            }
            Block::Rule => {}
        }
    }
    text
}

fn spans() -> impl Strategy<Value = Vec<Span>> {
    let link = prop_oneof![3 => Just(None), 1 => Just(Span::link("", "https://example.org/", "链接").link)];
    let text = prop_oneof!["[一-龥（）《》，。：“”a-zA-Z0-9.% \n]{0,40}", "[a-z]{30,80}", "\\PC{0,8}"];
    let span = (text, any::<(bool, bool, bool)>(), link).prop_map(|(text, (is_bold, is_italic, is_underlined), link)| Span {
        text,
        is_bold,
        is_italic,
        is_underlined,
        tone: Tone::Ink,
        link,
    });
    vec(span, 0..4)
}

fn align() -> impl Strategy<Value = Align> {
    prop_oneof![Just(Align::Left), Just(Align::Center), Just(Align::Right)]
}

/// Paragraphs and lists, those so deep within one another.
fn flow(size: Size, depth: u32) -> impl Strategy<Value = Block> {
    let paragraph =
        (align(), any::<bool>(), spans()).prop_map(move |(align, is_indented, spans)| Block::Paragraph { size, align, is_indented, spans });
    paragraph.prop_recursive(depth, 8, 3, move |inner| {
        (any::<bool>(), vec(vec(inner, 0..3), 0..3)).prop_map(move |(is_ordered, items)| Block::List { size, is_ordered, items })
    })
}

fn table() -> impl Strategy<Value = Block> {
    let cell = (any::<bool>(), 1_usize..3, 1_usize..4, vec(flow(Size::Small, 1), 0..3));
    let cell = cell.prop_map(|(is_header, columns, rows, content)| Cell { is_header, columns, rows, content });
    (0_usize..3, vec(vec(cell, 0..4), 0..6)).prop_map(|(head, rows)| Block::Table(Table { head, rows, ..Table::default() }))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn d5_whatever_is_set_stands_on_its_pages_whole(blocks in vec(prop_oneof![3 => flow(Size::Body, 3), 2 => table(), 1 => Just(Block::Rule)], 1..6)) {
        let paper = paper(blocks);
        looked_through(&paper);
        prop_assert!(made(&paper).starts_with(b"%PDF-1.7"));
    }
}
