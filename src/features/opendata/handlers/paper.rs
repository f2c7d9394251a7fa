//! A published announcement as a document for paper: the frame, what became of it, the text as the page shows it, the public files.

use crate::app::paths;
use crate::domain::announcement::attachment::size_label;
use crate::domain::announcement::correction::{
    Alteration, Alterations, ORIGINAL, ORIGINAL_REVOKED, REVOKED, corrected, corrected_in_one_line, revoked, revoked_in_one_line,
};
use crate::domain::announcement::document::{Align as Side, Level};
use crate::domain::announcement::render::shown::{DetailRow, Shown, ShownCell, Words};
use crate::domain::announcement::render::{DETAIL_CAPTION, DETAIL_HEADER};
use crate::domain::announcement::status::has_ended;
use crate::domain::calendar::Moment;
use crate::features::announcements::commands::published::{Linked, Published, Standing};
use crate::server::pdf::{Align, Block, Cell, Paper, Size, Span, Table, Tone};

/// Widths of 序号, 项目名称 (what is left), 预留选项, 金额 and 合同链接, in points: eight characters fit into 预留选项, four into 合同链接.
const DETAIL_WIDTHS: [f32; 5] = [34.0, 0.0, 98.0, 92.0, 56.0];
/// The same of 内容, 改前 and 改后.
const ALTERATION_WIDTHS: [f32; 3] = [132.0, 0.0, 0.0];

/// The document. `site` is the address under which readers know the portal.
pub fn of(notice: &Published, text: &[Shown], site: &str, now: Moment) -> Paper {
    let state = notice.state(now);
    let mut blocks = vec![heading(1, Size::Title, Align::Center, &notice.title, Tone::Ink)];
    blocks.extend(frame(notice, state, site));
    blocks.extend(became(notice, site));
    blocks.extend(corrects(notice, site));
    blocks.extend(versions(notice, site, now));
    blocks.extend(text.iter().map(|block| shown(block, Size::Body, true)));
    blocks.extend(files(notice, site));
    step_by_step(&mut blocks);
    Paper {
        title: notice.title.clone(),
        author: notice.unit_name.clone(),
        subject: format!("公告编号 {}，{state}", notice.number),
        identity: format!("{site}{}", paths::published(&notice.number)),
        published: notice.at.local(),
        banner: banner(notice),
        foot: format!("公告编号 {}", notice.number),
        blocks,
    }
}

/// Each page by itself says that it is no longer what it was.
fn banner(notice: &Published) -> Option<String> {
    match &notice.standing {
        Standing::Current => None,
        Standing::Corrected { since, successor, .. } => {
            let standing = notice.stands_instead().unwrap_or(successor);
            Some(corrected_in_one_line(notice.is_succeeded_by_nothing(), *since, &standing.number))
        }
        Standing::Revoked { since, .. } => Some(revoked_in_one_line(*since)),
    }
}

fn heading(level: u16, size: Size, align: Align, text: &str, tone: Tone) -> Block {
    Block::Heading { level, size, align, spans: vec![Span { is_bold: true, tone, ..Span::plain(text) }] }
}

fn paragraph(size: Size, align: Align, spans: Vec<Span>) -> Block {
    Block::Paragraph { size, align, is_indented: false, spans }
}

fn small(text: impl Into<String>) -> Block {
    paragraph(Size::Small, Align::Left, vec![Span::plain(text)])
}

/// Number, times, state and address, as they stand around the text on the page.
fn frame(notice: &Published, state: &str, site: &str) -> Vec<Block> {
    let ends = notice.expires_on.map(|day| format!("　公告截止：{day}")).unwrap_or_default();
    let facts = format!("公告编号：{}　发布时间：{}{ends}　公告状态：{state}", notice.number, notice.at.local());
    let address = format!("{site}{}", paths::published(&notice.number));
    let quiet = |text: String| Span { tone: Tone::Quiet, ..Span::plain(text) };
    let way = vec![quiet("公告地址：".to_owned()), Span::link(&address, &address, "公告页面")];
    vec![paragraph(Size::Small, Align::Center, vec![quiet(facts)]), paragraph(Size::Small, Align::Center, way), Block::Rule]
}

/// What became of it: the words of its page.
fn became(notice: &Published, site: &str) -> Vec<Block> {
    let alarm = |text: &str| heading(2, Size::Heading, Align::Left, text, Tone::Alarm);
    let mut blocks = Vec::new();
    match &notice.standing {
        Standing::Current => return blocks,
        Standing::Corrected { since, reason, successor, alterations } => {
            blocks.push(alarm(corrected(notice.is_succeeded_by_nothing())));
            blocks.push(small(format!("更正时间：{}", since.local())));
            blocks.push(leading_to("更正公告：", successor, "", site));
            if let Some(standing) = notice.stands_instead().filter(|standing| *standing != successor) {
                blocks.push(leading_to("其后又更正，现行公告：", standing, "", site));
            }
            blocks.push(small(format!("更正理由：{reason}")));
            blocks.extend(alterations.as_ref().map(|all| compared(all, "改前与改后")));
            blocks.push(small(ORIGINAL));
        }
        Standing::Revoked { since, reason } => {
            blocks.push(alarm(REVOKED));
            blocks.push(small(format!("撤销时间：{}", since.local())));
            blocks.push(small(format!("撤销理由：{reason}")));
            blocks.push(compared(&revoked(notice.frozen.sme, notice.frozen.small_micro), "改前与改后"));
            blocks.push(small(ORIGINAL_REVOKED));
        }
    }
    blocks.push(Block::Rule);
    blocks
}

/// What it corrects.
fn corrects(notice: &Published, site: &str) -> Vec<Block> {
    let Some((old, reason)) = &notice.corrects else { return Vec::new() };
    let mut blocks = vec![
        heading(2, Size::Heading, Align::Left, "本公告是更正公告", Tone::Ink),
        leading_to("原公告：", old, &format!("（{} 发布）", old.at.local()), site),
        small(format!("更正理由：{reason}")),
    ];
    blocks.extend(notice.frozen.alterations.as_ref().map(|all| compared(all, "改前与改后（与原公告相比）")));
    blocks.push(Block::Rule);
    blocks
}

fn leading_to(before: &str, linked: &Linked, after: &str, site: &str) -> Block {
    let words = format!("{} {}", linked.number, linked.title);
    let link = Span::link(&words, format!("{site}{}", paths::published(&linked.number)), format!("公告 {words}"));
    paragraph(Size::Small, Align::Left, vec![Span::plain(before), link, Span::plain(after)])
}

fn compared(alterations: &Alterations, caption: &str) -> Block {
    let Alterations { sums, rows, words } = alterations;
    let text = |text: String| Cell::of(Align::Left, vec![Span::plain(text)]);
    let row = |each: &Alteration| vec![Cell::header(Align::Left, &each.what()), text(each.before.clone()), text(each.outcome())];
    let mut all = vec![["内容", "改前", "改后"].map(|label| Cell::header(Align::Left, label)).to_vec()];
    all.extend(sums.iter().chain(rows).map(row));
    if rows.is_empty() {
        all.push(vec![Cell::header(Align::Left, "项目明细"), Cell { columns: 2, ..text("没有改动".to_owned()) }]);
    }
    all.extend(words.iter().map(row));
    Block::Table(Table { caption: Some(caption.to_owned()), widths: ALTERATION_WIDTHS.to_vec(), head: 1, rows: all })
}

/// Every version of what was corrected, oldest first.
fn versions(notice: &Published, site: &str, now: Moment) -> Vec<Block> {
    if notice.versions.len() < 2 {
        return Vec::new();
    }
    let items = notice.versions.iter().map(|(linked, listed)| {
        let is_this = linked.number == notice.number;
        let words = format!("（{} 发布，{}）", linked.at.local(), listed.label(is_this && has_ended(notice.expires_on, now)));
        let name = if is_this {
            Span::plain(format!("{}，本公告", linked.number))
        } else {
            Span::link(&linked.number, format!("{site}{}", paths::published(&linked.number)), format!("公告 {}", linked.number))
        };
        vec![paragraph(Size::Small, Align::Left, vec![name, Span::plain(words)])]
    });
    let list = Block::List { size: Size::Small, is_ordered: true, items: items.collect() };
    vec![heading(2, Size::Heading, Align::Left, "公告版本", Tone::Ink), list, Block::Rule]
}

/// 「外网展示」; with a revoked announcement its files are gone.
fn files(notice: &Published, site: &str) -> Vec<Block> {
    if notice.frozen.files.is_empty() || matches!(notice.standing, Standing::Revoked { .. }) {
        return Vec::new();
    }
    let items = notice.frozen.files.iter().map(|file| {
        let address = format!("{site}{}", paths::public_attachment(&notice.number, &file.id));
        let name = Span::link(&file.name, address, format!("附件 {}", file.name));
        vec![paragraph(Size::Small, Align::Left, vec![name, Span::plain(format!("（{}）", size_label(file.size)))])]
    });
    let list = Block::List { size: Size::Small, is_ordered: true, items: items.collect() };
    vec![heading(2, Size::Heading, Align::Left, "附件", Tone::Ink), list]
}

fn side(side: Side) -> Align {
    match side {
        Side::Left => Align::Left,
        Side::Center => Align::Center,
        Side::Right => Align::Right,
    }
}

/// A block of the text; only paragraphs of the text itself are indented, as on the page.
fn shown(block: &Shown, size: Size, is_indented: bool) -> Block {
    match block {
        Shown::Heading(level, align, words) => {
            let level = match level {
                Level::One => 2,
                Level::Two => 3,
                Level::Three => 4,
            };
            Block::Heading { level, size: Size::Heading, align: side(*align), spans: spans(words, true) }
        }
        Shown::Paragraph(align, words) => Block::Paragraph { size, align: side(*align), is_indented, spans: spans(words, false) },
        Shown::List(is_ordered, items) => {
            let item = |item: &Vec<Shown>| item.iter().map(|block| shown(block, size, false)).collect();
            Block::List { size, is_ordered: *is_ordered, items: items.iter().map(item).collect() }
        }
        Shown::Table(head, rows) => {
            let rows = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
            Block::Table(Table { caption: None, widths: Vec::new(), head: *head, rows })
        }
        Shown::Detail(rows) => Block::Table(detail(rows)),
    }
}

fn spans(words: &[Words], is_bold: bool) -> Vec<Span> {
    let span = |words: &Words| Span {
        is_bold: is_bold || words.marks.bold,
        is_italic: words.marks.italic,
        is_underlined: words.marks.underline,
        link: words.marks.link.as_ref().and_then(|address| Span::link("", address, &words.text).link),
        ..Span::plain(&words.text)
    };
    words.iter().map(span).collect()
}

fn cell(cell: &ShownCell) -> Cell {
    let spans = [cell.columns, cell.rows].map(|span| usize::try_from(span).unwrap_or(1).max(1));
    let mut content: Vec<Block> = cell.content.iter().map(|block| shown(block, Size::Small, false)).collect();
    if cell.is_header {
        content.iter_mut().for_each(embolden);
    }
    Cell { is_header: cell.is_header, columns: spans[0], rows: spans[1], content }
}

fn embolden(block: &mut Block) {
    match block {
        Block::Heading { spans, .. } | Block::Paragraph { spans, .. } => spans.iter_mut().for_each(|span| span.is_bold = true),
        Block::List { items, .. } => items.iter_mut().flatten().for_each(embolden),
        Block::Table(_) | Block::Rule => {}
    }
}

/// The 明细: amounts at the right edge, so that their figures stand below one another.
fn detail(rows: &[DetailRow]) -> Table {
    let align = |column: usize| if column == 3 { Align::Right } else { Align::Left };
    let head = DETAIL_HEADER.iter().enumerate().map(|(column, label)| Cell::header(align(column), label)).collect();
    let row = |row: &DetailRow| {
        let name = &row.cells[1];
        let cell = |(column, text): (usize, &String)| {
            let span = match &row.url {
                Some(address) if column == 4 => Span::link(text, address, format!("查看合同：{name}")),
                _ => Span::plain(text),
            };
            Cell::of(align(column), vec![span])
        };
        row.cells.iter().enumerate().map(cell).collect()
    };
    let rows = std::iter::once(head).chain(rows.iter().map(row)).collect();
    Table { caption: Some(DETAIL_CAPTION.to_owned()), widths: DETAIL_WIDTHS.to_vec(), head: 1, rows }
}

/// A heading is at most one level below the one before it, as PDF/UA asks, whatever its author chose for its looks.
fn step_by_step(blocks: &mut [Block]) {
    let mut before = 0;
    for block in blocks {
        if let Block::Heading { level, .. } = block {
            *level = (*level).min(before + 1);
            before = *level;
        }
    }
}
