//! Reading the editor's JSON: everything is looked at, what is not on the list is refused by name.

use super::{
    Align, Block, Cell, Chip, Document, Inline, Level, MAX_BYTES, MAX_CHARACTERS, MAX_COLUMNS, MAX_DEPTH, MAX_NODES, MAX_ROWS, Marks,
};
use crate::domain::text::{LinkError, link};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// Why a text is not an announcement's text. Names in it are shortened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// Not JSON, or nested too deeply to be looked at.
    #[error("公告正文无法读取，请刷新页面后重试")]
    NotJson,
    /// JSON of another shape than the editor's.
    #[error("公告正文的结构有误：{0}")]
    Shape(&'static str),
    /// A node that the text cannot hold.
    #[error("公告正文不支持「{0}」这种内容，请删除后再保存")]
    Node(String),
    /// A node where it cannot stand.
    #[error("公告正文的「{parent}」中不能放「{node}」")]
    Place {
        /// What stands there.
        node: String,
        /// Where it stands.
        parent: &'static str,
    },
    /// A mark that the text cannot hold.
    #[error("公告正文不支持「{0}」这种格式，请清除后再保存")]
    Mark(String),
    /// An attribute that its node cannot have.
    #[error("公告正文的「{node}」不支持属性「{name}」")]
    Attribute {
        /// The node or mark.
        node: String,
        /// The attribute.
        name: String,
    },
    /// An attribute's value out of its bounds.
    #[error("公告正文的「{node}」的属性「{name}」取值有误")]
    Value {
        /// The node or mark.
        node: String,
        /// The attribute.
        name: &'static str,
    },
    /// A chip that does not exist.
    #[error("没有名为「{0}」的数据项，请删除后重新插入")]
    Chip(String),
    /// An address that may not stand in a notice.
    #[error("公告正文中的链接有误：{0}")]
    Link(LinkError),
    /// A link without an address.
    #[error("公告正文中有一个链接没有填写地址")]
    LinkMissing,
    /// Deeper than [`MAX_DEPTH`].
    #[error("公告正文的列表或表格嵌套过深（最多 {MAX_DEPTH} 层）")]
    TooDeep,
    /// More than [`MAX_NODES`] nodes.
    #[error("公告正文的段落、表格和数据项过多（最多 {MAX_NODES} 个）")]
    TooManyNodes,
    /// More than [`MAX_CHARACTERS`] characters.
    #[error("公告正文过长（最多 {MAX_CHARACTERS} 个字符）")]
    TooLong,
    /// More than [`MAX_BYTES`] bytes.
    #[error("公告正文的数据过大（最多 1 MB）")]
    TooLarge,
}

impl Document {
    /// Reads the editor's JSON text.
    pub fn parse(text: &str) -> Result<Document, DocumentError> {
        if text.len() > MAX_BYTES {
            return Err(DocumentError::TooLarge);
        }
        let value: Value = serde_json::from_str(text).map_err(|_| DocumentError::NotJson)?;
        Document::from_value(&value)
    }

    /// Reads the editor's JSON, already taken apart.
    pub fn from_value(value: &Value) -> Result<Document, DocumentError> {
        let mut reader = Reader { nodes: 0, characters: 0 };
        let node = reader.open(value, 1)?;
        if node.kind != "doc" {
            return Err(DocumentError::Shape("最外层应是 doc"));
        }
        node.only(&[])?;
        node.unmarked()?;
        let mut blocks = Vec::with_capacity(node.content.len());
        for child in node.content {
            blocks.push(reader.block(child, 2, None)?);
        }
        if blocks.is_empty() {
            blocks.push(Block::Paragraph { align: Align::Left, content: Vec::new() });
        }
        Ok(Document { blocks })
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Document, D::Error> {
        Document::from_value(&Value::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// A node or mark with its parts in their right types.
struct Node<'a> {
    kind: &'a str,
    attributes: Option<&'a Map<String, Value>>,
    content: &'a [Value],
    marks: &'a [Value],
    text: Option<&'a str>,
}

impl<'a> Node<'a> {
    fn read(value: &'a Value) -> Result<Node<'a>, DocumentError> {
        let fields = value.as_object().ok_or(DocumentError::Shape("节点应是对象"))?;
        let kind = fields.get("type").and_then(Value::as_str).ok_or(DocumentError::Shape("节点没有类型"))?;
        let mut node = Node { kind, attributes: None, content: &[], marks: &[], text: None };
        for (name, value) in fields {
            match (name.as_str(), value) {
                ("type", _) | ("attrs" | "content" | "marks", Value::Null) => {}
                ("attrs", Value::Object(attributes)) => node.attributes = Some(attributes),
                ("content", Value::Array(content)) => node.content = content,
                ("marks", Value::Array(marks)) => node.marks = marks,
                ("text", Value::String(text)) => node.text = Some(text),
                ("attrs" | "content" | "marks" | "text", _) => return Err(DocumentError::Shape("节点的内容类型有误")),
                _ => return Err(DocumentError::Attribute { node: short(kind), name: short(name) }),
            }
        }
        Ok(node)
    }

    /// Refuses every attribute that is not listed.
    fn only(&self, allowed: &[&str]) -> Result<(), DocumentError> {
        match self.attributes.into_iter().flatten().find(|(name, _)| !allowed.contains(&name.as_str())) {
            Some((name, _)) => Err(DocumentError::Attribute { node: short(self.kind), name: short(name) }),
            None => Ok(()),
        }
    }

    /// An attribute's value; `None` where it is absent or null.
    fn attribute(&self, name: &str) -> Option<&'a Value> {
        self.attributes.and_then(|attributes| attributes.get(name)).filter(|value| !value.is_null())
    }

    fn bad(&self, name: &'static str) -> DocumentError {
        DocumentError::Value { node: short(self.kind), name }
    }

    fn align(&self) -> Result<Align, DocumentError> {
        match self.attribute("textAlign").map(Value::as_str) {
            None | Some(Some("left")) => Ok(Align::Left),
            Some(Some("center")) => Ok(Align::Center),
            Some(Some("right")) => Ok(Align::Right),
            Some(_) => Err(self.bad("textAlign")),
        }
    }

    fn level(&self) -> Result<Level, DocumentError> {
        match self.attribute("level").map(Value::as_u64) {
            Some(Some(1)) => Ok(Level::One),
            Some(Some(2)) => Ok(Level::Two),
            Some(Some(3)) => Ok(Level::Three),
            _ => Err(self.bad("level")),
        }
    }

    fn span(&self, name: &'static str, most: u32) -> Result<u32, DocumentError> {
        let Some(value) = self.attribute(name) else { return Ok(1) };
        value.as_u64().and_then(|span| u32::try_from(span).ok()).filter(|span| (1..=most).contains(span)).ok_or_else(|| self.bad(name))
    }

    /// Refuses an attribute that has another value than its default.
    fn default(&self, name: &'static str, default: &Value) -> Result<(), DocumentError> {
        if self.attribute(name).is_none_or(|value| value == default) { Ok(()) } else { Err(self.bad(name)) }
    }

    /// Refuses marks, which stand on what is inside a line alone.
    fn unmarked(&self) -> Result<(), DocumentError> {
        if self.marks.is_empty() { Ok(()) } else { Err(DocumentError::Shape("只有文字可以设置格式")) }
    }

    /// Refuses text and children, which this node cannot have.
    fn leaf(&self) -> Result<(), DocumentError> {
        if self.content.is_empty() { Ok(()) } else { Err(DocumentError::Shape("该节点不能有下级内容")) }
    }
}

/// Counts while it reads.
struct Reader {
    nodes: usize,
    characters: usize,
}

impl Reader {
    /// Opens a node after looking at the bounds, so that no recursion goes deeper than [`MAX_DEPTH`].
    fn open<'a>(&mut self, value: &'a Value, depth: usize) -> Result<Node<'a>, DocumentError> {
        if depth > MAX_DEPTH {
            return Err(DocumentError::TooDeep);
        }
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(DocumentError::TooManyNodes);
        }
        let node = Node::read(value)?;
        if node.text.is_some() && node.kind != "text" {
            return Err(DocumentError::Shape("文字只能放在 text 节点中"));
        }
        Ok(node)
    }

    fn count(&mut self, text: &str) -> Result<(), DocumentError> {
        self.characters += text.chars().count();
        if self.characters > MAX_CHARACTERS { Err(DocumentError::TooLong) } else { Ok(()) }
    }

    /// A block; inside an item or a cell (`parent`) only paragraphs and lists.
    fn block(&mut self, value: &Value, depth: usize, parent: Option<&'static str>) -> Result<Block, DocumentError> {
        let node = self.open(value, depth)?;
        node.unmarked()?;
        if let (Some(parent), "heading" | "table" | "detailTable") = (parent, node.kind) {
            return Err(DocumentError::Place { node: short(node.kind), parent });
        }
        match node.kind {
            "paragraph" => {
                node.only(&["textAlign"])?;
                Ok(Block::Paragraph { align: node.align()?, content: self.inlines(node.content, depth + 1, "paragraph")? })
            }
            "heading" => {
                node.only(&["textAlign", "level"])?;
                Ok(Block::Heading {
                    level: node.level()?,
                    align: node.align()?,
                    content: self.inlines(node.content, depth + 1, "heading")?,
                })
            }
            "bulletList" => {
                node.only(&[])?;
                Ok(Block::BulletList(self.items(node.content, depth + 1, "bulletList")?))
            }
            "orderedList" => {
                node.only(&["start", "type"])?;
                node.default("start", &1.into())?;
                node.default("type", &Value::Null)?;
                Ok(Block::OrderedList(self.items(node.content, depth + 1, "orderedList")?))
            }
            "table" => {
                node.only(&[])?;
                Ok(Block::Table(self.rows(node.content, depth + 1)?))
            }
            "detailTable" => {
                node.only(&[])?;
                node.leaf()?;
                Ok(Block::DetailTable)
            }
            known @ ("text" | "hardBreak" | "chip" | "listItem" | "tableRow" | "tableCell" | "tableHeader" | "doc") => {
                Err(DocumentError::Place { node: known.to_owned(), parent: parent.unwrap_or("doc") })
            }
            unknown => Err(DocumentError::Node(short(unknown))),
        }
    }

    fn items(&mut self, items: &[Value], depth: usize, list: &'static str) -> Result<Vec<Vec<Block>>, DocumentError> {
        if items.is_empty() {
            return Err(DocumentError::Shape("列表中没有内容"));
        }
        let mut read = Vec::with_capacity(items.len());
        for item in items {
            let node = self.child(item, depth, list, &["listItem"])?;
            node.only(&[])?;
            let content = self.blocks(node.content, depth + 1, "listItem")?;
            if !matches!(content.first(), Some(Block::Paragraph { .. })) {
                return Err(DocumentError::Shape("列表项应以段落开头"));
            }
            read.push(content);
        }
        Ok(read)
    }

    fn rows(&mut self, rows: &[Value], depth: usize) -> Result<Vec<Vec<Cell>>, DocumentError> {
        if rows.len() > MAX_ROWS as usize {
            return Err(DocumentError::Shape("表格最多 200 行"));
        }
        let mut read = Vec::with_capacity(rows.len());
        for row in rows {
            let node = self.child(row, depth, "table", &["tableRow"])?;
            node.only(&[])?;
            let mut cells = Vec::with_capacity(node.content.len());
            for cell in node.content {
                cells.push(self.cell(cell, depth + 1)?);
            }
            if cells.iter().map(|cell| cell.colspan).sum::<u32>() > MAX_COLUMNS {
                return Err(DocumentError::Shape("表格最多 20 列"));
            }
            read.push(cells);
        }
        if read.iter().all(Vec::is_empty) { Err(DocumentError::Shape("表格中没有单元格")) } else { Ok(read) }
    }

    fn cell(&mut self, value: &Value, depth: usize) -> Result<Cell, DocumentError> {
        let node = self.child(value, depth, "tableRow", &["tableCell", "tableHeader"])?;
        node.only(&["colspan", "rowspan", "colwidth"])?;
        let content = self.blocks(node.content, depth + 1, "tableCell")?;
        if content.is_empty() {
            return Err(DocumentError::Shape("单元格中至少应有一个段落"));
        }
        Ok(Cell {
            header: node.kind == "tableHeader",
            colspan: node.span("colspan", MAX_COLUMNS)?,
            rowspan: node.span("rowspan", MAX_ROWS)?,
            content,
        })
    }

    /// A node of one of the kinds that its parent holds.
    fn child<'a>(&mut self, value: &'a Value, depth: usize, parent: &'static str, kinds: &[&str]) -> Result<Node<'a>, DocumentError> {
        let node = self.open(value, depth)?;
        if !kinds.contains(&node.kind) {
            return Err(DocumentError::Place { node: short(node.kind), parent });
        }
        node.unmarked()?;
        Ok(node)
    }

    fn blocks(&mut self, values: &[Value], depth: usize, parent: &'static str) -> Result<Vec<Block>, DocumentError> {
        values.iter().map(|value| self.block(value, depth, Some(parent))).collect()
    }

    fn inlines(&mut self, values: &[Value], depth: usize, parent: &'static str) -> Result<Vec<Inline>, DocumentError> {
        let mut read = Vec::with_capacity(values.len());
        for value in values {
            let node = self.open(value, depth)?;
            node.leaf()?;
            let marks = self.marks(node.marks)?;
            match node.kind {
                "text" => {
                    node.only(&[])?;
                    let text = clean(node.text.ok_or(DocumentError::Shape("text 节点没有文字"))?);
                    self.count(&text)?;
                    if !text.is_empty() {
                        read.push(Inline::Text { text, marks });
                    }
                }
                "hardBreak" => {
                    node.only(&[])?;
                    read.push(Inline::HardBreak);
                }
                "chip" => {
                    node.only(&["name"])?;
                    let name = node.attribute("name").and_then(Value::as_str).ok_or_else(|| node.bad("name"))?;
                    read.push(Inline::Chip(Chip::from_code(name).ok_or_else(|| DocumentError::Chip(short(name)))?));
                }
                "paragraph" | "heading" | "bulletList" | "orderedList" | "listItem" | "table" | "tableRow" | "tableCell"
                | "tableHeader" | "detailTable" => {
                    return Err(DocumentError::Place { node: short(node.kind), parent });
                }
                unknown => return Err(DocumentError::Node(short(unknown))),
            }
        }
        Ok(joined(read))
    }

    fn marks(&mut self, values: &[Value]) -> Result<Marks, DocumentError> {
        let mut marks = Marks::default();
        for value in values {
            let mark = Node::read(value)?;
            mark.leaf()?;
            mark.unmarked()?;
            if mark.text.is_some() {
                return Err(DocumentError::Shape("文字只能放在 text 节点中"));
            }
            match mark.kind {
                "bold" => marks.bold = mark.only(&[]).map(|()| true)?,
                "italic" => marks.italic = mark.only(&[]).map(|()| true)?,
                "underline" => marks.underline = mark.only(&[]).map(|()| true)?,
                "link" => {
                    // How a link opens is the renderer's business: these are dropped.
                    mark.only(&["href", "target", "rel", "class", "title"])?;
                    let href = mark.attribute("href").and_then(Value::as_str).ok_or(DocumentError::LinkMissing)?;
                    let href = link(href).map_err(DocumentError::Link)?.ok_or(DocumentError::LinkMissing)?;
                    self.count(&href)?;
                    marks.link = Some(href);
                }
                unknown => return Err(DocumentError::Mark(short(unknown))),
            }
        }
        Ok(marks)
    }
}

/// Neighbours that are marked alike are one piece, as the editor has them: the same words are the same document.
pub(super) fn joined(content: Vec<Inline>) -> Vec<Inline> {
    let mut pieces: Vec<Inline> = Vec::with_capacity(content.len());
    for inline in content {
        match (pieces.last_mut(), inline) {
            (Some(Inline::Text { text, marks }), Inline::Text { text: more, marks: its }) if *marks == its => text.push_str(&more),
            (_, inline) => pieces.push(inline),
        }
    }
    pieces
}

/// Line breaks and tabs as blanks; control characters and direction overrides, which would make a figure look like another, dropped.
pub(super) fn clean(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '\n' | '\r' | '\t' => Some(' '),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' => None,
            c if c.is_control() => None,
            c => Some(c),
        })
        .collect()
}

/// A foreign name, fit to stand in a message.
fn short(name: &str) -> String {
    clean(name).chars().take(40).collect()
}

#[cfg(test)]
mod tests;
