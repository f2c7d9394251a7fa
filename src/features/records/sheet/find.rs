//! Sorting and filtering the detail table. Neither changes a line, and neither loses the place: the active line stays active.

use super::{Entry, Lines, Place, Sheet};
use crate::domain::money::{Money, Percent};
use crate::domain::record::line::{LineCell, Weight};
use crate::ui::grid::{At, at};
use leptos::prelude::*;
use std::cmp::Reverse;
use std::collections::HashSet;

/// By which column the view is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sorting {
    /// The column.
    pub place: Place,
    /// From the largest to the smallest.
    pub is_down: bool,
}

/// Which lines the view shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Words that a cell of the line holds.
    pub words: String,
    /// Which kind of line.
    pub kind: ShownKind,
}

/// A kind of line to look at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ShownKind {
    /// Every line.
    #[default]
    All,
    /// Lines that stop 「提交」.
    Open,
    /// Lines with something to look at.
    Warned,
    /// Lines over which the unit has filled something in.
    Changed,
    /// Lines entered by hand.
    Manual,
}

impl ShownKind {
    /// All of them, in the order of the list.
    pub const ALL: [ShownKind; 5] = [ShownKind::All, ShownKind::Open, ShownKind::Warned, ShownKind::Changed, ShownKind::Manual];

    /// The words of the list.
    pub const fn label(self) -> &'static str {
        match self {
            ShownKind::All => "全部行",
            ShownKind::Open => "需要处理",
            ShownKind::Warned => "有提醒",
            ShownKind::Changed => "有人工修改",
            ShownKind::Manual => "手动录入",
        }
    }

    fn holds(self, entry: &Entry) -> bool {
        match self {
            ShownKind::All => true,
            ShownKind::Open => entry.blocks(),
            ShownKind::Warned => entry.review.findings.iter().any(|finding| finding.weight == Weight::Warning),
            ShownKind::Changed => entry.line.is_overridden(),
            ShownKind::Manual => entry.line.contract().is_none(),
        }
    }
}

/// The cells of a line that are wrong.
pub fn wrong_cells(entry: &Entry) -> impl Iterator<Item = LineCell> {
    LineCell::ALL.into_iter().filter(|cell| {
        let is_orphan = entry.is_orphan && *cell == LineCell::ProjectName;
        let by_rule = || entry.review.findings.iter().any(|finding| finding.cell == *cell && finding.weight == Weight::Error);
        is_orphan || entry.refused.contains_key(cell) || entry.rivals.contains_key(cell) || by_rule()
    })
}

/// The first wrong cell behind `from` in the order of the view and its columns; behind the last one those of lines that the view does not
/// show, and then the first of all. Looks at each line once.
pub fn next_wrong(lines: &Lines, view: &[usize], columns: &[Place], from: Option<At>) -> Option<(usize, LineCell)> {
    let column_of = |cell: LineCell| columns.iter().position(|place| *place == Place::Cell(cell)).unwrap_or_default();
    let wrong_of = |key: usize| {
        let entry = lines.get(key).filter(|entry| entry.blocks())?;
        let mut cells: Vec<(usize, LineCell)> = wrong_cells(entry).map(|cell| (column_of(cell), cell)).collect();
        cells.sort_unstable();
        Some(cells)
    };
    let first_of = |key: usize| wrong_of(key).and_then(|cells| cells.first().map(|(_, cell)| (key, *cell)));
    let is_behind = |row: usize, column: usize| from.is_none_or(|from| (row, column) > (from.row, from.column));
    let start = from.map_or(0, |from| from.row);
    let behind = view
        .iter()
        .enumerate()
        .skip(start)
        .find_map(|(row, key)| wrong_of(*key)?.into_iter().find(|(column, _)| is_behind(row, *column)).map(|(_, cell)| (*key, cell)));
    let hidden = || {
        if view.len() == lines.order().len() {
            return None;
        }
        let seen: HashSet<usize> = view.iter().copied().collect();
        lines.order().iter().filter(|key| !seen.contains(key)).find_map(|key| first_of(*key))
    };
    behind.or_else(hidden).or_else(|| view.iter().find_map(|key| first_of(*key)))
}

/// The keys that the view shows, in its order.
pub fn view_of(lines: &Lines, shown: &Shown, sorting: Option<Sorting>) -> Vec<usize> {
    let words = shown.words.trim().to_lowercase();
    let holds = |entry: &Entry| shown.kind.holds(entry) && (words.is_empty() || entry.words(lines.rules()).contains(&words));
    let mut keys: Vec<usize> = lines.order().iter().copied().filter(|key| lines.get(*key).is_some_and(holds)).collect();
    if let Some(Sorting { place, is_down }) = sorting {
        // Stable: equal lines keep the order of the record. The text of a line is made once, and not at each comparison.
        keys.sort_by_cached_key(|key| {
            let value = lines.get(*key).and_then(|entry| value(lines, entry, place));
            let is_empty = value.is_none();
            if is_down { (is_empty, None, Some(Reverse(value))) } else { (is_empty, value, None) }
        });
    }
    keys
}

/// By what a line is sorted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Value {
    Amount(Money),
    Percent(Percent),
    Text(String),
}

/// What a line has in a column; nothing for an empty cell, which comes last whichever way.
fn value(lines: &Lines, entry: &Entry, place: Place) -> Option<Value> {
    match place {
        Place::Cell(LineCell::Sme) => entry.review.sme.map(Value::Amount),
        Place::Cell(LineCell::SmallMicro) => entry.review.small_micro.map(Value::Amount),
        Place::Cell(LineCell::Percent) => entry.review.percent.map(Value::Percent),
        Place::Cell(cell) => Some(entry.shown_text(cell)).filter(|text| !text.is_empty()).map(Value::Text),
        Place::Source => Some(Value::Text(entry.line.source_label(lines.rules()))),
        Place::Remove => None,
    }
}

impl Sheet {
    /// Shows these lines; the active one stays active where it is still shown.
    pub fn show(self, shown: Shown) {
        self.keeping_the_place(|| self.shown.set(shown));
    }

    /// Sorts by a column: upwards, then downwards, then as in the record.
    pub fn sort_by(self, place: Place) {
        let next = match self.sorting.get_untracked() {
            Some(sorting) if sorting.place == place && sorting.is_down => None,
            Some(sorting) if sorting.place == place => Some(Sorting { place, is_down: true }),
            _ => Some(Sorting { place, is_down: false }),
        };
        self.keeping_the_place(|| self.sorting.set(next));
    }

    /// Sorts as asked.
    pub fn set_sorting(self, sorting: Option<Sorting>) {
        self.keeping_the_place(|| self.sorting.set(sorting));
    }

    fn keeping_the_place(self, change: impl FnOnce()) {
        let active = self.control.active().and_then(|place| Some((self.key_at(place.row)?, place.column)));
        change();
        self.refresh_view();
        self.touched();
        if let Some((key, column)) = active
            && let Some(row) = self.row_of(key)
        {
            self.control.show(at(row, column));
        }
    }

    /// Looks for the lines of the view anew.
    pub(super) fn refresh_view(self) {
        let (shown, sorting) = (self.shown.get_untracked(), self.sorting.get_untracked());
        let view = self.lines.with_value(|lines| view_of(lines, &shown, sorting));
        self.view.set_value(view);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{Day, Year};
    use crate::domain::contract::YearBasis;
    use crate::domain::ids::LineId;
    use crate::domain::record::line::{Line, LineRules};
    use proptest::prelude::*;

    fn lines(amounts: &[Option<u32>]) -> Lines {
        let rules = LineRules { year: Year::try_from(2025).unwrap(), basis: YearBasis::Signed, cutover: Day::parse("2024-01-01").unwrap() };
        let line = |(at, amount): (usize, &Option<u32>)| {
            let line = Line::manual(LineId::parse(&format!("01890a5d-ac96-774b-bcce-{at:012}")).unwrap());
            let line = line.with(LineCell::ProjectName, &format!("项目{at}"), &rules).unwrap();
            let text = amount.map(|amount| amount.to_string()).unwrap_or_default();
            line.with(LineCell::Sme, &text, &rules).unwrap()
        };
        Lines::new(amounts.iter().enumerate().map(line).collect(), rules)
    }

    const SME: Place = Place::Cell(LineCell::Sme);

    #[test]
    fn e3_sorting_is_by_value_and_leaves_empty_cells_at_the_end() {
        let lines = lines(&[Some(100), None, Some(20), Some(3)]);
        let view = |is_down| view_of(&lines, &Shown::default(), Some(Sorting { place: SME, is_down }));
        assert_eq!(view(false), [3, 2, 0, 1]);
        assert_eq!(view(true), [0, 2, 3, 1]);
        assert_eq!(view_of(&lines, &Shown::default(), None), [0, 1, 2, 3]);
    }

    #[test]
    fn e3_filtering_is_by_words_and_by_kind() {
        let lines = lines(&[Some(100), None, Some(20)]);
        let view = |words: &str, kind| view_of(&lines, &Shown { words: words.to_owned(), kind }, None);
        assert_eq!(view("项目2", ShownKind::All), [2]);
        assert_eq!(view("  ", ShownKind::Manual), [0, 1, 2]);
        assert_eq!(view("", ShownKind::Changed), [0; 0]);
        assert_eq!(view("100", ShownKind::Open), [0], "every line lacks something here");
    }

    #[test]
    fn e3_a_line_is_found_by_what_it_says_now() {
        let mut lines = lines(&[Some(100), None]);
        let view = |lines: &Lines, words: &str| view_of(lines, &Shown { words: words.to_owned(), kind: ShownKind::All }, None);
        assert_eq!((view(&lines, "项目1"), view(&lines, "手动")), (vec![1], vec![0, 1]));
        lines.type_into(1, LineCell::ProjectName, "Road 改造");
        lines.type_into(0, LineCell::Sme, "约 3 万");
        assert_eq!((view(&lines, "项目1"), view(&lines, "road"), view(&lines, "约 3 万")), (vec![], vec![1], vec![0]));
    }

    #[test]
    fn e3_the_next_error_is_the_next_in_the_view_then_a_hidden_one_then_the_first() {
        // Every line lacks 预留选项 and 小微企业金额; one has no 金额 either.
        let lines = lines(&[Some(100), None, Some(20)]);
        let columns: Vec<Place> = LineCell::ALL.into_iter().map(Place::Cell).collect();
        let next = |view: &[usize], from: Option<(usize, LineCell)>| {
            let from = from.map(|(row, cell)| at(row, columns.iter().position(|place| *place == Place::Cell(cell)).unwrap()));
            next_wrong(&lines, view, &columns, from)
        };
        let (mut from, mut walked) = (None, Vec::new());
        for _ in 0..20 {
            let Some((key, cell)) = next(&[2, 1, 0], from) else { break };
            walked.push(key);
            from = Some(([2, 1, 0].iter().position(|other| *other == key).unwrap(), cell));
        }
        walked.dedup();
        assert_eq!(walked[..4], [2, 1, 0, 2], "by the view and around its end");
        assert_eq!(next(&[2, 1, 0], None), next(&[2, 1, 0], Some((2, LineCell::Reason))));
        assert_eq!(next(&[2], Some((0, LineCell::Reason))).map(|(key, _)| key), Some(0), "what the view hides comes behind it");
        assert_eq!(next(&[0; 0], None).map(|(key, _)| key), Some(0));
    }

    proptest! {
        #[test]
        fn e3_a_sorted_view_holds_every_line_once(amounts in prop::collection::vec(prop::option::of(0_u32..50), 0..40), is_down in any::<bool>()) {
            let lines = lines(&amounts);
            let mut view = view_of(&lines, &Shown::default(), Some(Sorting { place: SME, is_down }));
            view.sort_unstable();
            prop_assert_eq!(view, lines.order());
        }
    }
}
