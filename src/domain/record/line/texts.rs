//! The texts of a line's cells: what the unit filled in, and what was collected under it.

use super::{Line, LineCell, LineRules, Overrides};
use crate::domain::money::Money;

impl Line {
    /// The text by which `cell` was filled: typed again it leads to the same line. Empty where nothing was filled in.
    pub fn filled_text(&self, cell: LineCell) -> String {
        let overrides = &self.overrides;
        match cell {
            LineCell::ProjectName => overrides.project_name.clone(),
            LineCell::Measure => overrides.measure.map(|measure| measure.label().to_owned()),
            LineCell::Percent => overrides.percent.map(|percent| percent.to_string()),
            LineCell::Sme => overrides.sme.map(Money::wan),
            LineCell::SmallMicro => overrides.small_micro.map(Money::wan),
            LineCell::PublishedOn => overrides.published_on.map(|day| day.to_string()),
            LineCell::Url => overrides.url.clone(),
            LineCell::Reason => Some(self.reason.clone()),
        }
        .unwrap_or_default()
    }

    /// The collected text under an override; `None` where the cell is not overridden.
    pub fn collected_text(&self, cell: LineCell, rules: &LineRules) -> Option<String> {
        self.contract()?;
        let is_overridden = cell != LineCell::Reason && !self.filled_text(cell).is_empty();
        is_overridden.then(|| Line { overrides: Overrides::default(), ..self.clone() }.review(rules).text(cell))
    }
}

#[cfg(test)]
mod tests {
    use super::super::proof::{collected, line_id, platform, rules};
    use super::*;
    use crate::domain::contract::{Contract, Source};
    use proptest::prelude::*;

    #[test]
    fn a5_the_collected_text_stands_under_an_override_only() {
        let own = collected(Contract { source: Source::SelfEntered, ..platform() });
        assert_eq!(own.collected_text(LineCell::Sme, &rules()), None);
        let changed = own.with(LineCell::Sme, "60", &rules()).unwrap();
        assert_eq!(changed.collected_text(LineCell::Sme, &rules()).as_deref(), Some("100"));
        assert_eq!((changed.filled_text(LineCell::Sme), changed.filled_text(LineCell::Percent)), ("60".to_owned(), String::new()));
    }

    proptest! {
        #[test]
        fn e3_a_text_that_was_filled_in_leads_to_the_same_line_when_typed_again(fen in 0_i64..1_000_000_000, percent in 1_i64..1_000_000, name in "[a-z中文 ]{0,12}") {
            let mut line = Line::manual(line_id());
            for (cell, text) in [
                (LineCell::Sme, Money::from_fen(fen).wan()),
                (LineCell::Percent, format!("{}.{:04}", percent / 10_000, percent % 10_000)),
                (LineCell::Measure, "包预留".to_owned()),
                (LineCell::ProjectName, name),
            ] {
                line = line.with(cell, &text, &rules()).unwrap();
            }
            let again = LineCell::ALL
                .into_iter()
                .filter(|cell| line.lock(*cell, &rules()).is_none())
                .fold(Line::manual(line_id()), |again, cell| again.with(cell, &line.filled_text(cell), &rules()).unwrap());
            prop_assert_eq!(again, line);
        }
    }
}
