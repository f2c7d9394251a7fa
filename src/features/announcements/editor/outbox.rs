//! What was typed and is not acknowledged: the save on its way, what waits behind it, and what waits for the person to choose.

use super::super::seen::{Patch, Unsaved};
use crate::domain::announcement::document::Document;
use crate::domain::announcement::part::{Merged, Part, merge};
use crate::domain::announcement::{REMARK_MAX, TITLE_MAX};
use crate::domain::ids::AnnouncementId;
use crate::domain::kept::{Entry, Fields, Groups, grouped};
use crate::domain::text;

/// Always: what is on its way is asked again exactly as it was until the server answers, because by that the server knows that
/// it is the same; nothing leaves before it is acknowledged, or the person has let it go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outbox {
    on_its_way: Option<Patch>,
    waiting: Unsaved,
    /// What the server held when the page last looked, part by part.
    base: Unsaved,
    /// What was typed here of parts that somebody else has changed; it waits for the person.
    mine: Unsaved,
    /// What somebody else wrote there.
    theirs: Unsaved,
    /// Whether what waits is put over another's text by choice.
    is_choice: bool,
}

/// A part that two people have changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispute {
    /// Which.
    pub part: Part,
    /// What was typed here.
    pub mine: Unsaved,
    /// What is stored.
    pub theirs: Unsaved,
}

impl Outbox {
    /// Over what the server holds.
    pub fn over(base: Unsaved) -> Outbox {
        Outbox { base: as_stored(base), ..Outbox::default() }
    }

    /// Takes what was typed.
    pub fn note(&mut self, mut change: Unsaved) {
        for part in Part::ALL {
            if self.mine.names(part) && change.names(part) {
                let typed = change.take(part);
                self.mine = std::mem::take(&mut self.mine).under(typed);
            }
        }
        self.waiting = std::mem::take(&mut self.waiting).under(change);
    }

    /// What to send now: the save whose answer was lost, else what waits, over `version`; nothing when everything is stored.
    pub fn next(&mut self, id: &AnnouncementId, version: i64) -> Option<Patch> {
        if self.on_its_way.is_none() && !self.waiting.is_empty() {
            let change = std::mem::take(&mut self.waiting);
            self.on_its_way = Some(Patch { id: id.clone(), version, change, is_choice: std::mem::take(&mut self.is_choice) });
        }
        self.on_its_way.clone()
    }

    /// What was on its way is stored.
    pub fn acknowledged(&mut self) {
        if let Some(patch) = self.on_its_way.take() {
            self.base = std::mem::take(&mut self.base).under(as_stored(patch.change));
        }
    }

    /// A deed of this page has made these parts: they are what is stored, and no news from others.
    pub fn stored(&mut self, parts: Unsaved) {
        self.base = std::mem::take(&mut self.base).under(as_stored(parts));
    }

    /// What was on its way was refused and is not stored: it waits again, under what was typed since.
    pub fn refused(&mut self) {
        if let Some(patch) = self.on_its_way.take() {
            self.is_choice |= patch.is_choice;
            self.waiting = patch.change.under(std::mem::take(&mut self.waiting));
        }
    }

    /// Compares with what the server holds now, while nothing is on its way. What others have changed and nobody typed here is given back
    /// for the page; what both have changed waits for the person.
    pub fn merge(&mut self, stored: Unsaved) -> Unsaved {
        let stored = as_stored(stored);
        let mut comes = Unsaved::default();
        for part in Part::ALL {
            let now = stored.only(part);
            let typed = if self.mine.names(part) { self.mine.only(part) } else { self.waiting.only(part) };
            let typed = typed.names(part).then(|| as_stored(typed));
            match merge(&self.base.only(part), typed.as_ref(), &now) {
                Merged::Keep => continue,
                Merged::Adopt => comes = comes.under(now.clone()),
                Merged::Agreed => {
                    for place in [&mut self.waiting, &mut self.mine, &mut self.theirs] {
                        let _ = place.take(part);
                    }
                }
                Merged::Dispute => {
                    let typed = self.waiting.take(part);
                    self.mine = std::mem::take(&mut self.mine).under(typed);
                    self.theirs = std::mem::take(&mut self.theirs).under(now.clone());
                }
            }
            self.base = std::mem::take(&mut self.base).under(now);
        }
        comes
    }

    /// The parts that wait for the person.
    pub fn disputes(&self) -> Vec<Dispute> {
        let parts = Part::ALL.into_iter().filter(|part| self.mine.names(*part));
        parts.map(|part| Dispute { part, mine: self.mine.only(part), theirs: self.theirs.only(part) }).collect()
    }

    /// The person has chosen: their own text waits to be saved, or the other one is given back for the page.
    pub fn choose(&mut self, part: Part, own: bool) -> Unsaved {
        let (mine, theirs) = (self.mine.take(part), self.theirs.take(part));
        if own {
            self.waiting = std::mem::take(&mut self.waiting).under(mine);
            self.is_choice = true;
            Unsaved::default()
        } else {
            theirs
        }
    }

    /// Everything that is not acknowledged, for the browser's storage.
    pub fn unacknowledged(&self) -> Unsaved {
        let on_its_way = self.on_its_way.as_ref().map(|patch| patch.change.clone()).unwrap_or_default();
        on_its_way.under(self.waiting.clone()).under(self.mine.clone())
    }

    /// Whether the answer to a save is still to come, or was lost.
    pub const fn is_on_its_way(&self) -> bool {
        self.on_its_way.is_some()
    }

    /// Whether something waits to be sent.
    pub fn has_to_send(&self) -> bool {
        self.on_its_way.is_some() || !self.waiting.is_empty()
    }
}

/// As the server stores it, so that the same texts are equal.
fn as_stored(typed: Unsaved) -> Unsaved {
    let line = |text: String, most| text::optional("", &text, most).unwrap_or(text);
    Unsaved {
        basics: typed.basics,
        title: typed.title.map(|title| line(title, TITLE_MAX)),
        remark: typed.remark.map(|remark| line(remark, REMARK_MAX)),
        document: typed.document.map(|json| Document::parse(&json).map(|document| document.to_json().to_string()).unwrap_or(json)),
    }
}

/// What was typed, by field, as the browser keeps it.
pub fn as_fields(unsaved: &Unsaved) -> Fields {
    let texts = [("title", &unsaved.title), ("remark", &unsaved.remark), ("document", &unsaved.document)];
    let mut fields: Fields = texts.into_iter().filter_map(|(field, text)| text.clone().map(|text| (field.to_owned(), text))).collect();
    if let Some(basics) = unsaved.basics.as_ref().and_then(|basics| serde_json::to_string(basics).ok()) {
        fields.insert("basics".to_owned(), basics);
    }
    fields
}

/// The same, as the groups that a page keeps: also those that are empty now.
pub fn as_groups(unsaved: &Unsaved) -> Groups {
    let mut groups: Groups = Part::ALL.into_iter().map(|part| (part.code().to_owned(), Fields::new())).collect();
    groups.extend(grouped(&as_fields(unsaved)));
    groups
}

/// What kept entries say; one that cannot be read any more says nothing.
pub fn from_entries(entries: &[Entry]) -> Unsaved {
    let text = |field: &str| entries.iter().find(|entry| entry.field == field).map(|entry| entry.text.clone());
    Unsaved {
        basics: text("basics").and_then(|basics| serde_json::from_str(&basics).ok()),
        title: text("title"),
        remark: text("remark"),
        document: text("document"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(text: &str) -> Unsaved {
        Unsaved { title: Some(text.to_owned()), ..Unsaved::default() }
    }

    fn remark(text: &str) -> Unsaved {
        Unsaved { remark: Some(text.to_owned()), ..Unsaved::default() }
    }

    fn id() -> AnnouncementId {
        AnnouncementId::parse("01890a5d-ac96-774b-bcce-b302099a8001").unwrap()
    }

    #[test]
    fn c7_a_tab_closed_during_a_save_loses_nothing() {
        let mut outbox = Outbox::default();
        outbox.note(title("甲"));
        outbox.next(&id(), 1).unwrap();
        assert_eq!(outbox.unacknowledged(), title("甲"), "on its way is not stored yet");
        outbox.note(remark("乙"));
        assert_eq!(outbox.unacknowledged(), title("甲").under(remark("乙")));
        outbox.note(title("丙"));
        assert_eq!(outbox.unacknowledged(), title("丙").under(remark("乙")), "the newer text wins");
        outbox.acknowledged();
        assert_eq!(outbox.unacknowledged(), title("丙").under(remark("乙")));
    }

    #[test]
    fn c4_what_a_deed_of_this_page_has_made_is_neither_news_nor_a_dispute() {
        let mut outbox = Outbox::over(title(""));
        outbox.stored(title("生成的标题"));
        outbox.note(title("改过的标题"));
        assert_eq!(outbox.merge(title("生成的标题")), Unsaved::default());
        assert_eq!((outbox.disputes(), outbox.next(&id(), 2).unwrap().change), (Vec::new(), title("改过的标题")));
    }

    #[test]
    fn c7_a_save_without_an_answer_is_asked_again_as_it_was() {
        let mut outbox = Outbox::default();
        outbox.note(title("甲"));
        let first = outbox.next(&id(), 1);
        outbox.note(title("甲乙"));
        assert_eq!(outbox.next(&id(), 1), first);
        outbox.acknowledged();
        assert_eq!(outbox.next(&id(), 2).unwrap().change, title("甲乙"));
        outbox.acknowledged();
        assert_eq!(outbox.next(&id(), 3), None);
    }

    #[test]
    fn c7_a_refused_save_joins_what_was_typed_since() {
        let mut outbox = Outbox::default();
        outbox.note(title("甲").under(remark("乙")));
        outbox.next(&id(), 1);
        outbox.note(title("丙"));
        outbox.refused();
        assert_eq!(outbox.next(&id(), 1).unwrap().change, title("丙").under(remark("乙")));
    }

    #[test]
    fn c7_what_is_kept_field_by_field_is_what_was_typed() {
        let typed = title("甲").under(remark("乙"));
        let entries: Vec<Entry> = as_fields(&typed).into_iter().map(|(field, text)| Entry { key: String::new(), field, text }).collect();
        assert_eq!(from_entries(&entries), typed);
    }

    #[test]
    fn c7_every_part_has_its_group_also_when_nothing_of_it_waits() {
        let groups = as_groups(&title("甲"));
        assert_eq!(groups.iter().filter(|(_, fields)| !fields.is_empty()).map(|(group, _)| group.as_str()).collect::<Vec<_>>(), ["title"]);
        let all = Unsaved { document: Some(String::new()), ..title("甲").under(remark("乙")) };
        assert!(grouped(&as_fields(&all)).keys().all(|group| groups.contains_key(group)), "none is left behind in the browser");
    }

    /// As the page begins: all parts as stored.
    fn stored(title: &str, remark: &str) -> Unsaved {
        self::title(title).under(self::remark(remark))
    }

    #[test]
    fn c7_different_parts_of_two_people_join() {
        let mut outbox = Outbox::over(stored("甲", "乙"));
        outbox.note(title("甲一"));
        assert_eq!(outbox.merge(stored("甲", "乙二")), remark("乙二"), "the other part comes onto the page");
        assert_eq!(outbox.disputes(), []);
        assert_eq!(outbox.next(&id(), 2).unwrap().change, title("甲一"));
    }

    #[test]
    fn c7_of_the_same_part_both_texts_are_kept_until_one_is_chosen() {
        for own in [true, false] {
            let mut outbox = Outbox::over(stored("甲", "乙"));
            outbox.note(title("甲一"));
            outbox.next(&id(), 1).unwrap();
            outbox.refused();
            assert_eq!(outbox.merge(stored("甲二", "乙")), Unsaved::default());
            assert_eq!(outbox.disputes(), [Dispute { part: Part::Title, mine: title("甲一"), theirs: title("甲二") }]);
            assert_eq!(outbox.next(&id(), 2), None, "nothing is sent before the person has chosen");
            outbox.note(title("甲一一").under(remark("丙")));
            assert_eq!(outbox.unacknowledged(), title("甲一一").under(remark("丙")), "nothing typed is lost");
            assert_eq!(outbox.next(&id(), 2).unwrap().change, remark("丙"), "other parts go on");
            outbox.acknowledged();
            outbox.merge(stored("甲三", "丙"));
            assert_eq!(outbox.disputes()[0].theirs, title("甲三"), "the newest of the other is shown");
            let shown = outbox.choose(Part::Title, own);
            assert_eq!(shown, if own { Unsaved::default() } else { title("甲三") });
            assert_eq!(outbox.next(&id(), 4).map(|patch| patch.change), own.then(|| title("甲一一")));
        }
    }

    #[test]
    fn c7_both_to_the_same_is_no_dispute_and_ones_own_save_is_not_anothers() {
        let mut outbox = Outbox::over(stored("甲", "乙"));
        outbox.note(title(" 甲一 "));
        assert_eq!(outbox.merge(stored("甲一", "乙")), Unsaved::default());
        assert_eq!((outbox.disputes(), outbox.has_to_send()), (Vec::new(), false));
        outbox.note(title("甲二"));
        outbox.next(&id(), 2).unwrap();
        outbox.acknowledged();
        assert_eq!(outbox.merge(stored("甲二", "乙")), Unsaved::default(), "what one saved oneself is known");
    }
}
