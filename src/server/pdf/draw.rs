//! Pages as a file: tagged PDF 1.7 that says of itself what PDF/UA-1 asks for.

use super::content::{Paper, Tone};
use super::flow::{Glyph, Part, Role, Run, Tree};
use super::fonts::Faces;
use super::pages::{Entry, Item, Laid, PAGE};
use krilla::action::{Action, LinkAction};
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect, Transform};
use krilla::metadata::{DateTime, Metadata, TextDirection};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::{Page, PageSettings};
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, Node, SpanTag, TableHeaderScope, Tag, TagGroup, TagKind, TagTree,
};
use krilla::text::{Font, GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};
use std::num::{NonZeroU16, NonZeroU32};

/// The language of everything.
const LANGUAGE: &str = "zh-CN";
/// How far 斜体 leans.
const LEAN: f32 = 0.2;

fn ink(tone: Tone) -> rgb::Color {
    match tone {
        Tone::Ink => rgb::Color::new(0x1f, 0x23, 0x28),
        Tone::Quiet => rgb::Color::new(0x57, 0x60, 0x6a),
        Tone::Alarm => rgb::Color::new(0xb4, 0x23, 0x18),
        Tone::Link => rgb::Color::new(0x16, 0x57, 0xc5),
    }
}

fn fill(color: rgb::Color) -> Fill {
    Fill { paint: color.into(), opacity: NormalizedF32::ONE, ..Fill::default() }
}

/// Writes the file. What the library refuses is told in its words.
pub fn draw(paper: &Paper, laid: &Laid, faces: &Faces) -> Result<Vec<u8>, String> {
    let fonts = faces.for_file().ok_or("a font that could be read before")?;
    let configuration = ConfigurationBuilder::new().with_accessibility_validator(Accessibility::UA1).finish();
    let configuration = configuration.map_err(|error| format!("{error:?}"))?;
    let mut document = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    document.set_metadata(metadata(paper));
    document.set_outline(outline(&laid.outline));
    let mut said = Said::new(&laid.tree);
    for items in &laid.pages {
        let settings = PageSettings::from_wh(PAGE[0], PAGE[1]).ok_or("a page without a size")?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for item in items {
            item_on(&mut surface, item, &fonts, &mut said);
        }
        surface.finish();
        links_on(&mut page, items, &laid.tree, &mut said);
        page.finish();
    }
    document.set_tag_tree(said.tree(&laid.tree));
    document.finish().map_err(|error| format!("{error:?}"))
}

fn metadata(paper: &Paper) -> Metadata {
    Metadata::new()
        .title(paper.title.clone())
        .authors(vec![paper.author.clone()])
        .description(paper.subject.clone())
        .document_id(paper.identity.clone())
        .creator("setaside".to_owned())
        .creation_date(date(&paper.published))
        .text_direction(TextDirection::LeftToRight)
        .language(LANGUAGE.to_owned())
}

/// `YYYY-MM-DD HH:MM:SS` in Shanghai.
fn date(local: &str) -> DateTime {
    let mut parts = local.split(|c: char| !c.is_ascii_digit()).map(|part| part.parse::<u16>().unwrap_or_default());
    let year = parts.next().unwrap_or_default();
    let mut part = || u8::try_from(parts.next().unwrap_or_default()).unwrap_or_default();
    DateTime::new(year).month(part()).day(part()).hour(part()).minute(part()).second(part()).utc_offset_hour(8).utc_offset_minute(0)
}

fn outline(entries: &[Entry]) -> Outline {
    let mut outline = Outline::new();
    let mut rest = entries;
    while !rest.is_empty() {
        outline.push_child(branch(&mut rest));
    }
    outline
}

/// The first entry with those below it; what is left of the entries stays in `rest`.
fn branch(rest: &mut &[Entry]) -> OutlineNode {
    let entry = &rest[0];
    *rest = &rest[1..];
    let mut node = OutlineNode::new(entry.words.clone(), XyzDestination::new(entry.page, Point::from_xy(0.0, entry.y)));
    while rest.first().is_some_and(|next| next.level > entry.level) {
        node.push_child(branch(rest));
    }
    node
}

/// Where the pieces of text and the links stand in the file.
struct Said {
    texts: Vec<Vec<Identifier>>,
    links: Vec<Vec<Identifier>>,
}

impl Said {
    fn new(tree: &Tree) -> Said {
        Said { texts: vec![Vec::new(); tree.texts], links: vec![Vec::new(); tree.links.len()] }
    }

    fn tree(mut self, tree: &Tree) -> TagTree {
        let nodes = tree.parts.iter().flat_map(|part| self.nodes(part)).collect::<Vec<_>>();
        TagTree::from(nodes).with_lang(Some(LANGUAGE.to_owned()))
    }

    /// A part that says nothing is left out.
    fn nodes(&mut self, part: &Part) -> Vec<Node> {
        match part {
            Part::Text(text) => std::mem::take(&mut self.texts[*text]).into_iter().map(Node::Leaf).collect(),
            Part::Group(role, parts) => {
                let mut nodes: Vec<Node> = parts.iter().flat_map(|part| self.nodes(part)).collect();
                if let Role::Link(link) = role {
                    nodes.extend(std::mem::take(&mut self.links[*link]).into_iter().map(Node::Leaf));
                }
                // A cell stands for its place in the row, also without words.
                if nodes.is_empty() && !matches!(role, Role::Cell(_) | Role::Header(..)) {
                    return nodes;
                }
                vec![TagGroup::with_children(tag(role), nodes).into()]
            }
        }
    }
}

fn tag(role: &Role) -> TagKind {
    let spans = |[columns, rows]: [u32; 2]| [columns, rows].map(|span| NonZeroU32::new(span).filter(|span| span.get() > 1));
    match role {
        Role::Heading(level, words) => Tag::Hn(NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN), Some(words.clone())).into(),
        Role::Paragraph => Tag::P.into(),
        Role::List(is_ordered) => Tag::L(if *is_ordered { ListNumbering::Decimal } else { ListNumbering::Disc }).into(),
        Role::Item => Tag::LI.into(),
        Role::Label => Tag::Lbl.into(),
        Role::Body => Tag::LBody.into(),
        Role::Table => Tag::Table.into(),
        Role::Caption => Tag::Caption.into(),
        Role::Head => Tag::THead.into(),
        Role::Rows => Tag::TBody.into(),
        Role::Row => Tag::TR.into(),
        Role::Header(is_column, covers) => {
            let [columns, rows] = spans(*covers);
            let scope = if *is_column { TableHeaderScope::Column } else { TableHeaderScope::Row };
            Tag::TH(scope).with_col_span(columns).with_row_span(rows).into()
        }
        Role::Cell(covers) => {
            let [columns, rows] = spans(*covers);
            Tag::TD.with_col_span(columns).with_row_span(rows).into()
        }
        Role::Link(_) => Tag::Link.into(),
    }
}

fn item_on(surface: &mut Surface<'_>, item: &Item, fonts: &[Font; 2], said: &mut Said) {
    let ornament = ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout));
    match item {
        Item::Line { x, y, line, is_said } => {
            for run in &line.runs {
                let tag = if *is_said {
                    ContentTag::Span(SpanTag::empty())
                } else {
                    ContentTag::Artifact(Artifact::with_kind(ArtifactType::PaginationOther))
                };
                let identifier = surface.start_tagged(tag);
                run_at(surface, run, Point::from_xy(x + run.x, y + line.baseline), fonts);
                surface.end_tagged();
                if *is_said {
                    said.texts[run.piece].push(identifier);
                }
            }
        }
        Item::Ground([x, y, width, height]) => {
            surface.start_tagged(ornament);
            surface.set_stroke(None);
            surface.set_fill(Some(fill(rgb::Color::new(0xf1, 0xf3, 0xf5))));
            rectangle(surface, *x, *y, *width, *height);
            surface.end_tagged();
        }
        Item::Frame([x, y, width, height]) => {
            surface.start_tagged(ornament);
            surface.set_fill(None);
            surface.set_stroke(Some(stroke(Tone::Quiet, 0.5)));
            rectangle(surface, *x, *y, *width, *height);
            surface.set_stroke(None);
            surface.end_tagged();
        }
        Item::Rule([x, y, width]) => {
            surface.start_tagged(ornament);
            surface.set_fill(None);
            surface.set_stroke(Some(stroke(Tone::Quiet, 0.7)));
            across(surface, *x, *y, *width);
            surface.set_stroke(None);
            surface.end_tagged();
        }
    }
}

fn stroke(tone: Tone, width: f32) -> Stroke {
    Stroke { paint: ink(tone).into(), width, ..Stroke::default() }
}

fn rectangle(surface: &mut Surface<'_>, x: f32, y: f32, width: f32, height: f32) {
    let mut path = PathBuilder::new();
    if let Some(rect) = Rect::from_xywh(x, y, width, height) {
        path.push_rect(rect);
    }
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

fn across(surface: &mut Surface<'_>, x: f32, y: f32, width: f32) {
    let mut path = PathBuilder::new();
    path.move_to(x, y);
    path.line_to(x + width, y);
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

fn run_at(surface: &mut Surface<'_>, run: &Run, at: Point, fonts: &[Font; 2]) {
    let part = |points: f32| points / run.points;
    let glyph = |glyph: &Glyph| {
        KrillaGlyph::new(GlyphId::new(glyph.number), part(glyph.advance), part(glyph.shift), 0.0, 0.0, glyph.text.clone(), None)
    };
    let glyphs: Vec<KrillaGlyph> = run.glyphs.iter().map(glyph).collect();
    surface.set_stroke(None);
    surface.set_fill(Some(fill(ink(run.tone))));
    let font = fonts[usize::from(run.is_bold)].clone();
    if run.is_italic {
        // A Chinese font has no italic; browsers lean it as well.
        surface.push_transform(&Transform::from_row(1.0, 0.0, -LEAN, 1.0, LEAN * at.y, 0.0));
    }
    surface.draw_glyphs(at, &glyphs, font, &run.text, run.points, false);
    if run.is_italic {
        surface.pop();
    }
    if run.is_underlined {
        surface.set_fill(None);
        surface.set_stroke(Some(stroke(run.tone, 0.5)));
        let blanks = run.text.len() - run.text.trim_end().len();
        let hidden: f32 = run.glyphs.iter().filter(|glyph| glyph.text.start >= run.text.len() - blanks).map(|glyph| glyph.advance).sum();
        across(surface, at.x, at.y + run.points * 0.16, run.width - hidden);
        surface.set_stroke(None);
    }
}

/// A place to press for every run of a link.
fn links_on(page: &mut Page<'_>, items: &[Item], tree: &Tree, said: &mut Said) {
    for item in items {
        let Item::Line { x, y, line, is_said: true } = item else { continue };
        for run in &line.runs {
            let Some(link) = run.link else { continue };
            let (left, top) = (x + run.x, y + line.baseline - run.points);
            let Some(place) = Rect::from_xywh(left, top, run.width, run.points * 1.3) else { continue };
            let target = Target::Action(Action::Link(LinkAction::new(tree.links[link].address.clone())));
            let annotation = Annotation::new_link(LinkAnnotation::new(place, target), Some(tree.links[link].says.clone()));
            said.links[link].push(page.add_tagged_annotation(annotation));
        }
    }
}
