//! What the clipboard holds: rows of cells as tab-separated text and as an HTML table, the two forms that Excel and WPS write and read.
//!
//! Always: what is written reads back as the same cells, whatever they hold. A cell with a tab, a line break or a quote is quoted, as the
//! spreadsheets do.

/// Rows of cells as tab-separated text.
pub fn to_text(rows: &[Vec<String>]) -> String {
    let quoted = |cell: &String| {
        if cell.contains(['\t', '\n', '\r', '"']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() }
    };
    let mut lines: Vec<String> = rows.iter().map(|row| row.iter().map(quoted).collect::<Vec<_>>().join("\t")).collect();
    if lines.len() > 1 {
        // Each of several rows ends in a line break, as in Excel; a single cell goes into a text as it is.
        lines.push(String::new());
    }
    lines.join("\n")
}

/// What marks a table as copied from one of our own grids.
pub const OWN: &str = "data-setaside-grid";

/// Rows of cells as an HTML table. `is_number` says which columns are figures; the others are marked as text, so that a spreadsheet keeps
/// long numbers and leading zeros.
pub fn to_html(rows: &[Vec<String>], is_number: impl Fn(usize) -> bool) -> String {
    let mut html = format!("<table {OWN}>");
    for row in rows {
        html.push_str("<tr>");
        for (column, cell) in row.iter().enumerate() {
            // WPS and Excel both know this style; without it 18 digits come out as 1.23E+17.
            html.push_str(if is_number(column) { "<td>" } else { "<td style=\"mso-number-format:'\\@'\">" });
            escape(cell, &mut html);
            html.push_str("</td>");
        }
        html.push_str("</tr>");
    }
    html.push_str("</table>");
    html
}

fn escape(text: &str, into: &mut String) {
    for c in text.chars() {
        match c {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '"' => into.push_str("&quot;"),
            '\n' => into.push_str("<br>"),
            _ => into.push(c),
        }
    }
}

/// The tables of a page fragment without what would style them: the policy of our pages forbids styles in markup, also where it is only
/// read, and the browser would complain of each. `None` where there is no table.
pub fn bare_table(html: &str) -> Option<String> {
    let lower = html.to_ascii_lowercase();
    let from = lower.find("<table")?;
    let to = lower.rfind("</table>").map_or(html.len(), |at| at + "</table>".len());
    let mut bare = String::with_capacity(html.len());
    let (mut in_tag, mut quote, mut before) = (false, None::<char>, ' ');
    for (at, c) in html.get(from..to)?.char_indices() {
        let rest = &lower[from + at..to];
        match (in_tag, quote) {
            (false, _) => in_tag = c == '<' && rest[1..].starts_with(|next: char| next.is_ascii_alphabetic()),
            (true, Some(open)) if c == open => quote = None,
            (true, Some(_)) => {}
            (true, None) if c == '>' => in_tag = false,
            (true, None) if c == '"' || c == '\'' => quote = Some(c),
            (true, None) => {
                let is_name = before.is_ascii_whitespace() || matches!(before, '"' | '\'' | '/');
                if is_name && rest.strip_prefix("style").is_some_and(|rest| rest.trim_start().starts_with('=')) {
                    bare.push_str("data-");
                }
            }
        }
        before = c;
        bare.push(c);
    }
    Some(bare)
}

/// Most rows that one paste may bring.
pub const MAX_ROWS: usize = 20_000;

/// Reads tab-separated text: quoted cells may hold tabs and line breaks; one line break at the end ends the last row and opens no other.
pub fn from_text(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![Vec::new()];
    let mut cell = String::new();
    let mut chars = text.chars().peekable();
    let mut at_start = true;
    let end = |cell: &mut String, rows: &mut Vec<Vec<String>>, ends_row: bool| {
        if let Some(row) = rows.last_mut() {
            row.push(std::mem::take(cell));
        }
        if ends_row {
            rows.push(Vec::new());
        }
    };
    while let Some(c) = chars.next() {
        match c {
            '"' if at_start && is_quoted(&chars) => {
                at_start = false;
                while let Some(c) = chars.next() {
                    if c != '"' {
                        cell.push(c);
                    } else if chars.peek() == Some(&'"') {
                        cell.push('"');
                        chars.next();
                    } else {
                        break;
                    }
                }
            }
            '\t' => {
                end(&mut cell, &mut rows, false);
                at_start = true;
            }
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' => {
                end(&mut cell, &mut rows, true);
                at_start = true;
            }
            _ => {
                cell.push(c);
                at_start = false;
            }
        }
    }
    // A line break at the very end has opened a row that is none.
    let is_spare = cell.is_empty() && at_start && rows.len() > 1 && rows.last().is_some_and(Vec::is_empty);
    if is_spare {
        rows.pop();
    } else {
        end(&mut cell, &mut rows, false);
    }
    rows
}

/// Whether the quote just read opens a quoted cell: somewhere another one closes it, with the end of the cell behind it.
fn is_quoted(rest: &std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    let mut rest = rest.clone();
    while let Some(c) = rest.next() {
        if c == '"' {
            match rest.peek() {
                Some('"') => {
                    rest.next();
                }
                None | Some('\t' | '\n' | '\r') => return true,
                Some(_) => return false,
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<Vec<String>> {
        from_text(text)
    }

    #[test]
    fn e3_what_spreadsheets_put_on_the_clipboard_is_read() {
        assert_eq!(read("甲\t1\r\n乙\t2\r\n"), [["甲", "1"], ["乙", "2"]], "Excel ends the last row");
        assert_eq!(read("甲\t1\n乙\t2"), [["甲", "1"], ["乙", "2"]], "WPS does not always");
        assert_eq!(read("\"两\n行\"\t\"说\"\"是\"\"\""), [["两\n行", "说\"是\""]]);
        assert_eq!(read("5\" 管道\t1"), [["5\" 管道", "1"]], "a quote inside a word is a quote");
        assert_eq!(read("\"未完"), [["\"未完"]]);
        assert_eq!(read(""), [[""]]);
        assert_eq!(read("\t"), [["", ""]]);
        assert_eq!(read("甲\n\n乙"), [["甲"], [""], ["乙"]], "an empty row is a row");
    }

    #[test]
    fn e3_html_holds_the_cells_escaped() {
        let html = to_html(&[vec!["<b>&\"".to_owned(), "1.5".to_owned()]], |column| column == 1);
        assert!(html.contains("&lt;b&gt;&amp;&quot;</td><td>1.5</td>"), "{html}");
        assert!(!html.contains("<b>"));
    }

    #[test]
    fn e2_a_table_of_another_program_is_read_without_its_styles() {
        let html = "<style>td{color:red}</style><TABLE Style = 'a'><td class=\"x\"style=\"mso: '>'\">style=1 < 2</td></TABLE><p style=b>";
        let bare = "<TABLE data-Style = 'a'><td class=\"x\"data-style=\"mso: '>'\">style=1 < 2</td></TABLE>";
        assert_eq!(bare_table(html).as_deref(), Some(bare));
        assert_eq!(bare_table("<p>甲</p>"), None);
    }

    proptest! {
        #[test]
        fn e3_what_is_copied_is_pasted_the_same(rows in prop::collection::vec(prop::collection::vec("[a\"\t\n 中1]{0,6}", 1..5), 1..6)) {
            prop_assert_eq!(from_text(&to_text(&rows)), rows);
        }

        #[test]
        fn e3_any_text_is_read(text in "\\PC{0,200}") {
            let rows = from_text(&text);
            prop_assert!(rows.iter().all(|row| !row.is_empty()));
        }
    }
}
