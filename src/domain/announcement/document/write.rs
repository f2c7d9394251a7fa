//! Writing the tree as the editor's JSON.

use super::{Align, Block, Cell, Document, Inline, Marks};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

impl Document {
    /// The editor's JSON. Reading it again gives the same document.
    pub fn to_json(&self) -> Value {
        json!({ "type": "doc", "content": blocks(&self.blocks) })
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

fn blocks(blocks: &[Block]) -> Vec<Value> {
    blocks.iter().map(block).collect()
}

fn block(block: &Block) -> Value {
    match block {
        Block::Heading { level, align, content } => {
            let mut attributes = aligned(*align);
            attributes.insert("level".to_owned(), level.number().into());
            line("heading", attributes, content)
        }
        Block::Paragraph { align, content } => line("paragraph", aligned(*align), content),
        Block::BulletList(items) => list("bulletList", items),
        Block::OrderedList(items) => list("orderedList", items),
        Block::Table(rows) => json!({ "type": "table", "content": rows.iter().map(|row| self::row(row)).collect::<Vec<_>>() }),
        Block::DetailTable => json!({ "type": "detailTable" }),
    }
}

fn aligned(align: Align) -> Map<String, Value> {
    let mut attributes = Map::new();
    match align {
        Align::Left => {}
        Align::Center => drop(attributes.insert("textAlign".to_owned(), "center".into())),
        Align::Right => drop(attributes.insert("textAlign".to_owned(), "right".into())),
    }
    attributes
}

fn line(kind: &str, attributes: Map<String, Value>, content: &[Inline]) -> Value {
    let mut node = Map::new();
    node.insert("type".to_owned(), kind.into());
    if !attributes.is_empty() {
        node.insert("attrs".to_owned(), attributes.into());
    }
    if !content.is_empty() {
        node.insert("content".to_owned(), content.iter().map(inline).collect::<Vec<_>>().into());
    }
    node.into()
}

fn list(kind: &str, items: &[Vec<Block>]) -> Value {
    let items: Vec<Value> = items.iter().map(|item| json!({ "type": "listItem", "content": blocks(item) })).collect();
    json!({ "type": kind, "content": items })
}

fn row(cells: &[Cell]) -> Value {
    json!({ "type": "tableRow", "content": cells.iter().map(cell).collect::<Vec<_>>() })
}

fn cell(cell: &Cell) -> Value {
    json!({
        "type": if cell.header { "tableHeader" } else { "tableCell" },
        "attrs": { "colspan": cell.colspan, "rowspan": cell.rowspan },
        "content": blocks(&cell.content),
    })
}

fn inline(inline: &Inline) -> Value {
    match inline {
        Inline::Text { text, marks } if *marks == Marks::default() => json!({ "type": "text", "text": text }),
        Inline::Text { text, marks } => json!({ "type": "text", "text": text, "marks": self::marks(marks) }),
        Inline::HardBreak => json!({ "type": "hardBreak" }),
        Inline::Chip(chip) => json!({ "type": "chip", "attrs": { "name": chip.code() } }),
    }
}

fn marks(marks: &Marks) -> Vec<Value> {
    let link = marks.link.as_ref().map(|href| json!({ "type": "link", "attrs": { "href": href } }));
    let plain = [(marks.bold, "bold"), (marks.italic, "italic"), (marks.underline, "underline")];
    link.into_iter().chain(plain.into_iter().filter(|(on, _)| *on).map(|(_, kind)| json!({ "type": kind }))).collect()
}
