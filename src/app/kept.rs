//! The browser's storage behind [`crate::domain::kept`]: the safety copy of what was typed and is not acknowledged.

use super::use_actor;
use crate::domain::calendar::Moment;
use crate::domain::ids::UserId;
use crate::domain::kept::{self, Entry, Fields, Groups, Visit, Write, grouped, is_of};
use leptos::prelude::*;
use leptos::web_sys::{Storage, js_sys};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

std::thread_local! {
    /// Whether the person is leaving by a deliberate sign-out: nothing more is kept, and nothing more is asked.
    static LEAVING: Cell<bool> = const { Cell::new(false) };
}

/// Keeps the texts of one page.
#[derive(Clone, Copy)]
pub struct Keeper {
    page: StoredValue<Page>,
    is_full: RwSignal<bool>,
}

struct Page {
    user: UserId,
    subject: String,
    opened: Moment,
    /// Made when it is first needed: only the browser has chance.
    visit: Option<Visit>,
    wanted: Groups,
    /// Groups that a full storage did not take.
    failed: BTreeSet<String>,
}

impl Page {
    fn visit(&mut self) -> Visit {
        let made = || {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number below 2^32, to tell two tabs apart")]
            let chance = (js_sys::Math::random() * 4_294_967_295.0) as u32;
            Visit::new(self.user.clone(), self.subject.clone(), self.opened, chance)
        };
        self.visit.get_or_insert_with(made).clone()
    }

    /// Makes the storage hold exactly these fields of a group. Only what has changed is written; what was not taken is tried again when
    /// something went, and no longer than it fits.
    fn put(&mut self, storage: Option<&Storage>, group: String, fields: Fields) {
        if self.wanted.get(&group).map_or(fields.is_empty(), |wanted| *wanted == fields) && !self.failed.contains(&group) {
            return;
        }
        // Without storage the text still stands on the page, and leaving it asks first.
        if let Some(storage) = storage {
            let visit = self.visit();
            if write(storage, visit.write(&group, &fields)) {
                self.failed.remove(&group);
            } else {
                self.failed.insert(group.clone());
            }
            while let Some(first) = self.failed.first().filter(|_| fields.is_empty()).cloned() {
                if !self.wanted.get(&first).is_some_and(|fields| write(storage, visit.write(&first, fields))) {
                    break;
                }
                self.failed.remove(&first);
            }
        }
        if fields.is_empty() {
            self.wanted.remove(&group);
        } else {
            self.wanted.insert(group, fields);
        }
    }
}

fn write(storage: &Storage, write: Write) -> bool {
    match write {
        Write::Set(key, text) => storage.set_item(&key, &text).is_ok(),
        Write::Remove(key) => storage.remove_item(&key).is_ok(),
    }
}

impl Keeper {
    /// For the page of this thing, as read at `opened` of the server. Closing or leaving the page while something is kept asks first.
    pub fn new(subject: String, opened: Moment) -> Keeper {
        let page = Page { user: use_actor().user, subject, opened, visit: None, wanted: Groups::new(), failed: BTreeSet::new() };
        let keeper = Keeper { page: StoredValue::new(page), is_full: RwSignal::new(false) };
        Effect::new(move || {
            let handle = window_event_listener(leptos::ev::beforeunload, move |event| {
                if keeper.holds() {
                    event.prevent_default();
                    // Browsers of before 2023 look at this only.
                    event.set_return_value("还有未保存的内容");
                }
            });
            on_cleanup(move || handle.remove());
        });
        keeper
    }

    /// Whether something on this page is not acknowledged.
    fn holds(self) -> bool {
        !LEAVING.get() && self.page.try_with_value(|page| !page.wanted.is_empty()).unwrap_or(false)
    }

    /// Whether something of these groups is not acknowledged.
    pub fn holds_of(self, is_meant: impl Fn(&str) -> bool) -> bool {
        !LEAVING.get() && self.page.try_with_value(|page| page.wanted.keys().any(|group| is_meant(group))).unwrap_or(false)
    }

    /// Makes the storage hold exactly this of the page's texts.
    pub fn keep(self, wanted: Fields) {
        let mut groups = grouped(&wanted);
        self.page.try_with_value(|page| {
            for group in page.wanted.keys() {
                groups.entry(group.clone()).or_default();
            }
        });
        self.keep_groups(groups);
    }

    /// Makes the storage hold exactly these fields of these groups; the others stay as they are.
    pub fn keep_groups(self, groups: Groups) {
        if LEAVING.get() {
            return;
        }
        let storage = storage();
        let failed = self.page.try_update_value(|page| {
            for (group, fields) in groups {
                page.put(storage.as_ref(), group, fields);
            }
            !page.failed.is_empty()
        });
        if failed.is_some_and(|failed| self.is_full.try_get_untracked() != Some(failed)) {
            self.is_full.try_set(failed.unwrap_or_default());
        }
    }

    /// Whether the browser had no room for all of it.
    pub fn is_full(self) -> bool {
        self.is_full.get()
    }

    /// What other visits of this person left behind here.
    pub fn left_behind(self) -> Vec<Entry> {
        self.page.try_update_value(Page::visit).map(|visit| visit.left_behind(stored().into_iter())).unwrap_or_default()
    }

    /// Removes what the person has answered; what its tab has written anew meanwhile stays.
    pub fn answered(self, entries: &[Entry]) {
        let Some(storage) = storage() else { return };
        let mut by_key = BTreeMap::<&str, Vec<&Entry>>::new();
        for entry in entries {
            by_key.entry(&entry.key).or_default().push(entry);
        }
        for (key, entries) in by_key {
            if let Some(stored) = storage.get_item(key).ok().flatten() {
                // A storage that cannot be written holds nothing to remove.
                write(&storage, kept::answered(key, &stored, &entries));
            }
        }
    }
}

/// How many texts of this person lie in the browser and nowhere else.
pub fn count_of(user: &UserId) -> usize {
    stored().iter().filter(|(key, _)| is_of(user, key)).map(|(key, text)| kept::count(key, text)).sum()
}

/// A deliberate sign-out: what was kept for this person goes, and leaving does not ask again.
pub fn leave(user: &UserId) {
    LEAVING.set(true);
    let Some(storage) = storage() else { return };
    for (key, _) in stored().iter().filter(|(key, _)| is_of(user, key)) {
        let _ = storage.remove_item(key);
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

fn stored() -> Vec<(String, String)> {
    let Some(storage) = storage() else { return Vec::new() };
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|at| storage.key(at).ok().flatten());
    keys.filter_map(|key| storage.get_item(&key).ok().flatten().map(|text| (key, text))).collect()
}
