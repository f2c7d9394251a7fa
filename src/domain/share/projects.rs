//! The projects of a record's year as the shares see them: what was budgeted, and what of it was reserved.
//!
//! Framework agreements are no projects of their own, and what the unit took out itself (mostly a contract counted twice) is none of
//! them; every other contract of the year is, counted or not. The contracts of one 项目编号 are one project: where each of them
//! repeats the same budget and their amounts together fit into it, it is the project's budget and counts once.

use crate::domain::calendar::Day;
use crate::domain::contract::{Category, Contract, Rule, Target};
use crate::domain::ids::ContractId;
use crate::domain::money::{Money, MoneyError, Percent, Unit};
use crate::domain::record::LeftOut;
use crate::domain::record::line::{Line, LineRules};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How much of a project was reserved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reserved {
    /// Nothing.
    Nothing,
    /// All of it.
    Whole,
    /// A part; `None` where 预留比例 is missing.
    Part(Option<Percent>),
}

/// What the unit entered about a project whose contract does not say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entered {
    /// 预算金额.
    pub budget: Money,
    /// 项目属性.
    pub category: Category,
    /// Whether it was reserved for small and micro enterprises; asked of lines entered by hand only.
    pub is_for_small_micro: bool,
}

/// Why a text is no 预算金额.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BudgetRefused {
    /// Not an amount.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A project without a budget has no share.
    #[error("预算金额应大于 0")]
    Zero,
}

/// Reads 预算金额 in 万元, unless it names its own unit; `None` where nothing was entered.
pub fn read_budget(text: &str) -> Result<Option<Money>, BudgetRefused> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    match Money::parse_in(text, Unit::Wan)? {
        Money::ZERO => Err(BudgetRefused::Zero),
        budget => Ok(Some(budget)),
    }
}

/// A contract or a line by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// The id of the contract, or of the line by hand.
    pub key: String,
    /// What belongs together: 项目编号, else the key.
    pub group: String,
    /// 项目名称.
    pub name: String,
    /// 合同编号; empty for a line by hand.
    pub number: String,
    /// 合同金额.
    pub amount: Money,
    /// 预算金额: as the contract says it, else as it was entered.
    pub budget: Option<Money>,
    /// 项目属性, likewise.
    pub category: Option<Category>,
    /// 预算金额 as the contract says it.
    pub said_budget: Option<Money>,
    /// 项目属性 as the contract says it.
    pub said_category: Option<Category>,
    /// What the unit entered.
    pub entered: Option<Entered>,
    /// Since when it is under way, which decides the threshold: 项目创建日期, else 合同签订日期, else the year's last day.
    pub begun_on: Day,
    /// What was reserved of it.
    pub reserved: Reserved,
    /// Whether what was reserved is reserved for small and micro enterprises.
    pub is_for_small_micro: bool,
    /// Whether it was entered by hand.
    pub is_manual: bool,
}

/// A project whose contract does not say everything: what the unit is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The id of the contract, or of the line by hand.
    pub key: String,
    /// 项目名称.
    pub name: String,
    /// 合同编号; empty for a line by hand.
    pub number: String,
    /// 合同金额.
    pub amount: Money,
    /// 预算金额 where the contract says it.
    pub said_budget: Option<Money>,
    /// 项目属性 where the contract says it.
    pub said_category: Option<Category>,
    /// Whether it was entered by hand, so that 预留对象 is asked for too.
    pub is_manual: bool,
    /// What was entered already.
    pub entered: Option<Entered>,
}

impl Asked {
    /// Whether a budget that the unit enters is less than what was contracted, which is mostly a mistake in the unit.
    pub fn is_exceeded(&self, budget: Money) -> bool {
        self.said_budget.is_none() && budget < self.amount
    }

    /// What of it the unit has entered, and not the contract says: `400 万元，服务`.
    pub fn words(&self) -> String {
        let Some(entered) = self.entered else { return String::new() };
        let parts = [
            self.said_budget.is_none().then(|| format!("{} 万元", entered.budget.wan())),
            self.said_category.is_none().then(|| entered.category.label().to_owned()),
            entered.is_for_small_micro.then(|| "预留给小微企业".to_owned()),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join("，")
    }
}

impl Entered {
    /// For 操作日志 and for a colleague: `400 万元，服务`.
    pub fn words(&self) -> String {
        let target = if self.is_for_small_micro { "，预留给小微企业" } else { "" };
        format!("{} 万元，{}{target}", self.budget.wan(), self.category.label())
    }
}

/// What a project lacks for the shares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// Which.
    pub of: Asked,
    /// 预算金额 is missing.
    pub budget: bool,
    /// 项目属性 is missing.
    pub category: bool,
    /// 预留比例 is missing; it is filled in on the line.
    pub percent: bool,
}

impl Project {
    /// What it lacks, if anything.
    pub fn missing(&self) -> Option<Missing> {
        let (budget, category, percent) = (self.budget.is_none(), self.category.is_none(), self.reserved == Reserved::Part(None));
        (budget || category || percent).then(|| Missing { of: self.asked(), budget, category, percent })
    }

    /// What the unit is asked for, and what it has entered.
    pub fn asked(&self) -> Asked {
        Asked {
            key: self.key.clone(),
            name: self.name.clone(),
            number: self.number.clone(),
            amount: self.amount,
            said_budget: self.said_budget,
            said_category: self.said_category,
            is_manual: self.is_manual,
            entered: self.entered,
        }
    }

    /// What of a budget was reserved.
    pub fn reserved_of(&self, budget: Money) -> Money {
        match self.reserved {
            Reserved::Nothing | Reserved::Part(None) => Money::ZERO,
            Reserved::Whole => budget,
            Reserved::Part(Some(percent)) => budget.share(percent),
        }
    }

    fn of_contract(key: String, contract: &Contract, name: String, reserved: Reserved, entered: Option<&Entered>) -> Project {
        // A project without a budget has no share, so that 0 is none.
        let said = contract.budget.filter(|budget| *budget != Money::ZERO);
        Project {
            group: if contract.project_no.is_empty() { key.clone() } else { contract.project_no.clone() },
            key,
            name,
            number: contract.contract_no.clone(),
            amount: contract.amount,
            budget: said.or(entered.map(|entered| entered.budget)),
            category: contract.category.or(entered.map(|entered| entered.category)),
            said_budget: said,
            said_category: contract.category,
            // What the contract says by now is not taken from elsewhere.
            entered: entered.copied().filter(|_| said.is_none() || contract.category.is_none()),
            begun_on: contract.begun_on(),
            reserved,
            is_for_small_micro: contract.target == Some(Target::SmallMicro),
            is_manual: false,
        }
    }
}

/// The projects of a record. `ids` gives the contract of a line or left-out row by its id, `entered` what was entered by key.
pub fn of_record(
    lines: &[Line],
    left_out: &[LeftOut],
    rules: &LineRules,
    ids: &BTreeMap<String, ContractId>,
    entered: &BTreeMap<String, Entered>,
) -> Vec<Project> {
    let mut projects = Vec::new();
    let key_of = |own: &str| ids.get(own).map_or_else(|| own.to_owned(), |id| id.as_str().to_owned());
    for line in lines {
        let review = line.review(rules);
        let reserved = match review.measure {
            None => Reserved::Nothing,
            Some(measure) if measure.is_entire() => Reserved::Whole,
            Some(_) => Reserved::Part(review.percent),
        };
        let key = key_of(line.id.as_str());
        let own = entered.get(&key);
        match line.contract() {
            Some(contract) if contract.is_framework() => {}
            Some(contract) => projects.push(Project::of_contract(key, contract, review.project_name, reserved, own)),
            None => projects.push(Project {
                group: key.clone(),
                key,
                name: review.project_name,
                number: String::new(),
                amount: Money::ZERO,
                budget: own.map(|own| own.budget),
                category: own.map(|own| own.category),
                said_budget: None,
                said_category: None,
                entered: own.copied(),
                begun_on: last_day(rules),
                reserved,
                is_for_small_micro: own.is_some_and(|own| own.is_for_small_micro),
                is_manual: true,
            }),
        }
    }
    for row in left_out.iter().filter(|row| !row.contract.is_framework() && row.rule != Rule::ClaimedOut) {
        let key = key_of(row.id.as_str());
        let own = entered.get(&key);
        projects.push(Project::of_contract(key, &row.contract, row.contract.project_name.clone(), Reserved::Nothing, own));
    }
    projects
}

fn last_day(rules: &LineRules) -> Day {
    Day::new(rules.year.number(), 12, 31).unwrap_or(rules.cutover)
}

/// The budget of each project, in their order; what a 项目编号 repeats is divided by the amounts, to the last 分.
pub fn budgets(projects: &[Project]) -> Vec<Money> {
    let own = |project: &Project| project.budget.unwrap_or(Money::ZERO);
    let mut found: Vec<Money> = projects.iter().map(own).collect();
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, project) in projects.iter().enumerate() {
        groups.entry(&project.group).or_default().push(at);
    }
    for places in groups.into_values().filter(|places| places.len() > 1) {
        let rows: Vec<&Project> = places.iter().filter_map(|at| projects.get(*at)).collect();
        let Some(once) = rows.first().and_then(|row| row.budget) else { continue };
        let amounts: i128 = rows.iter().map(|row| i128::from(row.amount.fen())).sum();
        let is_repeated = rows.iter().all(|row| row.budget == Some(once)) && amounts <= i128::from(once.fen()) && amounts > 0;
        if !is_repeated {
            continue;
        }
        // Each gets what its amount and those before it make up of the budget, less what those before it got: nothing is lost.
        let (mut before, mut given) = (0_i128, 0_i128);
        for (at, row) in places.iter().zip(&rows) {
            before += i128::from(row.amount.fen());
            let until = i128::from(once.fen()) * before / amounts;
            if let Some(place) = found.get_mut(*at) {
                *place = Money::from_fen(i64::try_from(until - given).unwrap_or(i64::MAX));
            }
            given = until;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::tests::row;
    use super::super::{NATIONAL, draft, shares};
    use super::*;
    use proptest::prelude::*;

    fn money(wan: i64) -> Money {
        Money::from_fen(wan * 1_000_000)
    }

    fn project(key: &str, budget: i64, reserved: Reserved) -> Project {
        Project {
            key: key.to_owned(),
            group: key.to_owned(),
            name: format!("项目{key}"),
            number: key.to_owned(),
            amount: money(budget),
            budget: Some(money(budget)),
            category: Some(Category::Goods),
            said_budget: Some(money(budget)),
            said_category: Some(Category::Goods),
            entered: None,
            begun_on: Day::new(2024, 3, 1).unwrap(),
            reserved,
            is_for_small_micro: false,
            is_manual: false,
        }
    }

    fn thresholds() -> Vec<super::super::Threshold> {
        vec![
            row(1, NATIONAL, Category::Goods, "30", "2021-01-01", ""),
            super::super::Threshold { kind: super::super::Kind::SmallMicro, ..row(2, NATIONAL, Category::Goods, "60", "2021-01-01", "") },
        ]
    }

    #[test]
    fn e10_both_shares_follow_from_the_budgets() {
        let half = Reserved::Part(Some(Percent::parse("50").unwrap()));
        let projects = [
            project("1", 600, Reserved::Nothing),
            Project { is_for_small_micro: true, ..project("2", 100, Reserved::Whole) },
            project("3", 300, half),
        ];
        let found = shares(&projects, &thresholds(), "黄浦区");
        let reserved = found.reserved.clone().unwrap();
        assert_eq!((reserved.part, reserved.whole, reserved.ratio().to_string()), (money(250), money(1000), "25".to_owned()));
        let small_micro = found.small_micro.clone().unwrap();
        assert_eq!((small_micro.part, small_micro.whole, small_micro.ratio().to_string()), (money(100), money(250), "40".to_owned()));
        let text = draft(2024, &found).unwrap();
        for words in [
            "本单位2024年预留份额比例：货物类为 25%（250 ÷ 1000 万元），未达到 30%（财库〔2020〕46号）",
            "小微占预留预算比例：货物类为 40%（100 ÷ 250 万元），未达到 60%",
            "按照本办法规定预留采购份额无法确保充分供应、充分竞争，或者存在可能影响政府采购目标实现的情形",
            "改进措施",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        let enough = [Project { is_for_small_micro: true, ..project("2", 30, Reserved::Whole) }, project("1", 70, Reserved::Nothing)];
        assert_eq!(draft(2024, &shares(&enough, &thresholds(), "黄浦区")), None, "30 % exactly is reached");
    }

    #[test]
    fn e10_nothing_is_computed_while_something_is_missing_and_what_is_missing_is_named() {
        let projects = [
            project("1", 600, Reserved::Whole),
            Project { budget: None, ..project("2", 0, Reserved::Whole) },
            Project { category: None, ..project("3", 1, Reserved::Nothing) },
            project("4", 1, Reserved::Part(None)),
        ];
        let found = shares(&projects, &thresholds(), "黄浦区");
        assert_eq!((found.reserved, found.small_micro, found.projects), (None, None, 4));
        let missing: Vec<_> = found.missing.iter().map(|each| (each.of.name.as_str(), each.budget, each.category, each.percent)).collect();
        assert_eq!(missing, [("项目2", true, false, false), ("项目3", false, true, false), ("项目4", false, false, true)]);
        assert_eq!(shares(&[], &thresholds(), "黄浦区").reserved, None);
        assert_eq!(shares(&[project("1", 5, Reserved::Nothing)], &thresholds(), "黄浦区").small_micro, None);
    }

    #[test]
    fn e10_a_budget_that_the_lots_of_a_project_repeat_counts_once() {
        let lot = |key: &str, amount: i64, budget: i64| Project {
            group: "SH-1".to_owned(),
            amount: money(amount),
            ..project(key, budget, Reserved::Whole)
        };
        assert_eq!(budgets(&[lot("1", 30, 100), lot("2", 60, 100)]), [Money::from_fen(33_333_333), Money::from_fen(66_666_667)]);
        assert_eq!(budgets(&[lot("1", 80, 100), lot("2", 60, 100)]), [money(100), money(100)], "both do not fit into one budget");
        assert_eq!(budgets(&[lot("1", 30, 40), lot("2", 60, 100)]), [money(40), money(100)]);
    }

    prop_compose! {
        fn any_project()(
            group in 0..4_u8, amount in 0_i64..=1_000_000_000, budget in proptest::option::weighted(0.95, 0_i64..=1_000_000_000),
            same in any::<bool>(), kind in 0..4_u8, scaled in 1_i64..=1_000_000, is_for_small_micro in any::<bool>(),
        ) -> Project {
            let reserved = match kind {
                0 => Reserved::Nothing,
                1 => Reserved::Whole,
                _ => Reserved::Part(Percent::try_from(scaled).ok()),
            };
            let budget = if same { Some(777_777_777) } else { budget };
            Project {
                group: group.to_string(), amount: Money::from_fen(amount), budget: budget.map(Money::from_fen), is_for_small_micro,
                ..project("1", 1, reserved)
            }
        }
    }

    proptest! {
        #[test]
        fn e10_shares_are_parts_of_their_wholes_and_budgets_lose_no_fen(projects in proptest::collection::vec(any_project(), 0..8)) {
            let found = shares(&projects, &thresholds(), "黄浦区");
            prop_assert_eq!(found.missing.is_empty(), projects.iter().all(|project| project.budget.is_some()));
            let split = budgets(&projects);
            for group in ["0", "1", "2", "3"] {
                let of = |amounts: &[Money]| amounts.iter().zip(&projects).filter(|(_, each)| each.group == group).map(|(amount, _)| amount.fen()).sum::<i64>();
                let own: Vec<Money> = projects.iter().map(|each| each.budget.unwrap_or(Money::ZERO)).collect();
                let first = projects.iter().find(|each| each.group == group).and_then(|each| each.budget).unwrap_or(Money::ZERO).fen();
                prop_assert!(of(&split) == of(&own) || of(&split) == first);
            }
            if let Some(reserved) = &found.reserved {
                prop_assert!(Money::ZERO <= reserved.part && reserved.part <= reserved.whole);
                prop_assert_eq!(reserved.due.iter().map(|due| due.whole.fen()).sum::<i64>(), reserved.whole.fen());
                if let Some(small_micro) = &found.small_micro {
                    prop_assert!(small_micro.part <= small_micro.whole && small_micro.whole == reserved.part);
                }
            }
            let is_missed = found.reserved.iter().chain(&found.small_micro).any(|share| share.missed().count() > 0);
            prop_assert_eq!(draft(2024, &found).is_some(), is_missed);
        }
    }
}
