//! Numbers of cells as the text that a spreadsheet shows.

use super::styles::Shown;
use crate::domain::text;
use std::borrow::Cow;

/// Digits that a spreadsheet keeps of a number.
const DIGITS: usize = 15;
/// The last day that spreadsheets know: 9999-12-31.
const LAST_DAY: i64 = 2_958_465;

/// What a cell with this number shows.
pub(super) fn text_of_number(number: &str, shown: Shown, counts_from_1904: bool) -> String {
    let number = number.trim();
    match shown {
        Shown::Number => plain(number),
        Shown::Day => number.parse().ok().and_then(|serial| date_of_serial(serial, counts_from_1904)).unwrap_or_else(|| plain(number)),
        Shown::Percent => percent(&plain(number)),
        Shown::Padded(digits) => {
            let text = plain(number);
            if text.bytes().all(|byte| byte.is_ascii_digit()) { format!("{text:0>digits$}") } else { text }
        }
    }
}

/// The day of a spreadsheet's number, as `2024-03-15`; the time of the day is left out. `None` where it is no day.
///
/// Day 1 is 1900-01-01, and 60 is 1900-02-29, which never was; or day 0 is 1904-01-01.
pub fn date_of_serial(serial: f64, counts_from_1904: bool) -> Option<String> {
    if !(1.0..3_000_000.0).contains(&serial) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "within three million")]
    let day = serial.floor() as i64 + if counts_from_1904 { 1_462 } else { 0 };
    if day > LAST_DAY || day == 60 {
        return None;
    }
    // Days since 1970-01-01, counted with the day that never was for what lies behind it.
    let since_1970 = day - 25_569 + i64::from(day < 60);
    // The civil calendar from a count of days: years begin in March, so that the leap day comes last.
    let shifted = since_1970 + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Some(format!("{year:04}-{month:02}-{day_of_month:02}"))
}

/// A number without exponent and with no more digits than a spreadsheet keeps: `0.30000000000000004` is `0.3`.
fn plain(number: &str) -> String {
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let is_plain = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    if is_plain && digits <= DIGITS {
        return trimmed(number);
    }
    match number.parse::<f64>() {
        Ok(value) if value.is_finite() => expanded(&format!("{value:.*e}", DIGITS - 1)).unwrap_or_else(|| number.to_owned()),
        _ => number.to_owned(),
    }
}

/// `1.50` is `1.5`, `5.0` is `5`.
fn trimmed(number: &str) -> String {
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.').to_owned() } else { number.to_owned() }
}

/// `1.2345e4` → `12345`; `None` where it would be longer than anyone reads.
fn expanded(scientific: &str) -> Option<String> {
    let (mantissa, exponent) = scientific.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    if !(-20..=30).contains(&exponent) {
        return None;
    }
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let point = usize::try_from(exponent + 1).ok();
    let text = match point {
        Some(point) if point >= digits.len() => format!("{digits}{}", "0".repeat(point - digits.len())),
        Some(point) if point > 0 => format!("{}.{}", &digits[..point], &digits[point..]),
        _ => format!("0.{}{digits}", "0".repeat(usize::try_from(-exponent - 1).ok()?)),
    };
    Some(format!("{sign}{}", trimmed(&text)))
}

/// A hundred times as much with the sign: `0.455` → `45.5%`.
fn percent(number: &str) -> String {
    let (sign, rest) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (whole, part) = rest.split_once('.').unwrap_or((rest, ""));
    if rest.is_empty() || !whole.bytes().chain(part.bytes()).all(|byte| byte.is_ascii_digit()) {
        return number.to_owned();
    }
    let part = format!("{part:0<2}");
    let whole = format!("{whole}{}", &part[..2]);
    let whole = whole.trim_start_matches('0');
    let text = format!("{}.{}", if whole.is_empty() { "0" } else { whole }, &part[2..]);
    format!("{sign}{}%", trimmed(&text))
}

/// Characters that XML cannot hold are written `_x000D_` by spreadsheets.
pub(super) fn unescape(written: &str) -> Cow<'_, str> {
    if !written.contains("_x") {
        return Cow::Borrowed(written);
    }
    let (mut plain, mut rest) = (String::with_capacity(written.len()), written);
    while let Some(at) = rest.find("_x") {
        let (before, found) = rest.split_at(at);
        plain.push_str(before);
        let code = found.get(2..6).filter(|_| found.as_bytes().get(6) == Some(&b'_'));
        // What no text can hold stays as it is written.
        match code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32).filter(|c| !text::is_unstorable(*c)) {
            Some(character) => {
                plain.push(character);
                rest = &found[7..];
            }
            None => {
                plain.push_str("_x");
                rest = &found[2..];
            }
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a4_numbers_are_written_as_a_spreadsheet_shows_them() {
        let number = |text: &str| text_of_number(text, Shown::Number, false);
        for (given, expected) in [
            ("1234.50", "1234.5"),
            ("5.0", "5"),
            ("0.30000000000000004", "0.3"),
            ("1.2345678901234499E+17", "123456789012345000"),
            ("1E-3", "0.001"),
            ("-12.5", "-12.5"),
            ("4999999.9900000002", "4999999.99"),
            ("1e300", "1e300"),
            ("NaN", "NaN"),
            ("", ""),
        ] {
            assert_eq!(number(given), expected, "{given}");
        }
        assert_eq!(text_of_number("0.455", Shown::Percent, false), "45.5%");
        assert_eq!(text_of_number("1", Shown::Percent, false), "100%");
        assert_eq!(text_of_number("0.005", Shown::Percent, false), "0.5%");
        assert_eq!(text_of_number("123", Shown::Padded(6), false), "000123");
    }

    #[test]
    fn a4_days_are_counted_as_spreadsheets_count_them() {
        for (serial, expected) in [
            (1.0, "1900-01-01"),
            (59.0, "1900-02-28"),
            (61.0, "1900-03-01"),
            (45_366.0, "2024-03-15"),
            (45_366.75, "2024-03-15"),
            (45_351.0, "2024-02-29"),
        ] {
            assert_eq!(date_of_serial(serial, false).as_deref(), Some(expected), "{serial}");
        }
        assert_eq!(date_of_serial(43_904.0, true).as_deref(), Some("2024-03-15"));
        for serial in [60.0, 0.0, -1.0, 1e10, f64::NAN] {
            assert_eq!(date_of_serial(serial, false), None, "{serial}");
        }
    }

    #[test]
    fn a4_escaped_characters_come_back() {
        assert_eq!(unescape("a_x000D_b_x005F_x0041_"), "a\rb_x0041_");
        assert_eq!(unescape("_x12_xZZZZ_合同_x"), "_x12_xZZZZ_合同_x");
        assert_eq!(unescape("1_x0000_0_x001B_"), "1_x0000_0_x001B_", "what no text can hold");
    }

    proptest! {
        #[test]
        fn a4_any_number_becomes_a_text(text in ".{0,40}", value in any::<f64>()) {
            for shown in [Shown::Number, Shown::Day, Shown::Percent, Shown::Padded(6)] {
                let _ = text_of_number(&text, shown, false);
                let _ = text_of_number(&value.to_string(), shown, true);
                let _ = text_of_number(&format!("{value:e}"), shown, true);
            }
            let _ = unescape(&text);
        }
    }
}
