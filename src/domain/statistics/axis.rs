//! How a picture of amounts is scaled, and the short words for an amount that stand in it; the exact ones stand in its table.

use crate::domain::money::Money;

/// A unit in which amounts are shown in a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// 元.
    Yuan,
    /// 万元.
    Wan,
    /// 亿元.
    Yi,
}

impl Scale {
    const ALL: [Scale; 3] = [Scale::Yuan, Scale::Wan, Scale::Yi];

    /// Its word.
    pub const fn label(self) -> &'static str {
        match self {
            Scale::Yuan => "元",
            Scale::Wan => "万元",
            Scale::Yi => "亿元",
        }
    }

    /// Decimal places down to 分.
    const fn places(self) -> u32 {
        match self {
            Scale::Yuan => 2,
            Scale::Wan => 6,
            Scale::Yi => 10,
        }
    }

    const fn fen(self) -> i64 {
        10_i64.pow(self.places())
    }

    /// The largest that an amount is not below.
    fn of(amount: Money) -> Scale {
        Scale::ALL.into_iter().rev().find(|scale| amount.fen() >= scale.fen()).unwrap_or(Scale::Yuan)
    }

    /// An amount in this unit, exact, trailing zeros trimmed.
    pub fn show(self, amount: Money) -> String {
        let places = self.places() as usize;
        let digits = format!("{:0>width$}", amount.fen().unsigned_abs(), width = places + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places);
        let fraction = fraction.trim_end_matches('0');
        let sign = if amount.fen() < 0 { "-" } else { "" };
        if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
    }
}

/// Digits that a label shows, the rest is rounded half up.
const DIGITS: u32 = 4;

/// An amount in a few signs, with its unit: `3493万元`, `1.235亿元`, `0.5元`.
pub fn short(amount: Money) -> String {
    let scale = Scale::of(amount);
    let whole = (amount.fen() / scale.fen()).max(1).ilog10() + 1;
    let places = DIGITS.saturating_sub(whole).min(scale.places());
    let step = 10_i64.pow(scale.places() - places);
    let rounded = Money::from_fen(amount.fen().saturating_add(step / 2) / step * step);
    // 9999.96万元 is 1亿元 when it is rounded.
    let scale = Scale::of(rounded);
    format!("{}{}", scale.show(rounded), scale.label())
}

/// The axis of a picture of amounts: from 0, in steps of 1, 2 or 5.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    /// The unit of its labels.
    pub scale: Scale,
    /// Where its lines stand, the first at 0; the last is its end and not below any amount.
    pub ticks: Vec<Money>,
}

/// Steps from the beginning to the end of an axis at most: more labels would touch on a phone.
const STEPS: i64 = 4;

impl Axis {
    /// An axis on which every amount up to `most` has its place.
    pub fn up_to(most: Money) -> Axis {
        let most = most.fen().max(1);
        let steps = (0..).flat_map(|power| [1, 2, 5].map(|step| 10_i64.checked_pow(power).and_then(|ten| ten.checked_mul(step))));
        // The last of the steps that fit into an i64 is enough for the largest amount that does.
        let step = steps.map_while(|step| step).find(|step| most.div_euclid(*step) + i64::from(most % step > 0) <= STEPS);
        let step = step.unwrap_or(i64::MAX / STEPS);
        let count = (most.div_euclid(step) + i64::from(most % step > 0)).min(STEPS);
        let ticks: Vec<Money> = (0..=count).map(|at| Money::from_fen(at.saturating_mul(step))).collect();
        Axis { scale: Scale::of(Money::from_fen(count.saturating_mul(step))), ticks }
    }

    fn end(&self) -> i64 {
        self.ticks.last().map_or(1, |end| end.fen()).max(1)
    }

    /// Where an amount stands between the beginning (0) and the end (10,000), as hundredths of a percent.
    pub fn place(&self, amount: Money) -> i64 {
        let place = i128::from(amount.fen().max(0)) * 10_000 / i128::from(self.end());
        i64::try_from(place).unwrap_or(10_000).min(10_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wan(text: &str) -> Money {
        Money::parse_wan(text).unwrap()
    }

    #[test]
    fn e12_a_label_says_an_amount_in_four_digits_and_its_unit() {
        for (amount, expected) in [
            (wan("3492.8543"), "3493万元"),
            (wan("8778.929176"), "8779万元"),
            (wan("262.4"), "262.4万元"),
            (wan("12345.678"), "1.235亿元"),
            (wan("9999.96"), "1亿元"),
            (wan("99999999"), "10000亿元"),
            (wan("1"), "1万元"),
            (wan("0.99999"), "1万元"),
            (wan("0.001"), "10元"),
            (Money::from_fen(1), "0.01元"),
            (Money::ZERO, "0元"),
        ] {
            assert_eq!(short(amount), expected, "{}", amount.wan());
        }
    }

    #[test]
    fn e12_an_axis_has_round_steps_in_a_fitting_unit() {
        for (most, scale, labels) in [
            ("3492.8543", Scale::Wan, vec!["0", "1000", "2000", "3000", "4000"]),
            ("100", Scale::Wan, vec!["0", "50", "100"]),
            ("12000", Scale::Yi, vec!["0", "0.5", "1", "1.5"]),
            ("0.001", Scale::Yuan, vec!["0", "5", "10"]),
            ("0", Scale::Yuan, vec!["0", "0.01"]),
        ] {
            let axis = Axis::up_to(wan(most));
            let shown: Vec<String> = axis.ticks.iter().map(|tick| axis.scale.show(*tick)).collect();
            assert_eq!((axis.scale, shown), (scale, labels.into_iter().map(str::to_owned).collect()), "{most}");
        }
    }

    proptest! {
        #[test]
        fn e12_every_amount_has_its_place_on_the_axis(most in 0_i64..=i64::MAX / 4, part in 0_i64..=1_000) {
            let axis = Axis::up_to(Money::from_fen(most));
            let fen: Vec<i64> = axis.ticks.iter().map(|tick| tick.fen()).collect();
            prop_assert!((2..=5).contains(&fen.len()) && fen[0] == 0, "{fen:?}");
            prop_assert!(fen.windows(2).all(|pair| pair[1] - pair[0] == fen[1]), "even steps: {fen:?}");
            prop_assert!(*fen.last().unwrap() >= most && (fen[fen.len() - 2] < most.max(1)), "the end is the first that is enough: {fen:?}");
            let some = Money::from_fen(most / 1_000 * part);
            prop_assert!(axis.place(some) <= axis.place(Money::from_fen(most)));
            prop_assert!((0..=10_000).contains(&axis.place(some)));
            let labels: std::collections::BTreeSet<String> = axis.ticks.iter().map(|tick| axis.scale.show(*tick)).collect();
            prop_assert_eq!(labels.len(), fen.len(), "no two labels are the same");
        }

        #[test]
        fn e12_a_label_is_short_and_near_to_the_amount(fen in 0_i64..100_000_000_000_000) {
            let label = short(Money::from_fen(fen));
            prop_assert!(label.chars().count() <= 8, "{label}");
            let (digits, scale) = Scale::ALL.into_iter().rev().find_map(|scale| Some((label.strip_suffix(scale.label())?, scale))).unwrap();
            let value: f64 = digits.parse().unwrap();
            #[expect(clippy::cast_precision_loss, reason = "the test compares to four digits")]
            let (shown, meant) = (value * scale.fen() as f64, fen as f64);
            prop_assert!((shown - meant).abs() <= meant * 0.000_6 + 0.5, "{label} for {fen}");
        }
    }
}
