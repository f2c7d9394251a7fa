//! What may be one contract counted twice: pointed out, never decided here (E1).
//!
//! Always: a warning, whatever it looks like; the same contract may rightly stand in several lots or be shared by several units.
//!
//! | where | taken for the same when |
//! | --- | --- |
//! | two contracts of a record | the number or the link, and the supplier and the amount are the same; other amounts are other lots |
//! | a line by hand and a contract | the link is the same, or name and amount are, or the line's words hold the contract's number |
//! | two lines by hand | the link is the same, or name and amount are |
//! | contracts of two units | number, lot and supplier are the same, or the link is |
//!
//! A link that many share leads to a platform's front page and tells nothing: of three rows of a record, or two contracts of one unit.

use super::LeftOut;
use super::line::{Line, LineRules, Review};
use crate::domain::contract::{Contract, Rule};
use crate::domain::ids::LineId;
use crate::domain::money::Money;
use crate::domain::text::to_half_width;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Shortest contract number that is looked for among a line's words.
const NUMBER_MIN: usize = 6;

/// Most warnings that a page gets.
pub const DUPLICATES_SHOWN: usize = 200;

/// By what two are taken for the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// 合同编号, 供应商 and 合同金额.
    Number,
    /// 合同链接 (of contracts of one unit: with 供应商 and 合同金额).
    Link,
    /// 项目名称 and the amount.
    NameAndAmount,
    /// The line's words hold the 合同编号.
    NumberInWords,
    /// 合同编号, 标项 and 供应商, at two units.
    NumberAndLot,
}

impl Why {
    /// The words on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Why::Number => "合同编号、供应商和金额相同",
            Why::Link => "合同链接相同",
            Why::NameAndAmount => "项目名称和金额相同",
            Why::NumberInWords => "写有该合同的编号",
            Why::NumberAndLot => "合同编号、标项和供应商相同",
        }
    }
}

/// Where the other one stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Other {
    /// In the same record.
    Line {
        /// Its number, from 1.
        number: usize,
        /// Its identity.
        id: LineId,
    },
    /// Among the contracts of the year that do not count.
    LeftOut {
        /// Its 合同编号.
        number: String,
        /// The rule that left it out.
        rule: Rule,
    },
    /// At another unit of the same 主管.
    Unit {
        /// The unit's name.
        name: String,
        /// The 合同编号 there.
        number: String,
    },
}

/// A line and what it may be the same as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duplicate {
    /// The line.
    pub line: LineId,
    /// Its number, from 1.
    pub number: usize,
    /// Its 项目名称.
    pub name: String,
    /// The other one.
    pub other: Other,
    /// By what.
    pub why: Why,
}

impl Duplicate {
    /// What is odd and what to do, in one sentence.
    pub fn sentence(&self) -> String {
        let (number, name, why) = (self.number, &self.name, self.why.label());
        match &self.other {
            Other::Line { number: other, .. } => {
                format!("第 {number} 行“{name}”与第 {other} 行疑似同一份合同（{why}），请核对是否重复计入。")
            }
            Other::LeftOut { number: other, rule } => {
                format!("第 {number} 行“{name}”与未计入的合同 {other}（{}）疑似同一份（{why}），请核对是否应当计入。", rule.label())
            }
            Other::Unit { name: unit, number: other } => {
                format!("第 {number} 行“{name}”与{unit}的合同 {other} 疑似同一份（{why}），请核对由哪个单位计入。")
            }
        }
    }
}

/// A text as it is compared: half width, lower case, without blanks.
fn plain(text: &str) -> String {
    to_half_width(text).chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// Rows of a record that may have the same link without its telling nothing: a contract, and the line by hand that repeats it.
const LINK_SHARED: usize = 2;

/// How often each link occurs.
pub fn links<'a>(urls: impl Iterator<Item = Option<&'a str>>) -> HashMap<&'a str, usize> {
    let mut counts = HashMap::new();
    for url in urls.flatten() {
        *counts.entry(url).or_insert(0) += 1;
    }
    counts
}

/// Whether contracts of two units are taken for one; `is_own_link`: each unit has the link at one contract only.
pub fn at_two_units(own: &Contract, other: &Contract, is_own_link: bool) -> Option<Why> {
    if is_own_link && own.url.is_some() && own.url == other.url {
        return Some(Why::Link);
    }
    let key = |contract: &Contract| (plain(&contract.contract_no), plain(&contract.lot), plain(&contract.supplier_name));
    (key(own) == key(other)).then_some(Why::NumberAndLot)
}

/// What a row is known by; rows with an equal mark are taken for the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Mark {
    Number(String, String, Money),
    Link(String, String, Money),
    AnyLink(String),
    Name(String, Money),
    BareNumber(String),
}

impl Mark {
    const fn why(&self) -> Why {
        match self {
            Mark::Number(..) => Why::Number,
            Mark::Link(..) | Mark::AnyLink(_) => Why::Link,
            Mark::Name(..) => Why::NameAndAmount,
            Mark::BareNumber(_) => Why::NumberInWords,
        }
    }
}

/// The marks by which two contracts of one unit are the same.
fn marks_of_contract(contract: &Contract) -> Vec<Mark> {
    let supplier = plain(&contract.supplier_name);
    let mut marks = vec![Mark::Number(plain(&contract.contract_no), supplier.clone(), contract.amount)];
    marks.extend(contract.url.clone().map(|url| Mark::Link(url, supplier, contract.amount)));
    marks
}

/// The marks by which a line by hand is the same as a contract that shows `name` and counts `sme`.
fn marks_for_hand(contract: &Contract, name: &str, sme: Option<Money>) -> Vec<Mark> {
    let mut marks = Vec::new();
    marks.extend(contract.url.clone().map(Mark::AnyLink));
    marks.push(Mark::Name(plain(name), contract.amount));
    marks.extend(sme.filter(|sme| *sme != contract.amount).map(|sme| Mark::Name(plain(name), sme)));
    let number = plain(&contract.contract_no);
    if number.chars().count() >= NUMBER_MIN {
        marks.push(Mark::BareNumber(number));
    }
    marks
}

/// The marks of a line by hand.
fn marks_by_hand(review: &Review) -> Vec<Mark> {
    let mut marks = Vec::new();
    marks.extend(review.url.clone().map(Mark::AnyLink));
    if !review.project_name.is_empty() {
        marks.extend(review.sme.map(|sme| Mark::Name(plain(&review.project_name), sme)));
    }
    let words = plain(&format!("{} {}", review.project_name, review.reason).replace(char::is_whitespace, "，"));
    let runs = words.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/' | '.')));
    marks.extend(runs.filter(|run| run.len() >= NUMBER_MIN).map(|run| Mark::BareNumber(run.to_owned())));
    marks
}

/// Which lines of a record may be the same as another line, or as a contract that a rule left out. Each line is named once.
pub fn within(lines: &[Line], left_out: &[LeftOut], rules: &LineRules) -> Vec<Duplicate> {
    let reviews: Vec<Review> = lines.iter().map(|line| line.review(rules)).collect();
    let rows = || (1..).zip(lines.iter().zip(&reviews));
    let shared = links(reviews.iter().map(|review| review.url.as_deref()).chain(left_out.iter().map(|row| row.contract.url.as_deref())));
    let tells = |mark: &Mark| !matches!(mark, Mark::AnyLink(url) if shared.get(url.as_str()).is_some_and(|count| *count > LINK_SHARED));
    let mut found: Vec<Duplicate> = Vec::new();
    let mut say = |number: usize, line: &Line, review: &Review, other: Other, why: Why| {
        found.push(Duplicate { line: line.id.clone(), number, name: review.project_name.clone(), other, why });
    };
    let (mut contracts, mut for_hand): (HashMap<Mark, (usize, LineId)>, HashMap<Mark, Other>) = (HashMap::new(), HashMap::new());
    for (number, (line, review)) in rows() {
        let Some(contract) = line.contract() else { continue };
        let marks = marks_of_contract(contract);
        let same = marks.iter().find_map(|mark| contracts.get(mark).map(|(other, id)| (mark.why(), *other, id.clone())));
        match same {
            Some((why, other, id)) => say(number, line, review, Other::Line { number: other, id }, why),
            None => contracts.extend(marks.into_iter().map(|mark| (mark, (number, line.id.clone())))),
        }
        for mark in marks_for_hand(contract, &review.project_name, review.sme).into_iter().filter(tells) {
            for_hand.entry(mark).or_insert_with(|| Other::Line { number, id: line.id.clone() });
        }
    }
    // What the unit took out itself may be entered anew by hand: that is how a mistake of the platform is corrected.
    for row in left_out.iter().filter(|row| row.rule != Rule::ClaimedOut) {
        for mark in marks_for_hand(&row.contract, &row.contract.project_name, None).into_iter().filter(tells) {
            let other = || Other::LeftOut { number: row.contract.contract_no.clone(), rule: row.rule };
            for_hand.entry(mark).or_insert_with(other);
        }
    }
    for (number, (line, review)) in rows().filter(|(_, (line, _))| line.contract().is_none()) {
        let marks: Vec<Mark> = marks_by_hand(review).into_iter().filter(tells).collect();
        match marks.iter().find_map(|mark| for_hand.get(mark).map(|other| (mark.why(), other.clone()))) {
            Some((why, other)) => say(number, line, review, other, why),
            // A number that two lines by hand mention makes them no duplicates.
            None => {
                let own = marks.into_iter().filter(|mark| !matches!(mark, Mark::BareNumber(_)));
                for_hand.extend(own.map(|mark| (mark, Other::Line { number, id: line.id.clone() })));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::line::proof::{any_edits, any_line, any_rules, collected, edited, platform, rules, wan};
    use super::super::line::{LineCell, Origin};
    use super::*;
    use proptest::prelude::*;

    fn numbered(lines: Vec<Line>) -> Vec<Line> {
        let id = |at: usize| LineId::parse(&format!("01890a5d-ac96-774b-bcce-b302099a{at:04x}")).unwrap();
        lines.into_iter().enumerate().map(|(at, line)| Line { id: id(at), ..line }).collect()
    }

    fn by_hand(cells: &[(LineCell, &str)]) -> Line {
        cells
            .iter()
            .fold(Line::manual(super::super::line::proof::line_id()), |line, (cell, text)| line.with(*cell, text, &rules()).unwrap())
    }

    /// Which line is the same as which, and why.
    fn found(lines: Vec<Line>, left_out: &[LeftOut]) -> Vec<(usize, usize, Why)> {
        let other = |duplicate: &Duplicate| match &duplicate.other {
            Other::Line { number, .. } => *number,
            Other::LeftOut { .. } | Other::Unit { .. } => 0,
        };
        within(&numbered(lines), left_out, &rules()).iter().map(|each| (each.number, other(each), each.why)).collect()
    }

    fn no(number: &str) -> Contract {
        Contract { contract_no: number.to_owned(), url: Some(format!("https://host.example/{number}")), ..platform() }
    }

    #[test]
    fn e1_two_contracts_are_the_same_by_number_or_link_with_supplier_and_amount() {
        let lot = |lot: &str| Contract { lot: lot.to_owned(), ..no("HT-2024-1") };
        assert_eq!(found(vec![collected(lot("1")), collected(lot("2"))], &[]), [(2, 1, Why::Number)]);
        assert_eq!(found(vec![collected(lot("1")), collected(Contract { amount: wan(7), ..lot("2") })], &[]), [], "lots of other amounts");
        let other_supplier = Contract { supplier_name: "另一家".to_owned(), ..lot("2") };
        assert_eq!(found(vec![collected(lot("1")), collected(other_supplier)], &[]), []);
        let same_link = Contract { url: no("HT-2024-1").url, ..no("HT-2024-9") };
        assert_eq!(found(vec![collected(no("HT-2024-1")), collected(same_link.clone())], &[]), [(2, 1, Why::Link)]);
        assert_eq!(found(vec![collected(no("HT-2024-1")), collected(Contract { amount: wan(7), ..same_link })], &[]), []);
        assert_eq!(found(vec![collected(no("a")), collected(no("b"))], &[]), [], "the same name and amount alone are two years' cleaning");
    }

    #[test]
    fn e1_a_line_by_hand_is_held_against_the_contracts() {
        use LineCell::{ProjectName, Reason, Sme, Url};
        let contract = || collected(no("HT-2024-001"));
        for (cells, expected) in [
            (vec![(ProjectName, "保洁 服务"), (Sme, "100")], vec![(2, 1, Why::NameAndAmount)]),
            (vec![(ProjectName, "保洁服务"), (Sme, "99")], vec![]),
            (vec![(ProjectName, "别的"), (Url, "https://host.example/HT-2024-001")], vec![(2, 1, Why::Link)]),
            (vec![(ProjectName, "合同ＨＴ-2024-001的补充")], vec![(2, 1, Why::NumberInWords)]),
            (vec![(ProjectName, "别的"), (Reason, "见 ht-2024-001 号合同")], vec![(2, 1, Why::NumberInWords)]),
            (vec![(ProjectName, "合同HT-2024-0012")], vec![]),
        ] {
            assert_eq!(found(vec![contract(), by_hand(&cells)], &[]), expected, "{cells:?}");
        }
        let twice = || by_hand(&[(ProjectName, "绿化"), (Sme, "3")]);
        assert_eq!(found(vec![twice(), twice(), by_hand(&[(ProjectName, "绿化"), (Sme, "4")])], &[]), [(2, 1, Why::NameAndAmount)]);
        let part = collected(Contract { sme: Some(wan(30)), small_micro: Some(wan(30)), ..no("HT-2024-001") });
        assert_eq!(found(vec![part, by_hand(&[(ProjectName, "保洁服务"), (Sme, "30")])], &[]), [(2, 1, Why::NameAndAmount)]);
    }

    #[test]
    fn e1_a_link_that_many_rows_share_tells_nothing() {
        use LineCell::{ProjectName, Url};
        let page = "https://host.example/";
        let hand = |name: &str| by_hand(&[(ProjectName, name), (Url, page)]);
        assert_eq!(found(vec![hand("甲"), hand("乙")], &[]), [(2, 1, Why::Link)]);
        assert_eq!(found(vec![hand("甲"), hand("乙"), hand("丙")], &[]), []);
        let contract =
            |no_: &str| collected(Contract { url: Some(page.to_owned()), amount: wan(no_.len().try_into().unwrap()), ..no(no_) });
        assert_eq!(found(vec![contract("HT-1"), contract("HT-22"), hand("甲")], &[]), []);
    }

    #[test]
    fn e1_entering_by_hand_what_a_rule_left_out_is_pointed_out_but_not_what_the_unit_took_out() {
        let row = |rule| LeftOut {
            id: crate::domain::ids::LeftOutId::parse("01890a5d-ac96-774b-bcce-b302099a8057").unwrap(),
            contract: no("HT-2024-001"),
            rule,
            reason: String::new(),
        };
        let line = || by_hand(&[(LineCell::ProjectName, "保洁服务"), (LineCell::Sme, "100")]);
        let seen = within(&numbered(vec![line()]), &[row(Rule::NotReserved)], &rules());
        assert!(seen[0].sentence().contains("未计入的合同 HT-2024-001（非预留项目）"), "{}", seen[0].sentence());
        assert_eq!(within(&numbered(vec![line()]), &[row(Rule::ClaimedOut)], &rules()), []);
    }

    #[test]
    fn e1_contracts_of_two_units_are_the_same_by_number_lot_and_supplier_or_by_link() {
        let other = |contract: Contract| Contract { buyer_name: "另一单位".to_owned(), ..contract };
        assert_eq!(at_two_units(&no("1"), &other(Contract { url: None, ..no("1") }), true), Some(Why::NumberAndLot));
        assert_eq!(at_two_units(&no("1"), &other(Contract { url: None, lot: "2".to_owned(), ..no("1") }), true), None);
        let of_link = other(Contract { contract_no: "2".to_owned(), ..no("1") });
        assert_eq!(at_two_units(&no("1"), &of_link, true), Some(Why::Link));
        assert_eq!(at_two_units(&no("1"), &of_link, false), None, "a link that others of the unit have too");
        let neither = Contract { url: None, ..no("1") };
        assert_eq!(at_two_units(&neither, &other(Contract { supplier_name: "x".to_owned(), ..neither.clone() }), true), None);
    }

    proptest! {
        #[test]
        fn e1_a_line_is_named_once_and_never_against_itself(lines in proptest::collection::vec((any_line(), any_edits()), 0..14), rules in any_rules()) {
            let lines = numbered(lines.iter().map(|(line, edits)| edited(line, edits, &rules)).collect());
            let found = within(&lines, &[], &rules);
            let mut named: Vec<usize> = found.iter().map(|each| each.number).collect();
            named.sort_unstable();
            named.dedup();
            prop_assert_eq!(named.len(), found.len());
            for each in &found {
                let Other::Line { number, .. } = &each.other else { continue };
                prop_assert_ne!(*number, each.number);
                prop_assert!(*number < each.number || matches!(lines[each.number - 1].origin, Origin::Manual));
                prop_assert!(!each.sentence().is_empty());
            }
        }
    }
}
