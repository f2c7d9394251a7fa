//! 份额: how much of the budgets was reserved, held against the dated thresholds of the law (E10).
//!
//! Always: a threshold is a dated row of data, never a constant; whole 分 and exact fractions, compared by multiplication; where a
//! budget is missing nothing is computed and what is missing is named.
//! Elsewhere: which projects a record has and what was reserved of each is [`projects`].

mod places;
pub mod projects;

pub use places::{Applies, applies_to};

use crate::domain::calendar::Day;
use crate::domain::contract::Category;
use crate::domain::ids::ThresholdId;
use crate::domain::money::{Money, Percent, PercentError, Ratio};
use crate::domain::text::{self, TextError};
use projects::{Missing, Project, budgets};
use serde::{Deserialize, Serialize};

/// The jurisdiction of national rows.
pub const NATIONAL: &str = "全国";
/// The jurisdiction of the whole city; every district of this system lies in it.
pub const CITY: &str = "上海市";
/// Longest 适用地区, in characters.
const PLACE_MAX: usize = 50;
/// Longest 依据, in characters.
const SOURCE_MAX: usize = 300;

/// Which share a threshold is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Reserved budget of the budget of suitable projects.
    Reserved,
    /// Budget reserved for small and micro enterprises of the reserved budget.
    SmallMicro,
}

impl Kind {
    /// Both.
    pub const ALL: &'static [Kind] = &[Kind::Reserved, Kind::SmallMicro];

    /// The words on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Kind::Reserved => "预留份额比例",
            Kind::SmallMicro => "小微占预留预算比例",
        }
    }

    /// How it is computed.
    pub const fn formula(self) -> &'static str {
        match self {
            Kind::Reserved => "预留的采购预算 ÷ 适宜由中小企业提供的采购项目预算",
            Kind::SmallMicro => "预留给小微企业的采购预算 ÷ 预留的采购预算",
        }
    }

    /// The stable word of the database.
    pub const fn code(self) -> &'static str {
        match self {
            Kind::Reserved => "reserved",
            Kind::SmallMicro => "small_micro",
        }
    }

    /// Reads what [`Kind::code`] writes.
    pub fn from_code(code: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}

/// A dated row of the law: which share is due, where, of what, and since when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Threshold {
    /// Identity.
    pub id: ThresholdId,
    /// 适用地区: [`NATIONAL`], [`CITY`], the name of a district, or of a place of which no unit here is.
    pub jurisdiction: String,
    /// 项目属性.
    pub category: Category,
    /// Which share.
    pub kind: Kind,
    /// How much at least.
    pub percent: Percent,
    /// The first day.
    pub from: Day,
    /// The last day; none while it is in force.
    pub to: Option<Day>,
    /// 依据.
    pub source: String,
    /// Whether someone has read the source; else it is general knowledge that a person should check.
    pub is_checked: bool,
    /// Counts changes.
    pub version: i64,
}

/// Why a threshold is refused, with the field it is about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ThresholdRefused {
    /// 适用地区 is missing or too long.
    #[error("{0}")]
    Place(TextError),
    /// 适用地区 is a place of this system, misspelt: no unit would ever be held against it.
    #[error("没有「{given}」；应为「{meant}」，请从列表中选择")]
    Misspelt {
        /// What was typed.
        given: String,
        /// What it must be to apply.
        meant: &'static str,
    },
    /// Not a percentage.
    #[error("{0}")]
    Percent(PercentError),
    /// 依据 is missing or too long.
    #[error("{0}")]
    Source(TextError),
    /// The last day lies before the first.
    #[error("截止日期不能早于起始日期")]
    Backwards,
    /// Another row of this place, category and share holds on one of these days.
    #[error("与已有的一条（{0} 起）日期重叠：同一地区、项目属性和比例在同一天只能有一条，请先终止或修改那一条")]
    Overlap(String),
}

impl ThresholdRefused {
    /// The field of the form.
    pub const fn field(&self) -> &'static str {
        match self {
            ThresholdRefused::Place(_) | ThresholdRefused::Misspelt { .. } => "jurisdiction",
            ThresholdRefused::Percent(_) => "percent",
            ThresholdRefused::Source(_) => "source",
            ThresholdRefused::Backwards => "to",
            ThresholdRefused::Overlap(_) => "from",
        }
    }
}

/// What is typed into the form of a threshold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// 适用地区.
    pub jurisdiction: String,
    /// 项目属性.
    pub category: Category,
    /// Which share.
    pub kind: Kind,
    /// How much at least.
    pub percent: String,
    /// The first day.
    pub from: Day,
    /// The last day; none while it is in force.
    pub to: Option<Day>,
    /// 依据.
    pub source: String,
    /// Whether someone has read the source.
    pub is_checked: bool,
}

impl Draft {
    /// The threshold that this makes beside the others (of which one may be itself, by its id), or why not.
    pub fn check(&self, id: ThresholdId, version: i64, others: &[Threshold]) -> Result<Threshold, ThresholdRefused> {
        let threshold = Threshold {
            jurisdiction: text::required("适用地区", &self.jurisdiction, PLACE_MAX).map_err(ThresholdRefused::Place)?,
            percent: Percent::parse(&self.percent).map_err(ThresholdRefused::Percent)?,
            source: text::required("依据", &self.source, SOURCE_MAX).map_err(ThresholdRefused::Source)?,
            category: self.category,
            kind: self.kind,
            from: self.from,
            to: self.to,
            is_checked: self.is_checked,
            id,
            version,
        };
        // A row that stands there already can still be ended.
        let stands = |other: &Threshold| other.id == threshold.id && other.jurisdiction == threshold.jurisdiction;
        if let Applies::Misspelt(meant) = applies_to(&threshold.jurisdiction)
            && !others.iter().any(stands)
        {
            return Err(ThresholdRefused::Misspelt { given: threshold.jurisdiction, meant });
        }
        if threshold.to.is_some_and(|to| to < threshold.from) {
            return Err(ThresholdRefused::Backwards);
        }
        match others.iter().find(|other| other.id != threshold.id && other.overlaps(&threshold)) {
            Some(other) => Err(ThresholdRefused::Overlap(other.from.to_string())),
            None => Ok(threshold),
        }
    }
}

impl Threshold {
    /// Whether both say something about one day, place, category and share.
    pub fn overlaps(&self, other: &Threshold) -> bool {
        let same = (&self.jurisdiction, self.category, self.kind) == (&other.jurisdiction, other.category, other.kind);
        let begins_within = |first: &Threshold, second: &Threshold| first.to.is_none_or(|to| second.from <= to);
        same && begins_within(self, other) && begins_within(other, self)
    }

    /// Whether it holds on this day.
    pub fn holds_on(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }

    /// How near it is to a district: its own rows go before the city's, those before the nation's. `None` where it does not apply.
    fn nearness(&self, district: &str) -> Option<u8> {
        match self.jurisdiction.as_str() {
            NATIONAL => Some(0),
            CITY => Some(1),
            own if own == district => Some(2),
            _ => None,
        }
    }
}

/// The threshold of a share for a project of this district, category and day of beginning.
pub fn applicable<'t>(thresholds: &'t [Threshold], kind: Kind, category: Category, district: &str, day: Day) -> Option<&'t Threshold> {
    thresholds
        .iter()
        .filter(|threshold| threshold.kind == kind && threshold.category == category && threshold.holds_on(day))
        .filter_map(|threshold| threshold.nearness(district).map(|nearness| (nearness, threshold)))
        .max_by_key(|(nearness, _)| *nearness)
        .map(|(_, threshold)| threshold)
}

/// What a threshold asks of the projects that it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The threshold.
    pub threshold: Threshold,
    /// What was reserved.
    pub part: Money,
    /// Of how much.
    pub whole: Money,
}

/// Whether `part ÷ whole` is at least `percent`; nothing of nothing is enough.
pub fn reaches(part: Money, whole: Money, percent: Percent) -> bool {
    i128::from(part.fen()) * 1_000_000 >= i128::from(whole.fen()) * i128::from(percent.scaled())
}

impl Due {
    /// Whether it is reached.
    pub fn is_met(&self) -> bool {
        reaches(self.part, self.whole, self.threshold.percent)
    }
}

/// A share with what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// What was reserved.
    pub part: Money,
    /// Of how much.
    pub whole: Money,
    /// What the law asks, by threshold.
    pub due: Vec<Due>,
}

impl Share {
    /// In percent.
    pub fn ratio(&self) -> Ratio {
        Ratio::of(self.part, self.whole)
    }

    /// What is not reached.
    pub fn missed(&self) -> impl Iterator<Item = &Due> {
        self.due.iter().filter(|due| !due.is_met())
    }
}

/// The shares of a record's year that need budgets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shares {
    /// Projects that count for them.
    pub projects: usize,
    /// What keeps them from being computed.
    pub missing: Vec<Missing>,
    /// 预留份额比例; none while something is missing, or without any budget.
    pub reserved: Option<Share>,
    /// 小微占预留预算比例; likewise, and none where nothing was reserved.
    pub small_micro: Option<Share>,
}

/// Computes both shares for a unit of `district`.
pub fn shares(projects: &[Project], thresholds: &[Threshold], district: &str) -> Shares {
    let missing: Vec<Missing> = projects.iter().filter_map(Project::missing).collect();
    let mut found = Shares { projects: projects.len(), missing, reserved: None, small_micro: None };
    if !found.missing.is_empty() {
        return found;
    }
    let rows: Vec<Row<'_>> = projects
        .iter()
        .zip(budgets(projects))
        .map(|(project, budget)| {
            let reserved = project.reserved_of(budget);
            let small_micro = if project.is_for_small_micro { reserved } else { Money::ZERO };
            Row { project, budget, reserved, small_micro }
        })
        .collect();
    found.reserved = share(&rows, Kind::Reserved, thresholds, district);
    found.small_micro = share(&rows, Kind::SmallMicro, thresholds, district);
    found
}

/// A project with its budget and what of it was reserved.
struct Row<'p> {
    project: &'p Project,
    budget: Money,
    reserved: Money,
    small_micro: Money,
}

/// The share of these rows with what the law asks of them; `None` where there is nothing of which it would be one.
fn share(rows: &[Row<'_>], kind: Kind, thresholds: &[Threshold], district: &str) -> Option<Share> {
    let mut share = Share { part: Money::ZERO, whole: Money::ZERO, due: Vec::new() };
    for row in rows {
        let (part, whole) = match kind {
            Kind::Reserved => (row.reserved, row.budget),
            Kind::SmallMicro => (row.small_micro, row.reserved),
        };
        share.part = [share.part, part].into_iter().sum();
        share.whole = [share.whole, whole].into_iter().sum();
        let project = row.project;
        let threshold = project.category.and_then(|category| applicable(thresholds, kind, category, district, project.begun_on));
        let Some(threshold) = threshold.filter(|_| whole > Money::ZERO) else { continue };
        match share.due.iter_mut().find(|due| due.threshold.id == threshold.id) {
            Some(due) => {
                due.part = [due.part, part].into_iter().sum();
                due.whole = [due.whole, whole].into_iter().sum();
            }
            None => share.due.push(Due { threshold: threshold.clone(), part, whole }),
        }
    }
    share.due.sort_by_key(|due| (due.threshold.category, due.threshold.from));
    (share.whole > Money::ZERO).then_some(share)
}

/// The sentences proposed for 「说明」 where a share is missed: what was reached, the reason in the words of art. 6, and the measures.
pub fn draft(year: i32, shares: &Shares) -> Option<String> {
    let missed = |share: &Option<Share>, kind: Kind| -> Option<String> {
        let share = share.as_ref()?;
        let rows: Vec<String> = share
            .missed()
            .map(|due| {
                let Threshold { category, percent, source, is_checked, .. } = &due.threshold;
                // What nobody has read is not quoted in public.
                let source = if *is_checked { format!("（{source}）") } else { String::new() };
                let (ratio, of) = (Ratio::of(due.part, due.whole), category.label());
                format!("{of}类为 {ratio}%（{} ÷ {} 万元），未达到 {percent}%{source}", due.part.wan(), due.whole.wan())
            })
            .collect();
        (!rows.is_empty()).then(|| format!("{}：{}", kind.label(), rows.join("；")))
    };
    let missed: Vec<String> =
        [missed(&shares.reserved, Kind::Reserved), missed(&shares.small_micro, Kind::SmallMicro)].into_iter().flatten().collect();
    (!missed.is_empty()).then(|| {
        format!(
            "本单位{year}年{}。原因：按照本办法规定预留采购份额无法确保充分供应、充分竞争，或者存在可能影响政府采购目标实现的情形。改进措施：编制采购预算和计划时逐项落实预留份额，适宜由中小企业提供的项目优先采用整体预留、设置专门采购包等方式，并加强执行检查。",
            missed.join("；")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(in crate::domain::share) fn id(number: u32) -> ThresholdId {
        ThresholdId::parse(&format!("01890a5d-ac96-774b-bcce-b302099{number:05}")).unwrap()
    }

    pub(in crate::domain::share) fn row(number: u32, place: &str, category: Category, percent: &str, from: &str, to: &str) -> Threshold {
        Threshold {
            id: id(number),
            jurisdiction: place.to_owned(),
            category,
            kind: Kind::Reserved,
            percent: Percent::parse(percent).unwrap(),
            from: Day::parse(from).unwrap(),
            to: Day::parse(to).ok(),
            source: "财库〔2020〕46号".to_owned(),
            is_checked: true,
            version: 1,
        }
    }

    fn works() -> Vec<Threshold> {
        vec![
            row(1, NATIONAL, Category::Works, "30", "2021-01-01", "2022-06-30"),
            row(2, NATIONAL, Category::Works, "40", "2022-07-01", ""),
            row(3, CITY, Category::Works, "45", "2024-01-01", "2024-12-31"),
            row(4, "浦东新区", Category::Works, "50", "2024-07-01", ""),
            row(5, "兰州新区", Category::Works, "60", "2021-01-01", ""),
        ]
    }

    #[test]
    fn e10_the_nearest_row_of_the_day_applies() {
        let thresholds = works();
        let percent = |district: &str, day: &str| {
            let day = Day::parse(day).unwrap();
            applicable(&thresholds, Kind::Reserved, Category::Works, district, day).map(|found| found.percent.to_string())
        };
        assert_eq!(percent("黄浦区", "2022-06-30").as_deref(), Some("30"));
        assert_eq!(percent("黄浦区", "2022-07-01").as_deref(), Some("40"));
        assert_eq!(percent("黄浦区", "2024-07-01").as_deref(), Some("45"));
        assert_eq!(percent("浦东新区", "2024-07-01").as_deref(), Some("50"));
        assert_eq!(percent("浦东新区", "2025-07-01").as_deref(), Some("50"));
        assert_eq!(percent("黄浦区", "2020-12-31"), None);
        assert_eq!(applicable(&thresholds, Kind::SmallMicro, Category::Works, "黄浦区", Day::parse("2024-01-01").unwrap()), None);
    }

    #[test]
    fn e10_a_row_that_overlaps_another_is_refused_where_it_begins() {
        let draft = |place: &str, from: &str, to: &str| Draft {
            jurisdiction: place.to_owned(),
            category: Category::Works,
            kind: Kind::Reserved,
            percent: "35".to_owned(),
            from: Day::parse(from).unwrap(),
            to: Day::parse(to).ok(),
            source: "x".to_owned(),
            is_checked: false,
        };
        let others = works();
        let refused = |draft: &Draft| draft.check(id(9), 1, &others).unwrap_err();
        let overlap = refused(&draft(NATIONAL, "2022-06-30", "2022-06-30"));
        assert_eq!((overlap.field(), overlap), ("from", ThresholdRefused::Overlap("2021-01-01".to_owned())));
        assert!(matches!(refused(&draft(NATIONAL, "2025-01-01", "")), ThresholdRefused::Overlap(_)));
        assert!(draft(NATIONAL, "2020-01-01", "2020-12-31").check(id(9), 1, &others).is_ok());
        assert!(draft("黄浦区", "2022-01-01", "").check(id(9), 1, &others).is_ok(), "another place");
        assert!(draft(NATIONAL, "2022-07-01", "").check(id(2), 1, &others).is_ok(), "itself is no other");
        assert_eq!(refused(&draft(NATIONAL, "2020-02-01", "2020-01-31")).field(), "to");
        assert_eq!(refused(&Draft { percent: "0".to_owned(), ..draft("x", "2020-02-01", "") }).field(), "percent");
        assert_eq!(refused(&Draft { source: " ".to_owned(), ..draft("x", "2020-02-01", "") }).field(), "source");
        assert_eq!(refused(&draft("", "2020-02-01", "")).field(), "jurisdiction");
    }

    #[test]
    fn e10_a_share_is_compared_exactly() {
        let percent = Percent::parse("33.3333").unwrap();
        let money = Money::from_fen;
        assert!(reaches(money(333_333), money(1_000_000), percent));
        assert!(!reaches(money(333_332), money(1_000_000), percent));
        assert!(reaches(Money::ZERO, Money::ZERO, percent));
        assert!(reaches(money(i64::MAX), money(i64::MAX), Percent::parse("100").unwrap()));
    }
}
