//! What was typed and is not acknowledged: the save on its way, and what waits behind it.

use super::super::seen::{Patch, Unsaved};
use crate::domain::ids::AnnouncementId;
use crate::domain::kept::{Entry, Fields};

/// Always: what is on its way is asked again exactly as it was until the server answers, because by that the server knows that
/// it is the same; nothing leaves before it is acknowledged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outbox {
    on_its_way: Option<Patch>,
    waiting: Unsaved,
}

impl Outbox {
    /// Takes what was typed.
    pub fn note(&mut self, change: Unsaved) {
        self.waiting = std::mem::take(&mut self.waiting).under(change);
    }

    /// What to send now: the save whose answer was lost, else what waits, over `version`; nothing when everything is stored.
    pub fn next(&mut self, id: &AnnouncementId, version: i64) -> Option<Patch> {
        if self.on_its_way.is_none() && !self.waiting.is_empty() {
            let change = std::mem::take(&mut self.waiting);
            self.on_its_way = Some(Patch { id: id.clone(), version, change });
        }
        self.on_its_way.clone()
    }

    /// What was on its way is stored.
    pub fn acknowledged(&mut self) {
        self.on_its_way = None;
    }

    /// What was on its way was refused and is not stored: it waits again, under what was typed since.
    pub fn refused(&mut self) {
        if let Some(patch) = self.on_its_way.take() {
            self.waiting = patch.change.under(std::mem::take(&mut self.waiting));
        }
    }

    /// Everything that is not acknowledged, for the browser's storage.
    pub fn unacknowledged(&self) -> Unsaved {
        let on_its_way = self.on_its_way.as_ref().map(|patch| patch.change.clone()).unwrap_or_default();
        on_its_way.under(self.waiting.clone())
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
}
