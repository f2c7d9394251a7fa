//! Lines on pages: A4 with the margins of official documents, the page's number at the foot.

use super::content::{Align, Block, Paper, Size, Span, Tone};
use super::flow::{Flow, Line, Tree};
use super::fonts::Pictures;
use super::table;

/// A4, in points.
pub const PAGE: [f32; 2] = [595.276, 841.89];
/// Where the text begins and ends: 28 mm from the left, 26 mm from the right, as GB/T 9704 has it.
pub const LEFT: f32 = 79.37;
/// How wide the text is: 156 mm.
pub const WIDTH: f32 = 442.2;
/// Where the text begins, from the top: 27 mm.
const TOP: f32 = 76.5;
/// Where it ends: 27 mm from the foot.
const BOTTOM: f32 = 765.4;
/// The foot's line.
const FOOT: f32 = 796.0;
/// The banner's line.
const HEAD: f32 = 48.0;
/// Most pages of a document: what is longer is a table for a spreadsheet.
pub const MOST: usize = 400;

/// Something on a page, in points from its left upper corner.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A line of text; `y` is its top. Not read aloud where it only repeats something or numbers pages.
    Line {
        /// Left edge.
        x: f32,
        /// Top.
        y: f32,
        /// Its runs.
        line: Line,
        /// Whether it is part of what the document says.
        is_said: bool,
    },
    /// A grey ground: left, top, width, height.
    Ground([f32; 4]),
    /// The frame of a cell: left, top, width, height.
    Frame([f32; 4]),
    /// A line across: left, top, width.
    Rule([f32; 3]),
}

/// A heading, for the outline.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Level, from 1.
    pub level: u16,
    /// What it says.
    pub words: String,
    /// On which page, from 0.
    pub page: usize,
    /// How far from its top.
    pub y: f32,
}

/// A document on its pages.
#[derive(Debug, Default)]
pub struct Laid {
    /// What stands on each page.
    pub pages: Vec<Vec<Item>>,
    /// Its headings.
    pub outline: Vec<Entry>,
    /// What it says, in the order of reading.
    pub tree: Tree,
}

/// It would have more than [`MOST`] pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong;

/// Pages being filled.
#[derive(Debug)]
pub struct Filling {
    pages: Vec<Vec<Item>>,
    /// Where the next thing goes on the last page.
    pub y: f32,
    has_begun: bool,
}

impl Filling {
    fn new() -> Filling {
        Filling { pages: vec![Vec::new()], y: TOP, has_begun: false }
    }

    /// How high a page is.
    pub const fn height() -> f32 {
        BOTTOM - TOP
    }

    /// What is left of this page.
    pub fn left(&self) -> f32 {
        BOTTOM - self.y
    }

    /// Whether nothing stands on this page yet.
    pub fn is_fresh(&self) -> bool {
        !self.has_begun
    }

    /// Begins a page, unless this one is empty.
    pub fn turn(&mut self) -> Result<(), TooLong> {
        if self.has_begun {
            if self.pages.len() == MOST {
                return Err(TooLong);
            }
            self.pages.push(Vec::new());
            self.y = TOP;
            self.has_begun = false;
        }
        Ok(())
    }

    /// Begins a page where this much does not fit on this one.
    pub fn need(&mut self, height: f32) -> Result<(), TooLong> {
        if height > self.left() + 0.01 { self.turn() } else { Ok(()) }
    }

    /// Leaves room, but not at the top of a page.
    pub fn gap(&mut self, height: f32) {
        if self.has_begun {
            self.y += height;
        }
    }

    /// Puts something onto this page.
    pub fn put(&mut self, item: Item) {
        self.has_begun = true;
        if let Some(page) = self.pages.last_mut() {
            page.push(item);
        }
    }

    /// Puts a line at the left edge and goes on below it.
    fn line(&mut self, line: Line) -> Result<(), TooLong> {
        self.need(line.height)?;
        let (y, height) = (self.y, line.height);
        self.put(Item::Line { x: LEFT, y, line, is_said: true });
        self.y += height;
        Ok(())
    }
}

/// Lays a document out.
pub fn lay(paper: &Paper, pictures: &Pictures<'_>) -> Result<Laid, TooLong> {
    let mut flow = Flow { pictures, tree: Tree::default() };
    let mut filling = Filling::new();
    let mut outline = Vec::new();
    for block in &paper.blocks {
        match block {
            Block::Heading { level, size, spans, .. } => {
                let lines = flow.block(block, WIDTH);
                filling.gap(if *level == 1 { 0.0 } else { 6.0 });
                // A heading stays with what follows it.
                filling.need(lines.iter().map(|line| line.height).sum::<f32>() + 2.0 * size.leading())?;
                let words = spans.iter().map(|span| span.text.as_str()).collect();
                outline.push(Entry { level: *level, words, page: filling.pages.len() - 1, y: filling.y });
                lines.into_iter().try_for_each(|line| filling.line(line))?;
                filling.gap(if *level == 1 { 8.0 } else { 2.0 });
            }
            Block::Paragraph { .. } | Block::List { .. } => {
                let lines = flow.block(block, WIDTH);
                paragraph(&mut filling, lines)?;
            }
            Block::Rule => {
                filling.gap(5.0);
                filling.need(6.0)?;
                let y = filling.y;
                filling.put(Item::Rule([LEFT, y, WIDTH]));
                filling.gap(9.0);
            }
            Block::Table(content) => {
                filling.gap(6.0);
                table::place(content, &mut flow, &mut filling)?;
                filling.gap(10.0);
            }
        }
    }
    let mut pages = filling.pages;
    around(paper, &mut flow, &mut pages);
    Ok(Laid { pages, outline, tree: flow.tree })
}

/// A paragraph leaves no single line of it behind, and none alone on the next page.
fn paragraph(filling: &mut Filling, lines: Vec<Line>) -> Result<(), TooLong> {
    let heights: Vec<f32> = lines.iter().map(|line| line.height).collect();
    let count = lines.len();
    for (at, line) in lines.into_iter().enumerate() {
        let together = match count - at {
            2 => 2,
            3 if at == 0 => 3,
            _ if at == 0 => 2,
            _ => 1,
        };
        filling.need(heights[at..].iter().take(together).sum::<f32>().min(Filling::height()))?;
        filling.line(line)?;
    }
    Ok(())
}

/// What stands around the text of every page.
fn around(paper: &Paper, flow: &mut Flow<'_, '_>, pages: &mut [Vec<Item>]) {
    let said = std::mem::take(&mut flow.tree);
    let count = pages.len();
    for (number, page) in (1..).zip(pages) {
        let mut put = |text: String, tone: Tone, align: Align, y: f32| {
            let spans = vec![Span { tone, ..Span::plain(text) }];
            let block = Block::Paragraph { size: Size::Small, align, is_indented: false, spans };
            // A long unit or reason is cut rather than set over the text.
            if let Some(line) = flow.block(&block, WIDTH).into_iter().next() {
                page.push(Item::Line { x: LEFT, y, line, is_said: false });
            }
        };
        if let Some(banner) = &paper.banner {
            put(banner.clone(), Tone::Alarm, Align::Center, HEAD - Size::Small.leading());
        }
        put(paper.foot.clone(), Tone::Quiet, Align::Left, FOOT - Size::Small.leading());
        put(format!("第 {number} 页 / 共 {count} 页"), Tone::Quiet, Align::Right, FOOT - Size::Small.leading());
    }
    flow.tree = said;
}
