//! The one way from text and data to what people read: preview, public page, print and review.
//!
//! Always: everything that people typed is escaped; the tags balance and no browser corrects them (no block inside a
//! paragraph, every table with its sections); no style attribute and no script; figures stand as plain text without tags, so that
//! programs read `共计1854.241447万元` as they do today. Classes are those of style/features/notice.css.
//! Elsewhere: the same text without tags in [`plain_text`], its blocks for what is not HTML in [`shown`](shown::shown), what is wrong with it in
//! [`check`].

mod check;
mod plain;
#[cfg(test)]
mod proof;
pub mod shown;

pub use check::{FindingKind, Severity, TextFinding, check};
pub use plain::plain_text;

use crate::domain::announcement::document::{Align, Block, Cell, Chip, Document, Inline, Level, Marks};
use crate::domain::announcement::figures::{Figures, NoticeLine};

/// The caption of the 明细, as the official template words it.
pub const DETAIL_CAPTION: &str = "面向中小企业预留项目明细";

/// The header cells of the 明细. Programs look for them.
pub const DETAIL_HEADER: [&str; 5] = ["序号", "项目名称", "预留选项", "面向中小企业采购金额（万元）", "合同链接"];

/// What stands where a line has no 预留选项 or no link.
const NONE: &str = "—";

const LINK: &str = "\" rel=\"noopener noreferrer nofollow\" target=\"_blank\"";

/// The text as HTML. Headings start at `h2`: the page's title is its `h1`.
pub fn render_html(document: &Document, figures: &Figures) -> String {
    let mut page = Page { html: String::with_capacity(2_048 + figures.lines.len() * 512), figures };
    page.blocks(&document.blocks, "notice-paragraph");
    page.html
}

/// Text made safe for content and for quoted attributes.
pub fn escape(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
}

/// Whether a block shows anything: the 明细 without lines does not, nor does a line made for an empty 备注.
fn shown(block: &Block, figures: &Figures) -> bool {
    match block {
        Block::Heading { content, .. } | Block::Paragraph { content, .. } => !waits_for_remark(content, figures),
        Block::DetailTable => !figures.lines.is_empty(),
        Block::BulletList(items) | Block::OrderedList(items) => items.iter().any(|item| item_shown(item, figures)),
        Block::Table(_) => true,
    }
}

fn item_shown(item: &[Block], figures: &Figures) -> bool {
    item.iter().any(|block| shown(block, figures))
}

/// Whether a line holds just the chip of an empty 备注, alone or after 「备注：」.
fn waits_for_remark(content: &[Inline], figures: &Figures) -> bool {
    let mut words = String::new();
    let mut chips = 0;
    for inline in content {
        match inline {
            Inline::Chip(Chip::Remark) => chips += 1,
            Inline::Chip(_) => return false,
            Inline::Text { text, .. } => words.push_str(text),
            Inline::HardBreak => {}
        }
    }
    chips > 0 && figures.remark.trim().is_empty() && matches!(words.trim(), "" | "备注" | "备注：" | "备注:")
}

/// Whether a line shows no words, whatever stands in it.
fn is_wordless(content: &[Inline], figures: &Figures) -> bool {
    content.iter().all(|inline| match inline {
        Inline::Text { text, .. } => text.trim().is_empty(),
        Inline::Chip(chip) => figures.value(*chip).trim().is_empty(),
        Inline::HardBreak => true,
    })
}

/// The same of the blocks of a cell.
fn are_wordless(blocks: &[Block], figures: &Figures) -> bool {
    blocks.iter().filter(|block| shown(block, figures)).all(|block| match block {
        Block::Heading { content, .. } | Block::Paragraph { content, .. } => is_wordless(content, figures),
        Block::BulletList(items) | Block::OrderedList(items) => items.iter().all(|item| are_wordless(item, figures)),
        Block::Table(_) | Block::DetailTable => false,
    })
}

/// How many rows of a table are its head.
fn head_of(rows: &[Vec<Cell>]) -> usize {
    let leading = rows.iter().take_while(|row| !row.is_empty() && row.iter().all(|cell| cell.header)).count();
    // A cell that reaches below the head would be cut by the browser: then there is no head.
    let is_cut = rows[..leading].iter().enumerate().any(|(at, row)| row.iter().any(|cell| at + cell.rowspan as usize > leading));
    if is_cut { 0 } else { leading }
}

/// 预留选项 in the words of the notice, with its 预留比例 where one is due and known.
fn measure(line: &NoticeLine) -> String {
    match (line.measure, line.pct) {
        (None, _) => NONE.to_owned(),
        (Some(measure), Some(pct)) if measure.shows_percent() => format!("{}（{pct}%）", measure.notice_label()),
        (Some(measure), _) => measure.notice_label().to_owned(),
    }
}

struct Page<'a> {
    html: String,
    figures: &'a Figures,
}

impl Page<'_> {
    fn push(&mut self, html: &str) {
        self.html.push_str(html);
    }

    fn text(&mut self, text: &str) {
        escape(text, &mut self.html);
    }

    /// Blocks one below the other; `paragraph` is the class of theirs: only those of the text itself are indented.
    fn blocks(&mut self, blocks: &[Block], paragraph: &str) {
        for block in blocks.iter().filter(|block| shown(block, self.figures)) {
            match block {
                // A heading without words would be announced and say nothing.
                Block::Heading { align, content, .. } if is_wordless(content, self.figures) => self.line("p", paragraph, *align, content),
                Block::Heading { level, align, content } => {
                    let tag = match level {
                        Level::One => "h2",
                        Level::Two => "h3",
                        Level::Three => "h4",
                    };
                    self.line(tag, "notice-heading", *align, content);
                }
                Block::Paragraph { align, content } => self.line("p", paragraph, *align, content),
                Block::BulletList(items) => self.list("ul", items),
                Block::OrderedList(items) => self.list("ol", items),
                Block::Table(rows) => self.table(rows),
                Block::DetailTable => self.detail(),
            }
        }
    }

    fn line(&mut self, tag: &str, class: &str, align: Align, content: &[Inline]) {
        let align = match align {
            Align::Left => "",
            Align::Center => "notice-align-center",
            Align::Right => "notice-align-right",
        };
        let gap = if class.is_empty() || align.is_empty() { "" } else { " " };
        self.push("<");
        self.push(tag);
        if class.len() + align.len() > 0 {
            for part in [" class=\"", class, gap, align, "\""] {
                self.push(part);
            }
        }
        self.push(">");
        if content.is_empty() {
            self.push("<br>");
        }
        self.inlines(content);
        self.close(tag);
    }

    fn close(&mut self, tag: &str) {
        self.push("</");
        self.push(tag);
        self.push(">");
    }

    fn inlines(&mut self, content: &[Inline]) {
        for inline in content {
            match inline {
                Inline::Text { text, marks } => self.marked(text, marks),
                Inline::HardBreak => self.push("<br>"),
                Inline::Chip(chip) => {
                    for (at, line) in self.figures.value(*chip).lines().enumerate() {
                        if at > 0 {
                            self.push("<br>");
                        }
                        self.text(line);
                    }
                }
            }
        }
    }

    fn marked(&mut self, text: &str, marks: &Marks) {
        if let Some(href) = &marks.link {
            self.push("<a href=\"");
            self.text(href);
            self.push(LINK);
            self.push(">");
        }
        let tags = [(marks.bold, "strong"), (marks.italic, "em"), (marks.underline, "u")];
        for (_, tag) in tags.iter().filter(|(on, _)| *on) {
            self.push("<");
            self.push(tag);
            self.push(">");
        }
        self.text(text);
        for (_, tag) in tags.iter().rev().filter(|(on, _)| *on) {
            self.close(tag);
        }
        if marks.link.is_some() {
            self.close("a");
        }
    }

    fn list(&mut self, tag: &str, items: &[Vec<Block>]) {
        self.push("<");
        self.push(tag);
        self.push(" class=\"notice-list\">");
        for item in items.iter().filter(|item| item_shown(item, self.figures)) {
            self.push("<li>");
            self.flow(item);
            self.push("</li>");
        }
        self.close(tag);
    }

    /// The inside of an item or a cell: a single plain paragraph needs no tag of its own.
    fn flow(&mut self, blocks: &[Block]) {
        let figures = self.figures;
        let mut visible = blocks.iter().filter(|block| shown(block, figures));
        match (visible.next(), visible.next()) {
            (Some(Block::Paragraph { align: Align::Left, content }), None) => self.inlines(content),
            _ => self.blocks(blocks, ""),
        }
    }

    fn table(&mut self, rows: &[Vec<Cell>]) {
        let head = head_of(rows);
        self.push("<div class=\"notice-table-wrap\" role=\"region\" aria-label=\"表格\" tabindex=\"0\"><table class=\"notice-table\">");
        self.section("thead", "col", &rows[..head]);
        self.section("tbody", "row", &rows[head..]);
        self.push("</table></div>");
    }

    fn section(&mut self, tag: &str, scope: &str, rows: &[Vec<Cell>]) {
        if rows.is_empty() {
            return;
        }
        self.push("<");
        self.push(tag);
        self.push(">");
        for row in rows {
            self.push("<tr>");
            for cell in row {
                self.cell(cell, scope);
            }
            self.push("</tr>");
        }
        self.close(tag);
    }

    fn cell(&mut self, cell: &Cell, scope: &str) {
        // A header without words heads nothing.
        let tag = if cell.header && !are_wordless(&cell.content, self.figures) { "th" } else { "td" };
        self.push("<");
        self.push(tag);
        if tag == "th" {
            self.push(" scope=\"");
            self.push(scope);
            self.push("\"");
        }
        for (name, span) in [("colspan", cell.colspan), ("rowspan", cell.rowspan)] {
            if span > 1 {
                self.push(" ");
                self.push(name);
                self.push("=\"");
                self.push(&span.to_string());
                self.push("\"");
            }
        }
        self.push(">");
        self.flow(&cell.content);
        self.close(tag);
    }

    fn detail(&mut self) {
        let [_, _, _, amount, _] = DETAIL_HEADER;
        self.push("<table class=\"notice-detail\"><caption>");
        self.push(DETAIL_CAPTION);
        self.push("</caption><thead><tr>");
        for label in DETAIL_HEADER {
            self.push(if label == amount { "<th scope=\"col\" class=\"num\">" } else { "<th scope=\"col\">" });
            self.push(label);
            self.push("</th>");
        }
        self.push("</tr></thead><tbody>");
        let figures = self.figures;
        for (number, line) in (1_usize..).zip(&figures.lines) {
            self.detail_line(number, line);
        }
        self.push("</tbody></table>");
    }

    fn detail_line(&mut self, number: usize, line: &NoticeLine) {
        let [index, name, option, amount, contract] = DETAIL_HEADER;
        self.push("<tr>");
        self.data(index, "", &number.to_string());
        self.data(name, "", &line.project_name);
        self.data(option, "", &measure(line));
        self.data(amount, " class=\"num\"", &line.sme.wan());
        match &line.url {
            None => self.data(contract, "", NONE),
            Some(url) => {
                self.push("<td data-label=\"");
                self.push(contract);
                self.push("\"><a href=\"");
                self.text(url);
                self.push(LINK);
                self.push(" aria-label=\"查看合同：");
                self.text(&line.project_name);
                self.push("（在新窗口打开）\">查看合同</a></td>");
            }
        }
        self.push("</tr>");
    }

    /// A cell of the 明细; the label is what the phone layout shows before it.
    fn data(&mut self, label: &str, class: &str, text: &str) {
        self.push("<td");
        self.push(class);
        self.push(" data-label=\"");
        self.push(label);
        self.push("\">");
        self.text(text);
        self.push("</td>");
    }
}

#[cfg(test)]
mod tests;
