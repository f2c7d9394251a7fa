//! 口径解释 of a record: each contract of its year, and each line entered by hand, stands in exactly one group, and the groups that
//! count add up to the record's own sums (E1).

use super::line::{Line, LineCell, LineRules, Review, Weight};
use super::{LeftOut, Totals};
use crate::domain::contract::{Rule, Way};
use crate::domain::money::Money;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// By which rule a contract is in or out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Its amounts contradict each other, or what was filled in does.
    Contradictory,
    /// Something is missing.
    Open,
    /// It counts by the rules.
    Counted(Way),
    /// It counts because the unit claimed it in.
    Claimed,
    /// It was entered by hand.
    Manual,
    /// It does not count, by this rule.
    LeftOut(Rule),
}

impl Group {
    /// Every group, in the order of the page: what must be settled, what counts, what does not.
    pub fn all() -> Vec<Group> {
        let counted = Way::ALL.iter().copied().map(Group::Counted);
        let left_out = Rule::ALL.iter().copied().map(Group::LeftOut);
        [Group::Contradictory, Group::Open].into_iter().chain(counted).chain([Group::Claimed, Group::Manual]).chain(left_out).collect()
    }

    /// The stable word of the address.
    pub const fn code(self) -> &'static str {
        match self {
            Group::Contradictory => "error",
            Group::Open => "needs_input",
            Group::Counted(way) => way.code(),
            Group::Claimed => "claimed",
            Group::Manual => "manual",
            Group::LeftOut(rule) => rule.code(),
        }
    }

    /// Reads what [`Group::code`] writes.
    pub fn from_code(code: &str) -> Option<Group> {
        Group::all().into_iter().find(|group| group.code() == code)
    }

    /// 「计入」, 「不计入」, 「待补充」 or 「有矛盾」.
    pub const fn verdict(self) -> &'static str {
        match self {
            Group::Contradictory => "有矛盾",
            Group::Open => "待补充",
            Group::Counted(_) | Group::Claimed | Group::Manual => "计入",
            Group::LeftOut(_) => "不计入",
        }
    }

    /// A few words for a list.
    pub const fn label(self) -> &'static str {
        match self {
            Group::Contradictory => "金额前后矛盾",
            Group::Open => "缺少金额、日期等内容",
            Group::Counted(way) => way.label(),
            Group::Claimed => "本单位申请纳入",
            Group::Manual => "手动录入",
            Group::LeftOut(rule) => rule.label(),
        }
    }

    /// The rule in one sentence.
    pub const fn sentence(self) -> &'static str {
        match self {
            Group::Contradictory => {
                "面向小微企业金额不能大于面向中小企业金额，面向中小企业金额不能大于合同金额；更正之前不计入合计，也不能提交。"
            }
            Group::Open => "符合口径，但缺少计入所需的内容；补充之前不计入合计，也不能提交。",
            Group::Counted(way) => way.sentence(),
            Group::Claimed => "按口径不计入，本单位说明理由后申请纳入，由审核人核对。",
            Group::Manual => "平台没有采集的项目，由本单位手动录入，由审核人核对。",
            Group::LeftOut(rule) => rule.sentence(),
        }
    }

    /// Where the rule comes from.
    pub const fn source(self) -> &'static str {
        match self {
            Group::Contradictory | Group::Open => "本系统的数据核对规则",
            Group::Counted(way) => way.source(),
            Group::Claimed => "本单位填写的理由",
            Group::Manual => "操作手册：手动录入",
            Group::LeftOut(rule) => rule.source(),
        }
    }

    /// What would have to be different to count; nothing where it counts.
    pub const fn otherwise(self) -> Option<&'static str> {
        match self {
            Group::Contradictory => Some("金额更正到 0 ≤ 小微金额 ≤ 中小金额 ≤ 合同金额，就计入。"),
            Group::Open => Some("补齐下列内容，就计入。"),
            Group::Counted(_) | Group::Claimed | Group::Manual => None,
            Group::LeftOut(rule) => Some(rule.otherwise()),
        }
    }

    /// Whether its amounts are in the record's sums.
    pub const fn counts(self) -> bool {
        matches!(self, Group::Counted(_) | Group::Claimed | Group::Manual)
    }

    /// The group of a line as it is shown.
    pub fn of_line(line: &Line, review: &Review) -> Group {
        if review.counted.is_none() {
            let is_wrong = review.findings.iter().any(|finding| {
                finding.weight == Weight::Error && finding.cell != LineCell::Reason && !review.text(finding.cell).is_empty()
            });
            return if is_wrong { Group::Contradictory } else { Group::Open };
        }
        match (line.contract(), line.claim()) {
            (None, _) => Group::Manual,
            (Some(_), Some(_)) => Group::Claimed,
            // A line that counts has 预留选项, so there is a way.
            (Some(contract), None) => Way::of(&line.overrides.over(contract)).map_or(Group::Open, Group::Counted),
        }
    }
}

/// What stands in a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupSum {
    /// Contracts and lines.
    pub count: u64,
    /// 合同金额; nothing of lines entered by hand.
    pub amount: Money,
    /// 面向中小企业采购金额 of what counts.
    pub sme: Money,
    /// 面向小微企业采购金额 of what counts.
    pub small_micro: Money,
}

impl GroupSum {
    fn add(&mut self, amount: Money, sme: Money, small_micro: Money) {
        let plus = |sum: Money, more: Money| [sum, more].into_iter().sum();
        self.count += 1;
        self.amount = plus(self.amount, amount);
        self.sme = plus(self.sme, sme);
        self.small_micro = plus(self.small_micro, small_micro);
    }
}

/// Every line and every contract left out in its group, in the order of the page: `lines` and `left_out` hold their places in the
/// given lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sorted {
    /// The groups that are not empty, with their sums.
    pub sums: BTreeMap<Group, GroupSum>,
    /// What stands in each, in the given order.
    pub places: BTreeMap<Group, Vec<Place>>,
}

/// Where something stands in the lists that were sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Among the lines.
    Line(usize),
    /// Among the contracts left out.
    LeftOut(usize),
}

/// Sorts a record's year into groups; `fits` says what is looked for, and the sums are those of everything all the same.
pub fn sort(lines: &[Line], left_out: &[LeftOut], rules: &LineRules, fits: impl Fn(Place) -> bool) -> Sorted {
    let mut sorted = Sorted::default();
    let mut put = |group: Group, place: Place, amount: Money, (sme, small_micro): (Money, Money)| {
        sorted.sums.entry(group).or_default().add(amount, sme, small_micro);
        if fits(place) {
            sorted.places.entry(group).or_default().push(place);
        }
    };
    for (at, line) in lines.iter().enumerate() {
        let review = line.review(rules);
        let amounts = review.counted.map_or((Money::ZERO, Money::ZERO), |amounts| (amounts.sme, amounts.small_micro));
        let amount = line.contract().map_or(Money::ZERO, |contract| contract.amount);
        put(Group::of_line(line, &review), Place::Line(at), amount, amounts);
    }
    for (at, row) in left_out.iter().enumerate() {
        put(Group::LeftOut(row.rule), Place::LeftOut(at), row.contract.amount, (Money::ZERO, Money::ZERO));
    }
    sorted
}

impl Sorted {
    /// The sums of what counts: those of the record.
    pub fn counted(&self) -> Totals {
        let mut totals = Totals::default();
        for (group, sum) in &self.sums {
            let count = usize::try_from(sum.count).unwrap_or(usize::MAX);
            if group.counts() {
                totals.lines += count;
                totals.sme = [totals.sme, sum.sme].into_iter().sum();
                totals.small_micro = [totals.small_micro, sum.small_micro].into_iter().sum();
            } else if !matches!(group, Group::LeftOut(_)) {
                totals.open += count;
            }
        }
        totals
    }
}

#[cfg(test)]
mod tests {
    use super::super::line::proof::{any_edits, any_line, any_rules, collected, edited, platform, rules, wan};
    use super::super::{line::Claim, totals};
    use super::*;
    use crate::domain::contract::{Contract, Measure, SupplierScale};
    use proptest::prelude::*;

    fn group(line: &Line) -> Group {
        Group::of_line(line, &line.review(&rules()))
    }

    #[test]
    fn e1_every_group_has_its_code_sentence_and_source() {
        for group in Group::all() {
            assert_eq!(Group::from_code(group.code()), Some(group));
            assert!(group.sentence().ends_with('。') && !group.source().is_empty() && !group.label().is_empty());
            assert_eq!(group.otherwise().is_none(), group.counts(), "{group:?}");
        }
        assert!(Group::all().is_sorted());
        assert_eq!(Group::from_code("?"), None);
    }

    #[test]
    fn e1_a_line_stands_where_its_amounts_come_from() {
        let unsized_supplier = Contract { supplier_scale: None, ..platform() };
        let claim = Claim { rule: Rule::NotReserved, reason: "漏填".to_owned() };
        for (line, expected) in [
            (collected(platform()), Group::Counted(Way::Entire)),
            (collected(unsized_supplier.clone()), Group::Open),
            (collected(Contract { sme: Some(wan(101)), ..platform() }), Group::Contradictory),
            (Line::collected(super::super::line::proof::line_id(), platform(), Some(claim)), Group::Claimed),
            (Line::manual(super::super::line::proof::line_id()), Group::Open),
        ] {
            assert_eq!(group(&line), expected);
        }
        let filled = collected(unsized_supplier).with(LineCell::SmallMicro, "60", &rules()).unwrap();
        assert_eq!(group(&filled), Group::Counted(Way::Entire), "the missing reason is another matter");
        let part = Contract { measure: Some(Measure::Subcontract), sme: Some(wan(9)), small_micro: Some(wan(1)), ..platform() };
        assert_eq!(group(&collected(Contract { supplier_scale: Some(SupplierScale::Large), ..part })), Group::Counted(Way::Part));
    }

    proptest! {
        #[test]
        fn e1_the_groups_hold_everything_once_and_add_up_to_the_record(
            lines in proptest::collection::vec((any_line(), any_edits()), 0..12), rules in any_rules()
        ) {
            let lines: Vec<Line> = lines.iter().map(|(line, edits)| edited(line, edits, &rules)).collect();
            let sorted = sort(&lines, &[], &rules, |_| true);
            prop_assert_eq!(sorted.counted(), totals(&lines, &rules));
            let held: usize = sorted.places.values().map(Vec::len).sum();
            prop_assert_eq!(held, lines.len());
            let found = sort(&lines, &[], &rules, |_| false);
            prop_assert_eq!(&found.sums, &sorted.sums, "the sums are those of all, whatever is looked for");
            prop_assert!(found.places.is_empty());
        }
    }
}
