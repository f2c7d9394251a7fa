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

/// A cell of an HTML table as another program wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HtmlCell {
    /// What it shows.
    pub shown: String,
    /// The number that it holds, where it tells it (`x:num`, as Excel writes it).
    pub exact: Option<String>,
    /// Over how many columns it goes.
    pub columns: u32,
    /// Over how many rows it goes; 0 is all that follow.
    pub rows: u32,
}

impl HtmlCell {
    /// What is pasted. What is shown of a number may be rounded, so the number that is held goes before it; but a percentage or a day is
    /// held as another number than it says (`45.5%` as 0.455), and a unit of its own would be lost.
    fn text(self) -> String {
        match self.exact {
            Some(exact) if !exact.is_empty() && is_plain_number(&self.shown) => exact,
            _ => self.shown,
        }
    }
}

/// Whether a text is a number and nothing else: digits with their separators, a sign, an exponent, a sign of a currency.
fn is_plain_number(text: &str) -> bool {
    let text = text.trim().trim_start_matches(['¥', '￥', '$', '€']).trim();
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '\u{a0}' | '+' | '-' | '(' | ')' | 'E' | 'e');
    // A `-` or `/` between figures makes a day of them, `(3)` or `-3` a negative number.
    let is_day = text.char_indices().skip(1).any(|(at, c)| c == '-' && !text[..at].ends_with(['E', 'e', '(']));
    text.contains(|c: char| c.is_ascii_digit()) && text.chars().all(is_part) && text.matches('.').count() <= 1 && !is_day
}

/// Most columns over which a cell may go.
const MAX_SPAN: u32 = 64;

/// The rows of an HTML table as a spreadsheet has them: a cell that goes over several columns or rows stands in the first of them, and
/// the others are empty, so that everything beside it stays in its column.
pub fn laid_out(rows: Vec<Vec<HtmlCell>>) -> Vec<Vec<String>> {
    // How many further rows each column is covered by a cell from above.
    let mut covered: Vec<u32> = Vec::new();
    let mut laid = Vec::with_capacity(rows.len());
    for cells in rows {
        let mut texts: Vec<String> = Vec::new();
        let mut below: Vec<(usize, u32)> = Vec::new();
        let is_covered = |at: usize| covered.get(at).is_some_and(|rows| *rows > 0);
        for cell in cells {
            while is_covered(texts.len()) {
                texts.push(String::new());
            }
            let further = if cell.rows == 0 { u32::MAX } else { cell.rows - 1 };
            let columns = cell.columns.clamp(1, MAX_SPAN);
            for (place, text) in std::iter::once(cell.text()).chain(std::iter::repeat_with(String::new)).take(columns as usize).enumerate()
            {
                // A cell over several columns does not go over one that is covered: nobody writes such a table.
                if place > 0 && is_covered(texts.len()) {
                    break;
                }
                below.push((texts.len(), further));
                texts.push(text);
            }
        }
        let end = (0..covered.len()).rev().find(|at| is_covered(*at)).map_or(0, |last| last + 1);
        texts.resize_with(texts.len().max(end), String::new);
        for rows in &mut covered {
            *rows = rows.saturating_sub(1);
        }
        for (at, further) in below {
            if covered.len() <= at {
                covered.resize(at + 1, 0);
            }
            covered[at] = further;
        }
        laid.push(texts);
    }
    laid
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

    fn cell(shown: &str, columns: u32, rows: u32) -> HtmlCell {
        HtmlCell { shown: shown.to_owned(), exact: None, columns, rows }
    }

    #[test]
    fn e2_a_cell_merged_over_rows_moves_nothing_out_of_its_column() {
        let one = |shown: &str| cell(shown, 1, 1);
        let merged_first = vec![
            vec![cell("一组", 1, 3), one("甲"), one("1")],
            vec![one("乙"), one("2")],
            vec![one("丙"), one("3")],
            vec![one("二组"), one("丁"), one("4")],
        ];
        assert_eq!(laid_out(merged_first), [["一组", "甲", "1"], ["", "乙", "2"], ["", "丙", "3"], ["二组", "丁", "4"]]);
        let block =
            vec![vec![one("甲"), cell("块", 2, 2), cell("末", 1, 2)], vec![one("乙")], vec![one("丙"), one("1"), one("2"), one("3")]];
        assert_eq!(laid_out(block), [["甲", "块", "", "末"], ["乙", "", "", ""], ["丙", "1", "2", "3"]]);
        assert_eq!(laid_out(vec![vec![cell("全", 1, 0), one("1")], vec![one("2")], vec![]]), [vec!["全", "1"], vec!["", "2"], vec![""]]);
        let hostile = laid_out(vec![vec![cell("宽", u32::MAX, u32::MAX)], vec![one("1")]]);
        assert_eq!((hostile[0].len(), hostile[1].len()), (64, 65), "spans are bounded");
    }

    #[test]
    fn e2_the_number_that_a_cell_holds_goes_before_a_rounded_one_and_not_before_a_percentage_or_a_day() {
        let pasted =
            |shown: &str, exact: &str| HtmlCell { shown: shown.to_owned(), exact: Some(exact.to_owned()), columns: 1, rows: 1 }.text();
        for (shown, exact) in [
            ("12.35", "12.3456"),
            ("1,234.50", "1234.5012"),
            ("￥ 12.35", "12.3456"),
            ("-3", "-3.2"),
            ("3.10115E+17", "310115202412345000"),
            ("1.2E-05", "0.000012345"),
        ] {
            assert_eq!(pasted(shown, exact), exact, "{shown}");
        }
        for (shown, exact) in [
            ("45.5%", "0.455"),
            ("4.55E+01%", "0.455"),
            ("2024-03-05", "45356"),
            ("2024/3/5", "45356"),
            ("2024年3月5日", "45356"),
            ("2024.3.5", "45356"),
            ("12.5万元", "12.5"),
            ("####", "45356"),
            ("12.5", ""),
            ("", "12.5"),
        ] {
            assert_eq!(pasted(shown, exact), shown, "{shown}");
        }
    }

    proptest! {
        #[test]
        fn e2_no_cell_of_a_table_is_lost(spans in prop::collection::vec(prop::collection::vec((0_u32..4, 0_u32..4), 0..5), 0..6)) {
            let rows: Vec<Vec<HtmlCell>> = spans.iter().map(|row| row.iter().map(|(columns, rows)| cell("x", *columns, *rows)).collect()).collect();
            let laid = laid_out(rows);
            prop_assert_eq!(laid.len(), spans.len());
            for (laid, row) in laid.iter().zip(&spans) {
                prop_assert_eq!(laid.iter().filter(|text| *text == "x").count(), row.len());
            }
        }

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
