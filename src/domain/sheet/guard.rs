//! What a text carries in a CSV file so that a spreadsheet takes it for a text, and reading it back.
//!
//! Always: [`unguarded`] gives back what [`guarded`] was given, but for blanks around it, which no stored text has.

use crate::domain::text::is_invisible;
use std::borrow::Cow;

/// Signs with which a spreadsheet begins a formula, in the width of Chinese text as well, which some take for the same.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r'];
/// From so many digits on a spreadsheet shows a number in powers of ten, and keeps fifteen of them.
const LONG: usize = 12;

/// Whether only apostrophes, and what nobody sees, stand before a sign that begins a formula.
fn begins_formula(text: &str) -> bool {
    text.trim_start_matches(|c: char| c == '\'' || (is_invisible(c) && !c.is_control())).starts_with(FORMULA)
}

/// Whether a spreadsheet would turn it into a number and lose digits of it: many digits, or a 0 in front.
fn loses_digits(text: &str) -> bool {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits && (text.len() >= LONG || (text.len() > 1 && text.starts_with('0')))
}

/// The text as it stands in a CSV file: `'` before what would be a formula, a TAB behind what would be a number with fewer digits.
pub fn guarded(text: &str) -> Cow<'_, str> {
    if begins_formula(text) {
        Cow::Owned(format!("'{text}"))
    } else if loses_digits(text) {
        Cow::Owned(format!("{text}\t"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text that a cell of a CSV file stands for.
pub fn unguarded(cell: &str) -> &str {
    let cell = match cell.strip_prefix('\'') {
        Some(rest) if begins_formula(rest) => rest,
        _ => cell,
    };
    match cell.strip_suffix('\t') {
        Some(rest) if loses_digits(rest) => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn e12_a_text_that_would_be_a_formula_is_none_in_a_csv_file() {
        for text in ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''@x", "\u{feff}=1", "\u{200b}'+1"] {
            assert_eq!(guarded(text), format!("'{text}"), "{text:?}");
        }
        for text in ["", "a=1", "1-2", "'", "'a", "中文", "2024-03-15"] {
            assert_eq!(guarded(text), text);
        }
    }

    #[test]
    fn e12_numbers_of_contracts_keep_their_digits_in_a_spreadsheet() {
        assert_eq!(guarded("202401010000001234"), "202401010000001234\t");
        assert_eq!(guarded("0012"), "0012\t");
        for text in ["12345678901", "0", "2024-0001", "1.5"] {
            assert_eq!(guarded(text), text);
        }
    }

    proptest! {
        #[test]
        fn e12_what_was_guarded_is_read_back(text in "[\u{feff}\u{200b}]?('{0,2}[=+@\\-]?|0)[0-9a中'=\\t]{0,14}") {
            let text = text.trim_end_matches('\t');
            let cell = guarded(text);
            prop_assert_eq!(unguarded(&cell), text);
        }
    }
}
