//! The lines of a record as the page holds them: what is stored with what is typed over it, their sums, their findings.
//!
//! Always: the sums are those of the lines ([`Totals`]), moved by each change and never read anew; a line keeps its key for as long as the page is
//! open, also while it is deleted, so that a step of undo can bring it back.

use crate::domain::ids::LineId;
use crate::domain::money::Money;
use crate::domain::record::Totals;
use crate::domain::record::change::Filled;
use crate::domain::record::line::{Line, LineCell, LineRules, Review};
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

/// A line on the page.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The line with everything typed that could be read.
    pub line: Line,
    /// The line as shown.
    pub review: Review,
    /// Texts that could not be read, and why.
    pub refused: BTreeMap<LineCell, (String, String)>,
    /// Cells that someone else has changed meanwhile, with the texts that are stored.
    pub rivals: BTreeMap<LineCell, String>,
    /// Deleted on this page.
    pub is_gone: bool,
    /// Out of the record for good, such as by 「剔除」: no step of undo concerns it any more.
    pub has_left: bool,
    /// Deleted by someone else, with something typed here that is not stored.
    pub is_orphan: bool,
    /// Everything that it can be found by, made when it is first looked for after a change.
    words: OnceLock<String>,
}

impl Entry {
    fn new(line: Line, rules: &LineRules) -> Entry {
        let review = line.review(rules);
        Entry {
            line,
            review,
            refused: BTreeMap::new(),
            rivals: BTreeMap::new(),
            is_gone: false,
            has_left: false,
            is_orphan: false,
            words: OnceLock::new(),
        }
    }

    /// Everything that the line can be found by, in small letters.
    pub fn words(&self, rules: &LineRules) -> &str {
        self.words.get_or_init(|| {
            let cells = LineCell::ALL.into_iter().map(|cell| self.shown_text(cell));
            let number = self.line.contract().map(|contract| contract.contract_no.clone());
            cells.chain(number).chain([self.line.source_label(rules)]).collect::<Vec<_>>().join("\n").to_lowercase()
        })
    }

    /// Whether this line stops 「提交」.
    pub fn blocks(&self) -> bool {
        self.is_orphan || !self.refused.is_empty() || !self.rivals.is_empty() || self.review.blocks()
    }

    /// The text that was typed into a cell, whether it can be read or not; empty where nothing was.
    pub fn input_text(&self, cell: LineCell) -> String {
        self.refused.get(&cell).map_or_else(|| self.line.filled_text(cell), |(text, _)| text.clone())
    }

    /// The text that a cell shows.
    pub fn shown_text(&self, cell: LineCell) -> String {
        self.refused.get(&cell).map_or_else(|| self.review.text(cell), |(text, _)| text.clone())
    }
}

/// What typing a text led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// It was taken; by this text the cell was filled before.
    Taken {
        /// The text before.
        before: String,
    },
    /// It could not be read, for this reason.
    Refused(String),
}

/// All lines of the page.
#[derive(Clone, Debug)]
pub struct Lines {
    rules: LineRules,
    entries: Vec<Entry>,
    by_id: HashMap<LineId, usize>,
    /// Keys in the order of the record, without those that are gone.
    order: Vec<usize>,
    /// The number of each key beside its row, from 1.
    numbers: Vec<usize>,
    totals: Totals,
    blocking: usize,
}

impl Lines {
    /// As read from the server.
    pub fn new(lines: Vec<Line>, rules: LineRules) -> Lines {
        let mut all = Lines {
            rules,
            entries: Vec::with_capacity(lines.len()),
            by_id: HashMap::with_capacity(lines.len()),
            order: Vec::with_capacity(lines.len()),
            numbers: Vec::with_capacity(lines.len()),
            totals: Totals::default(),
            blocking: 0,
        };
        for line in lines {
            all.add(line);
        }
        all
    }

    /// What is fixed for the lines.
    pub const fn rules(&self) -> &LineRules {
        &self.rules
    }

    /// The sums.
    pub const fn totals(&self) -> Totals {
        self.totals
    }

    /// How many lines stop 「提交」.
    pub const fn blocking(&self) -> usize {
        self.blocking
    }

    /// Keys in the order of the record.
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// A line by its key, also one that is gone.
    pub fn get(&self, key: usize) -> Option<&Entry> {
        self.entries.get(key)
    }

    /// The number beside a line.
    pub fn number(&self, key: usize) -> usize {
        self.numbers.get(key).copied().unwrap_or_default()
    }

    /// The key of a line.
    pub fn key(&self, id: &LineId) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// Adds a line at the end.
    pub fn add(&mut self, line: Line) -> usize {
        let key = self.entries.len();
        self.by_id.insert(line.id.clone(), key);
        self.entries.push(Entry::new(line, &self.rules));
        self.order.push(key);
        self.numbers.push(self.order.len());
        self.count(key, true);
        key
    }

    /// Deletes lines from the page, or brings them back to where they were.
    pub fn set_gone(&mut self, keys: &[usize], is_gone: bool) {
        for key in keys {
            // Taken out of the sums while it still is one of the lines, and into them when it is one again.
            self.count(*key, false);
            if let Some(entry) = self.entries.get_mut(*key) {
                entry.is_gone = is_gone;
            }
            self.count(*key, true);
        }
        self.order = (0..self.entries.len()).filter(|key| !self.entries[*key].is_gone).collect();
        for (number, key) in (1..).zip(&self.order) {
            self.numbers[*key] = number;
        }
    }

    /// The line leaves the record for good.
    pub fn leave(&mut self, key: usize) {
        self.set_gone(&[key], true);
        if let Some(entry) = self.entries.get_mut(key) {
            entry.has_left = true;
        }
    }

    /// Types a text into a cell, and so decides for it where someone else's value stood against the own one.
    pub fn type_into(&mut self, key: usize, cell: LineCell, text: &str) -> Option<Typed> {
        let typed = self.draft(key, cell, text)?;
        Some(match typed {
            // What is stored there is what the text is typed over.
            Typed::Taken { before } => Typed::Taken { before: self.settle(key, cell).unwrap_or(before) },
            Typed::Refused(why) => Typed::Refused(why),
        })
    }

    /// Shows a text in a cell while it is still being typed: someone else's value keeps standing against it.
    pub fn draft(&mut self, key: usize, cell: LineCell, text: &str) -> Option<Typed> {
        let entry = self.entries.get(key)?;
        let typed = match entry.line.with(cell, text, &self.rules) {
            Ok(line) => {
                let before = entry.line.filled_text(cell);
                self.change(key, |entry| {
                    entry.line = line;
                    entry.refused.remove(&cell);
                });
                Typed::Taken { before }
            }
            Err(why) => {
                let why = why.to_string();
                self.refuse(key, cell, text.to_owned(), why.clone());
                Typed::Refused(why)
            }
        };
        Some(typed)
    }

    /// Types several cells of one line like [`Lines::type_into`], looking at the line once.
    pub fn type_all(&mut self, key: usize, cells: &[(LineCell, String)]) -> Vec<Typed> {
        let Some(entry) = self.entries.get(key) else { return Vec::new() };
        let (mut line, mut rivals) = (entry.line.clone(), entry.rivals.clone());
        let mut refused = BTreeMap::new();
        let typed = cells
            .iter()
            .map(|(cell, text)| match line.with(*cell, text, &self.rules) {
                Ok(next) => {
                    let before = rivals.remove(cell).unwrap_or_else(|| line.filled_text(*cell));
                    line = next;
                    refused.remove(cell);
                    Typed::Taken { before }
                }
                Err(why) => {
                    refused.insert(*cell, (text.clone(), why.to_string()));
                    Typed::Refused(why.to_string())
                }
            })
            .collect();
        self.change(key, |entry| {
            entry.line = line;
            entry.rivals = rivals;
            for (cell, _) in cells {
                entry.refused.remove(cell);
            }
            entry.refused.extend(refused);
        });
        typed
    }

    /// Notes that a text could not be taken.
    pub fn refuse(&mut self, key: usize, cell: LineCell, text: String, why: String) {
        self.change(key, |entry| _ = entry.refused.insert(cell, (text, why)));
    }

    /// Takes back what could not be read.
    pub fn unrefuse(&mut self, key: usize, cell: LineCell) {
        self.change(key, |entry| _ = entry.refused.remove(&cell));
    }

    /// A change of a line is stored: the line has this version by then, and this is filled in over it, also by others; the texts that wait
    /// to be sent are laid over it. Gives whether the page shows something else now.
    pub fn stored(&mut self, id: &LineId, version: i64, filled: Option<&Filled>, waiting: &[(LineCell, String)]) -> bool {
        let Some(key) = self.key(id) else { return false };
        let Some(entry) = self.entries.get_mut(key) else { return false };
        let Some(Filled { overrides, reason }) = filled else {
            entry.line.version = version;
            return false;
        };
        let before = (entry.line.overrides.clone(), entry.line.reason.clone());
        if before == (overrides.clone(), reason.clone()) {
            entry.line.version = version;
            return false;
        }
        let line = Line { overrides: overrides.clone(), reason: reason.clone(), version, ..entry.line.clone() };
        self.adopt(line, waiting, Vec::new());
        self.entries.get(key).is_some_and(|entry| before != (entry.line.overrides.clone(), entry.line.reason.clone()))
    }

    /// The line that follows one in the record, `among` left out.
    pub fn next_of(&self, key: usize, among: &[usize]) -> Option<&Entry> {
        let at = self.order.partition_point(|other| *other <= key);
        self.order[at..].iter().find(|other| !among.contains(other)).and_then(|key| self.entries.get(*key))
    }

    /// Takes a line as it is stored, with the texts typed here over it; against those of `rivals` stands what is stored.
    pub fn adopt(&mut self, line: Line, typed: &[(LineCell, String)], rivals: Vec<(LineCell, String)>) {
        let Some(key) = self.key(&line.id) else { return };
        let rules = self.rules;
        self.change(key, |entry| {
            let of_choices = rivals.iter().map(|(cell, _)| *cell).chain(entry.rivals.keys().copied());
            let mine: Vec<(LineCell, String)> =
                of_choices.map(|cell| (cell, entry.input_text(cell))).chain(typed.iter().cloned()).collect();
            entry.line = line;
            for (cell, text) in mine {
                if let Ok(line) = entry.line.with(cell, &text, &rules) {
                    entry.line = line;
                }
            }
            entry.rivals.extend(rivals);
        });
    }

    /// Ends a choice between two values.
    pub fn settle(&mut self, key: usize, cell: LineCell) -> Option<String> {
        let mut theirs = None;
        self.change(key, |entry| theirs = entry.rivals.remove(&cell));
        theirs
    }

    /// Someone else has deleted the line.
    pub fn orphan(&mut self, id: &LineId) {
        if let Some(key) = self.key(id) {
            self.change(key, |entry| entry.is_orphan = true);
        }
    }

    /// Changes a line and moves the sums by it.
    fn change(&mut self, key: usize, change: impl FnOnce(&mut Entry)) {
        self.count(key, false);
        if let Some(entry) = self.entries.get_mut(key) {
            let before = (entry.line.overrides.clone(), entry.line.reason.clone(), entry.line.version);
            change(entry);
            entry.words.take();
            if before != (entry.line.overrides.clone(), entry.line.reason.clone(), entry.line.version) {
                entry.review = entry.line.review(&self.rules);
            }
        }
        self.count(key, true);
    }

    /// Adds a line to the sums, or takes it away.
    fn count(&mut self, key: usize, adds: bool) {
        let Some(entry) = self.entries.get(key).filter(|entry| !entry.is_gone) else { return };
        let step = |count: &mut usize| *count = if adds { *count + 1 } else { count.saturating_sub(1) };
        let shift = |sum: &mut Money, by: Money| {
            let (sum_fen, by_fen) = (sum.fen(), by.fen());
            *sum = Money::from_fen(if adds { sum_fen.saturating_add(by_fen) } else { sum_fen.saturating_sub(by_fen) });
        };
        match entry.review.counted {
            Some(amounts) => {
                step(&mut self.totals.lines);
                shift(&mut self.totals.sme, amounts.sme);
                shift(&mut self.totals.small_micro, amounts.small_micro);
            }
            None => step(&mut self.totals.open),
        }
        if entry.blocks() {
            step(&mut self.blocking);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{Day, Year};
    use crate::domain::contract::YearBasis;
    use crate::domain::record::totals;
    use proptest::prelude::*;

    fn rules() -> LineRules {
        LineRules { year: Year::try_from(2025).unwrap(), basis: YearBasis::Signed, cutover: Day::parse("2024-01-01").unwrap() }
    }

    fn id(number: usize) -> LineId {
        LineId::parse(&format!("01890a5d-ac96-774b-bcce-{number:012}")).unwrap()
    }

    fn lines(count: usize) -> Lines {
        Lines::new((0..count).map(|number| Line::manual(id(number))).collect(), rules())
    }

    #[test]
    fn e3_what_cannot_be_read_stays_typed_and_stops_the_submission() {
        let mut lines = lines(1);
        assert!(matches!(lines.type_into(0, LineCell::Sme, "约 3 万"), Some(Typed::Refused(_))));
        let entry = lines.get(0).unwrap();
        assert_eq!((entry.shown_text(LineCell::Sme).as_str(), entry.blocks()), ("约 3 万", true));
        assert_eq!(lines.type_into(0, LineCell::Sme, "3"), Some(Typed::Taken { before: String::new() }));
        assert_eq!(lines.get(0).unwrap().shown_text(LineCell::Sme), "3");
    }

    #[test]
    fn e3_against_a_cell_that_someone_else_changed_both_values_stand_until_one_is_chosen() {
        let mut lines = lines(1);
        lines.type_into(0, LineCell::Sme, "12");
        lines.type_into(0, LineCell::Percent, "5");
        let stored = Line::manual(id(0)).with(LineCell::Sme, "11", &rules()).unwrap();
        let stored = stored.with(LineCell::ProjectName, "同事的名称", &rules()).unwrap();
        lines.adopt(stored, &[(LineCell::Percent, "5".to_owned())], vec![(LineCell::Sme, "11".to_owned())]);
        let entry = lines.get(0).unwrap();
        assert_eq!(entry.shown_text(LineCell::ProjectName), "同事的名称");
        assert_eq!(
            (entry.shown_text(LineCell::Sme).as_str(), entry.shown_text(LineCell::Percent).as_str()),
            ("12", "5"),
            "mine still stand"
        );
        assert!(entry.blocks());
        assert_eq!(lines.settle(0, LineCell::Sme).as_deref(), Some("11"));
        assert!(lines.get(0).unwrap().rivals.is_empty());
    }

    #[test]
    fn e3_what_a_colleague_wrote_into_other_cells_is_shown_under_what_still_waits() {
        let mut lines = lines(1);
        lines.type_into(0, LineCell::Sme, "12");
        lines.type_into(0, LineCell::Percent, "5");
        let stored = Line::manual(id(0)).with(LineCell::Sme, "12", &rules()).unwrap();
        let stored = stored.with(LineCell::ProjectName, "同事的名称", &rules()).unwrap();
        let waiting = [(LineCell::Percent, "5".to_owned())];
        assert!(lines.stored(&id(0), 3, Some(&Filled::of(&stored)), &waiting));
        let entry = lines.get(0).unwrap();
        let texts = [LineCell::ProjectName, LineCell::Sme, LineCell::Percent].map(|cell| entry.shown_text(cell));
        assert_eq!((texts, entry.line.version), (["同事的名称", "12", "5"].map(str::to_owned), 3));
        assert!(!lines.stored(&id(0), 4, Some(&Filled::of(&lines.get(0).unwrap().line.clone())), &[]), "nothing else to show");
        assert_eq!(lines.get(0).unwrap().line.version, 4);
    }

    #[test]
    fn e3_a_choice_stays_while_other_cells_of_the_line_are_stored() {
        let mut lines = contested();
        let stored = Line::manual(id(0)).with(LineCell::Sme, "11", &rules()).unwrap();
        let stored = stored.with(LineCell::ProjectName, "乙", &rules()).unwrap();
        lines.stored(&id(0), 3, Some(&Filled::of(&stored)), &[]);
        assert_eq!(stands(&lines), ("12".to_owned(), Some("11")), "mine is not replaced by theirs");
    }

    #[test]
    fn e3_a_line_that_comes_back_names_the_one_that_follows_it() {
        let lines = lines(4);
        let next = |key: usize, among: &[usize]| lines.next_of(key, among).map(|entry| entry.line.id.clone());
        assert_eq!((next(1, &[1]), next(1, &[1, 2]), next(3, &[3])), (Some(id(2)), Some(id(3)), None));
    }

    /// One line whose 金额 says 12 here and 11 on the server.
    fn contested() -> Lines {
        let mut lines = lines(1);
        lines.type_into(0, LineCell::Sme, "12");
        let stored = Line::manual(id(0)).with(LineCell::Sme, "11", &rules()).unwrap();
        lines.adopt(stored, &[], vec![(LineCell::Sme, "11".to_owned())]);
        lines
    }

    fn stands(lines: &Lines) -> (String, Option<&str>) {
        let entry = lines.get(0).unwrap();
        (entry.shown_text(LineCell::Sme), entry.rivals.get(&LineCell::Sme).map(String::as_str))
    }

    #[test]
    fn e3_what_is_still_being_typed_does_not_decide_between_two_values() {
        let mut lines = contested();
        assert_eq!(lines.draft(0, LineCell::Sme, "1"), Some(Typed::Taken { before: "12".to_owned() }));
        assert_eq!(stands(&lines), ("1".to_owned(), Some("11")));
        assert!(matches!(lines.draft(0, LineCell::Sme, "1x"), Some(Typed::Refused(_))));
        assert_eq!(stands(&lines), ("1x".to_owned(), Some("11")), "nor does what cannot be read");
        lines.unrefuse(0, LineCell::Sme);
        lines.draft(0, LineCell::Sme, "12");
        assert_eq!(stands(&lines), ("12".to_owned(), Some("11")), "Esc leads back to both");
    }

    #[test]
    fn e3_typing_over_two_values_is_typing_over_the_one_that_is_stored() {
        let over_theirs = Typed::Taken { before: "11".to_owned() };
        let mut lines = contested();
        assert!(matches!(lines.type_into(0, LineCell::Sme, "x"), Some(Typed::Refused(_))));
        assert_eq!(stands(&lines), ("x".to_owned(), Some("11")), "what cannot be read decides nothing");
        assert_eq!(lines.type_into(0, LineCell::Sme, "13"), Some(over_theirs.clone()));
        assert_eq!(stands(&lines), ("13".to_owned(), None));
        let mut lines = contested();
        assert_eq!(lines.type_all(0, &[(LineCell::Sme, "13".to_owned())]), [over_theirs], "a paste likewise");
        assert_eq!(stands(&lines), ("13".to_owned(), None));
    }

    #[test]
    fn e3_a_deleted_line_comes_back_to_its_place() {
        let mut lines = lines(3);
        lines.type_into(1, LineCell::ProjectName, "甲");
        lines.set_gone(&[1], true);
        assert_eq!((lines.order(), lines.number(2)), (&[0, 2][..], 2));
        lines.set_gone(&[1], false);
        assert_eq!((lines.order(), lines.number(2)), (&[0, 1, 2][..], 3));
        assert_eq!(lines.get(1).unwrap().shown_text(LineCell::ProjectName), "甲");
    }

    fn text() -> impl Strategy<Value = String> {
        prop_oneof!["[0-9]{1,4}", Just(String::new()), Just("整体预留".to_owned()), Just("x".to_owned())]
    }

    proptest! {
        #[test]
        fn a3_the_sums_are_those_of_the_lines_whatever_was_typed(steps in prop::collection::vec((0_usize..4, 0_usize..8, text(), any::<bool>()), 0..60)) {
            let mut lines = lines(4);
            for (key, cell, text, gone) in steps {
                if gone {
                    let now = lines.get(key).unwrap().is_gone;
                    lines.set_gone(&[key], !now);
                } else {
                    lines.type_into(key, LineCell::ALL[cell], &text);
                }
                let live: Vec<Line> = lines.order().iter().map(|key| lines.get(*key).unwrap().line.clone()).collect();
                prop_assert_eq!(lines.totals(), totals(&live, &rules()));
                let blocking = lines.order().iter().filter(|key| lines.get(**key).unwrap().blocks()).count();
                prop_assert_eq!(lines.blocking(), blocking);
            }
        }

        #[test]
        fn e3_typing_cells_together_leads_where_typing_them_one_by_one_leads(cells in prop::collection::vec((0_usize..8, text()), 0..8)) {
            // Each cell once: a block that is pasted names no cell twice.
            let mut seen = std::collections::BTreeSet::new();
            let cells: Vec<(LineCell, String)> = cells.into_iter().map(|(cell, text)| (LineCell::ALL[cell], text)).filter(|(cell, _)| seen.insert(*cell)).collect();
            let (mut together, mut apart) = (lines(1), lines(1));
            let typed = together.type_all(0, &cells);
            let one_by_one: Vec<Typed> = cells.iter().map(|(cell, text)| apart.type_into(0, *cell, text).unwrap()).collect();
            prop_assert_eq!(typed, one_by_one);
            prop_assert_eq!(&together.get(0).unwrap().line, &apart.get(0).unwrap().line);
            prop_assert_eq!(&together.get(0).unwrap().refused, &apart.get(0).unwrap().refused);
            prop_assert_eq!(together.totals(), apart.totals());
        }
    }
}
