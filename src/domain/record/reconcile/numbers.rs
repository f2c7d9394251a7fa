//! Contract numbers that a spreadsheet has made into figures: what follows the 15th digit is 0, or the number shows as `1.23457E+17`.
//!
//! What is left of such a number can point to a contract, never prove it: it gives a suggestion that a person confirms.

use super::columns::plain;

/// A spreadsheet keeps so many digits of a figure.
const KEPT: usize = 15;

/// A number as it is compared: half width, upper case, without blanks and without the apostrophe that marks a text.
pub(super) fn key(number: &str) -> String {
    plain(number).trim_start_matches('\'').to_uppercase()
}

/// What is left of a number that lost its digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Rest {
    /// How many digits the number had.
    pub length: usize,
    /// The first of them, as far as they are known; the last may be rounded.
    pub digits: String,
}

/// Reads a number that lost its digits; `None` for one that is whole (or no figure at all).
pub(super) fn lost(key: &str) -> Option<Rest> {
    if is_figure(key) {
        let (kept, zeros) = key.split_at_checked(KEPT)?;
        let is_lost = !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0');
        return is_lost.then(|| Rest { length: key.len(), digits: kept.to_owned() });
    }
    let (mantissa, exponent) = key.split_once('E')?;
    let exponent: usize = exponent.strip_prefix('+').filter(|digits| is_figure(digits))?.parse().ok()?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_mantissa = whole.len() == 1 && whole != "0" && is_figure(whole) && (fraction.is_empty() || is_figure(fraction));
    // Shorter figures are no contract numbers, longer ones nobody has.
    let is_sensible = is_mantissa && (9..60).contains(&exponent) && fraction.len() <= exponent;
    is_sensible.then(|| Rest { length: exponent + 1, digits: format!("{whole}{fraction}") })
}

/// What would be left of a whole number with only `kept` digits: cut off, and rounded where that differs.
pub(super) fn shortened(key: &str, kept: usize) -> Vec<String> {
    if !is_figure(key) || kept == 0 || key.len() <= kept {
        return Vec::new();
    }
    let (cut, rest) = key.split_at(kept);
    let mut forms = vec![cut.to_owned()];
    if rest.as_bytes()[0] >= b'5' {
        let mut digits: Vec<u8> = cut.bytes().collect();
        for digit in digits.iter_mut().rev() {
            if *digit == b'9' {
                *digit = b'0';
            } else {
                *digit += 1;
                forms.extend(String::from_utf8(digits).ok());
                break;
            }
        }
    }
    forms
}

fn is_figure(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest(text: &str) -> Option<(usize, String)> {
        lost(&key(text)).map(|rest| (rest.length, rest.digits))
    }

    #[test]
    fn e2_numbers_whose_digits_after_the_fifteenth_were_lost_are_seen() {
        assert_eq!(rest("310115202412345000"), Some((18, "310115202412345".to_owned())));
        assert_eq!(rest("3.10115E+17"), Some((18, "310115".to_owned())));
        assert_eq!(rest(" ３.1e+17 "), Some((18, "31".to_owned())));
        assert_eq!(rest("3E+17"), Some((18, "3".to_owned())));
        for whole in [
            "310115202412345678",
            "310115202412345",
            "107000-2024-000002",
            "HT310115202412345000",
            "0.3E+17",
            "3.1E+5",
            "",
            "E+17",
            "2024年",
        ] {
            assert_eq!(rest(whole), None, "{whole}");
        }
        assert_eq!(key("'310115 2024\u{200b}ａb"), "3101152024AB");
    }

    #[test]
    fn e2_what_is_left_of_a_number_is_cut_or_rounded() {
        assert_eq!(shortened("310115202412345678", 15), ["310115202412345", "310115202412346"]);
        assert_eq!(shortened("310115202412345478", 15), ["310115202412345"]);
        assert_eq!(shortened("310199500000000000", 6), ["310199", "310200"]);
        assert_eq!(shortened("999", 2), ["99"], "a number of another length is not made");
        assert_eq!(shortened("31", 2), Vec::<String>::new());
        assert_eq!(shortened("HT-310115202412345678", 15), Vec::<String>::new());
    }
}
