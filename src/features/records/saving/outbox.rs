//! What is still to be sent, and in which order, so that no save overtakes an older one.
//!
//! Always: one request is on its way at a time. One whose answer was lost is sent again exactly as it was, before anything newer: the
//! server may have stored it and finds what it asks for. Typing into a line that is not sent yet joins what waits for that line.

use crate::domain::ids::{LineId, SaveId};
use crate::domain::record::change::{CellChange, Change, MAX_CHANGES};
use crate::domain::record::line::LineCell;
use std::collections::HashMap;

/// Changes of lines that are not acknowledged.
#[derive(Clone, Debug, Default)]
pub struct LineOutbox {
    sent: Vec<Change>,
    /// Under which name they are sent.
    name: Option<SaveId>,
    waiting: Vec<Change>,
    /// Where among `waiting` the last change of a line stands.
    last: HashMap<LineId, usize>,
}

impl LineOutbox {
    /// A cell was filled with `text` over `before`.
    pub fn typed(&mut self, line: &LineId, cell: LineCell, before: String, text: String) {
        match self.last.get(line).and_then(|at| self.waiting.get_mut(*at)) {
            // What a text leads to depends on what was typed before it: the last one goes to the end, as it was typed.
            Some(Change::Add { cells, .. }) => {
                cells.retain(|(other, _)| *other != cell);
                cells.push((cell, text));
            }
            Some(Change::Edit { cells, .. }) => {
                let earlier = cells.iter().position(|change| change.cell == cell).map(|at| cells.remove(at));
                let before = earlier.map_or(before, |earlier| earlier.before);
                cells.push(CellChange { cell, before, text });
            }
            // Nothing is typed into a line that is being removed.
            Some(Change::Remove { .. }) => {}
            None => self.push(Change::Edit { line: line.clone(), cells: vec![CellChange { cell, before, text }] }),
        }
    }

    /// A line was added with these texts, ahead of another one or at the end.
    pub fn added(&mut self, line: LineId, cells: Vec<(LineCell, String)>, ahead_of: Option<LineId>) {
        self.push(Change::Add { line, cells, ahead_of });
    }

    /// A line was deleted. One that waits to be added is just forgotten.
    pub fn removed(&mut self, line: &LineId) {
        let last = self.last.get(line).and_then(|at| self.waiting.get(*at));
        let (was_new, is_removed) = (matches!(last, Some(Change::Add { .. })), matches!(last, Some(Change::Remove { .. })));
        if is_removed {
            return;
        }
        self.forget(line);
        if !was_new {
            self.push(Change::Remove { line: line.clone() });
        }
    }

    /// What waits last for a line is not to be sent. It leaves an empty change in its place, which is never sent: a paste of thousands of
    /// lines is taken back at once.
    pub fn forget(&mut self, line: &LineId) {
        if let Some(change) = self.last.remove(line).and_then(|at| self.waiting.get_mut(at)) {
            *change = Change::Edit { line: line.clone(), cells: Vec::new() };
        }
    }

    fn push(&mut self, change: Change) {
        self.last.insert(change.line().clone(), self.waiting.len());
        self.waiting.push(change);
    }

    /// What to send now and under which name: what got no answer, as it was, else what waits, as far as one request may hold, under a
    /// name that `name` gives.
    pub fn next_named(&mut self, name: impl FnOnce() -> Option<SaveId>) -> (Vec<Change>, Option<SaveId>) {
        if self.sent.is_empty() {
            self.name = name();
        }
        (self.next(), self.name.clone())
    }

    fn next(&mut self) -> Vec<Change> {
        if self.sent.is_empty() {
            // What was typed and taken back again needs no save.
            for change in &mut self.waiting {
                if let Change::Edit { cells, .. } = change {
                    cells.retain(|change| change.before != change.text);
                }
            }
            self.waiting.retain(|change| !matches!(change, Change::Edit { cells, .. } if cells.is_empty()));
            let rest = self.waiting.split_off(self.waiting.len().min(MAX_CHANGES));
            self.sent = std::mem::replace(&mut self.waiting, rest);
            self.last = self.waiting.iter().enumerate().map(|(at, change)| (change.line().clone(), at)).collect();
        }
        self.sent.clone()
    }

    /// The request on its way is answered, or refused for good.
    pub fn answered(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.sent)
    }

    /// The request on its way was refused as a whole; it is sent again with what was typed meanwhile when a person asks.
    pub fn put_back(&mut self) {
        let newer = std::mem::take(&mut self.waiting);
        self.waiting = std::mem::take(&mut self.sent);
        self.last = self.waiting.iter().enumerate().map(|(at, change)| (change.line().clone(), at)).collect();
        for change in newer {
            match change {
                Change::Edit { line, cells } => {
                    for change in cells {
                        self.typed(&line, change.cell, change.before, change.text);
                    }
                }
                Change::Remove { line } => self.removed(&line),
                Change::Add { line, cells, ahead_of } => self.added(line, cells, ahead_of),
            }
        }
    }

    /// The texts of a line that wait to be sent.
    pub fn waiting_of(&self, line: &LineId) -> Vec<(LineCell, String)> {
        self.waiting.iter().filter(|change| change.line() == line).flat_map(texts).map(|(cell, text)| (cell, text.to_owned())).collect()
    }

    /// Whether something waits that is not on its way.
    pub fn has_waiting(&self) -> bool {
        self.waiting.iter().any(|change| match change {
            Change::Edit { cells, .. } => cells.iter().any(|change| change.before != change.text),
            Change::Add { .. } | Change::Remove { .. } => true,
        })
    }

    /// Everything that is not acknowledged, older changes first.
    pub fn unsaved(&self) -> impl Iterator<Item = &Change> {
        self.sent.iter().chain(&self.waiting)
    }
}

/// The cells of a change with their texts.
pub fn texts(change: &Change) -> Vec<(LineCell, &str)> {
    match change {
        Change::Add { cells, .. } => cells.iter().map(|(cell, text)| (*cell, text.as_str())).collect(),
        Change::Edit { cells, .. } => {
            cells.iter().filter(|change| change.before != change.text).map(|change| (change.cell, change.text.as_str())).collect()
        }
        Change::Remove { .. } => Vec::new(),
    }
}

/// 「说明」: each save names the words that it was typed over.
#[derive(Clone, Debug)]
pub struct RemarkOutbox {
    stored: String,
    sent: Option<String>,
    /// Under which name it is sent.
    name: Option<SaveId>,
    typed: Option<String>,
}

impl RemarkOutbox {
    /// Over the words that the page had loaded.
    pub fn new(stored: String) -> RemarkOutbox {
        RemarkOutbox { stored, sent: None, name: None, typed: None }
    }

    /// Notes the words as they are typed now.
    pub fn note(&mut self, text: String) {
        self.typed = Some(text);
    }

    /// What to send now, with the words that it was typed over and the name under which it goes, as [`LineOutbox::next_named`].
    pub fn next_named(&mut self, name: impl FnOnce() -> Option<SaveId>) -> Option<(String, String, Option<SaveId>)> {
        if self.sent.is_none() {
            self.name = name();
        }
        self.next().map(|(before, remark)| (before, remark, self.name.clone()))
    }

    /// Whether words were sent whose answer was lost: they go before anything newer.
    pub const fn is_unanswered(&self) -> bool {
        self.sent.is_some()
    }

    fn next(&mut self) -> Option<(String, String)> {
        if self.sent.is_none() {
            self.sent = self.typed.take();
        }
        self.sent.clone().map(|sent| (self.stored.clone(), sent))
    }

    /// The save on its way is acknowledged; the next one is typed over it.
    pub fn acknowledged(&mut self) {
        if let Some(sent) = self.sent.take() {
            self.stored = sent;
        }
    }

    /// The save on its way is refused; newer words win.
    pub fn refused(&mut self) {
        let sent = self.sent.take();
        self.typed = self.typed.take().or(sent);
    }

    /// Whether words were typed that are not on their way.
    pub fn has_typed(&self) -> bool {
        self.typed.is_some()
    }

    /// The newest words that are not acknowledged.
    pub fn unsaved(&self) -> Option<&String> {
        self.typed.as_ref().or(self.sent.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn over(before: &str, text: &str) -> (String, String) {
        (before.to_owned(), text.to_owned())
    }

    fn id(number: u8) -> LineId {
        LineId::parse(&format!("01890a5d-ac96-774b-bcce-b302099a80{number:02}")).unwrap()
    }

    fn edit(line: u8, cells: &[(LineCell, &str, &str)]) -> Change {
        let cells =
            cells.iter().map(|(cell, before, text)| CellChange { cell: *cell, before: (*before).to_owned(), text: (*text).to_owned() });
        Change::Edit { line: id(line), cells: cells.collect() }
    }

    fn typed(outbox: &mut LineOutbox, line: u8, cell: LineCell, before: &str, text: &str) {
        outbox.typed(&id(line), cell, before.to_owned(), text.to_owned());
    }

    #[test]
    fn a12_words_that_are_typed_while_a_save_is_on_its_way_come_after_it() {
        let mut outbox = RemarkOutbox::new("旧".to_owned());
        outbox.note("一".to_owned());
        assert_eq!(outbox.next(), Some(over("旧", "一")));
        outbox.note("二".to_owned());
        outbox.note("三".to_owned());
        assert_eq!(outbox.next(), Some(over("旧", "一")), "nothing overtakes the save on its way");
        outbox.acknowledged();
        assert!(outbox.has_typed(), "not said to be saved before it is");
        assert_eq!(outbox.next(), Some(over("一", "三")), "typed over what the server has now");
        outbox.acknowledged();
        assert_eq!((outbox.next(), outbox.unsaved()), (None, None));
    }

    #[test]
    fn a12_words_whose_answer_was_lost_are_sent_again_before_newer_ones() {
        let mut outbox = RemarkOutbox::new(String::new());
        outbox.note("一".to_owned());
        assert_eq!(outbox.next(), Some(over("", "一")));
        outbox.note("二".to_owned());
        assert_eq!(outbox.unsaved().map(String::as_str), Some("二"), "what lies in the browser is the newest");
        assert_eq!(
            outbox.next(),
            Some(over("", "一")),
            "the server may have it: 二 typed over the old words would be a conflict with ourselves"
        );
        outbox.acknowledged();
        assert_eq!(outbox.next(), Some(over("一", "二")));
    }

    #[test]
    fn a12_refused_words_are_kept_under_newer_ones() {
        let mut outbox = RemarkOutbox::new(String::new());
        outbox.note("一".to_owned());
        outbox.next();
        outbox.refused();
        assert_eq!(outbox.unsaved().map(String::as_str), Some("一"));
        outbox.next();
        outbox.note("二".to_owned());
        outbox.refused();
        assert_eq!(outbox.next(), Some(over("", "二")));
    }

    #[test]
    fn a5_a_request_whose_answer_was_lost_is_sent_again_as_it_was() {
        let mut outbox = LineOutbox::default();
        typed(&mut outbox, 1, LineCell::Reason, "", "一");
        typed(&mut outbox, 2, LineCell::Reason, "", "乙");
        let sent = vec![edit(1, &[(LineCell::Reason, "", "一")]), edit(2, &[(LineCell::Reason, "", "乙")])];
        assert_eq!(outbox.next(), sent);
        typed(&mut outbox, 1, LineCell::Reason, "一", "二");
        assert_eq!(outbox.next(), sent, "exactly the same");
        outbox.answered();
        assert_eq!(outbox.next(), [edit(1, &[(LineCell::Reason, "一", "二")])], "typed over what the server has now");
        outbox.answered();
        assert!(outbox.next().is_empty());
    }

    #[test]
    fn a10_what_is_sent_again_goes_under_the_same_name_and_what_is_newer_under_another() {
        let name = |number: u8| SaveId::parse(id(number).as_str()).ok();
        let mut outbox = LineOutbox::default();
        typed(&mut outbox, 1, LineCell::Reason, "", "一");
        assert_eq!(outbox.next_named(|| name(11)).1, name(11));
        typed(&mut outbox, 1, LineCell::Reason, "一", "二");
        assert_eq!(outbox.next_named(|| name(12)).1, name(11), "its answer was lost");
        outbox.answered();
        assert_eq!(outbox.next_named(|| name(13)).1, name(13));
        outbox.put_back();
        assert_eq!(outbox.next_named(|| name(14)).1, name(14), "what was refused joins what is newer");
        let mut remark = RemarkOutbox::new(String::new());
        remark.note("一".to_owned());
        assert_eq!(remark.next_named(|| name(11)).and_then(|(.., name)| name), name(11));
        remark.note("二".to_owned());
        assert!(remark.is_unanswered());
        assert_eq!(remark.next_named(|| name(12)).and_then(|(.., name)| name), name(11));
        remark.acknowledged();
        assert!(!remark.is_unanswered());
        assert_eq!(remark.next_named(|| name(13)).and_then(|(.., name)| name), name(13));
    }

    #[test]
    fn e3_what_is_typed_before_it_is_sent_is_one_change_and_nothing_if_it_is_taken_back() {
        let mut outbox = LineOutbox::default();
        typed(&mut outbox, 1, LineCell::Sme, "10", "1");
        typed(&mut outbox, 1, LineCell::Sme, "1", "12");
        assert!(outbox.has_waiting());
        assert_eq!(outbox.waiting_of(&id(1)), [(LineCell::Sme, "12".to_owned())]);
        typed(&mut outbox, 1, LineCell::Sme, "12", "10");
        assert!(!outbox.has_waiting());
        assert!(outbox.next().is_empty());
    }

    #[test]
    fn e3_a_cell_that_is_typed_into_again_is_sent_in_the_order_of_the_last_typing() {
        let mut outbox = LineOutbox::default();
        typed(&mut outbox, 1, LineCell::Sme, "10", "100");
        typed(&mut outbox, 1, LineCell::Measure, "", "合同分包预留");
        typed(&mut outbox, 1, LineCell::Sme, "100", "60");
        let cells = [(LineCell::Measure, "", "合同分包预留"), (LineCell::Sme, "10", "60")];
        assert_eq!(outbox.next(), [edit(1, &cells)], "over the text that the server has");
        let mut outbox = LineOutbox::default();
        outbox.added(id(2), vec![(LineCell::Sme, "1".to_owned()), (LineCell::Measure, "包预留".to_owned())], None);
        typed(&mut outbox, 2, LineCell::Sme, "1", "2");
        let cells = vec![(LineCell::Measure, "包预留".to_owned()), (LineCell::Sme, "2".to_owned())];
        assert_eq!(outbox.next(), [Change::Add { line: id(2), cells, ahead_of: None }]);
    }

    #[test]
    fn e3_a_line_that_was_added_and_deleted_before_it_was_sent_is_never_sent() {
        let mut outbox = LineOutbox::default();
        outbox.added(id(1), Vec::new(), None);
        typed(&mut outbox, 1, LineCell::Sme, "", "1");
        assert_eq!(outbox.clone().next(), [Change::Add { line: id(1), cells: vec![(LineCell::Sme, "1".to_owned())], ahead_of: None }]);
        outbox.removed(&id(1));
        assert!(outbox.next().is_empty());
        outbox.added(id(2), Vec::new(), None);
        outbox.next();
        outbox.removed(&id(2));
        outbox.answered();
        assert_eq!(outbox.next(), [Change::Remove { line: id(2) }]);
    }

    #[test]
    fn e3_a_line_that_is_deleted_brought_back_and_deleted_again_is_deleted() {
        let mut outbox = LineOutbox::default();
        outbox.removed(&id(1));
        outbox.added(id(1), Vec::new(), None);
        outbox.removed(&id(1));
        assert_eq!(outbox.next(), [Change::Remove { line: id(1) }]);
    }

    #[test]
    fn a5_what_was_refused_as_a_whole_goes_back_under_what_was_typed_meanwhile() {
        let mut outbox = LineOutbox::default();
        typed(&mut outbox, 1, LineCell::Sme, "10", "11");
        outbox.next();
        typed(&mut outbox, 1, LineCell::Sme, "11", "12");
        typed(&mut outbox, 1, LineCell::Reason, "", "一");
        outbox.put_back();
        assert_eq!(outbox.next(), [edit(1, &[(LineCell::Sme, "10", "12"), (LineCell::Reason, "", "一")])]);
    }

    #[test]
    fn e3_a_large_paste_is_sent_in_pieces() {
        let mut outbox = LineOutbox::default();
        for number in 0..u32::try_from(MAX_CHANGES).unwrap() + 5 {
            let line = LineId::parse(&format!("01890a5d-ac96-774b-bcce-{number:012}")).unwrap();
            outbox.typed(&line, LineCell::Sme, String::new(), "1".to_owned());
        }
        assert_eq!(outbox.next().len(), MAX_CHANGES);
        outbox.answered();
        assert_eq!(outbox.next().len(), 5);
    }

    proptest! {
        /// Whatever is typed, deleted, lost and refused: played in order, what was sent leads to what stands on the page.
        #[test]
        fn e3_what_is_sent_leads_to_what_was_typed(steps in prop::collection::vec((0_u8..5, 0_u8..3, 0_u8..4), 1..60)) {
            let (mut outbox, mut page, mut server) = (LineOutbox::default(), HashMap::<u8, String>::new(), HashMap::<u8, String>::new());
            let play = |changes: &[Change], server: &mut HashMap<u8, String>| {
                for change in changes {
                    let line = (0..3).find(|line| id(*line) == *change.line()).unwrap_or_default();
                    for (_, text) in texts(change) {
                        server.insert(line, text.to_owned());
                    }
                }
            };
            for (what, line, value) in steps {
                match what {
                    0..=2 => {
                        let before = page.insert(line, value.to_string()).unwrap_or_default();
                        typed(&mut outbox, line, LineCell::Sme, &before, &value.to_string());
                    }
                    3 => {
                        // Stored, and the answer arrives.
                        play(&outbox.next(), &mut server);
                        outbox.answered();
                    }
                    _ => {
                        // Refused as a whole.
                        outbox.next();
                        outbox.put_back();
                    }
                }
            }
            while outbox.has_waiting() || outbox.unsaved().next().is_some() {
                let next = outbox.next();
                play(&next, &mut server);
                outbox.answered();
            }
            prop_assert_eq!(page, server);
        }
    }
}
