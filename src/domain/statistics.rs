//! What published announcements come to: sums by year, by unit, by 预留选项, and what a year without figures is.
//!
//! Always: only announcements that stand count, so that a corrected one is counted by its successor and a revoked one not at all; a year of
//! 零报告, of nothing, or of what was revoked is said as that and is never a 0. 占比 is that of the notice, small and micro ÷ SME of contract
//! amounts; the shares of the law are of budgets, which announcements do not hold, so nothing here is held against a threshold.
//! Elsewhere: how a picture is scaled and what its labels say is [`axis`].

pub mod axis;

use crate::domain::contract::Measure;
use crate::domain::money::{Money, Ratio};
use std::collections::BTreeMap;

/// The sums of some announcements, or of one unit's lines in them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// How many announcements.
    pub announcements: i64,
    /// How many of them are 零报告.
    pub zero_reports: i64,
    /// Lines of their 明细.
    pub projects: i64,
    /// 面向中小企业采购金额.
    pub sme: Money,
    /// 面向小微企业采购金额, of the above.
    pub small_micro: Money,
    /// The SME amount by 预留选项, in the order of [`Measure::ALL`].
    pub measures: [Money; 4],
}

/// A part of the SME amount in a picture or table of 预留选项.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// 预留选项; none of lines that name none.
    pub measure: Option<Measure>,
    /// The SME amount.
    pub amount: Money,
    /// Its share of the whole.
    pub share: Ratio,
}

impl Part {
    /// Its word.
    pub fn label(&self) -> &'static str {
        self.measure.map_or("未注明", Measure::label)
    }
}

impl Sums {
    /// These and others together.
    #[must_use]
    pub fn with(&self, others: &Sums) -> Sums {
        let both = |one: Money, other: Money| -> Money { [one, other].into_iter().sum() };
        let mut measures = self.measures;
        for (own, other) in measures.iter_mut().zip(others.measures) {
            *own = both(*own, other);
        }
        Sums {
            announcements: self.announcements + others.announcements,
            zero_reports: self.zero_reports + others.zero_reports,
            projects: self.projects + others.projects,
            sme: both(self.sme, others.sme),
            small_micro: both(self.small_micro, others.small_micro),
            measures,
        }
    }

    /// What is left when some of them are taken away.
    #[must_use]
    pub fn without(&self, some: &Sums) -> Sums {
        let left = |whole: Money, part: Money| Money::from_fen(whole.fen().saturating_sub(part.fen()));
        let mut measures = self.measures;
        for (own, part) in measures.iter_mut().zip(some.measures) {
            *own = left(*own, part);
        }
        Sums {
            announcements: self.announcements - some.announcements,
            zero_reports: self.zero_reports - some.zero_reports,
            projects: self.projects - some.projects,
            sme: left(self.sme, some.sme),
            small_micro: left(self.small_micro, some.small_micro),
            measures,
        }
    }

    /// 占比 as the notice says it; undefined without any amount.
    pub fn ratio(&self) -> Ratio {
        Ratio::of(self.small_micro, self.sme)
    }

    /// Whether there is nothing but 零报告.
    pub const fn is_zero_report(&self) -> bool {
        self.announcements > 0 && self.zero_reports == self.announcements
    }

    /// The four 预留选项 in their order, and what names none where there is any; together the SME amount.
    pub fn parts(&self) -> Vec<Part> {
        let part = |measure: Option<Measure>, amount: Money| Part { measure, amount, share: Ratio::of(amount, self.sme) };
        let mut parts: Vec<Part> = Measure::ALL.iter().zip(self.measures).map(|(measure, amount)| part(Some(*measure), amount)).collect();
        let named: Money = self.measures.into_iter().sum();
        let rest = Money::from_fen(self.sme.fen().saturating_sub(named.fen()));
        if rest > Money::ZERO {
            parts.push(part(None, rest));
        }
        parts
    }
}

/// What a year has to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Figures.
    Figures,
    /// 零报告 and nothing else: there was no project, which is not an amount of 0.
    ZeroReport,
    /// What was published was revoked, and nothing took its place.
    Revoked,
    /// Nothing was published.
    Nothing,
    /// The announcement that showed lines of this unit was revoked; whether another one stands is not known from lines.
    HeldRevoked,
    /// No announcement shows a line of this unit, which may have made a 零报告 or not be held at all.
    Unlisted,
}

impl Standing {
    /// As tables say it.
    pub const fn label(self) -> &'static str {
        match self {
            Standing::Figures => "已公布",
            Standing::ZeroReport => "零报告",
            Standing::Revoked => "公告已撤销",
            Standing::HeldRevoked => "所在公告已撤销",
            Standing::Nothing => "无公告",
            Standing::Unlisted => "无本单位项目",
        }
    }

    /// Stable ASCII name.
    pub const fn code(self) -> &'static str {
        match self {
            Standing::Figures => "figures",
            Standing::ZeroReport => "zero_report",
            Standing::Revoked | Standing::HeldRevoked => "revoked",
            Standing::Nothing => "nothing",
            Standing::Unlisted => "unlisted",
        }
    }

    /// A sentence for a place where figures would stand.
    pub const fn sentence(self) -> &'static str {
        match self {
            Standing::Figures => "",
            Standing::ZeroReport => "零报告：无面向中小企业预留项目",
            Standing::Revoked => "公告已撤销，没有有效公告",
            Standing::HeldRevoked => "公布本单位项目的公告已撤销",
            Standing::Nothing => "没有公告",
            Standing::Unlisted => "现行公告中没有本单位的项目",
        }
    }
}

/// One year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearSums {
    /// 年度.
    pub year: i64,
    /// What it has to show.
    pub standing: Standing,
    /// The sums of what stands.
    pub sums: Sums,
}

impl YearSums {
    /// The sums where there are figures.
    pub fn figures(&self) -> Option<&Sums> {
        (self.standing == Standing::Figures).then_some(&self.sums)
    }
}

/// The sums of a year's announcements of one kind: those that stand, or those that do not any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// 年度.
    pub year: i64,
    /// Whether these stand.
    pub stands: bool,
    /// Whether these were revoked.
    pub is_revoked: bool,
    /// Their sums.
    pub sums: Sums,
}

/// What sums are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Whole announcements.
    Announcements,
    /// The lines of one unit in announcements of its 主管.
    Lines,
}

/// Every year from the first to the last of which something was ever published, oldest first. Years after that are nobody's business here:
/// who is late is said only where the 主管 shows it.
pub fn course(found: &[Found], basis: Basis) -> Vec<YearSums> {
    let mut years: BTreeMap<i64, (bool, bool, Sums)> = BTreeMap::new();
    for each in found {
        let (was_published, was_revoked, sums) = years.entry(each.year).or_default();
        *was_published = true;
        *was_revoked |= each.is_revoked;
        if each.stands {
            *sums = sums.with(&each.sums);
        }
    }
    let (Some((first, _)), Some((last, _))) = (years.first_key_value(), years.last_key_value()) else { return Vec::new() };
    (*first..=*last)
        .map(|year| {
            let (was_published, was_revoked, sums) = years.get(&year).copied().unwrap_or_default();
            let standing = match sums.announcements {
                0 if was_revoked && basis == Basis::Lines => Standing::HeldRevoked,
                // Lines that a correction left out, or none at all.
                0 if basis == Basis::Lines => Standing::Unlisted,
                0 if was_published => Standing::Revoked,
                0 => Standing::Nothing,
                _ if sums.is_zero_report() => Standing::ZeroReport,
                _ => Standing::Figures,
            };
            YearSums { year, standing, sums }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sums(fen: i64) -> Sums {
        Sums { announcements: 1, projects: 1, sme: Money::from_fen(fen), ..Sums::default() }
    }

    const ZERO: Sums =
        Sums { announcements: 1, zero_reports: 1, projects: 0, sme: Money::ZERO, small_micro: Money::ZERO, measures: [Money::ZERO; 4] };

    #[test]
    fn e12_a_year_without_figures_is_what_it_is_and_no_0() {
        let found = |year, stands, sums| Found { year, stands, is_revoked: !stands, sums };
        let course = course(
            &[
                found(2021, true, sums(5)),
                found(2022, true, ZERO),
                found(2024, false, sums(7)),
                found(2025, true, sums(9)),
                found(2025, false, sums(100)),
                found(2026, true, sums(0)),
            ],
            Basis::Announcements,
        );
        let told: Vec<_> = course.iter().map(|year| (year.year, year.standing, year.sums.sme.fen())).collect();
        assert_eq!(
            told,
            [
                (2021, Standing::Figures, 5),
                (2022, Standing::ZeroReport, 0),
                (2023, Standing::Nothing, 0),
                (2024, Standing::Revoked, 0),
                (2025, Standing::Figures, 9),
                (2026, Standing::Figures, 0),
            ],
            "a correction counts, what it corrected does not; lines of 0 元 are figures"
        );
        assert_eq!(super::course(&[], Basis::Lines), []);
        let of_a_unit = super::course(&[found(2021, true, sums(5)), found(2023, true, sums(5))], Basis::Lines);
        assert_eq!(of_a_unit[1].standing, Standing::Unlisted, "whether its 主管 published is not known from its lines");
        let of_a_unit =
            |is_revoked| super::course(&[Found { year: 2024, stands: false, is_revoked, sums: sums(5) }], Basis::Lines)[0].standing;
        assert_eq!(
            [of_a_unit(true), of_a_unit(false)],
            [Standing::HeldRevoked, Standing::Unlisted],
            "a correction may have left its lines out"
        );
    }

    #[test]
    fn e12_a_year_in_which_only_some_made_a_zero_report_has_figures() {
        let found = |sums| Found { year: 2024, stands: true, is_revoked: false, sums };
        let both = [found(ZERO), found(sums(3))];
        let year = course(&both, Basis::Announcements)[0];
        assert_eq!((year.standing, year.sums.announcements, year.sums.zero_reports), (Standing::Figures, 2, 1));
    }

    prop_compose! {
        /// Sums as announcements make them: the parts are no more than the whole.
        fn any_sums()(
            sme in 0_i64..1_000_000_000_000, parts in prop::array::uniform4(0_i64..=1_000), small in 0_i64..=1_000, projects in 0_i64..5,
        ) -> Sums {
            let share = |of: i64| Money::from_fen(sme / 4_000 * of);
            Sums {
                announcements: 1, zero_reports: i64::from(projects == 0 && sme == 0), projects,
                sme: Money::from_fen(sme), small_micro: share(small), measures: parts.map(share),
            }
        }
    }

    proptest! {
        #[test]
        fn e12_the_parts_come_to_the_whole(sums in any_sums()) {
            let total: Money = sums.parts().iter().map(|part| part.amount).sum();
            prop_assert_eq!(total, sums.sme);
        }

        #[test]
        fn e12_years_are_in_order_without_a_gap_and_nothing_is_lost_or_counted_twice(
            rows in prop::collection::vec((2021_i64..2051, any::<bool>(), any_sums()), 1..40),
        ) {
            let rows: Vec<Found> = rows.into_iter().map(|(year, stands, sums)| Found { year, stands, is_revoked: !stands, sums }).collect();
            let course = course(&rows, Basis::Announcements);
            prop_assert!(course.windows(2).all(|pair| pair[0].year + 1 == pair[1].year));
            prop_assert_eq!(course[0].year, rows.iter().map(|row| row.year).min().unwrap());
            let add = |sum: Sums, other: &Sums| sum.with(other);
            let shown = course.iter().map(|year| &year.sums).fold(Sums::default(), add);
            let standing = rows.iter().filter(|row| row.stands).map(|row| &row.sums).fold(Sums::default(), add);
            prop_assert_eq!(shown, standing);
        }

        #[test]
        fn e12_some_and_the_rest_are_the_whole(all in prop::collection::vec(any_sums(), 0..20), at in 0_usize..20) {
            let add = |sums: &[Sums]| sums.iter().fold(Sums::default(), |sum, each| sum.with(each));
            let some = add(&all[..at.min(all.len())]);
            prop_assert_eq!(some.with(&add(&all).without(&some)), add(&all));
        }
    }
}
