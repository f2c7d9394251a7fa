//! What is to be set: a document as blocks. It knows nothing of procurement, and nothing of pages.

/// A document.
#[derive(Clone, Debug, PartialEq)]
pub struct Paper {
    /// Its title, for the metadata; on the page it stands where a heading says it.
    pub title: String,
    /// Who publishes it.
    pub author: String,
    /// What it says, in a sentence.
    pub subject: String,
    /// What tells it from every other one; the same for the same document.
    pub identity: String,
    /// When it was published: local time, `YYYY-MM-DD HH:MM:SS`. Never the time of making, so that the same document is the same file.
    pub published: String,
    /// What stands at the head of every page, where a reader must not miss it.
    pub banner: Option<String>,
    /// What stands at the left foot of every page.
    pub foot: String,
    /// From top to bottom.
    pub blocks: Vec<Block>,
}

/// How large.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Size {
    /// The title of the whole.
    Title,
    /// Headings.
    Heading,
    /// The text.
    Body,
    /// Tables and what stands around the text.
    Small,
}

impl Size {
    /// In points.
    pub const fn points(self) -> f32 {
        match self {
            Size::Title => 20.0,
            Size::Heading => 15.0,
            Size::Body => 14.0,
            Size::Small => 10.5,
        }
    }

    /// From line to line, in points.
    pub const fn leading(self) -> f32 {
        match self {
            Size::Title => 31.0,
            Size::Heading | Size::Body => 24.5,
            Size::Small => 16.0,
        }
    }
}

/// How lines are set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// From edge to edge; the last line at the left.
    #[default]
    Left,
    /// In the middle, lines of about the same length.
    Center,
    /// At the right edge.
    Right,
}

/// In which colour; nothing is said by it alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tone {
    /// The text.
    #[default]
    Ink,
    /// What stands around it.
    Quiet,
    /// What must not be missed.
    Alarm,
    /// What leads somewhere.
    Link,
}

/// A piece of text that looks the same throughout. `\n` begins a new line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Words.
    pub text: String,
    /// 加粗.
    pub is_bold: bool,
    /// 斜体.
    pub is_italic: bool,
    /// 下划线.
    pub is_underlined: bool,
    /// Colour.
    pub tone: Tone,
    /// Where it leads.
    pub link: Option<Link>,
}

impl Span {
    /// Words without marks.
    pub fn plain(text: impl Into<String>) -> Span {
        Span { text: text.into(), ..Span::default() }
    }

    /// Words that lead somewhere.
    pub fn link(text: impl Into<String>, address: impl Into<String>, says: impl Into<String>) -> Span {
        Span { text: text.into(), link: Some(Link { address: address.into(), says: says.into() }), ..Span::default() }
    }
}

/// Where a piece of text leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The address.
    pub address: String,
    /// What a screen reader says of it.
    pub says: String,
}

/// A block.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A heading; the title of the whole is of level 1.
    Heading {
        /// 1 and up.
        level: u16,
        /// How large.
        size: Size,
        /// How it is set.
        align: Align,
        /// What it says.
        spans: Vec<Span>,
    },
    /// A paragraph.
    Paragraph {
        /// How large.
        size: Size,
        /// How it is set.
        align: Align,
        /// Whether its first line begins two characters in.
        is_indented: bool,
        /// What it says.
        spans: Vec<Span>,
    },
    /// A list; its items hold paragraphs and lists.
    List {
        /// How large.
        size: Size,
        /// Whether it counts from 1.
        is_ordered: bool,
        /// What it holds.
        items: Vec<Vec<Block>>,
    },
    /// A table.
    Table(Table),
    /// A line across the page.
    Rule,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Stands above it.
    pub caption: Option<String>,
    /// Widths of the columns in points, 0 for one that takes what is left; empty where the content decides.
    pub widths: Vec<f32>,
    /// How many of its rows head every page.
    pub head: usize,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Whether it heads its column (in the head) or its row.
    pub is_header: bool,
    /// Columns it covers, at least 1.
    pub columns: usize,
    /// Rows it covers, at least 1.
    pub rows: usize,
    /// Paragraphs and lists.
    pub content: Vec<Block>,
}

impl Cell {
    /// A cell of one paragraph.
    pub fn of(align: Align, spans: Vec<Span>) -> Cell {
        let content = vec![Block::Paragraph { size: Size::Small, align, is_indented: false, spans }];
        Cell { is_header: false, columns: 1, rows: 1, content }
    }

    /// A cell that heads its column or row.
    pub fn header(align: Align, text: &str) -> Cell {
        let span = Span { is_bold: true, ..Span::plain(text) };
        Cell { is_header: true, ..Cell::of(align, vec![span]) }
    }
}
