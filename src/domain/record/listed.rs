//! What of a record is not counted, as far as a page holds it: how many contracts each rule left out, and the first of them.

use super::LeftOut;
use crate::domain::contract::Rule;
use crate::domain::ids::LeftOutId;
use std::collections::BTreeMap;

/// How many contracts of each rule a page holds; all of them stand in 口径解释.
pub const LISTED: usize = 50;

/// The contracts that are not counted, as far as the page holds them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listed {
    rows: Vec<LeftOut>,
    counts: BTreeMap<Rule, usize>,
}

impl Listed {
    /// As read: how many each rule left out, and the first of them.
    pub fn new(rows: Vec<LeftOut>, counts: Vec<(Rule, usize)>) -> Listed {
        Listed { rows, counts: counts.into_iter().collect() }
    }

    /// How many there are.
    pub fn total(&self) -> usize {
        self.counts.values().sum()
    }

    /// The rules that left something out, in their order.
    pub fn rules(&self) -> Vec<Rule> {
        self.counts.iter().filter(|(_, count)| **count > 0).map(|(rule, _)| *rule).collect()
    }

    /// How many a rule left out.
    pub fn count(&self, rule: Rule) -> usize {
        self.counts.get(&rule).copied().unwrap_or_default()
    }

    /// Those of a rule that are held here.
    pub fn of(&self, rule: Rule) -> Vec<LeftOut> {
        self.rows.iter().filter(|row| row.rule == rule).cloned().collect()
    }

    /// A line was taken out.
    pub fn taken_out(&mut self, row: LeftOut) {
        *self.counts.entry(row.rule).or_default() += 1;
        self.rows.push(row);
    }

    /// A contract was claimed in.
    pub fn claimed_in(&mut self, id: &LeftOutId) {
        if let Some(at) = self.rows.iter().position(|row| row.id == *id) {
            let row = self.rows.remove(at);
            self.counts.entry(row.rule).and_modify(|count| *count = count.saturating_sub(1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::line::proof::platform;
    use super::*;

    fn row(number: u8, rule: Rule) -> LeftOut {
        let id = LeftOutId::parse(&format!("01890a5d-ac96-774b-bcce-b302099a80{number:02}")).unwrap();
        LeftOut { id, contract: platform(), rule, reason: String::new() }
    }

    #[test]
    fn a9_what_moves_on_the_page_moves_the_counts_of_its_rule() {
        let mut listed = Listed::new(vec![row(1, Rule::NotReserved), row(2, Rule::NotReserved)], vec![(Rule::NotReserved, 70)]);
        listed.taken_out(row(3, Rule::ClaimedOut));
        assert_eq!((listed.total(), listed.count(Rule::NotReserved), listed.count(Rule::ClaimedOut)), (71, 70, 1));
        listed.claimed_in(&row(1, Rule::NotReserved).id);
        assert_eq!((listed.count(Rule::NotReserved), listed.of(Rule::NotReserved)), (69, vec![row(2, Rule::NotReserved)]));
        listed.claimed_in(&row(3, Rule::ClaimedOut).id);
        assert_eq!(listed.rules(), [Rule::NotReserved], "a rule that leaves nothing out is not shown");
    }
}
