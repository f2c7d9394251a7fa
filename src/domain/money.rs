//! Money in 分, shares in hundredths of a percent, reserved percentages in ten-thousandths.
//!
//! Always: an amount is a whole number of 分 in an `i64`; it is shown in 万元 with up to six places (0.000001 万元 = 1 分),
//! trailing zeros trimmed. Nothing here rounds silently except where the rule says so (`half up`).

use crate::domain::text::to_half_width;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An exact amount in 分. May be negative as a difference; [`Money::parse_wan`] and [`Money::parse_yuan`] refuse negative input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(i64);

/// Largest amount that may be entered: one trillion 元. Sums of a million such rows still fit an `i64`… of 分 only below
/// this bound's thousandth, so totals use checked addition.
const MAX_FEN: i64 = 100_000_000_000_000;

/// 元 or 万元.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Unit {
    /// 元.
    Yuan,
    /// 万元.
    Wan,
}

impl Unit {
    /// Its word.
    pub const fn label(self) -> &'static str {
        match self {
            Unit::Yuan => "元",
            Unit::Wan => "万元",
        }
    }

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Unit {
        match self {
            Unit::Yuan => Unit::Wan,
            Unit::Wan => Unit::Yuan,
        }
    }

    /// The unit that an amount names itself: `12.5万元`, `3000元`.
    pub fn of(amount: &str) -> Option<Unit> {
        let amount = amount.trim();
        if amount.ends_with("万元") || amount.ends_with('万') {
            Some(Unit::Wan)
        } else if amount.ends_with('元') {
            Some(Unit::Yuan)
        } else {
            None
        }
    }
}

/// Why a text is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Nothing but blanks.
    #[error("请填写金额")]
    Empty,
    /// Not a number.
    #[error("不是数字，请只填金额，如 12.5")]
    NotANumber,
    /// Below zero.
    #[error("金额不能是负数")]
    Negative,
    /// More places than 分.
    #[error("金额最小到分，小数位过多")]
    TooFine,
    /// Above the bound of one trillion 元.
    #[error("金额过大，请核对单位是元还是万元")]
    TooLarge,
}

impl Money {
    /// Zero.
    pub const ZERO: Money = Money(0);

    /// From whole 分.
    pub const fn from_fen(fen: i64) -> Money {
        Money(fen)
    }

    /// As whole 分.
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// In 万元, exact, trailing zeros trimmed: `8778.929176`, `262.4`, `1`.
    pub fn wan(self) -> String {
        decimal(self.0, 6)
    }

    /// In 元, exact, trailing zeros trimmed.
    pub fn yuan(self) -> String {
        decimal(self.0, 2)
    }

    /// Reads 万元: up to six places, full-width digits, thousands separators and a trailing 「万元」 accepted.
    pub fn parse_wan(text: &str) -> Result<Money, MoneyError> {
        parse(text, 6, &["万元", "万"])
    }

    /// Reads 元: up to two places, full-width digits, thousands separators, a leading ¥ and a trailing 「元」 accepted.
    pub fn parse_yuan(text: &str) -> Result<Money, MoneyError> {
        parse(text, 2, &["元"])
    }

    /// Reads an amount in `unit`, unless it names its own.
    pub fn parse_in(text: &str, unit: Unit) -> Result<Money, MoneyError> {
        match Unit::of(text).unwrap_or(unit) {
            Unit::Wan => Money::parse_wan(text),
            Unit::Yuan => Money::parse_yuan(text),
        }
    }

    /// The sum, or `None` where it would leave an `i64` of 分.
    pub fn checked_add(self, other: Money) -> Option<Money> {
        self.0.checked_add(other.0).map(Money)
    }

    /// This amount × `percent` ÷ 100, half up to 分 (「按比例推算」).
    #[must_use]
    pub fn share(self, percent: Percent) -> Money {
        let product = i128::from(self.0) * i128::from(percent.0);
        let fen = (product + 500_000).div_euclid(1_000_000);
        Money(i64::try_from(fen).unwrap_or(i64::MAX))
    }
}

impl std::iter::Sum for Money {
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Money {
        Money(amounts.fold(0_i64, |sum, amount| sum.saturating_add(amount.0)))
    }
}

fn decimal(value: i64, places: usize) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// Reads a plain decimal into whole units of 10^-places.
fn scaled(text: &str, places: usize) -> Result<i64, MoneyError> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || !all_digits(whole) || !all_digits(fraction) {
        return Err(MoneyError::NotANumber);
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > places {
        return Err(MoneyError::TooFine);
    }
    let joined = format!("{whole}{fraction:0<places$}");
    let value: i64 = joined
        .trim_start_matches('0')
        .parse()
        .or_else(|_| if joined.bytes().all(|byte| byte == b'0') { Ok(0) } else { Err(MoneyError::TooLarge) })?;
    if negative && value != 0 { Err(MoneyError::Negative) } else { Ok(value) }
}

fn parse(text: &str, places: usize, units: &[&str]) -> Result<Money, MoneyError> {
    let text = to_half_width(text);
    let mut text = text.trim();
    text = text.strip_prefix('¥').or_else(|| text.strip_prefix('￥')).unwrap_or(text).trim();
    for unit in units {
        if let Some(rest) = text.strip_suffix(unit) {
            text = rest.trim_end();
            break;
        }
    }
    if text.is_empty() {
        return Err(MoneyError::Empty);
    }
    let plain = without_separators(text).ok_or(MoneyError::NotANumber)?;
    let fen = scaled(&plain, places)?;
    if fen > MAX_FEN { Err(MoneyError::TooLarge) } else { Ok(Money(fen)) }
}

/// Removes thousands separators where they stand right (`1,234,567.8`); `None` where a comma stands elsewhere.
fn without_separators(text: &str) -> Option<String> {
    if !text.contains(',') {
        return Some(text.to_owned());
    }
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let mut groups = whole.split(',');
    let first = groups.next()?;
    if first.trim_start_matches('-').is_empty() || first.trim_start_matches('-').len() > 3 || !groups.all(|group| group.len() == 3) {
        return None;
    }
    let whole = whole.replace(',', "");
    Some(match fraction {
        Some(fraction) => format!("{whole}.{fraction}"),
        None => whole,
    })
}

/// 预留比例: above 0 and at most 100 percent, four places, held as ten-thousandths of a percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Percent(i64);

/// Why a text is not a 预留比例.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PercentError {
    /// Not a decimal number.
    #[error("预留比例应是数字，如 45.5")]
    NotANumber,
    /// Zero, negative, or above 100.
    #[error("预留比例应大于 0 且不超过 100")]
    OutOfRange,
    /// More than four places.
    #[error("预留比例最多四位小数")]
    TooFine,
}

impl Percent {
    /// Reads a percentage such as `45.5`, `４５．５` or `45.5%`.
    pub fn parse(text: &str) -> Result<Percent, PercentError> {
        let text = to_half_width(text);
        let text = text.trim().trim_end_matches('%').trim();
        let scaled = scaled(text, 4).map_err(|error| match error {
            MoneyError::TooFine => PercentError::TooFine,
            MoneyError::Negative | MoneyError::TooLarge => PercentError::OutOfRange,
            MoneyError::Empty | MoneyError::NotANumber => PercentError::NotANumber,
        })?;
        Percent::try_from(scaled)
    }

    /// As ten-thousandths of a percent: 45.5 % is 455 000.
    pub const fn scaled(self) -> i64 {
        self.0
    }

    /// Whether it is below 1 %, as where 45.5 % was written `0.455`: to be looked at.
    pub const fn looks_like_a_fraction(self) -> bool {
        self.0 < 10_000
    }
}

impl TryFrom<i64> for Percent {
    type Error = PercentError;
    fn try_from(scaled: i64) -> Result<Percent, PercentError> {
        if (1..=1_000_000).contains(&scaled) { Ok(Percent(scaled)) } else { Err(PercentError::OutOfRange) }
    }
}

impl From<Percent> for i64 {
    fn from(percent: Percent) -> i64 {
        percent.0
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal(self.0, 4))
    }
}

/// 占比: small-and-micro ÷ SME × 100, two places, half up; `—` where the denominator is 0 (percentage 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ratio(Option<i64>);

impl Ratio {
    /// Of two amounts that satisfy 0 ≤ part ≤ whole.
    pub fn of(part: Money, whole: Money) -> Ratio {
        if whole.0 <= 0 {
            return Ratio(None);
        }
        let scaled = (i128::from(part.0) * 20_000 + i128::from(whole.0)).div_euclid(i128::from(whole.0) * 2);
        Ratio(i64::try_from(scaled).ok())
    }

    /// With the sign of percent, which nothing has where the ratio is undefined: `2.99%`, `—`.
    pub fn percent(self) -> String {
        self.0.map_or_else(|| self.to_string(), |value| format!("{}%", decimal(value, 2)))
    }

    /// Hundredths of a percent, `None` where undefined.
    pub const fn hundredths(self) -> Option<i64> {
        self.0
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(value) => f.write_str(&decimal(value, 2)),
            None => f.write_str("—"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn b3_the_manuals_own_ratios_come_out() {
        let examples: serde_json::Value = serde_json::from_str(include_str!("../../data/manual-examples.json")).unwrap();
        for row in examples["ratios"].as_array().unwrap() {
            let amount = |key: &str| Money::parse_wan(row[key].as_str().unwrap()).unwrap();
            assert_eq!(Ratio::of(amount("small_micro"), amount("sme")).to_string(), row["ratio"].as_str().unwrap(), "{row}");
            assert_eq!(amount("sme").wan(), row["sme"].as_str().unwrap());
        }
        for row in examples["refused"].as_array().unwrap() {
            let amount = |key: &str| Money::parse_wan(row[key].as_str().unwrap()).unwrap();
            assert!(amount("small_micro") > amount("sme"), "{row} is refused because small-and-micro exceeds SME");
        }
    }

    #[test]
    fn a3_full_width_digits_and_separators_are_read() {
        assert_eq!(Money::parse_wan("１，２３４．５").unwrap().fen(), 1_234_500_000);
        assert_eq!(Money::parse_wan("1,234.5万元").unwrap().fen(), 1_234_500_000);
        assert_eq!(Money::parse_yuan("¥ 0.01 元").unwrap().fen(), 1);
        assert_eq!(Money::parse_wan("0.0000001"), Err(MoneyError::TooFine));
        assert_eq!(Money::parse_yuan("1.005"), Err(MoneyError::TooFine));
        assert_eq!(Money::parse_yuan("-1"), Err(MoneyError::Negative));
        assert_eq!(Money::parse_yuan("1,23"), Err(MoneyError::NotANumber));
        assert_eq!(Money::parse_yuan("1e5"), Err(MoneyError::NotANumber));
        assert_eq!(Money::parse_yuan("."), Err(MoneyError::NotANumber));
        assert_eq!(Money::parse_yuan(" "), Err(MoneyError::Empty));
        assert_eq!(Money::parse_yuan("99999999999999999999"), Err(MoneyError::TooLarge));
    }

    #[test]
    fn a3_an_amount_may_name_its_own_unit() {
        for (text, unit, fen) in [
            ("125000元", Unit::Wan, 12_500_000),
            ("１２５，０００．５０ 元 ", Unit::Wan, 12_500_050),
            ("¥125000 元", Unit::Wan, 12_500_000),
            ("12.5万元", Unit::Yuan, 12_500_000),
            ("12.5万", Unit::Yuan, 12_500_000),
            ("12.5", Unit::Wan, 12_500_000),
            ("12.5", Unit::Yuan, 1_250),
        ] {
            assert_eq!(Money::parse_in(text, unit).map(Money::fen), Ok(fen), "{text}");
        }
        assert_eq!(Money::parse_in("0.001元", Unit::Wan), Err(MoneyError::TooFine));
    }

    #[test]
    fn a7_a_percentage_is_above_zero_and_at_most_a_hundred() {
        assert_eq!(Percent::parse("45.5").unwrap().to_string(), "45.5");
        assert_eq!(Percent::parse("100%").unwrap().to_string(), "100");
        assert_eq!(Percent::parse("0"), Err(PercentError::OutOfRange));
        assert_eq!(Percent::parse("100.0001"), Err(PercentError::OutOfRange));
        assert_eq!(Percent::parse("33.33333"), Err(PercentError::TooFine));
        assert_eq!(Percent::parse("约30"), Err(PercentError::NotANumber));
    }

    #[test]
    fn a8_a_share_rounds_half_up_to_fen() {
        assert_eq!(Money::from_fen(1).share(Percent::parse("50").unwrap()).fen(), 1);
        assert_eq!(Money::from_fen(1).share(Percent::parse("49.9999").unwrap()).fen(), 0);
        assert_eq!(Money::from_fen(10_000).share(Percent::parse("33.33").unwrap()).fen(), 3_333);
    }

    proptest! {
        #[test]
        fn a3_printing_and_reading_are_inverse(fen in 0_i64..=MAX_FEN) {
            let amount = Money::from_fen(fen);
            prop_assert_eq!(Money::parse_wan(&amount.wan()), Ok(amount));
            prop_assert_eq!(Money::parse_yuan(&amount.yuan()), Ok(amount));
        }

        #[test]
        fn a7_printing_and_reading_a_percentage_are_inverse(scaled in 1_i64..=1_000_000) {
            let percent = Percent::try_from(scaled).unwrap();
            prop_assert_eq!(Percent::parse(&percent.to_string()), Ok(percent));
        }

        #[test]
        fn b3_a_ratio_of_a_part_lies_between_zero_and_a_hundred(whole in 1_i64..=MAX_FEN, part in 0_i64..=MAX_FEN) {
            let part = part % (whole + 1);
            let value = Ratio::of(Money::from_fen(part), Money::from_fen(whole)).hundredths().unwrap();
            prop_assert!((0..=10_000).contains(&value));
        }

        #[test]
        fn a8_a_share_never_exceeds_its_whole(fen in 0_i64..=MAX_FEN, scaled in 1_i64..=1_000_000) {
            let whole = Money::from_fen(fen);
            prop_assert!(whole.share(Percent::try_from(scaled).unwrap()) <= whole);
        }

        #[test]
        fn a3_reading_never_panics(text in "\\PC{0,24}") {
            let _ = Money::parse_wan(&text);
            let _ = Money::parse_yuan(&text);
            let _ = Percent::parse(&text);
        }
    }
}
