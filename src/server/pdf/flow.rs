//! Paragraphs and lists as lines of a given width, and what they are to a screen reader.

use super::content::{Align, Block, Link, Size, Span, Tone};
use super::fonts::Pictures;
use super::lines::{balanced, break_lines, is_invisible};
use std::ops::Range;

/// How much wider a gap may become so that a line reaches the edge, as a part of the size. More would be read as a blank.
const STRETCH: f32 = 0.08;
/// How far lists are set in, in characters.
const HANGING: f32 = 2.0;

/// What a part of the document is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// A heading of a level, with its words.
    Heading(u16, String),
    /// A paragraph.
    Paragraph,
    /// A list, ordered or not.
    List(bool),
    /// An item.
    Item,
    /// Its bullet or number.
    Label,
    /// What it says.
    Body,
    /// A table.
    Table,
    /// What stands above it.
    Caption,
    /// Its head.
    Head,
    /// Its other rows.
    Rows,
    /// A row.
    Row,
    /// A cell that heads a column, or (`false`) a row; columns and rows it covers.
    Header(bool, [u32; 2]),
    /// Any other cell; columns and rows it covers.
    Cell([u32; 2]),
    /// A link, by its place among all.
    Link(usize),
}

/// A part of the tree, or text by its place among all pieces of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// What holds other parts.
    Group(Role, Vec<Part>),
    /// A piece of text.
    Text(usize),
}

/// The tree of what the document says, made in the order of reading.
#[derive(Debug, Default)]
pub struct Tree {
    open: Vec<(Role, Vec<Part>)>,
    /// The parts of the whole.
    pub parts: Vec<Part>,
    /// How many pieces of text there are.
    pub texts: usize,
    /// Every link.
    pub links: Vec<Link>,
}

impl Tree {
    /// Ends the part that was begun last.
    fn close(&mut self) {
        if let Some((role, parts)) = self.open.pop() {
            self.push(Part::Group(role, parts));
        }
    }

    fn push(&mut self, part: Part) {
        match self.open.last_mut() {
            Some((_, parts)) => parts.push(part),
            None => self.parts.push(part),
        }
    }

    /// A new piece of text.
    pub fn text(&mut self) -> usize {
        let text = self.texts;
        self.texts += 1;
        self.push(Part::Text(text));
        text
    }
}

/// A picture at its place in a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Glyph {
    /// Its number in the font.
    pub number: u32,
    /// The bytes of the run's text that it shows.
    pub text: Range<usize>,
    /// How far it advances, in points.
    pub advance: f32,
    /// How far to the right of its place it is drawn, in points.
    pub shift: f32,
}

/// Pictures of one look, side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// From the left of the line, in points.
    pub x: f32,
    /// In points.
    pub width: f32,
    /// How large, in points.
    pub points: f32,
    /// 加粗.
    pub is_bold: bool,
    /// 斜体.
    pub is_italic: bool,
    /// 下划线.
    pub is_underlined: bool,
    /// Colour.
    pub tone: Tone,
    /// Which piece of text it belongs to.
    pub piece: usize,
    /// Which link.
    pub link: Option<usize>,
    /// What it says.
    pub text: String,
    /// How it is shown.
    pub glyphs: Vec<Glyph>,
}

/// A line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// To the next line, in points.
    pub height: f32,
    /// From its top to the foot of its characters, in points.
    pub baseline: f32,
    /// From left to right.
    pub runs: Vec<Run>,
}

impl Line {
    fn of(size: Size, runs: Vec<Run>) -> Line {
        // The middle of the characters in the middle of the line.
        Line { height: size.leading(), baseline: f32::midpoint(size.leading(), size.points() * 0.76), runs }
    }
}

/// A character with its look.
struct Set<'a> {
    c: char,
    span: usize,
    at: &'a Span,
}

/// Sets paragraphs and lists.
pub struct Flow<'a, 'b> {
    /// Pictures of characters.
    pub pictures: &'a Pictures<'b>,
    /// What it says.
    pub tree: Tree,
}

impl Flow<'_, '_> {
    /// Blocks one below the other, in this width; tables and rules are not among them.
    pub fn blocks(&mut self, blocks: &[Block], width: f32) -> Vec<Line> {
        blocks.iter().flat_map(|block| self.block(block, width)).collect()
    }

    /// One of them.
    pub fn block(&mut self, block: &Block, width: f32) -> Vec<Line> {
        match block {
            Block::Heading { level, size, align, spans } => {
                let words = spans.iter().map(|span| span.text.as_str()).collect();
                self.part(Role::Heading(*level, words), |flow| flow.paragraph(spans, *size, *align, 0.0, width))
            }
            Block::Paragraph { size, align, is_indented, spans } => {
                let indent = if *is_indented && *align == Align::Left { (2.0 * size.points()).min(width / 3.0) } else { 0.0 };
                self.part(Role::Paragraph, |flow| flow.paragraph(spans, *size, *align, indent, width))
            }
            Block::List { size, is_ordered, items } => {
                let widest = self.label(*size, is_ordered.then_some(items.len()), 0).runs.iter().map(|run| run.width).sum::<f32>();
                let hanging = (HANGING * size.points()).min(width / 3.0).max(widest + 0.3 * size.points());
                self.part(Role::List(*is_ordered), |flow| {
                    let numbered = (1..).zip(items);
                    numbered.flat_map(|(number, item)| flow.item(*size, is_ordered.then_some(number), item, [hanging, width])).collect()
                })
            }
            Block::Table(_) | Block::Rule => Vec::new(),
        }
    }

    /// What `inside` sets is a part of this.
    pub fn part<T>(&mut self, role: Role, inside: impl FnOnce(&mut Self) -> T) -> T {
        self.tree.open.push((role, Vec::new()));
        let made = inside(self);
        self.tree.close();
        made
    }

    /// The number of an item, or a bullet.
    fn label(&self, size: Size, number: Option<usize>, piece: usize) -> Line {
        let span = Span::plain(number.map_or_else(|| "•".to_owned(), |number| format!("{number}.")));
        let chars: Vec<Set<'_>> = span.text.chars().map(|c| Set { c, span: 0, at: &span }).collect();
        Line::of(size, self.runs(&chars, &[], size.points(), 0.0, &[(piece, None)]))
    }

    /// An item of a list, its label hanging before it.
    fn item(&mut self, size: Size, number: Option<usize>, blocks: &[Block], [hanging, width]: [f32; 2]) -> Vec<Line> {
        let (mut label, mut lines) = self.part(Role::Item, |flow| {
            let piece = flow.part(Role::Label, |flow| flow.tree.text());
            let room = (width - hanging).max(size.points());
            (flow.label(size, number, piece), flow.part(Role::Body, |flow| flow.blocks(blocks, room)))
        });
        for run in lines.iter_mut().flat_map(|line| &mut line.runs) {
            run.x += hanging;
        }
        for run in &mut label.runs {
            run.x = hanging - 0.3 * size.points() - run.width;
        }
        match lines.first_mut() {
            Some(first) => first.runs.splice(0..0, label.runs).for_each(drop),
            None => lines.push(label),
        }
        lines
    }

    /// The lines of one paragraph.
    fn paragraph(&mut self, spans: &[Span], size: Size, align: Align, indent: f32, width: f32) -> Vec<Line> {
        let points = size.points();
        let all = spans.iter().enumerate().flat_map(|(span, at)| at.text.chars().map(move |c| Set { c, span, at }));
        let set: Vec<Set<'_>> = all.filter(|set| !is_invisible(set.c)).collect();
        let text: String = set.iter().map(|set| set.c).collect();
        let advance = |set: &Set<'_>| if set.c == '\n' { 0.0 } else { self.pictures.of(set.c, set.at.is_bold).advance * points };
        let widths: Vec<f32> = set.iter().map(advance).collect();
        let room = if align == Align::Center { balanced(&text, &widths, width) } else { width };
        let pieces = self.pieces(spans);
        let broken = break_lines(&text, &widths, room - indent, room);
        let lines = broken.into_iter().enumerate().map(|(number, line)| {
            let chars = &set[line.chars.clone()];
            let blanks = chars.iter().rev().take_while(|set| set.c.is_whitespace()).count();
            let seen = line.chars.start..line.chars.end - blanks;
            let taken: f32 = widths[seen.clone()].iter().sum();
            let indent = if number == 0 { indent } else { 0.0 };
            let free = (width - indent - taken).max(0.0);
            let (x, stretch) = match align {
                Align::Left if !line.is_last => (indent, free / points),
                Align::Left => (indent, 0.0),
                Align::Center => (free / 2.0, 0.0),
                Align::Right => (free, 0.0),
            };
            let gaps = stretched(&set[seen], stretch);
            Line::of(size, self.runs(chars, &gaps, points, x, &pieces))
        });
        lines.collect()
    }

    /// Enters the texts and links of a paragraph into the tree: for each span its piece of text and its link.
    fn pieces(&mut self, spans: &[Span]) -> Vec<(usize, Option<usize>)> {
        let mut pieces: Vec<(usize, Option<usize>)> = Vec::with_capacity(spans.len());
        for (at, span) in spans.iter().enumerate() {
            let before = at.checked_sub(1).map(|before| (&spans[before].link, pieces[before]));
            let piece = match (&span.link, before) {
                (link, Some((same, piece))) if link == same => piece,
                (None, _) => (self.tree.text(), None),
                (Some(link), _) => {
                    let number = self.tree.links.len();
                    self.tree.links.push(link.clone());
                    (self.part(Role::Link(number), |flow| flow.tree.text()), Some(number))
                }
            };
            pieces.push(piece);
        }
        pieces
    }

    /// Characters of a line as runs of one look.
    fn runs(&self, chars: &[Set<'_>], gaps: &[f32], points: f32, mut x: f32, pieces: &[(usize, Option<usize>)]) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        let mut span = None;
        for (at, set) in chars.iter().enumerate() {
            let picture = self.pictures.of(set.c, set.at.is_bold);
            let advance = (picture.advance + gaps.get(at).copied().unwrap_or_default()) * points;
            let (piece, link) = pieces[set.span];
            if span != Some(set.span) {
                span = Some(set.span);
                let Span { is_bold, is_italic, is_underlined, tone, .. } = *set.at;
                let (tone, is_underlined) = if link.is_some() { (Tone::Link, true) } else { (tone, is_underlined) };
                let (text, glyphs) = (String::new(), Vec::new());
                runs.push(Run { x, width: 0.0, points, is_bold, is_italic, is_underlined, tone, piece, link, text, glyphs });
            }
            if let Some(run) = runs.last_mut() {
                let from = run.text.len();
                run.text.push(set.c);
                run.glyphs.push(Glyph { number: picture.number, text: from..run.text.len(), advance, shift: picture.shift * points });
                run.width += advance;
                x += advance;
            }
        }
        runs
    }
}

/// How much wider the gap behind each character becomes, as a part of the size, so that `free` is taken; nothing where that would be too much.
fn stretched(chars: &[Set<'_>], free: f32) -> Vec<f32> {
    let is_wide = |c: char| u32::from(c) >= 0x2e80 || matches!(c, '“' | '”' | '‘' | '’' | '—' | '…' | '·');
    let count = chars.len().saturating_sub(1);
    let gaps: Vec<bool> = chars.windows(2).map(|pair| is_wide(pair[0].c) || is_wide(pair[1].c) || pair[0].c == ' ').collect();
    let places = gaps.iter().filter(|is_gap| **is_gap).count();
    let bounded = u16::try_from(places).map_or(f32::INFINITY, f32::from);
    let each = if places == 0 { 0.0 } else { free / bounded };
    let each = if each > STRETCH { 0.0 } else { each };
    (0..count).map(|at| if gaps[at] { each } else { 0.0 }).collect()
}
