//! What differs between two texts of an announcement, row by row, and word by word within a row.

use crate::domain::announcement::diff::{self, Piece, Step};
use crate::domain::announcement::document::{Align, Block, Document, Inline, Level};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// Rows that have less than this in common, in hundredths, are another row and not a changed one.
const ALIKE: usize = 30;

/// A row of the text: a paragraph, an item, a row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    kind: &'static str,
    text: String,
    /// How it is set and marked; only compared.
    style: String,
}

/// What happened to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowChange {
    /// Nothing.
    Same,
    /// Its words were changed.
    Edited,
    /// Only how it is set or marked.
    Restyled,
    /// Only the old text has it.
    Removed,
    /// Only the new text has it.
    Added,
}

/// A row of a comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextRow {
    /// What kind of row: 「段落」, 「标题1」 …
    pub kind: String,
    /// What happened to it.
    pub change: RowChange,
    /// Its words.
    pub pieces: Vec<Piece>,
}

/// Compares two texts; `None` is one that was not there yet.
pub fn compare(old: Option<&Document>, new: Option<&Document>) -> Vec<TextRow> {
    let (olds, news) = (old.map(rows).unwrap_or_default(), new.map(rows).unwrap_or_default());
    let mut result = Vec::new();
    let (mut gone, mut come) = (Vec::new(), Vec::new());
    // A row that was only set in another way is the same row.
    let words = |rows: &[Row]| rows.iter().map(|row| row.text.clone()).collect::<Vec<_>>();
    for step in diff::steps(&words(&olds), &words(&news)) {
        match step {
            Step::Removed(at) => gone.push(&olds[at]),
            Step::Added(at) => come.push(&news[at]),
            Step::Same(old, new) => {
                changed(&gone, &come, &mut result);
                gone.clear();
                come.clear();
                let (old, new) = (&olds[old], &news[new]);
                let change = if (old.kind, &old.style) == (new.kind, &new.style) { RowChange::Same } else { RowChange::Restyled };
                result.push(row(new, change, vec![Piece::Same(new.text.clone())]));
            }
        }
    }
    changed(&gone, &come, &mut result);
    result
}

fn row(of: &Row, change: RowChange, pieces: Vec<Piece>) -> TextRow {
    TextRow { kind: of.kind.to_owned(), change, pieces }
}

/// What went and what came between two rows that stayed: pairs that are alike are one row with its changes.
fn changed(gone: &[&Row], come: &[&Row], result: &mut Vec<TextRow>) {
    for at in 0..gone.len().max(come.len()) {
        match (gone.get(at), come.get(at)) {
            (Some(old), Some(new)) => {
                let pieces = diff::words(&old.text, &new.text);
                if diff::likeness(&pieces) >= ALIKE {
                    result.push(row(new, RowChange::Edited, pieces));
                } else {
                    result.push(removed(old));
                    result.push(added(new));
                }
            }
            (Some(old), None) => result.push(removed(old)),
            (None, Some(new)) => result.push(added(new)),
            (None, None) => {}
        }
    }
}

fn removed(old: &Row) -> TextRow {
    row(old, RowChange::Removed, vec![Piece::Removed(old.text.clone())])
}

fn added(new: &Row) -> TextRow {
    row(new, RowChange::Added, vec![Piece::Added(new.text.clone())])
}

fn rows(document: &Document) -> Vec<Row> {
    let mut rows = Vec::new();
    blocks(document.blocks(), "段落", &mut rows);
    rows
}

/// `plain` is what a paragraph is called here.
fn blocks(of: &[Block], plain: &'static str, rows: &mut Vec<Row>) {
    for block in of {
        match block {
            Block::Heading { level, align, content } => {
                let kind = match level {
                    Level::One => "标题1",
                    Level::Two => "标题2",
                    Level::Three => "标题3",
                };
                rows.push(line(kind, *align, content));
            }
            Block::Paragraph { align, content } => rows.push(line(plain, *align, content)),
            Block::BulletList(items) => items.iter().for_each(|item| blocks(item, "列表项", rows)),
            Block::OrderedList(items) => items.iter().for_each(|item| blocks(item, "编号项", rows)),
            Block::Table(table) => {
                for cells in table {
                    let mut row = Row { kind: "表格行", text: String::new(), style: String::new() };
                    for (at, cell) in cells.iter().enumerate() {
                        let mut inside = Vec::new();
                        blocks(&cell.content, "段落", &mut inside);
                        let texts: Vec<&str> = inside.iter().map(|row| row.text.as_str()).collect();
                        row.text.push_str(if at == 0 { "" } else { " │ " });
                        row.text.push_str(&texts.join("\n"));
                        let styles: Vec<&str> = inside.iter().map(|row| row.style.as_str()).collect();
                        // Writing to a String cannot fail.
                        let _ = write!(row.style, "{} {} {} {};", cell.header, cell.colspan, cell.rowspan, styles.join(","));
                    }
                    rows.push(row);
                }
            }
            Block::DetailTable => rows.push(Row { kind: "明细表", text: "｛预留项目明细｝".to_owned(), style: String::new() }),
        }
    }
}

fn line(kind: &'static str, align: Align, content: &[Inline]) -> Row {
    let mut row = Row { kind, text: String::new(), style: format!("{align:?}") };
    for inline in content {
        match inline {
            Inline::Text { text, marks } => {
                row.text.push_str(text);
                // Writing to a String cannot fail.
                let _ = write!(row.style, "|{marks:?}{}", text.chars().count());
            }
            Inline::HardBreak => row.text.push('\n'),
            Inline::Chip(chip) => {
                let _ = write!(row.text, "｛{}｝", chip.label());
            }
        }
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::announcement::diff::{new, old};
    use crate::domain::announcement::document::strategy::document;
    use crate::domain::announcement::figures::sample;
    use crate::domain::announcement::template::official;
    use proptest::prelude::*;
    use serde_json::json;

    fn paragraphs(texts: &[&str]) -> Document {
        let content: Vec<_> =
            texts.iter().map(|text| json!({ "type": "paragraph", "content": [{ "type": "text", "text": text }] })).collect();
        Document::parse(&json!({ "type": "doc", "content": content }).to_string()).unwrap()
    }

    fn texts(rows: &[TextRow], of: fn(&[Piece]) -> String, without: RowChange) -> Vec<String> {
        rows.iter().filter(|row| row.change != without).map(|row| of(&row.pieces)).collect()
    }

    #[test]
    fn c7_a_changed_paragraph_shows_its_words_and_the_others_stay() {
        let rows = compare(
            Some(&paragraphs(&["第一段。", "预留份额没有达到三成。", "末段。"])),
            Some(&paragraphs(&["第一段。", "预留份额没有达到四成。", "末段。"])),
        );
        let changes: Vec<RowChange> = rows.iter().map(|row| row.change).collect();
        assert_eq!(changes, [RowChange::Same, RowChange::Edited, RowChange::Same]);
        assert!(
            rows[1].pieces.contains(&Piece::Removed("三".into())) && rows[1].pieces.contains(&Piece::Added("四".into())),
            "{:?}",
            rows[1]
        );
    }

    #[test]
    fn c7_another_paragraph_is_no_changed_one_and_a_mark_is_no_word() {
        let rows = compare(Some(&paragraphs(&["甲乙丙丁戊。"])), Some(&paragraphs(&["子丑寅卯辰！"])));
        let changes: Vec<RowChange> = rows.iter().map(|row| row.change).collect();
        assert_eq!(changes, [RowChange::Removed, RowChange::Added]);
        let bold = r#"{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"甲","marks":[{"type":"bold"}]}]}]}"#;
        let rows = compare(Some(&paragraphs(&["甲"])), Some(&Document::parse(bold).unwrap()));
        assert_eq!(rows[0].change, RowChange::Restyled);
    }

    #[test]
    fn c7_placeholders_are_told_by_their_names() {
        let rows = compare(None, Some(&official(&sample::figures())));
        assert!(rows.iter().all(|row| row.change == RowChange::Added));
        let text: String = rows.iter().map(|row| new(&row.pieces)).collect();
        assert!(text.contains("｛中小企业采购金额｝万元") && text.contains("｛预留项目明细｝"), "{text}");
    }

    proptest! {
        /// The rows without what comes are the old text, those without what goes are the new one.
        #[test]
        fn c7_applying_the_difference_gives_the_other_version(one in document(), other in document()) {
            let compared = compare(Some(&one), Some(&other));
            let words = |document: &Document| rows(document).into_iter().map(|row| row.text).collect::<Vec<_>>();
            prop_assert_eq!(texts(&compared, old, RowChange::Added), words(&one));
            prop_assert_eq!(texts(&compared, new, RowChange::Removed), words(&other));
        }

        #[test]
        fn c7_the_same_text_has_no_differences(one in document()) {
            prop_assert!(compare(Some(&one), Some(&one)).iter().all(|row| row.change == RowChange::Same));
        }
    }
}
