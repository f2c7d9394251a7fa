//! 统一社会信用代码 (GB 32100-2015): 18 characters, the last of which checks the others.
//!
//! Real codes that fail the check exist, so a wrong check digit is a warning and never blocks; what is no code at all is refused.

use crate::domain::text::to_half_width;

/// The characters of a code; the value of a character is its place here. I, O, S, V and Z are left out.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// What is odd about a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UsccWarning {
    /// Not 18 characters.
    #[error("统一社会信用代码应为 18 位，现为 {0} 位，请核对")]
    Length(usize),
    /// A character that no code contains.
    #[error("统一社会信用代码中不会出现「{0}」，请核对")]
    Character(char),
    /// The last character does not fit the others.
    #[error("统一社会信用代码的校验位不符（按前 17 位应为 {expected}），请核对")]
    CheckDigit {
        /// The character that would fit.
        expected: char,
    },
}

impl UsccWarning {
    /// Whether no code looks like this.
    pub const fn blocks(self) -> bool {
        !matches!(self, UsccWarning::CheckDigit { .. })
    }
}

/// Half width, upper case, without blanks and hyphens.
pub fn normalise(text: &str) -> String {
    let is_hyphen = |c: char| matches!(c, '-' | '_' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{30fc}');
    to_half_width(text)
        .chars()
        .filter(|&c| !c.is_whitespace() && !c.is_control() && !is_hyphen(c))
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// The normalised code, or what is odd about it.
pub fn check(text: &str) -> Result<String, UsccWarning> {
    let code = normalise(text);
    let length = code.chars().count();
    if length != 18 {
        return Err(UsccWarning::Length(length));
    }
    let mut values = [0_usize; 18];
    for (place, c) in values.iter_mut().zip(code.chars()) {
        *place = ALPHABET.iter().position(|&known| char::from(known) == c).ok_or(UsccWarning::Character(c))?;
    }
    let expected = check_value(&values[..17]);
    if values[17] == expected { Ok(code) } else { Err(UsccWarning::CheckDigit { expected: char::from(ALPHABET[expected]) }) }
}

/// The normalised code as it may be stored, empty for an empty text: a wrong check digit may stand, everything else may not.
pub fn accept(text: &str) -> Result<String, UsccWarning> {
    let code = normalise(text);
    match check(&code) {
        Err(warning) if warning.blocks() && !code.is_empty() => Err(warning),
        _ => Ok(code),
    }
}

/// (31 − Σ value × 3^(i−1) mod 31) mod 31 over the first 17 values.
fn check_value(values: &[usize]) -> usize {
    let (sum, _) = values.iter().fold((0, 1), |(sum, weight), value| ((sum + value * weight) % 31, weight * 3 % 31));
    (31 - sum) % 31
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a1_valid_codes_pass_and_a_wrong_check_digit_is_named() {
        for code in ["91350100M000100Y43", "91512081MA62K0260E", "91110000600037341L", "11500233711629462C", "116401000100858967"] {
            assert_eq!(check(code), Ok(code.to_owned()));
        }
        assert_eq!(check("91350100M000100Y4Z"), Err(UsccWarning::Character('Z')));
        assert_eq!(check("91350100M000100Y44"), Err(UsccWarning::CheckDigit { expected: '3' }));
        assert_eq!(check("913501"), Err(UsccWarning::Length(6)));
        assert_eq!(check(""), Err(UsccWarning::Length(0)));
    }

    #[test]
    fn b8_a_wrong_check_digit_may_be_stored_and_what_is_no_code_may_not() {
        assert_eq!(accept(" 91350100m000100y44"), Ok("91350100M000100Y44".to_owned()));
        assert_eq!(accept(" "), Ok(String::new()));
        assert_eq!(accept("<SCRIPT>"), Err(UsccWarning::Length(8)));
        assert_eq!(accept("<SCRIPT>0000000000"), Err(UsccWarning::Character('<')));
    }

    #[test]
    fn a1_width_case_blanks_and_hyphens_do_not_matter() {
        for code in [
            "91350100m000100y43",
            " 9135 0100 M000 100Y 43\u{3000}",
            "913501-00M000100Y-43",
            "９１３５０１００Ｍ０００１００Ｙ４３",
            "913501—00M000100Y–43",
        ] {
            assert_eq!(check(code), Ok("91350100M000100Y43".to_owned()), "{code}");
        }
    }

    proptest! {
        #[test]
        fn a1_one_mistyped_character_is_always_noticed(values in proptest::collection::vec(0_usize..31, 17), at in 0_usize..17, shift in 1_usize..31) {
            let write = |values: &[usize], last: usize| -> String {
                values.iter().chain([&last]).map(|&value| char::from(ALPHABET[value])).collect()
            };
            let last = check_value(&values);
            prop_assert!(check(&write(&values, last)).is_ok());
            let mut wrong = values.clone();
            wrong[at] = (wrong[at] + shift) % 31;
            prop_assert!(check(&write(&wrong, last)).is_err());
        }

        #[test]
        fn a1_normalising_twice_is_normalising_once(text in "\\PC{0,24}") {
            let once = normalise(&text);
            prop_assert_eq!(normalise(&once), once.clone());
            let _ = check(&text);
        }
    }
}
