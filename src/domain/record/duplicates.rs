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
//! A link that stands at more than one contract and the line by hand that repeats it, or at more than one contract of a unit, is a platform's front
//! page: it makes nothing a duplicate. The lots of a contract are one contract.

use super::LeftOut;
use super::line::{Line, LineRules, Review};
use crate::domain::contract::{Contract, Rule};
use crate::domain::ids::LineId;
use crate::domain::money::Money;
use crate::domain::text::to_half_width;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

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

/// How many different things of a record a link may stand at and still tell that they are the same: a contract, and the line by hand that repeats it.
const LINK_SHARED: usize = 2;

/// What stands at each link: a contract by its number, a line by hand by itself.
#[derive(Debug, Default)]
struct Links<'a>(HashMap<&'a str, HashSet<String>>);

impl<'a> Links<'a> {
    fn note(&mut self, url: Option<&'a str>, of: impl FnOnce() -> String) {
        if let Some(url) = url {
            self.0.entry(url).or_default().insert(of());
        }
    }

    fn count(&self, url: &str) -> usize {
        self.0.get(url).map_or(0, HashSet::len)
    }

    fn of_record(lines: &'a [Line], reviews: &'a [Review], left_out: &'a [LeftOut]) -> Links<'a> {
        let mut links = Links::default();
        for (line, review) in lines.iter().zip(reviews) {
            links.note(review.url.as_deref(), || {
                line.contract().map_or_else(|| format!("line {}", line.id), |contract| plain(&contract.contract_no))
            });
        }
        for LeftOut { contract, .. } in left_out {
            links.note(contract.url.as_deref(), || plain(&contract.contract_no));
        }
        links
    }
}

/// A contract of another unit of the same 主管.
#[derive(Clone, Copy, Debug)]
pub struct Elsewhere<'a> {
    /// The unit's name.
    pub unit: &'a str,
    /// The contract.
    pub contract: &'a Contract,
    /// Whether it counts there; what does not is not counted twice.
    pub counts: bool,
}

/// What contracts of two units are known by: 合同编号, 标项 and 供应商.
fn key(contract: &Contract) -> [String; 3] {
    [plain(&contract.contract_no), plain(&contract.lot), plain(&contract.supplier_name)]
}

/// Which lines may be the same as contracts of other units; the first `most`. Each contract is looked at once.
pub fn at_other_units(lines: &[Line], left_out: &[LeftOut], others: &[Elsewhere<'_>], rules: &LineRules, most: usize) -> Vec<Duplicate> {
    let reviews: Vec<Review> = lines.iter().map(|line| line.review(rules)).collect();
    let own = Links::of_record(lines, &reviews, left_out);
    let mut theirs: HashMap<&str, Links<'_>> = HashMap::new();
    for other in others {
        theirs.entry(other.unit).or_default().note(other.contract.url.as_deref(), || plain(&other.contract.contract_no));
    }
    let mut by_key: HashMap<[String; 3], Vec<usize>> = HashMap::new();
    let mut by_link: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, other) in others.iter().enumerate().filter(|(_, other)| other.counts) {
        by_key.entry(key(other.contract)).or_default().push(at);
        let tells = |url: &&str| own.count(url) == 1 && theirs.get(other.unit).is_some_and(|links| links.count(url) == 1);
        if let Some(url) = other.contract.url.as_deref().filter(tells) {
            by_link.entry(url).or_default().push(at);
        }
    }
    let mut found = Vec::new();
    for (number, (line, review)) in (1..).zip(lines.iter().zip(&reviews)) {
        let Some(contract) = line.contract() else { continue };
        let same = by_key.get(&key(contract)).into_iter().flatten().map(|at| (*at, Why::NumberAndLot));
        let linked = contract.url.as_deref().and_then(|url| by_link.get(url)).into_iter().flatten().map(|at| (*at, Why::Link));
        // Of each unit one, by the link where both tell: it is the stronger sign.
        let mut told: HashSet<&str> = HashSet::new();
        for (at, why) in linked.chain(same) {
            let Some(other) = others.get(at).filter(|other| told.insert(other.unit)) else { continue };
            if found.len() == most {
                return found;
            }
            let other = Other::Unit { name: other.unit.to_owned(), number: other.contract.contract_no.clone() };
            found.push(Duplicate { line: line.id.clone(), number, name: review.project_name.clone(), other, why });
        }
    }
    found
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
    let links = Links::of_record(lines, &reviews, left_out);
    let tells = |mark: &Mark| !matches!(mark, Mark::AnyLink(url) if links.count(url) > LINK_SHARED);
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

    fn at_two(own: &[Contract], theirs: &[Contract]) -> Vec<(usize, Why)> {
        let lines = numbered(own.iter().cloned().map(collected).collect());
        let others: Vec<_> = theirs.iter().map(|contract| Elsewhere { unit: "另一单位", contract, counts: true }).collect();
        at_other_units(&lines, &[], &others, &rules(), 200).iter().map(|each| (each.number, each.why)).collect()
    }

    #[test]
    fn e1_contracts_of_two_units_are_the_same_by_number_lot_and_supplier_or_by_link() {
        let bare = |contract: Contract| Contract { url: None, ..contract };
        assert_eq!(at_two(&[no("1")], &[bare(no("1"))]), [(1, Why::NumberAndLot)]);
        assert_eq!(at_two(&[no("1")], &[bare(Contract { lot: "2".to_owned(), ..no("1") })]), []);
        assert_eq!(at_two(&[bare(no("1"))], &[bare(Contract { supplier_name: "x".to_owned(), ..no("1") })]), []);
        let of_link = |number: &str| Contract { contract_no: number.to_owned(), ..no("1") };
        assert_eq!(at_two(&[no("1")], &[of_link("2")]), [(1, Why::Link)]);
        let lots = [of_link("2"), Contract { lot: "二".to_owned(), ..of_link("2") }];
        assert_eq!(at_two(&[no("1")], &lots), [(1, Why::Link)], "two lots are one contract, told once");
        assert_eq!(at_two(&[no("1")], &[of_link("2"), of_link("3")]), [], "a link that others of the unit have too");
        assert_eq!(at_two(&[no("1"), of_link("9")], &[of_link("2")]), [], "or of one's own");
        let (lines, other) = (numbered(vec![collected(no("1"))]), no("1"));
        let gone = Elsewhere { unit: "另一单位", contract: &other, counts: false };
        assert_eq!(at_other_units(&lines, &[], &[gone], &rules(), 200), [], "what does not count there is not counted twice");
    }

    #[test]
    fn e1_thousands_that_share_a_link_and_a_number_are_looked_at_once_each() {
        // Pair by pair these would be compared four hundred million times.
        let page = Some("https://host.example/".to_owned());
        let of_link = |of: &str| (0..20_000).map(|at| Contract { url: page.clone(), ..no(&format!("{of}{at}")) }).collect::<Vec<_>>();
        assert_eq!(at_two(&of_link("甲"), &of_link("乙")), []);
        let of_number =
            |of: &str| (0..20_000).map(|at| Contract { supplier_name: format!("{of}{at}"), url: None, ..no("0") }).collect::<Vec<_>>();
        assert_eq!(at_two(&of_number("甲"), &of_number("乙")), []);
        let same: Vec<_> = (0..20_000).map(|_| no("0")).collect();
        assert_eq!(at_two(&same, &same).len(), 200, "no more than is shown");
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
