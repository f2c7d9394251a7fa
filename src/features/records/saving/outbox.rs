//! What is still to be sent, and in which order, so that no save overtakes an older one.
//!
//! Always: one save is on its way at a time. One whose answer was lost is sent again exactly as it was, before anything newer: the
//! server may have stored it, recognises it and answers the same, and only then is the newer text no conflict with our own older one.
//! What was refused is kept and goes back under what was typed meanwhile.

use crate::domain::record::line::LineCell;
use std::collections::BTreeMap;

/// Texts by cell.
pub type Texts = BTreeMap<LineCell, String>;

/// Texts of lines; `K` names a line.
#[derive(Clone, Debug)]
pub struct LineOutbox<K> {
    sent: Option<(K, Texts)>,
    refused: Vec<(K, Texts)>,
    typed: Vec<(K, Texts)>,
}

impl<K> Default for LineOutbox<K> {
    fn default() -> LineOutbox<K> {
        LineOutbox { sent: None, refused: Vec::new(), typed: Vec::new() }
    }
}

impl<K: Clone + PartialEq> LineOutbox<K> {
    /// Notes a typed text; it takes the place of an older one of its cell that was not sent yet.
    pub fn note(&mut self, line: K, cell: LineCell, text: String) {
        match self.typed.iter_mut().find(|(typed, _)| *typed == line) {
            Some((_, texts)) => {
                texts.insert(cell, text);
            }
            None => self.typed.push((line, BTreeMap::from([(cell, text)]))),
        }
    }

    /// What to send now: the save that got no answer, else the oldest line that was typed into.
    pub fn next(&mut self) -> Option<(K, Texts)> {
        if self.sent.is_none() && !self.typed.is_empty() {
            self.sent = Some(self.typed.remove(0));
        }
        self.sent.clone()
    }

    /// The save on its way is acknowledged.
    pub fn acknowledged(&mut self) {
        self.sent = None;
    }

    /// The save on its way is refused; it is not sent again before [`LineOutbox::put_back`].
    pub fn refused(&mut self) {
        self.refused.extend(self.sent.take());
    }

    /// Lets what was refused be sent again; a newer text of the same cell wins.
    pub fn put_back(&mut self) {
        for (line, texts) in self.refused.drain(..).rev() {
            match self.typed.iter_mut().find(|(typed, _)| *typed == line) {
                Some((_, newer)) => {
                    for (cell, text) in texts {
                        newer.entry(cell).or_insert(text);
                    }
                }
                None => self.typed.insert(0, (line, texts)),
            }
        }
    }

    /// The line is gone; nothing more is sent for it.
    pub fn forget(&mut self, line: &K) {
        self.sent.take_if(|(sent, _)| sent == line);
        self.refused.retain(|(refused, _)| refused != line);
        self.typed.retain(|(typed, _)| typed != line);
    }

    /// Whether something was typed that is not on its way.
    pub fn has_typed(&self) -> bool {
        !self.typed.is_empty()
    }

    /// Everything that is not acknowledged, older texts first.
    pub fn unsaved(&self) -> impl Iterator<Item = &(K, Texts)> {
        self.sent.iter().chain(&self.refused).chain(&self.typed)
    }
}

/// 「说明」: each save names the words that it was typed over.
#[derive(Clone, Debug)]
pub struct RemarkOutbox {
    stored: String,
    sent: Option<String>,
    typed: Option<String>,
}

impl RemarkOutbox {
    /// Over the words that the page had loaded.
    pub fn new(stored: String) -> RemarkOutbox {
        RemarkOutbox { stored, sent: None, typed: None }
    }

    /// Notes the words as they are typed now.
    pub fn note(&mut self, text: String) {
        self.typed = Some(text);
    }

    /// What to send now, with the words that it was typed over.
    pub fn next(&mut self) -> Option<(String, String)> {
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

    fn over(before: &str, text: &str) -> (String, String) {
        (before.to_owned(), text.to_owned())
    }

    fn texts(cells: &[(LineCell, &str)]) -> Texts {
        cells.iter().map(|(cell, text)| (*cell, (*text).to_owned())).collect()
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
    fn a5_a_line_whose_answer_was_lost_is_sent_again_as_it_was() {
        let mut outbox = LineOutbox::default();
        outbox.note('a', LineCell::Reason, "一".to_owned());
        outbox.note('b', LineCell::Reason, "乙".to_owned());
        let sent = Some(('a', texts(&[(LineCell::Reason, "一")])));
        assert_eq!(outbox.next(), sent);
        outbox.note('a', LineCell::Reason, "二".to_owned());
        outbox.note('a', LineCell::Sme, "1".to_owned());
        assert_eq!(outbox.next(), sent, "exactly the same");
        outbox.acknowledged();
        assert_eq!(outbox.next(), Some(('b', texts(&[(LineCell::Reason, "乙")]))));
        outbox.acknowledged();
        assert_eq!(outbox.next(), Some(('a', texts(&[(LineCell::Reason, "二"), (LineCell::Sme, "1")]))));
        outbox.acknowledged();
        assert_eq!((outbox.next(), outbox.unsaved().count()), (None, 0));
    }

    #[test]
    fn a5_a_refused_line_holds_no_other_up_and_newer_texts_win() {
        let mut outbox = LineOutbox::default();
        outbox.note('a', LineCell::Sme, "多".to_owned());
        outbox.note('a', LineCell::Reason, "一".to_owned());
        outbox.note('b', LineCell::Reason, "乙".to_owned());
        outbox.next();
        outbox.refused();
        assert_eq!(outbox.next().map(|(line, _)| line), Some('b'));
        outbox.acknowledged();
        assert_eq!(outbox.next(), None, "not again in this turn");
        assert_eq!(outbox.unsaved().count(), 1, "and not lost");
        outbox.note('a', LineCell::Sme, "1".to_owned());
        outbox.put_back();
        assert_eq!(outbox.next(), Some(('a', texts(&[(LineCell::Sme, "1"), (LineCell::Reason, "一")]))));
    }
}
