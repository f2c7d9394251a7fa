//! What a page keeps in the browser until the server has acknowledged it: whose it is, what is written and removed, what is offered.
//!
//! Always: an entry belongs to one person, one thing, one visit of a page and one field. A visit removes its own entries only, as each
//! is acknowledged; those of other visits stay until the person has answered 「恢复」 or 「放弃」; those of another person are not
//! seen. Fields whose names share what stands before a dot, such as the cells of a line, lie together in one entry (a group): a storage of five million
//! characters holds a large paste. So tabs that are open side by side, and people who share a computer, cannot lose each other's text.

use super::calendar::Moment;
use super::ids::UserId;
use std::collections::BTreeMap;

/// What every key begins with.
const MARK: &str = "setaside-kept";

/// Texts by the name of their field.
pub type Fields = BTreeMap<String, String>;

/// Fields by their group, each by the name within it.
pub type Groups = BTreeMap<String, Fields>;

/// The group of a field and its name there: `line.cell` is `cell` of the group `line.`; a name without a dot is a group of its own.
fn split(field: &str) -> (&str, &str) {
    field.find('.').map_or((field, ""), |dot| field.split_at(dot + 1))
}

/// Fields in their groups.
pub fn grouped(fields: &Fields) -> Groups {
    let mut groups = Groups::new();
    for (field, text) in fields {
        let (group, name) = split(field);
        groups.entry(group.to_owned()).or_default().insert(name.to_owned(), text.clone());
    }
    groups
}

/// A group as one text: of each field its name, the length of its text in bytes and the text, parted by colons; a text alone is as it is.
fn packed(group: &str, fields: &Fields) -> String {
    if group.ends_with('.') {
        fields.iter().fold(String::new(), |packed, (name, text)| packed + &format!("{name}:{}:{text}", text.len()))
    } else {
        fields.values().next().cloned().unwrap_or_default()
    }
}

/// The fields of a group; what cannot be understood is left out.
fn unpacked(group: &str, text: &str) -> Fields {
    if !group.ends_with('.') {
        return Fields::from([(String::new(), text.to_owned())]);
    }
    let mut fields = Fields::new();
    let mut rest = text;
    while let Some((name, (length, behind))) = rest.split_once(':').and_then(|(name, behind)| Some((name, behind.split_once(':')?))) {
        let Some((text, behind)) = length.parse().ok().and_then(|length| behind.split_at_checked(length)) else { break };
        fields.insert(name.to_owned(), text.to_owned());
        rest = behind;
    }
    fields
}

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
    /// Where its group is stored.
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

    /// What must be written so that of this group (whose name holds no `/`) exactly these fields are kept.
    pub fn write(&self, group: &str, fields: &Fields) -> Write {
        let key = format!("{MARK}/{}/{}/{}/{group}", self.user, self.subject, self.began);
        if fields.is_empty() { Write::Remove(key) } else { Write::Set(key, packed(group, fields)) }
    }

    /// What other visits left behind for the same person and thing; of each field the newest visit's text. An older one is offered
    /// when that is answered.
    pub fn left_behind(&self, stored: impl Iterator<Item = (String, String)>) -> Vec<Entry> {
        let mut newest = BTreeMap::<String, (String, Entry)>::new();
        for (key, text) in stored {
            let mut parts = key.splitn(5, '/');
            let head = (parts.next(), parts.next(), parts.next());
            let (Some(visit), Some(group)) = (parts.next(), parts.next()) else { continue };
            if head != (Some(MARK), Some(self.user.as_str()), Some(self.subject.as_str())) || visit == self.began {
                continue;
            }
            for (name, text) in unpacked(group, &text) {
                let field = format!("{group}{name}");
                if newest.get(&field).is_none_or(|(other, _)| other.as_str() < visit) {
                    newest.insert(field.clone(), (visit.to_owned(), Entry { key: key.clone(), field, text }));
                }
            }
        }
        newest.into_values().map(|(_, entry)| entry).collect()
    }
}

/// What becomes of a stored group once these of its fields are answered; a field whose tab has written another text meanwhile stays.
pub fn answered(key: &str, stored: &str, entries: &[&Entry]) -> Write {
    let group = key.rsplit('/').next().unwrap_or_default();
    let mut fields = unpacked(group, stored);
    for entry in entries {
        let name = entry.field.strip_prefix(group).unwrap_or_default();
        if fields.get(name) == Some(&entry.text) {
            fields.remove(name);
        }
    }
    if fields.is_empty() { Write::Remove(key.to_owned()) } else { Write::Set(key.to_owned(), packed(group, &fields)) }
}

/// How many texts lie under a key.
pub fn count(key: &str, stored: &str) -> usize {
    unpacked(key.rsplit('/').next().unwrap_or_default(), stored).len()
}

/// Whether an entry under this key is this person's.
pub fn is_of(user: &UserId, key: &str) -> bool {
    let mut parts = key.split('/');
    parts.next() == Some(MARK) && parts.next() == Some(user.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A browser's storage.
    #[derive(Default)]
    struct Storage(BTreeMap<String, String>);

    impl Storage {
        fn write(&mut self, write: Write) {
            match write {
                Write::Set(key, text) => self.0.insert(key, text),
                Write::Remove(key) => self.0.remove(&key),
            };
        }

        fn keep(&mut self, visit: &Visit, written: &Fields, wanted: &Fields) {
            let (written, wanted) = (grouped(written), grouped(wanted));
            for group in written.keys().chain(wanted.keys()) {
                self.write(visit.write(group, wanted.get(group).unwrap_or(&Fields::new())));
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

    #[test]
    fn a6_of_the_cells_of_a_line_each_is_answered_by_itself() {
        let mut storage = Storage::default();
        let both = fields(&[("a.sme", "5"), ("a.reason", "约:3:万\n"), ("b.sme", "7")]);
        storage.keep(&visit(1, "record-x", 1), &Fields::new(), &both);
        assert_eq!(storage.0.len(), 2, "one entry a line");
        assert_eq!(storage.0.iter().map(|(key, text)| count(key, text)).sum::<usize>(), 3);
        let now = visit(1, "record-x", 2);
        let offered = now.left_behind(storage.0.clone().into_iter());
        assert_eq!(storage.offered(&now), both.clone().into_iter().collect::<Vec<_>>());
        let sme = offered.iter().find(|entry| entry.field == "a.sme").unwrap();
        let write = answered(&sme.key, &storage.0[&sme.key], &[sme]);
        storage.write(write);
        assert_eq!(storage.offered(&now), owned(&[("a.reason", "约:3:万\n"), ("b.sme", "7")]));
        let changed = Entry { text: "older".to_owned(), ..offered.iter().find(|entry| entry.field == "b.sme").unwrap().clone() };
        storage.write(answered(&changed.key, &storage.0[&changed.key], &[&changed]));
        assert_eq!(storage.offered(&now).len(), 2, "what was written anew meanwhile stays");
    }

    #[test]
    fn a6_the_storage_of_a_browser_holds_a_large_paste() {
        /// Characters that browsers give a site.
        const ROOM: usize = 5_000_000;
        let cells = ["project_name", "measure", "percent", "sme", "small_micro", "published_on", "url", "reason"];
        let (paste, mut storage) = (visit(1, "record-01890a5d-ac96-774b-bcce-b302099a8001", 1), Storage::default());
        let mut wanted = Fields::new();
        for line in 0..5_000 {
            wanted.extend(cells.map(|cell| (format!("01890a5d-ac96-774b-bcce-{line:012}.{cell}"), "某某单位二〇二五年项目".to_owned())));
        }
        storage.keep(&paste, &Fields::new(), &wanted);
        let length: usize = storage.0.iter().map(|(key, text)| key.chars().count() + text.chars().count()).sum();
        assert!(length < ROOM / 2, "{length} characters");
        assert_eq!(storage.offered(&visit(1, "record-01890a5d-ac96-774b-bcce-b302099a8001", 2)).len(), 40_000);
    }

    proptest! {
        #[test]
        fn a6_what_is_kept_is_offered_as_it_was(texts in prop::collection::btree_map("[a-z_]{0,5}(\\.[a-z_.]{1,4})?", any::<String>(), 0..12)) {
            let texts: Fields = texts.into_iter().filter(|(field, _)| !field.is_empty()).collect();
            let mut storage = Storage::default();
            storage.keep(&visit(1, "x", 1), &Fields::new(), &texts);
            prop_assert_eq!(storage.offered(&visit(1, "x", 2)), texts.into_iter().collect::<Vec<_>>());
        }

        #[test]
        fn a6_whatever_stands_in_the_storage_is_read_without_harm(text in any::<String>()) {
            prop_assert!(unpacked("a.", &text).len() <= text.len());
        }
    }
}
