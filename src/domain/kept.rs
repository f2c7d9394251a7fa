//! What a page keeps in the browser until the server has acknowledged it: whose it is, what is written and removed, what is offered.
//!
//! Always: an entry belongs to one person, one thing, one visit of a page and one field. A visit removes its own entries only, as each
//! is acknowledged; those of other visits stay until the person has answered 「恢复」 or 「放弃」; those of another person are not
//! seen. So tabs that are open side by side, and people who share a computer, cannot lose each other's text.

use super::calendar::Moment;
use super::ids::UserId;
use std::collections::BTreeMap;

/// What every key begins with.
const MARK: &str = "setaside-kept";

/// Texts by the name of their field.
pub type Fields = BTreeMap<String, String>;

/// One visit of a page by one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    user: UserId,
    subject: String,
    began: String,
}

/// A change of the browser's storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// Under this key stands this text.
    Set(String, String),
    /// This key goes.
    Remove(String),
}

/// A text that an earlier or another visit of the same person left in the storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where it is stored.
    pub key: String,
    /// Which field it belongs to.
    pub field: String,
    /// The text.
    pub text: String,
}

impl Visit {
    /// A visit that began at `opened`; `chance` tells two of the same moment apart, `subject` names the thing (no `/`).
    pub fn new(user: UserId, subject: String, opened: Moment, chance: u32) -> Visit {
        Visit { user, subject, began: format!("{:015}-{chance:08x}", opened.millis()) }
    }

    /// The key of a field (whose name holds no `/`).
    fn key(&self, field: &str) -> String {
        format!("{MARK}/{}/{}/{}/{field}", self.user, self.subject, self.began)
    }

    /// What must be written so that of this visit exactly `wanted` is kept, where `written` was before.
    pub fn writes(&self, written: &Fields, wanted: &Fields) -> Vec<Write> {
        let gone = written.keys().filter(|field| !wanted.contains_key(*field)).map(|field| Write::Remove(self.key(field)));
        let set = wanted.iter().filter(|(field, text)| written.get(*field) != Some(text));
        set.map(|(field, text)| Write::Set(self.key(field), text.clone())).chain(gone).collect()
    }

    /// What other visits left behind for the same person and thing; of each field the newest visit's text. An older one is offered
    /// when that is answered.
    pub fn left_behind(&self, stored: impl Iterator<Item = (String, String)>) -> Vec<Entry> {
        let mut newest = BTreeMap::<String, (String, Entry)>::new();
        for (key, text) in stored {
            let mut parts = key.splitn(5, '/');
            let head = (parts.next(), parts.next(), parts.next());
            let (Some(visit), Some(field)) = (parts.next(), parts.next()) else { continue };
            if head != (Some(MARK), Some(self.user.as_str()), Some(self.subject.as_str())) || visit == self.began {
                continue;
            }
            let (visit, field) = (visit.to_owned(), field.to_owned());
            if newest.get(&field).is_none_or(|(other, _)| *other < visit) {
                newest.insert(field.clone(), (visit, Entry { key, field, text }));
            }
        }
        newest.into_values().map(|(_, entry)| entry).collect()
    }
}

/// Whether an entry under this key is this person's.
pub fn is_of(user: &UserId, key: &str) -> bool {
    let mut parts = key.split('/');
    parts.next() == Some(MARK) && parts.next() == Some(user.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A browser's storage.
    #[derive(Default)]
    struct Storage(BTreeMap<String, String>);

    impl Storage {
        fn keep(&mut self, visit: &Visit, written: &Fields, wanted: &Fields) {
            for write in visit.writes(written, wanted) {
                match write {
                    Write::Set(key, text) => self.0.insert(key, text),
                    Write::Remove(key) => self.0.remove(&key),
                };
            }
        }

        fn offered(&self, visit: &Visit) -> Vec<(String, String)> {
            let left = visit.left_behind(self.0.clone().into_iter());
            left.into_iter().map(|entry| (entry.field, entry.text)).collect()
        }
    }

    fn visit(user: u8, subject: &str, second: i64) -> Visit {
        let user = UserId::parse(&format!("01890a5d-ac96-774b-bcce-b302099a80{user:02}")).unwrap();
        Visit::new(user, subject.to_owned(), Moment::from_millis(second * 1_000), 7)
    }

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        pairs.iter().map(|(field, text)| ((*field).to_owned(), (*text).to_owned())).collect()
    }

    fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        fields(pairs).into_iter().collect()
    }

    #[test]
    fn a6_a_tab_with_nothing_waiting_removes_nothing_of_another() {
        let (first, second, mut storage) = (visit(1, "record-x", 1), visit(1, "record-x", 2), Storage::default());
        let (hers, none) = (fields(&[("remark", "乙的说明")]), Fields::new());
        storage.keep(&second, &none, &hers);
        let his = fields(&[("a.sme", "5")]);
        storage.keep(&first, &none, &his);
        storage.keep(&first, &his, &none);
        assert_eq!(storage.offered(&visit(1, "record-x", 3)), owned(&[("remark", "乙的说明")]));
        assert_eq!(storage.offered(&second), [], "nobody is offered what stands on their own page");
    }

    #[test]
    fn a6_only_what_was_acknowledged_goes() {
        let (tab, mut storage) = (visit(1, "record-x", 1), Storage::default());
        let both = fields(&[("a.sme", "5"), ("remark", "说明")]);
        storage.keep(&tab, &Fields::new(), &both);
        let rest = fields(&[("remark", "说明一")]);
        storage.keep(&tab, &both, &rest);
        assert_eq!(storage.offered(&visit(1, "record-x", 2)), owned(&[("remark", "说明一")]));
    }

    #[test]
    fn a6_another_person_and_another_thing_are_offered_nothing() {
        let mut storage = Storage::default();
        storage.0.insert("setaside-large".to_owned(), "1".to_owned());
        storage.keep(&visit(1, "record-x", 1), &Fields::new(), &fields(&[("remark", "私")]));
        assert_eq!(storage.offered(&visit(2, "record-x", 2)), []);
        assert_eq!(storage.offered(&visit(1, "record-y", 2)), []);
        let (mine, theirs) = (visit(1, "", 1).user, visit(2, "", 1).user);
        assert_eq!(storage.0.keys().filter(|key| is_of(&mine, key)).count(), 1);
        assert_eq!(storage.0.keys().filter(|key| is_of(&theirs, key)).count(), 0);
    }

    #[test]
    fn a6_the_newest_text_of_a_field_is_offered_first_and_the_older_one_after_it() {
        let mut storage = Storage::default();
        for (second, text) in [(20, "新"), (3, "旧")] {
            storage.keep(&visit(1, "record-x", second), &Fields::new(), &fields(&[("remark", text)]));
        }
        let now = visit(1, "record-x", 30);
        let offered = now.left_behind(storage.0.clone().into_iter());
        assert_eq!(offered[0].text, "新");
        storage.0.remove(&offered[0].key);
        assert_eq!(storage.offered(&now), owned(&[("remark", "旧")]));
    }
}
