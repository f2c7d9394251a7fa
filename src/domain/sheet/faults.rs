//! Faults seen in real records: values that read well and are probably wrong. Each is a warning.

use crate::domain::money::Money;
use crate::domain::text::to_half_width;

/// From here on an amount is improbable: 2 000 000 万元.
const IMPROBABLE: Money = Money::from_fen(2_000_000 * 1_000_000);

/// Below this, an amount in a 元 column was probably meant in 万元: 1 000 元.
const TINY: Money = Money::from_fen(1_000 * 100);

/// A number of eleven digits that begins with 1 (`^1\d{10}$`), standing where an amount should.
pub(super) fn looks_like_a_mobile_number(cell: &str) -> bool {
    let cell = to_half_width(cell);
    let cell = cell.trim();
    cell.len() == 11 && cell.starts_with('1') && cell.bytes().all(|byte| byte.is_ascii_digit())
}

/// Amounts of several lots in one cell: `第…包`, `标段`.
pub(super) fn names_several_lots(cell: &str) -> bool {
    let numbered = cell.split_once('第').is_some_and(|(_, after)| after.contains('包'));
    numbered || cell.contains("标段")
}

/// The whole contract's or budget's amount was probably written in 万元: it is tiny, or a thousandth of the budget or less.
pub(super) fn amount_looks_like_wan(amount: Money, budget: Option<Money>) -> bool {
    let positive = amount > Money::ZERO;
    positive && (amount < TINY || budget.is_some_and(|budget| budget.fen() / 1_000 >= amount.fen()))
}

/// A part's amount was probably written in 万元: it is the contract amount divided by ten thousand, or tiny beside a contract amount that is not.
pub(super) fn part_looks_like_wan(part: Money, amount: Money) -> bool {
    let exact = part.fen().checked_mul(10_000) == Some(amount.fen());
    part > Money::ZERO && (exact || (part < TINY && amount >= TINY))
}

/// Too large to be believed.
pub(super) fn is_improbable(amount: Money) -> bool {
    amount >= IMPROBABLE
}

/// A number that a spreadsheet has rounded to 15 digits (all later ones are 0), or turned into `1.23E+17`.
pub(super) fn lost_its_digits(number: &str) -> bool {
    let number = to_half_width(number);
    let number = number.trim();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits(number) {
        return number.len() > 15 && number.bytes().skip(15).all(|byte| byte == b'0');
    }
    let upper = number.to_ascii_uppercase();
    upper
        .split_once("E+")
        .is_some_and(|(mantissa, exponent)| digits(exponent) && mantissa.contains('.') && digits(&mantissa.replacen('.', "", 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a1_mobile_numbers_are_recognised() {
        for cell in ["13800138000", " 19912345678 ", "１３８００１３８０００"] {
            assert!(looks_like_a_mobile_number(cell), "{cell}");
        }
        for cell in ["23800138000", "1380013800", "138001380000", "13800138000.00", "1380013800元", ""] {
            assert!(!looks_like_a_mobile_number(cell), "{cell}");
        }
    }

    #[test]
    fn a1_several_lots_in_one_cell_are_recognised() {
        for cell in ["第1包：100000；第2包：200000", "第一包120元", "一标段：5000 二标段：6000"] {
            assert!(names_several_lots(cell), "{cell}");
        }
        for cell in ["100000", "包干价 5000", "第3次付款"] {
            assert!(!names_several_lots(cell), "{cell}");
        }
    }

    #[test]
    fn a1_lost_digits_are_recognised() {
        for number in ["1234567890123450", "202401010000001000", "1.23457E+17", "１２３４５６７８９０１２３４５０００"] {
            assert!(lost_its_digits(number), "{number}");
        }
        for number in ["123456789012345", "1234567890123456", "107000-2022-000000", "100000000000000", "2024E+3", "HT1234567890123450", ""]
        {
            assert!(!lost_its_digits(number), "{number}");
        }
    }

    #[test]
    fn a1_amounts_in_the_wrong_unit_are_recognised() {
        let yuan = |text: &str| Money::parse_yuan(text).unwrap();
        assert!(amount_looks_like_wan(yuan("329.53"), None));
        assert!(amount_looks_like_wan(yuan("3780.12"), Some(yuan("40000000"))));
        assert!(!amount_looks_like_wan(yuan("3780.12"), Some(yuan("4000"))));
        assert!(!amount_looks_like_wan(yuan("0"), Some(yuan("4000"))), "0 is explicit");
        assert!(!amount_looks_like_wan(yuan("1000"), None));
        assert!(part_looks_like_wan(yuan("3780.12"), yuan("37801200")));
        assert!(part_looks_like_wan(yuan("12"), yuan("400000")));
        assert!(!part_looks_like_wan(yuan("12"), yuan("500")));
        assert!(!part_looks_like_wan(yuan("0"), yuan("500000")));
        assert!(is_improbable(Money::parse_wan("2000000").unwrap()));
        assert!(!is_improbable(Money::parse_wan("1999999.999999").unwrap()));
    }
}
